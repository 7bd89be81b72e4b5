"""How an enquiry moves: 提出 → (上交 | 下交) → 答复 → 评价 → (重办 once) → 办结, or 不予受理 with a reason that the asker reads."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assemblies.enums import Satisfaction
from disclosure.enquiries import carry_parts, hand_to, may_handle, may_take_over, tell, workdays
from disclosure.enums import EnquiryState
from disclosure.models import Addition, Enquiry, Reply
from unions.calendar import WorkCalendar
from unions.models import Event, Union, User
from unions.permissions import Permission
from unions.settingbook import setting
from unions.workflow import Invalid, Transition, Workflow, register

S = EnquiryState
MISSING = gettext_lazy("Something is still missing.")


# --- guards: who acts is whoever has it now, which may be a tier above its union ---------------------------------------


def is_ours(enquiry: Enquiry, by: User | None) -> str | None:
    """Nobody (by link, the clock) is the portal itself, which passed the wall on purpose."""
    if by is None or may_handle(by, enquiry):
        return None
    return _("It is in the hands of %(name)s now.") % {"name": enquiry.handler.name}


def can_go_up(enquiry: Enquiry, by: User) -> str | None:
    return is_ours(enquiry, by) or (None if enquiry.handler.superior else _("There is no tier above you."))


def can_go_down(enquiry: Enquiry, by: User) -> str | None:
    below = Union.objects.active().filter(parent=enquiry.handler_id)
    return is_ours(enquiry, by) or (None if below.exists() else _("There is no union below you."))


def can_be_taken_over(enquiry: Enquiry, by: User) -> str | None:
    return None if may_take_over(by, enquiry) else _("Only the tier directly above takes it over.")


def can_be_extended(enquiry: Enquiry, by: User) -> str | None:
    if enquiry.is_extended:
        return _("The reply has been extended already; that is possible once.")
    return is_ours(enquiry, by) or (_("The second handling is not extended.") if enquiry.is_reopened else None)


def can_be_declined(enquiry: Enquiry, by: User) -> str | None:
    return is_ours(enquiry, by) or (_("What was reopened is replied to once more.") if enquiry.is_reopened else None)


def can_be_rated(enquiry: Enquiry, by: User | None) -> str | None:
    return is_ours(enquiry, by) or (None if enquiry.can_be_rated else _("The asker has rated the reply already."))


def can_be_reopened(enquiry: Enquiry, by: User | None) -> str | None:
    return can_be_rated(enquiry, by) or (
        _("It has been handled a second time already.") if enquiry.is_reopened else None
    )


def rating_is_over(enquiry: Enquiry, by: User) -> str | None:
    """Without a rating it is settled only after the asker has had the time for one."""
    if enquiry.due_on and enquiry.due_on >= timezone.localdate():
        return _("The asker has until %(day)s to rate the reply.") % {"day": enquiry.due_on.isoformat()}
    return is_ours(enquiry, by)


# --- effects -------------------------------------------------------------------------------------------------------


def go_up(enquiry: Enquiry, *, event: Event, by: User, due: date | None) -> None:
    """Up one tier; the union below goes on seeing it."""
    above = enquiry.handler.superior
    event.data.update({"from": enquiry.handler.name, "to": above.name})
    hand_to(enquiry, above, enquiry.union)
    event.data["until"] = enquiry.due_on.isoformat()
    tell(enquiry, "passed")


def go_down(enquiry: Enquiry, *, event: Event, by: User, due: date | None) -> None:
    """Down to a union below, which becomes the enquiry's union; those above go on seeing it."""
    wanted = event.data.get("to")
    below = Union.objects.active().below(enquiry.handler).exclude(pk=enquiry.handler_id)
    to = below.filter(pk=wanted).first() if isinstance(wanted, int) else None
    if to is None:
        raise Invalid(MISSING, {"to": _("Choose a union below yours.")})
    event.data.update({"from": enquiry.handler.name, "to": to.name})
    hand_to(enquiry, to, to)
    event.data["until"] = enquiry.due_on.isoformat()
    tell(enquiry, "passed")


def latest_extension(enquiry: Enquiry) -> date:
    """How far the reply can be extended, once."""
    days = setting("enquiry-extension-workdays", enquiry.asked_on)
    return WorkCalendar().shift(max(enquiry.due_on, timezone.localdate()), days)


def extend(enquiry: Enquiry, *, event: Event, by: User, due: date | None) -> None:
    latest = latest_extension(enquiry)
    if not enquiry.due_on < due <= latest:
        words = _("Choose a day after %(now)s, up to %(latest)s.")
        raise Invalid(MISSING, {"due": words % {"now": enquiry.due_on.isoformat(), "latest": latest.isoformat()}})
    enquiry.due_on = enquiry.answer_due_on = due
    enquiry.is_extended = True


def reply(enquiry: Enquiry, *, event: Event, by: User, due: date | None) -> None:
    """The text stands in the reply alone: the record of acts is kept for good."""
    text, signed = str(event.data.pop("text", "")).strip(), str(event.data.pop("signed", "")).strip()
    if not text or not signed:
        raise Invalid(MISSING, {"text" if not text else "signed": _("Write a reply, and who is responsible for it.")})
    Reply.objects.create(enquiry=enquiry, round=enquiry.round, text=text, signed=signed[:60], replied_by=by)
    enquiry.answered_on = enquiry.answered_on or timezone.localdate()
    enquiry.satisfaction = ""
    enquiry.due_on = workdays("enquiry-feedback-workdays", enquiry)


def _take_words(enquiry: Enquiry, event: Event, by: User | None) -> None:
    """The asker's own words are kept with the enquiry, not in the record of acts."""
    if words := str(event.data.pop("words", "") or "").strip():
        Addition.objects.create(enquiry=enquiry, text=words[:1000], taken_by=by)


def take_rating(enquiry: Enquiry, *, event: Event, by: User | None, due: date | None) -> None:
    given = event.data.get("satisfaction")
    if given not in Satisfaction.values or (given == Satisfaction.DISSATISFIED and not enquiry.is_reopened):
        raise Invalid(MISSING, {"satisfaction": _("Choose how far the reply satisfies.")})
    _take_words(enquiry, event, by)
    enquiry.satisfaction = given
    settle(enquiry, event=event, by=by, due=due)
    if by is None:
        tell(enquiry, f"rated_{given}", mail=False)


def settle(enquiry: Enquiry, *, event: Event, by: User | None, due: date | None) -> None:
    enquiry.closed_on, enquiry.due_on = enquiry.closed_on or timezone.localdate(), None


def reopen(enquiry: Enquiry, *, event: Event, by: User | None, due: date | None) -> None:
    """Once, forced: the union cannot refuse it, nor count silence as consent."""
    _take_words(enquiry, event, by)
    enquiry.satisfaction, enquiry.is_reopened, enquiry.closed_on = Satisfaction.DISSATISFIED, True, None
    enquiry.due_on = workdays("enquiry-rework-workdays", enquiry)
    event.data["until"] = enquiry.due_on.isoformat()
    if by is None:
        tell(enquiry, "reopened")


def resume(enquiry: Enquiry, *, event: Event, by: User, due: date | None) -> None:
    enquiry.closed_on = None
    enquiry.due_on = enquiry.answer_due_on = workdays("enquiry-answer-workdays", enquiry)


_ASKED, _RATED, _REASON = frozenset({S.ASKED}), frozenset({S.ANSWERED, S.CLOSED}), frozenset({"reason"})
_SEE = Permission.ENQUIRY_VIEW  # who acts is said by the guards

ENQUIRIES = register(Workflow(Enquiry))
ENQUIRIES.add(
    Transition("reply", pgettext_lazy("to an enquiry", "Reply"), _ASKED, S.ANSWERED, _SEE, guard=is_ours, effect=reply, is_primary=True, meaning=gettext_lazy("The asker reads it, and is asked how far it satisfies.")),
    Transition("up", gettext_lazy("Hand up to the tier above"), _ASKED, S.ASKED, _SEE, _REASON, can_go_up, go_up, meaning=gettext_lazy("The tier above replies from now on; you go on seeing it, and the asker reads your reason.")),
    Transition("down", gettext_lazy("Hand down to a union below"), _ASKED, S.ASKED, _SEE, _REASON, can_go_down, go_down, carry_parts, meaning=gettext_lazy("The union below replies from now on, you go on seeing it; the asker reads your reason.")),
    Transition("take", gettext_lazy("Take it over"), _ASKED, S.ASKED, _SEE, _REASON, can_be_taken_over, go_up, meaning=gettext_lazy("You reply from now on instead of the union below; the asker reads your reason.")),
    Transition("extend", gettext_lazy("Extend the reply once"), _ASKED, S.ASKED, _SEE, frozenset({"reason", "due"}), can_be_extended, extend, meaning=gettext_lazy("The asker reads the new day and your reason.")),
    Transition("decline", gettext_lazy("Do not take it up"), _ASKED, S.DECLINED, _SEE, _REASON, can_be_declined, settle, meaning=gettext_lazy("It is settled without a reply; the asker reads your reason.")),
    Transition("resume", gettext_lazy("Take it up after all"), frozenset({S.DECLINED}), S.ASKED, _SEE, _REASON, is_ours, resume),
    Transition("rate", gettext_lazy("Enter the asker's rating"), _RATED, S.CLOSED, _SEE, guard=can_be_rated, effect=take_rating, is_primary=True, meaning=gettext_lazy("A dissatisfied asker's enquiry is opened again, once.")),
    Transition("reopen", gettext_lazy("Handle it a second time"), _RATED, S.ASKED, _SEE, guard=can_be_reopened, effect=reopen),
    Transition("close", gettext_lazy("Settle without a rating"), frozenset({S.ANSWERED}), S.CLOSED, _SEE, guard=rating_is_over, effect=settle),
)  # fmt: skip
