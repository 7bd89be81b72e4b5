"""What the annual reports of the made-up district say: sentences with the figures of accepted returns, accounts that add up."""

from collections import defaultdict
from decimal import Decimal
from random import Random

from django.db.models import QuerySet

from disclosure.enums import AccountSide, AnnualSource, FormKind, PromiseOutcome
from disclosure.models import AnnualPrompt, AnnualReport, Return, Total
from disclosure.models.annual import BEFORE
from unions.enums import Tier

A = AnnualSource
SUMMED = ("joined", "activities", "participants", "visits", "income", "expenditure")
LATEST = ("workers", "members")
TEXTS = {
    A.WORKFORCE: ("截至{year}年底，{place}有职工{workers}人，工会会员{members}人，全年发展会员{joined}人。",),
    A.ACTIVITIES: (
        "全年开展职工活动{activities}次，{participants}人次参加；走访慰问职工{visits}人次。重点做好技能竞赛、集体协商和困难职工帮扶工作。",
        "围绕职工所需所盼开展服务，组织文体、培训等活动{activities}次，{participants}人次参加，走访慰问{visits}人次。",
    ),
    A.MEETINGS: (
        "按期召开工会委员会会议和会员（代表）大会，涉及职工切身利益的事项均经集体讨论决定。",
        "坚持民主集中制，重要事项提交委员会会议研究，会员知情权、参与权、监督权得到落实。",
    ),
    A.PROPOSALS: ("职工提案和意见建议均明确承办人和答复期限，按期答复，并向提出人反馈办理结果。",),
    A.APPRAISAL: ("民主评议结果已向会员公布，对职工反映的问题逐项制定整改措施，明确责任人和完成时限。",),
    A.BULLETINS: ("通过会务公开栏和本系统公开工作计划、经费收支、评议结果等事项，接受会员监督。",),
    A.FUNDS: (
        "经费收入以拨缴工会经费和会费为主，支出主要用于职工活动和职工服务，收支执行与年度预算基本一致。",
        "坚持经费向一线职工倾斜，职工活动和服务支出占全年支出的七成以上，无超预算支出。",
    ),
    A.AUDIT: ("经费审查委员会对全年经费收支情况进行了审查，账目清楚，账实相符，手续完备。",),
    "困难和不足": (
        "工会干部多为兼职，精力投入不足，希望上级工会加强业务培训。",
        "一线职工倒班多，集中开展活动难，活动场地有限，希望共享辖区职工之家。",
    ),
    "审查意见和整改": ("提出规范票据管理、按季度公布经费收支两条意见，均已整改到位。",),
    "廉洁自律": ("严格遵守财经纪律和廉洁自律各项规定，没有违规违纪情况。",),
    "不足和努力方向": ("深入一线听取意见不够经常，今后坚持每月到班组走访，及时回应职工诉求。",),
}  # fmt: skip
ANY_TEXT = "按照年度工作安排落实，情况良好。"
FIRST = "上一年度报告未通过本系统报送，无承诺事项。"
PLANS = {
    Tier.GRASSROOTS: (
        "建好用好职工之家", "改善职工食堂夜班供餐", "为全体会员增加一次健康体检", "举办一次岗位技能竞赛",
        "增设母婴关爱室设施", "每季度公布一次经费收支明细", "开展新会员入会集中行动",
    ),
    Tier.MIDDLE: (
        "推动二十五人以上企业依法建会", "举办基层工会主席业务培训", "建设三处户外劳动者服务站点",
        "指导到期工会按时换届", "开展集体协商要约行动", "为困难职工建立动态帮扶台账",
    ),
}  # fmt: skip
PLANS[Tier.DISTRICT] = PLANS[Tier.MIDDLE]
OUTCOMES = ((PromiseOutcome.KEPT, 74), (PromiseOutcome.PARTLY, 20), (PromiseOutcome.MISSED, 6))
ACCOUNTS_OF = {
    PromiseOutcome.KEPT: "已按计划完成，职工反映良好。",
    PromiseOutcome.PARTLY: "已完成大部分，其余列入下一年继续推进。",
    PromiseOutcome.MISSED: "因场地和经费未落实，未能开展，已向会员说明。",
}
PLACES = {Tier.GRASSROOTS: "本单位", Tier.MIDDLE: "所属单位", Tier.DISTRICT: "全区"}
# Shares of the heads in their order; what rounding leaves goes to the head that has most.
SHARES = {AccountSide.INCOME: (9, 72, 9, 7, 0, 0, 3), AccountSide.EXPENSE: (45, 29, 6, 13, 4, 0, 3)}
CENT = Decimal("0.01")

Figures = dict[str, Decimal]


def figures_of(years: list[int]) -> dict[tuple[int, int], Figures]:
    """(union, year) → the sums of its accepted returns of that year; above the grassroots those of the totals below."""
    found: dict[tuple[int, int], Figures] = defaultdict(lambda: defaultdict(Decimal))
    filed, added = (
        Return.objects.accepted().filter(version__form__kind=FormKind.FILED),
        Total.objects.filter(form__kind=FormKind.FILED),
    )
    for year in years:
        for rows in (filed, added):
            _add(found, rows.filter(period__startswith=str(year)).order_by("period"), year)
    return found


def _add(found: dict[tuple[int, int], Figures], rows: QuerySet, year: int) -> None:
    for union, figures in rows.values_list("union", "figures").iterator(chunk_size=2000):
        sums = found[union, year]
        for code in SUMMED:
            sums[code] += Decimal(str(figures.get(code) or 0))
        for code in LATEST:
            sums[code] = Decimal(str(figures.get(code) or 0))


def text(random: Random, prompt: AnnualPrompt, report: AnnualReport, figures: Figures) -> str:
    """A sentence or two under a heading."""
    counts = {code: f"{int(figures.get(code, 0)):,}" for code in (*SUMMED, *LATEST)}
    words = random.choice(TEXTS.get(prompt.source) or TEXTS.get(prompt.title) or (ANY_TEXT,))
    return words.format(year=report.year, place=PLACES[report.union.tier], **counts)


def fill_accounts(random: Random, report: AnnualReport, figures: Figures, before: Decimal | None) -> None:
    """Income and expenditure as the accepted returns have them, by heads; what is carried over covers it."""
    size = max(report.duty.members, 20)
    income = figures.get("income") or Decimal(random.randrange(180, 420) * size)
    expense = figures.get("expenditure") or (income * Decimal(random.randrange(60, 95)) / 100).quantize(CENT)
    if before is None:
        before = max(income / 5, expense - income + income / 10).quantize(Decimal(1))
    expense = min(expense, before + income)
    report.accounts = {BEFORE: str(before)}
    for side, total in ((AccountSide.INCOME, income), (AccountSide.EXPENSE, expense)):
        heads = [head for head in report.sheet.heads.all() if head.side == side]
        parts = [(total * share * random.randrange(85, 116) / 10_000).quantize(Decimal(1)) for share in SHARES[side]]
        most = parts.index(max(parts))
        parts[most] += total - sum(parts)
        report.accounts |= {
            str(head.pk): f"{part:.2f}" for head, part in zip(heads, parts, strict=True) if part
        }  # fmt: skip


def review(outcomes: list[str]) -> str:
    """What is said under the heading of last year's promises."""
    if not outcomes:
        return FIRST
    return f"上年承诺{len(outcomes)}项，完成{outcomes.count(PromiseOutcome.KEPT)}项，各项落实情况已逐项说明。"
