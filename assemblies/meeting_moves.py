"""How a meeting moves, from its plan to the archive; which steps it needs depends on its kind.

Congresses and assemblies are approved above before they are called, and their results afterwards (Charter, article 26;
the district says by a setting whether every session is). A committee meeting or symposium is the union's own affair. The
district has no tier above in the portal: it records the number of the city's reply instead.
"""

import datetime
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.attendees import link_accounts
from assemblies.duties import counts, record_assembly
from assemblies.enums import MeetingKind, MeetingState, Presence, VoteState
from assemblies.models import Meeting, Vote
from assemblies.models.meetings import YEARLY
from assemblies.quorum import quorum_of
from assemblies.reckoning import RECKON, SETTLED, TAKE_BACK, assign, last_reckoning, settle, years_for
from assemblies.settings import EVERY_SESSION
from assemblies.votes import discard
from unions.calendar import WorkCalendar
from unions.enums import Tier
from unions.models import Event, User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.settingbook import setting
from unions.workflow import Invalid, Transition, Workflow, register

S, P = MeetingState, Permission


# --- which steps a meeting needs -----------------------------------------------------------------------------------


def needs_approval(meeting: Meeting) -> bool:
    """Whether the tier above approves the plan before the meeting is called."""
    if not meeting.is_assembly:
        return False
    if meeting.kind == MeetingKind.CONGRESS or meeting.is_renewal:
        return True
    return setting("assembly-approved", meeting.held_on) == EVERY_SESSION


def reports_results(meeting: Meeting) -> bool:
    """Whether the results go to the tier above before they are published."""
    return meeting.is_assembly


def has_tier_above(meeting: Meeting) -> bool:
    return meeting.union.tier is not Tier.DISTRICT


def steps_of(meeting: Meeting) -> list[MeetingState]:
    """The states that this meeting passes through, in order: what its page draws as steps."""
    before = [S.PLANNED, *([S.REPORTED] if has_tier_above(meeting) else []), S.APPROVED]
    after = [*([S.FILED] if has_tier_above(meeting) else []), S.CONFIRMED]
    steps = before if needs_approval(meeting) else [S.PLANNED]
    steps += [S.CALLED, S.OPEN, S.CLOSED]
    return [*steps, *(after if reports_results(meeting) else []), S.PUBLISHED, S.ARCHIVED]


def notice_days(meeting: Meeting, today: datetime.date, calendar: WorkCalendar | None = None) -> tuple[int, int]:
    """Working days from today to the meeting, and how many there should be."""
    calendar = calendar or WorkCalendar()
    wanted = setting("assembly-notice-workdays", meeting.held_on) if meeting.is_assembly else 0
    return calendar.between(today, meeting.held_on), wanted


# --- guards --------------------------------------------------------------------------------------------------------


def _reportable(meeting: Meeting, by: User) -> str | None:
    if not needs_approval(meeting):
        return _("This meeting needs no approval; call it straight away.")
    if meeting.approved_on:
        return _("It is approved already; call it.")
    return _incomplete(meeting)


def _to_report(meeting: Meeting, by: User) -> str | None:
    if not has_tier_above(meeting):
        return _("The district has no tier above in the portal: record the number of the approval.")
    return _reportable(meeting, by)


def _to_record(meeting: Meeting, by: User) -> str | None:
    return _("Report the meeting to the tier above.") if has_tier_above(meeting) else _reportable(meeting, by)


def _incomplete(meeting: Meeting) -> str | None:
    if not meeting.agenda.exists():
        return _("The agenda is empty.")
    if meeting.held_on < timezone.localdate():
        return _("The day of the meeting has passed; choose another.")
    return None


def _to_call(meeting: Meeting, by: User) -> str | None:
    if needs_approval(meeting) and not meeting.approved_on:
        return _("It is called once the tier above has approved it.")
    if why := _incomplete(meeting):
        return why
    if meeting.begins_at is None or not meeting.place:
        return _("Say first when it begins and where.")
    if meeting.kind != MeetingKind.SYMPOSIUM and not meeting.attendees.filter(has_vote=True).exists():
        return _("Nobody is due yet: bring the list of attendees first.")
    return None


def _to_open(meeting: Meeting, by: User) -> str | None:
    if meeting.held_on > timezone.localdate():
        return _("It is opened on its day.")
    return None


def votes_and_states(votes: Iterable[Vote]) -> str:
    return "、".join(f"{vote}（{vote.get_state_display()}）" for vote in votes)


def _has_results(meeting: Meeting) -> str | None:
    if votes := meeting.votes.under_way().order_by("pk"):
        return _("Votes of this meeting are not finished: %(votes)s. Announce each, or declare it void or discard it.") % {
            "votes": votes_and_states(votes)
        }  # fmt: skip
    if not meeting.minutes.strip():
        return _("Write the minutes first.")
    return None


def _to_file(meeting: Meeting, by: User) -> str | None:
    if not reports_results(meeting):
        return _("The results of this meeting need no approval.")
    if not has_tier_above(meeting):
        return _("The district has no tier above in the portal: record the number of the approval.")
    return _has_results(meeting)


def _to_record_results(meeting: Meeting, by: User) -> str | None:
    if has_tier_above(meeting) or not reports_results(meeting):
        return _("Report the results to the tier above.")
    return _has_results(meeting)


def _to_publish(meeting: Meeting, by: User) -> str | None:
    if meeting.state == S.CLOSED and reports_results(meeting):
        return _("The results are published once they are approved.")
    return _has_results(meeting)


def _to_archive(meeting: Meeting, by: User) -> str | None:
    if meeting.state == S.CLOSED and reports_results(meeting):
        return _("Report and publish the results first.")
    return _has_results(meeting)


def _to_cancel(meeting: Meeting, by: User) -> str | None:
    if begun := meeting.votes.under_way().exclude(state=VoteState.DRAFT).order_by("pk"):
        return _("Votes of this meeting have begun: %(votes)s. Announce each or declare it void first.") % {
            "votes": votes_and_states(begun)
        }  # fmt: skip
    return None


def _to_reckon(meeting: Meeting, by: User) -> str | None:
    if meeting.kind not in YEARLY or not counts(meeting):
        return _("Only the assembly of members or delegates counts for a year, with its quorum.")
    if not years_for(meeting):
        return _("This union owes the assembly of no other year.")
    return None


def _to_take_back(meeting: Meeting, by: User) -> str | None:
    return None if last_reckoning(meeting) else _("It counts as the union said; there is nothing to take back.")


# --- effects -------------------------------------------------------------------------------------------------------


def _tell(meeting: Meeting, people: list[User], kind: str, by: User, *, page: str = "meeting", **params) -> None:
    notify(
        [person for person in people if person != by], f"meeting.{kind}", union=meeting.union,
        params={
            "union": meeting.union.name, "title": meeting.title, "by": by.name, "place": meeting.place,
            "day": meeting.held_on.isoformat(), **params,
        },
        url=reverse(f"assemblies:{page}", args=[meeting.pk]), key=f"meeting.{meeting.pk}.{kind}.{meeting.revision}",
    )  # fmt: skip


def _tell_invited(meeting: Meeting, kind: str, by: User, **params) -> None:
    """Those due and guests who have an account; they see the notice even where they may not see the union's records."""
    accounts = meeting.attendees.exclude(account=None).values("account")
    people = User.objects.filter(pk__in=accounts, is_active=True)
    _tell(meeting, list(people), kind, by, page="meeting-invited", **params)


def _above(meeting: Meeting) -> list[User]:
    return holders(P.ASSEMBLY_APPROVE, meeting.union.superior) if meeting.union.superior else []


def _own(meeting: Meeting) -> list[User]:
    return holders(P.ASSEMBLY_EDIT, meeting.union)


def report(meeting: Meeting, *, event: Event, by: User, due) -> None:
    _tell(meeting, _above(meeting), "reported", by)


def _number(event: Event) -> str:
    number = str(event.data.get("number", "")).strip()[:60]
    if not number:
        raise Invalid(_("Something is still missing."), {"number": _("Write the number of the reply.")})
    event.data["number"] = number
    return number


def approve(meeting: Meeting, *, event: Event, by: User, due) -> None:
    meeting.approval_number, meeting.approved_on = _number(event), timezone.localdate()
    _tell(meeting, _own(meeting), "approved", by, number=meeting.approval_number)


def decline(meeting: Meeting, *, event: Event, by: User, due) -> None:
    _tell(meeting, _own(meeting), "declined", by, reason=event.reason)


def call(meeting: Meeting, *, event: Event, by: User, due) -> None:
    """Send the notice. A shorter one than the rules of its day ask for wants a reason, which stands on the notice's
    record."""
    left, wanted = notice_days(meeting, timezone.localdate())
    if left < wanted and not event.reason.strip():
        text = _("Only %(left)d working days are left and %(wanted)d are the rule: say why, or postpone the meeting.")
        raise Invalid(_("The notice is short."), {"reason": text % {"left": left, "wanted": wanted}})
    meeting.called_at, meeting.notice_note = timezone.now(), event.reason.strip()[:300] if left < wanted else ""
    event.data |= {"workdays": left, "wanted": wanted}
    link_accounts(meeting)
    _tell_invited(meeting, "called", by)


def open_session(meeting: Meeting, *, event: Event, by: User, due) -> None:
    meeting.opened_at = timezone.now()


def close(meeting: Meeting, *, event: Event, by: User, due) -> None:
    """Who has not come by now was absent; the attendance stays as it is from here on."""
    found = quorum_of(meeting)
    meeting.closed_at, meeting.due_count, meeting.present_count = timezone.now(), found.due, found.present
    meeting.attendees.filter(presence=Presence.EXPECTED).update(presence=Presence.ABSENT)
    event.data |= {"due": found.due, "present": found.present, "needed": found.needed}


def file(meeting: Meeting, *, event: Event, by: User, due) -> None:
    _tell(meeting, _above(meeting), "filed", by)


def confirm(meeting: Meeting, *, event: Event, by: User, due) -> None:
    meeting.result_number, meeting.confirmed_on = _number(event), timezone.localdate()
    _tell(meeting, _own(meeting), "confirmed", by, number=meeting.result_number)


def send_back(meeting: Meeting, *, event: Event, by: User, due) -> None:
    _tell(meeting, _own(meeting), "returned", by, reason=event.reason)


def reckon(meeting: Meeting, *, event: Event, by: User, due) -> None:
    """Another year than the union said: only one whose assembly is owed, or that in which it was held."""
    year = event.data.get("year")
    if year not in years_for(meeting):
        raise Invalid(_("Something is still missing."), {"year": _("Choose a year that is still owed.")})
    _assigned(meeting, year, event, by)


def take_reckoning_back(meeting: Meeting, *, event: Event, by: User, due) -> None:
    _assigned(meeting, last_reckoning(meeting).data["from"], event, by)


def _assigned(meeting: Meeting, year: int, event: Event, by: User) -> None:
    assign(meeting, year, event)
    _tell(meeting, _own(meeting), "reckoned", by, **{"from": event.data["from"]}, year=year, reason=event.reason)


def publish(meeting: Meeting, *, event: Event, by: User, due) -> None:
    meeting.published_at = timezone.now()


def cancel(meeting: Meeting, *, event: Event, by: User, due) -> None:
    """What was only prepared for it goes with it: nobody could open such a vote any more."""
    for vote in meeting.votes.under_way():
        discard(vote, by=by)
    if meeting.called_at:
        _tell_invited(meeting, "cancelled", by, reason=event.reason)


def postpone(meeting: Meeting, *, event: Event, by: User, due) -> None:
    """To a later day: whoever was called hears of it and is called anew; an approval stays."""
    if due <= max(meeting.held_on, timezone.localdate()):
        raise Invalid(_("Something is still missing."), {"due": _("Choose a later day than the present one.")})
    event.data["from"] = meeting.held_on.isoformat()
    if meeting.begins_at:
        meeting.begins_at += due - meeting.held_on
    was_called = meeting.called_at is not None
    meeting.held_on, meeting.called_at, meeting.notice_note = due, None, ""
    if was_called:
        _tell_invited(meeting, "postponed", by, reason=event.reason)


_BEFORE = frozenset({S.PLANNED, S.REPORTED, S.APPROVED, S.CALLED})
_REASON = frozenset({"reason"})

MEETINGS = register(Workflow(Meeting))
MEETINGS.add(
    Transition("report", gettext_lazy("Report for approval"), frozenset({S.PLANNED}), S.REPORTED, P.ASSEMBLY_SUBMIT, guard=_to_report, effect=report, is_primary=True, meaning=gettext_lazy("The tier above sees day, place and agenda, and answers with a number. Until then nothing of it changes.")),
    Transition("record_approval", gettext_lazy("Record the approval"), frozenset({S.PLANNED}), S.APPROVED, P.ASSEMBLY_SUBMIT, guard=_to_record, effect=approve, is_primary=True),
    Transition("withdraw", gettext_lazy("Withdraw"), frozenset({S.REPORTED}), S.PLANNED, P.ASSEMBLY_SUBMIT),
    Transition("approve", gettext_lazy("Approve"), frozenset({S.REPORTED}), S.APPROVED, P.ASSEMBLY_APPROVE, effect=approve, is_primary=True),
    Transition("decline", gettext_lazy("Return the plan"), frozenset({S.REPORTED}), S.PLANNED, P.ASSEMBLY_APPROVE, demands=_REASON, effect=decline),
    Transition("call", gettext_lazy("Send the notice"), frozenset({S.PLANNED, S.APPROVED}), S.CALLED, P.ASSEMBLY_SUBMIT, guard=_to_call, effect=call, is_primary=True, meaning=gettext_lazy("Those due who have an account are told at once; for all others there is a notice to print or to pass on.")),
    Transition("open", gettext_lazy("Open the meeting"), frozenset({S.CALLED}), S.OPEN, P.ASSEMBLY_EDIT, guard=_to_open, effect=open_session, is_primary=True, meaning=gettext_lazy("Who is due is settled from now on; whoever comes late still signs in.")),
    Transition("close", gettext_lazy("Close the meeting"), frozenset({S.OPEN}), S.CLOSED, P.ASSEMBLY_EDIT, effect=close, after=record_assembly, is_primary=True, meaning=gettext_lazy("Attendance is settled: whoever has not come was absent. With its quorum the yearly assembly counts as held.")),
    Transition("file", gettext_lazy("Report the results"), frozenset({S.CLOSED}), S.FILED, P.ASSEMBLY_SUBMIT, guard=_to_file, effect=file, is_primary=True, meaning=gettext_lazy("The tier above sees attendance, minutes and resolutions, and answers with a number.")),
    Transition("record_results", gettext_lazy("Record the approval of the results"), frozenset({S.CLOSED}), S.CONFIRMED, P.ASSEMBLY_SUBMIT, guard=_to_record_results, effect=confirm, after=record_assembly, is_primary=True),
    Transition("withdraw_results", gettext_lazy("Withdraw the results"), frozenset({S.FILED}), S.CLOSED, P.ASSEMBLY_SUBMIT),
    Transition("confirm", gettext_lazy("Approve the results"), frozenset({S.FILED}), S.CONFIRMED, P.ASSEMBLY_APPROVE, effect=confirm, after=record_assembly, is_primary=True),
    Transition("send_back", gettext_lazy("Return the results"), frozenset({S.FILED}), S.CLOSED, P.ASSEMBLY_APPROVE, demands=_REASON, effect=send_back),
    Transition(RECKON, gettext_lazy("Count for another year"), frozenset(SETTLED), "", P.ASSEMBLY_APPROVE, demands=_REASON, guard=_to_reckon, effect=reckon, after=settle, meaning=gettext_lazy("The duty of that year counts as done, by the day on which the assembly was held. The year for which it counted before is owed again, unless another assembly counts for it.")),
    Transition(TAKE_BACK, gettext_lazy("Take the assignment back"), frozenset(SETTLED), "", P.ASSEMBLY_APPROVE, guard=_to_take_back, effect=take_reckoning_back, after=settle, meaning=gettext_lazy("It counts as before, and the duties of both years follow.")),
    Transition("publish", gettext_lazy("Publish to the members"), frozenset({S.CLOSED, S.CONFIRMED}), S.PUBLISHED, P.ASSEMBLY_SUBMIT, guard=_to_publish, effect=publish, is_primary=True, meaning=gettext_lazy("Members can be shown the results, also as a bulletin.")),
    Transition("archive", gettext_lazy("File in the archive"), frozenset({S.CLOSED, S.PUBLISHED}), S.ARCHIVED, P.ASSEMBLY_EDIT, guard=_to_archive),
    Transition("postpone", gettext_lazy("Postpone"), frozenset({S.APPROVED, S.CALLED}), S.PLANNED, P.ASSEMBLY_SUBMIT, demands=frozenset({"reason", "due"}), effect=postpone, meaning=gettext_lazy("Whoever was called hears of it and is called anew; an approval stays.")),
    Transition("cancel", gettext_lazy("Cancel the meeting"), _BEFORE, S.CANCELLED, P.ASSEMBLY_SUBMIT, demands=_REASON, guard=_to_cancel, effect=cancel, meaning=gettext_lazy("Whoever was called hears of it. The record stays; votes that were only prepared for it are discarded.")),
)  # fmt: skip
