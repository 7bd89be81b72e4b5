"""Writes about meetings: planning one from its template, editing it, its agenda, minutes and resolutions."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies import attendees, duties
from assemblies.agendas import Point, points_of
from assemblies.enums import MeetingKind, MeetingState
from assemblies.models import AgendaItem, Meeting, Term
from assemblies.models.meetings import ASSEMBLIES, YEARLY
from unions.calendar import WorkCalendar
from unions.enums import Tier
from unions.kit.text import numeral, sentence
from unions.models import Union, User
from unions.services import differences, record
from unions.settingbook import setting
from unions.workflow import Invalid, MoveError, demand_unchanged


def kinds_for(union: Union) -> list[MeetingKind]:
    """What a union holds: congresses from the middle tier upward, assemblies of members or delegates below."""
    assemblies = assembly_forms(union) if union.tier is Tier.GRASSROOTS else [MeetingKind.CONGRESS]
    return [*assemblies, MeetingKind.COMMITTEE, MeetingKind.AUDIT, MeetingKind.SYMPOSIUM]


def assembly_forms(union: Union, day: datetime.date | None = None) -> list[MeetingKind]:
    """The forms of a grassroots union's assembly. Up to the district's limit all members meet; at the limit itself and
    above it they may meet by delegates (Charter of the Chinese Trade Unions, article 26)."""
    limit = setting("assembly-all-members-up-to", day)
    return [MeetingKind.MEMBERS] if union.members < limit else [MeetingKind.MEMBERS, MeetingKind.DELEGATES]


def term_of(union: Union, day: datetime.date) -> Term | None:
    return Term.objects.filter(union=union).on(day).order_by("-started_on").first()


def next_session(term: Term | None, kind: str) -> int | None:
    """The number of the next meeting of a kind in a term: assemblies count on whether members or delegates meet."""
    if term is None or kind == MeetingKind.SYMPOSIUM:
        return None
    kinds = ASSEMBLIES if kind in ASSEMBLIES else [kind]
    found = Meeting.objects.filter(term=term, kind__in=kinds).standing().aggregate(last=Max("session"))
    return (found["last"] or 0) + 1


def title_of(kind: MeetingKind, term: int | None, session: int | None, day: datetime.date) -> str:
    """第三届第二次会员大会; without a term on record, of its year."""
    if term and session:
        return _("%(kind)s: session %(session)s of term %(term)s") % {
            "kind": kind.label, "session": numeral(session), "term": numeral(term)
        }  # fmt: skip
    return _("%(kind)s of %(year)d") % {"kind": kind.label, "year": day.year}


def proposed_day(today: datetime.date, calendar: WorkCalendar | None = None) -> datetime.date:
    """Far enough away for approval and notice."""
    calendar = calendar or WorkCalendar()
    return calendar.shift(today, setting("assembly-notice-workdays") + 10)


@dataclass
class Plan:
    """A meeting as its template proposes it."""

    kind: MeetingKind
    is_renewal: bool
    title: str
    held_on: datetime.date
    place: str
    points: list[Point]
    offers: list[tuple[str, str, int]]  # lists of those due: key, label, how many
    missed: list[int]  # years whose assembly is still owed: this one may make up for one of them


def propose(union: Union, kind: MeetingKind, *, is_renewal: bool = False, today: datetime.date | None = None) -> Plan:
    """Everything that the portal knows of the next meeting of a kind. The first session of a new term is held before
    that term has begun: it counts on from the one in office."""
    day = proposed_day(today or timezone.localdate())
    term = term_of(union, day)
    number, session = (term.number if term else None), next_session(term, kind)
    if is_renewal:
        number, session = (term.number + 1 if term else None), 1
    kinds = ASSEMBLIES if kind in ASSEMBLIES else [kind]
    last = Meeting.objects.filter(union=union, kind__in=kinds).standing().first()
    points, offers = (
        points_of(kind, union, is_renewal),
        attendees.offers(Meeting(union=union, kind=kind, held_on=day, term=term)),
    )
    title, place = title_of(kind, number, session, day), last.place if last else ""
    missed = duties.missed_years(union, day) if kind in YEARLY else []
    return Plan(kind, is_renewal, title, day, place, points, offers, missed)


@transaction.atomic
def plan(
    union: Union, kind: MeetingKind, values: dict[str, Any], points: Iterable[Point], *, by: User, is_renewal: bool = False
) -> Meeting:  # fmt: skip
    """Begin a meeting. Term and session number follow from its day; the form from the number of members."""
    if kind not in kinds_for(union):
        raise Invalid(
            _("This union does not hold such a meeting."),
            {"kind": _("A union of fewer than %(limit)d members meets as a whole.") % {"limit": setting("assembly-all-members-up-to")}},
        )  # fmt: skip
    Union.objects.select_for_update(of=("self",), no_key=True).get(pk=union.pk)  # one number at a time
    is_renewal = is_renewal and kind in ASSEMBLIES
    term = None if is_renewal else term_of(union, values["held_on"])
    meeting = Meeting.objects.create(
        union=union, kind=kind, term=term, session=1 if is_renewal else next_session(term, kind), is_renewal=is_renewal,
        members=union.members, **values,
    )  # fmt: skip
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, number=number, kind=p.kind, title=p.title, speaker=p.speaker, power=p.power)
        for number, p in enumerate(points, 1)
    )
    record(union, "meeting.plan", meeting, by=by, data={"title": meeting.title})
    meeting.refresh_from_db()
    return meeting


def _locked(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)


def demand_open_plan(meeting: Meeting) -> None:
    """What was reported stays as the tier above reads it, until it answers or the report is taken back."""
    if meeting.state == MeetingState.REPORTED:
        raise MoveError(
            _("The plan lies with the tier above for approval and stays as it was reported. Withdraw it first, then change it.")
        )  # fmt: skip
    if not meeting.is_preparing:
        raise MoveError(_("The meeting has begun or is over; its day, place and papers stay."))


@transaction.atomic
def edit(meeting: Meeting, values: dict[str, Any], *, by: User, revision: int | None = None) -> Meeting:
    """Change day, place and title while it is being prepared; what others were told already needs a postponement."""
    current = _locked(meeting)
    demand_unchanged(current, revision)
    demand_open_plan(current)
    changes = differences({name: getattr(current, name) for name in values}, values)
    if not changes:
        return current
    if "held_on" in changes and current.state == MeetingState.CALLED:
        raise Invalid(
            _("Those due know the day already."), {"held_on": _("Postpone the meeting instead, with a reason.")}
        )
    for name in changes:
        setattr(current, name, values[name])
    current.revision += 1
    current.save()
    record(current.union, "meeting.edit", current, by=by, data={"changes": changes})
    return current


# --- agenda --------------------------------------------------------------------------------------------------------


def demand_open_agenda(meeting: Meeting) -> None:
    """As the plan, and while the meeting sits."""
    if meeting.is_held or meeting.state == MeetingState.CANCELLED:
        raise MoveError(_("The meeting is over; its agenda stays as it was."))
    if not meeting.agenda_is_open:
        demand_open_plan(meeting)


def _with_open_agenda(meeting: Meeting) -> Meeting:
    current = _locked(meeting)
    demand_open_agenda(current)
    return current


@transaction.atomic
def add_point(meeting: Meeting, values: dict[str, Any], *, by: User) -> AgendaItem:
    current = _with_open_agenda(meeting)
    last = current.agenda.aggregate(last=Max("number"))["last"] or 0
    item = AgendaItem.objects.create(meeting=current, number=last + 1, **values)
    record(current.union, "agenda.add", item, by=by, data={"point": item.title})
    return item


@transaction.atomic
def edit_point(item: AgendaItem, values: dict[str, Any], *, by: User) -> AgendaItem:
    meeting = _with_open_agenda(item.meeting)
    if item.begun_at and {"kind"} & set(differences({"kind": item.kind}, {"kind": values.get("kind", item.kind)})):
        raise MoveError(_("This point was taken up already; its kind stays."))
    changes = differences({name: getattr(item, name) for name in values}, values)
    if changes:
        for name in changes:
            setattr(item, name, values[name])
        item.save(update_fields=list(changes))
        record(meeting.union, "agenda.edit", item, by=by, data={"changes": changes})
    return item


@transaction.atomic
def remove_point(item: AgendaItem, *, by: User) -> None:
    meeting = _with_open_agenda(item.meeting)
    if item.begun_at:
        raise MoveError(_("This point was taken up already; it cannot be taken off the agenda."))
    if vote := item.votes.first():
        raise MoveError(_("On this point there is a vote already: %(vote)s.") % {"vote": vote})
    record(meeting.union, "agenda.remove", item, by=by, data={"point": item.title})
    item.delete()
    _number(list(meeting.agenda.order_by("number")))


def _number(items: list[AgendaItem]) -> None:
    """The constraint looks at the end of the transaction, so numbers may pass each other."""
    for number, item in enumerate(items, 1):
        item.number = number
    AgendaItem.objects.bulk_update(items, ["number"])


@transaction.atomic
def move_point(item: AgendaItem, *, up: bool, by: User) -> None:
    """Swap a point with its neighbour."""
    meeting = _with_open_agenda(item.meeting)
    items = list(meeting.agenda.order_by("number"))
    place = next(index for index, each in enumerate(items) if each.pk == item.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(items):
        return
    items[place], items[other] = items[other], items[place]
    _number(items)
    record(meeting.union, "agenda.order", item, by=by, data={"point": item.title})


# --- what was decided ----------------------------------------------------------------------------------------------


@transaction.atomic
def write_minutes(
    meeting: Meeting, *, by: User, minutes: str, resolutions: dict[int, str], revision: int | None = None
) -> Meeting:
    """Minutes and resolutions, while the meeting sits and until its results are reported."""
    current = _locked(meeting)
    demand_unchanged(current, revision)
    if current.state not in (MeetingState.OPEN, MeetingState.CLOSED):
        raise MoveError(_("The results were reported already; minutes and resolutions stay as they are."))
    changed = []
    for item in current.agenda.filter(pk__in=resolutions):
        text = sentence(resolutions[item.pk], 4000)
        if text != item.resolution:
            item.resolution = text
            changed.append(item)
    AgendaItem.objects.bulk_update(changed, ["resolution"])
    minutes = sentence(minutes, 20_000)
    if not changed and minutes == current.minutes:
        return current
    current.minutes = minutes
    current.revision += 1
    current.save(update_fields=["minutes", "revision"])
    record(current.union, "meeting.minutes", current, by=by, data={"points": [item.number for item in changed]})
    return current
