"""The first tables of this floor. The district changes any of it on its pages, never here; what is there already stays.

Where a table was replaced, both stand here, so that a meeting of those days is judged by the table of its own day.
"""

from collections.abc import Callable
from datetime import date

from django.apps import apps as installed
from django.db import transaction

from assemblies.enums import BandKey
from unions.enums import MIDDLE_KINDS, Audience, Rhythm, Tier, UnionKind

# No union had another table before the first Trade Union Law.
FIRST_LAW = date(1950, 6, 29)
CONGRESS_1984 = date(1984, 1, 1)
ELECTIONS_2016 = date(2016, 10, 9)
ASSEMBLIES_2019 = date(2019, 1, 15)

OLD_ELECTIONS = "《工会基层组织选举工作暂行条例》，2016年10月9日起由总工发〔2016〕27号代替"
ELECTIONS = "《工会基层组织选举工作条例》（总工发〔2016〕27号）"
OLD_DELEGATES = "2019年1月15日前执行的会员代表比例；不足200人的，代表不少于30%，须经上级工会批准"
ASSEMBLIES = "《基层工会会员代表大会条例》（总工发〔2019〕6号）"
CONGRESS = "1984年关于地方工会代表大会代表名额的规定，可根据情况适当调整"

Row = tuple[int, int | None, int, int, bool]
NUMBER, PERCENT = False, True
FIRST_PERIOD = "2024"

# Key, holds from, basis, rows of (members from, members to, least, most, in per cent).
BANDS: list[tuple[BandKey, date, str, list[Row]]] = [
    (BandKey.COMMITTEE, FIRST_LAW, f"{OLD_ELECTIONS}；会员不足25人的可只选主席或组织员一人", [
        (1, 24, 1, 1, NUMBER), (25, 200, 3, 7, NUMBER), (201, 1000, 7, 15, NUMBER), (1001, 5000, 15, 21, NUMBER),
        (5001, 10000, 21, 29, NUMBER), (10001, None, 21, 37, NUMBER)]),
    (BandKey.COMMITTEE, ELECTIONS_2016, f"{ELECTIONS}；会员不足25人的设委员3至5人，也可只选主席或组织员一人", [
        (1, 24, 1, 5, NUMBER), (25, 200, 3, 7, NUMBER), (201, 1000, 7, 15, NUMBER), (1001, 5000, 15, 21, NUMBER),
        (5001, 10000, 21, 29, NUMBER), (10001, 50000, 29, 37, NUMBER), (50001, None, 37, 45, NUMBER)]),
    (BandKey.STANDING, FIRST_LAW, f"{ELECTIONS}；大型企事业单位工会经上一级工会批准可设常务委员会", [(1, None, 9, 11, NUMBER)]),
    (BandKey.AUDIT, FIRST_LAW, f"{ELECTIONS}；经费审查委员会与工会委员会同时选举，任期相同", [(1, None, 3, 11, NUMBER)]),
    (BandKey.DELEGATES, FIRST_LAW, OLD_DELEGATES, [
        (1, 199, 30, 100, PERCENT), (200, 500, 20, 25, PERCENT), (501, 1000, 10, 20, PERCENT),
        (1001, 5000, 6, 10, PERCENT), (5001, 10000, 5, 5, PERCENT), (10001, None, 1, 500, NUMBER)]),
    (BandKey.DELEGATES, ASSEMBLIES_2019, ASSEMBLIES, [
        (100, 200, 30, 40, NUMBER), (201, 1000, 40, 60, NUMBER), (1001, 5000, 60, 90, NUMBER),
        (5001, 10000, 90, 130, NUMBER), (10001, 50000, 130, 180, NUMBER), (50001, None, 180, 240, NUMBER)]),
    (BandKey.CONGRESS, CONGRESS_1984, CONGRESS, [
        (1, 49999, 100, 200, NUMBER), (50000, 299999, 200, 350, NUMBER), (300000, 699999, 300, 450, NUMBER),
        (700000, 999999, 400, 600, NUMBER), (1000000, None, 450, 800, NUMBER)]),
]  # fmt: skip


@transaction.atomic
def seed_bands(get_model: Callable = installed.get_model) -> None:
    """The tables by number of members; a table of the same key and day is left as it is."""
    model = get_model("assemblies", "Band")
    known = set(model.objects.values_list("key", "effective_from"))
    names = ("members_from", "members_to", "least", "most", "is_percent")
    model.objects.bulk_create(
        model(key=key, effective_from=start, basis=basis, **dict(zip(names, row, strict=True)))
        for key, start, basis, rows in BANDS
        for row in rows
        if (key, start) not in known
    )


NOTICE = "朝工发〔2015〕24号："
UNION_LAW = "《中华人民共和国工会法》第十六条"
_GRASSROOTS = [kind.value for kind in Tier.GRASSROOTS.kinds]
_YEARLY = [(-60, Audience.FILLER), (-20, Audience.CHAIR), (-5, Audience.CHAIR), (1, Audience.CHAIR), (5, Audience.SUPERIOR), (20, Audience.BOARD)]  # fmt: skip
# Twelve months ahead the duty opens; then half a year, three months and one month ahead, at the end, and after it.
_ELECTION = [
    (-125, Audience.CHAIR), (-63, Audience.CHAIR), (-63, Audience.SUPERIOR), (-21, Audience.CHAIR), (-21, Audience.SUPERIOR),
    (0, Audience.CHAIR), (1, Audience.CHAIR), (1, Audience.SUPERIOR), (21, Audience.SUPERIOR), (125, Audience.BOARD),
]  # fmt: skip

RULES = [
    {
        "key": "assembly", "task": "assembly", "name_zh": "年度会员（代表）大会", "name_en": "Yearly members' assembly",
        "kinds": _GRASSROOTS, "rhythm": Rhythm.YEAR, "opens_after": -364, "due_after": 0, "steps": _YEARLY,
        "clause": f"{NOTICE}基层工会每年至少召开一次会员大会或会员代表大会", "basis": "《中国工会章程》第二十六条",
    },
    {
        "key": "appraisal", "task": "appraisal", "name_zh": "年度民主评议", "name_en": "Yearly democratic appraisal",
        "kinds": [kind.value for kind in UnionKind], "rhythm": Rhythm.YEAR, "opens_after": -364, "due_after": 0,
        "steps": _YEARLY, "clause": f"{NOTICE}工会工作每年至少进行一次民主评议，结果向会员公布并报告上级工会", "basis": "",
    },
    {
        "key": "term-renewal", "task": "renewal", "name_zh": "换届选举", "name_en": "Election at the end of the term",
        "kinds": _GRASSROOTS, "rhythm": Rhythm.OWN, "opens_after": -365, "due_after": 0, "steps": _ELECTION,
        "clause": "基层工会委员会每届任期三年或者五年，任期届满应当如期换届选举",
        "basis": f"{UNION_LAW}；《北京市实施〈中华人民共和国工会法〉办法》第十三条：逾期不换届的，上级工会应当责令限期换届",
    },
    {
        "key": "congress", "task": "renewal", "name_zh": "代表大会（换届）", "name_en": "Congress at the end of the term",
        "kinds": [UnionKind.DISTRICT.value, *(kind.value for kind in MIDDLE_KINDS)], "rhythm": Rhythm.OWN, "opens_after": -365,
        "due_after": 0, "steps": _ELECTION, "clause": f"{NOTICE}区、街道、地区、功能区、产业工会每五年召开一次代表大会",
        "basis": UNION_LAW,
    },
    {
        "key": "chair-by-election", "task": "by-election", "name_zh": "主席补选", "name_en": "By-election of the chair",
        "kinds": [kind.value for kind in UnionKind], "rhythm": Rhythm.OWN, "opens_after": 0, "due_after": 0,
        "steps": [(-21, Audience.CHAIR), (-5, Audience.SUPERIOR), (1, Audience.SUPERIOR), (20, Audience.BOARD)],
        "clause": "工会主席空缺的，应当在三个月内补选",
        "basis": "《企业工会主席产生办法（试行）》第十八条",
    },
]  # fmt: skip


@transaction.atomic
def seed_rules(get_model: Callable = installed.get_model) -> None:
    """The duties of terms, assemblies and appraisals, with whom they remind when."""
    rules, steps = get_model("unions", "DutyRule"), get_model("unions", "ReminderStep")
    for given in RULES:
        values = {name: value for name, value in given.items() if name not in ("key", "steps")}
        rule, is_new = rules.objects.get_or_create(key=given["key"], defaults={**values, "first_period": FIRST_PERIOD})
        if is_new:
            opening = [steps(rule=rule, offset=0, audience=Audience.CHAIR, at_opening=True)]
            ladder = [steps(rule=rule, offset=offset, audience=audience) for offset, audience in given["steps"]]
            steps.objects.bulk_create([*(opening if given["rhythm"] == Rhythm.OWN else []), *ladder])


THEMES = [
    ("组织建设", "Organisation"), ("权益保障", "Rights"), ("工资协商", "Wages"), ("劳动安全", "Safety at work"),
    ("福利待遇", "Benefits"), ("职工服务", "Services"), ("工会经费", "Union funds"), ("民主管理", "Democratic management"),
    ("其他", "Other"),
]  # fmt: skip
ANSWERS = [
    ("a", "已解决", "您提出的“……”已经解决。具体做法是：……。完成时间：……。感谢您对工会工作的关心和支持。"),
    ("b", "列入计划", "您提出的“……”已列入工作计划，由……负责，预计于……完成。完成后将另行告知并公布。"),
    ("c", "留作参考", "您提出的“……”经研究，因……，目前尚不具备解决的条件，已留作今后工作的参考。感谢您的理解。"),
]  # fmt: skip


@transaction.atomic
def seed_proposals(get_model: Callable = installed.get_model) -> None:
    """Themes of proposals and templates for answers, where the district has none yet."""
    theme, template = get_model("assemblies", "Theme"), get_model("assemblies", "AnswerTemplate")
    if not theme.objects.exists():
        theme.objects.bulk_create(
            theme(name_zh=zh, name_en=en, order=10 * order) for order, (zh, en) in enumerate(THEMES, 1)
        )
    if not template.objects.exists():
        template.objects.bulk_create(template(grade=grade, title=title, text=text) for grade, title, text in ANSWERS)


SHEET_BASIS = f"{NOTICE}每年至少进行一次民主评议；评议项目和等次由区总工会确定"
# Whom it is about, the question; what an answer counts as, its words.
SHEET_ITEMS = [
    ("committee", "工会委员会工作（总体评价）"), ("committee", "反映职工诉求、维护职工合法权益"), ("committee", "服务职工、为职工办实事"),
    ("committee", "会务公开和经费使用"), ("chair", "履行职责情况"),
]  # fmt: skip
SHEET_GRADES = [("satisfied", "满意"), ("basic", "基本满意"), ("dissatisfied", "不满意"), ("abstain", "不了解")]


@transaction.atomic
def seed_sheet(get_model: Callable = installed.get_model) -> None:
    """The sheet of appraisals, where the district has none yet."""
    sheets, items, grades = (
        get_model("assemblies", name) for name in ("AppraisalSheet", "AppraisalItem", "AppraisalGrade")
    )
    if sheets.objects.exists():
        return
    sheet = sheets.objects.create(effective_from=FIRST_LAW, basis=SHEET_BASIS)
    items.objects.bulk_create(
        items(sheet=sheet, number=n, subject=subject, text=text) for n, (subject, text) in enumerate(SHEET_ITEMS, 1)
    )
    grades.objects.bulk_create(
        grades(sheet=sheet, number=n, kind=kind, text=text) for n, (kind, text) in enumerate(SHEET_GRADES, 1)
    )
