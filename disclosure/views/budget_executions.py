"""The execution of a budget: one with its bars, entering it, its moves, minutes and vouchers beside it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from disclosure import budget_executions
from disclosure.annual import SEE, WRITE
from disclosure.budget_execution_moves import EXECUTIONS
from disclosure.budget_executions import FILE, Ledger, past_ends
from disclosure.budget_forms import MeetingForm, PeriodForm, step_form
from disclosure.budget_workbook import read_execution
from disclosure.models import Execution
from disclosure.models.budgets import EXECUTION
from disclosure.views.budgets import LIST, budget_for, uploaded_amounts
from unions import uploads
from unions.access import fetch
from unions.audit_words import acts_of
from unions.kit.http import requires
from unions.models import Upload
from unions.moves import add_errors, move_page, read_revision
from unions.publishables import ways_of
from unions.views.uploads import UploadForm
from unions.workflow import Invalid, MoveError, allowed


def execution_for(request: HttpRequest, pk: int, act: str | None = None) -> Execution:
    rows = Execution.objects.select_related("budget__union__middle", "budget__union__parent", "meeting", "filed_by")
    return fetch(rows.prefetch_related("budget__sheet__heads"), request.user, SEE, act, pk=pk)


def draft_for(request: HttpRequest, pk: int) -> Execution:
    """One that may be changed."""
    found = execution_for(request, pk, WRITE)
    if not found.is_editable:
        raise MoveError(_("What was submitted does not change: withdraw it first."))
    return found


def frame(found: Execution, here: str = "") -> dict:
    union = found.budget.union
    return {
        "execution": found,
        "union": union,
        "crumb_union": union,
        "crumb_here": here or found.title,
        "here_menu": LIST,
    }


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def execution_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to enter a period that is over, or go on with it."""
    budget = budget_for(request, pk, WRITE)
    form = PeriodForm(request.POST or None, budget=budget)
    if request.method == "POST" and form.is_valid():
        try:
            made = budget_executions.begin(budget, form.cleaned_data["until"], by=request.user)
        except Invalid as problem:
            add_errors(form, problem)
        else:
            return redirect("disclosure:execution-edit" if made.is_editable else "disclosure:execution", made.pk)
    context = {
        "form": form, "union": budget.union, "crumb_union": budget.union, "crumb_here": _("Enter the execution"), "here_menu": LIST,
        "parent": budget, "problem": "" if past_ends(budget) else _("No period of this year is over yet."),
    }  # fmt: skip
    return render(request, "disclosure/budgets/execution_add.html", context, status=422 if form.is_bound else 200)


@requires(SEE)
@require_GET
def execution(request: HttpRequest, pk: int) -> HttpResponse:
    """What was received and spent, drawn against the budget; what comes next; where it is made public."""
    found, user = execution_for(request, pk), request.user
    ledger = Ledger(found)
    context = {
        **frame(found), "ledger": ledger, "moves": allowed(found, user), "acts": acts_of(found, user, SEE),
        "may_edit": found.is_editable and user.has_perm(WRITE, found), "wrong": ledger.wrong if found.is_editable else {},
        "ways": ways_of(EXECUTION, found, user),
    }  # fmt: skip
    return render(request, "disclosure/budgets/execution.html", context)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def execution_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the amounts; a draft may be kept that cannot be submitted yet, and says in which row."""
    found, mistakes = draft_for(request, pk), {}
    form = MeetingForm(request.POST or None, execution=found)
    if request.method == "POST":
        meeting = form.cleaned_data["meeting"] if form.is_valid() else found.meeting
        found, mistakes = budget_executions.save(
            found, request.POST, meeting, by=request.user, revision=read_revision(request)
        )
        if not mistakes and not form.errors:
            messages.success(request, _("Saved. You can go on at any time."))
            return redirect("disclosure:execution-edit" if Ledger(found).wrong else "disclosure:execution", pk)
    ledger = Ledger(found)
    context = {
        **frame(found, _("Amounts")), "ledger": ledger, "form": form, "typed": request.POST if mistakes else {},
        "mistakes": {**(ledger.wrong if found.amounts else {}), **mistakes},
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "disclosure/budgets/execution_edit.html", context, status=status)


@requires(WRITE)
@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take this period's column of a filled-in workbook into the draft."""
    found = draft_for(request, pk)
    values = uploaded_amounts(request, found, read_execution)
    if values:
        budget_executions.save(found, values, found.meeting, by=request.user, revision=read_revision(request))
    return redirect("disclosure:execution-edit", pk)


@requires(SEE)
@require_http_methods(["GET", "POST"])
def execution_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Submit it, or withdraw it."""
    if move not in EXECUTIONS.transitions:
        raise Http404
    transition = EXECUTIONS.transitions[move]
    found = execution_for(request, pk, transition.permission)
    form = step_form(transition, request.POST if request.method == "POST" else None)
    then = reverse("disclosure:execution", args=[pk])
    return move_page(request, found, move, form, context=frame(found, str(transition.label)), then=then)


# --- files ---------------------------------------------------------------------------------------------------------


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """Minutes of the committee and vouchers."""
    found = draft_for(request, pk)
    form = UploadForm(
        request.POST or None, request.FILES or None, purpose=FILE, union=found.budget.union, user=request.user, object_id=found.pk
    )  # fmt: skip
    form.fields["note"].help_text = _("For example: minutes no. 5 of the committee, on the purchase.")
    if request.method == "POST" and form.is_valid():
        messages.success(request, _("“%(name)s” is kept.") % {"name": form.upload.name})
        return redirect("disclosure:execution-files", pk)
    context = {**frame(found, _("Files")), "form": form, "files": Ledger(found).files}
    return render(request, "disclosure/budgets/execution_files.html", context, status=422 if form.is_bound else 200)


def _given(request: HttpRequest, found: Execution, upload: int) -> Upload:
    rows = Upload.objects.visible_to(request.user, SEE).filter(purpose=FILE.key, object_id=found.pk)
    return get_object_or_404(rows, union=found.union_id, pk=upload)


@requires(SEE)
@require_GET
def file(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    """A file beside the execution, to whoever sees it."""
    return uploads.handed_out(_given(request, execution_for(request, pk), upload))


@requires(WRITE)
@require_POST
def file_remove(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    """Take a file away while it is a draft."""
    found = draft_for(request, pk)
    given = _given(request, found, upload)
    uploads.remove(given, by=request.user)
    messages.success(request, _("“%(name)s” is removed.") % {"name": given.name})
    return redirect("disclosure:execution-files", pk)
