"""The acts of this floor in words, for the record of acts."""

from django.utils.translation import gettext as _

from assemblies.enums import BandKey
from unions.audit_words import presenters


def _band(event) -> str:
    return _("Changed a table by number of members: %(name)s") % {"name": BandKey(event.data["key"]).label}


def register() -> None:
    """Called once when the app is ready."""
    presenters.add("band.edit", _band)
