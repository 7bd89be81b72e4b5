"""The annual reports of one union, year beside year."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from disclosure.annual import SEE
from disclosure.annual_compare import columns_of, series
from disclosure.views.annual import LIST
from unions.access import fetch_union
from unions.kit.http import requires


@requires(SEE)
@require_GET
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Figures side by side, and the course of income and expenditure as a line."""
    union = fetch_union(request.user, pk)
    columns = columns_of(union, request.user)
    charts = [
        (_("Income and expenditure"), series(columns, "income", "expense"), [_("Income"), _("Expenditure")]),
        (_("Members"), series(columns, "members"), [_("Members")]),
    ]
    context = {
        "union": union, "columns": columns, "charts": charts if len(columns) > 1 else [], "crumb_union": union,
        "crumb_here": _("Years compared"), "here_menu": LIST,
    }  # fmt: skip
    return render(request, "disclosure/annual/compare.html", context)
