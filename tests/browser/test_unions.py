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
    desk.shot("list-desktop")
    desk.axe()
    page.locator("form.filters [name=q]").press_sequentially("餐饮")
    page.wait_for_url("**q=**")
    page.get_by_text("第二届委员会").wait_for()
    desk.axe()
    desk.shot("list-filtered")
    phone = visit(phone=True).sign_in(world.officer, client)
    phone.go("/unions/?state=active")
    phone.fits()
    phone.shot("list-phone")
    phone.axe()
