"""Votes of the made-up district: what its assemblies decided and whom they elected, counted from paper by two people, and
votes being prepared for the meetings that are called. No ballots: of paper nothing but the sums was ever in the portal."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from django.db.models import prefetch_related_objects

from assemblies.agenda_votes import KINDS
from assemblies.counting import Count, outcomes_of
from assemblies.demo.rolls import Halls
from assemblies.enums import (
    AgendaKind,
    Body,
    MeetingState,
    OptionKind,
    Post,
    VoteKind,
    VoteManner,
    VoteState,
)
from assemblies.models import AgendaItem, Batch, BatchEntry, Option, Outcome, Question, Roll, Seat, Term, Vote
from assemblies.votes import ANSWERS
from unions.demo import bulk, names

BATCH = 2000


def write(random: Random, points: list[AgendaItem], chairs: dict[int, int], tell: Callable[[int, int], None]) -> None:
    """A vote on every point that was voted on but the appraisal (`appraisals.write`). `chairs`: union → account of whoever
    acts there."""
    points = [point for point in points if point.kind in (AgendaKind.VOTE, AgendaKind.ELECTION)]
    held = [point for point in points if point.meeting.closed_at]
    coming = [point for point in points if point.meeting.state == MeetingState.CALLED]
    votes = Vote.objects.bulk_create((_vote(point) for point in [*held, *coming]), batch_size=BATCH)
    questions = Question.objects.bulk_create((_question(vote) for vote in votes), batch_size=BATCH)
    Option.objects.bulk_create(
        (each for question in questions for each in _options(random, question)), batch_size=BATCH
    )
    prefetch_related_objects(questions, "options")
    _count(random, votes[: len(held)], questions[: len(held)], chairs)
    tell(len(votes), len(votes))


def _vote(point: AgendaItem) -> Vote:
    meeting = point.meeting
    begins = meeting.begins_at + timedelta(minutes=50)
    vote = Vote(
        union=meeting.union, meeting=meeting, item=point, kind=KINDS[AgendaKind(point.kind)], manner=VoteManner.PAPER,
        title=point.title[:120], held_on=meeting.held_on, noticed_on=meeting.held_on - timedelta(days=20),
    )  # fmt: skip
    if meeting.closed_at:
        vote.due, vote.present = meeting.due_count, meeting.present_count
        vote.paper_issued = vote.issued = vote.returned = vote.present
        vote.opened_at, vote.closed_at = begins, begins + timedelta(minutes=15)
        vote.announced_at = begins + timedelta(minutes=40)
    return vote


def _question(vote: Vote) -> Question:
    if vote.kind == VoteKind.ELECTION:
        return Question(
            vote=vote, number=1, text=str(Body.COMMITTEE.label), body=Body.COMMITTEE, post=Post.MEMBER, seats=1
        )
    return Question(vote=vote, number=1, text=f"是否同意：{vote.title}？")


def _options(random: Random, question: Question) -> list[Option]:
    if question.seats:
        women = (random.random() < 0.5 for _seat in range(2))
        people = [(names.person(random, female=is_woman), "female" if is_woman else "male") for is_woman in women]
        return [
            Option(question=question, number=number, kind=OptionKind.CANDIDATE, text=name, sex=sex)
            for number, (name, sex) in enumerate(people, 1)
        ]
    return [Option(question=question, number=n, kind=kind) for n, kind in enumerate(ANSWERS, 1)]


def _count(random: Random, votes: list[Vote], questions: list[Question], chairs: dict[int, int]) -> None:
    """Count and announce, as their meetings did."""
    Vote.objects.filter(pk__in=[vote.pk for vote in votes]).update(state=VoteState.ANNOUNCED)
    outcomes, batches, rolls = [], [], []
    halls = Halls(random, (vote.meeting_id for vote in votes))
    for vote, question in zip(votes, questions, strict=True):
        count = _sum(random, vote, question)
        question.returned, question.valid, question.invalid = count.returned, count.valid, count.invalid
        outcomes += outcomes_of(vote, question, count)
        figures = {"returned": count.returned, "invalid": count.invalid, "ticks": dict(count.ticks), "others": {}}
        batches.append(Batch(vote=vote, number=1, label="票箱", figures={str(question.pk): figures}))
        rolls += halls.rolls_of(vote)
    Question.objects.bulk_update(questions, ["returned", "valid", "invalid"], batch_size=BATCH)
    Outcome.objects.bulk_create(outcomes, batch_size=BATCH)
    Batch.objects.bulk_create(batches, batch_size=BATCH)
    Roll.objects.bulk_create(rolls, batch_size=BATCH)
    tellers = lambda batch: {chairs.get(batch.vote.union_id), chairs.get(batch.vote.union.middle_id)} - {None}  # noqa: E731
    BatchEntry.objects.bulk_create(
        (BatchEntry(batch=b, by_id=by, figures=b.figures) for b in batches for by in tellers(b)), batch_size=BATCH
    )
    _seat([outcome for outcome in outcomes if outcome.is_won and outcome.question.body])
    bulk.write_events(row for vote in votes for row in _events(vote, halls.digest_of(vote), chairs.get(vote.union_id)))


def _sum(random: Random, vote: Vote, question: Question) -> Count:
    """So many ticks on paper; what is voted on is mostly carried, by those present."""
    returned = vote.present
    invalid = returned // 60
    valid = returned - invalid
    yes = valid - random.randint(0, valid // 9)
    against = random.randint(0, valid - yes)
    count = Count(returned, invalid)
    count.ticks.update({1: yes, 2: valid - yes} if question.seats else {1: yes, 2: against, 3: valid - yes - against})
    return count


def _seat(elected: list[Outcome]) -> None:
    """Whoever was elected since the present term began sits in it."""
    terms = {
        term.union_id: term
        for term in Term.objects.filter(ended_on=None, union__in={o.vote.union_id for o in elected})
    }
    Seat.objects.bulk_create(
        Seat(term=terms[o.vote.union_id], body=o.question.body, post=o.question.post, name=o.text, sex=o.option.sex, since=o.vote.held_on)
        for o in elected
        if o.vote.union_id in terms and terms[o.vote.union_id].started_on <= o.vote.held_on
    )  # fmt: skip


def _events(vote: Vote, roll: str, by: int | None) -> list[tuple]:
    steps = (
        ("open", vote.opened_at, "draft", "open", {"due": vote.due, "present": vote.present, "roll": roll}),
        ("close", vote.closed_at, "open", "closed", {"due": vote.due, "present": vote.present, "roll": roll}),
        ("count", vote.closed_at + timedelta(minutes=10), "closed", "counted", {"issued": vote.issued, "returned": vote.returned}),
        ("announce", vote.announced_at, "counted", "announced", {}),
    )  # fmt: skip
    return [
        (vote.union_id, f"vote.{name}", Vote._meta.label, vote.pk, at, by, source, target, "", bulk.as_json(data))
        for name, at, source, target, data in steps
    ]
