"""A vote from the slip to the receipt, on a phone without scripts; and its pages on a desk."""

import pytest
from django.urls import reverse

from assemblies.enums import VoteManner
from tests.factories.unions import DistrictWorld
from tests.factories.votes import election, meeting_of, motion, opened, tick
from unions.workflow import perform

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db) -> DistrictWorld:
    return DistrictWorld()


def test_a_member_casts_a_ballot_on_a_phone(world, visit):
    vote, links = opened(election(meeting_of(world.factory), world.chair), world.chair)
    phone = visit(phone=True)
    phone.go(reverse("assemblies:ballot", args=[links[0][1]]))
    for check in (phone.axe, phone.fits):
        check()
    phone.shot("ballot")
    phone.page.get_by_label("张敏").check()
    phone.page.get_by_label("李强").check()
    phone.page.get_by_role("button", name="下一步").click()
    phone.axe()
    phone.fits()
    phone.shot("ballot-check")
    code = phone.page.locator(".receipt b").inner_text()
    phone.page.get_by_role("button", name="投出选票").click()
    assert code in phone.page.locator(".receipt").inner_text()
    phone.axe()
    phone.shot("ballot-done")
    phone.go(reverse("assemblies:ballot", args=[links[0][1]]))
    assert "已经投过票" in phone.page.inner_text("main")
    phone.shot("ballot-used")
    for link, _secret in links[1:8]:
        tick(vote, link, 1, 2)
    for move in ("close", "count", "announce"):
        vote = perform(vote, move, by=world.chair)
    phone.go(reverse("assemblies:ballot", args=[links[0][1]]))
    assert code in phone.page.inner_html("main")
    phone.fits()
    phone.shot("ballot-result")


def test_the_pages_of_a_vote_on_desk_and_phone(world, visit, client):
    meeting = meeting_of(world.factory)
    prepared = election(meeting, world.chair, names="张敏 李强 王芳")
    vote, links = opened(election(meeting, world.chair, manner=VoteManner.MIXED), world.chair)
    for link, _secret in links[:7]:
        tick(vote, link, 1, 2)
    done, links = opened(motion(meeting, world.chair), world.chair)
    for number, (link, _secret) in enumerate(links):
        tick(done, link, 1 if number < 8 else 2)
    for move in ("close", "count"):
        done = perform(done, move, by=world.chair)
    addresses = {
        "list": reverse("assemblies:vote-list"),
        "new": reverse("assemblies:vote-new", args=[world.factory.pk, "election"]),
        "draft": reverse("assemblies:vote-detail", args=[prepared.pk]),
        "open": reverse("assemblies:vote-detail", args=[vote.pk]),
        "counted": reverse("assemblies:vote-detail", args=[done.pk]),
        "print": reverse("assemblies:vote-print", args=[done.pk]),
        "union": reverse("unions:union", args=[world.factory.pk]) + "?tab=assemblies",
    }
    for visitor, where in ((visit(), "desktop"), (visit(phone=True), "phone")):
        visitor.sign_in(world.chair, client)
        for name, address in addresses.items():
            visitor.go(address)
            visitor.axe()
            visitor.fits()
            visitor.shot(f"vote-{name}-{where}")
    desk = visit()
    desk.sign_in(world.chair, client)
    slips = motion(meeting, world.chair)
    desk.go(reverse("assemblies:vote-detail", args=[slips.pk]))
    desk.page.get_by_role("button", name="打印小票").click()
    desk.page.wait_for_selector(".slip")
    desk.axe()
    desk.shot("vote-slips")
    assert slips.links.count() == 12


def test_a_tie_is_decided_in_a_second_round_from_the_button_to_the_result(world, visit, client):
    meeting = meeting_of(world.factory)
    vote, links = opened(election(meeting, world.chair, names="张敏 李强 王芳", seats=2), world.chair)
    for number, (link, _secret) in enumerate(links):
        tick(vote, link, 1, 2 if number % 2 else 3)
    for move in ("close", "count", "announce"):
        vote = perform(vote, move, by=world.chair)

    desk = visit().sign_in(world.chair, client)
    desk.go(reverse("assemblies:vote-detail", args=[vote.pk]))
    desk.shot("round-first-tied")
    desk.press("准备第二轮")
    desk.shot("round-second-prepared")
    desk.press("开始投票")
    desk.press("打印小票")
    desk.page.wait_for_selector(".slip")
    secrets = [text.rsplit("/b/")[1].strip("/") for text in desk.page.locator(".slip .digest").all_inner_texts()]
    assert len(secrets) == meeting.attendees.count()

    phone = visit(phone=True, java_script_enabled=False)
    for secret in secrets[:9]:
        phone.go(reverse("assemblies:ballot", args=[secret]))
        assert "张敏" not in phone.page.inner_text("main"), "who is elected already does not stand again"
        phone.page.get_by_label("李强").check()
        if secret == secrets[0]:
            phone.shot("round-ballot")
        phone.press("下一步：核对")
        phone.press("投出选票")

    again = vote.rounds.get()
    for step in ("结束投票", "宣布结果"):  # ballots of phones alone are counted as the vote ends
        desk.go(reverse("assemblies:vote-detail", args=[again.pk]))
        desk.press(step)
    desk.axe()
    desk.shot("round-second-announced")
    assert [str(outcome) for outcome in again.outcomes.filter(is_won=True)] == ["李强"]
    narrow = visit(phone=True).sign_in(world.chair, client)
    narrow.go(reverse("assemblies:vote-detail", args=[again.pk]))
    narrow.fits()
    narrow.shot("round-second-announced-phone")
