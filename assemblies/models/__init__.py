"""Terms, meetings and what they decide."""

from assemblies.models.bands import Band
from assemblies.models.meetings import Attendee, Meeting
from assemblies.models.terms import Seat, Term

__all__ = ["Attendee", "Band", "Meeting", "Seat", "Term"]
