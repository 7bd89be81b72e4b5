"""Duty rules with their ladders, and the calendar. Readable by all who see duties; the district edits."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unions import rulebook
from unions.calendar import WorkCalendar
from unions.calendar_pages import CalendarYear
from unions.enums import UnionKind
from unions.forms_duties import CalendarDayForm, LadderFormSet, RuleForm
from unions.kit.http import requires
from unions.models import CalendarDay, DutyRule, Event
from unions.opening import next_due_days, redatings
from unions.permissions import Permission
from unions.rule_history import changes_in_words

HISTORY = 30
WORKDAYS_A_MONTH = 20


@requires(Permission.DUTY_VIEW)
@require_GET
def rule_list(request):
    """Every rule with its clause, its next due day and its ladder."""
    today, calendar = timezone.localdate(), WorkCalendar()
    rules = list(DutyRule.objects.prefetch_related("steps").order_by("-is_active", "key"))
    for rule in rules:
        rule.coming = next_due_days(rule, today, calendar, count=2)
        rule.ladder = _ladder(rule)
    return render(request, "unions/rules/list.html", {"rules": rules, "today": today})


def _ladder(rule: DutyRule) -> list:
    """The steps in force in order; those of months ahead say so, as nobody counts a hundred working days."""
    steps = [step for step in rule.steps.all() if step.is_active]
    for step in steps:
        step.before = -step.offset
        step.months = abs(step.offset) // WORKDAYS_A_MONTH
    return sorted(steps, key=lambda step: (not step.at_opening, step.offset, step.audience))


@requires(Permission.DUTY_VIEW)
@require_GET
def rule(request, pk):
    """One rule: what it rests on, the coming days, whom it reminds when, and what was changed."""
    found = get_object_or_404(DutyRule.objects.prefetch_related("steps"), pk=pk)
    events = []
    if request.user.has_perm(Permission.RULE_EDIT):
        events = (
            Event.objects.acts().filter(model="unions.DutyRule", object_id=found.pk).select_related("by")[:HISTORY]
        )
        for event in events:
            event.lines = changes_in_words(event)
    context = {
        "rule": found, "ladder": _ladder(found), "coming": next_due_days(found, timezone.localdate(), WorkCalendar()),
        "kinds": [UnionKind(kind).label for kind in found.kinds], "events": events, "may_edit": request.user.has_perm(Permission.RULE_EDIT),
    }  # fmt: skip
    return render(request, "unions/rules/rule.html", context)


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def rule_edit(request, pk):
    """Change a rule and its ladder; where due days would move, say how many before doing it."""
    found = get_object_or_404(DutyRule.objects.prefetch_related("steps"), pk=pk)
    rows = [{"offset": s.offset, "audience": s.audience, "at_opening": s.at_opening} for s in _ladder(found)]
    form = RuleForm(request.POST or None, instance=found)
    ladder = LadderFormSet(request.POST or None, initial=rows, prefix="steps")
    moves, revision = [], request.POST.get("revision") or found.revision
    if request.method == "POST" and form.is_valid() and ladder.is_valid():
        moves = rulebook.edit_rule(
            found, form.cleaned_data, ladder.steps(), by=request.user,
            revision=int(revision) if str(revision).isdecimal() else 0,
            confirmed="confirm" in request.POST,
        )  # fmt: skip
        if not moves:
            messages.success(request, _("The rule is saved."))
            return redirect("unions:rule", pk=found.pk)
    status = 422 if form.is_bound else 200
    context = {"rule": found, "form": form, "ladder": ladder, "moves": moves, "revision": revision}
    return render(request, "unions/rules/edit.html", {**context, "count": _count(moves)}, status=status)


def _count(moves) -> int:
    return sum(move.count for move in moves)


@requires(Permission.DUTY_VIEW)
@require_GET
def calendar(request):
    """A year's days off and make-up working days, the district's own marked."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and 2000 <= int(asked) <= 2100 else timezone.localdate().year
    may_edit = request.user.has_perm(Permission.RULE_EDIT)
    moves = redatings() if may_edit else []
    context = {"year": CalendarYear(year), "may_edit": may_edit, "moves": moves, "count": _count(moves)}
    return render(request, "unions/rules/calendar.html", context)


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def day_add(request):
    return _day(request, CalendarDay(), {"day": request.GET.get("day", "")})


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def day_edit(request, pk):
    return _day(request, get_object_or_404(CalendarDay, pk=pk), {})


def _day(request, day: CalendarDay, initial: dict):
    is_new = day.pk is None
    form = CalendarDayForm(request.POST or None, instance=day, initial=initial)
    moves = []
    if request.method == "POST" and form.is_valid():
        moves = rulebook.save_day(form.instance, by=request.user, confirmed="confirm" in request.POST)
        if not moves:
            messages.success(request, _("The day is saved."))
            return redirect(f"{reverse('unions:calendar')}?year={form.instance.day.year}")
    status = 422 if form.is_bound else 200
    context = {"form": form, "moves": moves, "count": _count(moves), "is_new": is_new, "day": day}
    return render(request, "unions/rules/day.html", context, status=status)


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def day_remove(request, pk):
    """Ask, then take a day of one's own back."""
    day = get_object_or_404(CalendarDay, pk=pk)
    moves = []
    if request.method == "POST":
        moves = rulebook.remove_day(day, by=request.user, confirmed="confirm" in request.POST)
        if not moves:
            messages.success(request, _("The day is removed; the published calendar holds again."))
            return redirect(f"{reverse('unions:calendar')}?year={day.day.year}")
    context = {"day": day, "moves": moves, "count": _count(moves)}
    return render(request, "unions/rules/remove.html", context, status=422 if moves else 200)


@requires(Permission.RULE_EDIT)
@require_POST
def redate(request):
    """Move the due days that no longer agree with rules and calendar."""
    moved = rulebook.move_due_days(by=request.user)
    text = ngettext("%(count)d open duty has a new due day.", "%(count)d open duties have a new due day.", moved)
    messages.success(request, text % {"count": moved})
    return redirect("unions:calendar")
