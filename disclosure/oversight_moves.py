"""How an oversight, its overseers and their findings move. Overseers act by a link: then `by` is nobody, the portal itself."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assemblies.enums import Satisfaction
from disclosure.enums import FindingState, OverseerState, OversightState, PromiseState, Verdict
from disclosure.models import Bulletin, Overseer, Oversight, OversightFinding, OversightReply
from disclosure.models.bulletins import OUT
from disclosure.oversight import (
    ANSWERABLE,
    EVIDENCE,
    MISSING,
    SEE,
    SIGN,
    WRITE,
    files_of,
    may_ask,
    refresh_due,
    tell,
    workdays,
)
from disclosure.oversight_draw import replace
from unions.kit.text import sentence
from unions.models import Event, User
from unions.notices import holders
from unions.settingbook import setting
from unions.templatetags.components import full_day
from unions.workflow import Invalid, Transition, Workflow, register

S, Step = OversightState, FindingState

# --- the matter: guards --------------------------------------------------------------------------------------------


def can_begin(oversight: Oversight, by: User) -> str | None:
    least, there = setting("oversight-least", oversight.opens_on), oversight.overseers.taking_part().count()
    if (last := oversight.draws.last()) and not last.drawn_at:
        return _("A list is frozen, and nobody is drawn yet.")
    if there < least:
        return _("%(there)d overseers take part; at least %(least)d are needed.") % {"there": there, "least": least}
    if oversight.findings_due_on < timezone.localdate():
        return _("The day by which findings are due is past: change the days first.")
    return None


def can_be_called_off(oversight: Oversight, by: User) -> str | None:
    """Whoever asked for it takes the request back; what the tier above asked for the union does not drop."""
    may = may_ask(by, oversight.union) if oversight.is_demanded else by.has_perm(WRITE, oversight)
    return None if may else _("Whoever asked for the oversight calls it off.")


def can_collect(oversight: Oversight, by: User) -> str | None:
    waiting = oversight.overseers.taking_part().filter(handed_in_at=None).count()
    if not oversight.overseers.taking_part().exclude(handed_in_at=None).exists():
        return _("Nobody has handed in yet.")
    if waiting and oversight.findings_due_on >= timezone.localdate():
        return _("%(count)d overseers have not handed in, and have until %(day)s.") % {
            "count": waiting, "day": full_day(oversight.findings_due_on)
        }  # fmt: skip
    return None


def can_reply(oversight: Oversight, by: User) -> str | None:
    if left := oversight.findings.unanswered().count():
        return _("%(count)d findings have no reply yet.") % {"count": left}
    return None


def missing(oversight: Oversight) -> list[str]:
    """What an oversight that is followed up still waits for before it can be closed."""
    found, today = [], timezone.localdate()
    for one in oversight.findings.all():
        given = {"number": one.number, "day": full_day(one.due_on) if one.due_on else ""}
        if one.state == Step.REWORK:
            found.append(_("Finding %(number)d is to be replied to once more by %(day)s.") % given)
        elif one.state == Step.ANSWERED and one.due_on >= today:
            found.append(_("The overseer has until %(day)s to rate the reply to finding %(number)d.") % given)
    for one in OversightReply.objects.promised().filter(finding__oversight=oversight).select_related("finding"):
        found.append(_("What was promised on finding %(number)d is not done.") % {"number": one.finding.number})
    if not Bulletin.objects.filter(OUT, union=oversight.union_id, source="oversight", source_id=oversight.pk).exists():
        found.append(_("The result is not published."))
    return found


def can_close(oversight: Oversight, by: User) -> str | None:
    return " ".join(missing(oversight)) or None


# --- the matter: effects -------------------------------------------------------------------------------------------


def begin(oversight: Oversight, *, event: Event, by: User, due: date | None) -> None:
    oversight.opens_on = min(oversight.opens_on, timezone.localdate())
    oversight.due_on = oversight.findings_due_on


def call_off(oversight: Oversight, *, event: Event, by: User, due: date | None) -> None:
    oversight.closed_on, oversight.due_on = timezone.localdate(), None
    if oversight.is_demanded:
        tell(oversight, "called_off", holders(WRITE, oversight.union), mail=False)


def extend(oversight: Oversight, *, event: Event, by: User, due: date) -> None:
    """More time for the overseers; the union keeps its own for the replies."""
    if due <= oversight.findings_due_on:
        raise Invalid(MISSING, {"due": _("Choose a later day than the present one.")})
    oversight.findings_due_on = oversight.due_on = due
    oversight.reply_due_on = max(oversight.reply_due_on, workdays("oversight-reply-workdays", oversight, due))


def collect(oversight: Oversight, *, event: Event, by: User, due: date | None) -> None:
    oversight.due_on = oversight.reply_due_on
    event.data["count"] = oversight.findings.count()


def reply(oversight: Oversight, *, event: Event, by: User, due: date | None) -> None:
    oversight.replied_on, oversight.due_on = timezone.localdate(), None
    oversight.findings.filter(state=Step.ANSWERED).update(due_on=workdays("oversight-rating-workdays", oversight))
    if above := oversight.union.superior:
        tell(oversight, "replied", holders(WRITE, above), mail=False)


def close(oversight: Oversight, *, event: Event, by: User, due: date | None) -> None:
    oversight.closed_on, oversight.due_on = timezone.localdate(), None


_REASON = frozenset({"reason"})

OVERSIGHT = register(Workflow(Oversight))
OVERSIGHT.add(
    Transition("take_up", gettext_lazy("Take it up"), frozenset({S.ASKED}), S.PREPARING, WRITE, is_primary=True,
               meaning=gettext_lazy("Your union chooses the overseers and prepares the oversight that the tier above asked for.")),
    Transition("begin", gettext_lazy("Begin the oversight"), frozenset({S.PREPARING}), S.OPEN, SIGN, guard=can_begin, effect=begin, is_primary=True,
               meaning=gettext_lazy("The overseers read the matter at their links and hand in their findings. Matter and list do not change any more.")),
    Transition("extend", gettext_lazy("Give the overseers more time"), frozenset({S.OPEN}), S.OPEN, WRITE, frozenset({"reason", "due"}), effect=extend),
    Transition("collect", gettext_lazy("Collect the findings"), frozenset({S.OPEN}), S.REPLYING, WRITE, guard=can_collect, effect=collect, is_primary=True,
               meaning=gettext_lazy("No further findings are taken. The union replies to each.")),
    Transition("reply", gettext_lazy("Send the replies"), frozenset({S.REPLYING}), S.FOLLOWING, SIGN, guard=can_reply, effect=reply, after=refresh_due, is_primary=True,
               meaning=gettext_lazy("Each overseer reads the replies at their link and says how far they satisfy; the result can be published.")),
    Transition("close", pgettext_lazy("oversight", "Close"), frozenset({S.FOLLOWING}), S.CLOSED, SIGN, guard=can_close, effect=close, is_primary=True),
    Transition("call_off", gettext_lazy("Call off"), frozenset({S.ASKED, S.PREPARING}), S.CANCELLED, SEE, _REASON, can_be_called_off, call_off,
               meaning=gettext_lazy("It stays on record with your reason.")),
)  # fmt: skip


# --- overseers -----------------------------------------------------------------------------------------------------


def is_answerable(overseer: Overseer, by: User | None) -> str | None:
    if overseer.oversight.state not in ANSWERABLE:
        return _("The findings of this oversight have been collected.")
    return None


def can_leave(overseer: Overseer, by: User | None) -> str | None:
    if overseer.findings.exists() or overseer.handed_in_at:
        return _("Whoever has handed in findings does not leave any more.")
    return is_answerable(overseer, by)


def accept(overseer: Overseer, *, event: Event, by: User | None, due: date | None) -> None:
    if event.data.get("is_free") is not True:
        words = _("Only whoever has no interest of their own in the matter oversees it; otherwise stand aside.")
        raise Invalid(MISSING, {"is_free": words})
    overseer.is_nameable = bool(event.data.get("is_nameable"))
    event.data.update(number=overseer.number, by_link=by is None)


def leave(overseer: Overseer, *, event: Event, by: User | None, due: date | None) -> None:
    """Somebody drawn is replaced by the next place of the same draw."""
    overseer.reason = event.reason
    event.data.update(number=overseer.number, by_link=by is None)
    following = replace(overseer)
    if following:
        event.data["replaced_by"] = following.number
    if by is None:
        tell(overseer.oversight, "left", holders(WRITE, overseer.oversight.union), key=str(overseer.pk), mail=False)


def release(overseer: Overseer, *, event: Event, by: User, due: date | None) -> None:
    overseer.reason = event.reason
    event.data["number"] = overseer.number


_COMING, _HERE = frozenset({OverseerState.INVITED}), frozenset({OverseerState.INVITED, OverseerState.ACCEPTED})

OVERSEERS = register(Workflow(Overseer))
OVERSEERS.add(
    Transition("accept", gettext_lazy("Take part"), _COMING, OverseerState.ACCEPTED, WRITE, guard=is_answerable, effect=accept, is_primary=True),
    Transition("decline", pgettext_lazy("overseer", "Decline"), _HERE, OverseerState.DECLINED, WRITE, _REASON, can_leave, leave,
               meaning=gettext_lazy("Whoever was drawn is replaced by the next of the draw.")),
    Transition("recuse", gettext_lazy("Stand aside (interest in the matter)"), _HERE, OverseerState.RECUSED, WRITE, _REASON, can_leave, leave,
               meaning=gettext_lazy("Whoever was drawn is replaced by the next of the draw.")),
    Transition("release", gettext_lazy("Release for a new draw"), _HERE, OverseerState.RELEASED, WRITE, _REASON, is_answerable, release),
)  # fmt: skip
BY_HAND = ("accept", "decline", "recuse")  # a release follows from a draw


# --- findings ------------------------------------------------------------------------------------------------------


def can_answer(finding: OversightFinding, by: User) -> str | None:
    state = finding.oversight.state
    if finding.state == Step.REWORK:
        return None if state == S.FOLLOWING else _("The oversight is closed.")
    return None if state == S.REPLYING else _("Findings are replied to once they are collected.")


def answer(finding: OversightFinding, *, event: Event, by: User, due: date | None) -> None:
    """Until the replies are sent a first reply can be changed; the words stand with the finding alone."""
    verdict = event.data.get("verdict")
    text, promise = (
        sentence(str(event.data.pop(name, "") or ""), most) for name, most in (("text", 2000), ("promise", 1000))
    )
    errors = {}
    if verdict not in Verdict.values:
        errors["verdict"] = _("Say how the union takes the finding.")
    if not text:
        errors["text"] = _("Write a reply.")
    if verdict in (Verdict.ACCEPTED, Verdict.PARTLY):
        if not promise:
            errors["promise"] = _("Say what is done about it.")
        if due is None or due < timezone.localdate():
            errors["due"] = _("Choose today or a later day.")
    else:
        promise, due = "", None
        event.data.pop("due", None)
    if errors:
        raise Invalid(MISSING, errors)
    finding.is_reworked = finding.is_reworked or event.source == Step.REWORK
    OversightReply.objects.filter(finding=finding, round=finding.round).delete()
    OversightReply.objects.create(
        finding=finding, round=finding.round, verdict=verdict, text=text, promise=promise, promise_due_on=due, replied_by=by,
        state=PromiseState.OPEN if promise else PromiseState.NONE,
    )  # fmt: skip
    finding.due_on = workdays("oversight-rating-workdays", finding.oversight) if finding.is_reworked else None
    event.data["number"] = finding.number


def can_be_rated(finding: OversightFinding, by: User | None) -> str | None:
    if finding.oversight.state != S.FOLLOWING:
        return _("Replies are rated once they are sent, until the oversight is closed.")
    return None


def can_be_reworked(finding: OversightFinding, by: User | None) -> str | None:
    return can_be_rated(finding, by) or (
        _("It has been replied to a second time already.") if finding.is_reworked else None
    )


def take_rating(finding: OversightFinding, *, event: Event, by: User | None, due: date | None) -> None:
    given = event.data.get("satisfaction")
    if given not in Satisfaction.values or (given == Satisfaction.DISSATISFIED and not finding.is_reworked):
        raise Invalid(MISSING, {"satisfaction": _("Choose how far the reply satisfies.")})
    finding.satisfaction, finding.due_on = given, None


def rework(finding: OversightFinding, *, event: Event, by: User | None, due: date | None) -> None:
    """Once, forced: the union cannot refuse it, nor count silence as consent."""
    finding.satisfaction = Satisfaction.DISSATISFIED
    finding.due_on = workdays("oversight-rework-workdays", finding.oversight)
    event.data["until"] = finding.due_on.isoformat()
    tell(finding.oversight, "dissatisfied", holders(WRITE, finding.oversight.union), key=str(finding.pk))


def follow(finding: OversightFinding) -> None:
    refresh_due(Oversight.objects.select_for_update(of=("self",), no_key=True).get(pk=finding.oversight_id))


_TO_ANSWER = frozenset({Step.GIVEN, Step.ANSWERED, Step.REWORK})

FINDINGS = register(Workflow(OversightFinding))
FINDINGS.add(
    Transition("answer", pgettext_lazy("to a finding", "Reply"), _TO_ANSWER, Step.ANSWERED, WRITE, guard=can_answer, effect=answer, after=follow, is_primary=True,
               meaning=gettext_lazy("A first reply can be changed until the replies are sent.")),
    Transition("rate", gettext_lazy("Enter the overseer's rating"), frozenset({Step.ANSWERED}), Step.RATED, WRITE, guard=can_be_rated, effect=take_rating, after=follow,
               meaning=gettext_lazy("Told on the telephone or on paper. Silence is not consent. A dissatisfied overseer's finding is replied to once more.")),
    Transition("again", gettext_lazy("Reply once more"), frozenset({Step.ANSWERED}), Step.REWORK, WRITE, guard=can_be_reworked, effect=rework, after=follow),
)  # fmt: skip


# --- promises ------------------------------------------------------------------------------------------------------


def is_followed_up(reply: OversightReply, by: User) -> str | None:
    if reply.finding.oversight.state != S.FOLLOWING:
        return _("What was promised is followed up from the day the replies are sent until the oversight is closed.")
    return None


def can_be_done(reply: OversightReply, by: User) -> str | None:
    if problem := is_followed_up(reply, by):
        return problem
    if not any(file.is_ready for file in files_of(EVIDENCE, reply)):
        return _("Bring the evidence first: a photograph or a document.")
    return None


def done(reply: OversightReply, *, event: Event, by: User, due: date | None) -> None:
    """The words stand with the reply alone."""
    if not (outcome := sentence(str(event.data.pop("outcome", "")), 1000)):
        raise Invalid(MISSING, {"outcome": _("Say what came of it.")})
    reply.outcome, reply.done_on = outcome, timezone.localdate()
    event.data["number"] = reply.finding.number


def reopen(reply: OversightReply, *, event: Event, by: User, due: date | None) -> None:
    reply.outcome, reply.done_on = "", None
    event.data["number"] = reply.finding.number


PROMISES = register(Workflow(OversightReply))
PROMISES.add(
    Transition("done", pgettext_lazy("promise", "Report as done"), frozenset({PromiseState.OPEN}), PromiseState.DONE, WRITE, guard=can_be_done, effect=done,
               after=lambda reply: follow(reply.finding), is_primary=True),
    Transition("reopen", gettext_lazy("It is not done after all"), frozenset({PromiseState.DONE}), PromiseState.OPEN, WRITE, _REASON, is_followed_up, reopen,
               after=lambda reply: follow(reply.finding)),
)  # fmt: skip
