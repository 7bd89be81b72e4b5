"""A union's annual report: the sheet the district sets for each tier, the report with its parts, what it promises."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assemblies.models import Meeting
from disclosure.enums import AccountSide, AnnualSource, AnnualState, PromiseOutcome
from disclosure.models.bulletins import CatalogueItem
from unions.enums import Tier
from unions.models import Duty, UnionOwned, UnionOwnedQuerySet, UnionPart
from unions.models.base import fill_from
from unions.policies import SHARED
from unions.workflow import Movable

S = AnnualState
FIRST_YEAR, LAST_YEAR = 2000, 2100
BEFORE = "before"  # in `AnnualReport.accounts`: the balance carried over from the year before


class AnnualSheet(models.Model):
    """Which parts the annual reports of a tier have, from a year on. A report keeps the sheet it was begun with."""

    rights = SHARED

    tier = models.PositiveSmallIntegerField(_("Tier"), choices=Tier.choices)
    first_year = models.PositiveSmallIntegerField(
        _("From the report of the year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    basis = models.CharField(_("Basis"), max_length=300)

    class Meta:
        verbose_name = _("Sheet of annual reports")
        ordering = ["tier", "-first_year"]
        constraints = [models.UniqueConstraint(fields=["tier", "first_year"], name="annual_sheet_once")]

    def __str__(self):
        return f"{self.get_tier_display()} {self.first_year}"


class AnnualPart(models.Model):
    """A part of the report: work, accounts, audit, the chair's own report. It is published as this kind of bulletin."""

    rights = SHARED

    sheet = models.ForeignKey(AnnualSheet, models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField(_("No."))
    title = models.CharField(_("Part"), max_length=40)
    item = models.ForeignKey(CatalogueItem, models.PROTECT, related_name="+", verbose_name=_("Published as"))
    has_accounts = models.BooleanField(_("With the table of income and expenditure"), default=False)

    class Meta:
        verbose_name = _("Part of the annual report")
        ordering = ["sheet", "number"]
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="annual_part_once")]

    def __str__(self):
        return self.title


class AnnualPrompt(models.Model):
    """What a part asks for: a heading and a question that a sentence or two answer, and what the portal tells of it."""

    rights = SHARED

    part = models.ForeignKey(AnnualPart, models.CASCADE, related_name="prompts")
    number = models.PositiveSmallIntegerField(_("No."))
    title = models.CharField(_("Heading"), max_length=40)
    ask = models.CharField(_("What to write"), max_length=200, blank=True)
    source = models.CharField(_("Drawn from"), max_length=10, choices=AnnualSource.choices, blank=True, default="")

    class Meta:
        verbose_name = _("Heading of the annual report")
        ordering = ["part", "number"]
        constraints = [
            models.UniqueConstraint(fields=["part", "number"], name="annual_prompt_once"),
            models.CheckConstraint(
                condition=Q(source__in=["", *AnnualSource.values]), name="annual_prompt_source_known"
            ),
        ]

    def __str__(self):
        return self.title


class AnnualHead(models.Model):
    """A head of income or expenditure, as union accounting has them."""

    rights = SHARED

    sheet = models.ForeignKey(AnnualSheet, models.CASCADE, related_name="heads")
    side = models.CharField(_("Side"), max_length=8, choices=AccountSide.choices)
    number = models.PositiveSmallIntegerField(_("No."))
    name = models.CharField(_("Head"), max_length=40)

    class Meta:
        verbose_name = _("Head of the accounts")
        ordering = ["sheet", "-side", "number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "side", "number"], name="annual_head_once"),
            models.CheckConstraint(condition=Q(side__in=AccountSide.values), name="annual_head_side_known"),
        ]

    def __str__(self):
        return self.name


class AnnualReportQuerySet(UnionOwnedQuerySet):
    def to_review(self):
        return self.filter(state=S.SUBMITTED)

    def accepted(self):
        return self.filter(state=S.ACCEPTED)


class AnnualReport(UnionOwned, Movable):
    """A union's report on a year. `accounts` maps a head's id (and `before`) → yuan as a decimal string."""

    duty = models.OneToOneField(Duty, models.PROTECT, related_name="annual_report", verbose_name=_("Duty"))
    sheet = models.ForeignKey(AnnualSheet, models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField(_("Year"))
    state = models.CharField(_("State"), max_length=10, choices=AnnualState.choices, default=AnnualState.DRAFT)
    accounts = models.JSONField(default=dict)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, related_name="annual_reports", verbose_name=_("Heard by the assembly")
    )
    hearing_until = models.DateField(_("To be rated by"), null=True)
    heard_on = models.DateField(_("Heard on"), null=True)
    rounds = models.PositiveSmallIntegerField(_("Times submitted"), default=0)
    filled_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Written by")
    )
    saved_at = models.DateTimeField(_("Saved at"), null=True)
    submitted_at = models.DateTimeField(_("Submitted at"), null=True)
    submitted_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Signed by")
    )
    decided_at = models.DateTimeField(_("Decided at"), null=True)
    decided_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Decided by")
    )

    objects = AnnualReportQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Annual report")
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["union", "year"], name="annual_report_once"),
            models.CheckConstraint(condition=Q(state__in=AnnualState.values), name="annual_state_known"),
            models.CheckConstraint(
                condition=Q(state=AnnualState.DRAFT) | Q(submitted_at__isnull=False, rounds__gt=0),
                name="annual_submission_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[AnnualState.ACCEPTED, AnnualState.RETURNED]) | Q(decided_at__isnull=False),
                name="annual_decision_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["middle", "-year", "state"], name="annual_middle"),
            models.Index(fields=["-year", "-id"], name="annual_newest"),
            models.Index(fields=["union"], name="annual_waiting", condition=Q(state=AnnualState.SUBMITTED)),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        """2026年度工作报告"""
        return _("Annual report %(year)s") % {"year": self.year}

    @property
    def is_editable(self) -> bool:
        return self.state in (S.DRAFT, S.RETURNED)

    @property
    def before(self) -> Decimal:
        return Decimal(self.accounts.get(BEFORE) or 0)

    def amount(self, head: AnnualHead) -> Decimal | None:
        value = self.accounts.get(str(head.pk))
        return None if value in (None, "") else Decimal(value)

    def sum_of(self, side: str) -> Decimal:
        heads = [head for head in self.sheet.heads.all() if head.side == side]
        return sum((self.amount(head) or Decimal(0) for head in heads), Decimal(0))

    @property
    def balance(self) -> Decimal:
        """What is left at the end of the year: carried over, and income, less expenditure."""
        return self.before + self.sum_of(AccountSide.INCOME) - self.sum_of(AccountSide.EXPENSE)


class AnnualSection(UnionPart):
    """A part as one union wrote it. `texts` maps a prompt's id → text; what is missing there nobody has looked at."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="sections")
    part = models.ForeignKey(AnnualPart, models.PROTECT, related_name="+", verbose_name=_("Part"))
    texts = models.JSONField(default=dict)

    class Meta(UnionPart.Meta):
        verbose_name = _("Part of an annual report")
        ordering = ["report", "part__number"]
        triggers = [fill_from("report_id", "disclosure_annualreport")]
        constraints = [models.UniqueConstraint(fields=["report", "part"], name="annual_section_once")]

    def __str__(self):
        return f"{self.report.year} {self.part}"

    def text(self, prompt: AnnualPrompt) -> str:
        return self.texts.get(str(prompt.pk), "")


class AnnualPromise(UnionPart):
    """What a union promised in the report of one year; the report of the next one says what became of it."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="promises")
    number = models.PositiveSmallIntegerField(_("No."))
    text = models.CharField(_("Promise"), max_length=200)
    outcome = models.CharField(
        _("What became of it"), max_length=8, choices=PromiseOutcome.choices, blank=True, default=""
    )
    account = models.CharField(_("In a sentence"), max_length=300, blank=True)

    class Meta(UnionPart.Meta):
        verbose_name = _("Promise")
        ordering = ["report", "number"]
        triggers = [fill_from("report_id", "disclosure_annualreport")]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="annual_promise_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *PromiseOutcome.values]), name="annual_promise_outcome_known"
            ),
        ]

    def __str__(self):
        return self.text
