"""What people without an account open: the notice with its papers, and signing in by the code on the screen.

A link is 128 derived bits (assemblies/links.py). Whoever has it sees the notice, or may say who they are; nothing of the
list of those due is shown. Whatever is wrong answers as what does not exist.
"""

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assemblies import attendees, links
from assemblies.models import Meeting
from assemblies.papers import papers_of
from unions.kit.http import client_address
from unions.kit.names import fold_name
from unions.uploads import handed_out
from unions.wall import system

WINDOW = 600  # seconds in which wrong tries are counted
TRIES_EACH = 10  # with one number, or with one name: whoever guesses knows one of the two
# A hall shares one address, and whoever comes here has the code of its screen: three slips for each person on the list.
TRIES_AT_ADDRESS, SLIPS_EACH = 60, 3


def _private(response: HttpResponse) -> HttpResponse:
    """The address is the key: no search engine takes it up, no cache keeps it. That it goes into no other site's log is the
    referrer policy of all pages (same-origin; with none at all a browser would send forms without their origin)."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


def _of_papers(pk: int, token: str) -> Meeting:
    meeting = get_object_or_404(Meeting.objects.select_related("union"), pk=pk)
    if meeting.called_at is None or not links.opens_papers(token, meeting):
        raise Http404
    return meeting


@login_not_required
@require_GET
def papers(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """The notice as it was sent: when, where, the agenda, the papers."""
    with system("shows a notice to whoever has its link"):
        meeting = _of_papers(pk, token)
        context = {
            "meeting": meeting, "union": meeting.union, "agenda": list(meeting.agenda.all()), "token": token,
            "papers": papers_of(meeting),
        }  # fmt: skip
    return _private(render(request, "assemblies/public_papers.html", context))


@login_not_required
@require_GET
def paper(request: HttpRequest, pk: int, token: str, upload: int) -> HttpResponse:
    with system("hands a paper to whoever has the link of the notice"):
        meeting = _of_papers(pk, token)
        found = next((each for each in papers_of(meeting) if each.pk == upload), None)
        if found is None:
            raise Http404
        return _private(handed_out(found))


# --- signing in ----------------------------------------------------------------------------------------------------


def _tries(meeting: Meeting, request: HttpRequest, number: int, name: str) -> list[tuple[str, int]]:
    """What wrong tries are counted by, and how many of each there may be."""
    at_address = max(TRIES_AT_ADDRESS, SLIPS_EACH * meeting.attendees.count())
    named = hashlib.sha256(fold_name(name).encode()).hexdigest()[:32]
    return [
        (f"sign-in.{meeting.pk}.a.{client_address(request)}", at_address),
        (f"sign-in.{meeting.pk}.n.{number}", TRIES_EACH),
        (f"sign-in.{meeting.pk}.w.{named}", TRIES_EACH),
    ]


def _is_exhausted(tries: list[tuple[str, int]]) -> bool:
    return any((cache.get(key) or 0) >= most for key, most in tries)


def _count_wrong(tries: list[tuple[str, int]]) -> None:
    for key, _most in tries:
        cache.add(key, 0, WINDOW)
        cache.incr(key)


@login_not_required
@require_http_methods(["GET", "POST"])
@transaction.atomic
def sign_in(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """Number and name, as they stand on the list: that is all, on any phone."""
    with system("signs somebody in by the code on the screen"):
        meeting = Meeting.objects.select_related("union").filter(pk=pk).first()
        if meeting is None or not links.opens_sign_in(token, meeting, is_typed=request.method == "POST"):
            return _private(render(request, "assemblies/public_stale.html", status=404))
        context = {"meeting": meeting, "union": meeting.union, "number": "", "name": ""}
        if not meeting.takes_attendance:
            context["closed"] = True
        elif request.method == "POST":
            context |= _signed_in(request, meeting)
        status = 429 if context.get("exhausted") else 422 if context.get("error") else 200
    return _private(render(request, "assemblies/public_sign_in.html", context, status=status))


def _signed_in(request: HttpRequest, meeting: Meeting) -> dict:
    number, name = request.POST.get("number", "").strip(), request.POST.get("name", "").strip()[:40]
    given = {"number": number[:6], "name": name}
    if not (number.isdecimal() and len(number) <= 6 and name):
        return {**given, "error": _("Give both your number and your name.")}
    tries = _tries(meeting, request, int(number), name)
    if _is_exhausted(tries):
        return {
            **given,
            "exhausted": True,
            "error": _("Too many wrong tries. Please ask the organiser to sign you in."),
        }
    person = attendees.sign_in(meeting, int(number), name)
    if person is None:
        _count_wrong(tries)
        return {
            **given,
            "error": _("Number and name do not belong together. Look at the list of those due or ask the organiser."),
        }
    return {**given, "person": person}
