"""Figures of past quarters out of the old system: duties as they would have been, accepted returns, and the totals."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosure import totals
from disclosure.enums import FigureSource, FigureType, ReturnState
from disclosure.models import Form, FormVersion, Return, ReturnRound
from unions.audit_words import presenters
from unions.calendar import WorkCalendar
from unions.duties import refresh_totals
from unions.enums import DutyState, RowState, UnionKind
from unions.importing import Column, Importer, Row, Stale, fresh_statistics, importers
from unions.kit import parsing
from unions.kit.bulk import CHUNK, chunks, update_rows
from unions.kit.names import clean, fold_name
from unions.kit.parsing import Bad, shown
from unions.kit.periods import Period
from unions.kit.spreadsheets_in import Table
from unions.models import Duty, Event, ImportBatch, ImportRow, Run, Union, User
from unions.opening import OPEN, due_day, open_period, opening_day
from unions.permissions import Permission

FORM = "quarterly-return"
PARTS = (
    ("women_workers", "workers"),
    ("migrant_workers", "workers"),
    ("women_members", "members"),
    ("contract_workers", "workers"),
    ("disputes_settled", "disputes"),
)


def _count(key: str, zh: str, en: str, *also: str, required: bool = False) -> Column:
    return Column(
        key, zh, en, parsing.integer(100_000_000), also=also, required=required, kind="int", width=11, example=0
    )


def _money(key: str, zh: str, en: str, *also: str) -> Column:
    return Column(key, zh, en, parsing.money, also=also, kind="money", width=13, example=0)


COLUMNS = (
    Column("code", "工会编码", "Union code", parsing.code(), required=True, also=("编码",), width=16, example="1101050269901"),
    Column("name", "工会名称", "Union name", parsing.text(120), also=("名称",), width=36),
    Column("period", "报告期", "Quarter", parsing.period, required=True, also=("季度", "报告季度", "期别"), width=14,
           example="2026年三季度", help_zh="如 2026年三季度 或 2026Q3", help_en="Such as 2026Q3"),
    _count("workers", "职工人数", "Workers", "期末职工人数", required=True),
    _count("women_workers", "女职工数", "Women workers"),
    _count("migrant_workers", "农民工数", "Rural migrant workers"),
    _count("members", "会员人数", "Members", "期末会员人数", required=True),
    _count("women_members", "女会员数", "Women members"),
    _count("joined", "本季新发展会员", "Joined"),
    _count("full_time_cadres", "专职工会干部", "Full-time cadres"),
    _count("part_time_cadres", "兼职工会干部", "Part-time cadres"),
    _count("assemblies", "会员(代表)大会召开次数", "Members' assemblies"),
    _count("workers_congresses", "职代会召开次数", "Workers' congresses"),
    _count("contracts", "签订集体合同份数", "Collective contracts"),
    _count("contract_workers", "集体合同覆盖职工", "Workers covered"),
    _count("disputes", "劳动争议调解件数", "Disputes mediated"),
    _count("disputes_settled", "调解成功件数", "Disputes settled"),
    _count("visits", "走访慰问职工人次", "Workers visited"),
    _money("relief_money", "发放慰问金(元)", "Relief paid (yuan)"),
    _count("activities", "开展活动次数", "Activities"),
    _count("participants", "参加活动人次", "Participants"),
    _money("income", "经费收入(元)", "Income (yuan)"),
    _money("expenditure", "经费支出(元)", "Expenditure (yuan)"),
    Column("filed_on", "报送日期", "Filed on", parsing.day, required=True, also=("上报日期", "提交日期"), kind="day", width=12,
           example=date(2026, 10, 9)),
)  # fmt: skip
FIGURES = tuple(column.key for column in COLUMNS if column.key not in ("code", "name", "period", "filed_on"))


@dataclass(frozen=True, slots=True)
class Known:
    pk: int
    names: frozenset[str]
    name: str
    kind: str


@dataclass
class History:
    """What the checks look up: the person's unions, which unions and quarters the file holds, and of the returns on
    record those that belong to the rows in hand."""

    unions: dict[str, Known]
    kinds: frozenset[str]
    first_period: str
    today: date
    positions: dict[str, int]
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    doubled: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    periods: dict[str, str] = field(default_factory=dict)
    on_record: dict[tuple[int, str], Return] = field(default_factory=dict)

    def cell(self, row: Row, key: str) -> str:
        place = self.positions.get(key)
        return clean(shown(row.cells[place])) if place is not None and place < len(row.cells) else ""

    def period(self, row: Row) -> str:
        words = self.cell(row, "period")
        if words not in self.periods:
            try:
                self.periods[words] = parsing.period(words).value or ""
            except Bad:
                self.periods[words] = ""
        return self.periods[words]


class QuarterImporter(Importer):
    key = "quarters"
    label = _("Figures of past quarters")
    lead = _(
        "Returns of the old system, with the day each was filed. They count as accepted and enter rates and totals."
    )
    permission = Permission.RETURN_IMPORT
    columns = COLUMNS
    key_columns = ("code",)
    brief = ("code", "period", "workers", "members", "filed_on")
    max_rows = 600_000

    def load(self, user: User, table: Table, mapping: dict[int, str]) -> History:
        rule = Form.objects.select_related("rule").get(code=FORM).rule
        rows = Union.objects.visible_to(user, self.permission).values_list(
            "code", "pk", "name", "former_names", "kind"
        )
        return History(
            unions={
                code: Known(pk, frozenset(fold_name(n) for n in (name, *former)), name, kind)
                for code, pk, name, former, kind in rows.order_by("pk").iterator(chunk_size=2000)
            },
            kinds=frozenset(rule.kinds), first_period=rule.first_period, today=timezone.localdate(),
            positions={key: index for index, key in mapping.items()},
        )  # fmt: skip

    def survey(self, row: Row, context: History) -> None:
        # A hundred thousand rows share nine thousand codes: each is kept once.
        key = (sys.intern(context.cell(row, "code").replace(" ", "")), context.period(row))
        if key in context.seen:
            context.doubled[key].append(row.number)
        else:
            context.seen[key] = row.number

    def look_up(self, rows: list[Row], context: History) -> None:
        wanted = {(context.unions[c].pk, p) for r in rows if (c := r.values.get("code")) in context.unions and (p := r.values.get("period"))}  # fmt: skip
        found = Return.objects.filter(union__in={pk for pk, _p in wanted}, period__in={p for _pk, p in wanted})
        found = found.filter(version__form__code=FORM).select_related("duty").defer("narrative", "explanations")
        context.on_record = {(r.union_id, r.period): r for r in found}

    def check(self, row: Row, context: History) -> None:
        code, period = row.values.get("code"), row.values.get("period")
        union = context.unions.get(code)
        row.label = f"{union.name if union else row.values.get('name') or code or ''} {period or ''}".strip()
        if code and union is None:
            row.error("union_unknown", "code", text=code)
            return
        if union is not None:
            row.values["union"] = union.pk
            if (name := row.values.get("name")) and fold_name(name) not in union.names:
                row.warn("name_differs", "name", name=union.name)
            if union.kind not in context.kinds:
                row.error("kind_not_asked", "code", kind=str(UnionKind(union.kind).label))
        if period:
            self._check_days(row, Period.parse(period), context)
            first, others = context.seen.get((code, period)), context.doubled.get((code, period))
            if others:
                twins = [n for n in (first, *others) if n != row.number]
                row.error("doubled_quarter", "period", rows="、".join(map(str, twins[:5])))
        self._check_figures(row)
        if union is not None and period:
            self._attach(row, context.on_record.get((union.pk, period)))

    @staticmethod
    def _check_days(row: Row, period: Period, context: History) -> None:
        filed = row.values.get("filed_on")
        if period.code < context.first_period:
            row.error("period_not_asked", "period", first=Period.parse(context.first_period).label)
        if period.end >= context.today:
            row.error("period_ahead", "period", text=period.label)
        elif filed and filed <= period.end:
            row.warn("before_period_end", "filed_on", text=filed.isoformat())
        if filed and filed > context.today:
            row.error("future", "filed_on", text=filed.isoformat())

    def _check_figures(self, row: Row) -> None:
        get = row.values.get
        for part, whole in PARTS:
            value, limit = get(part), get(whole)
            if value is not None and limit is not None and value > limit:
                row.error(
                    "exceeds", part, part=self.by_key[part].zh, value=value, whole=self.by_key[whole].zh, limit=limit
                )
        if get("members") is not None and get("workers") is not None and get("members") > get("workers"):
            row.warn("members_over_workers", "members", members=get("members"), workers=get("workers"))

    @staticmethod
    def _attach(row: Row, filing: Return | None) -> None:
        """A return on record is compared where it came from the old system too, and left alone where it was filed here."""
        if filing is None:
            return
        row.object_id, row.revision = filing.pk, filing.revision
        if filing.state != ReturnState.ACCEPTED or set(filing.sources.values()) - {FigureSource.IMPORTED.value}:
            row.error("filed_here")
            return
        at = filing.duty.first_submitted_at
        row.current = {code: filing.figures.get(code) for code in FIGURES}
        row.current["filed_on"] = timezone.localtime(at).date() if at else None

    def apply(self, batch: ImportBatch, user: User, progress: Callable) -> dict:
        return Writer(batch, user).apply(progress)

    def undo(self, batch: ImportBatch, user: User, progress: Callable) -> list[str]:
        return Writer(batch, user).undo()


class Writer:
    """Writes a confirmed batch quarter by quarter, two thousand rows at a time."""

    def __init__(self, batch: ImportBatch, user: User):
        self.batch, self.user = batch, user
        self.form = Form.objects.select_related("rule").get(code=FORM)
        self.calendar = WorkCalendar()
        self.middles = list(
            Union.objects.filter(kind__in=[k for k in UnionKind if k.tier == 2]).values_list("pk", flat=True)
        )

    def apply(self, progress: Callable) -> dict:
        rows = self.batch.rows.filter(state__in=[RowState.NEW, RowState.CHANGED])
        total, done = rows.count(), 0
        self._recheck()
        periods = sorted(set(rows.values_list("values__period", flat=True)))
        progress(0, total, "write")
        opened, members = [], {}
        for code in periods:
            period = Period.parse(code)
            if open_period(self.form.rule, period, calendar=self.calendar) is not None:
                opened.append(code)
            self._freeze_missing(period)
            fresh_statistics(Duty, Return)
            members = members or self._members_before(period)
            version = self.form.version_for(period)
            of_period = rows.filter(values__period=code).order_by("number")
            for chunk in chunks(of_period.iterator(chunk_size=CHUNK)):
                self._write([row for row in chunk if row.state == RowState.NEW], period, version, members)
                self._change([row for row in chunk if row.state == RowState.CHANGED], members)
                done += len(chunk)
                progress(done, total)
            self._sum(code)
            self._record("return.import", code, of_period.count())
        counts = self.batch.counts
        return {"created": counts.get("new", 0), "changed": counts.get("changed", 0), "opened": opened}

    def _recheck(self) -> None:
        """The unions are still in the person's scope, the quarters still free, the returns still as compared."""
        new = self.batch.rows.filter(state=RowState.NEW)
        mine = Union.objects.visible_to(self.user, Permission.RETURN_IMPORT)
        wanted = set(new.values_list("values__union", flat=True).distinct())
        if mine.filter(pk__in=wanted).count() != len(wanted):
            raise Stale
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM unions_importrow i JOIN disclosure_return r "
                "ON r.union_id = (i.values->>'union')::bigint AND r.period = i.values->>'period' "
                "JOIN disclosure_formversion v ON v.id = r.version_id "
                "WHERE i.batch_id = %s AND v.form_id = %s AND (i.state = 'new' OR i.state = 'changed' AND r.revision <> i.revision))",
                [self.batch.pk, self.form.pk],
            )
            if cursor.fetchone()[0]:
                raise Stale

    def _freeze_missing(self, period: Period) -> None:
        """Duties for unions of the file that the opening passed over: closed by now, or founded later than it says."""
        due = due_day(self.form.rule, period, self.calendar)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO unions_duty (union_id, rule_id, period, opens_on, due_on, last_day, state, timeliness, "
                "return_count, note, members) SELECT DISTINCT (i.values->>'union')::bigint, %s, %s, %s::date, %s::date, %s::date, "
                "%s, '', 0, '', 0 FROM unions_importrow i WHERE i.batch_id = %s AND i.state = 'new' AND i.values->>'period' = %s "
                "ON CONFLICT (rule_id, period, union_id) DO NOTHING",
                [
                    self.form.rule_id,
                    period.code,
                    opening_day(self.form.rule, period),
                    due,
                    due,
                    DutyState.OPEN,
                    self.batch.pk,
                    period.code,
                ],
            )

    def _members_before(self, period: Period) -> dict[int, int]:
        """Members at the end of the quarter before the file's first."""
        before = Return.objects.accepted().filter(version__form=self.form, period=period.previous().code)
        return {pk: int(n) for pk, n in before.values_list("union", "figures__members").iterator() if n is not None}

    def _write(self, rows: list[ImportRow], period: Period, version: FormVersion, members: dict[int, int]) -> None:
        duties = dict(
            Duty.objects.filter(
                rule=self.form.rule_id, period=period.code, union__in=[row.values["union"] for row in rows]
            ).values_list("union", "pk")
        )
        texts = {i.code for i in version.indicators.all() if i.type == FigureType.TEXT}
        made = []
        for row in rows:
            figures = _figures(row.values, members)
            at = _noon(row.values["filed_on"])
            made.append(
                Return(
                    union_id=row.values["union"], duty_id=duties[row.values["union"]], version=version, period=period.code,
                    state=ReturnState.ACCEPTED, figures={c: v for c, v in figures.items() if c not in texts},
                    sources=dict.fromkeys(figures, FigureSource.IMPORTED.value), rounds=1, submitted_at=at, decided_at=at,
                    saved_at=at,
                )
            )  # fmt: skip
        Return.objects.bulk_create(made)
        ReturnRound.objects.bulk_create(
            ReturnRound(filing=filing, number=1, figures=filing.figures, submitted_at=filing.submitted_at)
            for filing in made
        )
        self._fulfil(made)
        self._mark_applied(rows, made)

    def _change(self, rows: list[ImportRow], members: dict[int, int]) -> None:
        """A later file of the old system corrects an earlier one: a round more, the first day of filing as it says now."""
        filings = Return.objects.select_for_update(of=("self",), no_key=True).in_bulk([row.object_id for row in rows])
        rounds = []
        for row in rows:
            filing, at = filings[row.object_id], _noon(row.values["filed_on"])
            filing.figures = {**filing.figures, **_figures(row.values, members)}
            filing.submitted_at = filing.decided_at = filing.saved_at = at
            filing.rounds, filing.revision = filing.rounds + 1, filing.revision + 1
            rounds.append(ReturnRound(filing=filing, number=filing.rounds, figures=filing.figures, submitted_at=at))
        fields = ["figures", "submitted_at", "decided_at", "saved_at", "rounds", "revision"]
        update_rows(list(filings.values()), fields)
        ReturnRound.objects.bulk_create(rounds)
        self._fulfil(filings.values())
        self._mark_applied(rows, [filings[row.object_id] for row in rows])

    def _fulfil(self, filings: Iterable[Return]) -> None:
        """The duties of returns just written: filed at noon of the day the file names, on time by the frozen due day."""
        filings = list(filings)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE unions_duty d SET state = %s, first_submitted_at = g.at, fulfilled_at = g.at, members = g.members, "
                "timeliness = CASE WHEN (g.at AT TIME ZONE %s)::date <= d.due_on THEN 'on_time' ELSE 'late' END "
                "FROM unnest(%s::bigint[], %s::timestamptz[], %s::int[]) AS g(id, at, members) WHERE d.id = g.id",
                [
                    DutyState.FULFILLED, timezone.get_default_timezone_name(), [f.duty_id for f in filings],
                    [f.submitted_at for f in filings], [f.figures.get("members") or 0 for f in filings],
                ],
            )  # fmt: skip

    def _mark_applied(self, rows: list[ImportRow], filings: list[Return]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE unions_importrow r SET is_applied = true, object_id = g.filing, revision = g.revision "
                "FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS g(id, filing, revision) WHERE r.id = g.id",
                [[row.pk for row in rows], [f.pk for f in filings], [f.revision for f in filings]],
            )

    def _sum(self, code: str) -> None:
        refresh_totals(self.form.rule_id, code, self.middles)
        totals.refresh(self.form, code, self.middles)

    def _record(self, action: str, code: str, count: int) -> None:
        Event.objects.create(
            union=self.batch.union, action=action, model="unions.ImportBatch", object_id=self.batch.pk, by=self.user,
            data={"batch": self.batch.pk, "period": code, "count": count},
        )  # fmt: skip

    def undo(self) -> list[str]:
        """Remove the returns this batch brought, and the duties of quarters that only it had opened; give changed ones
        their figures back. Nothing is done where somebody has worked with one since."""
        applied = self.batch.rows.filter(is_applied=True)
        blockers = self._blockers()
        if blockers:
            return blockers
        periods = sorted(set(applied.values_list("values__period", flat=True)))
        for chunk in chunks(applied.filter(state=RowState.CHANGED).order_by("number").iterator(chunk_size=CHUNK)):
            self._give_back(chunk)
        params = [self.batch.pk]
        with connection.cursor() as cursor:
            new = "SELECT object_id FROM unions_importrow WHERE batch_id = %s AND is_applied AND state = 'new'"
            cursor.execute(f"DELETE FROM disclosure_returnround WHERE filing_id IN ({new})", params)
            cursor.execute(f"DELETE FROM disclosure_return WHERE id IN ({new}) RETURNING duty_id", params)
            duties = [pk for (pk,) in cursor.fetchall()]
        Duty.objects.filter(pk__in=duties).update(
            state=DutyState.OPEN, timeliness="", first_submitted_at=None, fulfilled_at=None
        )
        self._close(self.batch.counts.get("applied", {}).get("opened", []))
        for code in periods:
            self._sum(code)
            self._record("return.import_undo", code, applied.filter(values__period=code).count())
        return []

    def _blockers(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT i.number, i.label FROM unions_importrow i LEFT JOIN disclosure_return r ON r.id = i.object_id "
                "WHERE i.batch_id = %s AND i.is_applied AND (r.id IS NULL OR r.revision <> i.revision "
                "OR EXISTS (SELECT FROM disclosure_remark m WHERE m.filing_id = r.id)) ORDER BY i.number",
                [self.batch.pk],
            )
            return [
                str(_("Row %(row)s: “%(name)s” was changed since.")) % {"row": n, "name": name} for n, name in cursor
            ]

    def _give_back(self, rows: list[ImportRow]) -> None:
        filings = Return.objects.select_for_update(of=("self",), no_key=True).in_bulk([row.object_id for row in rows])
        for row in rows:
            filing, at = filings[row.object_id], _noon(row.before["filed_on"])
            filing.figures = {**filing.figures, **{code: row.before[code] for code in FIGURES if code in row.changes}}
            filing.submitted_at = filing.decided_at = filing.saved_at = at
            filing.revision += 1
        update_rows(list(filings.values()), ["figures", "submitted_at", "decided_at", "saved_at", "revision"])
        self._fulfil(filings.values())

    def _close(self, periods: list[str]) -> None:
        """Quarters that this import opened and in which nothing else has been filed were never asked for here."""
        for code in periods:
            duties = Duty.objects.filter(rule=self.form.rule_id, period=code)
            if duties.filter(filing__isnull=False).exists() or duties.exclude(state=DutyState.OPEN).exists():
                continue
            if any(
                rel.related_model._base_manager.filter(**{f"{rel.field.name}__in": duties}).exists()
                for rel in _hanging()
            ):
                continue
            duties.delete()
            Run.objects.filter(task=OPEN, slot=f"{self.form.rule_id}:{code}").delete()


def _hanging() -> list[Any]:
    return [rel for rel in Duty._meta.related_objects if rel.related_model is not Return]


def _noon(day: str) -> datetime:
    """The old system kept no hour: noon of that day."""
    return timezone.make_aware(datetime.combine(date.fromisoformat(day), time(12)))


def _figures(values: dict, members: dict[int, int]) -> dict[str, Any]:
    """The row's figures, with the opening balance and those who left as the two quarters tell them."""
    figures = {code: values[code] for code in FIGURES if code in values}
    joined, end = figures.get("joined", 0), figures["members"]
    begin = members.get(values["union"], max(0, end - joined))
    figures["members_begin"], figures["left"] = begin, max(0, begin + joined - end)
    members[values["union"]] = end
    return figures


def register() -> None:
    """Called once when the app is ready."""
    importers.add("quarters", QuarterImporter())
    for action, words in {
        "return.import": _("Imported %(count)s returns of the %(period)s"),
        "return.import_undo": _("Took back %(count)s imported returns of the %(period)s"),
    }.items():
        presenters.add(action, partial(act_of_quarter, words))


def act_of_quarter(words: str, event: Event) -> str:
    """What an import did with one quarter."""
    return str(words) % {"count": event.data["count"], "period": Period.parse(event.data["period"]).label}
