"""For which year an assembly counts, set right afterwards by the tier above (docs/adr/0064).

The union says it when it plans (`Meeting.makes_up_for`). Where it did not, or said wrong, the year that was missed stays
overdue although members met: whoever approved the results may assign the assembly, with a reason, and take that back.
"""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from assemblies.duties import ASSEMBLY, counts, duty_of, fulfil, year_of
from assemblies.enums import MeetingState
from assemblies.models import Meeting
from assemblies.models.meetings import YEARLY
from unions.duties import note, record_reopening
from unions.enums import DutyState
from unions.models import Duty, Event, Union, User
from unions.permissions import Permission

# Before its results are approved the union sets the year itself, or has the results returned to it.
SETTLED = (MeetingState.CONFIRMED, MeetingState.PUBLISHED, MeetingState.ARCHIVED)
RECKON, TAKE_BACK = "reckon", "reckon_back"


def years_for(meeting: Meeting) -> list[int]:
    """The years it may be assigned to: those whose assembly the union still owes, up to the one in which it was held,
    and that one itself."""
    owed = Duty.objects.filter(union=meeting.union_id, rule__key=ASSEMBLY).outstanding()
    years = {year for duty in owed if (year := year_of(duty)) <= meeting.held_on.year}
    return sorted(years | ({meeting.held_on.year} - {meeting.counts_for}))


def _acts(meeting: Meeting) -> QuerySet[Event]:
    """Assigned and taken back, newest first."""
    acts = [f"meeting.{RECKON}", f"meeting.{TAKE_BACK}"]
    return Event.objects.filter(model=Meeting._meta.label, object_id=meeting.pk, action__in=acts).select_related("by")


def last_reckoning(meeting: Meeting) -> Event | None:
    """The assignment in force: none, or taken back, is none."""
    last = _acts(meeting).first()
    return last if last and last.action == f"meeting.{RECKON}" else None


def assign(meeting: Meeting, year: int, event: Event) -> None:
    """Called while it moves: one assembly of a union at a time, and the years concerned go into the event."""
    Union.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.union_id)
    event.data |= {"year": year, "from": meeting.counts_for, "title": meeting.title}
    meeting.makes_up_for = None if year == meeting.held_on.year else year


def settle(meeting: Meeting) -> None:
    """Once it is written: the duties of both years follow, and say so in their own history."""
    event = _acts(meeting).first()
    for year in sorted({event.data["from"], event.data["year"]}):
        if duty := duty_of(meeting.union, ASSEMBLY, year):
            _follow(duty, event)


def _follow(duty: Duty, event: Event) -> None:
    """Fulfilled by the first assembly that counts for its year; without one it is open again. An exemption stays."""
    if duty.state == DutyState.WAIVED:
        return
    held = Meeting.objects.filter(union=duty.union_id, kind__in=YEARLY).for_year(year_of(duty)).held()
    first = next((each for each in held.order_by("held_on", "pk") if counts(each)), None)
    before = duty.state
    if not duty.is_outstanding:
        duty = record_reopening(duty)
    if first:
        fulfil(duty, first.held_on)
    duty.refresh_from_db()
    note(duty, "reckon", before, by=event.by, reason=event.reason, data=event.data)


def remedies(user: User, duty: Duty) -> list[tuple[str, str]]:
    """On the page of a duty: which assembly this person may assign to its year."""
    held = Meeting.objects.filter(union=duty.union_id, kind__in=YEARLY, state__in=SETTLED).select_related("union")
    return [
        (
            _("Count “%(title)s” for this year") % {"title": meeting},
            f"{reverse('assemblies:meeting-move', args=[meeting.pk, RECKON])}?year={year_of(duty)}",
        )
        for meeting in held.filter(held_on__year__gte=year_of(duty)).order_by("held_on", "pk")
        if counts(meeting) and user.has_perm(Permission.ASSEMBLY_APPROVE, meeting)
    ]
