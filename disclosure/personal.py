"""What this floor holds about people."""

from django.utils.translation import gettext_lazy as _

from unions.enums import PersonalLevel
from unions.personal import declare

AGREED = _("PIPL article 25: published with the separate agreement of those named")


def register() -> None:
    """Called once when the app is ready."""
    declare("disclosure.PublicPage", "committee", purpose=_("Who sits in the union's committee, for its members to know"),
            basis=AGREED, level=PersonalLevel.PUBLIC, kept=_("until the union takes it off its page"), seen_by=_("everybody"))  # fmt: skip
