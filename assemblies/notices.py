"""The words of notices about assemblies, made in the reader's language when they are read."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from unions.notices import Wording, wordings
from unions.templatetags.components import full_day


def _with_day(params: dict) -> dict:
    return {**params, "until": full_day(date.fromisoformat(params["until"]))}


def register() -> None:
    """Called once when the app is ready."""
    wordings.add(
        "term.order",
        Wording.of(
            _("%(union)s: hold the overdue election by %(until)s"),
            _("%(reason)s (%(by)s of the tier above)"),
            "gavel",
            _with_day,
        ),
    )
