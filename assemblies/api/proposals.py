"""Proposals and delegates over the API: what the pages show, and the moves of a proposal."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assemblies import delegate_lists, proposal_lists
from assemblies.delegates import with_record
from assemblies.models import Answer, Delegate, Handler, Proposal
from assemblies.proposal_forms import MOVE_FORMS, MoveForm
from assemblies.proposal_moves import PROPOSALS
from assemblies.proposals import give_mark
from unions.api.base import ReadOnlyResource
from unions.api.filters import ScopedUnionFilters
from unions.api.moves import MovableResource, MoveRequest, MovesField, movable
from unions.api.serializers import UnionBrief
from unions.api.views import described
from unions.kit.masking import mask_phone
from unions.permissions import Permission

# An answer has its own parts; the second handling follows from a mark.
MOVES = tuple(name for name in PROPOSALS.transitions if name not in ("answer", "rework"))


class ProposalFilters(ScopedUnionFilters, proposal_lists.ProposalFilters):
    class Meta(proposal_lists.ProposalFilters.Meta):
        pass


class DelegateFilters(ScopedUnionFilters, delegate_lists.DelegateFilters):
    class Meta(delegate_lists.DelegateFilters.Meta):
        pass


class AnswerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Answer
        fields = ["round", "text", "grade", "signed", "answered_at"]


class HandlerSerializer(serializers.ModelSerializer):
    answers = AnswerSerializer(many=True, read_only=True)

    class Meta:
        model = Handler
        fields = ["id", "name", "is_lead", "superior", "answers"]


class ProposalRow(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    code = serializers.CharField(read_only=True)
    theme = serializers.StringRelatedField()

    class Meta:
        model = Proposal
        fields = [
            "id", "code", "union", "kind", "title", "theme", "is_key", "is_confidential", "proposer", "submitted_on", "state",
            "due_on", "answer_due_on", "answered_on", "grade", "satisfaction", "is_extended", "is_reworked", "closed_on",
            "published_on", "revision",
        ]  # fmt: skip


class ProposalDetail(ProposalRow):
    handlers = HandlerSerializer(many=True, read_only=True)
    seconders = serializers.StringRelatedField(many=True)
    moves = MovesField(MOVES)

    class Meta(ProposalRow.Meta):
        fields = [*ProposalRow.Meta.fields, "facts", "request", "delegate", "into", "seconders", "handlers", "moves"]


class ProposalMove(MoveRequest):
    """What a move may bring: a reason, a day, and what that very move asks for."""

    is_key = serializers.BooleanField(required=False)
    into = serializers.IntegerField(required=False)
    lead = serializers.CharField(required=False, max_length=60)
    joint = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=20)
    is_passed_up = serializers.BooleanField(required=False)
    satisfaction = serializers.CharField(required=False)


@movable("proposals", MOVES, gettext_lazy("Move a proposal"), shows=ProposalDetail, asks=ProposalMove)
@described(gettext_lazy("Proposals in scope"), gettext_lazy("A proposal with its handlers and answers"))
class ProposalResource(MovableResource):
    queryset = Proposal.objects.select_related("union", "theme").order_by("-submitted_on", "-pk")
    filterset_class = ProposalFilters
    see = Permission.PROPOSAL_VIEW

    def get_serializer_class(self):
        return ProposalRow if self.action == "list" else ProposalDetail

    def get_queryset(self) -> QuerySet:
        found = super().get_queryset()
        return found if self.action == "list" else found.prefetch_related("handlers__answers", "seconders")

    def make_move(self, found: Proposal, move: str, data: dict[str, Any], **known: Any) -> None:
        """A mark decides by itself which move it is; whatever else was sent than the move asks for is not written down."""
        if move == "mark":
            words, revision = known.get("reason", ""), known["revision"]
            give_mark(found, data.get("satisfaction", ""), by=self.request.user, words=words, revision=revision)
            return
        asked = MOVE_FORMS.get(move, MoveForm).base_fields
        super().make_move(found, move, {name: value for name, value in data.items() if name in asked}, **known)


class DelegateSerializer(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    term = serializers.IntegerField(source="term.number", read_only=True)
    constituency = serializers.StringRelatedField()
    phone = serializers.SerializerMethodField(help_text="Masked")
    meetings_due = serializers.IntegerField(read_only=True, allow_null=True)
    meetings_present = serializers.IntegerField(read_only=True, allow_null=True)
    proposals_made = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = Delegate
        fields = [
            "id", "union", "term", "constituency", "name", "sex", "work", "is_senior", "is_model", "is_young", "phone",
            "elected_on", "due_count", "present_count", "votes", "is_by_election", "state", "ended_on", "end",
            "meetings_due", "meetings_present", "proposals_made", "revision",
        ]  # fmt: skip

    @extend_schema_field(str)
    def get_phone(self, delegate: Delegate) -> str:
        return mask_phone(delegate.phone)


@described(gettext_lazy("Delegates in scope"), gettext_lazy("A delegate with attendance and proposals over the term"))
class DelegateResource(ReadOnlyResource):
    queryset = Delegate.objects.select_related("union", "term", "constituency").order_by("-elected_on", "-pk")
    serializer_class = DelegateSerializer
    filterset_class = DelegateFilters
    see = Permission.ASSEMBLY_VIEW

    def get_queryset(self) -> QuerySet:
        return with_record(super().get_queryset())
