"""Fund audits of the made-up district: years of closed ones, so that coverage is neither full nor empty, and a few at every stage."""

import datetime
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from disclosure.enums import FundAuditKind, FundAuditState, FundFindingArea, FundFindingState
from disclosure.models import FundAudit, FundFinding
from disclosure.models.fund_audits import DRAFTING, REPORTED
from unions.calendar import WorkCalendar
from unions.demo import bulk, names
from unions.enums import Tier
from unions.models import Union

S, Step, Area = FundAuditState, FundFindingState, FundFindingArea
AUDITED, YEARS = 0.78, 7  # of all unions ever, and how far back
OPINION = "该工会经费收支基本合规，会计核算基本清楚，内部管理制度基本健全，但存在以下问题，应予整改。"
# Part, title, what was found, clause, what is to be done, what was done.
FINDINGS = (
    (Area.SPENDING, "慰问品发放手续不全", "抽查凭证，节日慰问品发放清单缺少领取人签收。", "《基层工会经费收支管理办法》关于发放手续的规定", "补齐签收手续，完善发放制度。", "已补齐签收，修订慰问品发放办法。"),
    (Area.ASSETS, "固定资产未及时入账", "购置的投影设备未登记固定资产台账。", "《工会会计制度》关于固定资产的规定", "补记固定资产，年末盘点。", "已补记入账并完成盘点。"),
    (Area.BUDGET, "超预算支出未办理调整", "文体活动支出超出预算，未按程序调整预算。", "《工会预算管理办法》关于预算调整的规定", "说明原因，按程序追认，今后先调整后支出。", "已提交委员会追认，并建立预算执行台账。"),
    (Area.REMITTANCE, "会费收缴不及时", "会员会费按年收取，未按月缴纳。", "《中国工会章程》关于缴纳会费的规定", "按月收缴会费并公布。", "已改为按月收缴，每半年公布一次。"),
    (Area.BOOKS, "原始凭证附件不全", "培训费报销缺少培训通知和签到表。", "《工会会计制度》关于原始凭证的规定", "补充附件，加强报销审核。", "已补充附件，明确报销清单。"),
    (Area.RULES, "大额支出未集体研究", "单笔两万元以上支出未见委员会会议纪要。", "区总工会关于大额支出集体决策的规定", "补充会议纪要，完善决策程序。", "已补充纪要，修订财务管理制度。"),
)  # fmt: skip
# State and how many days ago the notice was served (or, of a plan, nothing).
STAGES = (
    (S.RECTIFYING, 70), (S.PLANNED, 0), (S.COMMENTING, 25), (S.AT_WORK, 12), (S.FOLLOWING, 120), (S.NOTIFIED, 2), (S.REPORTING, 40),
    (S.RECTIFYING, 95),
)  # fmt: skip


def write(
    random: Random, chairs: dict[int, int], district: Union, officer: int, shown: list[Union], today: date
) -> int:
    """Returns how many. `chairs`: union → account of whoever acts there; `officer` acts for the district."""
    book = Book(random, chairs, district, officer, today)
    ours = [union for union in shown if union != district]
    some = list(
        Union.objects.active().of_tier(Tier.GRASSROOTS).exclude(pk__in=[u.pk for u in ours]).order_by("code")[:30]
    )
    for number, union in enumerate([*reversed(ours), *some]):
        book.begin(union, *STAGES[number % len(STAGES)])
    for union in (
        Union.objects.active().exclude(pk=district.pk).order_by("pk").only("pk", "kind", "middle", "founded_on")
    ):
        if random.random() < AUDITED:
            book.past(union)
    return book.save()


class Book:
    """Audits with their findings and what was done when, written at the end by the thousand."""

    def __init__(self, random: Random, chairs: dict[int, int], district: Union, officer: int, today: date):
        self.random, self.chairs, self.district, self.officer, self.today = random, chairs, district, officer, today
        self.calendar, self.audits, self.findings, self.acts, self.numbers = WorkCalendar(), [], [], [], {}

    def past(self, union: Union) -> None:
        """Closed within the last years, if the union was there by then."""
        reported = self.today - timedelta(days=self.random.randint(200, 365 * YEARS))
        if union.founded_on and reported.year - 1 <= union.founded_on.year:
            return
        kind = self.random.choice((FundAuditKind.ACCOUNTS, FundAuditKind.ACCOUNTS, FundAuditKind.OFFICE))
        self._add(union, kind, S.CLOSED, reported - timedelta(days=45))

    def begin(self, union: Union, state: str, ago: int) -> None:
        self._add(union, FundAuditKind.BUDGET, state, self.today - timedelta(days=ago))

    def _add(self, union: Union, kind: str, state: str, day: date) -> None:
        served = self.calendar.on_or_after(day)
        entry = self.calendar.shift(served, 4)
        drafted, commented = self.calendar.shift(entry, 5), self.calendar.shift(entry, 10)
        reported = min(self.calendar.shift(entry, 14), self.today - timedelta(days=1))
        is_reported, year = state in REPORTED, served.year
        auditor = self.district.pk if union.middle_id == union.pk or self.random.random() < 0.1 else union.middle_id
        audit = FundAudit(
            union=union, auditor_id=auditor, year=year, kind=kind, state=state, since_on=date(year - 1, 1, 1), until_on=date(year - 1, 12, 31),
            due_on=date(year, 12, 31) if state == S.PLANNED else None,
        )  # fmt: skip
        if state != S.PLANNED:
            audit.lead, audit.notified_on, audit.entry_on = (
                f"{names.person(self.random, female=False)}（经审委员）",
                served,
                entry,
            )
        if state == S.NOTIFIED:
            audit.due_on = entry
        if state == S.COMMENTING:
            audit.due_on = self.today + timedelta(days=4)
        if state in (S.COMMENTING, S.REPORTING, *REPORTED):
            audit.opinion = OPINION
        if state in (S.REPORTING, *REPORTED):
            audit.comment, audit.commented_on = "无异议，将按要求整改。", commented
        if is_reported:
            self.numbers[auditor, year] = self.numbers.get((auditor, year), 0) + 1
            audit.number, audit.reported_on = f"经审〔{year}〕{self.numbers[auditor, year]}号", reported
        if state in (S.FOLLOWING, S.CLOSED):
            audit.visit = "整改措施已落实，制度执行到位。"
        if state == S.CLOSED:
            audit.closed_on = min(self.calendar.shift(reported, 40), self.today - timedelta(days=1))
        self.audits.append(audit)
        self._find(audit, is_reported, reported)
        steps = (
            ("plan", served - timedelta(days=20)), ("serve", audit.notified_on), ("enter", entry if entry < self.today else None),
            ("send_draft", drafted if audit.opinion else None), ("comment", audit.commented_on), ("issue", audit.reported_on),
            ("close", audit.closed_on),
        )  # fmt: skip
        self.acts += [(audit, name, day) for name, day in steps if day]

    def _find(self, audit: FundAudit, is_reported: bool, reported: date) -> None:
        if not (is_reported or audit.state in (S.COMMENTING, *DRAFTING)):
            return
        settled = {S.CLOSED: Step.ACCEPTED, S.FOLLOWING: Step.ACCEPTED}.get(audit.state)
        for number, words in enumerate(self.random.sample(FINDINGS, self.random.randint(1, 3)), 1):
            area, title, text, clause, demand, outcome = words
            state = settled or (Step.DONE if audit.state == S.RECTIFYING and number == 1 else Step.TO_RECTIFY)
            amount = Decimal(self.random.randint(8, 400) * 100)
            is_told = state in (Step.DONE, Step.ACCEPTED)
            due = reported + timedelta(days=60)
            self.findings.append(
                FundFinding(
                    audit=audit, number=number, area=area, title=title, text=text, amount=amount, clause=clause, demand=demand, due_on=due,
                    state=state, outcome=outcome if is_told else "", settled=amount if is_told else None,
                    rectified_on=min(reported + timedelta(days=20), self.today - timedelta(days=1)) if is_told else None,
                )
            )  # fmt: skip
            if state == Step.TO_RECTIFY and audit.state == S.RECTIFYING:
                audit.due_on = due

    def save(self) -> int:
        FundAudit.objects.bulk_create(self.audits, batch_size=bulk.CHUNK)
        for finding in self.findings:
            finding.audit_id = finding.audit.pk
        FundFinding.objects.bulk_create(self.findings, batch_size=bulk.CHUNK)
        bulk.write_events(self._events())
        return len(self.audits)

    def _events(self):
        for audit, name, day in self.acts:
            by = self.chairs.get(audit.union_id if name == "comment" else audit.auditor_id, self.officer)
            at = bulk.office_time(min(day, self.today - datetime.timedelta(days=1)), 10)
            data = {"year": audit.year, "kind": audit.kind} if name == "plan" else {"number": audit.number, "count": 1}
            yield (
                audit.union_id,
                f"fundaudit.{name}",
                FundAudit._meta.label,
                audit.pk,
                at,
                by,
                "",
                "",
                "",
                bulk.as_json(data),
            )
