"""Collections of proposals with their link and poster; the district's themes and templates; the statistics."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assemblies import proposals
from assemblies.models import AnswerTemplate, Collection, Theme
from assemblies.proposal_forms import CollectionForm, TemplateForm, ThemeForm
from assemblies.proposal_lists import ProposalFilters, visible_proposals
from assemblies.proposal_statistics import AXES, lines_of, workbook
from assemblies.views.proposals import HANDLE, SEE
from unions import tokens
from unions.access import fetch
from unions.kit.exporting import export_button, export_response
from unions.kit.filters import clean_query
from unions.kit.http import requires
from unions.kit.pagination import ListPaginator
from unions.models import Union
from unions.permissions import Permission
from unions.services import differences, record

MENU = "assemblies:proposal-list"
OPEN_FOR = 30  # days that a new collection is offered; whoever begins it chooses others


@requires(SEE)
@require_GET
def collection_list(request):
    """The collections in scope, those of today first."""
    found = Collection.objects.visible_to(request.user, SEE).select_related("union", "meeting")
    page = ListPaginator(found.annotate(count=Count("proposals")).order_by("-opens_on", "-pk"), 50).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "today": timezone.localdate(),
        "may_handle": request.user.has_perm(HANDLE),
        "here_menu": MENU,
    }
    return render(request, "assemblies/collections/list.html", {**context, "crumb_here": _("Collections")})


@requires(HANDLE)
@require_http_methods(["GET", "POST"])
def collection_new(request, pk):
    """Begin a collection at one's own union."""
    union = fetch(Union.objects.active(), request.user, SEE, HANDLE, pk=pk)
    return _edit(request, union, Collection(union=union))


@requires(HANDLE)
@require_http_methods(["GET", "POST"])
def collection_edit(request, pk):
    found = fetch(Collection.objects.select_related("union"), request.user, SEE, HANDLE, pk=pk)
    return _edit(request, found.union, found)


def _edit(request, union: Union, collection: Collection):
    today = timezone.localdate()
    title = _("Proposals %(year)d") % {"year": today.year}
    begun = {"title": title, "opens_on": today, "closes_on": today + timedelta(days=OPEN_FOR)}
    initial = {} if collection.pk else begun
    form = CollectionForm(request.POST or None, instance=collection, union=union, initial=initial)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            made = form.save()
            record(union, "collection.save", made, by=request.user, data={"fields": form.changed_data})
        messages.success(request, _("Saved. Members hand in proposals by the link or the QR code."))
        return redirect("assemblies:collection", made.pk)
    context = {"form": form, "union": union, "crumb_union": union, "crumb_here": _("Collections"), "here_menu": MENU}
    return render(request, "assemblies/collections/edit.html", context, status=422 if form.errors else 200)


@requires(SEE)
@require_GET
def collection(request, pk):
    """A collection with its poster to print: the QR code leads members to the form, no account needed."""
    found = fetch(Collection.objects.select_related("union", "meeting"), request.user, SEE, pk=pk)
    link = _absolute(request, "assemblies:public-collection", tokens.Purpose.COLLECTION, found.pk, found.link_number)
    published = reverse("assemblies:public-published", args=[tokens.make(tokens.Purpose.PUBLISHED, found.union_id, 1)])
    context = {
        "collection": found, "union": found.union, "link": link, "qr": tokens.qr_of(link), "published": published,
        "is_open": found.is_open(timezone.localdate()), "may_handle": request.user.has_perm(HANDLE, found),
        "count": found.proposals.count(), "crumb_union": found.union, "crumb_here": found.title, "here_menu": MENU,
    }  # fmt: skip
    return render(request, "assemblies/collections/detail.html", context)


def _absolute(request, view: str, purpose: tokens.Purpose, pk: int, number: int) -> str:
    return request.build_absolute_uri(reverse(view, args=[tokens.make(purpose, pk, number)]))


@requires(HANDLE)
@require_POST
def collection_renew(request, pk):
    """A new link, where the former one got into wrong hands."""
    found = fetch(Collection.objects.all(), request.user, SEE, HANDLE, pk=pk)
    proposals.renew_link(found, by=request.user)
    messages.success(request, _("The former link leads nowhere now. Print the poster anew."))
    return redirect("assemblies:collection", pk)


# --- the district's lists ------------------------------------------------------------------------------------------

KINDS = {"theme": (Theme, ThemeForm), "template": (AnswerTemplate, TemplateForm)}


@requires(Permission.RULE_EDIT)
@require_GET
def theme_list(request):
    """Themes of proposals and templates for answers."""
    context = {"themes": Theme.objects.all(), "templates": AnswerTemplate.objects.all()}
    return render(request, "assemblies/collections/themes.html", {**context, "here_menu": "assemblies:theme-list"})


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def theme_edit(request, kind, pk=None):
    """Add or change one; a theme that was used is no longer offered rather than removed."""
    if kind not in KINDS:
        raise Http404
    model, make = KINDS[kind]
    obj = get_object_or_404(model, pk=pk) if pk else model()
    before = {name: getattr(obj, name) for name in make.Meta.fields}
    form = make(request.POST or None, instance=obj)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            made = form.save()
            changes = differences(before, {name: getattr(made, name) for name in make.Meta.fields})
            district = Union.objects.district()
            record(district, f"{model._meta.model_name}.save", made, by=request.user, data={"changes": changes})
        messages.success(request, _("Saved."))
        return redirect("assemblies:theme-list")
    context = {"form": form, "label": model._meta.verbose_name, "here_menu": "assemblies:theme-list"}
    return render(request, "assemblies/collections/theme_edit.html", context, status=422 if form.errors else 200)


# --- statistics ----------------------------------------------------------------------------------------------------


@requires(SEE)
@require_GET
def statistics(request):
    """How many, answered in time, satisfied: each with its numerator, its denominator and the rows behind it."""
    axis = request.GET.get("by", "theme")
    if axis not in AXES:
        raise Http404
    query = request.GET.copy()
    query.pop("by", None)
    filters = ProposalFilters(query, visible_proposals(request.user), user=request.user, request=request)
    try:
        given = {name: query[name] for name in ("year", "theme", "middle", "union", "kind") if query.get(name)}
        lines = lines_of(filters.qs, axis, given)
    except ValidationError:
        raise Http404 from None
    title = str(AXES[axis])
    if request.GET.get("export") == "xlsx":
        name = f"{_('Statistics of proposals')}_{timezone.localdate():%Y%m%d}.xlsx"
        return export_response(request, len(lines), name, lambda: workbook(lines, title, filters.in_words()))
    this = timezone.localdate().year
    context = {
        "lines": lines[:-1], "whole": lines[-1], "axis": axis, "axes": AXES.items(), "chips": filters.chips(), "title": title,
        "years": range(this, this - 5, -1), "year": query.get("year", ""), "query": clean_query(query, drop=("year",)),
        "here_menu": MENU, "crumb_here": _("Statistics"), **export_button(request, len(lines)),
    }  # fmt: skip
    return render(request, "assemblies/proposals/statistics.html", context)
