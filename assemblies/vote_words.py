"""What is done about votes, in words, for the record of acts. It says who voted where a vote is by name, and never what."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from assemblies import vote_moves  # noqa: F401  the table of moves registers itself
from unions.audit_words import presenters
from unions.models import Event

WORDS = {
    "vote.prepare": _("Prepared a vote: %(title)s"),
    "vote.edit": _("Changed a vote that was being prepared"),
    "vote.discard": _("Discarded a vote that had not begun: %(title)s"),
    "vote.slips": _("Printed %(count)s slips with QR codes for a vote"),
    "vote.links": _("Made %(count)s personal links for a vote"),
    "vote.paper": _("Gave a paper ballot to the holder of link %(number)s"),
    "vote.cast": _("A ballot was cast with link %(number)s"),
    "vote.issue": _("Wrote down how many paper ballots were handed out"),
    "vote.seats": _("Entered %(count)s elected into the term of office"),
    "vote.batch": _("Began batch %(batch)s of the paper ballots"),
    "vote.enter": _("Counted batch %(batch)s of the paper ballots"),
}


def _said(words: str, event: Event) -> str:
    return str(words) % {"title": "", "count": "", "number": "", "batch": "", **event.data}


def register() -> None:
    """Called once when the app is ready."""
    for action, words in WORDS.items():
        presenters.add(action, partial(_said, words))
