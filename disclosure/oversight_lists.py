"""The list of special oversight: its filters, its table, and what its numbers count."""

import django_filters
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from disclosure.enums import OverseerState, OversightState
from disclosure.models import Oversight
from disclosure.models.oversight import IN_TIME, UNDER_WAY, is_judged
from disclosure.oversight import SEE
from unions.filters import MiddleFilters, UnionFilter
from unions.forms_duties import day_input
from unions.kit.filters import SearchFilter
from unions.kit.links import page_of
from unions.kit.tables import DayColumn, LinkColumn, ListTable, NumberColumn, StateColumn
from unions.models import Union, User

S = OversightState

# What a number counts, so that it links to exactly these rows.
FIGURES = {
    "under_way": (_("Under way"), lambda today: Q(state__in=UNDER_WAY)),
    "overdue": (_("Past its day"), lambda today: Q(state__in=UNDER_WAY, due_on__lt=today)),
    "judged": (_("Replied to, or past its day"), is_judged),
    "in_time": (_("Replied to in time"), lambda today: is_judged(today) & IN_TIME),
    "late": (_("Not replied to in time"), lambda today: is_judged(today) & ~(Q(replied_on__isnull=False) & IN_TIME)),
    "demanded": (_("Asked for by the tier above"), lambda today: Q(is_demanded=True)),
    "closed": (_("Closed, with every promise kept"), lambda today: Q(state=S.CLOSED)),
}


def figure(name: str) -> Q:
    return FIGURES[name][1](timezone.localdate())


class OversightFilters(MiddleFilters):
    q = SearchFilter(placeholder=_("Matter or union"), method="search")
    state = django_filters.ChoiceFilter(label=_("State"), choices=S.choices)
    union = UnionFilter(label=_("Union"))
    figure = django_filters.ChoiceFilter(
        label=_("Only"), choices=[(name, words) for name, (words, _rule) in FIGURES.items()], method="only"
    )
    since = django_filters.DateFilter("opens_on", "gte", label=_("Begins from"), widget=day_input())
    until = django_filters.DateFilter("opens_on", "lte", label=_("Begins until"), widget=day_input())
    see = SEE
    primary = ("q", "state", "figure")

    class Meta:
        model = Oversight
        fields = []

    def search(self, queryset, name, value):
        text = Q(title__icontains=value) | Q(scope__icontains=value)
        return queryset.filter(text | Q(union__in=Union.objects.matching(value)))

    def only(self, queryset, name, value):
        return queryset.filter(figure(value))


class OversightTable(ListTable):
    title = LinkColumn(
        pgettext_lazy("oversight", "Matter"),
        url=page_of("disclosure:oversight"),
        orderable=False,
        note=lambda record: record.union.name,
    )
    state = StateColumn(_("State"))
    overseer_count = NumberColumn(_("Overseers"), orderable=False)
    finding_count = NumberColumn(pgettext_lazy("oversight", "Findings"), orderable=False)
    opens_on = DayColumn(pgettext_lazy("oversight", "Begins on"))
    due_on = DayColumn(_("Last day of this step"))
    replied_on = DayColumn(_("Replied on"))

    caption = _("Special oversight")
    empty_title = _("No special oversight yet")
    empty_text = _("It appears here when a union puts a major matter under the oversight of members or delegates.")

    def counted(self, count: int) -> str:
        return ngettext("%(count)s overseen matter", "%(count)s overseen matters", count) % {
            "count": number_format(count, force_grouping=True)
        }


def with_counts(rows: QuerySet) -> QuerySet:
    """Beside each matter how many take part and how much they found."""
    there = Count("overseers", filter=Q(overseers__state=OverseerState.ACCEPTED), distinct=True)
    return rows.annotate(overseer_count=there, finding_count=Count("findings", distinct=True))


def visible_oversights(user: User) -> QuerySet:
    """All in a person's scope, the newest first."""
    return with_counts(Oversight.objects.visible_to(user, SEE)).with_unions().order_by("-opens_on", "-pk")
