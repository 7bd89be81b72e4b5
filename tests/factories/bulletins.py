"""Bulletins at any stage of their way, moved there by whoever may."""

from django.utils import timezone

from disclosure import bulletins
from disclosure.bulletin_moves import take
from disclosure.enums import Channel, Readers
from disclosure.models import Bulletin, CatalogueItem
from unions.models import Union, User


def item_of(union: Union, category: str = "services") -> CatalogueItem:
    return CatalogueItem.objects.filter(tier=union.tier, category__key=category).first()


def drafted(union: Union, by: User, category: str = "services", **given) -> Bulletin:
    values = {
        "item": item_of(union, category), "title": "冬季送温暖申请开始受理", "body": "符合条件的会员可到工会办公室申请。",
        "readers": Readers.PUBLIC, "channels": [Channel.WEBSITE, Channel.BOARD], "occurred_on": timezone.localdate(), **given,
    }  # fmt: skip
    return bulletins.write(union, values, by=by)


def approved(union: Union, by: User, above: User | None = None, **given) -> Bulletin:
    """Checked and approved: published, where no later moment was chosen."""
    made = take(drafted(union, by, **given), "submit", by=by)
    return take(take(made, "check", by=by), "approve", by=above or by)
