"""Duties: the list, one duty, what the superior decides about it, and the overdue board."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unions import duties
from unions.access import fetch
from unions.calendar import WorkCalendar
from unions.duty_board import board_rows
from unions.duty_history import history
from unions.duty_lists import FIGURES, TABS, DutyFilters, DutyTable, duty_workbook, on_board, tab_label
from unions.forms_duties import DecisionForm, ExtensionForm
from unions.kit.exporting import export_button, export_response
from unions.kit.http import requires
from unions.kit.tables import list_response
from unions.models import Duty
from unions.permissions import Permission
from unions.workflow import Invalid


def _visible(user):
    return Duty.objects.visible_to(user, Permission.DUTY_VIEW).with_unions().select_related("rule")


def _duty(request, pk: int) -> Duty:
    return fetch(
        Duty.objects.select_related("union__parent", "middle", "rule"), request.user, Permission.DUTY_VIEW, pk=pk
    )


@requires(Permission.DUTY_VIEW)
@require_GET
def duty_list(request):
    """What is to be done in the person's scope, by when; or the rows behind a figure of a dashboard."""
    tabs = [(key, tab_label(key)) for key in TABS]
    return list_response(
        request, queryset=_visible(request.user), filters=DutyFilters, table=DutyTable, template="unions/duties/list.html",
        context={"tabs": tabs}, export=duty_workbook, export_name=_("Duties"),
    )  # fmt: skip


@requires(Permission.DUTY_VIEW)
@require_GET
def duty(request, pk):
    """One duty: how it stands, why it exists, what was done about it, and the way to do it."""
    found = _duty(request, pk)
    user, asked = request.user, duties.open_request(found)
    task = duties.tasks.get(found.rule.task)
    is_open = task and (task.is_open_to is None or task.is_open_to(user, found))
    may_decide = duties.may_decide(user, found) and found.is_outstanding
    context = {
        "duty": found, "calendar": WorkCalendar(), "history": history(found), "asked": asked,
        "task_url": task.url(found) if is_open else "", "may_decide": may_decide,
        "does_it": user.holds_at(task.fill if task else Permission.RETURN_FILL, found.union_id),
        "may_ask": _may_ask(user, found) and asked is None,
        "remedies": task.remedies(user, found) if task and found.is_outstanding else [],
        "may_demand": found.state == "waived" and duties.may_decide(user, found),
    }  # fmt: skip
    return render(request, "unions/duties/duty.html", context)


def _may_ask(user, duty: Duty) -> bool:
    task = duties.tasks.get(duty.rule.task)
    fills = task.fill if task else Permission.RETURN_FILL
    return duty.is_outstanding and duty.last_day >= timezone.localdate() and user.holds_at(fills, duty.union_id)


def _decidable(request, pk: int) -> Duty:
    found = _duty(request, pk)
    if not duties.may_decide(request.user, found):
        raise PermissionDenied
    return found


def _act(request, form, act, done: str, duty: Duty, template: str, **context):
    """Show the form, or act and go back to the duty; what the act refuses stands beside the field."""
    if request.method == "POST" and form.is_valid():
        try:
            act(duty, by=request.user, **form.cleaned_data)
        except Invalid as problem:
            for field, sentence in problem.errors.items():
                form.add_error(field, sentence)
        else:
            messages.success(request, done)
            return redirect("unions:duty", pk=duty.pk)
    status = 422 if form.is_bound else 200
    return render(
        request, template, {"duty": duty, "form": form, "calendar": WorkCalendar(), **context}, status=status
    )


@requires(Permission.DUTY_MANAGE)
@require_http_methods(["GET", "POST"])
def extend(request, pk):
    """Grant a later day; the form holds what the union asked for."""
    found = _decidable(request, pk)
    asked = duties.open_request(found)
    initial = {"until": asked.until, "reason": asked.reason} if asked else None
    form = ExtensionForm(request.POST or None, initial=initial, duty=found)
    return _act(
        request, form, duties.grant_extension, _("The extension is granted; the union has been told."), found,
        "unions/duties/extend.html", asked=asked,
    )  # fmt: skip


@requires(Permission.DUTY_MANAGE)
@require_http_methods(["GET", "POST"])
def decline(request, pk):
    found = _decidable(request, pk)
    form = DecisionForm(request.POST or None)
    done = _("The request is declined; the union has been told.")
    return _act(
        request, form, duties.decline_extension, done, found, "unions/duties/decline.html", asked=duties.open_request(found)
    )  # fmt: skip


@requires(Permission.DUTY_MANAGE)
@require_http_methods(["GET", "POST"])
def waive(request, pk):
    """Exempt the union this once: neither expected nor missing."""
    found = _decidable(request, pk)
    form = DecisionForm(request.POST or None)
    done = _("The union is exempt this time; it has been told.")
    return _act(request, form, duties.waive, done, found, "unions/duties/waive.html")


@requires(Permission.DUTY_MANAGE)
@require_POST
def demand(request, pk):
    """Take an exemption back."""
    found = duties.demand_again(_decidable(request, pk), by=request.user)
    messages.success(request, _("The duty is to be done after all; the union has been told."))
    return redirect("unions:duty", pk=found.pk)


@requires(Permission.DUTY_VIEW)
@require_http_methods(["GET", "POST"])
def ask(request, pk):
    """The union asks its superior for a later day, before the last day has passed."""
    found = _duty(request, pk)
    task = duties.tasks.get(found.rule.task)
    if not request.user.holds_at(task.fill if task else Permission.RETURN_FILL, found.union_id):
        raise PermissionDenied
    form = ExtensionForm(request.POST or None, duty=found)
    done = _("The request has gone to the superior union. Until it answers, the present last day holds.")
    return _act(request, form, duties.ask_extension, done, found, "unions/duties/ask.html")


@requires(Permission.DUTY_VIEW)
@require_GET
def board(request):
    """Duties late by at least the last step of their ladder, by middle-tier union; the rows as a workbook."""
    late = on_board(Duty.objects.visible_to(request.user, Permission.DUTY_VIEW))
    if request.GET.get("export") == "xlsx":
        rows = late.order_by("middle__path", "last_day", "pk")
        name = f"{_('Overdue board')}_{timezone.localdate():%Y%m%d}.xlsx"
        return export_response(request, late.count(), name, lambda: duty_workbook(rows, [str(FIGURES["board"])]))
    context = board_rows(request.user, late)
    return render(request, "unions/duties/board.html", {**context, **export_button(request, context["count"])})
