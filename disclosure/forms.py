"""Forms with which the district edits a draft version: a figure, a check, a section, publication."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.enums import FigureSource
from disclosure.models import FormRule, Indicator, Section
from disclosure.rules import check_problems
from disclosure.versions import source_problem

_CODE = re.compile(r"[a-z][a-z0-9_]{1,38}$")
_WORDS = {
    "last",
    "register",
    "and",
    "or",
    "not",
    "abs",
    "min",
    "max",
    "in",
    "is",
    "if",
    "else",
    "for",
    "true",
    "false",
}


def _checked_code(code: str) -> str:
    if not _CODE.match(code) or code in _WORDS:
        raise forms.ValidationError(
            _("Small letters, digits and _, beginning with a letter; checks name the figure by it.")
        )
    return code


class IndicatorForm(forms.ModelForm):
    class Meta:
        model = Indicator
        fields = [
            "section", "code", "name_zh", "name_en", "unit_zh", "unit_en", "type", "source", "source_expression", "adds_up",
            "is_required", "is_part", "help_zh", "help_en",
        ]  # fmt: skip

    def __init__(self, *args, version, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.version = version
        self.fields["section"].queryset = version.sections.all()
        self.fields["section"].label = _("Section")
        editable = [s for s in FigureSource if s not in (FigureSource.UPLOADED, FigureSource.IMPORTED)]
        self.fields["source"].choices = [(s.value, s.label) for s in editable]

    def clean_code(self):
        code = _checked_code(self.cleaned_data["code"])
        others = self.instance.version.indicators.exclude(pk=self.instance.pk)
        if others.filter(code=code).exists():
            raise forms.ValidationError(_("Another figure has this code."))
        return code

    def clean(self):
        given = super().clean()
        version = self.instance.version
        codes = set(version.indicators.exclude(pk=self.instance.pk).values_list("code", flat=True))
        trial = Indicator(
            version=version, source=given.get("source", ""), source_expression=given.get("source_expression", "")
        )
        if why := source_problem(trial, codes | {given.get("code", "")}):
            self.add_error("source_expression", why)
        return given


class CheckForm(forms.ModelForm):
    class Meta:
        model = FormRule
        fields = ["code", "severity", "condition", "message_zh", "message_en", "field", "basis"]
        help_texts = {
            "condition": gettext_lazy("What must be true, for example women_members <= members, or abs(members - last.members) <= max(5, 0.2 * last.members)."),
            "message_zh": gettext_lazy("Said where it is not true. Figures in braces: {women_members}, {members - last.members}."),
        }  # fmt: skip
        widgets = {"condition": forms.Textarea(attrs={"rows": 2}), "message_zh": forms.Textarea(attrs={"rows": 2}), "message_en": forms.Textarea(attrs={"rows": 2})}  # fmt: skip

    def __init__(self, *args, version, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.version = version
        choices = [(i.code, f"{i.name} ({i.code})") for i in version.indicators.all()]
        self.fields["field"] = forms.ChoiceField(label=_("Shown at"), choices=choices)

    def clean_code(self):
        code = _checked_code(self.cleaned_data["code"])
        if self.instance.version.rules.exclude(pk=self.instance.pk).filter(code=code).exists():
            raise forms.ValidationError(_("Another check has this code."))
        return code

    def clean(self):
        given = super().clean()
        codes = set(self.instance.version.indicators.values_list("code", flat=True))
        messages = [given.get("message_zh", ""), given.get("message_en", "")]
        problems = check_problems(given.get("condition", ""), messages, given.get("field", ""), codes)
        for name, why in problems.items():
            if name in given:
                self.add_error(name, why)
        return given


class SectionForm(forms.ModelForm):
    class Meta:
        model = Section
        fields = ["name_zh", "name_en"]


class PublishForm(forms.Form):
    first_period = forms.CharField(
        label=gettext_lazy("In force from"), max_length=12, help_text=gettext_lazy("For example 2027Q1")
    )
    note = forms.CharField(label=gettext_lazy("What changed"), max_length=200, required=False)
