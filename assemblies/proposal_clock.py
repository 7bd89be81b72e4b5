"""The clock's part: whoever handles a proposal hears before a step is due and once more when it is past, each once."""

from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from assemblies.models import Proposal
from assemblies.models.proposals import WITH_THE_UNION
from unions.calendar import WorkCalendar
from unions.models import User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.settingbook import setting

CHUNK = 200


def remind(today: date, calendar: WorkCalendar) -> int:
    """Tell of what is due soon or past, whichever has not been told for that day. A missed round is made up by the
    next: what was told stands on the proposal."""
    soon = calendar.shift(today, setting("proposal-remind-workdays"))
    late = Q(due_on__lt=today) & ~Q(told_late_on=F("due_on"))
    near = Q(due_on__gte=today, due_on__lte=soon) & ~Q(told_due_on=F("due_on"))
    told = 0
    while told < CHUNK * 50:
        count = _tell_some(Proposal.objects.filter(late | near, state__in=WITH_THE_UNION), today)
        told += count
        if count < CHUNK:
            break
    return told


@transaction.atomic
def _tell_some(waiting, today: date) -> int:
    people: dict[int, list[User]] = {}
    rows = list(
        waiting.select_related("union")
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)[:CHUNK]
    )
    for proposal in rows:
        for union in _handled_at(proposal):
            if union.pk not in people:
                people[union.pk] = holders(Permission.PROPOSAL_HANDLE, union)
            is_late = proposal.due_on < today
            kind = "late" if is_late else "due"
            notify(
                people[union.pk], f"proposal.{kind}", union=proposal.union,
                params={
                    "union": proposal.union.name, "title": proposal.title, "code": proposal.code,
                    "state": proposal.state, "due": proposal.due_on.isoformat(),
                },
                url=reverse("assemblies:proposal-detail", args=[proposal.pk]),
                key=f"proposal.{proposal.pk}.{kind}.{proposal.due_on:%Y%m%d}",
            )  # fmt: skip
        proposal.told_due_on = proposal.due_on
        proposal.told_late_on = proposal.due_on if proposal.due_on < today else proposal.told_late_on
    Proposal.objects.bulk_update(rows, ["told_due_on", "told_late_on"], batch_size=CHUNK)
    return len(rows)


def _handled_at(proposal: Proposal) -> list:
    """The proposal's own union, and the tier above where it was passed up to it."""
    above = [handler.superior for handler in proposal.handlers.select_related("superior") if handler.superior_id]
    return [proposal.union, *above]
