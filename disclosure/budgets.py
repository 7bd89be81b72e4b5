"""Budgets of a union: beginning one beside last year's figures, keeping amounts, adjusting one that was adopted.

The committee plans the year, the fund audit committee (经审会) reviews it, committee or assembly adopts it, the tier above
files it (domain 8.2: Trade Union Law, article 45); an adjustment goes the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.annual import WRITE, read_amount, sheet_for
from disclosure.enums import AccountSide, BudgetState
from disclosure.models import AnnualReport, Budget
from disclosure.models.annual import BEFORE
from disclosure.models.budgets import BY_HEAD, PLANNED, by_head
from unions.kit.text import sentence
from unions.models import Union, User
from unions.services import record
from unions.settingbook import setting
from unions.workflow import Invalid, MoveError, NotAllowed, demand_unchanged

MISSING = gettext_lazy("Something is still missing.")
BUDGET, ACCOUNTS = "budget", "accounts"  # whose figures of last year are taken over


# --- as it is read -------------------------------------------------------------------------------------------------


@dataclass
class Line:
    """A head with what was planned for it and what it came to the year before."""

    name: str  # of its field
    label: str
    amount: Decimal | None
    last_budget: Decimal | None = None
    last_accounts: Decimal | None = None
    former: Decimal | None = None  # in the version that is adjusted

    @property
    def change(self) -> Decimal:
        return (self.amount or Decimal(0)) - (self.former or Decimal(0))


class Plan:
    """A version of a budget with all that stands beside it; read once for a page."""

    def __init__(self, budget: Budget):
        self.budget = budget

    @cached_property
    def former(self) -> Budget | None:
        """The version that this one adjusts."""
        if not self.budget.is_adjustment:
            return None
        return versions(self.budget).filter(number__lt=self.budget.number).select_related("sheet").first()

    @cached_property
    def last(self) -> Budget | None:
        """Last year's budget in force."""
        rows = Budget.objects.in_force().filter(union=self.budget.union_id, year=self.budget.year - 1)
        return rows.select_related("sheet").prefetch_related("sheet__heads").first()

    @cached_property
    def report(self) -> AnnualReport | None:
        """Last year's annual report, which has the accounts."""
        rows = AnnualReport.objects.filter(union=self.budget.union_id, year=self.budget.year - 1)
        return rows.select_related("sheet").prefetch_related("sheet__heads").first()

    @cached_property
    def _beside(self) -> tuple[BY_HEAD, BY_HEAD, BY_HEAD]:
        return (
            by_head(self.last.sheet, self.last.amounts) if self.last else {},
            by_head(self.report.sheet, self.report.accounts) if self.report else {},
            by_head(self.former.sheet, self.former.amounts) if self.former else {},
        )

    @cached_property
    def sides(self) -> list[tuple[str, str, list[Line], Line]]:
        """Side, its name, its heads, their sums."""
        found = []
        for side in AccountSide:
            lines = [
                Line(f"a.{head.pk}", head.name, self.budget.amount(head), *(one.get((side.value, head.name)) for one in self._beside))
                for head in self.budget.sheet.heads.all()
                if head.side == side
            ]  # fmt: skip
            found.append((side.value, side.label, lines, self._sum(side, lines)))
        return found

    def _sum(self, side: str, lines: list[Line]) -> Line:
        """Of the years beside it all heads count, also those that the sheet has no more."""
        beside = [
            sum((amount for (of, _name), amount in one.items() if of == side), Decimal(0)) if one else None
            for one in self._beside
        ]
        return Line("", "", sum((line.amount or Decimal(0) for line in lines), Decimal(0)), *beside)

    @property
    def edges(self) -> tuple[Line, Line]:
        """What was carried over, and what is to be left at the end of the year."""
        last, report, former, budget = self.last, self.report, self.former, self.budget
        return (
            Line(f"a.{BEFORE}", _("Carried over from last year"), budget.amount(BEFORE), last and last.amount(BEFORE),
                 report and report.before, former and former.amount(BEFORE)),
            Line(f"a.{PLANNED}", _("Planned balance at the end of the year"), budget.amount(PLANNED), last and last.amount(PLANNED),
                 report and report.balance, former and former.amount(PLANNED)),
        )  # fmt: skip

    @property
    def is_begun(self) -> bool:
        return any(self.budget.amount(head) for head in self.budget.sheet.heads.all())

    @cached_property
    def wrong(self) -> dict[str, str]:
        """Field → what is wrong with it: income and what was carried over are expenditure and planned balance."""
        budget, planned = self.budget, self.budget.amount(PLANNED)
        if not self.is_begun:
            return {f"a.{BEFORE}": _("No head has an amount yet.")}
        counted = f"{budget.balance:,.2f}"
        if budget.balance < 0:
            return {f"a.{PLANNED}": _("More is to be spent than there is: %(balance)s yuan.") % {"balance": counted}}
        if planned is None:
            return {f"a.{PLANNED}": _("Enter what is left: by the heads %(balance)s yuan.") % {"balance": counted}}
        if planned != budget.balance:
            words = _("By the heads %(balance)s yuan are left, and %(planned)s yuan are entered.")
            return {f"a.{PLANNED}": words % {"balance": counted, "planned": f"{planned:,.2f}"}}
        return {}

    @property
    def remark(self) -> str:
        """Where what is carried over differs from last year's accounts: the reader is told, nothing is blocked."""
        report = self.report
        if not report or not report.accounts or report.balance == self.budget.before:
            return ""
        return _("Carried over: %(before)s yuan here, %(balance)s yuan left in last year's accounts.") % {
            "before": f"{self.budget.before:,.2f}", "balance": f"{report.balance:,.2f}"
        }  # fmt: skip


def shortcoming(budget: Budget) -> str | None:
    """Why it cannot be reviewed yet, in a sentence."""
    return next(iter(Plan(budget).wrong.values()), None)


def versions(budget: Budget) -> QuerySet[Budget]:
    """Of the same union and year, the newest first."""
    return Budget.objects.filter(union=budget.union_id, year=budget.year).order_by("-number")


# --- writing -------------------------------------------------------------------------------------------------------


def years_to_plan(today: date | None = None) -> list[int]:
    """This year, and from its last quarter on the next one before it (budgets are made in November and December)."""
    today = today or timezone.localdate()
    return [today.year + 1, today.year] if today.month >= 10 else [today.year]


@transaction.atomic
def begin(union: Union, year: int, *, by: User) -> Budget:
    """A draft of the year's budget; the second to begin it goes on with the first one's."""
    if not by.has_perm(WRITE, union):
        raise NotAllowed(_("You may not write this union's budget."))
    if known := Budget.objects.filter(union=union, year=year).newest().first():
        return known
    if year not in years_to_plan():
        raise Invalid(MISSING, {"year": _("Choose this year or, from October on, the next one.")})
    made = Budget(union=union, year=year, sheet=sheet_for(union, year))
    if carried := _carried(Plan(made)):
        made.amounts = {BEFORE: carried}
    made.save()
    record(union, "budget.begin", made, by=by, data={"year": year})
    return made


def _carried(plan: Plan) -> str:
    """What last year's accounts left, as it is stored; nothing where there are none."""
    return str(plan.report.balance) if plan.report and plan.report.accounts and plan.report.balance >= 0 else ""


def _open(budget: Budget, by: User, revision: int | None) -> Budget:
    if not by.has_perm(WRITE, budget):
        raise NotAllowed(_("You may not write this union's budget."))
    rows = Budget.objects.select_for_update(of=("self",), no_key=True).select_related("union", "sheet")
    current = rows.get(pk=budget.pk)
    demand_unchanged(current, revision)
    if not current.is_editable:
        raise MoveError(_("What was reviewed does not change: take it back first, or adjust what was adopted."))
    return current


@transaction.atomic
def save(
    budget: Budget, values: Mapping[str, str], *, by: User, revision: int | None = None
) -> tuple[Budget, dict[str, str]]:
    """Keep the amounts; one that cannot be read is named (field → sentence) and the rest kept all the same."""
    current, errors = _open(budget, by, revision), {}
    amounts = dict(current.amounts)
    for key in [BEFORE, PLANNED, *(str(head.pk) for head in current.sheet.heads.all())]:
        if (text := values.get(f"a.{key}")) is None:
            continue
        try:
            amount = read_amount(text)
        except ValueError as problem:
            errors[f"a.{key}"] = str(problem)
        else:
            amounts[key] = "" if amount is None else str(amount)
    return _keep(current, amounts, by), errors


def _keep(budget: Budget, amounts: dict[str, str], by: User) -> Budget:
    changed = [key for key, text in amounts.items() if text != budget.amounts.get(key, "")]
    if changed:
        budget.amounts = amounts
        budget.revision += 1
        budget.save(update_fields=["amounts", "revision"])
        record(budget.union, "budget.edit", budget, by=by, data={"count": len(changed)})
    return budget


@transaction.atomic
def take_over(budget: Budget, source: str, *, by: User, revision: int | None = None) -> Budget:
    """Last year's figures where nothing is entered yet, and the planned balance that follows from them."""
    current = _open(budget, by, revision)
    amounts, plan = dict(current.amounts), Plan(current)
    for _side, _label, lines, _sum in plan.sides:
        for line in lines:
            last = line.last_budget if source == BUDGET else line.last_accounts
            if line.amount is None and last is not None:
                amounts[line.name.removeprefix("a.")] = str(last)
    amounts[BEFORE] = amounts.get(BEFORE) or _carried(plan)
    taken = Budget(sheet=current.sheet, amounts=amounts)
    if not amounts.get(PLANNED) and taken.balance >= 0:
        amounts[PLANNED] = str(taken.balance)
    return _keep(current, amounts, by)


def was_never_reviewed(budget: Budget) -> bool:
    """Nobody but its writers has seen it: it may go without a trace but the record of acts."""
    return budget.state == BudgetState.DRAFT and budget.reviewed_on is None


@transaction.atomic
def discard(budget: Budget, *, by: User) -> None:
    """Throw away a draft that was never reviewed; the version in force, where there is one, is adjusted anew."""
    current = _open(budget, by, None)
    if not was_never_reviewed(current):
        raise MoveError(_("It was reviewed once and stays on record: correct it instead."))
    record(current.union, "budget.discard", current, by=by, data={"year": current.year, "number": current.number})
    current.delete()


# --- adjustments ---------------------------------------------------------------------------------------------------


def why_no_adjustment(budget: Budget, today: date | None = None) -> str | None:
    """Why this version cannot be adjusted now, in a sentence; how often in a year and until when the district sets."""
    today = today or timezone.localdate()
    if budget.state != BudgetState.ACCEPTED or versions(budget).filter(number__gt=budget.number).exists():
        return _("Only the newest version is adjusted, once the tier above has accepted it.")
    most, month = setting("budget-adjustments"), setting("budget-adjust-month")
    if budget.number > most:
        return _("A budget is adjusted %(most)d times in a year at most.") % {"most": most}
    if (today.year, today.month) > (budget.year, month):
        return _("A budget is adjusted until the end of month %(month)d of its year.") % {"month": month}
    return None


@transaction.atomic
def adjust(budget: Budget, reason: str, *, by: User) -> Budget:
    """A new version beside the one in force, with its reason; it goes the same way."""
    if not by.has_perm(WRITE, budget):
        raise NotAllowed(_("You may not write this union's budget."))
    current = Budget.objects.select_for_update(of=("self",), no_key=True).select_related("union").get(pk=budget.pk)
    reason = sentence(reason, 500)
    following = versions(current).filter(number=current.number + 1).first()
    if following and following.reason == reason:
        return following  # the same form sent twice
    if why := why_no_adjustment(current):
        raise MoveError(why)
    if not reason:
        raise Invalid(MISSING, {"reason": _("Say why the budget is adjusted.")})
    made = Budget.objects.create(
        union=current.union, year=current.year, number=current.number + 1, reason=reason, sheet=current.sheet, amounts=current.amounts
    )  # fmt: skip
    record(current.union, "budget.adjust", made, by=by, reason=reason, data={"number": made.number - 1})
    return made
