"""Forms about accounts and appointments."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unions.accounts import roles_to_give
from unions.kit.forms import ReasonForm
from unions.kit.names import clean
from unions.models import RoleAssignment, Union, User
from unions.permissions import Permission


class _RoleForm(forms.Form):
    """A role at a union, out of those that this person may give there."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args, user: User, union: Union, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.union = user, union
        self.fields["role"].choices = [(role.key, role.label) for role in roles_to_give(user, union)]


class AccountForm(_RoleForm):
    """A new account and its first appointment."""

    name = forms.CharField(label=_("Name"), max_length=40)
    username = forms.CharField(
        label=_("Account name"),
        max_length=60,
        validators=User._meta.get_field("username").validators,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("What the person signs in with, for example the mobile number or the pinyin of the name."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("Reminders go there."))
    field_order = ("name", "username", "role", "phone", "email")

    def clean_name(self):
        return clean(self.cleaned_data["name"])

    def clean_username(self):
        username = clean(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("This account name is taken. Choose another; for the same person use “Appoint”."))
        return username


class AppointmentForm(_RoleForm):
    """Another appointment for somebody who has an account."""

    username = forms.CharField(
        label=_("Account name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    ends_on = forms.DateField(
        label=_("To"),
        required=False,
        help_text=_("Empty: until it is ended."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    reason = forms.CharField(label=_("Reason or document"), max_length=200)
    field_order = ("username", "role", "starts_on", "ends_on", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("starts_on", timezone.localdate())

    def clean(self):
        data = super().clean()
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The last day cannot come before the first."))
        account = data.get("username")
        if account and data.get("role") and self._holds_already(account, data["role"]):
            self.add_error("role", _("This person holds the role at this union already."))
        return data

    def clean_username(self):
        """An account that worked within the person's scope; another is spoken of as one that does not exist."""
        given = clean(self.cleaned_data["username"])
        within = RoleAssignment.objects.visible_to(self.user, Permission.ACCOUNT_MANAGE)
        account = User.objects.filter(username__iexact=given, pk__in=within.values("user")).first()
        if account is None:
            raise ValidationError(_("There is no such account in your scope. Open a new one, or check the spelling."))
        if account.pk == self.user.pk:
            raise ValidationError(_("Nobody gives a role to themselves."))
        return account

    def _holds_already(self, account: User, role: str) -> bool:
        held = RoleAssignment.objects.filter(user=account, union=self.union, role=role, withdrawn_at=None)
        return held.exclude(ends_on__lt=timezone.localdate()).exists()


class EndForm(ReasonForm):
    """Why something ends."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].max_length = 200
        self.fields["reason"].widget = forms.TextInput(attrs={"maxlength": 200})
