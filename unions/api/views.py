"""Resources of the ground floor, each with the filters of its page."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from unions import duties, uploads
from unions.api import serializers
from unions.api.base import ReadOnlyResource
from unions.api.filters import DutyFilters, DutyTotalFilters, EventFilters, FileFilters
from unions.filters import UnionFilters
from unions.forms_duties import DecisionForm, ExtensionForm
from unions.models import Duty, DutyRule, DutyTotal, Event, Job, Notice, Union, Upload, User
from unions.permissions import Permission

DECISIONS = {
    "ask": (ExtensionForm, duties.ask_extension),
    "extend": (ExtensionForm, duties.grant_extension),
    "decline": (DecisionForm, duties.decline_extension),
    "waive": (DecisionForm, duties.waive),
    "demand": (None, duties.demand_again),
}


def _may_decide(user: User, duty: Duty, decision: str) -> bool:
    """Asking is the union's own, the rest its superior's."""
    if decision != "ask":
        return duties.may_decide(user, duty)
    task = duties.tasks.get(duty.rule.task)
    return user.holds_at(task.fill if task else Permission.RETURN_FILL, duty.union_id)


def described(listing, one) -> Callable:
    """What a resource's two reading actions say in the schema."""
    return extend_schema_view(list=extend_schema(summary=listing), retrieve=extend_schema(summary=one))


@described(_("Unions in scope"), _("A union's card"))
class UnionResource(ReadOnlyResource):
    queryset = Union.objects.select_related("parent").order_by("pinyin", "pk")
    serializer_class = serializers.UnionRow
    filterset_class = UnionFilters
    see = Permission.UNION_VIEW

    def get_serializer_class(self):
        return serializers.UnionDetail if self.action == "retrieve" else serializers.UnionRow


@described(_("Duties in scope"), _("A duty"))
class DutyResource(ReadOnlyResource):
    queryset = Duty.objects.select_related("union__parent", "rule").order_by("-period", "last_day", "pk")
    serializer_class = serializers.DutySerializer
    filterset_class = DutyFilters
    see = Permission.DUTY_VIEW
    permissions = dict.fromkeys(("list", "retrieve", "decide"), Permission.DUTY_VIEW)

    @extend_schema(
        operation_id="duties_decide",
        summary=_("Ask for an extension, grant or decline it, exempt, or take the exemption back"),
        request=serializers.DecisionRequest,
        parameters=[OpenApiParameter("decision", str, OpenApiParameter.PATH, enum=tuple(DECISIONS))],
    )
    @action(detail=True, methods=["post"], url_path=rf"(?P<decision>{'|'.join(DECISIONS)})")
    def decide(self, request, pk=None, decision="") -> Response:
        """The forms and services of the pages: the same demands, the same sentences."""
        duty = self.get_object()
        if not _may_decide(request.user, duty, decision):
            raise PermissionDenied
        form_class, act = DECISIONS[decision]
        given = {}
        if form_class is not None:
            extra = {"duty": duty} if form_class is ExtensionForm else {}
            form = form_class(request.data, **extra)
            if not form.is_valid():
                raise ValidationError(form.errors)
            given = form.cleaned_data
        with transaction.atomic():
            act(duty, by=request.user, **given)
        return Response(self.get_serializer(self.get_object()).data)


@described(_("Counts of duties by period"), _("Counts of one period"))
class DutyTotalResource(ReadOnlyResource):
    queryset = DutyTotal.objects.select_related("union", "rule").order_by("-period", "rule", "union__path")
    serializer_class = serializers.DutyTotalSerializer
    filterset_class = DutyTotalFilters
    see = Permission.DUTY_VIEW


@described(_("Duty rules"), _("A duty rule with its reminders"))
class RuleResource(ReadOnlyResource):
    """Rules belong to no union: whoever sees duties may know why they are due."""

    queryset = DutyRule.objects.prefetch_related("steps")
    serializer_class = serializers.RuleSerializer
    permissions = {"list": Permission.DUTY_VIEW, "retrieve": Permission.DUTY_VIEW}

    def get_queryset(self) -> QuerySet:
        return self.queryset.all()


@described(_("The record of what was done"), _("One event"))
class EventResource(ReadOnlyResource):
    queryset = Event.objects.select_related("union", "by", "assignment")
    serializer_class = serializers.EventSerializer
    filterset_class = EventFilters
    see = Permission.EVENT_VIEW


@described(_("My notices"), _("One of my notices"))
class NoticeResource(ReadOnlyResource):
    queryset = Notice.objects.all()
    serializer_class = serializers.NoticeSerializer
    permissions = {"list": None, "retrieve": None, "read": None}

    def get_queryset(self) -> QuerySet:
        return self.queryset.filter(recipient=self.request.user.pk)

    @extend_schema(summary=_("Mark a notice as read"), request=None)
    @action(detail=True, methods=["post"])
    def read(self, request, pk=None) -> Response:
        notice = self.get_object()
        if notice.read_at is None:
            notice.read_at = timezone.now()
            notice.save(update_fields=["read_at"])
        return Response(self.get_serializer(notice).data)


@described(_("My jobs"), _("One of my jobs, with its progress"))
class JobResource(ReadOnlyResource):
    queryset = Job.objects.all()
    serializer_class = serializers.JobSerializer
    permissions = {"list": None, "retrieve": None}

    def get_queryset(self) -> QuerySet:
        return self.queryset.filter(by=self.request.user.pk)


@described(_("Files of the unions in scope"), _("A file: what it is, and whether it may be taken"))
class FileResource(ReadOnlyResource):
    """To read only: a file is brought on the union's page, where a person sees what became of it."""

    queryset = Upload.objects.filter(purpose=uploads.UNION_FILE.key).select_related("union", "by")
    serializer_class = serializers.FileSerializer
    filterset_class = FileFilters
    see = Permission.UNION_VIEW
    permissions = dict.fromkeys(("list", "retrieve", "content"), Permission.UNION_VIEW)

    @extend_schema(
        operation_id="files_content",
        summary=_("The file itself, once it is clean"),
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True)
    def content(self, request, pk=None) -> FileResponse:
        return uploads.handed_out(self.get_object())
