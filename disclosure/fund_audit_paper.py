"""Fund audits on paper: the notice, the report, and the sheet of what is to be rectified."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from disclosure.models import FundAudit
from disclosure.models.fund_audits import REPORTED
from unions.kit.documents import Paper
from unions.templatetags.components import full_day, number


def _facts(made: Paper, audit: FundAudit) -> None:
    period = f"{full_day(audit.since_on)} – {full_day(audit.until_on)}"
    rows = [(_("Audited union"), audit.union.name), (_("Kind of audit"), str(audit)), (_("Period looked at"), period)]
    if audit.lead:
        rows.append((_("Lead auditor (name, post)"), audit.lead))
    if audit.team:
        rows.append((_("Others of the team"), audit.team))
    made.facts(rows)


def _sum(value) -> str:
    return "" if value is None else number(value)


def notice(audit: FundAudit) -> Paper:
    """What the union is told before the entry."""
    made = Paper(_("Notice of a fund audit"), lead=audit.union.name)
    _facts(made, audit)
    made.facts([(_("Day of entry"), full_day(audit.entry_on))])
    made.text(
        _("Please have ready for the period: budget and accounts, books and vouchers, bank statements, the asset register, "
          "minutes that decide on money, and the union's rules on its funds. Please name somebody who is there for the team.")
    )  # fmt: skip
    made.foot = f"{audit.auditor.name}　{full_day(audit.notified_on)}"
    return made


def report(audit: FundAudit) -> Paper:
    """Opinion, findings, and the union's comment as it was given."""
    made = Paper(_("Report of a fund audit"), lead=audit.number)
    _facts(made, audit)
    made.heading(pgettext("fund audit", "Opinion"))
    made.text(audit.opinion)
    made.heading(pgettext("fund audit", "Findings"))
    rows = list(audit.findings.all())
    for one in rows:
        made.text(f"{one.number}. {one.title}")
        made.text(one.text)
        facts = [(_("Clause broken"), one.clause), (_("What is to be done"), one.demand)]
        if one.amount is not None:
            facts.insert(0, (_("Amount (yuan)"), _sum(one.amount)))
        made.facts([*facts, (_("To be rectified by"), full_day(one.due_on))])
    if not rows:
        made.text(_("Nothing was found that breaks a rule."))
    if audit.comment:
        made.heading(_("The union's comment"))
        made.text(audit.comment)
    made.signatures([_("Lead auditor (signature)"), _("Union (seal)")])
    made.foot = f"{audit.auditor.name}　{full_day(audit.reported_on)}"
    return made


def sheet(audit: FundAudit) -> Paper:
    """Finding by finding: what is to be done, what was done, how it stands."""
    made = Paper(_("Rectification sheet of a fund audit"), lead=audit.number)
    _facts(made, audit)
    head = [
        _("No."), pgettext("fund audit", "Findings"), _("Amount (yuan)"), _("What is to be done"), _("To be rectified by"),
        pgettext("fund audit", "What was done"), _("Amount put right (yuan)"), _("State"),
    ]  # fmt: skip
    rows = [
        [
            one.number, one.title, _sum(one.amount), one.demand, full_day(one.due_on), one.outcome, _sum(one.settled),
            one.get_state_display(),
        ]
        for one in audit.findings.all()
    ]  # fmt: skip
    made.table(head, rows, [1, 3, 2, 4, 2, 4, 2, 2])
    made.signatures([_("Union's chair (signature)"), _("Auditor (signature)")])
    made.foot = audit.union.name
    return made


PAPERS: dict[str, tuple[str, Callable[[FundAudit], Paper]]] = {
    "notice": (gettext_lazy("Notice of a fund audit"), notice),
    "report": (gettext_lazy("Report of a fund audit"), report),
    "sheet": (gettext_lazy("Rectification sheet of a fund audit"), sheet),
}


def papers_of(audit: FundAudit) -> list[tuple[str, str]]:
    """Which there are by now: name and title."""
    there = {
        "notice": audit.notified_on is not None,
        "report": audit.state in REPORTED,
        "sheet": audit.state in REPORTED,
    }
    return [(name, title) for name, (title, _write) in PAPERS.items() if there[name]]
