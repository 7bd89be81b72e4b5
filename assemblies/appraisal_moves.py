"""How an appraisal moves from its result to its end, and how each improvement does.

Published to the members, reported to the tier above, approved or returned there, closed when nothing is missing
(notice 2015-24; domain 6.6). The duty of the year is fulfilled by the approval, by the day the appraisal was held:
improvements may reach into the next year and are followed by days of their own.
"""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.appraisals import has_evidence, missing
from assemblies.duties import record_appraisal
from assemblies.enums import AppraisalState, ImprovementState
from assemblies.models import Appraisal, Improvement
from unions.enums import Tier
from unions.kit.text import sentence
from unions.models import Event, User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.workflow import Invalid, Transition, Workflow, register

S, P = AppraisalState, Permission
LONG = 2000


def _given(event: Event, key: str, most: int, missing_text: str) -> str:
    """A text that a move demands, out of what was sent with it."""
    text = sentence(str(event.data.pop(key, "")), most)
    if not text:
        raise Invalid(_("Something is still missing."), {key: missing_text})
    return text


def _tell(appraisal: Appraisal, people: list[User], kind: str, by: User, **params) -> None:
    notify(
        [person for person in people if person != by], f"appraisal.{kind}", union=appraisal.union,
        params={"union": appraisal.union.name, "title": str(appraisal), "by": by.name, **params},
        url=reverse("assemblies:appraisal", args=[appraisal.pk]),
        key=f"appraisal.{appraisal.pk}.{kind}.{appraisal.revision}",
    )  # fmt: skip


def _own(appraisal: Appraisal) -> list[User]:
    return holders(P.ASSEMBLY_EDIT, appraisal.union)


# --- the appraisal -------------------------------------------------------------------------------------------------


def has_tier_above(appraisal: Appraisal) -> bool:
    return appraisal.union.tier is not Tier.DISTRICT


def _to_report(appraisal: Appraisal, by: User) -> str | None:
    if not has_tier_above(appraisal):
        return _("The district has no tier above in the portal: record its answer.")
    return None


def _to_record(appraisal: Appraisal, by: User) -> str | None:
    return _("Report the appraisal to the tier above.") if has_tier_above(appraisal) else None


def _to_close(appraisal: Appraisal, by: User) -> str | None:
    return next(iter(missing(appraisal)), None)


def publish(appraisal: Appraisal, *, event: Event, by: User, due) -> None:
    appraisal.published_where = _given(event, "where", 120, _("Say where members can read it."))
    appraisal.published_at = timezone.now()
    event.data["where"] = appraisal.published_where


def report(appraisal: Appraisal, *, event: Event, by: User, due) -> None:
    appraisal.reported_at = timezone.now()
    above = appraisal.union.superior
    _tell(appraisal, holders(P.ASSEMBLY_APPROVE, above) if above else [], "reported", by)


def approve(appraisal: Appraisal, *, event: Event, by: User, due) -> None:
    """With an opinion; where a threshold was passed also with what came of the talk that the rule demands."""
    appraisal.opinion = _given(event, "opinion", LONG, _("Write the opinion that the union receives."))
    if appraisal.consequence:
        appraisal.talk = _given(
            event, "talk", LONG, _("Write when and with whom the talk was held and what came of it.")
        )
    appraisal.approved_on = timezone.localdate()
    _tell(appraisal, _own(appraisal), "approved", by)


def record_answer(appraisal: Appraisal, *, event: Event, by: User, due) -> None:
    approve(appraisal, event=event, by=by, due=due)
    appraisal.reported_at = timezone.now()


def send_back(appraisal: Appraisal, *, event: Event, by: User, due) -> None:
    _tell(appraisal, _own(appraisal), "returned", by, reason=event.reason)


def fulfil_duty(appraisal: Appraisal) -> None:
    record_appraisal(appraisal.union, appraisal.held_on)


def close(appraisal: Appraisal, *, event: Event, by: User, due) -> None:
    appraisal.closed_on = timezone.localdate()


def reopen(appraisal: Appraisal, *, event: Event, by: User, due) -> None:
    """The tier above found that something is not put right after all."""
    appraisal.closed_on = None
    _tell(appraisal, _own(appraisal), "reopened", by, reason=event.reason)


_REASON = frozenset({"reason"})
APPRAISALS = register(Workflow(Appraisal))
APPRAISALS.add(
    Transition("publish", gettext_lazy("Publish to the members"), frozenset({S.RATED}), S.PUBLISHED, P.ASSEMBLY_SUBMIT, effect=publish, is_primary=True, meaning=gettext_lazy("Members read the result by a link and a code to print; words of advice are not published.")),
    Transition("report", gettext_lazy("Report to the tier above"), frozenset({S.PUBLISHED}), S.REPORTED, P.ASSEMBLY_SUBMIT, guard=_to_report, effect=report, is_primary=True, meaning=gettext_lazy("The tier above sees result, advice and improvements, and answers.")),
    Transition("withdraw", gettext_lazy("Withdraw"), frozenset({S.REPORTED}), S.PUBLISHED, P.ASSEMBLY_SUBMIT),
    Transition("record_answer", gettext_lazy("Record the answer from above"), frozenset({S.PUBLISHED}), S.APPROVED, P.ASSEMBLY_SUBMIT, guard=_to_record, effect=record_answer, after=fulfil_duty, is_primary=True),
    Transition("approve", gettext_lazy("Approve"), frozenset({S.REPORTED}), S.APPROVED, P.ASSEMBLY_APPROVE, effect=approve, after=fulfil_duty, is_primary=True, meaning=gettext_lazy("The duty of the year is fulfilled with it; what is left are the improvements.")),
    Transition("send_back", gettext_lazy("Return the report"), frozenset({S.REPORTED}), S.PUBLISHED, P.ASSEMBLY_APPROVE, demands=_REASON, effect=send_back),
    Transition("close", gettext_lazy("Close the appraisal"), frozenset({S.APPROVED}), S.CLOSED, P.ASSEMBLY_SUBMIT, guard=_to_close, effect=close, is_primary=True, meaning=gettext_lazy("Nothing is missing. From now on only the tier above can open it again.")),
    Transition("reopen", gettext_lazy("Open again"), frozenset({S.CLOSED}), S.APPROVED, P.ASSEMBLY_APPROVE, demands=_REASON, effect=reopen),
)  # fmt: skip


# --- its improvements ----------------------------------------------------------------------------------------------


def _is_open(improvement: Improvement, by: User) -> str | None:
    """A closed appraisal keeps its improvements as they are."""
    if improvement.appraisal.state == S.CLOSED:
        return _("The appraisal is closed; the tier above opens it again.")
    return None


def _to_finish(improvement: Improvement, by: User) -> str | None:
    if not improvement.measure.strip():
        return _("Write first by which measure it is put right.")
    if not has_evidence(improvement):
        return _("Bring evidence first: a photograph, a notice, minutes.")
    return _is_open(improvement, by)


def finish(improvement: Improvement, *, event: Event, by: User, due) -> None:
    improvement.outcome = _given(event, "outcome", 4000, _("Write what came of it."))
    improvement.done_on = timezone.localdate()


def _later(improvement: Improvement, due: date, first: date) -> None:
    if due < first:
        raise Invalid(_("Something is still missing."), {"due": _("Choose a later day than the present one.")})
    improvement.due_on, improvement.told = due, ""


def postpone(improvement: Improvement, *, event: Event, by: User, due: date) -> None:
    event.data["from"] = improvement.due_on.isoformat()
    _later(improvement, due, max(improvement.due_on, timezone.localdate()))


def take_up(improvement: Improvement, *, event: Event, by: User, due: date) -> None:
    _later(improvement, due, timezone.localdate())
    improvement.done_on = None


def demand_again(improvement: Improvement, *, event: Event, by: User, due: date) -> None:
    take_up(improvement, event=event, by=by, due=due)
    _tell(improvement.appraisal, _own(improvement.appraisal), "demanded", by, reason=event.reason)


_OPEN, _DONE = ImprovementState.OPEN, ImprovementState.DONE
_DATED = frozenset({"reason", "due"})
IMPROVEMENTS = register(Workflow(Improvement))
IMPROVEMENTS.add(
    Transition("note", gettext_lazy("Note progress"), frozenset({_OPEN}), _OPEN, P.ASSEMBLY_EDIT, demands=_REASON, guard=_is_open),
    Transition("finish", gettext_lazy("Report as done"), frozenset({_OPEN}), _DONE, P.ASSEMBLY_EDIT, guard=_to_finish, effect=finish, is_primary=True, meaning=gettext_lazy("The tier above can look at the evidence and demand more.")),
    Transition("postpone", gettext_lazy("Set a later day"), frozenset({_OPEN}), _OPEN, P.ASSEMBLY_EDIT, demands=_DATED, guard=_is_open, effect=postpone),
    Transition("take_up", gettext_lazy("Take up again"), frozenset({_DONE}), _OPEN, P.ASSEMBLY_EDIT, demands=_DATED, guard=_is_open, effect=take_up),
    Transition("demand_again", gettext_lazy("Demand more"), frozenset({_DONE}), _OPEN, P.ASSEMBLY_APPROVE, demands=_DATED, guard=_is_open, effect=demand_again),
)  # fmt: skip
