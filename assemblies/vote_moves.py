"""How a vote moves: prepared, open, closed, counted, announced, or void. A table and what each row brings."""

import hashlib
import json
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies import appraisals, ballots, counting, sealing, vote_checks
from assemblies.enums import BallotForm, RollMoment, VoteKind, VoteState
from assemblies.models import Outcome, Question, Roll, Vote
from assemblies.quorum import demand_quorum, locked, quorum_of, take_up
from unions.models import Event, User
from unions.permissions import Permission
from unions.settingbook import setting
from unions.workflow import MoveError, Transition, Workflow, register


def write_roll(vote: Vote, moment: RollMoment) -> Roll:
    """Write down who is due and present now, as the meeting's sign-in has it; a vote without a meeting has the number it
    was given. Whoever changes it later does not fit its digest in the record of acts."""
    people, due, present = [], vote.due, vote.due
    if vote.meeting_id:
        meeting = locked(vote.meeting)
        found = demand_quorum(meeting) if moment == RollMoment.OPEN else quorum_of(meeting)
        due, present = found.due, found.present
        people = [list(one) for one in meeting.attendees.voting().values_list("number", "name", "group", "presence")]
    return Roll.objects.create(
        vote=vote, moment=moment, due=due, present=present, people=people, digest=digest_of(people)
    )


def digest_of(people: list) -> str:
    return hashlib.sha256(json.dumps(people, ensure_ascii=False).encode()).hexdigest()


def ready(vote: Vote, by: User) -> str | None:
    """Every check that blocks is passed, the quorum among them."""
    return vote_checks.refusal(vote)


def begin(vote: Vote, *, event: Event, by: User, due: date | None) -> None:
    roll = write_roll(vote, RollMoment.OPEN)
    vote.due, vote.present, vote.opened_at = roll.due, roll.present, timezone.now()
    if vote.item:
        take_up(vote.item, by=by)
    if vote.way.is_sealed:
        vote.public_key = sealing.make_key(vote.pk)
    event.data.update(due=roll.due, present=roll.present, roll=roll.digest, rule=str(vote.rule_words))


def enough_ballots(vote: Vote, by: User) -> str | None:
    """A handful of sealed ballots would tell who voted what as soon as they are opened."""
    if not vote.way.is_sealed:
        return None
    cast, least = cast_on_phones(vote), setting("hidden-below-ballots", vote.held_on)
    if 0 < cast < least:
        return _("Only %(count)d ballots have been cast on phones. Fewer than %(least)d are not opened, because the result "
                 "would tell who voted what: wait for more, or declare the vote void.") % {"count": cast, "least": least}  # fmt: skip
    return None


def cast_on_phones(vote: Vote) -> int:
    return vote.turnout.filter(form=BallotForm.PHONE).count()


def end(vote: Vote, *, event: Event, by: User, due: date | None) -> None:
    ballots.stop_casting(vote)
    if why := enough_ballots(vote, by):  # of those that came in meanwhile
        raise MoveError(why)
    roll = write_roll(vote, RollMoment.CLOSE)
    if vote.way.is_sealed:
        ballots.open_envelopes(vote)
        vote.public_key = b""
    vote.closed_at = timezone.now()
    event.data.update(due=roll.due, present=roll.present, roll=roll.digest, cast=cast_on_phones(vote))


def is_countable(vote: Vote, by: User) -> str | None:
    """All batches agreed on, and no more ballots returned than were handed out."""
    if vote.way.has_paper:
        if not vote.batches.exists():
            return _("Enter the paper ballots first: two people, each for themselves.")
        if waiting := vote.batches.filter(figures__isnull=True).count():
            return _("In %(count)d batches the two counts are missing or differ.") % {"count": waiting}
    returned, issued = sum(part.returned for part in counting.parts_of(vote)), counting.handed_out(vote)
    if returned > issued:
        return _("%(returned)d ballots came back and %(issued)d were handed out: the vote is void by the rules of elections. "
                 "Declare it void and vote again.") % {"returned": returned, "issued": issued}  # fmt: skip
    return None


def count(vote: Vote, *, event: Event, by: User, due: date | None) -> None:
    parts = counting.parts_of(vote)
    totals = counting.totals_of(vote, parts)
    for question in vote.sheet:
        total = totals[question.pk]
        question.returned, question.valid, question.invalid = total.returned, total.valid, total.invalid
        Outcome.objects.bulk_create(counting.outcomes_of(vote, question, total))
    Question.objects.bulk_update(vote.sheet, ["returned", "valid", "invalid"])
    vote.issued, vote.returned = counting.handed_out(vote), sum(part.returned for part in parts)
    event.data.update(
        issued=vote.issued, returned=vote.returned, won=[str(o) for o in vote.outcomes.filter(is_won=True).select_related("option")]
    )  # fmt: skip


def announce(vote: Vote, *, event: Event, by: User, due: date | None) -> None:
    vote.announced_at = timezone.now()
    if vote.kind == VoteKind.APPRAISAL:
        appraisals.take_result(vote, by=by)


def may_be_void(vote: Vote, by: User) -> str | None:
    """Whoever is appraised often runs the vote: what they know the result of they cannot sweep away."""
    if vote.kind == VoteKind.APPRAISAL and vote.state == VoteState.COUNTED:
        return _("The result of this appraisal is known: it is announced, whatever it is.")
    return None


def make_void(vote: Vote, *, event: Event, by: User, due: date | None) -> None:
    """Sealed ballots are never opened any more."""
    ballots.stop_casting(vote)
    ballots.forget_envelopes(vote)
    vote.public_key = b""


_DRAFT, _OPEN, _CLOSED, _COUNTED, _ANNOUNCED, _VOID = (
    VoteState.DRAFT, VoteState.OPEN, VoteState.CLOSED, VoteState.COUNTED, VoteState.ANNOUNCED, VoteState.VOID,
)  # fmt: skip
_MANAGE = Permission.VOTE_MANAGE

VOTES = register(Workflow(Vote))
VOTES.add(
    Transition("open", gettext_lazy("Open the vote"), frozenset({_DRAFT}), _OPEN, _MANAGE, guard=ready, effect=begin, is_primary=True),
    Transition("close", gettext_lazy("Close the vote"), frozenset({_OPEN}), _CLOSED, _MANAGE, guard=enough_ballots, effect=end, is_primary=True),
    Transition("count", gettext_lazy("Count"), frozenset({_CLOSED}), _COUNTED, _MANAGE, guard=is_countable, effect=count, is_primary=True),
    Transition("announce", gettext_lazy("Announce the result"), frozenset({_COUNTED}), _ANNOUNCED, _MANAGE, effect=announce, is_primary=True),
    Transition("void", gettext_lazy("Declare void"), frozenset({_OPEN, _CLOSED, _COUNTED}), _VOID, _MANAGE, demands=frozenset({"reason"}), guard=may_be_void, effect=make_void),
)  # fmt: skip
