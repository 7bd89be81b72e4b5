"""The list of terms of office and the calendar of coming elections: filters, table, workbook."""

import itertools
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import django_filters
from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber, TruncMonth
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assemblies.enums import TermState
from assemblies.models import Term
from assemblies.term_page import TONES
from unions.enums import Tier
from unions.filters import MiddleFilters, UnionFilter, UnionSearchFilter
from unions.kit.links import addresses, link
from unions.kit.periods import months_before
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, NumberColumn
from unions.kit.workbooks import Out, write_table
from unions.models import User
from unions.permissions import Permission
from unions.templatetags.components import tag

# How terms stand, in the three words that dashboards count by.
GROUPS = {
    "order": (gettext_lazy("In order"), (TermState.IN_OFFICE,)),
    "near": (
        gettext_lazy("Nearing their end"),
        (TermState.NEARING, TermState.PREPARING, TermState.ENDING, TermState.POSTPONED),
    ),
    "late": (gettext_lazy("Overdue for election"), (TermState.OVERDUE, TermState.ORDERED)),
}
STATES = [(state.value, state.label) for state in TermState if state != TermState.RENEWED]
MONTHS, SHOWN = 12, 3


class TermFilters(MiddleFilters):
    """A middle-tier union stands for all of its unions."""

    q = UnionSearchFilter(placeholder=gettext_lazy("Name, former name, initials or code"))
    group = django_filters.ChoiceFilter(
        label=gettext_lazy("Terms"),
        choices=[(key, label) for key, (label, _states) in GROUPS.items()],
        method="of_group",
    )
    standing = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=STATES)
    tier = django_filters.ChoiceFilter(label=gettext_lazy("Tier"), choices=Tier.choices, method="of_tier")
    ends = django_filters.DateFromToRangeFilter(label=gettext_lazy("Ends on"), field_name="ends_on")
    below = UnionFilter(label=gettext_lazy("Below"), method="in_subtree")
    see = Permission.ASSEMBLY_VIEW
    primary = ("q", "middle", "group", "standing")

    class Meta:
        model = Term
        fields = []

    def of_group(self, queryset, name, value):
        return queryset.filter(standing__in=GROUPS[value][1])

    def of_tier(self, queryset, name, value):
        return queryset.filter(union__kind__in=Tier(int(value)).kinds)

    def in_subtree(self, queryset, name, value):
        return queryset.filter(union__path__below=value.path)


def _terms_page(term: Term) -> str:
    return addresses("assemblies:terms")(term.union_id)


class TermTable(ListTable):
    """Whose term ends when, and how it stands."""

    union = LinkColumn(
        gettext_lazy("Union"), accessor="union__name", order_by="union__pinyin", url=_terms_page,
    )  # fmt: skip
    middle = Column(gettext_lazy("Middle-tier union"), accessor="middle__name", orderable=False, has_label=False)
    number = NumberColumn(gettext_lazy("Term no."))
    started_on = DayColumn(gettext_lazy("Began on"))
    ends_on = DayColumn(gettext_lazy("Ends on"))
    standing = Column(gettext_lazy("State"), orderable=False, has_label=False)
    postponed_to = DayColumn(gettext_lazy("Postponed to"))
    ordered_until = DayColumn(gettext_lazy("Ordered by"))

    caption = gettext_lazy("Terms of office")
    empty_title = gettext_lazy("No terms recorded yet")
    empty_text = gettext_lazy("They come with the roster: the day a term began and its years.")

    reads = (
        "union", "middle", "number", "started_on", "ends_on", "postponed_to", "ordered_until",
    )  # fmt: skip

    class Meta:
        order_by = ("ends_on",)

    def counted(self, count: int) -> str:
        return ngettext("%(count)s term", "%(count)s terms", count) % {
            "count": number_format(count, force_grouping=True)
        }

    def render_standing(self, value):
        state = TermState(value)
        return tag(state.label, *TONES[state])


def term_workbook(terms: QuerySet, words: list[str]) -> bytes:
    """The list as filtered, one row a union."""
    columns = [
        Out(_("Union code"), width=16), Out(_("Union"), width=36), Out(_("Middle-tier union"), width=22),
        Out(_("Chair"), width=12), Out(_("Members"), "int", 10), Out(_("Term no."), "int", 8), Out(_("Term (years)"), "int", 8),
        Out(_("Began on"), "day"), Out(_("Ends on"), "day"), Out(_("State"), width=16), Out(_("Preparation began on"), "day"),
        Out(_("Postponed to"), "day"), Out(_("Ordered by"), "day"),
    ]  # fmt: skip
    values = terms.prefetch_related(None).values_list(
        "union__code", "union__name", "middle__name", "union__chair_name", "union__members", "number", "years", "started_on",
        "ends_on", "standing", "preparing_on", "postponed_to", "ordered_until",
    )  # fmt: skip
    rows = ([*row[:9], TermState(row[9]).label, *row[10:]] for row in values.iterator(chunk_size=2000))
    made = _("Made at %(time)s") % {"time": f"{timezone.localtime():%Y-%m-%d %H:%M}"}
    title = _("Terms of office")
    with write_table(rows, columns, sheet=title, title=title, lead=[*words, made]) as file:
        return file.read()


@dataclass
class TermCalendar:
    """The elections of the coming months: how many each, and the largest unions by name."""

    user: User

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @property
    def _terms(self) -> QuerySet[Term]:
        return Term.objects.visible_to(self.user, Permission.ASSEMBLY_VIEW).in_office()

    @cached_property
    def overdue(self) -> int:
        return self._terms.with_state(self.today).filter(standing__in=GROUPS["late"][1]).count()

    @property
    def overdue_href(self) -> str:
        return link("assemblies:term-list", group="late")

    @cached_property
    def months(self) -> list[dict]:
        first = self.today.replace(day=1)
        firsts = [months_before(first, -number) for number in range(MONTHS + 1)]
        coming = self._terms.filter(ends_on__gte=self.today, ends_on__lt=firsts[-1]).annotate(
            month=TruncMonth("ends_on")
        )
        counts = dict(coming.order_by().values("month").annotate(n=Count("pk")).values_list("month", "n"))
        rank = Window(RowNumber(), partition_by=F("month"), order_by=[F("union__members").desc(), F("pk").asc()])
        named: dict[date, list[Term]] = {}
        for term in (
            coming.annotate(rank=rank).filter(rank__lte=SHOWN).select_related("union").order_by("ends_on", "pk")
        ):
            named.setdefault(term.month, []).append(term)
        return [
            {
                "first": start, "count": counts.get(start, 0), "terms": named.get(start, []),
                "href": link("assemblies:term-list", ends_min=max(start, self.today), ends_max=end - date.resolution),
            }
            for start, end in itertools.pairwise(firsts)
        ]  # fmt: skip

    @property
    def count(self) -> int:
        return sum(month["count"] for month in self.months)
