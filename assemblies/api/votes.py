"""Votes in the API: rule, numbers and, once counted, the result. Never anything of links, turnout by person, or ballots."""

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from assemblies import vote_lists
from assemblies.models import Option, Outcome, Question, Vote
from assemblies.results import is_hidden
from unions.api.base import ReadOnlyResource
from unions.api.filters import ScopedUnionFilters
from unions.api.serializers import UnionBrief
from unions.api.views import described
from unions.permissions import Permission


class VoteFilters(ScopedUnionFilters, vote_lists.VoteFilters):
    class Meta(vote_lists.VoteFilters.Meta):
        pass


class OptionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Option
        fields = ["number", "kind", "text"]


class OutcomeSerializer(serializers.ModelSerializer):
    option = serializers.IntegerField(
        source="option.number", read_only=True, allow_null=True, help_text=_("Empty for a name written in")
    )

    class Meta:
        model = Outcome
        fields = [
            "option",
            "text",
            "votes",
            "base_count",
            "numerator",
            "denominator",
            "is_inclusive",
            "is_won",
            "is_tied",
        ]


class QuestionSerializer(serializers.ModelSerializer):
    options = OptionSerializer(many=True, read_only=True)
    outcomes = OutcomeSerializer(many=True, read_only=True)

    class Meta:
        model = Question
        fields = ["number", "text", "body", "post", "seats", "returned", "valid", "invalid", "options", "outcomes"]


class VoteRow(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)

    class Meta:
        model = Vote
        fields = [
            "id", "union", "kind", "manner", "title", "held_on", "state", "meeting", "item", "previous", "base", "numerator",
            "denominator", "is_inclusive", "due", "present", "issued", "returned", "opened_at", "closed_at", "announced_at",
        ]  # fmt: skip


class VoteDetail(VoteRow):
    questions = QuestionSerializer(many=True, read_only=True)

    class Meta(VoteRow.Meta):
        fields = [*VoteRow.Meta.fields, "questions"]

    def to_representation(self, vote: Vote) -> dict:
        """A result that would tell who voted what has no questions here either."""
        given = super().to_representation(vote)
        return {**given, "questions": []} if vote.is_counted and is_hidden(vote) else given


@described(_("Votes and elections in scope"), _("A vote with its questions and, once counted, its result"))
class VoteResource(ReadOnlyResource):
    queryset = Vote.objects.select_related("union").order_by("-held_on", "-pk")
    filterset_class = VoteFilters
    see = Permission.ASSEMBLY_VIEW

    def get_serializer_class(self):
        return VoteDetail if self.action == "retrieve" else VoteRow

    def get_queryset(self) -> QuerySet:
        found = super().get_queryset()
        if self.action != "retrieve":
            return found
        outcomes = Prefetch("outcomes", Outcome.objects.select_related("option"))
        return found.prefetch_related(Prefetch("questions", Question.objects.prefetch_related("options", outcomes)))
