"""Preparing votes: what is asked and by which rule, second rounds, and the counting of paper by two people.

Whoever prepares a vote of their own floor (an appraisal, the election of delegates) calls `prepare`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assemblies.appraisal_sheets import options_on, questions_for
from assemblies.bands import SIZES, band
from assemblies.enums import Body, MeetingState, OptionKind, Post, VoteBase, VoteKind, VoteManner, VoteState
from assemblies.models import (
    AgendaItem,
    Batch,
    BatchEntry,
    Delegate,
    Meeting,
    Option,
    Outcome,
    Question,
    Seat,
    Term,
    Vote,
)
from assemblies.models.meetings import HELD
from assemblies.terms import add_seat, present_term
from assemblies.vote_checks import margin_of
from unions.enums import Tier
from unions.models import Union, User
from unions.permissions import Permission
from unions.services import differences, record
from unions.settingbook import setting
from unions.workflow import Invalid, MoveError, demand_unchanged

ANSWERS = (OptionKind.YES, OptionKind.NO, OptionKind.ABSTAIN)


@dataclass(frozen=True)
class Candidate:
    """Who stands: the name, and what the ballot and the checks need."""

    name: str
    sex: str = ""
    note: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paper:
    """One ballot paper as it is prepared."""

    text: str
    body: str = ""
    post: str = ""
    seats: int = 0
    takes_others: bool = False
    candidates: tuple[Candidate, ...] = ()


@transaction.atomic
def prepare(
    union: Union, *, kind: VoteKind, title: str, held_on: date, by: User, papers: Iterable[Paper], meeting: Meeting | None = None,
    item: AgendaItem | None = None, manner: VoteManner = VoteManner.SECRET, due: int = 0, base: VoteBase | None = None, previous: Vote | None = None, **values: Any,
) -> Vote:  # fmt: skip
    """Begin a vote with its papers. Unless said otherwise it is won by more than the district's part (one half) of those
    due, as the setting of its day has it; the answers of an appraisal are parts of the valid ballots. On a point of an
    agenda it belongs to that meeting, and the point has one vote at a time."""
    if item:
        meeting = _free(item, previous)
    share = setting("elected-over", held_on)
    vote = Vote.objects.create(
        union=union, kind=kind, title=title, held_on=held_on, meeting=meeting, item=item, manner=manner, due=due,
        previous=previous,
        base=base or (VoteBase.VALID if kind == VoteKind.APPRAISAL else VoteBase.DUE),
        **{"numerator": share.numerator, "denominator": share.denominator, **values},
    )  # fmt: skip
    _write_papers(vote, papers)
    record(union, "vote.prepare", vote, by=by, data={"title": title})
    vote.refresh_from_db()
    return vote


def _free(item: AgendaItem, previous: Vote | None) -> Meeting:
    """The meeting of a point on which no other vote is under way."""
    AgendaItem.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
    if known := item.votes.under_way().exclude(pk=previous and previous.pk).first():
        raise MoveError(_("On this point there is a vote already: %(vote)s.") % {"vote": known})
    if item.meeting.state in HELD or item.meeting.state == MeetingState.CANCELLED:
        raise MoveError(_("The meeting is over; its agenda stays as it was."))
    return item.meeting


def _write_papers(vote: Vote, papers: Iterable[Paper]) -> None:
    for number, paper in enumerate(papers, 1):
        question = Question.objects.create(
            vote=vote, number=number, text=paper.text, body=paper.body, post=paper.post, seats=paper.seats,
            takes_others=paper.takes_others,
        )  # fmt: skip
        if vote.kind == VoteKind.ELECTION:
            options = [
                Option(kind=OptionKind.CANDIDATE, text=c.name, sex=c.sex, note=c.note, facts=list(c.facts))
                for c in paper.candidates
            ]
        elif vote.kind == VoteKind.APPRAISAL:
            options = options_on(vote.held_on)
        else:
            options = [Option(kind=answer) for answer in ANSWERS]
        for place, option in enumerate(options, 1):
            option.question, option.number = question, place
        Option.objects.bulk_create(options)


@transaction.atomic
def edit(
    vote: Vote, values: dict[str, Any], papers: Iterable[Paper], *, by: User, revision: int | None = None
) -> Vote:
    """Change what is being prepared; the papers are written anew. Once open, rule and questions are locked."""
    current = Vote.objects.select_for_update(of=("self",), no_key=True).get(pk=vote.pk)
    demand_unchanged(current, revision)
    if not current.is_editable:
        raise MoveError(_("Voting has begun: rule and questions are locked."))
    changes = differences({name: getattr(current, name) for name in values}, values)
    for name in changes:
        setattr(current, name, values[name])
    current.revision += 1
    current.save()
    current.questions.all().delete()
    _write_papers(current, papers)
    record(current.union, "vote.edit", current, by=by, data={"changes": changes})
    return current


@transaction.atomic
def discard(vote: Vote, *, by: User) -> None:
    """A vote that never opened leaves nothing but its event."""
    current = Vote.objects.select_for_update(of=("self",)).get(pk=vote.pk)
    if not current.is_editable:
        raise MoveError(_("Voting has begun. A vote that must not count is declared void."))
    record(current.union, "vote.discard", current, by=by, data={"title": current.title})
    current.delete()


# Second rounds


def open_seats(question: Question) -> int:
    """Seats that a counted election left empty."""
    return question.seats - question.outcomes.filter(is_won=True).count()


def needs_second_round(vote: Vote) -> bool:
    return vote.kind == VoteKind.ELECTION and vote.is_counted and any(open_seats(q) > 0 for q in vote.sheet)


@transaction.atomic
def second_round(vote: Vote, *, by: User) -> Vote:
    """A new vote for the seats left: between those who tied, or else between the next by votes, as many more than seats
    as the rule asks. Asked for twice it is the same one."""
    Vote.objects.select_for_update(of=("self",), no_key=True).get(pk=vote.pk)
    if found := vote.rounds.exclude(state=VoteState.VOID).first():
        return found
    if not needs_second_round(vote):
        raise MoveError(_("All seats are filled; there is nothing left to vote on."))
    papers = [_paper_of(vote, question) for question in vote.sheet if open_seats(question) > 0]
    is_over = vote.meeting is not None and vote.meeting.is_held  # then it is held at another, or by itself
    title = _("%(title)s (second round)") % {"title": vote.title}
    return prepare(
        vote.union, kind=VoteKind(vote.kind), title=title[:120], held_on=vote.held_on, by=by, papers=papers,
        meeting=None if is_over else vote.meeting, item=None if is_over else vote.item,
        manner=VoteManner(vote.manner), due=vote.due, base=VoteBase(vote.base), previous=vote, numerator=vote.numerator,
        denominator=vote.denominator, is_inclusive=vote.is_inclusive, noticed_on=vote.noticed_on,
    )  # fmt: skip


def _paper_of(vote: Vote, question: Question) -> Paper:
    left = open_seats(question)
    losers = question.outcomes.filter(is_won=False).select_related("option").order_by("-votes", "pk")
    tied = list(losers.filter(is_tied=True))
    question.seats = left  # of the paper to be written; never saved
    next_ones = tied or list(losers[: left + margin_of(vote, question)[0]])
    return Paper(question.text, question.body, question.post, left, False, tuple(map(_again, next_ones)))


def _again(outcome: Outcome) -> Candidate:
    option = outcome.option
    return Candidate(outcome.text, option.sex, option.note, tuple(option.facts)) if option else Candidate(outcome.text)


# Seats


def unseated(vote: Vote) -> list[Outcome]:
    """Those elected to a body of the union who do not sit in it yet."""
    won = vote.outcomes.filter(is_won=True).exclude(question__body="").select_related("question", "option")
    seated = Seat.objects.filter(term__union=vote.union_id, until=None).values_list("body", "post", "name")
    known = set(seated)
    return [one for one in won if (one.question.body, one.question.post, one.text) not in known]


def unregistered(vote: Vote, term: Term | None) -> list[Outcome]:
    """Those elected as delegates whom the register of the term does not have yet."""
    if vote.kind != VoteKind.ELECTION or term is None:
        return []
    known = Delegate.objects.filter(term=term, ended_on=None).values("name")
    return list(vote.outcomes.filter(is_won=True, question__body="").exclude(text__in=known).select_related("option"))


def term_of_elected(vote: Vote) -> Term | None:
    """In which those elected sit: the present one; after the first session of a new term the one that it began."""
    term = present_term(vote.union)
    if term is None or term.started_on > vote.held_on:
        return None
    is_renewal = vote.meeting is not None and vote.meeting.is_renewal
    return None if is_renewal and term.started_on < vote.held_on else term


@transaction.atomic
def seat_elected(vote: Vote, *, by: User) -> int:
    """Enter those elected into the term of office; whoever sits there already is left as it is. Returns how many."""
    current = Vote.objects.select_for_update(of=("self",), no_key=True).get(pk=vote.pk)
    if current.state != VoteState.ANNOUNCED:
        raise MoveError(_("Seats are taken once the result is announced."))
    term = term_of_elected(current)
    if term is None:
        raise MoveError(
            _("Begin the term on the page of terms of office first: nobody can sit in a term that has not begun.")
        )
    elected = unseated(current)
    for one in elected:
        option = one.option
        add_seat(
            term, body=one.question.body, post=one.question.post, name=one.text[:40], sex=option.sex if option else "",
            since=current.held_on, by=by, facts=option.facts if option else [], reason=current.title,
        )  # fmt: skip
    record(current.union, "vote.seats", current, by=by, data={"count": len(elected)})
    return len(elected)


# Paper ballots


@transaction.atomic
def set_paper_issued(vote: Vote, count: int, *, by: User) -> Vote:
    """How many paper ballots were handed out, until the vote is counted."""
    current = Vote.objects.select_for_update(of=("self",), no_key=True).get(pk=vote.pk)
    if not current.way.has_paper or current.state not in (VoteState.DRAFT, VoteState.OPEN, VoteState.CLOSED):
        raise MoveError(_("Paper ballots are entered before a vote is counted."))
    if count > (due := current.entitled):
        raise Invalid(
            _("More ballots cannot be handed out than people are due."),
            {"paper_issued": _("%(due)d people are due.") % {"due": due}},
        )
    record(
        current.union, "vote.issue", current, by=by, data={"changes": {"paper_issued": [current.paper_issued, count]}}
    )
    current.paper_issued = count
    current.revision += 1
    current.save(update_fields=["paper_issued", "revision"])
    return current


def _counting_paper(vote: Vote) -> Vote:
    current = Vote.objects.select_for_update(of=("self",), no_key=True).get(pk=vote.pk)
    if not current.way.has_paper or current.state not in (VoteState.OPEN, VoteState.CLOSED):
        raise MoveError(_("Paper ballots are entered between the opening and the count of a vote."))
    return current


@transaction.atomic
def add_batch(vote: Vote, label: str, *, by: User) -> Batch:
    current = _counting_paper(vote)
    last = current.batches.aggregate(last=Max("number"))["last"] or 0
    batch = Batch.objects.create(vote=current, number=last + 1, label=label)
    record(current.union, "vote.batch", current, by=by, data={"batch": batch.number})
    return batch


@transaction.atomic
def enter(batch: Batch, figures: Mapping[int, dict], *, by: User) -> Batch:
    """One person's count of a batch. Once two people have entered the same figures, these are its sub-total; until then
    each may correct their own. A third cannot decide between two: they count again."""
    _counting_paper(batch.vote)
    errors = {
        str(question.pk): problem
        for question in batch.vote.sheet
        if (
            problem := _too_many(batch, question, figures[question.pk])
            or _mistake(batch.vote, question, figures[question.pk])
        )
    }
    if errors:
        raise Invalid(_("These figures do not add up."), errors)
    others = batch.entries.exclude(by=by)
    if others.count() > 1:
        raise MoveError(_("Two people have counted this batch already; one of them has to correct their count."))
    kept = {str(pk): given for pk, given in figures.items()}
    BatchEntry.objects.update_or_create(batch=batch, by=by, defaults={"figures": kept})
    counts = [entry.figures for entry in batch.entries.all()]
    batch.figures = kept if len(counts) == 2 and counts[0] == counts[1] else None
    batch.save(update_fields=["figures"])
    data = {"batch": batch.number, "agreed": batch.figures is not None}
    record(batch.vote.union, "vote.enter", batch.vote, by=by, data=data)
    return batch


def _too_many(batch: Batch, question: Question, given: dict) -> str | None:
    """Of an appraisal no more sheets come back than were handed out (domain 6.6). An election with too many is void by
    its own rules, and so its piles are entered as they are found."""
    vote = batch.vote
    if vote.kind != VoteKind.APPRAISAL:
        return None
    others = vote.batches.exclude(pk=batch.pk).exclude(figures=None)
    left = vote.paper_issued - sum(each.figures[str(question.pk)]["returned"] for each in others)
    if given["returned"] <= left:
        return None
    return _("Of %(issued)d sheets handed out %(left)d are left; no more can come back. Correct the number handed out or this one.") % {
        "issued": vote.paper_issued, "left": left
    }  # fmt: skip


def _mistake(vote: Vote, question: Question, given: dict) -> str | None:
    """What cannot be right about a count, in a sentence."""
    valid = given["returned"] - given["invalid"]
    marks = sum(given["ticks"].values()) + sum(given["others"].values())
    if valid < 0:
        return _("More invalid ballots than were returned.")
    if vote.kind != VoteKind.ELECTION and marks != valid:
        return _("The answers add up to %(sum)d, but %(valid)d ballots are valid.") % {"sum": marks, "valid": valid}
    if vote.kind == VoteKind.ELECTION and any(
        n > valid for n in (*given["ticks"].values(), *given["others"].values())
    ):
        return _("A candidate cannot have more votes than there are valid ballots (%(valid)d).") % {"valid": valid}
    if vote.kind == VoteKind.ELECTION and marks > valid * question.most:
        return _("%(valid)d valid ballots hold at most %(most)d votes; these are %(sum)d.") % {
            "valid": valid, "most": valid * question.most, "sum": marks
        }  # fmt: skip
    return None


def may_count(user: User, vote: Vote) -> bool:
    """Whoever is appointed at the union itself may be one of the two who count paper; so may the tier directly above,
    where a union has but one account."""
    is_time = vote.way.has_paper and vote.state in (VoteState.OPEN, VoteState.CLOSED)
    return is_time and (
        user.holds_at(Permission.ASSEMBLY_VIEW, vote.union_id) or user.has_perm(Permission.ASSEMBLY_APPROVE, vote)
    )


# Templates


def papers_of_sheet(union: Union, day: date) -> list[Paper]:
    """What an appraisal of that day asks in any case: the district's sheet."""
    return [Paper(asked.text, asked.body, asked.post) for asked in questions_for(union, day)]


def template(kind: VoteKind, union: Union, item: AgendaItem | None = None) -> list[Paper]:
    """The papers a vote of a kind begins with; a motion on a point of an agenda asks whether one agrees to it.
    Those of an appraisal are the sheet's (`papers_of_sheet`)."""
    if kind == VoteKind.MOTION:
        return [Paper(_("Do you agree: %(point)s?") % {"point": item} if item else "")]
    return [_seats_paper(union, item)]


def _seats_paper(union: Union, item: AgendaItem | None) -> Paper:
    """The body that the point names, with the least seats that the table of the meeting's day allows."""
    body = next((body for body in SIZES if item and str(body.label) in item.title), Body.COMMITTEE)
    row = band(SIZES[body], union.members, item.meeting.held_on) if item and union.tier is Tier.GRASSROOTS else None
    return Paper(str(body.label), body, Post.MEMBER, row.range_for(union.members)[0] if row else 3, takes_others=True)
