"""What annual reports contain: every tier's sheets, and the district's changes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from disclosure import annual_sheets
from disclosure.annual import SEE
from disclosure.annual_forms import HeadRows, PartRows, PromptRows, SheetForm
from disclosure.models import AnnualSheet
from disclosure.views.annual import LIST
from unions.enums import Tier
from unions.kit.http import requires
from unions.kit.links import link
from unions.moves import add_errors
from unions.permissions import Permission
from unions.workflow import Invalid

SHEETS = AnnualSheet.objects.prefetch_related("parts__prompts", "parts__item", "heads")


@requires(SEE)
@require_GET
def sheets(request: HttpRequest) -> HttpResponse:
    """What the reports of a tier contain, the newest sheet first, each with its basis."""
    asked = request.GET.get("tier", "")
    tier = Tier(int(asked)) if asked in {"1", "2", "3"} else Tier.GRASSROOTS
    context = {
        "sheets": list(SHEETS.filter(tier=tier)), "tier": tier, "tiers": Tier,
        "may_edit": request.user.has_perm(Permission.RULE_EDIT), "crumb_here": _("What a report contains"), "here_menu": LIST,
    }  # fmt: skip
    return render(request, "disclosure/annual/sheets.html", context)


@requires(Permission.RULE_EDIT)
@require_http_methods(["GET", "POST"])
def sheet_edit(request: HttpRequest, tier: int) -> HttpResponse:
    """Set a tier's sheet from the report of a year on; it begins as the present one."""
    if tier not in {1, 2, 3}:
        raise Http404
    tier, given = Tier(tier), request.POST or None
    present = SHEETS.filter(tier=tier).first()
    form = SheetForm(
        given, initial={"first_year": timezone.localdate().year + 1, "basis": present.basis if present else ""}
    )
    rows = {
        "parts": PartRows(given, initial=_parts(present), prefix="parts", form_kwargs={"tier": tier}),
        "prompts": PromptRows(given, initial=_prompts(present), prefix="prompts"),
        "heads": HeadRows(given, initial=_heads(present), prefix="heads"),
    }
    if request.method == "POST" and all([form.is_valid(), *(one.is_valid() for one in rows.values())]):
        seen = request.POST.get("revision", "")
        try:
            annual_sheets.set_sheet(
                tier, **form.cleaned_data, **{name: one.rows() for name, one in rows.items()}, by=request.user,
                seen=int(seen) if seen.isdecimal() else -1,
            )  # fmt: skip
        except Invalid as problem:
            add_errors(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect(link("disclosure:annual-sheets", tier=tier.value))
    context = {
        "form": form, **rows, "tier": tier, "revision": annual_sheets.revision(), "crumb_here": _("Change the outline"), "here_menu": LIST,
    }  # fmt: skip
    return render(request, "disclosure/annual/sheet_edit.html", context, status=422 if form.is_bound else 200)


def _parts(sheet: AnnualSheet | None) -> list[dict]:
    rows = sheet.parts.all() if sheet else []
    return [{"title": one.title, "item": one.item_id, "has_accounts": one.has_accounts} for one in rows]


def _prompts(sheet: AnnualSheet | None) -> list[dict]:
    return [
        {"part": part.number, "title": one.title, "ask": one.ask, "source": one.source}
        for part in (sheet.parts.all() if sheet else [])
        for one in part.prompts.all()
    ]


def _heads(sheet: AnnualSheet | None) -> list[dict]:
    return [{"side": one.side, "title": one.name} for one in (sheet.heads.all() if sheet else [])]
