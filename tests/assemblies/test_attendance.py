"""Who is due and who came: the list, presence, the quorum, going on without it."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from assemblies import attendees, links
from assemblies.attendees import Person, read_lines
from assemblies.models import Attendee, Meeting
from assemblies.quorum import demand_quorum, needed_of, override, quorum_of, take_up
from tests.factories.meetings import called, closed, come, in_session, planned
from unions.models import Event, Setting
from unions.workflow import Invalid, MoveError

pytestmark = pytest.mark.django_db


# The list


def test_names_are_pasted_as_tables_and_messages_bring_them():
    text = "1、张三\t一车间\t班组长\n李 四，二车间\n\n3\t王五\n  赵六  "
    assert read_lines(text) == [
        Person("张三", "一车间", "班组长"), Person("李四", "二车间"), Person("王五"), Person("赵六"),
    ]  # fmt: skip


def test_whoever_stands_on_the_list_is_not_put_there_twice(world):
    meeting = planned(world.factory, world.chair, people=0)
    assert attendees.add(meeting, read_lines("张三\n李四\n张三"), by=world.chair) == 2
    assert attendees.add(meeting, read_lines("李四\n王五\n李四,二组"), by=world.chair) == 2
    assert list(meeting.attendees.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_the_list_of_the_last_meeting_is_offered(world):
    planned(world.factory, world.chair, people=4)
    meeting = planned(world.factory, world.chair, people=0)
    assert attendees.offers(meeting) == [("last", "As at the last meeting", 4)] or attendees.offers(meeting)[0][2] == 4
    attendees.add(meeting, attendees.sources["last"].people(meeting), by=world.chair)
    assert meeting.attendees.count() == 4


def test_who_is_due_stays_once_the_meeting_sits_but_guests_may_join(world):
    meeting = in_session(world.factory, world.chair, world.reviewer)
    with pytest.raises(MoveError):
        attendees.add(meeting, [Person("后来者")], by=world.chair)
    with pytest.raises(MoveError):
        attendees.remove(meeting, meeting.attendees.values_list("pk", flat=True)[:1], by=world.chair)
    assert attendees.add(meeting, [Person("区总工会领导", has_vote=False)], by=world.chair) == 1
    assert quorum_of(meeting).due == 6


# The quorum


@pytest.mark.parametrize(("due", "needed"), [(1, 1), (2, 2), (3, 2), (31, 21), (30, 20), (0, 0)])
def test_two_thirds_are_counted_in_whole_persons(due, needed):
    from fractions import Fraction

    assert needed_of(due, Fraction(2, 3)) == needed


def test_guests_do_not_count_and_no_meeting_of_nobody_has_a_quorum(world):
    meeting = in_session(world.factory, world.chair, world.reviewer, 3)
    found = quorum_of(meeting)
    assert (found.due, found.present, found.needed, found.is_met) == (6, 3, 4, False)
    come(meeting, world.chair, 4)
    assert quorum_of(meeting).is_met
    Attendee.objects.filter(meeting=meeting).update(has_vote=False)
    assert not quorum_of(meeting).is_met


def test_what_was_counted_at_the_close_stays_when_the_list_is_erased_in_its_time(world):
    meeting = closed(world.factory, world.chair, world.reviewer, present=5)
    meeting.attendees.all().delete()
    found = quorum_of(Meeting.objects.get(pk=meeting.pk))
    assert (found.due, found.present, found.is_met) == (6, 5, True)


def test_a_meeting_is_judged_by_the_rule_of_its_own_day(world):
    meeting = in_session(world.factory, world.chair, world.reviewer, 4)
    Setting.objects.create(
        key="assembly-quorum", value="1", effective_from=meeting.held_on + datetime.timedelta(days=1), basis="x"
    )
    assert quorum_of(meeting).needed == 4
    Setting.objects.create(key="assembly-quorum", value="1", effective_from=meeting.held_on, basis="x")
    assert quorum_of(meeting).needed == 6


def test_below_the_quorum_no_vote_is_taken_up_except_with_a_recorded_reason(world):
    meeting = in_session(world.factory, world.chair, world.reviewer, 3)
    report, vote = meeting.agenda.filter(kind="report").first(), meeting.agenda.filter(kind="vote").first()
    take_up(report, by=world.chair)
    with pytest.raises(MoveError):
        take_up(vote, by=world.chair)
    with pytest.raises(Invalid):
        override(meeting, by=world.chair, reason=" ")
    meeting = override(meeting, by=world.chair, reason="防汛值守，经全体到会人员同意")
    vote = take_up(vote, by=world.chair)
    assert (vote.due_count, vote.present_count, vote.needed_count, vote.was_below_quorum) == (6, 3, 4, True)
    assert Event.objects.get(action="meeting.override").data == {"due": 6, "present": 3, "needed": 4}
    assert demand_quorum(meeting).present == 3


def test_a_point_is_taken_up_once_and_keeps_who_was_present_then(world):
    meeting = in_session(world.factory, world.chair, world.reviewer, 6)
    point = take_up(meeting.agenda.first(), by=world.chair)
    attendees.mark(meeting, [meeting.attendees.first().pk], "expected", by=world.chair)
    assert take_up(point, by=world.chair).present_count == 6


# Signing in


def test_presence_is_recorded_with_its_way_and_can_be_taken_back(world):
    meeting = in_session(world.factory, world.chair, world.reviewer)
    first, second = meeting.attendees.all()[:2]
    attendees.mark(meeting, [first.pk], "present", by=world.chair)
    attendees.mark(meeting, [second.pk], "present", by=world.chair, how="assisted")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.signed_how, second.signed_how, second.signed_by) == ("list", "assisted", world.chair)
    assert attendees.mark(meeting, [first.pk], "present", by=world.chair) == 0
    attendees.mark(meeting, [first.pk], "expected", by=world.chair)
    first.refresh_from_db()
    assert (first.presence, first.signed_at) == ("expected", None)


def test_an_excuse_may_come_before_the_day_and_presence_may_not(world):
    meeting = called(world.factory, world.chair, world.reviewer)
    first = meeting.attendees.first()
    assert attendees.mark(meeting, [first.pk], "excused", by=world.chair, note="出差") == 1
    with pytest.raises(MoveError):
        attendees.mark(meeting, [first.pk], "present", by=world.chair)
    with pytest.raises(MoveError):
        attendees.mark(closed(world.factory, world.chair, world.reviewer), [], "present", by=world.chair)


def test_number_and_name_must_belong_together(world):
    meeting = in_session(world.factory, world.chair, world.reviewer)
    assert attendees.sign_in(meeting, 1, "职工02") is None
    assert attendees.sign_in(meeting, 99, "职工01") is None
    person = attendees.sign_in(meeting, 1, " 职工 01")
    assert (person.presence, person.signed_how, person.signed_by) == ("present", "code", None)
    at = person.signed_at
    assert attendees.sign_in(meeting, 1, "职工01").signed_at == at


def test_the_code_on_the_screen_changes_and_the_link_of_the_papers_stays(world, settings):
    meeting = in_session(world.factory, world.chair, world.reviewer)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        shown, papers = links.sign_in_token(meeting), links.papers_token(meeting)
        assert len(shown) == 22 and shown != papers
        assert links.opens_sign_in(shown, meeting) and not links.opens_sign_in(papers, meeting)
        clock.shift(datetime.timedelta(minutes=5))
        assert links.opens_sign_in(shown, meeting)
        clock.shift(datetime.timedelta(minutes=6))
        assert not links.opens_sign_in(shown, meeting)
        assert links.opens_sign_in(shown, meeting, is_typed=True), "a page that is open already may still be sent"
        clock.shift(datetime.timedelta(minutes=30))
        assert not links.opens_sign_in(shown, meeting, is_typed=True)
        assert links.opens_papers(papers, meeting)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "x" * 60
    assert links.opens_papers(papers, meeting), "a rotated key still opens what is printed"
    meeting.link_seed = "0" * 32
    assert not links.opens_papers(papers, meeting)
