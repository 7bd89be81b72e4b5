"""From a link to an envelope and out of it again: who may vote, casting, opening. The only writer of ballots cast on phones.

A link's secret has 192 random bits; its digest alone is kept and is what is looked up, so that neither the database nor
the time an answer takes tells a link.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import segno
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from assemblies import sealing
from assemblies.enums import BallotForm, Presence, VoteKind, VoteState
from assemblies.models import (
    Advice,
    Attendee,
    Ballot,
    BallotLink,
    Envelope,
    NamedBallot,
    Question,
    Receipt,
    Turnout,
    Vote,
)
from unions.calendar import WorkCalendar
from unions.kit.text import sentence
from unions.kit.tracing import tracing
from unions.models import User
from unions.services import record
from unions.wall import system
from unions.workflow import MoveError

TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
ADVICE, OTHERS, NAME = 600, 10, 40  # characters of advice; names written in, and how long each is
# Without what is mistaken for something else when read aloud or copied by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOCK = 7404
_chance = secrets.SystemRandom()


class AlreadyCast(MoveError):
    """One ballot each: the link was used before. It never says for what."""


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_link(token: str) -> BallotLink | None:
    """The link whose secret this is, with its vote."""
    if not TOKEN.fullmatch(token):
        return None
    with system("reads whose ballot link this is"):
        return (
            BallotLink.objects.select_related("vote__union", "vote__meeting").filter(digest=digest_of(token)).first()
        )


# Links


@transaction.atomic
def make_slips(vote: Vote, count: int, *, by: User) -> list[tuple[BallotLink, str]]:
    """Links for nobody in particular, to be printed and handed out like ballot papers: link and secret, shown this once."""
    if not vote.way.has_phones or vote.state not in (VoteState.DRAFT, VoteState.OPEN):
        raise MoveError(_("Slips are made for votes on phones, until they close."))
    made = _make_links(vote, [("", "", None)] * count)
    record(vote.union, "vote.slips", vote, by=by, data={"count": count})
    return made


@transaction.atomic
def make_links(vote: Vote, *, by: User) -> list[tuple[BallotLink, str]]:
    """A link of one's own for everybody who is present and has a vote, to be sent by the organiser. Whoever has not voted
    gets a new one and the old one is dead; nobody has two."""
    if not vote.way.has_phones or vote.state != VoteState.OPEN:
        raise MoveError(_("Personal links are made while voting is open, for those who are present."))
    if vote.meeting_id is None:
        raise MoveError(_("This vote belongs to no meeting with a list of those due; print slips instead."))
    vote.links.filter(turnout=None).exclude(attendee=None).delete()
    here = Attendee.objects.filter(meeting=vote.meeting_id, has_vote=True, presence=Presence.PRESENT)
    waiting = here.exclude(pk__in=vote.links.exclude(attendee=None).values("attendee"))
    made = _make_links(vote, [(one.name, one.group, one.pk) for one in waiting])
    record(vote.union, "vote.links", vote, by=by, data={"count": len(made)})
    return made


def _make_links(vote: Vote, people: Iterable[tuple[str, str, int | None]]) -> list[tuple[BallotLink, str]]:
    """Numbered on from the last one. No more rights than people: with all links and slips together."""
    Vote.objects.select_for_update(no_key=True).get(pk=vote.pk)
    people, last = list(people), vote.links.order_by("-number").values_list("number", flat=True).first() or 0
    due = vote.entitled
    if vote.links.count() + len(people) > due:
        raise MoveError(
            _("%(due)d people are due, so there cannot be more than %(due)d links and slips.") % {"due": due}
        )
    tokens = [secrets.token_urlsafe(24) for _person in people]
    links = [
        BallotLink(vote=vote, number=number, name=name, group=group, attendee_id=attendee, digest=digest_of(token))
        for number, ((name, group, attendee), token) in enumerate(zip(people, tokens, strict=True), last + 1)
    ]
    return list(zip(BallotLink.objects.bulk_create(links), tokens, strict=True))


@transaction.atomic
def give_paper(link: BallotLink, *, by: User) -> None:
    """Somebody with a link takes a paper ballot instead: the link is dead from now on."""
    if not link.vote.way.has_paper:
        raise MoveError(_("This vote has no paper ballots."))
    if link.vote.state != VoteState.OPEN:
        raise MoveError(_("Voting is not open."))
    _turn_out(link, BallotForm.PAPER)
    record(link.vote.union, "vote.paper", link.vote, by=by, data={"number": link.number})


def _turn_out(link: BallotLink, form: str) -> None:
    try:
        with transaction.atomic():
            Turnout.objects.create(link=link, vote_id=link.vote_id, form=form)
    except IntegrityError as error:
        raise AlreadyCast(_("With this link a ballot has been cast already. There is one for each.")) from error


def picture_of(address: str) -> str:
    """A QR code of a link, as an image that stands in the page itself."""
    return segno.make(address, error="m").svg_data_uri(scale=4, border=2)


# Casting


@dataclass
class Choice:
    """What is ticked and written in on one ballot paper."""

    marks: list[int] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def read_choices(vote: Vote, data: QueryDict) -> tuple[dict[int, Choice], dict[int, str]]:
    """What was ticked, question → choice, and what is wrong with it, question → sentence."""
    choices, errors = {}, {}
    for question in vote.sheet:
        known = {str(option.number): option.number for option in question.options.all()}
        marks = sorted({known[value] for value in data.getlist(f"q{question.number}") if value in known})
        names = re.split(r"[、,，;；\n]", data.get(f"others{question.number}", "")) if question.takes_others else []
        others = [name for name in dict.fromkeys(sentence(name, NAME) for name in names) if name]
        choices[question.pk] = Choice(marks, others)
        if problem := _problem(vote, question, len(marks) + len(others), len(others)):
            errors[question.pk] = problem
    return choices, errors


def _problem(vote: Vote, question: Question, count: int, others: int) -> str:
    if vote.kind != VoteKind.ELECTION:
        return "" if count == 1 else _("Choose one answer.")
    if count > question.most:
        return _("You have chosen %(count)d; at most %(most)d may be chosen. Take some away.") % {
            "count": count, "most": question.most
        }  # fmt: skip
    return _("Write in at most %(count)d names.") % {"count": OTHERS} if others > OTHERS else ""


def new_receipt() -> str:
    return "".join(_chance.choice(ALPHABET) for _position in range(10))


def sign_receipt(link: BallotLink, code: str) -> str:
    """A receipt code as the page carries it from the check to the casting: a code of one's own making is refused."""
    return Signer(salt=f"assemblies.receipt.{link.digest}").sign(code)


def read_receipt(link: BallotLink, signed: str) -> str | None:
    try:
        return Signer(salt=f"assemblies.receipt.{link.digest}").unsign(signed)
    except BadSignature:
        return None


def cast(link: BallotLink, choices: Mapping[int, Choice], *, receipt: str, advice: str = "") -> None:
    """Cast a ballot: turnout and envelope in one transaction, so that neither is there without the other. The record of
    acts says that this link was used, without the request's number or address; it never says for what."""
    with system("casts a ballot"), transaction.atomic():
        _hold(link.vote_id, "pg_advisory_xact_lock_shared")
        vote = Vote.objects.select_related("union").get(pk=link.vote_id)
        if vote.state != VoteState.OPEN:
            raise MoveError(_("Voting is not open."))
        _turn_out(link, BallotForm.PHONE)
        if vote.is_secret:
            content = {
                "ballots": {str(pk): [choice.marks, choice.others] for pk, choice in choices.items()},
                "advice": sentence(advice, ADVICE) if vote.asks_advice else "",
                "receipt": receipt,
            }
            Envelope.objects.create(vote=vote, box=sealing.close_envelope(bytes(vote.public_key), vote.pk, content))
        else:
            NamedBallot.objects.bulk_create(
                NamedBallot(vote=vote, link=link, question_id=pk, marks=choice.marks, others=choice.others)
                for pk, choice in choices.items()
            )
        with tracing():
            record(vote.union, "vote.cast", vote, by=None, data={"number": link.number})


def _hold(vote: int, lock: str) -> None:
    """Whoever casts shares this lock, whoever closes has it alone: a ballot under way is in, a later one is refused."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s, %s)", [_LOCK, vote])


# Opening


def stop_casting(vote: Vote) -> None:
    _hold(vote.pk, "pg_advisory_xact_lock")


def open_envelopes(vote: Vote) -> None:
    """Open all envelopes of a closing vote at once. Each question's ballots, the receipts and the words of advice are
    written in an order of chance each; envelopes go with this transaction, their key once it is committed."""
    try:
        private = sealing.read_key(vote.pk, bytes(vote.public_key))
    except sealing.KeyIsGone as error:
        raise MoveError(
            _("The key to these ballots is no longer on the server, so nobody can open them. Declare the vote void and vote again.")
        ) from error  # fmt: skip
    with system("opens sealed ballots"):
        boxes = vote.envelopes.values_list("box", flat=True)
        contents = [sealing.open_envelope(private, vote.pk, box) for box in boxes]
        for question in vote.sheet:
            found = [content["ballots"][str(question.pk)] for content in contents]
            _write(Ballot(vote=vote, question=question, marks=marks, others=others) for marks, others in found)
        _write(Receipt(vote=vote, code=content["receipt"]) for content in contents)
        _write(Advice(vote=vote, text=content["advice"]) for content in contents if content["advice"])
    forget_envelopes(vote)


def forget_envelopes(vote: Vote) -> None:
    """The sealed ballots go, and what opens them."""
    with system("takes away sealed ballots"):
        vote.envelopes.all().delete()
    transaction.on_commit(partial(sealing.forget_key, bytes(vote.public_key)))


def _write(rows: Iterable) -> None:
    rows = list(rows)
    _chance.shuffle(rows)
    if rows:
        type(rows[0]).objects.bulk_create(rows, batch_size=2000)


def tidy(today: date, calendar: WorkCalendar) -> int:
    """The clock's chore: keys of votes that are not open any more go. Nobody is told of it."""
    needed = Vote.objects.filter(state=VoteState.OPEN).exclude(public_key=b"").values_list("public_key", flat=True)
    sealing.forget_others(bytes(public) for public in needed)
    return 0
