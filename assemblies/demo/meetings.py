"""Meetings of the made-up district: last year's assemblies in the archive, this year's at every stage, symposiums with
matters on their way."""

import datetime
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from random import Random

from django.db import connection
from django.utils import timezone

from assemblies.agendas import Point, points_of
from assemblies.demo import appraisals, votes
from assemblies.demo.appraisals import Plans
from assemblies.duties import ASSEMBLY
from assemblies.enums import AgendaKind, MatterState, MeetingKind, MeetingState, Power, Presence, SignedHow
from assemblies.meetings import assembly_forms
from assemblies.models import AgendaItem, Attendee, Delegate, DelegateAttendance, Matter, Meeting
from assemblies.models.meetings import YEARLY
from assemblies.quorum import needed_of
from unions.demo import names
from unions.duties import refresh_totals
from unions.enums import DutyState, Tier, Timeliness
from unions.models import Union

S = MeetingState
# How far this year's assembly has come, and how many of a hundred unions stand there.
STAGES = (
    (S.ARCHIVED, 20),
    (S.PUBLISHED, 38),
    (S.CONFIRMED, 4),
    (S.FILED, 8),
    (S.CALLED, 7),
    (S.REPORTED, 6),
    (S.PLANNED, 5),
)
OVER = 4  # of these stages are of meetings that were held
HEARS = 0.85  # of the assemblies of unions that have appraised
MATTERS = (
    ("增设夜班职工班车", "行政部"), ("职工食堂延长供餐时间", "后勤部"), ("更换车间通风设备", "安全生产部"),
    ("母婴关爱室添置设施", "女职工委员会"), ("公布年休假安排", "人力资源部"), ("完善快递员歇脚点", "工会办公室"),
)  # fmt: skip
MINUTES = "会议应到{due}人，实到{present}人，符合法定人数。会议听取并审议了工会委员会工作报告、经费收支情况报告和经费审查工作报告，对工会主席进行了民主评议，表决通过了关于各项报告的决议。"
BY_ELECTIONS = 0.08  # of all assemblies
TALK = (
    "座谈会到会{present}人。与会职工围绕生产生活、劳动保护和工会服务发表意见，会议逐条记录，明确了承办人和答复期限。"
)
LARGE = 3000  # from here on only the unions that are shown have their agenda


# An assembly that was held, and nothing else, fulfils the duty of its year.
_HELD = f"""
    UPDATE unions_duty d SET state = '{DutyState.FULFILLED}', timeliness = '{Timeliness.ON_TIME}',
           first_submitted_at = m.opened_at, fulfilled_at = m.closed_at
    FROM assemblies_meeting m, unions_dutyrule r
    WHERE r.id = d.rule_id AND r.key = '{ASSEMBLY}' AND m.union_id = d.union_id AND m.closed_at IS NOT NULL
      AND d.period = extract(year FROM m.held_on)::text AND m.kind = ANY(%s)
    RETURNING d.rule_id, d.period, d.middle_id
"""


def write(
    random: Random,
    shown: dict[Tier, Union],
    chairs: dict[int, int],
    stage: Callable[[str], Callable[[int, int], None]],
) -> None:
    """A year and a bit of meetings with what they decided and whom they appraised; the triggers fill in whose they are.
    `chairs`: union → account."""
    today = timezone.localdate()
    plans = appraisals.plan(random, shown, today)
    unions = list(Union.objects.active().of_tier(Tier.GRASSROOTS).order_by("pk"))
    serving: dict[int, list[Delegate]] = {}
    for delegate in Delegate.objects.in_office(today).select_related("constituency").order_by("constituency", "pk"):
        serving.setdefault(delegate.union_id, []).append(delegate)
    due = {union: len(delegates) for union, delegates in serving.items()}
    meetings = [made for union in unions for made in _of_union(random, union, today, due.get(union.pk), plans)]
    Meeting.objects.bulk_create(meetings, batch_size=2000)
    wide = len(unions) <= LARGE
    with_agenda = [
        m for m in meetings if m.kind != MeetingKind.SYMPOSIUM and (wide or m.union_id == shown[Tier.GRASSROOTS].pk)
    ]
    points = AgendaItem.objects.bulk_create((i for m in with_agenda for i in _agenda(random, m)), batch_size=4000)
    by_delegates = [
        m for m in meetings
        if m.kind == MeetingKind.DELEGATES and m.union_id in serving and serving[m.union_id][0].elected_on <= m.held_on
    ]  # fmt: skip
    for meeting in by_delegates:
        _come(random, meeting, random.sample(serving[meeting.union_id], len(serving[meeting.union_id])))
    own = [m for m in meetings if m.union_id == shown[Tier.GRASSROOTS].pk or m.state == S.CALLED]
    others = [m for m in own if m not in by_delegates][:200]
    Attendee.objects.bulk_create((one for m in others for one in _people(random, m)), batch_size=4000)
    symposiums = [m for m in meetings if m.kind == MeetingKind.SYMPOSIUM]
    Matter.objects.bulk_create((matter for m in symposiums for matter in _matters(random, m, today)), batch_size=4000)
    _fulfil()
    stage("meetings")(len(meetings), len(meetings))
    votes.write(random, points, chairs, stage("votes"))
    appraisals.write(random, plans, _hearing(meetings, points), chairs, stage("appraisals"))


def _hearing(
    meetings: list[Meeting], points: list[AgendaItem]
) -> dict[tuple[int, datetime.date], tuple[Meeting, AgendaItem | None]]:
    """The assemblies that were held, by union and day, with the point on which they appraised."""
    at = {point.meeting_id: point for point in points if point.kind == AgendaKind.APPRAISAL}
    held = [meeting for meeting in meetings if meeting.kind in YEARLY and meeting.closed_at]
    return {(meeting.union_id, meeting.held_on): (meeting, at.get(meeting.pk)) for meeting in held}


def _fulfil() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [[kind.value for kind in YEARLY]])
        touched = set(cursor.fetchall())
    for rule, period in {(rule, period) for rule, period, _middle in touched}:
        refresh_totals(rule, period, {middle for r, p, middle in touched if (r, p) == (rule, period)})


def _of_union(
    random: Random, union: Union, today: datetime.date, delegates: int | None, plans: Plans
) -> list[Meeting]:  # fmt: skip
    kind, made = assembly_forms(union)[-1], []
    if random.random() < 0.93:
        day = today.replace(year=today.year - 1, month=random.randint(1, 12), day=random.randint(1, 28))
        day = appraisals.day_of(plans, union, today.year - 1, today) or day
        made.append(_assembly(random, union, kind, day, S.ARCHIVED, delegates))
    appraised_on = appraisals.day_of(plans, union, today.year, today)
    if random.randrange(100) < sum(share for _state, share in STAGES):
        stages = STAGES[:OVER] if appraised_on and random.random() < HEARS else STAGES
        states, shares = zip(*stages, strict=True)
        state = random.choices(states, shares)[0]
        ahead = state in (S.CALLED, S.REPORTED, S.PLANNED)
        day = (
            today + timedelta(days=random.randint(3, 40)) if ahead else today - timedelta(days=random.randint(5, 300))
        )
        if appraised_on and not ahead:
            day = appraised_on
        made.append(_assembly(random, union, kind, day, state, delegates))
    if random.random() < 0.15:
        day = today - timedelta(days=random.randint(5, 120))
        made.append(_held(random, union, MeetingKind.SYMPOSIUM, day, S.PUBLISHED, 18))
    return made


def _assembly(random: Random, union: Union, kind: MeetingKind, day: datetime.date, state: str, delegates) -> Meeting:
    due = union.members if kind == MeetingKind.MEMBERS else delegates or random.choice((40, 45, 50, 60))
    return _held(random, union, kind, day, state, due)


def _held(random: Random, union: Union, kind: MeetingKind, day: datetime.date, state: str, due: int) -> Meeting:
    begins = timezone.make_aware(datetime.datetime.combine(day, datetime.time(14)))
    meeting = Meeting(
        union=union, kind=kind, title=f"{day.year}年{MeetingKind(kind).label}", held_on=day, begins_at=begins,
        place=random.choice(("三层会议室", "职工之家活动室", "多功能厅", "食堂二层")), state=state, members=union.members,
    )  # fmt: skip
    number = f"工复〔{day.year}〕{random.randint(1, 90)}号"
    if kind in (MeetingKind.MEMBERS, MeetingKind.DELEGATES) and state not in (S.PLANNED, S.REPORTED):
        meeting.approval_number, meeting.approved_on = number, day - timedelta(days=20)
    if state not in (S.PLANNED, S.REPORTED):
        meeting.called_at = begins - timedelta(days=9)
    if state in (S.FILED, S.CONFIRMED, S.PUBLISHED, S.ARCHIVED):
        least = needed_of(due, Fraction(2, 3))
        meeting.due_count, meeting.present_count = due, max(least, round(due * random.uniform(0.7, 0.98)))
        meeting.opened_at, meeting.closed_at = begins, begins + timedelta(hours=2)
        words = TALK if kind == MeetingKind.SYMPOSIUM else MINUTES
        meeting.minutes = words.format(due=due, present=meeting.present_count)
    if state in (S.CONFIRMED, S.PUBLISHED, S.ARCHIVED) and kind != MeetingKind.SYMPOSIUM:
        meeting.result_number, meeting.confirmed_on = number, day + timedelta(days=5)
    if state in (S.PUBLISHED, S.ARCHIVED):
        meeting.published_at = begins + timedelta(days=7)
    return meeting


def _agenda(random: Random, meeting: Meeting) -> list[AgendaItem]:
    points = points_of(MeetingKind(meeting.kind), meeting.union, False)
    if random.random() < BY_ELECTIONS:
        points.append(Point(AgendaKind.ELECTION, "补选工会委员会委员", "", Power.ELECT))
    needed = needed_of(meeting.due_count, Fraction(2, 3)) if meeting.closed_at else None
    return [
        AgendaItem(
            meeting=meeting, number=number, kind=point.kind, title=point.title, speaker=point.speaker, power=point.power,
            begun_at=meeting.opened_at, due_count=meeting.due_count, present_count=meeting.present_count, needed_count=needed,
        )
        for number, point in enumerate(points, 1)
    ]  # fmt: skip


def _come(random: Random, meeting: Meeting, delegates: list[Delegate]) -> None:
    """The delegates in office are due, and their record says who came."""
    people = _people(random, meeting, len(delegates))
    for attendee, delegate in zip(people, delegates, strict=True):
        attendee.name, attendee.group = delegate.name, delegate.constituency.name
    Attendee.objects.bulk_create(people)
    DelegateAttendance.objects.bulk_create(
        DelegateAttendance(delegate=delegate, attendee=attendee)
        for attendee, delegate in zip(people, delegates, strict=True)
    )


def _people(random: Random, meeting: Meeting, planned: int = 0) -> list[Attendee]:
    count = meeting.due_count or planned or min(meeting.members, 60)
    here = meeting.present_count or 0
    return [
        Attendee(
            meeting=meeting, number=number, name=names.person(random, female=random.random() < 0.45), group=f"第{number % 5 + 1}小组",
            presence=(Presence.PRESENT if number <= here else Presence.ABSENT) if meeting.closed_at else Presence.EXPECTED,
            signed_at=meeting.opened_at if number <= here else None, signed_how=SignedHow.LIST if number <= here else "",
        )
        for number in range(1, count + 1)
    ]  # fmt: skip


def _matters(random: Random, meeting: Meeting, today: datetime.date) -> list[Matter]:
    made = []
    for number, (title, owner) in enumerate(random.sample(MATTERS, random.randint(1, 3)), 1):
        due = meeting.held_on + timedelta(days=21)
        state = random.choice((MatterState.OPEN, MatterState.ANSWERED, MatterState.ENDED, MatterState.ENDED))
        matter = Matter(meeting=meeting, number=number, title=title, owner=owner, due_on=due, state=state)
        if state != MatterState.OPEN:
            matter.reply, matter.answered_on = "已与行政协商，列入近期工作安排。", min(today, due)
        if state == MatterState.ENDED:
            matter.outcome, matter.ended_on = "已落实，职工反映良好。", min(today, due + timedelta(days=10))
        made.append(matter)
    return made
