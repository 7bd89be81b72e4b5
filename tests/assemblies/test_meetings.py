"""A meeting from its plan to the archive: which steps it needs, who takes them, what they demand."""

import datetime

import pytest
from django.utils import timezone

from assemblies.enums import MeetingKind, MeetingState
from assemblies.meeting_moves import needs_approval, steps_of
from assemblies.meetings import (
    add_point,
    assembly_forms,
    edit,
    edit_point,
    kinds_for,
    move_point,
    next_session,
    plan,
    propose,
    remove_point,
)
from assemblies.models import Meeting, Term
from tests.factories.meetings import called, closed, in_session, planned
from tests.factories.unions import UnionFactory
from unions.models import Event, Notice, Setting
from unions.workflow import Invalid, MoveError, NotAllowed, allowed, perform

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def moves(meeting: Meeting, user) -> set[str]:
    return {transition.name for transition in allowed(meeting, user)}


def term(union, number=3) -> Term:
    return Term.objects.create(
        union=union, number=number, years=5, started_on=TODAY() - datetime.timedelta(days=400),
        ends_on=TODAY() + datetime.timedelta(days=1400),
    )  # fmt: skip


# The form


@pytest.mark.parametrize(
    ("members", "forms"),
    [(99, ["members"]), (100, ["members", "delegates"]), (101, ["members", "delegates"])],
)
def test_a_small_union_meets_as_a_whole_and_a_large_one_may_meet_by_delegates(world, members, forms):
    union = UnionFactory(parent=world.wangjing, workers=400, members=members)
    assert [str(kind) for kind in assembly_forms(union)] == forms


def test_a_small_unions_delegates_cannot_be_planned(world):
    chair = world.neighbour
    with pytest.raises(Invalid):
        plan(world.hotel, MeetingKind.DELEGATES, {"title": "x", "held_on": TODAY()}, [], by=chair)


def test_streets_hold_congresses_and_grassroots_unions_assemblies(world):
    assert MeetingKind.CONGRESS in kinds_for(world.wangjing) and MeetingKind.MEMBERS not in kinds_for(world.wangjing)
    assert MeetingKind.CONGRESS not in kinds_for(world.factory)


# The number


def test_sessions_count_on_within_a_term_whether_members_or_delegates_meet(world):
    office = term(world.factory)
    first = planned(world.factory, world.chair, "members")
    assert (first.term, first.session) == (office, 1)
    second = planned(world.factory, world.chair, "delegates")
    assert second.session == 2
    assert next_session(office, MeetingKind.COMMITTEE) == 1
    perform(second, "cancel", by=world.chair, reason="人数不足，改期另行召开")
    assert next_session(office, MeetingKind.MEMBERS) == 2


def test_the_first_session_of_a_new_term_counts_on_from_the_one_in_office(world):
    term(world.factory)
    proposal = propose(world.factory, MeetingKind.MEMBERS, is_renewal=True)
    assert proposal.title == "第四届第一次会员大会"
    assert any(point.kind == "election" for point in proposal.points)


def test_a_plan_is_proposed_whole(world):
    proposal = propose(world.hotel, MeetingKind.MEMBERS)
    assert len(proposal.points) >= 6 and str(TODAY().year) in proposal.title
    assert proposal.held_on > TODAY()


# The way


def test_an_assembly_is_approved_above_called_held_and_its_results_approved(world):
    chair, above = world.chair, world.reviewer
    meeting = planned(world.factory, chair)
    assert moves(meeting, chair) == {"report", "cancel"}
    meeting = perform(meeting, "report", by=chair)
    assert moves(meeting, above) == {"approve", "decline"}
    assert Notice.objects.filter(kind="meeting.reported", recipient=above).exists()
    with pytest.raises(Invalid):
        perform(meeting, "approve", by=above)
    meeting = perform(meeting, "approve", by=above, data={"number": "望工复〔2026〕7号"})
    assert (meeting.approval_number, meeting.approved_on) == ("望工复〔2026〕7号", TODAY())
    meeting = perform(meeting, "call", by=chair)
    assert meeting.called_at and not meeting.notice_note
    assert moves(meeting, chair) == {"postpone", "cancel"}

    meeting = closed(world.factory, chair, above)
    assert (meeting.due_count, meeting.present_count) == (6, 6)
    assert moves(meeting, chair) == {"file"}
    meeting = perform(meeting, "file", by=chair)
    assert moves(meeting, chair) == {"withdraw_results"}
    meeting = perform(meeting, "confirm", by=above, data={"number": "望工复〔2026〕9号"})
    meeting = perform(meeting, "publish", by=chair)
    meeting = perform(meeting, "archive", by=chair)
    assert meeting.state == MeetingState.ARCHIVED
    acts = Event.objects.filter(model="assemblies.Meeting", object_id=meeting.pk).values_list("action", flat=True)
    assert {"meeting.plan", "meeting.call", "meeting.close", "meeting.file", "meeting.publish"} <= set(acts)


def test_a_plan_comes_back_with_a_reason(world):
    meeting = perform(planned(world.factory, world.chair), "report", by=world.chair)
    with pytest.raises(Invalid):
        perform(meeting, "decline", by=world.reviewer)
    meeting = perform(meeting, "decline", by=world.reviewer, reason="请补充候选人公示情况")
    assert meeting.state == MeetingState.PLANNED
    assert (
        Notice.objects.get(kind="meeting.declined", recipient=world.chair).params["reason"] == "请补充候选人公示情况"
    )


def test_what_was_reported_stays_as_it_is_until_it_is_taken_back_or_answered(world):
    meeting = perform(planned(world.factory, world.chair), "report", by=world.chair)
    point = meeting.agenda.first()
    values = {"title": point.title, "kind": point.kind, "speaker": "换了人", "power": point.power}
    for change in (
        lambda: edit(meeting, {"place": "另一处"}, by=world.chair),
        lambda: add_point(meeting, values, by=world.chair),
        lambda: edit_point(point, values, by=world.chair),
        lambda: move_point(point, up=False, by=world.chair),
        lambda: remove_point(point, by=world.chair),
    ):
        with pytest.raises(MoveError, match="撤回"):
            change()
    meeting = perform(meeting, "withdraw", by=world.chair)
    assert edit(meeting, {"place": "另一处"}, by=world.chair).place == "另一处"
    assert edit_point(point, values, by=world.chair).speaker == "换了人"


def test_a_committee_meeting_and_a_symposium_need_nobody_above(world):
    for kind in ("committee", "symposium"):
        meeting = planned(world.factory, world.chair, kind)
        assert not needs_approval(meeting)
        assert [str(step) for step in steps_of(meeting)] == [
            "planned",
            "called",
            "open",
            "closed",
            "published",
            "archived",
        ]
        assert "call" in moves(meeting, world.chair) and "report" not in moves(meeting, world.chair)


def test_the_district_says_by_a_setting_whether_every_assembly_is_approved(world):
    Setting.objects.create(key="assembly-approved", value=2, effective_from="2020-01-01", basis="x")
    meeting = planned(world.factory, world.chair)
    assert "call" in moves(meeting, world.chair)


def test_the_district_records_the_reply_of_a_tier_that_is_not_in_the_portal(world):
    officer = world.officer
    meeting = planned(world.district, officer, "congress")
    assert moves(meeting, officer) == {"record_approval", "cancel"}
    meeting = perform(meeting, "record_approval", by=officer, data={"number": "京工复〔2026〕3号"})
    assert meeting.state == MeetingState.APPROVED and meeting.approval_number == "京工复〔2026〕3号"


def test_only_the_tier_directly_above_decides(world):
    meeting = perform(planned(world.factory, world.chair), "report", by=world.chair)
    for stranger in (world.chair, world.stranger, world.other_reviewer, world.officer):
        with pytest.raises(NotAllowed):
            perform(meeting, "approve", by=stranger, data={"number": "1"})


# Notice


def test_a_short_notice_wants_a_reason_that_stays(world):
    meeting = planned(world.factory, world.chair, days=2)
    meeting = perform(meeting, "report", by=world.chair)
    meeting = perform(meeting, "approve", by=world.reviewer, data={"number": "1号"})
    with pytest.raises(Invalid) as refused:
        perform(meeting, "call", by=world.chair)
    assert "reason" in refused.value.errors
    meeting = perform(meeting, "call", by=world.chair, reason="台风延误，已逐一电话通知")
    assert meeting.notice_note == "台风延误，已逐一电话通知"


def test_nobody_is_called_to_a_meeting_without_people_place_or_agenda(world):
    meeting = planned(world.factory, world.chair, "committee", people=0)
    with pytest.raises(MoveError):
        perform(meeting, "call", by=world.chair)


def test_those_due_with_an_account_are_told(world):
    clerk = world.clerk
    meeting = planned(world.factory, world.chair, "committee", people=0)
    from assemblies import attendees

    attendees.add(meeting, [attendees.Person(clerk.name), attendees.Person("无账号的人")], by=world.chair)
    perform(meeting, "call", by=world.chair)
    assert Notice.objects.get(kind="meeting.called").recipient == clerk


def test_a_postponed_meeting_keeps_its_approval_and_is_called_anew(world):
    meeting = called(world.factory, world.chair, world.reviewer)
    later = meeting.held_on + datetime.timedelta(days=7)
    with pytest.raises(Invalid):
        perform(meeting, "postpone", by=world.chair, reason="会场维修", due=meeting.held_on)
    meeting = perform(meeting, "postpone", by=world.chair, reason="会场维修", due=later)
    assert (meeting.held_on, meeting.state, meeting.called_at) == (later, MeetingState.PLANNED, None)
    assert timezone.localdate(meeting.begins_at) == later
    assert moves(meeting, world.chair) == {"call", "cancel"}


def test_a_meeting_opens_on_its_day_and_not_before(world):
    with pytest.raises(MoveError):
        perform(called(world.factory, world.chair, world.reviewer), "open", by=world.chair)
    assert in_session(world.factory, world.chair, world.reviewer).state == MeetingState.OPEN


def test_results_are_reported_with_minutes(world):
    meeting = perform(in_session(world.factory, world.chair, world.reviewer, 6), "close", by=world.chair)
    with pytest.raises(MoveError):
        perform(meeting, "file", by=world.chair)


def test_whoever_has_not_come_is_absent_when_it_closes(world):
    meeting = perform(in_session(world.factory, world.chair, world.reviewer, 5), "close", by=world.chair)
    assert list(meeting.attendees.values_list("presence", flat=True)) == ["present"] * 5 + ["absent"]
