"""What a meeting came to: minutes and resolutions, and its papers as Word and PDF."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assemblies import meetings
from assemblies.agenda_votes import agenda_of
from assemblies.meeting_documents import FORMS, KINDS
from assemblies.minutes import draft_of
from assemblies.views.meetings import frame, meeting_for
from unions.kit.http import attachment, requires
from unions.moves import read_revision
from unions.permissions import Permission
from unions.workflow import Conflict


@requires(Permission.ASSEMBLY_EDIT)
@require_http_methods(["GET", "POST"])
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Minutes with their structure drawn from agenda and attendance, and the resolution on each point."""
    found = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    agenda, conflict = agenda_of(found), ""
    text = found.minutes or draft_of(found)
    if request.method == "POST":
        text = request.POST.get("minutes", "")
        given = {item.pk: request.POST.get(f"resolution.{item.pk}", item.resolution) for item in agenda}
        try:
            meetings.write_minutes(
                found, by=request.user, minutes=text, resolutions=given, revision=read_revision(request)
            )
        except Conflict as problem:
            conflict = str(problem)
            for item in agenda:
                item.resolution = given[item.pk]
        else:
            messages.success(request, _("Saved."))
            return redirect("assemblies:meeting", pk)
    context = {**frame(found, _("Minutes")), "agenda": agenda, "text": text, "conflict": conflict}
    return render(request, "assemblies/meeting_minutes.html", context, status=409 if conflict else 200)


@requires(Permission.ASSEMBLY_VIEW)
@require_GET
def document(request: HttpRequest, pk: int, kind: str, form: str) -> HttpResponse:
    """Notice, attendance sheet, minutes or result sheet, as it stands now."""
    if kind not in KINDS or form not in FORMS:
        raise Http404
    found = meeting_for(request, pk)
    write, content_type = FORMS[form]
    paper = KINDS[kind].make(found)
    return attachment(write(paper), f"{paper.title}.{form}", content_type)
