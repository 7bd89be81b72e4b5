"""Forms drawn by our own templates: label above, help, error beside the field, large targets."""

from django import forms
from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class ReasonForm(forms.Form):
    """A reason in a sentence, for every act that wants one."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
