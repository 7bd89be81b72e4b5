"""Delegates of a term: the plan of the constituencies, the register, each delegate's own page and card."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assemblies import delegates
from assemblies.delegate_forms import MOVE_FORMS, ConstituencyForm, DelegateForm
from assemblies.delegate_lists import SEE, DelegateFilters, DelegateTable, visible_delegates
from assemblies.delegate_moves import DELEGATES
from assemblies.models import Constituency, Delegate, Outcome, Proposal, Term
from unions import tokens
from unions.access import fetch
from unions.audit_words import acts_of
from unions.kit.forms import ReasonForm
from unions.kit.http import requires
from unions.kit.tables import list_response
from unions.moves import add_errors, move_page, read_revision
from unions.permissions import Permission
from unions.reveals import reveal
from unions.tokens import by_link
from unions.workflow import Invalid, allowed

EDIT = Permission.ASSEMBLY_EDIT
MENU = "assemblies:delegate-list"


def _frame(union, here: str) -> dict:
    return {"union": union, "crumb_union": union, "crumb_here": here, "here_menu": MENU}


def _term(request: HttpRequest, pk: int, act: Permission | None = None) -> Term:
    return fetch(Term.objects.select_related("union__middle", "union__parent"), request.user, SEE, act, pk=pk)


def _delegate(request: HttpRequest, pk: int, act: Permission | None = None) -> Delegate:
    found = Delegate.objects.select_related("union__middle", "union__parent", "term", "constituency")
    return fetch(found, request.user, SEE, act, pk=pk)


@requires(SEE)
@require_GET
def delegate_list(request):
    """Every delegate in scope over the term, with its workbook."""
    terms = Term.objects.visible_to(request.user, EDIT).filter(ended_on=None).select_related("union")
    return list_response(
        request, queryset=visible_delegates(request.user), filters=DelegateFilters, table=DelegateTable,
        template="assemblies/delegates/list.html", export="table", export_name=_("Delegates"),
        context={"terms": list(terms[:3])},
    )  # fmt: skip


@requires(SEE)
@require_GET
def plan(request, pk):
    """A term's constituencies and seats beside what the rules allow, and what is missing."""
    term = _term(request, pk)
    made = delegates.plan_of(term)
    context = {
        "term": term, "plan": made, "gap": delegates.gap_of(term, timezone.localdate()),
        "may_edit": request.user.has_perm(EDIT, term), **_frame(term.union, _("Delegates")),
    }  # fmt: skip
    return render(request, "assemblies/delegates/plan.html", context)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def constituency(request, pk, item=None):
    """Plan a constituency of a term, or change it."""
    term = _term(request, pk, EDIT)
    known = get_object_or_404(Constituency, pk=item, term=term) if item else None
    form = ConstituencyForm(request.POST or None, instance=known or Constituency(term=term))
    if request.method == "POST" and form.is_valid():
        try:
            fresh = Constituency.objects.get(pk=known.pk) if known else None
            delegates.save_constituency(term, form.cleaned_data, by=request.user, constituency=fresh)
        except Invalid as problem:
            add_errors(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("assemblies:delegate-plan", pk)
    context = {"form": form, "term": term, "known": known, **_frame(term.union, _("Constituency"))}
    return render(request, "assemblies/delegates/constituency.html", context, status=422 if form.errors else 200)


@requires(EDIT)
@require_POST
def constituency_remove(request, pk, item):
    term = _term(request, pk, EDIT)
    delegates.remove_constituency(get_object_or_404(Constituency, pk=item, term=term), by=request.user)
    messages.success(request, _("Removed."))
    return redirect("assemblies:delegate-plan", pk)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def delegate_new(request, pk):
    """Enter somebody who was elected."""
    term = _term(request, pk, EDIT)
    if not term.constituencies.exists():
        messages.info(request, _("Plan the constituencies first."))
        return redirect("assemblies:constituency-add", pk)
    initial = {"constituency": (place := request.GET.get("constituency", "")), "elected_on": term.started_on}
    if place.isdecimal() and term.delegates.filter(constituency=place, ended_on__isnull=False).exists():
        initial |= {"elected_on": timezone.localdate(), "is_by_election": True}  # a seat that was filled and is vacant
    if (asked := request.GET.get("elected", "")).isdecimal():
        initial |= _as_elected(get_object_or_404(Outcome, pk=asked, union=term.union_id, is_won=True))
    return _edit(request, term, None, initial)


def _as_elected(outcome: Outcome) -> dict:
    """What the vote knows of a delegate."""
    vote = outcome.vote
    return {
        "name": outcome.text, "sex": outcome.option.sex if outcome.option else "", "elected_on": vote.held_on,
        "due_count": vote.due, "present_count": vote.present, "votes": outcome.votes,
    }  # fmt: skip


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def delegate_edit(request, pk):
    found = _delegate(request, pk, EDIT)
    return _edit(request, found.term, found, {})


def _edit(request, term: Term, known: Delegate | None, initial: dict):
    form = DelegateForm(request.POST or None, instance=known, term=term, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = delegates.save_delegate(
                term, form.cleaned_data, by=request.user, delegate=known, revision=read_revision(request)
            )
        except Invalid as problem:
            add_errors(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("assemblies:delegate", made.pk)
    context = {"form": form, "term": term, "delegate": known, **_frame(term.union, _("Delegate"))}
    return render(request, "assemblies/delegates/edit.html", context, status=422 if form.errors else 200)


@requires(SEE)
@require_GET
def delegate(request, pk):
    """A delegate over the term: election, meetings, proposals, and how the office ended."""
    found = _delegate(request, pk)
    context = {
        "delegate": found, "may_edit": request.user.has_perm(EDIT, found),
        "moves": [(move, MOVE_FORMS[move.name](auto_id=f"{move.name}-%s")) for move in allowed(found, request.user)],
        "attendances": found.attendances.select_related("attendee__meeting").order_by("-attendee__meeting__held_on"),
        "proposals": Proposal.objects.visible_to(request.user, Permission.PROPOSAL_VIEW).filter(delegate=found),
        "is_serving": found.is_in_office(timezone.localdate()), "history": acts_of(found, request.user, SEE), **_frame(found.union, found.name),
    }  # fmt: skip
    return render(request, "assemblies/delegates/detail.html", context)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def delegate_move(request, pk, move):
    """End an office, recall a delegate, take an end back."""
    if move not in DELEGATES.transitions:
        raise Http404
    found = _delegate(request, pk, EDIT)
    form = MOVE_FORMS[move](*([request.POST] if request.method == "POST" else []))
    return move_page(
        request, found, move, form, context={"delegate": found, **_frame(found.union, found.name)},
        then=reverse("assemblies:delegate", args=[pk]),
    )  # fmt: skip


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def delegate_phone(request, pk):
    """A delegate's telephone number, once, for a reason that is kept."""
    found = _delegate(request, pk, EDIT)
    form, value = ReasonForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        field = Delegate._meta.get_field("phone")
        value = reveal(found, field, union=found.union, by=request.user, reason=form.cleaned_data["reason"])
    context = {"form": form, "delegate": found, "value": value, **_frame(found.union, found.name)}
    return render(request, "assemblies/delegates/phone.html", context, status=422 if form.errors else 200)


@requires(SEE)
@require_GET
def cards(request, pk):
    """The cards of everybody in office, to print and cut; with ?delegate= one alone."""
    term = _term(request, pk)
    serving = (
        term.delegates.in_office(timezone.localdate()).select_related("constituency").order_by("constituency", "pk")
    )
    if (one := request.GET.get("delegate", "")).isdecimal():
        serving = serving.filter(pk=int(one))
    shown = list(serving)
    for each in shown:
        token = tokens.make(tokens.Purpose.CARD, each.pk, each.card_number)
        each.qr = tokens.qr_of(request.build_absolute_uri(reverse("assemblies:public-card", args=[token])))
    context = {"term": term, "delegates": shown, **_frame(term.union, _("Delegates' cards"))}
    return render(request, "assemblies/delegates/cards.html", context)


@requires(EDIT)
@require_POST
def card_renew(request, pk):
    """A lost card is replaced; the former one no longer shows as valid."""
    found = _delegate(request, pk, EDIT)
    delegates.renew_card(found, by=request.user)
    messages.success(request, _("The former card is no longer valid. Print the new one."))
    return redirect(f"{reverse('assemblies:delegate-cards', args=[found.term_id])}?delegate={found.pk}")


@require_GET
@by_link(tokens.Purpose.CARD)
def public_card(request, link, token):
    """Whether a card is valid, and no more than stands on it: name, union, term."""
    found = Delegate.objects.select_related("union", "term").filter(pk=link.pk).first()
    if found is None:
        raise Http404
    is_valid = found.card_number == link.number and found.is_in_office(timezone.localdate())
    return render(request, "assemblies/public/card.html", {"delegate": found if is_valid else None})
