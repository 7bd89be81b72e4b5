"""The asset register at a desk and on a phone: entered, counted, asked for, approved."""

from django.urls import reverse
from playwright.sync_api import expect

from disclosure.models import StockTaking
from tests.factories import assets as made


def page(name: str, *args) -> str:
    return reverse(f"disclosure:{name}", args=args)


def look(visitor, address: str, name: str):
    shown = visitor.go(address)
    visitor.axe()
    visitor.fits()
    visitor.shot(name)
    return shown


def test_a_union_enters_counts_and_parts_with_its_assets_and_the_tier_above_decides(world, visit, client):
    made.counted(world.factory, world.chair)
    asked = made.asked(world.factory, world.chair)
    desk = visit().sign_in(world.chair, client)
    look(desk, page("asset-list"), "asset-list-desktop")
    look(desk, page("asset-add", world.factory.pk), "asset-add-desktop")
    look(desk, page("asset", asked.pk), "asset-asked-desktop")
    look(desk, reverse("unions:union", args=[world.factory.pk]) + "?tab=disclosure", "asset-card-desktop")
    look(desk, page("stock-taking", StockTaking.objects.get().pk), "stock-taking-desktop")
    phone = visit(phone=True, java_script_enabled=False).sign_in(world.chair, client)
    StockTaking.objects.get().checks.all().delete()
    StockTaking.objects.all().delete()
    shown = phone.go(page("stock-count", world.factory.pk))
    shown.get_by_label("音响").uncheck()
    shown.get_by_label("盘点人（姓名、职务）").fill("王会计")
    shown.get_by_role("button", name="确认盘点结果").click()
    expect(shown.get_by_text("盘亏").first).to_be_visible()
    plain = visit(phone=True).sign_in(world.chair, client)
    look(plain, page("stock-count", world.factory.pk), "stock-count-phone")
    look(plain, page("asset", asked.pk), "asset-asked-phone")
    above = visit().sign_in(world.reviewer, client)
    shown = look(above, page("asset", asked.pk), "asset-above-desktop")
    shown.get_by_role("link", name="同意处置", exact=True).click()
    shown.get_by_role("button", name="同意处置", exact=True).click()
    expect(shown.get_by_text("已处置").first).to_be_visible()
