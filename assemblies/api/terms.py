"""Terms of office with their seats, by the filters of the page."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from assemblies import term_lists
from assemblies.enums import TermState
from assemblies.models import Seat, Term
from unions.api.base import ReadOnlyResource
from unions.api.filters import ScopedUnionFilters
from unions.api.serializers import UnionBrief
from unions.api.views import described
from unions.permissions import Permission


class SeatSerializer(serializers.ModelSerializer):
    class Meta:
        model = Seat
        fields = ["id", "body", "post", "name", "sex", "since", "until"]


class TermSerializer(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    standing = serializers.ChoiceField(
        choices=TermState.choices, read_only=True, help_text=_("How the term stands today")
    )

    class Meta:
        model = Term
        fields = [
            "id", "union", "number", "years", "started_on", "ends_on", "ended_on", "standing", "preparing_on", "postponed_to",
            "ordered_until", "duty",
        ]  # fmt: skip


class TermDetail(TermSerializer):
    seats = SeatSerializer(many=True, read_only=True)

    class Meta(TermSerializer.Meta):
        fields = [*TermSerializer.Meta.fields, "seats"]


class TermFilters(ScopedUnionFilters, term_lists.TermFilters):
    class Meta(term_lists.TermFilters.Meta):
        pass


@described(_("Terms of office in scope, former ones too"), _("A term with its seats"))
class TermResource(ReadOnlyResource):
    queryset = Term.objects.select_related("union").order_by("-ends_on", "pk")
    filterset_class = TermFilters
    see = Permission.ASSEMBLY_VIEW

    def get_serializer_class(self):
        return TermDetail if self.action == "retrieve" else TermSerializer

    def get_queryset(self) -> QuerySet:
        found = super().get_queryset().with_state()
        return found.prefetch_related("seats") if self.action == "retrieve" else found
