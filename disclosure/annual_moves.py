"""How an annual report moves: written, filed with the tier above, accepted or returned, opened again."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.annual import REVIEW, SIGN, WRITE, promise, shortcoming
from disclosure.enums import AnnualState
from disclosure.models import AnnualReport
from unions.calendar import WorkCalendar
from unions.duties import record_acceptance, record_return, record_submission, record_withdrawal
from unions.enums import DutyState
from unions.models import Event, User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.services import record
from unions.workflow import Invalid, Transition, Workflow, register


def sent_back(steps: list[tuple[str, Event]]) -> Event | None:
    """Of the steps of a report, newest first, the one that sent it back last."""
    return next((act for _words, act in steps if act.action.endswith((".return", ".reopen"))), None)


def correction_day(report: AnnualReport) -> date:
    """The day proposed for a correction: so many working days from today, as the duty rule says."""
    return WorkCalendar().shift(timezone.localdate(), report.duty.rule.correction_days)


# --- guards --------------------------------------------------------------------------------------------------------


def is_ready(report: AnnualReport, by: User) -> str | None:
    if report.duty.state == DutyState.WAIVED:
        return _("Your union is exempt this time.")
    return shortcoming(report)


def goes_up(report: AnnualReport, by: User) -> str | None:
    """The district has no tier above in this portal: it puts its own report on file."""
    if report.union.superior is None:
        return _("No tier above reviews this report here; put it on file.")
    return is_ready(report, by)


def stays(report: AnnualReport, by: User) -> str | None:
    if report.union.superior is not None:
        return _("The tier above decides on this report.")
    return is_ready(report, by)


def not_ones_own(report: AnnualReport, by: User) -> str | None:
    """Nobody decides on what they signed."""
    return (
        _("You signed this report yourself; somebody else has to decide on it.") if report.submitted_by == by else None
    )


def from_above(report: AnnualReport, by: User) -> str | None:
    """Reopening is the tier above's; the district, which has none, reopens its own."""
    if report.union.superior is not None and by.holds_at(Permission.RETURN_REOPEN, report.union_id):
        return _("Ask the tier above to reopen your own report.")
    return None


# --- effects -------------------------------------------------------------------------------------------------------


def submit(report: AnnualReport, *, event: Event, by: User, due: date | None) -> None:
    report.rounds += 1
    report.submitted_at, report.submitted_by = timezone.now(), by
    report.decided_at = report.decided_by = None
    promise(report)
    event.data["round"] = report.rounds
    report.duty = record_submission(report.duty, at=report.submitted_at)
    if report.union.superior:
        people = [person for person in holders(REVIEW, report.union.superior) if person != by]
        _tell(report, people, "submitted", by, mail=False)


def conclude(report: AnnualReport, *, event: Event, by: User, due: date | None) -> None:
    submit(report, event=event, by=by, due=due)
    accept(report, event=event, by=by, due=due)


def withdraw(report: AnnualReport, *, event: Event, by: User, due: date | None) -> None:
    report.duty = record_withdrawal(report.duty)


def accept(report: AnnualReport, *, event: Event, by: User, due: date | None) -> None:
    report.decided_at, report.decided_by = timezone.now(), by
    report.duty = record_acceptance(report.duty, at=report.decided_at)
    _tell(report, holders(WRITE, report.union), "accepted", by)


def send_back(report: AnnualReport, *, event: Event, by: User, due: date | None) -> None:
    """With a reason, a day, and remarks on single parts (the number of a part → words), which stay with the act."""
    due = due or correction_day(report)
    if due < timezone.localdate():
        raise Invalid(_("Something is still missing."), {"due": _("Choose today or a later day.")})
    remarks = {number: text.strip() for number, text in event.data.pop("remarks", {}).items() if text.strip()}
    if unknown := set(remarks) - {str(part.number) for part in report.sheet.parts.all()}:
        raise Invalid(
            _("Something is still missing."),
            {"remarks": _("The report has no part %(number)s.") % {"number": min(unknown)}},
        )
    if remarks:
        event.data["remarks"] = remarks
    report.decided_at, report.decided_by = timezone.now(), by
    event.data["due"] = due.isoformat()
    report.duty = record_return(report.duty, last_day=due)
    _tell(report, holders(WRITE, report.union), "returned", by, reason=event.reason, due=due.isoformat())


def _tell(report: AnnualReport, people: list[User], kind: str, by: User, *, mail: bool = True, **params) -> None:
    notify(
        [person for person in people if person != by], f"annual.{kind}", union=report.union,
        params={"union": report.union.name, "year": report.year, "by": by.name, **params},
        url=reverse("disclosure:annual", args=[report.pk]), key=f"annual.{report.pk}.{kind}.{report.revision}", mail=mail,
    )  # fmt: skip


def ask(report: AnnualReport, *, by: User) -> None:
    """Whoever writes without the right to sign asks the chair; the same draft is not announced twice."""
    record(report.union, "annualreport.ask", report, by=by)
    _tell(report, holders(SIGN, report.union), "asked", by)


S, _ONE = AnnualState, frozenset
_OPEN, _BOTH = frozenset({S.DRAFT, S.RETURNED}), frozenset({"reason", "due"})
_TOLD = gettext_lazy("The union is told what to correct and by when.")

ANNUAL = register(Workflow(AnnualReport))
ANNUAL.add(
    Transition("submit", gettext_lazy("File the report"), _OPEN, S.SUBMITTED, SIGN, guard=goes_up, effect=submit, is_primary=True),
    Transition("conclude", gettext_lazy("Put on file"), _OPEN, S.ACCEPTED, SIGN, guard=stays, effect=conclude, is_primary=True),
    Transition("withdraw", gettext_lazy("Withdraw"), _ONE({S.SUBMITTED}), S.DRAFT, SIGN, effect=withdraw,
               meaning=gettext_lazy("You can change it and file it again.")),
    Transition("accept", gettext_lazy("Accept"), _ONE({S.SUBMITTED}), S.ACCEPTED, REVIEW, guard=not_ones_own, effect=accept, is_primary=True,
               meaning=gettext_lazy("The report stays as it is; the union's duty is fulfilled.")),
    Transition("return", gettext_lazy("Return with remarks"), _ONE({S.SUBMITTED}), S.RETURNED, REVIEW, _BOTH, not_ones_own, send_back, meaning=_TOLD),
    Transition("reopen", gettext_lazy("Reopen"), _ONE({S.ACCEPTED}), S.RETURNED, Permission.RETURN_REOPEN, _BOTH, from_above, send_back, meaning=_TOLD),
)  # fmt: skip
