"""The first sheets of annual reports, by tier, and the yearly duty to file one. The district changes them on its pages."""

from collections.abc import Callable

from django.apps import apps as installed
from django.db import transaction

from disclosure.enums import AccountSide, AnnualSource
from disclosure.models.annual import FIRST_YEAR
from unions.enums import Audience, Rhythm, Tier, UnionKind

RULE = "annual-report"
NOTICE = "朝工发〔2015〕24号"
FUNDS_LAW = "《中华人民共和国工会法》第四十五条"
BASIS = {
    Tier.GRASSROOTS: f"{NOTICE}三（一）：基层工会委员会每年向会员（代表）大会报告工作、经费收支、经费审查情况，主席述职；各部分的提纲由区总工会确定",
    Tier.MIDDLE: f"{NOTICE}三（一）：每年向工会委员会委员报告年度工作计划、工作结果、经费收支、经费审查情况，接受评议和咨询；各部分的提纲由区总工会确定",
}  # fmt: skip
BASIS[Tier.DISTRICT] = BASIS[Tier.MIDDLE]

A = AnnualSource
# Title, category of the catalogue and which of its items, headings: (title, what to write, drawn from).
WORK = ("工作报告", "plans", 0, [
    ("基本情况", "单位和工会的基本情况：职工、会员有多少，比上年有什么变化", A.WORKFORCE),
    ("主要工作", "一年来为职工做了哪几件事，效果怎样；一件事一两句话", A.ACTIVITIES),
    ("会议和民主管理", "召开了哪些会议，职工怎样参与和监督", A.MEETINGS),
    ("提案和意见办理", "职工提了什么，怎么答复、办理的", A.PROPOSALS),
    ("会务公开", "公开了什么，职工从哪里看到", A.BULLETINS),
    ("上年承诺完成情况", "上一年度报告中承诺的事，逐项说明", A.PROMISES),
    ("困难和不足", "最难的一件事，需要上级工会支持什么", ""),
    ("下一年打算", "一行写一件事，明年的报告要逐项交代", A.PLAN),
])  # fmt: skip
ACCOUNTS = ("经费收支情况报告", "accounts", 0, [
    ("收支说明", "主要收入来源和主要支出，与预算相比有什么变化", A.FUNDS),
])  # fmt: skip
AUDIT = ("经费审查报告", "audits", 0, [
    ("审查情况", "经费审查委员会何时、怎样审查的", A.AUDIT),
    ("审查意见和整改", "提出了什么意见，整改得怎样", ""),
])  # fmt: skip
OWN = ("主席述职报告", "plans", 1, [
    ("履职情况", "本人一年来主要做了什么", A.MEETINGS),
    ("职工评议和改进", "上次评议职工怎么评价，改进了什么", A.APPRAISAL),
    ("廉洁自律", "遵守财经纪律和廉洁规定的情况", ""),
    ("不足和努力方向", "自己哪里做得不够，明年怎么改", ""),
])  # fmt: skip
PLAN = ("年度工作计划", "plans", 0, [
    ("上年承诺完成情况", "上一年度报告中承诺的事，逐项说明", A.PROMISES),
    ("下一年工作计划", "一行写一件事，明年的报告要逐项交代", A.PLAN),
])  # fmt: skip
RESULTS = ("工作结果", "plans", 0, [
    ("组织和会员", "所属工会、职工、会员的变化", A.WORKFORCE),
    ("服务职工和维护权益", "一年来的主要工作和效果", A.ACTIVITIES),
    ("会议和民主管理", "委员会会议、座谈会和表决", A.MEETINGS),
    ("提案和意见办理", "收到多少，怎么答复、办理的", A.PROPOSALS),
    ("民主评议和改进", "评议结果和改进措施", A.APPRAISAL),
    ("会务公开", "公开了什么，职工从哪里看到", A.BULLETINS),
])  # fmt: skip
UPPER = [PLAN, RESULTS, ACCOUNTS, AUDIT]
PARTS = {Tier.DISTRICT: UPPER, Tier.MIDDLE: UPPER, Tier.GRASSROOTS: [WORK, ACCOUNTS, AUDIT, OWN]}
HEADS = {
    AccountSide.INCOME: ["会费收入", "拨缴经费收入", "上级工会补助收入", "行政补助收入", "附属单位上缴收入", "投资收益", "其他收入"],
    AccountSide.EXPENSE: [
        "职工活动支出", "职工服务支出", "维权支出", "业务支出", "资本性支出", "对附属单位的支出", "其他支出",
    ],
}  # fmt: skip
STEPS = [
    (0, Audience.FILLER, True), (-20, Audience.FILLER, False), (-5, Audience.FILLER, False), (0, Audience.FILLER, False),
    (1, Audience.CHAIR, False), (5, Audience.SUPERIOR, False), (20, Audience.BOARD, False),
]  # fmt: skip


@transaction.atomic
def seed_annual(get_model: Callable = installed.get_model) -> None:
    """A sheet for each tier that has none yet, and the duty; what is there already stays as the district has it."""
    for tier in Tier:
        if not get_model("disclosure", "AnnualSheet").objects.filter(tier=int(tier)).exists():
            _sheet(get_model, tier)
    rule, is_new = get_model("unions", "DutyRule").objects.get_or_create(
        key=RULE,
        defaults={
            "task": RULE, "name_zh": "年度工作报告", "name_en": "Annual report", "kinds": [kind.value for kind in UnionKind],
            "rhythm": Rhythm.YEAR, "opens_after": -45, "due_after": 90, "correction_days": 10, "first_period": "2026",
            "clause": f"{NOTICE}三（一）：各级工会每年报告工作、经费收支和经费审查情况，接受评议", "basis": FUNDS_LAW,
        },
    )  # fmt: skip
    if is_new:
        steps = get_model("unions", "ReminderStep")
        steps.objects.bulk_create(
            steps(rule=rule, offset=offset, audience=audience, at_opening=at_opening)
            for offset, audience, at_opening in STEPS
        )


def _sheet(get_model: Callable, tier: Tier) -> None:
    sheet_model, part_model, prompt_model, head_model, items = (
        get_model("disclosure", name)
        for name in ("AnnualSheet", "AnnualPart", "AnnualPrompt", "AnnualHead", "CatalogueItem")
    )
    sheet = sheet_model.objects.create(tier=int(tier), first_year=FIRST_YEAR, basis=BASIS[tier])
    for number, (title, category, place, prompts) in enumerate(PARTS[tier], 1):
        known = list(items.objects.filter(tier=int(tier), category__key=category).order_by("order", "pk"))
        part = part_model.objects.create(
            sheet=sheet, number=number, title=title, item=known[min(place, len(known) - 1)], has_accounts=category == "accounts"
        )  # fmt: skip
        prompt_model.objects.bulk_create(
            prompt_model(part=part, number=n, title=heading, ask=ask, source=source)
            for n, (heading, ask, source) in enumerate(prompts, 1)
        )
    head_model.objects.bulk_create(
        head_model(sheet=sheet, side=side, number=number, name=name)
        for side, names in HEADS.items()
        for number, name in enumerate(names, 1)
    )
