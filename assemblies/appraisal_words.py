"""Appraisals in words: the acts for the record of acts, and notices in the reader's language; reminders of improvements."""

import datetime
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assemblies.enums import ImprovementState
from assemblies.models import Improvement
from unions.audit_words import presenters
from unions.calendar import WorkCalendar
from unions.models import Event
from unions.notices import Wording, holders, notify, wordings
from unions.permissions import Permission
from unions.settingbook import setting
from unions.templatetags.components import month_day

WORDS = {
    "appraisalsheet.edit": _("Changed the appraisal sheet"),
    "appraisal.take": _("The result of an appraisal was announced: %(returned)s of %(due)s ballots came back"),
    "improvement.add": _("Planned an improvement: %(title)s"),
    "improvement.edit": _("Changed an improvement"),
    "improvement.remove": _("Took back an improvement: %(title)s"),
}
NOTICES = {
    "appraisal.reported": (_("%(union)s reports an appraisal: %(title)s"), _("Please read it and answer."), "send"),
    "appraisal.approved": (_("Approved: %(title)s"), _("Approved by %(by)s. What is left are the improvements."), "check"),
    "appraisal.returned": (_("The report came back: %(title)s"), _("%(reason)s (%(by)s)"), "undo-2"),
    "appraisal.reopened": (_("Opened again: %(title)s"), _("%(reason)s (%(by)s)"), "undo-2"),
    "appraisal.demanded": (_("An improvement is not enough yet: %(title)s"), _("%(reason)s (%(by)s)"), "undo-2"),
}  # fmt: skip
IMPROVEMENTS = {
    "improvement.soon": (_("Due on %(day)s: %(item)s"), _("Promised after the appraisal; %(owner)s sees to it."), "clock"),
    "improvement.late": (_("Not done in time: %(item)s"), _("It was due on %(day)s; %(owner)s sees to it."), "clock-alert"),
}  # fmt: skip
SOON, LATE, CHUNK = "soon", "late", 500


def _said(words: str, event: Event) -> str:
    return str(words) % {"title": "", "returned": "", "due": "", **event.data}


def _dated(params: dict) -> dict:
    return {**params, "day": month_day(datetime.date.fromisoformat(params["day"]))}


def remind(today: datetime.date, calendar: WorkCalendar) -> int:
    """Tell whoever prepares the union's meetings of each improvement that is due soon, and once more when it is late. An
    improvement keeps which reminder it had, so that a round costs one query where there is nothing to say."""
    last = calendar.shift(today, setting("due-soon"))
    is_soon, is_late = Q(due_on__range=(today, last), told=""), Q(due_on__lt=today) & ~Q(told=LATE)
    waiting = Improvement.objects.filter(is_soon | is_late, state=ImprovementState.OPEN).select_related("union")
    told = 0
    for item in waiting.order_by("pk")[:CHUNK]:
        item.told = LATE if item.due_on < today else SOON
        told += len(
            notify(
                holders(Permission.ASSEMBLY_EDIT, item.union), f"improvement.{item.told}", union=item.union,
                params={"item": item.title, "owner": item.owner, "day": item.due_on.isoformat()},
                url=reverse("assemblies:improvement", args=[item.pk]), key=f"improvement.{item.pk}.{item.told}.{item.due_on}",
            )
        )  # fmt: skip
        item.save(update_fields=["told"])
    return told


def register() -> None:
    """Called once when the app is ready."""
    for action, words in WORDS.items():
        presenters.add(action, partial(_said, words))
    for key, (title, body, icon) in NOTICES.items():
        wordings.add(key, Wording.of(title, body, icon, lambda params: {"reason": "", **params}))
    for key, (title, body, icon) in IMPROVEMENTS.items():
        wordings.add(key, Wording.of(title, body, icon, _dated))
