"""What stands between a session and a page: is it alive, and where does somebody go who must sign in (again)."""

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from unions.kit.http import is_fragment, page_behind


class SessionMiddleware:
    """Keeps the time at which somebody was last at it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            request.session.touch()
        return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends strangers to the sign-in page, with the reason where their session has ended. A fragment is told by header:
    a sign-in page would otherwise appear in the middle of theirs."""

    def handle_no_permission(self, request, view_func):
        given = {REDIRECT_FIELD_NAME: page_behind(request)}
        if why := getattr(request.session, "ended_for", ""):
            given["ended"] = why
        address = f"{reverse('unions:sign-in')}?{urlencode(given)}"
        if is_fragment(request):
            return HttpResponse(status=401, headers={"HX-Redirect": address})
        return redirect(address)
