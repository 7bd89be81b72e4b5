"""What budgets bring to the menu, the workbench and a union's page."""

from collections.abc import Iterable

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.annual import REVIEW, SEE, WRITE
from disclosure.budget_executions import FILE, settled, without_duty
from disclosure.budget_lists import with_execution, without_budget
from disclosure.bulletin_cards import FUNDS, TAB
from disclosure.enums import BudgetState
from disclosure.models import Budget
from unions.dashboards import Board
from unions.kit.links import link
from unions.kit.registry import Card, MenuItem, menu, union_cards
from unions.models import Union
from unions.templatetags.components import month_day
from unions.uploads import purposes
from unions.workbench import Todo, Waiting, Workbench, todos, waiting

SHOWN = 4


def to_review(bench: Workbench) -> Waiting | None:
    """Budgets that wait for this person's decision."""
    if not bench.user.has_perm(REVIEW):
        return None

    def said(count: int) -> Todo:
        return Todo(
            title=_("Budgets to review"), text=_("Filed by the unions directly below."), action=_("Review"),
            url=link("disclosure:budget-list", state=BudgetState.SUBMITTED), tag=(str(count), "info", "book-check"),
        )  # fmt: skip

    return Waiting(Budget.objects.visible_to(bench.user, REVIEW).to_review(), said)


def execution_todo(bench: Workbench) -> Iterable[Todo]:
    """The execution that one's own union publishes next, once its period is over and where no duty asks for it."""
    if not bench.user.has_perm(WRITE):
        return
    rows = without_duty(
        Budget.objects.visible_to(bench.user, WRITE).in_force().filter(owed_on__lte=bench.today, due_on__isnull=False)
    )
    for one in (
        rows.exclude(pk__in=settled(rows).values("pk")).select_related("union").order_by("due_on", "pk")[:SHOWN]
    ):
        is_late = one.due_on < bench.today
        yield Todo(
            title=_("Execution of the %(title)s") % {"title": one.title}, action=_("Handle"), union=one.union, due=one.due_on,
            text=_("Enter what was received and spent, submit it and publish it."), is_overdue=is_late,
            url=reverse("disclosure:budget", args=[one.pk]), tag=(month_day(one.due_on), "bad" if is_late else "info", "wallet"),
        )  # fmt: skip


def union_card(board: Board) -> dict | None:
    """A union's last budgets; above, how many of those that should have adopted one for the year, and what they have spent."""
    user, year = board.user, board.period.year
    if board.is_leaf:
        rows = with_execution(Budget.objects.visible_to(user, SEE).newest()).filter(union=board.union)
        may_write = board.union.is_active and user.has_perm(WRITE, board.union)
        return {"budgets": list(rows.order_by("-year")[:SHOWN]), "union": board.union, "may_write": may_write}
    place = {} if board.is_district else {"middle": board.union.pk}
    adopted = with_execution(Budget.objects.visible_to(user, SEE).in_force().filter(year=year, **place)).order_by()
    counts = adopted.aggregate(
        adopted=Count("pk"), executed=Count("budgeted"), spent_sum=Sum("spent"), budgeted_sum=Sum("budgeted")
    )  # fmt: skip
    expected = Union.objects.visible_to(user, SEE).active().filter(**place)
    shown = place if user.scope(SEE).everything else {}
    return {
        "year": year, "union": board.union, "counts": counts, "expected": expected.count(),
        "missing": without_budget(expected, year).count(),
        "links": {
            "adopted": link("disclosure:budget-list", year=year, adopted=1, **shown),
            "executed": link("disclosure:budget-list", year=year, adopted=1, executed=1, **shown),
            "missing": link("disclosure:budget-missing", year=year, **shown),
        },
    }  # fmt: skip


def register() -> None:
    """Called once when the app is ready."""
    purposes.add(FILE.key, FILE)
    todos.add("budgets.execution", execution_todo)
    waiting.add("budgets.review", to_review)
    union_cards.add("budgets", Card("disclosure/cards/budgets.html", union_card, SEE, 7, tab=TAB))
    menu.add(
        "disclosure.budgets",
        MenuItem(gettext_lazy("Budgets"), "wallet", "disclosure:budget-list", SEE, 455, FUNDS),
    )
