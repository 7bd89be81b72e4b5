"""Budgets: last year's figures, what balances, the way from the committee to the tier above, adjustments; the pages."""

import datetime
import io
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from disclosure import budgets
from disclosure.models import Budget
from tests.factories import annual as reports
from tests.factories import budgets as made
from tests.factories.meetings import closed
from unions.models import Event, Notice, Setting
from unions.workflow import Conflict, Invalid, MoveError, NotAllowed, perform

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 6, 15)


@pytest.fixture(autouse=True)
def in_june():
    with time_machine.travel(
        datetime.datetime(2026, 6, 15, 10, tzinfo=datetime.timezone(datetime.timedelta(hours=8))), tick=True
    ):
        yield


def url(name, *args):
    return reverse(f"disclosure:{name}", args=args)


# --- the figures ---------------------------------------------------------------------------------------------------


def test_last_years_budget_and_accounts_stand_beside_each_head_and_one_click_takes_them_over(world, sign_in):
    with time_machine.travel(datetime.datetime(2025, 2, 1, 4, tzinfo=datetime.UTC), tick=True):
        made.accepted(made.written(world.factory, world.chair, 2025, income="18000", expense="18000", planned="0"), world.chair, world.reviewer)  # fmt: skip
    reports.accepted(world.factory, world.chair, world.reviewer, 2025)
    budget = made.begun(world.factory, world.chair)
    assert budget.amounts == {"before": "5999.50"}, "what last year's accounts left"
    client = sign_in(world.chair)
    page = client.get(url("budget-edit", budget.pk)).content.decode()
    assert "18,000" in page and "15,000.5" in page and "20,000" in page
    first = budget.sheet.heads.filter(side="income").first()
    budgets.save(budget, {f"a.{first.pk}": "1"}, by=world.chair)
    assert client.post(url("budget-take", budget.pk), {"source": "accounts", "revision": 2}).status_code == 302
    budget.refresh_from_db()
    expense = budget.sheet.heads.filter(side="expense").first()
    assert budget.amount(first) == 1, "what was entered stays"
    assert str(budget.amount(expense)) == "15000.50"
    assert client.post(url("budget-take", budget.pk), {"source": "accounts", "revision": 2}).status_code == 409


def test_income_and_what_was_carried_over_are_expenditure_and_planned_balance_else_the_row_says_so(world, sign_in):
    budget = made.written(world.factory, world.chair, planned="5000")
    assert budgets.Plan(budget).wrong == {"a.planned": "按各科目计算结余为4,999.50元，填写的是5,000.00元。"}
    with pytest.raises(MoveError, match=r"4,999\.50"):
        made.reviewed(budget, world.chair)
    page = sign_in(world.chair).get(url("budget-edit", budget.pk)).content.decode()
    assert "填写的是5,000.00元" in page and 'aria-invalid="true"' in page
    budgets.save(budget, {"a.planned": "0", **{k: v for k, v in made.amounts(budget, expense="30000").items() if k != "a.planned"}}, by=world.chair)  # fmt: skip
    with pytest.raises(MoveError, match="支出大于可用资金"):
        made.reviewed(Budget.objects.get(pk=budget.pk), world.chair)


def test_an_amount_that_cannot_be_read_is_named_and_the_rest_kept(world, sign_in):
    budget = made.begun(world.factory, world.chair)
    heads = list(budget.sheet.heads.filter(side="income"))
    given = {f"a.{heads[0].pk}": "12,000.5元", f"a.{heads[1].pk}": "许多", "revision": budget.revision}
    answer = sign_in(world.chair).post(url("budget-edit", budget.pk), given)
    assert answer.status_code == 422 and "“许多”不是金额" in answer.content.decode()
    budget.refresh_from_db()
    assert budget.amount(heads[0]) == Decimal("12000.50")
    with pytest.raises(Conflict):
        budgets.save(budget, {}, by=world.chair, revision=1)


def test_what_is_carried_over_is_compared_with_last_years_accounts(world, sign_in):
    reports.accepted(world.factory, world.chair, world.reviewer, 2025)
    budget = made.written(world.factory, world.chair)
    page = sign_in(world.reviewer).get(url("budget", budget.pk)).content.decode()
    assert "上年决算结余5,999.50元" in page


# --- the way -------------------------------------------------------------------------------------------------------


def test_it_is_reviewed_adopted_filed_and_accepted_and_no_step_is_skipped(world):
    budget, above = made.written(world.factory, world.chair), world.reviewer
    for step in ("adopt", "file"):
        with pytest.raises(MoveError):
            perform(budget, step, by=world.chair, data={**made.ADOPTION, "adopted_on": TODAY})
    budget = made.reviewed(budget, world.clerk)
    with pytest.raises(MoveError):
        perform(budget, "file", by=world.chair)
    with pytest.raises(NotAllowed):
        perform(budget, "adopt", by=world.clerk, data={**made.ADOPTION, "adopted_on": TODAY})
    budget = perform(budget, "adopt", by=world.chair, data={**made.ADOPTION, "adopted_on": TODAY})
    budget = perform(budget, "file", by=world.chair)
    with pytest.raises(NotAllowed):
        perform(budget, "accept", by=world.chair)
    assert Notice.objects.filter(kind="budget.submitted", recipient=above).count() == 1
    budget = perform(budget, "accept", by=above)
    assert (budget.state, budget.decided_by) == ("accepted", above)
    assert Event.objects.filter(action="budget.adopt", data__day="2026-06-15").exists()


def test_a_review_wants_day_name_and_opinion_and_an_adoption_a_meeting_or_day_and_minutes(world):
    budget = made.written(world.factory, world.chair)
    with pytest.raises(Invalid) as refused:
        perform(budget, "review", by=world.chair, data={"reviewed_on": TODAY + datetime.timedelta(days=1)})
    assert set(refused.value.errors) == {"reviewed_on", "reviewer", "opinion"}
    budget = made.reviewed(budget, world.chair)
    with pytest.raises(Invalid) as refused:
        perform(budget, "adopt", by=world.chair, data={"adopted_on": TODAY - datetime.timedelta(days=1)})
    assert set(refused.value.errors) == {"adopted_on", "minutes"}
    other = closed(world.bank, world.stranger, kind="committee")
    with pytest.raises(Invalid):
        perform(budget, "adopt", by=world.chair, data={"meeting": other})
    meeting = closed(world.factory, world.chair, kind="committee")
    budget = perform(budget, "adopt", by=world.chair, data={"meeting": meeting})
    assert (budget.adopted_on, budget.meeting) == (meeting.held_on, meeting)


def test_the_database_itself_knows_no_adopted_budget_without_review(world):
    budget = made.written(world.factory, world.chair)
    with pytest.raises(IntegrityError, match="budget_reviewed_before"), transaction.atomic():
        Budget.objects.filter(pk=budget.pk).update(state="adopted", adopted_on=TODAY, minutes="x")


def test_a_returned_budget_is_corrected_and_reviewed_anew(world):
    budget = made.filed(made.written(world.factory, world.chair), world.chair)
    with pytest.raises(MoveError):
        budgets.save(budget, {}, by=world.chair)
    with pytest.raises(Invalid):
        perform(budget, "return", by=world.reviewer)
    budget = perform(budget, "return", by=world.reviewer, reason="活动支出偏高，请说明。")
    assert Notice.objects.get(kind="budget.returned", recipient=world.chair)
    assert not Budget.objects.in_force().exists()
    budgets.save(budget, {"a.before": "0"}, by=world.chair)
    budget = made.filed(Budget.objects.get(pk=budget.pk), world.chair)
    assert budget.state == "submitted"
    back = made.reviewed(made.written(world.hotel, world.neighbour), world.neighbour)
    assert perform(back, "take_back", by=world.neighbour, reason="漏列一项").is_editable


def test_a_draft_that_was_never_reviewed_is_thrown_away_after_a_look_and_leaves_an_act(world, sign_in):
    budget = made.written(world.factory, world.chair)
    client = sign_in(world.chair)
    assert url("budget-discard", budget.pk) in client.get(url("budget", budget.pk)).content.decode()
    assert "2026年度预算" in client.get(url("budget-discard", budget.pk)).content.decode() and Budget.objects.exists()
    assert sign_in(world.reviewer).post(url("budget-discard", budget.pk)).status_code == 403
    assert sign_in(world.stranger).post(url("budget-discard", budget.pk)).status_code == 404
    assert sign_in(world.chair).post(url("budget-discard", budget.pk)).status_code == 302
    assert not Budget.objects.exists() and Event.objects.filter(action="budget.discard", by=world.chair).count() == 1
    back = perform(
        made.reviewed(made.written(world.factory, world.chair), world.chair),
        "take_back",
        by=world.chair,
        reason="漏列一项",
    )
    with pytest.raises(MoveError, match="留存"):
        budgets.discard(back, by=world.chair)
    assert url("budget-discard", back.pk) not in sign_in(world.chair).get(url("budget", back.pk)).content.decode()


def test_the_district_puts_its_own_on_file(world):
    leader = world.leader
    budget = made.reviewed(made.written(world.district, world.officer), world.officer)
    budget = perform(budget, "adopt", by=leader, data={**made.ADOPTION, "adopted_on": TODAY})
    with pytest.raises(MoveError, match="归档"):
        perform(budget, "file", by=leader)
    assert perform(budget, "conclude", by=leader).state == "accepted"


# --- adjustments ---------------------------------------------------------------------------------------------------


def test_an_adjustment_goes_the_same_way_beside_the_first_and_takes_its_place_once_adopted(world, sign_in):
    first = made.accepted(made.written(world.factory, world.chair), world.chair, world.reviewer)
    client = sign_in(world.chair)
    assert client.post(url("budget-adjust", first.pk), {"reason": ""}).status_code == 422
    for _twice in range(2):
        answer = client.post(url("budget-adjust", first.pk), {"reason": "追加慰问经费"})
    second = Budget.objects.get(number=2)
    assert answer.url == url("budget-edit", second.pk) and second.amounts == first.amounts
    expense = second.sheet.heads.filter(side="expense").first()
    budgets.save(second, {f"a.{expense.pk}": "16000.50", "a.planned": "3999.50"}, by=world.chair)
    assert Budget.objects.in_force().get() == first
    second = made.adopted(Budget.objects.get(pk=second.pk), world.chair)
    assert Budget.objects.in_force().get() == second and Budget.objects.newest().get() == second
    page = client.get(url("budget", second.pk)).content.decode()
    assert "追加慰问经费" in page and "+1,000" in page and url("budget", first.pk) in page


def test_how_often_and_until_when_it_is_adjusted_the_district_sets(world, sign_in):
    first = made.accepted(made.written(world.factory, world.chair), world.chair, world.reviewer)
    assert budgets.why_no_adjustment(first, datetime.date(2026, 10, 31)) is None
    assert "10" in budgets.why_no_adjustment(first, datetime.date(2026, 11, 1))
    Setting.objects.create(
        key="budget-adjustments", value=0, effective_from=datetime.date(2020, 1, 1), basis="区级规定"
    )
    assert "0" in budgets.why_no_adjustment(first)
    page = sign_in(world.chair).get(url("budget-adjust", first.pk)).content.decode()
    assert "最多调整" in page
    with pytest.raises(MoveError):
        budgets.adjust(first, "又变了", by=world.chair)


# --- pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "seen", "written"),
    [("chair", 200, 200), ("clerk", 200, 200), ("reviewer", 200, 403), ("leader", 200, 403), ("neighbour", 404, 404), ("stranger", 404, 404)],
)  # fmt: skip
def test_the_own_union_writes_the_tier_above_reads_a_stranger_finds_nothing(world, sign_in, who, seen, written):
    budget = made.begun(world.factory, world.chair)
    client = sign_in(getattr(world, who))
    assert client.get(url("budget", budget.pk)).status_code == seen
    assert client.get(url("budget-edit", budget.pk)).status_code == written


def test_a_chair_takes_every_step_on_the_pages(world, sign_in):
    client = sign_in(world.chair)
    assert client.post(url("budget-add", world.factory.pk), {"year": "2026"}).status_code == 302
    budget = Budget.objects.get()
    assert client.post(url("budget-add", world.factory.pk), {"year": "2026"}).url == url("budget-edit", budget.pk)
    assert client.post(url("budget-add", world.factory.pk), {"year": "2020"}).status_code == 422
    given = {**made.amounts(budget), "revision": budget.revision}
    assert client.post(url("budget-edit", budget.pk), given).url == url("budget", budget.pk)
    review = url("budget-move", budget.pk, "review")
    assert client.post(review, {"reviewer": "周审"}).status_code == 422
    assert client.post(review, {**made.REVIEW, "reviewed_on": "2026-06-15"}).status_code == 302
    meeting = closed(world.factory, world.chair, kind="committee")
    adopt = url("budget-move", budget.pk, "adopt")
    assert meeting.title in client.get(adopt).content.decode()
    assert client.post(adopt, {"meeting": meeting.pk}).status_code == 302
    assert client.post(url("budget-move", budget.pk, "file")).status_code == 302
    page = client.get(url("budget", budget.pk)).content.decode()
    assert "周审" in page and meeting.title in page and "待审核" in page
    home = sign_in(world.reviewer).get(reverse("unions:home")).content.decode()
    assert "待审核的预算" in home


def test_it_is_printed_as_an_official_document(world, sign_in):
    budget = made.adopted(made.written(world.factory, world.chair), world.chair)
    answer = sign_in(world.reviewer).get(url("budget-document", budget.pk, "docx"))
    book = Document(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    text = "\n".join(p.text for p in book.paragraphs) + "\n".join(
        c.text for t in book.tables for r in t.rows for c in r.cells
    )
    assert "预算" in text and "15,000.50" in text and "周审" in text and "纪要第5号" in text


def test_the_list_shows_the_newest_version_filters_exports_and_asks_a_bounded_number_of_queries(world, sign_in):
    for union, by in ((world.factory, world.chair), (world.hotel, world.neighbour), (world.bank, world.stranger)):
        made.adopted(made.written(union, by), by)
    made.begun(world.wangjing, world.street_staff)
    client = sign_in(world.street_staff)
    client.get(url("budget-list"))
    with CaptureQueriesContext(connection) as asked:
        page = client.get(url("budget-list")).content.decode()
    assert len(asked) < 30 and world.factory.name in page and world.bank.name not in page
    page = client.get(url("budget-list"), {"adopted": "1"}).content.decode()
    assert world.hotel.name in page and "15,000.5" in page
    assert url("budget-add", world.wangjing.pk) in page
    answer = client.get(url("budget-list"), {"export": "xlsx", "state": "adopted"})
    rows = list(load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content)).active.values)
    assert sum(20000 in row for row in rows) == 2
    assert timezone.localdate() == TODAY
