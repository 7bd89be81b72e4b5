"""Terms, meetings and what they decide."""

from assemblies.models.appraisals import Appraisal, AppraisalGrade, AppraisalItem, AppraisalSheet, Improvement
from assemblies.models.ballots import (
    Advice,
    Ballot,
    BallotLink,
    Batch,
    BatchEntry,
    Envelope,
    NamedBallot,
    Receipt,
    Turnout,
)
from assemblies.models.bands import Band
from assemblies.models.delegates import Constituency, Delegate, DelegateAttendance
from assemblies.models.meetings import AgendaItem, Attendee, Matter, Meeting
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
from assemblies.models.votes import Option, Outcome, Question, Roll, Vote

__all__ = [
    "Advice",
    "AgendaItem",
    "Answer",
    "AnswerTemplate",
    "Appraisal",
    "AppraisalGrade",
    "AppraisalItem",
    "AppraisalSheet",
    "Attendee",
    "Ballot",
    "BallotLink",
    "Band",
    "Batch",
    "BatchEntry",
    "Collection",
    "Constituency",
    "Delegate",
    "DelegateAttendance",
    "Envelope",
    "Handler",
    "Improvement",
    "Matter",
    "Meeting",
    "NamedBallot",
    "Option",
    "Outcome",
    "Proposal",
    "Proposer",
    "Question",
    "Receipt",
    "Roll",
    "Seat",
    "Seconder",
    "Term",
    "Theme",
    "Turnout",
    "Vote",
]
