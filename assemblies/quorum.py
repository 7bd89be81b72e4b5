"""The quorum: who is due, who is there, how many are needed; and taking up a point of the agenda with it or without.

Present must be at least the part of those due that the setting names (two thirds), guests not counted. Below it no vote,
election or appraisal is taken up, unless the chair says why in a sentence that stands in every result afterwards.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.enums import MeetingKind, MeetingState, Presence
from assemblies.models import AgendaItem, Meeting
from unions.models import User
from unions.services import record
from unions.settingbook import setting
from unions.workflow import Invalid, MoveError


@dataclass(frozen=True)
class Quorum:
    """Numerator, denominator and what is needed: such a part of those due."""

    due: int
    present: int
    part: Fraction

    @property
    def needed(self) -> int:
        return needed_of(self.due, self.part)

    @property
    def is_met(self) -> bool:
        return self.due > 0 and self.present >= self.needed

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.present)


def needed_of(due: int, part: Fraction) -> int:
    """Two thirds of 31 are 21: part of a person is a person."""
    return math.ceil(due * part)


def has_quorum(meeting: Meeting) -> bool:
    """Whether the meeting knows a quorum at all: people come to a symposium as they like."""
    return meeting.kind != MeetingKind.SYMPOSIUM


def quorum_of(meeting: Meeting) -> Quorum:
    """As it stands this moment, or stood when the meeting closed, by the rule of the meeting's own day."""
    part = setting("assembly-quorum", meeting.held_on) if has_quorum(meeting) else Fraction(0)
    if meeting.due_count is not None:
        return Quorum(meeting.due_count, meeting.present_count, part)
    counted = meeting.attendees.voting().aggregate(
        due=Count("pk"), present=Count("pk", filter=Q(presence=Presence.PRESENT))
    )
    return Quorum(counted["due"], counted["present"], part)


def demand_quorum(meeting: Meeting) -> Quorum:
    """The quorum, met or overridden with a recorded reason. Raises MoveError otherwise. Whoever opens a vote asks here."""
    found = quorum_of(meeting)
    if meeting.state != MeetingState.OPEN:
        raise MoveError(_("The meeting is not in session."))
    if not found.is_met and not meeting.override_reason:
        raise MoveError(
            _(
                "Only %(present)d of %(due)d are present; %(needed)d are needed. Wait for more, or record why it goes on."
            )
            % {"present": found.present, "due": found.due, "needed": found.needed}
        )
    return found


def locked(meeting: Meeting) -> Meeting:
    """The meeting while nobody else can sign in: whoever records presence waits for the same lock."""
    return Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)


def can_override(meeting: Meeting, found: Quorum) -> bool:
    return meeting.state == MeetingState.OPEN and not found.is_met and not meeting.override_reason


@transaction.atomic
def override(meeting: Meeting, *, by: User, reason: str) -> Meeting:
    """Go on without a quorum; who said so and why stands in every result of the meeting."""
    current = locked(meeting)
    if not reason.strip():
        raise Invalid(_("Say why."), {"reason": _("Say why the meeting goes on without a quorum.")})
    if current.state != MeetingState.OPEN:
        raise MoveError(_("The meeting is not in session."))
    if current.override_reason:
        raise MoveError(_("It is recorded already that the meeting goes on without a quorum."))
    found = quorum_of(current)
    if found.is_met:
        raise MoveError(_("The quorum is met; nothing needs to be overridden."))
    current.override_reason, current.override_at, current.override_by = reason.strip()[:300], timezone.now(), by
    current.save(update_fields=["override_reason", "override_at", "override_by"])
    data = {"due": found.due, "present": found.present, "needed": found.needed}
    record(current.union, "meeting.override", current, by=by, reason=current.override_reason, data=data)
    return current


@transaction.atomic
def take_up(item: AgendaItem, *, by: User) -> AgendaItem:
    """Pass to a point of the agenda; who is present then is kept with it."""
    meeting = locked(item.meeting)
    current = AgendaItem.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
    if current.begun_at:
        return current
    if meeting.state != MeetingState.OPEN:
        raise MoveError(_("Open the meeting first."))
    found = demand_quorum(meeting) if current.is_deciding else quorum_of(meeting)
    current.begun_at = timezone.now()
    current.due_count, current.present_count, current.needed_count = found.due, found.present, found.needed
    current.save(update_fields=["begun_at", "due_count", "present_count", "needed_count"])
    data = {"point": current.title, "due": found.due, "present": found.present, "needed": found.needed}
    record(meeting.union, "agenda.begin", current, by=by, data=data)
    return current
