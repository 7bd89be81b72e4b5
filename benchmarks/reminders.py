"""A round of reminders when every union still has its quarter to file."""

import datetime
import sys

from benchmarks.harness import Report, Result, milliseconds, queries, undone


def measure(report: Report) -> None:
    """On the opening day of the coming quarter, for all of its duties; then a second round, which finds nothing."""
    from django.db import connection
    from django.utils import timezone

    from unions.calendar import WorkCalendar
    from unions.kit.periods import Period
    from unions.models import Delivery, Duty, DutyRule, Notice, Reminder
    from unions.opening import open_period, opening_day
    from unions.reminders import take_steps

    rule, calendar = DutyRule.objects.get(key="quarterly-return"), WorkCalendar()
    coming = Period.parse(Duty.objects.filter(rule=rule).latest("period").period).next()
    day = calendar.on_or_after(opening_day(rule, coming))
    now = timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))
    given = {"today": day, "now": now, "calendar": calendar}
    report.title("Reminders")
    with undone():
        opened = open_period(rule, coming, calendar=calendar)
        before = (Reminder.objects.count(), Notice.objects.count(), Delivery.objects.count())
        spent = milliseconds(lambda: take_steps(rule, **given))
        made = [now - then for now, then in zip((Reminder.objects.count(), Notice.objects.count(), Delivery.objects.count()), before, strict=True)]  # fmt: skip
        again = milliseconds(lambda: take_steps(rule, **given))
        statements = queries(lambda: take_steps(rule, **given))

        def read_duties() -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT d.*, u.* FROM unions_duty d JOIN unions_union u ON u.id = d.union_id WHERE d.period = %s",
                    [coming.code],
                )
                cursor.fetchall()

        floor = milliseconds(read_duties)
    report.add(
        Result(
            f"reminding of {opened} duties", spent, floor=floor, floor_name="reading them with their unions",
            note=f"{made[0]} steps, {made[1]} notices, {made[2]} e-mails in the outbox",
        ),
        Result("the round after, nothing due", again, floor=floor, floor_name="reading them", note=f"{statements} statements"),
    )  # fmt: skip


if __name__ == "__main__":
    from benchmarks.__main__ import run

    sys.exit(run(["reminders"], sys.argv[1:]))
