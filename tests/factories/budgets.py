"""Budgets at any stage of their way, moved there by whoever may."""

from django.utils import timezone

from disclosure import budget_executions, budgets
from disclosure.annual import sheet_for
from disclosure.budget_executions import owe_next
from disclosure.models import Budget, Execution
from unions.models import Union, User
from unions.workflow import perform

REVIEW = {"reviewer": "周审（经审会主任）", "opinion": "预算编制合规，同意提交审议。"}
ADOPTION = {"minutes": "工会委员会第三次会议，纪要第5号"}


def begun(union: Union, by: User, year: int | None = None) -> Budget:
    return budgets.begin(union, year or timezone.localdate().year, by=by)


def amounts(budget: Budget, income="20000", expense="15000.50", planned="4999.50", before="0") -> dict[str, str]:
    """The first head of each side."""
    first = {side: budget.sheet.heads.filter(side=side).first() for side in ("income", "expense")}
    return {
        "a.before": before, "a.planned": planned, f"a.{first['income'].pk}": income, f"a.{first['expense'].pk}": expense
    }  # fmt: skip


def written(union: Union, by: User, year: int | None = None, **given) -> Budget:
    """It balances."""
    budget = begun(union, by, year)
    return budgets.save(budget, amounts(budget, **given), by=by)[0]


def reviewed(budget: Budget, by: User) -> Budget:
    return perform(budget, "review", by=by, data={**REVIEW, "reviewed_on": timezone.localdate()})


def adopted(budget: Budget, by: User) -> Budget:
    data = {**ADOPTION, "adopted_on": timezone.localdate()}
    return perform(reviewed(budget, by), "adopt", by=by, data=data)


def filed(budget: Budget, by: User) -> Budget:
    return perform(adopted(budget, by), "file", by=by)


def accepted(budget: Budget, by: User, above: User) -> Budget:
    return perform(filed(budget, by), "accept", by=above)


def in_force(union: Union, by: User, year: int | None = None, **given) -> Budget:
    """As if all had been done, of whatever year; for records that stand on an adopted budget."""
    year, now = year or timezone.localdate().year, timezone.now()
    planned = Budget(union=union, year=year, sheet=sheet_for(union, year))
    planned.amounts = {key.removeprefix("a."): text for key, text in amounts(planned, **given).items()}
    planned.state, planned.reviewed_on, planned.adopted_on = "accepted", now.date(), now.date()
    planned.filed_at, planned.filed_by, planned.decided_at = now, by, now
    for name, text in {**REVIEW, **ADOPTION}.items():
        setattr(planned, name, text)
    known = Budget.objects.in_force().filter(union=union, year=year).first()
    if known is None:
        owe_next(planned)
        planned.save()
    return Budget.objects.select_related("union").get(pk=(known or planned).pk)


def entered(budget: Budget, by: User, until=None, income="10000", expense="7000") -> Execution:
    """What was received and spent by the first head of each side."""
    execution = budget_executions.begin(budget, until or budget_executions.ends_of(budget.year)[0], by=by)
    heads = {side: budget.sheet.heads.filter(side=side).first().pk for side in ("income", "expense")}
    values = {f"a.{heads['income']}": income, f"a.{heads['expense']}": expense}
    return budget_executions.save(execution, values, None, by=by)[0]


def submitted(budget: Budget, by: User, **given) -> Execution:
    return perform(entered(budget, by, **given), "submit", by=by)
