"""One page for a union of any tier: its duties, its figures, then its subordinates'."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from unions.access import fetch_union
from unions.dashboards import BASES, SORTS, Board, cards_of
from unions.kit.http import XLSX, attachment, requires
from unions.kit.registry import union_cards
from unions.permissions import Permission
from unions.register import links
from unions.sheets import board_workbook


@requires(Permission.UNION_VIEW)
@require_GET
def union(request, pk):
    """The union's page as asked for (rule, period, basis, sort); with ?export=xlsx the same as a workbook."""
    union = fetch_union(request.user, pk)
    board = Board(request.user, union, request.GET)
    if request.GET.get("export") == "xlsx":
        name = f"{union.name}_{board.period.code}_{timezone.localdate():%Y%m%d}.xlsx"
        return attachment(board_workbook(board), name, XLSX)
    user = request.user
    return render(
        request, "unions/union.html",
        {
            "union": union, "board": board, "may_edit": union.is_active and user.has_perm(Permission.UNION_EDIT, union),
            "links": links(user, union), "may_reveal": user.has_perm(Permission.PERSON_REVEAL, union),
            "may_see_parent": union.parent and user.has_perm(Permission.UNION_VIEW, union.parent), "cards": cards_of(union_cards, board, request.user, union),
            "crumb_union": union, "bases": BASES, "sorts": SORTS, "now": timezone.now(),
        },
    )  # fmt: skip
