"""A union's budget of a year in its versions, the first and its adjustments, and what was received and spent by it. Heads are
those of the annual report."""

from decimal import Decimal

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from assemblies.models import Meeting
from disclosure.enums import AccountSide, BudgetState, ExecutionState
from disclosure.models.annual import BEFORE, AnnualHead, AnnualSheet
from disclosure.models.bulletins import OUT, Bulletin
from unions.models import UnionOwned, UnionOwnedQuerySet, UnionPart
from unions.models.base import fill_from
from unions.workflow import Movable

S = BudgetState
EXECUTION = "budget-execution"  # as a thing to publish
PLANNED = "planned"  # in `Budget.amounts`: what is to be left at the end of the year
IN_FORCE = (S.ADOPTED, S.SUBMITTED, S.ACCEPTED)
BY_HEAD = dict[tuple[str, str], Decimal]


def by_head(sheet: AnnualSheet, amounts: dict[str, str]) -> BY_HEAD:
    """Side and name of each head → amount. So heads of another year's sheet are found, too."""
    found = ((head.side, head.name, amounts.get(str(head.pk))) for head in sheet.heads.all())
    return {(side, name): Decimal(text) for side, name, text in found if text}


class BudgetQuerySet(UnionOwnedQuerySet):
    def newest(self):
        """The last version of each union and year, at whatever stage."""
        return self.exclude(_later(Budget.objects.all()))

    def in_force(self):
        """The last adopted version of each union and year: an adjustment takes the place of the first once adopted."""
        return self.filter(state__in=IN_FORCE).exclude(_later(Budget.objects.filter(state__in=IN_FORCE)))

    def to_review(self):
        """Filed: the tier above decides."""
        return self.filter(state=S.SUBMITTED)


def _later(rows) -> Exists:
    return Exists(rows.filter(union=OuterRef("union"), year=OuterRef("year"), number__gt=OuterRef("number")))


class Budget(UnionOwned, Movable):
    """One version of a union's budget of a year. `amounts` maps a head's id (and `before`, `planned`) → yuan as a decimal
    string, as the accounts of the annual report do. A version that was adopted stays when it is adjusted."""

    year = models.PositiveSmallIntegerField(_("Year"))
    number = models.PositiveSmallIntegerField(_("Version"), default=1)
    reason = models.CharField(_("Why it is adjusted"), max_length=500, blank=True)
    sheet = models.ForeignKey(AnnualSheet, models.PROTECT, related_name="budgets", editable=False)
    amounts = models.JSONField(default=dict)
    state = models.CharField(_("State"), max_length=10, choices=S.choices, default=S.DRAFT)
    reviewed_on = models.DateField(_("Reviewed on"), null=True)
    reviewer = models.CharField(_("Reviewed by (fund audit committee)"), max_length=60, blank=True)
    opinion = models.CharField(_("Opinion of the fund audit committee"), max_length=500, blank=True)
    adopted_on = models.DateField(_("Adopted on"), null=True)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, related_name="budgets", verbose_name=_("Adopted by the meeting")
    )
    minutes = models.CharField(_("Where it is written down"), max_length=300, blank=True)
    filed_at = models.DateTimeField(_("Filed at"), null=True)
    filed_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Signed by")
    )
    decided_at = models.DateTimeField(_("Decided at"), null=True)
    decided_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Decided by")
    )

    # Of the version in force: the period whose execution is made public next, and by when.
    owed_on = models.DateField(_("Next execution, until the day"), null=True, editable=False)
    due_on = models.DateField(_("To be published by"), null=True, editable=False)
    told_due_on = models.DateField(null=True, editable=False, help_text="The day for which the union was reminded")
    told_late_on = models.DateField(null=True, editable=False, help_text="The day of which it heard that it is past")

    objects = BudgetQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Budget")
        ordering = ["-year", "-number", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["union", "year", "number"], name="budget_version_once"),
            models.CheckConstraint(condition=Q(state__in=S.values), name="budget_state_known"),
            models.CheckConstraint(condition=Q(number=1) | Q(number__gt=1) & ~Q(reason=""), name="budget_adjustment_reasoned"),
            models.CheckConstraint(
                condition=Q(state__in=[S.DRAFT, S.RETURNED]) | Q(reviewed_on__isnull=False) & ~Q(reviewer="") & ~Q(opinion=""),
                name="budget_reviewed_before",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=IN_FORCE) | Q(adopted_on__isnull=False) & (Q(meeting__isnull=False) | ~Q(minutes="")),
                name="budget_adopted_before",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.SUBMITTED, S.ACCEPTED, S.RETURNED]) | Q(filed_at__isnull=False, filed_by__isnull=False),
                name="budget_filed_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.ACCEPTED, S.RETURNED]) | Q(decided_at__isnull=False), name="budget_decision_dated"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["middle", "-year", "state"], name="budget_middle"),
            models.Index(fields=["-year", "-id"], name="budget_newest"),
            models.Index(fields=["union"], name="budget_waiting", condition=Q(state=S.SUBMITTED)),
            models.Index(fields=["due_on"], name="budget_due", condition=Q(due_on__isnull=False)),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        """2027年度预算, 2027年度预算（第1次调整）"""
        if self.number == 1:
            return _("Budget %(year)s") % {"year": self.year}
        return _("Budget %(year)s, adjustment %(number)s") % {"year": self.year, "number": self.number - 1}

    @property
    def is_editable(self) -> bool:
        return self.state in (S.DRAFT, S.RETURNED)

    @property
    def is_adjustment(self) -> bool:
        return self.number > 1

    def amount(self, key: AnnualHead | str) -> Decimal | None:
        """Of a head, of `before` or of `planned`."""
        value = self.amounts.get(key if isinstance(key, str) else str(key.pk))
        return Decimal(value) if value else None

    @property
    def before(self) -> Decimal:
        return self.amount(BEFORE) or Decimal(0)

    def sum_of(self, side: str) -> Decimal:
        heads = [head for head in self.sheet.heads.all() if head.side == side]
        return sum((self.amount(head) or Decimal(0) for head in heads), Decimal(0))

    @property
    def balance(self) -> Decimal:
        """What the heads leave at the end of the year, which the planned balance has to say, too."""
        return self.before + self.sum_of(AccountSide.INCOME) - self.sum_of(AccountSide.EXPENSE)


class ExecutionQuerySet(UnionOwnedQuerySet):
    def submitted(self):
        return self.filter(state=ExecutionState.SUBMITTED)

    def published(self):
        """A bulletin made of it is out."""
        made = Bulletin.objects.filter(OUT, source=EXECUTION, source_id=OuterRef("pk"), union=OuterRef("union"))
        return self.filter(Exists(made))


class Execution(UnionPart, Movable):
    """What a union had received and spent by a day of the year, cumulative, head by head as in the budget that it is judged by."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="executions", verbose_name=_("Budget"))
    until_on = models.DateField(_("Until"))
    amounts = models.JSONField(default=dict)
    # The sums of expenditure, so that lists and boards add and divide in the database.
    spent = models.DecimalField(_("Spent"), max_digits=16, decimal_places=2, default=0, editable=False)
    budgeted = models.DecimalField(_("Budgeted"), max_digits=16, decimal_places=2, default=0, editable=False)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, related_name="executions", verbose_name=_("Committee meeting on capital expenditure")
    )  # fmt: skip
    state = models.CharField(_("State"), max_length=10, choices=ExecutionState.choices, default=ExecutionState.DRAFT)
    filed_at = models.DateTimeField(_("Filed at"), null=True)
    filed_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Signed by")
    )

    objects = ExecutionQuerySet.as_manager()

    class Meta(UnionPart.Meta):
        verbose_name = _("Execution of a budget")
        ordering = ["-until_on", "-pk"]
        triggers = [fill_from("budget_id", "disclosure_budget")]
        constraints = [
            models.UniqueConstraint(fields=["union", "until_on"], name="execution_once"),
            models.CheckConstraint(condition=Q(state__in=ExecutionState.values), name="execution_state_known"),
            models.CheckConstraint(
                condition=Q(state=ExecutionState.DRAFT) | Q(filed_at__isnull=False, filed_by__isnull=False),
                name="execution_filed_dated",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        return _("Execution of the budget %(year)s until %(month)s/%(day)s") % {
            "year": self.until_on.year, "month": self.until_on.month, "day": self.until_on.day
        }  # fmt: skip

    @property
    def is_editable(self) -> bool:
        return self.state == ExecutionState.DRAFT

    def amount(self, head: AnnualHead) -> Decimal | None:
        value = self.amounts.get(str(head.pk))
        return Decimal(value) if value else None

    def add_up(self) -> None:
        """The sums of expenditure, by the budget that it is judged by."""
        heads = [head for head in self.budget.sheet.heads.all() if head.side == AccountSide.EXPENSE]
        self.spent = sum((self.amount(head) or Decimal(0) for head in heads), Decimal(0))
        self.budgeted = self.budget.sum_of(AccountSide.EXPENSE)
