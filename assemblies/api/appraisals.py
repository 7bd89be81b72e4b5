"""Appraisals in the API: the list with the page's filters, and one with its arithmetic and what is improved."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from assemblies import appraisal_lists
from assemblies.appraisals import Rating, missing, ratings_of
from assemblies.models import Appraisal, Improvement
from assemblies.results import result_of
from unions.api.base import ReadOnlyResource
from unions.api.filters import ScopedUnionFilters
from unions.api.serializers import UnionBrief
from unions.api.views import described
from unions.permissions import Permission
from unions.workflow import allowed


class AppraisalFilters(ScopedUnionFilters, appraisal_lists.AppraisalFilters):
    class Meta(appraisal_lists.AppraisalFilters.Meta):
        pass


class SheetAnswerSerializer(serializers.Serializer):
    """An answer of the sheet and how many gave it."""

    text = serializers.CharField()
    votes = serializers.IntegerField()


class RatingSerializer(serializers.Serializer):
    """A question with its answers: the satisfied and the dissatisfied are parts of the valid ballots."""

    question = serializers.CharField(source="question.text")
    post = serializers.CharField(source="question.post")
    returned = serializers.IntegerField(source="question.returned")
    valid = serializers.IntegerField(source="question.valid")
    invalid = serializers.IntegerField(source="question.invalid")
    satisfied = serializers.IntegerField(source="satisfied.outcome.votes")
    dissatisfied = serializers.IntegerField(source="dissatisfied.outcome.votes")
    consequence = serializers.CharField()
    answers = serializers.SerializerMethodField()

    def get_answers(self, rating: Rating) -> SheetAnswerSerializer(many=True):
        rows = [{"text": str(line.outcome.option), "votes": line.outcome.votes} for line in rating.lines]
        return SheetAnswerSerializer(rows, many=True).data


class ImprovementSerializer(serializers.ModelSerializer):
    class Meta:
        model = Improvement
        fields = [
            "id", "number", "consequence", "title", "measure", "owner", "due_on", "state", "outcome", "done_on",
        ]  # fmt: skip


class AppraisalRow(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    title = serializers.CharField(source="vote.title", read_only=True)

    class Meta:
        model = Appraisal
        fields = [
            "id", "union", "title", "held_on", "state", "revision", "consequence", "due_count", "returned_count", "valid_count",
            "good_count", "bad_count", "published_at", "reported_at", "approved_on", "closed_on",
        ]  # fmt: skip


class AppraisalDetail(AppraisalRow):
    ratings = serializers.SerializerMethodField()
    improvements = ImprovementSerializer(many=True, read_only=True)
    missing = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()

    class Meta(AppraisalRow.Meta):
        fields = [
            *AppraisalRow.Meta.fields, "publish_due_on", "report_due_on", "plan_due_on", "published_where", "opinion", "talk",
            "ratings", "improvements", "missing", "moves",
        ]  # fmt: skip

    def get_ratings(self, appraisal: Appraisal) -> RatingSerializer(many=True):
        """None where so few ballots came back that the answers are hidden."""
        return RatingSerializer(ratings_of(result_of(appraisal.vote)), many=True).data

    def get_missing(self, appraisal: Appraisal) -> list[str]:
        return missing(appraisal)

    def get_moves(self, appraisal: Appraisal) -> list[str]:
        return [transition.name for transition in allowed(appraisal, self.context["request"].user)]


@described(gettext_lazy("Appraisals in scope"), gettext_lazy("An appraisal with its arithmetic and improvements"))
class AppraisalResource(ReadOnlyResource):
    queryset = Appraisal.objects.select_related("union", "vote").order_by("-held_on", "-pk")
    filterset_class = AppraisalFilters
    see = Permission.ASSEMBLY_VIEW

    def get_serializer_class(self):
        return AppraisalDetail if self.action == "retrieve" else AppraisalRow

    def get_queryset(self) -> QuerySet:
        found = super().get_queryset()
        return found.prefetch_related("improvements") if self.action == "retrieve" else found
