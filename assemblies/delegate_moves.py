"""How a delegate's office ends before the term does, and how an end entered by mistake is taken back."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.enums import DelegateState, OfficeEnd
from assemblies.models import Delegate
from unions.models import Event, User
from unions.permissions import Permission
from unions.workflow import Invalid, Transition, Workflow, register

S = DelegateState


def _ended_on(delegate: Delegate, due: date | None) -> date:
    day = due or timezone.localdate()
    if not delegate.elected_on <= day <= timezone.localdate():
        raise Invalid(_("Something is still missing."), {"due": _("Choose a day between the election and today.")})
    return day


def end(delegate: Delegate, *, event: Event, by: User, due: date | None) -> None:
    """Who moves away, leaves the employer or is absent for too long ceases to be a delegate by that alone."""
    if event.data.get("end") not in OfficeEnd.values:
        raise Invalid(_("Something is still missing."), {"end": _("Say why the office ended.")})
    delegate.end, delegate.ended_on = event.data["end"], _ended_on(delegate, due)


def recall(delegate: Delegate, *, event: Event, by: User, due: date | None) -> None:
    """By more than half of all who elect (Trade Union Law, article 18, for officers; the same for delegates)."""
    base, votes = event.data.get("base") or 0, event.data.get("votes") or 0
    if votes > base or not votes * 2 > base:
        raise Invalid(
            _("Something is still missing."),
            {"votes": _("%(votes)d of %(base)d is not more than half of all: not recalled.") % {"votes": votes, "base": base}},
        )  # fmt: skip
    delegate.recall_base, delegate.recall_votes = base, votes
    delegate.ended_on = _ended_on(delegate, due)


def restore(delegate: Delegate, *, event: Event, by: User, due: date | None) -> None:
    seats = delegate.constituency.seats
    if delegate.constituency.delegates.filter(ended_on=None).count() >= seats:
        raise Invalid(_("All %(seats)d seats of this constituency are filled.") % {"seats": seats})
    delegate.ended_on, delegate.end = None, ""
    delegate.recall_base = delegate.recall_votes = None


_REASON = frozenset({"reason"})
_EDIT = Permission.ASSEMBLY_EDIT

DELEGATES = register(Workflow(Delegate))
DELEGATES.add(
    Transition("end", gettext_lazy("End the office"), frozenset({S.IN_OFFICE}), S.ENDED, _EDIT, effect=end, meaning=gettext_lazy("The seat is vacant from that day. The record stays, with meetings and proposals.")),
    Transition("recall", gettext_lazy("Recall"), frozenset({S.IN_OFFICE}), S.RECALLED, _EDIT, _REASON, effect=recall, meaning=gettext_lazy("More than half of all members of the constituency must be for it, not only of those who voted.")),
    Transition("restore", gettext_lazy("Take back the end"), frozenset({S.ENDED, S.RECALLED}), S.IN_OFFICE, _EDIT, _REASON, effect=restore, meaning=gettext_lazy("For an end that was entered by mistake: the delegate is in office as before.")),
)  # fmt: skip
