"""Who was audited within the cycle and who was not: the numbers by street and tier, and the unions behind them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from disclosure.fund_audit_coverage import Coverage
from disclosure.fund_audit_lists import AuditedUnionFilters, AuditedUnionTable, counted_unions, with_last_audit
from disclosure.fund_audits import AUDIT, SEE
from disclosure.views.fund_audits import LIST
from unions.kit.exporting import export_button, export_response
from unions.kit.http import requires
from unions.kit.tables import list_response


@requires(SEE)
@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """The share of unions audited within the cycle, by street and tier, each number with its rows."""
    found, title = Coverage(request.user, timezone.localdate()), _("Audit coverage")
    if request.GET.get("export") == "xlsx":
        name = f"{title}_{timezone.localdate():%Y%m%d}.xlsx"
        return export_response(request, len(found.lines), name, lambda: found.workbook(title))
    context = {
        "coverage": found, "crumb_here": title, "here_menu": LIST, "may_plan": request.user.has_perm(AUDIT),
        **export_button(request, len(found.lines)),
    }  # fmt: skip
    return render(request, "disclosure/fund_audits/coverage.html", context)


@requires(SEE)
@require_GET
def union_list(request: HttpRequest) -> HttpResponse:
    """The unions in scope by their last audit, those never audited first."""
    return list_response(
        request, queryset=with_last_audit(counted_unions(request.user)), filters=AuditedUnionFilters, table=AuditedUnionTable,
        template="disclosure/fund_audits/unions.html", export="table", export_name=_("Unions by their last audit"),
        context={"crumb_here": _("Unions by their last audit"), "here_menu": LIST},
    )  # fmt: skip
