"""What a password must be like, beyond what Django asks."""

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from unions.settingbook import setting

WORDS = ("gonghui", "zonggonghui", "工会", "niangjia", "chaoyang", "password", "abcd1234", "qwer1234")


class LengthValidator(MinimumLengthValidator):
    """As long as the district's setting says."""

    def __init__(self):
        """The length is asked for anew each time."""

    @property
    def min_length(self) -> int:
        return setting("password-length")


class UnionWordsValidator:
    """Refuses passwords that are a common union word with a few digits behind it."""

    def validate(self, password, user=None):
        core = password.lower().strip("0123456789!@#$%^&*._-")
        if core in WORDS or not core:
            raise ValidationError(self.get_help_text(), code="password_union_word")

    def get_help_text(self):
        return _("Not a common word such as “gonghui” with digits behind it.")


class HistoryValidator:
    """The last few passwords do not come back. Django tells us of every change, whoever makes it."""

    def validate(self, password, user=None):
        if user is None or user.pk is None:
            return
        former = user.former_passwords.values_list("password", flat=True)[: setting("password-history")]
        if any(check_password(password, one) for one in former):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def password_changed(self, password, user=None):
        user.former_passwords.create(password=user.password)
        kept = user.former_passwords.values_list("pk", flat=True)[:KEPT]
        user.former_passwords.exclude(pk__in=list(kept)).delete()

    def get_help_text(self):
        return _("Not one of the last %(n)d passwords.") % {"n": setting("password-history")}


KEPT = 24  # the most that the setting may ask for
