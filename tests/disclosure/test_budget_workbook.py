"""The budget as a workbook: out with its execution, filled in offline, brought back row by row; unions over the years; the card."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from disclosure.models import Budget, Execution
from tests.factories import annual as reports
from tests.factories import budgets as made

pytestmark = pytest.mark.django_db
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def url(name, *args):
    return reverse(f"disclosure:{name}", args=args)


def opened(answer):
    return load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))


def place(sheet, text: str) -> tuple[int, int]:
    return next((cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value == text)


def file_of(book) -> SimpleUploadedFile:
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("预算.xlsx", file.getvalue(), content_type=XLSX)


def test_a_budget_goes_out_is_filled_in_offline_and_comes_back_with_errors_by_row(world, sign_in):
    budget, client = made.begun(world.factory, world.chair), sign_in(world.clerk)
    book = opened(client.get(url("budget-workbook", budget.pk)))
    sheet = book.active
    column = place(sheet, "本年预算")[1]
    for name, value in (
        ("会费收入", 20000),
        ("职工活动支出", 15000.5),
        ("年末计划结余", 4999.5),
        ("其他支出", "许多"),
    ):
        sheet.cell(place(sheet, name)[0], column).value = value
    sheet.append(["支出", "红包", None, None, 300, "999999"])
    answer = client.post(url("budget-upload", budget.pk), {"file": file_of(book)}, follow=True)
    budget = Budget.objects.prefetch_related("sheet__heads").get()
    assert (str(budget.balance), budget.amounts["planned"]) == ("4999.50", "4999.50")
    page = answer.content.decode()
    assert "“许多”不是金额" in page and "“红包”不是本预算的科目" in page
    assert client.post(url("budget-upload", budget.pk), {}).status_code == 302
    other = SimpleUploadedFile("x.xlsx", b"no workbook", content_type=XLSX)
    assert client.post(url("budget-upload", budget.pk), {"file": other}).status_code == 409
    assert sign_in(world.stranger).get(url("budget-workbook", budget.pk)).status_code == 404


def test_an_execution_is_filled_in_by_its_own_column(world, sign_in):
    year = timezone.localdate().year - 1
    budget = made.in_force(world.factory, world.chair, year)
    execution, client = made.entered(budget, world.chair), sign_in(world.chair)
    book = opened(client.get(url("budget-workbook", budget.pk)))
    sheet = book.active
    row, column = place(sheet, "职工活动支出")[0], place(sheet, f"截至{year}-06-30执行数")[1]
    assert sheet.cell(row, column).value == 7000
    sheet.cell(row, column).value = 7200.25
    assert client.post(url("execution-upload", execution.pk), {"file": file_of(book)}).status_code == 302
    execution = Execution.objects.get()
    assert (str(execution.spent), str(execution.budgeted)) == ("7200.25", "15000.50")


def test_heads_stand_year_beside_year_with_what_was_planned_and_what_came(world, sign_in):
    year = timezone.localdate().year
    for each in (year - 2, year - 1):
        made.in_force(world.factory, world.chair, each, income=str(each * 10), planned=f"{each * 10 - 15000.5:.2f}")
        reports.accepted(world.factory, world.chair, world.reviewer, each)
    client = sign_in(world.reviewer)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(url("budget-years", world.factory.pk)).content.decode()
    assert f"{(year - 1) * 10:,}" in page and "15,000.5" in page and "<svg" in page and len(asked) < 30
    assert sign_in(world.stranger).get(url("budget-years", world.factory.pk)).status_code == 404


def test_the_card_counts_unions_with_an_adopted_budget_of_those_that_should_and_leads_to_the_rows(world, sign_in):
    made.in_force(world.factory, world.chair)
    made.begun(world.hotel, world.neighbour)
    client, year = sign_in(world.street_chair), timezone.localdate().year
    page = client.get(reverse("unions:union", args=[world.wangjing.pk]), {"tab": "disclosure"}).content.decode()
    assert "1/3" in page, "the street and its two unions"
    missing = client.get(url("budget-missing"), {"year": year}).content.decode()
    assert world.hotel.name in missing and world.wangjing.name in missing and world.bank.name not in missing
    assert f'href="{reverse("unions:union", args=[world.factory.pk])}"' not in missing
    rows = client.get(url("budget-list"), {"adopted": "1", "year": year}).content.decode()
    assert world.factory.name in rows and world.hotel.name not in rows
    own = sign_in(world.chair).get(reverse("unions:union", args=[world.factory.pk]), {"tab": "disclosure"})
    assert url("budget", Budget.objects.in_force().get().pk) in own.content.decode()
