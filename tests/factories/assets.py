"""Assets of a union, entered, asked for and counted by whoever may."""

import datetime
from decimal import Decimal

from django.utils import timezone

from disclosure import assets
from disclosure.models import Asset, StockTaking
from unions.models import Union, User
from unions.workflow import perform

LARGE = Decimal("28000.00")


def values(**given) -> dict:
    return {
        "number": "固-001", "name": "投影仪", "category": "equipment", "acquired_on": timezone.localdate() - datetime.timedelta(days=400),
        "value": Decimal("1680.00"), "source": "funds", "place": "职工之家", "keeper": "工会办公室干事", **given,
    }  # fmt: skip


def entered(union: Union, by: User, **given) -> Asset:
    number = f"固-{Asset.objects.count() + 1:03d}"
    return assets.enter(union, values(**{"number": number, **given}), by=by)


def asked(union: Union, by: User) -> Asset:
    """Of a value that the tier above decides on."""
    asset = entered(union, by, name="电动汽车", category="vehicle", value=LARGE)
    data = {"way": "scrapped", "minutes": "2026年第6次委员会第2项"}
    return perform(asset, "ask", by=by, reason="已到报废年限", data=data)


def counted(union: Union, by: User, **given) -> StockTaking:
    """One asset there, one missing."""
    there, gone = entered(union, by), entered(union, by, name="音响")
    taken = given.pop("taken_on", timezone.localdate())
    return assets.count(union, taken_on=taken, people="王会计、李干事", present={there.pk} - {gone.pk}, by=by, **given)
