"""Annual reports in the API: the list with the page's filters, one with its parts and accounts, and its moves."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from disclosure import annual_lists
from disclosure.annual import SEE, Book
from disclosure.annual_moves import ANNUAL
from disclosure.api.serializers import RemarkedMove
from disclosure.models import AnnualPromise, AnnualQuestion, AnnualReport
from unions.api.filters import ScopedUnionFilters
from unions.api.moves import MovableResource, MovesField, movable
from unions.api.serializers import UnionBrief
from unions.api.views import described

MOVES = tuple(ANNUAL.transitions)


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
    moves = MovesField()

    class Meta(AnnualRow.Meta):
        fields = [
            *AnnualRow.Meta.fields, "parts", "accounts", "before", "balance", "promises", "questions", "moves"
        ]  # fmt: skip

    def get_parts(self, report: AnnualReport) -> ChapterSerializer(many=True):
        return ChapterSerializer(Book(report).chapters, many=True).data

    def get_accounts(self, report: AnnualReport) -> LineSerializer(many=True):
        rows = [{"side": head.side, "head": head.name, "amount": report.amount(head)} for head in Book(report).heads]
        return LineSerializer(rows, many=True).data


@movable(
    "annual_reports",
    MOVES,
    gettext_lazy("File, withdraw, accept, return or reopen"),
    shows=AnnualDetail,
    asks=RemarkedMove,
)
@described(gettext_lazy("Annual reports in scope"), gettext_lazy("An annual report with its parts and accounts"))
class AnnualResource(MovableResource):
    queryset = AnnualReport.objects.select_related("union__middle", "sheet", "duty__rule").order_by("-year", "-pk")
    filterset_class = AnnualFilters
    see = SEE

    def get_serializer_class(self):
        return AnnualRow if self.action == "list" else AnnualDetail

    def get_queryset(self) -> QuerySet:
        found = annual_lists.with_hearing(super().get_queryset())
        return found if self.action == "list" else found.prefetch_related("promises", "questions")

    def make_move(self, found: AnnualReport, move: str, data: dict[str, Any], **known: Any) -> None:
        """Remarks go with what is returned."""
        super().make_move(found, move, data if "due" in ANNUAL.transitions[move].demands else {}, **known)
