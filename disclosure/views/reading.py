"""What members, delegates and committee read of their union by its link for them, without an account.

The wall is crossed for the one page that the link names. Nothing is kept by any cache, indexed, or told to another site as
where the reader came from. A link that leads nowhere says whom to ask.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from disclosure.enums import LINKED, Readers
from disclosure.models import PublicPage
from disclosure.site import Site, purpose_of
from disclosure.views.public import given_file, show_bulletin, show_bulletins, show_home
from unions import tokens
from unions.enums import UnionState
from unions.wall import system


def by_reading_link(view: Callable) -> Callable:
    """A view for whoever holds a union's link for readers: given the site that it opens."""

    @wraps(view)
    def inner(request: HttpRequest, readers: str, token: str, **given) -> HttpResponse:
        response = _answer(view, request, readers, token, given)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return login_not_required(never_cache(require_safe(inner)))


def _answer(view: Callable, request: HttpRequest, readers: str, token: str, given: dict) -> HttpResponse:
    if readers not in LINKED or (link := tokens.read(purpose_of(Readers(readers)), token)) is None:
        return _unknown(request)
    with system("serves whoever holds a union's link for readers"), transaction.atomic():
        rows = PublicPage.objects.select_related("union__middle", "union__parent")
        page = rows.filter(pk=link.pk, union__state=UnionState.ACTIVE).first()
        if page is None:
            return _unknown(request)
        if page.link_number(readers) != link.number:
            return render(request, "disclosure/public/no_link.html", {"union": page.union}, status=410)
        response = view(request, Site(page, Readers(readers)), **given)
        response.headers["Referrer-Policy"] = "no-referrer"  # the address opens something: no other site learns it
        return response


def _unknown(request: HttpRequest) -> HttpResponse:
    try:
        return tokens.refuse(request)
    except Http404:
        if request.user.is_authenticated:
            raise  # the portal's own page tells them why
        return render(request, "disclosure/public/no_link.html", status=404)


@by_reading_link
def home(request: HttpRequest, site: Site) -> HttpResponse:
    """The union's page with the newest of what these readers may read."""
    return show_home(request, site)


@by_reading_link
def bulletins(request: HttpRequest, site: Site) -> HttpResponse:
    """All of it, by category."""
    return show_bulletins(request, site)


@by_reading_link
def bulletin(request: HttpRequest, site: Site, code: str) -> HttpResponse:
    """One bulletin, or the stone of one that was withdrawn."""
    return show_bulletin(request, site, code)


@by_reading_link
def file(request: HttpRequest, site: Site, code: str, upload: int) -> HttpResponse:
    """A file of such a bulletin, as a download."""
    return given_file(site, code, upload)
