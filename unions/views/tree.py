"""The roster: list, search, picker, tree."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from unions.exports import roster_workbook
from unions.filters import UnionFilters
from unions.kit.filters import clean_query
from unions.kit.http import is_fragment, requires
from unions.kit.tables import list_response
from unions.kit.text import sentence
from unions.models import Union
from unions.permissions import Permission
from unions.pickers import PURPOSES, candidates
from unions.tables import UnionTable


@requires(Permission.UNION_VIEW)
@require_GET
def union_list(request):
    """Every union in the person's scope, filtered, sorted, as page or workbook."""
    # Asked for by themselves: joined below the policies of the second wall, the superiors cost more than the page's rows.
    superiors = Prefetch("parent", Union.objects.only("name"))
    visible = Union.objects.visible_to(request.user, Permission.UNION_VIEW).prefetch_related(superiors)
    return list_response(
        request, queryset=visible.defer("search_text"),
        filters=UnionFilters, table=UnionTable, template="unions/list.html", export=roster_workbook, export_name=_("Union roster"),
        context={"may_reveal": request.user.has_perm(Permission.PERSON_REVEAL), "full_query": clean_query(request.GET)},
    )  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """A union found, its name cut where the typed text stands in it."""

    union: Union
    href: str
    before: str
    match: str = ""
    after: str = ""
    former: str = ""


def _hit(union: Union, text: str, to_tree: bool) -> Hit:
    href = (
        f"{reverse('unions:tree')}?find={union.pk}#u{union.pk}"
        if to_tree
        else reverse("unions:union", args=[union.pk])
    )
    start = union.name.upper().find(text.upper())
    if start >= 0:
        end = start + len(text)
        return Hit(union, href, union.name[:start], union.name[start:end], union.name[end:])
    former = next((name for name in union.former_names if text.upper() in name.upper()), "")
    return Hit(union, href, union.name, former=former)


@requires(Permission.UNION_VIEW)
@require_GET
def search(request):
    """Unions in scope by name, former name, pinyin, initials, credit code or union code; one query."""
    text, limit = sentence(request.GET.get("q", ""), 80), 8 if is_fragment(request) else 20
    visible = Union.objects.visible_to(request.user, Permission.UNION_VIEW).select_related("parent")
    unions = list(visible.matching(text).best_first(text)[: limit + 1]) if text else []
    to_tree = request.GET.get("to") == "tree"
    context = {
        "q": text, "found": [_hit(union, text, to_tree) for union in unions[:limit]], "has_more": len(unions) > limit,
        "to": "tree" if to_tree else "",
    }  # fmt: skip
    return render(request, "unions/search_suggestions.html" if is_fragment(request) else "unions/search.html", context)


@requires(Permission.UNION_VIEW)
@require_GET
def pick(request: HttpRequest):
    """The radio buttons of a union picker: what a person may choose for a purpose, and nothing else."""
    field = request.GET.get("field", "")
    purpose = PURPOSES.get(request.GET.get("purpose", ""))
    if not field.isidentifier() or purpose is None:
        return render(request, "unions/_picks.html", {"unions": [], "typed": ""}, status=400)
    typed = request.GET.get(f"{field}_q", "")[:80]
    context = {"unions": candidates(purpose(request.user), typed), "field": field, "typed": typed}
    return render(request, "unions/_picks.html", context)
