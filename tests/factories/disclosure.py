"""A quarter with its duties open, and returns at any stage of it."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from disclosure import services
from disclosure.models import Form, Return
from unions.models import Duty, Union
from unions.workflow import perform

PERIOD = "2026Q3"


def duty_of(union: Union, period: str = PERIOD, form: str = "quarterly-return", **given) -> Duty:
    """The open duty of a union, due in five days unless told otherwise."""
    today = timezone.localdate()
    given = {"opens_on": today - datetime.timedelta(days=5), "due_on": today + datetime.timedelta(days=5), **given}
    given.setdefault("last_day", given["due_on"])
    return Duty.objects.get_or_create(
        rule=Form.objects.get(code=form).rule, union=union, period=period, defaults={"members": union.members, **given}
    )[0]


def accepted(union: Union, period: str, figures: dict | None = None, **given) -> Return:
    """A return accepted long ago, as an import leaves it."""
    form = Form.objects.get(code="quarterly-return")
    moment = timezone.now() - datetime.timedelta(days=90)
    duty = duty_of(
        union, period, state="fulfilled", fulfilled_at=moment, first_submitted_at=moment, timeliness="on_time"
    )
    return Return.objects.create(
        duty=duty, union=union, version=form.version_for(period), period=period, state="accepted",
        figures=figures or history(union), rounds=1, submitted_at=moment, decided_at=moment, **given,
    )  # fmt: skip


def history(union: Union, **changed) -> dict:
    """Plausible figures of a past quarter, as the old system kept them (no members_begin, no left)."""
    return {
        "workers": union.workers, "women_workers": union.women_workers, "migrant_workers": union.migrant_workers,
        "members": union.members, "women_members": union.women_members, "joined": 4, "full_time_cadres": 1,
        "part_time_cadres": 2, "assemblies": 1, "workers_congresses": 0, "contracts": 1, "contract_workers": 40,
        "disputes": 1, "disputes_settled": 1, "visits": 6, "relief_money": "1200.5", "activities": 3, "participants": 80,
        "income": "18200", "expenditure": "12400.75", **changed,
    }  # fmt: skip


def filled(duty: Duty, by, **figures) -> Return:
    """A draft ready to submit: the given figures typed, the rest confirmed."""
    return services.save_return(duty, by=by, values=figures, confirm_rest=True)[0]


def submitted(duty: Duty, by, explanations: dict | None = None, **figures) -> Return:
    filing, _errors = services.save_return(duty, by=by, values=figures, explanations=explanations, confirm_rest=True)
    return perform(filing, "submit", by=by)


def many_unions(parent: Union, count: int, start: int = 0) -> Iterable[Union]:
    from tests.factories.unions import UnionFactory

    return [
        UnionFactory(parent=parent, workers=50 + n, women_workers=20, members=40 + n, women_members=15, name=f"北京第{start + n}测试有限公司工会委员会")
        for n in range(count)
    ]  # fmt: skip
