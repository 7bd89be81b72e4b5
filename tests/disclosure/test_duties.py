"""The duties of funds and disclosure: opened in bulk, fulfilled by what stands in other tables, shown and reminded of."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from disclosure import bulletins, duties
from disclosure.annual_publishing import PART, WHOLE
from disclosure.bulletin_moves import take
from disclosure.catalogue import keep
from disclosure.duty_seeds import ANNUAL_SET, AUDIT_PLAN, BUDGET, FUNDS
from disclosure.models import AnnualReport, Budget, CatalogueItem
from disclosure.models.budgets import EXECUTION
from tests.factories import annual as reports
from tests.factories import budgets as made
from tests.factories import bulletins as made_bulletins
from tests.factories import fund_audits as audits
from tests.factories.duties import make_duty
from unions.calendar import WorkCalendar
from unions.enums import DutyState, Tier, Timeliness
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


# --- the catalogue -------------------------------------------------------------------------------------------------


@pytest.fixture
def july(world):
    with at(2026, 7, 6):
        yield


def item_form(item: CatalogueItem, **given) -> dict:
    names = ("tier", "name_zh", "name_en", "readers", "cadence", "workdays", "basis", "order")
    return {**{name: getattr(item, name) for name in names}, "category": item.category_id, "is_active": "on", **given}


def test_what_has_a_rhythm_in_the_catalogue_is_a_duty_of_the_tiers_that_have_it_and_follows_it(world, sign_in, july):
    named = {
        item.name_zh: item.rule and item.rule.key
        for item in CatalogueItem.objects.filter(tier=3).select_related("rule")
    }
    assert (named["经费收支情况"], named["年度工作报告"], named["工会主席述职报告"]) == (FUNDS, ANNUAL_SET, ANNUAL_SET)
    assert named["民主评议结果"] == "appraisal", "published on the way to its approval"
    assert named["困难帮扶（不公开个人信息）"] is None, "as it occurs"
    client = sign_in(world.officer)
    item = CatalogueItem.objects.get(tier=3, name_zh="服务职工项目和办理方法")
    address = reverse("disclosure:catalogue-edit", args=[item.pk])
    assert client.post(address, item_form(item, cadence="half", workdays=7)).status_code == 302
    item.refresh_from_db()
    assert (item.rule.rhythm, item.rule.due_after, item.rule.first_period) == ("half", 7, "2026H2")
    assert set(item.rule.kinds) == {str(kind) for kind in Tier.GRASSROOTS.kinds}
    assert item.rule.name in client.get(reverse("disclosure:catalogue"), {"tier": 3}).content.decode()
    street = CatalogueItem.objects.get(tier=2, name_zh=item.name_zh)
    client.post(reverse("disclosure:catalogue-edit", args=[street.pk]), item_form(street, cadence="half", workdays=7))
    street.refresh_from_db()
    assert street.rule == item.rule and "street" in street.rule.kinds, "one duty for all tiers"
    client.post(address, item_form(item, cadence="half", workdays=12))
    assert DutyRule.objects.get(pk=item.rule_id).due_after == 12
    client.post(address, item_form(item, cadence="occurs", workdays=12))
    found = DutyRule.objects.get(pk=item.rule_id)
    assert "street" in found.kinds and "unit" not in found.kinds and found.is_active
    client.post(
        reverse("disclosure:catalogue-edit", args=[street.pk]), item_form(street, cadence="half", is_active="")
    )
    assert not DutyRule.objects.get(pk=item.rule_id).is_active, "nothing in the catalogue asks for it any more"
    assert sign_in(world.chair).post(address, item_form(item)).status_code == 403


def test_a_bulletin_of_the_item_fulfils_its_period_by_the_day_of_the_matter(world, sign_in, january):
    item = made_bulletins.item_of(world.factory, "aid")
    keep_half(item, world.officer)
    open_due(item.rule)
    for period in ("2026H2", "2027H1"):
        if not Duty.objects.filter(rule=item.rule, union=world.hotel, period=period).exists():
            make_duty(item.rule, world.hotel, period)
    owed, later = duty(item.rule.key, world.hotel, "2026H2"), duty(item.rule.key, world.hotel, "2027H1")
    made_bulletins.approved(world.hotel, world.neighbour, category="aid")
    assert (stands(owed)[0], stands(later)[0]) == (S.OPEN, S.FULFILLED), "the matter is of January"
    made_bulletins.approved(world.hotel, world.neighbour, category="aid", occurred_on=datetime.date(2026, 11, 3))
    assert stands(owed) == (S.FULFILLED, T.ON_TIME)


def keep_half(item: CatalogueItem, by) -> None:
    item.cadence = "half"
    with at(2026, 8, 1):
        keep(item, is_new=False, by=by)


def test_what_was_published_before_is_found_in_a_few_statements_for_any_number(
    world, january, django_assert_max_num_queries
):
    made_bulletins.approved(world.factory, world.chair, category="accounts", occurred_on=datetime.date(2026, 12, 30))
    made_bulletins.approved(world.hotel, world.neighbour, category="accounts", occurred_on=datetime.date(2026, 12, 30))
    with django_assert_max_num_queries(45):
        open_due(rule(FUNDS))
    assert (
        stands(duty(FUNDS, world.factory, "2026H2"))
        == stands(duty(FUNDS, world.hotel, "2026H2"))
        == (S.FULFILLED, T.ON_TIME)
    )
    assert stands(duty(FUNDS, world.bank, "2026H2")) == (S.OPEN, T.NONE)
    total = DutyTotal.objects.get(rule__key=FUNDS, period="2026H2", union=world.wangjing)
    assert (total.accepted, total.on_time) == (2, 2)


# --- the annual set and the plan of audits -------------------------------------------------------------------------


def test_the_annual_set_is_done_when_its_last_part_is_published(world, sign_in):
    with at(2027, 1, 6):
        open_due(rule(ANNUAL_SET))
        owed = duty(ANNUAL_SET, world.factory, "2026")
        assert owed.due_on == datetime.date(2027, 4, 14)
    with at(2027, 2, 25):
        report = reports.accepted(world.factory, world.chair, world.reviewer)
        AnnualReport.objects.filter(pk=report.pk).update(heard_on=datetime.date(2027, 2, 24))
        first, *others = report.sections.order_by("part__number")
        publish(world.factory, PART, first.pk, world.chair)
        assert stands(owed) == (S.OPEN, T.NONE)
        assert "4件已公开1件" in sign_in(world.chair).get(reverse("unions:home")).content.decode()
        for section in others:
            last = publish(world.factory, PART, section.pk, world.chair)
        assert stands(owed) == (S.FULFILLED, T.ON_TIME)
        take(last, "withdraw", by=world.chair, reason="数字有误")
        assert stands(owed)[0] == S.OPEN
        Duty.objects.filter(pk=owed.pk).update(first_submitted_at=None, timeliness="")
        assert duties.settle_sets(owed.rule) == 0
        publish(world.factory, WHOLE, report.pk, world.chair)
        assert stands(owed) == (S.FULFILLED, T.ON_TIME)
        way = reverse("disclosure:duty-way", args=[owed.pk])
        assert sign_in(world.reviewer).get(way).url == reverse("disclosure:annual", args=[report.pk])


def test_whoever_audits_plans_the_year_by_the_end_of_march(world, sign_in):
    with at(2027, 1, 6):
        open_due(rule(AUDIT_PLAN))
        kinds = set(Duty.objects.filter(rule__key=AUDIT_PLAN).values_list("union__kind", flat=True))
        assert "district" in kinds and not kinds & {str(kind) for kind in Tier.GRASSROOTS.kinds}
        owed, districts = duty(AUDIT_PLAN, world.wangjing, "2027"), duty(AUDIT_PLAN, world.district, "2027")
        assert owed.due_on == datetime.date(2027, 3, 31)
        audits.planned(world.factory, world.street_staff)
        assert stands(owed) == (S.FULFILLED, T.ON_TIME) and stands(districts) == (S.OPEN, T.NONE)
        Duty.objects.filter(pk=owed.pk).update(state="open", first_submitted_at=None, fulfilled_at=None, timeliness="")
        assert duties.settle_plans(owed.rule) == 1 and stands(owed)[0] == S.FULFILLED


# --- rates ---------------------------------------------------------------------------------------------------------


def test_the_first_tab_shows_the_rates_of_funds_and_disclosure_with_their_rows(world, sign_in):
    with at(2026, 11, 20):
        open_due(rule(BUDGET))
        made.accepted(made.written(world.factory, world.chair, 2027), world.chair, world.reviewer)
        for user, union in ((world.leader, world.district), (world.street_chair, world.wangjing)):
            client = sign_in(user)
            answer = client.get(reverse("unions:union", args=[union.pk]))
            (card,) = [
                one for one in answer.context["cards"]["side"] if one["template"] == "disclosure/cards/rates.html"
            ]
            line, coverage = card["lines"]
            assert (line["title"], line["done"]) == ("2027年度预算", 1) and line["expected"] > 1
            assert client.get(line["done_href"]).context["page"].paginator.count == 1
            by_union = client.get(reverse("unions:union", args=[union.pk]) + line["href"].partition("#")[0])
            assert by_union.context["board"].rule.key == BUDGET, "by middle-tier union or union"
            assert client.get(coverage["done_href"]).context["page"].paginator.count == coverage["done"]
            assert client.get(reverse("unions:union", args=[union.pk]), {"export": "xlsx"}).status_code == 200
