"""The sheet of appraisals: what holds, what held, and the district's changes."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assemblies import appraisal_sheets
from assemblies.appraisals import thresholds_on
from assemblies.forms_appraisals import GradeRows, ItemRows, SheetBasisForm
from assemblies.models import AppraisalSheet
from unions.kit.http import requires
from unions.permissions import Permission
from unions.workflow import Invalid


@requires(Permission.ASSEMBLY_VIEW)
@require_GET
def sheet(request):
    """Every sheet, the newest first, and the thresholds of today."""
    today = timezone.localdate()
    context = {
        "sheets": list(AppraisalSheet.objects.prefetch_related("items", "grades")), "today": today,
        "present": appraisal_sheets.sheet_on(today), "thresholds": thresholds_on(today),
        "may_edit": request.user.has_perm(Permission.RULE_EDIT), "crumb_here": _("Appraisal sheet"),
    }  # fmt: skip
    return render(request, "assemblies/appraisals/sheet.html", context)


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def sheet_edit(request):
    """Set the sheet from a day on."""
    today = timezone.localdate()
    present = appraisal_sheets.sheet_on(today)
    items = [{"subject": i.subject, "text": i.text} for i in present.items.all()] if present else []
    grades = [{"kind": g.kind, "text": g.text} for g in present.grades.all()] if present else []
    form = SheetBasisForm(
        request.POST or None, initial={"basis": present.basis if present else "", "effective_from": today}
    )
    item_rows = ItemRows(request.POST or None, initial=items, prefix="items")
    grade_rows = GradeRows(request.POST or None, initial=grades, prefix="grades")
    if request.method == "POST" and form.is_valid() and item_rows.is_valid() and grade_rows.is_valid():
        seen = request.POST.get("revision", "")
        try:
            appraisal_sheets.set_sheet(
                item_rows.rows(), grade_rows.rows(), **form.cleaned_data, by=request.user,
                seen=int(seen) if seen.isdecimal() else -1,
            )  # fmt: skip
        except Invalid as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The sheet is saved."))
            return redirect("assemblies:appraisal-sheet")
    context = {
        "form": form, "items": item_rows, "grades": grade_rows, "revision": appraisal_sheets.revision(),
        "crumb_here": _("Change the sheet"), "here_menu": "assemblies:appraisal-sheet",
    }  # fmt: skip
    return render(request, "assemblies/appraisals/sheet_edit.html", context, status=422 if form.is_bound else 200)
