"""How a union stands to the catalogue of disclosure, and the catalogue's upkeep."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from disclosure.models import Bulletin, CatalogueItem
from unions.models import Union, User
from unions.services import record


@dataclass(frozen=True)
class Standing:
    """Of one item: the newest bulletin of the span in which it is due, and the newest at all."""

    bulletin: Bulletin | None
    is_done: bool
    is_wanted: bool  # due once in a span, and not out yet


def standing(union: Union, items: list[CatalogueItem], day: date) -> list[tuple[CatalogueItem, Standing]]:
    """In one query: the newest bulletin of each item, and whether what is due once in this span of time is out."""
    newest = {
        row["item"]: row["last"]
        for row in Bulletin.objects.filter(union=union).out().order_by().values("item").annotate(last=Max("pk"))
    }
    found = Bulletin.objects.in_bulk(newest.values())
    rows = []
    for item in items:
        last = found.get(newest.get(item.pk))
        began = item.began(day)
        is_done = last is not None and (began is None or last.published_at.date() >= began)
        rows.append((item, Standing(last, is_done, began is not None and not is_done)))
    return rows


@transaction.atomic
def keep(item: CatalogueItem, *, is_new: bool, by: User) -> CatalogueItem:
    """Write an item of the catalogue; bulletins made before keep their own time limit."""
    item.save()
    action = "catalogueitem.add" if is_new else "catalogueitem.edit"
    record(Union.objects.get(parent=None), action, item, by=by, data={"item": item.name_zh})
    return item
