"""The workbench and the union's page as people meet them: desktop and phone, full and empty, by keyboard, on paper."""

import datetime

import pytest
from django.utils import timezone

from disclosure.models import Form
from disclosure.totals import refresh
from tests.factories.disclosure import PERIOD, accepted, duty_of, history, submitted
from tests.factories.unions import UnionFactory
from unions.duties import refresh_totals
from unions.kit.periods import Period
from unions.models import Duty


@pytest.fixture
def busy(world):
    """Five quarters of three unions, the newest half done: accepted, waiting, overdue."""
    form = Form.objects.get(code="quarterly-return")
    long_name = UnionFactory(
        parent=world.wangjing, name="北京市朝阳区望京街道花家地西里第三社区新就业形态劳动者联合工会委员会"
    )
    periods = Period.parse(PERIOD).previous().last(5)
    for number, period in enumerate(periods):
        for union in (world.factory, world.hotel, world.bank, long_name):
            members = union.members - 3 * (len(periods) - number)
            accepted(union, period.code, history(union, members=members, joined=number))
    accepted(world.factory, PERIOD)
    submitted(duty_of(world.hotel), by=world.neighbour)
    late = timezone.localdate() - datetime.timedelta(days=12)
    for union in (world.bank, long_name):
        duty_of(union, due_on=late, opens_on=late)
    for period in [*(period.code for period in periods), PERIOD]:
        streets = [world.wangjing.pk, world.jianwai.pk]
        refresh(form, period, streets)
        refresh_totals(form.rule_id, period, streets)
    return world


def pages(world):
    return {
        "district": (world.leader, world.district),
        "street": (world.street_chair, world.wangjing),
        "factory": (world.chair, world.factory),
    }


@pytest.mark.parametrize("who", ["district", "street", "factory"])
@pytest.mark.parametrize("phone", [False, True])
def test_both_pages_are_clean_on_every_screen(busy, visit, client, who, phone):
    person, union = pages(busy)[who]
    visitor = visit(phone=phone).sign_in(person, client)
    for name, path in (("home", "/"), ("union", f"/unions/{union.pk}/")):
        visitor.go(path)
        visitor.fits()
        visitor.axe()
        visitor.shot(f"{name}-{who}{'-phone' if phone else ''}")


@pytest.mark.parametrize("who", ["district", "street", "factory"])
def test_an_empty_portal_says_what_comes_next(world, visit, client, who):
    person, union = pages(world)[who]
    visitor = visit().sign_in(person, client)
    for name, path in (("home", "/"), ("union", f"/unions/{union.pk}/")):
        page = visitor.go(path)
        assert page.locator(".empty").count() >= 1
        visitor.axe()
        visitor.shot(f"{name}-{who}-empty")


def test_the_phone_shows_the_last_four_quarters(busy, visit, client):
    for phone, shown in ((False, 8), (True, 4)):
        page = visit(phone=phone).sign_in(busy.leader, client).go(f"/unions/{busy.district.pk}/")
        assert page.locator(".heat-table thead th.c:visible").count() == shown


def test_choosing_a_period_reloads_the_page_and_keeps_the_rest(busy, visit, client):
    page = visit().sign_in(busy.leader, client).go(f"/unions/{busy.district.pk}/?basis=submitted")
    with page.expect_navigation():
        page.locator("select[name=period]").select_option("2026Q2")
    assert "period=2026Q2" in page.url and "basis=submitted" in page.url


def test_a_figure_is_chosen_without_scripts_too(busy, visit, client):
    page = visit(java_script_enabled=False).sign_in(busy.leader, client).go(f"/unions/{busy.district.pk}/")
    page.locator("select[name=trend]").select_option("joined")
    page.locator("#trend noscript button, #trend button").first.click()
    assert "trend=joined" in page.url
    assert page.locator("#trend h2").inner_text().startswith("本季新发展")


def test_the_first_thing_to_do_is_the_only_red_button_and_leads_to_the_work(busy, visit, client):
    person = busy.person("grassroots_chair", busy.bank)
    page = visit().sign_in(person, client).go("/")
    assert page.locator("#todos .btn.p").count() == 1
    page.locator("#todos .btn.p").click()
    duty = Duty.objects.get(union=busy.bank, period=PERIOD)
    assert page.url.endswith(f"/returns/fill/{duty.pk}/")


def test_a_cell_is_reached_and_followed_by_keyboard(busy, visit, client):
    page = visit().sign_in(busy.leader, client).go(f"/unions/{busy.district.pk}/")
    cell = page.locator(".heat-table a.heat").last
    cell.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/duties/" in page.url and "figure=expected" in page.url


@pytest.mark.parametrize("who", ["district", "street", "factory"])
def test_the_page_prints_with_union_period_and_time(busy, visit, client, who):
    person, union = pages(busy)[who]
    visitor = visit().sign_in(person, client)
    page = visitor.go(f"/unions/{union.pk}/")
    page.emulate_media(media="print")
    assert page.locator(".side, .act, .pick").locator("visible=true").count() == 0
    words = page.locator(".only-print").first.inner_text()
    assert "2026年第三季度" in words and person.name in words
    visitor.shot(f"print-{who}")


def test_the_pages_are_complete_in_english(busy, visit, client):
    visitor = visit().sign_in(busy.leader, client)
    visitor.context.add_cookies([{"name": "language", "value": "en", "url": visitor.base}])
    page = visitor.go(f"/unions/{busy.district.pk}/")
    assert page.locator("html").get_attribute("lang") == "en"
    visitor.shot("union-district-en")
    visitor.go("/")
    visitor.shot("home-district-en")
    visitor.fits()
