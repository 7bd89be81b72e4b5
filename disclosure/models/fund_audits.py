"""Fund audits (经审): one audit of a union's funds by the tier above or the district, and what it found."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disclosure.enums import FundAuditKind, FundAuditState, FundFindingArea, FundFindingState
from unions.models import Union, UnionOwned, UnionOwnedQuerySet, UnionPart
from unions.models.base import fill_from
from unions.workflow import Movable

S, Step = FundAuditState, FundFindingState
UNDER_WAY = (S.PLANNED, S.NOTIFIED, S.AT_WORK, S.COMMENTING, S.REPORTING, S.RECTIFYING, S.FOLLOWING)
# The union reads what was found from the day the draft is sent to it.
SHOWN = (S.COMMENTING, S.REPORTING, S.RECTIFYING, S.FOLLOWING, S.CLOSED)
REPORTED = (S.RECTIFYING, S.FOLLOWING, S.CLOSED)
# Where such a step has a last day it is the audited union's turn, else the auditor's.
UNIONS_TURN = (S.COMMENTING, S.RECTIFYING, S.FOLLOWING)
# What was found can still be changed.
DRAFTING = (S.AT_WORK, S.REPORTING)


def title_of(year: int, kind: str, topic: str) -> str:
    """What an audit is called, in the reader's language."""
    given = {"year": year, "what": dict(FundAuditKind.choices).get(kind, kind), "topic": topic}
    return _("%(year)d %(what)s: %(topic)s") % given if topic else _("%(year)d %(what)s") % given


class FundAuditQuerySet(UnionOwnedQuerySet):
    def under_way(self):
        return self.filter(state__in=UNDER_WAY)

    def standing(self):
        """Not called off."""
        return self.exclude(state=S.CANCELLED)

    def reported(self):
        """With a report: what counts as audited."""
        return self.filter(reported_on__isnull=False)

    def at_unions(self):
        """The audited union's turn, until a day."""
        return self.filter(state__in=UNIONS_TURN, due_on__isnull=False)

    def at_auditors(self):
        """The auditor's turn, until a day."""
        return self.under_way().exclude(state__in=UNIONS_TURN).filter(due_on__isnull=False)


class FundAudit(UnionOwned, Movable):
    """One audit of a union's funds, from the yearly plan to the file. `due_on` is the last day of the present step."""

    auditor = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name=_("Audited by"))
    year = models.PositiveSmallIntegerField(_("Year of the plan"))
    kind = models.CharField(_("Kind of audit"), max_length=10, choices=FundAuditKind.choices)
    topic = models.CharField(_("What a special audit is about"), max_length=80, blank=True)
    since_on = models.DateField(_("Looked at from"))
    until_on = models.DateField(_("Looked at until"))
    lead = models.CharField(_("Lead auditor (name, post)"), max_length=60, blank=True)
    team = models.CharField(_("Others of the team"), max_length=200, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=S.choices, default=S.PLANNED)
    due_on = models.DateField(pgettext_lazy("day", "Due"), null=True, editable=False)
    notified_on = models.DateField(_("Notice served on"), null=True, editable=False)
    entry_on = models.DateField(_("Day of entry"), null=True, editable=False)
    opinion = models.TextField(pgettext_lazy("fund audit", "Opinion"), max_length=4000, blank=True)
    comment = models.TextField(_("The union's comment"), max_length=2000, blank=True)
    commented_on = models.DateField(_("Commented on"), null=True, editable=False)
    number = models.CharField(_("Number of the report"), max_length=40, blank=True)
    reported_on = models.DateField(_("Report issued on"), null=True, editable=False)
    visit = models.TextField(_("What the follow-up found"), max_length=1000, blank=True)
    closed_on = models.DateField(pgettext_lazy("fund audit", "Closed on"), null=True, editable=False)
    told_due_on = models.DateField(
        null=True, editable=False, help_text="The day for which those whose turn it is were reminded"
    )
    told_late_on = models.DateField(null=True, editable=False, help_text="The day of which they heard that it is past")

    objects = FundAuditQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Fund audit")
        ordering = ["-year", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=S.values), name="fund_audit_state_known"),
            models.CheckConstraint(condition=Q(kind__in=FundAuditKind.values), name="fund_audit_kind_known"),
            models.CheckConstraint(condition=~Q(union=F("auditor")), name="fund_audit_not_ones_own"),
            models.CheckConstraint(
                condition=Q(since_on__lte=F("until_on")),
                name="fund_audit_period_in_order",
                violation_error_message=_("The period looked at begins before it ends."),
            ),
            models.CheckConstraint(
                condition=Q(kind=FundAuditKind.SPECIAL) & ~Q(topic="") | ~Q(kind=FundAuditKind.SPECIAL) & Q(topic=""),
                name="fund_audit_special_has_topic",
                violation_error_message=_("Say what the special audit is about; other kinds have no topic."),
            ),
            models.UniqueConstraint(
                fields=["union", "year", "kind", "topic"],
                condition=~Q(state=S.CANCELLED),
                name="fund_audit_once_a_year",
            ),
            models.UniqueConstraint(
                fields=["auditor", "number"], condition=~Q(number=""), name="fund_audit_number_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=REPORTED, reported_on__isnull=False) & ~Q(number="")
                | ~Q(state__in=REPORTED) & Q(reported_on=None, number=""),
                name="fund_audit_reported_numbered",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[S.CLOSED, S.CANCELLED], closed_on__isnull=False)
                | ~Q(state__in=[S.CLOSED, S.CANCELLED]) & Q(closed_on=None),
                name="fund_audit_closed_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["middle", "-year"], name="fund_audit_middle"),
            models.Index(fields=["union", "-reported_on"], name="fund_audit_last", condition=Q(reported_on__isnull=False)),
            models.Index(fields=["auditor", "-year"], name="fund_audit_auditor"),
            models.Index(fields=["-year", "-id"], name="fund_audit_newest"),
            models.Index(fields=["due_on"], name="fund_audit_due", condition=Q(due_on__isnull=False)),
        ]  # fmt: skip

    def __str__(self):
        return title_of(self.year, self.kind, self.topic)

    @property
    def whose_turn(self) -> Union:
        return self.union if self.state in UNIONS_TURN and self.due_on else self.auditor

    def is_overdue(self, day: date) -> bool:
        return self.state in UNDER_WAY and self.due_on is not None and self.due_on < day


class FundFindingQuerySet(UnionOwnedQuerySet):
    def unsettled(self):
        """Not accepted as rectified."""
        return self.exclude(state=Step.ACCEPTED)

    def to_rectify(self):
        """The union's turn."""
        return self.filter(state__in=[Step.TO_RECTIFY, Step.REWORK])


class FundFinding(UnionPart, Movable):
    """What a fund audit found, what is to be done about it, and what the union did."""

    audit = models.ForeignKey(FundAudit, models.CASCADE, related_name="findings", verbose_name=_("Fund audit"))
    number = models.PositiveSmallIntegerField(_("No."))
    area = models.CharField(_("Part of the funds"), max_length=10, choices=FundFindingArea.choices)
    title = models.CharField(_("In a few words"), max_length=80)
    text = models.TextField(pgettext_lazy("fund audit", "What was found"), max_length=2000)
    amount = models.DecimalField(_("Amount (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True)
    clause = models.CharField(_("Clause broken"), max_length=200)
    demand = models.TextField(_("What is to be done"), max_length=1000)
    due_on = models.DateField(_("To be rectified by"))
    state = models.CharField(_("State"), max_length=10, choices=Step.choices, default=Step.TO_RECTIFY)
    outcome = models.TextField(pgettext_lazy("fund audit", "What was done"), max_length=1000, blank=True)
    settled = models.DecimalField(_("Amount put right (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True)
    rectified_on = models.DateField(_("Rectified on"), null=True, editable=False)

    objects = FundFindingQuerySet.as_manager()

    class Meta(UnionPart.Meta):
        verbose_name = _("Finding of a fund audit")
        ordering = ["audit", "number"]
        triggers = [fill_from("audit_id", "disclosure_fundaudit")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Step.values), name="fund_finding_state_known"),
            models.CheckConstraint(condition=Q(area__in=FundFindingArea.values), name="fund_finding_area_known"),
            models.UniqueConstraint(fields=["audit", "number"], name="fund_finding_once"),
            models.CheckConstraint(
                condition=(Q(amount=None) | Q(amount__gte=0)) & (Q(settled=None) | Q(settled__gte=0)),
                name="fund_finding_amounts",
                violation_error_message=_("An amount is zero or more."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[Step.DONE, Step.ACCEPTED], rectified_on__isnull=False) & ~Q(outcome="")
                | ~Q(state__in=[Step.DONE, Step.ACCEPTED]),
                name="fund_finding_rectified_told",
            ),
        ]

    def __str__(self):
        return self.title

    def is_overdue(self, day: date) -> bool:
        return self.state in (Step.TO_RECTIFY, Step.REWORK) and self.due_on < day
