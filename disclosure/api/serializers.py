"""What forms, returns and totals say."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from disclosure import summary
from disclosure.definition import definition_of
from disclosure.enums import Severity
from disclosure.models import Form, FormRule, FormVersion, Indicator, Remark, Return, Total
from disclosure.rules import Assessment
from disclosure.services import assessment_of
from unions.api.moves import MoveRequest, MovesField
from unions.api.serializers import UnionBrief


class IndicatorSerializer(serializers.ModelSerializer):
    name = serializers.CharField(read_only=True)
    help = serializers.CharField(read_only=True)
    unit = serializers.CharField(read_only=True)
    section = serializers.StringRelatedField()

    class Meta:
        model = Indicator
        fields = [
            "code", "name", "help", "unit", "section", "type", "source", "source_expression", "adds_up", "is_required",
            "is_part", "is_editable",
        ]  # fmt: skip


class CheckSerializer(serializers.ModelSerializer):
    message = serializers.CharField(read_only=True)

    class Meta:
        model = FormRule
        fields = ["code", "severity", "condition", "message", "field", "basis"]


class VersionSerializer(serializers.ModelSerializer):
    indicators = IndicatorSerializer(many=True, read_only=True)
    rules = CheckSerializer(many=True, read_only=True)

    class Meta:
        model = FormVersion
        fields = ["number", "first_period", "note", "published_at", "indicators", "rules"]


class FormRow(serializers.ModelSerializer):
    name = serializers.CharField(source="__str__", read_only=True)
    rule = serializers.SlugRelatedField(slug_field="key", read_only=True)
    summed_from = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = Form
        fields = ["code", "kind", "name", "rule", "summed_from"]


class FormDetail(FormRow):
    versions = VersionSerializer(many=True, read_only=True)

    class Meta(FormRow.Meta):
        fields = [*FormRow.Meta.fields, "versions"]


class RemarkSerializer(serializers.ModelSerializer):
    by = serializers.StringRelatedField()

    class Meta:
        model = Remark
        fields = ["code", "text", "round", "at", "by"]


class FindingSerializer(serializers.Serializer):
    """A check that a return does not pass, or passes only with an explanation."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=Severity.choices)
    field = serializers.CharField()
    sentence = serializers.CharField()
    basis = serializers.CharField()
    explanation = serializers.CharField()


class ReturnRow(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    form = serializers.CharField(source="version.form.code", read_only=True)
    version = serializers.IntegerField(source="version.number", read_only=True)
    submitted_by = serializers.StringRelatedField(allow_null=True)
    decided_by = serializers.StringRelatedField(allow_null=True)

    class Meta:
        model = Return
        fields = [
            "id", "union", "duty", "form", "version", "period", "state", "revision", "rounds", "is_nil", "concerns",
            "submitted_at", "submitted_by", "decided_at", "decided_by", "figures",
        ]  # fmt: skip


class ReturnDetail(ReturnRow):
    filled_by = serializers.StringRelatedField(allow_null=True)
    assisted_by = serializers.StringRelatedField(allow_null=True)
    remarks = RemarkSerializer(many=True, read_only=True)
    findings = serializers.SerializerMethodField()
    unchecked = serializers.SerializerMethodField()
    moves = MovesField()

    class Meta(ReturnRow.Meta):
        fields = [
            *ReturnRow.Meta.fields,
            "sources", "explanations", "narrative", "shortfall", "filled_by", "assisted_by", "saved_at", "remarks",
            "findings", "unchecked", "moves",
        ]  # fmt: skip

    @extend_schema_field(FindingSerializer(many=True))
    def get_findings(self, filing: Return) -> list[dict]:
        return FindingSerializer(self._assessment(filing).findings, many=True).data

    def get_unchecked(self, filing: Return) -> list[str]:
        return [indicator.code for indicator in self._assessment(filing).unchecked]

    def to_representation(self, filing: Return) -> dict:
        if summary.is_summary(filing):
            summary.show_live(filing)
        return super().to_representation(filing)

    def _assessment(self, filing: Return) -> Assessment:
        if getattr(filing, "_assessed", None) is None:
            filing._assessed = assessment_of(filing)
        return filing._assessed


class ReturnStart(serializers.Serializer):
    """Which duty's return to begin; its figures come from the register and the last quarter."""

    duty = serializers.IntegerField(min_value=1)


class ReturnContent(serializers.Serializer):
    """What to keep of a draft. Figures not named stay as they are."""

    revision = serializers.IntegerField(min_value=1)
    figures = serializers.DictField(child=serializers.CharField(allow_blank=True, allow_null=True), required=False)
    explanations = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)
    narrative = serializers.CharField(allow_blank=True, max_length=4000, required=False)
    confirm_rest = serializers.BooleanField(default=False)

    def validate_figures(self, figures: dict[str, Any]) -> dict[str, Any]:
        known = definition_of(self.context["filing"].version).indicators
        strange = [code for code in figures if code not in known or not known[code].is_editable]
        if strange:
            raise serializers.ValidationError(
                {code: _("This form has no such figure to fill in.") for code in strange}
            )
        return figures


class RemarkedMove(MoveRequest):
    """What is returned may have a remark on each figure or part."""

    remarks = serializers.DictField(child=serializers.CharField(max_length=300), required=False)


class TotalSerializer(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    form = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Total
        fields = ["id", "union", "form", "period", "count", "figures", "updated_at"]
