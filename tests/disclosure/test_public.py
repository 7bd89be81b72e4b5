"""The public site: what anybody reads without an account, what nobody does, and that it stays small and quick."""

import re
import time
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assemblies.models import Seat
from disclosure import bulletins, pages
from disclosure.bulletin_moves import take
from disclosure.enums import Readers
from disclosure.models import Bulletin, PublicPage
from tests.factories.assemblies import term_of
from tests.factories.bulletins import approved, drafted
from unions import uploads
from unions.models import Event, Union
from unions.wall import NOBODY, under
from unions.workflow import NotAllowed

HIDDEN = "鸦雀"  # stands in whatever the public may not see
FIRST_LOAD = 150_000


@pytest.fixture
def open_page(world) -> PublicPage:
    pages.edit(world.factory, {"welcome": "工会是职工之家", "contact": "办公电话 010-65099999"}, by=world.chair)
    return pages.set_open(world.factory, True, by=world.chair)


@pytest.fixture
def reader() -> Client:
    return Client(headers={"accept-language": "zh-hans"})


def home(page: PublicPage) -> str:
    return reverse("disclosure:public", args=[page.slug])


def text(response) -> str:
    return response.content.decode()


def test_anybody_reads_the_page_without_an_account_a_cookie_or_a_script(world, open_page, reader):
    made = approved(world.factory, world.chair)
    response = reader.get(home(open_page))
    page = text(response)
    assert response.status_code == 200
    assert made.title in page and "工会是职工之家" in page and "010-65099999" in page
    assert "<script" not in page and not response.cookies
    assert reader.get(reverse("disclosure:public-bulletin", args=[open_page.slug, made.code])).status_code == 200


def test_a_page_that_was_not_opened_is_not_there(world, reader):
    page = pages.edit(world.factory, {"welcome": "欢迎"}, by=world.chair)
    assert reader.get(home(page)).status_code == 404
    pages.set_open(world.factory, True, by=world.chair)
    assert reader.get(home(page)).status_code == 200


def test_a_closed_union_has_no_page(world, open_page, reader):
    Union.objects.filter(pk=world.factory.pk).update(state="dissolved", closed_on=timezone.localdate())
    assert reader.get(home(open_page)).status_code == 404


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("href", "src", "action") and value]


def walked(reader: Client, start: str) -> dict[str, str]:
    """Every address that the pages lead to, and what each said."""
    seen, waiting = {}, [start]
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith("/static/"):
            continue
        response = reader.get(address)
        body = b"".join(response) if response.streaming else response.content
        seen[address] = body.decode("utf-8", "replace")
        assert response.status_code in (200, 410), f"{address}: {response.status_code}"
        if response.headers["Content-Type"].startswith("text/html"):
            links = Links()
            links.feed(seen[address])
            waiting += [urljoin(address, link).partition("#")[0] for link in links.found if not urlsplit(link).netloc]
    return seen


def test_a_walk_through_the_whole_site_meets_nothing_that_is_not_public(world, open_page, reader):
    chair = world.chair
    approved(world.factory, chair, title="公开的通知")
    for readers in (Readers.MEMBERS, Readers.DELEGATES, Readers.COMMITTEE, Readers.TIER):
        approved(world.factory, chair, title=f"{HIDDEN}{readers}", body=HIDDEN, readers=readers)
    drafted(world.factory, chair, title=f"{HIDDEN}草稿", body=HIDDEN)
    approved(world.factory, chair, title=f"{HIDDEN}待发", publish_at=timezone.now() + timedelta(days=1))
    gone = approved(world.factory, chair, title=f"{HIDDEN}撤回", body=HIDDEN)
    take(gone, "withdraw", by=chair, reason="数据有误")
    old = approved(world.factory, chair, title=f"{HIDDEN}到期")
    Bulletin.objects.filter(pk=old.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    approved(world.hotel, world.neighbour, title=f"{HIDDEN}别家")
    Union.objects.filter(pk=world.factory.pk).update(chair_name=HIDDEN, address=HIDDEN, credit_code=HIDDEN)
    Seat.objects.create(term=term_of(world.factory), name=f"{HIDDEN}委员", since="2024-03-01")
    found = walked(reader, home(open_page))
    for extra in ("sitemap.xml", "sitemap-pages.xml", "sitemap-bulletins.xml", "robots.txt"):
        found |= {extra: text(reader.get(f"/{extra}"))}
    found |= walked(reader, reverse("disclosure:public-feed", args=[open_page.slug]))
    assert [address for address, body in found.items() if HIDDEN in body] == []
    assert all(address.startswith((home(open_page), "sitemap", "robots")) for address in found), sorted(found)
    assert sum("公开的通知" in body for body in found.values()) >= 4


@pytest.mark.parametrize("readers", [value for value in Readers.values if value != Readers.PUBLIC])
def test_what_is_not_for_everybody_is_not_there_by_its_address_either(world, open_page, reader, readers):
    made = approved(world.factory, world.chair, readers=readers, category="accounts")
    file = brought(made, world.chair)
    for name, more in (("public-bulletin", []), ("public-file", [file.pk])):
        assert reader.get(reverse(f"disclosure:{name}", args=[open_page.slug, made.code, *more])).status_code == 404


def brought(bulletin, by):
    given = SimpleUploadedFile("附表.pdf", b"%PDF-1.4\n%%EOF\n")
    return uploads.receive(given, purpose=bulletins.FILE, union=bulletin.union, by=by, object_id=bulletin.pk)


def test_files_of_a_public_bulletin_are_downloads_and_nothing_else_is(world, open_page, reader):
    made = approved(world.factory, world.chair)
    own, other = brought(made, world.chair), brought(drafted(world.factory, world.chair), world.chair)
    address = lambda file: reverse("disclosure:public-file", args=[open_page.slug, made.code, file.pk])  # noqa: E731
    response = reader.get(address(own))
    assert response.status_code == 200 and response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"] and b"".join(response)
    assert reader.get(address(other)).status_code == 404


def test_without_crossing_the_wall_the_database_shows_a_reader_nothing(world, open_page):
    from django.db import ProgrammingError, transaction

    with under(NOBODY), pytest.raises(ProgrammingError), transaction.atomic():
        list(PublicPage.objects.all())


def test_a_withdrawn_bulletin_says_when_and_why_and_no_more(
    world, open_page, reader, django_capture_on_commit_callbacks
):
    made = approved(world.factory, world.chair, title="错误的公示", body="错误的数字")
    address = reverse("disclosure:public-bulletin", args=[open_page.slug, made.code])
    assert "错误的数字" in text(reader.get(address)) and "错误的公示" in text(reader.get(home(open_page)))
    with django_capture_on_commit_callbacks(execute=True):
        take(made, "withdraw", by=world.chair, reason="数据有误，另行公布")
    response = reader.get(address)
    assert response.status_code == 410 and "数据有误，另行公布" in text(response)
    assert "错误的" not in text(response).replace("数据有误", "")
    assert "错误的公示" not in text(reader.get(home(open_page))), "at once, though the page was kept"


def test_a_bulletin_shows_at_once_though_the_page_was_kept(
    world, open_page, reader, django_capture_on_commit_callbacks
):
    assert "冬季送温暖" not in text(reader.get(home(open_page)))
    with django_capture_on_commit_callbacks(execute=True):
        made = approved(world.factory, world.chair)
    assert made.title in text(reader.get(home(open_page)))


# Quick


def test_a_kept_page_asks_the_database_nothing(world, open_page, reader, django_assert_num_queries):
    reader.get(home(open_page))
    with django_assert_num_queries(0):
        assert reader.get(home(open_page)).status_code == 200


def test_a_browser_that_has_the_page_is_told_so(world, open_page, reader):
    first = reader.get(home(open_page))
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = reader.get(home(open_page), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.content


def test_questions_that_mean_nothing_are_not_kept_apart(world, open_page, reader, django_assert_num_queries):
    reader.get(home(open_page))
    with django_assert_num_queries(0):
        reader.get(f"{home(open_page)}?utm=1234&x={time.time()}")


def test_somebody_signed_in_keeps_nothing_on_the_machine(world, open_page, sign_in):
    response = sign_in(world.chair).get(home(open_page))
    assert response.status_code == 200 and "no-store" in response.headers["Cache-Control"]


def test_without_a_cache_the_page_is_drawn_anyway(world, open_page, reader, monkeypatch):
    def broken(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(cache, "get", broken)
    monkeypatch.setattr(cache, "set", broken)
    assert reader.get(home(open_page)).status_code == 200


def test_the_first_load_is_under_150_kilobytes(world, open_page, reader):
    """Page, style sheets and icon as they are, before any packing, with a full page of bulletins."""
    for number in range(12):
        approved(world.factory, world.chair, title=f"{'关于职工服务项目的通知' * 5}{number}")
    page = text(reader.get(home(open_page)))
    files = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page))
    size = len(page.encode()) + sum(Path(finders.find(name)).stat().st_size for name in files)
    assert len(files) == 3 and size < FIRST_LOAD, (files, size)


# For whom it is


def test_large_text_goes_along_from_page_to_page(world, open_page, reader):
    approved(world.factory, world.chair)
    page = text(reader.get(f"{home(open_page)}?text=large"))
    assert 'class="large-text"' in page
    links = Links()
    links.feed(page)
    own = [link for link in links.found if "/bulletins/" in link]
    assert own and all("text=large" in link for link in own)


def test_a_long_list_is_turned_page_by_page_and_by_category(world, open_page, reader):
    for number in range(23):
        approved(world.factory, world.chair, title=f"通知{number:02d}")
    approved(world.factory, world.chair, category="awards", title="先进公示")
    address = reverse("disclosure:public-bulletins", args=[open_page.slug])
    assert "通知00" not in text(reader.get(address)) and "通知00" in text(reader.get(f"{address}?page=2"))
    only = text(reader.get(f"{address}?category=awards"))
    assert "先进公示" in only and "通知22" not in only


def test_the_feed_is_well_formed_and_names_the_portal_s_own_address(world, open_page, reader, settings):
    made = approved(world.factory, world.chair)
    root = ElementTree.fromstring(reader.get(reverse("disclosure:public-feed", args=[open_page.slug])).content)
    item = root.find("channel/item")
    assert item.findtext("title") == made.title
    assert item.findtext("link") == f"{settings.SITE_URL}/u/{open_page.slug}/bulletins/{made.code}/"


def test_search_engines_find_open_pages_and_public_bulletins(world, open_page, reader):
    made = approved(world.factory, world.chair)
    cache.delete("public.sitemap")
    assert "sitemap-pages.xml" in text(reader.get("/sitemap.xml"))
    assert f"/u/{open_page.slug}/" in text(reader.get("/sitemap-pages.xml"))
    assert made.code in text(reader.get("/sitemap-bulletins.xml"))
    assert reader.get("/sitemap-none.xml").status_code == 404
    robots = text(reader.get("/robots.txt"))
    assert "Disallow: /\n" in robots and "Allow: /u/" in robots


def test_a_shared_link_shows_a_card(world, open_page, reader, settings):
    made = approved(world.factory, world.chair)
    page = text(reader.get(reverse("disclosure:public-bulletin", args=[open_page.slug, made.code])))
    assert f'<meta property="og:title" content="{made.title}">' in page
    assert f'<meta property="og:url" content="{settings.SITE_URL}/u/' in page


# Keeping it


def test_names_stand_on_the_page_only_as_they_were_published(
    world, open_page, reader, django_capture_on_commit_callbacks
):
    seat = Seat.objects.create(term=term_of(world.factory), name="李敏", post="chair", since="2024-03-01")
    assert "李敏" not in text(reader.get(home(open_page)))
    with django_capture_on_commit_callbacks(execute=True):
        pages.publish_committee(world.factory, by=world.chair)
    assert "李敏" in text(reader.get(home(open_page)))
    Seat.objects.filter(pk=seat.pk).update(name="王芳")
    cache.clear()
    assert "王芳" not in text(reader.get(home(open_page))), "the register is not the page"
    with django_capture_on_commit_callbacks(execute=True):
        pages.withdraw_committee(world.factory, by=world.chair)
    assert "李敏" not in text(reader.get(home(open_page)))


def test_names_are_published_only_with_the_agreement_of_those_named(world, open_page, sign_in):
    Seat.objects.create(term=term_of(world.factory), name="李敏", post="chair", since="2024-03-01")
    client, address = sign_in(world.chair), reverse("disclosure:public-page-committee", args=[world.factory.pk])
    assert client.post(address, {"publish": "1"}).status_code == 409
    assert client.post(address, {"publish": "1", "agreed": "1"}).status_code == 302
    open_page.refresh_from_db()
    assert [one["name"] for one in open_page.committee] == ["李敏"]
    assert "李敏" not in str(list(Event.objects.filter(action="publicpage.committee").values_list("data", flat=True)))


def test_only_whoever_approves_keeps_the_page(world, open_page):
    for other in (world.clerk, world.street_chair, world.stranger):
        with pytest.raises(NotAllowed):
            pages.set_open(world.factory, False, by=other)


def test_identity_and_card_numbers_do_not_get_onto_the_page(world, sign_in):
    client, address = sign_in(world.chair), reverse("disclosure:public-page", args=[world.factory.pk])
    values = {"slug": "ruifeng", "welcome": "找张三 11010519491231002X", "services": "", "contact": "13800138000"}
    assert client.post(address, values).status_code == 422
    assert client.post(address, {**values, "welcome": "欢迎"}).status_code == 302, "a telephone to call is meant"


def test_a_short_address_is_taken_once(world, open_page, sign_in):
    client, address = sign_in(world.neighbour), reverse("disclosure:public-page", args=[world.hotel.pk])
    values = {"slug": open_page.slug, "welcome": "", "services": "", "contact": ""}
    assert client.post(address, values).status_code == 422


def test_the_poster_leads_to_the_page(world, open_page, sign_in):
    page = text(sign_in(world.chair).get(reverse("disclosure:public-page-poster", args=[world.factory.pk])))
    assert pages.address_of(open_page) in page and "data:image/svg+xml" in page
    pages.set_open(world.factory, False, by=world.chair)
    assert (
        sign_in(world.chair).get(reverse("disclosure:public-page-poster", args=[world.factory.pk])).status_code == 409
    )
