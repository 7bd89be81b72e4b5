"""The tax office's register of a quarter (税务代收核准库): one row an employer, known by its credit code, matched to the unions."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.enums import RemittanceKind
from disclosure.imports import act_of_quarter
from disclosure.models import Remittance
from disclosure.remittance_matching import Places, match, release
from disclosure.remittances import BRING, FIELDS, due_day
from unions.audit_words import presenters
from unions.enums import RowState
from unions.import_problems import SENTENCES, Sentence
from unions.import_roster import before_removal
from unions.importing import Column, Importer, Row, Stale, fresh_statistics, importers
from unions.kit import parsing
from unions.kit.bulk import CHUNK, chunks, update_rows
from unions.kit.names import clean
from unions.kit.parsing import Bad, Option, choice, shown
from unions.kit.periods import Period
from unions.kit.spreadsheets_in import Table
from unions.models import Event, ImportBatch, ImportRow, Union, User
from unions.settingbook import setting

CENT = Decimal("0.01")
KINDS = (
    Option(RemittanceKind.FUNDS, "工会经费", "Union funds", ("经费",)),
    Option(RemittanceKind.PREPARATION, "建会筹备金", "Preparation fund", ("筹备金", "工会筹备金", "工会建会筹备金")),
)
PROBLEMS = {
    "doubled_employer": Sentence(
        gettext_lazy("The same employer and quarter twice in the file"), gettext_lazy("Row %(rows)s has the same credit code and quarter.")
    ),
    "no_quarter": Sentence(
        gettext_lazy("Nothing says which quarter it is"),
        gettext_lazy("Name the quarter in the title above the table or in the name of the sheet, or add a column for it."),
    ),
    "rate_differs": Sentence(
        gettext_lazy("The amount payable is not the rate of the payroll"),
        gettext_lazy("At %(rate)s ‰ of the payroll %(expected)s would be payable, not %(text)s."),
    ),
    "overpaid": Sentence(
        gettext_lazy("More was paid than was payable"), gettext_lazy("%(text)s was paid of %(limit)s payable.")
    ),
    "street_unknown": Sentence(
        gettext_lazy("The street is not one of the district's"),
        gettext_lazy("“%(text)s” names no street, area or zone of the district; without a union the row waits in the district's pool."),
    ),
}  # fmt: skip
COLUMNS = (
    Column("credit_code", "统一社会信用代码", "Credit code", parsing.credit_code, required=True, width=22, example="91110105MA01ABCD1X",
           also=("纳税人识别号(统一社会信用代码)", "纳税人识别号", "信用代码", "社会信用代码")),
    Column("name", "纳税人名称", "Employer", parsing.text(120), required=True, also=("单位名称", "企业名称", "用人单位", "缴费人名称"), width=34),
    Column("period", "所属季度", "Quarter", parsing.period, also=("季度", "所属期", "报告期", "费款所属期"), example="2026年三季度",
           help_zh="整张表为同一季度时可写在标题中", help_en="Or in the title, where the whole table is one quarter's"),
    Column("address", "注册地址", "Address", parsing.text(200), also=("地址", "经营地址", "单位地址"), width=34),
    Column("street", "所属街乡", "Street", parsing.text(60), also=("街道", "所属街道", "街乡", "所属街道(地区)"), width=16),
    Column("registration", "登记注册类型", "Type of registration", parsing.text(40), also=("注册类型", "经济类型")),
    Column("industry", "行业门类", "Industry", parsing.text(40), also=("行业", "所属行业")),
    Column("headcount", "职工人数", "Workers", parsing.integer(), required=True, also=("缴费人数", "人数"), kind="int", example=120),
    Column("payroll", "本季度工资总额(元)", "Payroll (yuan)", parsing.money, required=True, also=("工资总额", "工资总额(元)", "本季度工资总额"),
           kind="money", width=18, example=3457054.45),
    Column("payable", "应缴工会经费(元)", "Payable (yuan)", parsing.money, required=True, also=("应缴金额", "应缴", "应缴工会经费"),
           kind="money", width=16, example=69141.09),
    Column("paid", "实缴工会经费(元)", "Paid (yuan)", parsing.money, required=True, also=("实缴金额", "实缴", "实缴工会经费"),
           kind="money", width=16, example=69141.09),
    Column("kind", "缴费类型", "Kind of payment", choice(KINDS), required=True, also=("征收品目", "费种"), options=KINDS, example="工会经费"),
    Column("approved_on", "核准日期", "Approved on", parsing.day, also=("核准时间", "入库日期"), kind="day", example=date(2026, 10, 15)),
)  # fmt: skip


@dataclass
class Register:
    """What the checks look up: the quarter of the table, the district's streets, which employers the file holds, and of those
    on record the ones that belong to the rows in hand."""

    quarter: str
    positions: dict[str, int]
    places: Places
    rate: int
    tolerance: Decimal
    today: date
    seen: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    streets: dict[str, int | None] = field(default_factory=dict)
    on_record: dict[tuple[str, str], Remittance] = field(default_factory=dict)

    def cell(self, row: Row, key: str) -> str:
        place = self.positions.get(key)
        return clean(shown(row.cells[place])) if place is not None and place < len(row.cells) else ""

    def key(self, row: Row) -> tuple[str, str]:
        """Credit code and quarter of a row that is not parsed yet."""
        quarter = self.quarter
        if "period" in self.positions:
            try:
                quarter = parsing.period(self.cell(row, "period")).value
            except Bad:
                quarter = ""
        return self.cell(row, "credit_code").replace(" ", "").upper(), quarter

    def place_of(self, street: str) -> int | None:
        if street not in self.streets:
            self.streets[street] = self.places.find(street)
        return self.streets[street]


class RemittanceImporter(Importer):
    key = "remittances"
    label = gettext_lazy("Tax register (remittance of funds)")
    lead = gettext_lazy(
        "The tax office's register of a quarter: what each employer owed and paid. The same quarter brought again corrects what changed."
    )
    permission = BRING
    order = 70
    max_rows = 120_000
    columns = COLUMNS
    key_columns = ("credit_code",)
    brief = ("credit_code", "name", "street", "headcount", "payable", "paid")

    def load(self, user: User, table: Table, mapping: dict[int, str]) -> Register:
        quarters = (found for text in table.titles() if (found := Period.within(clean(text))))
        quarter = next(quarters, None)
        return Register(
            quarter.code if quarter else "", {key: index for index, key in mapping.items()}, Places(),
            setting("remittance-rate"), setting("remittance-tolerance") * CENT, timezone.localdate(),
        )  # fmt: skip

    def survey(self, row: Row, context: Register) -> None:
        context.seen[context.key(row)].append(row.number)

    def look_up(self, rows: list[Row], context: Register) -> None:
        for row in rows:
            row.values.setdefault("period", context.quarter)
        codes = {row.values["credit_code"] for row in rows if "credit_code" in row.values}
        found = Remittance.objects.filter(credit_code__in=codes, period__in={row.values["period"] for row in rows})
        context.on_record = {(one.credit_code, one.period): one for one in found}

    def check(self, row: Row, context: Register) -> None:
        values = row.values
        code, quarter = values.get("credit_code"), values["period"]
        row.label = values.get("name", code or "")
        if code is None and row.warned("old_tax_number"):
            row.error("missing", "credit_code")
        if not quarter and not row.has_error("period"):
            row.error("no_quarter", "period")
        elif quarter and Period.parse(quarter).end >= context.today:
            row.error("period_ahead", "period", text=Period.parse(quarter).label)
        twins = [number for number in context.seen.get((code, quarter), ()) if number != row.number]
        if twins:
            row.error("doubled_employer", "credit_code", rows="、".join(map(str, twins[:5])))
        if (approved := values.get("approved_on")) and approved > context.today:
            row.error("future", "approved_on", text=approved.isoformat())
        if (street := values.get("street")) and context.place_of(street) is None:
            row.warn("street_unknown", "street", text=street)
        self._check_amounts(values, row, context)
        if known := context.on_record.get((code, quarter)):
            row.object_id, row.revision = known.pk, known.revision
            row.current = {name: _plain(getattr(known, name)) for name in FIELDS}

    @staticmethod
    def _check_amounts(values: dict, row: Row, context: Register) -> None:
        if not {"payroll", "payable", "paid"} <= values.keys():
            return
        payroll, payable, paid = (Decimal(values[name]) for name in ("payroll", "payable", "paid"))
        expected = (payroll * context.rate / 1000).quantize(CENT, ROUND_HALF_UP)
        if abs(payable - expected) > context.tolerance:
            row.warn("rate_differs", "payable", rate=context.rate, expected=str(expected), text=str(payable))
        if paid > payable:
            row.warn("overpaid", "paid", text=str(paid), limit=str(payable))

    def apply(self, batch: ImportBatch, user: User, progress: Callable) -> dict:
        """In bulk: a few statements for every two thousand rows, three for the matching of a quarter. Raises Stale."""
        rows = batch.rows.filter(state__in=[RowState.NEW, RowState.CHANGED])
        _recheck(batch)
        pool, total, done = Union.objects.district(), rows.count(), 0
        for chunk in chunks(rows.order_by("number").iterator(chunk_size=CHUNK)):
            _create([row for row in chunk if row.state == RowState.NEW], pool)
            _change([row for row in chunk if row.state == RowState.CHANGED], "values")
            for row in chunk:
                row.is_applied = True
            update_rows(chunk, ["object_id", "revision", "is_applied"])
            done += len(chunk)
            progress(done, total, "write")
        _settle(batch, "remittance.import")
        counts = batch.counts
        return {"created": counts.get("new", 0), "changed": counts.get("changed", 0)}

    def undo(self, batch: ImportBatch, user: User, progress: Callable) -> list[str]:
        """What was new goes, what was corrected goes back, unless something was done with it since."""
        if blockers := _blockers(batch):
            return blockers
        applied = batch.rows.filter(is_applied=True)
        changed = applied.filter(state=RowState.CHANGED).order_by("number")
        for chunk in chunks(changed.iterator(chunk_size=CHUNK)):
            _change(chunk, "before")
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM disclosure_remittance r USING unions_importrow i "
                "WHERE i.batch_id = %s AND i.is_applied AND i.state = 'new' AND r.id = i.object_id",
                [batch.pk],
            )
        _settle(batch, "remittance.import_undo")
        progress(1, 1)
        return []

    def url(self, row: ImportRow) -> str:
        return reverse("disclosure:remittance", args=[row.object_id])


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _typed(stored: dict) -> dict:
    """A row's values as the model holds them."""
    given = {name: stored[name] for name in FIELDS if name in stored}
    if given.get("approved_on"):
        given["approved_on"] = date.fromisoformat(given["approved_on"])
    return given


def _recheck(batch: ImportBatch) -> None:
    """What was new is still not there, what is corrected is still as it was compared."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM unions_importrow i LEFT JOIN disclosure_remittance r "
            "ON r.credit_code = i.values->>'credit_code' AND r.period = i.values->>'period' WHERE i.batch_id = %s "
            "AND (i.state = 'new' AND r.id IS NOT NULL OR i.state = 'changed' AND r.revision IS DISTINCT FROM i.revision))",
            [batch.pk],
        )
        if cursor.fetchone()[0]:
            raise Stale


def _create(rows: list[ImportRow], pool: Union) -> None:
    """Into the district's pool first; the matching finds their unions."""
    due = {period: due_day(Period.parse(period)) for period in {row.values["period"] for row in rows}}
    made = [
        Remittance(
            union=pool, credit_code=row.values["credit_code"], period=row.values["period"], due_on=due[row.values["period"]],
            **_typed(row.values),
        )
        for row in rows
    ]  # fmt: skip
    Remittance.objects.bulk_create(made)
    for row, one in zip(rows, made, strict=True):
        row.object_id, row.revision = one.pk, one.revision


def _change(rows: list[ImportRow], source: str) -> None:
    """Write what each row's changes name, out of its `values` or of what stood there `before`."""
    known = Remittance.objects.select_for_update(of=("self",), no_key=True).in_bulk([row.object_id for row in rows])
    names: set[str] = set()
    for row in rows:
        one = known[row.object_id]
        stored = getattr(row, source)
        given = _typed({name: stored[name] for name in row.changes})
        for name, value in given.items():
            setattr(one, name, value)
        names |= given.keys()
        one.revision += 1
        row.revision = one.revision
    update_rows(list(known.values()), sorted(names | {"revision"}))


def _settle(batch: ImportBatch, action: str) -> None:
    """Match the quarters of a batch anew and put on record what was done with each."""
    fresh_statistics(Remittance)
    rows = batch.rows.filter(is_applied=True).order_by()
    for period in sorted(set(rows.values_list("values__period", flat=True).distinct())):
        match(period)
        Event.objects.create(
            union=batch.union, action=action, model="unions.ImportBatch", object_id=batch.pk, by=batch.by,
            data={"batch": batch.pk, "period": period, "count": rows.filter(values__period=period).count()},
        )  # fmt: skip
    fresh_statistics(Remittance)


def _blockers(batch: ImportBatch) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.number, i.label FROM unions_importrow i LEFT JOIN disclosure_remittance r ON r.id = i.object_id "
            "WHERE i.batch_id = %s AND i.is_applied AND r.revision IS DISTINCT FROM i.revision ORDER BY i.number",
            [batch.pk],
        )
        return [_("Row %(row)s: “%(name)s” was changed since.") % {"row": n, "name": name} for n, name in cursor]


def register() -> None:
    """Called once when the app is ready."""
    SENTENCES.update(PROBLEMS)
    importers.add("remittances", RemittanceImporter())
    before_removal.add("remittances", release)
    for action, words in {
        "remittance.import": gettext_lazy("Brought the tax register of the %(period)s: %(count)s employers"),
        "remittance.import_undo": gettext_lazy("Took back the tax register of the %(period)s: %(count)s employers"),
    }.items():
        presenters.add(action, partial(act_of_quarter, words))
