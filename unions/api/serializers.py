"""What the ground floor's resources say. Every field is listed; telephone numbers leave the portal masked."""

from rest_framework import serializers

from unions.duties import tasks
from unions.jobs import refresh_progress
from unions.kit.masking import mask_phone
from unions.kit.periods import Period
from unions.models import Duty, DutyRule, DutyTotal, Event, Job, Notice, Union, Upload
from unions.models.duty import ReminderStep
from unions.notices import wordings


class UnionBrief(serializers.ModelSerializer):
    """A union named in another record."""

    class Meta:
        model = Union
        fields = ["id", "code", "name", "kind"]


class UnionRow(serializers.ModelSerializer):
    tier = serializers.IntegerField(read_only=True)
    parent = UnionBrief(read_only=True, allow_null=True)

    class Meta:
        model = Union
        fields = [
            "id", "code", "name", "kind", "tier", "state", "parent", "middle", "employer_name", "credit_code",
            "employer_nature", "industry", "workers", "women_workers", "migrant_workers", "members", "women_members",
            "chair_name", "updated_at",
        ]  # fmt: skip


class UnionDetail(UnionRow):
    chair_phone = serializers.SerializerMethodField()
    term_ends_on = serializers.DateField(read_only=True, allow_null=True)

    class Meta(UnionRow.Meta):
        fields = [
            *UnionRow.Meta.fields,
            "former_names", "address", "founded_on", "term_years", "term_started_on", "term_ends_on", "chair_sex",
            "chair_rank", "chair_engagement", "chair_phone", "has_place", "has_sign", "has_account",
            "has_audit_committee", "has_women_committee", "closed_on", "merged_into", "revision",
        ]  # fmt: skip

    def get_chair_phone(self, union: Union) -> str:
        return mask_phone(union.chair_phone)


class PeriodField(serializers.CharField):
    """A period's code: 2026Q3, 2026."""

    def to_internal_value(self, data) -> str:
        try:
            return Period.parse(str(data)).code
        except ValueError as problem:
            raise serializers.ValidationError(str(problem)) from problem


class ReminderStepSerializer(serializers.ModelSerializer):
    class Meta:
        model = ReminderStep
        fields = ["offset", "audience", "at_opening", "is_active"]


class RuleSerializer(serializers.ModelSerializer):
    name = serializers.CharField(read_only=True)
    steps = ReminderStepSerializer(many=True, read_only=True)

    class Meta:
        model = DutyRule
        fields = [
            "id", "key", "name", "clause", "basis", "kinds", "rhythm", "opens_after", "due_after", "in_workdays", "correction_days",
            "first_period", "is_active", "revision", "steps",
        ]  # fmt: skip


class DutySerializer(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    rule = serializers.SlugRelatedField(slug_field="key", read_only=True)
    is_overdue = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()

    class Meta:
        model = Duty
        fields = [
            "id", "union", "rule", "period", "opens_on", "due_on", "last_day", "state", "timeliness", "is_overdue",
            "first_submitted_at", "fulfilled_at", "return_count", "extended_to", "note", "members", "page",
        ]  # fmt: skip

    def get_is_overdue(self, duty: Duty) -> bool:
        return duty.is_overdue()

    def get_page(self, duty: Duty) -> str:
        task = tasks.get(duty.rule.task)
        return task.url(duty) if task else ""


class DecisionRequest(serializers.Serializer):
    """A reason that the other side reads, and the day for an extension."""

    reason = serializers.CharField(max_length=200, required=False)
    until = serializers.DateField(required=False)


class RatesSerializer(serializers.Serializer):
    """Shares between 0 and 1; null where nothing was expected."""

    completeness = serializers.FloatField(allow_null=True)
    timeliness = serializers.FloatField(allow_null=True)
    timeliness_extended = serializers.FloatField(allow_null=True)
    acceptance = serializers.FloatField(allow_null=True)
    first_pass = serializers.FloatField(allow_null=True)
    member_completeness = serializers.FloatField(allow_null=True)


class DutyTotalSerializer(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    rule = serializers.SlugRelatedField(slug_field="key", read_only=True)
    rates = RatesSerializer(read_only=True)

    class Meta:
        model = DutyTotal
        fields = ["id", "union", "rule", "period", *DutyTotal.COUNTS, "rates"]


class NoticeSerializer(serializers.ModelSerializer):
    title = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()

    class Meta:
        model = Notice
        fields = ["id", "kind", "title", "body", "url", "union", "created_at", "read_at"]

    def get_title(self, notice: Notice) -> str:
        wording = wordings.get(notice.kind)
        return wording.title(notice.params) if wording else notice.kind

    def get_body(self, notice: Notice) -> str:
        wording = wordings.get(notice.kind)
        return wording.body(notice.params) if wording else ""


class JobSerializer(serializers.ModelSerializer):
    percent = serializers.IntegerField(read_only=True)
    has_file = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = [
            "id", "kind", "state", "union", "done", "total", "percent", "stage", "result", "error", "has_file",
            "file_name", "created_at", "finished_at",
        ]  # fmt: skip

    def get_has_file(self, job: Job) -> bool:
        return bool(job.file)

    def to_representation(self, job: Job) -> dict:
        return super().to_representation(refresh_progress(job))


class EventSerializer(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    by = serializers.StringRelatedField(allow_null=True)
    role = serializers.CharField(source="assignment.role", default="", read_only=True)

    class Meta:
        model = Event
        fields = [
            "id", "action", "result", "model", "object_id", "union", "at", "by", "role", "source", "target", "reason",
            "data", "request_id", "address",
        ]  # fmt: skip


class FileSerializer(serializers.ModelSerializer):
    union = UnionBrief(read_only=True)
    by = serializers.StringRelatedField()

    class Meta:
        model = Upload
        fields = [
            "id", "union", "name", "note", "kind", "size", "sha256", "state", "is_scanned", "is_ready", "by", "created_at",
        ]  # fmt: skip
