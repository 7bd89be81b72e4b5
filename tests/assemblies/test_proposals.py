"""A proposal goes from its submission to the archive; nobody is passed over, and silence is no consent."""

import datetime
import threading
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assemblies import proposal_clock, proposals
from assemblies.enums import Grade, ProposalKind, ProposalState, Satisfaction
from assemblies.models import Answer, Delegate, Proposal, Proposer
from tests.factories.assemblies import constituency_of, delegate_of, paper, proposal_of, term_of
from unions.calendar import WorkCalendar
from unions.models import Event, Notice, Setting
from unions.wall import Pass, system, under
from unions.workflow import Invalid, MoveError, NotAllowed, perform

pytestmark = pytest.mark.django_db
S = ProposalState
MONDAY = datetime.date(2026, 11, 23)
THREE = ("王一", "王二", "王三")


@pytest.fixture(autouse=True)
def on_monday(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.UTC), tick=False)


def handed_over(world, **given) -> Proposal:
    made = perform(proposal_of(world.factory, **given), "accept", by=world.chair)
    return perform(made, "assign", by=world.chair, data={"lead": "行政部", "joint": []})


def answered(world, grade=Grade.SOLVED, **given) -> Proposal:
    made = handed_over(world, **given)
    lead = made.handlers.get(is_lead=True)
    return proposals.answer(lead, text="已延长至次日一时。", grade=grade, signed="刘主任", by=world.chair)


def test_numbers_follow_one_another_in_each_union_and_year(world):
    first, second = proposal_of(world.factory), proposal_of(world.factory)
    last_year = proposal_of(world.factory, day=datetime.date(2025, 12, 1))
    elsewhere = proposal_of(world.bank)
    assert [p.code for p in (first, second, last_year, elsewhere)] == ["2026-001", "2026-002", "2025-001", "2026-001"]


def test_the_same_form_sent_twice_is_one_proposal(world):
    key = uuid.uuid4()
    one = proposals.submit(world.factory, paper(), by=None, key=key)
    assert proposals.submit(world.factory, paper(), by=None, key=key) == one
    assert Proposal.objects.count() == 1


def test_a_proposal_needs_its_seconders_and_a_suggestion_none(world):
    with pytest.raises(Invalid) as refused:
        proposal_of(world.factory, kind=ProposalKind.PROPOSAL, seconders=THREE[:2])
    assert "3" in refused.value.errors["seconders"]
    made = proposal_of(world.factory, kind=ProposalKind.PROPOSAL, seconders=THREE)
    assert made.seconders.count() == 3
    assert proposal_of(world.factory).seconders.count() == 0


def test_nobody_seconds_their_own_proposal(world):
    with pytest.raises(Invalid):
        proposal_of(world.factory, kind=ProposalKind.PROPOSAL, proposer="王一", seconders=THREE)


def test_the_delegate_of_that_name_is_found_and_two_of_one_name_are_not_guessed(world):
    made = constituency_of(term_of(world.factory), world.chair)
    delegate = delegate_of(made, world.chair, "张三")
    assert proposal_of(world.factory).delegate == delegate
    delegate_of(made, world.chair, "张三", member_number="0002")
    assert proposal_of(world.factory).delegate is None


def test_a_confidential_name_stands_sealed_and_nowhere_else(world):
    constituency = constituency_of(term_of(world.factory), world.chair)
    delegate_of(constituency, world.chair, "赵隐名")
    made = proposal_of(world.factory, proposer="赵隐名", phone="13911112222", is_confidential=True)
    assert (made.proposer, made.delegate) == ("", None)
    sealed = Proposer.objects.get(proposal=made)
    assert (sealed.name, sealed.phone) == ("赵隐名", "13911112222")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM assemblies_proposer")
        assert "赵隐名" not in str(cursor.fetchall())
    assert "赵隐名" not in str(list(Event.objects.filter(model="assemblies.Proposal").values()))
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=made.pk).update(proposer="赵隐名")


def test_only_the_screeners_open_the_name_with_a_reason_on_record(world):
    made = proposal_of(world.factory, proposer="赵隐名", is_confidential=True)
    for stranger in (world.street_chair, world.clerk, world.stranger):
        with pytest.raises(NotAllowed):
            proposals.reveal_proposer(made, "name", by=stranger, reason="看看")
    with pytest.raises(Invalid):
        proposals.reveal_proposer(made, "name", by=world.chair, reason=" ")
    assert proposals.reveal_proposer(made, "name", by=world.chair, reason="核实附议人") == "赵隐名"
    looked = Event.objects.get(action="person.reveal")
    assert (looked.by, looked.reason, looked.union) == (world.chair, "核实附议人", world.factory)


def test_the_days_of_each_step_count_as_the_district_set_them(world):
    made = proposal_of(world.factory)
    assert made.due_on == WorkCalendar().shift(MONDAY, 7)
    made = perform(made, "accept", by=world.chair)
    assert made.due_on == WorkCalendar().shift(MONDAY, 3)
    made = perform(made, "assign", by=world.chair, data={"lead": "行政部"})
    assert made.answer_due_on == made.due_on == datetime.date(2026, 12, 23)
    key = perform(proposal_of(world.factory), "accept", by=world.chair, data={"is_key": True})
    key = perform(key, "assign", by=world.chair, data={"lead": "行政部"})
    assert key.answer_due_on == datetime.date(2027, 1, 22)


def test_a_changed_setting_counts_for_what_comes_in_later(world):
    Setting.objects.create(key="proposal-review-workdays", value=1, effective_from=MONDAY, basis="区规")
    assert proposal_of(world.factory).due_on == WorkCalendar().shift(MONDAY, 1)
    assert proposal_of(world.factory, day=datetime.date(2026, 11, 16)).due_on == datetime.date(2026, 11, 25)


def test_a_proposal_short_of_seconders_becomes_a_suggestion_with_a_reason(world):
    Setting.objects.create(key="proposal-seconders", value=0, effective_from=MONDAY, basis="区规")
    made = proposal_of(world.factory, kind=ProposalKind.PROPOSAL, seconders=THREE[:1])
    Setting.objects.all().delete()
    with pytest.raises(MoveError, match=r"1.*3"):
        perform(made, "accept", by=world.chair)
    with pytest.raises(Invalid):
        perform(made, "convert", by=world.chair)
    made = perform(made, "convert", by=world.chair, reason="附议人不足")
    assert (made.kind, made.state) == (ProposalKind.SUGGESTION, S.ACCEPTED)


def test_merging_keeps_the_parts_and_the_way_back(world):
    whole, part = proposal_of(world.factory), proposal_of(world.factory, facts="夜班司机也一样。")
    foreign = proposal_of(world.bank)
    for wrong in (foreign, part):
        with pytest.raises(Invalid):
            perform(part, "merge", by=world.chair, data={"into": wrong.pk})
    part = perform(part, "merge", by=world.chair, data={"into": whole.pk})
    assert (part.state, part.into, part.facts) == (S.MERGED, whole, "夜班司机也一样。")
    with pytest.raises(Invalid):
        perform(whole, "merge", by=world.chair, data={"into": proposal_of(world.factory).pk})
    part = perform(part, "reopen", by=world.chair, reason="并错了")
    assert (part.state, part.into) == (S.SUBMITTED, None)


def test_an_answer_is_extended_once_with_a_reason_and_not_beyond_the_limit(world):
    made = handed_over(world)
    with pytest.raises(Invalid):
        perform(made, "extend", by=world.chair, reason="等预算", due=datetime.date(2027, 1, 23))
    made = perform(made, "extend", by=world.chair, reason="等预算", due=datetime.date(2027, 1, 22))
    assert made.answer_due_on == datetime.date(2027, 1, 22)
    with pytest.raises(MoveError):
        perform(made, "extend", by=world.chair, reason="再等等", due=datetime.date(2027, 2, 1))


def test_joint_handlers_answer_for_themselves_and_before_the_lead(world):
    made = perform(proposal_of(world.factory), "accept", by=world.chair)
    made = perform(made, "assign", by=world.chair, data={"lead": "行政部", "joint": ["财务部", "财务部", "行政部"]})
    lead, joint = made.handlers.all()
    assert (lead.name, joint.name) == ("行政部", "财务部")
    with pytest.raises(MoveError, match="财务部"):
        proposals.answer(lead, text="好", grade="a", signed="刘", by=world.chair)
    proposals.answer(joint, text="预算已列。", grade="b", signed="钱", by=world.chair)
    made = proposals.answer(lead, text="已办。", grade="a", signed="刘", by=world.chair)
    assert (made.state, made.grade, made.answered_on) == (S.ANSWERED, "a", MONDAY)
    assert "已办" not in str(Event.objects.get(action="proposal.answer").data), "the text stands in the answer alone"


def test_what_was_passed_up_is_answered_by_the_tier_above_alone(world):
    street = world.street_chair
    made = perform(proposal_of(world.factory), "accept", by=world.chair)
    made = perform(made, "assign", by=world.chair, data={"is_passed_up": True})
    lead = made.handlers.get()
    assert (lead.name, lead.superior) == (world.wangjing.name, world.wangjing)
    assert Notice.objects.filter(kind="proposal.passed_up", recipient=street).exists()
    for nobody in (world.chair, world.stranger, world.officer):
        with pytest.raises(MoveError):
            proposals.answer(lead, text="好", grade="a", signed="刘", by=nobody)
    made = proposals.answer(lead, text="街道统一协调。", grade="b", signed="街道", by=world.street_chair)
    assert made.state == S.ANSWERED
    assert Notice.objects.filter(kind="proposal.answered_above", recipient=world.chair).exists()


def test_silence_is_not_consent(world, time_machine):
    made = answered(world)
    with pytest.raises(MoveError):
        perform(made, "close", by=world.chair)
    time_machine.move_to(datetime.datetime(2026, 12, 9, 10, tzinfo=datetime.UTC), tick=False)
    made = perform(made, "close", by=world.chair)
    assert (made.state, made.satisfaction) == (S.CLOSED, "")
    made = proposals.give_mark(made, Satisfaction.SATISFIED, by=world.chair)
    assert made.satisfaction == Satisfaction.SATISFIED, "a late mark still counts"


def test_the_first_dissatisfaction_forces_one_second_handling(world):
    made = proposals.give_mark(answered(world), Satisfaction.DISSATISFIED, by=world.chair, words="没有变化")
    assert (made.state, made.is_reworked, made.due_on) == (S.ASSIGNED, True, datetime.date(2026, 12, 14))
    with pytest.raises(MoveError):
        perform(made, "extend", by=world.chair, reason="等", due=datetime.date(2027, 1, 1))
    made = proposals.answer(made.handlers.get(), text="已加开窗口。", grade="a", signed="刘主任", by=world.chair)
    assert (made.satisfaction, Answer.objects.count()) == ("", 2), "both answers stay"
    made = proposals.give_mark(made, Satisfaction.DISSATISFIED, by=world.chair)
    assert (made.state, made.satisfaction) == (S.CLOSED, Satisfaction.DISSATISFIED), "once, not for ever"


def test_the_union_cannot_settle_what_dissatisfied_without_handling_it_again(world):
    with pytest.raises(Invalid):
        perform(answered(world), "mark", by=world.chair, data={"satisfaction": Satisfaction.DISSATISFIED})


def test_nobody_moves_a_proposal_but_the_portal_itself(world):
    made = answered(world)
    with under(Pass("portal_district")), pytest.raises(NotAllowed):
        proposals.give_mark(made, Satisfaction.SATISFIED, by=None)
    with system("tests"):
        assert proposals.give_mark(made, Satisfaction.SATISFIED, by=None).state == S.CLOSED
    assert Notice.objects.filter(kind="proposal.marked_satisfied", recipient=world.chair).exists()


@pytest.mark.parametrize("who", ["street_chair", "clerk", "stranger", "officer"])
def test_only_the_union_itself_handles_its_proposals(world, who):
    made = proposal_of(world.factory)
    with pytest.raises(NotAllowed):
        perform(made, "accept", by=getattr(world, who))


def test_published_and_archived_keep_their_order(world):
    made = proposals.give_mark(answered(world), Satisfaction.BASICALLY, by=world.chair)
    made = perform(made, "publish", by=world.chair)
    assert made.published_on == MONDAY
    made = perform(made, "withdraw", by=world.chair, reason="有误")
    assert (made.state, made.published_on) == (S.CLOSED, None)
    assert perform(perform(made, "publish", by=world.chair), "archive", by=world.chair).published_on == MONDAY


def test_whoever_handles_it_hears_once_before_a_step_is_due_and_once_after(world, time_machine):
    made = proposal_of(world.factory)
    calendar = WorkCalendar()

    def told(day):
        proposal_clock.remind(day, calendar)
        return sorted(Notice.objects.filter(recipient=world.chair).values_list("kind", flat=True))

    assert told(MONDAY) == []
    assert told(calendar.shift(made.due_on, -3)) == ["proposal.due"]
    assert told(calendar.shift(made.due_on, -2)) == ["proposal.due"]
    assert told(made.due_on + datetime.timedelta(days=1)) == ["proposal.due", "proposal.late"]
    assert told(made.due_on + datetime.timedelta(days=9)) == ["proposal.due", "proposal.late"]
    assert not Notice.objects.exclude(recipient=world.chair).exists()


def test_reminders_cost_no_more_queries_for_ten_unions_than_for_their_people(world, django_assert_max_num_queries):
    for _number in range(10):
        proposal_of(world.factory)
    with django_assert_max_num_queries(80):
        assert proposal_clock.remind(timezone.localdate() + datetime.timedelta(days=30), WorkCalendar()) == 10


@pytest.mark.django_db(transaction=True)
def test_two_who_hand_in_at_once_get_two_numbers(seeded, world):
    codes = []

    def hand_in():
        try:
            codes.append(proposal_of(world.factory).code)
        finally:
            connection.close()

    threads = [threading.Thread(target=hand_in) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["2026-001", "2026-002", "2026-003", "2026-004"]
    assert Delegate.objects.count() == 0
