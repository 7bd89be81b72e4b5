"""Duty rules with the ladder that the requirements name."""

import datetime

from django.utils import timezone

from unions.enums import Audience, DutyState, Rhythm, Tier
from unions.models import Duty, DutyRule, ReminderStep

LADDER = [
    (0, Audience.FILLER, True),
    (-10, Audience.FILLER, False),
    (-3, Audience.FILLER, False),
    (0, Audience.FILLER, False),
    (1, Audience.FILLER, False),
    (1, Audience.CHAIR, False),
    (3, Audience.SUPERIOR, False),
    (10, Audience.BOARD, False),
]


def make_rule(key: str = "quarter", *, ladder=LADDER, **values) -> DutyRule:
    """A quarterly rule for grassroots unions: opens on the first, due on the tenth."""
    rule = DutyRule.objects.create(
        **{
            "key": key, "task": "test", "name_zh": "信息反馈", "name_en": "Feedback report", "clause": "第16条",
            "kinds": list(Tier.GRASSROOTS.kinds), "rhythm": Rhythm.QUARTER, "first_period": "2015Q1", **values,
        }
    )  # fmt: skip
    for offset, audience, at_opening in ladder:
        ReminderStep.objects.create(rule=rule, offset=offset, audience=audience, at_opening=at_opening)
    return rule


def make_duty(rule: DutyRule, union, period: str = "2026Q3", *, due: datetime.date | None = None, **values) -> Duty:
    due = due or timezone.localdate() + datetime.timedelta(days=10)
    return Duty.objects.create(
        **{
            "rule": rule, "union": union, "period": period, "opens_on": due - datetime.timedelta(days=9), "due_on": due,
            "last_day": due, "state": DutyState.OPEN, "members": union.members, **values,
        }
    )  # fmt: skip
