"""The totals of a period: every figure by middle-tier union, live or as submitted, and as a workbook."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from disclosure import exports
from disclosure.definition import definition_of
from disclosure.enums import FormKind
from disclosure.lists import periods
from disclosure.models import Form, Total
from unions.enums import Tier
from unions.kit.http import XLSX, attachment, requires
from unions.kit.periods import Period
from unions.models import Duty
from unions.permissions import Permission


def _filed() -> Form:
    return Form.objects.select_related("rule").filter(kind=FormKind.FILED).order_by("pk").first()


@requires(Permission.RETURN_VIEW)
@require_GET
def newest(request):
    return redirect("disclosure:totals", _filed().rule.current_period(timezone.localdate()).code)


@requires(Permission.RETURN_VIEW)
@require_GET
def matrix(request, period):
    """A row a middle-tier union, a column a figure; “live” counts what is accepted, “submitted” what went up."""
    try:
        period = Period.parse(period)
    except ValueError:
        raise Http404 from None
    filed, basis = _filed(), request.GET.get("basis", "live")
    form = filed if basis != "submitted" else Form.objects.filter(summed_from=filed).first() or filed
    rows = Total.objects.visible_to(request.user, Permission.RETURN_VIEW).filter(form=form, period=period.code)
    rows = list(rows.select_related("union").order_by("union__pinyin", "pk"))
    middles = [row for row in rows if row.union.tier is Tier.MIDDLE]
    district = next((row for row in rows if row.union.tier is Tier.DISTRICT), None)
    indicators = definition_of(filed.version_for(period)).adding
    title = _("%(period)s %(form)s") % {"period": period.label, "form": filed}
    label = _("accepted, live") if form == filed else _("as submitted by the middle tier and accepted")
    if request.GET.get("export") == "xlsx":
        lines = [(row.union.name, row.count, row.figures) for row in [*middles, *([district] if district else [])]]
        body = exports.totals_workbook(lines, indicators, title, [label])
        return attachment(body, f"{title}.xlsx", XLSX)
    summaries = Duty.objects.visible_to(request.user, Permission.RETURN_VIEW).filter(
        rule__form__summed_from=filed, period=period.code
    )
    context = {
        "period": period, "periods": periods(), "rows": middles, "district": district, "indicators": indicators, "title": title,
        "basis": "submitted" if form != filed else "live", "label": label, "form": filed,
        "links": dict(summaries.values_list("union_id", "pk")), "crumb_here": _("Totals"), "here_menu": "disclosure:totals-newest",
    }  # fmt: skip
    return render(request, "disclosure/totals.html", context)
