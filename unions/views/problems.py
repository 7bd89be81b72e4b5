"""Pages for what cannot be done: not there, not allowed, changed meanwhile, broken. Each says the way out.

Below the API's address the answer is the API's own shape of a problem, also where no resource was reached.
"""

import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from unions import explain
from unions.api.errors import CODES, ROOT
from unions.kit.http import is_fragment
from unions.workflow import Conflict, MoveError

OUT_OF_REACH = (OperationalError, InterfaceError, RedisError)


def _call_refused(status: int) -> JsonResponse:
    messages = {
        400: _("The call cannot be understood."),
        403: _("Your appointment does not include this."),
        404: _("There is nothing here, or it belongs to a union outside your scope."),
        500: _("Something went wrong on our side. Nothing was saved; please try again."),
        503: _("The portal cannot reach its database or its queue just now. Please try again in a minute."),
    }
    return JsonResponse({"code": CODES[status], "message": messages[status]}, status=status)


def _problem(request: HttpRequest, status: int, **context) -> HttpResponse:
    if request.path.startswith(ROOT) and status in (400, 403, 404):
        return _call_refused(status)
    template = "problems/_fragment.html" if is_fragment(request) else "problems/page.html"
    return render(request, template, {"status": status, **context}, status=status)


def bad_request(request, exception=None):
    return _problem(request, 400)


def not_allowed(request, exception=None):
    """What is missing, in a sentence; the page behind it says more."""
    if not request.user.is_authenticated:
        return _problem(request, 403, sentence=_("Sign in first."))
    return _problem(request, 403, sentence=explain.sentence(request.user, explain.missing(exception)))


def not_found(request, exception=None):
    return _problem(request, 404)


def broken(request):
    """A failure; or, where the database or the queue cannot be reached, when to come back. Neither page asks the
    database who is reading it."""
    status = 503 if isinstance(sys.exc_info()[1], OUT_OF_REACH) else 500
    if request.path.startswith(ROOT):
        response = _call_refused(status)
    else:
        page = "problems/out_of_reach.html" if status == 503 else "problems/broken.html"
        response = HttpResponse(render_to_string(page), status=status)
    if status == 503:
        response.headers["Retry-After"] = "60"
    return response


@login_not_required
def csrf_failure(request, reason=""):
    return _problem(request, 403, is_stale_form=True)


def move_refused(request: HttpRequest, problem: MoveError) -> HttpResponse:
    """A refused move; a conflict shows both versions where the record knows how to draw them."""
    versions, is_conflict = None, isinstance(problem, Conflict)
    if is_conflict and hasattr(problem.current, "conflict_rows"):
        versions = problem.current.conflict_rows(request.POST)
    response = _problem(request, problem.status, sentence=str(problem), versions=versions, is_conflict=is_conflict)
    response.refusal = problem
    return response
