"""Forms of delegates and constituencies."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assemblies.enums import OfficeEnd
from assemblies.models import Constituency, Delegate, Term
from unions.forms_duties import day_input
from unions.kit.forms import ReasonForm
from unions.kit.masking import mask_phone


class ConstituencyForm(forms.ModelForm):
    class Meta:
        model = Constituency
        fields = ("name", "members", "seats")


class DelegateForm(forms.ModelForm):
    """A delegate as elected. The numbers of the election are all given or none."""

    class Meta:
        model = Delegate
        fields = (
            "constituency", "name", "member_number", "sex", "work", "is_senior", "is_model", "is_young", "phone",
            "elected_on", "due_count", "present_count", "votes", "is_by_election",
        )  # fmt: skip
        widgets = {"elected_on": day_input()}

    def __init__(self, *args, term: Term, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["constituency"].queryset = term.constituencies.all()
        self.fields["constituency"].empty_label = None
        self.fields["elected_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.initial["phone"] = ""  # shown in full only for a reason that is kept
        if self.instance.phone:
            self.fields["phone"].help_text = gettext("Now %(phone)s. Empty leaves it.") % {"phone": mask_phone(self.instance.phone)}  # fmt: skip

    def clean_phone(self):
        return self.cleaned_data["phone"] or self.instance.phone

    def _post_clean(self):
        """The service weighs and writes it; a form that is refused must leave the record as it was."""


class EndForm(ReasonForm):
    """Why an office ends before the term does."""

    end = forms.ChoiceField(label=_("Why the office ended"), choices=OfficeEnd.choices)
    due = forms.DateField(label=_("Office ended on"), widget=day_input())
    field_order = ("end", "due", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"due": timezone.localdate()}, **kwargs)
        self.fields["reason"].required = False

    def given(self) -> dict:
        given = self.cleaned_data
        return {"due": given["due"], "reason": given["reason"], "data": {"end": given["end"]}}


class RecallForm(ReasonForm):
    base = forms.IntegerField(label=_("Members of the constituency at the recall"), min_value=1)
    votes = forms.IntegerField(label=_("Votes for the recall"), min_value=0)
    due = forms.DateField(label=_("Recalled on"), widget=day_input())
    field_order = ("base", "votes", "due", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"due": timezone.localdate()}, **kwargs)

    def given(self) -> dict:
        given = self.cleaned_data
        return {
            "due": given["due"],
            "reason": given["reason"],
            "data": {"base": given["base"], "votes": given["votes"]},
        }


class RestoreForm(ReasonForm):
    def given(self) -> dict:
        return {"reason": self.cleaned_data["reason"]}


MOVE_FORMS = {"end": EndForm, "recall": RecallForm, "restore": RestoreForm}
