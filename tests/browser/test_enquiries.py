"""Enquiries in the browser: asked on a phone without a script, replied to at the desk, rated by the same link."""

import pytest
from django.urls import reverse

from disclosure import enquiries, pages
from disclosure.enquiry_matters import hand_over
from disclosure.models import Enquiry, EnquiryTheme
from tests.factories.enquiries import asked, question, replied
from tests.factories.meetings import matter_of
from unions.tokens import Purpose, make
from unions.workflow import perform


@pytest.fixture
def filled(world):
    """Enquiries at several steps, of several themes, handed up, rated."""
    pages.set_open(world.factory, True, by=world.chair)
    for number, theme in enumerate(EnquiryTheme.objects.all()[:6]):
        for union in (world.factory, world.hotel, world.bank)[: 1 + number % 3]:
            asked(union, title=f"关于{theme.name_zh}的问题", theme=theme, name="赵会员", phone="13911112222")
    perform(asked(world.factory, title="困难补助"), "up", by=world.chair, reason="涉及街道救助资金")
    asked(world.factory, way="dialogue", title="希望延长职工之家开放时间")
    enquiries.rate(replied(world.factory, world.chair), "satisfied", by=world.chair)
    return replied(world.factory, world.chair, name="赵会员", phone="13911112222", is_publishable=True)


def test_somebody_asks_on_a_phone_without_a_script_and_reads_the_reply_under_the_link(world, filled, visit):
    page_of = pages.page_of(world.factory)
    phone = visit(phone=True, java_script_enabled=False)
    page = phone.go(reverse("disclosure:public", args=[page_of.slug]))
    phone.shot("ask-home-phone")
    page.get_by_role("link", name="我要咨询").click()
    phone.shot("ask-form-phone")
    page.get_by_label("诉求").check()
    page.get_by_label("类别").select_option(label="工资")
    page.get_by_label("标题").fill("周末加班没有加班工资")
    page.get_by_label("具体情况").fill("连续三个周末加班，工资条上没有加班工资。")
    page.get_by_role("button", name="提交").click()
    assert "已收到" in page.content()
    phone.shot("asked-new-phone")
    made = Enquiry.objects.get(title="周末加班没有加班工资")
    perform(made, "reply", by=world.chair, data={"text": "下月补发。", "signed": "工会"})
    page.reload()
    phone.shot("asked-replied-phone")
    page.get_by_label("不满意", exact=True).check()
    page.get_by_role("button", name="提交").first.click()
    assert "已重新办理" in page.content()
    phone.shot("asked-reopened-phone")


def test_the_pages_of_enquiries_can_be_read_and_reached(world, filled, visit, client):
    up = Enquiry.objects.get(title="困难补助")
    slug = pages.page_of(world.factory).slug
    matter, gone_on = (matter_of(world.factory, world.chair) for _n in range(2))
    made = hand_over(gone_on, question(title="增设夜班班车", name="赵会员"), by=world.chair)
    open_one = Enquiry.objects.filter(union=world.factory, state="asked").order_by("pk").first()
    addresses = {
        "list": reverse("disclosure:enquiry-list"), "queue": reverse("disclosure:enquiry-queue"),
        "enquiry": reverse("disclosure:enquiry", args=[open_one.pk]), "replied": reverse("disclosure:enquiry", args=[filled.pk]),
        "handed-up": reverse("disclosure:enquiry", args=[up.pk]), "new": reverse("disclosure:enquiry-new"),
        "move": reverse("disclosure:enquiry-move", args=[open_one.pk, "extend"]),
        "reveal": reverse("disclosure:enquiry-reveal", args=[filled.pk, "phone"]),
        "dialogue": reverse("disclosure:dialogue-newest"), "board": reverse("disclosure:enquiry-board"),
        "public-ask": reverse("disclosure:public-ask", args=[slug]), "poster": reverse("disclosure:public-page-poster", args=[world.factory.pk]),
        "asked": reverse("disclosure:public-enquiry", args=[make(Purpose.ENQUIRY, filled.pk, filled.link_number)]),
        "union": reverse("unions:union", args=[world.factory.pk]) + "?tab=disclosure",
        "of-matter": reverse("disclosure:enquiry-of-matter", args=[matter.pk]),
        "matter": reverse("assemblies:matter", args=[matter.pk]), "matter-handed-over": reverse("assemblies:matter", args=[gone_on.pk]),
        "enquiry-of-matter": reverse("disclosure:enquiry", args=[made.pk]),
    }  # fmt: skip
    for where, visitor in (("desktop", visit()), ("phone", visit(phone=True))):
        visitor.sign_in(world.chair, client)
        for name, address in addresses.items():
            visitor.go(address)
            visitor.shot(f"{name}-{where}")
            visitor.fits()
            visitor.axe()


def test_the_district_sees_themes_by_street(world, filled, visit, client):
    desk = visit().sign_in(world.officer, client)
    desk.go(reverse("disclosure:enquiry-board"))
    desk.shot("board-district")
    desk.fits()
    desk.axe()
    desk.go(reverse("disclosure:enquiry-theme-list"))
    desk.shot("themes-district")
