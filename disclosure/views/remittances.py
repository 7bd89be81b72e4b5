"""Remittance of union funds: the list of employers, one employer's quarter, and matching it by hand."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from disclosure.models import Remittance
from disclosure.remittance_forms import move_form
from disclosure.remittance_lists import RemittanceFilters, RemittanceTable, quarters, workbook
from disclosure.remittance_moves import REMITTANCES
from disclosure.remittance_rates import Rates, newest_quarter, quarters_of, split
from disclosure.remittances import BRING, SEE, visible_remittances
from unions.access import fetch
from unions.audit_words import acts_of
from unions.kit.exporting import export_button, export_response
from unions.kit.http import requires
from unions.kit.periods import Period
from unions.kit.tables import list_response
from unions.models import Union
from unions.moves import move_page
from unions.workflow import allowed

LIST, CHARTED = "disclosure:remittance-list", 6


def remittance_for(request: HttpRequest, pk: int, act: str | None = None) -> Remittance:
    rows = Remittance.objects.with_arrears(timezone.localdate()).select_related("union__middle", "union__parent")
    return fetch(rows, request.user, SEE, act, pk=pk)


def frame(row: Remittance, here: str) -> dict:
    return {"union": row.union, "crumb_union": row.union, "crumb_here": here, "here_menu": LIST}


@requires(SEE)
@require_GET
def remittance_list(request: HttpRequest) -> HttpResponse:
    """The employers in scope, filtered; exported as they are filtered."""
    return list_response(
        request, queryset=visible_remittances(request.user, timezone.localdate()), filters=RemittanceFilters, table=RemittanceTable,
        template="disclosure/remittances/list.html", export=workbook, export_name=_("Remittance of funds"),
        context={"crumb_here": _("Remittance of funds"), "may_bring": request.user.has_perm(BRING)},
    )  # fmt: skip


@requires(SEE)
@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    """What was paid of what was payable in a quarter, by middle-tier union, each number with its rows."""
    asked, title = request.GET.get("period", ""), _("Share of funds paid")
    period = asked if asked in dict(quarters()) else newest_quarter(request.user) or quarters()[0][0]
    found = Rates(request.user, period, timezone.localdate())
    if request.GET.get("export") == "xlsx":
        return export_response(request, len(found.lines), f"{title}_{period}.xlsx", lambda: found.workbook(title))
    context = {
        "rates": found, "quarters": quarters(), "crumb_here": title, "here_menu": LIST, **export_button(request, len(found.lines)),
    }  # fmt: skip
    return render(request, "disclosure/remittances/rates.html", context)


@requires(SEE)
@require_GET
def union_quarters(request: HttpRequest, pk: int) -> HttpResponse:
    """The quarters of one union, or of all below it: due, paid, arrears, late fee, and the split by tier."""
    union = fetch(Union.objects.select_related("parent", "middle"), request.user, SEE, pk=pk)
    today = timezone.localdate()
    found = quarters_of(union, request.user, today)
    splits = [(one.label, split(one.paid, Period.parse(one.place["period"]).end)) for one in found]
    kept = splits[0][1][0] if splits else None
    context = {
        "union": union, "crumb_union": union, "crumb_here": _("Remittance of funds"), "here_menu": LIST, "today": today, "quarters": found,
        "splits": splits, "kept": kept, "passed": 100 - kept.percent if kept else 0,
        "names": [_("Paid"), _("Payable")],
        "groups": [(Period.parse(one.place["period"]).short, [one.paid, one.payable]) for one in reversed(found[:CHARTED])],
    }  # fmt: skip
    return render(request, "disclosure/remittances/union.html", context)


@requires(SEE)
@require_GET
def remittance(request: HttpRequest, pk: int) -> HttpResponse:
    """One employer and quarter: what was owed and paid, how it was matched, and its other quarters."""
    row = remittance_for(request, pk)
    others = visible_remittances(request.user, timezone.localdate()).filter(credit_code=row.credit_code).exclude(pk=pk)
    context = {
        **frame(row, row.name), "row": row, "others": others[:12], "moves": allowed(row, request.user), "today": timezone.localdate(),
        "history": acts_of(row, request.user, SEE),
    }  # fmt: skip
    return render(request, "disclosure/remittances/detail.html", context)


@requires(SEE)
@require_http_methods(["GET", "POST"])
def remittance_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """One step of matching by hand: what it means, what it demands, or why it cannot be taken now."""
    if move not in REMITTANCES.transitions:
        raise Http404
    transition = REMITTANCES.transitions[move]
    row = remittance_for(request, pk, transition.permission)
    form = move_form(transition, request.user, request.POST if request.method == "POST" else None)
    then = reverse("disclosure:remittance", args=[pk])
    return move_page(request, row, move, form, context=frame(row, str(transition.label)), then=then)
