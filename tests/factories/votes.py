"""Meetings and votes as tests need them."""

import datetime

from django.utils import timezone

from assemblies import ballots
from assemblies.enums import Body, MeetingKind, MeetingState, Post, Presence, VoteKind, VoteManner
from assemblies.models import Attendee, BallotLink, Meeting, Vote
from assemblies.votes import Candidate, Paper, prepare
from unions.models import Union, User
from unions.workflow import perform


def meeting_of(union: Union, due: int = 12, present: int = 10, **values) -> Meeting:
    """A members' assembly in session, today unless said otherwise, with so many due and present."""
    values = {"held_on": timezone.localdate(), "state": MeetingState.OPEN, **values}
    meeting = Meeting.objects.create(union=union, kind=MeetingKind.MEMBERS, title="第一次会员大会", **values)
    Attendee.objects.bulk_create(
        Attendee(
            meeting=meeting, number=number, name=f"会员{number}", group="一车间",
            presence=Presence.PRESENT if number <= present else Presence.EXPECTED,
        )
        for number in range(1, due + 1)
    )  # fmt: skip
    return meeting


def motion(meeting: Meeting, by: User, manner: str = VoteManner.SECRET, **values) -> Vote:
    given = {
        "title": "关于审议工会工作报告的决议",
        "held_on": meeting.held_on,
        "papers": [Paper("同意工会工作报告吗？")],
    }
    return prepare(
        meeting.union, kind=VoteKind.MOTION, meeting=meeting, manner=VoteManner(manner), by=by, **given | values
    )


def election(meeting: Meeting, by: User, names: str = "张敏 李强 王芳 赵磊", seats: int = 3, **values) -> Vote:
    """Of a committee, its candidates published long enough ago."""
    candidates = tuple(Candidate(name) for name in names.split())
    given = {"title": "选举第三届工会委员会", "noticed_on": meeting.held_on - datetime.timedelta(days=20)}
    papers = [Paper("工会委员会委员", Body.COMMITTEE, Post.MEMBER, seats, True, candidates)]
    given |= {"held_on": meeting.held_on, "papers": papers, "manner": VoteManner.SECRET}
    return prepare(meeting.union, kind=VoteKind.ELECTION, meeting=meeting, by=by, **given | values)


def opened(vote: Vote, by: User) -> tuple[Vote, list[tuple[BallotLink, str]]]:
    """The vote, open, and a link for everybody present."""
    vote = perform(vote, "open", by=by)
    return vote, ballots.make_links(vote, by=by) if vote.way.has_phones else []


def tick(vote: Vote, link: BallotLink, *marks: int, others: tuple[str, ...] = (), advice: str = "") -> str:
    """Cast the same ticks on every paper of a vote; returns the receipt code."""
    code = ballots.new_receipt()
    choices = {question.pk: ballots.Choice(list(marks), list(others)) for question in vote.sheet}
    ballots.cast(BallotLink.objects.get(pk=link.pk), choices, receipt=code, advice=advice)
    return code


def announced(vote: Vote, by: User, *marks: int) -> Vote:
    """Everybody present ticks the same; counted and announced."""
    vote, links = opened(vote, by)
    for link, _secret in links:
        tick(vote, link, *marks)
    for move in ("close", "count", "announce"):
        vote = perform(vote, move, by=by)
    return vote
