"""Bulletins in the API: the list with the page's filters, and one with its text, files and postings."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from disclosure import bulletin_lists
from disclosure.models import Bulletin, Posting
from unions.api.base import ReadOnlyResource
from unions.api.filters import ScopedUnionFilters
from unions.api.serializers import UnionBrief
from unions.api.views import described
from unions.permissions import Permission
from unions.workflow import allowed


class BulletinFilters(ScopedUnionFilters, bulletin_lists.BulletinFilters):
    class Meta(bulletin_lists.BulletinFilters.Meta):
        pass


class PostingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Posting
        fields = ["channel", "place", "posted_on", "removed_on"]


class BulletinRow(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    category = serializers.SlugRelatedField(source="item.category", slug_field="key", read_only=True)
    item = serializers.CharField(source="item.name_zh", read_only=True)
    channels = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Bulletin
        fields = [
            "id", "union", "category", "item", "title", "readers", "channels", "state", "revision", "occurred_on", "due_on",
            "published_at", "expires_on", "withdrawn_at",
        ]  # fmt: skip


class BulletinDetail(BulletinRow):
    postings = PostingSerializer(many=True, read_only=True)
    moves = serializers.SerializerMethodField()

    class Meta(BulletinRow.Meta):
        fields = [*BulletinRow.Meta.fields, "body", "publish_at", "meeting", "withdrawn_reason", "postings", "moves"]

    def get_moves(self, bulletin: Bulletin) -> list[str]:
        return [transition.name for transition in allowed(bulletin, self.context["request"].user)]


@described(gettext_lazy("Bulletins in scope"), gettext_lazy("A bulletin with its text and postings"))
class BulletinResource(ReadOnlyResource):
    queryset = Bulletin.objects.select_related("union", "item__category").order_by("-occurred_on", "-pk")
    filterset_class = BulletinFilters
    see = Permission.BULLETIN_VIEW

    def get_serializer_class(self):
        return BulletinDetail if self.action == "retrieve" else BulletinRow

    def get_queryset(self) -> QuerySet:
        found = super().get_queryset()
        return found.prefetch_related("postings") if self.action == "retrieve" else found
