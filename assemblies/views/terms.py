"""Terms of office: a union's page with its seats, what is written about them, and the list up the tree."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assemblies import terms
from assemblies.forms_terms import BeginTermForm, LeaveForm, OrderForm, SeatForm, TermNumberForm
from assemblies.models import Seat, Term
from assemblies.term_lists import TermCalendar, TermFilters, TermTable, term_workbook
from assemblies.term_page import TermPage
from unions.access import fetch, fetch_union
from unions.kit.http import requires
from unions.kit.tables import list_response
from unions.models import Union
from unions.permissions import Permission
from unions.settingbook import setting
from unions.workflow import Invalid

VIEW, EDIT, APPROVE = Permission.ASSEMBLY_VIEW, Permission.ASSEMBLY_EDIT, Permission.ASSEMBLY_APPROVE


def _page(user, pk: int) -> TermPage:
    union = fetch(Union.objects.select_related("parent", "middle"), user, VIEW, pk=pk)
    return TermPage(user, union)


def _term(request, pk: int, act: Permission) -> Term:
    return fetch(Term.objects.select_related("union__parent", "union__middle", "duty"), request.user, VIEW, act, pk=pk)


def _done(request, form, act: Callable[[], object]) -> bool:
    """Whether the form was sent and its act done; what the act refuses stands beside the field."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Invalid as problem:
        for field, sentence in (problem.errors or {"": str(problem)}).items():
            form.add_error(field if field in form.fields else None, sentence)
        return False
    return True


@requires(VIEW)
@require_GET
def union_terms(request, pk):
    """A union's terms: the present one as a line of days, its seats, those before."""
    page = _page(request.user, pk)
    return render(request, "assemblies/terms/detail.html", {"page": page, "union": page.union})


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def term_begin(request, pk):
    """Enter the election that began a new term."""
    union = fetch_union(request.user, pk, EDIT)
    before = terms.present_term(union)
    initial = {"years": before.years if before else 5, "number": before.number + 1 if before else 1}
    initial["started_on"] = request.GET.get("on", "")[:10]
    form = BeginTermForm(request.POST or None, initial=initial, union=union)
    if _done(request, form, lambda: terms.begin_term(union, **form.cleaned_data, by=request.user)):
        messages.success(request, _("The new term is entered. Enter its seats next."))
        return redirect("assemblies:terms", pk=union.pk)
    context = {"union": union, "form": form, "before": before}
    return render(request, "assemblies/terms/begin.html", context, status=422 if form.is_bound else 200)


@requires(EDIT)
@require_POST
def term_prepare(request, pk):
    """The union begins to prepare the election."""
    found = _term(request, pk, EDIT)
    terms.begin_preparation(found, by=request.user)
    messages.success(request, _("The preparation of the election has begun; the superior union sees it."))
    return redirect("assemblies:terms", pk=found.union_id)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def term_edit(request, pk):
    """Correct which term it is."""
    found = _term(request, pk, EDIT)
    form = TermNumberForm(request.POST or None, instance=Term(number=found.number, union=found.union))
    if _done(request, form, lambda: terms.renumber(found, form.cleaned_data["number"], by=request.user)):
        messages.success(request, _("The number of the term is corrected."))
        return redirect("assemblies:terms", pk=found.union_id)
    context = {"union": found.union, "form": form, "title": _("Correct the number of the term")}
    return render(request, "assemblies/terms/form.html", context, status=422 if form.is_bound else 200)


@requires(APPROVE)
@require_http_methods(["GET", "POST"])
def term_order(request, pk):
    """The tier above orders an overdue election to be held by a day."""
    found = _term(request, pk, APPROVE)
    days = timedelta(days=setting("renewal-order-days"))
    form = OrderForm(request.POST or None, initial={"until": timezone.localdate() + days})
    if _done(request, form, lambda: terms.order_renewal(found, **form.cleaned_data, by=request.user)):
        messages.success(request, _("The election is ordered; the union has been told."))
        return redirect("assemblies:terms", pk=found.union_id)
    context = {"union": found.union, "form": form, "title": _("Order the election"), "action": _("Order the election")}
    return render(request, "assemblies/terms/form.html", context, status=422 if form.is_bound else 200)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def seat_add(request, pk):
    """Somebody takes a seat, or takes the place of another (`instead`)."""
    found = _term(request, pk, EDIT)
    if found.ended_on:
        raise PermissionDenied
    asked = request.GET.get("instead", "")
    instead = Seat.objects.filter(term=found, pk=int(asked), until=None).first() if asked.isdecimal() else None
    initial = {"since": timezone.localdate() if instead else found.started_on}
    if instead:
        initial |= {"body": instead.body, "post": instead.post}
    form = SeatForm(request.POST or None, term=found, initial=initial)
    is_confirmed = "confirm" in request.POST or not (form.is_bound and form.is_valid() and form.doubts)
    given = {"instead": instead, "reason": _("Replaced") if instead else "", "by": request.user}
    if is_confirmed and _done(request, form, lambda: terms.add_seat(found, **form.cleaned_data, **given)):
        messages.success(request, _("The seat is entered."))
        return redirect("assemblies:terms", pk=found.union_id)
    context = {"union": found.union, "form": form, "term": found, "instead": instead}
    return render(request, "assemblies/terms/seat.html", context, status=422 if form.is_bound else 200)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def seat_leave(request, pk):
    """Somebody leaves a seat."""
    seat = fetch(
        Seat.objects.select_related("term", "union__parent", "union__middle"), request.user, VIEW, EDIT, pk=pk
    )
    form = LeaveForm(request.POST or None, seat=seat, initial={"until": timezone.localdate()})
    if _done(request, form, lambda: terms.leave_seat(seat, **form.cleaned_data, by=request.user)):
        messages.success(request, _("%(name)s has left the seat.") % {"name": seat.name})
        return redirect("assemblies:terms", pk=seat.union_id)
    context = {
        "union": seat.union,
        "form": form,
        "title": _("%(name)s leaves the seat") % {"name": seat.name},
        "action": _("Record the leaving"),
    }
    return render(request, "assemblies/terms/form.html", context, status=422 if form.is_bound else 200)


@requires(VIEW)
@require_GET
def term_list(request):
    """The present terms in the person's scope, the soonest end first; of a single union, its page."""
    scope = request.user.scope(VIEW)
    if len(scope.unions) == 1 and not (scope.everything or scope.middles or scope.paths):
        return redirect("assemblies:terms", pk=next(iter(scope.unions)))
    queryset = Term.objects.visible_to(request.user, VIEW).in_office().with_state().with_unions()
    return list_response(
        request, queryset=queryset, filters=TermFilters, table=TermTable, template="assemblies/terms/list.html",
        export=term_workbook, export_name=_("Terms of office"),
    )  # fmt: skip


@requires(VIEW)
@require_GET
def term_calendar(request):
    """The coming elections, month by month."""
    return render(request, "assemblies/terms/calendar.html", {"calendar": TermCalendar(request.user)})
