"""What an appraisal came to, what the thresholds make of it, and what is improved afterwards.

Voting is a vote's (assemblies/votes.py). When its result is announced, `take_result` begins the appraisal; from then on
it moves by assemblies/appraisal_moves.py.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assemblies.enums import AppraisalState, Consequence, ImprovementState
from assemblies.models import Appraisal, Improvement, Question, Vote
from assemblies.papers import IMPROVEMENT, files_of
from assemblies.results import Line, PaperResult, Result, result_of
from unions.calendar import WorkCalendar
from unions.enums import UploadState
from unions.models import User
from unions.services import differences, record
from unions.settingbook import definitions, in_force, setting
from unions.templatetags.components import full_day
from unions.workflow import MoveError, demand_unchanged

RECTIFY_OVER, RECALL_FROM, QUORUM = "appraisal-rectify-over", "appraisal-recall-from", "appraisal-quorum"
GRAVITY = ("", Consequence.RECTIFY, Consequence.RECALL)
TONES = {Consequence.RECTIFY: "warn", Consequence.RECALL: "bad"}


@dataclass(frozen=True)
class Rating:
    """A question of an appraisal with its answers and what the thresholds of its day make of them."""

    paper: PaperResult
    day: date

    @property
    def question(self) -> Question:
        return self.paper.question

    @property
    def lines(self) -> list[Line]:
        return self.paper.lines

    @property
    def satisfied(self) -> Line:
        return self.paper.satisfied

    @property
    def dissatisfied(self) -> Line:
        """Against the threshold that it has passed, or against the lower one."""
        if self.consequence == Consequence.RECALL:
            return self.paper.dissatisfied(setting(RECALL_FROM, self.day))
        return self.paper.dissatisfied(setting(RECTIFY_OVER, self.day))

    @property
    def consequence(self) -> str:
        """Improvement where more than the one part of the valid ballots are dissatisfied; of a person a recall from the
        other part on. A committee is not recalled by a question about its work."""
        valid, bad = self.question.valid, self.paper.dissatisfied(Fraction(1)).outcome.votes
        if not valid:
            return ""
        if self.question.post and bad >= valid * setting(RECALL_FROM, self.day):
            return Consequence.RECALL
        return Consequence.RECTIFY if bad > valid * setting(RECTIFY_OVER, self.day) else ""

    @property
    def consequence_label(self) -> str:
        return str(Consequence(self.consequence).label)

    @property
    def tone(self) -> str:
        return TONES[self.consequence]


def ratings_of(result: Result) -> list[Rating]:
    return [Rating(paper, result.vote.held_on) for paper in result.papers]


def needed(vote: Vote) -> Fraction:
    """How many ballots must have come back for the appraisal to count."""
    return vote.due * setting(QUORUM, vote.held_on)


@dataclass(frozen=True)
class Threshold:
    """A rule as it held on the day of an appraisal, with where it comes from."""

    label: str
    words: str
    basis: str


def thresholds_on(day: date) -> list[Threshold]:
    found = []
    for key in (QUORUM, RECTIFY_OVER, RECALL_FROM):
        row, definition = in_force(key, day), definitions[key]
        found.append(
            Threshold(
                str(definition.label), definition.words(setting(key, day)), row.basis if row else definition.basis
            )
        )
    return found


@transaction.atomic
def take_result(vote: Vote, *, by: User) -> Appraisal:
    """The result of a vote on the sheet was announced: freeze its sums and days, and write down what the thresholds
    demand. Where too few ballots came back nothing follows but another vote."""
    ratings, day, calendar = ratings_of(result_of(vote)), vote.held_on, WorkCalendar()
    is_short = vote.returned < needed(vote)
    appraisal = Appraisal.objects.create(
        union=vote.union, vote=vote, held_on=day, due_count=vote.due, returned_count=vote.returned,
        state=AppraisalState.VOID if is_short else AppraisalState.RATED,
        consequence="" if is_short else max((r.consequence for r in ratings), key=GRAVITY.index, default=""),
        publish_due_on=calendar.shift(day, setting("appraisal-publish-workdays", day)),
        report_due_on=calendar.shift(day, setting("appraisal-report-workdays", day)),
        plan_due_on=day + timedelta(days=setting("appraisal-plan-days", day)), **_sums(ratings),
    )  # fmt: skip
    found = [] if is_short else [rating for rating in ratings if rating.consequence]
    Improvement.objects.bulk_create(
        Improvement(
            appraisal=appraisal, question=rating.question, number=number, consequence=rating.consequence,
            title=_demand(rating)[:200], owner=_owner(vote), due_on=appraisal.plan_due_on,
        )
        for number, rating in enumerate(found, 1)
    )  # fmt: skip
    data = {"returned": vote.returned, "due": vote.due, "consequences": [rating.consequence for rating in found]}
    record(vote.union, "appraisal.take", appraisal, by=by, data=data)
    return appraisal


def _sums(ratings: list[Rating]) -> dict[str, int]:
    """None of them where the result is hidden."""
    if not ratings:
        return {}
    return {
        "valid_count": sum(rating.question.valid for rating in ratings),
        "good_count": sum(rating.satisfied.outcome.votes for rating in ratings),
        "bad_count": sum(rating.dissatisfied.outcome.votes for rating in ratings),
    }


def _demand(rating: Rating) -> str:
    if rating.consequence == Consequence.RECALL:
        return _("Propose the recall to the members: %(question)s") % {"question": rating.question}
    return _("Put right what members are dissatisfied with: %(question)s") % {"question": rating.question}


def _owner(vote: Vote) -> str:
    return vote.union.chair_name or _("Union committee")


def previous_of(appraisal: Appraisal) -> Appraisal | None:
    """The union's appraisal before this one that counted."""
    before = Appraisal.objects.standing().filter(union=appraisal.union_id, held_on__lt=appraisal.held_on)
    return before.select_related("vote").order_by("-held_on", "-pk").first()


# What is missing


def missing(appraisal: Appraisal) -> list[str]:
    """Each step without which the appraisal cannot be closed (domain 6.6: published, reported, put right)."""
    found = []
    if not appraisal.published_at:
        found.append(_("The result is not published to the members."))
    if not appraisal.approved_on:
        found.append(_("The report to the tier above is not approved."))
    items = list(appraisal.improvements.order_by("number"))
    if not items:
        found.append(
            _("No improvement is planned: an appraisal ends with what the union does about its members' opinions.")
        )
    found += [
        _("“%(title)s” is not done yet (due %(day)s).") % {"title": item.title, "day": full_day(item.due_on)}
        for item in items
        if item.state != ImprovementState.DONE
    ]
    return found


# Improvements


def _changeable(appraisal: Appraisal) -> Appraisal:
    current = Appraisal.objects.select_for_update(of=("self",), no_key=True).get(pk=appraisal.pk)
    if current.state in (AppraisalState.CLOSED, AppraisalState.VOID):
        raise MoveError(_("This appraisal is closed; nothing of it changes any more."))
    return current


@transaction.atomic
def add_improvement(appraisal: Appraisal, values: dict[str, Any], *, by: User) -> Improvement:
    current = _changeable(appraisal)
    last = current.improvements.aggregate(last=Max("number"))["last"] or 0
    made = Improvement.objects.create(appraisal=current, number=last + 1, **values)
    record(current.union, "improvement.add", made, by=by, data={"title": made.title})
    made.refresh_from_db()
    return made


@transaction.atomic
def edit_improvement(
    improvement: Improvement, values: dict[str, Any], *, by: User, revision: int | None = None
) -> Improvement:
    """Measure, owner and day are the union's. A day once reported to the tier above moves with a reason only
    (`postpone`), which that tier reads."""
    _changeable(improvement.appraisal)
    current = Improvement.objects.select_for_update(of=("self",), no_key=True).get(pk=improvement.pk)
    demand_unchanged(current, revision)
    if current.state == ImprovementState.DONE:
        raise MoveError(_("This improvement is done; take it up again first."))
    changes = differences({name: getattr(current, name) for name in values}, values)
    if "due_on" in changes and improvement.appraisal.reported_at:
        raise MoveError(_("The tier above has read this day: postpone it with a reason."))
    if changes:
        for name in changes:
            setattr(current, name, values[name])
        current.told = "" if "due_on" in changes else current.told
        current.revision += 1
        current.save()
        record(current.union, "improvement.edit", current, by=by, data={"changes": changes})
    return current


@transaction.atomic
def remove_improvement(improvement: Improvement, *, by: User) -> None:
    """One of the union's own that was a mistake; only before the tier above has read it."""
    appraisal = _changeable(improvement.appraisal)
    if improvement.consequence:
        raise MoveError(_("The rule demands this improvement: it stays until it is done."))
    if appraisal.reported_at or files_of(IMPROVEMENT.key, improvement.pk):
        raise MoveError(_("It was reported or has evidence already: it stays until it is done."))
    record(appraisal.union, "improvement.remove", improvement, by=by, data={"title": improvement.title})
    improvement.delete()


def has_evidence(improvement: Improvement) -> bool:
    """A file that was taken in and not found infected or broken."""
    return any(
        file.state in (UploadState.CLEAN, UploadState.QUARANTINED)
        for file in files_of(IMPROVEMENT.key, improvement.pk)
    )
