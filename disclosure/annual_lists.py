"""The list of annual reports, one's own or up the tree: who has reported on which year; filters, table, workbook."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from disclosure.annual import SEE
from disclosure.enums import AnnualState
from disclosure.models import AnnualReport
from unions.enums import Tier
from unions.filters import MiddleFilters, UnionFilter, UnionSearchFilter
from unions.kit.links import page_of
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, NumberColumn, StateColumn
from unions.models import User

YEARS_BACK = 8


def years() -> list[tuple[int, int]]:
    this = timezone.localdate().year
    return [(year, year) for year in range(this, this - YEARS_BACK, -1)]


class AnnualFilters(MiddleFilters):
    q = UnionSearchFilter(label=_("Find"), placeholder=_("Name, initials or code"))
    year = django_filters.TypedChoiceFilter(label=_("Year"), choices=years, coerce=int)
    state = django_filters.ChoiceFilter(label=_("State"), choices=AnnualState.choices)
    tier = django_filters.ChoiceFilter(label=_("Tier"), choices=Tier.choices, method="of_tier")
    union = UnionFilter(label=_("Union"))
    see = SEE
    primary = ("q", "year", "state", "middle")

    class Meta:
        model = AnnualReport
        fields = []

    def of_tier(self, queryset, name, value):
        return queryset.filter(sheet__tier=int(value))


class AnnualTable(ListTable):
    union = LinkColumn(
        _("Union"), accessor="union__name", order_by="union__pinyin", url=page_of("disclosure:annual"),
        note=lambda record: record.middle.name if record.middle_id and record.middle_id != record.union_id else "",
    )  # fmt: skip
    year = Column(_("Year"), order_by="year")
    state = StateColumn(_("State"))
    rounds = NumberColumn(_("Times submitted"))
    submitted_at = DayColumn(_("Submitted at"))
    decided_at = DayColumn(_("Decided at"))

    reads = ("union", "middle", "year", "state", "rounds", "submitted_at", "decided_at")

    caption = _("Annual reports")
    empty_title = _("No annual reports yet")
    empty_text = _("They appear here when unions in your scope begin to write them.")

    def counted(self, count: int) -> str:
        return ngettext("%(count)s annual report", "%(count)s annual reports", count) % {
            "count": number_format(count, force_grouping=True)
        }


def visible_reports(user: User) -> QuerySet:
    """All annual reports in a person's scope, the newest first."""
    return AnnualReport.objects.visible_to(user, SEE).with_unions().defer("accounts").order_by("-year", "-pk")
