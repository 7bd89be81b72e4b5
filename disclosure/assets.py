"""The asset register of a union: entering, correcting, counting. Nothing of it is deleted.

Unions manage their assets strictly and answer for them (notice 2015-24; Trade union law art. 46, 47). From which value on the
committee's minutes and the approval of the tier above are needed is the district's to set.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.enums import AssetState
from disclosure.models import Asset, AssetCheck, StockTaking
from unions.kit.text import sentence
from unions.models import Union, Upload, User
from unions.permissions import Permission
from unions.services import differences, record
from unions.uploads import Purpose
from unions.workflow import Invalid, MoveError, NotAllowed, demand_unchanged

SEE, WRITE, SIGN, REVIEW = (
    Permission.BULLETIN_VIEW, Permission.BULLETIN_WRITE, Permission.BULLETIN_APPROVE, Permission.RETURN_REVIEW,
)  # fmt: skip
FILE = Purpose(
    "asset-file", gettext_lazy("Photographs and papers of assets"), ("jpeg", "png", "pdf", "docx", "xlsx"), 10, SEE, WRITE
)  # fmt: skip
FIELDS = ("number", "name", "category", "acquired_on", "value", "source", "place", "keeper")
MISSING = gettext_lazy("Something is still missing.")
MOST_ASSETS = 5000


@transaction.atomic
def enter(union: Union, values: dict[str, Any], *, by: User) -> Asset:
    """Put something into the register. The same form sent twice is one asset."""
    if not by.has_perm(WRITE, union):
        raise NotAllowed(_("You may not do this for this union."))
    if known := Asset.objects.exclude(state=AssetState.VOID).filter(union=union, **values).first():
        return known
    if Asset.objects.filter(union=union).count() >= MOST_ASSETS:
        raise MoveError(_("The register is full: at most %(n)d assets.") % {"n": MOST_ASSETS})
    made = Asset(union=union, **values)
    _check(made)
    made.save()
    record(union, "asset.enter", made, by=by, data={"number": made.number})
    return made


def _check(asset: Asset) -> None:
    """What the form says, for whoever writes without one."""
    others = Asset.objects.exclude(state=AssetState.VOID).filter(union=asset.union, number=asset.number)
    if others.exclude(pk=asset.pk).exists():
        raise Invalid(MISSING, {"number": _("Another asset of the union has this number.")})
    if asset.acquired_on > timezone.localdate():
        raise Invalid(MISSING, {"acquired_on": _("Choose today or an earlier day.")})


@transaction.atomic
def correct(asset: Asset, values: dict[str, Any], *, by: User, revision: int | None = None, reason: str = "") -> Asset:
    """Correct an entry; the former values stay on record with the reason."""
    if not by.has_perm(WRITE, asset):
        raise NotAllowed(_("You may not do this for this union."))
    current = Asset.objects.select_for_update(of=("self",), no_key=True).select_related("union").get(pk=asset.pk)
    demand_unchanged(current, revision)
    if current.state != AssetState.IN_USE:
        raise MoveError(_("Only what is in use is corrected."))
    changes = differences({name: getattr(current, name) for name in values}, values)
    if not changes:
        return current
    for name in changes:
        setattr(current, name, values[name])
    _check(current)
    current.revision += 1
    current.save()
    record(current.union, "asset.correct", current, by=by, reason=reason.strip(), data={"changes": changes})
    return current


@transaction.atomic
def count(union: Union, *, taken_on: date, people: str, present: set[int], surplus: str = "", by: User) -> StockTaking:
    """A stock-taking: whatever is in use and was not ticked is missing. Confirmed by whoever signs for the union."""
    if not by.has_perm(SIGN, union):
        raise NotAllowed(_("You may not do this for this union."))
    if taken_on > timezone.localdate():
        raise Invalid(MISSING, {"taken_on": _("Choose today or an earlier day.")})
    assets = list(Asset.objects.select_for_update(of=("self",), no_key=True).held().filter(union=union).order_by("pk"))
    if known := StockTaking.objects.filter(union=union, taken_on=taken_on).first():
        return known
    made = StockTaking.objects.create(
        union=union, taken_on=taken_on, people=sentence(people, 120), surplus=sentence(surplus, 1000), confirmed_by=by
    )
    AssetCheck.objects.bulk_create(
        AssetCheck(taking=made, asset=asset, is_present=asset.pk in present) for asset in assets
    )
    seen = Asset.objects.filter(pk__in=[asset.pk for asset in assets])
    seen.filter(pk__in=present).update(checked_on=taken_on, is_missing=False)
    seen.exclude(pk__in=present).update(checked_on=taken_on, is_missing=True)
    gone = sum(asset.pk not in present for asset in assets)
    record(union, "stocktaking.confirm", made, by=by, data={"count": len(assets), "missing": gone})
    return made


def files_of(asset: Asset) -> list[Upload]:
    rows = Upload.objects.filter(union=asset.union_id, purpose=FILE.key, object_id=asset.pk)
    return list(rows.order_by("created_at", "pk"))
