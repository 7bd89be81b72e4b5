"""The pages of a vote: prepared and run by its union, cast on a phone without an account."""

import re
from fractions import Fraction

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assemblies import ballots, votes
from assemblies.enums import VoteKind, VoteManner, VoteState
from assemblies.models import Envelope, Turnout, Vote
from tests.factories.votes import election, meeting_of, motion, opened, tick
from unions.models import Event
from unions.workflow import perform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def phone() -> Client:
    """Somebody without an account."""
    cache.clear()
    return Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})


def page(vote: Vote, name: str = "detail") -> str:
    return reverse(f"assemblies:vote-{name}", args=[vote.pk])


def send(phone: Client, address: str, **data):
    csrf = phone.cookies["csrf" if "csrf" in phone.cookies else "__Host-csrf"].value
    return phone.post(address, {**data, "csrfmiddlewaretoken": csrf})


def checked(phone: Client, secret: str, **data) -> dict:
    """What the check page carries on to the casting."""
    address = reverse("assemblies:ballot", args=[secret])
    phone.get(address)
    text = send(phone, address, **data).content.decode()
    return {**data, "receipt": re.search(r'name="receipt" value="([^"]+)"', text)[1]}


def test_a_member_votes_on_a_phone_in_three_steps_and_gets_a_receipt(world, phone):
    vote, links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    address = reverse("assemblies:ballot", args=[links[0][1]])
    first = phone.get(address)
    assert (
        first.status_code == 200
        and "no-store" in first["Cache-Control"]
        and "同意工会工作报告吗" in first.content.decode()
    )
    assert send(phone, address).status_code == 422  # nothing ticked
    given = checked(phone, links[0][1], q1="1")
    assert not Envelope.objects.exists(), "checking casts nothing"
    done = send(phone, reverse("assemblies:ballot-cast", args=[links[0][1]]), **given)
    assert given["receipt"].split(":")[0] in done.content.decode()
    assert Turnout.objects.filter(vote=vote).count() == Envelope.objects.filter(vote=vote).count() == 1


def test_a_link_used_twice_says_that_it_was_used_and_never_for_what(world, phone):
    vote, links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    given = checked(phone, links[0][1], q1="2")
    cast = reverse("assemblies:ballot-cast", args=[links[0][1]])
    send(phone, cast, **given)
    again = send(phone, cast, **{**given, "q1": "1"})
    text = again.content.decode()
    assert again.status_code == 409 and Envelope.objects.filter(vote=vote).count() == 1
    assert "已经投过票" in text or "has been cast already" in text
    assert "checked" not in text and "Against" not in text and "反对" not in text


def test_trying_many_links_is_stopped_and_whoever_shares_the_address_still_votes(world, phone, settings):
    settings.WRONG_LINKS = 2
    _vote, links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    wrong = [phone.get(reverse("assemblies:ballot", args=[letter * 32])).status_code for letter in "abc"]
    assert wrong == [404, 404, 429]
    assert phone.get(reverse("assemblies:ballot", args=[links[0][1]])).status_code == 200
    given = checked(phone, links[0][1], q1="1")
    assert send(phone, reverse("assemblies:ballot-cast", args=[links[0][1]]), **given).status_code == 200
    assert Turnout.objects.count() == 1
    cache.clear()


def test_too_many_ticks_come_back_with_what_was_ticked(world, phone):
    _vote, links = opened(election(meeting_of(world.factory), world.chair), world.chair)
    address = reverse("assemblies:ballot", args=[links[0][1]])
    phone.get(address)
    answer = send(phone, address, q1=["1", "2", "3", "4"])
    assert answer.status_code == 422 and answer.content.decode().count("checked") == 4
    back = send(phone, address, q1=["1", "2"], others1="钱进", back="1")
    assert back.status_code == 200 and back.content.decode().count("checked") == 2 and "钱进" in back.content.decode()


def test_before_and_after_the_page_says_what_to_wait_for(world, phone):
    vote = motion(meeting_of(world.factory), world.chair)
    (_link, secret), *_rest = ballots.make_slips(vote, 1, by=world.chair)
    address = reverse("assemblies:ballot", args=[secret])
    assert phone.get(address).status_code == 200
    vote, links = opened(vote, world.chair)
    codes = [tick(vote, link, 1) for link, _secret in links[:7]]
    for move in ("close", "count"):
        vote = perform(vote, move, by=world.chair)
    assert codes[0] not in phone.get(address).content.decode()
    perform(vote, "announce", by=world.chair)
    text = phone.get(address).content.decode()
    assert codes[0] in text and "7 ÷ 12 = 58.3%" in text


def test_the_chair_prepares_checks_opens_closes_and_announces(world, sign_in):
    meeting = meeting_of(world.factory)
    client = sign_in(world.chair)
    data = {
        "title": "审议经费预算", "questions": "同意本年度经费预算吗？", "meeting": meeting.pk, "held_on": meeting.held_on,
        "manner": VoteManner.SECRET, "base": "due", "rule": "1/2",
    }  # fmt: skip
    made = client.post(reverse("assemblies:vote-new", args=[world.factory.pk, "motion"]), data)
    vote = Vote.objects.get(title="审议经费预算")
    assert made.status_code == 302 and (vote.base, vote.share, vote.is_inclusive) == ("due", Fraction(1, 2), False)
    assert "2/3" in client.get(page(vote)).content.decode()
    client.post(reverse("assemblies:vote-move", args=[vote.pk, "open"]))
    book = client.post(page(vote, "links"))
    assert book["Content-Type"].startswith("application/vnd.openxml")
    vote = Vote.objects.get(pk=vote.pk)
    for link, _secret in ballots.make_links(vote, by=world.chair)[:7]:
        tick(vote, link, 1)
    shown = client.get(page(vote)).content.decode()
    assert "7/10" in shown and "58.3%" not in shown, "turnout, and not what was voted"
    client.post(reverse("assemblies:vote-move", args=[vote.pk, "close"]))
    vote = Vote.objects.get(pk=vote.pk)
    assert vote.state == VoteState.COUNTED and "7 ÷ 12 = 58.3%" in client.get(page(vote)).content.decode()
    client.post(reverse("assemblies:vote-move", args=[vote.pk, "announce"]))
    assert client.get(page(vote, "print")).status_code == 200 and client.get(page(vote, "workbook")).status_code == 200
    acts = set(Event.objects.filter(model="assemblies.Vote", object_id=vote.pk).values_list("action", flat=True))
    assert {"vote.prepare", "vote.open", "vote.links", "vote.close", "vote.count", "vote.announce"} <= acts


def test_an_election_is_prepared_as_lines_and_changed_until_it_opens(world, sign_in):
    meeting, client = meeting_of(world.factory), sign_in(world.chair)
    data = {
        "title": "选举工会委员会", "meeting": meeting.pk, "held_on": meeting.held_on, "manner": "secret", "base": "due", "rule": "1/2",
        "noticed_on": "", "position1": "member", "seats1": 3, "candidates1": "张敏，女，一车间\n李强，男，二车间\n王芳\n赵磊", "others1": "on",
    }  # fmt: skip
    client.post(reverse("assemblies:vote-new", args=[world.factory.pk, "election"]), data)
    vote = Vote.objects.get(title="选举工会委员会")
    names = [(o.text, o.sex, o.note) for o in vote.sheet[0].options.all()]
    assert names == [("张敏", "female", "一车间"), ("李强", "male", "二车间"), ("王芳", "", ""), ("赵磊", "", "")]
    assert "张敏，女，一车间" in client.get(page(vote, "edit")).content.decode()
    data["candidates1"] += "\n孙丽"
    client.post(page(vote, "edit"), {**data, "revision": vote.revision})
    assert len(Vote.objects.get(pk=vote.pk).sheet[0].options.all()) == 5
    assert client.post(page(vote, "edit"), {**data, "revision": vote.revision}).status_code == 409


def test_slips_are_shown_once_with_their_codes(world, sign_in):
    vote = motion(meeting_of(world.factory), world.chair)
    text = sign_in(world.chair).post(page(vote, "slips"), {"count": 3}).content.decode()
    assert text.count("data:image/svg+xml") == 3 and vote.links.count() == 3
    secrets = re.findall(r"/b/([\w-]{32})/", text)
    assert len({*secrets}) == 3 and all(ballots.find_link(secret) for secret in secrets)


def test_two_tellers_see_each_others_figures_only_after_their_own(world, sign_in):
    vote, _links = opened(motion(meeting_of(world.factory), world.chair, manner=VoteManner.PAPER), world.chair)
    votes.set_paper_issued(vote, 10, by=world.chair)
    batch = votes.add_batch(vote, "", by=world.chair)
    address = reverse("assemblies:batch", args=[vote.pk, batch.pk])
    given = {"q1_returned": 10, "q1_invalid": 0, "q1_tick1": 7, "q1_tick2": 3, "q1_tick3": 0}
    assert sign_in(world.chair).post(address, given).status_code == 302
    client = sign_in(world.clerk)
    assert 'value="7"' not in client.get(address).content.decode()
    assert client.post(address, {**given, "q1_tick1": 8}).status_code == 422  # does not add up
    differing = client.post(address, {**given, "q1_tick1": 6, "q1_tick2": 4}, follow=True).content.decode()
    assert 'class="on"' in differing and "两人录入不一致" in differing
    client.post(address, given)
    batch.refresh_from_db()
    assert batch.figures


def test_a_list_of_votes_costs_the_same_for_one_and_for_many(world, sign_in, django_assert_max_num_queries):
    client, meeting = sign_in(world.street_chair), meeting_of(world.factory)
    for _number in range(12):
        motion(meeting, world.chair)
    client.get(reverse("assemblies:vote-list"))
    with django_assert_max_num_queries(16):
        assert client.get(reverse("assemblies:vote-list")).status_code == 200


def test_a_vote_without_a_meeting_has_slips_for_those_said_to_be_due(world, sign_in):
    data = {
        "title": "民主评议", "questions": "职工食堂工作", "held_on": timezone.localdate(), "due": 20, "manner": "secret",
        "base": "valid", "asks_advice": "on", "text": "",
    }  # fmt: skip
    sign_in(world.chair).post(reverse("assemblies:vote-new", args=[world.factory.pk, "appraisal"]), data)
    vote = Vote.objects.get(kind=VoteKind.APPRAISAL)
    assert len(vote.sheet) == 6 and vote.sheet[-1].text == "职工食堂工作", "the five of the sheet, and the union's own"
    slips = ballots.make_slips(vote, 20, by=world.chair)
    vote = perform(vote, "open", by=world.chair)
    for number, (link, _secret) in enumerate(slips[:15]):
        tick(vote, link, 1 if number < 9 else 2 if number < 12 else 3, advice="多办培训" if number == 3 else "")
    vote = perform(perform(vote, "close", by=world.chair), "count", by=world.chair)
    text = sign_in(world.chair).get(page(vote)).content.decode()
    assert "12 ÷ 15 = 80.0%" in text and "多办培训" in text
