"""Assets in the API: the list with the page's filters, one with its stock-takings, and its moves."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from disclosure import asset_lists
from disclosure.asset_moves import ASSETS
from disclosure.assets import FIELDS, SEE
from disclosure.enums import Disposal
from disclosure.models import Asset, AssetCheck
from unions.api.filters import ScopedUnionFilters
from unions.api.moves import MovableResource, MoveRequest, MovesField, movable
from unions.api.serializers import UnionBrief
from unions.api.views import described

MOVES = tuple(ASSETS.transitions)


class AssetFilters(ScopedUnionFilters, asset_lists.AssetFilters):
    class Meta(asset_lists.AssetFilters.Meta):
        pass


class AssetCheckSerializer(serializers.ModelSerializer):
    taken_on = serializers.DateField(source="taking.taken_on", read_only=True)

    class Meta:
        model = AssetCheck
        fields = ["taken_on", "is_present"]


class AssetRow(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)

    class Meta:
        model = Asset
        fields = ["id", "union", *FIELDS, "state", "checked_on", "is_missing", "disposed_on", "revision"]


class AssetDetail(AssetRow):
    checks = AssetCheckSerializer(many=True, read_only=True)
    moves = MovesField()

    class Meta(AssetRow.Meta):
        fields = [*AssetRow.Meta.fields, "way", "minutes", "proceeds", "checks", "moves"]


class AssetMove(MoveRequest):
    """What a move demands: a reason; of a disposal also how, by which minutes, and what it brought."""

    way = serializers.ChoiceField(Disposal.choices, required=False)
    minutes = serializers.CharField(required=False, allow_blank=True, max_length=120)
    proceeds = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True)


@movable("assets", MOVES, gettext_lazy("Move an asset"), shows=AssetDetail, asks=AssetMove)
@described(gettext_lazy("Assets in scope"), gettext_lazy("An asset with its stock-takings"))
class AssetResource(MovableResource):
    queryset = Asset.objects.select_related("union__middle", "union__parent").order_by("union", "number", "pk")
    filterset_class = AssetFilters
    see = SEE

    def get_serializer_class(self):
        return AssetRow if self.action == "list" else AssetDetail

    def get_queryset(self) -> QuerySet:
        found = super().get_queryset()
        return found if self.action == "list" else found.prefetch_related("checks__taking")
