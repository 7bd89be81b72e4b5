"""Who is due at a meeting and who came: bringing the list, and recording presence."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.enums import Body, MeetingKind, MeetingState, Presence, SignedHow
from assemblies.models import Attendee, Delegate, DelegateAttendance, Meeting, Seat
from assemblies.models.meetings import ASSEMBLIES
from unions.kit.names import clean, fold_name
from unions.kit.registry import Registry
from unions.models import RoleAssignment, User
from unions.services import differences, record
from unions.workflow import MoveError

LONGEST = 5000  # people that a paste may bring
SEPARATORS = re.compile(r"[\t,，;；]+")
LEADING_NUMBER = re.compile(r"^\d{1,5}[.、．\s]+")
BY_DELEGATES = (MeetingKind.CONGRESS, MeetingKind.DELEGATES)
BODIES = {MeetingKind.COMMITTEE: Body.COMMITTEE, MeetingKind.AUDIT: Body.AUDIT}


@dataclass(frozen=True)
class Person:
    """Somebody due, or a guest, before they stand on the list."""

    name: str
    group: str = ""
    post: str = ""
    has_vote: bool = True
    delegate: int | None = None  # of the register: the attendance is written back to this record

    @property
    def key(self) -> tuple[str, str]:
        return fold_name(self.name), fold_name(self.group)


@dataclass(frozen=True)
class Source:
    """A list that a meeting's people can be taken from."""

    key: str
    label: str
    people: Callable[[Meeting], list[Person]]


# What other parts know of who is due: the last meeting, a committee's seats, the delegates of a term.
sources: Registry[Source] = Registry("list of people due")


def last_meeting(meeting: Meeting) -> Meeting | None:
    """The last one of the kind with people on its list."""
    kinds = ASSEMBLIES if meeting.kind in ASSEMBLIES else [meeting.kind]
    others = Meeting.objects.filter(union=meeting.union_id, kind__in=kinds).exclude(pk=meeting.pk).standing()
    return others.filter(attendees__isnull=False).distinct().first()


def _of_last_meeting(meeting: Meeting) -> list[Person]:
    """As they were, but for delegates whose office has ended since."""
    last = last_meeting(meeting)
    rows = last.attendees.select_related("as_delegate") if last else []
    serving = {person.delegate for person in _of_delegates(meeting)}
    known = [(each, each.as_delegate.delegate_id if hasattr(each, "as_delegate") else None) for each in rows]
    if meeting.kind not in BY_DELEGATES:
        return [Person(each.name, each.group, each.post, each.has_vote) for each, _delegate in known]
    return [
        Person(each.name, each.group, each.post, each.has_vote, delegate)
        for each, delegate in known
        if delegate is None or delegate in serving
    ]


def _of_delegates(meeting: Meeting) -> list[Person]:
    """The delegates in office on the day of the meeting."""
    if meeting.kind not in BY_DELEGATES:
        return []
    serving = Delegate.objects.in_office(meeting.held_on).filter(union=meeting.union_id)
    rows = serving.order_by("constituency", "pk").values_list("name", "constituency__name", "pk")
    return [Person(name, group, delegate=pk) for name, group, pk in rows]


def _of_seats(meeting: Meeting) -> list[Person]:
    body = BODIES.get(MeetingKind(meeting.kind))
    if body is None or meeting.term_id is None:
        return []
    seats = Seat.objects.filter(term=meeting.term_id, body=body, until=None).order_by("pk")
    return [Person(seat.name, "", seat.get_post_display()) for seat in seats]


sources.add("delegates", Source("delegates", gettext_lazy("Delegates in office"), _of_delegates))
sources.add("seats", Source("seats", gettext_lazy("Members of the committee"), _of_seats))
sources.add("last", Source("last", gettext_lazy("As at the last meeting"), _of_last_meeting))


def offers(meeting: Meeting) -> list[tuple[str, str, int]]:
    """Each list that has somebody for this meeting: key, label, how many."""
    found = [(source.key, str(source.label), len(source.people(meeting))) for source in sources]
    return [offer for offer in found if offer[2]]


# --- the list of those due -----------------------------------------------------------------------------------------


def read_lines(text: str) -> list[Person]:
    """One person a line: name, group, post, separated by tab or comma as a table or a message brings them."""
    people = []
    for line in text.splitlines()[:LONGEST]:
        cells = [clean(cell) for cell in SEPARATORS.split(LEADING_NUMBER.sub("", line.strip()))]
        if cells and cells[0].isdecimal():
            cells = cells[1:]
        if cells and cells[0]:
            name, group, post = (*cells, "", "")[:3]
            people.append(Person(name[:40], group[:60], post[:60]))
    return people


def _locked(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)


def _for_list(meeting: Meeting, *, is_guest: bool = False) -> Meeting:
    """While it sits, who is due stays: the quorum counts on it. Guests may still join."""
    current = _locked(meeting)
    if current.is_preparing or (is_guest and current.state == MeetingState.OPEN):
        return current
    raise MoveError(_("The meeting has begun or is over; who is due stays as it was."))


@transaction.atomic
def add(meeting: Meeting, people: Iterable[Person], *, by: User) -> int:
    """Put people on the list, whoever stands on it already left out; a delegate who does is recognised by name and
    constituency. Returns how many were new."""
    people = list(people)
    current = _for_list(meeting, is_guest=bool(people) and not any(person.has_vote for person in people))
    known = {Person(each.name, each.group).key: each for each in current.attendees.select_related("as_delegate")}
    linked = set(DelegateAttendance.objects.filter(attendee__meeting=current).values_list("delegate", flat=True))
    free = {key: each for key, each in known.items() if each.has_vote and not hasattr(each, "as_delegate")}
    number = current.attendees.aggregate(last=Max("number"))["last"] or 0
    rows, links = [], []
    for person in people:
        attendee = free.pop(person.key, None) if person.delegate else known.get(person.key)
        if person.delegate in linked or (attendee and not person.delegate):
            continue
        if attendee is None:
            number += 1
            attendee = known[person.key] = Attendee(
                meeting=current, number=number, name=person.name, group=person.group, post=person.post,
                has_vote=person.has_vote,
            )  # fmt: skip
            rows.append(attendee)
        if person.delegate:
            linked.add(person.delegate)
            links.append(DelegateAttendance(delegate_id=person.delegate, attendee=attendee))
    Attendee.objects.bulk_create(rows, batch_size=1000)
    DelegateAttendance.objects.bulk_create(links, batch_size=1000)
    if rows or links:
        link_accounts(current)
        record(current.union, "attendee.add", current, by=by, data={"count": len(rows)})
    return len(rows)


@transaction.atomic
def edit(attendee: Attendee, values: dict, *, by: User) -> Attendee:
    changes = differences({name: getattr(attendee, name) for name in values}, values)
    if not changes:
        return attendee
    meeting = _for_list(attendee.meeting, is_guest="has_vote" not in changes)
    for name in changes:
        setattr(attendee, name, values[name])
    attendee.save(update_fields=list(changes))
    record(meeting.union, "attendee.edit", attendee, by=by, data={"changes": changes})
    return attendee


@transaction.atomic
def remove(meeting: Meeting, ids: Iterable[int], *, by: User) -> int:
    """Take people off the list; after the notice was sent their names stay on record."""
    current = _for_list(meeting)
    rows = current.attendees.filter(pk__in=list(ids))
    numbers = list(rows.values_list("number", flat=True))
    if numbers:
        rows.delete()
        record(
            current.union, "attendee.remove", current, by=by, data={"count": len(numbers), "numbers": numbers[:200]}
        )
    return len(numbers)


def link_accounts(meeting: Meeting) -> int:
    """Find the accounts of those on the list among the people of the union and those below it: by name, where nobody
    else has that name, on the list or among the accounts."""
    waiting = list(meeting.attendees.filter(account=None))
    names: dict[str, list[Attendee]] = {}
    for attendee in waiting:
        names.setdefault(attendee.name, []).append(attendee)
    posts = RoleAssignment.objects.in_force().filter(user__name__in=list(names), user__is_active=True)
    posts = posts.filter(union__path__below=meeting.union.path).values_list("user__name", "user_id").distinct()
    accounts: dict[str, set[int]] = {}
    for name, pk in posts:
        accounts.setdefault(name, set()).add(pk)
    found = []
    for name, ids in accounts.items():
        if len(ids) == 1 and len(names[name]) == 1:
            names[name][0].account_id = ids.pop()
            found.append(names[name][0])
    Attendee.objects.bulk_update(found, ["account"], batch_size=500)
    return len(found)


# --- presence ------------------------------------------------------------------------------------------------------


def _in_session(meeting: Meeting) -> Meeting:
    current = _locked(meeting)
    if not current.takes_attendance:
        raise MoveError(_("People sign in on the day of the meeting, until it is closed."))
    return current


@transaction.atomic
def mark(
    meeting: Meeting, ids: Iterable[int], presence: Presence, *, by: User, how: SignedHow = SignedHow.LIST, note: str = ""
) -> int:  # fmt: skip
    """Record who is there, excused or not yet here. Whoever has that presence already keeps time and way. Excuses come
    before the day too. Returns how many changed."""
    current = _locked(meeting)
    is_early_excuse = presence in (Presence.EXCUSED, Presence.EXPECTED) and current.is_preparing
    if not is_early_excuse:
        current = _in_session(current)
    rows = list(current.attendees.filter(pk__in=list(ids)).exclude(presence=presence).select_for_update(of=("self",)))
    if not rows:
        return 0
    for row in rows:
        row.presence = presence
        is_here = presence == Presence.PRESENT
        row.signed_at, row.signed_how = (timezone.now(), how) if is_here else (None, "")
        row.signed_by, row.note = by, note.strip()[:120] if presence == Presence.EXCUSED else ""
    Attendee.objects.bulk_update(rows, ["presence", "signed_at", "signed_how", "signed_by", "note"], batch_size=500)
    data = {"presence": str(presence), "how": str(how), "numbers": [row.number for row in rows][:500]}
    record(current.union, "attendee.mark", current, by=by, data=data)
    return len(rows)


@transaction.atomic
def sign_in(meeting: Meeting, number: int, name: str) -> Attendee | None:
    """The person signs in by the code on the screen: the number on the notice and the name must belong together.
    Repeating it changes nothing."""
    current = _in_session(meeting)
    found = current.attendees.filter(number=number).select_for_update(of=("self",)).first()
    if found is None or fold_name(found.name) != fold_name(name):
        return None
    if found.presence != Presence.PRESENT:
        found.presence, found.signed_at, found.signed_how = Presence.PRESENT, timezone.now(), SignedHow.CODE
        found.signed_by, found.note = None, ""
        found.save(update_fields=["presence", "signed_at", "signed_how", "signed_by", "note"])
        data = {"presence": Presence.PRESENT.value, "how": SignedHow.CODE.value, "numbers": [found.number]}
        record(current.union, "attendee.mark", current, by=None, data=data)
    return found
