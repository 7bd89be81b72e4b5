"""Forms about annual reports: a move with what it demands, the sheet with its parts, headings and heads."""

import datetime

from django import forms
from django.forms import formset_factory
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assemblies.enums import Satisfaction
from assemblies.models import Meeting
from disclosure import annual_hearing
from disclosure.annual_moves import correction_day
from disclosure.enums import AccountSide, AnnualSource
from disclosure.models import AnnualPart, AnnualReport, AnnualSheet, CatalogueItem
from disclosure.models.annual import LAST_YEAR
from unions.enums import Tier
from unions.forms_duties import day_input
from unions.settingbook import setting
from unions.workflow import Transition


class MoveForm(forms.Form):
    """What a move demands: a reason that the union reads, the day by which it comes back, and where it is sent back, a
    remark on any of its parts."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Name the part and what is to be corrected in it."),
    )  # fmt: skip
    due = forms.DateField(label=_("To come back by"), widget=day_input())

    def __init__(self, *args, transition: Transition, report: AnnualReport, **kwargs):
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - transition.demands:
            del self.fields[name]
        if "due" in self.fields:
            self.fields["due"].initial = correction_day(report)
            self.fields |= {f"remark-{part.number}": _remark_on(part) for part in report.sheet.parts.all()}

    def given(self) -> dict:
        asked = {name: value for name, value in self.cleaned_data.items() if not name.startswith("remark-")}
        remarks = {
            name.removeprefix("remark-"): text
            for name, text in self.cleaned_data.items()
            if name not in asked and text
        }
        return {**asked, "data": {"remarks": remarks}} if remarks else asked


def _remark_on(part: AnnualPart) -> forms.CharField:
    return forms.CharField(
        label=gettext("Remark on part %(number)s, %(part)s") % {"number": part.number, "part": part.title},
        max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class AssemblyForm(forms.Form):
    """Which assembly heard the report."""

    meeting = forms.ModelChoiceField(label=_("Heard by the assembly"), queryset=Meeting.objects.none())

    def __init__(self, *args, report: AnnualReport, **kwargs):
        super().__init__(*args, **kwargs)
        held = annual_hearing.meetings_for(report)
        self.fields["meeting"].queryset = held
        self.fields["meeting"].choices = [(one.pk, f"{one.held_on} {one.title}") for one in held[:20]]
        if not self.fields["meeting"].choices:
            self.fields["meeting"].help_text = gettext("No assembly of that year or the next was held yet.")
        self.initial["meeting"] = report.meeting_id


class CommitteeForm(forms.Form):
    """To whom of the committee the report is given, and until when they rate it."""

    names = forms.CharField(
        label=_("Members of the committee"), max_length=9000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One a line. Each gets a link of their own."),
    )  # fmt: skip
    until = forms.DateField(label=_("To be rated by"), widget=day_input())

    def __init__(self, *args, report: AnnualReport, **kwargs):
        super().__init__(*args, **kwargs)
        known = [one.name for one in report.hearers.all()] or annual_hearing.committee_of(report)
        days = datetime.timedelta(days=setting("annual-hearing-days"))
        self.initial = {"names": "\n".join(known), "until": report.hearing_until or timezone.localdate() + days}

    def clean_names(self):
        return [name for name in self.cleaned_data["names"].splitlines() if name.strip()]


class QuestionForm(forms.Form):
    """A question; who asked is written down where the link does not say so."""

    asker = forms.CharField(label=_("Asked by"), max_length=40, required=False)
    text = forms.CharField(label=_("Question"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, is_named: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_named:
            del self.fields["asker"]


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Answer to the question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )


class RatingForm(forms.Form):
    rating = forms.ChoiceField(
        label=_("How far does the report satisfy you?"), choices=Satisfaction.choices, widget=forms.RadioSelect
    )


class SheetForm(forms.Form):
    """From which report on the sheet holds, and what it rests on."""

    first_year = forms.IntegerField(
        label=_("From the report of the year"), max_value=LAST_YEAR,
        help_text=_("Reports that were begun keep the sheet they have."),
    )  # fmt: skip
    basis = forms.CharField(
        label=_("Basis"), widget=forms.Textarea(attrs={"rows": 3}), max_length=AnnualSheet._meta.get_field("basis").max_length
    )  # fmt: skip

    def clean_first_year(self):
        year = self.cleaned_data["first_year"]
        if year < timezone.localdate().year:
            raise forms.ValidationError(
                gettext("This year at the earliest: reports of years gone by keep their sheet.")
            )
        return year


class PartForm(forms.Form):
    """A part of the report; emptied it goes away."""

    title = forms.CharField(label=_("Part"), max_length=40, required=False)
    item = forms.ModelChoiceField(label=_("Published as"), queryset=CatalogueItem.objects.none(), required=False)
    has_accounts = forms.BooleanField(label=_("With the table of income and expenditure"), required=False)

    def __init__(self, *args, tier: Tier, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = CatalogueItem.objects.filter(tier=tier, is_active=True)

    def clean(self):
        data = super().clean()
        if data.get("title") and not data.get("item"):
            self.add_error("item", gettext("Say as what it is published."))
        return data


class PromptForm(forms.Form):
    """A heading with its question; emptied it goes away."""

    part = forms.IntegerField(label=_("No. of the part"), min_value=1, max_value=20, required=False)
    title = forms.CharField(label=_("Heading"), max_length=40, required=False)
    ask = forms.CharField(label=_("What to write"), max_length=200, required=False)
    source = forms.ChoiceField(
        label=_("Drawn from"), choices=[("", _("nothing")), *AnnualSource.choices], required=False
    )

    def clean(self):
        data = super().clean()
        if data.get("title") and not data.get("part"):
            self.add_error("part", gettext("Say to which part it belongs."))
        return data


class HeadForm(forms.Form):
    """A head of the accounts; emptied it goes away."""

    side = forms.ChoiceField(label=_("Side"), choices=AccountSide.choices, required=False)
    title = forms.CharField(label=_("Head"), max_length=40, required=False)


class BaseRows(forms.BaseFormSet):
    """Rows in the order of the page; those without a title are left out."""

    def rows(self) -> list[dict]:
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("title")]


PartRows = formset_factory(PartForm, formset=BaseRows, extra=1, max_num=10)
PromptRows = formset_factory(PromptForm, formset=BaseRows, extra=2, max_num=60)
HeadRows = formset_factory(HeadForm, formset=BaseRows, extra=2, max_num=40)
