"""What acts on proposals and delegates are called, on record and in notices."""

from datetime import date
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.enums import ProposalState
from unions.audit_words import presenters
from unions.models import Event
from unions.notices import Wording, wordings
from unions.templatetags.components import month_day

ACTS = {
    "proposal.submit": gettext_lazy("Handed in proposal %(code)s"),
    "proposal.answer_joint": gettext_lazy("Answer of a joint handler: %(handler)s"),
    "proposal.show_link": gettext_lazy("Took out the proposer's link"),
    "proposal.renew_link": gettext_lazy("Replaced the proposer's link"),
    "collection.save": gettext_lazy("Set a collection of proposals"),
    "collection.renew_link": gettext_lazy("Replaced the link of a collection"),
    "constituency.save": gettext_lazy("Planned a constituency"),
    "constituency.remove": gettext_lazy("Removed the constituency %(name)s"),
    "delegate.add": gettext_lazy("Entered a delegate"),
    "delegate.edit": gettext_lazy("Corrected a delegate"),
    "delegate.renew_card": gettext_lazy("Replaced a delegate's card"),
    "delegate.remove": gettext_lazy("Took an imported delegate back"),
    "theme.save": gettext_lazy("Changed a theme of proposals"),
    "answertemplate.save": gettext_lazy("Changed a template for answers"),
}


def _said(words: str, event: Event) -> str:
    return str(words) % {"code": "", "handler": "", "name": "", **event.data}


def _due(params: dict) -> dict:
    state = ProposalState(params["state"]).label
    return {**params, "due": month_day(date.fromisoformat(params["due"])), "state": state}


def _by_link(params: dict) -> str:
    return _("%(title)s, no. %(code)s. Please screen it.") % params


def register() -> None:
    """Called once when the app is ready."""
    for action, words in ACTS.items():
        presenters.add(action, partial(_said, words))
    wordings.add(
        "proposal.submitted",
        Wording(lambda p: _("A member of %(union)s handed in a proposal") % p, _by_link, "message-square-plus"),
    )
    for kind, title, body, icon in (
        ("passed_up", gettext_lazy("%(union)s passed a proposal up to you"), gettext_lazy("%(title)s, no. %(code)s. Please answer it."), "corner-left-up"),
        ("answered_above", gettext_lazy("The tier above answered a proposal of %(union)s"), gettext_lazy("%(title)s, no. %(code)s"), "reply"),
        ("marked_satisfied", gettext_lazy("The proposer is satisfied: %(title)s"), gettext_lazy("No. %(code)s of %(union)s is settled."), "smile"),
        ("marked_basically", gettext_lazy("The proposer is basically satisfied: %(title)s"), gettext_lazy("No. %(code)s of %(union)s is settled."), "smile"),
        (
            "marked_dissatisfied", gettext_lazy("The proposer is dissatisfied: %(title)s"),
            gettext_lazy("Look at no. %(code)s of %(union)s: the first time it is handled once more."), "frown",
        ),
    ):  # fmt: skip
        wordings.add(f"proposal.{kind}", Wording.of(title, body, icon))
    for kind, title in (
        ("due", gettext_lazy("Due soon: %(title)s")),
        ("late", gettext_lazy("Overdue: %(title)s")),
    ):
        body = gettext_lazy("No. %(code)s of %(union)s, %(state)s, last day %(due)s.")
        wordings.add(f"proposal.{kind}", Wording.of(title, body, "calendar-clock", _due))
