"""Changes of rules, ladders, the calendar and settings, with the due days that follow from them.

Each change is made in a transaction together with the due days it moves. Where it moves any, the person is shown how
many first: without `confirmed` the change is undone and the answer says what it would have moved.
"""

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.utils import timezone

from unions import settingbook
from unions.models import CalendarDay, DutyRule, Event, Reminder, ReminderStep, Setting, Union, User
from unions.opening import Redating, redate, redatings
from unions.services import differences
from unions.settingbook import Value
from unions.workflow import Conflict, demand_unchanged

RULE_FIELDS = (
    "name_zh", "name_en", "clause", "basis", "kinds", "opens_after", "due_after", "in_workdays", "correction_days", "first_period",
    "is_active",
)  # fmt: skip
Step = tuple[int, str, bool]  # offset, audience, at_opening


def _record(action: str, obj, *, by: User, data: dict) -> None:
    """Rules, calendar and settings are the district's; so are the events about them."""
    district = Union.objects.district()
    Event.objects.create(union=district, action=action, model=obj._meta.label, object_id=obj.pk, by=by, data=data)


def _with_due_days(change: Callable[[], None], rule: DutyRule | None, *, by: User, confirmed: bool) -> list[Redating]:
    """Make the change and move the due days; when they would move and nobody has confirmed it, make nothing and
    return what would move."""
    with transaction.atomic():
        change()
        moves = redatings(rule)
        if moves and not confirmed:
            transaction.set_rollback(True)
            return moves
        redate(moves, by=by)
    return []


def edit_rule(
    rule: DutyRule, values: dict, steps: set[Step], *, by: User, revision: int, confirmed: bool = False
) -> list[Redating]:
    """Change a rule and its ladder. Returns the due days that would move, as long as they are not confirmed."""

    def change() -> None:
        current = DutyRule.objects.select_for_update().get(pk=rule.pk)
        demand_unchanged(current, revision)
        changes = differences({name: getattr(current, name) for name in RULE_FIELDS}, values)
        for name, value in values.items():
            setattr(current, name, value)
        changes |= set_ladder(current, steps)
        if not changes:
            return
        current.revision += 1
        current.full_clean()
        current.save()
        _record("rule.edit", current, by=by, data={"changes": changes})

    return _with_due_days(change, rule, by=by, confirmed=confirmed)


def ladder_of(rule: DutyRule) -> set[Step]:
    return set(rule.steps.filter(is_active=True).values_list("offset", "audience", "at_opening"))


def set_ladder(rule: DutyRule, steps: set[Step]) -> dict[str, list]:
    """The steps in force become exactly these; a step that was ever taken is kept, out of force."""
    before = ladder_of(rule)
    if before == steps:
        return {}
    for offset, audience, at_opening in steps - before:
        rule.steps.update_or_create(
            offset=offset, audience=audience, at_opening=at_opening, defaults={"is_active": True}
        )
    for offset, audience, at_opening in before - steps:
        step = ReminderStep.objects.get(rule=rule, offset=offset, audience=audience, at_opening=at_opening)
        if Reminder.objects.filter(step=step).exists():
            step.is_active = False
            step.save(update_fields=["is_active"])
        else:
            step.delete()
    return {"steps": [_written(before), _written(steps)]}


def _written(steps: set[Step]) -> list[str]:
    return [f"{audience} {'open' if opening else f'{offset:+d}'}" for offset, audience, opening in sorted(steps)]


def save_day(day: CalendarDay, *, by: User, confirmed: bool = False) -> list[Redating]:
    """Enter or change a day off or a make-up working day."""
    is_new = day.pk is None

    def change() -> None:
        if is_new:
            day.pk = None
        day.save()
        data = {"day": day.day.isoformat(), "is_workday": day.is_workday, "name": day.name}
        _record("calendar.add" if is_new else "calendar.edit", day, by=by, data=data)

    return _with_due_days(change, None, by=by, confirmed=confirmed)


def remove_day(day: CalendarDay, *, by: User, confirmed: bool = False) -> list[Redating]:
    """Take a day of one's own back; the published calendar holds again."""

    def change() -> None:
        _record("calendar.remove", day, by=by, data={"day": day.day.isoformat(), "name": day.name})
        CalendarDay.objects.filter(pk=day.pk).delete()

    return _with_due_days(change, None, by=by, confirmed=confirmed)


def move_due_days(*, by: User) -> int:
    """Bring the due days of open duties in line with rules and calendar, after the published calendar has changed."""
    with transaction.atomic():
        return redate(redatings(), by=by)


def _demand_unchanged(key: str, seen: int) -> None:
    settingbook.forget()
    if settingbook.revision(key) != seen:
        raise Conflict(settingbook.in_force(key))


def _for_the_district() -> Union:
    """The district, locked: one person at a time changes a setting."""
    return Union.objects.select_for_update(of=("self",), no_key=True).district()


@transaction.atomic
def edit_setting(key: str, value: Value, *, basis: str, effective_from: date, by: User, seen: int) -> None:
    """The district sets a value from a day on; earlier days keep theirs."""
    definition = settingbook.definitions[key]
    _for_the_district()
    _demand_unchanged(key, seen)
    row = settingbook.in_force(key, effective_from)
    old = {"value": definition.stored(definition.default), "basis": definition.basis}
    if row:
        old = {"value": row.value, "basis": row.basis}
    changes = differences(old, {"value": definition.stored(value), "basis": basis})
    if not changes:
        return
    Setting.objects.filter(key=key, effective_from=effective_from).delete()
    made = Setting.objects.create(key=key, value=definition.stored(value), basis=basis, effective_from=effective_from)
    settingbook.forget()
    changes["effective_from"] = ["", effective_from.isoformat()]
    _record("setting.edit", made, by=by, data={"key": key, "changes": changes})


@transaction.atomic
def reset_setting(key: str, *, by: User, seen: int) -> None:
    """From today on the portal's default holds again; what was set for days gone by stays theirs."""
    definition, today = settingbook.definitions[key], timezone.localdate()
    _for_the_district()
    _demand_unchanged(key, seen)
    if not settingbook.is_changed(key):
        return
    default = definition.stored(definition.default)
    changes = differences({"value": definition.stored(settingbook.setting(key))}, {"value": default})
    Setting.objects.filter(key=key, effective_from__gte=today).delete()
    made = Setting.objects.create(key=key, value=default, basis=definition.basis, effective_from=today)
    settingbook.forget()
    _record("setting.reset", made, by=by, data={"key": key, "changes": changes})
