"""What votes bring to the menu, to the workbench and to a union's page."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.enums import VoteState
from assemblies.menu import ASSEMBLIES, TAB
from assemblies.models import Vote
from unions.dashboards import Board
from unions.kit.registry import Card, MenuItem, menu, union_cards
from unions.permissions import Permission
from unions.workbench import Todo, Workbench, todos

SHOWN = 5
# What whoever runs a vote does next in each state.
NEXT = {
    VoteState.DRAFT: gettext_lazy("Check and open"),
    VoteState.OPEN: gettext_lazy("Close the vote"),
    VoteState.CLOSED: gettext_lazy("Count"),
    VoteState.COUNTED: gettext_lazy("Announce the result"),
}


def vote_todos(bench: Workbench) -> Iterable[Todo]:
    """Votes of one's own union that wait for their next step."""
    if not bench.user.has_perm(Permission.VOTE_MANAGE):
        return
    for vote in (
        Vote.objects.visible_to(bench.user, Permission.VOTE_MANAGE).under_way().select_related("union")[:SHOWN]
    ):
        yield Todo(
            title=vote.title, text=_("%(manner)s, %(state)s") % {"manner": vote.get_manner_display(), "state": vote.get_state_display()},
            url=reverse("assemblies:vote-detail", args=[vote.pk]), action=str(NEXT[VoteState(vote.state)]), union=vote.union,
            due=vote.held_on, is_overdue=vote.held_on < bench.today,
        )  # fmt: skip


def votes_card(board: Board) -> dict | None:
    """The union's last votes; on the page of a union that has any."""
    votes = list(Vote.objects.visible_to(board.user, Permission.ASSEMBLY_VIEW).filter(union=board.union)[:SHOWN])
    return {"votes": votes} if votes else None


def register() -> None:
    """Called once when the app is ready."""
    menu.add(
        "assemblies.votes",
        MenuItem(
            gettext_lazy("Votes and elections"),
            "vote",
            "assemblies:vote-list",
            Permission.ASSEMBLY_VIEW,
            320,
            ASSEMBLIES,
        ),
    )
    todos.add("assemblies.votes", vote_todos)
    card = Card("assemblies/votes/card.html", votes_card, Permission.ASSEMBLY_VIEW, 60, tab=TAB)
    union_cards.add("assemblies.votes", card)
