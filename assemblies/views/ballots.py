"""The ballot on a phone: by a link of one's own, without an account and without a script. Looking, checking, casting."""

import contextlib

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from redis.exceptions import RedisError

from assemblies import ballots
from assemblies.ballots import Choice
from assemblies.enums import VoteKind, VoteState
from assemblies.models import BallotLink
from assemblies.results import result_of
from unions.kit.http import client_address
from unions.kit.text import sentence
from unions.wall import system
from unions.workflow import MoveError

WRONG_LINKS, MINUTE = 300, 60  # of one address; a whole factory behind one address has hardly a wrong one


def _link(request: HttpRequest, token: str) -> BallotLink:
    """The link of this address. Chance does not find one among 2¹⁹², so what is stopped here is the load of trying."""
    key, wrong = f"wrong-ballot-links:{client_address(request)}", 0
    with contextlib.suppress(RedisError):
        wrong = cache.get(key, 0)
    if wrong < WRONG_LINKS and (found := ballots.find_link(token)):
        return found
    with contextlib.suppress(RedisError, ValueError):
        cache.add(key, 0, MINUTE)
        cache.incr(key)
    raise Http404


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


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def ballot(request, token):
    """The ballot; posted, the page that shows once more what is ticked, before it is cast. Nothing is kept yet."""
    link = _link(request, token)
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


@login_not_required
@never_cache
@require_POST
def cast(request, token):
    """Cast what the page before showed. A link that was used answers that it was, never what for."""
    link = _link(request, token)
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
