"""The roster of unions: its columns, what a clerk would find wrong with a row, and how rows become unions."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rapidfuzz import process

from unions.enums import (
    MIDDLE_KINDS,
    EmployerNature,
    Engagement,
    Industry,
    Rank,
    Sex,
    Tier,
    UnionKind,
    UnionState,
)
from unions.import_problems import ERROR, problem
from unions.importing import Column, Importer, Row, importers
from unions.kit import parsing
from unions.kit.masking import mask_phone
from unions.kit.names import clean, fold_name
from unions.kit.parsing import YES_NO, Option, choice, shown
from unions.kit.spreadsheets_in import Table
from unions.models import Union, User
from unions.permissions import Permission
from unions.scoping import Scope
from unions.wall import system


def _options(enum: Any, rows: dict[Any, tuple[str, ...]]) -> tuple[Option, ...]:
    """The roster's wordings of a closed list: first the one we write, then others that mean the same."""
    return tuple(Option(member.value, words[0], _english(member), words[1:]) for member, words in rows.items())


def _english(member: Any) -> str:
    from django.utils.translation import override

    with override("en"):
        return str(member.label)


K, N, S, R = UnionKind, EmployerNature, Industry, Rank
KINDS = {
    K.UNIT: ("基层工会", "单独基层工会", "单位工会", "基层工会委员会"),
    K.JOINT: ("联合基层工会", "联合工会", "基层联合工会"),
    K.COMMUNITY: ("社区联合工会", "社区工会联合会", "社区工会"),
    K.VILLAGE: ("村联合工会", "村工会联合会", "村工会"),
    K.BUILDING: ("楼宇(园区)联合工会", "楼宇联合工会", "园区联合工会", "楼宇工会", "园区工会"),
    K.FEDERATED: (
        "区域(行业)性工会联合会",
        "区域性工会联合会",
        "行业性工会联合会",
        "行业(区域)性工会联合会",
        "工会联合会",
    ),
    K.STREET: ("街道总工会", "街道"),
    K.AREA: ("地区总工会", "地区", "乡总工会", "地区(乡)总工会"),
    K.ZONE: ("功能区总工会", "功能区"),
    K.INDUSTRY: ("产业工会", "产业(系统)工会", "系统工会", "产业"),
    K.DISTRICT: ("区总工会", "区"),
}
NATURES = {
    N.STATE: ("区属国有", "国有", "国有企业"),
    N.STATE_HOLDING: ("国有控股", "国有控股企业"),
    N.COLLECTIVE: ("区属集体", "集体", "集体企业"),
    N.PRIVATE: ("私营", "私营企业", "民营", "民营企业"),
    N.HMT: ("港澳台投资", "港澳台", "港澳台商投资"),
    N.FOREIGN: ("外商投资", "外资", "外商"),
    N.INDIVIDUAL: ("个体经营", "个体", "个体工商户"),
    N.AGENCY: ("机关", "党政机关"),
    N.INSTITUTION: ("事业单位", "事业"),
    N.SOCIAL: ("社会组织", "社会团体", "民办非企业", "民办非企业单位"),
}
INDUSTRIES = {
    S.A: ("农、林、牧、渔业", "农林牧渔业", "农业"),
    S.B: ("采矿业",),
    S.C: ("制造业",),
    S.D: ("电力、热力、燃气及水生产和供应业", "电力燃气水"),
    S.E: ("建筑业",),
    S.F: ("批发和零售业", "批发零售业"),
    S.G: ("交通运输、仓储和邮政业", "交通运输仓储邮政业"),
    S.H: ("住宿和餐饮业", "住宿餐饮业"),
    S.I: ("信息传输、软件和信息技术服务业", "信息技术服务业"),
    S.J: ("金融业",),
    S.K: ("房地产业",),
    S.L: ("租赁和商务服务业", "商务服务业"),
    S.M: ("科学研究和技术服务业", "科研技术服务业"),
    S.N: ("水利、环境和公共设施管理业", "水利环境和公共设施管理业"),
    S.O: ("居民服务、修理和其他服务业", "居民服务业", "居民服务和其他服务业"),
    S.P: ("教育",),
    S.Q: ("卫生和社会工作", "卫生"),
    S.R: ("文化、体育和娱乐业", "文化体育娱乐业"),
    S.S: ("公共管理、社会保障和社会组织", "群众团体", "公共管理和社会组织"),
    S.T: ("国际组织",),
}
RANKS = {
    R.BUREAU_DEPUTY: ("副局级",),
    R.PEER_DEPUTY: ("同级副职",),
    R.DIVISION_DEPUTY: ("副处级",),
    R.PARTY_DEPUTY: ("党委副职",),
    R.ADMIN_DEPUTY: ("行政副职",),
    R.SECTION_HEAD: ("正科级",),
    R.MIDDLE_HEAD: ("中层正职",),
    R.MIDDLE_DEPUTY: ("中层副职",),
    R.STAFF: ("一般职工", "普通职工", "职工", "一般人员"),
}
SEXES = {Sex.MALE: ("男",), Sex.FEMALE: ("女",)}
ENGAGEMENTS = {Engagement.FULL_TIME: ("专职",), Engagement.PART_TIME: ("兼职",)}

COUNTS = ("workers", "women_workers", "migrant_workers", "members", "women_members")
EARLIEST = date(1921, 1, 1)


def _column(key: str, zh: str, en: str, parse: Any, **more: Any) -> Column:
    return Column(key, zh, en, parse, **more)


def _choice(key: str, zh: str, en: str, enum: Any, rows: dict, *, lenient: bool = True, **more: Any) -> Column:
    options = _options(enum, rows)
    return Column(key, zh, en, choice(options), options=options, lenient=lenient, **more)


def _yes(key: str, zh: str, en: str, *also: str) -> Column:
    return Column(key, zh, en, parsing.yes_no, options=YES_NO, lenient=True, also=also, width=10, example="是")


def _count(key: str, zh: str, en: str, *also: str, example: int) -> Column:
    return Column(key, zh, en, parsing.integer(), also=also, kind="int", width=11, example=example)


def columns() -> tuple[Column, ...]:
    """The roster's columns in the order of the district's own workbook."""
    day_zh, day_en = "日期格式 2026-01-31", "A date such as 2026-01-31"
    return (
        _column("code", "工会编码", "Union code", parsing.code(), required=True, also=("编码", "工会代码", "组织编码"), width=16,
                example="1101050269901", help_zh="按文本填写，不能重复", help_en="As text, never twice"),
        _column("name", "工会名称", "Union name", parsing.text(120, 4), required=True, also=("名称", "工会全称", "基层工会名称"),
                width=36, example="北京示例科技有限公司工会委员会"),
        _column("parent", "上级工会", "Superior union", parsing.text(120), required=False,
                also=("上级工会名称", "所属上级工会", "隶属工会", "主管工会"), width=24, example="",
                help_zh="填工会全称；可以是本表中的工会", help_en="The full name; it may stand in this very table"),
        _choice("kind", "工会类别", "Kind of union", UnionKind, KINDS, lenient=False, required=True,
                also=("工会类型", "组织类型", "类别", "工会性质"), width=20, example="基层工会"),
        _column("employer_name", "单位名称", "Employer", parsing.text(120), also=("用人单位", "单位全称", "企业名称"), width=34,
                example="北京示例科技有限公司"),
        _column("credit_code", "统一社会信用代码", "Unified social credit code", parsing.credit_code,
                also=("信用代码", "社会信用代码", "纳税人识别号", "纳税人识别号(统一社会信用代码)"), width=22,
                help_zh="18 位，末位为校验码", help_en="18 characters, the last one a check digit"),
        _choice("employer_nature", "单位性质", "Employer type", EmployerNature, NATURES, also=("经济类型", "登记注册类型"),
                width=13, example="私营"),
        _choice("industry", "所属行业", "Industry", Industry, INDUSTRIES, also=("行业", "行业门类", "国民经济行业"), width=24,
                example="信息传输、软件和信息技术服务业"),
        _column("address", "单位详细地址", "Address", parsing.text(200), also=("单位地址", "地址", "详细地址"), width=30, lenient=False),
        _count("workers", "职工人数", "Workers", "职工总数", "职工数", example=120),
        _count("women_workers", "女职工数", "Women workers", "女职工人数", "女职工", example=50),
        _count("migrant_workers", "农民工数", "Rural migrant workers", "农民工人数", "农民工", example=10),
        _count("members", "会员人数", "Members", "会员总数", "会员数", example=110),
        _count("women_members", "女会员数", "Women members", "女会员人数", "女会员", example=48),
        _column("founded_on", "建会日期", "Founded on", parsing.day, also=("成立日期", "建会时间", "成立时间"), kind="day", width=12,
                example=date(2015, 5, 3), help_zh=day_zh, help_en=day_en),
        _column("term_years", "届期(年)", "Term (years)", parsing.integer(99), also=("届期", "任期(年)", "任期"), kind="int", width=9,
                example=5, help_zh="3 年或 5 年", help_en="3 or 5 years"),
        _column("term_started_on", "本届起始日期", "Term began on", parsing.day, also=("本届开始日期", "换届日期", "届期起始日期"),
                kind="day", width=13, example=date(2024, 3, 21), help_zh=day_zh, help_en=day_en),
        _column("chair_name", "工会主席", "Chair", parsing.text(40), also=("主席姓名", "主席"), width=10, example="王示例"),
        _choice("chair_sex", "主席性别", "Chair's sex", Sex, SEXES, also=("性别",), width=9, example="女"),
        _choice("chair_rank", "主席职务层级", "Chair's rank", Rank, RANKS, also=("职务层级", "主席职务级别"), width=13, example="中层正职"),
        _choice("chair_engagement", "主席任职方式", "Chair full- or part-time", Engagement, ENGAGEMENTS, also=("任职方式",), width=13,
                example="兼职"),
        _column("chair_phone", "主席联系电话", "Chair's phone", parsing.phone, also=("联系电话", "电话", "主席电话", "手机"), width=15,
                lenient=True, example="13800000000", mask=mask_phone),
        _yes("has_place", "固定活动场所", "Fixed place for activities", "活动场所"),
        _yes("has_sign", "挂牌", "Sign put up", "是否挂牌"),
        _yes("has_account", "独立账户", "Own bank account", "银行账户", "独立银行账户"),
        _yes("has_audit_committee", "经审委员会", "Fund audit committee", "经费审查委员会", "经审会"),
        _yes("has_women_committee", "女职工委员会", "Women workers' committee", "女工委", "女职委"),
    )  # fmt: skip


@dataclass(frozen=True)
class Known:
    """A union that may be named as a superior: of the register (with its id) or of the file."""

    code: str
    name: str
    kind: str
    pk: int | None = None
    state: str = UnionState.ACTIVE


@dataclass
class Roster:
    """What the checks of a roster look up: the person's unions once, and of the file only codes, names and kinds."""

    scope: Scope
    may_move: bool
    today: date
    positions: dict[str, int]
    unions: dict[str, Union]
    taken: set[str] = field(default_factory=set)  # codes of unions outside the scope, asked for by this file alone
    names: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    former: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    credit_codes: dict[str, str] = field(default_factory=dict)
    district: Union | None = None
    rows_of: dict[str, dict[str, list[int]]] = field(
        default_factory=lambda: {k: defaultdict(list) for k in ("code", "name", "credit")}
    )
    links: dict[str, tuple[int, str]] = field(default_factory=dict)  # new code → its row and the code above it
    refused: dict[str, int] = field(default_factory=dict)  # code → row that has an error
    renamed: set[str] = field(default_factory=set)  # codes of unions whose name the file changes

    def cell(self, row: Row, key: str) -> str:
        place = self.positions.get(key)
        return clean(shown(row.cells[place])) if place is not None and place < len(row.cells) else ""


class RosterImporter(Importer):
    key = "roster"
    label = _("Roster of unions")
    lead = _("New unions are added, changed cards are updated. An empty cell leaves what the register holds.")
    permission = Permission.UNION_IMPORT
    order = 10
    columns = columns()
    key_columns = ("code", "name")
    brief = ("code", "parent", "kind", "members")

    def load(self, user: User, table: Table, mapping: dict[int, str]) -> Roster:
        scope = user.scope(Permission.UNION_IMPORT)
        mine = Union.objects.visible_to(user, Permission.UNION_IMPORT).select_related("parent")
        roster = Roster(
            scope=scope,
            may_move=user.has_perm(Permission.UNION_MOVE),
            today=timezone.localdate(),
            positions={key: index for index, key in mapping.items()},
            unions={union.code: union for union in mine},
        )
        roster.district = Union.objects.of_tier(Tier.DISTRICT).first()
        for union in roster.unions.values():
            known = Known(union.code, union.name, union.kind, union.pk, union.state)
            roster.names[fold_name(union.name)].append(known)
            for name in union.former_names:
                roster.former[fold_name(name)].append(known)
        active = Union.objects.filter(kind=UnionKind.UNIT, state=UnionState.ACTIVE).exclude(credit_code="")
        with system("looks for credit codes that are taken"):
            roster.credit_codes = dict(active.values_list("credit_code", "code"))
        if not scope.everything:
            asked = {self._code(row, roster) for row in self._bare(table)} - roster.unions.keys()
            with system("looks for codes that are taken"):
                roster.taken = set(Union.objects.filter(code__in=asked).values_list("code", flat=True))
        return roster

    @staticmethod
    def _bare(table: Table):
        return (Row(number, cells) for number, cells in table.rows())

    @staticmethod
    def _code(row: Row, roster: Roster) -> str:
        return roster.cell(row, "code").replace(" ", "").upper()

    def survey(self, row: Row, context: Roster) -> None:
        code, name = self._code(row, context), fold_name(context.cell(row, "name"))
        for what, value in (("code", code), ("name", name), ("credit", context.cell(row, "credit_code").upper())):
            if value:
                context.rows_of[what][value].append(row.number)
        if not (code and name):
            return
        kind = _KIND_OF.get(fold_name(context.cell(row, "kind")), "")
        union = context.unions.get(code)
        if (union is not None and fold_name(union.name) == name) or code in context.taken:
            return
        if union is not None:
            context.renamed.add(code)
        context.names[name].append(
            Known(code, context.cell(row, "name"), union.kind if union else kind, union.pk if union else None)
        )

    def check(self, row: Row, context: Roster) -> None:
        code = row.values.get("code")
        row.label = row.values.get("name") or context.cell(row, "name") or code or ""
        union = context.unions.get(code)
        # Nothing of a union outside the scope may show, not even that it exists.
        if code in context.taken or (union is None and code and not self._may_add(row, context)):
            row.error("outside")
            self._refuse(row, context)
            return
        self._check_doubles(row, context)
        if union is not None:
            self._attach(row, union)
            self._check_identity(row, union)
        self._check_parent(row, union, context)
        self._check_kind(row, union, context)
        self._check_employer(row, union, context)
        _check_figures(row)
        _check_dates(row, context.today)
        if row.has_error():
            self._refuse(row, context)

    def _refuse(self, row: Row, context: Roster) -> None:
        if code := row.values.get("code"):
            context.refused[code] = row.number

    def _may_add(self, row: Row, context: Roster) -> bool:
        """A new union needs a superior in the scope or in the file; without the whole district also a place below."""
        if context.scope.everything:
            return True
        return (
            fold_name(context.cell(row, "parent")) in context.names
            or fold_name(context.cell(row, "parent")) in context.former
        )

    @staticmethod
    def _check_identity(row: Row, union: Union) -> None:
        """A code that belongs to a union of another name and another employer is mistyped, or two numberings have met:
        one union is never turned into another."""
        name, credit = row.values.get("name"), row.values.get("credit_code")
        is_other_name = name and fold_name(name) not in {fold_name(n) for n in (union.name, *union.former_names)}
        if is_other_name and credit and union.credit_code and credit != union.credit_code:
            row.error("other_union", "code", name=union.name)

    @staticmethod
    def _attach(row: Row, union: Union) -> None:
        row.object_id, row.revision = union.pk, union.revision
        row.current = {name: getattr(union, name) for name in FIELDS}
        row.current["parent"] = union.parent.name if union.parent_id else ""
        row.current["parent_code"] = union.parent.code if union.parent_id else ""
        if union.state != UnionState.ACTIVE:
            row.error("closed")

    @staticmethod
    def _check_doubles(row: Row, context: Roster) -> None:
        code, name = row.values.get("code"), fold_name(row.values.get("name", ""))
        others = lambda what, value: [n for n in context.rows_of[what].get(value, ()) if n != row.number]  # noqa: E731
        if code and (twins := others("code", code)):
            row.error("doubled_code", "code", rows=_listed(twins))
        if name and (twins := others("name", name)):
            row.warn("doubled_name", "name", rows=_listed(twins))
        elif name and code not in context.unions:
            namesake = next((k for k in context.names.get(name, ()) if k.pk and k.code != code), None)
            if namesake:
                # A second street of the same name would leave every union below it in doubt.
                say = row.error if row.values.get("kind") in MIDDLE_KINDS else row.warn
                say("name_known", "name", known=namesake.code)
        credit = row.values.get("credit_code") if row.values.get("kind") == UnionKind.UNIT else None
        if credit and (twins := others("credit", credit)):
            row.error("doubled_credit_code", "credit_code", rows=_listed(twins))

    def _check_parent(self, row: Row, union: Union | None, context: Roster) -> None:
        kind, words = row.values.get("kind"), row.values.pop("parent", "")
        if kind == UnionKind.DISTRICT or (union is not None and union.kind == UnionKind.DISTRICT):
            if union is None and context.district is not None:
                row.error("second_district", "kind", known=context.district.code)
            return
        if not words:
            if union is None:
                row.error("parent_missing", "parent")
            return
        if union is not None and fold_name(words) == fold_name(union.parent.name):
            return  # where it hangs already
        above = self._find_parent(row, words, context)
        if above is None:
            return
        if above.state != UnionState.ACTIVE:
            row.error("parent_closed", "parent", name=above.name)
        if union is not None and above.code != union.parent.code and not context.may_move:
            row.error("may_not_move", "parent", old=union.parent.name, new=above.name)
        if above.code == row.values.get("code") or _is_below(context.unions.get(above.code), union):
            row.error("parent_loop", "parent")
        if above.kind and kind and not _may_hang(kind, above.kind):
            row.error("kind_under_parent", "parent", kind=_kind_words(kind), parent=_kind_words(above.kind))
        if clean(words) != above.name and not row.warned("parent_former"):
            row.info("parent_written", "parent", text=words, name=above.name)
        row.values["parent"], row.values["parent_code"] = above.name, above.code
        if _is_new_name(above, context) and (code := row.values.get("code")):
            context.links[code] = (row.number, above.code)

    @staticmethod
    def _find_parent(row: Row, words: str, context: Roster) -> Known | None:
        folded = fold_name(words)
        named = {known.code: known for known in context.names.get(folded, ())}
        # A union that this very file renames no longer answers to its old name where another one does.
        found = {c: k for c, k in named.items() if c not in context.renamed or _is_new_name(k, context)}
        found = found or named
        if len(found) > 1:
            row.error("parent_ambiguous", "parent", text=words, count=len(found))
            return None
        if found:
            (known,) = found.values()
            return known
        earlier = {known.code: known for known in context.former.get(folded, ())}
        if len(earlier) == 1:
            (known,) = earlier.values()
            row.warn("parent_former", "parent", text=words, name=known.name)
            return known
        upper = [names[0].name for names in context.names.values() if _gathers(names[0].kind)]
        near = process.extractOne(words, upper, score_cutoff=60)
        if near:
            row.error("parent_unknown_near", "parent", text=words, near=near[0])
        else:
            row.error("parent_unknown", "parent", text=words)
        return None

    @staticmethod
    def _check_kind(row: Row, union: Union | None, context: Roster) -> None:
        kind = row.values.get("kind")
        if union is None or not kind or kind == union.kind:
            return
        if UnionKind(kind).tier != union.tier:
            row.error("kind_changed", "kind", old=_kind_words(union.kind), new=_kind_words(kind))

    @staticmethod
    def _check_employer(row: Row, union: Union | None, context: Roster) -> None:
        kind = row.values.get("kind") or (union.kind if union else "")
        holder = context.credit_codes.get(row.values.get("credit_code", ""))
        if kind == UnionKind.UNIT and holder and holder != row.values.get("code"):
            row.error("credit_code_taken", "credit_code")

    def finish(self, context: Roster) -> dict[int, list[dict]]:
        """New unions whose superior in the same file is refused, or that hang below themselves."""
        late: dict[int, list[dict]] = {}
        for code, (number, above) in context.links.items():
            seen = {code}
            while above not in context.refused and above in context.links and above not in seen:
                seen.add(above)
                above = context.links[above][1]
            if above in context.refused and code not in context.refused:
                late[number] = [problem(ERROR, "parent_refused", "parent", row=context.refused[above])]
            elif above in seen:
                late[number] = [problem(ERROR, "parent_loop", "parent")]
        return late

    def apply(self, batch, user, progress) -> dict:
        from unions.import_roster import apply_roster

        return apply_roster(batch, user, progress)

    def undo(self, batch, user, progress) -> list[str]:
        from unions.import_roster import undo_roster

        return undo_roster(batch, user, progress)

    def url(self, row) -> str:
        return reverse("unions:union", args=[row.object_id])

    def template_options(self, user: User) -> dict[str, list[str]]:
        """Superior unions in the person's own scope: the middle tier, and joint unions below it."""
        above = Union.objects.visible_to(user, Permission.UNION_IMPORT).active().exclude(kind=UnionKind.UNIT)
        only_upper = above.filter(Q(kind__in=Tier.MIDDLE.kinds) | Q(kind=UnionKind.FEDERATED))
        return {"parent": list(only_upper.order_by("path").values_list("name", flat=True)[:2000])}


FIELDS = tuple(column.key for column in RosterImporter.columns if column.key not in ("parent",))
_KIND_OF = {
    fold_name(word): option.code
    for option in RosterImporter.columns[3].options
    for word in (option.zh, option.en, option.code, *option.also)
}


def _kind_words(kind: str) -> str:
    return KINDS[UnionKind(kind)][0]


def _listed(rows: list[int]) -> str:
    return "、".join(str(n) for n in rows[:5]) + ("…" if len(rows) > 5 else "")


def _is_new_name(known: Known, context: Roster) -> bool:
    union = context.unions.get(known.code)
    return union is None or fold_name(union.name) != fold_name(known.name)


def _is_below(union: Union | None, above: Union | None) -> bool:
    return union is not None and above is not None and union.path.startswith(above.path + ".")


def _gathers(kind: str) -> bool:
    return bool(kind) and kind not in (UnionKind.UNIT, UnionKind.DISTRICT)


def _may_hang(kind: str, above: str) -> bool:
    """The middle tier hangs under the district; grassroots unions under the middle tier or a grassroots union that
    gathers others, which a single-employer union does not."""
    if UnionKind(kind).tier == Tier.MIDDLE:
        return above == UnionKind.DISTRICT
    return above not in (UnionKind.DISTRICT, UnionKind.UNIT)


def _check_figures(row: Row) -> None:
    """Parts against wholes, with what the register holds where the file is silent (domain: checks Q01, Q02, Q04, Q10)."""
    get = lambda name: row.values.get(name, (row.current or {}).get(name))  # noqa: E731
    title = {c.key: c.zh for c in RosterImporter.columns}
    for part, whole in (("women_workers", "workers"), ("migrant_workers", "workers"), ("women_members", "members")):
        if row.has_error(part) or row.has_error(whole) or not {part, whole} & row.values.keys():
            continue
        value, limit = get(part) or 0, get(whole) or 0
        if value > limit:
            row.error("exceeds", part, part=title[part], value=value, whole=title[whole], limit=limit)
    members, workers = get("members") or 0, get("workers") or 0
    is_touched = {"members", "workers"} & row.values.keys()
    if is_touched and members > workers and not row.has_error("members") and not row.has_error("workers"):
        row.warn("members_over_workers", "members", members=members, workers=workers)
    years = row.values.get("term_years")
    if years is not None and years not in (3, 5):
        row.error("term_years", "term_years", text=years)
    elif years == 3 and (kind := row.values.get("kind")) and UnionKind(kind).tier != Tier.GRASSROOTS:
        row.warn("term_years_upper", "term_years", text=years)


def _check_dates(row: Row, today: date) -> None:
    for name in ("founded_on", "term_started_on"):
        day = row.values.get(name)
        if day is None:
            continue
        if day > today:
            row.error("future", name, text=day.isoformat())
        elif day < EARLIEST:
            row.warn("long_ago", name, text=day.isoformat())
    founded, began = row.values.get("founded_on"), row.values.get("term_started_on")
    if founded and began and began < founded <= today:
        row.warn("before_founding", "term_started_on", text=began.isoformat(), founded=founded.isoformat())


def register() -> None:
    """Called once when the app is ready."""
    importers.add("roster", RosterImporter())
