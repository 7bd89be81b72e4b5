"""The board of what people ask about: for whoever decides what to do about it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from disclosure.enquiry_board import SPANS, HotTopics
from unions.kit.exporting import export_button, export_response
from unions.kit.http import requires
from unions.permissions import Permission


@requires(Permission.ENQUIRY_VIEW)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Themes by place over the last days, each number with its rows; the workbook has the same."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdecimal() and len(asked) < 5 and int(asked) in SPANS else SPANS[1]
    found = HotTopics(request.user, timezone.localdate(), days)
    title = _("Hot topics")
    if request.GET.get("export") == "xlsx":
        name = f"{title}_{timezone.localdate():%Y%m%d}.xlsx"
        return export_response(request, len(found.topics), name, lambda: found.workbook(title))
    counts, links = found.totals()
    context = {
        "board": found, "counts": counts, "links": links, "days": days, "spans": SPANS, "crumb_here": title,
        "here_menu": "disclosure:enquiry-board", **export_button(request, len(found.topics)),
    }  # fmt: skip
    return render(request, "disclosure/enquiries/board.html", context)
