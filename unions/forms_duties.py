"""Forms about duties, their rules and the calendar."""

from datetime import timedelta

from django import forms
from django.forms import formset_factory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unions.duties import latest_day
from unions.enums import Audience, Rhythm, UnionKind
from unions.kit.forms import ReasonForm
from unions.kit.periods import Period
from unions.models import CalendarDay, Duty, DutyRule


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class DecisionForm(ReasonForm):
    """A reason that the other side reads, as long as a duty's note may be."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=Duty._meta.get_field("note").max_length
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("The union reads it.")


class ExtensionForm(DecisionForm):
    """A later day and why; for the union that asks and for the superior that grants."""

    until = forms.DateField(label=_("New last day"), widget=day_input())
    field_order = ("until", "reason")

    def __init__(self, *args, duty: Duty, **kwargs):
        super().__init__(*args, **kwargs)
        self.earliest = max(duty.last_day + timedelta(days=1), timezone.localdate())
        self.fields["until"].widget.attrs["min"] = self.earliest.isoformat()
        if latest := latest_day(duty):
            self.fields["until"].widget.attrs["max"] = latest.isoformat()
            self.fields["until"].help_text = _("Until %(day)s at the latest.") % {"day": latest.isoformat()}
        self.fields["reason"].help_text = ""

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until < self.earliest:
            raise forms.ValidationError(
                _("The new day must come after the present last day, and not before today: %(day)s at the earliest."),
                params={"day": self.earliest.isoformat()},
            )
        return until


class RuleForm(forms.ModelForm):
    """What a rule may be changed to; its task and rhythm are the app's."""

    kinds = forms.MultipleChoiceField(
        label=_("Kinds of union"), choices=UnionKind.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = DutyRule
        fields = [
            "name_zh", "name_en", "clause", "basis", "kinds", "opens_after", "due_after", "in_workdays",
            "correction_days", "first_period", "is_active",
        ]  # fmt: skip
        widgets = {"basis": forms.Textarea(attrs={"rows": 3})}

    def clean_first_period(self):
        text = self.cleaned_data["first_period"].strip().upper()
        try:
            period = Period.parse(text)
        except ValueError:
            period = None
        rhythm = self.instance.rhythm
        if period is None or (bool(period.quarter), bool(period.half)) != (
            rhythm == Rhythm.QUARTER,
            rhythm == Rhythm.HALF,
        ):
            raise forms.ValidationError(
                _("Write a quarter as 2026Q1, a half-year as 2026H1, a year as 2026, as the rule's rhythm is.")
            )
        return period.code

    def clean_due_after(self):
        due = self.cleaned_data["due_after"]
        if due > 366:
            raise forms.ValidationError(_("The due day cannot lie more than a year after the period."))
        return due


class StepForm(forms.Form):
    """A step of the ladder. Minus: working days before the last day; plus: after it."""

    offset = forms.IntegerField(
        label=_("Working days from the last day"), min_value=-260, max_value=260, required=False
    )
    audience = forms.ChoiceField(label=_("Goes to"), choices=[("", "–"), *Audience.choices], required=False)
    at_opening = forms.BooleanField(label=_("On the opening day"), required=False)

    def clean(self):
        data = super().clean()
        if not data.get("audience") and (data.get("offset") is not None or data.get("at_opening")):
            self.add_error("audience", _("Choose whom the step goes to."))
        if data.get("audience") and data.get("offset") is None and not data.get("at_opening") and not self.errors:
            self.add_error("offset", _("Give the number of working days, or choose the opening day."))
        return data


class BaseLadder(forms.BaseFormSet):
    """The steps of a rule; an emptied or ticked row goes away."""

    def steps(self) -> set[tuple[int, str, bool]]:
        return {
            (0 if row["at_opening"] else row["offset"], row["audience"], row["at_opening"])
            for row in (form.cleaned_data for form in self.forms)
            if row.get("audience") and not row.get("DELETE")
        }


LadderFormSet = formset_factory(StepForm, formset=BaseLadder, extra=2, can_delete=True, max_num=30)


class CalendarDayForm(forms.ModelForm):
    is_workday = forms.TypedChoiceField(
        label=_("It is a"),
        choices=[("0", _("day off")), ("1", _("working day (make-up)"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = CalendarDay
        fields = ["day", "is_workday", "name"]
        labels = {"name": _("Name of the day")}
        widgets = {"day": day_input()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["is_workday"] = "1" if self.instance.is_workday else "0"
