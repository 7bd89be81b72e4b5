"""Small rosters as clerks keep them: heading, line for the seal, titles in row 3, total, note; xlsx, CSV, Excel 97."""

import csv
import io
from collections.abc import Iterable
from datetime import date

import xlsxwriter
from django.core.files.base import ContentFile

from tests.factories.unions import credit_code
from unions import import_jobs
from unions.importing import importers
from unions.models import ImportBatch

TITLES = {column.key: column.zh for column in importers["roster"].columns}
_next = iter(range(5000, 10_000_000))


def row_of(**given) -> dict:
    """A row without a fault; what is given replaces its cells. None leaves a cell empty."""
    number = next(_next)
    row = {
        "code": f"11010502{number:05d}", "name": f"北京名册样本{number}有限公司工会委员会", "parent": "望京街道总工会", "kind": "基层工会",
        "employer_name": f"北京名册样本{number}有限公司", "credit_code": credit_code(number, "91110106"), "employer_nature": "私营",
        "industry": "制造业", "address": "北京市朝阳区望京街1号", "workers": 120, "women_workers": 50, "migrant_workers": 10,
        "members": 110, "women_members": 48, "founded_on": date(2015, 5, 3), "term_years": 5,
        "term_started_on": date(2024, 3, 21), "chair_name": "王样本", "chair_sex": "女", "chair_rank": "中层正职",
        "chair_engagement": "兼职", "chair_phone": "13800000001", "has_place": "是", "has_sign": "是", "has_account": "否",
        "has_audit_committee": "是", "has_women_committee": "是",
    }  # fmt: skip
    return {**row, **given}


def roster_file(
    rows: Iterable[dict], *, kind: str = "xlsx", titles: dict[str, str] | None = None, leave_out: tuple[str, ...] = (),
    heading: bool = True, total: bool = True,
) -> bytes:  # fmt: skip
    """A roster as a file. `kind`: xlsx, utf-8, utf-8-sig or gb18030 (CSV). `titles` replaces titles by others."""
    rows = list(rows)
    keys = [key for key in TITLES if key not in leave_out]
    head = ["序号", *[(titles or {}).get(TITLES[key], TITLES[key]) for key in keys]]
    lines: list[list] = []
    if heading:
        lines += [["朝阳区工会组织名册"], ["填报单位（盖章）：          填报时间：2026年10月"]]
    lines.append(head)
    lines += [[number, *[row.get(key) for key in keys]] for number, row in enumerate(rows, 1)]
    if total:
        lines += [
            [
                "合计",
                *[
                    sum(r["workers"] for r in rows if isinstance(r.get("workers"), int)) if key == "workers" else None
                    for key in keys
                ],
            ],
            [],
            ["填表说明：日期格式 2026-01-31。"],
        ]
    return _xlsx(lines, heading, len(head)) if kind == "xlsx" else _csv(lines, kind)


def _xlsx(lines: list[list], heading: bool, width: int) -> bytes:
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"strings_to_formulas": False}) as book:
        sheet, day = book.add_worksheet("名册"), book.add_format({"num_format": "yyyy-mm-dd"})
        for number, line in enumerate(lines):
            for index, value in enumerate(line):
                if isinstance(value, date):
                    sheet.write_datetime(number, index, value, day)
                elif isinstance(value, str) and value.startswith("{="):
                    sheet.write_formula(number, index, value[1:-1])
                elif value is not None:
                    sheet.write(number, index, value)
        if heading:
            sheet.merge_range(0, 0, 0, width - 1, lines[0][0])
    return body.getvalue()


def _csv(lines: list[list], encoding: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(["" if value is None else str(value) for value in line] for line in lines)
    return text.getvalue().encode(encoding)


def nothing(*args, **kwargs):
    """Progress that nobody watches."""


def bring(user, body, name="名册.xlsx") -> ImportBatch:
    user = type(user).objects.get(pk=user.pk)
    batch = import_jobs.take_in(importers["roster"], ContentFile(body, name=name), by=user, name=name)
    return import_jobs.read(batch, nothing)


def preview(user, *rows, **options) -> ImportBatch:
    return bring(user, roster_file(rows, **options))


def commit(batch) -> ImportBatch:
    return import_jobs.commit(batch, nothing)
