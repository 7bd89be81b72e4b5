"""Every request: its number, is the view declared, may this account open it, must it change its password first; what a
refused move looks like, and what is recorded of refusals."""

from dataclasses import replace

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import BadRequest, ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.utils import translation
from rest_framework.permissions import SAFE_METHODS

from unions import audit, wall
from unions.kit.http import client_address, declared, demanded
from unions.kit.tracing import begin
from unions.settingbook import held
from unions.workflow import MoveError, lost_race

BEFORE_NEW_PASSWORD = {"unions:password", "unions:sign-out", "unions:language"}


class TraceMiddleware:
    """The outermost: whatever is logged or recorded below belongs to a numbered request. A proxy of ours may have
    numbered it already; nobody else may."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXY else ""
        request.trace = begin(given, client_address(request))
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request.trace.request_id
        return response

    def process_view(self, request, view, args, kwargs):
        request.trace.permission = demanded(view, request.method) or ""


class AuditMiddleware:
    """Inside the request's transaction: an answer whose record cannot be written is not given."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        audit.witness(request, response)
        return response


class WallMiddleware:
    """A request that writes, or whose person has signed in, is one transaction with that person's pass, rendering included.
    A failure takes all of it back; a refusal does not: what was typed before it, and what it records, must stay. Whoever
    has not signed in stays the login role without rights."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_known = SESSION_KEY in request.session
        if not is_known and request.method in SAFE_METHODS:
            return self.get_response(request)
        with transaction.atomic():
            response = self._answer(request) if is_known else self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def _answer(self, request):
        with wall.system("reads who asks"):
            user = request.user
            given = wall.pass_of(user) if user.is_authenticated else wall.NOBODY
        with wall.under(replace(given, statement_timeout=settings.PAGE_STATEMENT_TIMEOUT)):
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method not in SAFE_METHODS:
            wall.begin_view(request)


class AccountMiddleware:
    """Default deny: a view that neither names its permission nor is public is an error, not an open door."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if user.is_authenticated and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        if user.is_authenticated:
            # A shared office PC must not show the last person's pages to the next one's “back” button.
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request, view, args, kwargs):
        if not declared(view):
            raise ImproperlyConfigured(
                f"{view.__module__}.{view.__name__} declares no permission (unions/kit/http.py)"
            )
        user = request.user
        if not user.is_authenticated:
            return None
        if getattr(view, "answers_json", False):  # the API refuses by itself, in JSON
            return None
        if user.must_change_password and request.resolver_match.view_name not in BEFORE_NEW_PASSWORD:
            return redirect("unions:password")
        permission = getattr(view, "permission", None)
        if permission is not None and not user.has_perm(permission):
            raise PermissionDenied
        return None


class TextMiddleware:
    """PostgreSQL cannot store NUL and no keyboard writes it: what has one in a field is refused whole, before any view.
    The API says so on the field by itself."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        given = () if getattr(view, "answers_json", False) else (request.GET, request.POST)
        if any("\x00" in value for fields in given for _name, values in fields.lists() for value in values):
            raise BadRequest("NUL in a field")


class SettingsMiddleware:
    """The district's settings are read at most once a request, and anew by the next."""

    def __init__(self, get_response):
        self.get_response = held()(get_response)

    def __call__(self, request):
        return self.get_response(request)


class ProblemMiddleware:
    """A move refused deep down becomes a page, a fragment or JSON with the right status and a way out."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        refused = exception
        if not isinstance(exception, MoveError):
            refused = lost_race(exception)
            if refused is None:
                return None
            wall.take_back(request)
        from unions.views.problems import move_refused

        return move_refused(request, refused)
