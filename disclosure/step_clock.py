"""The clock's part of whatever has a step with a last day: whoever's turn it is hears before it and once more when it is
past; then the tier above too."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Model, Q, QuerySet

from unions.calendar import WorkCalendar
from unions.models import Union, User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.settingbook import setting

CHUNK, ROUNDS = 200, 50


@dataclass(frozen=True)
class Steps:
    """Records with a `due_on`, and what was told of it (`told_due_on`, `told_late_on`)."""

    kind: str  # of the notices: KIND.due, KIND.late, KIND.late_below
    waiting: Callable[[], QuerySet]  # with what a notice reads
    union: Callable[[Model], Union]  # whose turn it is
    permission: Permission
    params: Callable[[Model], dict]
    address: Callable[[Model], str]
    setting: str  # how many working days before

    def remind(self, today: date, calendar: WorkCalendar) -> int:
        """Tell of what is due soon or past, whichever has not been told for that day. A missed round is made up by the
        next: what was told stands on the record."""
        soon = calendar.shift(today, setting(self.setting))
        late = Q(due_on__lt=today) & (Q(told_late_on=None) | ~Q(told_late_on=F("due_on")))
        near = Q(due_on__gte=today, due_on__lte=soon) & (Q(told_due_on=None) | ~Q(told_due_on=F("due_on")))
        told, people = 0, People(self.permission)
        for _round in range(ROUNDS):
            count = self._tell_some(self.waiting().filter(late | near), today, people)
            told += count
            if count < CHUNK:
                break
        return told

    @transaction.atomic
    def _tell_some(self, waiting: QuerySet, today: date, people: "People") -> int:
        rows = list(waiting.order_by("pk").select_for_update(of=("self",), no_key=True, skip_locked=True)[:CHUNK])
        for one in rows:
            is_late, union = one.due_on < today, self.union(one)
            self._tell(one, "late" if is_late else "due", people.at(union))
            if is_late:
                self._tell(one, "late_below", people.at(union.superior))
            one.told_due_on = one.due_on
            one.told_late_on = one.due_on if is_late else one.told_late_on
        if rows:
            type(rows[0]).objects.bulk_update(rows, ["told_due_on", "told_late_on"], batch_size=CHUNK)
        return len(rows)

    def _tell(self, one: Model, kind: str, people: list[User]) -> None:
        due, union = one.due_on.isoformat(), self.union(one)
        notify(
            people, f"{self.kind}.{kind}", union=union, params={"union": union.name, "due": due, **self.params(one)},
            url=self.address(one), key=f"{self.kind}.{one.pk}.{kind}.{due}",
        )  # fmt: skip


class People(dict):
    """Union → who sees to it there, asked for once in a round."""

    def __init__(self, permission: Permission):
        super().__init__()
        self.permission = permission

    def at(self, union: Union | None) -> list[User]:
        if union is None:
            return []
        if union.pk not in self:
            self[union.pk] = holders(self.permission, union)
        return self[union.pk]
