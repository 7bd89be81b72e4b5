"""A meeting's own page, planning one, and its moves."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assemblies import links
from assemblies.agenda_votes import agenda_of
from assemblies.enums import MeetingKind, MeetingState, Power
from assemblies.forms_meetings import MoveForm
from assemblies.meeting_documents import KINDS
from assemblies.meeting_moves import MEETINGS, notice_days, steps_of
from assemblies.models import Attendee, Meeting
from assemblies.papers import papers_of
from assemblies.quorum import has_quorum, override, quorum_of
from assemblies.reckoning import RECKON, last_reckoning
from unions.access import fetch
from unions.audit_words import acts_of
from unions.kit.http import any_account, requires
from unions.moves import move_page
from unions.permissions import Permission
from unions.publishables import ways_of
from unions.wall import system
from unions.workflow import Invalid, allowed, refusal

LIST = "assemblies:meeting-list"


def meeting_for(request: HttpRequest, pk: int, act: Permission | None = None) -> Meeting:
    meetings_ = Meeting.objects.select_related("union__middle", "union__parent", "term", "override_by")
    return fetch(meetings_, request.user, Permission.ASSEMBLY_VIEW, act, pk=pk)


def frame(meeting: Meeting, here: str = "") -> dict:
    """What every page of a meeting shows around its content."""
    return {
        "meeting": meeting, "union": meeting.union, "crumb_union": meeting.union, "crumb_here": here or meeting.title,
        "here_menu": LIST,
    }  # fmt: skip


# --- one meeting ---------------------------------------------------------------------------------------------------


@requires(Permission.ASSEMBLY_VIEW)
@require_GET
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting where it stands: its steps, the one next step, agenda, people, papers, what was decided."""
    found = meeting_for(request, pk)
    user, agenda = request.user, agenda_of(found, request.user)
    moves = allowed(found, user)
    covered, may_edit = {item.power for item in agenda}, user.has_perm(Permission.ASSEMBLY_EDIT, found)
    context = {
        **frame(found), "agenda": agenda, "apart": list(found.votes.standing().filter(item=None).order_by("pk")), "steps": _steps(found), "moves": [t for t in moves if t.target], "corrections": [t for t in moves if not t.target], "blocked": _blocked(found, user), "waits_for": _waits_for(found, user),
        "quorum": quorum_of(found), "has_quorum": has_quorum(found), "guests": found.attendees.filter(has_vote=False).count(),
        "may_edit": may_edit, "begins_term": may_edit and found.is_renewal and found.is_held and found.term_id is None, "papers": papers_of(found),
        "missing_powers": [power.label for power in Power if power not in covered] if found.is_assembly else [],
        "documents": _documents(found), "notice": notice_days(found, timezone.localdate()), "history": acts_of(found, user, Permission.ASSEMBLY_VIEW), "ways": ways_of("meeting", found, user),
        "reckoning": last_reckoning(found) if found.is_held else None,
        "matters": list(found.matters.all()) if found.kind == MeetingKind.SYMPOSIUM else [],
    }  # fmt: skip
    return render(request, "assemblies/meeting.html", context)


def _documents(meeting: Meeting) -> list[tuple[str, str]]:
    """The papers that the meeting can be printed as by now."""
    ready = {
        "notice": meeting.called_at, "attendance": meeting.called_at, "minutes": meeting.minutes, "results": meeting.closed_at
    }  # fmt: skip
    return [(key, kind.label) for key, kind in KINDS.items() if ready[key]]


def _steps(meeting: Meeting) -> list[tuple[str, bool]]:
    """The meeting's own steps, and which it has come to."""
    steps = steps_of(meeting)
    reached = steps.index(meeting.state) if meeting.state in steps else -1
    return [(step.label, index <= reached) for index, step in enumerate(steps)]


def _blocked(meeting: Meeting, user) -> tuple[str, str] | None:
    """The main step that waits for something, and what it waits for; None where one can be taken now."""
    rows = [t for t in MEETINGS.transitions.values() if t.is_primary and meeting.state in t.sources]
    rows = [t for t in rows if user.has_perm(t.permission, meeting)]
    refused = [(t, refusal(meeting, t, user)) for t in rows]
    if not refused or any(problem is None for _t, problem in refused):
        return None
    wanted = steps_of(meeting)
    fitting = [(t, problem) for t, problem in refused if t.target in wanted and _is_next(meeting, t.target, wanted)]
    return (str(fitting[0][0].label), str(fitting[0][1])) if fitting else None


def _waits_for(meeting: Meeting, user) -> str:
    """The tier above, where the meeting lies with it and this person only waits for its reply."""
    is_above = meeting.state in (MeetingState.REPORTED, MeetingState.FILED)
    if not is_above or meeting.union.superior is None or user.has_perm(Permission.ASSEMBLY_APPROVE, meeting):
        return ""
    return meeting.union.superior.name


def _is_next(meeting: Meeting, target: str, steps: list[MeetingState]) -> bool:
    place = steps.index(meeting.state) if meeting.state in steps else -1
    return place + 1 < len(steps) and steps[place + 1] == target


@any_account
@require_GET
def invited(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice, to whoever stands on the list with this account, also where the union's records are not theirs to
    see; to everybody else there is nothing."""
    with system("shows a meeting to those it invites"):
        mine = get_object_or_404(
            Attendee.objects.select_related("meeting__union"), meeting=pk, account=request.user,
            meeting__called_at__isnull=False,
        )  # fmt: skip
        found = mine.meeting
        context = {"meeting": found, "union": found.union, "mine": mine, "agenda": list(found.agenda.all()), "papers": papers_of(found)}  # fmt: skip
        context["token"] = links.papers_token(found)
    return render(request, "assemblies/invited.html", context | {"crumb_here": found.title})


# --- moves ---------------------------------------------------------------------------------------------------------


@requires(Permission.ASSEMBLY_VIEW)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """One step of a meeting: what it means, what it demands, and the button that takes it."""
    if move not in MEETINGS.transitions:
        raise Http404
    transition = MEETINGS.transitions[move]
    found = meeting_for(request, pk, transition.permission)
    initial = {"year": request.GET.get("year")} if move == RECKON and "year" in request.GET else None
    form = MoveForm(request.POST or None, meeting=found, transition=transition, initial=initial)
    return move_page(
        request, found, move, form, context=frame(found, str(transition.label)), then=reverse("assemblies:meeting", args=[pk])
    )  # fmt: skip


@requires(Permission.ASSEMBLY_EDIT)
@require_http_methods(["GET", "POST"])
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on without a quorum, for a reason that stands in every result."""
    found = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    errors = {}
    if request.method == "POST":
        try:
            override(found, by=request.user, reason=request.POST.get("reason", ""))
        except Invalid as problem:
            errors = problem.errors
        else:
            messages.success(request, _("Recorded. It stands in every result of this meeting."))
            return redirect("assemblies:meeting-sit", pk)
    context = {**frame(found, _("Go on without a quorum")), "errors": errors, "quorum": quorum_of(found)}
    return render(request, "assemblies/meeting_go_on.html", context, status=422 if errors else 200)
