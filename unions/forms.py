"""Forms of the ground floor."""

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from unions import import_jobs
from unions.kit.spreadsheets_in import SUFFIXES, TEXT_BYTES, Refused
from unions.models import User
from unions.settingbook import setting
from unions.wall import system


class SignInForm(AuthenticationForm):
    username = forms.CharField(
        label=_("Account name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username"}),
    )
    error_messages = {
        "invalid_login": _(
            "The account name or the password is wrong. After five wrong tries you must wait 15 minutes."
        ),
        "inactive": _("This account is disabled. Ask your superior union to enable it."),
    }

    def clean_username(self):
        """As the account spells it: the lock counts names to the letter, whoever guesses may vary them."""
        typed = self.cleaned_data["username"]
        with system("signs somebody in"):
            account = User.objects.typed(typed)
        return account.username if account else typed.lower()


class NewPasswordForm(forms.Form):
    """The old password and a new one that passes the rules, typed twice."""

    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["new"].help_text = _(
            "At least %(n)d characters; not only digits, not your name, not a word everybody tries first."
        ) % {"n": setting("password-length")}

    def clean_old(self):
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError(_("This is not your present password."))
        return self.cleaned_data["old"]

    def clean(self):
        data = super().clean()
        new, again = data.get("new"), data.get("again")
        if new and again and new != again:
            self.add_error("again", _("The two entries differ."))
        elif new and new == data.get("old"):
            self.add_error("new", _("Choose a password other than the present one."))
        elif new:
            try:
                password_validation.validate_password(new, self.user)
            except forms.ValidationError as problem:
                self.add_error("new", problem)
        return data

    def save(self):
        self.user.set_password(self.cleaned_data["new"])
        self.user.must_change_password = False
        self.user.save(update_fields=["password", "must_change_password"])
        return self.user


class UploadForm(forms.Form):
    """A file to import; what its first look refuses is said beside the field."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx, also .xls of Excel 97) up to 10 MB, or CSV (UTF-8 or GB18030) up to 40 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )

    def __init__(self, *args, importer, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.importer, self.user, self.batch = importer, user, None

    def clean_file(self):
        upload = self.cleaned_data["file"]
        try:
            if upload.size > TEXT_BYTES:
                raise Refused("size")
            self.batch = import_jobs.take_in(self.importer, upload, by=self.user)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return upload

    def save(self):
        return self.batch
