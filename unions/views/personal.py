"""Personal data: the register, who opened what, the roster with full numbers."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from unions.exports import roster_workbook
from unions.filters import UnionFilters
from unions.kit.filters import clean_query
from unions.kit.http import XLSX, attachment, requires
from unions.kit.tables import list_response
from unions.models import Union
from unions.openings import OpeningFilters, OpeningTable, breach_workbook, openings
from unions.permissions import Permission
from unions.personal import entries
from unions.proofs import proof
from unions.reveals import record_export
from unions.workflow import MoveError


@requires(Permission.PERSON_AUDIT)
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The register of personal data, to read and to print."""
    return render(
        request,
        "unions/personal/register.html",
        {"entries": entries(), "may_erase": request.user.has_perm(Permission.PERSON_ERASE)},
    )


@requires(Permission.PERSON_AUDIT)
@require_GET
def opening_list(request: HttpRequest) -> HttpResponse:
    """Every look at sealed data; its workbook names the people concerned."""
    return list_response(
        request, queryset=openings(request.user), filters=OpeningFilters, table=OpeningTable,
        template="unions/personal/openings.html", context={"may_erase": request.user.has_perm(Permission.PERSON_ERASE)}, export=breach_workbook, export_name=_("Whose personal data were opened"),
    )  # fmt: skip


class FullExportForm(forms.Form):
    """Why somebody needs all the numbers."""

    reason = forms.CharField(max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("What do you need it for? It is kept on record.")


@requires(Permission.PERSON_REVEAL)
@require_http_methods(["GET", "POST"])
@proof()
def roster_full(request: HttpRequest) -> HttpResponse:
    """The roster as it is filtered, with full telephone numbers: for a reason, so many times a day."""
    visible = Union.objects.visible_to(request.user, Permission.PERSON_REVEAL).select_related("parent")
    filters = UnionFilters(request.GET, visible.defer("search_text"), user=request.user, request=request)
    words, form = filters.in_words(), FullExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ids, reason = list(filters.qs.values_list("pk", flat=True)), form.cleaned_data["reason"]
        try:
            record_export(ids, union=request.user.union, by=request.user, reason=reason, words=words)
        except MoveError as refused:
            form.add_error(None, str(refused))
        else:
            body = roster_workbook(filters.qs, words, reveals_phones=True)
            return attachment(body, f"{_('Roster with full numbers')}_{timezone.localdate():%Y%m%d}.xlsx", XLSX)
    context = {"form": form, "words": words, "count": filters.qs.count(), "query": clean_query(request.GET)}
    return render(request, "unions/personal/roster_full.html", context, status=422 if form.errors else 200)
