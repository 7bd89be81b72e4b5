"""The asset register of a union as a workbook brings it: one row an asset, known by its number."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.assets import FIELDS, WRITE, correct, enter
from disclosure.enums import AssetState
from disclosure.models import Asset
from unions.enums import RowState
from unions.import_problems import SENTENCES, Sentence
from unions.importing import Column, Importer, Row, Stale, importers
from unions.kit import parsing
from unions.kit.parsing import Option, choice
from unions.kit.spreadsheets_in import Table
from unions.models import ImportBatch, ImportRow, Union, User
from unions.workflow import MoveError, perform

CATEGORIES = (
    Option("building", "房屋建筑物", "Buildings", ("房屋", "建筑物")),
    Option("vehicle", "车辆", "Vehicles", ("汽车", "交通工具")),
    Option("equipment", "办公和专用设备", "Equipment", ("设备", "办公设备", "专用设备", "电脑", "电子设备")),
    Option("culture", "文体设备", "Culture and sports", ("文体器材", "体育器材")),
    Option("furniture", "家具用具", "Furniture", ("家具", "用具")),
    Option("small", "低值易耗品", "Small value", ("低值品", "易耗品")),
    Option("intangible", "无形资产", "Intangible", ("软件",)),
    Option("other", "其他", "Other", ()),
)
SOURCES = (
    Option("funds", "工会经费", "Union funds", ("经费", "经费购置", "购置", "自购")),
    Option("grant", "拨款", "Grant", ("上级拨款", "行政拨款", "补助", "拨入")),
    Option("gift", "捐赠", "Gift", ("受赠", "接受捐赠")),
)
PROBLEMS = {
    "doubled_asset": Sentence(
        gettext_lazy("The same number twice in the file"), gettext_lazy("Row %(rows)s has the same number.")
    ),
    "asset_gone": Sentence(
        gettext_lazy("Not in use any more"), gettext_lazy("The asset with this number was disposed of or is about to be.")
    ),
}  # fmt: skip


@dataclass
class Register:
    """The union whose register this person keeps, and what stands in it."""

    union: Union | None
    assets: dict[str, Asset] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, user: User) -> "Register":
        """Of the highest union at which they write."""
        unions = Union.objects.filter(pk__in=user.scope(WRITE).unions).order_by("path")
        if (union := unions.first()) is None:
            return cls(None)
        rows = Asset.objects.filter(union=union).exclude(state=AssetState.VOID)
        return cls(union, {asset.number: asset for asset in rows})


class AssetImporter(Importer):
    key = "assets"
    label = gettext_lazy("Asset register")
    lead = gettext_lazy("One row an asset of your own union, known by its number; what is there already is corrected.")
    permission = WRITE
    order = 80
    max_rows = 2000
    columns = (
        Column("number", "资产编号", "Asset no.", parsing.text(30), required=True, also=("固定资产编号", "台账编号"), width=16, example="固-001"),
        Column("name", "资产名称", "Asset", parsing.text(80), required=True, also=("名称", "品名"), width=24, example="投影仪"),
        Column("category", "资产类别", "Category", choice(CATEGORIES), required=True, also=("类别", "分类"), options=CATEGORIES, width=16, example="办公和专用设备"),
        Column("acquired_on", "取得日期", "Acquired on", parsing.day, required=True, also=("购置日期", "入账日期", "购入日期"), kind="day", example=date(2024, 5, 8)),
        Column("value", "原值", "Value", parsing.money, required=True, also=("价值", "金额", "原值（元）", "价值（元）"), kind="number", example=4980),
        Column("source", "来源", "Where from", choice(SOURCES), required=True, also=("资金来源", "取得方式"), options=SOURCES, example="工会经费"),
        Column("place", "存放地点", "Where it stands", parsing.text(80), also=("地点", "存放位置"), width=20, example="职工之家"),
        Column("keeper", "保管岗位", "Keeper (post)", parsing.text(60), also=("保管人", "责任岗位", "使用部门"), width=16, example="工会办公室干事"),
    )  # fmt: skip
    key_columns = ("number",)
    brief = ("number", "name", "category", "value")

    def load(self, user: User, table: Table, mapping: dict[int, str]) -> Register:
        return Register.of(user)

    def check(self, row: Row, context: Register) -> None:
        values = row.values
        row.label = values.get("name", "")
        if row.has_error():
            return
        first = context.seen.setdefault(values["number"], row.number)
        if first != row.number:
            row.error("doubled_asset", "number", rows=first)
        if values["acquired_on"] > timezone.localdate():
            row.error("future", "acquired_on", text=values["acquired_on"].isoformat())
        if known := context.assets.get(values["number"]):
            if known.state != AssetState.IN_USE:
                row.error("asset_gone", "number")
            row.object_id, row.revision = known.pk, known.revision
            row.current = {**{name: getattr(known, name) for name in FIELDS}, "value": str(known.value)}

    def apply(self, batch: ImportBatch, user: User, progress: Callable) -> dict:
        """Through the same services as the form. Raises Stale where the register has moved on."""
        register, counts = Register.of(user), Counter()
        rows = list(batch.rows.filter(state__in=[RowState.NEW, RowState.CHANGED]).order_by("number"))
        for done, row in enumerate(rows, 1):
            known = register.assets.get(row.values["number"])
            if register.union is None or (known is None) != (row.state == RowState.NEW):
                raise Stale
            try:
                made = self._write(register.union, known, _values(row.full_values), row, user)
            except MoveError as problem:
                raise Stale from problem
            row.object_id, row.revision, row.is_applied = made.pk, made.revision, True
            counts[row.state] += 1
            progress(done, len(rows), "write")
        ImportRow.objects.bulk_update(rows, ["object_id", "revision", "is_applied"], batch_size=500)
        return {"created": counts[RowState.NEW], "changed": counts[RowState.CHANGED]}

    @staticmethod
    def _write(union: Union, known: Asset | None, values: dict, row: ImportRow, user: User) -> Asset:
        if known is None:
            return enter(union, values, by=user)
        return correct(known, values, by=user, revision=row.revision, reason=_("Brought by a workbook"))

    def undo(self, batch: ImportBatch, user: User, progress: Callable) -> list[str]:
        """What was new is marked as entered in error, what was corrected goes back, unless something was done with it since."""
        rows = list(batch.rows.filter(is_applied=True).order_by("number"))
        assets = Asset.objects.select_related("union").in_bulk([row.object_id for row in rows])
        blockers = [
            _("Row %(row)s: %(name)s has been changed since.") % {"row": row.number, "name": row.label}
            for row in rows
            if (asset := assets.get(row.object_id)) is None or asset.revision != row.revision
        ]
        if blockers:
            return blockers
        for row in rows:
            asset, reason = assets[row.object_id], _("The import was taken back")
            if row.state == RowState.NEW:
                perform(asset, "void", by=user, reason=reason)
            else:
                before = {name: value for name, value in row.full_before.items() if name in FIELDS}
                correct(asset, _values(before), by=user, reason=reason)
        progress(len(rows), len(rows))
        return []

    def url(self, row: ImportRow) -> str:
        return reverse("disclosure:asset", args=[row.object_id])


def _values(stored: dict) -> dict:
    """A row's values as a form has them."""
    given = {name: stored[name] for name in FIELDS if name in stored}
    if "acquired_on" in given:
        given["acquired_on"] = date.fromisoformat(str(given["acquired_on"]))
    if "value" in given:
        given["value"] = Decimal(given["value"])
    return given


def register() -> None:
    """Called once when the app is ready."""
    SENTENCES.update(PROBLEMS)
    importers.add("assets", AssetImporter())
