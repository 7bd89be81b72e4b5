"""How a union stands to the catalogue of disclosure, and the catalogue's upkeep."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from disclosure.duty_seeds import CATALOGUE, RHYTHMS, asking, with_tier
from disclosure.models import Bulletin, CatalogueItem
from unions.enums import UnionKind
from unions.models import DutyRule, Union, User
from unions.rulebook import edit_rule, ladder_of
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
    """Write an item of the catalogue, and the duty that asks for it; bulletins made before keep their own time limit."""
    workdays = CatalogueItem.objects.filter(pk=item.pk).values_list("workdays", flat=True).first()
    item.save()
    action = "catalogueitem.add" if is_new else "catalogueitem.edit"
    record(Union.objects.get(parent=None), action, item, by=by, data={"item": item.name_zh})
    _ask(item, by)
    if item.rule and item.rule.task == CATALOGUE and not is_new and workdays != item.workdays:
        _change(item.rule, by, due_after=max(item.workdays, item.rule.opens_after))
    return item


def _ask(item: CatalogueItem, by: User) -> None:
    """What has a rhythm is owed: a duty asks for it. One that the catalogue made reaches the tiers that have such an item."""
    before = item.rule
    item.rule = asking(item) if item.is_active and item.cadence in RHYTHMS else None
    if item.rule == before:
        return
    item.save(update_fields=["rule"])
    if item.rule and item.rule.task == CATALOGUE:
        _change(item.rule, by, kinds=with_tier(item.rule.kinds, item.tier), is_active=True)
    if before and before.task == CATALOGUE and not before.items.filter(tier=item.tier).exists():
        left = [kind for kind in before.kinds if UnionKind(kind).tier != item.tier]
        _change(before, by, kinds=left or before.kinds, is_active=before.is_active and bool(left))


def _change(rule: DutyRule, by: User, **values) -> None:
    """Due days of duties that are open move along."""
    edit_rule(rule, values, ladder_of(rule), by=by, revision=rule.revision, confirmed=True)
    rule.refresh_from_db()
