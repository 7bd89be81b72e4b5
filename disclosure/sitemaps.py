"""The open pages and their bulletins, as search engines want them listed. Called beyond the wall by the views of public
pages."""

from django.contrib.sitemaps import Sitemap, views
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from disclosure.models import Bulletin, PublicPage


class Pages(Sitemap):
    limit = 5000
    changefreq = "daily"

    def items(self):
        return PublicPage.objects.open_to_public().order_by("pk").only("slug", "updated_at")

    def location(self, item: PublicPage) -> str:
        return reverse("disclosure:public", args=[item.slug])

    def lastmod(self, item: PublicPage):
        return item.updated_at

    def get_latest_lastmod(self):
        """Not asked of every page: the list is read anew anyway."""


class Bulletins(Sitemap):
    limit = 5000

    def items(self):
        slug = PublicPage.objects.open_to_public().filter(union=OuterRef("union")).values("slug")
        rows = Bulletin.objects.published_to_public().annotate(slug=Subquery(slug[:1])).exclude(slug=None)
        return rows.order_by("-pk").only("code", "published_at")

    def location(self, item: Bulletin) -> str:
        return reverse("disclosure:public-bulletin", args=[item.slug, item.code])

    def lastmod(self, item: Bulletin):
        return item.published_at

    def get_latest_lastmod(self):
        """As of the pages."""


SECTIONS = {"pages": Pages, "bulletins": Bulletins}


def index_of_sitemaps(request: HttpRequest) -> TemplateResponse:
    return views.index(request, sitemaps=SECTIONS, sitemap_url_name="disclosure:sitemap")


def sitemap_of(request: HttpRequest, section: str, number: str) -> TemplateResponse:
    request.GET = request.GET.copy()
    request.GET["p"] = number
    return views.sitemap(request, sitemaps=SECTIONS, section=section)
