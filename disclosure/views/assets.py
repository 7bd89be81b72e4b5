"""Assets: the list, one with its files and its way out, entering and correcting, stock-takings, the register on paper."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from disclosure import assets
from disclosure.asset_forms import AssetForm, CorrectForm, CountForm, move_form
from disclosure.asset_lists import AssetFilters, AssetTable, visible_assets
from disclosure.asset_moves import ASSETS
from disclosure.asset_paper import register as register_paper
from disclosure.assets import FILE, SEE, SIGN, WRITE
from disclosure.enums import AssetState
from disclosure.models import Asset, StockTaking
from disclosure.views.oversight import FORMS
from unions.access import fetch, fetch_union
from unions.audit_words import acts_of
from unions.kit.http import attachment, requires
from unions.kit.tables import list_response
from unions.models import Union, Upload
from unions.moves import add_errors, move_page, read_revision
from unions.uploads import handed_out
from unions.views.uploads import UploadForm
from unions.workflow import Invalid, MoveError, allowed

LIST = "disclosure:asset-list"


def asset_for(request: HttpRequest, pk: int, act: str | None = None) -> Asset:
    rows = Asset.objects.select_related("union__middle", "union__parent")
    return fetch(rows, request.user, SEE, act, pk=pk)


def frame(union: Union, here: str) -> dict:
    return {"union": union, "crumb_union": union, "crumb_here": here, "here_menu": LIST}


@requires(SEE)
@require_GET
def asset_list(request: HttpRequest) -> HttpResponse:
    """Every asset in scope, filtered; exported as it is filtered."""
    own = request.user.union if request.user.has_perm(WRITE) else None
    return list_response(
        request, queryset=visible_assets(request.user), filters=AssetFilters, table=AssetTable,
        template="disclosure/assets/list.html", export="table", export_name=_("Assets"),
        context={"crumb_here": _("Assets"), "own": own if own and request.user.has_perm(WRITE, own) else None},
    )  # fmt: skip


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def asset_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put something into one's own union's register."""
    union = fetch_union(request.user, pk, WRITE)
    form = AssetForm(request.POST or None, union=union)
    if request.method == "POST" and form.is_valid():
        made = assets.enter(union, form.values(), by=request.user)
        messages.success(request, _("Entered."))
        return redirect("disclosure:asset", made.pk)
    context = {**frame(union, _("Enter an asset")), "form": form, "back": reverse(LIST)}
    return render(request, "disclosure/assets/form.html", context, status=422 if form.is_bound else 200)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def asset_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an entry; the former values stay on record."""
    found = asset_for(request, pk, WRITE)
    if found.state != AssetState.IN_USE:
        raise MoveError(_("Only what is in use is corrected."))
    form = CorrectForm(request.POST or None, union=found.union, instance=found)
    if request.method == "POST" and form.is_valid():
        # A form changes its instance: the service compares with what is stored.
        stored, reason = asset_for(request, pk), form.cleaned_data["reason"]
        assets.correct(stored, form.values(), by=request.user, revision=read_revision(request), reason=reason)
        messages.success(request, _("Saved."))
        return redirect("disclosure:asset", pk)
    context = {
        **frame(found.union, _("Correct the entry")), "form": form, "record": found, "back": reverse("disclosure:asset", args=[pk]),
    }  # fmt: skip
    return render(request, "disclosure/assets/form.html", context, status=422 if form.is_bound else 200)


@requires(SEE)
@require_http_methods(["GET", "POST"])
def asset(request: HttpRequest, pk: int) -> HttpResponse:
    """One asset with its files, its stock-takings and its record. POST brings a file."""
    found = asset_for(request, pk, WRITE if request.method == "POST" else None)
    may_write, form = request.user.has_perm(WRITE, found), None
    if may_write:
        form = UploadForm(
            request.POST or None, request.FILES or None, purpose=FILE, union=found.union, user=request.user, object_id=found.pk
        )  # fmt: skip
        form.fields["note"].help_text = _("For example: a photograph, the invoice, the deed of gift.")
        if request.method == "POST" and form.is_valid():
            messages.success(request, _("“%(name)s” is kept.") % {"name": form.upload.name})
            return redirect("disclosure:asset", pk)
    context = {
        **frame(found.union, str(found)), "asset": found, "form": form, "files": assets.files_of(found),
        "moves": allowed(found, request.user), "may_correct": may_write and found.state == AssetState.IN_USE,
        "checks": found.checks.select_related("taking").order_by("-taking__taken_on"), "history": acts_of(found, request.user, SEE),
    }  # fmt: skip
    return render(request, "disclosure/assets/detail.html", context, status=422 if form and form.errors else 200)


@requires(SEE)
@require_http_methods(["GET", "POST"])
def asset_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """One step: what it means, what it demands, or why it cannot be taken now."""
    if move not in ASSETS.transitions:
        raise Http404
    transition = ASSETS.transitions[move]
    found = asset_for(request, pk, transition.permission)
    form = move_form(transition, request.POST if request.method == "POST" else None)
    then = reverse("disclosure:asset", args=[pk])
    return move_page(request, found, move, form, context=frame(found.union, str(transition.label)), then=then)


@requires(SEE)
@require_GET
def asset_file(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    found = asset_for(request, pk)
    rows = Upload.objects.visible_to(request.user, SEE).filter(
        purpose=FILE.key, object_id=found.pk, union=found.union_id
    )
    return handed_out(get_object_or_404(rows, pk=upload))


@requires(SIGN)
@require_http_methods(["GET", "POST"])
def stock_count(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick what is there; what is not ticked is missing."""
    union = fetch_union(request.user, pk, SIGN)
    rows = list(Asset.objects.visible_to(request.user, SEE).held().filter(union=union).order_by("number"))
    if request.method == "POST" and not rows:
        raise MoveError(_("There is nothing to count: enter what the union owns first."))
    form = CountForm(request.POST or None)
    present = {int(key) for key in request.POST.getlist("present") if key.isdecimal() and len(key) < 19}
    if request.method == "POST" and form.is_valid():
        try:
            made = assets.count(union, **form.cleaned_data, present=present, by=request.user)
        except Invalid as problem:
            add_errors(form, problem)
        else:
            messages.success(request, _("The stock-taking is on record."))
            return redirect("disclosure:stock-taking", made.pk)
    for one in rows:
        one.is_ticked = one.pk in present if form.is_bound else True
    context = {**frame(union, _("Take stock")), "form": form, "rows": rows}
    return render(request, "disclosure/assets/count.html", context, status=422 if form.is_bound else 200)


@requires(SEE)
@require_GET
def stock_taking(request: HttpRequest, pk: int) -> HttpResponse:
    """One stock-taking: what was there, what was missing, what was found beyond the register."""
    found = fetch(StockTaking.objects.select_related("union", "confirmed_by"), request.user, SEE, pk=pk)
    checks = list(found.checks.select_related("asset").order_by("is_present", "asset__number"))
    context = {
        **frame(found.union, str(found)), "taking": found, "checks": checks,
        "there": sum(one.is_present for one in checks),
    }  # fmt: skip
    return render(request, "disclosure/assets/taking.html", context)


@requires(SEE)
@require_GET
def register(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The register of one union for print (PDF) and for the office (Word)."""
    union = fetch(Union.objects.all(), request.user, SEE, pk=pk)
    if form not in FORMS:
        raise Http404
    paper, (make, mime) = register_paper(union, request.user), FORMS[form]
    return attachment(make(paper), f"{paper.title}.{form}", mime)
