"""The words of notices about meetings, made in the reader's language when they are read."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from unions.notices import Wording, wordings
from unions.templatetags.components import month_day


def _about(params: dict) -> dict:
    return {"reason": "", "number": "", **params, "day": month_day(date.fromisoformat(params["day"]))}


MEETINGS = (
    ("reported", _("%(union)s reports a meeting: %(title)s"), _("To be held on %(day)s. Please decide on the plan."), "send"),
    ("approved", _("Approved: %(title)s"), _("Approved by %(by)s, %(number)s. Send the notice now."), "check"),
    ("declined", _("The plan came back: %(title)s"), _("%(reason)s (%(by)s)"), "undo-2"),
    ("called", _("You are invited: %(title)s"), _("%(union)s, on %(day)s, %(place)s. Agenda and papers are attached."), "calendar-check"),
    ("postponed", _("Postponed: %(title)s"), _("New day: %(day)s. %(reason)s"), "calendar-clock"),
    ("cancelled", _("Cancelled: %(title)s"), _("%(reason)s (%(by)s)"), "calendar-x"),
    ("filed", _("%(union)s reports results: %(title)s"), _("Held on %(day)s. Please decide on the results."), "send"),
    ("confirmed", _("Results approved: %(title)s"), _("Approved by %(by)s, %(number)s. Publish them to the members now."), "check"),
    ("reckoned", _("Counts for %(year)s: %(title)s"), _("It counted for %(from)s before. %(reason)s (%(by)s)"), "calendar-check"),
    ("returned", _("The results came back: %(title)s"), _("%(reason)s (%(by)s)"), "undo-2"),
)  # fmt: skip
MATTERS = (
    ("soon", _("To be answered by %(day)s: %(matter)s"), _("Raised at a symposium; %(owner)s sees to it."), "clock"),
    ("late", _("Not answered in time: %(matter)s"), _("It was due on %(day)s; %(owner)s sees to it."), "clock-alert"),
)


def register() -> None:
    """Called once when the app is ready."""
    for key, rows in (("meeting", MEETINGS), ("matter", MATTERS)):
        for act, title, body, icon in rows:
            wordings.add(f"{key}.{act}", Wording.of(title, body, icon, _about))
