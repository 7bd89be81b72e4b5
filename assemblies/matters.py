"""Matters raised at a symposium (R28): taken down, answered by a day, settled with what came of it."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.enums import MatterState, MeetingState
from assemblies.models import Matter, Meeting
from assemblies.models.meetings import PREPARING
from unions.calendar import WorkCalendar
from unions.kit.text import sentence
from unions.models import Event, User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.services import differences, record
from unions.settingbook import setting
from unions.workflow import Invalid, MoveError, Transition, Workflow, register

S = MatterState


def due_day(day: datetime.date) -> datetime.date:
    """By when a matter raised on a day is answered, unless something else is agreed."""
    return WorkCalendar().shift(day, setting("matter-answer-workdays", day))


@transaction.atomic
def raise_matter(meeting: Meeting, values: dict[str, Any], *, by: User) -> Matter:
    """Take a matter down. It wants somebody who sees to it and a day."""
    current = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
    if current.state in PREPARING or current.state == MeetingState.CANCELLED:
        raise MoveError(_("Matters are taken down once the symposium has begun."))
    last = current.matters.aggregate(last=Max("number"))["last"] or 0
    matter = Matter.objects.create(meeting=current, number=last + 1, **values)
    record(current.union, "matter.raise", matter, by=by, data={"title": matter.title})
    matter.refresh_from_db()
    return matter


@transaction.atomic
def edit_matter(matter: Matter, values: dict[str, Any], *, by: User) -> Matter:
    current = Matter.objects.select_for_update(of=("self",), no_key=True).get(pk=matter.pk)
    if current.state == S.ENDED:
        raise MoveError(_("The matter is settled; reopen it first."))
    changes = differences({name: getattr(current, name) for name in values}, values)
    if changes:
        for name in changes:
            setattr(current, name, values[name])
        current.told = "" if "due_on" in changes else current.told
        current.revision += 1
        current.save()
        record(current.union, "matter.edit", current, by=by, data={"changes": changes})
    return current


def _text(event: Event, key: str, missing: str) -> str:
    text = sentence(str(event.data.pop(key, "")), 4000)
    if not text:
        raise Invalid(_("Something is still missing."), {key: missing})
    return text


def answer(matter: Matter, *, event: Event, by: User, due) -> None:
    matter.reply = _text(event, "reply", _("Write what was answered."))
    matter.answered_on = timezone.localdate()


def settle(matter: Matter, *, event: Event, by: User, due) -> None:
    matter.outcome = _text(event, "outcome", _("Write what came of it."))
    matter.ended_on = timezone.localdate()


def reopen(matter: Matter, *, event: Event, by: User, due) -> None:
    """The answer did not settle it: a new day is set."""
    if due < timezone.localdate():
        raise Invalid(_("Something is still missing."), {"due": _("Choose today or a later day.")})
    matter.due_on, matter.answered_on, matter.ended_on, matter.told = due, None, None, ""


MATTERS = register(Workflow(Matter))
MATTERS.add(
    Transition("answer", gettext_lazy("Answer to the matter"), frozenset({S.OPEN}), S.ANSWERED, Permission.ASSEMBLY_EDIT, effect=answer, is_primary=True),
    Transition("settle", gettext_lazy("Settle"), frozenset({S.ANSWERED}), S.ENDED, Permission.ASSEMBLY_EDIT, effect=settle, is_primary=True),
    Transition("reopen", gettext_lazy("Take up again"), frozenset({S.ANSWERED, S.ENDED}), S.OPEN, Permission.ASSEMBLY_EDIT, demands=frozenset({"reason", "due"}), effect=reopen),
)  # fmt: skip


# --- reminders -----------------------------------------------------------------------------------------------------

SOON, LATE = "soon", "late"


def remind(today: datetime.date, calendar: WorkCalendar) -> int:
    """Tell whoever prepares the union's meetings of each matter that is due soon, and once more when it is late. A chore
    of the clock: a matter keeps which reminder it had, so that a round costs one query where there is nothing to say."""
    last = calendar.shift(today, setting("due-soon"))
    is_soon, is_late = Q(due_on__range=(today, last), told=""), Q(due_on__lt=today) & ~Q(told=LATE)
    waiting = Matter.objects.filter(is_soon | is_late, state=S.OPEN).select_related("union").order_by("pk")
    told = 0
    for matter in waiting[:500]:
        matter.told = LATE if matter.due_on < today else SOON
        told += len(
            notify(
                holders(Permission.ASSEMBLY_EDIT, matter.union), f"matter.{matter.told}", union=matter.union,
                params={"matter": matter.title, "owner": matter.owner, "day": matter.due_on.isoformat()},
                url=reverse("assemblies:matter", args=[matter.pk]), key=f"matter.{matter.pk}.{matter.told}.{matter.due_on}",
            )
        )  # fmt: skip
        matter.save(update_fields=["told"])
    return told
