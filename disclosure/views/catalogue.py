"""The catalogue of disclosure: what each tier must disclose, how one's own union stands, and its upkeep by the district."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from disclosure.bulletin_forms import CatalogueForm
from disclosure.catalogue import keep, standing
from disclosure.models import CatalogueItem
from unions.enums import Tier
from unions.kit.http import requires
from unions.kit.links import link
from unions.models import Union
from unions.permissions import Permission as P


@requires(P.BULLETIN_VIEW)
@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """All tiers' items with basis; for the union where this person is appointed also what is done and what is missing."""
    own = Union.objects.filter(pk__in={grant.union_id for grant in request.user.grants}).order_by("path").first()
    items = CatalogueItem.objects.select_related("category", "rule")
    tier = request.GET.get("tier", "")
    chosen = Tier(int(tier)) if tier in {"1", "2", "3"} else (own.tier if own else Tier.GRASSROOTS)
    rows = list(items.filter(tier=chosen, is_active=True))
    context = {
        "own": own, "tier": chosen, "tiers": Tier, "rows": standing(own, rows, timezone.localdate()) if own and own.tier == chosen else [(item, None) for item in rows],
        "may_edit": request.user.has_perm(P.RULE_EDIT), "may_write": bool(own and request.user.has_perm(P.BULLETIN_WRITE, own)),
        "retired": list(items.filter(tier=chosen, is_active=False)), "crumb_here": _("Catalogue of disclosure"),
    }  # fmt: skip
    return render(request, "disclosure/bulletins/catalogue.html", context)


@requires(P.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def item_add(request: HttpRequest) -> HttpResponse:
    return _form(request, None)


@requires(P.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(CatalogueItem, pk=pk))


def _form(request: HttpRequest, item: CatalogueItem | None) -> HttpResponse:
    form = CatalogueForm(request.POST or None, instance=item)
    if request.method == "POST" and form.is_valid():
        kept = keep(form.save(commit=False), is_new=item is None, by=request.user)
        messages.success(request, _("Saved."))
        return redirect(link("disclosure:catalogue", tier=kept.tier))
    context = {
        "form": form,
        "item": item,
        "crumb_here": str(item or _("Add an item")),
        "here_menu": "disclosure:catalogue",
    }
    return render(request, "disclosure/bulletins/item.html", context, status=422 if form.is_bound else 200)
