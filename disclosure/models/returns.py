"""Forms as data, returns as filed, totals as they add up the tree."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosure.enums import AddsUp, FigureSource, FigureType, FormKind, ReturnState, Severity
from unions.kit.periods import Period
from unions.kit.text import in_language
from unions.models import Duty, UnionOwned, UnionOwnedQuerySet, UnionPart
from unions.models.base import fill_from
from unions.policies import READ, SHARED, Rights, Walled
from unions.workflow import Movable


class Form(models.Model):
    """A form that unions file in a rhythm; its content is in its versions."""

    rights = SHARED

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=8, choices=FormKind.choices, default=FormKind.FILED)
    rule = models.OneToOneField("unions.DutyRule", models.PROTECT, related_name="form", verbose_name=_("Duty rule"))
    name_zh = models.CharField(_("Name (Chinese)"), max_length=80)
    name_en = models.CharField(_("Name (English)"), max_length=120)
    summed_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="summaries",
        help_text="The form whose returns a summary adds up",
    )

    class Meta:
        verbose_name = _("Form")
        ordering = ["code"]

    def __str__(self):
        return in_language(self.name_zh, self.name_en)

    def version_for(self, period: Period | str) -> "FormVersion":
        """The newest published version in force for a period; it was frozen when the period opened."""
        code = getattr(period, "code", period)
        version = self.versions.in_force(code).first()
        if version is None:
            raise FormVersion.DoesNotExist(f"{self.code} has no published version for {code}")
        return version


class FormVersionQuerySet(models.QuerySet):
    def in_force(self, period: Period | str):
        """Published and begun by a period, the newest first."""
        code = getattr(period, "code", period)
        return self.filter(first_period__lte=code, published_at__isnull=False).order_by("-first_period", "-number")


class FormVersion(models.Model):
    """The indicators and rules in force from a period on. Published versions are never edited."""

    rights = SHARED

    form = models.ForeignKey(Form, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("Version"))
    first_period = models.CharField(_("From period"), max_length=7)
    note = models.CharField(_("What changed"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("Published at"), null=True)
    published_by = models.ForeignKey("unions.User", models.PROTECT, null=True, related_name="+")

    objects = FormVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Form version")
        ordering = ["form", "-number"]
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="form_version_once")]

    def __str__(self):
        return f"{self.form} v{self.number}"


class Section(models.Model):
    """A block of a form, in the notice's order: workforce, members, work done, funds."""

    rights = SHARED

    version = models.ForeignKey(FormVersion, models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField()
    name_zh = models.CharField(_("Name (Chinese)"), max_length=60)
    name_en = models.CharField(_("Name (English)"), max_length=80)

    class Meta:
        ordering = ["version", "order"]
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="section_once")]

    def __str__(self):
        return in_language(self.name_zh, self.name_en)


class Indicator(models.Model):
    """One figure of a form: what it is, where it comes from, how it adds up."""

    rights = SHARED

    version = models.ForeignKey(FormVersion, models.CASCADE, related_name="indicators")
    section = models.ForeignKey(Section, models.CASCADE, related_name="indicators")
    order = models.PositiveSmallIntegerField()
    code = models.SlugField(_("Code"), max_length=40)
    name_zh = models.CharField(_("Name (Chinese)"), max_length=80)
    name_en = models.CharField(_("Name (English)"), max_length=120)
    help_zh = models.CharField(_("Explanation (Chinese)"), max_length=200, blank=True)
    help_en = models.CharField(_("Explanation (English)"), max_length=200, blank=True)
    unit_zh = models.CharField(_("Unit (Chinese)"), max_length=12, blank=True)
    unit_en = models.CharField(_("Unit (English)"), max_length=24, blank=True)
    type = models.CharField(_("Type"), max_length=8, choices=FigureType.choices, default=FigureType.COUNT)
    source = models.CharField(_("Source"), max_length=10, choices=FigureSource.choices, default=FigureSource.TYPED)
    source_expression = models.CharField(
        _("Taken from"),
        max_length=120,
        blank=True,
        help_text=_("The register's field, the figure of last quarter, or the sum it is computed by."),
    )
    adds_up = models.CharField(_("Adds up"), max_length=4, choices=AddsUp.choices, default=AddsUp.SUM)
    is_required = models.BooleanField(_("Must be filled in"), default=True)
    is_part = models.BooleanField(_("Part of the figure above"), default=False)

    class Meta:
        verbose_name = _("Indicator")
        ordering = ["version", "section__order", "order"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="indicator_once")]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)

    @property
    def help(self) -> str:
        return in_language(self.help_zh, self.help_en)

    @property
    def unit(self) -> str:
        return in_language(self.unit_zh, self.unit_en)

    @property
    def is_editable(self) -> bool:
        return self.source not in (FigureSource.CARRIED, FigureSource.COMPUTED)


class FormRule(models.Model):
    """A check on a form: an expression over its figures, last quarter's and the register's (disclosure/rules.py)."""

    rights = SHARED

    version = models.ForeignKey(FormVersion, models.CASCADE, related_name="rules")
    order = models.PositiveSmallIntegerField()
    code = models.SlugField(_("Code"), max_length=40)
    severity = models.CharField(_("Severity"), max_length=8, choices=Severity.choices)
    condition = models.CharField(_("Must hold"), max_length=300)
    message_zh = models.CharField(_("Sentence (Chinese)"), max_length=300)
    message_en = models.CharField(_("Sentence (English)"), max_length=300)
    field = models.SlugField(_("Shown at"), max_length=40)
    basis = models.CharField(_("Legal basis"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Check")
        ordering = ["version", "order"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="form_rule_once")]

    def __str__(self):
        return self.code

    @property
    def message(self) -> str:
        return in_language(self.message_zh, self.message_en)


class ReturnQuerySet(UnionOwnedQuerySet):
    def to_review(self):
        return self.filter(state=ReturnState.SUBMITTED)

    def accepted(self):
        return self.filter(state=ReturnState.ACCEPTED)

    def of_period(self, period: Period | str):
        return self.filter(period=getattr(period, "code", period))


class Return(UnionOwned, Movable):
    """A union's figures for a form and a period, from draft to accepted. `figures` maps indicator code → number
    (money as a decimal string) or text; `sources` code → FigureSource; `explanations` rule code → sentence."""

    duty = models.OneToOneField(Duty, models.PROTECT, related_name="filing", verbose_name=_("Duty"))
    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+", verbose_name=_("Form"))
    period = models.CharField(_("Period"), max_length=7)
    state = models.CharField(_("State"), max_length=10, choices=ReturnState.choices, default=ReturnState.DRAFT)
    figures = models.JSONField(default=dict)
    sources = models.JSONField(default=dict)
    explanations = models.JSONField(default=dict)
    narrative = models.TextField(_("Work done, highlights and difficulties"), blank=True)
    is_nil = models.BooleanField(_("Nothing to report"), default=False)
    shortfall = models.JSONField(default=list, help_text="Summary: [{union, reason}] for each union not accepted")
    included = models.JSONField(default=list, help_text="Summary: ids of the returns added up, for good")
    rounds = models.PositiveSmallIntegerField(_("Times submitted"), default=0)
    concerns = models.PositiveSmallIntegerField(default=0, help_text="Explained or noted rules at submission")
    filled_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Filled in by")
    )
    assisted_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Helped by")
    )
    submitted_at = models.DateTimeField(_("Submitted at"), null=True)
    submitted_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Signed by")
    )
    decided_at = models.DateTimeField(_("Decided at"), null=True)
    decided_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Decided by")
    )
    saved_at = models.DateTimeField(_("Saved at"), null=True)
    check_code = models.CharField(
        max_length=12, blank=True, help_text="Printed on the sealed copy, bound to the round"
    )

    objects = ReturnQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Return")
        ordering = ["-period", "union"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReturnState.values), name="return_state_known"),
            models.CheckConstraint(
                condition=Q(state=ReturnState.DRAFT) | (Q(submitted_at__isnull=False) & Q(rounds__gt=0)),
                name="return_submission_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ReturnState.ACCEPTED, ReturnState.RETURNED]) | Q(decided_at__isnull=False),
                name="return_decision_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["middle", "period", "state"], name="return_middle"),
            models.Index(fields=["period", "state"], name="return_period"),
            models.Index(fields=["union", "-period"], name="return_union"),
            models.Index(fields=["union"], name="return_waiting", condition=Q(state=ReturnState.SUBMITTED)),
            models.Index(fields=["-period", "-id"], name="return_newest"),
        ]

    def __str__(self):
        return f"{self.union} · {self.period_label}"

    def clean(self):
        if self.duty.union_id != self.union_id or self.duty.period != self.period:
            raise ValidationError(_("The return does not belong to this duty."))

    @property
    def period_label(self) -> str:
        return Period.parse(self.period).label

    @property
    def title(self) -> str:
        """2026年第三季度信息反馈"""
        return _("%(period)s %(form)s") % {"period": self.period_label, "form": self.version.form}

    @property
    def is_editable(self) -> bool:
        return self.state in (ReturnState.DRAFT, ReturnState.RETURNED)

    def figure(self, code: str) -> Decimal | str | None:
        """A figure as a number; text as it is; None where nothing was filled in."""
        value = self.figures.get(code)
        if value in (None, ""):
            return None
        return value if code in self.text_codes else Decimal(str(value))

    def conflict_rows(self, given) -> list[dict]:
        """What somebody else stored against what this person just sent, figure by figure, where they differ."""
        rows = []
        for indicator in self.version.indicators.all():
            if indicator.code not in given or not indicator.is_editable:
                continue
            stored, sent = self.figures.get(indicator.code), str(given[indicator.code]).strip()
            shown = "" if stored is None else str(stored)
            if shown != sent.replace(",", ""):
                rows.append({"label": indicator.name, "mine": sent, "theirs": shown})
        if "narrative" in given and given["narrative"].strip() != self.narrative:
            rows.append({"label": _("Narrative"), "mine": given["narrative"].strip(), "theirs": self.narrative})
        return rows

    @property
    def text_codes(self) -> frozenset[str]:
        return frozenset(i.code for i in self.version.indicators.all() if i.type == FigureType.TEXT)


class ReturnRound(UnionPart):
    """What was submitted in one round, kept as it was (the Statistics Law's regulation: raw forms are kept)."""

    filing = models.ForeignKey(Return, models.CASCADE, related_name="round_set")
    number = models.PositiveSmallIntegerField()
    figures = models.JSONField()
    explanations = models.JSONField(default=dict)
    narrative = models.TextField(blank=True)
    submitted_at = models.DateTimeField(default=timezone.now)
    submitted_by = models.ForeignKey("unions.User", models.PROTECT, null=True, related_name="+")

    class Meta(UnionPart.Meta):
        ordering = ["filing", "number"]
        triggers = [fill_from("filing_id", "disclosure_return")]
        constraints = [models.UniqueConstraint(fields=["filing", "number"], name="return_round_once")]

    def __str__(self):
        return f"{self.filing_id} #{self.number}"


class Remark(UnionPart):
    """A reviewer's words pinned to a figure (or to the whole, where the code is empty)."""

    filing = models.ForeignKey(Return, models.CASCADE, related_name="remarks")
    code = models.SlugField(max_length=40, blank=True)
    text = models.CharField(_("Remark"), max_length=300)
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("unions.User", models.PROTECT, related_name="+")
    pushed_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        related_name="pushed",
        help_text="The remark on a summary that this one carries down",
    )

    class Meta(UnionPart.Meta):
        verbose_name = _("Remark")
        triggers = [fill_from("filing_id", "disclosure_return")]
        ordering = ["filing", "round", "pk"]

    def __str__(self):
        return self.text


class Total(models.Model):
    """Accepted figures of a form and period below a middle-tier union or the district: one row, always fresh."""

    rights = Rights(everyone=READ)

    union = models.ForeignKey("unions.Union", models.PROTECT, related_name="+")
    middle = models.ForeignKey("unions.Union", models.PROTECT, related_name="+", null=True)
    form = models.ForeignKey(Form, models.PROTECT, related_name="totals")
    period = models.CharField(max_length=7)
    figures = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=0, help_text="Accepted returns added up")
    updated_at = models.DateTimeField(auto_now=True)

    objects = UnionOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("Total")
        ordering = ["form", "period", "union"]
        constraints = [
            Walled(name="total_wall"),
            models.UniqueConstraint(fields=["union", "form", "period"], name="total_once"),
            models.CheckConstraint(condition=Q(count__gte=0) & Q(form__isnull=False), name="total_counted"),
        ]

    def __str__(self):
        return f"{self.union} {self.period}: {self.count}"
