"""Meetings of a union, and who was due at them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assemblies.enums import MeetingKind, MeetingState, Presence
from assemblies.models.terms import Term
from unions.models import UnionOwned, UnionPart
from unions.models.base import fill_from
from unions.workflow import Movable


class Meeting(UnionOwned, Movable):
    """A meeting from its plan to the archive. It is judged by the rules of the day on which it is held."""

    kind = models.CharField(_("Kind"), max_length=10, choices=MeetingKind.choices)
    term = models.ForeignKey(
        Term, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("Term")
    )
    session = models.PositiveSmallIntegerField(_("Session no."), null=True, blank=True)
    title = models.CharField(_("Title"), max_length=120)
    held_on = models.DateField(_("Held on"))
    begins_at = models.DateTimeField(_("Begins at"), null=True, blank=True)
    place = models.CharField(_("Place"), max_length=120, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED)

    class Meta(UnionOwned.Meta):
        verbose_name = _("Meeting")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state_known"),
            models.CheckConstraint(condition=Q(kind__in=MeetingKind.values), name="meeting_kind_known"),
        ]
        indexes = [
            models.Index(fields=["middle", "-held_on"], name="meeting_middle"),
            models.Index(fields=["union", "-held_on"], name="meeting_union"),
            models.Index(fields=["-held_on", "-id"], name="meeting_newest"),
        ]

    def __str__(self):
        return self.title


class Attendee(UnionPart):
    """A person due at a meeting (应到), or a guest (列席) without a vote."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendees", verbose_name=_("Meeting"))
    number = models.PositiveIntegerField(_("No."))
    name = models.CharField(_("Name"), max_length=40)
    group = models.CharField(_("Group"), max_length=60, blank=True, help_text=_("Department, team or constituency"))
    has_vote = models.BooleanField(_("Has a vote"), default=True)
    presence = models.CharField(_("Presence"), max_length=8, choices=Presence.choices, default=Presence.EXPECTED)

    class Meta(UnionPart.Meta):
        verbose_name = _("Attendee")
        ordering = ["meeting", "number"]
        triggers = [fill_from("meeting_id", "assemblies_meeting")]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="attendee_once")]

    def __str__(self):
        return self.name
