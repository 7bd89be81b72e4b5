"""What stands between a session and a page: is it alive, and where does somebody go who must sign in (again)."""

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

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
