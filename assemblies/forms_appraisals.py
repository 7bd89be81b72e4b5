"""Forms about appraisals: what a move demands, an improvement, the sheet."""

from django import forms
from django.forms import formset_factory
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assemblies.enums import GRADES, Subject
from assemblies.models import AppraisalSheet, Improvement
from unions.forms_duties import day_input
from unions.workflow import Transition

# What each move is given beside reason and day: field, label, help.
TEXTS = {
    "publish": [("where", _("Published where"), _("For example: notice board of the works, members' chat group."))],
    "approve": [("opinion", _("Opinion"), _("The union receives it."))],
    "record_answer": [("opinion", _("Answer of the tier above"), _("With its number, where it has one."))],
    "finish": [("outcome", _("What came of it"), "")],
}
TALK = ("talk", _("Talk with the person concerned"), _("When, with whom, and what was agreed. The rule demands it."))


class AppraisalMoveForm(forms.Form):
    """What a step of an appraisal or of an improvement demands."""

    def __init__(self, *args, transition: Transition, consequence: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        rows = list(TEXTS.get(transition.name, []))
        if consequence and transition.name in ("approve", "record_answer"):
            rows.append(TALK)
        self.texts = [name for name, _label, _help in rows]
        for name, label, help_text in rows:
            widget = forms.TextInput() if name == "where" else forms.Textarea(attrs={"rows": 4})
            most = 120 if name == "where" else 2000
            self.fields[name] = forms.CharField(label=label, help_text=help_text, max_length=most, widget=widget)
        if "reason" in transition.demands:
            label = _("How far it has come") if transition.name == "note" else _("Reason")
            self.fields["reason"] = forms.CharField(
                label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
            )
        if "due" in transition.demands:
            self.fields["due"] = forms.DateField(label=_("New day"), widget=day_input())

    def given(self) -> dict:
        data = {name: self.cleaned_data[name] for name in self.texts}
        return {"reason": self.cleaned_data.get("reason", ""), "due": self.cleaned_data.get("due"), "data": data}


class ImprovementForm(forms.ModelForm):
    """What is improved, how, by whom, until when."""

    class Meta:
        model = Improvement
        fields = ("title", "measure", "owner", "due_on")
        widgets = {"due_on": day_input(), "measure": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "measure": _("What is done, so that members can see later whether it was."),
            "owner": _("A person or a department that answers for it."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.consequence:
            del self.fields["title"]
        if self.instance.pk and self.instance.appraisal.reported_at:
            del self.fields["due_on"]


class RowForm(forms.Form):
    """A row of the sheet; emptied it goes away. With words it needs what they are about, or count as."""

    key: str

    def clean(self):
        given = super().clean()
        if given.get("text", "").strip() and not given.get(self.key) and self.key not in self.errors:
            self.add_error(self.key, self.fields[self.key].error_messages["required"])
        return given


class ItemForm(RowForm):
    """A question."""

    key = "subject"
    subject = forms.ChoiceField(label=_("Whom it is about"), choices=Subject.choices, required=False)
    text = forms.CharField(label=_("Question of the appraisal"), max_length=200, required=False)


class GradeForm(RowForm):
    """An answer."""

    key = "kind"
    text = forms.CharField(label=_("Answer to choose"), max_length=20, required=False)
    kind = forms.ChoiceField(
        label=_("Counts as"), choices=[(kind.value, kind.label) for kind in GRADES], required=False
    )


class BaseRows(forms.BaseFormSet):
    """Rows in the order of the page; those without words are left out."""

    def rows(self) -> list[tuple[str, str]]:
        given = [form.cleaned_data for form in self.forms]
        return [(row[self.form.key], row["text"].strip()) for row in given if row.get("text", "").strip()]


ItemRows = formset_factory(ItemForm, formset=BaseRows, extra=2, max_num=20)
GradeRows = formset_factory(GradeForm, formset=BaseRows, extra=1, max_num=8)


class SheetBasisForm(forms.Form):
    """What the sheet rests on, and the day from which it holds: today or later."""

    basis = forms.CharField(
        label=_("Legal basis"), widget=forms.Textarea(attrs={"rows": 3}),
        max_length=AppraisalSheet._meta.get_field("basis").max_length,
        help_text=_("The document or decision that this sheet rests on."),
    )  # fmt: skip
    effective_from = forms.DateField(label=_("Holds from"), widget=day_input())

    def clean_effective_from(self):
        day = self.cleaned_data["effective_from"]
        if day < timezone.localdate():
            raise forms.ValidationError(
                gettext("Today at the earliest: votes of days gone by keep the sheet they had.")
            )
        return day
