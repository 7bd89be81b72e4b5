"""The acts and notices about bulletins in words."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from disclosure.enums import Readers
from unions.audit_words import presenters
from unions.models import Event
from unions.notices import Wording, wordings

WORDS = {
    "bulletin.write": _("Began a bulletin: %(item)s"),
    "bulletin.edit": _("Changed the draft of a bulletin"),
    "bulletin.discard": _("Threw the draft of a bulletin away: %(item)s"),
    "bulletin.clear": _("Gave reasons for %(count)s findings of the check"),
    "posting.add": _("Entered where a bulletin was posted: %(where)s"),
    "posting.remove": _("Took a wrong entry of a posting back: %(where)s"),
    "publicpage.edit": _("Changed the words of the public page"),
    "publicpage.open": _("Opened the public page to everybody"),
    "publicpage.close": _("Closed the public page"),
    "publicpage.committee": _("Published the committee on the public page: %(count)s names"),
    "publicpage.no_committee": _("Took the committee's names off the public page"),
    "catalogueitem.add": _("Put an item into the catalogue of disclosure: %(item)s"),
    "catalogueitem.edit": _("Changed an item of the catalogue of disclosure: %(item)s"),
}
NOTICES = (
    ("submitted", _("To be checked: %(title)s"), _("%(by)s of %(union)s hands it in for the check of secrets and personal data."), "shield-check"),
    ("checked", _("To be approved: %(title)s"), _("Checked by %(by)s (%(union)s)."), "stamp"),
    ("returned", _("Returned: %(title)s"), _("%(reason)s (%(by)s)"), "undo-2"),
    ("published", _("Published: %(title)s"), _("It is published by %(union)s."), "megaphone"),
    ("withdrawn", _("Withdrawn: %(title)s"), _("%(reason)s (%(by)s)"), "circle-slash"),
)  # fmt: skip


class _Known(dict):
    """What an act does not know stays empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _said(words: str, event: Event) -> str:
    return str(words) % _Known(event.data)


def _renewed(event: Event) -> str:
    return _("Replaced the reading link: %(readers)s") % {"readers": Readers(event.data["readers"]).label}


def register() -> None:
    """Called once when the app is ready."""
    presenters.add("publicpage.renew_link", _renewed)
    for action, words in WORDS.items():
        presenters.add(action, partial(_said, words))
    for act, title, body, icon in NOTICES:
        wordings.add(f"bulletin.{act}", Wording.of(title, body, icon, lambda params: _Known(params)))
