"""Returns to read: the list, one return with its rounds, and what its union or the tier above may do with it."""

from datetime import date

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from disclosure import services, summary
from disclosure.definition import definition_of
from disclosure.lists import ReturnFilters, ReturnTable, visible_returns, workbook
from disclosure.models import Return
from disclosure.sheet import correspondence, sheet_of
from unions.access import fetch
from unions.kit.http import requires
from unions.kit.tables import list_response
from unions.permissions import Permission
from unions.workflow import Invalid, allowed, perform


def return_for(request, pk: int, act: Permission | None = None) -> Return:
    # The people of a return are read where they are shown: PostgreSQL would think longer about a join of fourteen
    # tables than all of the page takes.
    returns = Return.objects.select_related("union__middle", "duty__rule", "version__form")
    return fetch(returns, request.user, Permission.RETURN_VIEW, act, pk=pk)


@requires(Permission.RETURN_VIEW)
@require_GET
def returns(request):
    """Every return in scope, filtered; exported with all figures."""
    return list_response(
        request, queryset=visible_returns(request.user), filters=ReturnFilters, table=ReturnTable,
        template="disclosure/return_list.html", export=workbook, export_name=_("Returns"),
    )  # fmt: skip


def round_rows(filing: Return) -> list[dict]:
    """Figures that differ between rounds, a column a round."""
    rounds = list(filing.round_set.all())
    if len(rounds) < 2:
        return []
    rows = []
    for code, indicator in definition_of(filing.version).indicators.items():
        values = [one.figures.get(code) for one in rounds]
        if len({str(value) for value in values}) > 1:
            rows.append({"indicator": indicator, "values": values})
    return rows


@requires(Permission.RETURN_VIEW)
@require_GET
def detail(request, pk):
    """One return, read only, with what was said about it; buttons for what this person may do now."""
    filing = return_for(request, pk)
    if summary.is_summary(filing):
        return redirect("disclosure:summary", filing.duty_id)
    sheet = sheet_of(filing)
    context = {
        "filing": filing, "union": filing.union, "duty": filing.duty, "sheet": sheet, "found": sheet.assessment,
        "entries": correspondence(filing), "rounds": list(filing.round_set.all()), "round_rows": round_rows(filing),
        "moves": {transition.name for transition in allowed(filing, request.user)},
        "may_fill": filing.is_editable and services.may_fill(request.user, filing.duty),
        "crumb_union": filing.union, "crumb_here": filing.title, "here_menu": "disclosure:return-list",
    }  # fmt: skip
    return render(request, "disclosure/return_detail.html", context)


@requires(Permission.RETURN_SUBMIT)
@require_POST
def withdraw(request, pk):
    """Take a submission back while nobody has decided on it."""
    filing = return_for(request, pk, Permission.RETURN_SUBMIT)
    revision = request.POST.get("revision", "")
    perform(filing, "withdraw", by=request.user, revision=int(revision) if revision.isdecimal() else None)
    messages.success(request, _("Withdrawn. You can change it and submit again."))
    if summary.is_summary(filing):
        return redirect("disclosure:summary", filing.duty_id)
    return redirect("disclosure:return-fill", filing.duty_id)


@requires(Permission.RETURN_REOPEN)
@require_http_methods(["GET", "POST"])
def reopen(request, pk):
    """Unlock accepted figures, with a reason and a day; the totals follow at once."""
    filing = return_for(request, pk, Permission.RETURN_REOPEN)
    errors, given = {}, {"reason": "", "due": services.default_correction_day(filing).isoformat()}
    if request.method == "POST":
        given = {"reason": request.POST.get("reason", ""), "due": request.POST.get("due", "")}
        try:
            perform(filing, "reopen", by=request.user, reason=given["reason"], due=read_day(given["due"]))
        except Invalid as problem:
            errors = problem.errors
        else:
            messages.success(request, _("Reopened. %(union)s has been told.") % {"union": filing.union})
            return redirect("disclosure:return-detail", filing.pk)
    context = {
        "filing": filing,
        "union": filing.union,
        "errors": errors,
        "given": given,
        "today": timezone.localdate(),
    }
    return render(request, "disclosure/return_reopen.html", context, status=422 if errors else 200)


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
