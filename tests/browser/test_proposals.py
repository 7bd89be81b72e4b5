"""Proposals and delegates in the browser: by link on a phone without a script, through the queue, on cards."""

import pytest
from django.urls import reverse

from assemblies import proposals
from assemblies.models import Proposal
from tests.factories.assemblies import collection_of, constituency_of, delegate_of, proposal_of, term_of
from unions.tokens import Purpose, make
from unions.workflow import perform


@pytest.fixture
def filled(world):
    """Proposals at several steps, delegates in two constituencies."""
    term, chair = term_of(world.factory), world.chair
    for name, number in (("生产部", 4), ("销售部", 3)):
        place = constituency_of(term, chair, name, 120, number)
        for person in ("李明", "王芳", "张强")[: number - 1]:
            delegate_of(place, chair, f"{person}{name[0]}", due_count=120, present_count=100, votes=88)
    proposal_of(world.factory, title="增设母婴休息室", is_confidential=True)
    proposal_of(
        world.factory, kind="proposal", title="更换车间照明", proposer="李明生", seconders=("王一", "王二", "王三")
    )
    handed = perform(proposal_of(world.factory, title="规范加班工资核算"), "accept", by=chair)
    perform(handed, "assign", by=chair, data={"lead": "人力资源部", "joint": ["财务部"]})
    answered = perform(
        perform(proposal_of(world.factory), "accept", by=chair), "assign", by=chair, data={"lead": "行政部"}
    )
    return proposals.answer(
        answered.handlers.get(), text="食堂已延长供餐至次日一时。", grade="a", signed="刘主任", by=chair
    )


def test_a_member_hands_in_on_a_phone_without_a_script(world, visit):
    collection = collection_of(world.factory, words="请围绕生产生活提出意见建议。")
    phone = visit(phone=True, java_script_enabled=False)
    page = phone.go(reverse("assemblies:public-collection", args=[make(Purpose.COLLECTION, collection.pk)]))
    phone.shot("public-collection-phone")
    page.get_by_label("案由").fill("增设饮水机")
    page.get_by_label("情况分析").fill("三楼没有饮水机。")
    page.locator("textarea[name=request]").fill("请增设。")
    page.get_by_label("姓名", exact=False).first.fill("赵会员")
    page.get_by_role("button", name="提交").click()
    assert "已提交" in page.content()
    phone.shot("public-submitted-phone")
    assert Proposal.objects.get().proposer == "赵会员"


def test_the_pages_of_proposals_and_delegates_can_be_read_and_reached(world, filled, visit, client):
    term = term_of(world.factory)
    addresses = {
        "queue": reverse("assemblies:proposal-queue"), "list": reverse("assemblies:proposal-list"),
        "detail": reverse("assemblies:proposal-detail", args=[filled.pk]), "print": reverse("assemblies:proposal-print", args=[filled.pk]),
        "statistics": reverse("assemblies:proposal-statistics"), "plan": reverse("assemblies:delegate-plan", args=[term.pk]),
        "delegates": reverse("assemblies:delegate-list"), "cards": reverse("assemblies:delegate-cards", args=[term.pk]),
        "delegate": reverse("assemblies:delegate", args=[term.delegates.first().pk]),
        "collection": reverse("assemblies:collection", args=[collection_of(world.factory).pk]),
        "union": reverse("unions:union", args=[world.factory.pk]) + "?tab=assemblies", "home": reverse("unions:home"),
        "mark": reverse("assemblies:public-proposal", args=[make(Purpose.PROPOSER, filled.pk)]),
    }  # fmt: skip
    for where, visitor in (("desktop", visit()), ("phone", visit(phone=True))):
        visitor.sign_in(world.chair, client)
        for name, address in addresses.items():
            visitor.go(address)
            visitor.shot(f"{name}-{where}")
            visitor.fits()
            visitor.axe()


def test_the_chair_takes_up_the_next_one_from_the_queue(world, filled, visit, client):
    desk = visit().sign_in(world.chair, client)
    page = desk.go(reverse("assemblies:proposal-queue"))
    page.locator("#panel").get_by_role("button", name="立案", exact=True).click()
    page.get_by_text("已完成：立案").wait_for()
    assert Proposal.objects.filter(state="accepted").count() == 1
