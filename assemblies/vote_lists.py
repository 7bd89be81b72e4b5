"""The list of votes: its filters and its table."""

import django_filters
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assemblies.enums import VoteKind, VoteState
from assemblies.models import Vote
from unions.filters import MiddleFilters, UnionFilter, UnionSearchFilter
from unions.kit.filters import YearFilter
from unions.kit.links import page_of
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, NumberColumn, StateColumn
from unions.permissions import Permission


class VoteFilters(MiddleFilters):
    q = UnionSearchFilter(label=_("Find"), placeholder=_("Union or vote"), also="title")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=VoteKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=VoteState.choices)
    year = YearFilter("held_on", back=12, ahead=1)
    union = UnionFilter(label=_("Union"))
    see = Permission.ASSEMBLY_VIEW
    primary = ("q", "kind", "state", "middle")

    class Meta:
        model = Vote
        fields = []


class VoteTable(ListTable):
    title = LinkColumn(
        _("Vote"), accessor="title", url=page_of("assemblies:vote-detail"), note=lambda record: record.union.name
    )
    kind = Column(_("Kind"), accessor="get_kind_display", order_by="kind")
    manner = Column(_("Manner"), accessor="get_manner_display", order_by="manner")
    held_on = DayColumn(_("Held on"))
    due = NumberColumn(_("Due"))
    returned = NumberColumn(_("Ballots collected"))
    state = StateColumn(_("State"))

    reads = ("title", "union__name", "kind", "manner", "held_on", "due", "returned", "state")
    caption = _("Votes and elections")
    empty_title = _("No votes yet")
    empty_text = _(
        "A vote is prepared from a meeting, or by itself: rule and questions first, then the checks, then it opens."
    )

    def counted(self, count: int) -> str:
        return ngettext("%(count)s vote", "%(count)s votes", count) % {
            "count": number_format(count, force_grouping=True)
        }


def visible_votes(user) -> QuerySet:
    return Vote.objects.visible_to(user, Permission.ASSEMBLY_VIEW).select_related("union").order_by("-held_on", "-pk")
