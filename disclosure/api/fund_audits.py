"""Fund audits in the API: the list with the page's filters, one with its findings once they can be read, and its moves."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from disclosure import fund_audit_lists
from disclosure.fund_audit_moves import AUDITS
from disclosure.fund_audits import SEE, shows_findings
from disclosure.models import FundAudit, FundFinding
from unions.api.filters import ScopedUnionFilters
from unions.api.moves import MovableResource, MoveRequest, MovesField, movable
from unions.api.serializers import UnionBrief
from unions.api.views import described

MOVES = tuple(AUDITS.transitions)


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
    moves = MovesField()

    class Meta(FundAuditRow.Meta):
        fields = [*FundAuditRow.Meta.fields, "lead", "team", "opinion", "comment", "visit", "findings", "moves"]

    @extend_schema_field(FundFindingSerializer(many=True))
    def get_findings(self, audit: FundAudit) -> list:
        """Empty until the draft is sent out for comment."""
        return FundFindingSerializer(audit.findings.all(), many=True).data if self._shows(audit) else []

    def get_opinion(self, audit: FundAudit) -> str:
        return audit.opinion if self._shows(audit) else ""

    def _shows(self, audit: FundAudit) -> bool:
        return shows_findings(audit, self.context["request"].user)


class FundAuditMove(MoveRequest):
    """What a move demands: a reason, a day, or the texts that its page asks for."""

    opinion = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    number = serializers.CharField(required=False, allow_blank=True, max_length=40)
    lead = serializers.CharField(required=False, allow_blank=True, max_length=60)
    team = serializers.CharField(required=False, allow_blank=True, max_length=200)
    visit = serializers.CharField(required=False, allow_blank=True, max_length=1000)


@movable("fund_audits", MOVES, gettext_lazy("Move a fund audit"), shows=FundAuditDetail, asks=FundAuditMove)
@described(gettext_lazy("Fund audits in scope"), gettext_lazy("A fund audit with its findings"))
class FundAuditResource(MovableResource):
    queryset = FundAudit.objects.select_related("union__middle", "union__parent", "auditor").order_by("-year", "-pk")
    filterset_class = FundAuditFilters
    see = SEE

    def get_serializer_class(self):
        return FundAuditRow if self.action == "list" else FundAuditDetail

    def get_queryset(self) -> QuerySet:
        return fund_audit_lists.with_counts(super().get_queryset())
