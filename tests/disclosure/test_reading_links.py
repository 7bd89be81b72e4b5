"""Links for members, delegates and committee: what each opens, what none does, and that nobody keeps what was read."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disclosure import pages
from disclosure.bulletin_moves import take
from disclosure.enums import LINKED, Readers
from disclosure.models import Bulletin, PublicPage
from disclosure.site import Site
from tests.disclosure.test_public import brought, text, walked
from tests.factories.bulletins import approved, drafted
from unions.models import Event, Union
from unions.tokens import Purpose, make
from unions.workflow import NotAllowed

CIRCLES = ("public", "members", "delegates", "committee", "tier")  # from the widest


def word(union: Union, readers: str) -> str:
    return f"{union.pk}号之{readers}所读"


@pytest.fixture
def page(world) -> PublicPage:
    """A page closed to everybody, and a bulletin with a file for each circle, here and at the neighbour's."""
    for union, by in ((world.factory, world.chair), (world.hotel, world.neighbour)):
        for readers in CIRCLES:
            made = approved(union, by, title=word(union, readers), body=word(union, readers), readers=readers)
            if union == world.factory:
                brought(made, by)
    drafted(world.factory, world.chair, title="草稿鸦雀", readers=Readers.PUBLIC)
    pages.edit(world.hotel, {"welcome": "欢迎"}, by=world.neighbour)
    return pages.edit(world.factory, {"welcome": "工会是职工之家"}, by=world.chair)


@pytest.fixture
def reader() -> Client:
    return Client(headers={"accept-language": "zh-hans"})


@pytest.mark.parametrize("readers", LINKED)
def test_a_walk_by_a_link_meets_what_is_for_its_readers_and_wider_circles_and_nothing_else(
    world, page, reader, readers
):
    site = Site(page, readers)
    found = walked(reader, site.home)
    assert all(address.startswith(site.home) for address in found), sorted(found)
    shown = " ".join(found.values())
    within = CIRCLES[: CIRCLES.index(readers) + 1]
    assert [one for one in CIRCLES if word(world.factory, one) in shown] == list(within)
    assert not any(word(world.hotel, one) in shown for one in CIRCLES) and "鸦雀" not in shown
    assert sum("/files/" in address for address in found) == len(within), "files of what is shown, and those alone"


def test_narrower_bulletins_and_other_links_are_not_there_by_their_address_either(world, page, reader):
    members, committee = Site(page, Readers.MEMBERS), Site(page, Readers.COMMITTEE)
    secret = Bulletin.objects.get(union=world.factory, readers=Readers.COMMITTEE)
    upload = brought(secret, world.chair).pk
    assert b"%PDF" in b"".join(reader.get(committee.of_file(secret, upload)))
    for address in (members.of_bulletin(secret), members.of_file(secret, upload)):
        assert reader.get(address).status_code == 404
    foreign = Bulletin.objects.get(union=world.hotel, readers=Readers.MEMBERS)
    assert reader.get(members.of_bulletin(foreign)).status_code == 404
    seal = make(Purpose.READ_MEMBERS, page.pk)
    for readers, token in (
        ("committee", seal), ("members", seal[:-1] + "x"), ("public", seal), ("tier", seal), ("members", make(Purpose.PUBLISHED, page.pk)),
    ):  # fmt: skip
        response = reader.get(reverse("disclosure:read", args=[readers, token]))
        assert response.status_code == 404 and "索取链接" in text(response), "it says whom to ask"


def test_nobody_keeps_or_indexes_what_is_read_by_a_link(world, page, reader):
    pages.set_open(world.factory, True, by=world.chair)
    site = Site(page, Readers.MEMBERS)
    made = Bulletin.objects.get(union=world.factory, readers=Readers.MEMBERS)
    before = reader.get(reverse("disclosure:public", args=[page.slug]))
    for address in (
        site.home,
        site.listing,
        site.of_bulletin(made),
        site.of_file(made, brought(made, world.chair).pk),
    ):
        response = reader.get(address)
        assert "no-store" in response.headers["Cache-Control"] and "private" in response.headers["Cache-Control"]
        assert response.headers["X-Robots-Tag"] == "noindex" and response.headers["Referrer-Policy"] == "no-referrer"
        assert "ETag" not in response.headers and not response.cookies
        assert b"".join(response)
    after = reader.get(reverse("disclosure:public", args=[page.slug]))
    assert text(before) == text(after) and word(world.factory, "members") not in text(after)
    cache.delete("public.sitemap")
    for address in (
        "/sitemap-pages.xml",
        "/sitemap-bulletins.xml",
        reverse("disclosure:public-feed", args=[page.slug]),
    ):
        assert "/p/read/" not in text(reader.get(address)) and made.code not in text(reader.get(address))
    assert "/p/read/" not in text(reader.get("/robots.txt"))
    home = text(reader.get(site.home))
    assert 'rel="canonical"' not in home and "og:url" not in home and f"/u/{page.slug}/" in home


def test_a_replaced_link_is_dead_at_once_and_says_whom_to_ask(world, page, reader, sign_in):
    old, other = Site(page, Readers.MEMBERS).home, Site(page, Readers.DELEGATES).home
    client = sign_in(world.chair)
    address = reverse("disclosure:reader-renew", args=[world.factory.pk, "members"])
    for _twice in range(2):
        assert client.post(address, {"number": "1"}).status_code == 302
    page.refresh_from_db()
    assert (page.members_link, page.delegates_link) == (2, 1), "sent twice, it is replaced once"
    response = reader.get(old)
    assert response.status_code == 410 and "已更换" in text(response) and world.factory.name in text(response)
    assert word(world.factory, "public") not in text(response)
    assert reader.get(Site(page, Readers.MEMBERS).home).status_code == reader.get(other).status_code == 200
    assert Event.objects.get(action="publicpage.renew_link").data == {"readers": "members"}
    for somebody in (world.clerk, world.street_chair, world.stranger):
        with pytest.raises(NotAllowed):
            pages.renew_link(world.factory, Readers.MEMBERS, by=somebody, number=2)
    Union.objects.filter(pk=world.factory.pk).update(state="dissolved", closed_on=timezone.localdate())
    assert reader.get(other).status_code == 404


def test_what_was_withdrawn_leaves_its_stone_for_whoever_could_read_it(world, page, reader):
    made = Bulletin.objects.get(union=world.factory, readers=Readers.DELEGATES)
    take(made, "withdraw", by=world.chair, reason="数据有误")
    response = reader.get(Site(page, Readers.COMMITTEE).of_bulletin(made))
    assert response.status_code == 410 and "数据有误" in text(response) and made.title not in text(response)
    assert reader.get(Site(page, Readers.MEMBERS).of_bulletin(made)).status_code == 404


def test_whoever_keeps_the_page_has_the_links_with_what_they_open(world, page, sign_in):
    chair = sign_in(world.chair)
    shown = text(chair.get(reverse("disclosure:reader-links", args=[world.factory.pk])))
    for number, readers in enumerate(LINKED, 2):
        site = Site(page, readers)
        assert site.home in shown and f"{number} 条公开信息" in shown
        poster = text(chair.get(reverse("disclosure:reader-poster", args=[world.factory.pk, readers])))
        assert site.home in poster and "data:image/svg+xml" in poster
    links = re.findall(r'href="([^"]+readers=(?:members|delegates|committee)[^"]*)"', shown)
    for link in links:
        assert "1 条" in text(chair.get(link.replace("&amp;", "&"))), "a figure leads to its bulletins"
    made = Bulletin.objects.get(union=world.factory, readers=Readers.DELEGATES)
    detail = reverse("disclosure:bulletin", args=[made.pk])
    assert Site(page, Readers.DELEGATES).of_bulletin(made) in text(chair.get(detail))
    assert chair.get(reverse("disclosure:reader-poster", args=[world.factory.pk, "tier"])).status_code == 404
    assert "/p/read/" not in text(sign_in(world.clerk).get(detail)), "the link is not everybody's to hand out"
