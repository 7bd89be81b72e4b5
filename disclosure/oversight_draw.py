"""Choosing overseers: by name, or by a lot that anybody can recompute (docs/adr/0080).

The list is frozen, then a seed is made; both are stored and on record before anybody is drawn. An entry's place is that of
SHA-256(seed + ":" + entry) among the hashes of all entries, the smallest first: `printf '%s' SEED:ENTRY | sha256sum`.
Those in the first places are invited; whoever declines is replaced by the next place.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.models import Attendee, Delegate, Meeting, Seat
from disclosure.enums import DrawPool, LeftOut, OverseerState, OversightState
from disclosure.models import Overseer, Oversight, OversightDraw
from disclosure.oversight import ANSWERABLE, MISSING, MOST_OVERSEERS, locked, next_number
from unions.kit.names import clean
from unions.kit.text import sentence
from unions.models import Event, Union, User
from unions.services import record
from unions.workflow import Invalid, MoveError, perform

FROZEN = "oversight.freeze"
LETTER = {DrawPool.DELEGATES: "D", DrawPool.ATTENDEES: "A"}


# --- by name -------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(oversight: Oversight, name: str, phone: str = "", *, by: User) -> Overseer:
    """Invite somebody by name: nobody twice, and nobody past the lot in whose list they stand."""
    current = locked(oversight, by)
    if current.state not in ANSWERABLE:
        raise MoveError(_("Overseers are invited before the findings are collected."))
    name = clean(sentence(name, 40))
    if not name:
        raise Invalid(MISSING, {"name": _("Write the name.")})
    if any(clean(one.name) == name for one in current.overseers.exclude(state=OverseerState.RELEASED)):
        raise Invalid(MISSING, {"name": _("This person has been invited already.")})
    if (last := current.draws.last()) and name in _names_in(last):
        raise Invalid(MISSING, {"name": _("This person stands on the list of the draw: the lot decides.")})
    if current.overseers.count() >= MOST_OVERSEERS:
        raise MoveError(_("At most %(n)d people.") % {"n": MOST_OVERSEERS})
    made = Overseer.objects.create(
        oversight=current, number=next_number(current.overseers), name=name, phone=sentence(phone, 20)
    )
    record(current.union, "overseer.invite", made, by=by, data={"number": made.number})
    return made


# --- the lot -------------------------------------------------------------------------------------------------------


def hash_of(seed: str, entry: str) -> str:
    return hashlib.sha256(f"{seed}:{entry}".encode()).hexdigest()


def order_of(seed: str, entries: Iterable[str]) -> list[str]:
    """All entries, the first drawn first."""
    return sorted(entries, key=lambda entry: hash_of(seed, entry))


def digest_of(entries: Iterable[str]) -> str:
    """The frozen list in one number, as the record of acts has it."""
    return hashlib.sha256("\n".join(entries).encode()).hexdigest()


# --- the list ------------------------------------------------------------------------------------------------------


def pool_of(union: Union, pool: str, meeting: Meeting | None) -> dict[str, Delegate | Attendee]:
    """Entry → person, among whom overseers can be drawn, in the order of the register."""
    if pool == DrawPool.DELEGATES:
        rows = Delegate.objects.filter(union=union).in_office(timezone.localdate())
    else:
        rows = Attendee.objects.filter(union=union, meeting=meeting).voting()
    return {f"{LETTER[pool]}{one.pk}": one for one in rows.order_by("pk")}


def _left_out(oversight: Oversight, people: dict, has_committee: bool, names: Iterable[str]) -> dict[str, str]:
    """Entry → why it is not drawn."""
    seats = (
        [] if has_committee else Seat.objects.filter(union=oversight.union_id).held().values_list("name", flat=True)
    )
    reasons = {clean(name): LeftOut.COMMITTEE for name in seats}
    reasons |= {clean(name): LeftOut.NAMED for name in names}
    # Who was drawn before may be drawn again; who was invited by name, or said no, is not asked twice.
    asked = oversight.overseers.filter(Q(draw=None) | Q(state__in=[OverseerState.DECLINED, OverseerState.RECUSED]))
    reasons |= {clean(one.name): LeftOut.INVITED for one in asked}
    return {entry: reasons[clean(one.name)] for entry, one in people.items() if clean(one.name) in reasons}


def _names_in(made: OversightDraw) -> set[str]:
    people, entries = pool_of(made.oversight.union, made.pool, made.meeting), set(made.entries)
    return {clean(one.name) for entry, one in people.items() if entry in entries}


@transaction.atomic
def freeze(
    oversight: Oversight, *, pool: str, wanted: int, by: User, meeting: Meeting | None = None, has_committee: bool = False,
    names: Iterable[str] = (), reason: str = "",
) -> OversightDraw:  # fmt: skip
    """Freeze the list and only then make the seed. A further list needs a reason and takes nothing off the record."""
    current = locked(oversight, by)
    if current.state != OversightState.PREPARING:
        raise MoveError(_("It is drawn before the oversight begins."))
    if meeting is not None and meeting.union_id != current.union_id:
        raise Invalid(MISSING, {"meeting": _("Choose a meeting of this union.")})
    if current.draws.exists() and not reason.strip():
        raise Invalid(MISSING, {"reason": _("Say why it is drawn anew; both stay on record.")})
    meeting = meeting if pool == DrawPool.ATTENDEES else None
    people = pool_of(current.union, pool, meeting)
    left_out = _left_out(current, people, has_committee, names)
    entries = [entry for entry in people if entry not in left_out]
    if not 1 <= wanted <= min(len(entries), MOST_OVERSEERS):
        words = _("%(count)d people can be drawn.") % {"count": len(entries)}
        raise Invalid(MISSING, {"wanted": words})
    made = OversightDraw.objects.create(
        oversight=current, number=next_number(current.draws), pool=pool, meeting=meeting, wanted=wanted, has_committee=has_committee,
        entries=entries, left_out=left_out, reason=reason.strip()[:300] if current.draws.exists() else "", prepared_by=by,
    )  # fmt: skip
    data = {"number": made.number, "count": len(entries), "digest": digest_of(entries), "seed": made.seed}
    record(current.union, FROZEN, current, by=by, reason=made.reason, data=data)
    return made


def left_out_words(made: OversightDraw) -> list[tuple[str, int]]:
    """Why how many of the pool were left out of a draw."""
    given = list(made.left_out.values())
    return [(reason.label, given.count(reason)) for reason in LeftOut if reason in given]


# --- drawing -------------------------------------------------------------------------------------------------------


@transaction.atomic
def draw(made: OversightDraw, *, by: User) -> OversightDraw:
    """Invite whoever stands in the first places. Drawn twice it is the same draw; a further draw releases those of the
    one before."""
    current = locked(made.oversight, by)
    made = current.draws.get(pk=made.pk)
    if made.drawn_at:
        return made
    if current.state != OversightState.PREPARING or current.draws.filter(number__gt=made.number).exists():
        raise MoveError(_("This list was replaced by a later one, or the oversight has begun."))
    for former in current.overseers.counted_on().filter(draw__isnull=False):
        perform(former, "release", by=by, reason=made.reason)
    made.drawn_at, made.drawn_by = timezone.now(), by
    made.save(update_fields=["drawn_at", "drawn_by"])
    people = pool_of(current.union, made.pool, made.meeting)
    order = order_of(made.seed, made.entries)
    for place in range(1, made.wanted + 1):
        _invite(made, place, order[place - 1], people)
    record(current.union, "oversight.draw", current, by=by, data={"number": made.number, "count": made.wanted})
    return made


def _invite(made: OversightDraw, place: int, entry: str, people: dict, replaces: Overseer | None = None) -> Overseer:
    """Whoever left the register since the list was frozen is invited by the entry and declines on paper."""
    person = people.get(entry)
    return Overseer.objects.create(
        oversight_id=made.oversight_id, number=next_number(Overseer.objects.filter(oversight=made.oversight_id)), draw=made,
        place=place, entry=entry, name=person.name if person else entry, phone=getattr(person, "phone", ""), replaces=replaces,
    )  # fmt: skip


def replace(gone: Overseer) -> Overseer | None:
    """The next place of the draw, for somebody drawn who declined or stands aside; None where the list is used up."""
    if gone.draw_id is None:
        return None
    # Two who decline at once take one place after the other.
    made = OversightDraw.objects.select_for_update(of=("self",), no_key=True).get(pk=gone.draw_id)
    order, taken = order_of(made.seed, made.entries), made.overseers.order_by("-place").first().place
    if taken >= len(order):
        return None
    people = pool_of(gone.oversight.union, made.pool, made.meeting)
    return _invite(made, taken + 1, order[taken], people, replaces=gone)


# --- checking ------------------------------------------------------------------------------------------------------


@dataclass
class Place:
    """A row of the check: where an entry stands by its hash, and who was invited for it."""

    place: int
    entry: str
    hash: str
    person: str
    overseer: Overseer | None


@dataclass(frozen=True)
class Check:
    """A draw computed anew out of the stored list and seed, beside what was done."""

    places: list[Place]
    is_frozen: bool  # the list is the one whose digest and seed went on record before the draw
    is_followed: bool  # those invited stand in the first places, none left out

    @property
    def agrees(self) -> bool:
        return self.is_frozen and self.is_followed


def check(made: OversightDraw) -> Check:
    """Recompute a draw: the order from seed and list, the list from the record of acts, those invited from the order."""
    order = order_of(made.seed, made.entries)
    invited = {one.place: one for one in made.overseers.order_by("place")}
    is_followed = list(invited) == list(range(1, len(invited) + 1)) and all(
        order[place - 1 : place] == [one.entry] for place, one in invited.items()
    )
    events = Event.objects.filter(model=Oversight._meta.label, object_id=made.oversight_id, action=FROZEN)
    said = {"number": made.number, "digest": digest_of(made.entries), "seed": made.seed}
    people = pool_of(made.oversight.union, made.pool, made.meeting)
    places = [
        Place(n, entry, hash_of(made.seed, entry), str(people.get(entry, "")), invited.get(n))
        for n, entry in enumerate(order, 1)
    ]
    return Check(places, events.filter(data__contains=said).exists(), is_followed)
