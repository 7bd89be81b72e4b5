"""The tier above reviews: the queue with a panel beside it, one decision or many, and a reminder to those missing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from disclosure import services, summary, totals
from disclosure.definition import definition_of
from disclosure.enums import FormKind, ReturnState
from disclosure.lists import periods
from disclosure.models import Form, Return
from disclosure.queue import TABS, counts_of, in_tab, lines_of, queue_of
from disclosure.queue import chase as remind
from disclosure.sheet import correspondence, earlier_figures, sheet_of
from disclosure.views.returns import read_day
from unions.access import fetch
from unions.enums import Tier
from unions.kit.http import is_fragment, requires
from unions.kit.periods import Period
from unions.models import Duty
from unions.moves import read_revision
from unions.permissions import Permission
from unions.workflow import Invalid, perform, perform_each

PER_PAGE = 50


def _period(text: str) -> Period:
    try:
        period = Period.parse(text)
    except ValueError:
        raise Http404 from None
    if not period.quarter:
        raise Http404
    return period


@requires(Permission.RETURN_REVIEW)
@require_GET
def newest(request):
    """The queue of the period that is open now."""
    rule = Form.objects.select_related("rule").filter(kind=FormKind.FILED).order_by("pk").first().rule
    return redirect("disclosure:review", rule.current_period(timezone.localdate()).code)


@requires(Permission.RETURN_REVIEW)
@require_GET
def queue(request, period):
    """Who has submitted, who is missing, and beside the list the return that is open."""
    period = _period(period)
    duties = queue_of(request.user, period)
    counts = counts_of(duties)
    tab = request.GET.get("tab", "")
    if tab not in TABS:
        tab = "again" if not counts["waiting"] and counts["again"] else "waiting"
    rows, search = in_tab(duties, tab, request.GET.get("q", "")[:80]), request.GET.get("q", "")[:80]
    opened = _opened(request, rows)
    if is_fragment(request) and request.htmx.target == "panel":
        return render(request, "disclosure/_review_panel.html", _panel(request, opened, period, tab))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    missing_late = duties.filter(state="open", last_day__lt=timezone.localdate()).exists()
    context = {
        "period": period, "tab": tab, "q": search, "page": page, "lines": lines_of(page.object_list, period),
        "tabs": [(key, _("Overdue") if key == "missing" and missing_late else label, counts[key]) for key, label in TABS.items()],
        "rates": duties.rates(), "missing": counts["missing"], "summary": _own_summary(request, period),
        "is_district": _is_district(request), "periods": periods(), "crumb_here": _("Review of returns"), "here_menu": "disclosure:review-newest",
        **_panel(request, opened, period, tab),
    }  # fmt: skip
    return render(request, "disclosure/review.html", context)


def _is_district(request: HttpRequest) -> bool:
    return any(g.permission == Permission.RETURN_REVIEW and g.tier is Tier.DISTRICT for g in request.user.grants)


def _own_summary(request: HttpRequest, period: Period) -> Duty | None:
    """The reviewer's own summary of the period, where this person prepares it."""
    duties = Duty.objects.visible_to(request.user, Permission.RETURN_FILL)
    return duties.filter(rule__form__kind=FormKind.SUMMARY, period=period.code).first()


def _opened(request: HttpRequest, rows) -> Return | None:
    """The return in the panel: the one asked for, or the first of the tab (“next” after a decision)."""
    asked = request.GET.get("open", "")
    if asked.isdecimal():
        returns = Return.objects.select_related(
            "union__parent", "duty__rule", "version__form__summed_from", "submitted_by"
        )
        return fetch(returns, request.user, Permission.RETURN_REVIEW, pk=int(asked))
    first = rows.filter(filing__rounds__gt=0).first()
    if first is None:
        return None
    return Return.objects.select_related("union__parent", "duty__rule", "version__form__summed_from", "submitted_by").get(
        pk=first.filing.pk
    )  # fmt: skip


def _panel(request: HttpRequest, filing: Return | None, period: Period, tab: str) -> dict:
    if filing is None:
        return {"filing": None, "period": period, "tab": tab}
    sheet = sheet_of(filing)
    is_waiting = filing.state == ReturnState.SUBMITTED
    return {
        "filing": filing, "sheet": sheet, "period": period, "tab": tab, "is_waiting": is_waiting,
        "is_summary": summary.is_summary(filing), "has_round_before": bool(earlier_figures(filing)),
        "is_mine": filing.submitted_by_id == request.user.pk, "entries": correspondence(filing),
        "due": services.default_correction_day(filing) if is_waiting else None, "today": timezone.localdate(),
    }  # fmt: skip


def _filing(request: HttpRequest, pk: int) -> Return:
    """A return to decide on: unseen is 404, seen but not this person's to decide is 403."""
    returns = Return.objects.select_related(
        "union__parent", "duty__rule", "version__form__summed_from", "submitted_by"
    )
    return fetch(returns, request.user, Permission.RETURN_VIEW, Permission.RETURN_REVIEW, pk=pk)


def _back(filing: Return, tab: str) -> HttpResponse:
    """To the next one that waits in the same tab."""
    tab = tab if tab in TABS else "waiting"
    return redirect(f"{reverse('disclosure:review', args=[filing.period])}?{urlencode({'tab': tab, 'open': 'next'})}")


@requires(Permission.RETURN_REVIEW)
@require_POST
def accept(request, pk):
    filing = _filing(request, pk)
    perform(filing, "accept", by=request.user, revision=read_revision(request))
    messages.success(request, _("Accepted: %(union)s. Its figures count in the totals now.") % {"union": filing.union})
    return _back(filing, request.POST.get("tab", ""))


@requires(Permission.RETURN_REVIEW)
@require_http_methods(["GET", "POST"])
def send_back(request, pk):
    """Return with a reason, a day and remarks pinned to figures."""
    filing, errors = _filing(request, pk), {}
    given = {"reason": "", "due": services.default_correction_day(filing).isoformat(), "remarks": []}
    if request.method == "POST":
        remarks = dict(zip(request.POST.getlist("remark_code"), request.POST.getlist("remark_text"), strict=False))
        given = {
            "reason": request.POST.get("reason", ""),
            "due": request.POST.get("due", ""),
            "remarks": list(remarks.items()),
        }
        try:
            perform(
                filing, "return", by=request.user, revision=read_revision(request), reason=given["reason"],
                due=read_day(given["due"]), data={"remarks": {code: text for code, text in remarks.items() if text.strip()}},
            )  # fmt: skip
        except Invalid as problem:
            errors = problem.errors
        else:
            messages.success(request, _("Returned to %(union)s, which has been told.") % {"union": filing.union})
            return _back(filing, request.POST.get("tab", ""))
    context = {
        "filing": filing, "union": filing.union, "errors": errors, "given": given, "today": timezone.localdate(),
        "indicators": definition_of(filing.version).indicators.values(), "tab": request.POST.get("tab", ""),
    }  # fmt: skip
    return render(request, "disclosure/review_return.html", context, status=422 if errors else 200)


@requires(Permission.RETURN_REVIEW)
@require_POST
def bulk(request, period):
    """One decision on many; each is recorded by itself, totals are made once."""
    period, ids = _period(period), [int(pk) for pk in request.POST.getlist("ids") if pk.isdecimal()][:500]
    filings = list(
        Return.objects.visible_to(request.user, Permission.RETURN_REVIEW)
        .filter(pk__in=ids, period=period.code)
        .select_related("union", "duty__rule")
    )
    back = (
        f"{reverse('disclosure:review', args=[period.code])}?{urlencode({'tab': request.POST.get('tab', 'waiting')})}"
    )
    if not filings:
        messages.error(request, _("Tick the returns first."))
        return redirect(back)
    name, given, errors = request.POST.get("action"), {}, {}
    if name == "return":
        given = {"reason": request.POST.get("reason", ""), "due": read_day(request.POST.get("due", ""))}
        if "reason" in request.POST:
            errors = (
                {} if given["reason"].strip() else {"reason": _("Say why, in a sentence the other side can act on.")}
            )
            if given["due"] is None or given["due"] < timezone.localdate():
                errors["due"] = _("Choose today or a later day.")
        if errors or "reason" not in request.POST:
            context = {
                "filings": filings, "period": period, "errors": errors, "reason": given["reason"], "today": timezone.localdate(),
                "due": given["due"] or services.default_correction_day(filings[0]), "tab": request.POST.get("tab", ""),
            }  # fmt: skip
            return render(request, "disclosure/review_bulk_return.html", context, status=422 if errors else 200)
    with transaction.atomic(), totals.batched():
        outcome = perform_each(filings, "return" if name == "return" else "accept", by=request.user, **given)
    done = len(outcome.done)
    if name == "return":
        text = ngettext("%(count)d return sent back.", "%(count)d returns sent back.", done)
    else:
        text = ngettext("%(count)d return accepted.", "%(count)d returns accepted.", done)
    if done:
        messages.success(request, text % {"count": done})
    for filing, why in outcome.skipped[:10]:
        messages.error(request, _("%(union)s: %(why)s") % {"union": filing.union, "why": why})
    return redirect(back)


@requires(Permission.RETURN_REVIEW)
@require_POST
def chase(request, period):
    """Remind everybody who has not submitted, now; once a day."""
    period = _period(period)
    count = remind(queue_of(request.user, period), by=request.user)
    if count:
        messages.success(
            request,
            ngettext("%(count)d union has been reminded.", "%(count)d unions have been reminded.", count)
            % {"count": count},
        )
    else:
        messages.info(request, _("Everybody who is missing has been reminded today already."))
    return redirect(f"{reverse('disclosure:review', args=[period.code])}?tab=missing")
