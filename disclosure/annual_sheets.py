"""What annual reports contain, by tier and from a year on; the district sets it."""

from django.db import transaction
from django.utils.translation import gettext as _

from disclosure.models import AnnualHead, AnnualPart, AnnualPrompt, AnnualSheet
from unions.enums import Tier
from unions.models import Union, User
from unions.services import record
from unions.workflow import Conflict, Invalid


def revision() -> int:
    """Grows with each change; whoever changes says which one was on the page."""
    return AnnualPrompt.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@transaction.atomic
def set_sheet(
    tier: Tier, *, first_year: int, basis: str, parts: list[dict], prompts: list[dict], heads: list[dict], by: User, seen: int
) -> AnnualSheet:  # fmt: skip
    """The district sets a tier's sheet from the report of a year on. One that reports were begun with stays as it is."""
    district = Union.objects.select_for_update(of=("self",), no_key=True).district()
    if revision() != seen:
        raise Conflict(district)
    _check(parts, prompts, heads)
    sheet, _is_new = AnnualSheet.objects.update_or_create(tier=tier, first_year=first_year, defaults={"basis": basis})
    if sheet.reports.exists():
        words = _("Reports of that year were begun with the present sheet; choose a later year.")
        raise Invalid(words, {"first_year": words})
    sheet.parts.all().delete()
    sheet.heads.all().delete()
    for number, part in enumerate(parts, 1):
        made = AnnualPart.objects.create(
            sheet=sheet, number=number, title=part["title"], item=part["item"], has_accounts=part["has_accounts"]
        )
        own = [prompt for prompt in prompts if prompt["part"] == number]
        AnnualPrompt.objects.bulk_create(
            AnnualPrompt(part=made, number=n, title=one["title"], ask=one["ask"], source=one["source"])
            for n, one in enumerate(own, 1)
        )
    AnnualHead.objects.bulk_create(
        AnnualHead(sheet=sheet, side=head["side"], number=n, name=head["title"]) for n, head in enumerate(heads, 1)
    )
    data = {"tier": str(tier.label), "year": first_year, "parts": [part["title"] for part in parts]}
    record(district, "annualsheet.set", sheet, by=by, data=data)
    return sheet


def _check(parts: list[dict], prompts: list[dict], heads: list[dict]) -> None:
    if not parts:
        raise Invalid(_("A report has at least one part."))
    if {prompt["part"] for prompt in prompts} != set(range(1, len(parts) + 1)):
        raise Invalid(_("Each part has at least one heading, and each heading belongs to a part on this page."))
    if sum(part["has_accounts"] for part in parts) > 1:
        raise Invalid(_("The table of income and expenditure stands in one part."))
    if any(part["has_accounts"] for part in parts) and not heads:
        raise Invalid(_("The table needs at least one head."))
