"""Forms drawn by our own templates: label above, help, error beside the field, large targets."""

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join

SELECT = "django/forms/widgets/select.html"


class PortalRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(self, template_name, context, request=None):
        if template_name == SELECT:
            return select(context["widget"])
        return super().render(template_name, context, request)


def select(widget: dict) -> str:
    """A select as Django's template draws it, without a template for each option: a list's filters hold some two
    hundred, a third of what their page costs."""
    groups = []
    for name, options, _index in widget["optgroups"]:
        drawn = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((str(o["value"]), flatatt(o["attrs"]), o["label"]) for o in options),
        )
        groups.append((format_html('<optgroup label="{}">{}</optgroup>', name, drawn) if name else drawn,))
    return format_html(
        '<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), format_html_join("", "{}", groups)
    )


class ReasonForm(forms.Form):
    """A reason in a sentence, for every act that wants one."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
