"""How an employer of the tax register is matched by hand: assigned to a union, said not to belong there, and back."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.enums import RemittanceMatch
from disclosure.models import Remittance
from disclosure.remittances import MATCH
from unions.models import Event, Union, User
from unions.workflow import Invalid, Transition, Workflow, register

S = RemittanceMatch
BY_HAND = ("assign", "disown")


def assign(row: Remittance, *, event: Event, by: User, due: date | None) -> None:
    """To a union within the reach of whoever assigns it: a street to its own unions, the district to any."""
    given = str(event.data.pop("union", "") or "")
    found = (
        Union.objects.visible_to(by, MATCH).active().filter(pk=given).first()
        if given.isdecimal() and len(given) < 19
        else None
    )
    if found is None:
        raise Invalid(_("Something is still missing."), {"union": _("Choose an active union among your own.")})
    if found.pk == row.union_id and row.state != S.NOT_OURS:
        raise Invalid(_("Something is still missing."), {"union": _("It belongs to this union already.")})
    _keep(row, event)
    event.data["name"] = found.name
    row.union = found


def disown(row: Remittance, *, event: Event, by: User, due: date | None) -> None:
    """It waits with its street until the district assigns it elsewhere."""
    _keep(row, event)
    row.union_id = row.middle_id


def is_of_a_street(row: Remittance, by: User) -> str | None:
    return None if row.middle_id else _("Nobody has claimed it yet: it is in the district's pool.")


def _keep(row: Remittance, event: Event) -> None:
    event.data.update({"from": row.union_id, "matched": event.source})


def _last(row: Remittance) -> Event | None:
    """The last act by hand, unless it was undone since."""
    acts = Event.objects.filter(model=row._meta.label, object_id=row.pk, action__startswith="remittance.").order_by(
        "-pk"
    )
    last = acts.first()
    return last if last and last.action.rpartition(".")[2] in BY_HAND else None


def may_go_back(row: Remittance, by: User) -> str | None:
    last = _last(row)
    before = Union.objects.filter(pk=last.data["from"]).first() if last else None
    if before is None or not by.scope(MATCH).covers(before):
        return _("The last step is not yours to take back. Assign it anew, or say that it does not belong here.")
    return None


def go_back(row: Remittance, *, event: Event, by: User, due: date | None) -> None:
    last = _last(row)
    row.union_id, row.state = last.data["from"], last.data["matched"]
    event.target = row.state


_ANY = frozenset(S.values)

REMITTANCES = register(Workflow(Remittance))
REMITTANCES.add(
    Transition("assign", gettext_lazy("Assign to a union"), _ANY, S.BY_HAND, MATCH, effect=assign, is_primary=True,
               meaning=gettext_lazy("The employer counts to this union now and in the quarters to come.")),
    Transition("disown", gettext_lazy("Does not belong here"), _ANY - {S.NOT_OURS}, S.NOT_OURS, MATCH, frozenset({"reason"}), is_of_a_street, disown,
               meaning=gettext_lazy("It stays in your list until the district assigns it elsewhere.")),
    Transition("undo", gettext_lazy("Take the last step back"), frozenset({S.BY_HAND, S.NOT_OURS}), "", MATCH, frozenset(), may_go_back, go_back,
               meaning=gettext_lazy("The employer goes back to where it was before.")),
)  # fmt: skip
