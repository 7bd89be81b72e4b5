"""Assets in the API: the list with the page's filters, one with its stock-takings, and its moves."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from disclosure import asset_lists
from disclosure.asset_moves import ASSETS
from disclosure.assets import FIELDS, SEE
from disclosure.enums import Disposal
from disclosure.models import Asset, AssetCheck
from unions.api.base import ReadOnlyResource
from unions.api.filters import ScopedUnionFilters
from unions.api.serializers import UnionBrief
from unions.api.views import described
from unions.workflow import allowed, perform

MOVES = tuple(ASSETS.transitions)
GIVEN = ("way", "minutes", "proceeds")


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
    moves = serializers.SerializerMethodField()

    class Meta(AssetRow.Meta):
        fields = [*AssetRow.Meta.fields, "way", "minutes", "proceeds", "checks", "moves"]

    def get_moves(self, asset: Asset) -> list[str]:
        return [transition.name for transition in allowed(asset, self.context["request"].user)]


class AssetMove(serializers.Serializer):
    """What a move demands: a reason; of a disposal also how, by which minutes, and what it brought."""

    revision = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)
    way = serializers.ChoiceField(Disposal.choices, required=False)
    minutes = serializers.CharField(required=False, allow_blank=True, max_length=120)
    proceeds = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True)


@described(gettext_lazy("Assets in scope"), gettext_lazy("An asset with its stock-takings"))
class AssetResource(ReadOnlyResource):
    queryset = Asset.objects.select_related("union__middle", "union__parent").order_by("union", "number", "pk")
    filterset_class = AssetFilters
    see = SEE
    # What a call writes is decided by the workflow, for this very record.
    permissions = dict.fromkeys(("list", "retrieve", "move"), SEE)

    def get_serializer_class(self):
        return AssetRow if self.action == "list" else AssetDetail

    def get_queryset(self) -> QuerySet:
        found = super().get_queryset()
        return found if self.action == "list" else found.prefetch_related("checks__taking")

    @extend_schema(
        operation_id="assets_move",
        summary=gettext_lazy("Move an asset"),
        request=AssetMove,
        responses=AssetDetail,
        parameters=[OpenApiParameter("move", str, OpenApiParameter.PATH, enum=MOVES)],
    )
    @action(detail=True, methods=["post"], url_path=rf"(?P<move>{'|'.join(MOVES)})", url_name="move")
    def move(self, request: Request, pk: str | None = None, move: str = "") -> Response:
        found = self.get_object()
        given = AssetMove(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        data = {name: values.pop(name) for name in GIVEN if name in values}
        perform(found, move, by=request.user, data=data, **values)
        return Response(self.get_serializer(self.get_queryset().get(pk=found.pk)).data)
