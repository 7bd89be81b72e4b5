"""What the remittance of funds brings to the menu, the workbench and a union's page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.bulletin_cards import FUNDS, TAB
from disclosure.enums import RemittanceMatch
from disclosure.models import Remittance
from disclosure.remittance_lists import FIGURES
from disclosure.remittance_rates import Sums, newest_quarter, place_of, rows_of, shown_place
from disclosure.remittances import MATCH, SEE
from unions.dashboards import Board
from unions.kit.links import link
from unions.kit.periods import Period
from unions.kit.registry import Card, MenuItem, menu, union_cards
from unions.workbench import Todo, Waiting, Workbench, waiting


def to_match(bench: Workbench) -> Waiting | None:
    """Employers of the last quarter that wait for a decision: those that a street says are not its own for the district, those
    that pay as with a union for the street."""
    if not bench.user.has_perm(MATCH):
        return None
    period = Period.quarter_of(bench.today).previous().code
    is_district = bench.user.scope(MATCH).everything
    only = {"state": RemittanceMatch.NOT_OURS} if is_district else {"figure": "lost"}

    def said(count: int) -> Todo:
        return Todo(
            title=_("Employers of the tax register to assign"), text=_("They pay union funds, and nobody has named their union."), action=_("Assign"),
            url=link("disclosure:remittance-list", period=period, **only), tag=(str(count), "info", "hand-coins"),
        )  # fmt: skip

    rows = Remittance.objects.visible_to(bench.user, MATCH).filter(period=period)
    rows = rows.filter(**only) if is_district else rows.filter(FIGURES["lost"][1](bench.today))
    return Waiting(rows, said)


def union_card(board: Board) -> dict | None:
    """The last quarter on record of a union, or of all below it."""
    place, user, today = place_of(board.union), board.user, timezone.localdate()
    period = newest_quarter(user, **place)
    if not period:
        return None
    sums = rows_of(user, today, period=period, **place).sums()
    shown = {**shown_place(board.union, user), "period": period}
    return {
        "union": board.union, "sums": Sums.of(sums, shown, Period.parse(period).label),
        "rates": reverse("disclosure:remittance-rates") if board.is_district else "",
    }  # fmt: skip


def register() -> None:
    """Called once when the app is ready."""
    waiting.add("remittances", to_match)
    union_cards.add("remittances", Card("disclosure/cards/remittances.html", union_card, SEE, 6, tab=TAB))
    item = MenuItem(gettext_lazy("Remittance of funds"), "hand-coins", "disclosure:remittance-list", SEE, 450, FUNDS)
    menu.add("disclosure.remittances", item)
