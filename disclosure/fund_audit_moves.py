"""How a fund audit and its findings move. The auditor's moves are guarded against whoever holds a post at the union."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from disclosure.enums import FundAuditState, FundFindingState
from disclosure.fund_audits import AUDIT, MISSING, SIGN, WRITE, files_of, locked, refresh_due, tell, why_not
from disclosure.models import FundAudit, FundFinding
from unions.calendar import WorkCalendar
from unions.kit.text import sentence
from unions.models import Event, User
from unions.notices import holders
from unions.settingbook import setting
from unions.templatetags.components import full_day
from unions.workflow import Invalid, Transition, Workflow, register

S, Step = FundAuditState, FundFindingState


def text_of(event: Event, name: str, most: int, problem: str = "") -> str:
    """A text given with a move: it stands on the record alone, the act keeps that there was one."""
    text = sentence(str(event.data.pop(name, "") or ""), most)
    if problem and not text:
        raise Invalid(MISSING, {name: problem})
    return text


# --- the audit: guards ---------------------------------------------------------------------------------------------


def has_come(audit: FundAudit, by: User) -> str | None:
    if problem := why_not(audit, by):
        return problem
    if audit.entry_on > timezone.localdate():
        return _("The day of entry is %(day)s.") % {"day": full_day(audit.entry_on)}
    return None


def is_silent(audit: FundAudit, by: User) -> str | None:
    if problem := why_not(audit, by):
        return problem
    if audit.due_on >= timezone.localdate():
        return _("The union has until %(day)s to comment.") % {"day": full_day(audit.due_on)}
    return None


def unsettled(audit: FundAudit) -> list[str]:
    """What keeps an audit from being closed."""
    words = {
        Step.TO_RECTIFY: _("Finding %(number)d is not rectified."),
        Step.REWORK: _("Finding %(number)d was sent back and is not rectified."),
        Step.DONE: _("Finding %(number)d is reported as rectified, and not accepted yet."),
    }
    return [words[one.state] % {"number": one.number} for one in audit.findings.unsettled()]


def is_settled(audit: FundAudit, by: User) -> str | None:
    return why_not(audit, by) or " ".join(unsettled(audit)) or None


# --- the audit: effects --------------------------------------------------------------------------------------------


def serve(audit: FundAudit, *, event: Event, by: User, due: date) -> None:
    """So many working days before the entry, by the district's setting."""
    today = timezone.localdate()
    first = WorkCalendar().shift(today, setting("fund-audit-notice-workdays"))
    if due < first:
        words = _("The union is told at least %(count)d working days before: on %(day)s at the earliest.")
        raise Invalid(
            MISSING, {"due": words % {"count": setting("fund-audit-notice-workdays"), "day": full_day(first)}}
        )
    audit.lead = text_of(event, "lead", 60, _("Say who leads the audit."))
    audit.team = text_of(event, "team", 200)
    audit.notified_on, audit.entry_on, audit.due_on = today, due, due
    tell(audit, "served", holders(WRITE, audit.union))


def enter(audit: FundAudit, *, event: Event, by: User, due: date | None) -> None:
    audit.entry_on, audit.due_on = timezone.localdate(), None


def send_draft(audit: FundAudit, *, event: Event, by: User, due: date | None) -> None:
    audit.opinion = text_of(event, "opinion", 4000, _("Write the opinion."))
    audit.due_on = timezone.localdate() + timedelta(days=setting("fund-audit-comment-days"))
    event.data["count"] = audit.findings.count()
    tell(audit, "draft", holders(WRITE, audit.union))


def comment(audit: FundAudit, *, event: Event, by: User, due: date | None) -> None:
    audit.comment = text_of(event, "comment", 2000, _("Write the comment, or that there is none."))
    audit.commented_on, audit.due_on = timezone.localdate(), None
    tell(audit, "commented", holders(AUDIT, audit.auditor))


def go_on(audit: FundAudit, *, event: Event, by: User, due: date | None) -> None:
    audit.due_on = None


def issue(audit: FundAudit, *, event: Event, by: User, due: date | None) -> None:
    audit.opinion = text_of(event, "opinion", 4000, _("Write the opinion."))
    number = sentence(str(event.data.get("number") or ""), 40)
    if not number:
        raise Invalid(MISSING, {"number": _("Give the report its number.")})
    if FundAudit.objects.filter(auditor=audit.auditor_id, number=number).exists():
        raise Invalid(MISSING, {"number": _("Another report has this number.")})
    audit.number, audit.reported_on, event.data["number"] = number, timezone.localdate(), number
    tell(audit, "reported", holders(WRITE, audit.union))


def follow_up(audit: FundAudit, *, event: Event, by: User, due: date | None) -> None:
    audit.visit = text_of(event, "visit", 1000, _("Say what the follow-up found."))
    audit.due_on = None


def end(audit: FundAudit, *, event: Event, by: User, due: date | None) -> None:
    audit.closed_on, audit.due_on = timezone.localdate(), None
    if audit.notified_on:
        tell(audit, "ended", holders(WRITE, audit.union), mail=False)


_REASON = frozenset({"reason"})


def _one(*states: str) -> frozenset[str]:
    return frozenset(states)


AUDITS = register(Workflow(FundAudit))
AUDITS.add(
    Transition("serve", gettext_lazy("Serve the notice"), _one(S.PLANNED), S.NOTIFIED, AUDIT, frozenset({"due"}), why_not, serve, is_primary=True,
               meaning=gettext_lazy("The union is told who comes when and what is looked at, and gets ready.")),
    Transition("enter", gettext_lazy("Begin on the spot"), _one(S.NOTIFIED), S.AT_WORK, AUDIT, guard=has_come, effect=enter, is_primary=True,
               meaning=gettext_lazy("Findings are written down from now on; the union does not read them yet.")),
    Transition("send_draft", gettext_lazy("Send the draft for comment"), _one(S.AT_WORK), S.COMMENTING, AUDIT, guard=why_not, effect=send_draft, is_primary=True,
               meaning=gettext_lazy("The union reads opinion and findings and comments on them.")),
    Transition("comment", gettext_lazy("Comment on the draft"), _one(S.COMMENTING), S.REPORTING, SIGN, effect=comment, is_primary=True,
               meaning=gettext_lazy("In the union's name. The auditor considers it and issues the report.")),
    Transition("go_on", gettext_lazy("Go on without a comment"), _one(S.COMMENTING), S.REPORTING, AUDIT, guard=is_silent, effect=go_on, is_primary=True,
               meaning=gettext_lazy("The days for comments are past: silence counts as no objection.")),
    Transition("issue", gettext_lazy("Issue the report"), _one(S.REPORTING), S.RECTIFYING, AUDIT, guard=why_not, effect=issue, after=refresh_due, is_primary=True,
               meaning=gettext_lazy("The union counts as audited. It rectifies what was found; findings do not change any more.")),
    Transition("follow_up", gettext_lazy("Enter the follow-up"), _one(S.RECTIFYING), S.FOLLOWING, AUDIT, guard=is_settled, effect=follow_up, is_primary=True,
               meaning=gettext_lazy("Every finding is accepted as rectified, and was looked at once more.")),
    Transition("close", gettext_lazy("Close and file"), _one(S.FOLLOWING), S.CLOSED, AUDIT, guard=is_settled, effect=end, is_primary=True,
               meaning=gettext_lazy("The file is complete. Nothing of it changes any more.")),
    Transition("call_off", pgettext_lazy("fund audit", "Call off"), _one(S.PLANNED, S.NOTIFIED, S.AT_WORK), S.CANCELLED, AUDIT, _REASON, why_not, end,
               meaning=gettext_lazy("It stays on record with your reason.")),
)  # fmt: skip


# --- findings ------------------------------------------------------------------------------------------------------

_OPEN = (S.RECTIFYING, S.FOLLOWING)


def is_followed(finding: FundFinding, by: User) -> str | None:
    if finding.audit.state not in _OPEN:
        return _("Findings are rectified from the day of the report until the audit is closed.")
    return None


def has_evidence(finding: FundFinding, by: User) -> str | None:
    if problem := is_followed(finding, by):
        return problem
    if not any(file.is_ready for file in files_of(finding)):
        return _("Bring the evidence first: a photograph or a document.")
    return None


def is_judged_by(finding: FundFinding, by: User) -> str | None:
    return why_not(finding.audit, by) or is_followed(finding, by)


def rectify(finding: FundFinding, *, event: Event, by: User, due: date | None) -> None:
    finding.outcome = text_of(event, "outcome", 1000, _("Say what was done."))
    finding.settled, finding.rectified_on = event.data.pop("settled", None), timezone.localdate()
    if finding.amount and finding.settled is None:
        raise Invalid(MISSING, {"settled": _("Say how much of the amount was put right.")})
    event.data["number"] = finding.number
    tell(finding.audit, "rectified", holders(AUDIT, finding.audit.auditor), key=_key(finding), mail=False)


def accept(finding: FundFinding, *, event: Event, by: User, due: date | None) -> None:
    event.data["number"] = finding.number


def send_back(finding: FundFinding, *, event: Event, by: User, due: date) -> None:
    if due < timezone.localdate():
        raise Invalid(MISSING, {"due": _("Choose today or a later day.")})
    finding.due_on = due
    event.data["number"] = finding.number
    tell(finding.audit, "sent_back", holders(WRITE, finding.audit.union), key=_key(finding))


def _key(finding: FundFinding) -> str:
    return f"{finding.pk}.{finding.revision}"


def follow(finding: FundFinding) -> None:
    refresh_due(locked(finding.audit))


FINDINGS = register(Workflow(FundFinding))
FINDINGS.add(
    Transition("rectify", gettext_lazy("Report as rectified"), _one(Step.TO_RECTIFY, Step.REWORK), Step.DONE, WRITE, guard=has_evidence, effect=rectify, after=follow,
               is_primary=True, meaning=gettext_lazy("The auditor accepts it or sends it back.")),
    Transition("accept", gettext_lazy("Accept the rectification"), _one(Step.DONE), Step.ACCEPTED, AUDIT, guard=is_judged_by, effect=accept, after=follow, is_primary=True),
    Transition("send_back", gettext_lazy("Send back"), _one(Step.DONE, Step.ACCEPTED), Step.REWORK, AUDIT, frozenset({"reason", "due"}), is_judged_by, send_back, follow,
               meaning=gettext_lazy("The union reads your reason and rectifies it once more.")),
)  # fmt: skip
