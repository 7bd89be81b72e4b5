"""Fund audits in the API: the list with the page's filters, one with its findings once they can be read, and its moves."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from disclosure import fund_audit_lists
from disclosure.fund_audit_moves import AUDITS
from disclosure.fund_audits import SEE, shows_findings
from disclosure.models import FundAudit, FundFinding
from unions.api.base import ReadOnlyResource
from unions.api.filters import ScopedUnionFilters
from unions.api.serializers import UnionBrief
from unions.api.views import described
from unions.workflow import allowed, perform

MOVES = tuple(AUDITS.transitions)
TEXTS = {"opinion": 4000, "comment": 2000, "number": 40, "lead": 60, "team": 200, "visit": 1000}


class FundAuditFilters(ScopedUnionFilters, fund_audit_lists.FundAuditFilters):
    class Meta(fund_audit_lists.FundAuditFilters.Meta):
        pass


class FundFindingSerializer(serializers.ModelSerializer):
    class Meta:
        model = FundFinding
        fields = [
            "number", "area", "title", "text", "amount", "clause", "demand", "due_on", "state", "outcome", "settled", "rectified_on"
        ]  # fmt: skip


class FundAuditRow(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    finding_count = serializers.IntegerField(read_only=True)
    unsettled_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = FundAudit
        fields = [
            "id", "union", "auditor", "year", "kind", "topic", "since_on", "until_on", "state", "due_on", "notified_on", "entry_on",
            "number", "reported_on", "closed_on", "finding_count", "unsettled_count", "revision",
        ]  # fmt: skip


class FundAuditDetail(FundAuditRow):
    findings = serializers.SerializerMethodField()
    opinion = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()

    class Meta(FundAuditRow.Meta):
        fields = [*FundAuditRow.Meta.fields, "lead", "team", "opinion", "comment", "visit", "findings", "moves"]

    @extend_schema_field(FundFindingSerializer(many=True))
    def get_findings(self, audit: FundAudit) -> list:
        """Empty until the draft is sent out for comment."""
        return FundFindingSerializer(audit.findings.all(), many=True).data if self._shows(audit) else []

    def get_opinion(self, audit: FundAudit) -> str:
        return audit.opinion if self._shows(audit) else ""

    def get_moves(self, audit: FundAudit) -> list[str]:
        return [transition.name for transition in allowed(audit, self.context["request"].user)]

    def _shows(self, audit: FundAudit) -> bool:
        return shows_findings(audit, self.context["request"].user)


class FundAuditMove(serializers.Serializer):
    """What a move demands: a reason, a day, or the texts that its page asks for."""

    revision = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)
    due = serializers.DateField(required=False, allow_null=True)
    opinion = serializers.CharField(required=False, allow_blank=True, max_length=TEXTS["opinion"])
    comment = serializers.CharField(required=False, allow_blank=True, max_length=TEXTS["comment"])
    number = serializers.CharField(required=False, allow_blank=True, max_length=TEXTS["number"])
    lead = serializers.CharField(required=False, allow_blank=True, max_length=TEXTS["lead"])
    team = serializers.CharField(required=False, allow_blank=True, max_length=TEXTS["team"])
    visit = serializers.CharField(required=False, allow_blank=True, max_length=TEXTS["visit"])


@described(gettext_lazy("Fund audits in scope"), gettext_lazy("A fund audit with its findings"))
class FundAuditResource(ReadOnlyResource):
    queryset = FundAudit.objects.select_related("union__middle", "union__parent", "auditor").order_by("-year", "-pk")
    filterset_class = FundAuditFilters
    see = SEE
    # What a call writes is decided by the workflow, for this very record.
    permissions = dict.fromkeys(("list", "retrieve", "move"), SEE)

    def get_serializer_class(self):
        return FundAuditRow if self.action == "list" else FundAuditDetail

    def get_queryset(self) -> QuerySet:
        return fund_audit_lists.with_counts(super().get_queryset())

    @extend_schema(
        operation_id="fund_audits_move",
        summary=gettext_lazy("Move a fund audit"),
        request=FundAuditMove,
        responses=FundAuditDetail,
        parameters=[OpenApiParameter("move", str, OpenApiParameter.PATH, enum=MOVES)],
    )
    @action(detail=True, methods=["post"], url_path=rf"(?P<move>{'|'.join(MOVES)})", url_name="move")
    def move(self, request: Request, pk: str | None = None, move: str = "") -> Response:
        found = self.get_object()
        given = FundAuditMove(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        data = {name: values.pop(name) for name in TEXTS if name in values}
        perform(found, move, by=request.user, data=data, **values)
        return Response(self.get_serializer(self.get_queryset().get(pk=found.pk)).data)
