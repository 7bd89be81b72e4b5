"""Counting: parts, sums, and what they come to by the rule that was fixed before. Pure but for reading."""

from collections import Counter
from dataclasses import dataclass, field

from assemblies.enums import BallotForm, OptionKind, VoteBase, VoteKind
from assemblies.models import Ballot, Batch, NamedBallot, Outcome, Question, Vote
from unions.settingbook import setting
from unions.wall import system


@dataclass
class Count:
    """What one question came to in one part of a vote, or in all of it."""

    returned: int = 0
    invalid: int = 0
    ticks: Counter[int] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)

    @property
    def valid(self) -> int:
        return self.returned - self.invalid

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.returned + other.returned, self.invalid + other.invalid, self.ticks + other.ticks, self.others + other.others
        )  # fmt: skip

    @classmethod
    def of(cls, figures: dict) -> "Count":
        """Out of what two people agreed on for a batch."""
        ticks = Counter({int(number): count for number, count in figures["ticks"].items()})
        return cls(figures["returned"], figures["invalid"], ticks, Counter(figures["others"]))


@dataclass
class Part:
    """What was cast on phones, or one batch of paper."""

    batch: Batch | None
    counts: dict[int, Count]  # by question

    @property
    def returned(self) -> int:
        return max((count.returned for count in self.counts.values()), default=0)


def parts_of(vote: Vote) -> list[Part]:
    """The phones' part first, then each batch on which its two counters agreed."""
    parts = [Part(None, _phones(vote))] if vote.way.has_phones else []
    for batch in vote.batches.filter(figures__isnull=False):
        found = {question.pk: Count.of(batch.figures[str(question.pk)]) for question in vote.sheet}
        parts.append(Part(batch, found))
    return parts


def _phones(vote: Vote) -> dict[int, Count]:
    counts = {question.pk: Count() for question in vote.sheet}
    model = Ballot if vote.is_secret else NamedBallot
    with system("counts ballots"):
        rows = list(model.objects.filter(vote=vote).values_list("question", "marks", "others"))
    for question, marks, others in rows:
        counts[question] += Count(1, 0, Counter(marks), Counter(others))
    return counts


def totals_of(vote: Vote, parts: list[Part]) -> dict[int, Count]:
    return {q.pk: sum((part.counts[q.pk] for part in parts), Count()) for q in vote.sheet}


def are_parts_open(vote: Vote, parts: list[Part]) -> bool:
    """Whether each part may be shown by itself: of a secret vote only where none is so small that it tells who voted what,
    and where no small one could be found out by subtraction."""
    least = setting("hidden-below-ballots", vote.held_on)
    return not vote.way.is_sealed or all(part.returned == 0 or part.returned >= least for part in parts)


def handed_out(vote: Vote) -> int:
    """Ballots handed out: links and slips, but for those whose holder took a paper ballot, and paper ballots."""
    on_phones = vote.links.exclude(turnout__form=BallotForm.PAPER).count() if vote.way.has_phones else 0
    return on_phones + (vote.paper_issued if vote.way.has_paper else 0)


def base_count(vote: Vote, count: Count) -> int:
    return {
        VoteBase.DUE: vote.due, VoteBase.PRESENT: vote.present, VoteBase.CAST: count.returned, VoteBase.VALID: count.valid
    }[VoteBase(vote.base)]  # fmt: skip


def outcomes_of(vote: Vote, question: Question, count: Count) -> list[Outcome]:
    """What each option of a question came to, most votes first."""
    base = base_count(vote, count)
    rule = {"numerator": vote.numerator, "denominator": vote.denominator, "is_inclusive": vote.is_inclusive}
    given = {"vote": vote, "question": question, "base_count": base, **rule}
    found = [Outcome(option=o, text=o.text, votes=count.ticks[o.number], **given) for o in question.options.all()]
    found += [Outcome(text=name, votes=votes, **given) for name, votes in sorted(count.others.items())]
    if vote.kind == VoteKind.ELECTION:
        _elect(question, found)
    elif vote.kind == VoteKind.MOTION:
        for outcome in found:
            outcome.is_won = outcome.option.kind == OptionKind.YES and reaches(outcome)
    return sorted(found, key=lambda outcome: -outcome.votes) if vote.kind == VoteKind.ELECTION else found


def reaches(outcome: Outcome) -> bool:
    """The arithmetic of the rule, as the database checks it too."""
    reached, needed = outcome.votes * outcome.denominator, outcome.base_count * outcome.numerator
    return reached >= needed if outcome.is_inclusive else reached > needed


def _elect(question: Question, outcomes: list[Outcome]) -> None:
    """Of those who reach the rule the first by votes have the seats. Where more are level than seats are left, none of
    these has one before a second round."""
    able = sorted((o for o in outcomes if reaches(o)), key=lambda o: -o.votes)
    if len(able) <= question.seats:
        for outcome in able:
            outcome.is_won = True
        return
    last_in, first_out = able[question.seats - 1].votes, able[question.seats].votes
    for outcome in able:
        outcome.is_tied = outcome.votes == last_in == first_out
        outcome.is_won = outcome.votes >= last_in and not outcome.is_tied
