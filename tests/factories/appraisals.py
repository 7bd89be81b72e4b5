"""Appraisals as tests need them."""

from django.core.files.uploadedfile import SimpleUploadedFile

from assemblies import ballots, votes
from assemblies.enums import VoteKind, VoteManner
from assemblies.models import Appraisal, BallotLink, Improvement, Vote
from assemblies.papers import IMPROVEMENT
from tests.factories.votes import meeting_of, opened
from unions import uploads
from unions.models import Union, Upload, User
from unions.workflow import perform

GOOD, BASIC, BAD, UNKNOWN = 1, 2, 3, 4  # the answers of the first sheet, by number


def sheet_vote(union: Union, by: User, due: int = 12, present: int = 12, **values) -> Vote:
    """A vote on the sheet of today, being prepared, at a meeting with so many due and present."""
    meeting = meeting_of(union, due, present)
    return votes.prepare(
        union, kind=VoteKind.APPRAISAL, title="2026年度民主评议", held_on=meeting.held_on, meeting=meeting, by=by,
        papers=votes.papers_of_sheet(union, meeting.held_on), **{"asks_advice": True, **values},
    )  # fmt: skip


def cast(vote: Vote, link: BallotLink, of_committee: int, of_chair: int, advice: str = "") -> str:
    """One ballot: the same answer to all questions about the committee, another to those about people."""
    code = ballots.new_receipt()
    choices = {q.pk: ballots.Choice([of_chair if q.post else of_committee]) for q in vote.sheet}
    ballots.cast(BallotLink.objects.get(pk=link.pk), choices, receipt=code, advice=advice)
    return code


def appraised(
    union: Union, by: User, answers: list[tuple[int, int]] | None = None, *, advice: str = "", **values
) -> Appraisal:  # fmt: skip
    """Voted, counted and announced; `answers` of each voter: about the committee, about the chair."""
    answers = [(GOOD, GOOD)] * 9 + [(BASIC, GOOD)] * 3 if answers is None else answers
    vote, links = opened(
        sheet_vote(union, by, **{"due": max(len(answers), 5), "present": max(len(answers), 5), **values}), by
    )
    for (link, _secret), (of_committee, of_chair) in zip(links, answers, strict=False):
        cast(vote, link, of_committee, of_chair, advice)
    for move in ("close", "count", "announce"):
        vote = perform(vote, move, by=by)
    return Appraisal.objects.select_related("union").get(vote=vote)


def paper_appraised(
    union: Union, tellers: tuple[User, User], tally: dict[int, int], issued: int, due: int
) -> Appraisal:
    """On paper: so many of each answer to every question, counted by two."""
    vote = perform(
        sheet_vote(union, tellers[0], due, due, manner=VoteManner.PAPER, asks_advice=False), "open", by=tellers[0]
    )
    votes.set_paper_issued(vote, issued, by=tellers[0])
    batch = votes.add_batch(Vote.objects.get(pk=vote.pk), "", by=tellers[0])
    for teller in tellers:
        votes.enter(batch, figures(vote, tally), by=teller)
    for move in ("close", "count", "announce"):
        vote = perform(vote, move, by=tellers[0])
    return Appraisal.objects.select_related("union").get(vote=vote)


def figures(vote: Vote, tally: dict[int, int], invalid: int = 0) -> dict[int, dict]:
    ticks = {str(number): tally.get(number, 0) for number in (GOOD, BASIC, BAD, UNKNOWN)}
    returned = sum(tally.values()) + invalid
    return {q.pk: {"returned": returned, "invalid": invalid, "ticks": ticks, "others": {}} for q in vote.sheet}


def evidence(improvement: Improvement, by: User) -> Upload:
    given = SimpleUploadedFile("整改照片说明.pdf", b"%PDF-1.4\n%%EOF")
    return uploads.receive(
        given, purpose=IMPROVEMENT, union=improvement.union, by=by, object_id=improvement.pk
    )  # fmt: skip


def published(appraisal: Appraisal, by: User) -> Appraisal:
    return perform(appraisal, "publish", by=by, data={"where": "厂区公告栏"})


def approved(appraisal: Appraisal, by: User, above: User) -> Appraisal:
    """Published, reported and approved, with the talk that a consequence asks for."""
    reported = perform(published(appraisal, by), "report", by=by)
    return perform(reported, "approve", by=above, data={"opinion": "同意。", "talk": "11月25日与主席谈话。"})
