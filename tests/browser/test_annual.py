"""The annual report at a desk, on a phone and without a script: written, looked over, filed, read by the tier above."""

import datetime
import re

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from disclosure import annual_hearing
from disclosure.models import AnnualReport
from tests.factories import annual as made
from tests.factories.disclosure import accepted, history
from tests.factories.meetings import closed


def page(name: str, *args) -> str:
    return reverse(f"disclosure:{name}", args=args)


def look(visitor, address: str, name: str) -> None:
    visitor.go(address)
    visitor.axe()
    visitor.fits()
    visitor.shot(name)


def year_of(world):
    """Something for the portal to tell: returns, a meeting, last year's promises."""
    for period in ("2026Q1", "2026Q2", "2026Q3"):
        accepted(world.factory, period, history(world.factory))
    closed(world.factory, world.chair, above=world.reviewer)
    made.accepted(world.factory, world.chair, world.reviewer, 2025)
    return made.duty_of(world.factory)


def test_a_chair_writes_it_with_what_the_portal_knows_and_files_it(world, visit, client):
    duty = year_of(world)
    visitor = visit().sign_in(world.chair, client)
    shown = visitor.go(page("annual-write", duty.pk))
    visitor.axe()
    visitor.fits()
    visitor.shot("annual-write-desktop")
    shown.locator("textarea").first.fill("职工264人，会员242人，比上年增加8人。")
    expect(shown.locator("#saved")).to_contain_text("保存")
    shown.locator("[data-u-confirm]").click()
    expect(shown.locator("#s-" + shown.locator("textarea").first.get_attribute("id")[2:])).to_contain_text("已写")
    shown.locator("#f-before").fill("许多")
    expect(shown.locator("#b-before")).to_contain_text("不是金额")
    shown.locator("#f-before").fill("1,000.50")
    expect(shown.locator("#sum-balance")).to_contain_text("1,000.5")
    made.written(world.factory, world.chair)
    shown.reload()
    visitor.shot("annual-written-desktop")
    shown.get_by_role("button", name="通读并报送").click()
    visitor.axe()
    visitor.shot("annual-sign-desktop")
    shown.get_by_role("button", name="签字报送").click()
    expect(shown.get_by_role("heading", level=1)).to_contain_text("待审核")
    visitor.shot("annual-filed-desktop")


def test_the_same_on_a_phone_and_without_a_script(world, visit, client):
    duty = year_of(world)
    phone = visit(phone=True).sign_in(world.chair, client)
    look(phone, page("annual-write", duty.pk), "annual-write-phone")
    plain = visit(phone=True, java_script_enabled=False).sign_in(world.chair, client)
    shown = plain.go(page("annual-write", duty.pk))
    shown.locator("textarea").first.fill("没有脚本也能写。")
    shown.get_by_role("button", name=re.compile("^保存$")).click()
    expect(shown.locator("textarea").first).to_have_value("没有脚本也能写。")
    look(phone, page("annual", AnnualReport.objects.get(duty=duty).pk), "annual-draft-phone")


def test_the_tier_above_reads_decides_and_finds_who_has_filed(world, visit, client):
    year_of(world)
    report = made.filed(world.factory, world.chair)
    visitor = visit().sign_in(world.reviewer, client)
    look(visitor, page("annual-list"), "annual-list-desktop")
    look(visitor, page("annual", report.pk), "annual-review-desktop")
    look(visitor, page("annual-move", report.pk, "return"), "annual-return-desktop")
    look(visit(phone=True).sign_in(world.reviewer, client), page("annual", report.pk), "annual-review-phone")
    office = visit().sign_in(world.officer, client)
    look(office, page("annual-sheets"), "annual-sheets-desktop")
    look(office, page("annual-sheet-edit", 3), "annual-sheet-edit-desktop")
    look(office, reverse("unions:union", args=[world.wangjing.pk]) + "?tab=disclosure", "annual-card-desktop")


def test_the_committee_rates_on_a_phone_and_the_years_stand_side_by_side(world, visit, client):
    year_of(world)
    by = world.street_chair
    report = made.filed(world.wangjing, by)
    last = timezone.localdate() + datetime.timedelta(days=10)
    report = annual_hearing.open_hearing(report, ["李敏", "王建国"], last, by=by)
    phone = visit(phone=True)
    shown = phone.go(annual_hearing.link_of(report.hearers.first()))
    phone.axe()
    phone.fits()
    phone.shot("annual-hearing-phone")
    shown.get_by_label("基本满意").check()
    shown.get_by_role("button", name="提交评价").click()
    expect(shown.get_by_role("status")).to_contain_text("基本满意")
    question = annual_hearing.ask(report, "经费花在哪里？", by=None, hearer=report.hearers.first())
    desk = visit().sign_in(by, client)
    look(desk, page("annual-hear", report.pk), "annual-hear-desktop")
    look(desk, page("annual-answer", question.pk), "annual-answer-desktop")
    look(desk, page("annual", report.pk), "annual-heard-desktop")
    made.filed(world.factory, world.chair)
    look(desk, page("annual-compare", world.factory.pk), "annual-compare-desktop")
