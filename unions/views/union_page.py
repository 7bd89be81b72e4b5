"""One page for a union of any tier: its duties, its figures, then its subordinates'."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from unions.access import fetch_union
from unions.kit.http import requires
from unions.permissions import Permission


@requires(Permission.UNION_VIEW)
@require_GET
def union(request, pk):
    return render(request, "unions/union.html", {"union": fetch_union(request.user, pk)})
