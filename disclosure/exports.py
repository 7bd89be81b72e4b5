"""Workbooks of returns: the form to fill in offline and bring back, lists, a summary's figures, the totals."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import xlsxwriter
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosure.definition import definition_of
from disclosure.enums import FigureType
from disclosure.models import Form, Indicator, Return
from disclosure.rules import as_number
from disclosure.sheet import sheet_of
from unions.kit.names import fold_name
from unions.kit.spreadsheets_in import Formula, Refused, read, workspace
from unions.kit.workbooks import OPTIONS, Out, safe_text, write_table
from unions.uploads import scan_table

NARRATIVE = "narrative"
CODE, FIGURE = "代码", "本季数"


class Unreadable(Exception):
    """A file that is no filled-in form; its text says what to do."""


def figure_column(indicator: Indicator) -> Out:
    kind = {FigureType.MONEY: "money", FigureType.COUNT: "int"}.get(indicator.type, "text")
    unit = f"（{indicator.unit}）" if indicator.unit else ""
    return Out(f"{indicator.name}{unit}", kind, 13)


def cell(indicator: Indicator, value: object):
    return value if indicator.type == FigureType.TEXT else as_number(value)


def form_name(filing: Return) -> str:
    return f"{filing.union.name}_{filing.period}_{filing.version.form.name_zh}.xlsx"


def form_workbook(filing: Return) -> bytes:
    """The form with what is known filled in: white cells to fill, grey ones that the portal computes itself."""
    sheet_data = sheet_of(filing)
    with tempfile.SpooledTemporaryFile(max_size=1 << 20) as file:
        with xlsxwriter.Workbook(file, {**OPTIONS, "constant_memory": False}) as book:
            styles = _styles(book)
            page = book.add_worksheet("信息反馈")
            page.set_column(0, 0, 8)
            page.set_column(1, 1, 34)
            page.set_column(2, 2, 8)
            page.set_column(3, 4, 16)
            page.set_column(5, 5, 46)
            page.set_column(6, 6, 20)
            page.write_string(0, 0, safe_text(f"{filing.union.name} {filing.period_label}"), styles["title"])
            page.write_string(1, 0, "填写“本季数”一列后上传；灰色格由系统计算，不用填写。", styles["quiet"])
            for column, title in enumerate(("序号", "项目", "单位", FIGURE, "上季度", "填报说明", CODE)):
                page.write_string(2, column, title, styles["head"])
            line = 3
            for row in sheet_data.rows:
                _write_row(page, line, row, styles)
                line += 1
            page.write_string(line, 1, "工作开展情况、亮点与困难", styles["text"])
            page.write_string(line, 3, safe_text(filing.narrative), styles["open"])
            page.write_string(line, 6, NARRATIVE, styles["quiet"])
            page.freeze_panes(3, 2)
            page.protect("", {"select_locked_cells": True})
            page.set_paper(9)
            page.fit_to_pages(1, 0)
        file.seek(0)
        return file.read()


def _styles(book: xlsxwriter.Workbook) -> dict:
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "quiet": book.add_format({"font_color": "#57606A"}),
        "head": book.add_format({"bold": True, "bg_color": "#F7F5F2", "bottom": 1}),
        "text": book.add_format({"text_wrap": True}),
        "open": book.add_format({"border": 1, "locked": False, "num_format": "#,##0.##"}),
        "shut": book.add_format({"bg_color": "#EEEBE6"}),
    }


def _write_row(page, line: int, row, styles: dict) -> None:
    indicator = row.indicator
    page.write_number(line, 0, row.number)
    page.write_string(line, 1, safe_text(("其中：" if indicator.is_part else "") + indicator.name_zh), styles["text"])
    page.write_string(line, 2, safe_text(indicator.unit_zh))
    style = styles["open"] if indicator.is_editable else styles["shut"]
    if row.value in (None, ""):
        page.write_blank(line, 3, None, style)
    elif indicator.type == FigureType.TEXT:
        page.write_string(line, 3, safe_text(row.value), style)
    else:
        page.write_number(line, 3, as_number(row.value), style)
    if row.last not in (None, "") and indicator.type != FigureType.TEXT:
        page.write_number(line, 4, as_number(row.last))
    page.write_string(line, 5, safe_text(indicator.help_zh), styles["quiet"])
    page.write_string(line, 6, row.code, styles["quiet"])
    if indicator.type in (FigureType.COUNT, FigureType.MONEY) and indicator.is_editable:
        page.data_validation(line, 3, line, 3, {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": "请填不小于 0 的数"})  # fmt: skip


def form_rows(file: UploadedFile, figure: str, others: set[str]) -> tuple[list, dict[str, int]]:
    """The rows of a filled-in form and where its columns are (folded title → place); `figure` must be among them, by the
    `others` its table is found. Raises Unreadable."""
    with workspace() as folder:
        path = Path(folder) / "form"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        try:
            scan_table(path)
            table = read(path, {figure, *others}, into=Path(folder), max_rows=500, name=file.name or "")
        except Refused as problem:
            raise Unreadable(str(problem)) from None
        titles = {fold_name(title): index for index, title in enumerate(table.headers)}
        if fold_name(figure) not in titles:
            raise Unreadable(_("There is no column “%(title)s” in this workbook. Download the form and fill that in.") % {"title": figure})  # fmt: skip
        return list(table.rows()), titles


def read_form(filing: Return, file: UploadedFile) -> tuple[dict[str, object], list[str]]:
    """The figures of an uploaded form by code, and a sentence for each cell that cannot be used. Rows are found by
    their code, or by the figure's name where the code was lost. Raises Unreadable."""
    return _figures(filing, *form_rows(file, FIGURE, {"项目", CODE, "单位"}))


def _figures(filing: Return, rows: list, titles: dict[str, int]) -> tuple[dict[str, object], list[str]]:
    definition = definition_of(filing.version)
    by_name = {fold_name(i.name_zh): code for code, i in definition.indicators.items()}
    values, problems = {}, []
    at = lambda cells, title: (  # noqa: E731
        cells[titles[title]] if title in titles and titles[title] < len(cells) else None
    )
    for number, cells in rows:
        named = fold_name(at(cells, "项目") or "").removeprefix("其中：").removeprefix("其中:")
        code = str(at(cells, fold_name(CODE)) or "").strip() or by_name.get(named, "")
        given = at(cells, fold_name(FIGURE))
        if isinstance(given, Formula):
            given = given.shown
        if code == NARRATIVE and given:
            values[NARRATIVE] = str(given)
            continue
        indicator = definition.indicators.get(code)
        if indicator is None:
            if given not in (None, "") and named:
                problems.append(
                    _("Row %(row)d: “%(name)s” is not a figure of this form; it was left out.")
                    % {"row": number, "name": named[:30]}
                )
            continue
        if not indicator.is_editable or given in (None, ""):
            continue
        if isinstance(given, bool) or hasattr(given, "year"):
            problems.append(
                _("Row %(row)d, “%(name)s”: a number belongs here.") % {"row": number, "name": indicator.name}
            )
            continue
        values[code] = f"{given:.10g}" if isinstance(given, float) and abs(given) < 1e9 else str(given)
    return values, problems


def returns_workbook(returns: Iterable[Return], words: list[str], *, form: Form, version=None) -> bytes:
    """A list of returns with all their figures, a row a return."""
    definition = definition_of(version or form.versions.filter(published_at__isnull=False).first())
    indicators = list(definition.indicators.values())
    columns = [
        Out(_("Union code"), width=16), Out(_("Union"), width=34), Out(_("Middle-tier union"), width=18),
        Out(_("Period"), width=14), Out(_("State"), width=10), *(figure_column(i) for i in indicators),
        Out(_("Explanations"), width=40), Out(_("Submitted at"), "moment", 18),
    ]  # fmt: skip
    rows = (
        [
            r.union.code, r.union.name, r.middle.name if r.middle else "", r.period_label, r.get_state_display(),
            *(cell(i, r.figures.get(i.code)) for i in indicators), "；".join(r.explanations.values()), r.submitted_at,
        ]
        for r in returns
    )  # fmt: skip
    return _table(rows, columns, str(form), words)


def figures_workbook(rows: Iterable[dict], indicator: Indicator, title: str) -> bytes:
    """One figure of a summary with the unions it is made of."""
    columns = [Out(_("Union code"), width=16), Out(_("Union"), width=34), figure_column(indicator), Out(_("Last quarter"), "int"), Out(_("Change"), "int")]  # fmt: skip
    table = (
        [r["code"], r["name"], cell(indicator, r["value"]), cell(indicator, r["last"]), r["change"]] for r in rows
    )
    return _table(table, columns, title, [])


def totals_workbook(
    rows: Iterable[tuple[str, int, dict]], indicators: list[Indicator], title: str, words: list[str]
) -> bytes:
    """The matrix of totals: a row a middle-tier union, a column a figure, the district last."""
    columns = [Out(_("Union"), width=24), Out(_("Returns"), "int", 8), *(figure_column(i) for i in indicators)]
    table = ([name, count, *(cell(i, figures.get(i.code)) for i in indicators)] for name, count, figures in rows)
    return _table(table, columns, title, words)


def _table(rows: Iterable, columns: list[Out], title: str, words: list[str]) -> bytes:
    made = _("Made at %(time)s") % {"time": f"{timezone.localtime():%Y-%m-%d %H:%M}"}
    with write_table(rows, columns, sheet=title, title=title, lead=[*words, made]) as file:
        return file.read()
