"""What an election leads on to: seats of the right term, the register of delegates, the duty of the year."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from assemblies import votes
from assemblies.enums import MeetingKind, VoteKind, VoteManner
from assemblies.meeting_dashboards import lines_below
from assemblies.models import Delegate, Meeting, Seat, Vote
from assemblies.terms import begin_term
from assemblies.votes import Candidate, Paper
from tests.factories.assemblies import constituency_of, term_of
from tests.factories.meetings import closed, in_session, planned
from tests.factories.votes import announced, election, meeting_of, opened, tick
from unions.dashboards import Board
from unions.duties import refresh_totals
from unions.enums import DutyState, Timeliness
from unions.models import Duty, DutyRule
from unions.workflow import MoveError, perform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TODAY = timezone.localdate


def test_those_elected_at_the_first_session_of_a_term_sit_in_the_term_that_it_begins(world, sign_in):
    term_of(world.factory)
    meeting = meeting_of(world.factory, is_renewal=True, session=1)
    vote = announced(election(meeting, world.chair), world.chair, 1, 2)
    with pytest.raises(MoveError, match="Begin the term"):
        votes.seat_elected(vote, by=world.chair)
    client = sign_in(world.chair)
    page = client.get(reverse("assemblies:vote-detail", args=[vote.pk])).content.decode()
    begin = f"{reverse('assemblies:term-begin', args=[world.factory.pk])}?on={TODAY().isoformat()}"
    assert "张敏" in page and begin in page
    assert f'value="{TODAY().isoformat()}"' in client.get(begin).content.decode()
    Meeting.objects.filter(pk=meeting.pk).update(state="closed")
    assert begin in client.get(reverse("assemblies:meeting", args=[meeting.pk])).content.decode()
    term = begin_term(world.factory, started_on=TODAY(), years=5, by=world.chair)
    meeting.refresh_from_db()
    assert meeting.term == term, "its first session"
    client.post(reverse("assemblies:vote-seats", args=[vote.pk]))
    assert set(Seat.objects.filter(term=term).values_list("name", flat=True)) >= {"张敏", "李强"}
    assert not votes.unseated(vote)


def test_delegates_elected_are_entered_in_the_register_with_what_the_vote_knows(world, sign_in):
    term = term_of(world.factory)
    place = constituency_of(term, world.chair)
    papers = [
        Paper("会员代表", "", "", 2, False, tuple(Candidate(name, "female") for name in ("张敏", "李强", "王芳")))
    ]
    meeting = meeting_of(world.factory)
    vote = votes.prepare(
        world.factory, kind=VoteKind.ELECTION, title="选举会员代表", held_on=TODAY(), by=world.chair, papers=papers, meeting=meeting,
        manner=VoteManner.SECRET, noticed_on=TODAY() - datetime.timedelta(days=20),
    )  # fmt: skip
    vote = announced(vote, world.chair, 1, 2)
    client = sign_in(world.chair)
    first = votes.unregistered(vote, term)[0]
    address = f"{reverse('assemblies:delegate-new', args=[term.pk])}?elected={first.pk}"
    assert address in client.get(reverse("assemblies:vote-detail", args=[vote.pk])).content.decode()
    given = client.get(address).context["form"].initial
    assert (given["name"], given["sex"], given["votes"], given["due_count"]) == (str(first), "female", 10, 12)
    data = {**{key: value for key, value in given.items() if value}, "constituency": place.pk, "work": "front_line"}
    assert client.post(address, data).status_code == 302
    assert Delegate.objects.get().name == str(first)
    assert [str(one) for one in votes.unregistered(vote, term)] == ["李强" if str(first) == "张敏" else "张敏"]
    assert sign_in(world.neighbour).get(address).status_code == 404


# The duty of the year


@pytest.fixture
def duty(world) -> Duty:
    days = {"opens_on": TODAY(), "due_on": TODAY(), "last_day": TODAY()}
    rule = DutyRule.objects.get(key="assembly")
    return Duty.objects.create(rule=rule, union=world.factory, period=str(TODAY().year), **days)


def test_the_duty_leads_to_the_plan_and_then_to_the_meeting_under_way(world, sign_in, duty):
    client, address = (
        sign_in(world.chair),
        reverse("assemblies:assembly-of-year", args=[world.factory.pk, duty.period]),
    )
    assert address in client.get(reverse("unions:home")).content.decode()
    assert address in client.get(reverse("unions:duty", args=[duty.pk])).content.decode()
    assert client.get(address).url.startswith(reverse("assemblies:meeting-plan", args=[world.factory.pk]))
    above = sign_in(world.reviewer).get(address)
    assert above.url.startswith(reverse("assemblies:meeting-list")) and above.status_code == 302
    meeting = planned(world.factory, world.chair, days=0)
    client = sign_in(world.chair)
    assert client.get(address).url == reverse("assemblies:meeting", args=[meeting.pk])
    assert meeting.title in client.get(reverse("unions:home")).content.decode()
    assert sign_in(world.neighbour).get(address).status_code == 404


def test_holding_the_assembly_fulfils_the_duty_and_without_a_quorum_it_was_none(world, duty):
    perform(in_session(world.factory, world.chair, world.reviewer, present=3), "close", by=world.chair)
    duty.refresh_from_db()
    assert duty.state == DutyState.OPEN
    perform(in_session(world.factory, world.chair, world.reviewer, present=5), "close", by=world.chair)
    duty.refresh_from_db()
    assert (duty.state, duty.timeliness) == (DutyState.FULFILLED, Timeliness.ON_TIME)


def test_a_committee_meeting_is_no_assembly(world, duty):
    meeting = in_session(world.factory, world.chair, kind=MeetingKind.COMMITTEE, present=6)
    perform(meeting, "close", by=world.chair)
    duty.refresh_from_db()
    assert duty.state == DutyState.OPEN


def missed(union) -> Duty:
    """The yearly assembly of last year, still owed."""
    year = TODAY().year - 1
    days = {"opens_on": f"{year}-01-01", "due_on": f"{year}-12-31", "last_day": f"{year}-12-31"}
    return Duty.objects.create(rule=DutyRule.objects.get(key="assembly"), union=union, period=str(year), **days)


def test_a_late_assembly_makes_up_for_the_year_it_was_missing_in_once_its_results_are_confirmed(world, duty):
    owed = missed(world.factory)
    meeting = closed(world.factory, world.chair, world.reviewer, makes_up_for=TODAY().year - 1)
    for each in (owed, duty):
        each.refresh_from_db()
        assert each.state == DutyState.OPEN, "confirmed above, and for one year only"
    meeting = perform(meeting, "file", by=world.chair)
    perform(meeting, "confirm", by=world.reviewer, data={"number": "望工复〔2026〕9号"})
    for each in (owed, duty):
        each.refresh_from_db()
    assert (owed.state, owed.timeliness) == (DutyState.FULFILLED, Timeliness.LATE)
    assert owed.first_submitted_at.date() == TODAY() and duty.state == DutyState.OPEN


def test_the_duty_of_a_year_gone_by_leads_to_a_plan_that_makes_up_for_it(world, sign_in):
    owed, client = missed(world.factory), sign_in(world.chair)
    address = reverse("assemblies:assembly-of-year", args=[world.factory.pk, owed.period])
    page = client.get(client.get(address).url)
    if page.context.get("kinds"):
        assert f"?kind=members&amp;makes_up_for={owed.period}" in page.content.decode()
    plan = f"{reverse('assemblies:meeting-plan', args=[world.factory.pk])}?kind=members&makes_up_for={owed.period}"
    form = client.get(plan).context["form"]
    given = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    assert str(given["makes_up_for"]) == owed.period
    there = client.post(plan, {**given, "place": "宴会厅"}).url
    assert f"补开{owed.period}年" in client.get(there).content.decode()
    assert client.get(address).url == there


def test_nobody_makes_up_for_a_year_that_is_not_over_or_not_owed(world, sign_in, duty):
    plan = f"{reverse('assemblies:meeting-plan', args=[world.factory.pk])}?kind=members"
    client = sign_in(world.chair)
    assert "makes_up_for" not in client.get(plan).context["form"].fields
    with pytest.raises(IntegrityError), transaction.atomic():
        planned(world.factory, world.chair, days=0, makes_up_for=TODAY().year)


# Up the tree


def test_the_street_sees_who_met_who_has_not_who_came_and_who_voted(
    world, sign_in, duty, django_assert_max_num_queries
):
    refresh_totals(duty.rule_id, duty.period, [world.wangjing.pk])
    board = Board(world.reviewer, world.wangjing, QueryDict())
    assert [(line.part, line.whole) for line in lines_below(board)] == [(0, 1), (1, 1), (0, 0), (0, 0)]
    meeting = in_session(world.factory, world.chair, world.reviewer, present=5)
    vote = votes.prepare(
        world.factory, kind=VoteKind.MOTION, title="决议", held_on=TODAY(), by=world.chair, papers=[Paper("同意吗？")], meeting=meeting,
        manner=VoteManner.NAMED,
    )  # fmt: skip
    vote, links = opened(vote, world.chair)
    for link, _secret in links[:4]:
        tick(vote, link, 1)
    for move in ("close", "count", "announce"):
        vote = perform(vote, move, by=world.chair)
    perform(meeting, "close", by=world.chair)
    board = Board(world.reviewer, world.wangjing, QueryDict())
    with django_assert_max_num_queries(3):
        lines = lines_below(board)
    assert [(line.part, line.whole) for line in lines] == [(1, 1), (0, 1), (5, 6), (4, 6)]
    client = sign_in(world.reviewer)
    for line, rows in zip(lines, (1, 0, 1, 1), strict=True):
        assert client.get(line.href).context["table"].paginator.count == rows, line.label
    assert (
        lines[0].href.replace("&", "&amp;")
        in client.get(reverse("unions:union", args=[world.wangjing.pk]), {"tab": "assemblies"}).content.decode()
    )


def test_a_union_page_says_that_the_assembly_of_the_year_is_due(world, sign_in, duty):
    page = reverse("unions:union", args=[world.factory.pk])
    led = reverse("assemblies:assembly-of-year", args=[world.factory.pk, duty.period])
    assert led in sign_in(world.chair).get(page, {"tab": "assemblies"}).content.decode()
    perform(in_session(world.factory, world.chair, world.reviewer, present=6), "close", by=world.chair)
    shown = sign_in(world.chair).get(page, {"tab": "assemblies"}).content.decode()
    assert f"{TODAY().year}年会员大会" in shown


def test_the_api_tells_a_result_and_nothing_of_ballots(world, sign_in):
    meeting = meeting_of(world.factory)
    vote = announced(election(meeting, world.chair), world.chair, 1, 2)
    client = sign_in(world.chair)
    assert client.get(reverse("api:vote-list"), {"state": "announced"}).json()["count"] == 1
    one = client.get(reverse("api:vote-detail", args=[vote.pk])).json()
    first = one["questions"][0]["outcomes"][0]
    assert (one["due"], one["returned"], first["votes"], first["is_won"]) == (12, 10, 10, True)
    assert not {"links", "ballots", "receipts", "turnout", "advice", "rolls"} & {*one, *one["questions"][0]}
    assert sign_in(world.neighbour).get(reverse("api:vote-detail", args=[vote.pk])).status_code == 404


def test_the_api_hides_an_appraisal_of_too_few(world, sign_in):
    vote = votes.prepare(
        world.factory, kind=VoteKind.APPRAISAL, title="民主评议", held_on=TODAY(), by=world.chair, papers=[Paper("工会主席")], due=9,
    )  # fmt: skip
    detail = reverse("api:vote-detail", args=[vote.pk])
    assert len(sign_in(world.chair).get(detail).json()["questions"]) == 1
    Vote.objects.filter(pk=vote.pk).update(state="counted", issued=4, returned=4)
    assert sign_in(world.chair).get(detail).json()["questions"] == []
