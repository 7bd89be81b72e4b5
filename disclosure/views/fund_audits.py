"""Fund audits: the list, the yearly plan, an audit with everything about it, its moves."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from disclosure import fund_audits
from disclosure.enums import FundAuditState
from disclosure.fund_audit_forms import PlanForm, known_texts, move_form
from disclosure.fund_audit_lists import (
    AuditedUnionFilters,
    FundAuditFilters,
    FundAuditTable,
    unions_to_plan,
    visible_audits,
)
from disclosure.fund_audit_moves import AUDITS, unsettled
from disclosure.fund_audit_paper import PAPERS, papers_of
from disclosure.fund_audit_words import KEY
from disclosure.fund_audits import AUDIT, SEE
from disclosure.models import FundAudit
from disclosure.models.fund_audits import DRAFTING
from disclosure.views.oversight import FORMS
from unions.access import fetch
from unions.audit_words import sentence
from unions.kit.filters import clean_query
from unions.kit.http import attachment, requires
from unions.kit.pagination import ListPaginator
from unions.kit.tables import list_response
from unions.models import User
from unions.moves import move_page
from unions.publishables import ways_of
from unions.workflow import allowed

LIST, S, PER_PAGE = "disclosure:fund-audit-list", FundAuditState, 50
STEPS = (S.PLANNED, S.NOTIFIED, S.AT_WORK, S.COMMENTING, S.REPORTING, S.RECTIFYING, S.FOLLOWING, S.CLOSED)


def audit_for(request: HttpRequest, pk: int, act: str | None = None) -> FundAudit:
    rows = FundAudit.objects.select_related("union__middle", "union__parent", "auditor")
    return fetch(rows, request.user, SEE, act, pk=pk)


def frame(found: FundAudit, here: str = "") -> dict:
    return {
        "audit": found, "union": found.union, "crumb_union": found.union, "crumb_here": here or str(found), "here_menu": LIST
    }  # fmt: skip


@requires(SEE)
@require_GET
def audit_list(request: HttpRequest) -> HttpResponse:
    """Every audit in scope, filtered; exported as it is filtered."""
    return list_response(
        request, queryset=visible_audits(request.user), filters=FundAuditFilters, table=FundAuditTable,
        template="disclosure/fund_audits/list.html", export="table", export_name=_("Fund audits"),
        context={"crumb_here": _("Fund audits"), "may_plan": request.user.has_perm(AUDIT)},
    )  # fmt: skip


@requires(AUDIT)
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Choose unions by their last audit, tick them or take all that match, and put their audits into the plan."""
    filters = AuditedUnionFilters(request.GET, unions_to_plan(request.user), user=request.user)
    form = PlanForm(request.POST or None, auto_id="plan-%s")
    if request.method == "POST" and form.is_valid():
        ids = [int(pk) for pk in request.POST.getlist("ids") if pk.isdecimal() and len(pk) < 19]
        takes_all = request.POST.get("which") == "all"
        if not (ids or takes_all):
            form.add_error(None, _("Tick the unions first, or take all that match."))
        else:
            unions = filters.qs if takes_all else filters.qs.filter(pk__in=ids[:PER_PAGE])
            count = fund_audits.plan(unions, form.cleaned_data, by=request.user)
            words = ngettext("%(count)d audit is in the plan.", "%(count)d audits are in the plan.", count)
            messages.success(request, words % {"count": count})
            return redirect(f"{reverse(LIST)}?year={form.cleaned_data['year']}&kind={form.cleaned_data['kind']}")
    page = ListPaginator(filters.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters, "form": form, "page": page, "chips": filters.chips(), "query": clean_query(request.GET),
        "crumb_here": _("Plan audits"), "here_menu": LIST, "ticked": set(request.POST.getlist("ids")),
    }  # fmt: skip
    return render(request, "disclosure/fund_audits/plan.html", context, status=422 if form.is_bound else 200)


@requires(SEE)
@require_GET
def audit(request: HttpRequest, pk: int) -> HttpResponse:
    """One audit: what comes next, findings, opinion and comment, the time line."""
    found = audit_for(request, pk)
    return render(request, "disclosure/fund_audits/detail.html", _about(request.user, found))


def _about(user: User, found: FundAudit) -> dict:
    today, shows = timezone.localdate(), fund_audits.shows_findings(found, user)
    is_auditor = user.has_perm(AUDIT, found)
    problem = fund_audits.why_not(found, user) if is_auditor else None
    history = fund_audits.history(found, user)
    for event in history:
        event.words = sentence(event)
    findings = list(found.findings.all()) if shows else []
    for one in findings:
        one.is_late = found.state in (S.RECTIFYING, S.FOLLOWING) and one.is_overdue(today)
    return {
        **frame(found), "today": today, "is_overdue": found.is_overdue(today), "moves": allowed(found, user),
        "steps": [(step.label, step == found.state) for step in STEPS], "shows": shows, "findings": findings,
        "may_write": is_auditor and not problem and found.state in DRAFTING, "problem": problem,
        "missing": unsettled(found) if found.state in (S.RECTIFYING, S.FOLLOWING) else [], "history": history,
        "papers": papers_of(found), "ways": ways_of(KEY, found, user),
        "total": sum(one.amount or 0 for one in findings), "settled": sum(one.settled or 0 for one in findings),
    }  # fmt: skip


@requires(SEE)
@require_http_methods(["GET", "POST"])
def audit_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """One step: what it means, what it demands, or why it cannot be taken now."""
    if move not in AUDITS.transitions:
        raise Http404
    transition = AUDITS.transitions[move]
    found = audit_for(request, pk, transition.permission)
    form = move_form(transition, request.POST if request.method == "POST" else None, initial=known_texts(found))
    context = {
        **frame(found, str(transition.label)),
        "missing": unsettled(found) if move in ("follow_up", "close") else [],
    }
    return move_page(request, found, move, form, context=context, then=reverse("disclosure:fund-audit", args=[pk]))


@requires(SEE)
@require_GET
def paper(request: HttpRequest, pk: int, name: str, form: str) -> HttpResponse:
    """Notice, report or rectification sheet, for print (PDF) and for the office (Word), once there is one."""
    found = audit_for(request, pk)
    if form not in FORMS or name not in dict(papers_of(found)):
        raise Http404
    made, (make, mime) = PAPERS[name][1](found), FORMS[form]
    return attachment(make(made), f"{made.title}_{found.union.name}.{form}", mime)
