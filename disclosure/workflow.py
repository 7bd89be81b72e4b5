"""How a return moves: from draft to accepted, back for correction, open again. A table and what each row brings."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure import checkcode, summary
from disclosure.definition import definition_of
from disclosure.enums import ReturnState, Severity
from disclosure.models import Remark, Return, ReturnRound
from disclosure.prefill import carry
from disclosure.services import assessment_of, default_correction_day
from disclosure.totals import refresh
from unions.duties import record_acceptance, record_return, record_submission, record_withdrawal
from unions.enums import DutyState
from unions.kit.text import sentence
from unions.models import Event, User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.workflow import Invalid, Transition, Workflow, register


def ready_to_submit(filing: Return, by: User) -> str | None:
    """No error, every question answered, every figure looked at; a summary wants each missing union's reason."""
    if filing.duty.state == DutyState.WAIVED:
        return _("Your union is exempt this time.")
    if filing.duty.opens_on > timezone.localdate():
        return _("This period is not open yet.")
    if summary.is_summary(filing):
        summary.show_live(filing)
        if why := summary.refusal(filing):
            return why
    return shortcoming(filing)


def shortcoming(filing: Return) -> str | None:
    """What still stands in the way of submission, in one sentence."""
    found = assessment_of(filing)
    if found.is_ready:
        return None
    counts = [
        (_("correct %(count)d errors"), len(found.errors)),
        (_("explain %(count)d changes"), len(found.unexplained)),
        (_("check %(count)d figures"), len(found.unchecked)),
    ]
    return _("Before you submit: %(what)s.") % {
        "what": _(", ").join(text % {"count": count} for text, count in counts if count)
    }


def not_ones_own(filing: Return, by: User) -> str | None:
    """Nobody decides on what they signed."""
    if filing.submitted_by_id == by.pk:
        return _("You signed this return yourself; somebody else has to decide on it.")
    return None


def from_above(filing: Return, by: User) -> str | None:
    """Reopening is the tier above's; a union does not unlock its own accepted figures."""
    if by.holds_at(Permission.RETURN_REOPEN, filing.union_id):
        return _("Ask the tier above to reopen your own return.")
    return None


def submit(filing: Return, *, event: Event, by: User, due: date | None) -> None:
    if summary.is_summary(filing):
        summary.freeze(filing)
    else:
        carry(filing)
    found = assessment_of(filing, is_open=False)
    raised = {finding.code for finding in found.of(Severity.EXPLAIN)}
    filing.explanations = {code: text for code, text in filing.explanations.items() if code in raised and text}
    filing.concerns = len(raised) + len(found.notes)
    filing.rounds += 1
    filing.submitted_at, filing.submitted_by = timezone.now(), by
    filing.decided_at = filing.decided_by = None
    filing.check_code = checkcode.make(filing.pk, filing.rounds)
    ReturnRound.objects.create(
        filing=filing, number=filing.rounds, figures=filing.figures, explanations=filing.explanations,
        narrative=filing.narrative, submitted_at=filing.submitted_at, submitted_by=by,
    )  # fmt: skip
    event.data["round"] = filing.rounds
    filing.duty = record_submission(filing.duty, at=filing.submitted_at)
    people = [person for person in holders(Permission.RETURN_REVIEW, filing.union.superior) if person != by]
    # Two hundred returns would be two hundred letters: the queue and the inbox tell of them, the digest mails.
    _tell(filing, people, "submitted", by, mail=summary.is_summary(filing), url=review_url(filing))


def withdraw(filing: Return, *, event: Event, by: User, due: date | None) -> None:
    event.data["round"] = filing.rounds
    filing.duty = record_withdrawal(filing.duty)


def accept(filing: Return, *, event: Event, by: User, due: date | None) -> None:
    filing.decided_at, filing.decided_by = timezone.now(), by
    event.data["round"] = filing.rounds
    filing.duty = record_acceptance(filing.duty, at=filing.decided_at)
    _tell(filing, holders(Permission.RETURN_FILL, filing.union), "accepted", by)


def send_back(filing: Return, *, event: Event, by: User, due: date | None) -> None:
    due = due or default_correction_day(filing)
    if due < timezone.localdate():
        raise Invalid(_("Something is still missing."), {"due": _("Choose today or a later day.")})
    filing.decided_at, filing.decided_by = timezone.now(), by
    known = definition_of(filing.version).indicators
    Remark.objects.bulk_create(
        Remark(filing=filing, code=code if code in known else "", text=sentence(text, 300), round=filing.rounds, by=by)
        for code, text in event.data.pop("remarks", {}).items()
        if text.strip()
    )
    event.data.update(round=filing.rounds, due=due.isoformat())
    filing.duty = record_return(filing.duty, last_day=due)
    kind = "reopened" if event.action.endswith("reopen") else "returned"
    _tell(filing, holders(Permission.RETURN_FILL, filing.union), kind, by, reason=event.reason, due=due.isoformat())


def _tell(
    filing: Return, people: list[User], kind: str, by: User, *, mail: bool = True, url: str = "", **params
) -> None:
    """One notice for each occasion: the revision in its key makes every re-entry a new one."""
    notify(
        people, f"return.{kind}", union=filing.union,
        params={"union": filing.union.name, "period": filing.period, "round": filing.rounds, "by": by.name, **params},
        url=url or fill_url(filing), key=f"return.{filing.pk}.{kind}.{filing.revision}", mail=mail,
    )  # fmt: skip


def fill_url(filing: Return) -> str:
    name = "disclosure:summary" if summary.is_summary(filing) else "disclosure:return-fill"
    return reverse(name, args=[filing.duty_id])


def review_url(filing: Return) -> str:
    return f"{reverse('disclosure:review', args=[filing.period])}?open={filing.pk}"


def add_up(filing: Return) -> None:
    """Totals follow an acceptance or its undoing, in the same transaction."""
    refresh(filing.version.form, filing.period, [filing.middle_id])


_DRAFT, _SUBMITTED, _RETURNED, _ACCEPTED = (
    ReturnState.DRAFT, ReturnState.SUBMITTED, ReturnState.RETURNED, ReturnState.ACCEPTED,
)  # fmt: skip

RETURNS = register(Workflow(Return))
RETURNS.add(
    Transition("submit", gettext_lazy("Submit"), frozenset({_DRAFT, _RETURNED}), _SUBMITTED, Permission.RETURN_SUBMIT, guard=ready_to_submit, effect=submit, is_primary=True),
    Transition("withdraw", gettext_lazy("Withdraw"), frozenset({_SUBMITTED}), _DRAFT, Permission.RETURN_SUBMIT, effect=withdraw),
    Transition("accept", gettext_lazy("Accept"), frozenset({_SUBMITTED}), _ACCEPTED, Permission.RETURN_REVIEW, guard=not_ones_own, effect=accept, after=add_up, is_primary=True),
    Transition("return", gettext_lazy("Return with remarks"), frozenset({_SUBMITTED}), _RETURNED, Permission.RETURN_REVIEW, demands=frozenset({"reason", "due"}), guard=not_ones_own, effect=send_back),
    Transition("reopen", gettext_lazy("Reopen"), frozenset({_ACCEPTED}), _RETURNED, Permission.RETURN_REOPEN, demands=frozenset({"reason"}), guard=from_above, effect=send_back, after=add_up),
)  # fmt: skip
