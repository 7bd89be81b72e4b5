"""What has been done about a duty, newest first: its events, the days that moved, the reminders sent."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from unions.models import Duty, Event, NoticeItem, Reminder
from unions.templatetags.components import month_day

ACTIONS = {
    "duty.ask": gettext_lazy("Extension asked for"),
    "duty.extend": gettext_lazy("Extension granted"),
    "duty.decline": gettext_lazy("Extension declined"),
    "duty.waive": gettext_lazy("Exempted"),
    "duty.demand": gettext_lazy("Exemption taken back"),
    "rule.redate": gettext_lazy("Due day moved with the calendar or the rule"),
    "duty.reckon": gettext_lazy("An assembly was assigned to another year"),
    "duty.reopen": gettext_lazy("What had fulfilled it was withdrawn"),
    "duty.chase": gettext_lazy("Reminded by the tier above"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the history. `has_time` is false for what happened on a day."""

    at: datetime
    text: str
    detail: str = ""
    by: str = ""
    has_time: bool = True


def history(duty: Duty) -> list[Entry]:
    """Four statements, whatever has happened."""
    found = [_opened(duty), *_events(duty), *_reminders(duty)]
    if duty.first_submitted_at:
        found.append(Entry(duty.first_submitted_at, _("First submitted"), str(duty.get_timeliness_display())))
    if duty.fulfilled_at:
        found.append(Entry(duty.fulfilled_at, _("Fulfilled")))
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _at(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(0, 0)))


def _opened(duty: Duty) -> Entry:
    return Entry(
        _at(duty.opens_on), _("Opened"), _("due on %(day)s") % {"day": month_day(duty.due_on)}, has_time=False
    )


def _events(duty: Duty) -> list[Entry]:
    own = Q(model="unions.Duty", object_id=duty.pk)
    redated = Q(model="unions.DutyRule", object_id=duty.rule_id, action="rule.redate", data__period=duty.period)
    entries = []
    for event in Event.objects.acts().filter(own | redated).select_related("by"):
        detail = event.reason
        if until := event.data.get("until"):
            detail = _("until %(day)s. %(reason)s") % {
                "day": month_day(date.fromisoformat(until)),
                "reason": event.reason,
            }
        if event.action == "duty.reckon":
            detail = _("%(title)s: %(from)s → %(year)s. %(reason)s") % {**event.data, "reason": event.reason}
        if days := event.data.get("changes", {}).get("due_on"):
            detail = " → ".join(str(month_day(date.fromisoformat(day))) for day in days)
        entries.append(Entry(event.at, str(ACTIONS.get(event.action, event.action)), detail, str(event.by or "")))
    return entries


def _reminders(duty: Duty) -> list[Entry]:
    """One line a day of reminders, with how many people they reached."""
    days = set(Reminder.objects.filter(duty=duty, is_skipped=False).values_list("fired_on", flat=True))
    items = NoticeItem.objects.filter(reminder__duty=duty).values_list("reminder__fired_on")
    reached = dict(items.annotate(people=Count("notice__recipient", distinct=True)))
    entries = []
    for day in days:
        people = reached.get(day, 0)
        text = ngettext("%(count)d person", "%(count)d people", people) % {"count": people}
        entries.append(Entry(_at(day), _("Reminded"), text if people else _("nobody has an account"), has_time=False))
    return entries
