"""Forms of special oversight: the matter, who oversees it, what they find, what each move asks for."""

import uuid

from django import forms
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assemblies.enums import Satisfaction
from assemblies.models import Meeting, Proposal
from disclosure.enums import DrawPool, Verdict
from disclosure.models import AnnualReport, Bulletin, Oversight
from disclosure.oversight import workdays
from unions.forms_duties import day_input
from unions.kit.forms import ReasonForm
from unions.models import Union
from unions.settingbook import setting
from unions.workflow import Transition

CHOICES = 50
LINKED = {"meeting": Meeting, "bulletin": Bulletin, "report": AnnualReport, "proposal": Proposal}
PHONE = r"^[0-9+() -]{6,20}$"


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class MatterForm(forms.ModelForm):
    """What is overseen, why, who leads it, by when; tied to records of that union alone."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Oversight
        fields = (
            "title", "scope", "why", "basis", "lead", "opens_on", "findings_due_on", "reply_due_on", "meeting", "bulletin",
            "report", "proposal",
        )  # fmt: skip
        widgets = {
            "scope": area(5), "why": area(3), "opens_on": day_input(), "findings_due_on": day_input(), "reply_due_on": day_input(),
        }  # fmt: skip
        help_texts = {
            "scope": _("What the overseers look into, and what they are shown for it; they read it at their links."),
            "basis": _("The resolution, the rule or the request that this rests on."),
            "lead": _("Whom the overseers turn to; a post of the union, which they read."),
        }

    def __init__(self, *args, union: Union, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.union = union
        for name, model in LINKED.items():
            rows = model.objects.filter(union=union)
            self.fields[name].queryset = rows
            newest = list(rows.order_by("-pk")[:CHOICES])
            if (begun_from := self._begun_from(name, rows)) and begun_from not in newest:
                newest.append(begun_from)
            self.fields[name].choices = [("", "---------"), *((one.pk, str(one)) for one in newest)]
            if len(self.fields[name].choices) == 1:
                del self.fields[name]
        if not self.instance.pk:
            self._propose()

    def _begun_from(self, name: str, rows: QuerySet) -> Model | None:
        """The record on whose page somebody began; it gives the matter its title."""
        given = str(self.initial.get(name) or "")
        found = rows.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 19 else None
        if found is not None:
            self.initial.setdefault("title", str(found)[: Oversight._meta.get_field("title").max_length])
        return found

    def _propose(self) -> None:
        """Days by the district's settings, counted from today; a key that makes the same form sent twice one matter."""
        today = timezone.localdate()
        fresh = Oversight(opens_on=today)
        findings = workdays("oversight-findings-workdays", fresh, today)
        proposed = {
            "opens_on": today, "findings_due_on": findings, "key": uuid.uuid4(),
            "reply_due_on": workdays("oversight-reply-workdays", fresh, findings),
            "basis": "朝工发〔2015〕24号：各级工会在重大事项上邀请会员（代表）进行专项监督",
        }  # fmt: skip
        self.initial = {**proposed, **self.initial}

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.cleaned_data if name != "key"}


class InviteForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=40)
    phone = forms.RegexField(
        PHONE, label=_("Phone"), max_length=20, required=False, widget=forms.TextInput(attrs={"type": "tel"}),
        help_text=_("Only if the link is sent there. Name and number are kept encrypted."),
    )  # fmt: skip


class DrawForm(forms.Form):
    """Among whom, how many, who is left out."""

    pool = forms.ChoiceField(
        label=_("Drawn among"), choices=DrawPool.choices, widget=forms.RadioSelect, initial=DrawPool.DELEGATES
    )
    meeting = forms.ModelChoiceField(
        label=_("List of the meeting"), queryset=Meeting.objects.none(), required=False,
        help_text=_("Only for members on the list of a meeting: those with a vote."),
    )  # fmt: skip
    wanted = forms.IntegerField(label=_("How many are drawn"), min_value=1, max_value=100)
    has_committee = forms.BooleanField(
        label=_("Members of the committees may be drawn"), required=False,
        help_text=_("Left out otherwise: nobody oversees what they decided on themselves."),
    )  # fmt: skip
    names = forms.CharField(
        label=_("Others left out"), max_length=2000, required=False, widget=area(3),
        help_text=_("Whoever the matter concerns, one name a line."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why drawn anew"), max_length=300, widget=area(2), required=False)

    def __init__(self, *args, oversight: Oversight, **kwargs):
        super().__init__(*args, **kwargs)
        rows = (
            Meeting.objects.filter(union=oversight.union_id, attendees__has_vote=True)
            .distinct()
            .order_by("-held_on", "-pk")
        )
        self.fields["meeting"].queryset = rows
        self.fields["meeting"].choices = [
            ("", "---------"),
            *((one.pk, f"{one.held_on} {one}") for one in rows[:CHOICES]),
        ]
        self.initial.setdefault("wanted", setting("oversight-least"))
        if oversight.draws.exists():
            self.fields["reason"].required = True
            self.fields["reason"].help_text = _("The former draw stays on record beside this one.")
            self.order_fields(["reason"])
        else:
            del self.fields["reason"]

    def clean(self):
        data = super().clean()
        if data.get("pool") == DrawPool.ATTENDEES and not data.get("meeting"):
            self.add_error("meeting", _("Choose the meeting whose list is used."))
        return data

    def clean_names(self):
        return [name for name in self.cleaned_data["names"].splitlines() if name.strip()]


class FindingForm(forms.Form):
    """One finding, as an overseer writes it or somebody takes it down."""

    title = forms.CharField(label=_("In a few words"), max_length=80)
    text = forms.CharField(label=_("What was found, and what is proposed"), max_length=2000, widget=area(5))


class CommentForm(forms.Form):
    text = forms.CharField(label=_("Remark of the tier above"), max_length=500, widget=area(3))


class RevealForm(ReasonForm):
    """Why the name or the number is needed."""


# --- moves ---------------------------------------------------------------------------------------------------------


class MoveForm(forms.Form):
    """What a move demands by the table, and what its own form below adds."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=area(3))
    due = forms.DateField(label=_("New last day"), widget=day_input())

    def __init__(self, *args, transition: Transition, **kwargs):
        super().__init__(*args, **kwargs)
        for name in {"reason", "due"} - transition.demands - set(getattr(self, "own", ())):
            del self.fields[name]

    def given(self) -> dict:
        """Arguments of `perform`."""
        known = {name: self.cleaned_data[name] for name in ("reason", "due") if self.cleaned_data.get(name)}
        data = {name: value for name, value in self.cleaned_data.items() if name not in ("reason", "due")}
        return {**known, **({"data": data} if data else {})}


class AcceptForm(MoveForm):
    is_free = forms.BooleanField(
        label=_("I have no interest of my own in the matter, nor have my relatives"),
        help_text=_("Whoever has one stands aside."),
    )
    is_nameable = forms.BooleanField(
        label=_("My name may stand in the publication"), required=False,
        help_text=_("Otherwise the publication names nobody."),
    )  # fmt: skip


class AnswerForm(MoveForm):
    own = ("due",)
    verdict = forms.ChoiceField(label=_("How the union takes it"), choices=Verdict.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=pgettext_lazy("to a finding", "Reply"), max_length=2000, widget=area(5))
    promise = forms.CharField(
        label=_("What is done about it"), max_length=1000, widget=area(3), required=False,
        help_text=_("Where it is accepted, wholly or in part: followed up until it is done, with evidence."),
    )  # fmt: skip
    due = forms.DateField(label=_("To be done by"), widget=day_input(), required=False)
    field_order = ("verdict", "text", "promise", "due")


class RateForm(MoveForm):
    satisfaction = forms.ChoiceField(
        label=_("Does the reply satisfy?"), choices=Satisfaction.choices, widget=forms.RadioSelect
    )


class DoneForm(MoveForm):
    outcome = forms.CharField(label=_("What came of it"), max_length=1000, widget=area(4))


MOVE_FORMS: dict[str, type[MoveForm]] = {
    "accept": AcceptForm,
    "answer": AnswerForm,
    "rate": RateForm,
    "done": DoneForm,
}


def move_form(transition: Transition, *args, **kwargs) -> MoveForm:
    return MOVE_FORMS.get(transition.name, MoveForm)(*args, transition=transition, **kwargs)
