"""Fund audits at any stage of their way, moved there by whoever may."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from disclosure import fund_audits
from disclosure.models import FundAudit, FundFinding
from unions import uploads
from unions.calendar import WorkCalendar
from unions.models import Union, User
from unions.settingbook import setting
from unions.workflow import perform

OPINION = "收支基本合规，核算基本清楚，存在以下问题。"


def plan_values(**given) -> dict:
    year = timezone.localdate().year
    period = {"since_on": datetime.date(year - 1, 1, 1), "until_on": datetime.date(year - 1, 12, 31)}
    return {"kind": "accounts", "topic": "", "year": year, **period, **given}


def finding_values(**given) -> dict:
    due = timezone.localdate() + datetime.timedelta(days=30)
    return {
        "area": "spending", "title": "慰问品发放无签收", "text": "抽查凭证12号，发放清单缺少签收。", "amount": 3600,
        "clause": "《基层工会经费收支管理办法》第十条", "demand": "补齐签收，完善发放制度。", "due_on": due, **given,
    }  # fmt: skip


def planned(union: Union, by: User, **given) -> FundAudit:
    """A special audit of its own topic, unless told otherwise: other kinds come once a year."""
    if "kind" not in given:
        given = {"kind": "special", "topic": f"专项{FundAudit.objects.count() + 1}", **given}
    fund_audits.plan(Union.objects.filter(pk=union.pk), plan_values(**given), by=by)
    return FundAudit.objects.filter(union=union).latest("pk")


def served(union: Union, by: User, **given) -> FundAudit:
    audit = planned(union, by, **given)
    due = WorkCalendar().shift(timezone.localdate(), setting("fund-audit-notice-workdays"))
    return perform(audit, "serve", by=by, due=due, data={"lead": "周审计（经审办主任）", "team": "李会计"})


def at_work(union: Union, by: User, **given) -> FundAudit:
    """The day of entry has come."""
    audit = served(union, by, **given)
    FundAudit.objects.filter(pk=audit.pk).update(entry_on=timezone.localdate())
    return perform(fresh(audit), "enter", by=by)


def found(union: Union, by: User, **given) -> FundFinding:
    return fund_audits.add_finding(at_work(union, by, **given), finding_values(), by=by)


def drafted(union: Union, by: User, **given) -> FundAudit:
    finding = found(union, by, **given)
    return perform(finding.audit, "send_draft", by=by, data={"opinion": OPINION})


def commented(union: Union, by: User, **given) -> FundAudit:
    """The union kept silent until its last day was past."""
    audit = drafted(union, by, **given)
    FundAudit.objects.filter(pk=audit.pk).update(due_on=timezone.localdate() - datetime.timedelta(days=1))
    return perform(fresh(audit), "go_on", by=by)


def reported(union: Union, by: User, number: str = "", **given) -> FundFinding:
    audit = commented(union, by, **given)
    perform(audit, "issue", by=by, data={"opinion": OPINION, "number": number or f"朝工经审〔2026〕{audit.pk}号"})
    return fresh_finding(audit.findings.get())


def evidenced(finding: FundFinding, by: User) -> FundFinding:
    given = SimpleUploadedFile("补签清单.pdf", b"%PDF-1.4\n%%EOF\n")
    uploads.receive(given, purpose=fund_audits.EVIDENCE, union=finding.audit.union, by=by, object_id=finding.pk)
    return finding


def rectified(finding: FundFinding, by: User) -> FundFinding:
    perform(evidenced(finding, by), "rectify", by=by, data={"outcome": "已补齐签收。", "settled": 3600})
    return fresh_finding(finding)


def fresh(audit: FundAudit) -> FundAudit:
    return FundAudit.objects.select_related("union", "auditor").get(pk=audit.pk)


def fresh_finding(finding: FundFinding) -> FundFinding:
    return FundFinding.objects.select_related("audit__union", "audit__auditor").get(pk=finding.pk)
