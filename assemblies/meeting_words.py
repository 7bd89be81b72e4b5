"""The acts of this floor in words, for the record of acts."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from unions.audit_words import presenters
from unions.models import Event

WORDS = {
    "meeting.plan": _("Began to plan a meeting: %(title)s"),
    "meeting.edit": _("Changed a meeting"),
    "meeting.minutes": _("Wrote the minutes of a meeting"),
    "meeting.override": _("Went on without a quorum: %(present)s of %(due)s present, %(needed)s needed"),
    "meeting.links": _("Ended the links of a meeting"),
    "agenda.add": _("Put a point on the agenda: %(point)s"),
    "agenda.edit": _("Changed a point of the agenda"),
    "agenda.remove": _("Took a point off the agenda: %(point)s"),
    "agenda.order": _("Moved a point of the agenda: %(point)s"),
    "agenda.begin": _("Took up a point with %(present)s of %(due)s present: %(point)s"),
    "attendee.add": _("Put %(count)s people on the list of those due"),
    "attendee.edit": _("Changed an entry on the list of those due"),
    "attendee.remove": _("Took %(count)s people off the list of those due"),
    "attendee.mark": _("Recorded who is present"),
    "matter.raise": _("Took down a matter: %(title)s"),
    "matter.edit": _("Changed a matter raised at a symposium"),
}


class _Known(dict):
    """What an act of long ago does not know stays empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _said(words: str, event: Event) -> str:
    return str(words) % _Known(event.data)


def register() -> None:
    """Called once when the app is ready."""
    for action, words in WORDS.items():
        presenters.add(action, partial(_said, words))
