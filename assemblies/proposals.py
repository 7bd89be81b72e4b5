"""Handing in proposals, answering them, hearing whoever made them: the writes that are more than one move.

The steps and their time limits are the district's (settings), as neither the law nor the notice gives any. What is law
is that members propose and are answered (Trade Union Law, articles 6 and 9; the notice, systems of proposals).
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.enums import ProposalKind, ProposalState, Satisfaction
from assemblies.models import Answer, Collection, Delegate, Handler, Proposal, Proposer, Seconder, Theme
from unions.calendar import WorkCalendar
from unions.models import Event, Union, User
from unions.permissions import Permission
from unions.reveals import reveal
from unions.services import record
from unions.settingbook import setting
from unions.workflow import Invalid, MoveError, NotAllowed, perform


@dataclass(frozen=True)
class Paper:
    """What somebody hands in."""

    kind: str
    title: str
    theme: Theme
    facts: str
    request: str
    proposer: str
    phone: str = ""
    is_confidential: bool = False
    seconders: Sequence[str] = field(default_factory=tuple)


def seconders_wanted(kind: str, day: date) -> int:
    """A proposal of delegates needs seconders, a suggestion or opinion none."""
    return setting("proposal-seconders", day) if kind == ProposalKind.PROPOSAL else 0


@transaction.atomic
def submit(
    union: Union, paper: Paper, *, by: User | None, collection: Collection | None = None, day: date | None = None,
    key: uuid.UUID | None = None,
) -> Proposal:  # fmt: skip
    """Take a proposal in and number it: the next number of the union's year. The same form sent twice is one proposal."""
    day = day or timezone.localdate()
    seconders = [name for name in dict.fromkeys(paper.seconders) if name != paper.proposer]
    wanted = seconders_wanted(paper.kind, day)
    if len(seconders) < wanted:
        short = _("A proposal needs %(wanted)d seconders; hand it in as a suggestion, or find more.")
        raise Invalid(_("Something is still missing."), {"seconders": short % {"wanted": wanted}})
    # Numbers are given one after the other: whoever asks at the same moment waits for this one.
    Union.objects.select_for_update(of=("self",), no_key=True).get(pk=union.pk)
    if key and (known := Proposal.objects.filter(form_key=key, union=union).first()):
        return known
    last = Proposal.objects.filter(union=union, year=day.year).aggregate(last=Max("number"))["last"] or 0
    proposal = Proposal.objects.create(
        union=union, kind=paper.kind, year=day.year, number=last + 1, title=paper.title, theme=paper.theme,
        facts=paper.facts, request=paper.request, is_confidential=paper.is_confidential, collection=collection,
        proposer="" if paper.is_confidential else paper.proposer, submitted_on=day, form_key=key,
        delegate=None if paper.is_confidential else delegate_named(union, paper.proposer, day),
        due_on=WorkCalendar().shift(day, setting("proposal-review-workdays", day)),
    )  # fmt: skip
    sealed = Proposer(proposal=proposal, phone=paper.phone, name=paper.proposer if paper.is_confidential else "")
    if sealed.phone or sealed.name:
        sealed.save()
    Seconder.objects.bulk_create(Seconder(proposal=proposal, name=name) for name in seconders)
    data = {"code": proposal.code, "by_link": by is None}
    record(union, "proposal.submit", proposal, by=by, data=data)
    return proposal


def delegate_named(union: Union, name: str, day: date) -> Delegate | None:
    """The union's delegate of this name, where there is exactly one."""
    found = list(Delegate.objects.in_office(day).filter(union=union, name=name)[:2])
    return found[0] if len(found) == 1 else None


def answer_due(proposal: Proposal, day: date) -> date:
    """The last day for the answer of what is handed over on a day; one that falls on a day off moves on."""
    days = setting("proposal-key-answer-days" if proposal.is_key else "proposal-answer-days", day)
    return WorkCalendar().on_or_after(day + timedelta(days=days))


def latest_extension(proposal: Proposal) -> date:
    """How far the answer can be extended, once."""
    return proposal.answer_due_on + timedelta(days=setting("proposal-extension-days", proposal.submitted_on))


def round_of(proposal: Proposal) -> int:
    """1, or 2 once a dissatisfied proposer has forced a second handling."""
    return 2 if proposal.is_reworked else 1


def may_answer(handler: Handler, by: User) -> bool:
    """The union for its own departments and people; what was passed up is answered by the tier above."""
    if handler.superior_id:
        return by.holds_at(Permission.PROPOSAL_HANDLE, handler.superior_id)
    return by.has_perm(Permission.PROPOSAL_HANDLE, handler.proposal)


@transaction.atomic
def answer(handler: Handler, *, text: str, grade: str, signed: str, by: User, revision: int | None = None) -> Proposal:
    """A handler's reply. Joint handlers answer for themselves; with the lead's answer the proposal goes on to whoever
    made it."""
    given = {"text": text, "grade": grade, "signed": signed}
    if handler.is_lead:
        return perform(handler.proposal, "answer", by=by, revision=revision, data=given)
    proposal = Proposal.objects.select_for_update(of=("self",), no_key=True).get(pk=handler.proposal_id)
    if not may_answer(handler, by):
        raise NotAllowed(_("You may not do this for this union."))
    if proposal.state != ProposalState.ASSIGNED:
        raise MoveError(_("This proposal is not being handled; reload the page."))
    write_answer(handler, round_of(proposal), given, by=by)
    record(proposal.union, "proposal.answer_joint", proposal, by=by, data={"handler": handler.name, "grade": grade})
    return proposal


def write_answer(handler: Handler, number: int, given: dict, *, by: User) -> Answer:
    """One answer a round; until the lead has answered it can be corrected."""
    made, _is_new = Answer.objects.update_or_create(
        handler=handler, round=number, defaults={**given, "answered_by": by}
    )
    return made


def unanswered(proposal: Proposal) -> list[Handler]:
    """The joint handlers whose answer is still missing; the second handling is the lead's alone."""
    if proposal.is_reworked:
        return []
    done = Answer.objects.filter(handler__proposal=proposal).values("handler")
    return list(proposal.handlers.filter(is_lead=False).exclude(pk__in=done))


def give_mark(
    proposal: Proposal, satisfaction: str, *, by: User | None, words: str = "", revision: int | None = None
) -> Proposal:
    """The proposer's mark, entered by the union or given by the proposer's own link (`by` nobody). The first time
    somebody is dissatisfied it is handled once more, whether the union likes it or not."""
    again = satisfaction == Satisfaction.DISSATISFIED and not proposal.is_reworked
    data = {"satisfaction": satisfaction, "by_link": by is None}
    return perform(proposal, "rework" if again else "mark", by=by, reason=words, data=data, revision=revision)


@transaction.atomic
def reveal_proposer(proposal: Proposal, item: str, *, by: User, reason: str) -> str:
    """Name or telephone number of a proposer in full: for whoever handles the union's proposals, with a reason, on record."""
    if not by.has_perm(Permission.PROPOSAL_HANDLE, proposal):
        raise NotAllowed(_("You may not do this for this union."))
    sealed = Proposer.objects.get(proposal=proposal)
    return reveal(sealed, Proposer._meta.get_field(item), union=proposal.union, by=by, reason=reason)


@transaction.atomic
def renew_link(obj: Proposal | Collection, *, by: User) -> None:
    """A new link in place of the former one, which leads nowhere from now on."""
    current = type(obj).objects.select_for_update(of=("self",), no_key=True).get(pk=obj.pk)
    current.link_number += 1
    current.save(update_fields=["link_number"])
    record(current.union, f"{obj._meta.model_name}.renew_link", current, by=by)


def submissions_from(union: Union, address: str, hours: int = 1) -> int:
    """How many proposals came by link from one network address to a union in the last hours."""
    since = timezone.now() - timedelta(hours=hours)
    events = Event.objects.filter(union=union, at__gte=since, action="proposal.submit", address=address, by=None)
    return events.count()


def name_handlers(proposal: Proposal, lead: str, joint: Iterable[str], superior: Union | None) -> None:
    """Who handles a proposal from now on. Whoever has answered already stays with what they answered."""
    names = [name for name in dict.fromkeys(joint) if name != lead]
    proposal.handlers.update(is_lead=False)
    gone = proposal.handlers.exclude(name__in=[lead, *names])
    gone.filter(answers=None).delete()
    for name in [lead, *names]:
        is_lead = name == lead
        above = superior if superior and name == superior.name else None
        Handler.objects.update_or_create(
            proposal=proposal, name=name, defaults={"is_lead": is_lead, "superior": above}
        )
