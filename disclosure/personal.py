"""What this floor holds about people."""

from django.utils.translation import gettext_lazy as _

from unions.enums import PersonalLevel
from unions.personal import declare

AGREED = _("PIPL article 25: published with the separate agreement of those named")

HEARD = _("Notice 2015-24, 3(1): the report is given to the members of the committee, who rate it and ask")


def register() -> None:
    """Called once when the app is ready."""
    declare("disclosure.PublicPage", "committee", purpose=_("Who sits in the union's committee, for its members to know"),
            basis=AGREED, level=PersonalLevel.PUBLIC, kept=_("until the union takes it off its page"), seen_by=_("everybody"))  # fmt: skip
    for model, name in (("AnnualHearer", "name"), ("AnnualQuestion", "asker")):
        declare(f"disclosure.{model}", name, purpose=_("Who of the committee was given the annual report and asked about it"),
                basis=HEARD, level=PersonalLevel.GENERAL, kept=_("with the report"), seen_by=_("whoever sees the report"))  # fmt: skip
