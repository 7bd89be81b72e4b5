"""What is not law is a setting: its default, its bounds and its basis stand here, its value is the district's.

A part of the portal registers what it needs in `definitions` and asks `setting(key)`. The rows are few and read whole,
once for a request, a job or a round of the clock (`held`), never kept beyond: whatever begins after an edit was
committed works by the new value, in every process, without anybody having to be told.
"""

import contextlib
import datetime
from collections import defaultdict
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext_lazy

from unions.kit.registry import Registry
from unions.models import Setting
from unions.permissions import Permission

Value = int | str | datetime.time | Fraction
TIME = "%H:%M"
NOT_LAW = "法律和朝工发〔2015〕24号均未规定，由区总工会确定"


@dataclass(frozen=True)
class Definition:
    """A setting as the portal brings it. `least` and `most` bound a number, a part of a whole (`Fraction`, so that two
    thirds of 31 are not a matter of rounding) or a time, or the length of a text."""

    key: str
    group: str
    label: str
    help: str
    default: Value
    least: Value | None = None
    most: Value | None = None
    unit: str = ""
    basis: str = NOT_LAW
    permission: Permission = Permission.RULE_EDIT  # who sets it
    choices: tuple[tuple[int, str], ...] = ()
    level3: int | None = None  # what a system of the third level (GB/T 22239) needs

    def stored(self, value: Value) -> int | str:
        if isinstance(value, Fraction):
            return str(value)
        return value.strftime(TIME) if isinstance(value, datetime.time) else value

    def read(self, stored: int | str) -> Value:
        if isinstance(self.default, datetime.time):
            return datetime.datetime.strptime(str(stored), TIME).time()
        return Fraction(stored) if isinstance(self.default, Fraction) else stored

    def words(self, value: Value) -> str:
        """The value as people write it: 5 个工作日."""
        if self.choices:
            return str(dict(self.choices).get(value, value))
        text = str(self.stored(value))
        return f"{text} {self.unit}" if self.unit else text


definitions: Registry[Definition] = Registry("setting")
Rows = dict[str, list[Setting]]
_held: ContextVar[list[Rows] | None] = ContextVar("held_settings", default=None)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Read the settings at most once for what is done inside: a request, a job, a round."""
    if _held.get() is not None:
        yield
        return
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def _rows() -> Rows:
    """The values of each key, the newest first."""
    kept = _held.get()
    if kept:
        return kept[0]
    rows = defaultdict(list)
    for row in Setting.objects.order_by("-effective_from"):
        rows[row.key].append(row)
    if kept is not None:
        kept.append(rows)
    return rows


def forget() -> None:
    """The values were changed: read them anew within what is being done, too."""
    if kept := _held.get():
        kept.clear()


def in_force(key: str, day: datetime.date | None = None) -> Setting | None:
    """What the district set for a day; None where the portal's default holds."""
    day = day or timezone.localdate()
    return next((row for row in _rows().get(key, ()) if row.effective_from <= day), None)


def setting(key: str, day: datetime.date | None = None) -> Value:
    """The value that holds on a day: today, or the day of the matter that is judged."""
    definition, row = definitions[key], in_force(key, day)
    return definition.default if row is None else definition.read(row.value)


def upcoming(key: str) -> list[Setting]:
    today = timezone.localdate()
    return [row for row in reversed(_rows().get(key, [])) if row.effective_from > today]


def is_changed(key: str) -> bool:
    """Whether anything but the portal's default holds or is to come."""
    row = in_force(key)
    definition = definitions[key]
    return bool(upcoming(key)) or (
        row is not None and (row.value, row.basis) != (definition.stored(definition.default), definition.basis)
    )


def revision(key: str) -> int:
    """Grows with each edit; whoever edits says which one was on the page."""
    return max((row.pk for row in _rows().get(key, ())), default=0)


REMINDERS, DUTIES, IMPORTS, RECORDS = (
    gettext_lazy("Reminders"), gettext_lazy("Duties"), gettext_lazy("Imports"), gettext_lazy("Records"),
)  # fmt: skip
DAYS, WORKING_DAYS, HOURS = gettext_lazy("days"), gettext_lazy("working days"), gettext_lazy("hours")


def register() -> None:
    """Called once when the app is ready."""
    noon = datetime.time(12, 0)
    for definition in (
        Definition(
            "reminders-from", REMINDERS, gettext_lazy("Reminders begin at"),
            gettext_lazy("On working days from this time on; the daily digest goes out then, and e-mails of the night."),
            datetime.time(8, 30), datetime.time(0, 0), noon,
        ),
        Definition(
            "reminders-until", REMINDERS, gettext_lazy("Reminders end at"),
            gettext_lazy("After it nobody is reminded and no e-mail leaves before the next morning."),
            datetime.time(20, 0), noon, datetime.time(23, 59),
        ),
        Definition(
            "reminders-catch-up", REMINDERS, gettext_lazy("Missed reminders are made up for"),
            gettext_lazy("A step that the portal missed longer ago than this, because it stood still, is left out."),
            31, 1, 92, DAYS,
        ),
        Definition(
            "due-soon", DUTIES, gettext_lazy("Due soon means within"),
            gettext_lazy("For the list of what is due soon and for the colour of the days left."),
            5, 1, 30, WORKING_DAYS,
        ),
        Definition(
            "preview-hours", IMPORTS, gettext_lazy("A preview can be confirmed for"),
            gettext_lazy("After that the file is checked again, as the roster may have changed meanwhile."),
            2, 1, 24, HOURS,
        ),
        Definition(
            "upload-days", IMPORTS, gettext_lazy("Files never confirmed are kept for"),
            gettext_lazy("Then the file and its preview are deleted; files of imports stay with their import."),
            1, 1, 30, DAYS,
        ),
        Definition(
            "export-days", RECORDS, gettext_lazy("Files of background exports are kept for"),
            gettext_lazy("They hold personal data; a list is exported again in seconds."),
            7, 1, 90, DAYS,
        ),
        Definition(
            "runs-kept", RECORDS, gettext_lazy("Rounds of the clock are kept for"),
            gettext_lazy("The rounds on the page of runs; which periods were opened stays for good."),
            90, 30, 3650, DAYS,
        ),
    ):  # fmt: skip
        definitions.add(definition.key, definition)
