"""Findings of overseers: taken down, with files, replied to, rated, and what was promised followed to its end."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from disclosure import oversight
from disclosure.enums import OversightState, PromiseState
from disclosure.models import OversightFinding, OversightReply
from disclosure.oversight import EVIDENCE, FILE, SEE, WRITE
from disclosure.oversight_forms import FindingForm, move_form
from disclosure.oversight_moves import FINDINGS, PROMISES
from disclosure.views.oversight import frame
from disclosure.views.oversight_people import overseer_for
from unions.access import fetch
from unions.audit_words import acts_of
from unions.kit.http import requires
from unions.models import Upload, User
from unions.moves import add_errors, move_page
from unions.uploads import handed_out
from unions.views.uploads import UploadForm
from unions.workflow import MoveError, allowed, perform


def finding_for(request: HttpRequest, pk: int, act: str | None = None) -> OversightFinding:
    rows = OversightFinding.objects.select_related("overseer", "oversight__union__middle", "oversight__union__parent")
    return fetch(rows, request.user, SEE, act, pk=pk)


def reply_for(request: HttpRequest, pk: int) -> OversightReply:
    rows = OversightReply.objects.select_related(
        "finding__oversight__union__middle", "finding__oversight__union__parent"
    )
    return fetch(rows, request.user, SEE, WRITE, pk=pk)


def _frame(found: OversightFinding) -> dict:
    here = _("Finding %(number)d") % {"number": found.number}
    return {**frame(found.oversight, here), "finding": found}


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def take_down(request: HttpRequest, pk: int) -> HttpResponse:
    """A finding that an overseer wrote by hand or said, taken down for them."""
    found = overseer_for(request, pk)
    form = FindingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = oversight.give(found, **form.cleaned_data, by=request.user)
        except MoveError as problem:
            add_errors(form, problem)
        else:
            messages.success(request, _("Taken down. The sheet itself can be kept beside it."))
            return redirect("disclosure:oversight-finding", made.pk)
    context = {**frame(found.oversight, _("Take a finding down")), "form": form, "overseer": found}
    return render(request, "disclosure/oversight/take_down.html", context, status=422 if form.is_bound else 200)


@requires(WRITE)
@require_POST
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """An overseer said that they are done."""
    found = overseer_for(request, pk)
    oversight.hand_in(found, by=request.user)
    messages.success(request, _("Handed in."))
    return redirect("disclosure:oversight", found.oversight_id)


@requires(SEE)
@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding with its files, its replies and what became of them. POST brings a file for its overseer."""
    found = finding_for(request, pk, WRITE if request.method == "POST" else None)
    may_write, form = request.user.has_perm(WRITE, found), None
    if may_write and found.oversight.state in (OversightState.OPEN, OversightState.REPLYING):
        form = UploadForm(
            request.POST or None, request.FILES or None, purpose=FILE, union=found.oversight.union, user=request.user,
            object_id=found.pk,
        )  # fmt: skip
        form.fields["note"].help_text = _("For example: the sheet, a photograph that the overseer took.")
        if request.method == "POST" and form.is_valid():
            messages.success(request, _("“%(name)s” is kept.") % {"name": form.upload.name})
            return redirect("disclosure:oversight-finding", pk)
    context = {
        **_frame(found), "form": form, "files": oversight.files_of(FILE, found), "replies": _replies(found, request.user),
        "moves": [move for move in allowed(found, request.user) if move.name != "again"],
        "history": acts_of(found, request.user, SEE),
    }  # fmt: skip
    return render(request, "disclosure/oversight/finding.html", context, status=422 if form and form.errors else 200)


def _replies(found: OversightFinding, user: User) -> list[OversightReply]:
    """With the evidence of each and what may be done with its promise now."""
    rows, is_followed = list(found.replies.all()), found.oversight.state == OversightState.FOLLOWING
    for one in rows:
        one.finding = found
        one.files, one.moves = oversight.files_of(EVIDENCE, one), allowed(one, user)
        one.takes_evidence = is_followed and one.state == PromiseState.OPEN and user.has_perm(WRITE, found)
    return rows


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def finding_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Reply, or enter the rating that an overseer gave on paper or on the telephone."""
    if move not in FINDINGS.transitions or move == "again":
        raise Http404
    found, transition = finding_for(request, pk, WRITE), FINDINGS.transitions[move]
    known = found.replies.filter(round=found.round).first() if move == "answer" and found.state == "answered" else None
    initial = (
        {"verdict": known.verdict, "text": known.text, "promise": known.promise, "due": known.promise_due_on}
        if known
        else {}
    )
    form = move_form(transition, request.POST if request.method == "POST" else None, initial=initial)
    then = reverse("disclosure:oversight-finding", args=[pk])
    return move_page(request, found, move, form, context=_frame(found), then=then, take=_take)


def _take(found: OversightFinding, move: str, *, by: User, revision: int | None = None, **given) -> OversightFinding:
    if move == "rate":
        return oversight.rate(found, given["data"]["satisfaction"], by=by, revision=revision)
    return perform(found, move, by=by, revision=revision, **given)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def reply_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """What was promised is done, or is not after all."""
    if move not in PROMISES.transitions:
        raise Http404
    reply, transition = reply_for(request, pk), PROMISES.transitions[move]
    form = move_form(transition, request.POST if request.method == "POST" else None)
    then = reverse("disclosure:oversight-finding", args=[reply.finding_id])
    return move_page(request, reply, move, form, context=_frame(reply.finding), then=then)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring evidence that a promise was kept."""
    reply = reply_for(request, pk)
    if reply.state != PromiseState.OPEN or reply.finding.oversight.state != OversightState.FOLLOWING:
        raise MoveError(_("Evidence is brought while something that was promised is to be done."))
    form = UploadForm(
        request.POST or None, request.FILES or None, purpose=EVIDENCE, union=reply.finding.oversight.union, user=request.user,
        object_id=reply.pk,
    )  # fmt: skip
    form.fields["note"].help_text = _("For example: photograph before and after.")
    if request.method == "POST" and form.is_valid():
        messages.success(request, _("“%(name)s” is kept.") % {"name": form.upload.name})
        return redirect("disclosure:oversight-finding", reply.finding_id)
    context = {**_frame(reply.finding), "form": form, "reply": reply}
    return render(request, "disclosure/oversight/evidence.html", context, status=422 if form.is_bound else 200)


@requires(SEE)
@require_GET
def file(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    """A file beside a finding, or evidence of a reply to it, for whoever sees the matter."""
    found = finding_for(request, pk)
    replies = found.replies.values("pk")
    rows = Upload.objects.visible_to(request.user, SEE).filter(
        Q(purpose=FILE.key, object_id=found.pk) | Q(purpose=EVIDENCE.key, object_id__in=replies), union=found.union_id
    )
    return handed_out(get_object_or_404(rows, pk=upload))
