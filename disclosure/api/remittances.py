"""Remittance of funds in the API: read only, with the page's filters; arrears and late fee as of today."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from disclosure import remittance_lists
from disclosure.models import Remittance
from disclosure.remittances import FIELDS, SEE
from unions.api.base import ReadOnlyResource
from unions.api.filters import ScopedUnionFilters
from unions.api.serializers import UnionBrief
from unions.api.views import described


class RemittanceFilters(ScopedUnionFilters, remittance_lists.RemittanceFilters):
    class Meta(remittance_lists.RemittanceFilters.Meta):
        pass


class RemittanceRow(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    arrears = serializers.DecimalField(max_digits=16, decimal_places=2, read_only=True)
    late_fee = serializers.DecimalField(max_digits=16, decimal_places=2, read_only=True)

    class Meta:
        model = Remittance
        fields = [
            "id",
            "union",
            "period",
            "credit_code",
            *FIELDS,
            "due_on",
            "arrears",
            "late_fee",
            "state",
            "revision",
        ]


@described(gettext_lazy("Remittances in scope"), gettext_lazy("An employer's remittance of a quarter"))
class RemittanceResource(ReadOnlyResource):
    queryset = Remittance.objects.select_related("union__middle", "union__parent").order_by("-period", "pk")
    serializer_class = RemittanceRow
    filterset_class = RemittanceFilters
    see = SEE

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().with_arrears(timezone.localdate())
