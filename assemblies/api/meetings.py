"""Meetings in the API: the list with the page's filters, and one with its agenda and attendance in numbers."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from assemblies import meeting_lists
from assemblies.models import AgendaItem, Meeting
from assemblies.quorum import quorum_of
from unions.api.base import ReadOnlyResource
from unions.api.filters import ScopedUnionFilters
from unions.api.serializers import UnionBrief
from unions.api.views import described
from unions.permissions import Permission
from unions.workflow import allowed


class MeetingFilters(ScopedUnionFilters, meeting_lists.MeetingFilters):
    class Meta(meeting_lists.MeetingFilters.Meta):
        pass


class PointSerializer(serializers.ModelSerializer):
    class Meta:
        model = AgendaItem
        fields = [
            "number", "kind", "title", "speaker", "power", "begun_at", "due_count", "present_count", "needed_count",
            "resolution",
        ]  # fmt: skip


class QuorumSerializer(serializers.Serializer):
    """How many are due, present and needed."""

    due = serializers.IntegerField()
    present = serializers.IntegerField()
    needed = serializers.IntegerField()
    is_met = serializers.BooleanField()


class MeetingRow(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    term = serializers.IntegerField(source="term.number", read_only=True, allow_null=True)

    class Meta:
        model = Meeting
        fields = [
            "id", "union", "kind", "title", "term", "session", "is_renewal", "held_on", "begins_at", "place", "manner", "state",
            "revision", "due_count", "present_count", "published_at", "makes_up_for",
        ]  # fmt: skip


class MeetingDetail(MeetingRow):
    agenda = PointSerializer(many=True, read_only=True)
    quorum = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()

    class Meta(MeetingRow.Meta):
        fields = [
            *MeetingRow.Meta.fields, "members", "approval_number", "approved_on", "called_at", "notice_note", "opened_at",
            "closed_at", "override_reason", "minutes", "result_number", "confirmed_on", "agenda", "quorum", "moves",
        ]  # fmt: skip

    def get_quorum(self, meeting: Meeting) -> QuorumSerializer:
        return QuorumSerializer(quorum_of(meeting)).data

    def get_moves(self, meeting: Meeting) -> list[str]:
        return [transition.name for transition in allowed(meeting, self.context["request"].user)]


@described(gettext_lazy("Meetings in scope"), gettext_lazy("A meeting with its agenda and quorum"))
class MeetingResource(ReadOnlyResource):
    queryset = Meeting.objects.select_related("union", "term").order_by("-held_on", "-pk")
    filterset_class = MeetingFilters
    see = Permission.ASSEMBLY_VIEW

    def get_serializer_class(self):
        return MeetingDetail if self.action == "retrieve" else MeetingRow

    def get_queryset(self) -> QuerySet:
        found = super().get_queryset()
        return found.prefetch_related("agenda") if self.action == "retrieve" else found
