"""The district's forms: versions, their figures and checks. A published version is read; a draft is edited."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from disclosure import versions
from disclosure.forms import CheckForm, IndicatorForm, PublishForm, SectionForm
from disclosure.models import Form, FormRule, FormVersion, Indicator
from unions.kit.http import requires
from unions.permissions import Permission
from unions.workflow import Invalid


def _version(pk: int) -> FormVersion:
    """Forms belong to the whole district: whoever may edit rules sees them all."""
    return get_object_or_404(FormVersion.objects.select_related("form__rule", "published_by"), pk=pk)


@requires(Permission.RULE_EDIT)
@require_GET
def forms_list(request):
    forms = Form.objects.select_related("rule", "summed_from").prefetch_related("versions__published_by")
    context = {"forms": forms, "crumb_here": _("Forms")}
    return render(request, "disclosure/form_list.html", context)


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def version(request, pk):
    """One version with all it asks and checks; a draft can get another section here."""
    found = _version(pk)
    section = SectionForm(request.POST or None)
    if request.method == "POST":
        versions.only_drafts(found)
        if section.is_valid():
            section.instance.version = found
            versions.keep_part(section.instance, by=request.user)
            return redirect("disclosure:version", pk)
    context = {
        "version": found, "sections": found.sections.prefetch_related("indicators"), "checks": found.rules.all(),
        "is_draft": found.published_at is None, "problems": versions.problems_of(found) if not found.published_at else [],
        "publish": PublishForm(initial={"first_period": found.first_period, "note": found.note}), "section_form": section,
        "crumb_here": str(found), "here_menu": "disclosure:form-list",
    }  # fmt: skip
    return render(request, "disclosure/version.html", context, status=422 if section.errors else 200)


@requires(Permission.RULE_EDIT)
@require_POST
def copy(request, pk):
    draft = versions.copy_version(_version(pk), by=request.user)
    return redirect("disclosure:version", draft.pk)


@requires(Permission.RULE_EDIT)
@require_POST
def publish(request, pk):
    found, form = _version(pk), PublishForm(request.POST)
    try:
        if form.is_valid():
            versions.publish_version(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Published. It holds from the period you chose on."))
        else:
            messages.error(request, _("Choose the first period."))
    except Invalid as problem:
        messages.error(request, str(problem))
    return redirect("disclosure:version", pk)


@requires(Permission.RULE_EDIT)
@require_POST
def discard(request, pk):
    versions.discard_version(_version(pk), by=request.user)
    messages.success(request, _("The draft is discarded."))
    return redirect("disclosure:form-list")


def _edit(request, pk: int, item: int | None, model, form_class, title: str):
    found = _version(pk)
    versions.only_drafts(found)
    instance = get_object_or_404(model, pk=item, version=found) if item else model(version=found)
    if request.method == "POST" and "delete" in request.POST and item:
        versions.keep_part(instance, by=request.user, is_gone=True)
        return redirect("disclosure:version", pk)
    form = form_class(request.POST or None, instance=instance, version=found)
    if request.method == "POST" and form.is_valid():
        versions.keep_part(form.instance, by=request.user)
        return redirect("disclosure:version", pk)
    context = {
        "version": found, "form": form, "title": title, "item": item, "indicators": found.indicators.all(), "crumb_here": title, "here_menu": "disclosure:form-list",
    }  # fmt: skip
    return render(request, "disclosure/version_part.html", context, status=422 if form.errors else 200)


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def indicator(request, pk, item=None):
    return _edit(request, pk, item, Indicator, IndicatorForm, _("Figure"))


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def check(request, pk, item=None):
    return _edit(request, pk, item, FormRule, CheckForm, _("Check of a figure"))
