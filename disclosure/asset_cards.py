"""What assets bring to the menu, the workbench and a union's page."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.asset_lists import FIGURES, by_category
from disclosure.assets import FILE, REVIEW, SEE, SIGN, WRITE
from disclosure.bulletin_cards import FUNDS, TAB
from disclosure.enums import AssetState
from disclosure.models import Asset, StockTaking
from unions.dashboards import Board
from unions.kit.links import link
from unions.kit.registry import Card, MenuItem, menu, union_cards
from unions.uploads import purposes
from unions.workbench import Todo, Waiting, Workbench, waiting


def to_approve(bench: Workbench) -> Waiting | None:
    """Disposals that wait for this person's decision."""
    if not bench.user.has_perm(REVIEW):
        return None

    def said(count: int) -> Todo:
        return Todo(
            title=_("Disposals of assets to decide on"), text=_("Asked for by the unions directly below."), action=_("Decide"),
            url=link("disclosure:asset-list", figure="asked"), tag=(str(count), "info", "package"),
        )  # fmt: skip

    return Waiting(Asset.objects.visible_to(bench.user, REVIEW).filter(state=AssetState.ASKED), said)


def union_card(board: Board) -> dict | None:
    """What a union owns, or the unions below it, by category; the last stock-taking."""
    place = {} if board.is_district else {"union" if board.is_leaf else "middle": board.union.pk}
    rows = Asset.objects.visible_to(board.user, SEE).filter(**place)
    shown = place if board.is_leaf or board.user.scope(SEE).everything else {}
    lines = by_category(rows, **shown)
    may_write = board.user.has_perm(WRITE, board.union)
    if not (lines or may_write):
        return None
    takings = StockTaking.objects.visible_to(board.user, SEE).filter(union=board.union)
    return {
        "union": board.union, "may_count": board.user.has_perm(SIGN, board.union), "lines": lines, "total": sum(line["total"] for line in lines),
        "most": lines[0]["total"] if lines else 0, "taking": takings.first(),
        "missing": rows.filter(FIGURES["missing"][1]).count(), "all": link("disclosure:asset-list", **shown, figure="held"),
        "missing_href": link("disclosure:asset-list", **shown, figure="missing"),
    }  # fmt: skip


def register() -> None:
    """Called once when the app is ready."""
    purposes.add(FILE.key, FILE)
    waiting.add("assets", to_approve)
    union_cards.add("assets", Card("disclosure/cards/assets.html", union_card, SEE, 18, tab=TAB))
    menu.add(
        "disclosure.assets", MenuItem(gettext_lazy("Assets"), "package", "disclosure:asset-list", SEE, 470, FUNDS)
    )
