"""Delegates hold office for a whole term: numbers and shares keep to the rules, an end or a recall is no matter of taste."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from assemblies import attendees
from assemblies.attendees import Person
from assemblies.delegates import (
    gap_of,
    plan_of,
    remove_constituency,
    save_constituency,
    save_delegate,
    with_record,
)
from assemblies.enums import DelegateState, MeetingKind
from assemblies.models import Attendee, Delegate, Meeting, Term
from tests.factories.assemblies import BEGAN, constituency_of, delegate_of, proposal_of, term_of
from unions.models import Event, Setting
from unions.workflow import Conflict, Invalid, MoveError, NotAllowed, perform

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)
ELECTED = {"due_count": 40, "present_count": 30, "votes": 21}


@pytest.fixture(autouse=True)
def on_that_day(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 22, 4, tzinfo=datetime.UTC), tick=False)


@pytest.fixture
def constituency(world):
    return constituency_of(term_of(world.factory), world.chair)


def serving(term: Term, day=TODAY) -> list[str]:
    return [delegate.name for delegate in Delegate.objects.filter(term=term).in_office(day)]


def take_delegates(meeting: Meeting, by) -> int:
    return attendees.add(meeting, attendees.sources["delegates"].people(meeting), by=by)


def test_the_plan_shows_what_the_table_of_the_day_allows(world, constituency):
    plan = plan_of(constituency.term)
    assert (plan.members, plan.allowed, plan.seats, plan.filled) == (242, (40, 60), 4, 0)
    assert not plan.is_number_kept
    save_constituency(constituency.term, {"name": "销售部", "members": 202, "seats": 40}, by=world.chair)
    assert plan_of(constituency.term).is_number_kept


def test_the_plan_of_a_middle_tier_union_counts_all_members_below_it(world):
    plan = plan_of(term_of(world.wangjing))
    assert plan.members == world.factory.members + world.hotel.members


def test_shares_are_counts_of_counts_and_fail_at_their_limit(world, constituency):
    Setting.objects.create(key="managers-percent", value=25, effective_from=BEGAN, basis="区规")
    delegate_of(constituency, world.chair, "甲", is_senior=True, work="management")
    for name in "乙丙":
        delegate_of(constituency, world.chair, name, sex="male")
    managers = plan_of(constituency.term).shares[2]
    assert (managers.count, managers.of, managers.is_kept) == (1, 3, False)
    delegate_of(constituency, world.chair, "丁")
    assert plan_of(constituency.term).shares[2].is_kept


@pytest.mark.parametrize(
    ("numbers", "field"),
    [
        ({**ELECTED, "votes": 20}, "votes"),  # exactly half of those due
        ({**ELECTED, "present_count": 26, "votes": 26}, "present_count"),  # two thirds of 40 are 26.67
        ({**ELECTED, "votes": 31}, "votes"),
        ({"due_count": 40, "present_count": None, "votes": 30}, "due_count"),
    ],
)
def test_nobody_below_the_rule_is_entered_as_elected(world, constituency, numbers, field):
    with pytest.raises(Invalid) as refused:
        delegate_of(constituency, world.chair, **numbers)
    assert list(refused.value.errors) == [field]


def test_who_is_elected_by_the_rule_is_entered_with_the_numbers(world, constituency):
    made = delegate_of(constituency, world.chair, **ELECTED)
    assert (made.votes, made.union, made.phone) == (21, world.factory, "13800001111")
    added = Event.objects.get(action="delegate.add")
    assert "13800001111" not in str(added.data), "the record keeps the number masked"


def test_a_constituency_has_no_more_delegates_than_seats(world, constituency):
    for name in "甲乙丙丁":
        delegate_of(constituency, world.chair, name)
    with pytest.raises(Invalid):
        delegate_of(constituency, world.chair, "戊")
    with pytest.raises(Invalid):
        save_constituency(constituency.term, {"seats": 3}, by=world.chair, constituency=constituency)
    with pytest.raises(Invalid):
        remove_constituency(constituency, by=world.chair)


def test_a_correction_that_lost_the_race_is_refused(world, constituency):
    made = delegate_of(constituency, world.chair)
    values = {"constituency": constituency, "elected_on": BEGAN, "name": "李明华"}
    save_delegate(constituency.term, values, by=world.chair, delegate=made, revision=1)
    with pytest.raises(Conflict):
        save_delegate(constituency.term, values, by=world.chair, delegate=made, revision=1)


def test_an_office_ends_by_moving_away_and_with_the_term(world, constituency):
    stays, goes = (delegate_of(constituency, world.chair, name) for name in "甲乙")
    with pytest.raises(Invalid):
        perform(goes, "end", by=world.chair)
    day = datetime.date(2026, 6, 1)
    perform(goes, "end", by=world.chair, data={"end": "moved"}, due=day)
    assert serving(constituency.term) == ["甲"]
    assert serving(constituency.term, day - datetime.timedelta(days=1)) == ["甲", "乙"]
    Term.objects.filter(pk=constituency.term_id).update(ended_on=TODAY)
    assert serving(constituency.term) == []
    assert stays.state == DelegateState.IN_OFFICE, "nothing was written: the term ended"


def test_a_recall_needs_more_than_half_of_all(world, constituency):
    made = delegate_of(constituency, world.chair)
    with pytest.raises(Invalid):
        perform(made, "recall", by=world.chair, reason="失职", data={"base": 40, "votes": 20})
    made = perform(made, "recall", by=world.chair, reason="失职", data={"base": 40, "votes": 21})
    assert (made.state, made.ended_on) == (DelegateState.RECALLED, TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegate.objects.filter(pk=made.pk).update(recall_votes=20)
    back = perform(made, "restore", by=world.chair, reason="计票有误")
    assert (back.state, back.ended_on, back.recall_votes) == (DelegateState.IN_OFFICE, None, None)


def test_an_end_is_not_taken_back_into_a_seat_that_is_filled(world, constituency):
    gone = delegate_of(constituency, world.chair, "甲")
    gone = perform(gone, "end", by=world.chair, data={"end": "resigned"})
    for name in "乙丙丁戊":
        delegate_of(constituency, world.chair, name)
    with pytest.raises(MoveError):
        perform(gone, "restore", by=world.chair, reason="误操作")


@pytest.mark.parametrize("who", ["street_chair", "clerk", "stranger", "officer"])
def test_only_the_union_itself_ends_an_office(world, constituency, who):
    with pytest.raises(NotAllowed):
        perform(delegate_of(constituency, world.chair), "end", by=getattr(world, who), data={"end": "moved"})


def test_a_gap_over_a_quarter_asks_for_a_by_election_within_three_months(world, constituency):
    made = [delegate_of(constituency, world.chair, name) for name in "甲乙丙丁"]
    assert gap_of(constituency.term, TODAY) is None
    perform(made[0], "end", by=world.chair, data={"end": "moved"}, due=datetime.date(2026, 3, 1))
    assert gap_of(constituency.term, TODAY) is None, "a quarter itself is borne"
    perform(made[1], "end", by=world.chair, data={"end": "left"}, due=datetime.date(2026, 9, 30))
    gap = gap_of(constituency.term, TODAY)
    assert (gap.missing, gap.seats, gap.since) == (2, 4, datetime.date(2026, 9, 30))
    assert gap.due == datetime.date(2026, 12, 30)
    delegate_of(constituency, world.chair, "戊", elected_on=datetime.date(2026, 11, 1), is_by_election=True)
    assert gap_of(constituency.term, TODAY) is None


def test_an_election_still_under_way_is_no_gap(world, constituency):
    delegate_of(constituency, world.chair)
    assert gap_of(constituency.term, TODAY) is None


def test_delegates_in_office_are_due_at_their_assembly_each_once(world, constituency):
    delegates = [delegate_of(constituency, world.chair, name) for name in "甲乙"]
    perform(delegates[1], "end", by=world.chair, data={"end": "moved"}, due=datetime.date(2026, 6, 1))
    meeting = Meeting.objects.create(
        union=world.factory, kind=MeetingKind.DELEGATES, title="五届三次会员代表大会", held_on=TODAY
    )
    assert take_delegates(meeting, world.chair) == 1
    assert list(meeting.attendees.values_list("number", "name", "group", "has_vote")) == [(1, "甲", "生产部", True)]
    assert take_delegates(meeting, world.chair) == 0
    assert Attendee.objects.count() == 1


def test_delegates_of_one_name_are_both_due_and_one_pasted_before_is_recognised(world, constituency):
    first = delegate_of(constituency, world.chair, "张三", member_number="1")
    delegate_of(constituency, world.chair, "张三", member_number="2")
    meeting = Meeting.objects.create(union=world.factory, kind=MeetingKind.DELEGATES, title="五届三次", held_on=TODAY)
    attendees.add(meeting, [Person("张三", "生产部")], by=world.chair)
    assert take_delegates(meeting, world.chair) == 1 and meeting.attendees.count() == 2
    assert first.attendances.get().attendee.meeting == meeting


def test_a_members_assembly_takes_no_delegates(world, constituency):
    delegate_of(constituency, world.chair)
    meeting = Meeting.objects.create(union=world.factory, kind=MeetingKind.MEMBERS, title="会员大会", held_on=TODAY)
    assert "delegates" not in [key for key, _label, _count in attendees.offers(meeting)]


def test_the_list_of_the_last_meeting_leaves_out_delegates_whose_office_has_ended(world, constituency):
    delegates = [delegate_of(constituency, world.chair, name) for name in "甲乙"]
    given = {"union": world.factory, "kind": MeetingKind.DELEGATES}
    take_delegates(Meeting.objects.create(title="五届二次", held_on=datetime.date(2026, 5, 1), **given), world.chair)
    perform(delegates[1], "end", by=world.chair, data={"end": "moved"}, due=datetime.date(2026, 6, 1))
    again = Meeting.objects.create(title="五届三次", held_on=TODAY, **given)
    attendees.add(again, attendees.sources["last"].people(again), by=world.chair)
    assert [each.as_delegate.delegate for each in again.attendees.all()] == [delegates[0]]


def test_the_register_counts_meetings_held_and_proposals_made(world, constituency, django_assert_num_queries):
    delegate = delegate_of(constituency, world.chair, "张三")
    for state, presence in (("closed", "present"), ("archived", "absent"), ("called", "expected")):
        meeting = Meeting.objects.create(union=world.factory, kind=MeetingKind.DELEGATES, title=state, held_on=TODAY)
        take_delegates(meeting, world.chair)
        meeting.attendees.update(presence=presence)
        Meeting.objects.filter(pk=meeting.pk).update(state=state)
    proposal_of(world.factory)
    with django_assert_num_queries(1):
        row = with_record(Delegate.objects.filter(pk=delegate.pk)).get()
    assert (row.meetings_due, row.meetings_present, row.proposals_made) == (2, 1, 1)
