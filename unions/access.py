"""How a view gets hold of one record: within the scope or 404, with the right or 403."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from unions.models import Union, User
from unions.permissions import Permission


def fetch(queryset: QuerySet, user: User, see: Permission, act: Permission | None = None, **lookup):
    """The record, if this person may see it (otherwise Http404, the same as for one that does not exist) and may do
    what `act` names (otherwise PermissionDenied)."""
    obj = get_object_or_404(queryset.visible_to(user, see), **lookup)
    if act is not None and not user.has_perm(act, obj):
        raise PermissionDenied(act)
    return obj


def fetch_union(user: User, pk: int, act: Permission | None = None) -> Union:
    return fetch(Union.objects.select_related("parent", "middle"), user, Permission.UNION_VIEW, act, pk=pk)
