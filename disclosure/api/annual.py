"""Annual reports in the API: the list with the page's filters, one with its parts and accounts, and its moves."""

import hashlib

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from disclosure import annual_lists
from disclosure.annual import SEE, Book
from disclosure.annual_moves import ANNUAL
from disclosure.api.serializers import MoveRequest
from disclosure.api.views import KEY
from disclosure.models import AnnualPromise, AnnualQuestion, AnnualReport
from unions.api.base import ReadOnlyResource
from unions.api.filters import ScopedUnionFilters
from unions.api.serializers import UnionBrief
from unions.api.views import described
from unions.workflow import allowed, perform

MOVES = tuple(ANNUAL.transitions)
MOVE = OpenApiParameter("move", str, OpenApiParameter.PATH, enum=MOVES, description=gettext_lazy("The move to make"))


class AnnualFilters(ScopedUnionFilters, annual_lists.AnnualFilters):
    class Meta(annual_lists.AnnualFilters.Meta):
        pass


class ParagraphSerializer(serializers.Serializer):
    heading = serializers.CharField(source="prompt.title")
    text = serializers.CharField()


class ChapterSerializer(serializers.Serializer):
    number = serializers.IntegerField(source="part.number")
    title = serializers.CharField(source="part.title")
    paragraphs = ParagraphSerializer(many=True)


class LineSerializer(serializers.Serializer):
    """A head of the accounts; an amount of nothing is null."""

    side = serializers.CharField()
    head = serializers.CharField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)


class PromiseSerializer(serializers.ModelSerializer):
    class Meta:
        model = AnnualPromise
        fields = ["number", "text", "outcome", "account"]


class AnnualQuestionSerializer(serializers.ModelSerializer):
    class Meta:
        model = AnnualQuestion
        fields = ["id", "text", "asked_at", "due_on", "answer", "answered_at"]


class AnnualRow(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    rated = serializers.IntegerField(read_only=True, allow_null=True)
    content = serializers.IntegerField(read_only=True, allow_null=True)
    open_questions = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = AnnualReport
        fields = [
            "id", "union", "duty", "year", "state", "revision", "rounds", "submitted_at", "decided_at", "meeting", "hearing_until",
            "heard_on", "rated", "content", "open_questions",
        ]  # fmt: skip


class AnnualDetail(AnnualRow):
    parts = serializers.SerializerMethodField()
    accounts = serializers.SerializerMethodField()
    before = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True)
    balance = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True)
    promises = PromiseSerializer(many=True, read_only=True)
    questions = AnnualQuestionSerializer(many=True, read_only=True)
    moves = serializers.SerializerMethodField()

    class Meta(AnnualRow.Meta):
        fields = [
            *AnnualRow.Meta.fields, "parts", "accounts", "before", "balance", "promises", "questions", "moves"
        ]  # fmt: skip

    def get_parts(self, report: AnnualReport) -> ChapterSerializer(many=True):
        return ChapterSerializer(Book(report).chapters, many=True).data

    def get_accounts(self, report: AnnualReport) -> LineSerializer(many=True):
        rows = [{"side": head.side, "head": head.name, "amount": report.amount(head)} for head in Book(report).heads]
        return LineSerializer(rows, many=True).data

    def get_moves(self, report: AnnualReport) -> list[str]:
        return [transition.name for transition in allowed(report, self.context["request"].user)]


@described(gettext_lazy("Annual reports in scope"), gettext_lazy("An annual report with its parts and accounts"))
class AnnualResource(ReadOnlyResource):
    queryset = AnnualReport.objects.select_related("union__middle", "sheet", "duty__rule").order_by("-year", "-pk")
    filterset_class = AnnualFilters
    see = SEE
    # What a call writes is decided by the workflow, for this very record.
    permissions = dict.fromkeys(("list", "retrieve", "move"), SEE)

    def get_serializer_class(self):
        return AnnualRow if self.action == "list" else AnnualDetail

    def get_queryset(self) -> QuerySet:
        found = annual_lists.with_hearing(super().get_queryset())
        return found if self.action == "list" else found.prefetch_related("promises", "questions")

    @extend_schema(
        operation_id="annual_reports_move",
        summary=gettext_lazy("File, withdraw, accept, return or reopen"),
        request=MoveRequest,
        responses=AnnualDetail,
        parameters=[MOVE, KEY],
    )
    @action(detail=True, methods=["post"], url_path=rf"(?P<move>{'|'.join(MOVES)})", url_name="move")
    def move(self, request: Request, pk: str | None = None, move: str = "") -> Response:
        report = self.get_object()
        given = MoveRequest(data=request.data)
        given.is_valid(raise_exception=True)
        data, key = given.validated_data, request.headers.get("Idempotency-Key", "").strip()
        perform(
            report, move, by=request.user, revision=data["revision"], reason=data.get("reason", ""), due=data.get("due"),
            data={"remarks": data["remarks"]} if data.get("remarks") and "due" in ANNUAL.transitions[move].demands else None,
            key=hashlib.sha256(f"{request.user.pk}:annual:{report.pk}:{move}:{key}".encode()).hexdigest() if key else None,
        )  # fmt: skip
        return Response(self.get_serializer(self.get_object()).data)
