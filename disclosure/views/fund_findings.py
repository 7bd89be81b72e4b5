"""Findings of fund audits: written down, changed and dropped by the auditor, rectified by the union, judged."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from disclosure import fund_audits
from disclosure.fund_audit_forms import FundFindingForm, move_form
from disclosure.fund_audit_moves import FINDINGS, is_followed
from disclosure.fund_audits import AUDIT, EVIDENCE, SEE, WRITE
from disclosure.models import FundFinding
from disclosure.models.fund_audits import DRAFTING
from disclosure.views.fund_audits import audit_for, frame
from unions.access import fetch
from unions.audit_words import acts_of
from unions.kit.forms import ReasonForm
from unions.kit.http import requires
from unions.models import Upload
from unions.moves import move_page, read_revision
from unions.settingbook import setting
from unions.uploads import handed_out
from unions.views.uploads import UploadForm
from unions.workflow import MoveError, allowed


def finding_for(request: HttpRequest, pk: int, act: str | None = None) -> FundFinding:
    """Out of the audited union's sight until the draft is sent to it."""
    rows = FundFinding.objects.select_related("audit__union__middle", "audit__union__parent", "audit__auditor")
    found = fetch(rows, request.user, SEE, act, pk=pk)
    if not fund_audits.shows_findings(found.audit, request.user):
        raise Http404
    return found


def _frame(found: FundFinding) -> dict:
    return {
        **frame(found.audit, pgettext("fund audit", "Finding %(number)d") % {"number": found.number}),
        "finding": found,
    }


@requires(AUDIT)
@require_http_methods(["GET", "POST"])
def finding_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a finding down."""
    audit = audit_for(request, pk, AUDIT)
    fund_audits.check_drafting(audit, request.user)
    due = timezone.localdate() + timedelta(days=setting("fund-audit-rectify-days"))
    form = FundFindingForm(request.POST or None, initial={"due_on": due})
    if request.method == "POST" and form.is_valid():
        fund_audits.add_finding(audit, form.values(), by=request.user)
        messages.success(request, _("Written down."))
        return redirect("disclosure:fund-audit", pk)
    context = {
        **frame(audit, _("Write a finding down")),
        "form": form,
        "back": reverse("disclosure:fund-audit", args=[pk]),
    }
    return render(request, "disclosure/fund_audits/form.html", context, status=422 if form.is_bound else 200)


@requires(AUDIT)
@require_http_methods(["GET", "POST"])
def finding_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a finding before the report."""
    found = finding_for(request, pk, AUDIT)
    fund_audits.check_drafting(found.audit, request.user)
    form = FundFindingForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        # A form changes its instance: the service compares with what is stored.
        stored = finding_for(request, pk)
        fund_audits.edit_finding(stored, form.values(), by=request.user, revision=read_revision(request))
        messages.success(request, _("Saved."))
        return redirect("disclosure:fund-finding", pk)
    context = {**_frame(found), "form": form, "record": found, "back": reverse("disclosure:fund-finding", args=[pk])}
    return render(request, "disclosure/fund_audits/form.html", context, status=422 if form.is_bound else 200)


@requires(AUDIT)
@require_http_methods(["GET", "POST"])
def finding_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop a finding that does not hold, with a reason."""
    found = finding_for(request, pk, AUDIT)
    fund_audits.check_drafting(found.audit, request.user)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fund_audits.drop_finding(found, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Dropped; the reason is on record."))
        return redirect("disclosure:fund-audit", found.audit_id)
    context = {
        **_frame(found), "form": form, "crumb_here": _("Drop the finding"), "back": reverse("disclosure:fund-finding", args=[pk]),
    }  # fmt: skip
    return render(request, "disclosure/fund_audits/form.html", context, status=422 if form.is_bound else 200)


@requires(SEE)
@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding, what was done about it, and its evidence. POST brings evidence."""
    found = finding_for(request, pk, WRITE if request.method == "POST" else None)
    form = None
    if request.user.has_perm(WRITE, found) and is_followed(found, request.user) is None:
        form = UploadForm(
            request.POST or None, request.FILES or None, purpose=EVIDENCE, union=found.audit.union, user=request.user,
            object_id=found.pk,
        )  # fmt: skip
        form.fields["note"].help_text = _("For example: the voucher, the bank's slip, the rule as it is now.")
        if request.method == "POST" and form.is_valid():
            messages.success(request, _("“%(name)s” is kept.") % {"name": form.upload.name})
            return redirect("disclosure:fund-finding", pk)
    elif request.method == "POST":
        raise MoveError(_("Findings are rectified from the day of the report until the audit is closed."))
    is_draft = found.audit.state in DRAFTING and request.user.has_perm(AUDIT, found)
    context = {
        **_frame(found), "form": form, "files": fund_audits.files_of(found), "moves": allowed(found, request.user),
        "may_edit": is_draft and fund_audits.why_not(found.audit, request.user) is None,
        "is_late": is_followed(found, request.user) is None and found.is_overdue(timezone.localdate()),
        "history": acts_of(found, request.user, SEE),
    }  # fmt: skip
    return render(request, "disclosure/fund_audits/finding.html", context, status=422 if form and form.errors else 200)


@requires(SEE)
@require_http_methods(["GET", "POST"])
def finding_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Report as rectified, accept, or send back."""
    if move not in FINDINGS.transitions:
        raise Http404
    transition = FINDINGS.transitions[move]
    found = finding_for(request, pk, transition.permission)
    initial = {"outcome": found.outcome, "settled": found.settled} if move == "rectify" else {}
    form = move_form(transition, request.POST if request.method == "POST" else None, initial=initial)
    then = reverse("disclosure:fund-finding", args=[pk])
    return move_page(request, found, move, form, context=_frame(found), then=then)


@requires(SEE)
@require_GET
def evidence(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    """Evidence beside a finding, for whoever reads it."""
    found = finding_for(request, pk)
    rows = Upload.objects.visible_to(request.user, SEE).filter(
        purpose=EVIDENCE.key, object_id=found.pk, union=found.union_id
    )
    return handed_out(get_object_or_404(rows, pk=upload))
