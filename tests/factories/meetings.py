"""Meetings at any stage of their way, moved there by whoever may."""

import datetime

from django.utils import timezone

from assemblies import attendees
from assemblies.attendees import Person
from assemblies.enums import MeetingKind
from assemblies.matters import raise_matter
from assemblies.meetings import plan, propose, write_minutes
from assemblies.models import Matter, Meeting
from unions.models import Union, User
from unions.workflow import perform

NAMES = [f"职工{n:02d}" for n in range(1, 31)]


def planned(
    union: Union, by: User, kind: str = MeetingKind.MEMBERS, people: int = 6, days: int = 30, **given
) -> Meeting:
    """A meeting with agenda, day, place and people due."""
    kind = MeetingKind(kind)
    day = timezone.localdate() + datetime.timedelta(days=days)
    begins = timezone.make_aware(datetime.datetime.combine(day, datetime.time(14)))
    values = {
        "title": f"{day.year}年{kind.label}",
        "held_on": day,
        "begins_at": begins,
        "place": "三层会议室",
        **given,
    }
    meeting = plan(union, kind, values, propose(union, kind).points, by=by)
    if people:
        attendees.add(meeting, [Person(name, f"第{n % 3 + 1}组") for n, name in enumerate(NAMES[:people])], by=by)
    return meeting


def called(union: Union, by: User, above: User | None = None, **given) -> Meeting:
    """Approved above where that is needed, and called."""
    meeting = planned(union, by, **given)
    if above:
        meeting = perform(meeting, "report", by=by)
        meeting = perform(meeting, "approve", by=above, data={"number": "望工复〔2026〕1号"})
    return perform(meeting, "call", by=by, reason="准备充分，时间经委员会研究确定")


def in_session(union: Union, by: User, above: User | None = None, present: int = 0, **given) -> Meeting:
    """Open today, with the first few of those due present."""
    meeting = perform(called(union, by, above, days=0, **given), "open", by=by)
    come(meeting, by, present)
    return meeting


def come(meeting: Meeting, by: User, present: int) -> None:
    ids = list(meeting.attendees.order_by("number").values_list("pk", flat=True)[:present])
    attendees.mark(meeting, ids, "present", by=by)


def closed(union: Union, by: User, above: User | None = None, present: int = 6, **given) -> Meeting:
    """Over, with its minutes written."""
    meeting = perform(in_session(union, by, above, present, **given), "close", by=by)
    return write_minutes(meeting, by=by, minutes="会议听取并审议了工作报告。", resolutions={})


def matter_of(union: Union, by: User) -> Matter:
    """What somebody raised at a symposium that is in session."""
    held = planned(union, by, MeetingKind.SYMPOSIUM, people=0, days=0)
    Meeting.objects.filter(pk=held.pk).update(state="open")
    values = {"title": "增设夜班班车", "detail": "夜班职工下班后没有公交。", "raiser": "赵隐名", "owner": "行政部"}
    return raise_matter(held, {**values, "due_on": timezone.localdate()}, by=by)
