"""Every request: is the view declared, may this account open it, must it change its password first; and what a
refused move looks like."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.shortcuts import redirect
from django.utils import translation

from unions.kit.http import declared
from unions.settingbook import held
from unions.workflow import MoveError, lost_race

BEFORE_NEW_PASSWORD = {"unions:password", "unions:sign-out", "unions:language"}


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
        refused = exception if isinstance(exception, MoveError) else lost_race(exception)
        if refused is None:
            return None
        from unions.views.problems import move_refused

        return move_refused(request, refused)
