"""Workbooks of the ground floor: the roster as it can be imported back, templates to fill in, rows to correct."""

import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from unions.enums import RowState
from unions.import_problems import ERROR, sentence
from unions.importing import REASON_TITLES, Column, Importer, importers
from unions.kit.masking import mask_phone
from unions.kit.workbooks import FORMATS, OPTIONS, Out, counted, safe_text, write_table
from unions.models import ImportBatch, ImportRow, Union, User


def _out(column: Column) -> Out:
    return Out(column.title, column.kind, column.width)


def roster_workbook(
    queryset: QuerySet[Union], filter_words: Sequence[str] = (), *, reveals_phones: bool = False
) -> bytes:
    """The unions of a list with the columns of the roster: corrected in Excel, it imports back through the same
    columns (a masked phone leaves the one on record). What was filtered stands above the header."""
    columns = importers["roster"].columns
    unions = queryset.prefetch_related(None).select_related("parent").iterator(chunk_size=2000)
    rows = ([_cell(column, union, reveals_phones) for column in columns] for union in unions)
    with write_table(
        rows,
        [_out(column) for column in columns],
        sheet=_("Roster"),
        title=_("Roster of unions"),
        lead=lead(filter_words),
    ) as file:
        return file.read()


def lead(filter_words: Sequence[str]) -> list[str]:
    """The lines above a table: which filter, and as of when."""
    words = "；".join(filter_words) if filter_words else _("all")
    now = timezone.localtime()
    return [_("Filter: %(words)s. As of %(time)s.") % {"words": words, "time": f"{now:%Y-%m-%d %H:%M}"}]


def _cell(column: Column, union: Union, reveals_phones: bool) -> Any:
    if column.key == "chair_phone" and not reveals_phones:
        return mask_phone(union.chair_phone)
    value = (union.parent.name if union.parent_id else "") if column.key == "parent" else getattr(union, column.key)
    return column.shown(value) if column.options else value


# --- template ----------------------------------------------------------------------------------------------------


def template_workbook(importer: Importer, user: User) -> bytes:
    """A workbook to fill in: header that cannot be changed, notes, an example row, drop-downs within the person's scope."""
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {**OPTIONS, "constant_memory": False}) as book:
        sheet = book.add_worksheet(_("Fill in here"))
        lists = book.add_worksheet(_("Lists"))
        head = book.add_format(
            {"bold": True, "bg_color": "#F7F5F2", "bottom": 1, "text_wrap": True, "valign": "vcenter", "locked": True}
        )
        wanted = book.add_format(
            {
                "bold": True,
                "bg_color": "#FBEEEE",
                "font_color": "#8F1B21",
                "bottom": 1,
                "text_wrap": True,
                "valign": "vcenter",
                "locked": True,
            }
        )
        example = book.add_format({"font_color": "#6B7480", "num_format": "@", "locked": False})
        example_day = book.add_format({"font_color": "#6B7480", "num_format": "yyyy-mm-dd", "locked": False})
        own = importer.template_options(user)
        for index, column in enumerate(importer.columns):
            style = book.add_format({**FORMATS[column.kind], "locked": False})
            sheet.set_column(index, index, column.width, style)
            sheet.write_string(0, index, column.title, wanted if column.required else head)
            if column.help:
                sheet.write_comment(0, index, column.help, {"x_scale": 1.6})
            answers = own.get(column.key) or [column.shown(option.code) for option in column.options]
            if answers:
                _drop_down(sheet, lists, index, column, answers)
            _example(sheet, index, column, own, example, example_day)
        sheet.freeze_panes(1, 2)
        sheet.protect("", {
            "insert_rows": True, "delete_rows": True, "sort": True, "autofilter": True, "format_cells": True,
            "format_columns": True, "format_rows": True,
        })  # fmt: skip
        lists.protect()
        _explain(book, importer)
    return body.getvalue()


def _drop_down(sheet, lists, index: int, column: Column, answers: list[str]) -> None:
    lists.write_string(0, index, column.title)
    for number, answer in enumerate(answers, 1):
        lists.write_string(number, index, answer)
    letter = xlsxwriter.utility.xl_col_to_name(index)
    sheet.data_validation(
        1, index, 20_000, index,
        {
            "validate": "list", "source": f"='{lists.get_name()}'!${letter}$2:${letter}${len(answers) + 1}",
            # A superior may stand in this very file, so another answer is allowed after a question.
            "error_type": "warning", "error_title": column.title,
            "error_message": _("This answer is not on the list. Keep it all the same?"),
        },
    )  # fmt: skip


def _example(sheet, index: int, column: Column, own: dict, style, day_style) -> None:
    value = column.example or (own.get(column.key) or [""])[0]
    if column.options and value:
        code = next((o.code for o in column.options if value in (o.zh, o.en)), "")
        value = column.shown(code) if code else value
    if isinstance(value, date):
        sheet.write_datetime(1, index, value, day_style)
    elif isinstance(value, int):
        sheet.write_number(1, index, value, style)
    elif value:
        sheet.write_string(1, index, safe_text(value), style)


def _explain(book: xlsxwriter.Workbook, importer: Importer) -> None:
    sheet = book.add_worksheet(_("How to fill in"))
    sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    lines = [
        str(importer.label),
        _("Row 2 is an example: write over it or delete it. Columns with a red title must be filled in."),
        _("Do not change the titles in row 1. You may leave out columns whose titles are not red."),
        _("An empty cell leaves what the register holds."),
        _("Codes and phone numbers are texts: keep the format of the columns, or digits get lost."),
        _("Before anything is written you see, row by row, what would change and what is wrong."),
    ]
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, line)


# --- rows to correct ---------------------------------------------------------------------------------------------


def error_workbook(batch: ImportBatch) -> bytes:
    """The rows that cannot be imported, as they stood, with the reason beside them; corrected, it is uploaded again and
    its last column is ignored."""
    importer = importers[batch.importer]
    keys = [batch.mapping.get(str(index), "") for index in range(len(batch.headers))]
    reason = REASON_TITLES[1] if importer.columns[0].title == importer.columns[0].en else REASON_TITLES[0]
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {**OPTIONS, "constant_memory": False}) as book:
        sheet = book.add_worksheet(_("To correct"))
        head = book.add_format({"bold": True, "bg_color": "#F7F5F2", "bottom": 1, "text_wrap": True})
        text, bad = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bg_color": "#F4C3BD"})
        why = book.add_format({"font_color": "#B42318", "text_wrap": True})
        for index, header in enumerate([*batch.headers, reason]):
            sheet.write_string(0, index, safe_text(header), head)
            sheet.set_column(index, index, 40 if index == len(batch.headers) else 16)
        sheet.freeze_panes(1, 2)
        rows = batch.rows.filter(state=RowState.ERROR).order_by("number").iterator(chunk_size=1000)
        for number, row in enumerate(counted(rows), 1):
            faults = _faults(row)
            for index, value in enumerate(_as_it_stood(row, importer, keys)):
                style = bad if keys[index] and keys[index] in faults else text
                _write(sheet, number, index, value, style)
                if style is bad:
                    sheet.write_comment(number, index, "\n".join(faults[keys[index]]), {"x_scale": 2})
            reasons = "；".join(dict.fromkeys(words for words_of in faults.values() for words in words_of))
            sheet.write_string(
                number,
                len(batch.headers),
                safe_text(f"第{row.number}行：{reasons}" if reason == "原因" else f"Row {row.number}: {reasons}"),
                why,
            )
    return body.getvalue()


def _faults(row: ImportRow) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    for given in row.problems:
        if given["level"] == ERROR:
            faults.setdefault(given["field"], []).append(sentence(given))
    return faults


def _as_it_stood(row: ImportRow, importer: Importer, keys: list[str]) -> Iterator[Any]:
    if row.raw:
        yield from [*row.raw[: len(keys)], *[""] * (len(keys) - len(row.raw))]
        return
    for key in keys:
        value = row.values.get(key, "")
        yield importer.by_key[key].shown(value) if key and importer.by_key[key].options else value


def _write(sheet, row: int, column: int, value: Any, style) -> None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        sheet.write_number(row, column, value, style)
    elif value not in ("", None):
        sheet.write_string(row, column, safe_text(value), style)
    else:
        sheet.write_blank(row, column, None, style)
