"""Forms of enquiries: what is asked, and what each move asks for."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assemblies.enums import Satisfaction
from assemblies.models import Matter
from disclosure.enquiries import Question
from disclosure.enquiry_moves import latest_extension
from disclosure.enums import EnquiryKind, EnquiryWay
from disclosure.models import Enquiry, EnquiryTheme
from unions.forms_duties import day_input
from unions.kit.forms import ReasonForm
from unions.kit.names import clean
from unions.models import Union, User
from unions.permissions import Permission
from unions.pickers import UnionPickerField

AGREES = _("The asker agrees that it is published without their name")


class QuestionForm(forms.Form):
    """An enquiry or concern as somebody puts it."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=EnquiryKind.choices, widget=forms.RadioSelect, initial=EnquiryKind.ENQUIRY
    )
    theme = forms.ModelChoiceField(
        label=_("Theme"), queryset=EnquiryTheme.objects.filter(is_active=True), empty_label=None
    )
    title = forms.CharField(label=_("In a few words"), max_length=60)
    text = forms.CharField(
        label=pgettext_lazy("enquiry", "What it is about"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    name = forms.CharField(
        label=_("Name"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.RegexField(
        r"^[0-9+() -]{6,20}$", label=_("Phone"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    is_publishable = forms.BooleanField(label=_("Question and reply may be published without my name"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean_name(self):
        return clean(self.cleaned_data["name"])

    def question(self) -> Question:
        return Question(**{name: self.cleaned_data[name] for name in Question.__dataclass_fields__})


class AskForm(QuestionForm):
    """The same for everybody, on the public page. `website` is left empty by people and filled in by robots."""

    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name (may be left out)")
        self.fields["phone"].label = _("Phone (may be left out)")
        self.fields["phone"].help_text = _("Only if you may be called about it. Name and number are kept encrypted.")


class FromMatterForm(QuestionForm):
    """A matter of a symposium as the enquiry that it becomes; what was taken down there is filled in."""

    def __init__(self, *args, matter: Matter, **kwargs):
        title = Enquiry._meta.get_field("title").max_length
        text = matter.detail or matter.title
        known = {
            "kind": EnquiryKind.CONCERN, "title": matter.title[:title], "text": text[:2000], "name": matter.raiser
        }  # fmt: skip
        super().__init__(*args, initial=known, **kwargs)
        self.fields["is_publishable"].label = AGREES


class TakeForm(QuestionForm):
    """What a union takes down for somebody on the telephone, at a visit or on the dialogue day."""

    way = forms.ChoiceField(
        label=_("Came by"), widget=forms.RadioSelect, initial=EnquiryWay.VISIT,
        choices=[(way.value, way.label) for way in (EnquiryWay.PHONE, EnquiryWay.VISIT, EnquiryWay.DIALOGUE)],
    )  # fmt: skip
    union = forms.ModelChoiceField(label=_("Union"), queryset=Union.objects.none(), empty_label=None)
    asked_on = forms.DateField(label=_("Asked on"), widget=day_input())
    field_order = ("union", "way", "asked_on", "kind", "theme", "title", "text", "name", "phone", "is_publishable")

    def __init__(self, *args, user: User, **kwargs):
        kwargs["initial"] = {"asked_on": timezone.localdate(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        unions = Union.objects.visible_to(user, Permission.ENQUIRY_HANDLE).active()
        self.fields["union"].queryset = unions
        if unions.count() == 1:
            self.fields["union"].initial = unions.get()
            self.fields["union"].widget = forms.HiddenInput()
        self.fields["asked_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.fields["is_publishable"].label = AGREES

    def clean_asked_on(self):
        day = self.cleaned_data["asked_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Choose today or an earlier day."))
        return day


class AddForm(forms.Form):
    text = forms.CharField(
        label=pgettext_lazy("enquiry", "To add"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class RevealForm(ReasonForm):
    """Why the name or the number is needed."""


class ThemeForm(forms.ModelForm):
    class Meta:
        model = EnquiryTheme
        fields = ("name_zh", "name_en", "order", "is_active")


# --- moves ---------------------------------------------------------------------------------------------------------


class MoveForm(forms.Form):
    """What a move asks for beside the button: nothing, unless a form below says so."""

    def __init__(self, *args, enquiry: Enquiry, user: User | None = None, **kwargs):
        self.enquiry, self.user = enquiry, user
        super().__init__(*args, **kwargs)

    def given(self) -> dict:
        """Arguments of `perform`."""
        return {"data": dict(self.cleaned_data)} if self.fields else {}


class WhyForm(MoveForm, ReasonForm):
    def given(self) -> dict:
        return {"reason": self.cleaned_data["reason"]}


class ReplyForm(MoveForm):
    text = forms.CharField(
        label=pgettext_lazy("to an enquiry", "Reply"), max_length=3000, widget=forms.Textarea(attrs={"rows": 6})
    )
    signed = forms.CharField(
        label=pgettext_lazy("reply", "Signed by"),
        max_length=60,
        help_text=_("The union or department that is responsible; the asker reads it."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signed"].initial = self.enquiry.handler.name[:60]


class DownForm(WhyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"] = UnionPickerField(user=self.user, label=pgettext_lazy("hand down", "To the union"))
        self.order_fields(["to", "reason"])

    def given(self) -> dict:
        return {"reason": self.cleaned_data["reason"], "data": {"to": self.cleaned_data["to"].pk}}


class ExtendForm(WhyForm):
    due = forms.DateField(label=_("New last day"), widget=day_input())
    field_order = ("due", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.enquiry.is_open:
            latest = latest_extension(self.enquiry).isoformat()
            self.fields["due"].widget.attrs.update(min=self.enquiry.due_on.isoformat(), max=latest)

    def given(self) -> dict:
        return {"reason": self.cleaned_data["reason"], "due": self.cleaned_data["due"]}


class RateForm(MoveForm):
    satisfaction = forms.ChoiceField(
        label=_("Does the reply satisfy?"), choices=Satisfaction.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In the asker's words"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class OwnRateForm(RateForm):
    """The same as the asker gives it, by their own link."""

    words = forms.CharField(
        label=_("Anything to add (may be left out)"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RethemeForm(MoveForm):
    """The theme that fits, for several at once."""

    theme = forms.ModelChoiceField(
        label=_("Theme"), queryset=EnquiryTheme.objects.filter(is_active=True), empty_label=None
    )


MOVE_FORMS: dict[str, type[MoveForm]] = {
    "reply": ReplyForm, "up": WhyForm, "down": DownForm, "take": WhyForm, "extend": ExtendForm, "decline": WhyForm,
    "resume": WhyForm, "rate": RateForm,
}  # fmt: skip
