"""Remittance of funds at a desk and on a phone: the list, the rates by street, an employer matched by hand."""

from decimal import Decimal

from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.test_assets import look
from tests.factories.remittances import remitted


def page(name: str, *args) -> str:
    return reverse(f"disclosure:{name}", args=args)


def test_a_street_sees_who_owes_and_names_the_union_of_an_employer(world, visit, client):
    for period, paid in (("2026Q1", "9000"), ("2026Q2", "10000"), ("2026Q3", "4000")):
        remitted(world.factory, state="by_code", period=period, paid=Decimal(paid), name="北京瑞丰同创科技有限公司")
    remitted(world.bank, state="by_code")
    remitted(world.district, street="外区街道")
    lost = remitted(world.wangjing, kind="funds", headcount=240)
    desk = visit().sign_in(world.officer, client)
    look(desk, page("remittance-list"), "remittance-list-desktop")
    look(desk, page("remittance-rates") + "?period=2026Q3", "remittance-rates-desktop")
    look(desk, page("union-remittances", world.factory.pk), "remittance-union-desktop")
    look(desk, reverse("unions:union", args=[world.factory.pk]) + "?tab=disclosure", "remittance-card-desktop")
    phone = visit(phone=True).sign_in(world.street_staff, client)
    look(phone, page("remittance-list"), "remittance-list-phone")
    look(phone, page("remittance-rates") + "?period=2026Q3", "remittance-rates-phone")
    look(phone, page("union-remittances", world.factory.pk), "remittance-union-phone")
    look(phone, page("remittance", lost.pk), "remittance-phone")
    shown = look(phone, page("remittance-move", lost.pk, "assign"), "remittance-assign-phone")
    shown.locator("[name=union_q]").press_sequentially("望湖")
    shown.get_by_label("望湖宾馆").first.check()
    shown.get_by_role("button", name="指定所属工会").click()
    expect(shown.get_by_text("人工匹配").first).to_be_visible()
    street = visit().sign_in(world.street_staff, client)
    look(street, page("remittance", lost.pk), "remittance-desktop")
