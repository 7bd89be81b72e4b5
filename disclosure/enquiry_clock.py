"""The clock's part: whoever has an enquiry hears before it is due and once more when it is past; then the tier above too."""

from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from disclosure.enums import EnquiryState
from disclosure.models import Enquiry
from unions.calendar import WorkCalendar
from unions.models import Union, User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.settingbook import setting

CHUNK, ROUNDS = 200, 50


def remind(today: date, calendar: WorkCalendar) -> int:
    """Tell of what is due soon or past, whichever has not been told for that day. A missed round is made up by the
    next: what was told stands on the enquiry."""
    soon = calendar.shift(today, setting("enquiry-remind-workdays"))
    late = Q(due_on__lt=today) & (Q(told_late_on=None) | ~Q(told_late_on=F("due_on")))
    near = Q(due_on__gte=today, due_on__lte=soon) & (Q(told_due_on=None) | ~Q(told_due_on=F("due_on")))
    told, people = 0, People()
    for _round in range(ROUNDS):
        count = _tell_some(Enquiry.objects.filter(late | near, state=EnquiryState.ASKED), today, people)
        told += count
        if count < CHUNK:
            break
    return told


class People(dict):
    """Union → who handles its enquiries, asked for once in a round."""

    def at(self, union: Union | None) -> list[User]:
        if union is None:
            return []
        if union.pk not in self:
            self[union.pk] = holders(Permission.ENQUIRY_HANDLE, union)
        return self[union.pk]


@transaction.atomic
def _tell_some(waiting, today: date, people: People) -> int:
    rows = list(
        waiting.select_related("handler__middle", "handler__parent", "theme")
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)[:CHUNK]
    )
    for enquiry in rows:
        is_late = enquiry.due_on < today
        _tell(enquiry, "late" if is_late else "due", people.at(enquiry.handler))
        if is_late:
            _tell(enquiry, "late_below", people.at(enquiry.handler.superior))
        enquiry.told_due_on = enquiry.due_on
        enquiry.told_late_on = enquiry.due_on if is_late else enquiry.told_late_on
    Enquiry.objects.bulk_update(rows, ["told_due_on", "told_late_on"], batch_size=CHUNK)
    return len(rows)


def _tell(enquiry: Enquiry, kind: str, people: list[User]) -> None:
    due = enquiry.due_on.isoformat()
    notify(
        people, f"enquiry.{kind}", union=enquiry.handler,
        params={"union": enquiry.handler.name, "code": enquiry.code, "theme": enquiry.theme.name_zh, "due": due},
        url=reverse("disclosure:enquiry", args=[enquiry.pk]), key=f"enquiry.{enquiry.pk}.{kind}.{due}",
    )  # fmt: skip
