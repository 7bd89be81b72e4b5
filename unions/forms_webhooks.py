"""The form of a webhook's address."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from unions.enums import MIDDLE_KINDS, UnionKind, UnionState
from unions.kit import callout
from unions.models import Union, Webhook


class WebhookForm(forms.ModelForm):
    class Meta:
        model = Webhook
        fields = ["union", "url", "is_active"]
        widgets = {"url": forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"})}
        help_texts = {
            "union": _("The district, or a middle-tier union: the counts are those of its unions."),
            "url": _("The https address that the robot of the chat gave; it must lie on the internet."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        unions = Union.objects.filter(kind__in=[UnionKind.DISTRICT, *MIDDLE_KINDS], state=UnionState.ACTIVE)
        self.fields["union"].queryset = unions.order_by("path")
        if self.instance.pk:
            del self.fields["union"]

    def clean_url(self):
        url, allowed = self.cleaned_data["url"].strip(), tuple(settings.WEBHOOK_ALLOWED)
        try:
            callout.resolved(callout.parsed(url, allowed), allowed)
        except PermissionError as problem:
            raise forms.ValidationError(
                _("This address lies within a private network and is not called.")
            ) from problem
        except callout.NotSent as problem:
            if callout.has_form(url, allowed):  # the name is not known just now; the test will tell
                return url
            raise forms.ValidationError(_("Give an https address on port 443, without a user name.")) from problem
        return url
