"""The words of notices about returns, made in the reader's language when they are read."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unions.kit.periods import Period
from unions.notices import Wording, wordings
from unions.templatetags.components import month_day


def _period(params: dict) -> str:
    return Period.parse(params["period"]).label


def _about(params: dict) -> dict:
    due = params.get("due")
    return {**params, "period": _period(params), "due": month_day(date.fromisoformat(due)) if due else ""}


def _submitted(params: dict) -> str:
    if params.get("round", 1) > 1:
        return _("%(union)s submitted again: %(period)s") % _about(params)
    return _("%(union)s submitted: %(period)s") % _about(params)


def register() -> None:
    """Called once when the app is ready."""
    wordings.add("return.submitted", Wording(_submitted, lambda p: _("Signed by %(by)s. Please review.") % p, "send"))
    correct = gettext_lazy("%(reason)s Please correct and submit again by %(due)s. (%(by)s)")
    for act, title, body, icon in (
        ("returned", gettext_lazy("Returned: %(period)s of %(union)s"), correct, "undo-2"),
        (
            "accepted",
            gettext_lazy("Accepted: %(period)s of %(union)s"),
            gettext_lazy("Accepted by %(by)s. The figures are locked and count in the totals."),
            "check",
        ),
        ("reopened", gettext_lazy("Reopened: %(period)s of %(union)s"), correct, "lock-open"),
        (
            "asked",
            gettext_lazy("Please sign and submit: %(period)s of %(union)s"),
            gettext_lazy("%(by)s has filled it in and asks you to check and submit it."),
            "pen-line",
        ),
        (
            "chased",
            gettext_lazy("Reminder: please submit the return of the %(period)s"),
            gettext_lazy("%(by)s of the tier above asks %(union)s to submit it; the last day is %(due)s."),
            "bell-ring",
        ),
        (
            "pushed",
            gettext_lazy("The district asks about %(figure)s of %(union)s"),
            gettext_lazy("%(text)s Please check with the union and return its report if it must be corrected."),
            "corner-right-down",
        ),
    ):
        wordings.add(f"return.{act}", Wording.of(title, body, icon, _about))
