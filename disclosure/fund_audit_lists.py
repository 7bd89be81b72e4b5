"""The lists of fund audits, and of the unions by their last audit; what their numbers count."""

from datetime import date

import django_filters
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from disclosure.enums import FundAuditKind, FundAuditState, FundFindingState
from disclosure.fund_audits import SEE, auditable
from disclosure.models import FundAudit, FundFinding
from disclosure.models.fund_audits import REPORTED, UNDER_WAY
from unions.enums import Tier, UnionKind
from unions.filters import MiddleFilters, UnionFilter
from unions.kit.filters import SearchFilter
from unions.kit.links import page_of
from unions.kit.periods import months_before
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, NumberColumn, StateColumn
from unions.models import Union, UnionQuerySet, User
from unions.settingbook import setting
from unions.templatetags.components import tag

S = FundAuditState
YEARS_BACK = 10
HAS_OPEN = Exists(FundFinding.objects.filter(audit=OuterRef("pk")).unsettled().order_by())

# What a number counts, so that it links to exactly these rows.
FIGURES = {
    "under_way": (_("Under way"), lambda today: Q(state__in=UNDER_WAY)),
    "overdue": (_("Past its day"), lambda today: Q(state__in=UNDER_WAY, due_on__lt=today)),
    "reported": (pgettext_lazy("fund audit", "With a report"), lambda today: Q(state__in=REPORTED)),
    "open": (_("With findings not settled"), lambda today: Q(HAS_OPEN, state__in=REPORTED)),
    "closed": (pgettext_lazy("fund audit", "Closed and filed"), lambda today: Q(state=S.CLOSED)),
}


def figure(name: str) -> Q:
    return FIGURES[name][1](timezone.localdate())


def plan_years() -> list[tuple[str, str]]:
    this = timezone.localdate().year
    return [(str(year), str(year)) for year in range(this + 1, this - YEARS_BACK, -1)]


class FundAuditFilters(MiddleFilters):
    q = SearchFilter(placeholder=_("Union, number of the report or topic"), method="search")
    state = django_filters.ChoiceFilter(label=_("State"), choices=S.choices)
    kind = django_filters.ChoiceFilter(label=_("Kind of audit"), choices=FundAuditKind.choices)
    year = django_filters.ChoiceFilter(label=_("Year of the plan"), choices=plan_years)
    union = UnionFilter(label=_("Union"))
    figure = django_filters.ChoiceFilter(
        label=_("Only"), choices=[(name, words) for name, (words, _rule) in FIGURES.items()], method="only"
    )
    see = SEE
    primary = ("q", "year", "state", "figure")

    class Meta:
        model = FundAudit
        fields = []

    def search(self, queryset, name, value):
        text = Q(number__icontains=value) | Q(topic__icontains=value)
        return queryset.filter(text | Q(union__in=Union.objects.matching(value)))

    def only(self, queryset, name, value):
        return queryset.filter(figure(value))


class FundAuditTable(ListTable):
    union = LinkColumn(
        _("Union"), accessor="union__name", url=page_of("disclosure:fund-audit"), orderable=False, note=lambda record: str(record)
    )  # fmt: skip
    state = StateColumn(_("State"))
    finding_count = NumberColumn(pgettext_lazy("fund audit", "Findings"), orderable=False)
    unsettled_count = NumberColumn(pgettext_lazy("fund audit", "Not settled"), orderable=False)
    due_on = DayColumn(_("Last day of this step"))
    number = DayColumn(_("Number of the report"), orderable=False)
    reported_on = DayColumn(_("Report issued on"))

    caption = _("Fund audits")
    empty_title = _("No fund audits yet")
    empty_text = _("They appear here when the tier above or the district puts them into its plan of the year.")

    def counted(self, count: int) -> str:
        return ngettext("%(count)s fund audit", "%(count)s fund audits", count) % {
            "count": number_format(count, force_grouping=True)
        }


def with_counts(rows: QuerySet) -> QuerySet:
    """Beside each audit how much its report found, and how much of it is not settled. A draft counts for nobody yet."""
    shown = Q(state__in=REPORTED)
    return rows.annotate(
        finding_count=Count("findings", filter=shown),
        unsettled_count=Count("findings", filter=shown & ~Q(findings__state=FundFindingState.ACCEPTED)),
    )


def visible_audits(user: User) -> QuerySet:
    """All in a person's scope, the newest first."""
    return with_counts(FundAudit.objects.visible_to(user, SEE)).with_unions().order_by("-year", "-pk")


# --- unions by their last audit ------------------------------------------------------------------------------------


def cycle_began(today: date) -> date:
    """Whoever was audited on this day or later was audited within the cycle that the district sets."""
    return months_before(today, 12 * setting("fund-audit-cycle-years"))


def _audited(**given) -> Exists:
    return Exists(FundAudit.objects.reported().filter(union=OuterRef("pk"), **given).order_by())


def is_covered(today: date) -> Q:
    return Q(_audited(reported_on__gte=cycle_began(today)))


STANDINGS = {
    "due": (_("Not audited within the cycle"), lambda today: ~is_covered(today)),
    "never": (_("Never audited"), lambda today: ~Q(_audited())),
    "lapsed": (_("Audited, longer ago than the cycle"), lambda today: Q(_audited()) & ~is_covered(today)),
    "soon": (
        _("To be audited this year to stay within the cycle"),
        lambda today: ~Q(_audited(reported_on__gte=cycle_began(date(today.year, 12, 31)))),
    ),
    "covered": (_("Audited within the cycle"), is_covered),
}


class AuditedUnionFilters(MiddleFilters):
    """The roster by the last audit of each union."""

    q = SearchFilter(placeholder=_("Name, former name, initials or code"), method="search")
    standing = django_filters.ChoiceFilter(
        label=_("Last audit"), choices=[(name, words) for name, (words, _rule) in STANDINGS.items()], method="stands"
    )
    kind = django_filters.ChoiceFilter(label=_("Kind of union"), choices=UnionKind.choices)
    tier = django_filters.ChoiceFilter(
        label=_("Tier"), choices=[("2", _("Middle tier")), ("3", _("Grassroots"))], method="of_tier"
    )
    see = SEE
    primary = ("q", "middle", "standing", "tier")

    class Meta:
        model = Union
        fields = []

    def search(self, queryset, name, value):
        return queryset.matching(value)

    def stands(self, queryset, name, value):
        return queryset.filter(STANDINGS[value][1](timezone.localdate()))

    def of_tier(self, queryset, name, value):
        return queryset.of_tier(Tier(int(value)))


def with_last_audit(unions: UnionQuerySet) -> UnionQuerySet:
    """Those never audited first, then those audited longest ago."""
    last = FundAudit.objects.reported().filter(union=OuterRef("pk")).order_by("-reported_on")
    found = unions.annotate(
        audited_on=Subquery(last.values("reported_on")[:1]), audit_pk=Subquery(last.values("pk")[:1])
    )
    found = found.prefetch_related(Prefetch("middle", Union.objects.only("name")))
    return found.order_by(F("audited_on").asc(nulls_first=True), "pinyin", "pk")


def unions_to_plan(user: User) -> UnionQuerySet:
    return with_last_audit(auditable(user))


def counted_unions(user: User) -> UnionQuerySet:
    """All that coverage is counted of: the unions in scope that work; nobody here audits the district federation."""
    return Union.objects.visible_to(user, SEE).active().exclude(kind=UnionKind.DISTRICT)


class AuditedUnionTable(ListTable):
    name = LinkColumn(
        _("Union"), url=page_of("unions:union"), orderable=False,
        note=lambda record: record.middle.name if record.middle_id != record.pk else "",
    )  # fmt: skip
    kind = Column(_("Kind of union"), accessor="get_kind_display", orderable=False)
    members = NumberColumn(_("Members"), orderable=False)
    audited_on = DayColumn(_("Last audit"), orderable=False, empty_values=())

    caption = _("Unions by their last audit")
    empty_title = _("No unions here")
    empty_text = _("Unions in your scope appear here with their last audit.")

    def counted(self, count: int) -> str:
        return ngettext("%(count)s union", "%(count)s unions", count) % {
            "count": number_format(count, force_grouping=True)
        }

    def render_audited_on(self, value, record):
        if value is None:
            return tag(_("never audited"), "warn", "clock")
        return format_html('<a href="{}">{}</a>', reverse("disclosure:fund-audit", args=[record.audit_pk]), value)
