"""Proposals and suggestions of delegates and members, who handles them, what they are answered, how it satisfied."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assemblies.enums import Grade, ProposalKind, ProposalState, Satisfaction
from assemblies.models.delegates import Delegate
from assemblies.models.meetings import Meeting
from unions.kit.sealed import EncryptedCharField, SealedRow
from unions.kit.text import in_language
from unions.models import UnionOwned, UnionOwnedQuerySet, UnionPart
from unions.models.base import fill_from
from unions.policies import SHARED
from unions.workflow import Movable


class Theme(models.Model):
    """What proposals are about; the district keeps the list."""

    rights = SHARED

    name_zh = models.CharField(_("Name (Chinese)"), max_length=20)
    name_en = models.CharField(_("Name (English)"), max_length=40)
    order = models.PositiveSmallIntegerField(_("Order"), default=100)
    is_active = models.BooleanField(_("Offered"), default=True)

    class Meta:
        verbose_name = _("Theme")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["name_zh"], name="theme_once")]

    def __str__(self):
        return in_language(self.name_zh, self.name_en)


class AnswerTemplate(models.Model):
    """A text to begin an answer with; the district keeps them."""

    rights = SHARED

    title = models.CharField(_("Title"), max_length=40)
    grade = models.CharField(_("Grade"), max_length=1, choices=Grade.choices)
    text = models.TextField(_("Text"), max_length=2000)

    class Meta:
        verbose_name = _("Template for answers")
        ordering = ["grade", "pk"]

    def __str__(self):
        return self.title


class Collection(UnionOwned):
    """A union asks its members for proposals (征集), before an assembly or between two; its link needs no account."""

    title = models.CharField(_("Title"), max_length=80)
    words = models.TextField(_("Words to the members"), max_length=1000, blank=True)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="collections", verbose_name=_("For the meeting")
    )
    opens_on = models.DateField(_("From"))
    closes_on = models.DateField(_("To"))
    link_number = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="Raised when the link is replaced; the former then leads nowhere"
    )

    class Meta(UnionOwned.Meta):
        verbose_name = _("Collection")
        ordering = ["-opens_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="collection_days_in_order",
                violation_error_message=_("It cannot end before it begins."),
            ),
        ]
        indexes = [models.Index(fields=["union", "-opens_on"], name="collection_union")]

    def __str__(self):
        return self.title

    def is_open(self, day: date) -> bool:
        return self.opens_on <= day <= self.closes_on


class ProposalQuerySet(UnionOwnedQuerySet):
    def with_parts(self):
        """What a row or a page shows beside the proposal itself."""
        return self.select_related("union", "theme", "delegate")

    def overdue(self, day: date):
        """Whose present step should be done; a proposer who says nothing is late with nothing."""
        return self.filter(state__in=WITH_THE_UNION, due_on__lt=day)

    def answered_in_time(self):
        return self.filter(answered_on__lte=F("answer_due_on"))


WITH_THE_UNION = (ProposalState.SUBMITTED, ProposalState.ACCEPTED, ProposalState.ASSIGNED)


class Proposal(UnionOwned, Movable):
    """A proposal (提案), suggestion (建议案) or opinion from its submission to the archive. `due_on` is the last day of
    the present step, `answer_due_on` that of the first answer, by which “answered in time” is judged."""

    kind = models.CharField(_("Kind"), max_length=10, choices=ProposalKind.choices)
    year = models.PositiveSmallIntegerField(editable=False)
    number = models.PositiveIntegerField(editable=False)
    title = models.CharField(_("Subject"), max_length=80)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name=_("Theme"))
    facts = models.TextField(_("Facts"), max_length=3000)
    request = models.TextField(pgettext_lazy("to a union", "Request"), max_length=3000)
    is_key = models.BooleanField(_("Key proposal"), default=False)
    is_confidential = models.BooleanField(_("Keep the proposer's name confidential"), default=False)
    proposer = models.CharField(_("Proposer"), max_length=40, blank=True)
    delegate = models.ForeignKey(
        Delegate, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name=_("Delegate")
    )
    collection = models.ForeignKey(
        Collection, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name=_("Collection")
    )
    submitted_on = models.DateField(_("Submitted on"))
    state = models.CharField(_("State"), max_length=10, choices=ProposalState.choices, default=ProposalState.SUBMITTED)
    into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("Merged into")
    )
    due_on = models.DateField(pgettext_lazy("day", "Due"), null=True, blank=True)
    answer_due_on = models.DateField(_("Answer due"), null=True, blank=True)
    answered_on = models.DateField(_("First answered on"), null=True, blank=True)
    is_extended = models.BooleanField(_("Extended"), default=False)
    is_reworked = models.BooleanField(_("Handled a second time"), default=False)
    grade = models.CharField(_("Grade"), max_length=1, choices=Grade.choices, blank=True)
    satisfaction = models.CharField(_("Proposer's mark"), max_length=12, choices=Satisfaction.choices, blank=True)
    closed_on = models.DateField(_("Settled on"), null=True, blank=True)
    published_on = models.DateField(_("Published on"), null=True, blank=True)
    link_number = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="Raised when the proposer's link is replaced"
    )
    # Null, not empty, where no form brought one: it makes the same form sent twice one proposal.
    told_due_on = models.DateField(
        null=True, editable=False, help_text="The day for which those who handle it were reminded"
    )
    told_late_on = models.DateField(null=True, editable=False, help_text="The day of which they heard that it is past")
    form_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Proposal")
        ordering = ["-submitted_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ProposalKind.values), name="proposal_kind_known"),
            models.UniqueConstraint(fields=["union", "year", "number"], name="proposal_numbered_once"),
            models.CheckConstraint(
                condition=Q(is_confidential=False) | Q(proposer="", delegate=None), name="proposal_confidential"
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.MERGED, into__isnull=False)
                | ~Q(state=ProposalState.MERGED) & Q(into=None),
                name="proposal_merged_into",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ProposalState.ANSWERED, ProposalState.CLOSED, ProposalState.PUBLISHED])
                | Q(answered_on__isnull=False) & ~Q(grade=""),
                name="proposal_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.PUBLISHED) | Q(published_on__isnull=False),
                name="proposal_published_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["middle", "state"], name="proposal_middle"),
            models.Index(fields=["union", "state"], name="proposal_union"),
            models.Index(fields=["-submitted_on", "-id"], name="proposal_newest"),
            models.Index(fields=["due_on"], name="proposal_due", condition=Q(state__in=WITH_THE_UNION)),
        ]

    def __str__(self):
        return self.title

    @property
    def code(self) -> str:
        """2026-003"""
        return f"{self.year}-{self.number:03d}"

    @property
    def is_open(self) -> bool:
        return self.state in WITH_THE_UNION

    def is_overdue(self, day: date) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < day


class Proposer(SealedRow, UnionPart):
    """What only the screeners may open, with a reason: the name where it is confidential, and a telephone number."""

    proposal = models.OneToOneField(Proposal, models.CASCADE, related_name="sealed", verbose_name=_("Proposal"))
    name = EncryptedCharField(_("Name"), max_length=40, blank=True)
    phone = EncryptedCharField(_("Phone"), max_length=20, blank=True)

    class Meta(UnionPart.Meta):
        verbose_name = _("Proposer")
        ordering = ["proposal"]
        triggers = [fill_from("proposal_id", "assemblies_proposal")]

    def __str__(self):
        return f"{self.proposal_id}"


class Seconder(UnionPart):
    """Somebody who supports a proposal by name (附议人)."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="seconders", verbose_name=_("Proposal"))
    name = models.CharField(_("Name"), max_length=40)

    class Meta(UnionPart.Meta):
        verbose_name = _("Seconder")
        ordering = ["proposal", "pk"]
        triggers = [fill_from("proposal_id", "assemblies_proposal")]
        constraints = [models.UniqueConstraint(fields=["proposal", "name"], name="seconder_once")]

    def __str__(self):
        return self.name


class Handler(UnionPart):
    """Who handles a proposal: a department or person of the union, or the tier above to which it was passed up. One
    leads, the others take part and answer for themselves."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="handlers", verbose_name=_("Proposal"))
    name = models.CharField(_("Handled by"), max_length=60)
    superior = models.ForeignKey(
        "unions.Union", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Tier above")
    )
    is_lead = models.BooleanField(_("Leads"), default=False)

    class Meta(UnionPart.Meta):
        verbose_name = _("Handler")
        ordering = ["proposal", "-is_lead", "pk"]
        triggers = [fill_from("proposal_id", "assemblies_proposal")]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "name"], name="handler_once"),
            models.UniqueConstraint(fields=["proposal"], condition=Q(is_lead=True), name="handler_one_leads"),
        ]
        indexes = [models.Index(fields=["superior"], name="handler_superior", condition=Q(superior__isnull=False))]

    def __str__(self):
        return self.name


class Answer(UnionPart):
    """What a handler answered, at first (round 1) or after the second handling (round 2)."""

    handler = models.ForeignKey(Handler, models.PROTECT, related_name="answers", verbose_name=_("Handled by"))
    round = models.PositiveSmallIntegerField(_("Round"))
    text = models.TextField(pgettext_lazy("to a proposal", "Answer"), max_length=3000)
    grade = models.CharField(_("Grade"), max_length=1, choices=Grade.choices)
    signed = models.CharField(_("Signed by"), max_length=40)
    answered_at = models.DateTimeField(_("Answered at"), auto_now_add=True)
    answered_by = models.ForeignKey("unions.User", models.PROTECT, related_name="+", verbose_name=_("Entered by"))

    class Meta(UnionPart.Meta):
        verbose_name = pgettext_lazy("to a proposal", "Answer")
        ordering = ["handler", "round"]
        triggers = [fill_from("handler_id", "assemblies_handler")]
        constraints = [models.UniqueConstraint(fields=["handler", "round"], name="answer_once")]

    def __str__(self):
        return f"{self.handler} · {self.get_grade_display()}"
