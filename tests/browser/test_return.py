"""The main job at a real browser: filing, reviewing, summing up; on desktop and phone, with and without scripts."""

import time

import pytest
from django.test import Client
from playwright.sync_api import expect

from disclosure.models import Return
from tests.factories.disclosure import PERIOD, accepted, duty_of, filled, history, many_unions, submitted
from unions.models import Union
from unions.workflow import perform


def last_quarter(world):
    """The factory filed last quarter and has this one open."""
    accepted(world.factory, "2026Q2", history(world.factory))
    return duty_of(world.factory)


class Hands:
    """A chair's hands: every click and every field typed into is one action, counted."""

    def __init__(self, page):
        self.page, self.actions, self.began = page, 0, time.monotonic()

    def type(self, selector, text):
        self.actions += 1
        self.page.fill(selector, text)

    def click(self, selector):
        self.actions += 1
        self.page.click(selector)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_with_nothing_changed_a_chair_files_within_two_minutes_and_ten_actions(world, visit, phone):
    duty, chair = last_quarter(world), world.chair
    visitor = visit(phone=phone)
    hands = Hands(visitor.go("/"))
    hands.type("[name=username]", chair.username)
    hands.type("[name=password]", "correct-horse-9")
    hands.click("main button.p")
    hands.click(f"a[href='/returns/fill/{duty.pk}/']")
    hands.click(".bar [data-u-confirm]")
    visitor.page.wait_for_selector(".bar [data-u-submit]:not([data-not-yet])")
    hands.click(".bar [data-u-submit]")
    hands.click("main form button.p")
    visitor.page.wait_for_url("**/returns/*/")
    took = time.monotonic() - hands.began
    assert Return.objects.get(duty=duty).state == "submitted"
    assert hands.actions <= 10, hands.actions
    assert took < 120, took
    print(f"filed with {hands.actions} actions in {took:.1f} s")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_filling_in_saves_each_figure_asks_and_shows_errors_where_they_are(world, visit, client, phone):
    duty = last_quarter(world)
    visitor = visit(phone=phone).sign_in(world.chair, client)
    name = "phone" if phone else "desktop"
    page = visitor.go(f"/returns/fill/{duty.pk}/")
    visitor.axe()
    visitor.fits()
    visitor.shot(f"fill-{name}")
    page.fill("#f-joined", "21")
    page.press("#f-joined", "Tab")
    page.wait_for_selector("#x-joined_many")
    page.fill("#x-joined_many", "7月校招19名应届生入会，8月转入2人。")
    page.fill("#f-women_members", "300")
    page.press("#f-women_members", "Tab")
    page.wait_for_selector("#row-women_members.bad .say.bad")
    expect(page.locator("#f-members")).to_have_value("263")
    page.wait_for_selector("#saved .tag.ok")
    visitor.axe()
    visitor.fits()
    visitor.shot(f"fill-errors-{name}")
    filing = Return.objects.get(duty=duty)
    assert filing.figures["joined"] == 21 and filing.explanations["joined_many"].startswith("7月校招")
    page.fill("#f-women_members", "109")
    page.click(".bar [data-u-confirm]")
    page.wait_for_selector(".bar [data-u-submit]:not([data-not-yet])")
    page.click(".bar [data-u-submit]")
    page.wait_for_url("**/sign/")
    visitor.axe()
    visitor.fits()
    visitor.shot(f"sign-{name}")
    page.click("main form button.p")
    page.wait_for_url("**/returns/*/")
    visitor.axe()
    visitor.fits()
    visitor.shot(f"detail-{name}")


def test_what_is_typed_without_a_connection_is_kept_and_sent_later(world, visit, client):
    duty = last_quarter(world)
    visitor = visit().sign_in(world.chair, client)
    page = visitor.go(f"/returns/fill/{duty.pk}/")
    page.context.set_offline(True)
    page.fill("#f-visits", "7")
    page.press("#f-visits", "Tab")
    page.wait_for_selector("#saved .tag.warn")
    assert not Return.objects.filter(duty=duty).exists()
    page.context.set_offline(False)
    page.wait_for_selector("#saved .tag.ok", timeout=15000)
    assert Return.objects.get(duty=duty).figures["visits"] == 7
    visitor.faults[:] = [fault for fault in visitor.faults if "ERR_INTERNET_DISCONNECTED" not in fault]


def test_two_windows_see_both_versions(world, visit, client):
    duty = last_quarter(world)
    page = visit().sign_in(world.chair, client).go(f"/returns/fill/{duty.pk}/")
    filled(duty, world.clerk, visits=9)
    page.fill("#f-visits", "2")
    page.press("#f-visits", "Tab")
    page.wait_for_selector("#p-conflict .note.bad")
    assert "9" in page.inner_text("#p-conflict")
    assert Return.objects.get(duty=duty).figures["visits"] == 9


def test_filing_works_without_scripts(world, visit, client):
    duty = last_quarter(world)
    visitor = visit(java_script_enabled=False).sign_in(world.chair, client)
    page = visitor.go(f"/returns/fill/{duty.pk}/")
    page.fill("#f-visits", "4")
    page.click(".bar [data-u-confirm]")
    page.click(".bar [data-u-submit]")
    page.click("main form button.p")
    filing = Return.objects.get(duty=duty)
    assert filing.state == "submitted" and filing.figures["visits"] == 4


def quarter(world):
    """A street in the middle of its review: waiting, again, returned, accepted, missing."""
    filings, asked = [], ("joined_many", "members_change", "members_over_workers", "register_members")
    for number, union in enumerate(many_unions(world.wangjing, 9)):
        chair = world.person("grassroots_chair", union)
        accepted(union, "2026Q2", history(union))
        duty = duty_of(union)
        if number == 8:
            continue
        joined = 21 if number == 2 else number % 3
        filings.append(submitted(duty, chair, dict.fromkeys(asked, "校招新入会"), joined=joined, visits=number))
    accepted(world.factory, "2026Q2", history(world.factory))
    duty_of(world.hotel)
    filing = submitted(
        duty_of(world.factory),
        world.chair,
        {"joined_many": "7月校招19名应届生入会，8月转入2人。"},
        joined=21,
        women_members=149,
    )
    import datetime

    from django.utils import timezone

    due = timezone.localdate() + datetime.timedelta(days=3)
    perform(
        filing,
        "return",
        by=world.reviewer,
        reason="女会员数请与名册核对。",
        due=due,
        data={"remarks": {"women_members": "名册为109人"}},
    )
    submitted(filing.duty, world.chair, women_members=109)
    perform(filings[0], "return", by=world.reviewer, reason="请补充", due=due)
    for done in filings[1:2]:
        perform(done, "accept", by=world.reviewer)
    return filing


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_reviewer_sees_what_changed_accepts_several_and_returns_with_remarks(world, visit, client, phone):
    filing, name = quarter(world), "phone" if phone else "desktop"
    visitor = visit(phone=phone).sign_in(world.street_staff, client)
    page = visitor.go(f"/review/{PERIOD}/?tab=again&open={filing.pk}")
    visitor.axe()
    visitor.fits()
    visitor.shot(f"review-again-{name}")
    page = visitor.go(f"/review/{PERIOD}/")
    boxes = page.locator("input[name=ids]")
    boxes.nth(1).check()
    boxes.nth(2).check()
    visitor.axe()
    visitor.fits()
    visitor.shot(f"review-{name}")
    page = visitor.go(f"/review/{PERIOD}/")  # taking a picture leaves a style behind that the policy forbids to copy
    page.locator("[data-u-open]").nth(1).click()
    page.wait_for_selector(".queue tr.on:nth-child(2)")
    boxes.nth(1).check()
    boxes.nth(2).check()
    page.click("[data-u-act][value=accept]")
    page.wait_for_selector(".messages .note.ok")
    assert Return.objects.filter(period=PERIOD, state="accepted").count() == 3
    page.click("[data-u-unfold]")
    page.fill("#reason", "女会员数请核对")
    page.locator("[name=remark_code]").first.select_option("women_members")
    page.locator("[name=remark_text]").first.fill("与名册不符")
    page.click("#send-back button")
    page.wait_for_selector(".messages .note.ok")
    assert Return.objects.filter(period=PERIOD, state="returned").count() == 2
    visitor.go(f"/review/{PERIOD}/?tab=missing")
    visitor.axe()
    visitor.fits()
    visitor.shot(f"review-missing-{name}")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_middle_tier_sums_up_with_reasons_and_the_district_accepts(world, visit, client, phone):
    quarter(world)
    name, summary = "phone" if phone else "desktop", duty_of(world.wangjing, form="quarterly-summary")
    visitor = visit(phone=phone).sign_in(world.street_chair, client)
    page = visitor.go(f"/summaries/{summary.pk}/")
    visitor.axe()
    visitor.fits()
    visitor.shot(f"summary-{name}")
    for select in page.locator("select[name^=reason]").all():
        select.select_option("reviewing")
    page.fill("#narrative", "本季开展集体协商要约行动。")
    page.click(".bar .btn.p")
    page.wait_for_selector(".messages .note.ok")
    visitor.axe()
    visitor.shot(f"summary-submitted-{name}")
    other = visit(phone=phone).sign_in(world.officer, client)
    page = other.go(f"/review/{PERIOD}/")
    other.axe()
    other.fits()
    other.shot(f"review-district-{name}")
    page.click("[data-u-accept] button")
    page.wait_for_selector(".messages .note.ok")
    page = other.go(f"/totals/{PERIOD}/")
    other.axe()
    other.fits()
    other.shot(f"totals-{name}")
    other.go(f"/summaries/{summary.pk}/figures/members/")
    other.axe()
    other.fits()
    other.shot(f"figure-{name}")


def test_pages_are_complete_in_english_and_readable_in_print(world, visit, client):
    filing = quarter(world)
    chair = world.chair
    type(chair).objects.filter(pk=chair.pk).update(language="en")
    visitor = visit().sign_in(world.forget(chair), client)
    visitor.go(f"/returns/{filing.pk}/")
    visitor.axe()
    visitor.shot("detail-english")
    visitor.go(f"/returns/{filing.pk}/print/")
    visitor.axe()
    visitor.shot("print")
    if Union.objects.exists():
        page = visitor.go(f"/verify/?code={Return.objects.get(pk=filing.pk).check_code}")
        assert page.locator(".note.ok").count() == 1
        visitor.axe()
        visitor.shot("verify")


def narrowest(page, selector: str) -> float:
    return page.evaluate(
        f"Math.min(...[...document.querySelectorAll('{selector}')].map(e => e.getBoundingClientRect().width))"
    )


def test_names_stay_readable_on_old_and_on_wide_screens(world, visit, client):
    filing = quarter(world)
    duty = duty_of(world.hotel)
    chair, reviewer = visit().sign_in(world.neighbour, client), visit().sign_in(world.reviewer, Client())
    chair.go(f"/returns/fill/{duty.pk}/")
    reviewer.go(f"/review/{PERIOD}/?tab=again&open={filing.pk}")
    for width in (390, 768, 1024, 1100, 1181, 1280, 1366, 1920):
        for visitor in (chair, reviewer):
            visitor.page.set_viewport_size({"width": width, "height": 768})
            visitor.fits()
            if width in (1024, 1100, 1181):
                visitor.shot(f"{'fill' if visitor is chair else 'review'}-{width}")
        assert 120 <= narrowest(chair.page, ".fig-name") < 2000, width
        assert 120 <= narrowest(reviewer.page, ".queue td.lead") < 2000, width
    hidden = reviewer.page.evaluate(
        "[...document.querySelectorAll('.panel .scroll')].filter(e => e.scrollHeight > e.clientHeight + 1).length"
    )
    assert hidden == 0, "no row of the panel is cut off"


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_district_reads_and_edits_its_forms(world, visit, client, phone):
    from disclosure.models import Form
    from disclosure.versions import copy_version

    name = "phone" if phone else "desktop"
    draft = copy_version(Form.objects.get(code="quarterly-return").version_for(PERIOD), by=world.officer)
    visitor = visit(phone=phone).sign_in(world.officer, client)
    check = draft.rules.first()
    for number, path in enumerate(("", f"versions/{draft.pk}/", f"versions/{draft.pk}/checks/{check.pk}/", f"versions/{draft.pk}/indicators/add/")):  # fmt: skip
        visitor.go(f"/forms/{path}")
        visitor.axe()
        visitor.fits()
        visitor.shot(f"forms-{number}-{name}")
    page = visitor.go(f"/forms/versions/{draft.pk}/checks/{check.pk}/")
    page.fill("[name=condition]", "women_wrkers <= workers")
    page.click("main form .btn.p")
    page.wait_for_selector(".field.bad")
    visitor.axe()
    visitor.shot(f"forms-mistake-{name}")
