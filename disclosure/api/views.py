"""Resources of the disclosure floor: forms, returns and their moves, totals."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from disclosure.api import serializers
from disclosure.api.filters import ReturnFilters, TotalFilters
from disclosure.models import Form, Return, Total
from disclosure.services import ensure, may_fill, save_return
from disclosure.workflow import RETURNS
from unions.access import fetch
from unions.api.base import ReadOnlyResource
from unions.api.moves import MovableResource, movable
from unions.api.views import described
from unions.models import Duty
from unions.permissions import Permission
from unions.workflow import Invalid, NotAllowed


@described(gettext_lazy("Forms"), gettext_lazy("A form with its versions, figures and checks"))
class FormResource(ReadOnlyResource):
    """Forms belong to no union: whoever sees returns may know what is asked in them."""

    queryset = Form.objects.select_related("rule", "summed_from")
    permissions = {"list": Permission.RETURN_VIEW, "retrieve": Permission.RETURN_VIEW}
    lookup_field = "code"
    lookup_value_regex = r"[\w-]{1,40}"

    def get_serializer_class(self):
        return serializers.FormDetail if self.action == "retrieve" else serializers.FormRow

    def get_queryset(self) -> QuerySet:
        if self.action != "retrieve":
            return self.queryset.all()
        return self.queryset.prefetch_related("versions__indicators__section", "versions__rules")


@movable(
    "returns",
    tuple(RETURNS.transitions),
    gettext_lazy("Submit, withdraw, accept, return or reopen"),
    shows=serializers.ReturnDetail,
    asks=serializers.RemarkedMove,
)
@described(gettext_lazy("Returns in scope"), gettext_lazy("A return with what the checks say of it"))
class ReturnResource(MovableResource):
    queryset = Return.objects.select_related(
        "union", "duty", "version__form", "submitted_by", "decided_by", "filled_by", "assisted_by"
    ).order_by("-period", "union__path", "pk")
    filterset_class = ReturnFilters
    see = Permission.RETURN_VIEW
    # What a call writes is decided by the services and the workflow, for this very record.
    permissions = dict.fromkeys(("list", "retrieve", "create", "partial_update"), Permission.RETURN_VIEW)

    def get_serializer_class(self):
        return serializers.ReturnRow if self.action == "list" else serializers.ReturnDetail

    def get_queryset(self) -> QuerySet:
        found = super().get_queryset()
        return found if self.action == "list" else found.prefetch_related("remarks__by")

    @extend_schema(
        summary=gettext_lazy("Begin the return of a duty"),
        request=serializers.ReturnStart,
        responses=serializers.ReturnDetail,
    )
    def create(self, request: Request) -> Response:
        given = serializers.ReturnStart(data=request.data)
        given.is_valid(raise_exception=True)
        duties = Duty.objects.select_related("rule", "union").filter(rule__form__isnull=False)
        duty = fetch(duties, request.user, Permission.RETURN_VIEW, pk=given.validated_data["duty"])
        if not may_fill(request.user, duty):
            raise NotAllowed(_("You may not fill in this union's return."))
        with transaction.atomic():
            filing = ensure(duty, by=request.user)
        return self._shown(filing, status.HTTP_201_CREATED)

    @extend_schema(
        summary=gettext_lazy("Keep figures of a draft"),
        request=serializers.ReturnContent,
        responses=serializers.ReturnDetail,
    )
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        filing = self.get_object()
        given = serializers.ReturnContent(data=request.data, context={"filing": filing})
        given.is_valid(raise_exception=True)
        data = given.validated_data
        with transaction.atomic():  # all of it or nothing: a program reads its errors and sends it again
            saved, errors = save_return(
                filing.duty, by=request.user, revision=data["revision"], values=data.get("figures"),
                explanations=data.get("explanations"), narrative=data.get("narrative"),
                confirm_rest=data["confirm_rest"],
            )  # fmt: skip
            if errors:
                raise Invalid(_("Some figures cannot be read."), errors)
        return self._shown(saved)

    def make_move(self, found: Return, move: str, data: dict[str, Any], **known: Any) -> None:
        super().make_move(found, move, {"remarks": data.get("remarks", {})}, **known)

    def _shown(self, filing: Return, code: int = status.HTTP_200_OK) -> Response:
        fresh = self.get_queryset().filter(pk=filing.pk).first()
        if fresh is None:
            raise Http404
        return Response(self.get_serializer(fresh).data, status=code)


@described(gettext_lazy("Totals of accepted figures"), gettext_lazy("One total"))
class TotalResource(ReadOnlyResource):
    queryset = Total.objects.select_related("union", "form").order_by("-period", "form", "union__path")
    serializer_class = serializers.TotalSerializer
    filterset_class = TotalFilters
    see = Permission.RETURN_VIEW
