"""Delegates brought in a workbook: one row each, of the term in office, in a constituency that is planned already."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.delegates import election_faults, save_delegate
from assemblies.enums import DelegateWork
from assemblies.models import Constituency, Delegate, Term
from unions.enums import RowState, Sex
from unions.import_problems import SENTENCES, Sentence
from unions.importing import Column, Importer, Row, Stale, importers
from unions.kit import parsing
from unions.kit.masking import mask_phone
from unions.kit.parsing import YES_NO, Option, choice
from unions.kit.spreadsheets_in import Table
from unions.models import ImportBatch, ImportRow, Union, User
from unions.permissions import Permission
from unions.services import record
from unions.workflow import MoveError

EDIT = Permission.ASSEMBLY_EDIT
SEXES = (Option(Sex.MALE, "男", "Male"), Option(Sex.FEMALE, "女", "Female"))
WORK = (
    Option(DelegateWork.FRONT_LINE, "一线职工", "Front-line worker", ("一线", "一线工人", "工人")),
    Option(DelegateWork.TECHNICAL, "技术人员", "Technical staff", ("技术", "专业技术人员", "科教人员")),
    Option(DelegateWork.MANAGEMENT, "管理人员", "Management", ("管理", "领导干部")),
)
FIELDS = (
    "name", "member_number", "sex", "work", "is_senior", "is_model", "is_young", "phone", "elected_on", "due_count",
    "present_count", "votes", "is_by_election",
)  # fmt: skip
PROBLEMS = {
    "no_term": Sentence(
        gettext_lazy("The union has no term in office"), gettext_lazy("Enter the term of “%(name)s” first, then its delegates.")
    ),
    "which_union": Sentence(gettext_lazy("Which union is meant"), gettext_lazy("You work for several unions: give the union code.")),
    "constituency_unknown": Sentence(
        gettext_lazy("The constituency is not planned"), gettext_lazy("“%(text)s” is no constituency of the term; plan it first.")
    ),
    "seats_filled": Sentence(
        gettext_lazy("More delegates than seats"), gettext_lazy("“%(name)s” elects %(seats)s delegates, and they are all there.")
    ),
    "not_elected": Sentence(gettext_lazy("Not elected by the numbers given"), "%(text)s"),
    "doubled_delegate": Sentence(gettext_lazy("The same delegate twice in the file"), gettext_lazy("Row %(rows)s has the same person.")),
}  # fmt: skip


@dataclass
class Lists:
    """What the checks look up: the person's unions with their terms, constituencies and delegates, each read once."""

    unions: dict[str, Union]
    terms: dict[int, Term]
    constituencies: dict[tuple[int, str], Constituency]
    delegates: dict[tuple[int, str, str], Delegate]
    filled: Counter = field(default_factory=Counter)
    seen: dict[tuple, int] = field(default_factory=dict)

    @classmethod
    def of(cls, user: User) -> "Lists":
        unions = list(Union.objects.visible_to(user, EDIT).active())
        terms = {term.union_id: term for term in Term.objects.filter(union__in=unions, ended_on=None)}
        places = Constituency.objects.filter(term__in=terms.values())
        serving = list(Delegate.objects.filter(term__in=terms.values(), ended_on=None).select_related("constituency"))
        return cls(
            {union.code: union for union in unions}, terms, {(each.term_id, each.name): each for each in places},
            {(each.term_id, each.name, each.member_number): each for each in serving},
            Counter(each.constituency_id for each in serving),
        )  # fmt: skip


def _yes(key: str, zh: str, en: str, *also: str) -> Column:
    return Column(key, zh, en, parsing.yes_no, options=YES_NO, lenient=True, also=also, width=10, example="否")


def _count(key: str, zh: str, en: str) -> Column:
    return Column(key, zh, en, parsing.integer(), kind="int", width=10)


class DelegateImporter(Importer):
    key = "delegates"
    label = gettext_lazy("Delegates")
    lead = gettext_lazy("The delegates of the term in office, one row each; plan the constituencies first.")
    permission = EDIT
    order = 60
    max_rows = 2000
    columns = (
        Column("constituency", "选举单位", "Constituency", parsing.text(60), required=True, also=("所属单位", "部门", "代表团"), width=18,
               example="生产部"),
        Column("name", "姓名", "Name", parsing.text(40), required=True, also=("代表姓名",), width=10, example="张示例"),
        Column("member_number", "会员证号", "Member no.", parsing.code(r"[0-9A-Za-z-]{1,30}"), also=("工号", "证号"), width=14,
               help_zh="只在同名时需要", help_en="Needed only to tell two of one name apart"),
        Column("sex", "性别", "Sex", choice(SEXES), required=True, options=SEXES, width=8, example="女"),
        Column("work", "岗位类别", "Work", choice(WORK), required=True, also=("代表类别", "身份"), options=WORK, width=12, example="一线职工"),
        _yes("is_senior", "中层正职及以上", "Head of a department or higher", "领导干部"),
        _yes("is_model", "劳动模范", "Model worker", "劳模"),
        _yes("is_young", "35岁及以下", "Aged 35 or younger", "青年"),
        Column("phone", "手机", "Phone", parsing.phone, also=("联系电话", "电话"), width=14, lenient=True, mask=mask_phone),
        Column("elected_on", "当选日期", "Elected on", parsing.day, required=True, also=("选举日期",), kind="day", width=12,
               example=date(2026, 3, 2)),
        _count("due_count", "应到", "Members due"), _count("present_count", "实到", "Members present"), _count("votes", "得票", "Votes for"),
        _yes("is_by_election", "补选", "By-election"),
        Column("union", "工会编码", "Union code", parsing.code(), also=("编码",), width=16,
               help_zh="只在您负责多家工会时需要", help_en="Needed only if you work for several unions"),
    )  # fmt: skip
    key_columns = ("name", "constituency")
    brief = ("constituency", "sex", "work", "elected_on")

    def load(self, user: User, table: Table, mapping: dict[int, str]) -> Lists:
        return Lists.of(user)

    def check(self, row: Row, context: Lists) -> None:
        values = row.values
        row.label = values.get("name", "")
        term = self._term(row, context)
        if term is None or row.has_error():
            return
        place = context.constituencies.get((term.pk, values["constituency"]))
        if place is None:
            row.error("constituency_unknown", "constituency", text=values["constituency"])
            return
        key = (term.pk, values["name"], values.get("member_number", ""))
        if key in context.seen:
            row.error("doubled_delegate", "name", rows=context.seen[key])
            return
        context.seen[key] = row.number
        if values["elected_on"] > timezone.localdate():
            row.error("future", "elected_on", text=values["elected_on"].isoformat())
        for name, text in election_faults(values, values["elected_on"]).items():
            row.error("not_elected", name, text=text)
        if known := context.delegates.get(key):
            row.object_id, row.revision = known.pk, known.revision
            row.current = {**{name: getattr(known, name) for name in FIELDS}, "constituency": known.constituency.name}
        elif not row.has_error():
            context.filled[place.pk] += 1
            if context.filled[place.pk] > place.seats:
                row.error("seats_filled", "constituency", name=place.name, seats=place.seats)

    @staticmethod
    def _term(row: Row, context: Lists) -> Term | None:
        code = row.values.get("union")
        union = context.unions.get(code) if code else next(iter(context.unions.values()), None)
        if code and union is None:
            row.error("union_unknown", "union", text=code)
        elif not code and len(context.unions) > 1:
            row.error("which_union", "union")
        elif union and union.pk in context.terms:
            return context.terms[union.pk]
        elif union:
            row.error("no_term", "union" if code else "name", name=union.name)
        return None

    def apply(self, batch: ImportBatch, user: User, progress: Callable) -> dict:
        """Through the same service as the form: at most two thousand rows. Raises Stale."""
        lists, counts = Lists.of(user), Counter()
        rows = list(batch.rows.filter(state__in=[RowState.NEW, RowState.CHANGED]).order_by("number"))
        for done, row in enumerate(rows, 1):
            values = dict(row.full_values)
            code = values.pop("union", None)
            union = lists.unions.get(code) if code else next(iter(lists.unions.values()), None)
            term = lists.terms.get(union.pk) if union else None
            place = lists.constituencies.get((term.pk, values["constituency"])) if term else None
            known = Delegate.objects.filter(pk=row.object_id).first() if row.object_id else None
            if place is None or (row.object_id and known is None):
                raise Stale
            values |= {"constituency": place, "elected_on": date.fromisoformat(values["elected_on"])}
            try:
                made = save_delegate(term, values, by=user, delegate=known, revision=row.revision)
            except MoveError as problem:
                raise Stale from problem
            row.object_id, row.revision, row.is_applied = made.pk, made.revision, True
            counts[row.state] += 1
            progress(done, len(rows), "write")
        ImportRow.objects.bulk_update(rows, ["object_id", "revision", "is_applied"], batch_size=500)
        return {"created": counts[RowState.NEW], "changed": counts[RowState.CHANGED]}

    def undo(self, batch: ImportBatch, user: User, progress: Callable) -> list[str]:
        """Remove who was new and put back what was changed, unless something has been done with them since."""
        rows = list(batch.rows.filter(is_applied=True).order_by("number"))
        delegates = Delegate.objects.select_related("term", "union").in_bulk([row.object_id for row in rows])
        blockers = [
            _("Row %(row)s: %(name)s has been changed, due at a meeting or named in a proposal since.")
            % {"row": row.number, "name": row.label}
            for row in rows
            if _is_used(delegates.get(row.object_id), row)
        ]
        if blockers:
            return blockers
        for row in rows:
            delegate = delegates[row.object_id]
            if row.state == RowState.NEW:
                record(delegate.union, "delegate.remove", delegate, by=user, data={"name": delegate.name})
                delegate.delete()
                continue
            values = {name: value for name, value in row.full_before.items() if name in FIELDS}
            place = Constituency.objects.get(term=delegate.term, name=row.full_before["constituency"])
            values |= {"constituency": place, "elected_on": date.fromisoformat(values["elected_on"])}
            save_delegate(delegate.term, values, by=user, delegate=delegate)
        progress(len(rows), len(rows))
        return []

    def url(self, row: ImportRow) -> str:
        return reverse("assemblies:delegate", args=[row.object_id])

    def template_options(self, user: User) -> dict[str, list[str]]:
        return {"constituency": sorted({name for _term, name in Lists.of(user).constituencies})}


def _is_used(delegate: Delegate | None, row: ImportRow) -> bool:
    return (
        delegate is None
        or delegate.revision != row.revision
        or delegate.attendances.exists()
        or delegate.proposals.exists()
    )


def register() -> None:
    """Called once when the app is ready."""
    SENTENCES.update(PROBLEMS)
    importers.add("delegates", DelegateImporter())
