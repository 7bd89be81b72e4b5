"""The words of notices about returns, made in the reader's language when they are read."""

from datetime import date

from django.utils.translation import gettext as _

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
    wordings.add(
        "return.submitted",
        Wording(_submitted, lambda p: _("Signed by %(by)s. Please review.") % p, "send"),
    )
    wordings.add(
        "return.returned",
        Wording(
            lambda p: _("Returned: %(period)s of %(union)s") % _about(p),
            lambda p: _("%(reason)s Please correct and submit again by %(due)s. (%(by)s)") % _about(p),
            "undo-2",
        ),
    )
    wordings.add(
        "return.accepted",
        Wording(
            lambda p: _("Accepted: %(period)s of %(union)s") % _about(p),
            lambda p: _("Accepted by %(by)s. The figures are locked and count in the totals.") % p,
            "check",
        ),
    )
    wordings.add(
        "return.reopened",
        Wording(
            lambda p: _("Reopened: %(period)s of %(union)s") % _about(p),
            lambda p: _("%(reason)s Please correct and submit again by %(due)s. (%(by)s)") % _about(p),
            "lock-open",
        ),
    )
    wordings.add(
        "return.asked",
        Wording(
            lambda p: _("Please sign and submit: %(period)s of %(union)s") % _about(p),
            lambda p: _("%(by)s has filled it in and asks you to check and submit it.") % p,
            "pen-line",
        ),
    )
    wordings.add(
        "return.chased",
        Wording(
            lambda p: _("Reminder: please submit the return of the %(period)s") % _about(p),
            lambda p: _("%(by)s of the tier above asks %(union)s to submit it; the last day is %(due)s.") % _about(p),
            "bell-ring",
        ),
    )
    wordings.add(
        "return.pushed",
        Wording(
            lambda p: _("The district asks about %(figure)s of %(union)s") % p,
            lambda p: _("%(text)s Please check with the union and return its report if it must be corrected.") % p,
            "corner-right-down",
        ),
    )
