"""Filling in a return: the page, saving one figure or all, signing, asking the chair, the workbook."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from disclosure import exports, services
from disclosure.enums import FigureSource, FormKind
from disclosure.models import Return
from disclosure.prefill import carry, draft_for
from disclosure.sheet import correspondence, sheet_of
from disclosure.workflow import shortcoming
from unions.access import fetch
from unions.kit.http import XLSX, attachment, requires
from unions.models import Duty, Event, User
from unions.moves import read_revision
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.workflow import Conflict, Invalid, MoveError, perform


def duty_for(request: HttpRequest, pk: int, kind: str = FormKind.FILED) -> Duty:
    """The duty, if this person may see its return; one of another kind of form is not there."""
    duties = Duty.objects.select_related("union__parent", "union__middle", "rule__form__summed_from", "middle")
    return fetch(duties.filter(rule__form__kind=kind), request.user, Permission.RETURN_VIEW, pk=pk)


def _for_writing(request: HttpRequest, pk: int) -> Duty:
    duty = duty_for(request, pk)
    if not services.may_fill(request.user, duty):
        raise PermissionDenied
    return duty


def _page(request, duty: Duty, filing: Return, *, mistakes=None, status: int = 200, conflict=None) -> HttpResponse:
    if filing.is_editable:
        carry(filing)
    sheet = sheet_of(filing, mistakes=mistakes, typed=request.POST if mistakes else None)
    entries = correspondence(filing)
    came_back = (entry for entry in entries if entry.verb in ("return", "reopen"))
    is_autosave = bool(request.headers.get("X-Autosave"))
    template = "disclosure/_fill_form.html" if is_autosave else "disclosure/return_fill.html"
    return render(
        request,
        template,
        {
            "duty": duty, "filing": filing, "union": duty.union, "sheet": sheet, "found": sheet.assessment,
            "entries": entries, "remains": shortcoming(filing), "conflict": conflict,
            "may_submit": request.user.has_perm(Permission.RETURN_SUBMIT, duty),
            "is_helper": services.is_helper(request.user, duty), "last_return": next(came_back, None) if filing.is_editable else None,
            "crumb_union": duty.union, "crumb_here": filing.title, "here_menu": "disclosure:return-list",
        },
        status=status,
    )  # fmt: skip


@requires(Permission.RETURN_VIEW)
@require_http_methods(["GET", "POST"])
def fill(request, pk):
    """The page; posting it keeps everything on it (the way without scripts)."""
    duty = duty_for(request, pk)
    filing = draft_for(duty)
    if request.method == "GET":
        if filing.pk and not (filing.is_editable and services.may_fill(request.user, duty)):
            return redirect("disclosure:return-detail", filing.pk)
        if not services.may_fill(request.user, duty):
            raise PermissionDenied
        return _page(request, duty, filing)
    filing, mistakes = _save_all(request, _for_writing(request, pk))
    if mistakes:
        return _page(request, duty, filing, mistakes=mistakes, status=422)
    messages.success(request, _("Saved. You can go on at any time."))
    return redirect("disclosure:return-fill", duty.pk)


def _save_all(request, duty: Duty) -> tuple[Return, dict[str, str]]:
    explanations = {k.removeprefix("explain."): v for k, v in request.POST.items() if k.startswith("explain.")}
    return services.save_return(
        duty, by=request.user, values=request.POST, explanations=explanations, narrative=request.POST.get("narrative"),
        confirm_rest="confirm_rest" in request.POST, revision=read_revision(request),
    )  # fmt: skip


@requires(Permission.RETURN_VIEW)
@require_POST
def save_field(request, pk):
    """Keep what was just typed; answers with the form as it now stands, of which the script takes the parts."""
    duty, mistakes = _for_writing(request, pk), {}
    name, value = request.POST.get("name", ""), request.POST.get("value", "")
    given = {"revision": read_revision(request), "by": request.user}
    try:
        if name.startswith("explain."):
            filing, _errors = services.save_return(duty, explanations={name.removeprefix("explain."): value}, **given)
        elif name == "narrative":
            filing, _errors = services.save_return(duty, narrative=value, **given)
        else:
            filing = services.confirm_figure(duty, name, text=value, **given)
    except Conflict as conflict:
        rows = conflict.current.conflict_rows({name: value})
        return _page(request, duty, conflict.current, status=409, conflict=rows)
    except Invalid as problem:
        mistakes, filing = problem.errors, draft_for(duty)
        request.POST = request.POST.copy()
        request.POST[name] = value
    return _page(request, duty, filing, mistakes=mistakes, status=422 if mistakes else 200)


@requires(Permission.RETURN_VIEW)
@require_POST
def confirm(request, pk):
    """“Nothing else happened this quarter”: one click confirms what nobody touched."""
    duty = _for_writing(request, pk)
    filing, mistakes = _save_all(request, duty)
    if not mistakes:
        filing, _errors = services.save_return(duty, by=request.user, confirm_rest=True)
    if request.headers.get("X-Autosave") or mistakes:
        return _page(request, duty, filing, mistakes=mistakes, status=422 if mistakes else 200)
    return redirect("disclosure:return-fill", duty.pk)


@requires(Permission.RETURN_SUBMIT)
@require_POST
def submit(request, pk):
    """Keep everything, and go on to signing where nothing stands in the way."""
    duty = _for_writing(request, pk)
    filing, mistakes = _save_all(request, duty)
    if mistakes or shortcoming(filing):
        return _page(request, duty, filing, mistakes=mistakes, status=422)
    return redirect("disclosure:return-sign", duty.pk)


@requires(Permission.RETURN_SUBMIT)
@require_http_methods(["GET", "POST"])
def sign(request, pk):
    """The signature: who signs answers for the figures (Statistics Law)."""
    duty = duty_for(request, pk)
    if not request.user.has_perm(Permission.RETURN_SUBMIT, duty):
        raise PermissionDenied
    filing = draft_for(duty)
    if filing.pk is None or (request.method == "GET" and (not filing.is_editable or shortcoming(filing))):
        return redirect("disclosure:return-fill", duty.pk)
    if request.method == "GET":
        context = {
            "duty": duty,
            "filing": filing,
            "union": duty.union,
            "sheet": sheet_of(filing),
            "key": uuid.uuid4().hex,
        }
        return render(request, "disclosure/return_sign.html", context)
    key = f"return.{filing.pk}.{request.POST.get('key', '')[:36]}" if request.POST.get("key") else None
    perform(filing, "submit", by=request.user, revision=read_revision(request), key=key)
    messages.success(
        request,
        _("Submitted. %(union)s will review it; you will be told of the result.") % {"union": duty.union.superior},
    )
    return redirect("disclosure:return-detail", filing.pk)


@requires(Permission.RETURN_FILL)
@require_POST
def ask(request, pk):
    """Whoever fills in without the right to sign asks the chair to check and submit."""
    duty = _for_writing(request, pk)
    filing, mistakes = _save_all(request, duty)
    if mistakes or shortcoming(filing):
        return _page(request, duty, filing, mistakes=mistakes, status=422)
    tell_the_chair(filing, duty, request.user)
    messages.success(request, _("The chair has been asked to check and submit it."))
    return redirect("disclosure:return-fill", duty.pk)


@transaction.atomic
def tell_the_chair(filing: Return, duty: Duty, by: User) -> None:
    """One notice for each state of the draft; the same draft is not announced twice."""
    Event.objects.create(
        union=duty.union, action="return.ask", model=Return._meta.label, object_id=filing.pk, by=by, source=filing.state,
        target=filing.state,
    )  # fmt: skip
    notify(
        holders(Permission.RETURN_SUBMIT, duty.union), "return.asked", union=duty.union,
        params={"union": duty.union.name, "period": duty.period, "by": by.name},
        url=reverse("disclosure:return-fill", args=[duty.pk]), key=f"return.{filing.pk}.asked.{filing.revision}",
    )  # fmt: skip


@requires(Permission.RETURN_VIEW)
@require_GET
def workbook(request, pk):
    """The form as a workbook, filled with what is known, to be filled in offline and brought back."""
    duty = duty_for(request, pk)
    if not services.may_fill(request.user, duty):
        raise PermissionDenied
    filing = draft_for(duty)
    return attachment(exports.form_workbook(filing), exports.form_name(filing), XLSX)


@requires(Permission.RETURN_VIEW)
@require_POST
def upload(request, pk):
    """Take the figures from a workbook into the draft; each cell that cannot be used is named in a sentence."""
    duty, file = _for_writing(request, pk), request.FILES.get("file")
    if file is None:
        messages.error(request, _("Choose the workbook first."))
        return redirect("disclosure:return-fill", duty.pk)
    try:
        values, problems = exports.read_form(draft_for(duty), file)
    except exports.Unreadable as problem:
        raise MoveError(str(problem)) from None
    narrative = values.pop("narrative", None)
    _filing, mistakes = services.save_return(
        duty, by=request.user, values=values, narrative=narrative, source=FigureSource.UPLOADED
    )
    for sentence in [*problems, *mistakes.values()]:
        messages.error(request, sentence)
    messages.success(request, _("%(count)d figures taken from the workbook.") % {"count": len(values) - len(mistakes)})
    return redirect("disclosure:return-fill", duty.pk)
