"""The engine of every import: columns are found, cells parsed, rows weighed against the register, a preview written.

An importer is a declaration (`Importer`): columns, keys, what is loaded once, checks, and how rows are applied. The
page, the command and the tests all go through the functions here; nothing is written to the register before a person
has seen the preview and confirmed it (unions/import_jobs.py).
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils.translation import get_language
from rapidfuzz import fuzz, process

from unions.enums import RowState
from unions.import_problems import ERROR, INFO, WARNING, problem
from unions.kit.bulk import update_rows
from unions.kit.names import clean, fold_name
from unions.kit.parsing import Bad, Option, Parser, is_empty, shown
from unions.kit.registry import Registry
from unions.kit.spreadsheets_in import Cell, Table
from unions.models import ImportBatch, ImportRow, User
from unions.permissions import Permission

REASON_TITLES = ("原因", "Reason")
# Columns that rosters have and nobody imports.
IGNORED = frozenset(fold_name(t) for t in ("序号", "编号", "No.", "No", "备注", "Remarks", "说明", *REASON_TITLES))
SUGGEST_FROM = 60  # how near (0 to 100) a header must be to be proposed
_NOTE = re.compile(
    r"^(合计|总计|小计|共计|累计|填表说明|填报说明|说明|备注|注|制表|填表人|填报人|填报单位|审核人|负责人|单位负责人|联系人|报送日期|Total|Notes?)"
    r"([:：\s(（]|$|\d)",
    re.IGNORECASE,
)
CHUNK = 1000
KEPT = (RowState.NEW, RowState.CHANGED)  # rows whose values later steps need


@dataclass(frozen=True)
class Column:
    """A column of the file. `zh` and `en` are its titles in workbooks of ours; `also` what others call it."""

    key: str
    zh: str
    en: str
    parse: Parser
    required: bool = False
    also: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    lenient: bool = False  # what cannot be read is left out with a warning instead of refusing the row
    kind: str = "text"  # how a workbook shows it (unions/kit/workbooks.py)
    width: float = 14
    example: Any = ""
    help_zh: str = ""
    help_en: str = ""
    mask: Callable[[str], str] | None = None  # personal data: kept sealed, shown so

    @property
    def title(self) -> str:
        return self.en if _english() else self.zh

    @property
    def help(self) -> str:
        return self.help_en if _english() else self.help_zh

    def shown(self, value: Any) -> str:
        """A stored value as people read it."""
        if value in (None, ""):
            return ""
        if self.options:
            code = {True: "1", False: "0"}.get(value, value) if isinstance(value, bool) else value
            return next((o.en if _english() else o.zh for o in self.options if o.code == code), str(value))
        return str(value)


def _english() -> bool:
    return (get_language() or "").startswith("en")


@dataclass
class Row:
    """A row on its way: as it stood, as understood, what is there already, what is wrong with it."""

    number: int
    cells: list[Cell]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[dict] = field(default_factory=list)
    current: dict[str, Any] | None = None  # the record's present values; None where there is none
    object_id: int | None = None
    revision: int | None = None
    label: str = ""

    def error(self, code: str, column: str = "", **params: Any) -> None:
        self.problems.append(problem(ERROR, code, column, **params))

    def warn(self, code: str, column: str = "", **params: Any) -> None:
        self.problems.append(problem(WARNING, code, column, **params))

    def info(self, code: str, column: str = "", **params: Any) -> None:
        self.problems.append(problem(INFO, code, column, **params))

    def warned(self, code: str) -> bool:
        return any(p["code"] == code for p in self.problems)

    def has_error(self, column: str | None = None) -> bool:
        return any(p["level"] == ERROR and (column is None or p["field"] == column) for p in self.problems)


class Importer:
    """What an importer declares. Rows of a large file pass one by one; what a check needs of the others is gathered by
    `survey` beforehand and kept in the context that `load` makes."""

    key: str
    label: Any
    lead: Any
    permission: Permission
    columns: Sequence[Column]
    key_columns: Sequence[str]
    gives_rights = False  # whoever confirms it proves anew who they are
    order = 100  # among the importers on the page
    brief: Sequence[str] = ()  # columns shown of a new row in the preview
    max_rows = 50_000
    suffixes = ".xlsx,.xls,.csv"

    def load(self, user: User, table: Table, mapping: dict[int, str]) -> Any:
        """Everything the checks look up, read once: never a query a row."""
        raise NotImplementedError

    def survey(self, row: Row, context: Any) -> None:
        """See a row before any is checked; only what other rows need to know of it is kept."""

    def look_up(self, rows: list[Row], context: Any) -> None:
        """Fetch what belongs to these rows, with as many queries for a thousand as for one: for importers whose records
        are too many to hold all at once."""

    def check(self, row: Row, context: Any) -> None:
        """Weigh a parsed row: add problems, set `current`, `object_id`, `revision` where there is a record."""
        raise NotImplementedError

    def finish(self, context: Any) -> dict[int, list[dict]]:
        """Problems that show only when all rows have been checked: row number → problems."""
        return {}

    def apply(self, batch: ImportBatch, user: User, progress: Callable) -> dict:
        """Write the rows, in the caller's transaction; raises Stale where the register has moved on."""
        raise NotImplementedError

    def undo(self, batch: ImportBatch, user: User, progress: Callable) -> list[str]:
        """Take the rows back, in the caller's transaction. Returns what stands in the way; then nothing was done."""
        raise NotImplementedError

    def url(self, row: ImportRow) -> str:
        """Where the record of an imported row can be seen."""
        return ""

    def template_options(self, user: User) -> dict[str, list[str]]:
        """Answers offered in the template's drop-downs beyond those of the columns: those in this person's scope."""
        return {}

    @cached_property
    def by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    @cached_property
    def titles(self) -> dict[str, str]:
        """Every folded title → column key."""
        return {fold_name(t): c.key for c in self.columns for t in (c.zh, c.en, c.key, *c.also)}


class Stale(Exception):
    """The register has changed since the preview: it must be made again."""


importers: Registry[Importer] = Registry("importer")


def importers_for(user: User) -> list[Importer]:
    return sorted((i for i in importers if user.has_perm(i.permission)), key=lambda importer: importer.order)


# --- columns -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Match:
    """A column of the file: which of ours it is, how sure that is, and what else it could be."""

    index: int
    header: str
    key: str = ""
    how: str = "unknown"  # exact, ignored, suggested, twice, unknown
    near: str = ""


def match_columns(importer: Importer, headers: Sequence[str]) -> list[Match]:
    """Each header by its title or a synonym, otherwise the nearest title as a suggestion."""
    matches, taken = [], set()
    for index, header in enumerate(headers):
        folded = fold_name(re.sub(r"[*＊]$", "", header.strip()))
        key = importer.titles.get(folded)
        if not folded or folded in IGNORED:
            matches.append(Match(index, header, how="ignored"))
        elif key and key not in taken:
            taken.add(key)
            matches.append(Match(index, header, key, "exact"))
        else:
            matches.append(Match(index, header, how="twice" if key else "unknown"))
    return [_suggest(importer, match, taken) if match.how == "unknown" else match for match in matches]


def _suggest(importer: Importer, match: Match, taken: set[str]) -> Match:
    free = {title: key for title, key in importer.titles.items() if key not in taken}
    near = process.extractOne(fold_name(match.header), free.keys(), scorer=fuzz.WRatio, score_cutoff=SUGGEST_FROM)
    if not near:
        return match
    key = free[near[0]]
    taken.add(key)
    return Match(match.index, match.header, key, "suggested", importer.by_key[key].zh)


def mapping_of(matches: Iterable[Match]) -> dict[int, str]:
    return {match.index: match.key for match in matches if match.key}


def missing_columns(importer: Importer, mapping: dict[int, str]) -> list[Column]:
    """Columns without which nothing can be imported."""
    found = set(mapping.values())
    return [column for column in importer.columns if column.required and column.key not in found]


def is_certain(matches: Iterable[Match]) -> bool:
    return all(match.how in ("exact", "ignored") for match in matches)


# --- rows ----------------------------------------------------------------------------------------------------------


def is_note(cells: Sequence[Cell], mapping: dict[int, str], importer: Importer) -> bool:
    """A total, a note or a line for the seal below the table; a row with nothing but its serial number."""
    if not any(i < len(cells) and not is_empty(cells[i]) for i in mapping):
        return True
    first = clean(shown(next(cell for cell in cells if not is_empty(cell))))
    if not _NOTE.match(first):
        return False
    keys = [i for i, key in mapping.items() if key in importer.key_columns]
    has_key = any(i < len(cells) and not is_empty(cells[i]) and clean(shown(cells[i])) != first for i in keys)
    return not has_key


def parse_row(importer: Importer, number: int, cells: list[Cell], mapping: dict[int, str]) -> Row:
    """The row's cells as values. An empty cell says nothing: the record keeps what it has."""
    row = Row(number, cells)
    for index, key in mapping.items():
        column = importer.by_key[key]
        try:
            parsed = column.parse(cells[index] if index < len(cells) else None)
        except Bad as bad:
            row.problems.append(problem(WARNING if column.lenient else ERROR, bad.code, key, **bad.params))
            continue
        for code, params in parsed.notes:
            row.info(code, key, **params)
        for code, params in parsed.warnings:
            row.warn(code, key, **params)
        if parsed.value is not None:
            row.values[key] = parsed.value
        elif column.required and not parsed.warnings:
            row.error("missing", key)
    return row


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def weigh(row: Row, batch: ImportBatch) -> ImportRow:
    """The row as the preview keeps it: its state, what it would change, and no more than later steps need."""
    changes = {}
    if row.has_error():
        state = RowState.ERROR
    elif row.current is None:
        state = RowState.NEW
    else:
        changes = {
            key: [plain(row.current[key]), plain(value)]
            for key, value in row.values.items()
            if key in row.current and row.current[key] != value
        }
        state = RowState.CHANGED if changes else RowState.SAME
    values = {key: plain(value) for key, value in row.values.items()} if state in KEPT else {}
    before = {key: plain(value) for key, value in row.current.items()} if state == RowState.CHANGED else None
    masks = {column.key: column.mask for column in importers[batch.importer].columns if column.mask}
    masked = lambda held: {k: masks[k](v) if k in masks and v else v for k, v in held.items()}  # noqa: E731
    stored = ImportRow(
        batch=batch, number=row.number, state=state, label=row.label[:160],
        has_warning=any(p["level"] == WARNING for p in row.problems),
        values=masked(values), before=before and masked(before), problems=[_masked(p, masks) for p in row.problems],
        changes={k: [v and masks[k](v) for v in pair] if k in masks else pair for k, pair in changes.items()},
        object_id=row.object_id, revision=row.revision,
    )  # fmt: skip
    private = {
        "raw": [_stored(cell) for cell in row.cells] if row.problems else [],
        "values": {key: values[key] for key in masks if values.get(key)},
        "before": {key: before[key] for key in masks if before.get(key)} if before else {},
    }
    stored.private = json.dumps(private, ensure_ascii=False) if any(private.values()) else ""
    return stored


def _masked(given: dict, masks: dict[str, Callable]) -> dict:
    """A problem that quotes a masked column quotes it masked."""
    params = given.get("params", {})
    if given["field"] not in masks or "text" not in params:
        return given
    return {**given, "params": {**params, "text": masks[given["field"]](str(params["text"]))}}


def _stored(cell: Cell) -> Any:
    text = shown(cell)[:400]
    return cell if isinstance(cell, (int, float)) and not isinstance(cell, bool) else text.replace("\0", "")


def data_rows(importer: Importer, table: Table, mapping: dict[int, str]) -> Iterator[tuple[int, list[Cell]]]:
    for number, cells in table.rows():
        if not is_note(cells, mapping, importer):
            yield number, cells


def write_preview(
    batch: ImportBatch, importer: Importer, table: Table, mapping: dict[int, str], progress: Callable
) -> dict:
    """Check every row and store what was found; returns the counts. Memory holds a thousand rows at a time."""
    context = importer.load(batch.by, table, mapping)
    total = 0
    for number, cells in data_rows(importer, table, mapping):
        importer.survey(Row(number, cells), context)
        total += 1
    counts: Counter = Counter()
    problems: Counter = Counter()
    done = 0
    rows = data_rows(importer, table, mapping)
    while chunk := [parse_row(importer, *numbered, mapping) for numbered in islice(rows, CHUNK)]:
        importer.look_up(chunk, context)
        for row in chunk:
            importer.check(row, context)
        done += _store([weigh(row, batch) for row in chunk], counts, problems)
        progress(done, total)
    fresh_statistics(ImportRow)
    _add_late(batch, importer.finish(context), counts, problems)
    progress(done, total)
    return {
        "rows": total,
        **{state.value: counts[state.value] for state in RowState},
        "warnings": counts["warnings"],
        "problems": dict(problems.most_common()),
    }


def fresh_statistics(*models: type[Model]) -> None:
    """Tell the database how large tables have become: after a bulk load its plans, those of triggers too, would go on
    as if they were small until its own housekeeping comes round."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_analyze(%s::regclass[])", [[model._meta.db_table for model in models]])


def _store(rows: list[ImportRow], counts: Counter, problems: Counter) -> int:
    ImportRow.objects.bulk_create(rows)
    for row in rows:
        counts[row.state] += 1
        counts["warnings"] += row.has_warning
        problems.update({_group(p) for p in row.problems})
    return len(rows)


def _group(given: dict) -> str:
    return f"{given['level']}|{given['code']}|{given['field']}"


def _add_late(batch: ImportBatch, late: dict[int, list[dict]], counts: Counter, problems: Counter) -> None:
    """Rows that turned out bad after they were stored."""
    rows = list(batch.rows.filter(number__in=late))
    for row in rows:
        found = late[row.number]
        problems.update({_group(p) for p in found} - {_group(p) for p in row.problems})
        row.problems = [*row.problems, *found]
        if any(p["level"] == ERROR for p in found) and row.state != RowState.ERROR:
            counts[row.state] -= 1
            counts[RowState.ERROR] += 1
            row.state = RowState.ERROR
        row.has_warning = row.has_warning or any(p["level"] == WARNING for p in found)
    update_rows(rows, ["problems", "state", "has_warning"])
