"""What special oversight brings to the menu, the workbench and a union's page."""

from collections.abc import Iterable

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.bulletin_cards import GROUP, TAB
from disclosure.enums import OversightState
from disclosure.models import Oversight
from disclosure.oversight import EVIDENCE, FILE, SEE, WRITE, may_ask
from disclosure.oversight_lists import figure
from unions.dashboards import Board
from unions.kit.links import link
from unions.kit.registry import Card, MenuItem, menu, union_cards
from unions.templatetags.components import month_day
from unions.uploads import purposes
from unions.workbench import Todo, Workbench, todos

COUNTED = ("under_way", "overdue", "judged", "in_time", "demanded", "closed")
SHOWN = 4
NEXT = {
    OversightState.ASKED: gettext_lazy("The tier above asks for it: take it up"),
    OversightState.PREPARING: gettext_lazy("Choose the overseers and begin"),
    OversightState.OPEN: gettext_lazy("The overseers hand in their findings"),
    OversightState.REPLYING: gettext_lazy("Reply to the findings"),
    OversightState.FOLLOWING: gettext_lazy("Keep what was promised, then close it"),
}


def step_todo(bench: Workbench) -> Iterable[Todo]:
    """The next step of one's own union's matters, the most urgent first."""
    if not bench.user.has_perm(WRITE):
        return
    rows = Oversight.objects.under_way().visible_to(bench.user, WRITE).select_related("union")
    for one in rows.order_by("due_on", "pk")[:SHOWN]:
        is_late = one.is_overdue(bench.today)
        yield Todo(
            title=_("Special oversight: %(title)s") % {"title": one.title}, text=str(NEXT[one.state]), action=_("Handle"),
            union=one.union, url=reverse("disclosure:oversight", args=[one.pk]), due=one.due_on, is_overdue=is_late,
            tag=(month_day(one.due_on) if one.due_on else one.get_state_display(), "bad" if is_late else "info", "eye"),
        )  # fmt: skip


def union_card(board: Board) -> dict | None:
    """Matters of a year at a union or below it, each number with its rows; the way to enter one."""
    year = board.period.year
    place = {} if board.is_district else {"union" if board.is_leaf else "middle": board.union.pk}
    found = Oversight.objects.visible_to(board.user, SEE).filter(opens_on__year=year, **place).order_by()
    counts = found.aggregate(all=Count("pk"), **{name: Count("pk", filter=figure(name)) for name in COUNTED})
    may_enter = board.user.has_perm(WRITE, board.union) or may_ask(board.user, board.union)
    if not (counts["all"] or may_enter):
        return None
    shown = place if board.is_leaf or board.user.scope(SEE).everything else {}
    base = {"since": f"{year}-01-01", "until": f"{year}-12-31", **shown}
    links = {name: link("disclosure:oversight-list", **base, figure=name) for name in COUNTED}
    return {
        "counts": counts, "links": {**links, "all": link("disclosure:oversight-list", **base)}, "year": year, "union": board.union,
        "may_enter": may_enter, "is_own": board.user.has_perm(WRITE, board.union),
    }  # fmt: skip


def register() -> None:
    """Called once when the app is ready."""
    for purpose in (FILE, EVIDENCE):
        purposes.add(purpose.key, purpose)
    todos.add("oversight", step_todo)
    union_cards.add("oversight", Card("disclosure/cards/oversight.html", union_card, SEE, 15, tab=TAB))
    menu.add(
        "disclosure.oversight",
        MenuItem(gettext_lazy("Special oversight"), "eye", "disclosure:oversight-list", SEE, 440, GROUP),
    )
