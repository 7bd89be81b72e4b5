"""Step-up: before personal data are shown or taken away and before rights are given, people prove anew who they are.

A view says so with `@proof()` below its permission. Whoever proved it lately (a parameter) notices nothing. Others get a
page that asks for their factor, or for the password where they have none, and carries what they had typed: their answer
goes to the same view together with it, so nothing is typed twice and no script is needed.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from unions import factors, passkeys, sessions
from unions.accounts import record_account
from unions.kit.filters import clean_query
from unions.kit.http import came_from, is_fragment
from unions.models import User
from unions.settingbook import setting

OURS = ("csrfmiddlewaretoken", "proof", "passkey")


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session has proved lately whose it is."""
    given = request.session.get("proved_at")
    limit = timedelta(minutes=setting("proof-minutes"))
    return bool(given) and timezone.now() - datetime.fromisoformat(given) < limit


def problem_with(request: HttpRequest, user: User) -> str:
    """Empty if the form proves who this is: a passkey's answer, a code, or for whoever has no factor the password."""
    if answer := request.POST.get("passkey"):
        return "" if passkeys.is_proof(request, user, answer) else _("The passkey was not accepted. Try again.")
    given = request.POST.get("proof", "")
    if sessions.has_factor(user):
        return factors.problem_with(user, given)
    # Through the same door as signing in, so that guessing is counted and locked alike.
    return "" if authenticate(request, username=user.username, password=given) == user else _("The password is wrong.")


def prove(request: HttpRequest) -> str:
    """Take the proof that a form carries; what is wrong with it, or nothing. The session gets a new key."""
    problem = problem_with(request, request.user)
    if problem:
        record_account(request.user, "proof.fail", by=request.user, data={"path": request.path})
        return problem
    request.session["proved_at"] = timezone.now().isoformat()
    request.session.cycle_key()
    return ""


def posts(request: HttpRequest) -> bool:
    return request.method == "POST"


def proof(when: Callable[[HttpRequest], bool] = posts) -> Callable:
    """Demand a proof of identity for the requests that `when` names: those that write, unless it says otherwise."""

    def decorate(view):
        @wraps(view)
        def inner(request, *args, **kwargs):
            if not when(request) or is_fresh(request):
                return view(request, *args, **kwargs)
            problem = ""
            if {"proof", "passkey"} & request.POST.keys():
                problem = prove(request)
                if not problem:
                    return view(request, *args, **kwargs)
            return ask(request, problem)

        return inner

    return decorate


def takes_away(request: HttpRequest) -> bool:
    """An export: for `@proof(when=takes_away)` on lists that hold personal data unmasked."""
    return "export" in request.GET


def _going(request: HttpRequest) -> str:
    """Where a reader goes on; for an export back to its list, as a file would leave them on this page."""
    return request.path + clean_query(request.GET)


def ask(request: HttpRequest, problem: str = "") -> HttpResponse:
    """The page that asks. What was typed goes along; a fragment's form takes the place of the page."""
    is_post = request.method == "POST"
    kept = [(name, text) for name in request.POST for text in request.POST.getlist(name) if name not in OURS]
    context = {
        "problem": problem, "kept": kept if is_post else [("next", _going(request))], "is_post": is_post,
        "has_factor": sessions.has_factor(request.user), "question": passkeys.question(request, request.user),
        "back": came_from(request), "address": request.get_full_path(), "minutes": setting("proof-minutes"),
    }  # fmt: skip
    if is_fragment(request):
        response = render(request, "unions/factors/_prove.html", context)
        for name, text in {"Retarget": "#main", "Reswap": "innerHTML show:top", "Push-Url": "false"}.items():
            response.headers[f"HX-{name}"] = text
        return response
    return render(request, "unions/factors/prove.html", context, status=422 if problem else 200)
