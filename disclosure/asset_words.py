"""The acts and notices about assets in words."""

from functools import partial

from django.utils.translation import gettext_lazy

from unions.audit_words import presenters
from unions.models import Event
from unions.notices import Wording, wordings

ACTS = {
    "asset.enter": gettext_lazy("Entered asset %(number)s"),
    "asset.correct": gettext_lazy("Corrected the entry"),
    "stocktaking.confirm": gettext_lazy("Confirmed a stock-taking: %(count)s assets, %(missing)s missing"),
}
NOTICES = (
    ("asked", gettext_lazy("%(union)s asks for the approval of a disposal"), "inbox"),
    ("approved", gettext_lazy("The tier above has approved the disposal of an asset"), "check"),
    ("declined", gettext_lazy("The tier above has declined the disposal of an asset"), "undo-2"),
)


class _Known(dict):
    def __missing__(self, key: str) -> str:
        return ""


def _said(words: str, event: Event) -> str:
    return str(words) % _Known(event.data)


def register() -> None:
    """Called once when the app is ready."""
    for action, words in ACTS.items():
        presenters.add(action, partial(_said, words))
    for kind, title, icon in NOTICES:
        wordings.add(f"asset.{kind}", Wording.of(title, gettext_lazy("Asset: %(title)s"), icon))
