"""My data, corrections, and the erasure of what is past its time."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unions import mydata, retention
from unions.access import fetch
from unions.enums import ErasureState
from unions.kit.http import XLSX, any_account, attachment, requires
from unions.kit.pagination import ListPaginator
from unions.models import Correction, Erasure
from unions.permissions import Permission
from unions.proofs import proof
from unions.workflow import MoveError

SHOWN = 200
LOOKS_SHOWN = 100


class CorrectionForm(forms.Form):
    """What is wrong, and what is right."""

    field = forms.ChoiceField(label=gettext_lazy("Item"), choices=Correction.FIELDS)
    wish = forms.CharField(label=gettext_lazy("Right is"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))  # fmt: skip


@any_account
@require_http_methods(["GET", "POST"])
def my_data(request: HttpRequest) -> HttpResponse:
    """What the portal holds about me, who looked at it, and asking to have it put right."""
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mydata.ask(request.user, **form.cleaned_data)
        except MoveError as refused:
            form.add_error("wish", str(refused))
        else:
            messages.success(request, _("Whoever manages your account has been told and will answer."))
            return redirect("unions:my-data")
    context = {
        "held": mydata.held(request.user), "looks": mydata.looks(request.user, LOOKS_SHOWN), "form": form,
        "corrections": request.user.corrections.all()[:10], "crumb_here": _("My data"),
    }  # fmt: skip
    return render(request, "unions/privacy/mine.html", context, status=422 if form.errors else 200)


@any_account
@require_GET
def my_data_copy(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, to take away."""
    return attachment(mydata.workbook(request.user), f"{_('My data')}_{timezone.localdate():%Y%m%d}.xlsx", XLSX)


@requires(Permission.ACCOUNT_MANAGE)
@require_GET
def correction_list(request: HttpRequest) -> HttpResponse:
    """What people whose accounts I manage have asked to have put right."""
    return render(request, "unions/privacy/corrections.html", {"waiting": mydata.waiting(request.user)})


@requires(Permission.ACCOUNT_MANAGE)
@require_POST
def correction_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Write it as asked, or decline with the reason."""
    correction = fetch(
        Correction.objects.select_related("by", "union"), request.user, Permission.ACCOUNT_MANAGE, pk=pk
    )
    is_right = request.POST.get("decision") == "accept"
    mydata.decide(correction, is_right, by=request.user, answer=request.POST.get("answer", ""))
    messages.success(request, _("It is corrected.") if is_right else _("It is declined; the person is told why."))
    return redirect("unions:correction-list")


# --- erasure -----------------------------------------------------------------------------------------------------------


class EraseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("On whose decision"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


@requires(Permission.PERSON_ERASE)
@require_http_methods(["GET", "POST"])
def erasure_list(request: HttpRequest) -> HttpResponse:
    """What was found and erased so far, and how long each thing is kept; POST looks now."""
    if request.method == "POST":
        erasure = retention.propose()
        if erasure is None:
            messages.info(request, _("Nothing is past its time."))
            return redirect("unions:erasure-list")
        return redirect("unions:erasure", erasure.pk)
    rows = Erasure.objects.visible_to(request.user, Permission.PERSON_ERASE).select_related("erased_by")
    context = {
        "page": ListPaginator(rows, 20).get_page(request.GET.get("page")),
        "rules": list(retention.rules),
        "may_erase": True,
    }
    return render(request, "unions/privacy/erasures.html", context)


@requires(Permission.PERSON_ERASE)
@require_http_methods(["GET", "POST"])
@proof()
def erasure(request: HttpRequest, pk: int) -> HttpResponse:
    """One look at what is past its time: what it is, the confirmation, and afterwards the proof."""
    rows = Erasure.objects.visible_to(request.user, Permission.PERSON_ERASE).select_related("erased_by", "union")
    found = get_object_or_404(rows, pk=pk)
    form = EraseForm(request.POST or None) if found.state == ErasureState.PROPOSED else None
    if request.method == "POST":
        if form is None:
            raise MoveError(_("This proposal was confirmed or superseded meanwhile. Reload the page."))
        if form.is_valid():
            retention.erase(found, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("Erased. This page is the proof of it."))
            return redirect("unions:erasure", pk)
    context = {"erasure": found, "form": form, "parts": _parts(found), "crumb_here": _("Erasure")}
    return render(request, "unions/privacy/erasure.html", context, status=422 if form and form.errors else 200)


def _parts(found: Erasure) -> list[dict]:
    """Rule by rule: how many were found, the first of them by name while they can still be looked at, how many went."""
    parts = []
    for rule in retention.rules:
        if ids := found.found.get(rule.key):
            names = (
                [str(row) for row in rule.due().filter(pk__in=ids[:SHOWN])]
                if found.state == ErasureState.PROPOSED
                else []
            )
            parts.append({"rule": rule, "count": len(ids), "names": names, "erased": found.erased.get(rule.key)})
    return parts
