"""Appraisals of the made-up district: last year's settled, this year's as far as their duties are, with what is improved.

Sheets of paper, counted by two people into one pile each: nothing but sums was ever in the portal.
"""

import datetime
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from random import Random

from django.utils import timezone

from assemblies.appraisal_sheets import Asked, options_on
from assemblies.appraisals import GRAVITY
from assemblies.demo.rolls import Halls
from assemblies.duties import APPRAISAL
from assemblies.enums import (
    AppraisalState,
    Consequence,
    ImprovementState,
    OptionKind,
    Subject,
    VoteBase,
    VoteKind,
    VoteManner,
    VoteState,
)
from assemblies.models import (
    AgendaItem,
    Appraisal,
    AppraisalSheet,
    Batch,
    BatchEntry,
    Improvement,
    Meeting,
    Option,
    Outcome,
    Question,
    Roll,
    Vote,
)
from unions.calendar import WorkCalendar
from unions.demo import bulk
from unions.enums import DutyState, Tier
from unions.models import Duty, Union
from unions.settingbook import setting

S = AppraisalState
LARGE = 3000  # from here on a sample of the unions has appraisals
SAMPLE = 600
ITEMS = (
    ("改善夜班职工用餐条件", "与后勤部门协商，夜班供餐延长至零点", "后勤部"), ("增加会务公开频次", "每月在公告栏和会员群公布一次", "工会办公室"),
    ("补齐车间饮水和休息设施", "列入年度预算，分两批更换", "行政部"), ("增加文体活动和技能培训", "每季度至少组织一次", "工会办公室"),
    ("及时答复职工意见", "设意见箱，五个工作日内答复", "工会委员会"), ("公开工会经费使用明细", "按季度公布经费收支明细", "财务部"),
)  # fmt: skip
ADVICE = "同意。请抓好整改事项的落实，整改情况及时向会员公布。"


# (union, year) → the day of its appraisal and how far it has come.
Plans = dict[tuple[int, int], tuple[datetime.date, AppraisalState]]


def plan(random: Random, shown: dict[Tier, Union], today: datetime.date) -> Plans:
    """One appraisal for each duty of this year and the last that was done, and some that are on their way."""
    duties = Duty.objects.filter(rule__key=APPRAISAL, period__in=[str(today.year), str(today.year - 1)])
    found = {
        (duty.union_id, int(duty.period)): _day_and_state(random, duty, today)
        for duty in duties.filter(union__in=_unions(shown)).order_by("pk")
    }
    return {key: planned for key, planned in found.items() if planned}


def day_of(plans: Plans, union: Union, year: int, today: datetime.date) -> datetime.date | None:
    """The day on which the union's assembly of a year appraises; None where it did so by itself, in another year."""
    day, _state = plans.get((union.pk, year), (None, None))
    return day if day and day.year == year and (today - day).days > 7 else None


def write(
    random: Random,
    plans: Plans,
    hearing: Mapping[tuple[int, datetime.date], tuple[Meeting, AgendaItem | None]],
    chairs: dict[int, int],
    tell: Callable[[int, int], None],
) -> None:
    """The appraisals as planned, at the assembly that heard them where one was held that day (`hearing`). `chairs`: union →
    account of whoever acts there."""
    today = timezone.localdate()
    unions = Union.objects.in_bulk({union for union, _year in plans})
    held = [
        _made(random, unions[union], day, state, *hearing.get((union, day), (None, None)))
        for (union, _year), (day, state) in plans.items()
    ]
    Vote.objects.bulk_create([vote for vote, _appraisal in held], batch_size=2000)
    batches = _write_questions(random, held, unions)
    for vote, _appraisal in held:
        vote.state = VoteState.ANNOUNCED
        vote._is_moving = True
    Vote.objects.bulk_update([vote for vote, _appraisal in held], ["state"], batch_size=2000)
    _count_piles(batches, chairs)
    halls = Halls(random, (vote.meeting_id for vote, _appraisal in held if vote.meeting_id))
    Roll.objects.bulk_create((roll for vote, _appraisal in held for roll in halls.rolls_of(vote)), batch_size=2000)
    Appraisal.objects.bulk_create([appraisal for _vote, appraisal in held], batch_size=2000)
    items = [
        item for _vote, appraisal in held for item in _items(random, appraisal, unions[appraisal.union_id], today)
    ]
    Improvement.objects.bulk_create(items, batch_size=4000)
    tell(len(held), len(held))


def _unions(shown: dict[Tier, Union]) -> list[int]:
    found = list(Union.objects.active().order_by("pk").values_list("pk", flat=True))
    return found if len(found) <= LARGE else [*found[:SAMPLE], *(union.pk for union in shown.values())]


def _day_and_state(random: Random, duty: Duty, today: datetime.date) -> tuple[datetime.date, AppraisalState] | None:
    """A duty that is done was approved; of those still open some are on their way."""
    if duty.state == DutyState.FULFILLED:
        day = timezone.localdate(duty.first_submitted_at)
        is_long_ago = (today - day).days > 150
        return day, S.CLOSED if is_long_ago and random.random() < 0.85 else S.APPROVED
    if duty.period == str(today.year) and random.random() < 0.6:
        return today - timedelta(days=random.randint(3, 30)), random.choice(
            (S.RATED, S.PUBLISHED, S.REPORTED, S.REPORTED)
        )
    return None


def _made(
    random: Random, union: Union, day: datetime.date, state: AppraisalState, meeting: Meeting | None, item: AgendaItem | None
) -> tuple[Vote, Appraisal]:  # fmt: skip
    """The vote, still a draft so that its questions can be written, and what follows from it."""
    if meeting and meeting.present_count < 5:  # the result would be hidden
        meeting = item = None
    due, present = (meeting.due_count, meeting.present_count) if meeting else _by_itself(random, union)
    returned = max(present - random.randint(0, present // 20), -(-2 * due // 3), 5)
    at = bulk.office_time(day, 15)
    vote = Vote(
        union=union, meeting=meeting, item=item, kind=VoteKind.APPRAISAL, title=f"{day.year}年度民主评议", held_on=day,
        state=VoteState.DRAFT, base=VoteBase.VALID, manner=VoteManner.PAPER, due=due, present=present, paper_issued=returned, issued=returned, returned=returned, opened_at=at, closed_at=at + timedelta(minutes=25),
        announced_at=at + timedelta(minutes=40),
    )  # fmt: skip
    publish_due, report_due = _days(day)
    made = Appraisal(
        union=union, vote=vote, held_on=day, state=state, due_count=due, returned_count=returned, publish_due_on=publish_due,
        report_due_on=report_due, plan_due_on=day + timedelta(days=setting("appraisal-plan-days", day)),
    )  # fmt: skip
    if state != S.RATED:
        made.published_at, made.published_where = at + timedelta(days=random.randint(1, 9)), "公告栏、会员微信群"
    if state not in (S.RATED, S.PUBLISHED):
        made.reported_at = at + timedelta(days=random.randint(9, 16))
    if state in (S.APPROVED, S.CLOSED):
        made.approved_on, made.opinion = day + timedelta(days=18), ADVICE
    if state == S.CLOSED:
        made.closed_on = day + timedelta(days=random.randint(80, 140))
    return vote, made


def _by_itself(random: Random, union: Union) -> tuple[int, int]:
    """Due and present where no assembly heard it."""
    due = max(6, union.members if union.members <= 100 else random.choice((40, 50, 60)))
    return due, max(round(due * random.uniform(0.72, 0.99)), -(-2 * due // 3), 5)


@cache
def _days(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    calendar = WorkCalendar()
    return tuple(
        calendar.shift(day, setting(f"appraisal-{step}-workdays", day)) for step in ("publish", "report")
    )  # fmt: skip


def _asked(union: Union, sheet: AppraisalSheet) -> list[Asked]:
    """What the sheet asks; of people only about the chair."""
    return [
        Asked(item.text) if item.subject == Subject.COMMITTEE else Asked(f"工会主席{union.chair_name}：{item.text}", post=item.subject)
        for item in sheet.items.all()
        if item.subject in (Subject.COMMITTEE, Subject.CHAIR)
    ]  # fmt: skip


def _write_questions(random: Random, held: list[tuple[Vote, Appraisal]], unions: dict[int, Union]) -> list[Batch]:
    """Questions, answers and how many gave each; the sums of each appraisal and what the thresholds make of them. Returns
    the pile of each vote, unsaved."""
    sheet = AppraisalSheet.objects.prefetch_related("items").order_by("effective_from").first()
    grades = options_on(timezone.localdate())
    kinds = [grade.kind for grade in grades]
    questions, options, outcomes, batches = [], [], [], []
    for vote, made in held:
        made.valid_count = made.good_count = made.bad_count = 0
        asked, figures, back = _asked(unions[vote.union_id], sheet), {}, vote.returned
        for number, one in enumerate(asked, 1):
            (pk,), invalid = bulk.reserve(Question._meta.db_table, 1), int(random.random() < 0.15)
            counts, valid = _answers(random, back - invalid), back - invalid
            questions.append((pk, vote.pk, number, one.text, one.body, one.post, 0, False, back, valid, invalid))
            ids = bulk.reserve(Option._meta.db_table, len(grades))
            for place, (grade, option, count) in enumerate(zip(grades, ids, counts, strict=True), 1):
                options.append((option, pk, place, grade.kind, grade.text, "", "", "[]"))
                outcomes.append((vote.pk, pk, option, grade.text, count, valid, 1, 2, False, False, False))
            ticks = {str(place): count for place, count in enumerate(counts, 1)}
            figures[str(pk)] = {"returned": back, "invalid": invalid, "ticks": ticks, "others": {}}
            _add(made, one, valid, counts, kinds)
        batches.append(Batch(vote=vote, number=1, label="票箱", figures=figures))
        if made.consequence and made.approved_on:
            made.talk = "已与工会主席谈话，明确整改要求。"
    bulk.copy(
        Question._meta.db_table,
        "id, vote_id, number, text, body, post, seats, takes_others, returned, valid, invalid", questions,
    )  # fmt: skip
    bulk.copy(Option._meta.db_table, "id, question_id, number, kind, text, sex, note, facts", options)
    bulk.copy(
        Outcome._meta.db_table,
        "vote_id, question_id, option_id, text, votes, base_count, numerator, denominator, is_inclusive, is_won, is_tied", outcomes,
    )  # fmt: skip
    return batches


def _count_piles(batches: list[Batch], chairs: dict[int, int]) -> None:
    """Each pile as two people counted it: one of the union, one of the tier above."""
    Batch.objects.bulk_create(batches, batch_size=2000)
    BatchEntry.objects.bulk_create(
        (
            BatchEntry(batch=batch, by_id=by, figures=batch.figures)
            for batch in batches
            for by in {chairs.get(batch.vote.union_id), chairs.get(batch.vote.union.middle_id)} - {None}
        ),
        batch_size=2000,
    )


def _answers(random: Random, valid: int) -> list[int]:
    """As members answer: 82 satisfied, 14 basically, 3 not, of a hundred; two unions of a hundred are in trouble."""
    bad = round(valid * (random.uniform(0.34, 0.55) if random.random() < 0.012 else random.uniform(0, 0.07)))
    basic, unknown = round(valid * random.uniform(0.05, 0.22)), int(random.random() < 0.2)
    return [valid - bad - basic - unknown, basic, bad, unknown]


def _add(made: Appraisal, asked: Asked, valid: int, counts: list[int], kinds: list[str]) -> None:
    good = sum(n for n, kind in zip(counts, kinds, strict=True) if kind in (OptionKind.SATISFIED, OptionKind.BASIC))
    bad = sum(n for n, kind in zip(counts, kinds, strict=True) if kind == OptionKind.DISSATISFIED)
    made.valid_count += valid
    made.good_count += good
    made.bad_count += bad
    found = Consequence.RECTIFY if bad * 3 > valid else ""
    if asked.post and bad * 2 >= valid:
        found = Consequence.RECALL
    made.consequence = max(made.consequence, found, key=GRAVITY.index)


def _items(random: Random, made: Appraisal, union: Union, today: datetime.date) -> list[Improvement]:
    """What is improved: of a settled appraisal all is done, of others a part, some of it late."""
    if made.state == S.RATED:
        return []
    items = []
    if made.consequence:
        words = "向会员大会提出罢免议案" if made.consequence == Consequence.RECALL else "限期整改会员不满意的事项"
        items.append((words, "召开委员会专题研究，逐条整改", union.chair_name or "工会委员会", made.consequence))
    items += [(*row, "") for row in random.sample(ITEMS, random.randint(1, 2))]
    found = []
    for number, (title, measure, owner, consequence) in enumerate(items, 1):
        due = made.held_on + timedelta(days=random.choice((45, 60, 90)))
        is_done = made.state == S.CLOSED or (due < today and random.random() < 0.8)
        done = min(due - timedelta(days=random.randint(0, 15)), today) if is_done else None
        found.append(
            Improvement(
                appraisal=made, number=number, title=title, measure=measure, owner=owner, consequence=consequence, due_on=due,
                state=ImprovementState.DONE if is_done else ImprovementState.OPEN, outcome="已落实，会员反映良好。" if is_done else "",
                done_on=done,
            )
        )  # fmt: skip
    return found
