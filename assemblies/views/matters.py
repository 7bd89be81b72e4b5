"""Matters raised at symposiums: the list up the tree, one matter, its moves, its evidence."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from assemblies import matters
from assemblies.matter_lists import MatterFilters, MatterTable, visible_matters
from assemblies.models import Matter
from assemblies.papers import EVIDENCE, files_of
from assemblies.views.meetings import meeting_for
from unions.access import fetch
from unions.audit_words import acts_of
from unions.forms_duties import day_input
from unions.kit.http import requires
from unions.kit.tables import list_response
from unions.models import Upload
from unions.moves import move_page
from unions.permissions import Permission
from unions.publishables import ways_of
from unions.uploads import handed_out
from unions.views.uploads import UploadForm
from unions.workflow import Transition, allowed

MATTERS = "assemblies:matter-list"
WORDS = {
    "answer": ("reply", gettext_lazy("Answer to the matter")),
    "settle": ("outcome", gettext_lazy("What came of it")),
}


class MatterForm(forms.ModelForm):
    class Meta:
        model = Matter
        fields = ("title", "detail", "raiser", "owner", "due_on")
        widgets = {"due_on": day_input(), "detail": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "raiser": gettext_lazy("May stay empty where the person does not want to be named."),
            "owner": gettext_lazy("A person or a department that answers for it."),
        }


class MatterMoveForm(forms.Form):
    """What a step of a matter demands: the answer, what came of it, a reason with a new day."""

    def __init__(self, *args, transition: Transition, **kwargs):
        super().__init__(*args, **kwargs)
        self.transition = transition
        if transition.name in WORDS:
            name, label = WORDS[transition.name]
            self.fields[name] = forms.CharField(label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
        if "reason" in transition.demands:
            self.fields["reason"] = forms.CharField(
                label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
            )
            self.fields["due"] = forms.DateField(label=gettext_lazy("New day"), widget=day_input())

    def given(self) -> dict:
        data = {name: self.cleaned_data[name] for name, _label in WORDS.values() if name in self.cleaned_data}
        return {"reason": self.cleaned_data.get("reason", ""), "due": self.cleaned_data.get("due"), "data": data}


def matter_for(request: HttpRequest, pk: int, act: Permission | None = None) -> Matter:
    rows = Matter.objects.select_related("meeting", "union__middle", "union__parent")
    return fetch(rows, request.user, Permission.ASSEMBLY_VIEW, act, pk=pk)


def _frame(matter: Matter, here: str = "") -> dict:
    return {
        "matter": matter, "union": matter.union, "crumb_union": matter.union, "crumb_here": here or matter.title,
        "here_menu": MATTERS,
    }  # fmt: skip


@requires(Permission.ASSEMBLY_VIEW)
@require_GET
def matter_list(request: HttpRequest) -> HttpResponse:
    """Every matter in scope, what waits first; exported as it is filtered."""
    return list_response(
        request, queryset=visible_matters(request.user), filters=MatterFilters, table=MatterTable,
        template="assemblies/matter_list.html", export="table", export_name=_("Matters raised"),
        context={"crumb_here": _("Matters raised")},
    )  # fmt: skip


@requires(Permission.ASSEMBLY_EDIT)
@require_http_methods(["GET", "POST"])
def matter_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a matter down at a symposium."""
    meeting = meeting_for(request, pk, Permission.ASSEMBLY_EDIT)
    if meeting.kind != "symposium":
        raise Http404
    form = MatterForm(
        request.POST or None, initial={"due_on": matters.due_day(max(meeting.held_on, timezone.localdate()))}
    )
    if request.method == "POST" and form.is_valid():
        matters.raise_matter(meeting, form.cleaned_data, by=request.user)
        messages.success(request, _("Taken down. It stays open until it is settled."))
        return redirect("assemblies:matter-add" if "more" in request.POST else "assemblies:meeting", pk)
    context = {
        "form": form, "meeting": meeting, "union": meeting.union, "crumb_union": meeting.union,
        "crumb_here": _("New matter"), "here_menu": MATTERS,
    }  # fmt: skip
    return render(request, "assemblies/matter_add.html", context, status=422 if form.is_bound else 200)


@requires(Permission.ASSEMBLY_VIEW)
@require_http_methods(["GET", "POST"])
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    """One matter from the hall to its end; whoever prepares the union's meetings brings evidence here."""
    act = Permission.ASSEMBLY_EDIT
    found = matter_for(request, pk, act if request.method == "POST" else None)
    may_edit, form = request.user.has_perm(act, found), None
    if may_edit:
        form = UploadForm(
            request.POST or None, request.FILES or None, purpose=EVIDENCE, union=found.union, user=request.user,
            object_id=found.pk,
        )  # fmt: skip
        form.fields["note"].help_text = _("For example: photograph before and after.")
        if request.method == "POST" and form.is_valid():
            messages.success(request, _("“%(name)s” is kept.") % {"name": form.upload.name})
            return redirect("assemblies:matter", pk)
    context = {
        **_frame(found), "form": form, "moves": allowed(found, request.user), "may_edit": may_edit,
        "files": files_of(EVIDENCE.key, found.pk), "history": acts_of(found, request.user, Permission.ASSEMBLY_VIEW),
        "ways": ways_of("matter", found, request.user),
    }  # fmt: skip
    return render(request, "assemblies/matter.html", context, status=422 if form and form.errors else 200)


@requires(Permission.ASSEMBLY_EDIT)
@require_http_methods(["GET", "POST"])
def matter_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = matter_for(request, pk, Permission.ASSEMBLY_EDIT)
    form = MatterForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        matters.edit_matter(Matter.objects.get(pk=pk), form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("assemblies:matter", pk)
    context = {**_frame(found, _("Edit")), "form": form}
    return render(request, "assemblies/matter_edit.html", context, status=422 if form.is_bound else 200)


@requires(Permission.ASSEMBLY_EDIT)
@require_http_methods(["GET", "POST"])
def matter_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    if move not in matters.MATTERS.transitions:
        raise Http404
    transition = matters.MATTERS.transitions[move]
    found = matter_for(request, pk, transition.permission)
    form = MatterMoveForm(request.POST or None, transition=transition)
    return move_page(
        request, found, move, form, context=_frame(found, str(transition.label)), then=reverse("assemblies:matter", args=[pk])
    )  # fmt: skip


@requires(Permission.ASSEMBLY_VIEW)
@require_GET
def evidence(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    found = matter_for(request, pk)
    rows = Upload.objects.visible_to(request.user, Permission.ASSEMBLY_VIEW)
    return handed_out(get_object_or_404(rows, purpose=EVIDENCE.key, object_id=found.pk, pk=upload))
