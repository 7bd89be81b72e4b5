"""Forms of budgets: which year is begun, what each step asks for, why a budget is adjusted."""

from datetime import date

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assemblies.models import Meeting
from disclosure import budget_executions
from disclosure.budget_executions import past_ends
from disclosure.budget_moves import meetings_for
from disclosure.budgets import years_to_plan
from disclosure.models import Budget, Execution
from unions.forms_duties import day_input
from unions.kit.forms import ReasonForm
from unions.templatetags.components import full_day
from unions.workflow import Transition

CHOICES = 30


def choices_of(meetings: QuerySet[Meeting]) -> list[tuple]:
    return [("", "---------"), *((one.pk, f"{one.held_on} {one.title}") for one in meetings[:CHOICES])]


class YearForm(forms.Form):
    year = forms.TypedChoiceField(label=_("Year of the budget"), coerce=int, choices=[])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years_to_plan()]


class AdjustForm(ReasonForm):
    reason = forms.CharField(
        label=_("Why it is adjusted"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What came to pass that the budget did not foresee; both versions stay side by side."),
    )  # fmt: skip


class PeriodForm(forms.Form):
    until = forms.TypedChoiceField(label=_("Executed until"), coerce=date.fromisoformat, choices=[])

    def __init__(self, *args, budget: Budget, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["until"].choices = [(day.isoformat(), full_day(day)) for day in past_ends(budget)]


class MeetingForm(forms.Form):
    """Which meeting of the committee decided on capital expenditure."""

    meeting = forms.ModelChoiceField(
        label=Execution._meta.get_field("meeting").verbose_name, queryset=Meeting.objects.none(), required=False,
        help_text=_("Where the minutes are not in the portal, upload them as a file."),
    )  # fmt: skip

    def __init__(self, *args, execution: Execution, **kwargs):
        super().__init__(*args, **kwargs)
        held = budget_executions.meetings_for(execution)
        self.fields["meeting"].queryset = held
        self.fields["meeting"].choices = choices_of(held)
        self.initial["meeting"] = execution.meeting_id


class StepForm(forms.Form):
    """A step that asks for nothing."""

    def __init__(self, *args, budget: Budget | None = None, **kwargs):
        super().__init__(*args, **kwargs)

    def given(self) -> dict:
        """Arguments of `perform`."""
        return {"data": dict(self.cleaned_data)}


class ReasonStep(StepForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def given(self) -> dict:
        return {"reason": self.cleaned_data["reason"]}


class ReviewForm(StepForm):
    reviewed_on = forms.DateField(label=Budget._meta.get_field("reviewed_on").verbose_name, widget=day_input())
    reviewer = forms.CharField(
        label=Budget._meta.get_field("reviewer").verbose_name, max_length=60, help_text=_("Name and post.")
    )
    opinion = forms.CharField(
        label=Budget._meta.get_field("opinion").verbose_name, max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )


class AdoptForm(StepForm):
    meeting = forms.ModelChoiceField(
        label=Budget._meta.get_field("meeting").verbose_name, queryset=Meeting.objects.none(), required=False,
        help_text=_("A meeting of the committee or an assembly that was held after the review."),
    )  # fmt: skip
    adopted_on = forms.DateField(
        label=Budget._meta.get_field("adopted_on").verbose_name, widget=day_input(), required=False,
        help_text=_("Where the meeting is not in the portal."),
    )  # fmt: skip
    minutes = forms.CharField(
        label=Budget._meta.get_field("minutes").verbose_name, max_length=300, required=False,
        help_text=_("Where the meeting is not in the portal: which meeting, and number or place of its minutes."),
    )  # fmt: skip

    def __init__(self, *args, budget: Budget, **kwargs):
        super().__init__(*args, budget=budget, **kwargs)
        held = meetings_for(budget) if budget.reviewed_on else Meeting.objects.none()
        self.fields["meeting"].queryset = held
        self.fields["meeting"].choices = choices_of(held)


STEPS: dict[str, type[StepForm]] = {"review": ReviewForm, "adopt": AdoptForm}


def step_form(transition: Transition, given=None, budget: Budget | None = None) -> StepForm:
    plain = ReasonStep if "reason" in transition.demands else StepForm
    return STEPS.get(transition.name, plain)(given, budget=budget)
