"""操作日志, its seals, and 为什么看不到 in a real browser."""

from tests.factories.unions import UserFactory
from unions import seals, watch
from unions.services import edit_union, move_union, record


def _acts(world):
    edit_union(world.factory, {"members": 250, "chair_phone": "13812345678"}, by=world.clerk, reason="新发展会员8人")
    record(world.factory, "person.reveal", world.factory, by=world.officer, reason="通知开会", result="read")
    move_union(world.hotel, world.jianwai, by=world.officer, reason="朝工发〔2026〕12号")


def test_the_record_of_acts_filters_and_opens_its_details(visit, world, client):
    _acts(world)
    desk = visit().sign_in(world.clerk, client)
    desk.go("/rules/1/edit/")
    desk.shot("refused-desktop", full=False)
    desk.axe()
    desk = visit().sign_in(world.leader, client)
    page = desk.go("/audit/")
    page.locator("details.act-more summary").first.click()
    desk.axe()
    desk.shot("log-desktop")
    page.select_option("[name=result]", "refused")
    page.wait_for_url("**result=refused**")
    page.locator("td", has_text=world.clerk.name).first.wait_for()
    desk.shot("log-refused", full=False)
    phone = visit(phone=True).sign_in(world.street_chair, client)
    phone.go("/audit/")
    phone.fits()
    phone.axe()
    phone.shot("log-phone")


def test_the_seals_say_that_they_agree(visit, world, client):
    _acts(world)
    seals.seal_events()
    watch.check_now()
    desk = visit().sign_in(world.leader, client)
    desk.go("/audit/seals/")
    desk.axe()
    desk.shot("seals-desktop")
    phone = visit(phone=True).sign_in(world.leader, client)
    phone.go("/audit/seals/")
    phone.fits()
    phone.axe()
    phone.shot("seals-phone")


def test_from_a_refusal_to_the_page_that_explains(visit, world, client):
    administrator = world.street_chair
    desk = visit().sign_in(world.clerk, client)
    page = desk.go("/rules/1/edit/")
    page.locator("main a.why").click()
    page.get_by_text(administrator.name).first.wait_for()
    desk.axe()
    desk.shot("explain-desktop")
    page = desk.go(f"/unions/{world.bank.pk}/")
    desk.shot("hidden-desktop", full=False)
    page = desk.go("/unions/?q=没有这样的")
    desk.shot("empty-desktop", full=False)
    phone = visit(phone=True).sign_in(world.clerk, client)
    phone.go("/access/?why=hidden&right=union_view")
    phone.fits()
    phone.axe()
    phone.shot("explain-phone")
    phone = visit(phone=True).sign_in(UserFactory(), client)
    phone.go("/")
    phone.shot("nobody-home")
    page = phone.go("/unions/")
    page.locator("main a.why").click()
    page.wait_for_url("**/access/**")
    phone.fits()
    phone.axe()
    phone.shot("explain-nobody")
