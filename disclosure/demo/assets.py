"""Asset registers of the made-up district: what unions of each tier usually own, last counted at the end of the year."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from disclosure.enums import AssetCategory, AssetSource, AssetState, Disposal
from disclosure.models import Asset, AssetCheck, StockTaking
from unions.calendar import WorkCalendar
from unions.demo import bulk
from unions.enums import Tier
from unions.models import Union

C, MANY = AssetCategory, 150
THINGS = (
    (C.EQUIPMENT, "投影仪", 5200, "会议室"), (C.EQUIPMENT, "台式计算机", 4800, "工会办公室"), (C.EQUIPMENT, "多功能一体机", 2600, "工会办公室"),
    (C.CULTURE, "乒乓球台", 3200, "职工之家"), (C.CULTURE, "跑步机", 7800, "职工之家"), (C.CULTURE, "音响设备", 6900, "多功能厅"),
    (C.FURNITURE, "会议桌椅", 8600, "会议室"), (C.FURNITURE, "图书架", 1500, "职工书屋"), (C.SMALL, "按摩椅", 1900, "职工之家"),
    (C.INTANGIBLE, "财务软件", 3600, "工会办公室"), (C.EQUIPMENT, "母婴关爱室冰箱", 1800, "母婴关爱室"), (C.OTHER, "急救箱", 600, "职工之家"),
)  # fmt: skip


def write(random: Random, chairs: dict[int, int], shown: list[Union], today: date) -> int:
    """Returns how many assets. `chairs`: union → account of whoever signs there."""
    keys = [union.pk for union in shown]
    others = Union.objects.active().of_tier(Tier.GRASSROOTS).exclude(pk__in=keys).order_by("code")[:MANY]
    unions, rows = [union for union in [*shown, *others] if union.pk in chairs], []
    for union in unions:
        rows += _of_union(random, union, today)
    Asset.objects.bulk_create(rows, batch_size=bulk.CHUNK)
    events = [_event(one, "enter", one.acquired_on, chairs, {"number": one.number}, today) for one in rows]
    events += [_event(one, "dispose", one.disposed_on, chairs, {}, today) for one in rows if one.disposed_on]
    bulk.write_events([*events, *_count(unions, rows, chairs, today)])
    return len(rows)


def _of_union(random: Random, union: Union, today: date) -> list[Asset]:
    found = []
    for number, (category, name, value, place) in enumerate(random.sample(THINGS, random.randint(3, 9)), 1):
        since = union.founded_on or today - timedelta(days=3000)
        day = max(today - timedelta(days=random.randint(60, 2800)), since + timedelta(days=30))
        asset = Asset(
            union=union, number=f"固-{number:03d}", name=name, category=category, acquired_on=min(day, today - timedelta(days=5)),
            value=Decimal(value + random.randint(-4, 4) * 100), source=random.choice(AssetSource.values), place=place,
            keeper="工会办公室干事",
        )  # fmt: skip
        if number > 5 and random.random() < 0.3 and asset.acquired_on < today - timedelta(days=1000):
            asset.state, asset.way = AssetState.DISPOSED, random.choice((Disposal.SCRAPPED, Disposal.HANDED_OVER))
            asset.minutes, asset.disposed_on = "委员会会议纪要", today - timedelta(days=random.randint(10, 300))
        found.append(asset)
    return found


def _count(unions: list[Union], rows: list[Asset], chairs: dict[int, int], today: date) -> list[tuple]:
    """At the end of last year; here and there something was missing."""
    day = WorkCalendar().shift(date(today.year, 1, 1), -3)
    held = [one for one in rows if one.state == AssetState.IN_USE and one.acquired_on < day]
    takings = {
        union.pk: StockTaking(union=union, taken_on=day, people="工会会计、工会干事", confirmed_by_id=chairs[union.pk])
        for union in unions
    }
    StockTaking.objects.bulk_create(takings.values())
    AssetCheck.objects.bulk_create(
        AssetCheck(taking=takings[one.union_id], asset=one, is_present=one.pk % 40 != 0) for one in held
    )
    for one in held:
        one.checked_on, one.is_missing = day, one.pk % 40 == 0
    Asset.objects.bulk_update(held, ["checked_on", "is_missing"], batch_size=500)
    counts = {pk: [one for one in held if one.union_id == pk] for pk in takings}
    return [
        _event(taking, "confirm", day, chairs, {"count": len(counts[pk]), "missing": sum(one.is_missing for one in counts[pk])}, today)
        for pk, taking in takings.items()
    ]  # fmt: skip


def _event(record, act: str, day: date, chairs: dict[int, int], data: dict, today: date) -> tuple:
    at = bulk.office_time(min(day, today - timedelta(days=1)), 11)
    about = f"{record._meta.model_name}.{act}", record._meta.label, record.pk
    return (record.union_id, *about, at, chairs[record.union_id], "", "", "", bulk.as_json(data))
