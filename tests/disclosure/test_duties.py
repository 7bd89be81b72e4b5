"""The duties of funds and disclosure: opened in bulk, fulfilled by what stands in other tables, shown and reminded of."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from disclosure import bulletins, duties
from disclosure.bulletin_moves import take
from disclosure.duty_seeds import BUDGET, FUNDS
from disclosure.models import Budget
from disclosure.models.budgets import EXECUTION
from tests.factories import budgets as made
from tests.factories.duties import make_duty
from unions.calendar import WorkCalendar
from unions.enums import DutyState, Timeliness
from unions.kit.periods import Period
from unions.models import Duty, DutyRule, DutyTotal
from unions.opening import due_day, open_due
from unions.workflow import perform

pytestmark = pytest.mark.django_db
S, T = DutyState, Timeliness


def at(year: int, month: int, day: int):
    return time_machine.travel(datetime.datetime(year, month, day, 2, tzinfo=datetime.UTC), tick=True)


def rule(key: str) -> DutyRule:
    return DutyRule.objects.get(key=key)


def duty(key: str, union, period: str) -> Duty:
    return Duty.objects.get(rule__key=key, union=union, period=period)


def stands(one: Duty) -> tuple[str, str]:
    one.refresh_from_db()
    return one.state, one.timeliness


def publish(union, source: str, pk: int, by):
    bulletin = bulletins.write_from(union, source, pk, by=by)
    for step in ("submit", "check", "approve"):
        bulletin = take(bulletin, step, by=by)
    return bulletin


# --- the budget ----------------------------------------------------------------------------------------------------


def test_the_budget_of_next_year_is_owed_from_october_and_due_by_the_end_of_january(
    world, django_assert_max_num_queries
):
    with at(2026, 9, 29):
        assert open_due(rule(BUDGET)) == 0
    with at(2026, 10, 2), django_assert_max_num_queries(25):
        assert open_due(rule(BUDGET)) == Duty.objects.filter(rule__key=BUDGET, period="2027").count() > 5
    assert duty(BUDGET, world.factory, "2027").due_on == datetime.date(2027, 2, 1), "31 January is a Sunday"


def test_filing_the_budget_submits_the_duty_a_return_demands_it_again_and_acceptance_fulfils_it(world, sign_in):
    with at(2026, 11, 20):
        open_due(rule(BUDGET))
        owed = duty(BUDGET, world.factory, "2027")
        client, way = sign_in(world.chair), reverse("disclosure:duty-way", args=[owed.pk])
        home = client.get(reverse("unions:home")).content.decode()
        assert "2027年度预算" in home and way in home
        assert client.get(way).url == reverse("disclosure:budget-add", args=[world.factory.pk])
        budget = made.filed(made.written(world.factory, world.chair, 2027), world.chair)
        assert stands(owed) == (S.SUBMITTED, T.ON_TIME)
        assert client.get(way).url == reverse("disclosure:budget", args=[budget.pk])
        perform(budget, "return", by=world.reviewer, reason="职工活动支出偏低")
        assert stands(owed) == (S.RETURNED, T.ON_TIME) and owed.return_count == 1
        assert "预算：已退回" in client.get(reverse("unions:home")).content.decode()
        page = client.get(reverse("disclosure:budget", args=[budget.pk])).content.decode()
        assert reverse("unions:duty", args=[owed.pk]) in page, "from the budget back to its duty"
    with at(2027, 2, 10):
        made.accepted(budget, world.chair, world.reviewer)
        assert stands(owed) == (S.FULFILLED, T.ON_TIME), "the first filing decides whether it was in time"
    total = DutyTotal.objects.get(rule__key=BUDGET, period="2027", union=world.wangjing)
    assert (total.submitted, total.on_time, total.accepted) == (1, 1, 1)
    assert sign_in(world.leader).get(way).url == reverse("disclosure:budget", args=[budget.pk])
    assert sign_in(world.stranger).get(way).status_code == 404


def test_what_was_filed_before_the_duty_opened_is_found_by_the_clock_and_by_no_page(world, sign_in):
    with at(2027, 2, 10):
        made.in_force(world.factory, world.chair, 2027)
        late = make_duty(rule(BUDGET), world.factory, "2027", due=datetime.date(2027, 2, 1))
        exempt = make_duty(rule(BUDGET), world.hotel, "2027", state=S.WAIVED)
        made.in_force(world.hotel, world.neighbour, 2027)
        client = sign_in(world.chair)
        client.get(reverse("disclosure:duty-way", args=[late.pk]))
        client.get(reverse("unions:duty", args=[late.pk]))
        assert stands(late) == (S.OPEN, T.NONE)
        open_due(rule(BUDGET))
        assert stands(late) == (S.FULFILLED, T.LATE) and stands(exempt) == (S.WAIVED, T.NONE)
        assert duties.settle_budgets(rule(BUDGET)) == 0, "safe to repeat"
    assert DutyTotal.objects.get(rule__key=BUDGET, period="2027", union=world.wangjing).accepted == 1


# --- the half-year -------------------------------------------------------------------------------------------------


@pytest.fixture
def january(world):
    """The second half of 2026 is over."""
    with at(2027, 1, 6):
        yield


def test_a_half_year_is_due_so_many_working_days_after_it(world, january):
    found, calendar = rule(FUNDS), WorkCalendar()
    assert found.current_period(datetime.date(2026, 12, 31)) == Period(2026, half=1)
    open_due(found)
    one = duty(FUNDS, world.factory, "2026H2")
    assert (
        one.due_on == calendar.shift(datetime.date(2026, 12, 31), 10) == due_day(found, Period(2026, half=2), calendar)
    )
    assert one.title == "2026年下半年经费收支公开"


def test_publishing_the_execution_fulfils_the_half_year_and_withdrawing_it_demands_it_again(world, sign_in, january):
    open_due(rule(FUNDS))
    owed = duty(FUNDS, world.factory, "2026H2")
    way = reverse("disclosure:duty-way", args=[owed.pk])
    assert "item=" in sign_in(world.chair).get(way).url, "without a budget in the portal a bulletin is written by hand"
    budget = made.in_force(world.factory, world.chair, 2026)
    assert sign_in(world.chair).get(way).url.startswith(reverse("disclosure:budget", args=[budget.pk]))
    publish(world.factory, EXECUTION, made.submitted(budget, world.chair).pk, world.chair)
    assert stands(owed) == (S.OPEN, T.NONE), "the first half-year is another"
    execution = made.submitted(budget, world.chair, until=datetime.date(2026, 12, 31), income="20000", expense="15000")
    assert "尚未公开" in sign_in(world.chair).get(reverse("unions:home")).content.decode()
    bulletin = publish(world.factory, EXECUTION, execution.pk, world.chair)
    assert stands(owed) == (S.FULFILLED, T.ON_TIME)
    assert sign_in(world.chair).get(way).url == reverse("disclosure:bulletin", args=[bulletin.pk])
    with at(2027, 3, 1):
        take(bulletin, "withdraw", by=world.chair, reason="附表数据有误")
        assert stands(owed) == (S.OPEN, T.ON_TIME) and owed.fulfilled_at is None
        page = sign_in(world.reviewer).get(reverse("unions:duty", args=[owed.pk])).content.decode()
        assert "附表数据有误" in page
        publish(world.factory, EXECUTION, execution.pk, world.chair)
        assert stands(owed) == (S.FULFILLED, T.ON_TIME), "a correction is no late publication"


def test_one_that_asks_for_a_half_year_reminds_and_the_budget_does_not_do_so_twice(world, sign_in, january):
    made.in_force(world.factory, world.chair, 2026)
    Budget.objects.update(owed_on=datetime.date(2026, 12, 31), due_on=datetime.date(2027, 1, 15))
    home = sign_in(world.chair).get(reverse("unions:home")).content.decode()
    assert "2026年度预算执行情况" in home
    open_due(rule(FUNDS))
    home = sign_in(world.chair).get(reverse("unions:home")).content.decode()
    assert "2026年度预算执行情况" not in home and "2026年下半年经费收支公开" in home
