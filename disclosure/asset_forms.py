"""Forms of the asset register: an entry, a correction, a stock-taking, what each move asks for."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosure.assets import FIELDS
from disclosure.enums import Disposal
from disclosure.models import Asset
from disclosure.oversight_forms import MoveForm, area
from unions.forms_duties import day_input
from unions.models import Union
from unions.workflow import Transition


class AssetForm(forms.ModelForm):
    class Meta:
        model = Asset
        fields = FIELDS
        widgets = {
            "acquired_on": day_input(), "value": forms.NumberInput(attrs={"step": "0.01", "min": "0"}),
        }  # fmt: skip
        help_texts = {
            "number": _("As on the label; each of a union's assets has its own."),
            "keeper": _("A post, not a person's name: it stays right when people change."),
        }

    def __init__(self, *args, union: Union, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.union = union

    def clean_acquired_on(self):
        if self.cleaned_data["acquired_on"] > timezone.localdate():
            raise forms.ValidationError(_("Choose today or an earlier day."))
        return self.cleaned_data["acquired_on"]

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in FIELDS}


class CorrectForm(AssetForm):
    """The same with the reason, which stays beside the former values."""

    reason = forms.CharField(label=_("Why it is corrected"), max_length=300, widget=area(2))


class CountForm(forms.Form):
    taken_on = forms.DateField(label=_("Counted on"), widget=day_input())
    people = forms.CharField(label=_("Who counted (names, posts)"), max_length=120)
    surplus = forms.CharField(
        label=_("Found beyond the register"), max_length=1000, required=False, widget=area(3),
        help_text=_("What was there and stands in no entry: enter it afterwards."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("taken_on", timezone.localdate())


class DisposeForm(MoveForm):
    way = forms.ChoiceField(label=_("How it leaves"), choices=Disposal.choices, widget=forms.RadioSelect)
    proceeds = forms.DecimalField(
        label=_("Proceeds (yuan)"), max_digits=14, decimal_places=2, min_value=0, required=False,
        help_text=_("Where it is sold."),
    )  # fmt: skip
    minutes = forms.CharField(
        label=_("Minutes of the committee (day and point)"), max_length=120, required=False,
        help_text=_("From the value on that the district sets."),
    )  # fmt: skip
    field_order = ("way", "reason", "minutes", "proceeds")


MOVE_FORMS: dict[str, type[MoveForm]] = {"dispose": DisposeForm, "ask": DisposeForm}


def move_form(transition: Transition, *args, **kwargs) -> MoveForm:
    return MOVE_FORMS.get(transition.name, MoveForm)(*args, transition=transition, **kwargs)
