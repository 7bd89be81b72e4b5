"""The list of returns: its filters, its table, its workbook."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from disclosure.enums import FormKind, ReturnState
from disclosure.exports import returns_workbook
from disclosure.models import Form, Return
from unions.duty_lists import is_period, known_periods, recent
from unions.filters import MiddleFilters, UnionSearchFilter
from unions.kit.links import page_of
from unions.kit.periods import Period
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, NumberColumn, StateColumn
from unions.models import DutyRule
from unions.permissions import Permission


def periods() -> list[tuple[str, str]]:
    """Every period that the rules of the forms know, newest first, the same for everybody."""
    codes = known_periods(list(DutyRule.objects.exclude(form=None)), timezone.localdate())
    return [(code, Period.parse(code).label) for code in codes]


class ReturnFilters(MiddleFilters):
    """Who sees many unions looks at the last quarters until a period is chosen: the list does not grow with the years."""

    q = UnionSearchFilter(label=_("Find"), placeholder=_("Name, initials or code"))
    period = django_filters.ChoiceFilter(label=_("Period"), choices=[])
    state = django_filters.ChoiceFilter(label=_("State"), choices=ReturnState.choices)
    form = django_filters.ModelChoiceFilter(label=_("Form"), field_name="version__form", queryset=Form.objects.all())
    see = Permission.RETURN_VIEW
    primary = ("q", "period", "state", "middle")

    class Meta:
        model = Return
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        scope = self.user.scope(self.see)
        self.sees_many = scope.everything or bool(scope.middles)
        self._offer_periods()

    def _offer_periods(self) -> None:
        period, asked, known = self.filters["period"], (self.data or {}).get("period"), periods()
        if asked and is_period(asked) and asked not in dict(known):  # taken over from before the rules
            known.append((asked, Period.parse(asked).label))
        period.extra["choices"] = known
        if self.sees_many:
            period.extra["empty_label"] = _("About the last year")

    def filter_queryset(self, queryset):
        found = super().filter_queryset(queryset)
        if self.sees_many and not (self.data or {}).get("period"):
            found = found.filter(period__in=recent(timezone.localdate()))
        return found


class ReturnTable(ListTable):
    union = LinkColumn(
        _("Union"), accessor="union__name", order_by="union__pinyin",
        url=page_of("disclosure:return-detail"),
        note=lambda record: record.middle.name if record.middle_id and record.middle_id != record.union_id else "",
    )  # fmt: skip
    period = Column(_("Period"), order_by="period")
    state = StateColumn(_("State"))
    workers = NumberColumn(_("Workers"), accessor="figures__workers", orderable=False)
    members = NumberColumn(_("Members"), accessor="figures__members", orderable=False)
    rounds = NumberColumn(_("Rounds"))
    submitted_at = DayColumn(_("Submitted at"))

    reads = ("union", "middle", "period", "state", "figures", "rounds", "submitted_at")

    caption = _("Returns")
    empty_title = _("No returns yet")
    empty_text = _("They appear here when unions in your scope begin to fill in a period.")

    def render_period(self, record):
        return record.period_label

    def counted(self, count: int) -> str:
        return ngettext("%(count)s return", "%(count)s returns", count) % {
            "count": number_format(count, force_grouping=True)
        }


def visible_returns(user) -> QuerySet:
    """All returns in a person's scope, with what a row shows."""
    returns = Return.objects.visible_to(user, Permission.RETURN_VIEW).with_unions()
    return returns.defer("sources", "included", "shortfall").order_by("-period", "-pk")


def workbook(queryset: QuerySet, words: list[str]) -> bytes:
    """What the list is filtered to, with every figure; the columns are those of the newest version."""
    form = Form.objects.filter(kind=FormKind.FILED).order_by("pk").first()
    return returns_workbook(
        queryset.prefetch_related(None).select_related("union", "middle").iterator(2000), words, form=form
    )
