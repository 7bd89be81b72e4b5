"""The acts of this floor in words, for the record of acts."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from unions.audit_words import presenters
from unions.models import Event

WORDS = {
    "return.ask": _("Asked the chair to check and submit"),
    "return.push": _("Asked a subordinate union about a figure of the summary"),
    "duty.chase": _("Reminded by hand"),
    "form.copy": _("Began a new version of the form %(form)s (%(version)s)"),
    "form.part": _("Changed the draft of the form %(form)s (%(version)s): %(part)s"),
    "form.publish": _("Published the form %(form)s (%(version)s)"),
    "form.discard": _("Discarded the draft of the form %(form)s (%(version)s)"),
}


def _said(words: str, event: Event) -> str:
    return str(words) % {"form": "", "version": "", "part": "", **event.data}


def register() -> None:
    """Called once when the app is ready."""
    for action, words in WORDS.items():
        presenters.add(action, partial(_said, words))
