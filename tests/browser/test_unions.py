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
    page.locator("td a", has_text="第二届委员会").wait_for()
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


def test_a_long_level_grows_at_both_ends_and_the_focus_follows(visit, world, client):
    units = [UnionFactory(parent=world.jianwai, name=f"第{number:03d}号厂工会") for number in range(120)]
    desk = visit().sign_in(world.leader, client)
    page = desk.go(f"/tree/?find={units[70].pk}")
    assert page.locator(".found").is_visible() and page.locator(f"#u{units[10].pk}").count() == 0
    desk.axe()
    desk.shot("tree-middle")
    page.locator(".rest.later a").focus()
    page.keyboard.press("Enter")
    page.locator(f"#u{units[119].pk}").wait_for()
    page.locator(f"#u{units[99].pk} :focus").wait_for()
    assert page.locator(".rest.later").count() == 0 and page.locator(".rest.earlier").count() == 1
    page.locator(".rest.earlier a").click()
    page.locator(f"#u{units[0].pk}").wait_for()
    page.locator(f"#u{world.bank.pk} :focus").wait_for()
    assert page.locator(".rest").count() == 0
    assert page.locator(f"#u{world.jianwai.pk} .leaf").count() == 121
    desk.axe()
    phone = visit(phone=True).sign_in(world.leader, client)
    phone.go(f"/tree/?find={units[70].pk}")
    phone.fits()
    phone.shot("tree-middle-phone")


def test_the_tree_works_without_scripts(visit, world, client):
    desk = visit(java_script_enabled=False).sign_in(world.leader, client)
    page = desk.go("/tree/")
    page.locator("summary", has_text="望京街道总工会").click()
    page.locator("p.level a:visible").click()
    page.get_by_text(world.hotel.name).wait_for()
    UnionFactory.create_batch(60, parent=world.wangjing)
    page = desk.go(f"/tree/?root={world.wangjing.pk}")
    page.locator(".rest.later a").click()
    page.locator(".rest.earlier a").click()
    page.locator(".rest.later a").wait_for()


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


LONG = "北京市朝阳区望京街道大西洋新城社区商务楼宇餐饮服务行业工会联合会第二届委员会"


def test_a_card_is_corrected_and_the_correction_undone(visit, world, client):
    world.factory.chair_name, world.factory.chair_phone = "李敏", "13812345678"
    world.factory.save()
    desk = visit().sign_in(world.chair, client)
    page = desk.go(f"/unions/{world.factory.pk}/edit/")
    desk.axe()
    page.get_by_label("女会员").fill("300")
    page.get_by_role("button", name="保存").click()
    page.locator(".field.bad").wait_for()
    desk.shot("card-error")
    desk.axe()
    page.get_by_label("女会员").fill("120")
    page.get_by_role("button", name="保存").click()
    page.locator(".note.ok").wait_for()
    page = desk.go(f"/unions/{world.factory.pk}/history/")
    desk.axe()
    desk.shot("history-desktop")
    page.locator("form[action$='/undo/'] button").first.click()
    page.locator(".note.ok").wait_for()
    phone = visit(phone=True).sign_in(world.street_staff, client)
    phone.go(f"/unions/{world.factory.pk}/edit/")
    phone.fits()
    phone.axe()
    phone.shot("card-phone")
    phone.go(f"/unions/{world.factory.pk}/history/")
    phone.fits()
    phone.shot("history-phone", full=False)


def test_the_phone_number_shows_after_a_reason(visit, world, client):
    world.factory.chair_name, world.factory.chair_phone = "李敏", "13812345678"
    world.factory.save()
    desk = visit().sign_in(world.officer, client)
    page = desk.go(f"/unions/{world.factory.pk}/")
    page.locator(".reveal summary").first.click()
    desk.shot("union-reveal", full=False)
    page.locator(".reveal input[name=reason]").first.fill("通知开会")
    page.locator(".reveal button").first.click()
    page.get_by_text("13812345678").wait_for()


def test_a_union_moves_after_a_preview(visit, world, client):
    UnionFactory(parent=world.factory, name=LONG)
    desk = visit().sign_in(world.officer, client)
    page = desk.go(f"/unions/{world.factory.pk}/move/")
    page.locator("[name=target_q]").press_sequentially("建外")
    page.locator(".picks label", has_text="建外街道总工会").first.click()
    page.locator("[name=reason]").fill("朝工发〔2026〕8号")
    desk.shot("move-form")
    desk.axe()
    page.locator(".bar .btn.p").click()
    desk.shot("move-preview")
    desk.axe()
    page.locator(".bar .btn.p").click()
    page.locator(".note.ok").wait_for()
    phone = visit(phone=True).sign_in(world.officer, client)
    phone.go(f"/unions/{world.factory.pk}/dissolve/")
    phone.fits()
    phone.shot("dissolve-phone", full=False)


def test_an_account_is_opened_and_its_password_shown_once(visit, world, client):
    desk = visit().sign_in(world.street_chair, client)
    page = desk.go(f"/unions/{world.factory.pk}/people/")
    desk.shot("people-empty", full=False)
    desk.axe()
    page.get_by_role("link", name="新建账号").first.click()
    desk.axe()
    desk.shot("people-add")
    page.get_by_label("姓名").fill("张华")
    page.locator("[name=username]").fill("zhanghua")
    page.locator("[name=role]").select_option("grassroots_staff")
    page.locator("form.card .btn.p").click()
    page.locator("code.secret").wait_for()
    desk.shot("people-password", full=False)
    desk.axe()
    world.chair
    page = desk.go(f"/unions/{world.factory.pk}/people/")
    page.locator(".row-menu summary").first.click()
    desk.shot("people-desktop", full=False)
    desk.axe()
    phone = visit(phone=True).sign_in(world.street_chair, client)
    phone.go(f"/unions/{world.factory.pk}/people/")
    phone.fits()
    phone.shot("people-phone")


def test_an_empty_scope_says_what_to_do(visit, world, client):
    from tests.factories.unions import UserFactory

    desk = visit().sign_in(UserFactory(), client)
    page = desk.go("/unions/")
    assert page.title()


def test_the_pages_read_in_english(visit, world, client):
    desk = visit().sign_in(world.officer, client)
    desk.context.add_cookies([{"name": "language", "value": "en", "url": desk.base}])
    for name, path in {"list": "/unions/", "tree": "/tree/", "card": f"/unions/{world.factory.pk}/edit/", "people": f"/unions/{world.factory.pk}/people/"}.items():  # fmt: skip
        desk.go(path)
        desk.shot(f"english-{name}", full=False)
        desk.fits()
