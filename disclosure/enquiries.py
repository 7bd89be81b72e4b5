"""Taking enquiries down, passing them through the tree, replying, hearing how it satisfied: the writes beyond one move.

Members' questions and difficulties are heard and replied to (the notice, systems of openness and of contact with
workers); steps and time limits are the district's settings.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.enums import Satisfaction
from assemblies.models import Matter
from disclosure.enums import EnquiryState, EnquiryWay
from disclosure.models import Addition, Asker, Enquiry, EnquiryTheme, Reply
from unions.calendar import WorkCalendar
from unions.models import Event, Union, User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.reveals import reveal
from unions.services import record
from unions.settingbook import setting
from unions.wall import system
from unions.workflow import MoveError, NotAllowed, perform

HANDLE = Permission.ENQUIRY_HANDLE
MOST_ADDITIONS = 20
OPEN_TO_ADD = (EnquiryState.ASKED, EnquiryState.ANSWERED)


@dataclass(frozen=True)
class Question:
    """What somebody asks."""

    kind: str
    theme: EnquiryTheme
    title: str
    text: str
    name: str = ""
    phone: str = ""
    is_publishable: bool = False


def workdays(key: str, enquiry: Enquiry) -> date:
    """So many working days from today, by the setting in force when it was asked."""
    return WorkCalendar().shift(timezone.localdate(), setting(key, enquiry.asked_on))


@transaction.atomic
def ask(
    union: Union, question: Question, *, by: User | None, way: str, day: date | None = None, key: uuid.UUID | None = None,
    matter: Matter | None = None,
) -> Enquiry:  # fmt: skip
    """Take an enquiry in, from the public page (`by` nobody) or as somebody took it down. The same form sent twice is
    one enquiry."""
    if key and (known := Enquiry.objects.filter(form_key=key, union=union).first()):
        return known
    day = day or timezone.localdate()
    due = WorkCalendar().shift(day, setting("enquiry-answer-workdays", day))
    enquiry = Enquiry.objects.create(
        union=union, handler=union, kind=question.kind, way=way, theme=question.theme, title=question.title,
        text=question.text, is_publishable=question.is_publishable, asked_on=day, due_on=due, answer_due_on=due, form_key=key,
        matter=matter,
    )  # fmt: skip
    if question.name or question.phone:
        Asker.objects.create(enquiry=enquiry, name=question.name, phone=question.phone)
    record(union, "enquiry.ask", enquiry, by=by, data={"code": enquiry.code, "by_link": by is None})
    if by is None:
        tell(enquiry, "asked", mail=False)
    return enquiry


def may_handle(user: User, enquiry: Enquiry) -> bool:
    """Whose turn it is: whoever handles enquiries at the union that has it now."""
    return user.has_perm(HANDLE, enquiry.handler)


def may_take_over(user: User, enquiry: Enquiry) -> bool:
    """The tier above may take to itself what a union below does not see to."""
    above = enquiry.handler.superior
    return above is not None and user.has_perm(HANDLE, above)


def tell(enquiry: Enquiry, kind: str, *, mail: bool = True) -> None:
    """Those whose turn it is, once for each occasion. The subject may name people: a notice has number and theme."""
    notify(
        holders(HANDLE, enquiry.handler), f"enquiry.{kind}", union=enquiry.union,
        params={"union": enquiry.handler.name, "code": enquiry.code, "theme": enquiry.theme.name_zh},
        url=reverse("disclosure:enquiry", args=[enquiry.pk]), key=f"enquiry.{enquiry.pk}.{kind}.{enquiry.revision}", mail=mail,
    )  # fmt: skip


def history(enquiry: Enquiry) -> list[Event]:
    """Who did what to it and when, the newest first; also what was done before it was handed down to this union, whose
    people would otherwise not know what was promised."""
    with system("tells an enquiry's history to whoever sees it"):
        events = Event.objects.acts().filter(model=Enquiry._meta.label, object_id=enquiry.pk)
        return list(events.select_related("by"))


def hand_to(enquiry: Enquiry, handler: Union, union: Union) -> None:
    """Another union's turn, with the working days that it needs at least."""
    enquiry.handler, enquiry.union = handler, union
    enquiry.due_on = max(enquiry.due_on, workdays("enquiry-handover-workdays", enquiry))
    if not enquiry.is_reopened:
        enquiry.answer_due_on = enquiry.due_on


def carry_parts(enquiry: Enquiry) -> None:
    """Its rows follow it to the union that sees it now: the trigger reads that union from the enquiry."""
    for part in (Asker, Addition, Reply):
        part.objects.filter(enquiry=enquiry).update(enquiry=enquiry)


def follow_moved(moved: Iterable[Union], middles: set[int | None]) -> None:
    """What the former middle-tier union had in hand is the new one's: the former sees it no more."""
    joined = {union.middle_id for union in moved}
    elsewhere = Enquiry.objects.filter(handler__in=middles - {None}, middle__in=joined)
    elsewhere.exclude(handler=F("union")).exclude(handler=F("middle")).update(handler=F("middle"))


@transaction.atomic
def add(enquiry: Enquiry, text: str, *, by: User | None) -> Addition:
    """The asker adds something, by link (`by` nobody) or to somebody of the union that handles it."""
    current = Enquiry.objects.select_for_update(of=("self",), no_key=True).get(pk=enquiry.pk)
    if by is not None and not may_handle(by, current):
        raise NotAllowed(_("You may not do this for this union."))
    if current.state not in OPEN_TO_ADD:
        raise MoveError(_("This is settled: ask anew if something is left."))
    if (last := current.additions.last()) and last.text == text:
        return last  # the same form sent twice
    if current.additions.count() >= MOST_ADDITIONS:
        raise MoveError(_("Much has been added already. Please wait for the reply, or telephone."))
    addition = Addition.objects.create(enquiry=current, text=text, taken_by=by)
    current.revision += 1
    current.save(update_fields=["revision"])
    record(current.union, "enquiry.add", current, by=by, data={"by_link": by is None})
    if by is None:
        tell(current, "added", mail=False)
    return addition


@transaction.atomic
def retheme(enquiry: Enquiry, theme: EnquiryTheme, *, by: User) -> Enquiry:
    """Put it under the theme that fits: by that it is counted. Whoever handles it now does."""
    current = Enquiry.objects.select_for_update(of=("self",), no_key=True).get(pk=enquiry.pk)
    if not may_handle(by, current):
        raise NotAllowed(_("It is in the hands of %(name)s now.") % {"name": current.handler.name})
    if current.theme_id == theme.pk:
        return current
    data = {"from": current.theme.name_zh, "to": theme.name_zh}
    current.theme = theme
    current.revision += 1
    current.save(update_fields=["theme", "revision"])
    record(current.union, "enquiry.theme", current, by=by, data=data)
    return current


def rate(
    enquiry: Enquiry, satisfaction: str, *, by: User | None, words: str = "", revision: int | None = None
) -> Enquiry:
    """The asker's rating, by their own link (`by` nobody) or entered by the union. The first time somebody is dissatisfied
    it is handled once more, whether the union likes it or not."""
    again = satisfaction == Satisfaction.DISSATISFIED and not enquiry.is_reopened
    data = {"satisfaction": satisfaction, "words": words, "by_link": by is None}
    return perform(enquiry, "reopen" if again else "rate", by=by, data=data, revision=revision)


@transaction.atomic
def reveal_asker(enquiry: Enquiry, item: str, *, by: User, reason: str) -> str:
    """Name or telephone number of an asker in full: for whoever handles it now, with a reason, on record."""
    if not may_handle(by, enquiry):
        raise NotAllowed(_("You may not do this for this union."))
    asker = Asker.objects.get(enquiry=enquiry)
    return reveal(asker, Asker._meta.get_field(item), union=enquiry.union, by=by, reason=reason)


@transaction.atomic
def renew_link(enquiry: Enquiry, *, by: User) -> Enquiry:
    """A new link in place of the former one, which leads nowhere from now on."""
    current = Enquiry.objects.select_for_update(of=("self",), no_key=True).get(pk=enquiry.pk)
    current.link_number += 1
    current.save(update_fields=["link_number"])
    record(current.union, "enquiry.renew_link", current, by=by)
    return current


# --- limits of the public page -------------------------------------------------------------------------------------


def asks_too_much(address: str) -> bool:
    """Whether a network address has asked as often within the hour as it may, wherever; counted from the record of acts,
    which no restarted cache forgets."""
    since = timezone.now() - timedelta(hours=1)
    events = Event.objects.filter(action="enquiry.ask", at__gte=since, address=address, by=None)
    return events.count() >= setting("enquiry-link-hourly")


def has_too_many(union: Union) -> bool:
    """Whether a union was asked as often today as its page takes, from however many addresses."""
    today = Enquiry.objects.filter(union=union, way=EnquiryWay.PUBLIC, asked_on=timezone.localdate())
    return today.count() >= setting("enquiry-union-daily")
