"""Workbooks out: written row by row in constant memory; text cells are text and can never act as formulas."""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

# A spreadsheet takes what begins so for a formula, also after blanks, once the text is typed or saved as CSV.
_DANGEROUS = re.compile(r"^[\s\u00a0\u200b\ufeff]*[=+\-@\t\r＝＋－＠]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
CELL = 32_000
ROWS_A_SHEET = 1_000_000


@dataclass(frozen=True)
class Out:
    """A column of a workbook: its title, how wide, how it is shown (text, int, number, money, day, moment, percent)."""

    title: str
    kind: str = "text"
    width: float = 14


FORMATS = {
    "text": {"num_format": "@"},
    "int": {"num_format": "#,##0"},
    "number": {"num_format": "General"},
    "money": {"num_format": "#,##0.00"},
    "day": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "percent": {"num_format": "0.0%"},
}


def safe_text(value: object) -> str:
    """A text that stays a text wherever the workbook goes: an apostrophe before what a program could take for a
    formula, and no control characters."""
    text = _CONTROL.sub("", str(value))[:CELL]
    return "'" + text if _DANGEROUS.match(text) else text


def unguarded(value: str) -> str:
    """The text without the apostrophe that `safe_text` put before it: a workbook of ours imports back unchanged."""
    return value[1:] if value.startswith("'") and _DANGEROUS.match(value[1:]) else value


def write_table(
    rows: Iterable[Sequence[Any]], columns: Sequence[Out], *, sheet: str, title: str = "", lead: Sequence[str] = ()
) -> IO[bytes]:
    """A workbook with one table. `lead` are lines above the header: what was filtered, when, by whom. The caller closes
    the file that comes back, rewound."""
    file = tempfile.SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        Sheet(book, sheet, columns, title=title, lead=lead).write(rows)
    file.seek(0)
    return file


OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
    "default_date_format": "yyyy-mm-dd",
}


_watcher: ContextVar[Callable[[int], None] | None] = ContextVar("watcher", default=None)
WATCHED_EVERY = 500


@contextmanager
def watched(report: Callable[[int], None]) -> Iterator[None]:
    """Hear how many rows have been written to a sheet, now and then and at its end."""
    token = _watcher.set(report)
    try:
        yield
    finally:
        _watcher.reset(token)


def counted(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The rows one by one, told to whoever watches."""
    report, number = _watcher.get(), 0
    for number, row in enumerate(rows, 1):
        yield row
        if report and number % WATCHED_EVERY == 0:
            report(number)
    if report:
        report(number)


class Sheet:
    """One sheet being written: title, lead lines, header, then rows and never back."""

    def __init__(
        self, book: xlsxwriter.Workbook, name: str, columns: Sequence[Out], *, title: str, lead: Sequence[str]
    ):
        self.columns = columns
        self.sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", name)[:31].strip("'") or "1")
        self.formats = [book.add_format(FORMATS[column.kind]) for column in columns]
        self.next = 0
        for index, column in enumerate(columns):
            self.sheet.set_column(index, index, column.width)
        heading = book.add_format({"bold": True, "font_size": 14})
        quiet = book.add_format({"font_color": "#57606A"})
        for line, style in [(title, heading), *[(text, quiet) for text in lead]]:
            if line:
                self.sheet.write_string(self.next, 0, safe_text(line), style)
                self.next += 1
        head = book.add_format(
            {"bold": True, "bg_color": "#F7F5F2", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        )
        for index, column in enumerate(columns):
            self.sheet.write_string(self.next, index, safe_text(column.title), head)
        self.next += 1
        self.sheet.freeze_panes(self.next, min(2, max(0, len(columns) - 1)))
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(self.next - 1)

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        for row in counted(rows):
            for index, value in enumerate(row):
                self.cell(self.next, index, value, self.formats[index])
            self.next += 1
            if self.next >= ROWS_A_SHEET:
                raise ValueError("more rows than a sheet holds")

    def cell(self, row: int, column: int, value: Any, style) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            value = str(value)
        if isinstance(value, (int, float, Decimal)):
            self.sheet.write_number(row, column, value, style)
        elif isinstance(value, datetime):
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            self.sheet.write_datetime(row, column, local.replace(tzinfo=None), style)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, value, style)
        else:
            self.sheet.write_string(row, column, safe_text(value), style)
