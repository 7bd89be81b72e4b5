"""The clock's part: whoever's turn it is, the audited union or its auditor, hears before a step is due and once more when
it is past; then the tier above."""

from datetime import date

from django.urls import reverse

from disclosure.fund_audits import AUDIT, WRITE, named
from disclosure.models import FundAudit
from disclosure.step_clock import Steps
from unions.calendar import WorkCalendar


def _address(audit: FundAudit) -> str:
    return reverse("disclosure:fund-audit", args=[audit.pk])


AT_UNIONS = Steps(
    kind="fund-audit",
    waiting=lambda: FundAudit.objects.at_unions().select_related("union__middle", "union__parent"),
    union=lambda audit: audit.union,
    permission=WRITE,
    params=named,
    address=_address,
    setting="fund-audit-remind-workdays",
)
AT_AUDITORS = Steps(
    kind="fund-audit",
    waiting=lambda: FundAudit.objects.at_auditors().select_related("union", "auditor__middle", "auditor__parent"),
    union=lambda audit: audit.auditor,
    permission=AUDIT,
    params=named,
    address=_address,
    setting="fund-audit-remind-workdays",
)


def remind(today: date, calendar: WorkCalendar) -> int:
    return AT_UNIONS.remind(today, calendar) + AT_AUDITORS.remind(today, calendar)
