"""The votes on an agenda: how each stands, and what it came to once it is announced. Agenda, minutes and papers read the
result here; nobody writes it a second time."""

from assemblies.enums import AgendaKind, MeetingState, VoteKind
from assemblies.models import AgendaItem, Meeting
from assemblies.results import Result, results_of
from unions.models import User
from unions.permissions import Permission

# What the vote on a point is.
KINDS = {
    AgendaKind.VOTE: VoteKind.MOTION, AgendaKind.ELECTION: VoteKind.ELECTION, AgendaKind.APPRAISAL: VoteKind.APPRAISAL
}  # fmt: skip


def results_at(meeting: Meeting) -> list[Result]:
    """Every vote of the meeting that is not void; those announced with their papers."""
    votes = list(meeting.votes.standing().order_by("pk"))
    counted = {result.vote.pk: result for result in results_of([vote for vote in votes if vote.is_announced])}
    return [counted.get(vote.pk) or Result(vote, []) for vote in votes]


def agenda_of(meeting: Meeting, user: User | None = None) -> list[AgendaItem]:
    """The points, each with the `results` of its votes and, where this person may prepare one, with the kind `to_plan`. In
    as many queries for one vote as for all."""
    items, found = list(meeting.agenda.all()), results_at(meeting)
    is_over = meeting.is_held or meeting.state == MeetingState.CANCELLED
    may_plan = user is not None and not is_over and user.has_perm(Permission.VOTE_MANAGE, meeting)
    for item in items:
        item.results = [result for result in found if result.vote.item_id == item.pk]
        item.to_plan = KINDS.get(AgendaKind(item.kind)) if may_plan and not item.results else None
    return items
