"""Acts and notices about annual reports in words."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from unions.audit_words import presenters
from unions.notices import Wording, wordings
from unions.templatetags.components import month_day

WORDS = {
    "annualreport.ask": _("Asked the chair to look it over and file it"),
    "annualreport.hear": _("The report was heard: %(where)s"),
    "annualreport.give": _("Gave the report to %(count)s members of the committee, until %(until)s"),
    "annualreport.rate": _("A member of the committee rated the report (no. %(number)s)"),
    "annualreport.question": _("A question about the report, to be answered by %(due)s"),
    "annualreport.answer": _("Answered a question about the report"),
    "annualsheet.set": _("Set what the annual reports of %(tier)s contain, from the year %(year)s"),
}
NOTICES = (
    ("submitted", _("To be reviewed: annual report %(year)s of %(union)s"), _("Filed by %(by)s. Please review."), "send"),
    ("returned", _("Returned: annual report %(year)s of %(union)s"), _("%(reason)s Please correct and file again by %(due)s. (%(by)s)"), "undo-2"),
    ("asked", _("Please look over and file: annual report %(year)s of %(union)s"), _("%(by)s has written it and asks you to sign it."), "pen-line"),
    ("question_asked", _("A question about the annual report %(year)s of %(union)s"), _("Please answer it by %(due)s."), "message-circle-question-mark"),
    ("question_soon", _("To be answered soon: a question about the annual report %(year)s of %(union)s"), _("Please answer it by %(due)s."), "clock"),
    ("question_late", _("Answer overdue: a question about the annual report %(year)s of %(union)s"), _("It was due on %(due)s."), "clock-alert"),
    ("accepted", _("Accepted: annual report %(year)s of %(union)s"), _("Accepted by %(by)s."), "check"),
)  # fmt: skip

_EMPTY = dict.fromkeys(("tier", "year", "where", "count", "until", "number", "due"), "")


def _about(params: dict) -> dict:
    due = params.get("due")
    return {"reason": "", **params, "due": month_day(date.fromisoformat(due)) if due else ""}


def register() -> None:
    """Called once when the app is ready."""
    for action, words in WORDS.items():
        presenters.add(action, lambda event, words=words: str(words) % {**_EMPTY, **event.data})
    for act, title, body, icon in NOTICES:
        wordings.add(f"annual.{act}", Wording.of(title, body, icon, _about))
