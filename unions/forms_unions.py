"""Forms about unions: the card, a new union, a new place in the tree, closing."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

from unions.enums import Tier
from unions.kit.forms import ReasonForm
from unions.kit.masking import mask_phone
from unions.kit.names import clean
from unions.models import Union, User
from unions.pickers import UnionPickerField
from unions.register import IDENTITY, OWN, kinds_below, may_write_identity, next_code

SECTIONS = (
    ("identity", _("Name and kind"), ("code", "name", "kind")),
    ("employer", _("Employer"), ("employer_name", "credit_code", "employer_nature", "industry", "address")),
    ("people", _("Workers and members"), ("workers", "women_workers", "migrant_workers", "members", "women_members")),
    (
        "chair",
        _("Term and chair"),
        (
            "founded_on", "term_started_on", "term_years", "chair_name", "chair_sex", "chair_rank", "chair_engagement",
            "chair_phone",
        ),
    ),
    ("conditions", _("Conditions"), ("has_place", "has_sign", "has_account", "has_audit_committee", "has_women_committee")),
)  # fmt: skip
EMPLOYER_ONLY = ("employer_name", "credit_code", "employer_nature", "industry")
# Which field a broken rule about the row is shown beside.
FIELD_OF_RULE = {
    "union_women_workers": "women_workers",
    "union_migrant_workers": "migrant_workers",
    "union_women_members": "women_members",
    "union_term_years": "term_years",
    "union_one_per_employer": "credit_code",
}
HELP = {
    "code": _("Digits; unique in the district."),
    "name": _("The full name as approved. The present name stays findable as a former name."),
    "credit_code": _("18 characters; the last one is a check character."),
    "workers": _("Everybody who works for the employer, agency workers included."),
    "women_members": _("Of the members."),
    "women_workers": _("Of the workers."),
    "migrant_workers": _("Of the workers."),
    "term_started_on": _("The day of the election that began the present term."),
    "has_women_committee": _(
        "Required where there are 25 women workers or more (Beijing measures for the Trade Union Law, article 9)."
    ),
}


def in_words(name: str, value) -> str:
    """A field's value as a person reads it; the phone masked."""
    union = Union()
    field = Union._meta.get_field(name)
    try:
        setattr(union, name, field.to_python(value))
    except ValidationError:
        return str(value)
    return shown(union, name)


@dataclass(frozen=True)
class Section:
    """A part of the card: fields to fill in, and those that only the superior writes, as label and value."""

    key: str
    title: str
    fields: list[forms.BoundField]
    fixed: list[tuple[str, str]]


def shown(union: Union, name: str) -> str:
    """A field's value as a person reads it; the phone masked."""
    value = getattr(union, name)
    if name == "chair_phone":
        return mask_phone(value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    display = getattr(union, f"get_{name}_display", None)
    return str(display() if display else "" if value is None else value)


class CardForm(forms.ModelForm):
    """The fields of a union's card; rules about the row are shown beside the field they speak of."""

    class Meta:
        model = Union
        fields = (*IDENTITY, *OWN)
        help_texts = HELP
        widgets = {
            **dict.fromkeys(
                ("founded_on", "term_started_on"), forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            ),
            "term_years": forms.Select(choices=[("", "—"), (3, _("3 years")), (5, _("5 years"))]),
            "chair_phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        for name in ("workers", "women_workers", "migrant_workers", "members", "women_members"):
            if name in self.fields:
                self.fields[name].widget.attrs["inputmode"] = "numeric"

    def clean_name(self):
        return clean(self.cleaned_data["name"])

    def clean_credit_code(self):
        code = clean(self.cleaned_data["credit_code"]).upper()
        if code and not uscc.is_valid(code):
            raise ValidationError(_("This is no valid unified social credit code; compare it with the licence."))
        return code

    def clean_chair_phone(self):
        phone = clean(self.cleaned_data["chair_phone"]).replace(" ", "").replace("-", "")
        if phone and (not phone.lstrip("+").isdigit() or not 7 <= len(phone) <= 15):
            raise ValidationError(_("A phone number has 7 to 15 digits."))
        return phone

    def _update_errors(self, errors):
        """Each rule about the row, its sentence beside the field it speaks of."""
        field_of = {
            str(rule.violation_error_message): FIELD_OF_RULE[rule.name]
            for rule in Union._meta.constraints
            if rule.name in FIELD_OF_RULE
        }
        placed: dict[str, list] = {}
        for name, problems in errors.error_dict.items():
            for problem in problems:
                field = field_of.get(problem.messages[0], name) if name == NON_FIELD_ERRORS else name
                placed.setdefault(field if field in self.fields else NON_FIELD_ERRORS, []).append(problem)
        super()._update_errors(ValidationError(placed))

    def refuse(self, problem: ValidationError) -> None:
        """Show what the service found: rules that look beyond the fields of this form."""
        self._update_errors(problem)


class UnionEditForm(CardForm):
    """The card as this person may write it: a union its own part, the superior all of it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Basis of the change"),
        required=False,
        max_length=200,
        help_text=_("For example the number of the approval; it is kept with the history."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        union = self.instance
        self.is_superior = may_write_identity(self.user, union)
        self.names = [*IDENTITY, *OWN] if self.is_superior else list(OWN)
        if union.tier is not Tier.GRASSROOTS:
            self.names = [name for name in self.names if name not in EMPLOYER_ONLY]
        self.values_before = {name: union.shown(name) for name in (*IDENTITY, *OWN)}
        for name in set(self.fields) - set(self.names) - {"revision", "reason"}:
            del self.fields[name]
        if "kind" in self.fields:
            same_tier = [(kind.value, kind.label) for kind in union.tier.kinds]
            self.fields["kind"].choices = same_tier
        self.initial["revision"] = union.revision
        phone = self.fields["chair_phone"]
        self.initial["chair_phone"] = ""
        if union.chair_phone:
            phone.help_text = gettext(
                "Now %(phone)s. Empty leaves it; a new chair's name without a number clears it."
            ) % {"phone": mask_phone(union.chair_phone)}

    def clean(self):
        data = super().clean()
        if not data.get("chair_phone"):
            is_new_chair = data.get("chair_name", "") != self.initial.get("chair_name", "")
            data["chair_phone"] = "" if is_new_chair else Union.objects.get(pk=self.instance.pk).chair_phone
        return data

    def versions(self, current: Union) -> list[dict]:
        """What was typed beside what the card holds by now, where they differ."""
        rows = []
        for name in self.names:
            mine, theirs = self.instance.shown(name), current.shown(name)
            if mine != theirs:
                label = Union._meta.get_field(name).verbose_name
                rows.append({"label": label, "mine": mine or "–", "theirs": theirs or "–"})
        return rows

    @property
    def sections(self) -> list[Section]:
        is_unit = self.instance.tier is Tier.GRASSROOTS
        sections = []
        for key, title, names in SECTIONS:
            fields = [self[name] for name in names if name in self.fields]
            fixed = [
                (Union._meta.get_field(name).verbose_name, self.values_before[name])
                for name in names
                if name not in self.fields and (is_unit or name not in EMPLOYER_ONLY)
            ]
            if fields or fixed:
                sections.append(Section(key, title, fields, fixed))
        return sections

    def values(self) -> dict:
        """What the person may write, as it now stands in the form."""
        return {name: self.cleaned_data[name] for name in self.names}


class UnionAddForm(CardForm):
    """A new union below a parent: what is needed to exist; the rest follows on the card."""

    reason = forms.CharField(label=_("Approval"), max_length=200, help_text=_("Number and day of the approval."))

    class Meta(CardForm.Meta):
        fields = (
            "name", "code", "kind", "employer_name", "credit_code", "employer_nature", "industry", "address",
            "workers", "members", "founded_on", "chair_name",
        )  # fmt: skip

    def __init__(self, *args, parent: Union, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.parent = parent
        kinds = kinds_below(parent)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        self.initial.setdefault("code", next_code(parent))
        self.fields["name"].help_text = _("The full name as approved.")
        if kinds[0].tier is not Tier.GRASSROOTS:
            for name in EMPLOYER_ONLY:
                del self.fields[name]

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.cleaned_data}


class PlaceForm(ReasonForm):
    """A reason, and a second step that confirms what the page said would follow."""

    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, union: Union, user: User, **kwargs):
        kwargs.setdefault("initial", {"revision": union.revision})
        super().__init__(*args, **kwargs)
        self.union, self.user = union, user
        self.fields["reason"].label = _("Reason or document")
        self.fields["reason"].help_text = _("For example the number of the decision; it is kept with the history.")


class MoveForm(PlaceForm):
    """Another superior union."""

    field_order = ("target", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["target"] = UnionPickerField(user=self.user, purpose="parent", label=_("New superior union"))
        self.order_fields(self.field_order)

    def clean_target(self):
        parent, union = self.cleaned_data["target"], self.union
        if parent.pk == union.pk or parent.path.startswith(f"{union.path}."):
            raise ValidationError(_("A union cannot hang below itself."))
        if parent.pk == union.parent_id:
            raise ValidationError(_("It hangs below this union already."))
        if union.kind not in kinds_below(parent):
            raise ValidationError(_("A union of this kind cannot hang below that one."))
        return parent


class MergeForm(PlaceForm):
    """The union that goes on."""

    field_order = ("target", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["target"] = UnionPickerField(user=self.user, purpose="target", label=_("Merge into"))
        self.order_fields(self.field_order)

    def clean_target(self):
        target, union = self.cleaned_data["target"], self.union
        if target.pk == union.pk or target.path.startswith(f"{union.path}."):
            raise ValidationError(_("A union cannot be merged into itself or into one that hangs below it."))
        if target.tier != union.tier:
            raise ValidationError(_("Choose a union of the same tier."))
        return target
