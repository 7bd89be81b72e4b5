"""Votes for whoever runs them: prepare, check, open, watch the turnout, close, count, announce; and to read for all in scope."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assemblies import ballots, vote_moves, votes
from assemblies.enums import BallotForm, VoteKind, VoteState
from assemblies.forms_votes import IssuedForm, SlipsForm, VoteForm
from assemblies.models import AgendaItem, Appraisal, BallotLink, Vote
from assemblies.quorum import can_override, quorum_of
from assemblies.results import result_of
from assemblies.vote_checks import checks_of
from assemblies.vote_exports import links_workbook, result_workbook
from assemblies.vote_lists import VoteFilters, VoteTable, visible_votes
from unions.access import fetch, fetch_union
from unions.kit.http import XLSX, attachment, requires
from unions.kit.tables import list_response
from unions.models import Union, User
from unions.permissions import Permission
from unions.publishables import ways_of
from unions.workflow import Invalid, allowed, perform

SEE, RUN = Permission.ASSEMBLY_VIEW, Permission.VOTE_MANAGE


def vote_for(request: HttpRequest, pk: int, act: Permission | None = None) -> Vote:
    found = Vote.objects.select_related("union__middle", "union__parent", "meeting", "item__meeting", "previous")
    return fetch(found, request.user, SEE, act, pk=pk)


@requires(SEE)
@require_GET
def vote_list(request):
    """Every vote in scope, filtered, with its workbook."""
    return list_response(
        request, queryset=visible_votes(request.user), filters=VoteFilters, table=VoteTable,
        template="assemblies/votes/list.html", export="table", export_name=_("Votes"),
        context={"union": own_union(request.user), "kinds": VoteKind.choices},
    )  # fmt: skip


def own_union(user: User) -> Union | None:
    """The union whose votes this person runs."""
    return Union.objects.visible_to(user, RUN).order_by("path").first()


@requires(RUN)
@require_http_methods(["GET", "POST"])
def vote_new(request, pk, kind):
    """Prepare a vote from the template of its kind; with ?item= on that point of an agenda."""
    union = fetch_union(request.user, pk, RUN)
    if kind not in VoteKind.values:
        raise Http404
    item, initial = None, {"held_on": timezone.localdate()}
    if (asked := request.GET.get("item", "")).isdecimal():
        points = AgendaItem.objects.visible_to(request.user, SEE).select_related("meeting")
        item = get_object_or_404(points, pk=asked, union=union)
        initial = {"held_on": item.meeting.held_on, "title": item.title[:120]}
    form = VoteForm(request.POST or None, union=union, kind=VoteKind(kind), initial=initial, item=item)
    if request.method == "POST" and form.is_valid():
        given = {"by": request.user, "papers": form.papers(), "item": item, **form.values()}
        vote = votes.prepare(union, kind=VoteKind(kind), **given)
        messages.success(request, _("The vote is prepared. Go through the checks, then open it."))
        return redirect("assemblies:vote-detail", vote.pk)
    context = {
        "form": form, "union": union, "kind": VoteKind(kind), "item": item, "crumb_union": union, "here_menu": "assemblies:vote-list",
        "asked": votes.papers_of_sheet(union, initial["held_on"]) if kind == VoteKind.APPRAISAL else [],
    }  # fmt: skip
    return render(request, "assemblies/votes/form.html", context, status=422 if form.is_bound else 200)


@requires(RUN)
@require_http_methods(["GET", "POST"])
def vote_edit(request, pk):
    vote = vote_for(request, pk, RUN)
    if not vote.is_editable:
        messages.info(request, _("Voting has begun: rule and questions are locked."))
        return redirect("assemblies:vote-detail", vote.pk)
    form = VoteForm(request.POST or None, union=vote.union, kind=VoteKind(vote.kind), instance=vote, item=vote.item)
    if request.method == "POST" and form.is_valid():
        revision = request.POST.get("revision", "")
        votes.edit(
            vote,
            form.values(),
            form.papers(),
            by=request.user,
            revision=int(revision) if revision.isdecimal() else None,
        )
        messages.success(request, _("Saved."))
        return redirect("assemblies:vote-detail", vote.pk)
    context = {
        "form": form, "vote": vote, "union": vote.union, "kind": VoteKind(vote.kind), "item": vote.item, "crumb_union": vote.union,
        "here_menu": "assemblies:vote-list",
    }  # fmt: skip
    return render(request, "assemblies/votes/form.html", context, status=422 if form.is_bound else 200)


@requires(RUN)
@require_POST
def vote_discard(request, pk):
    vote = vote_for(request, pk, RUN)
    votes.discard(vote, by=request.user)
    messages.success(request, _("The vote that had not begun is discarded."))
    return redirect("assemblies:vote-list")


@requires(SEE)
@require_GET
def vote_detail(request, pk):
    """One vote as it stands: the checks before it opens, the turnout while it runs, the result with its arithmetic."""
    vote = vote_for(request, pk)
    may_run = request.user.has_perm(RUN, vote)
    state, moves = vote.state, {move.name: move for move in allowed(vote, request.user)}
    links = vote.links.count() if vote.way.has_phones else 0
    quorum = quorum_of(vote.meeting) if vote.meeting_id and state == VoteState.DRAFT else None
    context = {
        "can_go_on": may_run and quorum and can_override(vote.meeting, quorum), "due": quorum.due if quorum else vote.due, "present": quorum.present if quorum else vote.present,
        "vote": vote, "union": vote.union, "may_run": may_run, "may_count": votes.may_count(request.user, vote), "moves": moves,
        "checks": checks_of(vote) if state == VoteState.DRAFT else [],
        "refusals": _refusals(vote, request.user) if may_run else {}, "links": links,
        "turnout": vote.turnout.filter(form=BallotForm.PHONE).count() if links else 0,
        "batches": list(vote.batches.prefetch_related("entries__by")) if vote.way.has_paper else [],
        "result": result_of(vote) if vote.is_counted else None, "rolls": list(vote.rolls.all()),
        "advice": list(vote.advice.all()) if vote.is_counted else [], "issued_form": IssuedForm(initial={"paper_issued": vote.paper_issued}),
        "slips_form": SlipsForm(initial={"count": max(1, vote.entitled - links)}),
        **(_elected(vote) if may_run and vote.is_announced else {}), "needs_second": may_run and votes.needs_second_round(vote), "rounds": list(vote.rounds.all()),
        "appraisal": Appraisal.objects.filter(vote=vote).first() if vote.kind == VoteKind.APPRAISAL else None,
        "ways": ways_of("vote", vote, request.user), "crumb_union": vote.union, "crumb_here": vote.title, "here_menu": "assemblies:vote-list",
    }  # fmt: skip
    return render(request, "assemblies/votes/detail.html", context)


def _elected(vote: Vote) -> dict:
    """Where an announced election leads on to: seats of the term, delegates of the register."""
    term = votes.term_of_elected(vote)
    return {"term": term, "unseated": votes.unseated(vote), "unregistered": votes.unregistered(vote, term)}


def _refusals(vote: Vote, by: User) -> dict[str, str]:
    """Why the next step cannot be taken yet, for the button that is not there."""
    why = {
        VoteState.DRAFT: ("open", vote_moves.ready), VoteState.OPEN: ("close", vote_moves.enough_ballots),
        VoteState.CLOSED: ("count", vote_moves.is_countable),
    }.get(VoteState(vote.state))  # fmt: skip
    return {why[0]: why[1](vote, by)} if why else {}


@requires(RUN)
@require_POST
def vote_move(request, pk, move):
    """Open, close, count, announce or declare void. A vote without paper is counted as soon as it is closed."""
    vote = vote_for(request, pk, RUN)
    if move not in vote_moves.VOTES.transitions:
        raise Http404
    reason, revision = request.POST.get("reason", ""), request.POST.get("revision", "")
    try:
        vote = perform(
            vote, move, by=request.user, reason=reason, revision=int(revision) if revision.isdecimal() else None
        )
        if move == "close" and not vote.way.has_paper:
            vote = perform(vote, "count", by=request.user)
    except Invalid as problem:
        messages.error(request, " ".join(problem.errors.values()))
        return redirect("assemblies:vote-detail", pk)
    said = {
        "open": _("Voting is open."), "close": _("Voting is closed."), "count": _("Counted. Check the result, then announce it."),
        "announce": _("The result is announced: every link shows it now."), "void": _("The vote is void."),
    }  # fmt: skip
    messages.success(request, said[move])
    if move == "announce" and vote.kind == VoteKind.APPRAISAL:
        return redirect("assemblies:appraisal", vote.appraisal.pk)
    return redirect("assemblies:vote-detail", pk)


# Links and slips: their secrets are in the answer to the POST and nowhere else.


def _address(request: HttpRequest, secret: str) -> str:
    return request.build_absolute_uri(reverse("assemblies:ballot", args=[secret]))


@requires(RUN)
@require_POST
def vote_slips(request, pk):
    """So many slips with QR codes to cut apart and hand out."""
    vote = vote_for(request, pk, RUN)
    form = SlipsForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say how many slips are printed."))
        return redirect("assemblies:vote-detail", pk)
    made = ballots.make_slips(vote, form.cleaned_data["count"], by=request.user)
    return _slips(request, vote, made)


@requires(RUN)
@require_POST
def vote_links(request, pk):
    """A link for everybody present: as a workbook to send from, or as slips with names."""
    vote = vote_for(request, pk, RUN)
    made = ballots.make_links(vote, by=request.user)
    if "print" in request.POST:
        return _slips(request, vote, made)
    rows = [(link.number, link.name, link.group, _address(request, secret)) for link, secret in made]
    return attachment(links_workbook(vote, rows), f"{vote.title}_{_('links')}.xlsx", XLSX)


def _slips(request: HttpRequest, vote: Vote, made: list[tuple[BallotLink, str]]) -> HttpResponse:
    slips = [
        {"link": link, "address": (address := _address(request, secret)), "picture": ballots.picture_of(address)}
        for link, secret in made
    ]
    context = {"vote": vote, "union": vote.union, "slips": slips, "crumb_union": vote.union}
    return render(request, "assemblies/votes/slips.html", context)


@requires(SEE)
@require_GET
def vote_turnout(request, pk):
    """Who has voted, by link; never what."""
    vote = vote_for(request, pk)
    rows = vote.links.select_related("turnout").order_by("number")
    context = {
        "vote": vote, "union": vote.union, "rows": rows, "may_run": request.user.has_perm(RUN, vote), "crumb_union": vote.union,
        "crumb_here": vote.title, "here_menu": "assemblies:vote-list",
    }  # fmt: skip
    return render(request, "assemblies/votes/turnout.html", context)


@requires(RUN)
@require_POST
def link_paper(request, pk, link_pk):
    """Its holder takes a paper ballot: the link is dead."""
    vote = vote_for(request, pk, RUN)
    link = get_object_or_404(BallotLink.objects.select_related("vote__union"), vote=vote, pk=link_pk)
    ballots.give_paper(link, by=request.user)
    messages.success(request, _("Given a paper ballot; the link is dead."))
    return redirect("assemblies:vote-turnout", pk)


# After the count


@requires(RUN)
@require_POST
def vote_again(request, pk):
    """The second round, prepared from what the first one left open."""
    again = votes.second_round(vote_for(request, pk, RUN), by=request.user)
    messages.success(request, _("The second round is prepared. Go through the checks, then open it."))
    return redirect("assemblies:vote-detail", again.pk)


@requires(RUN)
@require_POST
def vote_seats(request, pk):
    """Those elected take their seats in the term of office."""
    count = votes.seat_elected(vote_for(request, pk, RUN), by=request.user)
    messages.success(request, _("%(count)d elected entered into the term of office.") % {"count": count})
    return redirect("assemblies:vote-detail", pk)


def _counted(request: HttpRequest, pk: int) -> Vote:
    vote = vote_for(request, pk)
    if not vote.is_counted:
        raise Http404
    return vote


@requires(SEE)
@require_GET
def vote_print(request, pk):
    """The result sheet with places for the tellers' and the scrutineer's signatures."""
    vote = _counted(request, pk)
    context = {
        "vote": vote, "union": vote.union, "result": result_of(vote), "rolls": list(vote.rolls.all()), "named": named_rows(vote),
        "crumb_union": vote.union, "crumb_here": vote.title, "here_menu": "assemblies:vote-list",
    }  # fmt: skip
    return render(request, "assemblies/votes/print.html", context)


def named_rows(vote: Vote) -> list[dict]:
    """Who voted what, of a vote by name."""
    if vote.is_secret:
        return []
    options = {(q.pk, o.number): str(o) for q in vote.sheet for o in q.options.all()}
    return [
        {"link": cast.link, "question": cast.question, "said": [*(options[cast.question_id, n] for n in cast.marks), *cast.others]}
        for cast in vote.named_ballots.select_related("link", "question").order_by("question__number", "link__number")
    ]  # fmt: skip


@requires(SEE)
@require_GET
def vote_workbook(request, pk):
    vote = _counted(request, pk)
    return attachment(result_workbook(vote, result_of(vote), named_rows(vote)), f"{vote.title}.xlsx", XLSX)
