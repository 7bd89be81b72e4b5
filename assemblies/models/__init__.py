"""Terms, meetings and what they decide."""

from assemblies.models.bands import Band
from assemblies.models.delegates import Constituency, Delegate, DelegateAttendance
from assemblies.models.meetings import Attendee, Meeting
from assemblies.models.proposals import (
    Answer,
    AnswerTemplate,
    Collection,
    Handler,
    Proposal,
    Proposer,
    Seconder,
    Theme,
)
from assemblies.models.terms import Seat, Term

__all__ = [
    "Answer",
    "AnswerTemplate",
    "Attendee",
    "Band",
    "Collection",
    "Constituency",
    "Delegate",
    "DelegateAttendance",
    "Handler",
    "Meeting",
    "Proposal",
    "Proposer",
    "Seat",
    "Seconder",
    "Term",
    "Theme",
]
