"""Periods open, and duties are frozen: one row per union and rule, once, whoever knocks and however often.

The mark that a rule's period has been opened is its run (task “open”, slot “rule:period”), written in the same
transaction as the duties. A union founded later therefore enters with the next period.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from unions.calendar import WorkCalendar
from unions.duties import refresh_totals, tasks
from unions.enums import MIDDLE_KINDS, DutyState, JobState, Rhythm, Tier, UnionState
from unions.kit.periods import Period
from unions.models import Duty, DutyRule, Event, Reminder, Run, Union, User

OPEN = "open"


def due_day(rule: DutyRule, period: Period, calendar: WorkCalendar) -> date:
    """The due day of a period: so many working days after it, or a day of the calendar, which, where it is a day off, moves
    to the next working day (Civil Code, 203)."""
    if rule.in_workdays:
        return calendar.shift(period.end, rule.due_after)
    return calendar.on_or_after(period.end + timedelta(days=rule.due_after))


def opening_day(rule: DutyRule, period: Period) -> date:
    return period.end + timedelta(days=rule.opens_after)


def _marks(rule: DutyRule) -> QuerySet[Run]:
    """One for each period of the rule that has been opened."""
    return Run.objects.filter(task=OPEN, slot__startswith=f"{rule.pk}:")


def periods_to_open(rule: DutyRule, today: date) -> list[Period]:
    """The newest period whose opening day has come, and those missed since the last one opened. A rule that has
    never opened one begins with the newest: what lies before it was not asked for through this portal."""
    newest = rule.current_period(today)
    if newest.code < rule.first_period:
        return []
    opened = [slot.partition(":")[2] for slot in _marks(rule).values_list("slot", flat=True)]
    if not opened:
        return [newest]
    period, found = Period.parse(max(opened)).next(), []
    while period <= newest:
        if period.code >= rule.first_period:
            found.append(period)
        period = period.next()
    return found


@transaction.atomic
def open_period(rule: DutyRule, period: Period, *, calendar: WorkCalendar | None = None) -> int | None:
    """Freeze the duties of one rule and period; None when that has been done before (or is being done elsewhere)."""
    run, created = Run.objects.get_or_create(
        task=OPEN, slot=f"{rule.pk}:{period.code}", defaults={"state": JobState.DONE, "finished_at": timezone.now()}
    )
    if not created:
        return None
    due = due_day(rule, period, calendar or WorkCalendar())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO unions_duty (union_id, middle_id, rule_id, period, opens_on, due_on, last_day, state, "
            "timeliness, return_count, note, members) "
            "SELECT id, middle_id, %s, %s, %s, %s, %s, %s, '', 0, '', members FROM unions_union "
            "WHERE kind = ANY(%s) AND state = %s AND (founded_on IS NULL OR founded_on <= %s) ORDER BY id "
            "ON CONFLICT (rule_id, period, union_id) DO NOTHING",
            [
                rule.pk, period.code, opening_day(rule, period), due, due, DutyState.OPEN, rule.kinds, UnionState.ACTIVE,
                period.end,
            ],
        )  # fmt: skip
        count = cursor.rowcount
    if not count and not _marks(rule).exclude(pk=run.pk).exists():
        run.delete()  # a portal whose roster is still to come: the period opens once there is a union to ask
        return 0
    middles = Union.objects.filter(kind__in=MIDDLE_KINDS).values_list("pk", flat=True)
    refresh_totals(rule.pk, period.code, middles)
    run.counts = {"rule": rule.name_zh, "rule_en": rule.name_en, "period": period.code, "opened": count}
    run.save(update_fields=["counts"])
    return count


def open_due(rule: DutyRule, today: date | None = None, *, calendar: WorkCalendar | None = None) -> int:
    """Open whatever of a rule is due to open, and settle what is done already; safe to repeat. Returns how many duties
    were frozen."""
    today = today or timezone.localdate()
    task = tasks.get(rule.task)
    if rule.rhythm == Rhythm.OWN:
        opened = task.open(rule, today) if task and task.open else 0
    else:
        opened = sum(open_period(rule, period, calendar=calendar) or 0 for period in periods_to_open(rule, today))
    if task and task.settle:
        task.settle(rule)
    return opened


def next_due_days(rule: DutyRule, today: date, calendar: WorkCalendar, count: int = 4) -> list[dict]:
    """The coming periods of a rule with their days, and whether the calendar of that year is published; none where
    each union has its own time."""
    if rule.rhythm == Rhythm.OWN:
        return []
    period = max(rule.current_period(today), Period.parse(rule.first_period))
    days = []
    for number in range(count):
        each = period.shift(number)
        due = due_day(rule, each, calendar)
        nominal = due if rule.in_workdays else each.end + timedelta(days=rule.due_after)
        days.append(
            {
                "period": each, "opens": opening_day(rule, each), "due": due, "nominal": nominal,
                "is_moved": due != nominal, "is_published": calendar.is_published(due.year),
            }
        )  # fmt: skip
    return days


@dataclass(frozen=True)
class Redating:
    """The open duties of one rule and period whose due day would move."""

    rule: DutyRule
    period: Period
    old: date
    new: date
    count: int

    @property
    def title(self) -> str:
        return self.rule.titled(self.period)


def redatings(rule: DutyRule | None = None, today: date | None = None) -> list[Redating]:
    """Which due days no longer agree with rule and calendar. Only of duties never submitted, and only where the old
    or the new day has not passed yet: a deadline that is over stays what it was."""
    today, calendar = today or timezone.localdate(), WorkCalendar()
    asked = DutyRule.objects.exclude(rhythm=Rhythm.OWN)
    rules = {each.pk: each for each in (asked.filter(pk=rule.pk) if rule else asked)}
    rows = (
        Duty.objects.filter(rule__in=rules, state=DutyState.OPEN, first_submitted_at=None)
        .order_by("rule", "period", "due_on")
        .values_list("rule", "period", "due_on")
        .annotate(count=Count("pk"))
    )
    found = []
    for rule_id, code, old, count in rows:
        period = Period.parse(code)
        new = due_day(rules[rule_id], period, calendar)
        if new != old and max(old, new) >= today:
            found.append(Redating(rules[rule_id], period, old, new, count))
    return found


@transaction.atomic
def redate(changes: list[Redating], *, by: User | None, reason: str = "") -> int:
    """Move the due days of open duties after a change of the calendar or of a rule; what was reminded of stays
    reminded. One event a rule and period on the district's record. Returns how many duties moved."""
    district = Union.objects.of_tier(Tier.DISTRICT).first()
    moved = 0
    for change in changes:
        duties = Duty.objects.filter(
            rule=change.rule,
            period=change.period.code,
            due_on=change.old,
            state=DutyState.OPEN,
            first_submitted_at=None,
        )
        ids = list(duties.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
        moved += Duty.objects.filter(pk__in=ids).update(due_on=change.new)
        beyond = Q(extended_to=None) | Q(extended_to__lt=change.new)
        Duty.objects.filter(beyond, pk__in=ids).update(last_day=change.new)
        Reminder.objects.filter(
            duty__in=ids, duty__extended_to=None, counted_from=change.old, step__at_opening=False
        ).update(counted_from=change.new)
        if district and ids:
            data = {"period": change.period.code, "count": len(ids)}
            data["changes"] = {"due_on": [change.old.isoformat(), change.new.isoformat()]}
            Event.objects.create(
                union=district, action="rule.redate", model="unions.DutyRule", object_id=change.rule.pk, by=by,
                reason=reason, data=data,
            )  # fmt: skip
    return moved
