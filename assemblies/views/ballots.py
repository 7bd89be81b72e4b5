"""The ballot on a phone: by a link of one's own, without an account and without a script. Looking, checking, casting."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assemblies import ballots
from assemblies.ballots import Choice
from assemblies.enums import VoteKind, VoteState
from assemblies.models import BallotLink
from assemblies.results import result_of
from unions import tokens
from unions.kit.text import sentence
from unions.wall import system
from unions.workflow import MoveError


def by_link(view):
    """A view for whoever holds a ballot link. A valid one always works: a whole factory votes from behind one address."""

    @wraps(view)
    def inner(request, token):
        link = ballots.find_link(token)
        return view(request, link, token) if link else tokens.refuse(request)

    return login_not_required(never_cache(inner))


def _page(request, link: BallotLink, name: str, *, status: int = 200, **more) -> HttpResponse:
    vote = link.vote
    context = {
        "link": link,
        "vote": vote,
        "union": vote.union,
        "token": request.resolver_match.kwargs["token"],
        **more,
    }
    response = render(request, f"assemblies/ballots/{name}.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _papers(link: BallotLink, choices: dict[int, Choice], errors: dict[int, str]) -> list[dict]:
    """Each question with its options, as they are ticked now."""
    return [
        {
            "question": question, "choice": choices.get(question.pk, Choice()), "error": errors.get(question.pk, ""),
            "options": question.options.all(), "is_single": link.vote.kind != VoteKind.ELECTION,
        }
        for question in link.vote.sheet
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@by_link
def ballot(request, link, token):
    """The ballot; posted, the page that shows once more what is ticked, before it is cast. Nothing is kept yet."""
    with system("shows a ballot to the holder of its link"):
        vote = link.vote
        if vote.state != VoteState.OPEN or hasattr(link, "turnout"):
            return _closed(request, link)
        choices, errors = ballots.read_choices(vote, request.POST)
        advice = sentence(request.POST.get("advice", ""), ballots.ADVICE)
        is_back = request.method == "GET" or "back" in request.POST
        if is_back or errors:
            papers = _papers(link, choices, {} if is_back else errors)
            return _page(request, link, "ballot", papers=papers, advice=advice, status=200 if is_back else 422)
        code = ballots.new_receipt()
        signed = ballots.sign_receipt(link, code)
        papers = _papers(link, choices, {})
        return _page(request, link, "check", papers=papers, advice=advice, code=code, signed=signed)


@require_POST
@by_link
def cast(request, link, token):
    """Cast what the page before showed. A link that was used answers that it was, never what for."""
    with system("shows a ballot to the holder of its link"):
        choices, errors = ballots.read_choices(link.vote, request.POST)
        code = ballots.read_receipt(link, request.POST.get("receipt", ""))
        if errors or code is None:
            papers = _papers(link, choices, errors)
            return _page(request, link, "ballot", papers=papers, advice=request.POST.get("advice", ""), status=422)
        try:
            ballots.cast(link, choices, receipt=code, advice=request.POST.get("advice", ""))
        except MoveError:  # used or over: the page says which
            link.vote.refresh_from_db(fields=["state"])
            return _closed(request, link, status=409)
        return _page(request, link, "done", code=code)


def _closed(request, link: BallotLink, *, status: int = 200) -> HttpResponse:
    """Where there is nothing to tick: not open yet, cast already, over; once announced, the result and all receipts."""
    vote = link.vote
    result = result_of(vote) if vote.state == VoteState.ANNOUNCED else None
    has_cast = type(link).objects.filter(pk=link.pk, turnout__isnull=False).exists()
    codes = list(vote.receipts.values_list("code", flat=True)) if result else []
    return _page(request, link, "closed", status=status, result=result, has_cast=has_cast, codes=codes)
