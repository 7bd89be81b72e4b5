"""Forms of fund audits: the plan, a finding, what each move asks for."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disclosure.enums import FundAuditKind
from disclosure.models import FundAudit, FundFinding
from disclosure.oversight_forms import MoveForm, area
from unions.calendar import WorkCalendar
from unions.forms_duties import day_input
from unions.settingbook import setting
from unions.workflow import Transition

YEARS_AHEAD = 1


class PlanForm(forms.Form):
    """Which kind of audit, of which period, in which year's plan."""

    kind = forms.ChoiceField(label=_("Kind of audit"), choices=FundAuditKind.choices)
    topic = forms.CharField(
        label=_("What a special audit is about"), max_length=80, required=False,
        help_text=_("Only for a special audit: for example, relief money."),
    )  # fmt: skip
    year = forms.TypedChoiceField(label=_("Year of the plan"), coerce=int)
    since_on = forms.DateField(label=_("Looked at from"), widget=day_input())
    until_on = forms.DateField(label=_("Looked at until"), widget=day_input())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        this = timezone.localdate().year
        self.fields["year"].choices = [(year, str(year)) for year in range(this, this + YEARS_AHEAD + 1)]
        self.initial = {
            "year": this,
            "since_on": date(this - 1, 1, 1),
            "until_on": date(this - 1, 12, 31),
            **self.initial,
        }

    def clean(self):
        data = super().clean()
        is_special = data.get("kind") == FundAuditKind.SPECIAL
        if is_special != bool(data.get("topic")):
            self.add_error("topic", _("Say what the special audit is about; other kinds have no topic."))
        if data.get("since_on") and data.get("until_on") and data["since_on"] > data["until_on"]:
            self.add_error("until_on", _("The period looked at begins before it ends."))
        return data


class FundFindingForm(forms.ModelForm):
    """What was found, by which clause, and what is to be done until when."""

    class Meta:
        model = FundFinding
        fields = ("area", "title", "text", "amount", "clause", "demand", "due_on")
        widgets = {
            "text": area(5), "demand": area(3), "due_on": day_input(),
            "amount": forms.NumberInput(attrs={"step": "0.01", "min": "0"}),
        }  # fmt: skip
        help_texts = {
            "amount": _("Where the finding is about an amount."),
            "clause": _("The rule and its clause, as the report names them."),
            "text": _("Facts alone. The union reads them in the draft; name no individual."),
        }

    def values(self) -> dict:
        return dict(self.cleaned_data)


# --- moves ---------------------------------------------------------------------------------------------------------


class ServeForm(MoveForm):
    due = forms.DateField(label=_("Day of entry"), widget=day_input())
    lead = forms.CharField(label=_("Lead auditor (name, post)"), max_length=60)
    team = forms.CharField(label=_("Others of the team"), max_length=200, required=False)
    field_order = ("due", "lead", "team")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        days = setting("fund-audit-notice-workdays")
        self.initial.setdefault("due", WorkCalendar().shift(timezone.localdate(), days))
        self.fields["due"].help_text = _("At least %(count)d working days from today.") % {"count": days}


class OpinionForm(MoveForm):
    opinion = forms.CharField(
        label=pgettext_lazy("fund audit", "Opinion"), max_length=4000, widget=area(8),
        help_text=_("How the funds were received, managed and used; the findings follow by themselves."),
    )  # fmt: skip


class IssueForm(OpinionForm):
    number = forms.CharField(label=_("Number of the report"), max_length=40)
    field_order = ("number", "opinion")


class CommentForm(MoveForm):
    comment = forms.CharField(
        label=_("The union's comment"), max_length=2000, widget=area(5),
        help_text=_("On each finding that you see otherwise; or that there is no objection."),
    )  # fmt: skip


class VisitForm(MoveForm):
    visit = forms.CharField(label=_("What the follow-up found"), max_length=1000, widget=area(4))


class RectifyForm(MoveForm):
    outcome = forms.CharField(label=pgettext_lazy("fund audit", "What was done"), max_length=1000, widget=area(4))
    settled = forms.DecimalField(
        label=_("Amount put right (yuan)"), max_digits=14, decimal_places=2, min_value=0, required=False,
        help_text=_("Where the finding is about an amount."),
    )  # fmt: skip


class SendBackForm(MoveForm):
    due = forms.DateField(label=_("To be rectified by"), widget=day_input())
    field_order = ("reason", "due")


MOVE_FORMS: dict[str, type[MoveForm]] = {
    "serve": ServeForm, "send_draft": OpinionForm, "issue": IssueForm, "comment": CommentForm, "follow_up": VisitForm,
    "rectify": RectifyForm, "send_back": SendBackForm,
}  # fmt: skip


def move_form(transition: Transition, *args, **kwargs) -> MoveForm:
    return MOVE_FORMS.get(transition.name, MoveForm)(*args, transition=transition, **kwargs)


def known_texts(audit: FundAudit) -> dict:
    """What a move begins with: the opinion of the draft, the team of the plan."""
    return {name: getattr(audit, name) for name in ("opinion", "lead", "team", "visit") if getattr(audit, name)}
