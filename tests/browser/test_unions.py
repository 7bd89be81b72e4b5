"""The roster, the tree and the union card in a real browser."""

from tests.factories.unions import UnionFactory
from unions.enums import UnionKind


def test_the_roster_filters_as_one_types(visit, world, client):
    UnionFactory(
        parent=world.wangjing,
        name="北京市朝阳区望京街道大西洋新城社区商务楼宇餐饮服务行业工会联合会第二届委员会",
        kind=UnionKind.FEDERATED,
    )
    UnionFactory.create_batch(60, parent=world.jianwai)
    desk = visit().sign_in(world.officer, client)
    page = desk.go("/unions/")
    desk.shot("list-desktop", full=False)
    desk.axe()
    page.locator("form.filters [name=q]").press_sequentially("餐饮")
    page.wait_for_url("**q=**")
    page.get_by_text("第二届委员会").wait_for()
    desk.axe()
    desk.shot("list-filtered", full=False)
    phone = visit(phone=True).sign_in(world.officer, client)
    phone.go("/unions/?state=active")
    phone.fits()
    phone.shot("list-phone", full=False)
    phone.axe()


def test_the_tree_opens_level_by_level_and_finds_a_union(visit, world, client):
    federation = UnionFactory(parent=world.wangjing, name="望京商圈餐饮行业工会联合会", kind=UnionKind.FEDERATED)
    UnionFactory.create_batch(3, parent=federation)
    desk = visit().sign_in(world.leader, client)
    page = desk.go("/tree/")
    street = page.locator("summary", has_text="望京街道总工会")
    street.focus()
    page.keyboard.press("Enter")
    page.get_by_text(world.factory.name).wait_for()
    page.locator("summary", has_text="餐饮行业").click()
    page.locator(f"#u{federation.pk} .leaf").nth(2).wait_for()
    desk.axe()
    desk.shot("tree-desktop")
    page.locator("#tree-q").press_sequentially("rftc")
    page.locator("#tree-suggestions a").wait_for()
    desk.shot("tree-find")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".found .leaf").wait_for()
    phone = visit(phone=True).sign_in(world.leader, client)
    phone.go(f"/tree/?find={world.factory.pk}")
    phone.fits()
    phone.axe()
    phone.shot("tree-phone")


def test_the_tree_works_without_scripts(visit, world, client):
    desk = visit(java_script_enabled=False).sign_in(world.leader, client)
    page = desk.go("/tree/")
    page.locator("summary", has_text="望京街道总工会").click()
    page.locator("p.level a:visible").click()
    page.get_by_text(world.hotel.name).wait_for()


def test_the_search_box_suggests_while_one_types(visit, world, client):
    desk = visit().sign_in(world.officer, client)
    page = desk.go("/unions/")
    page.keyboard.press("/")
    page.keyboard.type("rftc")
    page.locator("#suggestions a").wait_for()
    desk.shot("search-suggest", full=False)
    desk.axe()
    page.keyboard.press("Escape")
    page.locator(".find input").press("Enter")
    page.wait_for_url("**/search/**")
    desk.shot("search-desktop", full=False)
    desk.axe()
    phone = visit(phone=True).sign_in(world.officer, client)
    phone.go("/search/?q=工会")
    phone.fits()
    phone.shot("search-phone", full=False)
