"""Forms of proposals: what is handed in, and what each move asks for."""

import re
import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assemblies.enums import Grade, ProposalKind, ProposalState, Satisfaction
from assemblies.models import AnswerTemplate, Collection, Handler, Meeting, Proposal, Theme
from assemblies.proposals import Paper, answer_due, latest_extension, seconders_wanted
from unions.forms_duties import day_input
from unions.kit.forms import ReasonForm
from unions.kit.names import clean
from unions.models import Union, User
from unions.permissions import Permission

_BETWEEN = re.compile(r"[\n、，,;；]+")
PHONE = forms.RegexField(
    r"^[0-9+() -]{6,20}$", label=_("Phone"), required=False, max_length=20,
    help_text=_("Only if you may be called about it. It is kept encrypted."),
    widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
)  # fmt: skip


def names_in(text: str) -> list[str]:
    """Names as people list them: a line each, or with commas between."""
    return [name for part in _BETWEEN.split(text) if (name := clean(part)[:40])]


class PaperForm(forms.Form):
    """A proposal as somebody hands it in."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ProposalKind.choices, widget=forms.RadioSelect)
    theme = forms.ModelChoiceField(label=_("Theme"), queryset=Theme.objects.filter(is_active=True), empty_label=None)
    title = forms.CharField(label=_("Subject"), max_length=80)
    facts = forms.CharField(
        label=_("Facts"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What is the matter, where, since when."),
    )
    request = forms.CharField(
        label=_("What is asked for"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What should be done."),
    )
    proposer = forms.CharField(label=_("Name"), max_length=40)
    seconders = forms.CharField(
        label=_("Seconders"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )
    phone = PHONE
    is_confidential = forms.BooleanField(
        label=_("Keep the proposer's name confidential"),
        required=False,
        help_text=_(
            "Then it shows nowhere; only whoever screens proposals can open it, with a reason that is recorded."
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {"kind": ProposalKind.SUGGESTION, "key": uuid.uuid4(), **kwargs["initial"]}
        super().__init__(*args, **kwargs)
        wanted = seconders_wanted(ProposalKind.PROPOSAL, timezone.localdate())
        self.fields["seconders"].help_text = _(
            "A proposal needs %(count)d, a suggestion none. One name a line, or with commas between."
        ) % {"count": wanted}

    def clean_proposer(self):
        return clean(self.cleaned_data["proposer"])

    def clean_seconders(self):
        return names_in(self.cleaned_data["seconders"])

    def paper(self) -> Paper:
        given = {name: self.cleaned_data[name] for name in Paper.__dataclass_fields__}
        return Paper(**given)


class EntryForm(PaperForm):
    """A proposal that a union enters for whoever made it on paper or in person."""

    union = forms.ModelChoiceField(label=_("Union"), queryset=Union.objects.none(), empty_label=None)
    submitted_on = forms.DateField(label=_("Submitted on"), widget=day_input())
    field_order = (
        "union",
        "kind",
        "theme",
        "title",
        "facts",
        "request",
        "proposer",
        "seconders",
        "phone",
        "is_confidential",
        "submitted_on",
    )

    def __init__(self, *args, user: User, **kwargs):
        kwargs["initial"] = {"submitted_on": timezone.localdate(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        unions = Union.objects.visible_to(user, Permission.PROPOSAL_HANDLE).active()
        self.fields["union"].queryset = unions
        if unions.count() == 1:
            self.fields["union"].initial = unions.get()
            self.fields["union"].widget = forms.HiddenInput()
        self.fields["submitted_on"].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean_submitted_on(self):
        day = self.cleaned_data["submitted_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Choose today or an earlier day."))
        return day


class MemberForm(PaperForm):
    """The same for members, by the link of a collection. `website` is left empty by people and filled in by robots."""

    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))


# --- moves ---------------------------------------------------------------------------------------------------------


class MoveForm(forms.Form):
    """What a move asks for beside the button: nothing, unless a form below says so."""

    def __init__(self, *args, proposal: Proposal, **kwargs):
        self.proposal = proposal
        super().__init__(*args, **kwargs)

    def given(self) -> dict:
        """Arguments of `perform`."""
        return {"data": dict(self.cleaned_data)} if self.fields else {}


class AcceptForm(MoveForm):
    is_key = forms.BooleanField(
        label=_("Key proposal"), required=False, help_text=_("It has more time for its answer.")
    )


class WhyForm(MoveForm, ReasonForm):
    def given(self) -> dict:
        return {"reason": self.cleaned_data["reason"]}


class MergeForm(MoveForm):
    into = forms.ModelChoiceField(label=_("Into"), queryset=Proposal.objects.none(), empty_label=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        states = [ProposalState.SUBMITTED, ProposalState.ACCEPTED, ProposalState.ASSIGNED]
        found = Proposal.objects.filter(union=self.proposal.union_id, state__in=states).exclude(pk=self.proposal.pk)
        self.fields["into"].queryset = found.order_by("theme", "-year", "-number")
        self.fields["into"].label_from_instance = lambda each: f"{each.code} {each.title}"

    def given(self) -> dict:
        return {"data": {"into": self.cleaned_data["into"].pk}}


class HandlersForm(forms.Form):
    """Who answers, who takes part, until when."""

    lead = forms.CharField(
        label=_("Who answers"),
        max_length=60,
        required=False,
        help_text=_("A department or a person of the union."),
        widget=forms.TextInput(attrs={"list": "handlers", "autocomplete": "off"}),
    )
    is_passed_up = forms.BooleanField(label=_("Pass it up to the tier above"), required=False)
    joint = forms.CharField(
        label=_("Who takes part"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("They answer for themselves. One name a line, or with commas between."),
    )
    due = forms.DateField(label=_("To be answered by"), widget=day_input(), required=False)

    def clean_joint(self):
        return names_in(self.cleaned_data["joint"])

    def clean(self):
        given = super().clean()
        if not given.get("lead") and not given.get("is_passed_up"):
            self.add_error("lead", _("Say who answers."))
        return given

    def given(self) -> dict:
        given = dict(self.cleaned_data)
        return {"due": given.pop("due"), "data": given}


class AssignForm(HandlersForm, MoveForm):
    field_order = ("lead", "is_passed_up", "joint", "due")

    def __init__(self, *args, proposal: Proposal, **kwargs):
        lead = proposal.handlers.filter(is_lead=True).first()
        due = proposal.answer_due_on or answer_due(proposal, timezone.localdate())
        joint = "\n".join(handler.name for handler in proposal.handlers.all() if not handler.is_lead)
        initial = {"due": due, "joint": joint, "lead": lead.name if lead and not lead.superior_id else ""}
        initial["is_passed_up"] = bool(lead and lead.superior_id)
        super().__init__(*args, proposal=proposal, initial=initial, **kwargs)
        self.fields["due"].widget.attrs.update(min=timezone.localdate().isoformat(), max=due.isoformat())
        if proposal.is_reworked:
            del self.fields["due"]
        if proposal.union.superior_id is None:
            del self.fields["is_passed_up"]

    def given(self) -> dict:
        given = dict(self.cleaned_data)
        return {"due": given.pop("due", None), "data": given}


class ExtendForm(WhyForm):
    due = forms.DateField(label=_("New last day"), widget=day_input())
    field_order = ("due", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.proposal.answer_due_on:
            latest = latest_extension(self.proposal).isoformat()
            self.fields["due"].widget.attrs.update(min=self.proposal.answer_due_on.isoformat(), max=latest)

    def given(self) -> dict:
        return {"reason": self.cleaned_data["reason"], "due": self.cleaned_data["due"]}


class MarkForm(MoveForm):
    satisfaction = forms.ChoiceField(label=_("Mark"), choices=Satisfaction.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In the proposer's words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


MOVE_FORMS: dict[str, type[MoveForm]] = {
    "accept": AcceptForm, "convert": WhyForm, "decline": WhyForm, "reopen": WhyForm, "withdraw": WhyForm,
    "merge": MergeForm, "assign": AssignForm, "extend": ExtendForm, "mark": MarkForm,
}  # fmt: skip


class AnswerForm(forms.Form):
    """A handler's reply."""

    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=pgettext_lazy("to a proposal", "Answer"), max_length=3000, widget=forms.Textarea(attrs={"rows": 6})
    )
    signed = forms.CharField(label=_("Signed by"), max_length=40, help_text=_("Who is responsible for the answer."))

    def __init__(self, *args, handler: Handler, template: AnswerTemplate | None = None, **kwargs):
        begun = (
            {"text": template.text.replace("“……”", f"“{handler.proposal.title}”"), "grade": template.grade}
            if template
            else {}
        )
        super().__init__(*args, initial=begun, **kwargs)


class RevealForm(ReasonForm):
    """Why the name or the number is needed."""


class CollectionForm(forms.ModelForm):
    """A collection and the days on which its link takes proposals in."""

    class Meta:
        model = Collection
        fields = ("title", "words", "meeting", "opens_on", "closes_on")
        widgets = {"opens_on": day_input(), "closes_on": day_input(), "words": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, union: Union, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = Meeting.objects.filter(union=union).order_by("-held_on")
        self.fields["meeting"].empty_label = _("Between meetings")


class ThemeForm(forms.ModelForm):
    class Meta:
        model = Theme
        fields = ("name_zh", "name_en", "order", "is_active")


class TemplateForm(forms.ModelForm):
    class Meta:
        model = AnswerTemplate
        fields = ("title", "grade", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
