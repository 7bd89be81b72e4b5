"""The portal's pages and an empty one behind the same middleware and in the same frame."""

from django.http import HttpResponse
from django.template import engines
from django.urls import include, path
from django.views.decorators.http import require_GET

from config.urls import handler400, handler403, handler404, handler500
from unions.kit.http import any_account

EMPTY = "{% extends 'base.html' %}{% block title %}empty{% endblock %}"


@any_account
@require_GET
def empty(request):
    """The frame of every page with nothing in it: session, account, menu, unread count, static files."""
    return HttpResponse(engines["django"].from_string(EMPTY).render({}, request))


@any_account
@require_GET
def bare(request):
    """Not even the frame: what the middleware alone costs."""
    return HttpResponse("ok")


urlpatterns = [path("benchmark/empty/", empty), path("benchmark/bare/", bare), path("", include("config.urls"))]

__all__ = ["handler400", "handler403", "handler404", "handler500"]
