"""Forms about terms of office, seats and the tables by number of members."""

from django import forms
from django.forms import formset_factory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.bars import Bar, bars
from assemblies.enums import BarLevel, Fact, Post
from assemblies.models import Band, Seat, Term
from unions.enums import Tier
from unions.forms_duties import day_input
from unions.kit.forms import ReasonForm
from unions.kit.periods import months_before
from unions.models import Union
from unions.settingbook import setting
from unions.templatetags.components import full_day

YEARS = [(3, _("3 years")), (5, _("5 years"))]


class BeginTermForm(forms.Form):
    """The election that began a new term."""

    started_on = forms.DateField(label=_("Day of the election"), widget=day_input())
    years = forms.TypedChoiceField(label=_("Term (years)"), choices=YEARS, coerce=int)
    number = forms.IntegerField(label=_("Term no."), min_value=1, max_value=99)
    reason = forms.CharField(
        label=_("Approval no."), max_length=120, required=False,
        help_text=_("The number of the superior union's approval of the result."),
    )  # fmt: skip

    def __init__(self, *args, union: Union, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["started_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        if union.tier is not Tier.GRASSROOTS:
            self.fields["years"].choices = YEARS[1:]


class TermNumberForm(forms.ModelForm):
    class Meta:
        model = Term
        fields = ["number"]
        help_texts = {"number": _("The roster does not say which term it is; the union knows.")}


class OrderForm(ReasonForm):
    """A day and the reason, which the union reads."""

    until = forms.DateField(label=_("To be held by"), widget=day_input())
    field_order = ("until", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("The union reads it.")
        self.fields["until"].widget.attrs["min"] = timezone.localdate().isoformat()


class SeatForm(forms.ModelForm):
    """Somebody takes a seat. What may bar them is asked for and not kept."""

    facts = forms.MultipleChoiceField(
        label=_("Is the person one of these?"), choices=Fact.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Checked against the rules of the day of the election; the answers are not kept."),
    )  # fmt: skip

    class Meta:
        model = Seat
        fields = ["body", "post", "name", "sex", "since"]
        widgets = {"since": day_input()}

    def __init__(self, *args, term: Term, **kwargs):
        super().__init__(*args, **kwargs)
        self.term = term
        self.doubts: list[Bar] = []
        self.fields["since"].widget.attrs |= {"min": term.started_on.isoformat(), "max": timezone.localdate().isoformat()}  # fmt: skip

    def clean_since(self):
        since = self.cleaned_data["since"]
        if since > timezone.localdate():
            raise forms.ValidationError(_("The election has not been held yet."))
        return since

    def clean(self):
        data = super().clean()
        if {"body", "post", "since"} <= data.keys():
            given = {name: data[name] for name in ("body", "post")}
            found = bars(self.term.union, **given, facts=data.get("facts", []), day=data["since"])
            for bar in found:
                if bar.level == BarLevel.BARRED:
                    self.add_error("facts", bar.text)
            self.doubts = [bar for bar in found if bar.level == BarLevel.DOUBTFUL]
        return data


class LeaveForm(ReasonForm):
    """Somebody leaves a seat."""

    until = forms.DateField(label=_("Left on"), widget=day_input())
    field_order = ("until", "reason")

    def __init__(self, *args, seat: Seat, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["until"].widget.attrs |= {"min": seat.since.isoformat(), "max": timezone.localdate().isoformat()}
        if seat.post == Post.CHAIR:
            due = months_before(timezone.localdate(), -setting("by-election-months"))
            self.fields["until"].help_text = _("If the chair leaves today, a successor is elected by %(day)s.") % {
                "day": full_day(due)
            }


class BandRowForm(forms.Form):
    """A row of a table; an emptied or ticked row goes away."""

    members_from = forms.IntegerField(label=_("Members from"), min_value=0, required=False)
    members_to = forms.IntegerField(label=_("Members to"), min_value=0, required=False)
    least = forms.IntegerField(label=_("At least"), min_value=0, required=False)
    most = forms.IntegerField(label=_("At most"), min_value=0, required=False)
    is_percent = forms.BooleanField(label=_("In per cent of the members"), required=False)

    def clean(self):
        data = super().clean()
        if self.is_empty(data):
            return data
        for name in ("members_from", "least", "most"):
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Give a number."))
        if not self.errors and data["least"] > data["most"]:
            self.add_error("most", _("The least number cannot exceed the greatest."))
        if not self.errors and data.get("members_to") is not None and data["members_to"] < data["members_from"]:
            self.add_error("members_to", _("The range of members ends before it begins."))
        return data

    @staticmethod
    def is_empty(data: dict) -> bool:
        return all(data.get(name) is None for name in ("members_from", "members_to", "least", "most"))


class BaseBandRows(forms.BaseFormSet):
    def rows(self) -> list[tuple]:
        names = ("members_from", "members_to", "least", "most", "is_percent")
        return [
            tuple(form.cleaned_data.get(name) for name in names)
            for form in self.forms
            if not form.is_empty(form.cleaned_data) and not form.cleaned_data.get("DELETE")
        ]


BandRows = formset_factory(BandRowForm, formset=BaseBandRows, extra=2, can_delete=True, max_num=20)


class BandBasisForm(forms.Form):
    """What a table rests on, and the day from which it holds: today or later."""

    basis = forms.CharField(
        label=_("Legal basis"), widget=forms.Textarea(attrs={"rows": 3}), max_length=Band._meta.get_field("basis").max_length,
        help_text=_("The document or decision that this table rests on."),
    )  # fmt: skip
    effective_from = forms.DateField(label=_("Holds from"), widget=day_input())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["effective_from"].widget.attrs["min"] = timezone.localdate().isoformat()

    def clean_effective_from(self):
        day = self.cleaned_data["effective_from"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Today at the earliest: days gone by keep the table they had."))
        return day
