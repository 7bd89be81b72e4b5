"""What bulletins bring to the menu, the workbench and a union's page."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from disclosure.bulletins import count_offers
from disclosure.enums import BulletinState
from disclosure.models import Bulletin
from disclosure.models.bulletins import IN_TIME, OUT, overdue
from unions.dashboards import Board
from unions.kit.links import link
from unions.kit.registry import Card, MenuItem, menu, union_cards, union_tabs
from unions.kit.workbooks import Out
from unions.permissions import Permission as P
from unions.templatetags.components import month_day
from unions.workbench import Todo, Workbench, todos

GROUP, FUNDS = gettext_lazy("Disclosure of affairs"), gettext_lazy("Funds and assets")
TAB = "disclosure"  # of a union's page
SHOWN = 5
S = BulletinState
# State → whose turn it is, and the button; what is to be decided on comes first.
TURNS = {
    S.CHECKING: (P.BULLETIN_CHECK, gettext_lazy("Check for secrets and personal data"), gettext_lazy("Check")),
    S.APPROVING: (P.BULLETIN_APPROVE, gettext_lazy("Checked; approve it or return it"), gettext_lazy("Decide")),
    S.DRAFT: (P.BULLETIN_WRITE, gettext_lazy("A draft; hand it in for the check"), gettext_lazy("Go on writing")),
}


def own_todos(bench: Workbench) -> Iterable[Todo]:
    """Bulletins whose next step is this person's, the ones to decide on first; one query."""
    turns = [
        Bulletin.objects.visible_to(bench.user, permission).filter(state=state)
        for state, (permission, _text, _action) in TURNS.items()
        if bench.user.has_perm(permission)
    ]
    if not turns:
        return
    rows = reduce(or_, turns).select_related("union").order_by("due_on", "pk")[: 3 * SHOWN]
    for one in sorted(rows, key=lambda bulletin: list(TURNS).index(S(bulletin.state))):
        _permission, text, action = TURNS[S(one.state)]
        late = one.due_on < bench.today
        yield Todo(
            title=one.title, text=str(text), action=str(action), due=one.due_on, is_overdue=late, union=one.union,
            url=reverse("disclosure:bulletin", args=[one.pk]),
            tag=(_("disclose by %(day)s") % {"day": month_day(one.due_on)}, "bad" if late else "info", "megaphone"),
        )  # fmt: skip


def results_todo(bench: Workbench) -> Iterable[Todo]:
    """Results on record that have not been published."""
    writing = [union for union in bench.unions if union.is_active and bench.user.has_perm(P.BULLETIN_WRITE, union)]
    for union in writing[:3]:
        if count := count_offers(union, bench.user):
            yield Todo(
                title=_("Results to publish"), text=_("They become bulletins without being typed again."), action=_("Choose"),
                url=reverse("disclosure:bulletin-offers", args=[union.pk]), union=union,
                tag=(ngettext("%(count)d result", "%(count)d results", count) % {"count": count}, "info", "megaphone"),
            )  # fmt: skip


def union_card(board: Board) -> dict | None:
    """A union's newest bulletins; above, how many of the year were disclosed in time and how many are late."""
    year = board.period.year
    rows = Bulletin.objects.visible_to(board.user, P.BULLETIN_VIEW).filter(occurred_on__year=year)
    if board.is_leaf:
        return {"year": year, "bulletins": list(rows.filter(union=board.union)[:SHOWN]), "union": board.union}
    if not board.is_district:
        rows = rows.filter(middle=board.union)
    counts = rows.order_by().aggregate(
        out=Count("pk", filter=OUT), in_time=Count("pk", filter=IN_TIME),
        late=Count("pk", filter=overdue(timezone.localdate())),
    )  # fmt: skip
    sees_all = board.user.scope(P.BULLETIN_VIEW).everything
    place = {"middle": board.union.pk} if sees_all and not board.is_district else {}
    href = link("disclosure:bulletin-list", year=year, **place)
    return {
        "year": year,
        "href": href,
        "late_href": link("disclosure:bulletin-list", year=year, late="1", **place),
        **counts,
    }


def card_sheet(board: Board) -> tuple[str, list[Out], list[list]] | None:
    found = union_card(board)
    if found is None or "out" not in found:
        return None
    columns = [Out(_("Year"), "int", 10), Out(_("Published"), "int", 12), Out(_("In time"), "int", 12), Out(_("Published late"), "int", 12)]  # fmt: skip
    return _("Bulletins"), columns, [[found["year"], found["out"], found["in_time"], found["late"]]]


def register() -> None:
    """Called once when the app is ready."""
    menu.add(
        "disclosure.bulletins",
        MenuItem(gettext_lazy("Bulletins"), "megaphone", "disclosure:bulletin-list", P.BULLETIN_VIEW, 410, GROUP),
    )
    menu.add(
        "disclosure.catalogue",
        MenuItem(
            gettext_lazy("Catalogue of disclosure"), "list-checks", "disclosure:catalogue", P.BULLETIN_VIEW, 420, GROUP
        ),
    )
    todos.add("bulletins.own", own_todos)
    todos.add("bulletins.results", results_todo)
    union_tabs.add(TAB, (TAB, GROUP))
    card = Card("disclosure/cards/bulletins.html", union_card, P.BULLETIN_VIEW, 10, sheet=card_sheet, tab=TAB)
    union_cards.add("bulletins", card)
