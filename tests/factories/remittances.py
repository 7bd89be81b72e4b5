"""Employers of the tax office's register, as an import leaves them, and the register as a workbook."""

import datetime
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook

from disclosure.import_remittances import COLUMNS
from disclosure.models import Remittance
from disclosure.remittances import due_day
from tests.factories.unions import credit_code
from unions.kit.periods import Period
from unions.models import Union

QUARTER = "2026Q3"
TITLE = "税务代收工会经费核准库(2026年第三季度)"


def remitted(union: Union, **given) -> Remittance:
    """An employer with a code of its own that has paid half of what it owed."""
    number = Remittance.objects.count() + 7000
    period = given.pop("period", QUARTER)
    values = {
        "credit_code": credit_code(number), "name": f"北京第{number}测试有限公司", "street": "望京街道", "headcount": 30,
        "payroll": Decimal("500000.00"), "payable": Decimal("10000.00"), "paid": Decimal("5000.00"), "kind": "preparation",
        "approved_on": datetime.date(2026, 10, 12),
    }  # fmt: skip
    return Remittance.objects.create(
        union=union, period=period, due_on=due_day(Period.parse(period)), **values | given
    )


def row(number: int, **given) -> dict:
    """A row of the register as the tax office writes it."""
    return {
        "credit_code": credit_code(8000 + number), "name": f"北京第{number}测试有限公司", "address": f"北京市朝阳区望京街{number}号", "street": "望京街道",
        "registration": "私营", "industry": "商贸", "headcount": 12, "payroll": 100000.5, "payable": 2000.01, "paid": 2000.01,
        "kind": "建会筹备金", "approved_on": datetime.date(2026, 10, 12), **given,
    }  # fmt: skip


def workbook(*rows: dict, title: str = TITLE) -> bytes:
    """With its title, its line for the seal, its header in the third row, its total and its note."""
    columns = [column for column in COLUMNS if column.key != "period" or any("period" in row for row in rows)]
    book, file = Workbook(), BytesIO()
    sheet = book.active
    sheet.title = "Sheet1"
    sheet.append([title])
    sheet.append(["填报单位(盖章):          填报时间:2026年10月"])
    sheet.append(["序号", *(column.also[0] if column.key == "credit_code" else column.zh for column in columns)])
    for number, one in enumerate(rows, 1):
        sheet.append([number, *(one.get(column.key) for column in columns)])
    sheet.append(["合计", *[None] * 6, 1])
    sheet.append(["填表说明：日期格式 2026-01-31。"])
    book.save(file)
    return file.getvalue()
