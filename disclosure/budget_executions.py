"""What is received and spent by a budget: entered by half-year or quarter, judged by the budget in force, made public.

Spending keeps within the approved budget; a head over it by more than the district's limit wants an adjustment first, and
capital expenditure from the district's threshold on the committee's minutes (domain 8.2, 8.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db import transaction
from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, Value, When
from django.db.models.functions import Cast, Concat, ExtractYear
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.enums import MeetingKind
from assemblies.models import Meeting
from disclosure.annual import SEE, WRITE
from disclosure.annual_sources import Year
from disclosure.budgets import MISSING, read_amount
from disclosure.bulletins import due_day
from disclosure.duty_seeds import FUNDS
from disclosure.enums import AccountSide
from disclosure.models import AnnualReport, Budget, CatalogueItem, Execution
from disclosure.models.budgets import BY_HEAD, IN_FORCE, by_head
from unions import opening
from unions.calendar import WorkCalendar
from unions.enums import Rhythm, Tier, UploadState
from unions.kit.periods import Period
from unions.models import Duty, Upload, User
from unions.services import record
from unions.settingbook import setting
from unions.templatetags.components import full_day
from unions.uploads import Purpose
from unions.workflow import Invalid, MoveError, NotAllowed, demand_unchanged

CATEGORY = "accounts"  # of the catalogue of disclosure
FILE = Purpose(
    "budget-execution", gettext_lazy("Minutes and vouchers beside the execution of a budget"),
    ("pdf", "docx", "xlsx", "jpeg", "png"), 10, SEE, WRITE,
)  # fmt: skip
KEPT = (UploadState.CLEAN, UploadState.QUARANTINED)


# --- periods -------------------------------------------------------------------------------------------------------


def ends_of(year: int) -> list[date]:
    """The days until which the execution is entered: of each half-year or quarter, as the district sets."""
    count = setting("budget-rhythm")
    return [Period(year, quarter).end for quarter in range(4 // count, 5, 4 // count)]


def past_ends(budget: Budget) -> list[date]:
    """Those that are over."""
    return [day for day in ends_of(budget.year) if day <= timezone.localdate()]


def open_ends(budget: Budget) -> list[date]:
    """Those that are over and not entered yet."""
    known = set(executions_of(budget).values_list("until_on", flat=True))
    return [day for day in past_ends(budget) if day not in known]


def executions_of(budget: Budget) -> QuerySet[Execution]:
    """Of the same year, whichever version they are judged by, the newest first."""
    rows = Execution.objects.filter(union=budget.union_id, budget__year=budget.year).select_related("budget__union")
    return rows.prefetch_related("budget__sheet__heads").order_by("-until_on")


def in_force_for(budget: Budget) -> Budget:
    """The version of the same year that is in force now; the one given where none is."""
    rows = Budget.objects.in_force().filter(union=budget.union_id, year=budget.year)
    return rows.select_related("union").prefetch_related("sheet__heads").first() or budget


def owe_next(budget: Budget) -> None:
    """Which execution the union makes public next, and by when: so many working days after the period, as the catalogue of
    disclosure has it for its tier. Writes nothing."""
    out = set(executions_of(budget).published().values_list("until_on", flat=True))
    rows = CatalogueItem.objects.filter(tier=budget.union.tier, category__key=CATEGORY, is_active=True)
    budget.owed_on = next((day for day in ends_of(budget.year) if day not in out), None)
    item = rows.select_related("rule").first() if budget.owed_on else None
    budget.due_on = _due_on(item, budget.owed_on) if item else None


def _due_on(item: CatalogueItem, until: date) -> date:
    """As the duty has it that asks for the half-year; of a quarter in between as the catalogue has it."""
    half = Period.half_of(until)
    if item.rule and item.rule.rhythm == Rhythm.HALF and until == half.end:
        return opening.due_day(item.rule, half, WorkCalendar())
    return due_day(item, until)


def without_duty(budgets: QuerySet[Budget]) -> QuerySet[Budget]:
    """Those whose next execution no duty asks for: a duty reminds by itself."""
    half = Case(When(owed_on__month=6, then=Value("H1")), When(owed_on__month=12, then=Value("H2")), default=Value(""))
    budgets = budgets.annotate(half=Concat(Cast(ExtractYear("owed_on"), CharField()), half))
    return budgets.exclude(
        Exists(Duty.objects.filter(rule__key=FUNDS, union=OuterRef("union"), period=OuterRef("half")))
    )


def settled(budgets: QuerySet[Budget]) -> QuerySet[Budget]:
    """Those whose next execution has been made public since."""
    done = Execution.objects.published().filter(union=OuterRef("union"), until_on=OuterRef("owed_on"))
    return budgets.filter(Exists(done))


# --- as it is read -------------------------------------------------------------------------------------------------


@dataclass
class Entry:
    """A head with what was received or spent, of what was budgeted for it."""

    name: str  # of its field
    label: str
    amount: Decimal | None
    budgeted: Decimal
    earlier: Decimal | None  # by the end of the period before
    tone: str = "ok"

    @property
    def share(self) -> Decimal | None:
        return (self.amount or Decimal(0)) / self.budgeted if self.budgeted else None


@dataclass(frozen=True)
class Difference:
    """Another record of the portal says something else of the same figure."""

    text: str
    source: str
    href: str


class Ledger:
    """An execution with all that stands on its page; read once. A draft is judged by the budget in force now, what was
    submitted by the one of that day."""

    def __init__(self, execution: Execution):
        self.execution = execution

    @cached_property
    def budget(self) -> Budget:
        execution = self.execution
        return in_force_for(execution.budget) if execution.is_editable else execution.budget

    @cached_property
    def limit(self) -> Decimal:
        return 1 + Decimal(setting("budget-overrun", self.execution.until_on)) / 100

    @cached_property
    def earlier(self) -> Execution | None:
        return executions_of(self.budget).filter(until_on__lt=self.execution.until_on).first()

    @cached_property
    def files(self) -> list[Upload]:
        rows = Upload.objects.filter(union=self.execution.union_id, purpose=FILE.key, object_id=self.execution.pk)
        return list(rows.order_by("created_at", "pk"))

    @cached_property
    def sides(self) -> list[tuple[str, str, list[Entry], Entry]]:
        """Side, its name, its heads, their sums."""
        found = []
        for side in AccountSide:
            heads = [head for head in self.budget.sheet.heads.all() if head.side == side]
            entries = [
                Entry(
                    f"a.{head.pk}", head.name, self.execution.amount(head), self.budget.amount(head) or Decimal(0),
                    self.earlier and self.earlier.amount(head),
                )
                for head in heads
            ]  # fmt: skip
            for entry in entries if side == AccountSide.EXPENSE else ():
                entry.tone = "bad" if self.is_over(entry) else "warn" if (entry.amount or 0) > entry.budgeted else "ok"
            found.append((side.value, side.label, entries, _total(entries)))
        return found

    def is_over(self, entry: Entry) -> bool:
        """Spent more than the budget and the limit on top of it."""
        return (entry.amount or Decimal(0)) > entry.budgeted * self.limit

    @property
    def spent(self) -> Entry:
        """All that was spent, of all that was budgeted for it."""
        return self.sides[1][3]

    @property
    def tone(self) -> str:
        """The worst of its heads."""
        tones = {entry.tone for entry in self.sides[1][2]}
        return next(tone for tone in ("bad", "warn", "ok") if tone in tones or tone == "ok")

    @property
    def balance(self) -> Decimal:
        """What is left by the day."""
        return self.budget.before + self.sides[0][3].amount - self.sides[1][3].amount

    @cached_property
    def wrong(self) -> dict[str, str]:
        """Field → why it cannot be submitted with that."""
        found = {}
        if not any(entry.amount for _side, _label, entries, _total in self.sides for entry in entries):
            return {self.sides[0][2][0].name: _("No head has an amount yet.")}
        for entry in self.sides[1][2]:
            if self.is_over(entry):
                found[entry.name] = _(
                    "%(spent)s yuan of %(budgeted)s yuan: over the budget by more than %(limit)d %%. Have an adjustment adopted first."
                ) % {
                    "spent": f"{entry.amount:,.2f}", "budgeted": f"{entry.budgeted:,.2f}",
                    "limit": setting("budget-overrun", self.execution.until_on),
                }  # fmt: skip
            elif self._wants_minutes(entry):
                found[entry.name] = _(
                    "Capital expenditure from %(least)s yuan on wants the committee's minutes: choose the meeting or upload a file."
                ) % {"least": f"{setting('budget-capital-minutes', self.execution.until_on):,}"}
        if self.balance < 0:
            words = _("More was spent than there was: %(balance)s yuan.")
            found.setdefault(self.sides[1][2][0].name, words % {"balance": f"{self.balance:,.2f}"})
        return found

    def _wants_minutes(self, entry: Entry) -> bool:
        day = self.execution.until_on
        if entry.label != setting("budget-capital-head", day) or not entry.amount:
            return False
        has_minutes = self.execution.meeting_id or any(one.state in KEPT for one in self.files)
        return entry.amount >= setting("budget-capital-minutes", day) and not has_minutes

    @cached_property
    def differences(self) -> list[Difference]:
        """Where the accepted returns or the accounts of the annual report say something else; nothing is blocked by it."""
        return [*self._from_returns(), *self._from_accounts()]

    def _from_returns(self) -> list[Difference]:
        """Above the grassroots the returns are those of the unions below, which are not the union's own funds."""
        budget, day = self.budget, self.execution.until_on
        if budget.union.tier is not Tier.GRASSROOTS:
            return []
        told = [one for one in Year(budget.union, budget.year).quarters if Period.parse(one[0]).end <= day]
        if len(told) != Period.quarter_of(day).quarter:
            return []
        found = []
        for code, (_side, label, _entries, total) in zip(("income", "expenditure"), self.sides, strict=True):
            other = sum((Decimal(str(figures.get(code) or 0)) for _p, figures, _h in told), Decimal(0))
            if other != total.amount:
                found.append(_difference(label, total.amount, other, _("Accepted returns"), told[-1][2]))
        return found

    def _from_accounts(self) -> list[Difference]:
        budget, day = self.budget, self.execution.until_on
        rows = AnnualReport.objects.filter(union=budget.union_id, year=budget.year).select_related("sheet")
        report = rows.first() if day == date(day.year, 12, 31) else None
        if report is None or not report.accounts:
            return []
        mine: BY_HEAD = by_head(budget.sheet, self.execution.amounts)
        theirs: BY_HEAD = by_head(report.sheet, report.accounts)
        href = reverse("disclosure:annual", args=[report.pk])
        return [
            _difference(name, mine.get((side, name), Decimal(0)), theirs.get((side, name), Decimal(0)), report.title, href)
            for side, name in dict.fromkeys([*mine, *theirs])
            if mine.get((side, name), 0) != theirs.get((side, name), 0)
        ]  # fmt: skip


def _total(entries: list[Entry]) -> Entry:
    amount, budgeted = (
        sum((getattr(one, name) or Decimal(0) for one in entries), Decimal(0)) for name in ("amount", "budgeted")
    )
    earlier = [one.earlier for one in entries if one.earlier is not None]
    return Entry("", "", amount, budgeted, sum(earlier, Decimal(0)) if earlier else None)


def _difference(what: str, mine: Decimal, other: Decimal, source: str, href: str) -> Difference:
    text = _("%(what)s: %(mine)s yuan here, %(other)s yuan there.") % {
        "what": what, "mine": f"{mine:,.2f}", "other": f"{other:,.2f}"
    }  # fmt: skip
    return Difference(text, source, href)


def meetings_for(execution: Execution) -> QuerySet[Meeting]:
    """Committee meetings of the union that can have decided on capital expenditure of the year."""
    rows = Meeting.objects.filter(union=execution.union_id, kind=MeetingKind.COMMITTEE).held()
    return rows.filter(held_on__lte=timezone.localdate()).order_by("-held_on", "-pk")


# --- writing -------------------------------------------------------------------------------------------------------


@transaction.atomic
def begin(budget: Budget, until: date, *, by: User) -> Execution:
    """Enter what was received and spent until a day; the second to begin it goes on with the first one's."""
    if not by.has_perm(WRITE, budget):
        raise NotAllowed(_("You may not write this union's budget."))
    if known := executions_of(budget).filter(until_on=until).first():
        return known
    current = in_force_for(budget)
    if current.state not in IN_FORCE:
        raise MoveError(_("The execution is entered once the budget is adopted."))
    if until not in past_ends(current):
        raise Invalid(MISSING, {"until": _("Choose a period that is over.")})
    made = Execution.objects.create(budget=current, until_on=until)
    record(budget.union, "execution.begin", made, by=by, data={"until": full_day(until)})
    return Execution.objects.select_related("budget__union").get(pk=made.pk)


def _locked(execution: Execution, by: User, revision: int | None) -> Execution:
    if not by.has_perm(WRITE, execution):
        raise NotAllowed(_("You may not write this union's budget."))
    rows = Execution.objects.select_for_update(of=("self",), no_key=True).select_related("budget__union", "meeting")
    current = rows.get(pk=execution.pk)
    demand_unchanged(current, revision)
    if not current.is_editable:
        raise MoveError(_("What was submitted does not change: withdraw it first."))
    return current


@transaction.atomic
def save(
    execution: Execution, values: Mapping[str, str], meeting: Meeting | None, *, by: User, revision: int | None = None
) -> tuple[Execution, dict[str, str]]:
    """Keep the amounts, cumulative from the beginning of the year, and the meeting that decided on capital expenditure; what
    cannot be read is named (field → sentence) and the rest kept all the same."""
    current, errors = _locked(execution, by, revision), {}
    amounts = dict(current.amounts)
    for head in current.budget.sheet.heads.all():
        if (text := values.get(f"a.{head.pk}")) is None:
            continue
        try:
            amount = read_amount(text)
        except ValueError as problem:
            errors[f"a.{head.pk}"] = str(problem)
        else:
            amounts[str(head.pk)] = "" if amount is None else str(amount)
    changed = [key for key, text in amounts.items() if text != current.amounts.get(key, "")]
    if changed or current.meeting != meeting:
        current.amounts, current.meeting, current.budget = amounts, meeting, in_force_for(current.budget)
        current.add_up()
        current.revision += 1
        current.save(update_fields=["amounts", "spent", "budgeted", "meeting", "budget", "revision"])
        record(current.budget.union, "execution.edit", current, by=by, data={"count": len(changed)})
    return current, errors
