"""Acts and notices about budgets in words; the execution of a budget as a thing to publish."""

from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from disclosure.annual import SEE
from disclosure.budget_executions import CATEGORY, Entry, Ledger
from disclosure.models import Execution
from disclosure.models.budgets import EXECUTION
from unions.audit_words import presenters
from unions.models import Union
from unions.notices import Wording, wordings
from unions.publishables import Draft, Publishable, publishables
from unions.templatetags.components import full_day, month_day, percent

ACTS = {
    "budget.begin": _("Began the budget of %(year)s"),
    "budget.edit": _("Changed %(count)s amounts of the budget"),
    "budget.adjust": _("Began adjustment %(number)s of the budget"),
    "budget.discard": _("Threw the draft of the budget %(year)s away"),
    "budget.review": _("The fund audit committee reviewed the budget on %(day)s"),
    "budget.adopt": _("The budget was adopted on %(day)s"),
    "execution.begin": _("Began to enter the execution until %(until)s"),
    "execution.edit": _("Changed %(count)s amounts of the execution"),
}
BLOCKS = 10  # of a bar in a text
NOTICES = (
    ("submitted", _("To be reviewed: %(title)s of %(union)s"), _("Filed by %(by)s. Please review."), "send"),
    ("returned", _("Returned: %(title)s of %(union)s"), _("%(reason)s (%(by)s)"), "undo-2"),
    ("accepted", _("Accepted: %(title)s of %(union)s"), _("Accepted by %(by)s."), "check"),
    ("due", _("To be published soon: execution of the %(title)s"), _("Enter it, submit it and publish it by %(due)s."), "clock"),
    ("late", _("Publication overdue: execution of the %(title)s"), _("It was due on %(due)s."), "clock-alert"),
    ("late_below", _("%(union)s has not published the execution of its %(title)s"), _("It was due on %(due)s."), "clock-alert"),
)  # fmt: skip

_EMPTY = dict.fromkeys(("year", "count", "number", "day", "until"), "")


def _about(params: dict) -> dict:
    due = params.get("due")
    return {"reason": "", **params, "due": month_day(date.fromisoformat(due)) if due else ""}


# --- publication ---------------------------------------------------------------------------------------------------


def publishable(union: Union) -> QuerySet:
    """What was submitted."""
    return (
        Execution.objects.submitted().filter(union=union).select_related("budget__union").order_by("-until_on", "-pk")
    )


def bar(share: Decimal | None) -> str:
    """A share drawn in a text, which is published as it stands: ██████░░░░."""
    full = min(BLOCKS, max(0, int((share or 0) * BLOCKS + Decimal("0.5"))))
    return "█" * full + "░" * (BLOCKS - full)


def _line(name: str, entry: Entry) -> str:
    amounts = f"{entry.amount or 0:,.2f}/{entry.budgeted:,.2f}"
    return f"{name} {bar(entry.share)} {percent(entry.share)}（{amounts}）"


def draft_of(execution: Execution) -> Draft:
    """Each head with its bar: how much of what was budgeted was received or spent; nothing is typed again."""
    ledger = Ledger(execution)
    lines = [
        gettext("Until %(day)s, cumulative, in yuan; by the %(budget)s.")
        % {"day": full_day(execution.until_on), "budget": ledger.budget.title},
        gettext("Carried over from last year: %(sum)s yuan") % {"sum": f"{ledger.budget.before:,.2f}"},
    ]
    for _side, label, entries, total in ledger.sides:
        lines += ["", str(label)]
        lines += [_line(entry.label, entry) for entry in entries if entry.amount or entry.budgeted]
        lines.append(_line(gettext("Sum"), total))
    lines += ["", gettext("Left on the day: %(sum)s yuan") % {"sum": f"{ledger.balance:,.2f}"}]
    return Draft(execution.title, "\n".join(lines), CATEGORY, execution.until_on, execution.meeting)


def register() -> None:
    """Called once when the app is ready."""
    for action, words in ACTS.items():
        presenters.add(action, lambda event, words=words: str(words) % {**_EMPTY, **event.data})
    for act, title, body, icon in NOTICES:
        wordings.add(f"budget.{act}", Wording.of(title, body, icon, _about))
    publishables.add(EXECUTION, Publishable(_("Executions of budgets"), SEE, publishable, draft_of))
