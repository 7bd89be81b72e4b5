"""Forms drawn by our own templates: label above, help, error beside the field, large targets."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

OPTION, CHOSEN = '<option value="{}">{}</option>', '<option value="{}" selected>{}</option>'


class PortalRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class FilterSelect(forms.Select):
    """A select as Django draws it, without a dictionary and a template for each option: a list's filters hold some
    two hundred, a third of what their page would cost."""

    def render(self, name, value, attrs=None, renderer=None):
        options = _options(self.choices, self.format_value(value))
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )


def _options(choices: Iterable, chosen: list[str]) -> SafeString:
    return _drawn(tuple(_plain(choices)), frozenset(chosen))


def _plain(choices: Iterable) -> Iterator[tuple]:
    """Words alone, so that what was drawn of them can be kept: a label is never markup."""
    for value, label in choices:
        within = tuple(_plain(label)) if isinstance(label, (list, tuple)) else f"{label}"
        yield "" if value is None else f"{value}", within


@lru_cache(maxsize=1024)
def _drawn(choices: tuple, chosen: frozenset[str]) -> SafeString:
    drawn = SafeString()
    for value, label in choices:
        if isinstance(label, tuple):
            drawn += format_html('<optgroup label="{}">{}</optgroup>', value, _drawn(label, chosen))
        else:
            drawn += format_html(CHOSEN if value in chosen else OPTION, value, label)
    return drawn


class AttachmentInput(forms.FileInput):
    """A field for one file with a large target; dropping a file onto it needs no script."""

    template_name = "components/attachment.html"


class ReasonForm(forms.Form):
    """A reason in a sentence, for every act that wants one."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
