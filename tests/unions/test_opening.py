import datetime
import threading

import pytest
from django.core.management import call_command
from django.db import connection

from tests.factories.duties import make_rule
from tests.factories.unions import DistrictWorld, UnionFactory
from unions import clock, opening
from unions.enums import JobState, Rhythm, UnionKind, UnionState
from unions.kit.periods import Period
from unions.models import Duty, DutyTotal, Run

pytestmark = pytest.mark.usefixtures("own_rules_only")
day = datetime.date
TODAY = day(2026, 10, 2)


def codes(periods):
    return [period.code for period in periods]


def test_a_period_freezes_one_duty_for_every_active_union_of_its_kinds(world):
    rule = make_rule()
    UnionFactory(parent=world.wangjing, founded_on=day(2026, 9, 30))
    late = UnionFactory(parent=world.wangjing, founded_on=day(2026, 10, 1))
    gone = UnionFactory(parent=world.wangjing, state=UnionState.DISSOLVED, closed_on=day(2026, 5, 1))
    assert opening.open_due(rule, TODAY) == 4
    duties = Duty.objects.all()
    assert not duties.filter(union__in=[late, gone, world.wangjing, world.district]).exists()
    duty = duties.get(union=world.factory)
    assert (duty.period, duty.opens_on, duty.due_on, duty.last_day) == ("2026Q3", day(2026, 10, 1), day(2026, 10, 10), day(2026, 10, 10))  # fmt: skip
    assert (duty.members, duty.middle) == (242, world.wangjing)
    assert DutyTotal.objects.get(union=world.wangjing).expected == 3
    assert DutyTotal.objects.get(union=world.district).expected == 4


def test_opening_twice_does_nothing_more_and_a_new_union_waits_for_the_next_period(world):
    rule = make_rule()
    assert opening.open_due(rule, TODAY) == 3
    UnionFactory(parent=world.wangjing)
    assert opening.open_due(rule, TODAY) == 0
    assert opening.open_period(rule, Period(2026, 3)) is None
    assert Duty.objects.count() == 3
    assert opening.open_due(rule, day(2027, 1, 1)) == 4


@pytest.mark.parametrize(
    ("today", "expected"),
    [(day(2026, 9, 30), "2026Q2"), (day(2026, 10, 1), "2026Q3"), (day(2026, 12, 31), "2026Q3"), (day(2027, 1, 1), "2026Q4")],
)  # fmt: skip
def test_the_period_turns_on_its_opening_day(db, today, expected):
    assert codes(opening.periods_to_open(make_rule(), today)) == [expected]


def test_a_rule_may_open_before_the_period_ends(db):
    rule = make_rule(opens_after=-10)
    assert codes(opening.periods_to_open(rule, day(2026, 9, 19))) == ["2026Q2"]
    assert codes(opening.periods_to_open(rule, day(2026, 9, 20))) == ["2026Q3"]


def test_a_yearly_rule_opens_years(world):
    rule = make_rule("annual", rhythm=Rhythm.YEAR, first_period="2024", opens_after=1, due_after=15)
    assert opening.open_due(rule, day(2026, 2, 1)) == 3
    assert set(Duty.objects.values_list("period", "due_on")) == {("2025", day(2026, 1, 15))}


def test_a_rule_seeded_today_opens_only_the_current_period_and_none_before_its_first(world):
    assert codes(opening.periods_to_open(make_rule(), TODAY)) == ["2026Q3"]
    assert opening.periods_to_open(make_rule("later", first_period="2026Q4"), TODAY) == []


def test_a_portal_without_a_roster_opens_the_current_period_once_it_has_one(db):
    rule = make_rule()
    assert opening.open_due(rule, TODAY) == 0
    assert not Run.objects.filter(task=opening.OPEN).exists(), "nobody was asked, so nothing was opened"
    DistrictWorld()
    assert opening.open_due(rule, TODAY) == 3
    assert opening.open_due(rule, TODAY) == 0


def test_periods_missed_while_the_portal_stood_still_are_opened(world):
    rule = make_rule()
    opening.open_due(rule, day(2026, 1, 5))
    assert codes(opening.periods_to_open(rule, TODAY)) == ["2026Q1", "2026Q2", "2026Q3"]
    opening.open_due(rule, TODAY)
    assert set(Duty.objects.values_list("period", flat=True)) == {"2025Q4", "2026Q1", "2026Q2", "2026Q3"}


def test_rules_for_the_middle_tier_make_duties_of_the_middle_tier(world):
    rule = make_rule("summary", kinds=[UnionKind.STREET, UnionKind.INDUSTRY])
    assert opening.open_due(rule, TODAY) == 2
    assert set(Duty.objects.values_list("union", flat=True)) == {world.wangjing.pk, world.jianwai.pk}


def test_opening_costs_the_same_for_few_and_many_unions(
    world, django_assert_num_queries, django_assert_max_num_queries
):
    rule, calendar = make_rule(), opening.WorkCalendar()
    with django_assert_max_num_queries(16) as few:
        opening.open_period(rule, Period(2026, 1), calendar=calendar)
    UnionFactory.create_batch(30, parent=world.wangjing)
    with django_assert_num_queries(len(few)):
        opening.open_period(rule, Period(2026, 2), calendar=calendar)


@pytest.mark.django_db(transaction=True)
def test_two_machines_open_a_period_once():
    from tests.factories.unions import DistrictWorld

    DistrictWorld()
    rule, results, barrier = make_rule(), [], threading.Barrier(2)

    def open_it():
        barrier.wait()
        try:
            results.append(opening.open_period(rule, Period(2026, 3)))
        finally:
            connection.close()

    threads = [threading.Thread(target=open_it) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results, key=str) == [3, None]
    assert Duty.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_clocks_do_one_round_of_a_slot():
    from tests.factories.unions import DistrictWorld

    DistrictWorld()
    make_rule()
    now = datetime.datetime(2026, 10, 9, 1, 5, tzinfo=datetime.UTC)
    results, barrier = [], threading.Barrier(2)

    def knock():
        barrier.wait()
        try:
            results.append(clock.run_round(now))
        finally:
            connection.close()

    threads = [threading.Thread(target=knock) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(run is not None for run in results) == 1
    assert Run.objects.filter(task=clock.ROUND).count() == 1
    assert clock.run_round(now) is None, "the slot is done"
    assert clock.run_round(now + datetime.timedelta(minutes=10)) is not None


def test_a_round_that_died_is_done_again_and_an_older_one_is_marked(world):
    make_rule()
    now = datetime.datetime(2026, 10, 9, 1, 5, tzinfo=datetime.UTC)
    Run.objects.create(task=clock.ROUND, slot="2026-10-09T08:50")
    Run.objects.create(task=clock.ROUND, slot=clock.slot_of(now))
    run = clock.run_round(now)
    assert (run.state, run.counts["opened"]) == (JobState.DONE, 3)
    assert Run.objects.get(slot="2026-10-09T08:50").state == JobState.FAILED


def test_one_rules_fault_does_not_silence_the_others(world, monkeypatch):
    make_rule("a-broken", name_zh="坏规则")
    make_rule("good")
    real = opening.open_due

    def broken(rule, *args, **kwargs):
        if rule.key == "a-broken":
            raise ZeroDivisionError("no rhythm")
        return real(rule, *args, **kwargs)

    monkeypatch.setattr(opening, "open_due", broken)
    run = clock.run_round(datetime.datetime(2026, 10, 9, 1, 5, tzinfo=datetime.UTC))
    assert run.state == JobState.FAILED
    assert "坏规则: ZeroDivisionError: no rhythm" in run.error
    assert run.counts["opened"] == 3


def test_the_command_may_be_repeated(world, capsys):
    make_rule()
    call_command("open_duties")
    call_command("open_duties")
    first, second = capsys.readouterr().out.splitlines()
    assert '"quarter": 3' in first
    assert '"quarter": 0' in second
