"""Enquiries in the API: the list with the page's filters, one with its replies, and the moves. Nobody who asked is named."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from disclosure import enquiries, enquiry_lists
from disclosure.enquiry_forms import MOVE_FORMS, MoveForm
from disclosure.enquiry_moves import ENQUIRIES
from disclosure.models import Addition, Enquiry, Reply
from unions.api.base import ReadOnlyResource
from unions.api.filters import ScopedUnionFilters
from unions.api.serializers import UnionBrief
from unions.api.views import described
from unions.permissions import Permission
from unions.workflow import allowed, perform

MOVES = tuple(name for name in ENQUIRIES.transitions if name != "reopen")  # it follows from a rating


class EnquiryFilters(ScopedUnionFilters, enquiry_lists.EnquiryFilters):
    class Meta(enquiry_lists.EnquiryFilters.Meta):
        pass


class ReplySerializer(serializers.ModelSerializer):
    class Meta:
        model = Reply
        fields = ["round", "text", "signed", "replied_at"]


class AdditionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Addition
        fields = ["text", "added_at"]


class EnquiryRow(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    handler = UnionBrief(read_only=True)
    theme = serializers.StringRelatedField()

    class Meta:
        model = Enquiry
        fields = [
            "id", "code", "union", "handler", "kind", "way", "theme", "title", "asked_on", "state", "due_on", "answer_due_on",
            "answered_on", "is_extended", "is_reopened", "satisfaction", "closed_on", "is_publishable", "revision",
        ]  # fmt: skip


class EnquiryDetail(EnquiryRow):
    replies = ReplySerializer(many=True, read_only=True)
    additions = AdditionSerializer(many=True, read_only=True)
    moves = serializers.SerializerMethodField()

    class Meta(EnquiryRow.Meta):
        fields = [*EnquiryRow.Meta.fields, "text", "additions", "replies", "moves"]

    @extend_schema_field(list[str])
    def get_moves(self, enquiry: Enquiry) -> list[str]:
        return [move.name for move in allowed(enquiry, self.context["request"].user) if move.name in MOVES]


class EnquiryMove(serializers.Serializer):
    """What a move may bring: a reason, a day, and what that very move asks for."""

    revision = serializers.IntegerField()
    reason = serializers.CharField(required=False, max_length=500)
    due = serializers.DateField(required=False)
    to = serializers.IntegerField(required=False)
    text = serializers.CharField(required=False, max_length=3000)
    signed = serializers.CharField(required=False, max_length=60)
    satisfaction = serializers.CharField(required=False)
    words = serializers.CharField(required=False, max_length=1000)


@described(gettext_lazy("Enquiries in scope"), gettext_lazy("An enquiry with its replies"))
class EnquiryResource(ReadOnlyResource):
    queryset = Enquiry.objects.select_related("union", "handler", "theme").order_by("-asked_on", "-pk")
    filterset_class = EnquiryFilters
    see = Permission.ENQUIRY_VIEW
    permissions = {
        "list": Permission.ENQUIRY_VIEW, "retrieve": Permission.ENQUIRY_VIEW, "move": Permission.ENQUIRY_HANDLE
    }  # fmt: skip

    def get_serializer_class(self):
        return EnquiryRow if self.action == "list" else EnquiryDetail

    def get_queryset(self) -> QuerySet:
        found = super().get_queryset()
        return found if self.action == "list" else found.prefetch_related("replies", "additions")

    @extend_schema(
        operation_id="enquiries_move",
        summary=gettext_lazy("Move an enquiry"),
        request=EnquiryMove,
        responses=EnquiryDetail,
        parameters=[OpenApiParameter("move", str, OpenApiParameter.PATH, enum=MOVES)],
    )
    @action(detail=True, methods=["post"], url_path=rf"(?P<move>{'|'.join(MOVES)})", url_name="move")
    def move(self, request: Request, pk: str | None = None, move: str = "") -> Response:
        enquiry = self.get_object()
        may = enquiries.may_take_over if move == "take" else enquiries.may_handle
        if not may(request.user, enquiry):
            raise PermissionDenied
        given = EnquiryMove(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        known = {name: data.pop(name) for name in ("revision", "reason", "due") if name in data}
        asked = {*MOVE_FORMS.get(move, MoveForm).base_fields, *(["to"] if move == "down" else [])}
        data = {name: value for name, value in data.items() if name in asked}
        if move == "rate":
            words, rating = data.get("words", ""), data.get("satisfaction", "")
            enquiries.rate(enquiry, rating, by=request.user, words=words, revision=known["revision"])
        else:
            perform(enquiry, move, by=request.user, data=data, **known)
        return Response(self.get_serializer(self.get_queryset().get(pk=enquiry.pk)).data)
