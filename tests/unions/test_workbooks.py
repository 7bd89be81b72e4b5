"""Workbooks out: text stays text for every program that opens it, numbers and days stay what they are."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unions.kit.parsing import Bad, choice, day, integer, money, text
from unions.kit.workbooks import Out, safe_text, unguarded, write_table

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=cmd", "\n@x", "＝1", "\ufeff=1", "'=1"]


@pytest.mark.parametrize("value", DANGEROUS)
def test_a_text_that_could_be_a_formula_is_guarded_in_workbook_and_csv(value):
    guarded = safe_text(value)
    assert guarded.lstrip("'\ufeff\u00a0 \t\r\n")[:1] not in "=+-@" or guarded.startswith("'")
    line = io.StringIO()
    csv.writer(line).writerow([guarded])
    assert next(csv.reader(io.StringIO(line.getvalue(), newline="")))[0][0] == "'"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
@example("=HYPERLINK(1)")
@example("'=1")
@example("'")
def test_what_was_guarded_comes_back_as_it_was(value):
    assert unguarded(safe_text(value)) == value.replace("\ufffe", "").replace("\uffff", "") or value.startswith("'")


def sheet_of(rows, columns, **options):
    with write_table(rows, columns, sheet="表/一", **options) as file:
        return openpyxl.load_workbook(io.BytesIO(file.read())).active


def test_cells_keep_their_kind_and_the_filter_stands_above():
    columns = [
        Out("编码"),
        Out("人数", "int"),
        Out("金额", "money"),
        Out("日期", "day"),
        Out("时间", "moment"),
        Out("率", "percent"),
    ]
    row = ["0011", 1204, Decimal("12.50"), date(2026, 1, 31), datetime(2026, 1, 31, 8, 5), 0.917]
    sheet = sheet_of([row, ["=1+1", None, "", None, None, -0.5]], columns, title="名册", lead=["筛选条件：望京"])
    assert [sheet.cell(line, 1).value for line in (1, 2, 3)] == ["名册", "筛选条件：望京", "编码"]
    assert [cell.value for cell in sheet[4]] == [
        "0011",
        1204,
        12.5,
        datetime(2026, 1, 31),
        datetime(2026, 1, 31, 8, 5),
        0.917,
    ]
    assert (sheet["A4"].data_type, sheet["A5"].data_type, sheet["A5"].value) == ("s", "s", "'=1+1")
    assert sheet["F5"].value == -0.5, "a negative number stays a number"


@given(
    st.text(max_size=30) | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none()
)
def test_a_cell_parser_answers_or_refuses_whatever_it_is_given(cell):
    for parse in (text(), integer(), money, day, choice(())):
        try:
            parse(cell)
        except Bad as bad:
            assert bad.code
