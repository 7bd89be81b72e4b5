"""The links by which a union's members, delegates and committee read what is meant for them: shown, printed, replaced."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from disclosure import pages
from disclosure.enums import LINKED, Readers
from disclosure.models import Bulletin, PublicPage
from disclosure.site import Site
from disclosure.views.public_page import HERE, union_for
from unions.kit.http import requires
from unions.models import Union
from unions.notices import absolute
from unions.permissions import Permission as P
from unions.tokens import qr_of
from unions.workflow import MoveError


def _frame(union: Union, here: str) -> dict:
    return {"union": union, "crumb_union": union, "crumb_here": here, **HERE}


def _site_for(union: Union, readers: str) -> Site:
    if readers not in LINKED:
        raise Http404
    if (page := pages.page_of(union)) is None:
        raise MoveError(_("Save the words of the public page first."))
    return Site(page, Readers(readers))


@requires(P.BULLETIN_APPROVE)
@require_GET
def reader_links(request: HttpRequest, pk: int) -> HttpResponse:
    """Each link with its code and what it opens now."""
    union = union_for(request, pk, P.BULLETIN_APPROVE)
    page = pages.page_of(union)
    rows = Bulletin.objects.filter(union=union).published_to(Readers.COMMITTEE).order_by()
    counts = dict(rows.values_list("readers").annotate(Count("pk")))
    links = [_shown(page, readers, counts) for readers in LINKED] if page else []
    context = {**_frame(union, _("Reading links")), "page": page, "links": links}
    return render(request, "disclosure/reader_links.html", context)


def _shown(page: PublicPage, readers: Readers, counts: dict[str, int]) -> dict:
    """A link and, for whom it was meant, how much it opens."""
    path = Site(page, readers).home
    address = absolute(path)
    opens = [(meant, counts.get(meant, 0)) for meant in reversed(readers.reads)]
    return {
        "readers": readers, "path": path, "address": address, "code": qr_of(address), "opens": opens, "total": sum(n for _meant, n in opens),
        "number": page.link_number(readers),
    }  # fmt: skip


@requires(P.BULLETIN_APPROVE)
@require_GET
def poster(request: HttpRequest, pk: int, readers: str) -> HttpResponse:
    """A sheet of A4 to hang up where these readers alone come by."""
    union = union_for(request, pk, P.BULLETIN_APPROVE)
    address = absolute(_site_for(union, readers).home)
    context = {
        **_frame(union, _("Poster")), "readers": Readers(readers), "address": address, "code": qr_of(address),
    }  # fmt: skip
    return render(request, "disclosure/reader_poster.html", context)


@requires(P.BULLETIN_APPROVE)
@require_POST
def renew(request: HttpRequest, pk: int, readers: str) -> HttpResponse:
    """A new link; the former one and its posters stop at once."""
    union = union_for(request, pk, P.BULLETIN_APPROVE)
    site, number = _site_for(union, readers), request.POST.get("number", "")
    pages.renew_link(
        union, site.readers, by=request.user, number=int(number) if number.isdecimal() and len(number) < 6 else 0
    )
    messages.success(request, _("The link is replaced. Hand the new one out."))
    return redirect("disclosure:reader-links", pk)
