"""The budget with its execution as a workbook, to be filled in offline and brought back: the budget's column while it is a draft,
or that of an execution."""

from collections.abc import Callable
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from disclosure.budget_executions import executions_of
from disclosure.budgets import Plan, read_amount
from disclosure.exports import CODE, form_rows
from disclosure.models import Budget, Execution
from disclosure.models.annual import BEFORE
from disclosure.models.budgets import PLANNED
from unions.kit.names import fold_name
from unions.kit.spreadsheets_in import Formula
from unions.kit.workbooks import Out, write_table

# As in the forms of returns, the titles by which a workbook is known again are Chinese in every language.
SIDE, HEAD, AMOUNT = "收支", "科目", "本年预算"
HINT = "只填写“{column}”一列（或某期“执行数”），不改动代码一列；合计由系统计算。"


def column_of(execution: Execution) -> str:
    return f"截至{execution.until_on:%Y-%m-%d}执行数"


def workbook(budget: Budget) -> bytes:
    """A row for each head: last year's figures, the budget, each execution of the year; the code by which it is found again."""
    plan, executions = Plan(budget), list(executions_of(budget))[::-1]
    before, planned = plan.edges
    cells: Callable = lambda line: [line.last_budget, line.last_accounts, line.amount]  # noqa: E731
    entered = [one.amounts for one in executions]
    rows = [["", before.label, *cells(before), *(None for _one in entered), BEFORE]]
    for _side, label, lines, _total in plan.sides:
        for line in lines:
            key = line.name.removeprefix("a.")
            rows.append([str(label), line.label, *cells(line), *(_number(one.get(key)) for one in entered), key])
    rows.append(["", planned.label, *cells(planned), *(None for _one in entered), PLANNED])
    columns = [
        Out(SIDE, width=8), Out(HEAD, width=26), Out(_("Last year's budget"), "money", 16), Out(_("Last year's accounts"), "money", 16),
        Out(AMOUNT, "money", 16), *(Out(column_of(one), "money", 22) for one in executions), Out(CODE, width=10),
    ]  # fmt: skip
    lead = [HINT.format(column=AMOUNT)]
    with write_table(
        rows, columns, sheet=str(budget.year), title=f"{budget.union.name} {budget.title}", lead=lead
    ) as file:
        return file.read()


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def read_budget(budget: Budget, file: UploadedFile) -> tuple[dict[str, str], list[str]]:
    """The amounts of the budget's column by field, and a sentence for each row that cannot be used. Raises Unreadable."""
    heads = {str(head.pk): head.name for head in budget.sheet.heads.all()}
    edges = {BEFORE: Plan(budget).edges[0].label, PLANNED: Plan(budget).edges[1].label}
    return _read(file, AMOUNT, {**heads, **edges})


def read_execution(execution: Execution, file: UploadedFile) -> tuple[dict[str, str], list[str]]:
    """The same of the column of an execution."""
    heads = {str(head.pk): head.name for head in execution.budget.sheet.heads.all()}
    return _read(file, column_of(execution), heads, left_out={BEFORE, PLANNED})


def _code(cell: object) -> str:
    """A program may have made a number of it."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell or "").strip()


def _read(
    file: UploadedFile, column: str, known: dict[str, str], left_out: set[str] = frozenset()
) -> tuple[dict[str, str], list[str]]:
    rows, titles = form_rows(file, column, {SIDE, HEAD, CODE})
    at = lambda cells, title: (  # noqa: E731
        cells[titles[title]] if title in titles and titles[title] < len(cells) else None
    )
    values, problems = {}, []
    for number, cells in rows:
        named, code = str(at(cells, fold_name(HEAD)) or "").strip(), _code(at(cells, fold_name(CODE)))
        given = at(cells, fold_name(column))
        given = given.shown if isinstance(given, Formula) else given
        if code in left_out or (code not in known and given in (None, "")):
            continue
        if code not in known:
            words = _("Row %(row)d: “%(name)s” is no head of this budget; it was left out.")
            problems.append(words % {"row": number, "name": (named or code)[:30]})
            continue
        text = f"{given:.12g}" if isinstance(given, float) else "" if given is None else str(given)
        try:
            read_amount(text)
        except ValueError as problem:
            problems.append(
                _("Row %(row)d, “%(name)s”: %(problem)s") % {"row": number, "name": known[code], "problem": problem}
            )
        else:
            values[f"a.{code}"] = text
    return values, problems
