"""The tables by number of members: what holds, what held, and the district's changes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assemblies import bands
from assemblies.enums import BandKey
from assemblies.forms_terms import BandBasisForm, BandRows
from assemblies.models import Band
from unions.audit_words import sentence
from unions.kit.http import requires
from unions.models import Event
from unions.permissions import Permission
from unions.workflow import Invalid

HISTORY = 30


def _key(key: str) -> BandKey:
    if key not in BandKey.values:
        raise Http404
    return BandKey(key)


@requires(Permission.ASSEMBLY_VIEW)
@require_GET
def band_list(request):
    """Every table as it holds today."""
    today = timezone.localdate()
    tables = [{"key": key, "rows": list(Band.objects.in_force(key, today))} for key in BandKey]
    return render(
        request,
        "assemblies/bands/list.html",
        {"tables": tables, "may_edit": request.user.has_perm(Permission.RULE_EDIT)},
    )


@requires(Permission.ASSEMBLY_VIEW)
@require_GET
def band(request, key):
    """One table: what holds, what held before and from when, and who changed it."""
    key, may_edit = _key(key), request.user.has_perm(Permission.RULE_EDIT)
    events = []
    if may_edit:
        events = list(Event.objects.filter(action="band.edit", data__key=key).select_related("by")[:HISTORY])
        for event in events:
            event.sentence = sentence(event)
    context = {
        "key": key,
        "tables": bands.tables(key),
        "today": timezone.localdate(),
        "may_edit": may_edit,
        "events": events,
    }
    return render(request, "assemblies/bands/detail.html", context)


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def band_edit(request, key):
    """Set a table from a day on."""
    key, today = _key(key), timezone.localdate()
    present = list(Band.objects.in_force(key, today))
    names = ("members_from", "members_to", "least", "most", "is_percent")
    rows = [{name: getattr(row, name) for name in names} for row in present]
    form = BandBasisForm(
        request.POST or None, initial={"basis": present[0].basis if present else "", "effective_from": today}
    )
    table = BandRows(request.POST or None, initial=rows, prefix="rows")
    if request.method == "POST" and form.is_valid() and table.is_valid():
        seen = request.POST.get("revision", "")
        try:
            bands.set_table(
                key, table.rows(), **form.cleaned_data, by=request.user, seen=int(seen) if seen.isdecimal() else -1
            )
        except Invalid as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The table is saved."))
            return redirect("assemblies:band", key=key)
    context = {"key": key, "form": form, "table": table, "revision": bands.revision(key)}
    return render(request, "assemblies/bands/edit.html", context, status=422 if form.is_bound else 200)
