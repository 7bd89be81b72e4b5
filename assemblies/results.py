"""A result as people read it: each question with its sums, each option with its arithmetic, and the parts behind them."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assemblies import counting
from assemblies.counting import Count, Part
from assemblies.enums import OptionKind, VoteKind
from assemblies.models import Outcome, Question, Vote
from unions.settingbook import setting


@dataclass
class Line:
    """An option of a counted question."""

    outcome: Outcome

    @property
    def arithmetic(self) -> str:
        """“87 ÷ 120 = 72.5 %”, rounded down, so that nothing looks reached that is not."""
        outcome = self.outcome
        if not outcome.base_count:
            return _("n/a")
        thousandths = outcome.votes * 1000 // outcome.base_count
        return f"{outcome.votes} ÷ {outcome.base_count} = {number_format(thousandths / 10, 1)}%"

    @property
    def comparison(self) -> str:
        """How it stands to what the rule asks: “> 50%”."""
        o = self.outcome
        reached, needed = o.votes * o.denominator, o.base_count * o.numerator
        sign = (">" if reached > needed else "=" if reached == needed else "<") if o.base_count else ""
        return f"{sign} {_part(o.numerator, o.denominator)}"


def _part(numerator: int, denominator: int) -> str:
    """50% where that is the whole truth, 2/3 where it is not."""
    hundredths = numerator * 100 / denominator
    return f"{hundredths:.0f}%" if hundredths == int(hundredths) else f"{numerator}/{denominator}"


@dataclass
class PaperResult:
    """One question of a counted vote."""

    vote: Vote
    question: Question
    lines: list[Line]

    @property
    def is_carried(self) -> bool:
        return any(line.outcome.is_won for line in self.lines)

    @property
    def elected(self) -> list[str]:
        return [str(line.outcome) for line in self.lines if line.outcome.is_won]

    @property
    def seats_left(self) -> int:
        return max(0, self.question.seats - len(self.elected))

    @property
    def words(self) -> str:
        """In a sentence, as minutes and resolutions have it."""
        if self.vote.kind == VoteKind.APPRAISAL:
            words = _("satisfied and basically satisfied %(arithmetic)s") % {"arithmetic": self.satisfied.arithmetic}
        elif self.vote.kind == VoteKind.ELECTION:
            names = "、".join(f"{o}（{o.votes}）" for o in (line.outcome for line in self.lines) if o.is_won)
            words = _("elected with votes: %(names)s") % {"names": names} if names else _("nobody is elected")
        else:
            yes = next(line for line in self.lines if line.outcome.option.kind == OptionKind.YES)
            words = _("carried: for %(share)s") if self.is_carried else _("not carried: for %(share)s")
            words %= {"share": f"{yes.arithmetic} {yes.comparison}"}
        text = self.question.text
        return f"{text}{' ' if text.endswith(('？', '?')) else '：'}{words}"

    @property
    def satisfied(self) -> Line | None:
        """Of an appraisal: satisfied and basically satisfied together, of the valid ballots."""
        if self.vote.kind != VoteKind.APPRAISAL:
            return None
        return self._together((OptionKind.SATISFIED, OptionKind.BASIC), Fraction(1))

    def dissatisfied(self, threshold: Fraction) -> Line:
        """Of an appraisal: the dissatisfied of the valid ballots, against a part of these."""
        return self._together((OptionKind.DISSATISFIED,), threshold)

    def _together(self, kinds: tuple[OptionKind, ...], share: Fraction) -> Line:
        votes = sum(line.outcome.votes for line in self.lines if line.outcome.option.kind in kinds)
        return Line(
            Outcome(
                votes=votes, base_count=self.question.valid, numerator=share.numerator, denominator=share.denominator
            )
        )


@dataclass
class Result:
    """What a counted vote came to."""

    vote: Vote
    papers: list[PaperResult]

    @property
    def is_hidden(self) -> bool:
        return is_hidden(self.vote)

    @cached_property
    def parts(self) -> list[Part]:
        """Sub-totals of phones and batches, where each may be shown (see `counting.are_parts_open`)."""
        if self.is_hidden:
            return []
        parts = counting.parts_of(self.vote)
        return parts if len(parts) > 1 and counting.are_parts_open(self.vote, parts) else []

    def count_of(self, part: Part, question: Question) -> Count:
        return part.counts[question.pk]


def is_hidden(vote: Vote) -> bool:
    """Whether so few took part in an appraisal that its result would tell who voted what, on paper too."""
    return vote.kind == VoteKind.APPRAISAL and vote.returned < setting("hidden-below-ballots", vote.held_on)


def result_of(vote: Vote) -> Result:
    return results_of([vote])[0]


def results_of(votes: list[Vote]) -> list[Result]:
    """Of several votes at once, in three queries. A hidden result has no questions."""
    if not votes:
        return []
    sheets: dict[int, list[Question]] = {}
    for question in Question.objects.filter(vote__in=votes).order_by("number").prefetch_related("options"):
        sheets.setdefault(question.vote_id, []).append(question)

    def shown(vote: Vote) -> list[Question]:
        return [] if is_hidden(vote) else sheets.get(vote.pk, [])

    lines: dict[int, list[Line]] = {}
    for outcome in Outcome.objects.filter(vote__in=votes).select_related("option"):
        lines.setdefault(outcome.question_id, []).append(Line(outcome))
    return [
        Result(vote, [_paper(vote, question, lines.get(question.pk, [])) for question in shown(vote)])
        for vote in votes
    ]


def _paper(vote: Vote, question: Question, lines: list[Line]) -> PaperResult:
    if vote.kind != VoteKind.ELECTION:
        lines.sort(key=lambda line: line.outcome.option.number)
    return PaperResult(vote, question, lines)
