"""The execution of a budget: entered by half-year or quarter, judged by the budget in force, published, reminded of."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from disclosure import budget_clock, budget_executions, budgets, bulletins
from disclosure.budget_executions import Ledger
from disclosure.budget_words import bar
from disclosure.bulletin_moves import take
from disclosure.models import Budget, Execution
from disclosure.models.budgets import EXECUTION
from tests.factories import annual as reports
from tests.factories import budgets as made
from tests.factories.disclosure import accepted as accepted_return
from tests.factories.disclosure import history
from tests.factories.meetings import closed
from unions.calendar import WorkCalendar
from unions.models import Notice, Setting
from unions.workflow import Invalid, MoveError, NotAllowed, perform

pytestmark = pytest.mark.django_db
JUNE, DECEMBER = datetime.date(2026, 6, 30), datetime.date(2026, 12, 31)


def at(day: datetime.date):
    return time_machine.travel(datetime.datetime.combine(day, datetime.time(2), tzinfo=datetime.UTC), tick=True)


@pytest.fixture(autouse=True)
def in_july():
    with at(datetime.date(2026, 7, 6)):
        yield


@pytest.fixture
def budget(world):
    return made.in_force(world.factory, world.chair)


def url(name, *args):
    return reverse(f"disclosure:{name}", args=args)


def set_to(key: str, value) -> None:
    Setting.objects.create(key=key, value=value, effective_from=datetime.date(2020, 1, 1), basis="区级规定")


def head(budget: Budget, name: str) -> str:
    return f"a.{budget.sheet.heads.get(name=name).pk}"


# --- entering ------------------------------------------------------------------------------------------------------


def test_it_is_entered_by_half_year_once_the_period_is_over_and_by_quarter_where_the_district_says_so(world, budget):
    assert budget_executions.open_ends(budget) == [JUNE]
    with pytest.raises(Invalid):
        budget_executions.begin(budget, DECEMBER, by=world.chair)
    set_to("budget-rhythm", 4)
    assert budget_executions.open_ends(budget) == [datetime.date(2026, 3, 31), JUNE]


def test_only_an_adopted_budget_is_executed(world):
    draft = made.written(world.factory, world.chair)
    with pytest.raises(MoveError, match="审议通过后"):
        budget_executions.begin(draft, JUNE, by=world.chair)


def test_each_head_stands_against_its_budget_with_numerator_and_denominator(world, budget, sign_in):
    execution = made.submitted(budget, world.chair)
    page = sign_in(world.reviewer).get(url("execution", execution.pk)).content.decode()
    assert "7,000" in page and "15,000.5" in page and "46.7%" in page and "<meter" in page
    overview = sign_in(world.chair).get(url("budget", budget.pk)).content.decode()
    assert "7,000/15,000.50" in overview and "截至2026" in overview


def test_the_figures_of_the_period_before_stand_beside_those_of_this_one(world, budget, sign_in):
    made.submitted(budget, world.chair)
    with at(datetime.date(2027, 1, 8)):
        later = made.entered(budget, world.chair, DECEMBER, income="20000", expense="15000")
        page = sign_in(world.chair).get(url("execution-edit", later.pk)).content.decode()
    assert "7,000" in page and "10,000" in page


def test_an_amount_that_cannot_be_read_is_named_and_a_stale_page_refused(world, budget, sign_in):
    execution = made.entered(budget, world.chair)
    client, field = sign_in(world.clerk), head(budget, "职工活动支出")
    given = {field: "约五千", "revision": execution.revision}
    answer = client.post(url("execution-edit", execution.pk), given)
    assert answer.status_code == 422 and "“约五千”不是金额" in answer.content.decode()
    assert client.post(url("execution-edit", execution.pk), {field: "5", "revision": 1}).status_code == 409


# --- what blocks ---------------------------------------------------------------------------------------------------


def test_a_head_over_its_budget_by_more_than_the_limit_blocks_until_an_adjustment_is_adopted(world, budget):
    field = head(budget, "职工活动支出")
    execution = made.entered(budget, world.chair, income="20000", expense="16500.55")
    assert Ledger(execution).wrong == {} and Ledger(execution).tone == "warn", "within ten percent"
    execution, _errors = budget_executions.save(execution, {field: "16500.56"}, None, by=world.chair)
    assert "超预算10%以上" in Ledger(execution).wrong[field]
    with pytest.raises(MoveError, match="预算调整"):
        perform(execution, "submit", by=world.chair)
    second = budgets.adjust(budget, "活动增加", by=world.chair)
    budgets.save(second, {field: "17000", "a.planned": "3000"}, by=world.chair)
    second = made.adopted(Budget.objects.get(pk=second.pk), world.chair)
    execution = perform(Execution.objects.get(pk=execution.pk), "submit", by=world.chair)
    assert (execution.state, execution.budget) == ("submitted", second)


def test_a_head_that_was_not_budgeted_is_over_it(world, budget):
    execution = made.entered(budget, world.chair)
    field = head(budget, "其他支出")
    execution, _errors = budget_executions.save(execution, {field: "1"}, None, by=world.chair)
    assert field in Ledger(execution).wrong


def test_the_limit_is_the_districts(world, budget):
    set_to("budget-overrun", 0)
    execution = made.entered(budget, world.chair, income="20000", expense="15000.51")
    assert "超预算0%以上" in "".join(Ledger(execution).wrong.values())


def test_more_than_there_is_cannot_be_spent(world, budget):
    execution = made.entered(budget, world.chair, income="1", expense="7000")
    assert "支出大于可用资金" in "".join(Ledger(execution).wrong.values())


def test_capital_expenditure_from_the_threshold_on_wants_the_committees_minutes(world, budget, sign_in):
    field = head(budget, "资本性支出")
    Budget.objects.filter(pk=budget.pk).update(
        amounts={**budget.amounts, field.removeprefix("a."): "4000", "planned": "999.50"}
    )
    set_to("budget-capital-minutes", 4000)
    execution = made.entered(budget, world.chair, income="20000")
    execution, _errors = budget_executions.save(execution, {field: "3999"}, None, by=world.chair)
    assert Ledger(execution).wrong == {}
    execution, _errors = budget_executions.save(execution, {field: "4000"}, None, by=world.chair)
    assert "会议纪要" in Ledger(execution).wrong[field]
    meeting = closed(world.factory, world.chair, kind="committee")
    client = sign_in(world.chair)
    given = {field: "4000", "meeting": meeting.pk, "revision": execution.revision}
    assert client.post(url("execution-edit", execution.pk), given).url == url("execution", execution.pk)
    assert Ledger(Execution.objects.get(pk=execution.pk)).wrong == {}
    budget_executions.save(execution, {}, None, by=world.chair)
    file = SimpleUploadedFile("纪要.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    assert client.post(url("execution-files", execution.pk), {"file": file, "note": "第5号纪要"}).status_code == 302
    ledger = Ledger(Execution.objects.get(pk=execution.pk))
    assert ledger.wrong == {}
    kept = ledger.files[0]
    assert b"".join(sign_in(world.reviewer).get(url("execution-file", execution.pk, kept.pk))).startswith(b"%PDF")
    assert sign_in(world.stranger).get(url("execution-file", execution.pk, kept.pk)).status_code == 404
    assert sign_in(world.clerk).post(url("execution-file-remove", execution.pk, kept.pk)).status_code == 302
    assert Ledger(Execution.objects.get(pk=execution.pk)).wrong != {}


def test_only_whoever_signs_submits_and_what_was_submitted_is_withdrawn_to_be_corrected(world, budget):
    execution = made.entered(budget, world.clerk)
    with pytest.raises(NotAllowed):
        perform(execution, "submit", by=world.clerk)
    execution = perform(execution, "submit", by=world.chair)
    with pytest.raises(MoveError):
        budget_executions.save(execution, {}, None, by=world.chair)
    with pytest.raises(Invalid):
        perform(execution, "withdraw", by=world.chair)
    assert perform(execution, "withdraw", by=world.chair, reason="漏记一笔").is_editable


# --- other records -------------------------------------------------------------------------------------------------


def test_where_the_accepted_returns_say_something_else_the_page_says_so_and_leads_there(world, budget, sign_in):
    accepted_return(world.factory, "2026Q1", history(world.factory, income="6000", expenditure="3000"))
    execution = made.entered(budget, world.chair)
    assert Ledger(execution).differences == [], "the second quarter is missing"
    filing = accepted_return(world.factory, "2026Q2", history(world.factory, income="5000", expenditure="4000"))
    page = sign_in(world.chair).get(url("execution", execution.pk)).content.decode()
    assert "收入：此处10,000.00元，该处11,000.00元" in page and url("return-detail", filing.pk) in page
    assert "支出：此处" not in page


def test_at_the_end_of_the_year_it_is_compared_with_the_accounts_head_by_head(world, budget):
    report = reports.written(world.factory, world.chair, 2026)
    with at(datetime.date(2027, 1, 8)):
        execution = made.entered(budget, world.chair, DECEMBER, income="20000", expense="15000")
        found = Ledger(execution).differences
    assert [one.text for one in found] == ["职工活动支出：此处15,000.00元，该处15,000.50元。"]
    assert found[0].href == url("annual", report.pk)


# --- publication ---------------------------------------------------------------------------------------------------


def publish(execution: Execution, by):
    bulletin = bulletins.write_from(execution.budget.union, EXECUTION, execution.pk, by=by)
    for step in ("submit", "check", "approve"):
        bulletin = take(bulletin, step, by=by)
    return bulletin


def test_it_is_published_as_a_table_with_drawn_bars_and_never_typed_again(world, budget, sign_in):
    execution = made.entered(budget, world.chair)
    with pytest.raises(MoveError):
        bulletins.write_from(world.factory, EXECUTION, execution.pk, by=world.chair)
    execution = perform(execution, "submit", by=world.chair)
    page = sign_in(world.chair).get(url("execution", execution.pk)).content.decode()
    assert "生成公开信息" in page
    bulletin = publish(execution, world.chair)
    assert "职工活动支出 █████░░░░░ 46.7%（7,000.00/15,000.50）" in bulletin.body
    assert bulletin.item.category.key == "accounts" and bulletin.occurred_on == JUNE
    with pytest.raises(MoveError, match="公开信息"):
        perform(execution, "withdraw", by=world.chair, reason="x")


def test_a_bar_is_as_long_as_its_share():
    assert [bar(one) for one in (None, Decimal("0.5"), Decimal("1.4"))] == [
        "░" * 10, "█" * 5 + "░" * 5, "█" * 10
    ]  # fmt: skip


def test_by_when_it_is_published_the_catalogue_says_and_after_it_the_next_period_is_owed(world, budget):
    assert (budget.owed_on, budget.due_on) == (JUNE, WorkCalendar().shift(JUNE, 10))
    publish(made.submitted(budget, world.chair), world.chair)
    budget_clock.move_on()
    budget.refresh_from_db()
    assert (budget.owed_on, budget.due_on) == (DECEMBER, WorkCalendar().shift(DECEMBER, 10))


def test_the_union_is_reminded_before_and_after_then_the_tier_above_and_nobody_twice(world, budget, sign_in):
    calendar, above = WorkCalendar(), world.street_staff
    home = sign_in(world.chair).get(reverse("unions:home")).content.decode()
    assert "2026年度预算执行情况" in home
    for _twice in range(2):
        budget_clock.remind(calendar.shift(budget.due_on, -2), calendar)
    assert Notice.objects.filter(kind="budget.due", recipient=world.chair).count() == 1
    for _twice in range(2):
        budget_clock.remind(calendar.shift(budget.due_on, 1), calendar)
    assert Notice.objects.filter(kind="budget.late", recipient=world.chair).count() == 1
    assert Notice.objects.filter(kind="budget.late_below", recipient=above).count() == 1
    publish(made.submitted(budget, world.chair), world.chair)
    page = sign_in(world.chair).get(reverse("unions:home")).content.decode()
    assert "2026年度预算执行情况" not in page
    assert timezone.localdate() == datetime.date(2026, 7, 6)


# --- pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "seen", "written"),
    [("chair", 200, 200), ("reviewer", 200, 403), ("leader", 200, 403), ("neighbour", 404, 404), ("stranger", 404, 404)],
)  # fmt: skip
def test_the_own_union_enters_the_tier_above_reads_a_stranger_finds_nothing(
    world, budget, sign_in, who, seen, written
):
    execution = made.entered(budget, world.chair)
    client = sign_in(getattr(world, who))
    assert client.get(url("execution", execution.pk)).status_code == seen
    assert client.get(url("execution-edit", execution.pk)).status_code == written


def test_a_clerk_enters_it_on_the_pages_and_the_chair_submits_it(world, budget, sign_in):
    client = sign_in(world.clerk)
    for _twice in range(2):
        answer = client.post(url("execution-add", budget.pk), {"until": "2026-06-30"})
    execution = Execution.objects.get()
    assert answer.url == url("execution-edit", execution.pk)
    given = {head(budget, "会费收入"): "9000", head(budget, "职工活动支出"): "8000", "revision": "1"}
    assert client.post(url("execution-edit", execution.pk), given).url == url("execution", execution.pk)
    assert client.post(url("execution-move", execution.pk, "submit")).status_code == 403
    assert sign_in(world.chair).post(url("execution-move", execution.pk, "submit")).status_code == 302
    assert Execution.objects.get().filed_by == world.chair
    assert client.get(url("execution-add", budget.pk)).status_code == 200
