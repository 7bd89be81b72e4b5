"""What is written about terms of office: an election, its preparation, an order of the tier above, seats."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies import duties
from assemblies.bars import bars
from assemblies.enums import BarLevel, Body, Post, TermState
from assemblies.models import Meeting, Seat, Term
from unions.enums import Tier
from unions.models import Duty, Union, User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.services import edit_union, record
from unions.templatetags.components import full_day
from unions.workflow import Invalid, MoveError

# What the register holds of the person, who goes with all of it.
OF_THE_CHAIR = ("chair_name", "chair_sex", "chair_phone", "chair_rank", "chair_engagement")


def present_term(union: Union) -> Term | None:
    return Term.objects.filter(union=union, ended_on=None).select_related("duty__rule").first()


def _lock(union: Union) -> Union:
    return Union.objects.select_for_update(of=("self",), no_key=True).get(pk=union.pk)


@transaction.atomic
def begin_term(
    union: Union, *, started_on: date, years: int, by: User, number: int | None = None, reason: str = ""
) -> Term:  # fmt: skip
    """An election has begun a new term: the one before ends that day, its duty is fulfilled, the register follows. A term
    is three or five years (Trade Union Law, article 16); of the middle tier and the district five (notice 2015-24)."""
    union = _lock(union)
    before = present_term(union)
    errors = {}
    if started_on > timezone.localdate():
        errors["started_on"] = _("The election has not been held yet.")
    elif before and started_on <= before.started_on:
        errors["started_on"] = _("The present term began on %(day)s.") % {"day": full_day(before.started_on)}
    if years not in (3, 5) or (union.tier is not Tier.GRASSROOTS and years != 5):
        errors["years"] = _("A term is 3 or 5 years; of the district and the middle tier 5 years.")
    if before and number is not None and number <= before.number:
        errors["number"] = _("The present term is no. %(number)d.") % {"number": before.number}
    if errors:
        raise Invalid(_("Something is still missing."), errors)
    if before:
        before.ended_on = started_on
        before.save(update_fields=["ended_on"])
        duties.fulfil(before.duty, started_on)
    ends = Union(term_started_on=started_on, term_years=years).term_ends_on
    term = Term.objects.create(
        union=union, number=number or (before.number + 1 if before else 1), years=years, started_on=started_on, ends_on=ends,
    )  # fmt: skip
    Meeting.objects.filter(union=union, is_renewal=True, term=None, held_on=started_on).update(term=term)
    edit_union(
        union, {"term_started_on": started_on, "term_years": years, "term_extended_to": None}, by=by, reason=reason
    )
    data = {"number": term.number, "started_on": started_on.isoformat(), "years": years}
    record(union, "term.begin", term, by=by, reason=reason, data=data)
    return term


@transaction.atomic
def renumber(term: Term, number: int, *, by: User) -> None:
    """The roster does not say which term it is; the union does."""
    if Term.objects.filter(union=term.union_id, number=number).exclude(pk=term.pk).exists():
        sentence = _("Another term has this number.")
        raise Invalid(sentence, {"number": sentence})
    if number != term.number:
        changes = {"number": [term.number, number]}
        term.number = number
        term.save(update_fields=["number"])
        record(term.union, "term.edit", term, by=by, data={"changes": changes})


@transaction.atomic
def begin_preparation(term: Term, *, by: User) -> None:
    """The union has begun to prepare the election; whoever looks from above sees it."""
    term = Term.objects.select_for_update(no_key=True).get(pk=term.pk)
    if term.ended_on:
        raise MoveError(_("This term is over; look at the present one."))
    if term.preparing_on is None:
        term.preparing_on = timezone.localdate()
        term.save(update_fields=["preparing_on"])
        record(term.union, "term.prepare", term, by=by)


@transaction.atomic
def order_renewal(term: Term, *, until: date, reason: str, by: User) -> None:
    """The tier above orders an overdue election to be held by a day (Beijing measures, article 13); the union is told,
    and its duty has that day for its last."""
    term = Term.objects.select_for_update(of=("self",), no_key=True).select_related("duty", "union").get(pk=term.pk)
    today = timezone.localdate()
    if term.state_on(today) not in (TermState.OVERDUE, TermState.ORDERED):
        raise MoveError(_("Only an overdue election can be ordered."))
    if until <= today:
        raise Invalid(_("Choose a later day."), {"until": _("Choose a later day.")})
    if not reason.strip():
        raise Invalid(_("Say why."), {"reason": _("Say why, in a sentence the other side can act on.")})
    term.ordered_until = until
    term.save(update_fields=["ordered_until"])
    if term.duty and term.duty.is_outstanding:
        Duty.objects.filter(pk=term.duty_id).update(last_day=until)
    event = record(term.union, "term.order", term, by=by, reason=reason, data={"until": until.isoformat()})
    params = {"union": term.union.name, "until": until.isoformat(), "reason": reason.strip(), "by": by.name}
    notify(
        holders(Permission.ASSEMBLY_SUBMIT, term.union), "term.order", union=term.union, params=params,
        url=reverse("assemblies:terms", args=[term.union_id]), key=f"term.{term.pk}.order.{event.pk}",
    )  # fmt: skip


@transaction.atomic
def add_seat(
    term: Term, *, body: str, post: str, name: str, sex: str = "", since: date, by: User, facts: list[str] = (),
    instead: Seat | None = None, reason: str = "",
) -> Seat:  # fmt: skip
    """Somebody takes a seat, in the place of another where one is named. Whoever is barred by the rules of that day is
    refused; of the facts asked for only the outcome is kept."""
    union = _lock(term.union)
    found = bars(union, body=body, post=post, facts=facts, day=since)
    if barred := [bar for bar in found if bar.level == BarLevel.BARRED]:
        raise Invalid(_("This person may not hold the seat."), {"facts": " ".join(bar.text for bar in barred)})
    if since < term.started_on or (term.ended_on and since > term.ended_on):
        raise Invalid(_("The day lies outside the term."), {"since": _("The day lies outside the term.")})
    same = Seat.objects.filter(term=term, body=body, post=post, name=name, since=since, until=None).first()
    if same:  # the form was sent twice
        return same
    if instead is not None:
        leave_seat(instead, until=since, reason=reason, by=by)
    if post == Post.CHAIR and Seat.objects.filter(term=term, body=body, post=post, until=None).exists():
        sentence = _("The post is filled: enter first that its holder has left.")
        raise Invalid(sentence, {"post": sentence})
    seat = Seat(term=term, body=body, post=post, name=name, sex=sex, since=since)
    seat.save()
    doubts = [bar.fact for bar in found]
    data = {"name": name, "body": body, "post": post, "doubts": doubts}
    record(union, "seat.add", seat, by=by, reason=reason, data=data)
    if _is_chair(seat) and term.ended_on is None:
        edit_union(union, {"chair_name": name, "chair_sex": sex}, by=by)
        duties.fulfil_by_election(union, since)
    return seat


@transaction.atomic
def leave_seat(seat: Seat, *, until: date, reason: str, by: User) -> None:
    """Somebody leaves a seat. A vacant chair is filled by an election within the months set."""
    seat = Seat.objects.select_for_update(of=("self",), no_key=True).select_related("term", "union").get(pk=seat.pk)
    if seat.until is not None:
        raise MoveError(_("%(name)s has left this seat already.") % {"name": seat.name})
    if until < seat.since or until > timezone.localdate():
        sentence = _("Between the first day in the seat and today.")
        raise Invalid(sentence, {"until": sentence})
    seat.until = until
    seat.save(update_fields=["until"])
    data = {"name": seat.name, "body": seat.body, "post": seat.post, "until": until.isoformat()}
    record(seat.union, "seat.leave", seat, by=by, reason=reason, data=data)
    if _is_chair(seat) and seat.term.ended_on is None:
        edit_union(seat.union, dict.fromkeys(OF_THE_CHAIR, ""), by=by, reason=reason)
        duties.open_by_election(seat.union, until)


def _is_chair(seat: Seat) -> bool:
    return seat.body == Body.COMMITTEE and seat.post == Post.CHAIR
