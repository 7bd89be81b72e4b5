"""Enquiries in the API: the list with the page's filters, one with its replies, and the moves. Nobody who asked is named."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from disclosure import enquiries, enquiry_lists
from disclosure.enquiry_forms import MOVE_FORMS, MoveForm
from disclosure.enquiry_moves import ENQUIRIES
from disclosure.models import Addition, Enquiry, Reply
from unions.api.filters import ScopedUnionFilters
from unions.api.moves import MovableResource, MoveRequest, MovesField, movable
from unions.api.serializers import UnionBrief
from unions.api.views import described
from unions.permissions import Permission

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
    moves = MovesField(MOVES)

    class Meta(EnquiryRow.Meta):
        fields = [*EnquiryRow.Meta.fields, "text", "additions", "replies", "moves"]


class EnquiryMove(MoveRequest):
    """What a move may bring: a reason, a day, and what that very move asks for."""

    to = serializers.IntegerField(required=False)
    text = serializers.CharField(required=False, max_length=3000)
    signed = serializers.CharField(required=False, max_length=60)
    satisfaction = serializers.CharField(required=False)
    words = serializers.CharField(required=False, max_length=1000)


@movable("enquiries", MOVES, gettext_lazy("Move an enquiry"), shows=EnquiryDetail, asks=EnquiryMove)
@described(gettext_lazy("Enquiries in scope"), gettext_lazy("An enquiry with its replies"))
class EnquiryResource(MovableResource):
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

    def make_move(self, found: Enquiry, move: str, data: dict[str, Any], **known: Any) -> None:
        """A rating decides by itself which move it is; whatever else was sent than the move asks for is not written down."""
        may = enquiries.may_take_over if move == "take" else enquiries.may_handle
        if not may(self.request.user, found):
            raise PermissionDenied
        if move == "rate":
            words, rating = data.get("words", ""), data.get("satisfaction", "")
            enquiries.rate(found, rating, by=self.request.user, words=words, revision=known["revision"])
            return
        asked = {*MOVE_FORMS.get(move, MoveForm).base_fields, *(["to"] if move == "down" else [])}
        super().make_move(found, move, {name: value for name, value in data.items() if name in asked}, **known)
