"""The clock's rounds: open what is due, remind, and keep a record of each run.

The clock only knocks. What is due is read from PostgreSQL, so a missed round is made up by the next one; a lock and
the unique slot of a run keep two machines from doing the same round twice.
"""

import contextlib
import datetime
import logging
from collections.abc import Callable, Iterator

from django.db import connection
from django.utils import timezone

from unions import opening, reminders, webhooks
from unions.calendar import WorkCalendar
from unions.enums import JobState
from unions.kit.registry import Registry
from unions.models import DutyRule, Run
from unions.settingbook import held, setting

log = logging.getLogger(__name__)

ROUND = "duties"
SLOT_MINUTES = 10
OVERDUE_AFTER = datetime.timedelta(minutes=30)
_LOCK = (7402, 1)
# What upper floors remind of in the hours for it: told the day and the calendar, they say how many they told.
chores: Registry[Callable[[datetime.date, WorkCalendar], int]] = Registry("chore of the clock")
# What happens at its moment, at night and on holidays too: told the moment, they say how much they did.
punctual: Registry[Callable[[datetime.datetime], int]] = Registry("punctual act of the clock")


@contextlib.contextmanager
def only_one() -> Iterator[bool]:
    """Whether this process has the rounds to itself; the database forgets the lock of a process that dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", _LOCK)
        has_lock = cursor.fetchone()[0]
    try:
        yield has_lock
    finally:
        if has_lock:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", _LOCK)


def slot_of(now: datetime.datetime) -> str:
    """The ten minutes that a round stands for."""
    local = timezone.localtime(now)
    return f"{local:%Y-%m-%dT%H}:{local.minute // SLOT_MINUTES * SLOT_MINUTES:02d}"


def is_time_to_remind(now: datetime.datetime, calendar: WorkCalendar) -> bool:
    """On working days, outside the quiet hours: nobody is chased on a holiday or at night."""
    local = timezone.localtime(now)
    return setting("reminders-from") <= local.time() < setting("reminders-until") and calendar.is_workday(local.date())


@held()
def run_round(now: datetime.datetime | None = None, *, slot: str = "") -> Run | None:
    """One round, once per slot; None when another process is at it or has done it. A run found unfinished while we
    hold the lock died, and is done again."""
    now = now or timezone.now()
    with only_one() as has_lock:
        if not has_lock:
            return None
        run, created = Run.objects.get_or_create(task=ROUND, slot=slot or slot_of(now))
        if not created and run.state != JobState.RUNNING:
            return None
        dead = Run.objects.filter(task=ROUND, state=JobState.RUNNING).exclude(pk=run.pk)
        dead.update(state=JobState.FAILED, error="interrupted", finished_at=timezone.now())
        return _do(run, now)


def _do(run: Run, now: datetime.datetime) -> Run:
    today, taken, opened, errors = timezone.localdate(now), reminders.Taken(), 0, []
    calendar = WorkCalendar()
    reminds = is_time_to_remind(now, calendar)
    for rule in DutyRule.objects.filter(is_active=True):
        try:
            opened += opening.open_due(rule, today, calendar=calendar)
            if reminds:
                taken.add(reminders.take_steps(rule, today=today, now=now, calendar=calendar))
        except Exception as problem:  # one rule's fault must not silence the others; it stands on the runs page
            log.exception("round %s: rule %s failed", run.slot, rule.key)
            errors.append(f"{rule.name_zh}: {type(problem).__name__}: {problem}")
    posts = told = 0
    done = _do_each(run, punctual, (now,), errors)
    if reminds:
        told = _do_each(run, chores, (today, calendar), errors)
        try:
            posts = webhooks.tell(today, now)
        except Exception as problem:
            log.exception("round %s: webhooks failed", run.slot)
            errors.append(f"{type(problem).__name__}: {problem}")
    run.counts = {
        "opened": opened, "steps": taken.steps, "skipped": taken.skipped, "digests": taken.digests,
        "mails": taken.mails, "unreached": taken.unreached, "posts": posts,
        "told": told, "done": done,
    }  # fmt: skip
    run.state = JobState.FAILED if errors else JobState.DONE
    run.error, run.finished_at = "\n".join(errors)[:4000], timezone.now()
    run.save(update_fields=["counts", "state", "error", "finished_at"])
    # The marks of opened periods stay for good; only old rounds go.
    Run.objects.filter(task=ROUND, started_at__lt=now - datetime.timedelta(days=setting("runs-kept"))).delete()
    return run


def _do_each(run: Run, acts: Registry[Callable[..., int]], given: tuple, errors: list[str]) -> int:
    """Each by itself: the fault of one stands on the runs page and silences no other."""
    count = 0
    for act in acts:
        try:
            count += act(*given)
        except Exception as problem:
            log.exception("round %s: %s failed", run.slot, act.__module__)
            errors.append(f"{act.__module__}: {type(problem).__name__}: {problem}")
    return count


def last_round() -> Run | None:
    return Run.objects.filter(task=ROUND).exclude(finished_at=None).order_by("-finished_at").first()
