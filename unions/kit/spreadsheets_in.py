"""Tables that people upload: looked at by content, read in a limited child process, handed on row by row.

Whatever a file holds, the answer is rows or one sentence (Refused). Nothing of it is parsed in this process but the
zip directory and a few first bytes.
"""

import json
import lzma
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unions.kit.names import fold_name

MEGABYTE = 1 << 20
WORKBOOK_BYTES, TEXT_BYTES = 10 * MEGABYTE, 40 * MEGABYTE
UNPACKED_BYTES, RATIO, MEMBERS = 120 * MEGABYTE, 100, 200
CHILD_MEGABYTES, CHILD_SECONDS, WALL_SECONDS = 512, 20, 60
# Whatever the zip module says of a directory or a member that is not what it claims to be.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, ValueError, NotImplementedError, RuntimeError,
    EOFError, OverflowError,
)  # fmt: skip
SUFFIXES = (".xlsx", ".xls", ".csv", ".txt")
HEADER_WITHIN = 30
SHEETS = 12  # the child reads no more

REASONS = {
    "disk": gettext_lazy("The server has no room for the file just now. Nothing was kept; try again later."),
    "empty": gettext_lazy("The file is empty."),
    "size": gettext_lazy("The file is too large: a workbook may have 10 MB, a CSV file 40 MB. Split it."),
    "suffix": gettext_lazy("This is not a table the portal reads. Save it as .xlsx, .xls or CSV and upload it again."),
    "broken": gettext_lazy(
        "The file is damaged or not a real workbook. Open it in Excel or WPS, save it again as .xlsx and upload that."
    ),
    "encrypted": gettext_lazy(
        "The workbook is protected by a password. Take the password off, save it and upload it again."
    ),
    "macros": gettext_lazy("The workbook holds macros. Save it as an ordinary .xlsx workbook and upload that."),
    "links": gettext_lazy(
        "The workbook refers to other files. Paste the cells as values into a new workbook and upload that."
    ),
    "entities": gettext_lazy("The workbook holds declarations that no spreadsheet program writes. It was not opened."),
    "bomb": gettext_lazy(
        "Unpacked, the workbook would be far too large. Copy the table into a new workbook and upload that."
    ),
    "web_page": gettext_lazy(
        "This is a web page with the ending of a workbook. Open it in Excel and save it as .xlsx."
    ),
    "too_large": gettext_lazy(
        "The workbook is too large to read: often a stray cell far away from the table. Copy the table alone into a new workbook."
    ),
    "too_slow": gettext_lazy("Reading the file took too long. Split it, or copy the table alone into a new workbook."),
    "too_long": gettext_lazy("The file has more rows than may be imported at once. Split it."),
    "too_wide": gettext_lazy("The table has more than 200 columns. Copy the columns you need into a new workbook."),
    "encoding": gettext_lazy("The characters of the file cannot be read. Save it as CSV UTF-8 or as .xlsx."),
    "infected": gettext_lazy("The virus scanner found something in the file. Nothing was kept."),
    "scanner": gettext_lazy("The virus scanner gives no answer. Nothing was kept; try again in a few minutes."),
    "no_rows": gettext_lazy("There is no table in the file: no row with a header and rows below it."),
}


class Refused(Exception):
    """A file that is not read; its text is one sentence that says what to do."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(str(REASONS[code]))


@dataclass(frozen=True)
class Formula:
    """A cell that holds a formula, with the result that was saved beside it."""

    shown: object = ""


Cell = str | int | float | bool | date | datetime | Formula | None


def inspect(path: Path, name: str = "") -> str:
    """What the file is by its content: xlsx, xls or csv. Raises Refused for everything else, before it is parsed."""
    size = path.stat().st_size
    if not size:
        raise Refused("empty")
    with path.open("rb") as file:
        start = file.read(4096)
    if name and not name.lower().endswith(SUFFIXES):
        raise Refused("macros" if name.lower().endswith((".xlsm", ".xltm", ".xlam")) else "suffix")
    if start.startswith(b"PK"):
        kind = "xlsx"
        _check_size(size, WORKBOOK_BYTES)
        check_archive(path)
    elif start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        kind = "xls"
        _check_size(size, WORKBOOK_BYTES)
        _check_compound(path)
    else:
        kind = "csv"
        _check_size(size, TEXT_BYTES)
        _check_text(start)
    return kind


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise Refused("size")


def check_archive(path: Path, main: str = "xl/workbook.xml") -> None:
    """An Office file of the zip kind that holds its `main` part, unpacks to a size it may have and nothing that acts."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = {member.filename.lower() for member in members}
            unpacked = sum(member.file_size for member in members)
            packed = max(1, sum(member.compress_size for member in members))
            if any(member.flag_bits & 1 for member in members):
                raise Refused("encrypted")
            if len(members) > MEMBERS or len(names) != len(members):
                raise Refused("broken")
            if unpacked > UNPACKED_BYTES or (unpacked > MEGABYTE and unpacked / packed > RATIO):
                raise Refused("bomb")
            if any("vbaproject" in name or name.startswith("xl/macrosheets") for name in names):
                raise Refused("macros")
            if any("/externallinks/" in name for name in names):
                raise Refused("links")
            if "[content_types].xml" not in names or main not in names:
                raise Refused("suffix")
            _check_declarations(archive, members)
    except DAMAGED as problem:
        raise Refused("broken") from problem


def _check_declarations(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        if not member.filename.lower().endswith((".xml", ".rels")):
            continue
        with archive.open(member) as file:
            start = file.read(65_536)
        if re.search(rb"<!\s*(DOCTYPE|ENTITY)|<\0!\0D\0O\0C", start):
            raise Refused("entities")
        if b"macroEnabled" in start and member.filename.lower() == "[content_types].xml":
            raise Refused("macros")


def _check_compound(path: Path) -> None:
    """Excel 97 and encrypted workbooks share a container; the streams' names tell them apart."""
    body = path.read_bytes()
    has = lambda name: name.encode("utf-16-le") in body  # noqa: E731
    if has("EncryptedPackage"):
        raise Refused("encrypted")
    if has("_VBA_PROJECT"):
        raise Refused("macros")
    if not (has("Workbook") or has("Book")):
        raise Refused("suffix")


def _check_text(start: bytes) -> None:
    probe = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if probe.startswith((b"<", b"mime-version", b"%pdf")):
        raise Refused(
            "web_page" if probe.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml", b"mime")) else "suffix"
        )
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("suffix")


@dataclass
class Table:
    """The table found in a file: its sheet, its header, and its rows with the numbers the spreadsheet shows."""

    path: Path
    sheet: int = 0
    sheet_name: str = ""
    header_row: int = 0
    headers: list[str] = field(default_factory=list)
    encoding: str = ""

    def titles(self) -> list[str]:
        """The texts above the header, the sheet's name last."""
        found = []
        with self.path.open(encoding="ascii") as lines:
            next(lines)
            for line in lines:
                sheet, number, cells = json.loads(line)
                if sheet > self.sheet or (sheet == self.sheet and number >= self.header_row):
                    break
                found += [cell for cell in cells if sheet == self.sheet and isinstance(cell, str) and cell.strip()]
        return [*found, self.sheet_name]

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Rows below the header, in order; may be asked for again."""
        with self.path.open(encoding="ascii") as lines:
            next(lines)
            for line in lines:
                sheet, number, cells = json.loads(line)
                if sheet == self.sheet and number > self.header_row:
                    yield number, [_cell(cell) for cell in cells]
                elif sheet > self.sheet:
                    return


def _cell(value: object) -> Cell:
    if not isinstance(value, dict):
        return value
    if "d" in value:
        return date.fromisoformat(value["d"])
    if "t" in value:
        return datetime.fromisoformat(value["t"])
    return Formula(_cell(value["f"]))


def read(path: Path, titles: frozenset[str] | set[str], *, into: Path, max_rows: int, name: str = "") -> Table:
    """Read a file in the child and find its table: the sheet and the row that hold most of the known titles."""
    kind = inspect(path, name)
    cells = into / "rows.jsonl"
    _run_child(kind, path, cells, max_rows)
    return _find_table(cells, {fold_name(title) for title in titles})


def every_row(path: Path, *, into: Path, max_rows: int, name: str = "") -> Iterator[tuple[str, int, list[Cell]]]:
    """All rows of all visible sheets, read in the child: the sheet's name, the row's number, its cells."""
    kind = inspect(path, name)
    cells = into / "rows.jsonl"
    _run_child(kind, path, cells, max_rows)
    with cells.open(encoding="ascii") as lines:
        sheets = json.loads(next(lines))["sheets"]
        for line in lines:
            sheet, number, values = json.loads(line)
            yield sheets[sheet]["name"], number, [_cell(value) for value in values]


def workspace() -> tempfile.TemporaryDirectory:
    """A folder for the child's lines, gone when the caller is done with the table."""
    return tempfile.TemporaryDirectory(prefix="portal-table-")


def _run_child(kind: str, path: Path, cells: Path, max_rows: int) -> None:
    # The header, title and note lines come on top of the rows that may be imported.
    script = Path(__file__).with_name("spreadsheet_child.py")
    command = [
        sys.executable,
        "-I",
        str(script),
        kind,
        str(path),
        str(max_rows + 200),
        str(CHILD_MEGABYTES),
        str(CHILD_SECONDS),
    ]
    try:
        with cells.open("wb") as out:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, timeout=WALL_SECONDS, check=False,
                env={"LANG": "C.UTF-8"}, cwd="/",
            )  # fmt: skip
    except subprocess.TimeoutExpired as problem:
        raise Refused("too_slow") from problem
    if done.returncode == 0:
        return
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode == 3 and said in REASONS:
        raise Refused(said)
    if done.returncode in (-24, -25, -9):  # SIGXCPU, SIGXFSZ, or killed for want of memory
        raise Refused("too_slow" if done.returncode == -24 else "too_large")
    if done.returncode == -6 or "memory" in said.lower():  # the reader aborts when an allocation fails
        raise Refused("too_large")
    raise Refused("broken")


def _find_table(cells: Path, titles: set[str]) -> Table:
    """The first rows of every sheet are weighed; a row of known titles wins, otherwise the widest row of texts."""
    best, table = (0, 0), None
    seen: dict[int, int] = {}
    with cells.open(encoding="ascii") as lines:
        start = json.loads(next(lines))
        for line in lines:
            sheet, number, values = json.loads(line)
            seen[sheet] = seen.get(sheet, 0) + 1
            if seen[sheet] > HEADER_WITHIN:
                continue
            texts = [value for value in values if isinstance(value, str) and value.strip()]
            weight = (sum(fold_name(text) in titles for text in texts), len(texts))
            # Among rows without a known title the first wide one is the header, not the data below it.
            if weight > best and (weight[0] > best[0] or (not best[0] and weight[1] > 1.5 * best[1])):
                best = weight
                headers = [str(value).strip() if not isinstance(value, dict) else "" for value in values]
                table = Table(cells, sheet, start["sheets"][sheet]["name"], number, headers, start["encoding"])
    if table is None or best[1] < 2 or next(table.rows(), None) is None:
        raise Refused("no_rows")
    return table


def refusal(code: str) -> str:
    """The sentence for a code, in the reader's language."""
    return str(REASONS[code]) if code in REASONS else _("The file was refused.")
