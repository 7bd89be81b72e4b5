"""Proposals to read and to handle: the list, one with its time line, what is entered by hand, each move, print."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assemblies import proposals
from assemblies.enums import ProposalState
from assemblies.models import AnswerTemplate, Handler, Proposal, Proposer
from assemblies.proposal_forms import MOVE_FORMS, AnswerForm, EntryForm, MoveForm, RevealForm
from assemblies.proposal_lists import ProposalFilters, ProposalTable, shown_proposer, visible_proposals
from assemblies.proposal_moves import PROPOSALS
from unions import tokens
from unions.access import fetch
from unions.audit_words import sentence as act_words
from unions.kit.http import back_to, requires
from unions.kit.tables import list_response
from unions.models import Event
from unions.moves import add_errors, read_revision
from unions.permissions import Permission
from unions.publishables import ways_of
from unions.services import record
from unions.workflow import Invalid, allowed, perform

SEE, HANDLE = Permission.PROPOSAL_VIEW, Permission.PROPOSAL_HANDLE
SEALED = {"name": Proposer._meta.get_field("name"), "phone": Proposer._meta.get_field("phone")}


def proposal_for(request: HttpRequest, pk: int, act: Permission | None = None) -> Proposal:
    found = Proposal.objects.select_related(
        "union__middle", "union__parent", "theme", "delegate", "collection", "into"
    )
    return fetch(found, request.user, SEE, act, pk=pk)


@requires(SEE)
@require_GET
def proposal_list(request):
    """Every proposal in scope, filtered, with its workbook."""
    return list_response(
        request, queryset=visible_proposals(request.user), filters=ProposalFilters, table=ProposalTable,
        template="assemblies/proposals/list.html", export="table", export_name=_("Proposals"),
        context={"may_handle": request.user.has_perm(HANDLE)},
    )  # fmt: skip


@requires(SEE)
@require_GET
def proposal_detail(request, pk):
    """One proposal: what it says, who handles it, its time line, and what this person may do now."""
    proposal = proposal_for(request, pk)
    context = {
        **detail_context(request, proposal), "ways": ways_of("proposal", proposal, request.user), "crumb_union": proposal.union,
        "crumb_here": proposal.code,
        "here_menu": "assemblies:proposal-list",
    }  # fmt: skip
    return render(request, "assemblies/proposals/detail.html", context)


def detail_context(request: HttpRequest, proposal: Proposal) -> dict:
    handlers = list(proposal.handlers.select_related("superior").prefetch_related("answers"))
    for handler in handlers:
        handler.proposal = proposal
        handler.may_answer = proposal.state == ProposalState.ASSIGNED and proposals.may_answer(handler, request.user)
    may_handle = request.user.has_perm(HANDLE, proposal)
    moves = [move for move in allowed(proposal, request.user) if move.name not in ("answer", "rework")]
    if proposal.state == ProposalState.CLOSED:
        moves = [move for move in moves if move.name != "mark" or not proposal.satisfaction]
    sealed = Proposer.objects.filter(proposal=proposal).first()
    return {
        "proposal": proposal, "union": proposal.union, "handlers": handlers, "may_handle": may_handle,
        "proposer": shown_proposer(proposal), "has_name": bool(sealed and sealed.name_sealed),
        "has_phone": bool(sealed and sealed.phone_sealed), "seconders": list(proposal.seconders.all()),
        "merged": list(proposal.merged.order_by("pk")), "moves": [(move, _form(proposal, move.name)) for move in moves],
        "events": timeline(proposal), "today": timezone.localdate(), "is_overdue": proposal.is_overdue(timezone.localdate()),
        "templates": list(AnswerTemplate.objects.all()) if may_handle else [],
        "known_handlers": known_handlers(proposal) if may_handle else [],
    }  # fmt: skip


def timeline(proposal: Proposal) -> list[Event]:
    """Who did what to it and when, the newest first."""
    events = Event.objects.acts().filter(model=Proposal._meta.label, object_id=proposal.pk).select_related("by")
    events = list(events)
    for event in events:
        event.words = act_words(event)
    return events


def known_handlers(proposal: Proposal) -> list[str]:
    """Names that this union has handed proposals to before: offered while typing."""
    names = Handler.objects.filter(union=proposal.union_id, superior=None).order_by("name")
    return list(names.values_list("name", flat=True).distinct()[:50])


def _form(proposal: Proposal, move: str) -> MoveForm:
    """Several stand on one page: each field has an id of its own."""
    return MOVE_FORMS.get(move, MoveForm)(proposal=proposal, auto_id=f"{move}-%s")


@requires(HANDLE)
@require_http_methods(["GET", "POST"])
def proposal_new(request):
    """Enter what somebody handed in on paper or in person."""
    form = EntryForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = proposals.submit(
                given["union"], form.paper(), by=request.user, day=given["submitted_on"], key=given["key"]
            )
        except Invalid as problem:
            add_errors(form, problem)
        else:
            messages.success(request, _("Entered as no. %(code)s.") % {"code": made.code})
            return redirect("assemblies:proposal-detail", made.pk)
    context = {"form": form, "here_menu": "assemblies:proposal-list", "crumb_here": _("Enter a proposal")}
    return render(request, "assemblies/proposals/new.html", context, status=422 if form.errors else 200)


@requires(SEE)
@require_http_methods(["GET", "POST"])
def proposal_move(request, pk, move):
    """A move with what it asks for. GET shows its form alone, for whoever has no script or mistyped."""
    if move not in PROPOSALS.transitions or move in ("answer", "rework"):
        raise Http404
    transition = PROPOSALS.transitions[move]
    proposal = proposal_for(request, pk, transition.permission)
    form = MOVE_FORMS.get(move, MoveForm)(*([request.POST] if request.method == "POST" else []), proposal=proposal)
    if request.method == "POST" and form.is_valid():
        try:
            _perform(request, proposal, move, form)
        except Invalid as problem:
            add_errors(form, problem)
        else:
            messages.success(request, _("Done: %(what)s.") % {"what": transition.label})
            return redirect(back_to(request, reverse("assemblies:proposal-detail", args=[pk])))
    context = {
        "proposal": proposal, "union": proposal.union, "transition": transition, "form": form,
        "known_handlers": known_handlers(proposal), "next": back_to(request, ""),
        "crumb_union": proposal.union, "crumb_here": proposal.code, "here_menu": "assemblies:proposal-list",
    }  # fmt: skip
    return render(request, "assemblies/proposals/move.html", context, status=422 if form.errors else 200)


def _perform(request: HttpRequest, proposal: Proposal, move: str, form: MoveForm) -> None:
    revision = read_revision(request)
    if move == "mark":
        given = form.cleaned_data
        proposals.give_mark(proposal, given["satisfaction"], by=request.user, words=given["words"], revision=revision)
    else:
        perform(proposal, move, by=request.user, revision=revision, **form.given())


@requires(HANDLE)
@require_http_methods(["GET", "POST"])
def proposal_answer(request, pk, handler_pk):
    """A handler's reply: entered by the union, or by the tier above where it was passed up."""
    proposal = proposal_for(request, pk)
    handler = proposal.handlers.filter(pk=handler_pk).first()
    if handler is None:
        raise Http404
    handler.proposal = proposal
    if not proposals.may_answer(handler, request.user):
        raise PermissionDenied
    chosen = request.GET.get("template", "")
    template = AnswerTemplate.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
    form = AnswerForm(request.POST or None, handler=handler, template=template)
    if request.method == "POST" and form.is_valid():
        try:
            proposals.answer(handler, by=request.user, revision=read_revision(request), **form.cleaned_data)
        except Invalid as problem:
            add_errors(form, problem)
        else:
            messages.success(request, _("The answer of %(name)s is on record.") % {"name": handler.name})
            return redirect(back_to(request, reverse("assemblies:proposal-detail", args=[pk])))
    context = {
        "proposal": proposal, "union": proposal.union, "handler": handler, "form": form, "chosen": chosen,
        "templates": AnswerTemplate.objects.all(), "crumb_union": proposal.union, "crumb_here": proposal.code,
        "here_menu": "assemblies:proposal-list",
    }  # fmt: skip
    return render(request, "assemblies/proposals/answer.html", context, status=422 if form.errors else 200)


@requires(HANDLE)
@require_http_methods(["GET", "POST"])
def proposal_reveal(request, pk, item):
    """A confidential name or a telephone number, once, for a reason that is kept."""
    proposal = proposal_for(request, pk, HANDLE)
    sealed = Proposer.objects.filter(proposal=proposal).first()
    if item not in SEALED or sealed is None:
        raise Http404
    form, value = RevealForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        value = proposals.reveal_proposer(proposal, item, by=request.user, reason=form.cleaned_data["reason"])
    context = {
        "proposal": proposal, "union": proposal.union, "form": form, "value": value, "label": SEALED[item].verbose_name,
        "crumb_union": proposal.union, "crumb_here": proposal.code, "here_menu": "assemblies:proposal-list",
    }  # fmt: skip
    return render(request, "assemblies/proposals/reveal.html", context, status=422 if form.errors else 200)


@requires(HANDLE)
@require_POST
def proposal_link(request, pk):
    """The proposer's own link, to hand over on paper; that it was taken out is on record. Renewed, the former one leads
    nowhere."""
    proposal = proposal_for(request, pk, HANDLE)
    if "renew" in request.POST:
        proposals.renew_link(proposal, by=request.user)
        proposal.refresh_from_db()
    else:
        record(proposal.union, "proposal.show_link", proposal, by=request.user)
    token = tokens.make(tokens.Purpose.PROPOSER, proposal.pk, proposal.link_number)
    link = request.build_absolute_uri(reverse("assemblies:public-proposal", args=[token]))
    context = {
        "proposal": proposal, "union": proposal.union, "link": link, "qr": tokens.qr_of(link),
        "crumb_union": proposal.union, "crumb_here": proposal.code, "here_menu": "assemblies:proposal-list",
    }  # fmt: skip
    return render(request, "assemblies/proposals/link.html", context)


@requires(SEE)
@require_GET
def proposal_print(request, pk):
    """The sheet of a proposal with its answers and places for signatures."""
    proposal = proposal_for(request, pk)
    context = {**detail_context(request, proposal), "crumb_union": proposal.union, "crumb_here": proposal.code}
    return render(request, "assemblies/proposals/print.html", {**context, "here_menu": "assemblies:proposal-list"})
