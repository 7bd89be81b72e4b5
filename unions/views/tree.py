"""The roster: list, tree, search."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from unions.filters import UnionFilters
from unions.kit.http import requires
from unions.kit.tables import list_response
from unions.models import Union
from unions.permissions import Permission
from unions.tables import UnionTable


@requires(Permission.UNION_VIEW)
@require_GET
def union_list(request):
    """Every union in the person's scope, filtered, sorted, as page or workbook."""
    return list_response(
        request, queryset=Union.objects.visible_to(request.user, Permission.UNION_VIEW).select_related("parent"),
        filters=UnionFilters, table=UnionTable, template="unions/list.html", export_name=_("Union roster"),
    )  # fmt: skip


@requires(Permission.UNION_VIEW)
@require_GET
def search(request):
    return render(request, "unions/search.html", {})
