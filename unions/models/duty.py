"""Duties: what a union must do by a day, made by a rule that names its clause. Nothing else keeps deadlines."""

from dataclasses import dataclass
from functools import lru_cache

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from unions.enums import Audience, DutyState, Rhythm, Timeliness, UnionKind
from unions.kit.periods import Period
from unions.models.base import UnionOwned, UnionOwnedQuerySet
from unions.policies import READ, SHARED, Rights, Walled


def titled(name: str, period: Period | str) -> str:
    """The name of a duty with its period, as people say it: 2026年第三季度信息反馈."""
    return _titled(name, period if isinstance(period, Period) else Period.parse(period), get_language())


@lru_cache(maxsize=1024)
def _titled(name: str, period: Period, _language: str | None) -> str:
    name = name.removeprefix("季度").removeprefix("年度")
    return str(_("%(rule)s, %(period)s") % {"rule": name, "period": period.label})


class DutyRule(models.Model):
    """Unions of these kinds must do this, in this rhythm, by this day, because of this clause."""

    rights = SHARED

    key = models.SlugField(max_length=40, unique=True)
    task = models.CharField(
        max_length=40, help_text="What fulfils it: a name that an app registered (unions/duties.py)"
    )
    name_zh = models.CharField(_("Name (Chinese)"), max_length=80)
    name_en = models.CharField(_("Name (English)"), max_length=120)
    clause = models.CharField(_("Clause"), max_length=200)
    basis = models.TextField(_("Legal basis"), blank=True)
    kinds = ArrayField(models.CharField(max_length=12, choices=UnionKind.choices), verbose_name=_("Kinds of union"))
    rhythm = models.CharField(_("Rhythm"), max_length=8, choices=Rhythm.choices)
    opens_after = models.SmallIntegerField(
        _("Opens, days after the period ends"), default=1, help_text=_("Negative: before the period ends.")
    )
    due_after = models.SmallIntegerField(
        _("Due, days after the period ends"),
        default=10,
        help_text=_("A due day on a day off moves to the next working day (Civil Code, article 203)."),
    )
    in_workdays = models.BooleanField(
        _("Due counted in working days"),
        default=False,
        help_text=_("So many working days after the period's last day, instead of days of the calendar."),
    )
    correction_days = models.PositiveSmallIntegerField(
        _("Working days for a correction"),
        default=3,
        help_text=_("The new due day proposed when a return is sent back."),
    )
    is_active = models.BooleanField(_("In force"), default=True)
    first_period = models.CharField(_("First period"), max_length=7, default="2024Q1")
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("Duty rule")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_after__gte=F("opens_after")),
                name="rule_opens_before_due",
                violation_error_message=_("The due day cannot come before the opening day."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        from django.utils.translation import get_language

        return self.name_en if (get_language() or "").startswith("en") else self.name_zh

    def titled(self, period: Period | str) -> str:
        """The duty of a period, as people call it: 2026年第三季度信息反馈."""
        return titled(self.name, period)

    def current_period(self, day) -> Period:
        """The newest period whose duties are open on a day; where each union has its own time, the year it falls into."""
        from datetime import timedelta

        inside = day - timedelta(days=self.opens_after)
        if self.rhythm == Rhythm.OWN:
            return Period(inside.year)
        newest = self.period_of(inside)
        return newest if newest.end <= inside else newest.previous()

    def period_of(self, day) -> Period:
        """The period of this rhythm into which a day falls."""
        if self.rhythm == Rhythm.QUARTER:
            return Period.quarter_of(day)
        return Period.half_of(day) if self.rhythm == Rhythm.HALF else Period(day.year)


class ReminderStep(models.Model):
    """A step of a rule's reminder ladder, in working days from the due day (negative: before)."""

    rights = SHARED

    rule = models.ForeignKey(DutyRule, models.CASCADE, related_name="steps")
    offset = models.SmallIntegerField(_("Working days from the due day"))
    audience = models.CharField(_("Goes to"), max_length=10, choices=Audience.choices)
    at_opening = models.BooleanField(_("When the duty opens, whatever the due day"), default=False)
    is_active = models.BooleanField(_("In force"), default=True)

    class Meta:
        verbose_name = _("Reminder step")
        ordering = ["rule", "-at_opening", "offset", "audience"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "offset", "audience", "at_opening"], name="step_once"),
        ]

    def __str__(self):
        return f"{self.rule} {self.offset:+d} {self.get_audience_display()}"


@dataclass(frozen=True)
class Rates:
    """Counts of frozen duties: E expected, A submitted, T on time, X within extension, C accepted, R returned once.
    A rate without duties is None and prints “n/a”."""

    expected: int = 0
    submitted: int = 0
    on_time: int = 0
    extended: int = 0
    accepted: int = 0
    returned: int = 0
    waived: int = 0
    members_expected: int = 0
    members_submitted: int = 0
    members_accepted: int = 0

    @staticmethod
    def _rate(numerator: int, denominator: int) -> float | None:
        return numerator / denominator if denominator else None

    completeness = property(lambda self: self._rate(self.submitted, self.expected))
    timeliness = property(lambda self: self._rate(self.on_time, self.expected))
    timeliness_extended = property(lambda self: self._rate(self.on_time + self.extended, self.expected))
    acceptance = property(lambda self: self._rate(self.accepted, self.expected))
    first_pass = property(lambda self: self._rate(self.submitted - self.returned, self.submitted))
    member_completeness = property(lambda self: self._rate(self.members_submitted, self.members_expected))
    missing = property(lambda self: self.expected - self.submitted)


class DutyQuerySet(UnionOwnedQuerySet):
    def expected(self):
        """E: all but the waived."""
        return self.exclude(state=DutyState.WAIVED)

    def outstanding(self):
        """What the union itself still has to act on: not submitted, or returned to it."""
        return self.filter(state__in=(DutyState.OPEN, DutyState.RETURNED))

    def opened(self, day=None):
        return self.filter(opens_on__lte=day or timezone.localdate())

    def overdue(self, day=None):
        """Not submitted, or returned, and the last day granted has passed."""
        return self.outstanding().filter(last_day__lt=day or timezone.localdate())

    def late_first(self):
        return self.filter(timeliness=Timeliness.LATE)

    def of_period(self, period: Period | str):
        return self.filter(period=getattr(period, "code", period))

    def rates(self) -> Rates:
        live = ~Q(state=DutyState.WAIVED)
        filed = live & ~Q(timeliness=Timeliness.NONE)
        done = Q(state=DutyState.FULFILLED)
        return Rates(
            **{
                name: value or 0
                for name, value in self.order_by()
                .aggregate(
                    expected=Count("pk", filter=live),
                    submitted=Count("pk", filter=filed),
                    on_time=Count("pk", filter=live & Q(timeliness=Timeliness.ON_TIME)),
                    extended=Count("pk", filter=live & Q(timeliness=Timeliness.EXTENDED)),
                    accepted=Count("pk", filter=done),
                    returned=Count("pk", filter=filed & Q(return_count__gt=0)),
                    waived=Count("pk", filter=~live),
                    members_expected=Sum("members", filter=live),
                    members_submitted=Sum("members", filter=filed),
                    members_accepted=Sum("members", filter=done),
                )
                .items()
            }
        )


class Duty(UnionOwned):
    """One union, one rule, one period: frozen when the period opens, so that rates rest on what was asked then."""

    rule = models.ForeignKey(DutyRule, models.PROTECT, related_name="duties", verbose_name=_("Duty"))
    period = models.CharField(_("Period"), max_length=7)
    opens_on = models.DateField(_("Opens on"))
    due_on = models.DateField(_("Due on"))
    last_day = models.DateField(_("Last day"), help_text="The due day, the extension, or the day set for a correction")
    state = models.CharField(_("State"), max_length=10, choices=DutyState.choices, default=DutyState.OPEN)
    timeliness = models.CharField(
        _("Timeliness"), max_length=10, choices=Timeliness.choices, default=Timeliness.NONE, blank=True
    )
    first_submitted_at = models.DateTimeField(_("First submitted at"), null=True)
    fulfilled_at = models.DateTimeField(_("Fulfilled at"), null=True)
    return_count = models.PositiveSmallIntegerField(_("Times returned"), default=0)
    extended_to = models.DateField(_("Extended to"), null=True)
    note = models.CharField(_("Reason for the extension or exemption"), max_length=200, blank=True)
    members = models.PositiveIntegerField(_("Members when opened"), default=0)

    objects = DutyQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Duty")
        ordering = ["last_day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "period", "union"], name="duty_once"),
            models.CheckConstraint(
                condition=Q(first_submitted_at=None, timeliness="")
                | (Q(first_submitted_at__isnull=False) & ~Q(timeliness="")),
                name="duty_timeliness_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=DutyState.FULFILLED) | Q(fulfilled_at__isnull=False), name="duty_fulfilled_dated"
            ),
            models.CheckConstraint(condition=Q(state__in=DutyState.values), name="duty_state_known"),
            models.CheckConstraint(condition=Q(timeliness__in=Timeliness.values), name="duty_timeliness_known"),
        ]
        indexes = [
            models.Index(fields=["middle", "rule", "period", "state"], name="duty_middle"),
            models.Index(fields=["rule", "period", "state"], name="duty_period"),
            models.Index(fields=["union", "-period"], name="duty_union"),
            models.Index(  # in the order of `longest_overdue`: the first few and the count are read here alone
                fields=["rule", "period", "last_day", "-members", "id"],
                include=["middle"],
                name="duty_overdue",
                condition=Q(state__in=[DutyState.OPEN, DutyState.RETURNED]),
            ),
            models.Index(
                fields=["last_day"],
                name="duty_outstanding",
                condition=Q(state__in=[DutyState.OPEN, DutyState.RETURNED]),
            ),
            models.Index(
                fields=["middle", "last_day"],
                name="duty_outstanding_middle",
                condition=Q(state__in=[DutyState.OPEN, DutyState.RETURNED]),
            ),
        ]

    def __str__(self):
        return f"{self.union} · {self.period_label} · {self.rule}"

    @property
    def title(self) -> str:
        return self.rule.titled(self.period)

    @property
    def period_label(self) -> str:
        return Period.parse(self.period).label

    @property
    def is_outstanding(self) -> bool:
        return self.state in (DutyState.OPEN, DutyState.RETURNED)

    def is_overdue(self, day=None) -> bool:
        return self.is_outstanding and self.last_day < (day or timezone.localdate())


class DutyTotal(models.Model):
    """Counts of the duties of one rule and period below one middle-tier union or the district (rows for reading)."""

    rights = Rights(everyone=READ)

    union = models.ForeignKey("unions.Union", models.PROTECT, related_name="+")
    middle = models.ForeignKey("unions.Union", models.PROTECT, related_name="+", null=True)
    rule = models.ForeignKey(DutyRule, models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    expected = models.PositiveIntegerField(default=0)
    submitted = models.PositiveIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)
    extended = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    waived = models.PositiveIntegerField(default=0)
    members_expected = models.PositiveBigIntegerField(default=0)
    members_submitted = models.PositiveBigIntegerField(default=0)
    members_accepted = models.PositiveBigIntegerField(default=0)

    objects = UnionOwnedQuerySet.as_manager()

    COUNTS = (
        "expected",
        "submitted",
        "on_time",
        "extended",
        "accepted",
        "returned",
        "waived",
        "members_expected",
        "members_submitted",
        "members_accepted",
    )

    class Meta:
        verbose_name = _("Duty total")
        ordering = ["rule", "period", "union"]
        constraints = [
            Walled(name="duty_total_wall"),
            models.UniqueConstraint(fields=["union", "rule", "period"], name="duty_total_once"),
            models.CheckConstraint(condition=Q(submitted__lte=F("expected")), name="duty_total_within"),
        ]

    def __str__(self):
        return f"{self.union} {self.rule} {self.period}: {self.submitted}/{self.expected}"

    @property
    def rates(self) -> Rates:
        return Rates(**{name: getattr(self, name) for name in self.COUNTS})


class CalendarDay(models.Model):
    """A day off or a make-up working day, as published or as the district knows it; wins over the library."""

    rights = SHARED

    day = models.DateField(_("Day"), unique=True)
    is_workday = models.BooleanField(_("Working day"))
    name = models.CharField(_("Occasion"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("Calendar day")
        ordering = ["day"]

    def __str__(self):
        return f"{self.day} {self.name}"


class Setting(models.Model):
    """What the district set for something that is not law, with its basis; a matter is judged by the value of its own
    day. What there is to be set, and what holds where nothing was: unions/settingbook.py."""

    rights = Rights(everyone=READ, district="INSERT, UPDATE, DELETE", login=READ)  # sessions have their limits here

    key = models.CharField(max_length=60)
    value = models.JSONField(_("Value"))
    effective_from = models.DateField(_("Holds from"))
    basis = models.TextField(_("Legal basis"))

    class Meta:
        verbose_name = _("Setting")
        ordering = ["key", "-effective_from"]
        constraints = [models.UniqueConstraint(fields=["key", "effective_from"], name="setting_once")]

    def __str__(self):
        return f"{self.key} = {self.value}"
