"""Unions: list, search, tree, page, card."""

from django.shortcuts import render

from unions.access import fetch_union
from unions.kit.http import requires
from unions.permissions import Permission


@requires(Permission.UNION_VIEW)
def search(request):
    return render(request, "unions/search.html", {})


@requires(Permission.UNION_VIEW)
def union(request, pk):
    return render(request, "unions/union.html", {"union": fetch_union(request.user, pk)})
