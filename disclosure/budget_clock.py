"""The clock's part: a union hears before the publication of its budget's execution is due and when it is past; then the tier
above too. Where a duty asks for
the period, its own ladder does that."""

from datetime import date

from django.db import transaction
from django.urls import reverse

from disclosure.annual import WRITE
from disclosure.budget_executions import owe_next, settled, without_duty
from disclosure.models import Budget
from disclosure.step_clock import CHUNK, Steps
from unions.calendar import WorkCalendar

STEPS = Steps(
    kind="budget",
    waiting=lambda: without_duty(Budget.objects.in_force().filter(due_on__isnull=False)).select_related(
        "union__middle", "union__parent"
    ),
    union=lambda budget: budget.union,
    permission=WRITE,
    params=lambda budget: {"title": budget.title},
    address=lambda budget: reverse("disclosure:budget", args=[budget.pk]),
    setting="budget-remind-workdays",
)  # fmt: skip


def remind(today: date, calendar: WorkCalendar) -> int:
    """Whoever has published owes the next period; the others are reminded."""
    move_on()
    return STEPS.remind(today, calendar)


@transaction.atomic
def move_on() -> None:
    """A few at a time: what is left is seen to in the next round."""
    rows = settled(Budget.objects.in_force()).select_related("union").order_by("pk")
    done = list(rows.select_for_update(of=("self",), no_key=True, skip_locked=True)[:CHUNK])
    for budget in done:
        owe_next(budget)
    Budget.objects.bulk_update(done, ["owed_on", "due_on"])
