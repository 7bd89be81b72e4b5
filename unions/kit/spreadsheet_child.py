"""Runs alone in a limited child process: reads one uploaded table and writes its cells as JSON lines.

Started by path, never imported by the portal: a hostile file may abort, hang or fill the memory of this process and
of nothing else. The first line says what the sheets are called, then one line a row: [sheet, row number, cells]. A
cell is a string, a number, a boolean, null, or {"d": day}, {"t": time}, {"f": 1} for a formula without a text.
"""

import codecs
import csv
import json
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

REFUSED = 3
SHEETS, COLUMNS, CELL = 12, 200, 4000


def limit(megabytes: int, seconds: int) -> None:
    """What this process may take at most; the parent watches the wall clock."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (400 << 20, 400 << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def refuse(code: str) -> None:
    sys.stdout.flush()
    sys.stderr.write(code)
    sys.stderr.flush()
    sys.exit(REFUSED)


def plain(value: object) -> object:
    """A cell as JSON can hold it."""
    if isinstance(value, str):
        return value[:CELL]
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e17 else value
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, (time, timedelta)):
        return str(value)
    return value


class Writer:
    """Rows as lines; refuses what is longer than a person could mean."""

    def __init__(self, max_rows: int):
        self.max_rows = max_rows
        self.written = 0

    def row(self, sheet: int, number: int, cells: list) -> None:
        while cells and cells[-1] in ("", None):
            cells.pop()
        if not cells:
            return
        if len(cells) > COLUMNS:
            refuse("too_wide")
        self.written += 1
        if self.written > self.max_rows:
            refuse("too_long")
        sys.stdout.write(json.dumps([sheet, number, cells], ensure_ascii=True, separators=(",", ":")) + "\n")


def head(sheets: list[dict], encoding: str = "") -> None:
    sys.stdout.write(json.dumps({"sheets": sheets, "encoding": encoding}) + "\n")


def read_workbook(path: str, max_rows: int) -> None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    writer = Writer(max_rows)
    try:
        book = CalamineWorkbook.from_path(path)
        shown = [
            (index, meta)
            for index, meta in enumerate(book.sheets_metadata)
            if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
        ][:SHEETS]
        head([{"name": meta.name} for _index, meta in shown])
        formulas = formula_cells(path, [meta.name for _index, meta in shown]) if zipfile.is_zipfile(path) else {}
        for place, (index, meta) in enumerate(shown):
            sheet = book.get_sheet_by_index(index)
            left = sheet.start[1] if sheet.start else 0
            marked = formulas.get(meta.name, {})
            # The reader gives empty rows above the first used one, but no empty columns before it.
            for number, values in enumerate(sheet.iter_rows(), 1):
                _write_row(writer, place, number, left, values, marked)
    except PasswordError:
        refuse("encrypted")
    except CalamineError:
        refuse("broken")


def _write_row(writer: Writer, sheet: int, number: int, left: int, values: list, marked: dict) -> None:
    cells = [""] * left + [plain(value) for value in values] if left < COLUMNS else [plain(v) for v in values]
    for column in marked.get(number, ()):
        if column < len(cells):
            cells[column] = {"f": cells[column]}
        elif column < COLUMNS:
            cells += [""] * (column - len(cells)) + [{"f": ""}]
    writer.row(sheet, number, cells)


_FORMULA = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*>\s*<(?:\w+:)?f\b")


def formula_cells(path: str, names: list[str]) -> dict[str, dict[int, list[int]]]:
    """sheet → row → columns that hold a formula: the reader gives their last result and does not say so."""
    found: dict[str, dict[int, list[int]]] = {}
    with zipfile.ZipFile(path) as archive:
        for name, member in _sheet_files(archive).items():
            if name not in names:
                continue
            rows: dict[int, list[int]] = {}
            for letters, number in _FORMULA.findall(archive.read(member)):
                column = 0
                for letter in letters:
                    column = column * 26 + letter - 64
                rows.setdefault(int(number), []).append(column - 1)
            found[name] = rows
    return found


def _sheet_files(archive: zipfile.ZipFile) -> dict[str, str]:
    """sheet name → member of the archive."""
    from defusedxml import ElementTree

    members = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= members:
        return {}
    targets = {
        item.get("Id"): item.get("Target", "")
        for item in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    files = {}
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if not sheet.tag.endswith("}sheet"):
            continue
        link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        target = targets.get(link, "")
        member = target.lstrip("/") if target.startswith("/") else "xl/" + target
        if member in members:
            files[sheet.get("name", "")] = member
    return files


def encoding_of(path: Path) -> str:
    """UTF-8 or UTF-16 by its mark, UTF-8 if every byte fits, otherwise GB18030 if every byte fits."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for name in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(name)("strict")
        try:
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return name
    refuse("encoding")
    return ""


def read_text(path: str, max_rows: int) -> None:
    encoding = encoding_of(Path(path))
    writer = Writer(max_rows)
    csv.field_size_limit(1 << 20)
    head([{"name": ""}], encoding)
    with Path(path).open(encoding=encoding, newline="") as file:
        sample = file.read(20_000)
        file.seek(0)
        lines = [line for line in sample.splitlines() if line.strip()][:5]
        separator = max(",\t;", key=lambda mark: sum(line.count(mark) for line in lines))
        try:
            reader = csv.reader(file, delimiter=separator)
            before = 0
            for cells in reader:
                # A quoted line break makes a row several lines long; people count it by its first.
                writer.row(0, before + 1, cells if len(cells) > COLUMNS else [cell[:CELL] for cell in cells])
                before = reader.line_num
        except csv.Error:
            refuse("broken")


def main() -> None:
    kind, path, max_rows, megabytes, seconds = sys.argv[1:]
    limit(int(megabytes), int(seconds))
    sys.stdout.reconfigure(encoding="ascii", newline="\n")
    try:
        if kind == "csv":
            read_text(path, int(max_rows))
        else:
            read_workbook(path, int(max_rows))
    except MemoryError:
        refuse("too_large")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
