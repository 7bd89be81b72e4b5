"""What must be right before a vote opens, each with where it comes from: whoever opens it sees all of it at once.

What the rules forbid blocks; what they advise against warns. Every number is the setting of the vote's own day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.bars import bars
from assemblies.enums import BarLevel, MeetingState, Post, VoteKind, VoteManner
from assemblies.models import Question, Vote
from assemblies.quorum import quorum_of
from unions.calendar import WorkCalendar
from unions.enums import Tier
from unions.settingbook import definitions, in_force, setting


@dataclass(frozen=True)
class Check:
    """One line of the list: what was looked at, what was found, on what basis."""

    label: str
    is_passed: bool
    text: str
    basis: str = ""
    is_blocking: bool = True

    @property
    def tone(self) -> str:
        return "ok" if self.is_passed else "bad" if self.is_blocking else "warn"


def basis_of(key: str, vote: Vote) -> str:
    """The basis of the value that holds on the vote's day."""
    row = in_force(key, vote.held_on)
    return row.basis if row else definitions[key].basis


def checks_of(vote: Vote) -> list[Check]:
    """The whole list, in the order in which an organiser prepares a vote."""
    found = [_questions(vote), *_people(vote)]
    if vote.kind == VoteKind.APPRAISAL:
        found.append(_is_secret(vote))
    if vote.kind == VoteKind.ELECTION:
        found += [_is_secret(vote), *(check for question in vote.sheet for check in _candidates(vote, question))]
        found += list(_notice(vote))
    if vote.way.is_sealed:
        found.append(_enough_people(vote))
    if vote.way.has_phones:
        found.append(_links(vote))
    return found


def refusal(vote: Vote) -> str | None:
    """The first check that blocks, in a sentence."""
    return next((check.text for check in checks_of(vote) if check.is_blocking and not check.is_passed), None)


def _questions(vote: Vote) -> Check:
    short = [question for question in vote.sheet if len(question.options.all()) < 1]
    whole = bool(vote.sheet) and not short and all(question.seats or not _elects(vote) for question in vote.sheet)
    text = _("%(count)d ballot papers") % {"count": len(vote.sheet)}
    if not whole:
        text = _(
            "Each ballot paper needs its question and what can be chosen; in an election also seats and candidates."
        )
    return Check(_("What is voted on"), whole, text)


def _elects(vote: Vote) -> bool:
    return vote.kind == VoteKind.ELECTION


def _people(vote: Vote) -> Iterator[Check]:
    """Of a meeting its own quorum, or what the chair wrote down for going on without it."""
    if vote.meeting_id is None:
        text = _("%(due)d due") % {"due": vote.due} if vote.due else _("Say how many people are due.")
        yield Check(_("Those due"), vote.due > 0, text)
        return
    meeting, found = vote.meeting, quorum_of(vote.meeting)
    words = {"present": found.present, "due": found.due, "needed": found.needed, "part": found.part}
    if found.is_met:
        text = _("Present %(present)d ÷ due %(due)d; needed %(needed)d (%(part)s).") % words
    elif meeting.override_reason:
        text = _(
            "Present %(present)d ÷ due %(due)d, needed %(needed)d (%(part)s); the meeting goes on without a quorum: %(why)s"
        )
        text %= {**words, "why": meeting.override_reason}
    else:
        text = _("The quorum is not reached: present %(present)d ÷ due %(due)d, needed %(needed)d (%(part)s).") % words
    is_passed = found.is_met or bool(meeting.override_reason)
    yield Check(_("Quorum"), is_passed, text, basis_of("assembly-quorum", vote))
    is_sitting = meeting.state == MeetingState.OPEN
    text = _("The meeting is in session.") if is_sitting else _("The meeting is not in session yet.")
    yield Check(_("Meeting"), is_sitting, text)


_SECRET_BY = {VoteKind.ELECTION: "elected-over", VoteKind.APPRAISAL: "hidden-below-ballots"}


def _is_secret(vote: Vote) -> Check:
    text = _("Voting is secret.")
    if not vote.is_secret:
        text = _("Elections and appraisals are held by secret ballot: choose another manner.")
    return Check(_("Secret ballot"), vote.is_secret, text, basis_of(_SECRET_BY[VoteKind(vote.kind)], vote))


def margin_of(vote: Vote, question: Question) -> tuple[int, str]:
    """By how many the candidates must exceed the seats, and on what basis. Chair and deputies may have as many
    candidates as seats; of a committee at least one more."""
    if question.post in (Post.CHAIR, Post.DEPUTY):
        return 0, basis_of("elected-over", vote)
    key = "delegate-margin-percent"
    if question.post == Post.STANDING:
        key = "standing-margin-percent"
    elif question.body:
        key = "committee-margin-percent"
    return ceil(question.seats * setting(key, vote.held_on) / 100), basis_of(key, vote)


def _candidates(vote: Vote, question: Question) -> Iterator[Check]:
    margin, basis = margin_of(vote, question)
    count, needed = len(question.options.all()), question.seats + margin
    words = {"question": question, "count": count, "seats": question.seats, "needed": needed}
    text = _("%(question)s: %(count)d candidates for %(seats)d seats; at least %(needed)d.") % words
    yield Check(_("Number of candidates"), count >= needed, text, basis)
    for option in question.options.all():
        for bar in bars(vote.union, body=question.body, post=question.post, facts=option.facts, day=vote.held_on):
            words = {"name": option, "why": bar.fact.label, "level": bar.level.label}
            text = _("%(name)s: %(why)s, %(level)s") % words
            yield Check(_("Who may stand"), False, text, bar.basis, is_blocking=bar.level == BarLevel.BARRED)


def _notice(vote: Vote) -> Iterator[Check]:
    """Days between the publication of the candidates and the vote."""
    rules = [("candidates-notice-workdays", _workdays(vote))]
    if vote.union.tier is Tier.GRASSROOTS and any(question.post == Post.CHAIR for question in vote.sheet):
        rules.append(("chair-notice-days", (vote.held_on - vote.noticed_on).days if vote.noticed_on else 0))
    for key, days in rules:
        least = setting(key, vote.held_on)
        words = {"days": days, "least": least, "unit": definitions[key].unit}
        text = _("%(days)d %(unit)s, at least %(least)d %(unit)s") % words
        if not vote.noticed_on:
            text = (
                _("Enter the day on which the candidates were published (at least %(least)d %(unit)s before).") % words
            )
        yield Check(str(definitions[key].label), days >= least, text, basis_of(key, vote))


def _workdays(vote: Vote) -> int:
    return WorkCalendar().between(vote.noticed_on, vote.held_on) if vote.noticed_on else 0


def _enough_people(vote: Vote) -> Check:
    least = setting("hidden-below-ballots", vote.held_on)
    count = quorum_of(vote.meeting).present if vote.meeting_id else vote.due
    text = _("%(count)d may vote; secrecy needs %(least)d.") % {"count": count, "least": least}
    if count < least:
        text = _("With fewer than %(least)d people a secret vote on phones tells who voted what. Vote on paper or by name.") % {"least": least}  # fmt: skip
    return Check(_("Secrecy"), count >= least, text, basis_of("hidden-below-ballots", vote))


def _links(vote: Vote) -> Check:
    slips = vote.links.filter(attendee=None).count()
    text = ngettext("%(count)d slip is printed.", "%(count)d slips are printed.", slips) % {"count": slips}
    if not slips and vote.meeting_id:
        text = _("No slips are printed; personal links can be made once the vote is open.")
    elif not slips:
        text = _("Print slips with QR codes first: nobody could vote.")
    return Check(
        _("Links and slips"), bool(slips or vote.meeting_id), text, is_blocking=vote.manner != VoteManner.MIXED
    )
