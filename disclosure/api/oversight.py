"""Special oversight in the API: the list with the page's filters, one with draws, findings and replies, and its moves. No
overseer is named."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from disclosure import oversight_lists
from disclosure.models import Overseer, Oversight, OversightDraw, OversightFinding, OversightReply
from disclosure.oversight import SEE
from disclosure.oversight_moves import OVERSIGHT
from unions.api.filters import ScopedUnionFilters
from unions.api.moves import MovableResource, MovesField, movable
from unions.api.serializers import UnionBrief
from unions.api.views import described

MOVES = tuple(OVERSIGHT.transitions)


class OversightFilters(ScopedUnionFilters, oversight_lists.OversightFilters):
    class Meta(oversight_lists.OversightFilters.Meta):
        pass


class OverseerSerializer(serializers.ModelSerializer):
    """Who oversees is a number: names are opened on the page, for a reason."""

    class Meta:
        model = Overseer
        fields = ["number", "state", "draw", "place", "entry", "has_nothing", "handed_in_at"]


class OversightDrawSerializer(serializers.ModelSerializer):
    """All that is needed to compute a draw anew (docs/adr/0080)."""

    class Meta:
        model = OversightDraw
        fields = [
            "id", "number", "pool", "meeting", "wanted", "has_committee", "entries", "left_out", "seed", "reason", "prepared_at",
            "drawn_at",
        ]  # fmt: skip


class OversightReplySerializer(serializers.ModelSerializer):
    class Meta:
        model = OversightReply
        fields = ["round", "verdict", "text", "promise", "promise_due_on", "replied_at", "state", "done_on", "outcome"]


class OversightFindingSerializer(serializers.ModelSerializer):
    overseer = serializers.IntegerField(source="overseer.number", read_only=True)
    replies = OversightReplySerializer(many=True, read_only=True)

    class Meta:
        model = OversightFinding
        fields = ["number", "overseer", "title", "text", "given_at", "state", "is_reworked", "satisfaction", "replies"]


class OversightRow(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    overseer_count = serializers.IntegerField(read_only=True)
    finding_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Oversight
        fields = [
            "id", "union", "title", "state", "is_demanded", "opens_on", "findings_due_on", "reply_due_on", "due_on", "replied_on",
            "closed_on", "overseer_count", "finding_count", "revision",
        ]  # fmt: skip


class OversightDetail(OversightRow):
    draws = OversightDrawSerializer(many=True, read_only=True)
    overseers = OverseerSerializer(many=True, read_only=True)
    findings = OversightFindingSerializer(many=True, read_only=True)
    moves = MovesField()

    class Meta(OversightRow.Meta):
        fields = [
            *OversightRow.Meta.fields, "scope", "why", "basis", "lead", "meeting", "bulletin", "report", "proposal", "draws",
            "overseers", "findings", "moves",
        ]  # fmt: skip


@movable("oversights", MOVES, gettext_lazy("Move a special oversight"), shows=OversightDetail)
@described(gettext_lazy("Special oversight in scope"), gettext_lazy("A matter with its draws, findings and replies"))
class OversightResource(MovableResource):
    queryset = Oversight.objects.select_related("union__middle", "union__parent").order_by("-opens_on", "-pk")
    filterset_class = OversightFilters
    see = SEE

    def get_serializer_class(self):
        return OversightRow if self.action == "list" else OversightDetail

    def get_queryset(self) -> QuerySet:
        found = oversight_lists.with_counts(super().get_queryset())
        parts = ("draws", "overseers", "findings__overseer", "findings__replies")
        return found if self.action == "list" else found.prefetch_related(*parts)
