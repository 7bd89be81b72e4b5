"""A union's page as a workbook: key figures with their parts, subordinates by period, and what upper floors add."""

import tempfile
from collections.abc import Iterable, Sequence
from typing import IO

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from unions.dashboards import ACCEPTED, BASES, Board
from unions.enums import Tier
from unions.kit.registry import union_cards
from unions.kit.workbooks import OPTIONS, Out, Sheet
from unions.models.duty import Rates


def board_workbook(board: Board) -> bytes:
    """What the page shows, as it shows it: the same period, the same basis, the same rows in the same order."""
    sheets = [(_("Key figures"), _columns(_("Figure"), "", _("Numerator"), _("Denominator")), _key_rows(board))]
    if board.rule and board.is_leaf:
        sheets.append((_("Record by period"), *_record(board)))
    if board.has_below:
        sheets.append((_("Subordinates by period"), *_subordinates(board)))
    for card in sorted(union_cards, key=lambda card: card.order):
        if card.sheet and board.user.has_perm(card.permission, board.union) and (sheet := card.sheet(board)):
            sheets.append(sheet)
    with _book(sheets, board.union.name, _lead(board)) as file:
        return file.read()


def _book(sheets: Iterable[tuple[str, Sequence[Out], Iterable]], title: str, lead: list[str]) -> IO[bytes]:
    file = tempfile.SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        for name, columns, rows in sheets:
            Sheet(book, name, columns, title=title, lead=lead).write(rows)
    file.seek(0)
    return file


def _lead(board: Board) -> list[str]:
    what = f"{board.period.label} · {board.rule.name} · {BASES[board.basis]}" if board.rule else board.period.label
    made = _("Made by %(name)s at %(time)s") % {
        "name": board.user.name, "time": f"{timezone.localtime():%Y-%m-%d %H:%M}"
    }  # fmt: skip
    return [what, made]


def _columns(first: str, rate: str, *numbers: str) -> list[Out]:
    return [Out(first, width=34), Out(rate or _("Rate"), "percent", 10), *(Out(title, "int") for title in numbers)]


def _rate_row(title: str, numerator: int, denominator: int) -> list:
    return [title, numerator / denominator if denominator else _("n/a"), numerator, denominator]


def rate_rows(rates: Rates) -> list[list]:
    """Every rate of the duties with numerator and denominator (docs: architecture, rates)."""
    return [
        _rate_row(_("Completeness (submitted / expected)"), rates.submitted, rates.expected),
        _rate_row(_("Timeliness (on time / expected)"), rates.on_time, rates.expected),
        _rate_row(_("Timeliness with extensions"), rates.on_time + rates.extended, rates.expected),
        _rate_row(_("Acceptance (accepted / expected)"), rates.accepted, rates.expected),
        _rate_row(_("Accepted without being returned"), rates.submitted - rates.returned, rates.submitted),
        _rate_row(_("Completeness weighted by members"), rates.members_submitted, rates.members_expected),
    ]


def _key_rows(board: Board) -> list[list]:
    rows = rate_rows(board.rates) if board.rule else []
    if board.is_leaf:
        return [*rows, _rate_row(_("Rate of membership"), board.union.members, board.union.workers)]
    terms = board.overdue_terms
    return [*rows, _rate_row(_("Overdue for election"), terms["overdue"], terms["unions"])]


def _subordinates(board: Board) -> tuple[list[Out], list[list]]:
    """District: a rate each; middle tier: a word each; then the counts of the chosen period."""
    is_district = board.union.tier is Tier.DISTRICT
    periods = [Out(period.short, "percent" if is_district else "text", 9) for period in board.window]
    counts = (_("Accepted") if board.basis == ACCEPTED else _("Submitted"), _("Expected"))
    columns = [Out(_("Union"), width=34), *periods, *(Out(title, "int", 10) for title in counts)]
    if not is_district:
        return columns, [
            [row.full_name, *(cell.text for cell in row.cells), row.done, row.expected] for row in board.unit_rows
        ]
    rows = [[row.full_name, *(cell.share for cell in row.cells), row.done, row.expected] for row in board.middle_rows]
    return columns, [
        *rows, [_("Total"), *(cell.share for cell in board.total_cells), board.done, board.rates.expected]
    ]  # fmt: skip


def _record(board: Board) -> tuple[list[Out], list[list]]:
    """A grassroots union's own record, newest first."""
    duties = board.duties.filter(union=board.union, rule=board.rule).order_by("-period")
    columns = [
        Out(_("Period")), Out(_("Due on"), "day"), Out(_("State")), Out(_("Timeliness")),
        Out(_("First submitted at"), "moment", 18), Out(_("Times returned"), "int"),
    ]  # fmt: skip
    return columns, [
        [
            duty.period_label, duty.due_on, str(duty.get_state_display()), str(duty.get_timeliness_display()),
            duty.first_submitted_at, duty.return_count,
        ]
        for duty in duties
    ]  # fmt: skip
