"""Budgets: the list, one with all that stands beside it, writing and adjusting it, its moves, its paper."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assemblies.meeting_documents import FORMS
from disclosure import budget_workbook, budgets
from disclosure.annual import REVIEW, SEE, WRITE
from disclosure.budget_executions import Ledger, executions_of, in_force_for, open_ends
from disclosure.budget_forms import AdjustForm, YearForm, step_form
from disclosure.budget_lists import (
    BudgetFilters,
    BudgetTable,
    MissingFilters,
    MissingTable,
    visible_budgets,
    visible_without,
)
from disclosure.budget_moves import BUDGETS
from disclosure.budget_paper import paper
from disclosure.budget_years import courses_of
from disclosure.budgets import ACCOUNTS, BUDGET, Plan
from disclosure.duties import duty_of
from disclosure.duty_seeds import BUDGET as BUDGET_DUTY
from disclosure.enums import BudgetState
from disclosure.exports import Unreadable
from disclosure.models import Budget
from unions.access import fetch, fetch_union
from unions.audit_words import acts_of
from unions.kit.http import XLSX, attachment, requires
from unions.kit.tables import list_response
from unions.moves import add_errors, move_page, read_revision
from unions.workflow import Invalid, MoveError, allowed

LIST, S = "disclosure:budget-list", BudgetState
WAY = (S.DRAFT, S.REVIEWED, S.ADOPTED, S.SUBMITTED, S.ACCEPTED)


def budget_for(request: HttpRequest, pk: int, act: str | None = None) -> Budget:
    rows = Budget.objects.select_related("union__middle", "union__parent", "meeting", "filed_by")
    return fetch(rows.prefetch_related("sheet__heads"), request.user, SEE, act, pk=pk)


def frame(found: Budget, here: str = "") -> dict:
    return {
        "budget": found, "union": found.union, "crumb_union": found.union, "crumb_here": here or found.title, "here_menu": LIST
    }  # fmt: skip


@requires(SEE)
@require_GET
def budget_list(request: HttpRequest) -> HttpResponse:
    """The newest version of every budget in scope, filtered; exported as it is filtered."""
    own = request.user.union if request.user.has_perm(WRITE) else None
    return list_response(
        request, queryset=visible_budgets(request.user), filters=BudgetFilters, table=BudgetTable,
        template="disclosure/budgets/list.html", export="table", export_name=_("Budgets"),
        context={"crumb_here": _("Budgets"), "may_review": request.user.has_perm(REVIEW), "own": own if own and request.user.has_perm(WRITE, own) else None},
    )  # fmt: skip


@requires(SEE)
@require_GET
def budget_missing(request: HttpRequest) -> HttpResponse:
    """Unions in scope that have not adopted a budget for a year; exported as they are filtered."""
    return list_response(
        request, queryset=visible_without(request.user), filters=MissingFilters, table=MissingTable,
        template="disclosure/budgets/missing.html", export="table", export_name=_("Without an adopted budget"),
        context={"crumb_here": _("Without an adopted budget"), "here_menu": LIST},
    )  # fmt: skip


@requires(SEE)
@require_GET
def budget_years(request: HttpRequest, pk: int) -> HttpResponse:
    """What each head came to and what was planned for it, year beside year."""
    union = fetch_union(request.user, pk)
    courses = courses_of(union, request.user)
    charts = courses if courses and len(courses[0].cells) > 1 else []
    context = {
        "union": union, "courses": courses, "charts": charts, "names": [_("Final accounts"), _("Budget")], "crumb_union": union, "crumb_here": _("Heads over the years"),
        "here_menu": LIST,
    }  # fmt: skip
    return render(request, "disclosure/budgets/years.html", context)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def budget_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a year's budget, or go on with it."""
    union = fetch_union(request.user, pk, WRITE)
    form = YearForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = budgets.begin(union, form.cleaned_data["year"], by=request.user)
        except Invalid as problem:
            add_errors(form, problem)
        else:
            return redirect("disclosure:budget-edit" if made.is_editable else "disclosure:budget", made.pk)
    context = {"form": form, "union": union, "crumb_union": union, "crumb_here": _("Plan a year"), "here_menu": LIST}
    return render(request, "disclosure/budgets/form.html", context, status=422 if form.is_bound else 200)


@requires(SEE)
@require_GET
def budget(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: its amounts beside last year's, the way it has come, what comes next."""
    found, user = budget_for(request, pk), request.user
    plan, may_write = Plan(found), user.has_perm(WRITE, found)
    context = {
        **frame(found), "plan": plan, "moves": allowed(found, user), "acts": acts_of(found, user, SEE),
        "may_edit": may_write and found.is_editable,
        "may_discard": may_write and budgets.was_never_reviewed(found),
        "may_adjust": may_write and budgets.why_no_adjustment(found) is None,
        "wrong": plan.wrong if found.is_editable else {},
        "steps": [(state.label, state == found.state) for state in WAY],
        "executions": [Ledger(one) for one in executions_of(found)],
        "may_enter": may_write and found == in_force_for(found) and bool(open_ends(found)),
        "duty": duty_of(found.union_id, BUDGET_DUTY, str(found.year)),
        "versions": [one for one in budgets.versions(found) if one.pk != found.pk],
    }  # fmt: skip
    return render(request, "disclosure/budgets/detail.html", context)


def _page(request: HttpRequest, found: Budget, mistakes: dict[str, str], *, is_saved: bool = False) -> HttpResponse:
    plan = Plan(found)
    context = {
        **frame(found, _("Amounts")), "plan": plan, "mistakes": {**(plan.wrong if plan.is_begun else {}), **mistakes},
        "typed": request.POST if mistakes else {},
    }  # fmt: skip
    return render(request, "disclosure/budgets/edit.html", context, status=422 if is_saved else 200)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def budget_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the amounts; a draft may be kept that does not balance yet, and says in which row."""
    found = budget_for(request, pk, WRITE)
    if not found.is_editable:
        raise MoveError(_("What was reviewed does not change: take it back first, or adjust what was adopted."))
    if request.method == "GET":
        return _page(request, found, {})
    kept, mistakes = budgets.save(found, request.POST, by=request.user, revision=read_revision(request))
    if mistakes:
        return _page(request, kept, mistakes, is_saved=True)
    messages.success(request, _("Saved. You can go on at any time."))
    return redirect("disclosure:budget-edit" if Plan(kept).wrong else "disclosure:budget", pk)


@requires(WRITE)
@require_POST
def budget_take(request: HttpRequest, pk: int) -> HttpResponse:
    """One click takes last year's figures over where nothing is entered yet."""
    found = budget_for(request, pk, WRITE)
    source = ACCOUNTS if request.POST.get("source") == ACCOUNTS else BUDGET
    budgets.take_over(found, source, by=request.user, revision=read_revision(request))
    messages.success(request, _("Taken over where nothing was entered. Look through each head."))
    return redirect("disclosure:budget-edit", pk)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def budget_adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version beside the one in force."""
    found = budget_for(request, pk, WRITE)
    form, problem = AdjustForm(request.POST or None), budgets.why_no_adjustment(found)
    if request.method == "POST" and form.is_valid():
        made = budgets.adjust(found, form.cleaned_data["reason"], by=request.user)
        return redirect("disclosure:budget-edit", made.pk)
    context = {**frame(found, _("Adjust the budget")), "form": form, "problem": problem}
    return render(request, "disclosure/budgets/form.html", context, status=422 if form.is_bound else 200)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def budget_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, after a look at which one it is."""
    found = budget_for(request, pk, WRITE)
    if request.method == "POST":
        budgets.discard(found, by=request.user)
        messages.success(request, _("The draft is thrown away."))
        return redirect(LIST)
    return render(request, "disclosure/budgets/discard.html", frame(found, _("Throw the draft away")))


@requires(SEE)
@require_http_methods(["GET", "POST"])
def budget_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """One step: what it means, what it demands, or why it cannot be taken now."""
    if move not in BUDGETS.transitions:
        raise Http404
    transition = BUDGETS.transitions[move]
    found = budget_for(request, pk, transition.permission)
    form = step_form(transition, request.POST if request.method == "POST" else None, found)
    context = frame(found, str(transition.label))
    return move_page(request, found, move, form, context=context, then=reverse("disclosure:budget", args=[pk]))


@requires(SEE)
@require_GET
def document(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The budget for print (PDF) and for the office (Word)."""
    if form not in FORMS:
        raise Http404
    found = budget_for(request, pk)
    make, mime = FORMS[form]
    return attachment(make(paper(found)), f"{found.union.name}{found.title}.{form}", mime)


# --- workbook ------------------------------------------------------------------------------------------------------


@requires(SEE)
@require_GET
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The budget with its execution, to be filled in offline as well."""
    found = budget_for(request, pk)
    return attachment(budget_workbook.workbook(found), f"{found.union.name}{found.title}.xlsx", XLSX)


@requires(WRITE)
@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the amounts of a filled-in workbook into the draft; each row that cannot be used is named."""
    found = budget_for(request, pk, WRITE)
    values = uploaded_amounts(request, found, budget_workbook.read_budget)
    if values:
        budgets.save(found, values, by=request.user, revision=read_revision(request))
    return redirect("disclosure:budget-edit", pk)


def uploaded_amounts(request: HttpRequest, found, read) -> dict[str, str]:
    """What the file of the request holds by field; what cannot be used is said on the next page."""
    if (file := request.FILES.get("file")) is None:
        messages.error(request, _("Choose the workbook first."))
        return {}
    try:
        values, problems = read(found, file)
    except Unreadable as problem:
        raise MoveError(str(problem)) from None
    for sentence in problems:
        messages.error(request, sentence)
    messages.success(request, _("%(count)d amounts taken from the workbook.") % {"count": len(values)})
    return values
