"""The union card: edit, add, move, merge, dissolve, restore, and the chair's phone for a reason."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unions.access import fetch_union
from unions.forms_unions import MergeForm, MoveForm, PlaceForm, UnionAddForm, UnionEditForm
from unions.kit.http import is_fragment, requires
from unions.models import Union
from unions.permissions import Permission
from unions.proofs import proof
from unions.register import NOT_MOVED, add_union, affected, last_move, may_add_below, move_stands, undo_move
from unions.reveals import reveal
from unions.services import edit_union, move_union
from unions.workflow import Conflict, Invalid, MoveError, NotAllowed, perform, refusal, workflow_of


@requires(Permission.UNION_EDIT)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The card; each person finds the fields that are theirs to write, the others to read."""
    union = fetch_union(request.user, pk, Permission.UNION_EDIT)
    if not union.is_active:
        raise MoveError(_("This union is closed. Restore it before you change its card."))
    form = UnionEditForm(request.POST or None, instance=union, user=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            edit_union(union, form.values(), by=request.user, revision=given["revision"], reason=given["reason"])
        except Conflict as conflict:
            return _conflict(request, form, conflict)
        except ValidationError as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("The card is saved. An edit can be undone in the history."))
            return redirect("unions:union", pk)
    saved = Union.objects.get(pk=pk)  # the form has written into the other
    context = {"form": form, "union": saved, "name": saved.name, "crumb_union": saved, "crumb_here": _("Edit")}
    return render(request, "unions/card_edit.html", context, status=422 if form.is_bound else 200)


def _conflict(request: HttpRequest, form: UnionEditForm, conflict: Conflict) -> HttpResponse:
    """Somebody was faster: both versions, and the form with what was typed, ready to be saved over theirs."""
    current = conflict.current
    form.data = form.data.copy()
    form.data["revision"] = str(current.revision)
    context = {
        "form": form, "union": current, "name": current.name, "versions": form.versions(current),
        "crumb_union": current, "crumb_here": _("Edit"),
    }  # fmt: skip
    return render(request, "unions/card_edit.html", context, status=409)


@requires(Permission.UNION_EDIT)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A new union below this one, by the district's or the middle tier's staff."""
    parent = fetch_union(request.user, pk, Permission.UNION_EDIT)
    if not may_add_below(request.user, parent):
        raise PermissionDenied
    form = UnionAddForm(request.POST or None, user=request.user, parent=parent)
    if request.method == "POST" and form.is_valid():
        try:
            union = add_union(parent, form.values(), by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as problem:
            form.refuse(problem)
        else:
            done = _("“%(name)s” is entered. Complete its card, then appoint its people.")
            messages.success(request, done % {"name": union})
            return redirect("unions:union-edit", union.pk)
    context = {"form": form, "parent": parent, "crumb_union": parent, "crumb_here": _("New union")}
    return render(request, "unions/card_add.html", context, status=422 if form.is_bound else 200)


# --- place and state: each in two steps, the second of which names what follows ----------------------------------


def _place(request: HttpRequest, union: Union, form: PlaceForm, words: dict, act) -> HttpResponse:
    """The page of such a change: the form, then what it would do, then the act."""
    target = None
    if request.method == "POST" and form.is_valid():
        target = form.cleaned_data.get("target")
        if form.cleaned_data["confirmed"]:
            try:
                act(form.cleaned_data)
            except Invalid as problem:
                form.add_error(None, str(problem))
            else:
                messages.success(request, words["done"])
                return redirect("unions:union", union.pk)
        else:
            form.data = form.data.copy()
            form.data["confirmed"] = "on"
    is_preview = form.is_bound and form.is_valid()
    context = {
        "form": form, "union": union, "words": words, "affected": affected(union), "is_preview": is_preview,
        "target": target, "crumb_union": union, "crumb_here": words["title"],
    }  # fmt: skip
    return render(request, "unions/card_place.html", context, status=422 if form.errors else 200)


def _state(request: HttpRequest, pk: int, move: str, form_class: type[PlaceForm], words: dict) -> HttpResponse:
    union = fetch_union(request.user, pk, Permission.UNION_MOVE)
    form = form_class(request.POST or None, union=union, user=request.user)

    def act(given: dict) -> None:
        target = given.get("target")
        data = {"into": target.pk, "name": target.name} if target else {}
        perform(union, move, by=request.user, revision=given["revision"], reason=given["reason"], data=data)

    problem = refusal(union, workflow_of(union).transitions[move], request.user)
    return _place(request, union, form, {**words, "problem": str(problem or "")}, act)


@requires(Permission.UNION_MOVE)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Hang a union with all below it under another superior."""
    union = fetch_union(request.user, pk, Permission.UNION_MOVE)
    form = MoveForm(request.POST or None, union=union, user=request.user)
    words = {
        "title": _("Move below another superior"), "button": _("Move"), "done": _("The union is moved."),
        "note": _("The union and all below it are seen and reviewed by the new superior at once. Totals of past periods "
                  "stay as they were submitted."),
    }  # fmt: skip

    def act(given: dict) -> None:
        if given["revision"] != union.revision:
            raise Conflict(union)
        move_union(union, given["target"], by=request.user, reason=given["reason"])

    return _place(request, union, form, words, act)


@requires(Permission.UNION_MOVE)
@require_http_methods(["GET", "POST"])
def move_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last move back, while nothing stands against it; otherwise the page says what does."""
    union = fetch_union(request.user, pk, Permission.UNION_MOVE)
    form, last = PlaceForm(request.POST or None, union=union, user=request.user), last_move(union)
    words = {
        "title": _("Take the last move back"), "button": _("Take the move back"), "done": _("The move is taken back."),
        "problem": str(move_stands(request.user, union, last) if last else NOT_MOVED), "note": "",
    }  # fmt: skip
    if last:
        words["note"] = _("The union and all below it hang below “%(name)s” again, which sees and reviews them at once. "
                          "Totals of past periods stay as they were submitted.") % {"name": last.data["changes"]["parent"][0]}  # fmt: skip

    def act(given: dict) -> None:
        undo_move(union, by=request.user, revision=given["revision"], reason=given["reason"])

    return _place(request, union, form, words, act)


@requires(Permission.UNION_MOVE)
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    words = {
        "title": _("Merge into another union"), "button": _("Merge"), "done": _("The union is merged."),
        "note": _("The union is closed; the unions below it hang below the other one. Its open duties are waived and its "
                  "appointments end; what it filed stays. Members and workers are not added up by themselves."),
    }  # fmt: skip
    return _state(request, pk, "merge", MergeForm, words)


@requires(Permission.UNION_MOVE)
@require_http_methods(["GET", "POST"])
def dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    words = {
        "title": _("Dissolve the union"), "button": _("Dissolve"), "done": _("The union is dissolved. It can be restored."),
        "note": _("The union is closed. Its open duties are waived and its appointments end; what it filed stays."),
    }  # fmt: skip
    return _state(request, pk, "dissolve", PlaceForm, words)


@requires(Permission.UNION_MOVE)
@require_http_methods(["GET", "POST"])
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    words = {
        "title": _("Restore the union"), "button": _("Restore"),
        "done": _("The union is active again. Appoint its people anew."),
        "note": _("The union is active again and owes the duties that its closing had waived. Appointments are not given "
                  "back by themselves."),
    }  # fmt: skip
    return _state(request, pk, "restore", PlaceForm, words)


# --- the chair's phone -------------------------------------------------------------------------------------------


@requires(Permission.PERSON_REVEAL)
@require_POST
@proof()
def phone(request: HttpRequest, pk: int) -> HttpResponse:
    """The full number, once, for a reason that is kept with the name of who asked."""
    union = fetch_union(request.user, pk, Permission.PERSON_REVEAL)
    problem, number = "", ""
    try:
        field = Union._meta.get_field("chair_phone")
        number = reveal(union, field, union=union, by=request.user, reason=request.POST.get("reason", ""))
    except (Invalid, NotAllowed) as refused:
        problem = str(refused)
    template = "unions/_phone.html" if is_fragment(request) else "unions/card_phone.html"
    context = {
        "union": union, "may_reveal": True, "problem": problem, "phone": number,
        "crumb_union": union, "crumb_here": _("Chair's phone"),
    }  # fmt: skip
    return render(request, template, context, status=422 if problem else 200)
