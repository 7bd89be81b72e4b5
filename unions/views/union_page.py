"""One page for a union of any tier: its duties, its figures, then its subordinates'; a tab for each further field."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from unions.access import fetch_union
from unions.dashboards import BASES, SORTS, Board, cards_of, tabs_of
from unions.kit.http import XLSX, attachment, requires
from unions.kit.registry import union_cards
from unions.permissions import Permission
from unions.register import links
from unions.sheets import board_workbook


@requires(Permission.UNION_VIEW)
@require_GET
def union(request, pk):
    """The union's page as asked for (rule, period, basis, sort), or one of its tabs (`tab`; an unknown one is the
    first); with ?export=xlsx all of it as a workbook."""
    union = fetch_union(request.user, pk)
    board = Board(request.user, union, request.GET)
    if request.GET.get("export") == "xlsx":
        name = f"{union.name}_{board.period.code}_{timezone.localdate():%Y%m%d}.xlsx"
        return attachment(board_workbook(board), name, XLSX)
    user = request.user
    tabs = tabs_of(user, union)
    tab = next((key for key, _label in tabs if key == request.GET.get("tab")), "")
    return render(
        request, "unions/union_tab.html" if tab else "unions/union.html",
        {
            "union": union, "board": board, "may_edit": union.is_active and user.has_perm(Permission.UNION_EDIT, union),
            "links": links(user, union), "may_reveal": user.has_perm(Permission.PERSON_REVEAL, union),
            "may_see_parent": union.parent and user.has_perm(Permission.UNION_VIEW, union.parent),
            "tabs": tabs, "tab": tab, "cards": cards_of(union_cards, board, user, union, tab),
            "crumb_union": union, "bases": BASES, "sorts": SORTS, "now": timezone.now(),
        },
    )  # fmt: skip
