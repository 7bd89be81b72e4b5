"""Who is due and who is there: the list, the page from which a sitting is run, the code on the screen."""

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assemblies import attendees, links
from assemblies.agenda_votes import agenda_of
from assemblies.enums import Presence, SignedHow
from assemblies.forms_meetings import AttendeeForm, PeopleForm
from assemblies.meeting_lists import attendance_workbook
from assemblies.models import Meeting
from assemblies.quorum import has_quorum, quorum_of
from assemblies.views.meetings import frame, meeting_for
from unions.kit.filters import clean_query
from unions.kit.http import XLSX, attachment, requires
from unions.kit.pagination import ListPaginator
from unions.notices import absolute
from unions.permissions import Permission
from unions.workflow import MoveError

PER_PAGE = 100


def _people(meeting: Meeting, request: HttpRequest):
    """The list narrowed to what was asked for: a name or number, a group, a presence."""
    rows = meeting.attendees.select_related("signed_by", "account").order_by("number")
    if word := request.GET.get("q", "").strip()[:40]:
        rows = (
            rows.filter(number=int(word)) if word.isdecimal() and len(word) < 7 else rows.filter(name__contains=word)
        )
    if group := request.GET.get("group", "")[:60]:
        rows = rows.filter(group=group)
    shown = request.GET.get("presence", "")
    if shown == "guests":
        return rows.filter(has_vote=False)
    return rows.filter(presence=shown) if shown in Presence.values else rows


def _listing(meeting: Meeting, request: HttpRequest) -> dict:
    rows = _people(meeting, request)
    groups = meeting.attendees.exclude(group="").order_by("group").values_list("group", flat=True).distinct()
    return {
        "page": ListPaginator(rows, PER_PAGE).get_page(request.GET.get("page")), "groups": list(groups),
        "q": request.GET.get("q", ""), "group": request.GET.get("group", ""), "shown": request.GET.get("presence", ""),
        "presences": Presence.choices, "query": clean_query(request.GET), "filtered": bool(clean_query(request.GET)[1:]),
    }  # fmt: skip


@requires(Permission.ASSEMBLY_VIEW)
@require_GET
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody due and all guests, with how they came onto the record."""
    found = meeting_for(request, pk)
    if request.GET.get("export") == "xlsx":
        name = _("Attendance of %(title)s.xlsx") % {"title": found.title}
        return attachment(attendance_workbook(found), name, XLSX)
    may_edit = request.user.has_perm(Permission.ASSEMBLY_EDIT, found)
    context = {
        **frame(found, _("People due")), **_listing(found, request), "quorum": quorum_of(found), "may_edit": may_edit,
        "may_change": may_edit and found.is_preparing, "has_quorum": has_quorum(found),
        "offers": attendees.offers(found) if may_edit and found.is_preparing else [],
    }  # fmt: skip
    return render(request, "assemblies/people.html", context)


@requires(Permission.ASSEMBLY_EDIT)
@require_http_methods(["GET", "POST"])
def people_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Paste names."""
    found = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    form = PeopleForm(request.POST or None, initial={"guests": request.GET.get("guests") == "1"})
    if request.method == "POST" and form.is_valid():
        count = attendees.add(found, form.cleaned_data["people"], by=request.user)
        _say_added(request, count)
        return redirect("assemblies:meeting-people", pk)
    context = {**frame(found, _("Bring names")), "form": form}
    return render(request, "assemblies/people_add.html", context, status=422 if form.is_bound else 200)


def _say_added(request: HttpRequest, count: int) -> None:
    if count:
        text = ngettext("%(count)d person is on the list now.", "%(count)d persons are on the list now.", count)
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("All of them were on the list already."))


@requires(Permission.ASSEMBLY_EDIT)
@require_POST
def people_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the people of a list that the portal knows: the last meeting's, the committee's, the delegates'."""
    found = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    source = attendees.sources.get(request.POST.get("source", ""))
    if source is None:
        raise Http404
    _say_added(request, attendees.add(found, source.people(found), by=request.user))
    return redirect("assemblies:meeting-people", pk)


@requires(Permission.ASSEMBLY_EDIT)
@require_POST
def people_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    ids = _ids(request)
    if not ids:
        raise MoveError(_("Tick the people first."))
    count = attendees.remove(found, ids, by=request.user)
    text = ngettext("%(count)d person was taken off the list.", "%(count)d persons were taken off the list.", count)
    messages.success(request, text % {"count": count})
    return redirect("assemblies:meeting-people", pk)


def _ids(request: HttpRequest) -> list[int]:
    return [int(pk) for pk in request.POST.getlist("ids") if pk.isdecimal()][:5000]


@requires(Permission.ASSEMBLY_EDIT)
@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    found = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    attendee = get_object_or_404(found.attendees, pk=person)
    attendee.meeting = found
    initial = {name: getattr(attendee, name) for name in ("name", "group", "post", "has_vote")}
    form = AttendeeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        attendees.edit(attendee, form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("assemblies:meeting-people", pk)
    context = {**frame(found, attendee.name), "form": form, "attendee": attendee}
    return render(request, "assemblies/person_edit.html", context, status=422 if form.is_bound else 200)


# --- the sitting ---------------------------------------------------------------------------------------------------


@requires(Permission.ASSEMBLY_EDIT)
@require_GET
def sit(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of the day, on a phone too: tick who comes, watch the quorum, pass from point to point."""
    found = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    context = {
        **frame(found, _("Sign-in and sitting")), **_listing(found, request), "quorum": quorum_of(found),
        "has_quorum": has_quorum(found), "agenda": agenda_of(found, request.user),
    }  # fmt: skip
    template = (
        "assemblies/_sit_people.html" if request.htmx and request.htmx.target == "people" else "assemblies/sit.html"
    )
    return render(request, template, context)


@requires(Permission.ASSEMBLY_EDIT)
@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a presence for one person or for all that are ticked; the way without scripts comes back to the page."""
    found = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    presence, how = request.POST.get("presence", ""), request.POST.get("how", SignedHow.LIST.value)
    if presence not in Presence.values or how not in (SignedHow.LIST, SignedHow.ASSISTED):
        raise Http404
    ids = _ids(request)
    if not ids:
        raise MoveError(_("Tick the people first."))
    count = attendees.mark(
        found, ids, Presence(presence), by=request.user, how=SignedHow(how), note=request.POST.get("note", "")
    )
    if request.htmx:
        request.GET = request.POST
        context = {
            **frame(found),
            **_listing(found, request),
            "quorum": quorum_of(found),
            "has_quorum": has_quorum(found),
        }
        return render(request, "assemblies/_sit_people.html", context | {"with_quorum": True})
    text = ngettext("Recorded for %(count)d person.", "Recorded for %(count)d persons.", count)
    messages.success(request, text % {"count": count})
    query = clean_query(request.POST, drop=("csrfmiddlewaretoken", "ids", "presence", "how", "note"))
    return redirect(reverse("assemblies:meeting-sit", args=[pk]) + ("" if query == "?" else query))


@requires(Permission.ASSEMBLY_VIEW)
@require_GET
def quorum(request: HttpRequest, pk: int) -> HttpResponse:
    """The quorum alone; a page that shows it asks every few seconds."""
    found = meeting_for(request, pk)
    context = {"meeting": found, "quorum": quorum_of(found), "has_quorum": has_quorum(found)}
    return render(request, "assemblies/_quorum.html", context)


@requires(Permission.ASSEMBLY_EDIT)
@require_GET
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """For the wall of the hall: the code by which people sign in by themselves, and the quorum. It draws itself anew."""
    found = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    if not found.takes_attendance:
        raise MoveError(_("People sign in on the day of the meeting, until it is closed."))
    address = absolute(reverse("assemblies:sign-in", args=[found.pk, links.sign_in_token(found)]))
    context = {
        **frame(found, _("Sign-in code")), "code": segno.make(address, error="m").svg_data_uri(scale=8, border=2),
        "address": address, "quorum": quorum_of(found), "has_quorum": has_quorum(found),
    }  # fmt: skip
    template = "assemblies/_screen.html" if request.htmx else "assemblies/screen.html"
    return render(request, template, context)
