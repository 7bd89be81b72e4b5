"""Terms, meetings and what they decide."""

from assemblies.models.meetings import Attendee, Meeting
from assemblies.models.terms import Seat, Term

__all__ = ["Attendee", "Meeting", "Seat", "Term"]
