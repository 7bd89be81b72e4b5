"""Votes on points of an agenda: prepared there, standing there with their result, and written nowhere a second time."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assemblies import votes
from assemblies.agenda_votes import agenda_of
from assemblies.enums import AgendaKind, VoteKind, VoteManner
from assemblies.meeting_documents import minutes, results
from assemblies.meetings import remove_point, write_minutes
from assemblies.minutes import draft_of
from assemblies.models import AgendaItem, Meeting, Vote
from assemblies.votes import Paper
from tests.factories.meetings import called, in_session
from tests.factories.votes import announced, motion
from unions.models import Event
from unions.workflow import MoveError, perform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def point(world) -> AgendaItem:
    """A resolution to vote on, at an assembly in session with six of seven present."""
    meeting = in_session(world.factory, world.chair, world.reviewer, present=6, people=7)
    return meeting.agenda.filter(kind=AgendaKind.VOTE).first()


def vote_on(point: AgendaItem, by, **given) -> Vote:
    values = {"title": point.title, "held_on": point.meeting.held_on, "papers": [Paper("同意各项报告吗？")]}
    return votes.prepare(
        point.union, kind=VoteKind.MOTION, item=point, by=by, manner=VoteManner.NAMED, **values | given
    )


def test_a_vote_is_prepared_from_its_point_with_meeting_day_and_question_filled_in(world, sign_in, point):
    client = sign_in(world.chair)
    page = client.get(reverse("assemblies:meeting", args=[point.meeting_id])).content.decode()
    address = f"{reverse('assemblies:vote-new', args=[world.factory.pk, 'motion'])}?item={point.pk}"
    assert address in page
    form = client.get(address).context["form"]
    assert form.initial["title"] == point.title and point.title in form["questions"].value()
    assert not {"meeting", "due"} & set(form.fields), "the meeting and its sign-in say so"
    data = {"title": point.title, "questions": "同意吗？", "held_on": point.meeting.held_on, "manner": "named", "base": "due", "rule": "1/2"}  # fmt: skip
    assert client.post(address, data).status_code == 302
    vote = Vote.objects.get()
    assert (vote.item, vote.meeting) == (point, point.meeting)
    assert client.post(address, data).status_code == 409, "one vote at a time"
    page = client.get(reverse("assemblies:meeting", args=[point.meeting_id])).content.decode()
    assert reverse("assemblies:vote-detail", args=[vote.pk]) in page and address not in page
    assert (
        reverse("assemblies:meeting", args=[point.meeting_id])
        in client.get(reverse("assemblies:vote-detail", args=[vote.pk])).content.decode()
    )


def test_nobody_plans_a_vote_on_the_agenda_of_another_union(world, sign_in, point):
    address = reverse("assemblies:vote-new", args=[world.hotel.pk, "motion"])
    assert sign_in(world.neighbour).get(f"{address}?item={point.pk}").status_code == 404
    above = sign_in(world.reviewer).get(reverse("assemblies:meeting", args=[point.meeting_id])).content.decode()
    assert "votes/new" not in above


def test_opening_the_vote_takes_its_point_up_with_the_same_people_present(world, point):
    vote = perform(vote_on(point, world.chair), "open", by=world.chair)
    point.refresh_from_db()
    assert point.begun_at and (point.due_count, point.present_count) == (vote.due, vote.present) == (7, 6)
    assert vote.rolls.get().present == 6


def test_a_vote_on_a_point_is_of_that_meeting_whatever_is_written(world, point):
    vote = vote_on(point, world.chair)
    Vote.objects.filter(pk=vote.pk).update(meeting=None)
    vote.refresh_from_db()
    assert vote.meeting_id == point.meeting_id
    with pytest.raises(MoveError, match="vote already"):
        remove_point(point, by=world.chair)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.filter(pk=point.pk)._raw_delete("default")
        transaction.get_connection().check_constraints()


def test_agenda_minutes_and_papers_take_the_result_from_the_vote(world, point, django_assert_max_num_queries):
    vote = announced(vote_on(point, world.chair), world.chair, 1)
    said = "同意各项报告吗？ carried: for 6 ÷ 7 = 85.7% > 50%"
    with django_assert_max_num_queries(6):
        shown = next(item for item in agenda_of(point.meeting) if item.pk == point.pk)
        assert [paper.words for result in shown.results for paper in result.papers] == [said]
    assert said in draft_of(point.meeting)
    write_minutes(point.meeting, by=world.chair, minutes="会议通过了决议。", resolutions={})
    meeting = Meeting.objects.get(pk=point.meeting_id)
    for paper in (minutes(meeting), results(meeting)):
        cells = [cell for block in paper.blocks for row in block.rows for cell in row]
        assert "6 ÷ 7 = 85.7%" in cells and "同意各项报告吗？" in cells
    assert any(said in cell for block in results(meeting).blocks for row in block.rows for cell in row)
    assert vote.item == point


def test_a_result_that_is_not_announced_stands_in_no_paper(world, point):
    vote = perform(vote_on(point, world.chair), "open", by=world.chair)
    assert all(not result.papers for item in agenda_of(point.meeting) for result in item.results)
    assert str(vote.sheet[0]) not in str(results(Meeting.objects.get(pk=point.meeting_id)).blocks)


def test_results_are_not_reported_up_while_a_vote_is_under_way(world, point):
    vote = perform(vote_on(point, world.chair), "open", by=world.chair)
    meeting = perform(point.meeting, "close", by=world.chair)
    meeting = write_minutes(meeting, by=world.chair, minutes="会议纪要", resolutions={})
    with pytest.raises(MoveError, match=f"{vote.title}（Voting）"):
        perform(meeting, "file", by=world.chair)
    perform(vote, "void", by=world.chair, reason="投票中断")
    assert perform(meeting, "file", by=world.chair).state == "filed"


def test_a_vote_on_no_point_stands_on_the_page_of_its_meeting_too(world, sign_in, point):
    vote = motion(point.meeting, world.chair, title="临时动议")
    page = sign_in(world.reviewer).get(reverse("assemblies:meeting", args=[point.meeting_id])).content.decode()
    assert reverse("assemblies:vote-detail", args=[vote.pk]) in page and "临时动议" in page


def test_what_was_prepared_for_a_cancelled_meeting_goes_with_it(world):
    meeting = called(world.factory, world.chair, world.reviewer)
    draft = vote_on(meeting.agenda.get(kind="vote"), world.chair)
    perform(meeting, "cancel", by=world.chair, reason="台风停工")
    assert not Vote.objects.filter(pk=draft.pk).exists()
    assert Event.objects.filter(action="vote.discard", object_id=draft.pk).exists()


def test_a_meeting_on_which_a_vote_has_begun_is_not_cancelled(world, point):
    """No way leads there by the pages: a meeting that sits cannot be cancelled at all. The data may come from elsewhere."""
    vote = perform(vote_on(point, world.chair), "open", by=world.chair)
    Meeting.objects.filter(pk=point.meeting_id).update(state="called")
    with pytest.raises(MoveError, match="have begun"):
        perform(point.meeting, "cancel", by=world.chair, reason="台风停工")
    assert Vote.objects.filter(pk=vote.pk, state="open").exists()


def test_an_election_is_proposed_with_the_body_and_the_seats_of_the_table(world):
    meeting = in_session(world.factory, world.chair, world.reviewer, present=6)
    item = AgendaItem.objects.create(
        meeting=meeting, number=90, kind=AgendaKind.ELECTION, title="Election of the Audit committee"
    )
    (paper,) = votes.template(VoteKind.ELECTION, world.factory, item)
    assert (paper.body, paper.seats) == ("audit", 3)
