"""What anybody reads without an account: a union's page, its bulletins and their files, the feed, the list for search
engines. No script, no cookie, nothing asked of the reader.

The wall is crossed for this alone, and everything passes `open_to_public` and `published_to`. What is not public is answered
as what does not exist; what was withdrawn says so (410). The `show_` functions draw the same pages for the readers of a
link too (disclosure/views/reading.py).
"""

from collections.abc import Callable, Iterable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from disclosure.bulletins import FILE, ready_files
from disclosure.cache import FRESH, kept
from disclosure.models import Bulletin, Category, PublicPage
from disclosure.site import Site
from disclosure.sitemaps import index_of_sitemaps, sitemap_of
from unions import uploads
from unions.kit.pagination import ListPaginator
from unions.models import Upload
from unions.notices import absolute
from unions.wall import system

NEWEST, PER_PAGE, LAST_PAGE = 8, 20, 500
LARGE = "large"


def public(view: Callable) -> Callable:
    """A view for everybody: given the site of the short address, drawn once and then served from the cache."""

    @wraps(view)
    def inner(request: HttpRequest, slug: str, **given: str) -> HttpResponse:
        def draw() -> HttpResponse:
            with system("serves a public page"), transaction.atomic():
                return view(request, Site(open_page(slug)), **given)

        return kept(request, slug, (view.__name__, *given.values(), *_asked(request)), draw)

    return login_not_required(require_safe(inner))


def _asked(request: HttpRequest) -> tuple[str, str, int]:
    """The only parts of the question that matter; anything else would fill the cache with copies."""
    number = request.GET.get("page", "")
    page = min(int(number), LAST_PAGE) if number.isdecimal() and len(number) < 5 else 1
    category = request.GET.get("category", "")[:20]
    return ("large" if request.GET.get("text") == LARGE else "", category, page)


def open_page(slug: str) -> PublicPage:
    page = (
        PublicPage.objects.open_to_public().select_related("union__middle", "union__parent").filter(slug=slug).first()
    )
    if page is None:
        raise Http404
    return page


def frame(request: HttpRequest, site: Site) -> dict:
    """What every public page shows around its content; `keep` carries the large text from page to page."""
    is_large, _category, _page = _asked(request)
    return {
        "site": site, "page": site.page, "union": site.union, "is_large": bool(is_large), "keep": "?text=large" if is_large else "",
        "canonical": absolute(request.path), "path": request.path,
    }  # fmt: skip


def _placed(site: Site, rows: Iterable[Bulletin]) -> Iterable[Bulletin]:
    """Each with the address at which these readers find it."""
    for one in rows:
        one.address = site.of_bulletin(one)
    return rows


def show_home(request: HttpRequest, site: Site) -> HttpResponse:
    """The page itself: newest bulletins, services, committee as published, how to reach the union, the tier above."""
    page, rows = site.page, site.bulletins().select_related("item__category").order_by("-published_at", "-pk")
    services = _placed(site, list(rows.filter(item__category__key="services")[:3]))
    above = PublicPage.objects.open_to_public().select_related("union").filter(union=page.union.superior_id).first()
    context = {
        **frame(request, site), "newest": _placed(site, list(rows[:NEWEST])), "services": services,
        "service_lines": [line.strip() for line in page.services.splitlines() if line.strip()], "above": above,
        "description": page.welcome,
    }  # fmt: skip
    return render(request, "disclosure/public/home.html", context)


def show_bulletins(request: HttpRequest, site: Site) -> HttpResponse:
    """All that these readers may read now, by category."""
    rows = site.bulletins()
    counts = dict(rows.order_by().values_list("item__category").annotate(Count("pk")))
    categories = [(category, counts[category.pk]) for category in Category.objects.filter(pk__in=counts)]
    _large, key, number = _asked(request)
    chosen = next((category for category, _count in categories if category.key == key), None)
    if chosen:
        rows = rows.filter(item__category=chosen)
    rows = rows.select_related("item__category").order_by("-published_at", "-pk")
    context = {
        **frame(request, site), "categories": categories, "chosen": chosen, "total": sum(counts.values()),
        "listed": _placed(site, ListPaginator(rows, PER_PAGE).get_page(number)),
    }  # fmt: skip
    return render(request, "disclosure/public/bulletins.html", context)


def show_bulletin(request: HttpRequest, site: Site, code: str) -> HttpResponse:
    """One bulletin with its files, or the stone of one that was withdrawn."""
    found = site.bulletins().select_related("item__category", "meeting").filter(code=code).first()
    if found is None:
        rows = Bulletin.objects.withdrawn_from(site.readers)
        if (gone := rows.filter(union=site.page.union_id, code=code).first()) is None:
            raise Http404
        context = {**frame(request, site), "at": gone.withdrawn_at, "reason": gone.withdrawn_reason}
        response = render(request, "disclosure/public/withdrawn.html", context, status=410)
        response.headers["X-Robots-Tag"] = "noindex"
        return response
    files = ready_files(found)
    for one in files:
        one.address = site.of_file(found, one.pk)
    context = {
        **frame(request, site), "bulletin": found, "files": files,
        "description": " ".join(found.body.split())[:120],
    }  # fmt: skip
    return render(request, "disclosure/public/bulletin.html", context)


home, bulletins, bulletin = public(show_home), public(show_bulletins), public(show_bulletin)


def given_file(site: Site, code: str, upload: int) -> HttpResponse:
    """A file of a bulletin that these readers may read, as a download."""
    found = site.bulletins().filter(code=code).first()
    rows = Upload.objects.filter(union=site.page.union_id, purpose=FILE.key)
    if found is None or (given := rows.filter(object_id=found.pk, pk=upload).first()) is None:
        raise Http404
    return uploads.handed_out(given)


@login_not_required
@require_safe
def file(request: HttpRequest, slug: str, code: str, upload: int) -> HttpResponse:
    """A file of a public bulletin, as a download."""
    with system("hands out a file of a public bulletin"), transaction.atomic():
        response = given_file(Site(open_page(slug)), code, upload)
    if not request.user.is_authenticated:
        response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    patch_vary_headers(response, ["Cookie"])
    return response


@login_not_required
@require_safe
def sitemaps(request: HttpRequest) -> HttpResponse:
    """The list of lists for search engines."""
    return _for_engines(request, "index", lambda: index_of_sitemaps(request))


@login_not_required
@require_safe
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """The addresses of all open pages, or of all their bulletins."""
    number = str(_asked(request)[2])
    return _for_engines(request, f"{section}.{number}", lambda: sitemap_of(request, section, number))


def _for_engines(request: HttpRequest, name: str, make: Callable) -> HttpResponse:
    def draw() -> HttpResponse:
        with system("lists public pages for search engines"), transaction.atomic():
            return make().render()

    return kept(request, "sitemap", (name, request.get_host()), draw)


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines read the public pages and nothing else."""
    lines = [
        "User-agent: *",
        "Allow: /u/",
        "Allow: /static/",
        "Disallow: /",
        f"Sitemap: {absolute('/sitemap.xml')}",
        "",
    ]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    if not request.user.is_authenticated:
        response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    return response
