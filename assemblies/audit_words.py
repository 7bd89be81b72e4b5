"""The acts of this floor in words, for the record of acts."""

from functools import partial

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assemblies.enums import BandKey, Body, Post
from unions.audit_words import presenters
from unions.models import Event

WORDS = {
    "term.begin": _("A new term began: no. %(number)s, from %(started_on)s, %(years)s years"),
    "term.edit": _("Corrected the number of the term"),
    "term.prepare": _("Began to prepare the election"),
    "term.order": _("Ordered the election to be held by %(until)s"),
}


def _said(words: str, event: Event) -> str:
    return str(words) % {"number": "", "started_on": "", "years": "", "until": "", **event.data}


def _seat(words: str, event: Event) -> str:
    body, post = Body(event.data["body"]).label, Post(event.data["post"]).label
    return str(words) % {"name": event.data["name"], "body": body, "post": post}


def _band(event: Event) -> str:
    return gettext("Changed a table by number of members: %(name)s") % {"name": BandKey(event.data["key"]).label}


def register() -> None:
    """Called once when the app is ready."""
    for action, words in WORDS.items():
        presenters.add(action, partial(_said, words))
    presenters.add("seat.add", partial(_seat, _("%(name)s took a seat: %(body)s, %(post)s")))
    presenters.add("seat.leave", partial(_seat, _("%(name)s left a seat: %(body)s, %(post)s")))
    presenters.add("band.edit", _band)
