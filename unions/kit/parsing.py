"""One cell at a time: what a clerk typed, turned into the value that was meant, with a note of what was changed.

A parser takes a cell and answers a `Value`, or raises `Bad` with the code of a sentence (unions/importing.py).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from rapidfuzz import process
from stdnum.cn import uscc

from unions.kit.names import clean, fold_name
from unions.kit.periods import Period
from unions.kit.spreadsheets_in import Cell, Formula
from unions.kit.workbooks import unguarded

NOTHING = {"", "-", "--", "—", "——", "/", "\\", "无", "N/A", "NA", "NULL", "NONE"}
_ERROR = re.compile(r"^#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)$")
_DIGITS = str.maketrans("０１２３４５６７８９．，－＋％（）", "0123456789.,-+%()")
_NUMBER = re.compile(r"^([+-]?\d{1,3}(?:,\d{3})+|[+-]?\d+)(\.\d+)?$")
_PLAIN_NUMBER = re.compile(r"^[0-9]{1,15}(\.[0-9]{1,6})?$")
_PLAIN_DAY = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_UNITS = re.compile(r"(人次|人|名|个|件|份|次|家|元|户|年|RMB|CNY)$", re.IGNORECASE)
_DAY = re.compile(r"^(\d{4})[-./年]\s*(\d{1,2})(?:[-./月]\s*(\d{1,2})日?)?月?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?$")
_DAY_RUN = re.compile(r"^(\d{4})(\d{2})(\d{2})$")


class Bad(Exception):
    """A cell that means nothing here."""

    def __init__(self, code: str, **params: Any):
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Value:
    """What a cell means. `notes` are (code, params) of what was changed to get there or is worth a look."""

    value: Any = None
    notes: tuple[tuple[str, dict], ...] = ()
    warnings: tuple[tuple[str, dict], ...] = field(default=())


EMPTY = Value()
Parser = Callable[[Cell], Value]


def shown(cell: Cell) -> str:
    """The cell as a person sees it in the spreadsheet."""
    if cell is None:
        return ""
    if isinstance(cell, Formula):
        return shown(cell.shown)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute) else cell.isoformat(" ", "minutes")
    if isinstance(cell, float):
        return format(Decimal(repr(cell)), "f")
    return str(cell)


def is_empty(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return cell is None
    return not _plainly_something(cell) and _cleaned(cell).upper() in NOTHING


def _plainly_something(text: str) -> bool:
    """Most cells are digits or Chinese words: seen at a glance not to be empty, nor in want of cleaning."""
    return text.isalnum() and ((text.isascii() and text.isdigit()) or len(text) > 4)


@lru_cache(maxsize=50_000)
def _cleaned(text: str) -> str:
    return clean(text)


def _words(cell: Cell) -> tuple[str, tuple]:
    """The cell's cleaned text, and the note that says so where cleaning changed it."""
    if isinstance(cell, Formula):
        raise Bad("formula")
    raw = unguarded(shown(cell))
    text = _cleaned(raw)
    if _ERROR.match(text):
        raise Bad("cell_error", text=text)
    return text, ((("cleaned", {"old": raw, "new": text}),) if text != raw else ())


def text(most: int = 120, least: int = 1) -> Parser:
    """A line of text; a formula is refused, for nobody sees what it hides."""

    def parse(cell: Cell) -> Value:
        words, notes = _words(cell)
        if words in NOTHING:
            return EMPTY
        if len(words) > most:
            raise Bad("too_long", most=most, length=len(words))
        if len(words) < least:
            raise Bad("too_short", least=least)
        return Value(words, notes)

    return parse


def code(pattern: str = r"[0-9A-Z-]{4,20}") -> Parser:
    """An identifier: kept as text, whatever the spreadsheet made of it."""
    form = re.compile(pattern)

    def parse(cell: Cell) -> Value:
        if isinstance(cell, float) or (isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) >= 10**15):
            # A spreadsheet keeps fifteen digits of a number: the rest is gone.
            raise Bad("digits_lost", text=shown(cell))
        words, notes = _words(cell)
        words = words.replace(" ", "").upper()
        if words in NOTHING:
            return EMPTY
        if not form.fullmatch(words):
            raise Bad("bad_code", text=words)
        return Value(words, notes)

    return parse


_credit_text = code(r"[0-9A-Z]{1,24}")


def credit_code(cell: Cell) -> Value:
    """A unified social credit code by its check digit; an old 15-digit taxpayer number is named and left out."""
    parsed = _credit_text(cell)
    value = parsed.value
    if value is None:
        return parsed
    if len(value) == 15:
        return Value(None, parsed.notes, (("old_tax_number", {"text": value}),))
    if len(value) != 18:
        raise Bad("credit_code_length", text=value, length=len(value))
    if not uscc.is_valid(value):
        raise Bad("credit_code_check", text=value)
    return parsed


def _decimal(cell: Cell) -> tuple[Decimal | None, tuple]:
    notes: tuple = ()
    if isinstance(cell, Formula):
        cell, notes = cell.shown, (("formula_result", {"text": shown(cell.shown)}),)
        if is_empty(cell):
            raise Bad("formula")
    if isinstance(cell, (bool, date, datetime)):
        raise Bad("not_a_number", text=shown(cell))
    if isinstance(cell, (int, float)):
        return Decimal(repr(cell)), notes
    raw = shown(cell)
    if _PLAIN_NUMBER.match(raw):
        return Decimal(raw), notes
    words = _cleaned(raw).translate(_DIGITS)
    if _ERROR.match(words):
        raise Bad("cell_error", text=words)
    if words in NOTHING:
        return None, ()
    bare = _UNITS.sub("", words.replace(" ", "").removeprefix("¥").removeprefix("￥").removeprefix("约"))
    factor = 1
    if bare.endswith("万"):
        bare, factor = bare[:-1], 10_000
    if not _NUMBER.match(bare):
        raise Bad("not_a_number", text=raw)
    try:
        number = Decimal(bare.replace(",", "")) * factor
    except InvalidOperation as problem:
        raise Bad("not_a_number", text=raw) from problem
    if bare != raw or factor != 1:
        notes = (*notes, ("read_as_number", {"old": raw, "new": format(number.normalize(), "f")}))
    return number, notes


def integer(most: int = 10_000_000) -> Parser:
    """A count: whole, not negative."""

    def parse(cell: Cell) -> Value:
        number, notes = _decimal(cell)
        if number is None:
            return EMPTY
        if number < 0:
            raise Bad("negative", text=shown(cell))
        if number != int(number):
            raise Bad("not_whole", text=shown(cell))
        if number > most:
            raise Bad("too_big", text=shown(cell))
        return Value(int(number), notes)

    return parse


def money(cell: Cell) -> Value:
    """Yuan, at most two places after the point; below nought only where a form allows it, which none does yet."""
    number, notes = _decimal(cell)
    if number is None:
        return EMPTY
    if number < 0:
        raise Bad("negative", text=shown(cell))
    if number > 10**12:
        raise Bad("too_big", text=shown(cell))
    exact = number.quantize(Decimal("0.01"))
    if exact != number:
        notes = (*notes, ("rounded", {"old": shown(cell), "new": str(exact)}))
    return Value(str(exact), notes)


def day(cell: Cell) -> Value:
    """A day, in any of the ways people write one; a month alone is taken as its first day, and says so."""
    if isinstance(cell, Formula):
        cell = cell.shown
    if isinstance(cell, datetime):
        return Value(cell.date())
    if isinstance(cell, date):
        return Value(cell)
    if is_empty(cell):
        return EMPTY
    raw = shown(cell)
    if _PLAIN_DAY.match(raw):
        try:
            return Value(date.fromisoformat(raw))
        except ValueError as problem:
            raise Bad("no_such_day", text=raw) from problem
    words = _cleaned(raw).translate(_DIGITS)
    match = _DAY.match(words) or _DAY_RUN.match(words)
    if not match:
        raise Bad("not_a_day", text=raw)
    year, month, monthday = int(match[1]), int(match[2]), int(match[3] or 1)
    try:
        value = date(year, month, monthday)
    except ValueError as problem:
        raise Bad("no_such_day", text=raw) from problem
    if not match[3]:
        return Value(value, (("first_of_month", {"old": raw, "new": value.isoformat()}),))
    if raw == value.isoformat():
        return Value(value)
    return Value(value, (("read_as_day", {"old": raw, "new": value.isoformat()}),))


def period(cell: Cell) -> Value:
    """A quarter: 2026Q3, 2026年三季度, 2026年第3季度."""
    words, _notes = _words(cell)
    try:
        found = Period.parse(words)
    except ValueError as problem:
        raise Bad("not_a_period", text=words) from problem
    if not found.quarter:
        raise Bad("not_a_period", text=words)
    return Value(found.code)


def phone(cell: Cell) -> Value:
    """A telephone number, kept as text; what does not look like one is kept and pointed out."""
    words, notes = _words(cell)
    words = words.replace(" ", "").replace("－", "-")
    if words in NOTHING:
        return EMPTY
    if "*" in words:  # masked by an export: the number on record stays
        return Value(None, (("masked", {"text": words}),))
    if len(words) > 20:
        raise Bad("too_long", most=20, length=len(words))
    if not re.fullmatch(r"(1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|\d{7,8}|400-?\d{3}-?\d{4})", words):
        return Value(words, notes, (("odd_phone", {"text": words}),))
    return Value(words, notes)


@dataclass(frozen=True)
class Option:
    """One of the answers a column allows: stored code, wording in both languages, other wordings people use."""

    code: str
    zh: str
    en: str
    also: tuple[str, ...] = ()


def choice(options: Iterable[Option], *, lenient: bool = False) -> Parser:
    """One of a list, by any of its wordings; a near miss is refused with the nearest one named. Lenient: what is not on
    the list is left out with a warning."""
    options = tuple(options)
    known = {fold_name(word): o.code for o in options for word in (o.zh, o.en, o.code, *o.also)}
    words_of = [o.zh for o in options]

    @lru_cache(maxsize=1000, typed=True)  # a column of choices holds few different cells
    def parse(cell: Cell) -> Value:
        words, notes = _words(cell)
        if words.upper() in NOTHING:
            return EMPTY
        if (found := known.get(fold_name(words))) is not None:
            return Value(found, notes)
        near = process.extractOne(words, words_of, score_cutoff=50)
        params = {"text": words, "near": near[0] if near else ""}
        bad = "unknown_choice_near" if near else "unknown_choice"
        if lenient:
            return Value(None, notes, ((bad, params),))
        raise Bad(bad, **params)

    return parse


YES_NO = (
    Option("1", "是", "Yes", ("有", "Y", "√", "✓", "TRUE", "对", "已设", "已建")),
    Option("0", "否", "No", ("没有", "N", "×", "✗", "FALSE", "未设", "未建", "未")),
)
_yes_no = choice(YES_NO, lenient=True)


@lru_cache(maxsize=1000, typed=True)
def yes_no(cell: Cell) -> Value:
    """Yes or no; 无 is a no here, an empty cell is nothing."""
    if isinstance(cell, str) and clean(cell) == "无":
        return Value(False)
    parsed = _yes_no(cell)
    return parsed if parsed.value is None else Value(parsed.value == "1", parsed.notes, parsed.warnings)
