"""What stands between a session and a page: is it alive, and where does somebody go who must sign in (again)."""

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from unions import assists
from unions.kit.http import is_fragment, page_behind
from unions.sessions import Waits, waits_for


class SessionMiddleware:
    """Keeps the time at which somebody was last at it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            request.session.touch()
        return self.get_response(request)


class FactorMiddleware:
    """Whoever has given the password but not yet the second factor is a stranger to every page; `request.pending` is who
    they would be, and is known to the pages that ask for the factor alone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.pending = None
        user = request.user
        if user.is_authenticated:
            request.waits_for = waits_for(request.session, user)
            if request.waits_for:
                request.pending, request.user = user, AnonymousUser()
        return self.get_response(request)


class AssistMiddleware:
    """Who looks on as another account sees what that account sees, and does nothing: no method that writes, no file to
    take away, no page about the person alone. `request.assist` says so to templates, `request.actor` is who it really is."""

    ALWAYS = ("unions:assist-end", "unions:sign-out", "unions:language")
    OF_NOBODY = {"unions:home", "unions:search"}  # pages for every account that show nothing personal

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor, request.assist = request.user, None
        if request.user.is_authenticated and request.path not in {reverse(name) for name in self.ALWAYS}:
            request.assist = assists.current(request)
            if request.assist:
                request.user = request.assist.account
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.assist:
            return None
        is_reading = request.method in ("GET", "HEAD") and "export" not in request.GET
        is_open = getattr(view, "permission", None) is not None or request.resolver_match.view_name in self.OF_NOBODY
        if is_reading and is_open and not getattr(view, "answers_json", False):
            return None
        raise PermissionDenied(_("You are looking on as another account: reading is all there is."))


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends strangers to the sign-in page, with the reason where their session has ended. A fragment is told by header:
    a sign-in page would otherwise appear in the middle of theirs."""

    def handle_no_permission(self, request, view_func):
        given = {REDIRECT_FIELD_NAME: page_behind(request)}
        page = "unions:sign-in"
        if request.pending:
            page = "unions:factor-ask" if request.waits_for is Waits.FACTOR else "unions:code-app"
        if why := getattr(request.session, "ended_for", ""):
            given["ended"] = why
        address = f"{reverse(page)}?{urlencode(given)}"
        if is_fragment(request):
            return HttpResponse(status=401, headers={"HX-Redirect": address})
        return redirect(address)
