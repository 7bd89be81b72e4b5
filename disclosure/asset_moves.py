"""How an asset leaves the register, with minutes and approval from the values that the district sets."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from disclosure.assets import MISSING, REVIEW, SIGN, WRITE
from disclosure.enums import AssetState, Disposal
from disclosure.models import Asset
from unions.kit.text import sentence
from unions.models import Event, User
from unions.notices import holders, notify
from unions.settingbook import setting
from unions.workflow import Invalid, Transition, Workflow, register

S = AssetState


def needs_approval(asset: Asset) -> bool:
    """From this value on the tier above decides; nobody is above the district."""
    return asset.union.superior is not None and asset.value >= setting("asset-approval-yuan")


def is_large(asset: Asset, by: User) -> str | None:
    return None if needs_approval(asset) else _("Of this value the union decides by itself.")


def is_small(asset: Asset, by: User) -> str | None:
    return _("Of this value the tier above decides: ask for its approval.") if needs_approval(asset) else None


def take_down(asset: Asset, *, event: Event, by: User, due: date | None) -> None:
    way = event.data.get("way")
    if way not in Disposal.values:
        raise Invalid(MISSING, {"way": _("Say how it leaves.")})
    asset.way, asset.proceeds = way, event.data.pop("proceeds", None)
    asset.minutes = sentence(str(event.data.pop("minutes", "") or ""), 120)
    least = setting("asset-minutes-yuan")
    if asset.value >= least and not asset.minutes:
        words = _("From %(least)d yuan on the committee decides: name its minutes.")
        raise Invalid(MISSING, {"minutes": words % {"least": least}})


def dispose(asset: Asset, *, event: Event, by: User, due: date | None) -> None:
    take_down(asset, event=event, by=by, due=due)
    asset.disposed_on = timezone.localdate()


def ask(asset: Asset, *, event: Event, by: User, due: date | None) -> None:
    take_down(asset, event=event, by=by, due=due)
    _tell(asset, "asked", holders(REVIEW, asset.union.superior))


def approve(asset: Asset, *, event: Event, by: User, due: date | None) -> None:
    asset.disposed_on = timezone.localdate()
    _tell(asset, "approved", holders(WRITE, asset.union))


def decline(asset: Asset, *, event: Event, by: User, due: date | None) -> None:
    put_back(asset, event=event, by=by, due=due)
    _tell(asset, "declined", holders(WRITE, asset.union))


def put_back(asset: Asset, *, event: Event, by: User, due: date | None) -> None:
    """In use again: what was to be done with it stands in the record of acts."""
    event.data["way"] = asset.way
    asset.way, asset.minutes, asset.proceeds, asset.disposed_on = "", "", None, None


def _tell(asset: Asset, kind: str, people: list[User]) -> None:
    notify(
        people, f"asset.{kind}", union=asset.union, params={"union": asset.union.name, "title": str(asset)},
        url=reverse("disclosure:asset", args=[asset.pk]), key=f"asset.{asset.pk}.{kind}.{asset.revision}",
    )  # fmt: skip


_REASON = frozenset({"reason"})
_HERE, _ASKED, _GONE = frozenset({S.IN_USE}), frozenset({S.ASKED}), frozenset({S.DISPOSED})

ASSETS = register(Workflow(Asset))
ASSETS.add(
    Transition("dispose", gettext_lazy("Dispose of it"), _HERE, S.DISPOSED, SIGN, _REASON, is_small, dispose,
               meaning=gettext_lazy("It leaves the register's total and stays on record with your reason.")),
    Transition("ask", gettext_lazy("Ask for its disposal"), _HERE, S.ASKED, SIGN, _REASON, is_large, ask,
               meaning=gettext_lazy("The tier above decides; until then it stays in the register.")),
    Transition("approve", gettext_lazy("Approve the disposal"), _ASKED, S.DISPOSED, REVIEW, effect=approve, is_primary=True),
    Transition("decline", gettext_lazy("Decline the disposal"), _ASKED, S.IN_USE, REVIEW, _REASON, effect=decline),
    Transition("withdraw", gettext_lazy("Take the request back"), _ASKED, S.IN_USE, SIGN, effect=put_back),
    Transition("put_back", gettext_lazy("It was not disposed of after all"), _GONE, S.IN_USE, SIGN, _REASON, is_small, put_back),
    Transition("void", pgettext_lazy("asset", "Entered in error"), _HERE, S.VOID, WRITE, _REASON,
               meaning=gettext_lazy("Its number becomes free; the entry stays on record as an error.")),
)  # fmt: skip
