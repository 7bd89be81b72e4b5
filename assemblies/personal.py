"""What this floor holds about people."""

from django.utils.translation import gettext_lazy as _

from unions.enums import PersonalLevel
from unions.personal import ALL_IN_SCOPE, OFFICE, declare


def register() -> None:
    """Called once when the app is ready."""
    declare("assemblies.Seat", "name sex", purpose=_("Who sits in the union's committees"), basis=OFFICE,
            level=PersonalLevel.PUBLIC, kept=_("with the history of terms"), seen_by=ALL_IN_SCOPE)  # fmt: skip
    declare("assemblies.Attendee", "name", purpose=_("Who was due at a meeting and who came"), basis=OFFICE,
            level=PersonalLevel.GENERAL, kept=_("with the meeting's file"), seen_by=ALL_IN_SCOPE)  # fmt: skip
