"""Democratic appraisals: sheet, arithmetic, thresholds, what follows from them, and who may do what."""

import datetime
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assemblies import appraisal_sheets, appraisal_words, appraisals, votes
from assemblies.appraisals import add_improvement, edit_improvement, missing, ratings_of, remove_improvement
from assemblies.duties import APPRAISAL
from assemblies.enums import AppraisalState, Body, Consequence, Post, Subject, VoteKind, VoteManner
from assemblies.models import Appraisal, AppraisalSheet, Improvement, Term, Vote
from assemblies.results import result_of
from assemblies.terms import add_seat
from tests.factories.appraisals import (
    BAD,
    BASIC,
    GOOD,
    UNKNOWN,
    appraised,
    approved,
    cast,
    evidence,
    figures,
    paper_appraised,
    published,
    sheet_vote,
)
from tests.factories.votes import opened
from unions.calendar import WorkCalendar
from unions.enums import DutyState
from unions.models import Duty, DutyRule, Event, Notice, Setting
from unions.workflow import Conflict, Invalid, MoveError, NotAllowed, allowed, perform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def today() -> datetime.date:
    return timezone.localdate()


def put_right(appraisal: Appraisal, by, **values) -> Improvement:
    """An improvement from the plan to its end."""
    item = appraisal.improvements.first() or add_improvement(
        appraisal, {"title": "夜班供餐", "measure": "延长供餐", "owner": "后勤部", "due_on": today(), **values}, by=by
    )
    if not item.measure:
        item = edit_improvement(item, {"measure": "公开账目，听取意见"}, by=by)
    evidence(item, by)
    return perform(item, "finish", by=by, data={"outcome": "已落实。"})


# The sheet


def test_the_ballot_asks_what_the_sheet_of_its_day_asks(world):
    vote = sheet_vote(world.factory, world.chair)
    assert (vote.sheet[0].text, vote.sheet[0].body, vote.sheet[0].post) == (
        "工会委员会工作（总体评价）",
        Body.COMMITTEE,
        "",
    )
    assert vote.sheet[-1].post == Post.CHAIR and "履行职责情况" in vote.sheet[-1].text
    assert [str(option) for option in vote.sheet[0].options.all()] == ["满意", "基本满意", "不满意", "不了解"]


def set_sheet(officer, day, items=None, grades=None):
    return appraisal_sheets.set_sheet(
        items or [(Subject.COMMITTEE, "工会工作"), (Subject.DEPUTY, "履职")],
        grades or [("satisfied", "优秀"), ("basic", "称职"), ("dissatisfied", "不称职")],
        basis="区总工会2026年第3号文", effective_from=day, by=officer, seen=appraisal_sheets.revision(),
    )  # fmt: skip


def test_the_district_changes_the_sheet_from_a_day_on_and_votes_before_keep_theirs(world):
    before = sheet_vote(world.factory, world.chair)
    set_sheet(world.officer, today() + datetime.timedelta(days=1))
    assert len(votes.papers_of_sheet(world.factory, today())) == len(before.sheet) == 5
    later = votes.papers_of_sheet(world.factory, today() + datetime.timedelta(days=1))
    assert [paper.text for paper in later] == ["工会工作"], "nobody is deputy chair"
    assert Event.objects.filter(action="appraisalsheet.edit").count() == 1


def test_of_a_post_each_who_holds_it_is_asked_about(world):
    began = today() - datetime.timedelta(days=100)
    term = Term.objects.create(
        union=world.factory, number=3, years=5, started_on=began, ends_on=began + datetime.timedelta(days=1826)
    )
    for name in ("李强", "王芳"):
        add_seat(term, body=Body.COMMITTEE, post=Post.DEPUTY, name=name, sex="", since=today(), by=world.chair)
    set_sheet(world.officer, today())
    assert [asked.text for asked in appraisal_sheets.questions_for(world.factory, today())] == [
        "工会工作", "Deputy chair 李强: 履职", "Deputy chair 王芳: 履职",
    ]  # fmt: skip


def test_a_sheet_without_a_way_to_be_dissatisfied_is_refused_and_so_is_a_stale_page(world):
    with pytest.raises(Invalid, match="dissatisfied"):
        set_sheet(world.officer, today(), grades=[("satisfied", "好"), ("basic", "较好")])
    with pytest.raises(Conflict):
        appraisal_sheets.set_sheet(
            [(Subject.CHAIR, "x")], [], basis="x", effective_from=today(), by=world.officer, seen=0
        )
    assert AppraisalSheet.objects.count() == 1


# The result


def test_the_result_is_taken_with_its_sums_and_days_when_it_is_announced(world):
    made = appraised(world.factory, world.chair, [(GOOD, GOOD)] * 7 + [(BASIC, BAD)] * 2 + [(UNKNOWN, GOOD)])
    assert (made.state, made.consequence) == (AppraisalState.RATED, "")
    assert (made.due_count, made.returned_count) == (10, 10)
    assert (made.valid_count, made.good_count, made.bad_count) == (50, 4 * 9 + 8, 2)
    calendar = WorkCalendar()
    assert made.publish_due_on == calendar.shift(made.held_on, 10)
    assert made.report_due_on == calendar.shift(made.held_on, 15)
    assert made.plan_due_on == made.held_on + datetime.timedelta(days=30)
    first, *_middle, chair = ratings_of(result_of(made.vote))
    assert first.satisfied.arithmetic == "9 ÷ 10 = 90.0%"
    assert (chair.dissatisfied.arithmetic, chair.dissatisfied.comparison) == ("2 ÷ 10 = 20.0%", "< 1/3")


@pytest.mark.parametrize(
    ("bad", "of", "consequence"),
    [(3, 9, ""), (4, 9, Consequence.RECTIFY), (4, 8, Consequence.RECALL), (5, 9, Consequence.RECALL)],
)
def test_a_chair_with_too_many_dissatisfied_meets_the_rules_consequence(world, bad, of, consequence):
    made = appraised(world.factory, world.chair, [(GOOD, BAD)] * bad + [(GOOD, GOOD)] * (of - bad))
    assert made.consequence == consequence
    assert [item.consequence for item in made.improvements.all()] == ([consequence] if consequence else [])


def test_a_committee_is_put_right_and_not_recalled(world):
    made = appraised(world.factory, world.chair, [(BAD, GOOD)] * 7 + [(GOOD, GOOD)])
    assert made.consequence == Consequence.RECTIFY and made.improvements.count() == 4


def test_the_threshold_is_the_one_of_the_appraisals_day(world):
    Setting.objects.create(key=appraisals.RECTIFY_OVER, value="1/10", basis="区总工会", effective_from=today())
    made = appraised(world.factory, world.chair, [(GOOD, BAD)] * 2 + [(GOOD, GOOD)] * 8)
    assert made.consequence == Consequence.RECTIFY
    Setting.objects.filter(key=appraisals.RECTIFY_OVER).update(effective_from=today() + datetime.timedelta(days=1))
    assert ratings_of(result_of(made.vote))[-1].consequence == ""


def test_with_too_few_ballots_back_it_is_held_again(world):
    made = appraised(world.factory, world.chair, [(GOOD, BAD)] * 7, due=12, present=12)
    assert made.state == AppraisalState.VOID and not made.improvements.exists() and not allowed(made, world.chair)
    assert appraisals.needed(made.vote) == Fraction(8)
    assert appraised(world.factory, world.chair, [(GOOD, GOOD)] * 8, due=12, present=12).state == AppraisalState.RATED


def test_a_result_of_under_five_ballots_is_hidden_on_paper_too(world):
    made = paper_appraised(world.factory, (world.chair, world.clerk), {GOOD: 3, BAD: 1}, issued=4, due=4)
    assert made.is_hidden and (made.valid_count, made.bad_count) == (None, None)
    assert result_of(made.vote).papers == [] and made.consequence == ""


def test_on_paper_no_more_come_back_than_went_out_and_parts_add_up(world):
    vote = perform(sheet_vote(world.factory, world.chair, manner=VoteManner.PAPER), "open", by=world.chair)
    votes.set_paper_issued(vote, 10, by=world.chair)
    one = votes.add_batch(Vote.objects.get(pk=vote.pk), "一", by=world.chair)
    with pytest.raises(Invalid) as refused:
        votes.enter(one, figures(vote, {GOOD: 11}), by=world.chair)
    assert "10" in refused.value.errors[str(vote.sheet[0].pk)]
    wrong = figures(vote, {GOOD: 5, BAD: 1})
    for given in wrong.values():
        given["returned"] = 7
    with pytest.raises(Invalid):
        votes.enter(one, wrong, by=world.chair)
    for teller in (world.chair, world.clerk):
        votes.enter(one, figures(vote, {GOOD: 5, BAD: 1}, invalid=1), by=teller)
    two = votes.add_batch(vote, "二", by=world.chair)
    with pytest.raises(Invalid):
        votes.enter(two, figures(vote, {GOOD: 4}), by=world.chair)
    votes.enter(two, figures(vote, {GOOD: 3}), by=world.chair)


def test_an_appraisal_is_secret_and_its_known_result_cannot_be_swept_away(world):
    named = sheet_vote(world.factory, world.chair, manner=VoteManner.NAMED)
    with pytest.raises(MoveError, match="secret"):
        perform(named, "open", by=world.chair)
    vote, links = opened(sheet_vote(world.factory, world.chair), world.chair)
    for link, _secret in links:
        cast(vote, link, BAD, BAD)
    vote = perform(perform(vote, "close", by=world.chair), "count", by=world.chair)
    with pytest.raises(MoveError, match="known"):
        perform(vote, "void", by=world.chair, reason="算了")


# What follows


def test_from_the_result_to_the_end_three_people(world):
    made, above = appraised(world.factory, world.chair), world.street_chair
    with pytest.raises(Invalid) as refused:
        perform(made, "publish", by=world.chair, data={"where": " "})
    assert "where" in refused.value.errors
    made = published(made, world.chair)
    with pytest.raises(NotAllowed):
        perform(made, "report", by=world.clerk)
    made = perform(made, "report", by=world.chair)
    assert Notice.objects.filter(kind="appraisal.reported", recipient=above).exists()
    for stranger in (world.chair, world.officer):  # not for oneself, and nobody skips a tier
        with pytest.raises(NotAllowed):
            perform(made, "approve", by=stranger, data={"opinion": "同意"})
    made = perform(made, "send_back", by=world.street_chair, reason="请补充改进措施")
    assert Notice.objects.filter(kind="appraisal.returned", recipient=world.chair).exists()
    made = perform(made, "report", by=world.chair)
    made = perform(made, "approve", by=world.street_chair, data={"opinion": "同意。"})
    assert (made.state, made.opinion, made.approved_on) == (AppraisalState.APPROVED, "同意。", today())
    put_right(made, world.chair)
    assert perform(made, "close", by=world.chair).closed_on == today()


def test_it_is_not_closed_with_a_step_missing_and_says_which(world):
    made = appraised(world.factory, world.chair)
    assert len(missing(made)) == 3
    made = approved(made, world.chair, world.street_chair)
    with pytest.raises(MoveError, match="No improvement"):
        perform(made, "close", by=world.chair)
    item = add_improvement(made, {"title": "夜班供餐", "owner": "后勤部", "due_on": today()}, by=world.chair)
    with pytest.raises(MoveError, match="夜班供餐"):
        perform(made, "close", by=world.chair)
    with pytest.raises(MoveError, match="measure"):
        perform(item, "finish", by=world.chair, data={"outcome": "好了"})
    item = edit_improvement(item, {"measure": "延长供餐"}, by=world.chair)
    with pytest.raises(MoveError, match="evidence"):
        perform(item, "finish", by=world.chair, data={"outcome": "好了"})
    evidence(item, world.chair)
    perform(item, "finish", by=world.chair, data={"outcome": "好了"})
    assert missing(made) == [] and perform(made, "close", by=world.chair).state == AppraisalState.CLOSED


def test_a_passed_threshold_demands_a_talk_and_an_improvement_nobody_takes_back(world):
    made = appraised(world.factory, world.chair, [(GOOD, BAD)] * 4 + [(GOOD, GOOD)] * 5)
    (item,) = made.improvements.all()
    with pytest.raises(MoveError, match="rule"):
        remove_improvement(item, by=world.chair)
    made = perform(published(made, world.chair), "report", by=world.chair)
    with pytest.raises(Invalid) as refused:
        perform(made, "approve", by=world.street_chair, data={"opinion": "同意"})
    assert "talk" in refused.value.errors
    perform(made, "approve", by=world.street_chair, data={"opinion": "同意", "talk": "已谈话"})


def test_the_tier_above_demands_more_and_a_closed_appraisal_only_it_opens_again(world):
    made = approved(appraised(world.factory, world.chair), world.chair, world.street_chair)
    item = put_right(made, world.chair)
    later = today() + datetime.timedelta(days=20)
    item = perform(item, "demand_again", by=world.street_chair, reason="照片看不出改了什么", due=later)
    assert (item.state, item.due_on, item.done_on) == ("open", later, None)
    item = perform(item, "finish", by=world.chair, data={"outcome": "重新整改"})
    made = perform(made, "close", by=world.chair)
    with pytest.raises(MoveError):
        perform(item, "take_up", by=world.chair, reason="x", due=later)
    with pytest.raises(NotAllowed):
        perform(made, "reopen", by=world.chair, reason="x")
    assert perform(made, "reopen", by=world.street_chair, reason="反弹").state == AppraisalState.APPROVED


def test_a_day_the_tier_above_has_read_moves_with_a_reason_only(world):
    made = appraised(world.factory, world.chair)
    item = add_improvement(made, {"title": "供餐", "owner": "后勤部", "due_on": today()}, by=world.chair)
    later = today() + datetime.timedelta(days=9)
    item = edit_improvement(item, {"due_on": today() + datetime.timedelta(days=3)}, by=world.chair)
    approved(made, world.chair, world.street_chair)
    item = Improvement.objects.get(pk=item.pk)
    with pytest.raises(MoveError, match="reason"):
        edit_improvement(item, {"due_on": later}, by=world.chair)
    with pytest.raises(Invalid):
        perform(item, "postpone", by=world.chair, reason="设备未到", due=today())
    assert perform(item, "postpone", by=world.chair, reason="设备未到", due=later).due_on == later
    assert perform(item, "note", by=world.chair, reason="已下单").due_on == later


def test_the_district_records_the_answer_it_had(world):
    made = published(appraised(world.district, world.officer), world.officer)
    with pytest.raises(MoveError, match="no tier above"):
        perform(made, "report", by=world.officer)
    assert perform(made, "record_answer", by=world.officer, data={"opinion": "市总工会同意"}).state == "approved"


def test_the_approval_fulfils_the_duty_of_the_year_by_the_day_it_was_held(world):
    rule = DutyRule.objects.get(key=APPRAISAL)
    end = datetime.date(today().year, 12, 31)
    duty = Duty.objects.create(
        rule=rule, union=world.factory, period=str(today().year), opens_on=today(), due_on=end, last_day=end
    )
    made = perform(published(appraised(world.factory, world.chair), world.chair), "report", by=world.chair)
    duty.refresh_from_db()
    assert duty.state == DutyState.OPEN
    perform(made, "approve", by=world.street_chair, data={"opinion": "同意"})
    duty.refresh_from_db()
    assert (duty.state, duty.timeliness) == (DutyState.FULFILLED, "on_time")


def test_last_years_appraisal_stands_before_this_one(world):
    old = appraised(world.factory, world.chair)
    Appraisal.objects.filter(pk=old.pk).update(held_on=today() - datetime.timedelta(days=360))
    new = appraised(world.factory, world.chair)
    old.refresh_from_db()
    assert appraisals.previous_of(new) == old and appraisals.previous_of(old) is None


def test_an_improvement_is_reminded_of_before_and_after_its_day_once_each(world):
    made = appraised(world.factory, world.chair)
    item = add_improvement(made, {"title": "供餐", "owner": "后勤部", "due_on": today()}, by=world.chair)
    calendar = WorkCalendar()
    assert appraisal_words.remind(today(), calendar) > 0 and appraisal_words.remind(today(), calendar) == 0
    assert appraisal_words.remind(today() + datetime.timedelta(days=1), calendar) > 0
    kinds = set(
        Notice.objects.filter(recipient=world.chair, kind__startswith="improvement.").values_list("kind", flat=True)
    )
    assert kinds == {"improvement.soon", "improvement.late"}
    item.refresh_from_db()
    assert Improvement.objects.overdue(today() + datetime.timedelta(days=1)).get() == item


def test_scopes_are_one_s_own_and_those_above(world):
    made = appraised(world.factory, world.chair)
    seen = {
        person: made in Appraisal.objects.visible_to(person, "assembly_view")
        for person in (world.chair, world.street_chair)
    }
    assert all(seen.values())
    assert made not in Appraisal.objects.visible_to(world.stranger, "assembly_view")


def test_the_database_refuses_sums_and_states_that_cannot_be(world):
    made = appraised(world.factory, world.chair)
    for values in ({"bad_count": 1000}, {"state": "closed"}, {"consequence": "shot"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Appraisal.objects.filter(pk=made.pk).update(**values)
    assert Vote.objects.get(pk=made.vote_id).kind == VoteKind.APPRAISAL
