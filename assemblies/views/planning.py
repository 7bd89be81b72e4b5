"""Planning a meeting: what to hold, day and place, the points of the agenda."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assemblies import attendees, duties, meetings
from assemblies.enums import MeetingKind
from assemblies.forms_meetings import AgendaForm, MeetingForm, PlanForm
from assemblies.models import AgendaItem
from assemblies.quorum import take_up
from assemblies.views.meetings import LIST, frame, meeting_for
from unions.access import fetch, fetch_union
from unions.kit.http import requires
from unions.kit.links import link
from unions.models import Union
from unions.moves import read_revision
from unions.permissions import Permission
from unions.workflow import Conflict, Invalid


@requires(Permission.ASSEMBLY_EDIT)
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """What to hold; then everything prefilled, one button from being on its way."""
    union = fetch_union(request.user, pk, Permission.ASSEMBLY_EDIT)
    kind, is_renewal = request.GET.get("kind", ""), request.GET.get("renewal") == "1"
    late = int(asked) if (asked := request.GET.get("makes_up_for", "")).isdecimal() and len(asked) == 4 else None
    context = {"union": union, "crumb_union": union, "crumb_here": _("Plan a meeting"), "here_menu": LIST}
    kinds = meetings.kinds_for(union)
    if kind not in kinds:
        return render(request, "assemblies/meeting_kinds.html", {**context, "kinds": kinds, "late": late})
    proposal = meetings.propose(union, MeetingKind(kind), is_renewal=is_renewal)
    form = PlanForm(request.POST or None, plan=proposal, makes_up_for=late)
    if request.method == "POST" and form.is_valid():
        made = meetings.plan(
            union, proposal.kind, form.values(), form.points(), by=request.user, is_renewal=proposal.is_renewal
        )
        if form.cleaned_data.get("source"):
            source = attendees.sources[form.cleaned_data["source"]]
            attendees.add(made, source.people(made), by=request.user)
        messages.success(request, _("Planned. What comes next stands at the top of this page."))
        return redirect("assemblies:meeting", made.pk)
    context |= {"form": form, "plan": proposal}
    return render(request, "assemblies/meeting_plan.html", context, status=422 if form.is_bound else 200)


@requires(Permission.ASSEMBLY_VIEW)
@require_GET
def assembly_of_year(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Where a union's yearly assembly is seen to: the one under way or held; else, for whoever prepares it, the plan of one,
    in the form the number of members leaves."""
    union = fetch(Union.objects.all(), request.user, Permission.ASSEMBLY_VIEW, pk=pk)
    if found := duties.assembly_of(union, year):
        return redirect("assemblies:meeting", found.pk)
    if not request.user.has_perm(Permission.ASSEMBLY_EDIT, union):
        return redirect(link("assemblies:meeting-list", union=union.pk, year=year))
    forms = meetings.assembly_forms(union)
    asked = {"kind": forms[0].value} if len(forms) == 1 else {}
    if year < timezone.localdate().year:
        asked["makes_up_for"] = year
    return redirect(f"{reverse('assemblies:meeting-plan', args=[pk])}{'?' if asked else ''}{urlencode(asked)}")


@requires(Permission.ASSEMBLY_EDIT)
@require_GET
def plan_anywhere(request: HttpRequest) -> HttpResponse:
    """From the list: to the union for which this person prepares meetings, or the choice among several."""
    unions = Union.objects.visible_to(request.user, Permission.ASSEMBLY_EDIT).active().order_by("path")
    first = list(unions[:20])
    if not first:
        raise PermissionDenied
    if len(first) == 1:
        return redirect("assemblies:meeting-plan", first[0].pk)
    return render(
        request,
        "assemblies/meeting_unions.html",
        {"unions": first, "crumb_here": _("Plan a meeting"), "here_menu": LIST},
    )


@requires(Permission.ASSEMBLY_EDIT)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    meetings.demand_open_plan(found)
    form = MeetingForm(request.POST or None, meeting=found)
    if request.method == "POST" and form.is_valid():
        try:
            meetings.edit(found, form.values(), by=request.user, revision=read_revision(request))
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        except Invalid as problem:
            for name, text in problem.errors.items():
                form.add_error("day" if name == "held_on" else None, text)
        else:
            messages.success(request, _("Saved."))
            return redirect("assemblies:meeting", pk)
    context = {**frame(found, _("Edit")), "form": form}
    return render(request, "assemblies/meeting_edit.html", context, status=422 if form.is_bound else 200)


# --- agenda --------------------------------------------------------------------------------------------------------


def _point(request: HttpRequest, pk: int, item: int) -> AgendaItem:
    found = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    point = get_object_or_404(found.agenda, pk=item)
    point.meeting = found
    return point


@requires(Permission.ASSEMBLY_EDIT)
@require_http_methods(["GET", "POST"])
def point_add(request: HttpRequest, pk: int) -> HttpResponse:
    found = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    meetings.demand_open_agenda(found)
    form = AgendaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        meetings.add_point(found, form.cleaned_data, by=request.user)
        messages.success(request, _("Put on the agenda."))
        return redirect("assemblies:meeting", pk)
    context = {**frame(found, _("New point")), "form": form, "title": _("New point of the agenda")}
    return render(request, "assemblies/agenda_point.html", context, status=422 if form.is_bound else 200)


@requires(Permission.ASSEMBLY_EDIT)
@require_http_methods(["GET", "POST"])
def point_edit(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    point = _point(request, pk, item)
    meetings.demand_open_agenda(point.meeting)
    form = AgendaForm(request.POST or None, instance=point)
    if request.method == "POST" and form.is_valid():
        fresh = _point(request, pk, item)  # the form has written into the other
        meetings.edit_point(fresh, form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("assemblies:meeting", pk)
    context = {**frame(point.meeting, point.title), "form": form, "point": point, "title": point.title}
    return render(request, "assemblies/agenda_point.html", context, status=422 if form.is_bound else 200)


@requires(Permission.ASSEMBLY_EDIT)
@require_POST
def point_remove(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    point = _point(request, pk, item)
    meetings.remove_point(point, by=request.user)
    messages.success(request, _("Taken off the agenda: %(point)s") % {"point": point.title})
    return redirect("assemblies:meeting", pk)


@requires(Permission.ASSEMBLY_EDIT)
@require_POST
def point_move(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    meetings.move_point(_point(request, pk, item), up=request.POST.get("up") == "1", by=request.user)
    return redirect("assemblies:meeting", pk)


@requires(Permission.ASSEMBLY_EDIT)
@require_POST
def point_begin(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    point = take_up(_point(request, pk, item), by=request.user)
    messages.success(request, _("Taken up: %(point)s") % {"point": point.title})
    return redirect("assemblies:meeting-sit", pk)
