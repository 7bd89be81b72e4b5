"""Bulletins at a desk and on a phone; the public page on a phone without a script, in large letters, in English."""

from django.urls import reverse

from assemblies.models import Seat
from disclosure import bulletins, pages
from disclosure.bulletin_moves import take
from disclosure.enums import Readers
from disclosure.site import Site
from tests.factories.assemblies import term_of
from tests.factories.bulletins import approved, drafted
from tests.factories.meetings import closed
from unions.workflow import perform


def page(name: str, *args) -> str:
    return reverse(f"disclosure:{name}", args=args)


def look(visitor, address: str, name: str) -> None:
    visitor.go(address)
    visitor.axe()
    visitor.fits()
    visitor.shot(name)


def open_page(world):
    Seat.objects.create(term=term_of(world.factory), name="李敏", post="chair", since="2024-03-01")
    Seat.objects.create(term=term_of(world.factory), name="王建国", since="2024-03-01")
    values = {
        "welcome": "工会是职工之家，有困难找工会。", "services": "职工之家每天12时至20时开放\n困难职工申请帮扶：向工会小组提出",
        "contact": "地点：一层职工之家\n办公电话：010-65099999",
    }  # fmt: skip
    pages.edit(world.factory, values, by=world.chair)
    pages.publish_committee(world.factory, by=world.chair)
    return pages.set_open(world.factory, True, by=world.chair)


def test_a_chair_writes_checks_and_publishes_at_a_desk_and_on_a_phone(world, visit, client):
    chair = world.chair
    perform(closed(world.factory, chair, kind="committee"), "publish", by=chair)
    draft = drafted(
        world.factory,
        chair,
        body="符合条件的会员可到工会办公室申请，联系张师傅13800138000，身份证11010519491231002X。",
    )
    out = approved(world.factory, chair)
    bulletins.post(
        out, {"channel": "board", "place": "厂门口公告栏", "posted_on": out.occurred_on, "removed_on": None}, by=chair
    )
    own = approved(world.factory, chair, title="工会经费决算", readers="members")
    open_page(world)
    for where, visitor in (("desktop", visit()), ("phone", visit(phone=True))):
        visitor.sign_in(chair, client)
        for name, address in {
            "list": page("bulletin-list"), "offers": page("bulletin-offers", world.factory.pk),
            "form": page("bulletin-write", world.factory.pk), "check": page("bulletin-check", draft.pk),
            "draft": page("bulletin", draft.pk), "published": page("bulletin", out.pk), "catalogue": page("catalogue"),
            "public-page": page("public-page", world.factory.pk), "poster": page("public-page-poster", world.factory.pk),
            "links": page("reader-links", world.factory.pk), "reader-poster": page("reader-poster", world.factory.pk, "members"),
            "for-members": page("bulletin", own.pk),
        }.items():  # fmt: skip
            look(visitor, address, f"bulletin-{name}-{where}")


def test_a_worker_reads_the_public_page_on_a_phone_without_a_script(world, visit):
    chair, site = world.chair, open_page(world)
    made = approved(world.factory, chair)
    approved(world.factory, chair, title="关于召开第三届第三次会员代表大会的通知", category="meetings")
    gone = take(
        approved(world.factory, chair, title="先进公示", category="awards"), "withdraw", by=chair, reason="数据有误"
    )
    members, own = Site(site, Readers.MEMBERS), approved(world.factory, chair, title="工会经费决算", readers="members")
    phone = visit(phone=True, java_script_enabled=False)
    phone.go(page("public", site.slug))
    phone.page.get_by_text("冬季送温暖申请开始受理").first.click()
    assert phone.page.locator("h1").inner_text() == made.title
    plain = visit(phone=True)
    for name, address in {
        "home": page("public", site.slug), "home-large": page("public", site.slug) + "?text=large",
        "list": page("public-bulletins", site.slug), "one": page("public-bulletin", site.slug, made.code),
        "withdrawn": page("public-bulletin", site.slug, gone.code), "read-home": members.home, "read-one": members.of_bulletin(own),
        "read-nothing": page("read", "members", "1.1.x"),
    }.items():  # fmt: skip
        look(plain, address, f"public-{name}-phone")
    desk = visit()
    look(desk, page("public", site.slug), "public-home-desktop")
    look(desk, members.home, "public-read-home-desktop")
