"""A union's public bulletins as a feed (RSS), for readers and for other sites that show them."""

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from disclosure.models import Bulletin, PublicPage
from disclosure.pages import address_of
from disclosure.site import Site
from disclosure.views.public import public
from unions.notices import absolute

SHOWN = 30


class Bulletins(Feed):
    """Addresses are the portal's own, not those that a request claims."""

    def get_object(self, request: HttpRequest, page: PublicPage) -> PublicPage:
        return page

    def title(self, page: PublicPage) -> str:
        return _("%(union)s: disclosure of affairs") % {"union": page.union.name}

    def link(self, page: PublicPage) -> str:
        return address_of(page)

    def feed_url(self, page: PublicPage) -> str:
        return absolute(reverse("disclosure:public-feed", args=[page.slug]))

    def description(self, page: PublicPage) -> str:
        return page.welcome

    def items(self, page: PublicPage) -> list[Bulletin]:
        rows = Bulletin.objects.published_to_public().filter(union=page.union_id).select_related("item__category")
        found = list(rows.order_by("-published_at", "-pk")[:SHOWN])
        for one in found:
            one.slug = page.slug
        return found

    def item_title(self, item: Bulletin) -> str:
        return item.title

    def item_description(self, item: Bulletin) -> str:
        return item.body

    def item_link(self, item: Bulletin) -> str:
        return absolute(reverse("disclosure:public-bulletin", args=[item.slug, item.code]))

    def item_guid(self, item: Bulletin) -> str:
        return item.code

    item_guid_is_permalink = False

    def item_pubdate(self, item: Bulletin):
        return item.published_at

    def item_categories(self, item: Bulletin) -> list[str]:
        return [str(item.item.category)]


@public
def feed(request: HttpRequest, site: Site) -> HttpResponse:
    """The newest thirty."""
    return Bulletins()(request, page=site.page)
