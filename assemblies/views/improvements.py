"""What is improved after an appraisal: the list up the tree, one improvement, its evidence and its moves."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assemblies import appraisals
from assemblies.appraisal_lists import ImprovementFilters, ImprovementTable, visible_improvements
from assemblies.appraisal_moves import IMPROVEMENTS
from assemblies.forms_appraisals import AppraisalMoveForm, ImprovementForm
from assemblies.models import Advice, Appraisal, Improvement
from assemblies.papers import IMPROVEMENT, files_of
from assemblies.views.appraisals import appraisal_for, frame
from unions.access import fetch
from unions.audit_words import acts_of
from unions.kit.http import requires
from unions.kit.tables import list_response
from unions.models import Upload
from unions.moves import move_page, read_revision
from unions.permissions import Permission
from unions.uploads import handed_out
from unions.views.uploads import UploadForm
from unions.workflow import allowed

SEE, EDIT = Permission.ASSEMBLY_VIEW, Permission.ASSEMBLY_EDIT


def improvement_for(request: HttpRequest, pk: int, act: Permission | None = None) -> Improvement:
    rows = Improvement.objects.select_related("appraisal__vote", "union__middle", "union__parent")
    return fetch(rows, request.user, SEE, act, pk=pk)


def _frame(improvement: Improvement, here: str = "") -> dict:
    improvement.appraisal.union = improvement.union
    return {**frame(improvement.appraisal, here or improvement.title), "improvement": improvement}


@requires(SEE)
@require_GET
def improvement_list(request: HttpRequest) -> HttpResponse:
    """Every improvement in scope, what waits first; exported as it is filtered."""
    return list_response(
        request, queryset=visible_improvements(request.user), filters=ImprovementFilters, table=ImprovementTable,
        template="assemblies/appraisals/improvement_list.html", export="table", export_name=_("Improvements"),
        context={"crumb_here": _("Improvements")},
    )  # fmt: skip


def _advised(appraisal: Appraisal, asked: str) -> str:
    """What somebody wrote on a ballot of this appraisal; nothing for what is no number of such words."""
    with suppress(ValueError):
        return (
            Advice.objects.filter(vote=appraisal.vote_id, pk=UUID(asked)).values_list("text", flat=True).first() or ""
        )
    return ""


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def improvement_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan an improvement; with ?advice= out of what somebody wrote on the ballot."""
    found = appraisal_for(request, pk, EDIT)
    initial = {"due_on": max(found.plan_due_on, timezone.localdate())}
    if asked := request.GET.get("advice", ""):
        initial["title"] = _advised(found, asked)[:200]
    form = ImprovementForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        appraisals.add_improvement(found, form.cleaned_data, by=request.user)
        messages.success(request, _("Planned. It stays open until it is done, with evidence."))
        return redirect("assemblies:improvement-add" if "more" in request.POST else "assemblies:appraisal", pk)
    context = {**frame(found, _("New improvement")), "form": form}
    return render(
        request, "assemblies/appraisals/improvement_form.html", context, status=422 if form.is_bound else 200
    )


@requires(SEE)
@require_http_methods(["GET", "POST"])
def improvement(request: HttpRequest, pk: int) -> HttpResponse:
    """One improvement from the plan to its end; whoever prepares the union's meetings brings evidence here."""
    found = improvement_for(request, pk, EDIT if request.method == "POST" else None)
    may_edit, form = request.user.has_perm(EDIT, found), None
    if may_edit and found.state == "open":
        form = UploadForm(
            request.POST or None, request.FILES or None, purpose=IMPROVEMENT, union=found.union, user=request.user,
            object_id=found.pk,
        )  # fmt: skip
        form.fields["note"].help_text = _("For example: photograph before and after.")
        if request.method == "POST" and form.is_valid():
            messages.success(request, _("“%(name)s” is kept.") % {"name": form.upload.name})
            return redirect("assemblies:improvement", pk)
    files = files_of(IMPROVEMENT.key, found.pk)
    context = {
        **_frame(found), "form": form, "moves": allowed(found, request.user), "may_edit": may_edit, "files": files,
        "may_remove": may_edit and not (found.consequence or found.appraisal.reported_at or files),
        "history": acts_of(found, request.user, SEE),
    }  # fmt: skip
    return render(
        request, "assemblies/appraisals/improvement.html", context, status=422 if form and form.errors else 200
    )


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def improvement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = improvement_for(request, pk, EDIT)
    form = ImprovementForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        appraisals.edit_improvement(
            improvement_for(request, pk, EDIT), form.cleaned_data, by=request.user, revision=read_revision(request)
        )
        messages.success(request, _("Saved."))
        return redirect("assemblies:improvement", pk)
    context = {**_frame(found, _("Edit")), "form": form}
    return render(
        request, "assemblies/appraisals/improvement_form.html", context, status=422 if form.is_bound else 200
    )


@requires(EDIT)
@require_POST
def improvement_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = improvement_for(request, pk, EDIT)
    appraisals.remove_improvement(found, by=request.user)
    messages.success(request, _("Taken back: %(title)s") % {"title": found.title})
    return redirect("assemblies:appraisal", found.appraisal_id)


@requires(SEE)
@require_http_methods(["GET", "POST"])
def improvement_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    if move not in IMPROVEMENTS.transitions:
        raise Http404
    transition = IMPROVEMENTS.transitions[move]
    found = improvement_for(request, pk, transition.permission)
    form = AppraisalMoveForm(request.POST if request.method == "POST" else None, transition=transition)
    return move_page(
        request, found, move, form, context=_frame(found, str(transition.label)), then=reverse("assemblies:improvement", args=[pk])
    )  # fmt: skip


@requires(SEE)
@require_GET
def improvement_evidence(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    found = improvement_for(request, pk)
    rows = Upload.objects.visible_to(request.user, SEE)
    return handed_out(get_object_or_404(rows, purpose=IMPROVEMENT.key, object_id=found.pk, pk=upload))
