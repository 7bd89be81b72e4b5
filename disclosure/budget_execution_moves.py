"""How the execution of a budget moves: entered, submitted, withdrawn to be corrected."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.annual import SIGN
from disclosure.budget_executions import Ledger, in_force_for
from disclosure.enums import BulletinState, ExecutionState
from disclosure.models import Bulletin, Execution
from disclosure.models.budgets import EXECUTION
from unions.models import Event, User
from unions.workflow import Transition, Workflow, register

S = ExecutionState


def is_sound(execution: Execution, by: User) -> str | None:
    return next(iter(Ledger(execution).wrong.values()), None)


def is_not_public(execution: Execution, by: User) -> str | None:
    """What a bulletin was made of stands as long as the bulletin does."""
    rows = Bulletin.objects.filter(union=execution.union_id, source=EXECUTION, source_id=execution.pk)
    if rows.exclude(state=BulletinState.WITHDRAWN).exists():
        return _("A bulletin was made of it: withdraw or discard that first.")
    return None


def submit(execution: Execution, *, event: Event, by: User, due: date | None) -> None:
    execution.budget = in_force_for(execution.budget)
    execution.add_up()
    execution.filed_at, execution.filed_by = timezone.now(), by


EXECUTIONS = register(Workflow(Execution))
EXECUTIONS.add(
    Transition("submit", gettext_lazy("Submit the execution"), frozenset({S.DRAFT}), S.SUBMITTED, SIGN, guard=is_sound, effect=submit, is_primary=True,
               meaning=gettext_lazy("The tier above reads it, and it can be published.")),
    Transition("withdraw", gettext_lazy("Withdraw"), frozenset({S.SUBMITTED}), S.DRAFT, SIGN, frozenset({"reason"}), is_not_public,
               meaning=gettext_lazy("You can change it and submit it again.")),
)  # fmt: skip
