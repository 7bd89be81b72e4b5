"""Passwords that anybody in a union would try first."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WORDS = ("gonghui", "zonggonghui", "工会", "niangjia", "chaoyang", "password", "abcd1234", "qwer1234")


class UnionWordsValidator:
    """Refuses passwords that are a common union word with a few digits behind it."""

    def validate(self, password, user=None):
        core = password.lower().strip("0123456789!@#$%^&*._-")
        if core in WORDS or not core:
            raise ValidationError(self.get_help_text(), code="password_union_word")

    def get_help_text(self):
        return _("Not a common word such as “gonghui” with digits behind it.")
