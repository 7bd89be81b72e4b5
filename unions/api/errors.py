"""What a refused call looks like: one shape for every problem, with a sentence for people.

{"code": "conflict", "message": "…", "errors": {field: [sentence]}, "current": {"revision": 7, "state": "accepted"}}
A field within another is named by both: “figures.members”, “rows.3.name”.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from unions import explain, wall
from unions.kit.tracing import trace
from unions.workflow import Conflict, Invalid, MoveError, lost_race

CODES = {
    400: "not_understood",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "no_such_method",
    409: "conflict",
    422: "invalid",
    429: "too_many_calls",
    500: "broken",
    503: "out_of_reach",
}
ROOT = "/api/v1/"


def handler(problem: Exception, context: dict) -> Response | None:
    """Every refusal in the same shape; what is not a refusal goes on to Django (500)."""
    if lost := lost_race(problem):
        wall.take_back(context["request"])
        problem = lost
    if isinstance(problem, MoveError):
        response = _refused_move(problem)
        response.refusal = problem
        return response
    if isinstance(problem, ValidationError):
        problem = exceptions.ValidationError(_fields(problem))
    if isinstance(problem, Http404 | exceptions.NotFound):
        message = _("There is nothing here, or it belongs to a union outside your scope.")
        return answer(404, message, explain=explain.address(explain.HIDDEN, trace().permission))
    if isinstance(problem, PermissionDenied | exceptions.PermissionDenied):
        message = _forbidden(problem, context)
        return answer(403, message, explain=explain.address(explain.REFUSED, trace().permission))
    response = exception_handler(problem, context)
    if response is None:
        return None
    if isinstance(problem, exceptions.ValidationError):
        return answer(422, _("Something is missing or wrong."), errors=_sentences(response.data))
    return answer(response.status_code, str(problem.detail), headers=dict(response.items()))


def _forbidden(problem: Exception, context: dict) -> str:
    user = context["request"].user
    if user.is_authenticated and user.must_change_password:
        return _("Change your initial password on the portal's pages first.")
    if "CSRF" in str(problem):
        return str(problem)
    if not user.is_authenticated:
        return _("Sign in first.")
    return explain.sentence(user, explain.missing(problem))


def _refused_move(problem: MoveError) -> Response:
    more = {}
    if isinstance(problem, Invalid):
        more["errors"] = {field: [str(sentence)] for field, sentence in problem.errors.items()}
    if isinstance(problem, Conflict):
        more["current"] = {name: getattr(problem.current, name) for name in ("revision", "state")}
    return answer(problem.status, str(problem), **more)


def _sentences(found: Any, field: str = "") -> dict[str, list[str]]:
    """The sentences of each field on one level, however deep the framework has put them."""
    if isinstance(found, list) and any(isinstance(one, dict) for one in found):
        found = dict(enumerate(found))
    if not isinstance(found, dict):
        sentences = found if isinstance(found, list) else [found]
        return {field or api_settings.NON_FIELD_ERRORS_KEY: [str(sentence) for sentence in sentences]}
    parts: dict[str, list[str]] = {}
    for name, within in found.items():
        if within:
            parts |= _sentences(within, f"{field}.{name}" if field else str(name))
    return parts


def _fields(problem: ValidationError) -> dict | list:
    return problem.message_dict if hasattr(problem, "error_dict") else problem.messages


def answer(code: int, message: str, *, headers: dict | None = None, **more) -> Response:
    data = {"code": CODES.get(code, "refused"), "message": message, **more}
    kept = {
        name: value for name, value in (headers or {}).items() if name in ("WWW-Authenticate", "Retry-After", "Allow")
    }
    return Response(data, status=code, headers=kept)
