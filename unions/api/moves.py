"""Moves in the API: one call for all of a workflow. What it brings is read, then the workflow decides."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from unions.api.base import ReadOnlyResource
from unions.workflow import allowed, perform

KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description=_("Repeating a call with the same key makes the move once."),
)


class MoveRequest(serializers.Serializer):
    """The revision the caller has seen, and what a move may demand. What else a workflow asks for is added by its own."""

    revision = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    due = serializers.DateField(required=False, allow_null=True)


@extend_schema_field(serializers.ListField(child=serializers.CharField()))
class MovesField(serializers.ReadOnlyField):
    """The moves that the caller may make with this record now; of those `among` them, where others follow by themselves."""

    def __init__(self, among: Iterable[str] | None = None, **kwargs: Any):
        self.among = among
        super().__init__(**{**kwargs, "source": "*"})

    def to_representation(self, found: models.Model) -> list[str]:
        names = [transition.name for transition in allowed(found, self.context["request"].user)]
        return names if self.among is None else [name for name in names if name in self.among]


class MovableResource(ReadOnlyResource):
    """A resource with `POST <record>/<move>/`; what one must hold to call it at all is to see the record, unless
    `permissions` says more. A workflow that takes its words in another way has a `make_move` of its own."""

    def make_move(self, found: models.Model, move: str, data: dict[str, Any], **known: Any) -> None:
        """`known` is what every move may bring (revision, reason, due, key), `data` what this workflow asks for besides."""
        perform(found, move, by=self.request.user, data=data, **known)


def movable(
    named: str,
    moves: Iterable[str],
    summary: str,
    *,
    shows: type[serializers.Serializer],
    asks: type[MoveRequest] = MoveRequest,
) -> Callable:
    """Gives a MovableResource its call: answers with the record as it is then. `named` is the call's name in the schema."""
    moves, known = tuple(moves), tuple(MoveRequest().fields)

    @extend_schema(
        operation_id=f"{named}_move",
        summary=summary,
        request=asks,
        responses=shows,
        parameters=[
            OpenApiParameter("move", str, OpenApiParameter.PATH, enum=moves, description=_("The move to make")),
            KEY,
        ],
    )
    @action(detail=True, methods=["post"], url_path=rf"(?P<move>{'|'.join(moves)})", url_name="move")
    def move(self, request: Request, pk: str | None = None, move: str = "") -> Response:
        found = self.get_object()
        given = asks(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        brought = {name: data.pop(name) for name in known if name in data}
        self.make_move(found, move, data, key=call_key(request, found, move), **brought)
        return Response(self.get_serializer(self.get_object()).data)

    def add(resource: type) -> type:
        resource.move = move
        resource.permissions = {"move": resource.see, **resource.permissions}
        return resource

    return add


def call_key(request: Request, found: models.Model, move: str) -> str | None:
    """The caller's key, bound to caller, record and move: nobody's key can swallow another's request."""
    given = request.headers.get("Idempotency-Key", "").strip()
    text = f"{request.user.pk}:{found._meta.label_lower}:{found.pk}:{move}:{given}"
    return hashlib.sha256(text.encode()).hexdigest() if given else None
