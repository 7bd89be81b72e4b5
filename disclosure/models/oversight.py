"""Special oversight of a matter (专项监督): who oversees it and how they were chosen, what they found, what was replied."""

import secrets
from datetime import date

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assemblies.enums import Satisfaction
from assemblies.models import Meeting, Proposal
from disclosure.enums import DrawPool, FindingState, OverseerState, OversightState, PromiseState, Verdict
from disclosure.models.annual import AnnualReport
from disclosure.models.bulletins import Bulletin
from unions.kit.sealed import EncryptedCharField, SealedRow
from unions.models import UnionOwned, UnionOwnedQuerySet, UnionPart
from unions.models.base import fill_from
from unions.workflow import Movable

S, Step = OversightState, FindingState
BEFORE_FINDINGS = (S.ASKED, S.PREPARING)
UNDER_WAY = (*BEFORE_FINDINGS, S.OPEN, S.REPLYING, S.FOLLOWING)
REPLIED = (S.FOLLOWING, S.CLOSED)
IN_TIME = Q(replied_on__lte=F("reply_due_on"))


def is_judged(day: date) -> Q:
    """By which “answered in time” is judged: the replies are out, or their day is past."""
    return ~Q(state=S.CANCELLED) & (Q(replied_on__isnull=False) | Q(reply_due_on__lt=day))


def new_seed() -> str:
    return secrets.token_hex(16)


class OversightQuerySet(UnionOwnedQuerySet):
    def under_way(self):
        return self.filter(state__in=UNDER_WAY)

    def overdue(self, day: date):
        """The present step is past its day."""
        return self.under_way().filter(due_on__lt=day)


class Oversight(UnionOwned, Movable):
    """A matter of a union that members or delegates look into, from the request to its end. `due_on` is the last day of the
    present step; the replies are judged by `reply_due_on`."""

    title = models.CharField(pgettext_lazy("oversight", "Matter"), max_length=80)
    scope = models.TextField(_("What is overseen"), max_length=2000)
    why = models.TextField(pgettext_lazy("oversight", "Why"), max_length=1000)
    basis = models.CharField(_("Basis"), max_length=200)
    lead = models.CharField(_("Who leads it (name, post)"), max_length=60)
    opens_on = models.DateField(pgettext_lazy("oversight", "Begins on"))
    findings_due_on = models.DateField(_("Findings due"))
    reply_due_on = models.DateField(_("Replies due"))
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="oversights", verbose_name=_("Meeting")
    )
    bulletin = models.ForeignKey(
        Bulletin, models.PROTECT, null=True, blank=True, related_name="oversights", verbose_name=_("Bulletin")
    )
    report = models.ForeignKey(
        AnnualReport, models.PROTECT, null=True, blank=True, related_name="oversights", verbose_name=_("Annual report")
    )
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="oversights", verbose_name=_("Proposal")
    )
    state = models.CharField(_("State"), max_length=10, choices=S.choices, default=S.PREPARING)
    is_demanded = models.BooleanField(_("Asked for by the tier above"), default=False, editable=False)
    due_on = models.DateField(pgettext_lazy("day", "Due"), null=True, editable=False)
    replied_on = models.DateField(_("Replied on"), null=True, editable=False)
    closed_on = models.DateField(pgettext_lazy("oversight", "Closed on"), null=True, editable=False)
    told_due_on = models.DateField(
        null=True, editable=False, help_text="The day for which those who see to it were reminded"
    )
    told_late_on = models.DateField(null=True, editable=False, help_text="The day of which they heard that it is past")
    # It makes the same form sent twice one matter.
    form_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = OversightQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Special oversight")
        ordering = ["-opens_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=S.values), name="oversight_state_known"),
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("findings_due_on"), findings_due_on__lt=F("reply_due_on")),
                name="oversight_days_in_order",
                violation_error_message=_("First it begins, then the findings are due, after them the replies."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=REPLIED, replied_on__isnull=False) | ~Q(state__in=REPLIED) & Q(replied_on=None),
                name="oversight_replied_dated",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[S.CLOSED, S.CANCELLED], closed_on__isnull=False)
                | ~Q(state__in=[S.CLOSED, S.CANCELLED]) & Q(closed_on=None),
                name="oversight_closed_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["middle", "-opens_on"], name="oversight_middle"),
            models.Index(fields=["union", "-opens_on"], name="oversight_union"),
            models.Index(fields=["-opens_on", "-id"], name="oversight_newest"),
            models.Index(fields=["due_on"], name="oversight_due", condition=Q(due_on__isnull=False)),
        ]

    def __str__(self):
        return self.title

    @property
    def is_editable(self) -> bool:
        """What is overseen, and until when, stands once the overseers have begun."""
        return self.state in BEFORE_FINDINGS

    def is_overdue(self, day: date) -> bool:
        return self.state in UNDER_WAY and self.due_on is not None and self.due_on < day

    @property
    def links(self) -> list:
        """The records of the union that the matter is about."""
        return [one for one in (self.meeting, self.bulletin, self.report, self.proposal) if one]


class OversightDraw(UnionPart):
    """A draw by lot: the list is frozen first, then the seed is made; both stand before anybody is drawn and for good
    (docs/adr/0080). A further draw has its reason and stands beside the first."""

    oversight = models.ForeignKey(Oversight, models.CASCADE, related_name="draws", verbose_name=_("Special oversight"))
    number = models.PositiveSmallIntegerField(_("No."))
    pool = models.CharField(_("Drawn among"), max_length=10, choices=DrawPool.choices)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("List of the meeting")
    )
    wanted = models.PositiveSmallIntegerField(_("How many are drawn"))
    has_committee = models.BooleanField(_("Members of the committees may be drawn"), default=False)
    entries = ArrayField(
        models.CharField(max_length=20), help_text="Frozen, in order: D or A and the number of the row"
    )
    left_out = models.JSONField(default=dict, help_text="Entry → LeftOut")
    seed = models.CharField(_("Seed"), max_length=32, default=new_seed)
    reason = models.CharField(_("Why drawn anew"), max_length=300, blank=True)
    prepared_at = models.DateTimeField(_("List frozen at"), auto_now_add=True)
    prepared_by = models.ForeignKey("unions.User", models.PROTECT, related_name="+", verbose_name=_("List frozen by"))
    drawn_at = models.DateTimeField(_("Drawn at"), null=True)
    drawn_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Drawn by")
    )

    class Meta(UnionPart.Meta):
        verbose_name = _("Draw by lot")
        ordering = ["oversight", "number"]
        triggers = [
            fill_from("oversight_id", "disclosure_oversight"),
            pgtrigger.Protect(
                name="keep_frozen",
                operation=pgtrigger.UpdateOf("entries", "left_out", "seed", "wanted", "reason", "pool", "prepared_at"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["oversight", "number"], name="oversight_draw_once"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="oversight_draw_anew_reasoned",
                violation_error_message=_("Say why it is drawn anew."),
            ),
            models.CheckConstraint(
                condition=Q(drawn_at=None, drawn_by=None) | Q(drawn_at__isnull=False, drawn_by__isnull=False),
                name="oversight_draw_dated",
            ),
            models.CheckConstraint(
                condition=Q(pool=DrawPool.DELEGATES, meeting=None) | Q(pool=DrawPool.ATTENDEES, meeting__isnull=False),
                name="oversight_draw_pool",
            ),
        ]  # fmt: skip

    def __str__(self):
        return _("Draw %(number)d") % {"number": self.number}


class OverseerQuerySet(UnionOwnedQuerySet):
    def taking_part(self):
        return self.filter(state=OverseerState.ACCEPTED)

    def counted_on(self):
        """Invited and not gone."""
        return self.filter(state__in=[OverseerState.INVITED, OverseerState.ACCEPTED])


class Overseer(SealedRow, UnionPart, Movable):
    """A member or delegate who is invited to oversee a matter, by name or by the lot. Works by a link, without an account."""

    oversight = models.ForeignKey(
        Oversight, models.CASCADE, related_name="overseers", verbose_name=_("Special oversight")
    )
    number = models.PositiveSmallIntegerField(_("No."))
    name = EncryptedCharField(_("Name"), max_length=40)
    phone = EncryptedCharField(_("Phone"), max_length=20, blank=True)
    draw = models.ForeignKey(
        OversightDraw, models.PROTECT, null=True, blank=True, related_name="overseers", verbose_name=_("Draw by lot")
    )
    place = models.PositiveIntegerField(_("Place in the draw"), null=True, blank=True)
    entry = models.CharField(_("Entry of the list"), max_length=20, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replacement", verbose_name=_("In place of")
    )
    state = models.CharField(_("State"), max_length=8, choices=OverseerState.choices, default=OverseerState.INVITED)
    reason = models.CharField(_("Reason"), max_length=500, blank=True)
    is_nameable = models.BooleanField(_("Agrees to be named in the publication"), default=False)
    has_nothing = models.BooleanField(_("Found nothing to object to"), default=False)
    handed_in_at = models.DateTimeField(_("Findings handed in at"), null=True)
    link_number = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="Raised when a link is replaced"
    )

    objects = OverseerQuerySet.as_manager()

    class Meta(UnionPart.Meta):
        verbose_name = _("Overseer")
        ordering = ["oversight", "number"]
        triggers = [fill_from("oversight_id", "disclosure_oversight")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OverseerState.values), name="overseer_state_known"),
            models.UniqueConstraint(fields=["oversight", "number"], name="overseer_once"),
            models.UniqueConstraint(fields=["draw", "place"], name="overseer_place_once"),
            models.CheckConstraint(
                condition=Q(draw=None, place=None, entry="") | Q(draw__isnull=False, place__gte=1) & ~Q(entry=""),
                name="overseer_place_of_draw",
            ),
            models.CheckConstraint(
                condition=Q(handed_in_at=None) | Q(state=OverseerState.ACCEPTED),
                name="overseer_takes_part_before_finding",
            ),
        ]

    def __str__(self):
        return _("Overseer %(number)d") % {"number": self.number}


class FindingQuerySet(UnionOwnedQuerySet):
    def unanswered(self):
        return self.filter(state__in=[Step.GIVEN, Step.REWORK])


class OversightFinding(UnionPart, Movable):
    """What an overseer found (监督意见), by link or (`taken_by`) taken down by somebody of the union, and
    how far the reply satisfies."""

    oversight = models.ForeignKey(
        Oversight, models.CASCADE, related_name="findings", verbose_name=_("Special oversight")
    )
    overseer = models.ForeignKey(Overseer, models.PROTECT, related_name="findings", verbose_name=_("Overseer"))
    number = models.PositiveSmallIntegerField(_("No."))
    title = models.CharField(_("In a few words"), max_length=80)
    text = models.TextField(_("What was found, and what is proposed"), max_length=2000)
    given_at = models.DateTimeField(_("Handed in at"), auto_now_add=True)
    taken_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Taken down by")
    )
    state = models.CharField(_("State"), max_length=8, choices=Step.choices, default=Step.GIVEN)
    due_on = models.DateField(
        pgettext_lazy("day", "Due"), null=True, help_text="Of the second reply, or of the rating"
    )
    is_reworked = models.BooleanField(_("Replied a second time"), default=False)
    satisfaction = models.CharField(_("Overseer's rating"), max_length=12, choices=Satisfaction.choices, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta(UnionPart.Meta):
        verbose_name = _("Finding of the overseers")
        ordering = ["oversight", "number"]
        triggers = [fill_from("oversight_id", "disclosure_oversight")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Step.values), name="oversight_finding_state_known"),
            models.UniqueConstraint(fields=["oversight", "number"], name="oversight_finding_once"),
            models.CheckConstraint(
                condition=~Q(state=Step.RATED) | ~Q(satisfaction=""), name="oversight_finding_rated"
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.title

    @property
    def round(self) -> int:
        """1, or 2 once a dissatisfied overseer had it replied to once more."""
        return 2 if self.is_reworked else 1


class OversightReplyQuerySet(UnionOwnedQuerySet):
    def promised(self):
        """Something is still to be done."""
        return self.filter(state=PromiseState.OPEN)


class OversightReply(UnionPart, Movable):
    """What the union replied to a finding, at first (round 1) or once more (round 2); what it promised, until it is done."""

    finding = models.ForeignKey(
        OversightFinding, models.CASCADE, related_name="replies", verbose_name=pgettext_lazy("oversight", "Finding")
    )
    round = models.PositiveSmallIntegerField(_("Round"))
    verdict = models.CharField(_("How the union takes it"), max_length=8, choices=Verdict.choices)
    text = models.TextField(pgettext_lazy("to a finding", "Reply"), max_length=2000)
    promise = models.TextField(_("What is done about it"), max_length=1000, blank=True)
    promise_due_on = models.DateField(_("To be done by"), null=True, blank=True)
    replied_at = models.DateTimeField(_("Replied at"), auto_now_add=True)
    replied_by = models.ForeignKey("unions.User", models.PROTECT, related_name="+", verbose_name=_("Entered by"))
    state = models.CharField(
        _("State"), max_length=8, choices=PromiseState.choices, default=PromiseState.NONE, editable=False
    )
    done_on = models.DateField(_("Done on"), null=True)
    outcome = models.TextField(_("What came of it"), max_length=1000, blank=True)

    objects = OversightReplyQuerySet.as_manager()

    class Meta(UnionPart.Meta):
        verbose_name = _("Reply to a finding")
        ordering = ["finding", "round"]
        triggers = [fill_from("finding_id", "disclosure_oversightfinding")]
        constraints = [
            models.UniqueConstraint(fields=["finding", "round"], name="oversight_reply_once"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="oversight_verdict_known"),
            models.CheckConstraint(condition=Q(state__in=PromiseState.values), name="oversight_reply_state_known"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.REJECTED, state=PromiseState.NONE, promise="", promise_due_on=None)
                | ~Q(verdict=Verdict.REJECTED)
                & ~Q(state=PromiseState.NONE)
                & ~Q(promise="")
                & Q(promise_due_on__isnull=False),
                name="oversight_reply_promises",
            ),
            models.CheckConstraint(
                condition=Q(state=PromiseState.DONE, done_on__isnull=False) & ~Q(outcome="")
                | ~Q(state=PromiseState.DONE) & Q(done_on=None, outcome=""),
                name="oversight_reply_done",
            ),
        ]

    def __str__(self):
        return f"{self.finding_id} · {self.round}"
