"""What enquiries bring to the menu, the workbench and a union's page."""

from collections.abc import Iterable

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from disclosure.bulletin_cards import GROUP, TAB
from disclosure.enquiry_lists import Queue, figure
from disclosure.models import Enquiry
from unions.dashboards import Board
from unions.kit.links import link
from unions.kit.registry import Card, MenuItem, menu, union_cards
from unions.permissions import Permission as P
from unions.workbench import Todo, Workbench, todos

COUNTED = ("open", "overdue", "judged", "in_time", "rated", "satisfied", "unrated")


def reply_todo(bench: Workbench) -> Iterable[Todo]:
    """What this person is to reply to, the most urgent named; and what is late below their unions."""
    if not bench.user.has_perm(P.ENQUIRY_HANDLE):
        return
    for first in Queue(bench.user).most_urgent():
        tab, title = (
            ("reply", _("Enquiries to reply to")) if first.is_ours else ("below", _("Enquiries that are late below"))
        )
        words = ngettext("%(count)d enquiry", "%(count)d enquiries", first.count) % {"count": first.count}
        yield Todo(
            title=title, text=_("the most urgent: %(title)s") % {"title": first}, action=_("Handle"),
            url=f"{reverse('disclosure:enquiry-queue')}?tab={tab}", due=first.due_on, is_overdue=first.due_on < bench.today,
            tag=(words, "info", "message-circle-question-mark"),
        )  # fmt: skip


def union_card(board: Board) -> dict | None:
    """Enquiries of a year at a union or below it, each number with its rows."""
    year = board.period.year
    place = {} if board.is_district else {"union" if board.is_leaf else "middle": board.union.pk}
    found = Enquiry.objects.visible_to(board.user, P.ENQUIRY_VIEW).filter(asked_on__year=year, **place).order_by()
    counts = found.aggregate(all=Count("pk"), **{name: Count("pk", filter=figure(name)) for name in COUNTED})
    if not counts["all"]:
        return None
    # Whoever sees no more than this subtree anyhow has no street to choose.
    shown = place if board.is_leaf or board.user.scope(P.ENQUIRY_VIEW).everything else {}
    base = {"since": f"{year}-01-01", "until": f"{year}-12-31", **shown}
    links = {name: link("disclosure:enquiry-list", **base, figure=name) for name in COUNTED}
    return {"counts": counts, "links": {**links, "all": link("disclosure:enquiry-list", **base)}, "year": year}


def register() -> None:
    """Called once when the app is ready."""
    todos.add("enquiries", reply_todo)
    union_cards.add("enquiries", Card("disclosure/cards/enquiries.html", union_card, P.ENQUIRY_VIEW, 14, tab=TAB))
    for key, item in {
        "enquiries": MenuItem(
            gettext_lazy("Enquiries and concerns"), "message-circle-question-mark", "disclosure:enquiry-list", P.ENQUIRY_VIEW, 430, GROUP
        ),
        "enquiry-queue": MenuItem(
            gettext_lazy("Handling of enquiries"), "reply", "disclosure:enquiry-queue", P.ENQUIRY_HANDLE, 432, GROUP
        ),
        "enquiry-board": MenuItem(
            gettext_lazy("Hot topics"), "flame", "disclosure:enquiry-board", P.ENQUIRY_VIEW, 433, GROUP
        ),
        "dialogue": MenuItem(
            gettext_lazy("Dialogue day"), "messages-square", "disclosure:dialogue-newest", P.ENQUIRY_VIEW, 434, GROUP
        ),
        "enquiry-themes": MenuItem(
            gettext_lazy("Themes of enquiries"), "tags", "disclosure:enquiry-theme-list", P.RULE_EDIT, order=907,
            group=gettext_lazy("Administration"),
        ),
    }.items():  # fmt: skip
        menu.add(f"disclosure.{key}", item)
