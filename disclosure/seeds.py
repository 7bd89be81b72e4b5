"""The first forms: the quarterly return of a grassroots union and the summary of a middle-tier union, with their duties.

The notice 2015-24 orders them (信息反馈制度); its three blocks are filled as the old system's workbook has them, so that
past quarters compare. The district changes any of it by publishing a new version, never here.
"""

from collections.abc import Callable

from django.apps import apps as installed
from django.db import transaction
from django.utils import timezone

from disclosure.enums import AddsUp, FigureSource, FigureType, FormKind, Severity
from unions.enums import MIDDLE_KINDS, Audience, Rhythm, Tier

FIRST_PERIOD = "2024Q1"
CLAUSE = "朝工发〔2015〕24号：健全信息反馈制度，定期逐级向上报告本季度工会职工队伍、基础数据及工作开展情况，实行逐级负责制。"
STATISTICS_LAW = "《中华人民共和国统计法》：统计调查对象必须真实、准确、完整、及时地提供统计调查所需的资料"
UNION_LAW = "《中华人民共和国工会法》第三条：劳动者有依法参加和组织工会的权利"
MEDIATION_LAW = "《中华人民共和国劳动争议调解仲裁法》第十条、第十四条"
FUNDS_LAW = "《中华人民共和国工会法》第四十五条：工会应当建立预算、决算和经费审查监督制度"
WOMEN_RULE = "《北京市实施〈中华人民共和国工会法〉办法》第九条"

RULES = [
    {
        "key": "quarterly-return",
        "task": "return",
        "name_zh": "信息反馈",
        "name_en": "Quarterly return",
        "kinds": [kind.value for kind in Tier.GRASSROOTS.kinds],
        "due_after": 10,
        "steps": [
            (0, Audience.FILLER, True),
            (-3, Audience.FILLER, False),
            (0, Audience.FILLER, False),
            (1, Audience.CHAIR, False),
            (3, Audience.SUPERIOR, False),
            (7, Audience.SUPERIOR, False),
            (10, Audience.BOARD, False),
        ],
    },
    {
        "key": "quarterly-summary",
        "task": "summary",
        "name_zh": "信息反馈汇总",
        "name_en": "Quarterly summary",
        "kinds": [kind.value for kind in MIDDLE_KINDS],
        "due_after": 15,
        "steps": [
            (0, Audience.FILLER, True),
            (-3, Audience.FILLER, False),
            (0, Audience.FILLER, False),
            (1, Audience.CHAIR, False),
            (3, Audience.SUPERIOR, False),
            (10, Audience.BOARD, False),
        ],
    },
]

PERSONS, COPIES, CASES, TIMES, YUAN = ("人", "persons"), ("份", "contracts"), ("件", "cases"), ("次", "times"), ("元", "yuan")  # fmt: skip
ATTENDANCES = ("人次", "attendances")
COUNT, MONEY = FigureType.COUNT, FigureType.MONEY
TYPED, REGISTER, LAST, CARRIED, COMPUTED = (
    FigureSource.TYPED, FigureSource.REGISTER, FigureSource.LAST, FigureSource.CARRIED, FigureSource.COMPUTED,
)  # fmt: skip

# Section → rows of (code, Chinese, English, unit, type, source, expression, part of the figure above, help, help).
SECTIONS = [
    (
        "职工队伍",
        "Workforce",
        [
            ("workers", "期末职工人数", "Workers at the end of the quarter", PERSONS, COUNT, REGISTER, "workers", False,
             "与用人单位建立劳动关系的全部人员，按季末在册人数填", "Everyone employed on the last day of the quarter"),
            ("women_workers", "女职工", "Women workers", PERSONS, COUNT, REGISTER, "women_workers", True, "", ""),
            ("migrant_workers", "农民工", "Rural migrant workers", PERSONS, COUNT, REGISTER, "migrant_workers", True,
             "户籍在农村、从事非农产业的职工", "Workers with a rural household registration"),
        ],
    ),
    (
        "会员",
        "Members",
        [
            ("members_begin", "期初会员人数", "Members at the beginning", PERSONS, COUNT, CARRIED, "last.members", False,
             "上季度末会员人数，自动结转", "Carried over from the end of last quarter"),
            ("joined", "本季新发展、转入会员", "Members who joined or moved in", PERSONS, COUNT, TYPED, "", False, "", ""),
            ("left", "本季调出、退会会员", "Members who left or moved out", PERSONS, COUNT, TYPED, "", False,
             "会籍转出、退会、除名和死亡", "Moved to another union, resigned, expelled or died"),
            ("members", "期末会员人数", "Members at the end of the quarter", PERSONS, COUNT, COMPUTED,
             "members_begin + joined - left", False, "期初＋新发展转入－调出退会", "Beginning + joined − left"),
            ("women_members", "女会员", "Women members", PERSONS, COUNT, LAST, "women_members", True, "", ""),
        ],
    ),
    (
        "工作开展",
        "Work done",
        [
            ("full_time_cadres", "专职工会干部", "Full-time union cadres", PERSONS, COUNT, LAST, "full_time_cadres", False, "", ""),
            ("part_time_cadres", "兼职工会干部", "Part-time union cadres", PERSONS, COUNT, LAST, "part_time_cadres", False, "", ""),
            ("assemblies", "召开会员（代表）大会", "Members' assemblies held", TIMES, COUNT, TYPED, "", False, "", ""),
            ("workers_congresses", "召开职工（代表）大会", "Workers' congresses held", TIMES, COUNT, TYPED, "", False, "", ""),
            ("contracts", "签订集体合同", "Collective contracts signed", COPIES, COUNT, TYPED, "", False,
             "含工资专项集体合同", "Including wage agreements"),
            ("contract_workers", "集体合同覆盖职工", "Workers covered by them", PERSONS, COUNT, TYPED, "", True, "", ""),
            ("disputes", "劳动争议调解", "Labour disputes mediated", CASES, COUNT, TYPED, "", False, "", ""),
            ("disputes_settled", "调解成功", "Settled", CASES, COUNT, TYPED, "", True, "", ""),
            ("visits", "走访慰问职工", "Workers visited", ATTENDANCES, COUNT, TYPED, "", False, "", ""),
            ("relief_money", "发放慰问金", "Relief paid", YUAN, MONEY, TYPED, "", False, "", ""),
            ("activities", "开展活动", "Activities", TIMES, COUNT, TYPED, "", False, "", ""),
            ("participants", "参加活动", "Participants", ATTENDANCES, COUNT, TYPED, "", True, "", ""),
        ],
    ),
    (
        "经费",
        "Funds",
        [
            ("income", "经费收入", "Income", YUAN, MONEY, TYPED, "", False, "本季到账的工会经费", "Union funds received this quarter"),
            ("expenditure", "经费支出", "Expenditure", YUAN, MONEY, TYPED, "", False, "", ""),
        ],
    ),
]  # fmt: skip

ERROR, EXPLAIN, INFO = Severity.ERROR, Severity.EXPLAIN, Severity.INFO

# (code, severity, must hold, Chinese, English, shown at, basis)
CHECKS = [
    ("women_within_workers", ERROR, "women_workers <= workers",
     "女职工（{women_workers}）不能多于职工人数（{workers}）。",
     "Women workers ({women_workers}) cannot outnumber workers ({workers}).", "women_workers", STATISTICS_LAW),
    ("migrants_within_workers", ERROR, "migrant_workers <= workers",
     "农民工（{migrant_workers}）不能多于职工人数（{workers}）。",
     "Rural migrant workers ({migrant_workers}) cannot outnumber workers ({workers}).", "migrant_workers", STATISTICS_LAW),
    ("left_within_members", ERROR, "left <= members_begin + joined",
     "调出、退会（{left}）不能多于期初会员与新发展会员之和（{members_begin + joined}）。",
     "No more members can leave ({left}) than there were and joined ({members_begin + joined}).", "left", STATISTICS_LAW),
    ("women_within_members", ERROR, "women_members <= members",
     "女会员（{women_members}）不能多于期末会员人数（{members}）。",
     "Women members ({women_members}) cannot outnumber members ({members}).", "women_members", STATISTICS_LAW),
    ("covered_within_workers", ERROR, "contract_workers <= workers",
     "集体合同覆盖职工（{contract_workers}）不能多于职工人数（{workers}）。",
     "A contract cannot cover more workers ({contract_workers}) than there are ({workers}).", "contract_workers", STATISTICS_LAW),
    ("settled_within_disputes", ERROR, "disputes_settled <= disputes",
     "调解成功（{disputes_settled}）不能多于调解件数（{disputes}）。",
     "No more disputes can be settled ({disputes_settled}) than were mediated ({disputes}).", "disputes_settled", MEDIATION_LAW),
    ("workers_gone", EXPLAIN, "last.workers == 0 or workers > 0",
     "上季度有职工 {last.workers} 人，本季填 0。请说明单位是否停业、撤并。",
     "Last quarter there were {last.workers} workers, now none. Say whether the employer has closed.", "workers", STATISTICS_LAW),
    ("workers_change", EXPLAIN, "workers == 0 or abs(workers - last.workers) <= max(5, 0.2 * last.workers)",
     "职工人数比上季度变化 {workers - last.workers} 人，超过 20%。请简要说明。",
     "Workers changed by {workers - last.workers} against last quarter, more than 20 %. Please explain.", "workers", STATISTICS_LAW),
    ("members_gone", EXPLAIN, "members_begin == 0 or members > 0",
     "期初有会员 {members_begin} 人，期末为 0。请说明原因。",
     "There were {members_begin} members at the beginning and none at the end. Say why.", "members", STATISTICS_LAW),
    ("members_change", EXPLAIN, "members == 0 or abs(members - members_begin) <= max(5, 0.2 * members_begin)",
     "会员人数比上季度变化 {members - members_begin} 人，超过 20%。请简要说明。",
     "Members changed by {members - members_begin} against last quarter, more than 20 %. Please explain.", "members", STATISTICS_LAW),
    ("joined_many", EXPLAIN, "joined - last.joined <= 10",
     "比上季度多发展 {joined - last.joined} 人。请简要说明。",
     "{joined - last.joined} more joined than last quarter. Please explain.", "joined", UNION_LAW),
    ("left_many", EXPLAIN, "left <= max(10, 0.1 * members_begin)",
     "本季调出、退会 {left} 人，超过期初会员的一成。请简要说明。",
     "{left} members left, more than a tenth. Please explain.", "left", UNION_LAW),
    ("members_over_workers", EXPLAIN, "members <= workers",
     "会员（{members}）多于职工（{workers}）。退休、失业人员保留会籍的，请说明人数。",
     "There are more members ({members}) than workers ({workers}). Say how many are retired or between jobs.", "members", UNION_LAW),
    ("register_members", EXPLAIN, "abs(members - register.members) <= max(10, 0.2 * register.members)",
     "名册登记会员 {register.members} 人，与期末会员 {members} 人相差较大。请说明，或请上级更正名册。",
     "The register holds {register.members} members, the return {members}. Explain, or have the register corrected.", "members", STATISTICS_LAW),
    ("spent_much", EXPLAIN, "expenditure <= 2 * income + 10000",
     "支出（{expenditure} 元）远大于收入（{income} 元）。请说明资金来源。",
     "Expenditure ({expenditure} yuan) far exceeds income ({income} yuan). Say where the money came from.", "expenditure", FUNDS_LAW),
    ("covered_by_contract", INFO, "contracts > 0 or contract_workers == 0",
     "本季没有签订集体合同，却填了覆盖职工 {contract_workers} 人，请核对。",
     "No contract was signed, yet {contract_workers} workers are covered; please check.", "contract_workers", ""),
    ("relief_to_somebody", INFO, "visits > 0 or relief_money == 0",
     "发放了慰问金 {relief_money} 元，走访慰问为 0，请核对。",
     "Relief of {relief_money} yuan was paid, yet nobody visited; please check.", "visits", ""),
    ("participants_somewhere", INFO, "activities > 0 or participants == 0",
     "填了参加活动 {participants} 人次，开展活动为 0，请核对。",
     "{participants} took part, yet there was no activity; please check.", "activities", ""),
    ("unsettled", INFO, "disputes - disputes_settled <= 0",
     "有 {disputes - disputes_settled} 件劳动争议尚未调解成功。",
     "{disputes - disputes_settled} disputes are not settled yet.", "disputes_settled", MEDIATION_LAW),
    ("women_committee", INFO, "women_workers < 25 or register.has_women_committee",
     "女职工 {women_workers} 人，名册中尚未登记女职工委员会。",
     "There are {women_workers} women workers; the register shows no women workers' committee.", "women_workers", WOMEN_RULE),
]  # fmt: skip

SUMMARY_CHECKS = [
    (f"{code}_change", EXPLAIN, f"abs({code} - last.{code}) <= 0.1 * last.{code}",
     f"{zh}合计比上季度变化 {{{code} - last.{code}}} 人，超过 10%。请简要说明。",
     f"{en} changed by {{{code} - last.{code}}} against last quarter, more than 10 %. Please explain.", code, STATISTICS_LAW)
    for code, zh, en in (("workers", "职工", "Workers"), ("members", "会员", "Members"))
]  # fmt: skip


@transaction.atomic
def seed(get_model: Callable = installed.get_model) -> None:
    """Make the rules and forms that are missing; what is there already stays as the district has it."""
    duty_rules = {given["key"]: _duty_rule(get_model, given) for given in RULES}
    form, is_new = get_model("disclosure", "Form").objects.get_or_create(
        code="quarterly-return",
        defaults={
            "kind": FormKind.FILED, "rule": duty_rules["quarterly-return"], "name_zh": "信息反馈", "name_en": "Quarterly return",
        },
    )  # fmt: skip
    if is_new:
        _version(get_model, form, CHECKS, summed=False)
    summary, is_new = get_model("disclosure", "Form").objects.get_or_create(
        code="quarterly-summary",
        defaults={
            "kind": FormKind.SUMMARY, "rule": duty_rules["quarterly-summary"], "name_zh": "信息反馈汇总",
            "name_en": "Quarterly summary", "summed_from": form,
        },
    )  # fmt: skip
    if is_new:
        _version(get_model, summary, SUMMARY_CHECKS, summed=True)


def _duty_rule(get_model, given: dict):
    rule, is_new = get_model("unions", "DutyRule").objects.get_or_create(
        key=given["key"],
        defaults={
            **{name: value for name, value in given.items() if name not in ("key", "steps")},
            "clause": CLAUSE, "basis": STATISTICS_LAW, "rhythm": Rhythm.QUARTER, "opens_after": 1, "correction_days": 3,
            "first_period": FIRST_PERIOD,
        },
    )  # fmt: skip
    if is_new:
        step = get_model("unions", "ReminderStep")
        step.objects.bulk_create(
            step(rule=rule, offset=offset, audience=audience, at_opening=at_opening)
            for offset, audience, at_opening in given["steps"]
        )
    return rule


def _version(get_model, form, checks: list[tuple], *, summed: bool) -> None:
    section_model, indicator, rule = (get_model("disclosure", name) for name in ("Section", "Indicator", "FormRule"))
    version = get_model("disclosure", "FormVersion").objects.create(
        form=form, number=1, first_period=FIRST_PERIOD, published_at=timezone.now()
    )
    for order, (zh, en, rows) in enumerate(SECTIONS, 1):
        section = section_model.objects.create(version=version, order=order, name_zh=zh, name_en=en)
        indicator.objects.bulk_create(
            indicator(
                version=version, section=section, order=number, code=code, name_zh=name_zh, name_en=name_en,
                unit_zh=unit[0], unit_en=unit[1], type=kind, source=COMPUTED if summed else source,
                source_expression="" if summed else expression, adds_up=AddsUp.SUM, is_part=is_part,
                help_zh=help_zh, help_en=help_en,
            )
            for number, (code, name_zh, name_en, unit, kind, source, expression, is_part, help_zh, help_en) in enumerate(rows, 1)
        )  # fmt: skip
    rule.objects.bulk_create(
        rule(
            version=version, order=order, code=code, severity=severity, condition=condition, message_zh=zh, message_en=en,
            field=field, basis=basis,
        )
        for order, (code, severity, condition, zh, en, field, basis) in enumerate(checks, 1)
    )  # fmt: skip
