"""Papers of a meeting: bring them, take them away, read them; and the notice that carries their link."""

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assemblies import links
from assemblies.meetings import demand_open_plan
from assemblies.papers import PAPER, files_of, papers_of
from assemblies.views.meetings import frame, meeting_for
from unions import uploads
from unions.kit.http import requires
from unions.models import Upload
from unions.notices import absolute
from unions.permissions import Permission
from unions.uploads import handed_out
from unions.views.uploads import UploadForm
from unions.workflow import MoveError


@requires(Permission.ASSEMBLY_EDIT)
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """What goes out with the notice."""
    found = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    demand_open_plan(found)
    form = UploadForm(
        request.POST or None, request.FILES or None, purpose=PAPER, union=found.union, user=request.user, object_id=found.pk
    )  # fmt: skip
    form.fields["note"].help_text = _("For example: report on the work, draft for discussion.")
    if request.method == "POST" and form.is_valid():
        messages.success(request, _("“%(name)s” is kept.") % {"name": form.upload.name})
        return redirect("assemblies:meeting-papers", pk)
    context = {**frame(found, _("Papers")), "form": form, "files": files_of(PAPER.key, found.pk)}
    return render(request, "assemblies/meeting_papers.html", context, status=422 if form.is_bound else 200)


@requires(Permission.ASSEMBLY_VIEW)
@require_GET
def paper(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    found = meeting_for(request, pk)
    rows = Upload.objects.visible_to(request.user, Permission.ASSEMBLY_VIEW)
    return handed_out(get_object_or_404(rows, purpose=PAPER.key, object_id=found.pk, pk=upload))


@requires(Permission.ASSEMBLY_EDIT)
@require_POST
def paper_remove(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    """Take a paper away while those due have not been called."""
    found = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    if found.called_at:
        raise MoveError(_("The notice went out with this paper; it stays."))
    demand_open_plan(found)
    given = get_object_or_404(Upload, union=found.union_id, purpose=PAPER.key, object_id=found.pk, pk=upload)
    uploads.remove(given, by=request.user)
    messages.success(request, _("“%(name)s” is removed.") % {"name": given.name})
    return redirect("assemblies:meeting-papers", pk)


@requires(Permission.ASSEMBLY_EDIT)
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice on a sheet of paper: its code opens agenda and papers on a phone."""
    found = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    if found.called_at is None:
        raise MoveError(_("The notice is made when the meeting is called."))
    address = absolute(reverse("assemblies:papers", args=[found.pk, links.papers_token(found)]))
    context = {
        **frame(found, _("Notice")), "agenda": list(found.agenda.all()), "papers": papers_of(found), "address": address,
        "code": segno.make(address, error="m").svg_data_uri(scale=4, border=2),
    }  # fmt: skip
    return render(request, "assemblies/meeting_notice.html", context)
