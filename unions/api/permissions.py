"""Who may call what: the same permissions as the pages, declared for each action of a resource."""

from django.core.exceptions import ImproperlyConfigured
from rest_framework.permissions import BasePermission


class ScopedPermission(BasePermission):
    """Default deny: an action that names no permission is an error, not an open door. Which records are within reach
    is the queryset's affair (`visible_to`), so what lies outside the scope is 404."""

    def has_permission(self, request, view) -> bool:
        if not request.user.is_authenticated or request.user.must_change_password:
            return False
        if view.action is None:  # no such method: the answer is 405, for everybody
            return True
        declared = getattr(view, "permissions", {})
        if view.action not in declared:
            raise ImproperlyConfigured(f"{type(view).__name__}.permissions does not name “{view.action}”")
        permission = declared[view.action]
        return permission is None or request.user.has_perm(permission)
