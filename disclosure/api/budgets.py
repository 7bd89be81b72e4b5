"""Budgets in the API: the list with the page's filters, one with its heads and executions, and its moves."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from disclosure import budget_lists
from disclosure.annual import SEE
from disclosure.budget_executions import executions_of
from disclosure.budget_moves import BUDGETS
from disclosure.budgets import Plan
from disclosure.models import Budget, Execution
from unions.api.filters import ScopedUnionFilters
from unions.api.moves import MovableResource, MoveRequest, MovesField, movable
from unions.api.serializers import UnionBrief
from unions.api.views import described

MOVES = tuple(BUDGETS.transitions)


class BudgetFilters(ScopedUnionFilters, budget_lists.BudgetFilters):
    class Meta(budget_lists.BudgetFilters.Meta):
        pass


class BudgetLineSerializer(serializers.Serializer):
    """A head with what stands beside it; an amount of nothing is null."""

    side = serializers.CharField()
    head = serializers.CharField()
    amount = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    former = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    last_budget = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    last_accounts = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)


class ExecutionSerializer(serializers.ModelSerializer):
    """Cumulative; `amounts` maps a head to yuan."""

    amounts = serializers.SerializerMethodField()

    class Meta:
        model = Execution
        fields = ["id", "until_on", "state", "spent", "budgeted", "amounts", "meeting", "filed_at", "revision"]

    def get_amounts(self, execution: Execution) -> dict[str, str]:
        return {head.name: execution.amounts.get(str(head.pk)) or "" for head in execution.budget.sheet.heads.all()}


class BudgetRow(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    spent = serializers.DecimalField(max_digits=16, decimal_places=2, read_only=True, allow_null=True)
    budgeted = serializers.DecimalField(max_digits=16, decimal_places=2, read_only=True, allow_null=True)
    until_on = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model = Budget
        fields = [
            "id", "union", "year", "number", "state", "reviewed_on", "adopted_on", "filed_at", "decided_at", "owed_on", "due_on",
            "spent", "budgeted", "until_on", "revision",
        ]  # fmt: skip


class BudgetDetail(BudgetRow):
    before = serializers.DecimalField(max_digits=16, decimal_places=2, read_only=True)
    balance = serializers.DecimalField(max_digits=16, decimal_places=2, read_only=True)
    lines = serializers.SerializerMethodField()
    executions = serializers.SerializerMethodField()
    moves = MovesField()

    class Meta(BudgetRow.Meta):
        fields = [
            *BudgetRow.Meta.fields, "reason", "reviewer", "opinion", "meeting", "minutes", "before", "balance", "lines",
            "executions", "moves",
        ]  # fmt: skip

    def get_lines(self, budget: Budget) -> BudgetLineSerializer(many=True):
        found = [
            {"side": side, "head": line.label, **{name: getattr(line, name) for name in ("amount", "former", "last_budget", "last_accounts")}}
            for side, _label, lines, _total in Plan(budget).sides
            for line in lines
        ]  # fmt: skip
        return BudgetLineSerializer(found, many=True).data

    def get_executions(self, budget: Budget) -> ExecutionSerializer(many=True):
        return ExecutionSerializer(executions_of(budget), many=True).data


class BudgetMove(MoveRequest):
    """A review states the day, who and the opinion; an adoption a meeting of the portal, or the day and where it is written."""

    reviewed_on = serializers.DateField(required=False)
    reviewer = serializers.CharField(required=False, max_length=60)
    opinion = serializers.CharField(required=False, max_length=500)
    adopted_on = serializers.DateField(required=False)
    meeting = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    minutes = serializers.CharField(required=False, max_length=300)


@movable(
    "budgets",
    MOVES,
    gettext_lazy("Enter the review or the adoption, file, accept or return a budget"),
    shows=BudgetDetail,
    asks=BudgetMove,
)
@described(
    gettext_lazy("Budgets in scope, each in its newest version"),
    gettext_lazy("A budget with its heads and executions"),
)
class BudgetResource(MovableResource):
    queryset = Budget.objects.select_related("union__middle", "union__parent").order_by("-year", "-pk")
    filterset_class = BudgetFilters
    see = SEE

    def get_serializer_class(self):
        return BudgetRow if self.action == "list" else BudgetDetail

    def get_queryset(self) -> QuerySet:
        found = budget_lists.with_execution(super().get_queryset())
        return found.newest() if self.action == "list" else found.prefetch_related("sheet__heads")

    def make_move(self, found: Budget, move: str, data: dict[str, Any], **known: Any) -> None:
        super().make_move(found, move, data if move in ("review", "adopt") else {}, **known)
