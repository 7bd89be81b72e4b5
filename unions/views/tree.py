"""Unions: list, search, tree, page, card."""

from django.shortcuts import render

from unions.kit.http import requires
from unions.permissions import Permission


@requires(Permission.UNION_VIEW)
def search(request):
    return render(request, "unions/search.html", {})
