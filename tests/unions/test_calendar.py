import datetime

import pytest

from tests.factories.duties import make_duty, make_rule
from unions import rulebook
from unions.calendar import WorkCalendar
from unions.enums import Audience, DutyState, Timeliness
from unions.kit.periods import Period
from unions.models import CalendarDay, Event, Reminder
from unions.opening import due_day, redatings

pytestmark = pytest.mark.django_db
day = datetime.date

# domain: due day the 10th; the State Council's published days off, 2027 not yet published
DUE = {
    2015: (12, 10, 10, 10), 2016: (11, 11, 11, 10), 2020: (10, 10, 10, 10), 2021: (11, 12, 12, 11),
    2022: (10, 11, 11, 10), 2024: (10, 10, 10, 10), 2025: (10, 10, 10, 10), 2026: (12, 10, 10, 10), 2027: (11, 12, 12, 11),
}  # fmt: skip


@pytest.mark.parametrize(("year", "days"), DUE.items())
def test_the_tenth_moves_to_the_next_working_day(year, days):
    rule, calendar = make_rule(), WorkCalendar()
    for quarter, expected in zip((4, 1, 2, 3), days, strict=True):
        period = Period(year - 1 if quarter == 4 else year, quarter)
        month = quarter % 4 * 3 + 1
        assert due_day(rule, period, calendar) == day(year, month, expected), (year, quarter)


def test_the_fund_day_moves_over_spring_festival():
    calendar = WorkCalendar()
    assert calendar.on_or_after(day(2024, 2, 15)) == day(2024, 2, 18)
    assert calendar.on_or_after(day(2026, 2, 15)) == day(2026, 2, 24)


def test_an_unpublished_year_says_so_and_counts_weekdays():
    calendar = WorkCalendar()
    assert calendar.is_published(2026)
    assert not calendar.is_published(2027)
    assert calendar.is_workday(day(2027, 10, 1))


def test_the_districts_own_day_wins_over_the_published_one():
    CalendarDay.objects.create(day=day(2026, 10, 10), is_workday=False)
    assert WorkCalendar().on_or_after(day(2026, 10, 10)) == day(2026, 10, 12)


def test_a_day_off_moves_open_duties_and_leaves_what_is_over(world, time_machine):
    time_machine.move_to("2026-10-08T10:00:00+08:00", tick=False)
    rule = make_rule()
    due = day(2026, 10, 10)
    never = make_duty(rule, world.factory, due=due)
    extended = make_duty(rule, world.hotel, due=due, extended_to=day(2026, 10, 20), last_day=day(2026, 10, 20))
    at = datetime.datetime(2026, 10, 7, tzinfo=datetime.UTC)
    filed = make_duty(rule, world.bank, due=due, first_submitted_at=at, timeliness=Timeliness.ON_TIME, state=DutyState.SUBMITTED)  # fmt: skip
    old = make_duty(rule, world.factory, "2026Q2", due=day(2026, 7, 9))
    Reminder.objects.create(duty=never, step=rule.steps.get(offset=-3), counted_from=due, fired_on=day(2026, 9, 30))

    holiday = CalendarDay(day=due, is_workday=False, name="补休")
    moves = rulebook.save_day(holiday, by=world.officer)
    assert [(m.period.code, m.old, m.new, m.count) for m in moves] == [("2026Q3", due, day(2026, 10, 12), 2)]
    assert not CalendarDay.objects.exists(), "nothing happens before somebody confirms"

    assert rulebook.save_day(holiday, by=world.officer, confirmed=True) == []
    for duty in (never, extended, filed, old):
        duty.refresh_from_db()
    assert (never.due_on, never.last_day) == (day(2026, 10, 12), day(2026, 10, 12))
    assert (extended.due_on, extended.last_day) == (day(2026, 10, 12), day(2026, 10, 20))
    assert filed.due_on == due, "what has been submitted keeps its day"
    assert old.due_on == day(2026, 7, 9), "a deadline that is over stays what it was"
    assert Reminder.objects.get().counted_from == never.last_day, "what was reminded of stays reminded"
    event = Event.objects.get(action="rule.redate")
    assert event.data["changes"] == {"due_on": ["2026-10-10", "2026-10-12"]}
    assert event.by == world.officer
    assert redatings() == []

    assert rulebook.remove_day(CalendarDay.objects.get(), by=world.officer)
    rulebook.remove_day(CalendarDay.objects.get(), by=world.officer, confirmed=True)
    never.refresh_from_db()
    assert never.due_on == due


def test_a_rule_changed_moves_what_is_open_and_keeps_taken_steps(world, time_machine):
    time_machine.move_to("2026-10-08T10:00:00+08:00", tick=False)
    rule = make_rule()
    duty = make_duty(rule, world.factory, due=day(2026, 10, 10))
    taken = rule.steps.get(offset=-3)
    Reminder.objects.create(duty=duty, step=taken, counted_from=duty.last_day, fired_on=day(2026, 9, 30))
    values = {name: getattr(rule, name) for name in rulebook.RULE_FIELDS} | {"due_after": 15}
    steps = rulebook.ladder_of(rule) - {(-3, Audience.FILLER, False), (10, Audience.BOARD, False)}
    steps |= {(-2, Audience.FILLER, False)}
    assert rulebook.edit_rule(rule, values, steps, by=world.officer, revision=1)
    assert rulebook.ladder_of(rule) != steps
    assert rulebook.edit_rule(rule, values, steps, by=world.officer, revision=1, confirmed=True) == []
    duty.refresh_from_db()
    assert duty.last_day == day(2026, 10, 15)
    assert rulebook.ladder_of(rule) == steps
    taken.refresh_from_db()
    assert not taken.is_active, "a step that was taken stays on record"
    assert not rule.steps.filter(audience=Audience.BOARD).exists()
