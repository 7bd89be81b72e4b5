"""Where a union keeps its public page: its words, opening it, the committee's names, the poster with the code."""

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from disclosure import pages
from disclosure.bulletin_forms import PageForm
from disclosure.models import Bulletin, PublicPage
from unions.access import fetch
from unions.kit.http import requires
from unions.models import Union
from unions.permissions import Permission as P
from unions.workflow import Conflict, MoveError

HERE = {"here_menu": "disclosure:bulletin-list"}


def union_for(request: HttpRequest, pk: int, act: P | None = None) -> Union:
    return fetch(Union.objects.select_related("parent", "middle"), request.user, P.BULLETIN_VIEW, act, pk=pk)


@requires(P.BULLETIN_VIEW)
@require_http_methods(["GET", "POST"])
def public_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page as it stands, and its words to edit."""
    union = union_for(request, pk, P.BULLETIN_APPROVE if request.method == "POST" else None)
    page = pages.page_of(union)
    may_keep = request.user.has_perm(P.BULLETIN_APPROVE, union)
    form = PageForm(request.POST or None, instance=page or PublicPage(union=union)) if may_keep else None
    if request.method == "POST" and form.is_valid():
        revision = request.POST.get("revision", "")
        try:
            pages.edit(
                union, form.cleaned_data, by=request.user, revision=int(revision) if revision.isdecimal() else None
            )
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Saved. It shows at once."))
            return redirect("disclosure:public-page", pk)
    context = {
        "union": union, "page": pages.page_of(union), "form": form, "may_keep": may_keep, "seats": pages.seats_to_publish(union),
        "address": pages.address_of(page) if page else "", "count": Bulletin.objects.published_to_public().filter(union=union).count(),
        "crumb_union": union, "crumb_here": _("Public page"), **HERE,
    }  # fmt: skip
    return render(
        request, "disclosure/public_page.html", context, status=422 if form is not None and form.errors else 200
    )


@requires(P.BULLETIN_APPROVE)
@require_POST
def set_open(request: HttpRequest, pk: int) -> HttpResponse:
    union = union_for(request, pk, P.BULLETIN_APPROVE)
    page = pages.set_open(union, request.POST.get("open") == "1", by=request.user)
    messages.success(request, _("The page is open to everybody.") if page.is_open else _("The page is closed."))
    return redirect("disclosure:public-page", pk)


@requires(P.BULLETIN_APPROVE)
@require_POST
def committee(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the committee's names with their agreement, or take them off the page."""
    union = union_for(request, pk, P.BULLETIN_APPROVE)
    if request.POST.get("publish") != "1":
        pages.withdraw_committee(union, by=request.user)
        messages.success(request, _("The names are off the page."))
    elif request.POST.get("agreed") != "1":
        raise MoveError(_("Names are published with the agreement of those named: tick that they agreed."))
    else:
        pages.publish_committee(union, by=request.user)
        messages.success(request, _("The committee is published."))
    return redirect("disclosure:public-page", pk)


@requires(P.BULLETIN_VIEW)
@require_GET
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet of A4 for the notice board: the code, the address in words, what stands behind it."""
    union = union_for(request, pk)
    page = pages.page_of(union)
    if page is None or not page.is_open:
        raise MoveError(_("Open the page first: the code on the poster would lead nowhere."))
    address = pages.address_of(page)
    context = {
        "union": union, "page": page, "address": address, "code": segno.make(address, error="m").svg_data_uri(scale=10, border=2),
        "crumb_union": union, "crumb_here": _("Poster"), **HERE,
    }  # fmt: skip
    return render(request, "disclosure/poster.html", context)
