"""One union's budgets and accounts head by head over the years."""

from dataclasses import dataclass
from decimal import Decimal

from disclosure.annual import SEE
from disclosure.enums import AccountSide
from disclosure.models import AnnualReport, Budget
from disclosure.models.budgets import BY_HEAD, by_head
from unions.models import Union, User

YEARS = 6


@dataclass(frozen=True)
class Cell:
    year: int
    planned: Decimal | None
    came: Decimal | None  # by the accounts of the annual report


@dataclass(frozen=True)
class Course:
    """A head, or the sum of a side, year by year."""

    label: str
    cells: list[Cell]
    is_sum: bool = False

    @property
    def groups(self) -> list[tuple[str, list[Decimal | None]]]:
        """Year by year what it came to beside what was planned."""
        return [(str(one.year), [one.came, one.planned]) for one in self.cells]


def courses_of(union: Union, user: User) -> list[Course]:
    """The last years of which there is a budget in force or accounts, the oldest first; four queries whatever their number."""
    seen = {"union": union}
    budgets = Budget.objects.visible_to(user, SEE).in_force().filter(**seen).order_by("-year")[:YEARS]
    reports = AnnualReport.objects.visible_to(user, SEE).filter(**seen).exclude(accounts={}).order_by("-year")[:YEARS]
    planned = {one.year: by_head(one.sheet, one.amounts) for one in _with_heads(budgets)}
    came = {one.year: by_head(one.sheet, one.accounts) for one in _with_heads(reports)}
    years = sorted({*planned, *came})[-YEARS:]
    heads = dict.fromkeys(head for found in (planned, came) for year in years for head in found.get(year, {}))
    courses = []
    for side in AccountSide:
        names = [name for of, name in heads if of == side]
        courses += [Course(name, _cells(years, planned, came, [(side.value, name)])) for name in names]
        if names:
            cells = _cells(years, planned, came, [(side.value, name) for name in names])
            courses.append(Course(side.label, cells, is_sum=True))
    return courses


def _with_heads(rows):
    return rows.select_related("sheet").prefetch_related("sheet__heads")


def _cells(years: list[int], planned: dict[int, BY_HEAD], came: dict[int, BY_HEAD], heads: list) -> list[Cell]:
    return [Cell(year, _sum(planned.get(year), heads), _sum(came.get(year), heads)) for year in years]


def _sum(amounts: BY_HEAD | None, heads: list) -> Decimal | None:
    found = [amounts[head] for head in heads if head in amounts] if amounts else []
    return sum(found, Decimal(0)) if found else None
