"""Budgets in the API: the list with the page's filters, one with its heads and executions, and its moves."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from disclosure import budget_lists
from disclosure.annual import SEE
from disclosure.budget_executions import executions_of
from disclosure.budget_moves import BUDGETS
from disclosure.budgets import Plan
from disclosure.models import Budget, Execution
from unions.api.base import ReadOnlyResource
from unions.api.filters import ScopedUnionFilters
from unions.api.serializers import UnionBrief
from unions.api.views import described
from unions.workflow import allowed, perform

MOVES = tuple(BUDGETS.transitions)
STATED = ("reviewed_on", "reviewer", "opinion", "adopted_on", "meeting", "minutes")


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
    moves = serializers.SerializerMethodField()

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

    def get_moves(self, budget: Budget) -> list[str]:
        return [transition.name for transition in allowed(budget, self.context["request"].user)]


class BudgetMove(serializers.Serializer):
    """A review states the day, who and the opinion; an adoption a meeting of the portal, or the day and where it is written."""

    revision = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)
    reviewed_on = serializers.DateField(required=False)
    reviewer = serializers.CharField(required=False, max_length=60)
    opinion = serializers.CharField(required=False, max_length=500)
    adopted_on = serializers.DateField(required=False)
    meeting = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    minutes = serializers.CharField(required=False, max_length=300)


@described(
    gettext_lazy("Budgets in scope, each in its newest version"),
    gettext_lazy("A budget with its heads and executions"),
)
class BudgetResource(ReadOnlyResource):
    queryset = Budget.objects.select_related("union__middle", "union__parent").order_by("-year", "-pk")
    filterset_class = BudgetFilters
    see = SEE
    # What a call writes is decided by the workflow, for this very record.
    permissions = dict.fromkeys(("list", "retrieve", "move"), SEE)

    def get_serializer_class(self):
        return BudgetRow if self.action == "list" else BudgetDetail

    def get_queryset(self) -> QuerySet:
        found = budget_lists.with_execution(super().get_queryset())
        return found.newest() if self.action == "list" else found.prefetch_related("sheet__heads")

    @extend_schema(
        operation_id="budgets_move",
        summary=gettext_lazy("Enter the review or the adoption, file, accept or return a budget"),
        request=BudgetMove,
        responses=BudgetDetail,
        parameters=[OpenApiParameter("move", str, OpenApiParameter.PATH, enum=MOVES)],
    )
    @action(detail=True, methods=["post"], url_path=rf"(?P<move>{'|'.join(MOVES)})", url_name="move")
    def move(self, request: Request, pk: str | None = None, move: str = "") -> Response:
        found = self.get_object()
        given = BudgetMove(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        data = {name: values[name] for name in STATED if name in values}
        known = data if move in ("review", "adopt") else None
        perform(found, move, by=request.user, revision=values["revision"], reason=values.get("reason", ""), data=known)
        return Response(self.get_serializer(self.get_queryset().get(pk=found.pk)).data)
