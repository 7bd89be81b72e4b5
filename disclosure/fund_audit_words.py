"""The acts and notices about fund audits in words; the result as a thing to publish."""

from datetime import date
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.enums import FundFindingState
from disclosure.fund_audits import SEE
from disclosure.models import FundAudit
from disclosure.models.fund_audits import REPORTED, title_of
from unions.audit_words import presenters
from unions.models import Event, Union
from unions.notices import Wording, wordings
from unions.publishables import Draft, Publishable, publishables
from unions.templatetags.components import full_day, month_day, number

KEY = "fund-audit"
ACTS = {
    "fundaudit.plan": gettext_lazy("Put a fund audit into the plan of %(year)s"),
    "fundaudit.send_draft": gettext_lazy("Sent the draft for comment (findings: %(count)s)"),
    "fundaudit.issue": gettext_lazy("Issued report %(number)s"),
    "fundaudit.drop_finding": gettext_lazy("Dropped finding %(number)s"),
    "fundfinding.add": gettext_lazy("Wrote down finding %(number)s"),
    "fundfinding.edit": gettext_lazy("Changed finding %(number)s"),
    "fundfinding.rectify": gettext_lazy("Reported as rectified: finding %(number)s"),
    "fundfinding.accept": gettext_lazy("Accepted the rectification of finding %(number)s"),
    "fundfinding.send_back": gettext_lazy("Sent finding %(number)s back"),
}
NOTICES = (
    ("served", gettext_lazy("Notice of a fund audit at %(union)s"), "clipboard-list"),
    ("draft", gettext_lazy("The draft of a fund audit awaits your union's comment"), "message-square"),
    ("commented", gettext_lazy("%(union)s has commented on the draft of its fund audit"), "message-square-reply"),
    ("reported", gettext_lazy("The report of a fund audit is out: rectify what was found"), "file-text"),
    ("rectified", gettext_lazy("%(union)s reports a finding as rectified"), "inbox"),
    ("sent_back", gettext_lazy("A rectification was sent back"), "undo-2"),
    ("ended", gettext_lazy("A fund audit at %(union)s has ended"), "archive"),
)
REMINDERS = (
    ("due", gettext_lazy("A step of a fund audit is due soon")),
    ("late", gettext_lazy("A step of a fund audit is overdue")),
    ("late_below", gettext_lazy("A step of a fund audit at %(union)s is overdue")),
)


class _Known(dict):
    def __missing__(self, key: str) -> str:
        return ""


def _said(words: str, event: Event) -> str:
    return str(words) % _Known(event.data)


def _about(params: dict) -> dict:
    title = title_of(params["year"], params["kind"], params["topic"])
    return {**params, "title": title, "due": month_day(date.fromisoformat(params["due"])) if "due" in params else ""}


# --- publication ---------------------------------------------------------------------------------------------------


def publishable(union: Union) -> QuerySet:
    """With a report."""
    return FundAudit.objects.filter(union=union, state__in=REPORTED).order_by("-reported_on", "-pk")


def draft_of(audit: FundAudit) -> Draft:
    """The opinion, what was found and what became of it; nobody is named, who audited least of all."""
    facts = {"auditor": audit.auditor.name, "since": full_day(audit.since_on), "until": full_day(audit.until_on)}
    lines = [_("%(auditor)s audited the funds of the union from %(since)s to %(until)s.") % facts]
    lines.append(_("Report %(number)s of %(day)s.") % {"number": audit.number, "day": full_day(audit.reported_on)})
    lines += ["", audit.opinion]
    for one in audit.findings.all():
        lines += ["", f"{one.number}. {one.title}", one.text]
        if one.amount:
            lines.append(_("Amount: %(amount)s yuan.") % {"amount": number(one.amount)})
        if one.state in (FundFindingState.DONE, FundFindingState.ACCEPTED):
            given = {"day": full_day(one.rectified_on), "text": one.outcome}
            lines.append(_("Rectified on %(day)s: %(text)s") % given)
        else:
            lines.append(_("To be rectified by %(day)s.") % {"day": full_day(one.due_on)})
    if not audit.findings.exists():
        lines.append(_("Nothing was found that breaks a rule."))
    title = _("Result of the fund audit: %(title)s") % {"title": audit}
    return Draft(title[:120], "\n".join(lines), "audits", audit.reported_on)


def register() -> None:
    """Called once when the app is ready."""
    for action, words in ACTS.items():
        presenters.add(action, partial(_said, words))
    for kind, title, icon in NOTICES:
        wordings.add(f"fund-audit.{kind}", Wording.of(title, gettext_lazy("Fund audit: %(title)s"), icon, _about))
    for kind, title in REMINDERS:
        body = gettext_lazy("Fund audit: %(title)s, last day %(due)s.")
        wordings.add(f"fund-audit.{kind}", Wording.of(title, body, "calendar-clock", _about))
    publishables.add(KEY, Publishable(gettext_lazy("Results of fund audits"), SEE, publishable, draft_of))
