"""Meetings of a union: agenda, who was due and who came, and the matters that were raised."""

import secrets
from datetime import date

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.enums import (
    DECIDING,
    AgendaKind,
    Manner,
    MatterState,
    MeetingKind,
    MeetingState,
    Power,
    Presence,
    SignedHow,
)
from assemblies.models.terms import Term
from unions.models import UnionOwned, UnionOwnedQuerySet, UnionPart
from unions.models.base import fill_from
from unions.workflow import Movable

S = MeetingState
ASSEMBLIES = (MeetingKind.CONGRESS, MeetingKind.MEMBERS, MeetingKind.DELEGATES)
YEARLY = (MeetingKind.MEMBERS, MeetingKind.DELEGATES)  # what a grassroots union holds each year
PREPARING = (S.PLANNED, S.REPORTED, S.APPROVED, S.CALLED)
HELD = (S.CLOSED, S.FILED, S.CONFIRMED, S.PUBLISHED, S.ARCHIVED)


def new_seed() -> str:
    return secrets.token_hex(16)


class MeetingQuerySet(UnionOwnedQuerySet):
    def standing(self):
        """Not cancelled."""
        return self.exclude(state=S.CANCELLED)

    def held(self):
        """Over: people met."""
        return self.filter(state__in=HELD)

    def assemblies(self):
        return self.filter(kind__in=ASSEMBLIES)

    def in_year(self, year: int):
        return self.filter(held_on__year=year)

    def for_year(self, year: int):
        """Those that count as of a year: held in it, or to make up for it."""
        return self.filter(Q(makes_up_for=year) | Q(makes_up_for=None, held_on__year=year))

    def waiting_above(self):
        """For the tier above to decide on: a plan, or results."""
        return self.filter(state__in=[S.REPORTED, S.FILED])


class Meeting(UnionOwned, Movable):
    """A meeting from its plan to the archive. It is judged by the rules of the day on which it is held."""

    kind = models.CharField(_("Kind"), max_length=10, choices=MeetingKind.choices)
    term = models.ForeignKey(
        Term, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("Term")
    )
    session = models.PositiveSmallIntegerField(_("Session no."), null=True, blank=True)
    is_renewal = models.BooleanField(_("First session of a new term"), default=False)
    makes_up_for = models.PositiveSmallIntegerField(
        _("Makes up for"), null=True, blank=True, help_text="The year whose assembly was not held in time"
    )
    title = models.CharField(_("Title"), max_length=120)
    held_on = models.DateField(_("Held on"))
    begins_at = models.DateTimeField(_("Begins at"), null=True, blank=True)
    place = models.CharField(_("Place"), max_length=120, blank=True)
    manner = models.CharField(_("Form of the meeting"), max_length=8, choices=Manner.choices, default=Manner.ON_SITE)
    members = models.PositiveIntegerField(_("Members when planned"), default=0)
    state = models.CharField(_("State"), max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED)

    approval_number = models.CharField(_("Number of the approval"), max_length=60, blank=True)
    approved_on = models.DateField(_("Approved on"), null=True, blank=True)
    called_at = models.DateTimeField(_("Called at"), null=True, blank=True)
    notice_note = models.CharField(_("Why the notice is short"), max_length=300, blank=True)
    opened_at = models.DateTimeField(_("Opened at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("Closed at"), null=True, blank=True)
    due_count = models.PositiveIntegerField(_("Due at the end"), null=True, blank=True)
    present_count = models.PositiveIntegerField(_("Present at the end"), null=True, blank=True)
    override_reason = models.CharField(_("Why it went on without a quorum"), max_length=300, blank=True)
    override_at = models.DateTimeField(null=True, blank=True)
    override_by = models.ForeignKey("unions.User", models.PROTECT, null=True, blank=True, related_name="+")
    minutes = models.TextField(_("Minutes"), blank=True)
    result_number = models.CharField(_("Number of the approval of the results"), max_length=60, blank=True)
    confirmed_on = models.DateField(_("Results approved on"), null=True, blank=True)
    published_at = models.DateTimeField(_("Published at"), null=True, blank=True)
    link_seed = models.CharField(max_length=32, default=new_seed, editable=False, help_text="Links are derived of it")

    objects = MeetingQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Meeting")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state_known"),
            models.CheckConstraint(condition=Q(kind__in=MeetingKind.values), name="meeting_kind_known"),
            models.UniqueConstraint(
                fields=["term", "kind", "session"],
                condition=~Q(state=MeetingState.CANCELLED),
                name="meeting_session_once",
                violation_error_message=_("There is a meeting of this number in this term already."),
            ),
            models.CheckConstraint(
                condition=Q(makes_up_for=None) | Q(kind__in=YEARLY, held_on__year__gt=F("makes_up_for")),
                name="meeting_makes_up_later",
                violation_error_message=_("An assembly makes up for a year that was over before it is held."),
            ),
            models.CheckConstraint(
                condition=Q(override_reason="", override_at=None, override_by=None)
                | (~Q(override_reason="") & Q(override_at__isnull=False, override_by__isnull=False)),
                name="meeting_override_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["middle", "-held_on"], name="meeting_middle"),
            models.Index(fields=["union", "-held_on"], name="meeting_union"),
            models.Index(fields=["-held_on", "-id"], name="meeting_newest"),
            models.Index(
                fields=["held_on"],
                include=["union", "middle", "due_count", "present_count"],
                name="meeting_attendance",
                condition=Q(kind__in=ASSEMBLIES, state__in=HELD),
            ),
            models.Index(
                fields=["state", "held_on"], name="meeting_waiting", condition=Q(state__in=["reported", "filed"])
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_assembly(self) -> bool:
        return self.kind in ASSEMBLIES

    @property
    def counts_for(self) -> int:
        """The year whose assembly it is."""
        return self.makes_up_for or self.held_on.year

    @property
    def is_preparing(self) -> bool:
        return self.state in PREPARING

    @property
    def plan_is_open(self) -> bool:
        """Whether day, place and papers may change: not while the tier above considers them."""
        return self.is_preparing and self.state != S.REPORTED

    @property
    def agenda_is_open(self) -> bool:
        """Whether points may change: until people have met, the sitting itself included."""
        return self.plan_is_open or self.state == S.OPEN

    @property
    def is_held(self) -> bool:
        return self.state in HELD

    @property
    def takes_attendance(self) -> bool:
        """People sign in on the day itself, before the meeting is opened too, and until it is closed."""
        return self.state == S.OPEN or (self.state == S.CALLED and self.held_on <= timezone.localdate())


class AgendaItem(UnionPart):
    """A point of the agenda, and what was resolved on it. Who was present when it was taken up stands with it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda", verbose_name=_("Meeting"))
    number = models.PositiveSmallIntegerField(_("No."))
    kind = models.CharField(_("Kind"), max_length=10, choices=AgendaKind.choices, default=AgendaKind.REPORT)
    title = models.CharField(_("Point"), max_length=200)
    speaker = models.CharField(_("Speaker"), max_length=40, blank=True)
    power = models.CharField(_("Power of the assembly"), max_length=8, choices=Power.choices, blank=True, default="")
    begun_at = models.DateTimeField(_("Taken up at"), null=True, blank=True)
    due_count = models.PositiveIntegerField(_("Due"), null=True, blank=True)
    present_count = models.PositiveIntegerField(_("Present"), null=True, blank=True)
    needed_count = models.PositiveIntegerField(_("Needed"), null=True, blank=True)
    resolution = models.TextField(_("Resolution"), blank=True)

    class Meta(UnionPart.Meta):
        verbose_name = _("Point of the agenda")
        ordering = ["meeting", "number"]
        triggers = [fill_from("meeting_id", "assemblies_meeting")]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"], name="agenda_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_deciding(self) -> bool:
        return self.kind in DECIDING

    @property
    def was_below_quorum(self) -> bool:
        return self.begun_at is not None and self.is_deciding and self.present_count < (self.needed_count or 0)


class AttendeeQuerySet(UnionOwnedQuerySet):
    def voting(self):
        return self.filter(has_vote=True)

    def guests(self):
        return self.filter(has_vote=False)

    def present(self):
        return self.filter(presence=Presence.PRESENT)


class Attendee(UnionPart):
    """A person due at a meeting (应到), or a guest (列席) without a vote."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendees", verbose_name=_("Meeting"))
    number = models.PositiveIntegerField(_("No."))
    name = models.CharField(_("Name"), max_length=40)
    group = models.CharField(_("Group"), max_length=60, blank=True, help_text=_("Department, team or constituency"))
    post = models.CharField(_("Post"), max_length=60, blank=True)
    has_vote = models.BooleanField(_("Has a vote"), default=True)
    account = models.ForeignKey(
        "unions.User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Account")
    )
    presence = models.CharField(_("Presence"), max_length=8, choices=Presence.choices, default=Presence.EXPECTED)
    signed_at = models.DateTimeField(_("Signed in at"), null=True, blank=True)
    signed_how = models.CharField(_("How"), max_length=8, choices=SignedHow.choices, blank=True, default="")
    signed_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Recorded by")
    )
    note = models.CharField(_("Reason of the absence"), max_length=120, blank=True)

    objects = AttendeeQuerySet.as_manager()

    class Meta(UnionPart.Meta):
        verbose_name = _("Attendee")
        ordering = ["meeting", "number"]
        triggers = [fill_from("meeting_id", "assemblies_meeting")]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="attendee_once")]

    def __str__(self):
        return self.name


class MatterQuerySet(UnionOwnedQuerySet):
    def open(self):
        return self.exclude(state=MatterState.ENDED)

    def overdue(self, day: date | None = None):
        """Not answered by the day that was promised."""
        return self.filter(state=MatterState.OPEN, due_on__lt=day or timezone.localdate())

    def urgent_first(self):
        rank = Case(*(When(state=state, then=Value(n)) for n, state in enumerate(MatterState.values)), default=9)
        return self.order_by(rank, "due_on", "pk")


class Matter(UnionPart, Movable):
    """Something raised at a symposium (R28), followed to its end: who sees to it, until when, what came of it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="matters", verbose_name=_("Symposium"))
    number = models.PositiveSmallIntegerField(_("No."))
    title = models.CharField(_("Matter"), max_length=120)
    detail = models.TextField(_("What was said"), blank=True)
    raiser = models.CharField(_("Raised by"), max_length=40, blank=True)
    owner = models.CharField(_("Who sees to it"), max_length=60)
    due_on = models.DateField(_("Answer due on"))
    told = models.CharField(
        max_length=4, blank=True, default="", editable=False, help_text="The last reminder: soon, late"
    )
    state = models.CharField(_("State"), max_length=8, choices=MatterState.choices, default=MatterState.OPEN)
    reply = models.TextField(_("Answer to the matter"), blank=True)
    answered_on = models.DateField(_("Answered on"), null=True, blank=True)
    outcome = models.TextField(_("What came of it"), blank=True)
    ended_on = models.DateField(_("Settled on"), null=True, blank=True)

    objects = MatterQuerySet.as_manager()

    class Meta(UnionPart.Meta):
        verbose_name = _("Matter raised")
        ordering = ["-meeting", "number"]
        triggers = [fill_from("meeting_id", "assemblies_meeting")]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="matter_once"),
            models.CheckConstraint(condition=Q(state__in=MatterState.values), name="matter_state_known"),
            models.CheckConstraint(
                condition=~Q(state=MatterState.ENDED) | Q(ended_on__isnull=False), name="matter_ended_when"
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="matter_due", condition=Q(state=MatterState.OPEN)),
            models.Index(fields=["union", "due_on"], name="matter_union"),
            models.Index(fields=["middle", "due_on"], name="matter_middle"),
        ]

    def __str__(self):
        return self.title

    @property
    def days_late(self) -> int:
        late = (timezone.localdate() - self.due_on).days
        return max(0, late) if self.state == MatterState.OPEN else 0
