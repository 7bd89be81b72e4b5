"""The form of one setting: its field follows from what the setting is."""

import datetime
from fractions import Fraction

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unions.forms_duties import day_input
from unions.settingbook import TIME, Definition


class FractionField(forms.RegexField):
    """A part of a whole, written 2/3."""

    def __init__(self, **kwargs):
        written = {"invalid": _("Write it as a fraction, for example 2/3.")}
        super().__init__(regex=r"^[1-9]\d{0,2}(/[1-9]\d{0,2})?$", error_messages=written, **kwargs)

    def clean(self, value):
        written = super().clean(value)
        return Fraction(written) if written else None


def _value_field(definition: Definition) -> forms.Field:
    label = f"{definition.label} ({definition.unit})" if definition.unit else definition.label
    given = {"label": label, "help_text": definition.help}
    if isinstance(definition.default, datetime.time):
        widget = forms.TimeInput(format=TIME, attrs={"type": "time"})
        bounds = [
            MinValueValidator(definition.least, _("Not before %(limit_value)s.")),
            MaxValueValidator(definition.most, _("Not after %(limit_value)s.")),
        ]
        return forms.TimeField(widget=widget, validators=bounds, **given)
    if isinstance(definition.default, Fraction):
        return FractionField(**given)
    if definition.choices:
        return forms.TypedChoiceField(choices=definition.choices, coerce=int, **given)
    if isinstance(definition.default, int):
        return forms.IntegerField(min_value=definition.least, max_value=definition.most, **given)
    return forms.CharField(max_length=definition.most, **given)


class SettingForm(forms.Form):
    """A value, the basis it rests on, and the day from which it holds: today or later."""

    basis = forms.CharField(
        label=_("Legal basis"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500,
        help_text=_("The document or decision that this value rests on."),
    )  # fmt: skip
    effective_from = forms.DateField(label=_("Holds from"), widget=day_input())

    def __init__(self, *args, definition: Definition, **kwargs):
        super().__init__(*args, **kwargs)
        self.definition = definition
        self.fields = {"value": _value_field(definition), **self.fields}
        self.fields["effective_from"].widget.attrs["min"] = timezone.localdate().isoformat()

    def clean_value(self):
        value, definition = self.cleaned_data["value"], self.definition
        if isinstance(value, Fraction) and not definition.least <= value <= definition.most:
            bounds = {"least": definition.words(definition.least), "most": definition.words(definition.most)}
            raise forms.ValidationError(_("From %(least)s to %(most)s.") % bounds)
        return value

    def clean_effective_from(self):
        day = self.cleaned_data["effective_from"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Today at the earliest: days gone by keep the value they had."))
        return day
