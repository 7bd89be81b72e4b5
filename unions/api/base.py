"""What every resource has in common: the scope of its rows, the permission of its actions, its refusals described."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import mixins, viewsets

from unions.permissions import Permission


class Resource(viewsets.GenericViewSet):
    """Records within the caller's scope. `see` is the permission that decides which; `permissions` names, for each
    action, what one must hold somewhere to call it at all."""

    see: Permission
    permissions: dict[str, Permission | None]
    http_method_names = ["get", "head", "post", "patch"]
    lookup_value_regex = r"\d{1,18}"

    @classmethod
    def as_view(cls, actions: dict | None = None, **initkwargs: Any):
        view = super().as_view(actions, **initkwargs)
        # Not the sign-in page but 401; ScopedPermission refuses strangers and initial passwords itself.
        view.login_required, view.answers_json = False, True
        return view

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return self.queryset.visible_to(self.request.user, self.see)


class ReadOnlyResource(mixins.ListModelMixin, mixins.RetrieveModelMixin, Resource):
    """A resource to list and to look at; both need what seeing needs."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "permissions" not in cls.__dict__ and hasattr(cls, "see"):
            cls.permissions = {"list": cls.see, "retrieve": cls.see}
