"""Special oversight at a desk and on a phone: drawn, checked, found by a link, replied to."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from disclosure import oversight as oversights
from disclosure.models import OversightDraw, OversightFinding
from disclosure.oversight_draw import invite
from tests.factories import oversight as made
from tests.factories.meetings import planned
from unions.workflow import perform


def page(name: str, *args) -> str:
    return reverse(f"disclosure:{name}", args=args)


def look(visitor, address: str, name: str) -> None:
    visitor.go(address)
    visitor.axe()
    visitor.fits()
    visitor.shot(name)


def test_a_chair_draws_overseers_by_lot_and_anybody_checks_it(world, visit, client):
    matter = made.preparing(world.factory, world.chair)
    meeting = planned(world.factory, world.chair, people=12)
    desk = visit().sign_in(world.chair, client)
    look(desk, page("oversight-add", world.factory.pk), "oversight-add-desktop")
    look(desk, page("oversight", matter.pk), "oversight-preparing-desktop")
    shown = desk.go(page("oversight-freeze", matter.pk))
    desk.axe()
    desk.shot("oversight-freeze-desktop")
    shown.get_by_label("会议名单上的会员").check()
    shown.locator("select[name=meeting]").select_option(str(meeting.pk))
    shown.get_by_role("button", name="锁定名单").click()
    draw = OversightDraw.objects.get()
    expect(shown.get_by_text(draw.seed).first).to_be_visible()
    desk.axe()
    desk.shot("oversight-frozen-desktop")
    shown.get_by_role("button", name=re.compile("^抽签$")).click()
    shown.get_by_role("link", name="重新计算核对").click()
    expect(shown.get_by_role("status").filter(has_text="核对一致")).to_be_visible()
    desk.axe()
    desk.shot("oversight-drawn-desktop")
    look(desk, page("oversight", matter.pk), "oversight-overseers-desktop")
    phone = visit(phone=True).sign_in(world.chair, client)
    look(phone, page("oversight-draw", draw.pk), "oversight-drawn-phone")
    look(phone, page("oversight", matter.pk), "oversight-overseers-phone")


def test_an_overseer_works_on_a_phone_without_an_account_or_a_script(world, visit, client):
    matter = made.opened(world.factory, world.chair)
    one = matter.overseers.first()
    phone = visit(phone=True, java_script_enabled=False)
    shown = phone.go(oversights.link_of(one))
    shown.locator("#finding-title").fill("发放标准不一")
    shown.locator("#finding-text").fill("两个车间标准不同，建议统一。")
    shown.get_by_role("button", name="提交这条意见").click()
    shown.get_by_role("button", name="意见已写完，提交").click()
    expect(shown.get_by_role("status")).to_contain_text("您已提交")
    assert OversightFinding.objects.get().overseer == one
    plain = visit(phone=True)
    look(plain, oversights.link_of(one), "oversight-link-phone")
    invited = made.preparing(world.hotel, world.neighbour)
    other = invite(invited, "周监督", by=world.neighbour)
    look(plain, oversights.link_of(other), "oversight-invited-phone")


def test_the_union_replies_and_follows_up_and_the_tier_above_looks_on(world, visit, client):
    finding = made.replied(world.factory, world.chair)
    desk = visit().sign_in(world.chair, client)
    look(desk, page("oversight-finding", finding.pk), "oversight-finding-desktop")
    look(desk, page("oversight", finding.oversight_id), "oversight-following-desktop")
    other = made.found(world.factory, world.chair, title="食堂承包")
    perform(other.oversight, "collect", by=world.chair)
    look(desk, page("oversight-finding-move", other.pk, "answer"), "oversight-answer-desktop")
    above = visit().sign_in(world.street_chair, client)
    look(above, page("oversight", finding.oversight_id), "oversight-above-desktop")
    look(above, page("oversight-list"), "oversight-list-desktop")
    look(above, reverse("unions:union", args=[world.wangjing.pk]) + "?tab=disclosure", "oversight-card-desktop")
    phone = visit(phone=True)
    look(phone, oversights.link_of(finding.overseer), "oversight-replied-phone")
