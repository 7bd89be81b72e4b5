"""Pages for what cannot be done: not there, not allowed, changed meanwhile, broken. Each says the way out."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from unions.kit.http import is_fragment
from unions.workflow import Conflict, MoveError


def _problem(request: HttpRequest, status: int, **context) -> HttpResponse:
    template = "problems/_fragment.html" if is_fragment(request) else "problems/page.html"
    return render(request, template, {"status": status, **context}, status=status)


def bad_request(request, exception=None):
    return _problem(request, 400)


def not_allowed(request, exception=None):
    return _problem(request, 403)


def not_found(request, exception=None):
    return _problem(request, 404)


def broken(request):
    return render(request, "problems/broken.html", status=500)


@login_not_required
def csrf_failure(request, reason=""):
    return _problem(request, 403, is_stale_form=True)


def move_refused(request: HttpRequest, problem: MoveError) -> HttpResponse:
    """A refused move; a conflict shows both versions where the record knows how to draw them."""
    versions = None
    if isinstance(problem, Conflict) and hasattr(problem.current, "conflict_rows"):
        versions = problem.current.conflict_rows(request.POST)
    return _problem(request, problem.status, sentence=str(problem), versions=versions)
