"""How a proposal moves: 提交 → 审查 → 立案 | 转建议 | 不立案 | 并案 → 交办 → 承办 → 答复 → 反馈 → (重办) → 办结 → 公开 → 归档."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assemblies.enums import ProposalKind, ProposalState, Satisfaction
from assemblies.models import Proposal
from assemblies.proposals import (
    answer_due,
    latest_extension,
    may_answer,
    name_handlers,
    round_of,
    seconders_wanted,
    unanswered,
    write_answer,
)
from unions.calendar import WorkCalendar
from unions.models import Event, User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.settingbook import setting
from unions.templatetags.components import full_day
from unions.workflow import Invalid, Transition, Workflow, register

S = ProposalState


# --- guards --------------------------------------------------------------------------------------------------------


def enough_seconders(proposal: Proposal, by: User | None) -> str | None:
    """A proposal is only taken up as one with its seconders; without them it can be turned into a suggestion."""
    wanted = seconders_wanted(proposal.kind, proposal.submitted_on)
    have = proposal.seconders.count() if wanted else 0
    if have >= wanted:
        return None
    return _("It has %(have)d seconders of the %(wanted)d that a proposal needs: turn it into a suggestion.") % {
        "have": have, "wanted": wanted
    }  # fmt: skip


def is_a_proposal(proposal: Proposal, by: User | None) -> str | None:
    return None if proposal.kind == ProposalKind.PROPOSAL else _("This is a suggestion already.")


def can_be_extended(proposal: Proposal, by: User | None) -> str | None:
    if proposal.is_extended:
        return _("The answer has been extended already; that is possible once.")
    return _("The second handling is not extended.") if proposal.is_reworked else None


def can_be_answered(proposal: Proposal, by: User | None) -> str | None:
    """The lead answers last, when every joint handler has."""
    lead = proposal.handlers.filter(is_lead=True).first()
    if lead is None or not may_answer(lead, by):
        return _("Whoever leads answers: %(name)s.") % {"name": lead or ""}
    if missing := unanswered(proposal):
        return _("First enter the answers of: %(names)s.") % {"names": "、".join(map(str, missing))}
    return None


def is_unmarked(proposal: Proposal, by: User | None) -> str | None:
    """Silence closes no door: a proposal settled without a mark can still be marked."""
    if proposal.state == S.CLOSED and proposal.satisfaction:
        return _("The proposer has given their mark already.")
    return None


def can_be_reworked(proposal: Proposal, by: User | None) -> str | None:
    return is_unmarked(proposal, by) or (
        _("It has been handled a second time already.") if proposal.is_reworked else None
    )


def feedback_is_over(proposal: Proposal, by: User | None) -> str | None:
    """Without a mark it is settled only after the proposer has had the time for one."""
    if proposal.due_on and proposal.due_on >= timezone.localdate():
        return _("The proposer has until %(day)s to give a mark.") % {"day": full_day(proposal.due_on)}
    return None


def can_be_published(proposal: Proposal, by: User | None) -> str | None:
    if proposal.satisfaction == Satisfaction.DISSATISFIED and not proposal.is_reworked:
        return _("It must be handled a second time first.")
    return None


# --- effects -------------------------------------------------------------------------------------------------------


def _workdays(key: str, proposal: Proposal) -> date:
    return WorkCalendar().shift(timezone.localdate(), setting(key, proposal.submitted_on))


def accept(proposal: Proposal, *, event: Event, by: User, due: date | None) -> None:
    proposal.is_key = bool(event.data.get("is_key"))
    proposal.due_on = _workdays("proposal-handover-workdays", proposal)


def convert(proposal: Proposal, *, event: Event, by: User, due: date | None) -> None:
    proposal.kind = ProposalKind.SUGGESTION
    proposal.due_on = _workdays("proposal-handover-workdays", proposal)


def decline(proposal: Proposal, *, event: Event, by: User, due: date | None) -> None:
    proposal.due_on = None


def merge(proposal: Proposal, *, event: Event, by: User, due: date | None) -> None:
    """Its parts stay as they are; it is answered with the other one."""
    open_ones = Proposal.objects.filter(union=proposal.union_id, state__in=[S.SUBMITTED, S.ACCEPTED, S.ASSIGNED])
    into = open_ones.exclude(pk=proposal.pk).filter(pk=event.data.get("into") or 0).first()
    if into is None:
        raise Invalid(_("Something is still missing."), {"into": _("Choose an open proposal of this union.")})
    if proposal.merged.exists():
        raise Invalid(_("Others were merged into this one; merge the other way round."))
    proposal.into, proposal.due_on = into, None


def reopen(proposal: Proposal, *, event: Event, by: User, due: date | None) -> None:
    proposal.into = None
    proposal.due_on = _workdays("proposal-review-workdays", proposal)


def assign(proposal: Proposal, *, event: Event, by: User, due: date | None) -> None:
    """To the department or person that leads and those that take part, or up to the tier above."""
    superior = proposal.union.superior if event.data.get("is_passed_up") else None
    lead = superior.name if superior else str(event.data.get("lead") or "").strip()
    if not lead:
        raise Invalid(_("Something is still missing."), {"lead": _("Say who answers.")})
    today = timezone.localdate()
    if not proposal.is_reworked:
        latest = max(answer_due(proposal, today), proposal.answer_due_on or today)
        due = due or proposal.answer_due_on or latest
        if not today <= due <= latest:
            raise Invalid(
                _("Something is still missing."),
                {"due": _("Choose a day from today to %(latest)s.") % {"latest": full_day(latest)}},
            )
        proposal.due_on = proposal.answer_due_on = due
        event.data["due"] = due.isoformat()
    name_handlers(proposal, lead, event.data.get("joint", ()), superior)
    if superior:
        _tell(holders(Permission.PROPOSAL_HANDLE, superior), proposal, "passed_up")


def extend(proposal: Proposal, *, event: Event, by: User, due: date | None) -> None:
    latest = latest_extension(proposal)
    if not proposal.answer_due_on < due <= latest:
        raise Invalid(
            _("Something is still missing."),
            {"due": _("Choose a day after %(now)s, up to %(latest)s.") % {"now": full_day(proposal.answer_due_on), "latest": full_day(latest)}},
        )  # fmt: skip
    proposal.due_on = proposal.answer_due_on = due
    proposal.is_extended = True


def reply(proposal: Proposal, *, event: Event, by: User, due: date | None) -> None:
    lead = proposal.handlers.get(is_lead=True)
    write_answer(lead, round_of(proposal), {name: event.data.pop(name) for name in ("text", "grade", "signed")}, by=by)
    proposal.grade = lead.answers.get(round=round_of(proposal)).grade
    event.data.update(handler=lead.name, grade=proposal.grade)
    proposal.answered_on = proposal.answered_on or timezone.localdate()
    proposal.satisfaction = ""
    proposal.due_on = _workdays("proposal-feedback-workdays", proposal)
    if lead.superior_id:
        _tell(holders(Permission.PROPOSAL_HANDLE, proposal.union), proposal, "answered_above")


def take_mark(proposal: Proposal, *, event: Event, by: User | None, due: date | None) -> None:
    given = event.data.get("satisfaction")
    if given not in Satisfaction.values or (given == Satisfaction.DISSATISFIED and not proposal.is_reworked):
        raise Invalid(_("Something is still missing."), {"satisfaction": _("Choose how far the answer satisfies.")})
    proposal.satisfaction = given
    settle(proposal, event=event, by=by, due=due)
    _tell_of_mark(proposal, by)


def settle(proposal: Proposal, *, event: Event, by: User | None, due: date | None) -> None:
    proposal.closed_on, proposal.due_on = proposal.closed_on or timezone.localdate(), None


def rework(proposal: Proposal, *, event: Event, by: User | None, due: date | None) -> None:
    """Once, forced: the union cannot refuse it, nor count silence as consent."""
    days = setting("proposal-rework-days", proposal.submitted_on)
    proposal.satisfaction, proposal.is_reworked, proposal.closed_on = Satisfaction.DISSATISFIED, True, None
    proposal.due_on = WorkCalendar().on_or_after(timezone.localdate() + timedelta(days=days))
    event.data["due"] = proposal.due_on.isoformat()
    _tell_of_mark(proposal, by)


def publish(proposal: Proposal, *, event: Event, by: User, due: date | None) -> None:
    proposal.published_on = timezone.localdate()


def withdraw(proposal: Proposal, *, event: Event, by: User, due: date | None) -> None:
    proposal.published_on = None


def _tell_of_mark(proposal: Proposal, by: User | None) -> None:
    if by is None:
        _tell(holders(Permission.PROPOSAL_HANDLE, proposal.union), proposal, f"marked_{proposal.satisfaction}")


def _tell(people: list[User], proposal: Proposal, kind: str) -> None:
    """One notice for each occasion: the revision in its key makes every re-entry a new one."""
    notify(
        people, f"proposal.{kind}", union=proposal.union,
        params={"union": proposal.union.name, "title": proposal.title, "code": proposal.code},
        url=reverse("assemblies:proposal-detail", args=[proposal.pk]), key=f"proposal.{proposal.pk}.{kind}.{proposal.revision}",
    )  # fmt: skip


_OPEN = frozenset({S.SUBMITTED, S.ACCEPTED})
_REASON, _BOTH = frozenset({"reason"}), frozenset({"reason", "due"})
_HANDLE = Permission.PROPOSAL_HANDLE

PROPOSALS = register(Workflow(Proposal))
PROPOSALS.add(
    Transition("accept", gettext_lazy("Take up"), frozenset({S.SUBMITTED}), S.ACCEPTED, _HANDLE, guard=enough_seconders, effect=accept, is_primary=True),
    Transition("convert", gettext_lazy("Turn into a suggestion"), frozenset({S.SUBMITTED}), S.ACCEPTED, _HANDLE, _REASON, is_a_proposal, convert),
    Transition("merge", gettext_lazy("Merge into another"), _OPEN, S.MERGED, _HANDLE, effect=merge, meaning=gettext_lazy("It is answered together with the other; both proposers read that answer.")),
    Transition("decline", gettext_lazy("Do not take up"), _OPEN, S.DECLINED, _HANDLE, _REASON, effect=decline),
    Transition("reopen", gettext_lazy("Screen again"), frozenset({S.DECLINED, S.MERGED}), S.SUBMITTED, _HANDLE, _REASON, effect=reopen),
    Transition("assign", gettext_lazy("Hand over"), frozenset({S.ACCEPTED, S.ASSIGNED}), S.ASSIGNED, _HANDLE, effect=assign, is_primary=True),
    Transition("extend", gettext_lazy("Extend once"), frozenset({S.ASSIGNED}), S.ASSIGNED, _HANDLE, _BOTH, can_be_extended, extend),
    # Whoever leads may be the tier above: the guard says who.
    Transition("answer", pgettext_lazy("to a proposal", "Answer"), frozenset({S.ASSIGNED}), S.ANSWERED, Permission.PROPOSAL_VIEW, guard=can_be_answered, effect=reply, is_primary=True),
    Transition("mark", gettext_lazy("Enter the proposer's mark"), frozenset({S.ANSWERED, S.CLOSED}), S.CLOSED, _HANDLE, guard=is_unmarked, effect=take_mark, is_primary=True),
    Transition("rework", gettext_lazy("Handle a second time"), frozenset({S.ANSWERED, S.CLOSED}), S.ASSIGNED, _HANDLE, guard=can_be_reworked, effect=rework),
    Transition("close", gettext_lazy("Settle without a mark"), frozenset({S.ANSWERED}), S.CLOSED, _HANDLE, guard=feedback_is_over, effect=settle),
    Transition("publish", gettext_lazy("Publish"), frozenset({S.CLOSED}), S.PUBLISHED, _HANDLE, guard=can_be_published, effect=publish, is_primary=True),
    Transition("withdraw", gettext_lazy("Take back the publication"), frozenset({S.PUBLISHED}), S.CLOSED, _HANDLE, _REASON, effect=withdraw),
    Transition("archive", gettext_lazy("Archive"), frozenset({S.CLOSED, S.PUBLISHED, S.DECLINED}), S.ARCHIVED, _HANDLE),
)  # fmt: skip
