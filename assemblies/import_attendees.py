"""The list of people due, as a workbook brings it: one row a person, for a meeting that is being prepared."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.attendees import Person, link_accounts
from assemblies.models import Attendee, Meeting
from assemblies.models.meetings import PREPARING
from unions.enums import RowState
from unions.import_problems import SENTENCES, Sentence
from unions.importing import Column, Importer, Row, Stale, importers
from unions.kit import parsing
from unions.kit.parsing import Option, choice
from unions.kit.spreadsheets_in import Table
from unions.models import ImportBatch, ImportRow, User
from unions.permissions import Permission
from unions.services import record

VOTES = (
    Option("1", "应到", "Due", ("正式代表", "会员", "有表决权", "是")),
    Option("0", "列席", "Guest", ("特邀", "列席代表", "无表决权", "否")),
)
PROBLEMS = {
    "doubled_person": Sentence(
        gettext_lazy("The same person twice in the file"), gettext_lazy("Row %(rows)s has the same name and group.")
    ),
    "meeting_open": Sentence(
        gettext_lazy("Which meeting is not said"),
        gettext_lazy("%(count)s meetings are being prepared: write the number of the one meant; it stands on its page."),
    ),
    "meeting_unknown": Sentence(
        gettext_lazy("There is no such meeting"),
        gettext_lazy("You prepare no meeting with the number %(text)s, or it has begun already."),
    ),
}  # fmt: skip


@dataclass
class Lists:
    """The meetings this person prepares, and who stands on their lists already."""

    meetings: dict[int, Meeting]
    known: dict[int, dict[tuple[str, str], Attendee]] = field(default_factory=dict)
    seen: dict[tuple, int] = field(default_factory=dict)

    def on_list(self, meeting: Meeting) -> dict[tuple[str, str], Attendee]:
        if meeting.pk not in self.known:
            rows = meeting.attendees.all()
            self.known[meeting.pk] = {Person(each.name, each.group).key: each for each in rows}
        return self.known[meeting.pk]


class AttendeeImporter(Importer):
    key = "attendees"
    label = gettext_lazy("People due at a meeting")
    lead = gettext_lazy(
        "One row a person. The number of the meeting stands on its page; while only one is being prepared it may be left out."
    )
    permission = Permission.ASSEMBLY_EDIT
    order = 60
    max_rows = 5000
    columns = (
        Column("name", "姓名", "Name", parsing.text(40), required=True, also=("代表姓名", "会员姓名"), width=12, example="张示例"),
        Column("group", "部门", "Group", parsing.text(60), also=("分组", "小组", "车间", "班组", "代表团", "选举单位"), width=18, example="一车间"),
        Column("post", "职务", "Post", parsing.text(60), also=("岗位", "行政职务"), width=18, example="班组长"),
        Column("has_vote", "身份", "Standing", choice(VOTES), also=("类别", "代表类别"), options=VOTES, width=12, example="应到"),
        Column("meeting", "会议编号", "Meeting no.", parsing.integer(), also=("会议",), kind="int", width=12),
    )  # fmt: skip
    key_columns = ("name",)
    brief = ("name", "group", "post", "has_vote")

    def load(self, user: User, table: Table, mapping: dict[int, str]) -> Lists:
        rows = Meeting.objects.visible_to(user, Permission.ASSEMBLY_EDIT).filter(state__in=PREPARING)
        return Lists({meeting.pk: meeting for meeting in rows.order_by("held_on")[:500]})

    def check(self, row: Row, context: Lists) -> None:
        values = row.values
        row.label = values.get("name", "")
        meeting = self._meeting(row, context)
        if meeting is None or row.has_error():
            return
        values["meeting"] = meeting.pk
        values.setdefault("has_vote", "1")
        person = Person(values["name"], values.get("group", ""))
        first = context.seen.setdefault((meeting.pk, *person.key), row.number)
        if first != row.number:
            row.error("doubled_person", "name", rows=first)
        elif found := context.on_list(meeting).get(person.key):
            row.object_id = found.pk
            row.current = {"post": found.post, "has_vote": "1" if found.has_vote else "0"}

    @staticmethod
    def _meeting(row: Row, context: Lists) -> Meeting | None:
        asked = row.values.get("meeting")
        if asked is None:
            if len(context.meetings) == 1:
                return next(iter(context.meetings.values()))
            row.error("meeting_open", "meeting", count=len(context.meetings))
        elif int(asked) in context.meetings:
            return context.meetings[int(asked)]
        else:
            row.error("meeting_unknown", "meeting", text=str(asked))
        return None

    def apply(self, batch: ImportBatch, user: User, progress: Callable) -> dict:
        """New people at the end of the list, changes where they stand. Raises Stale where a meeting has begun since."""
        rows = list(batch.rows.filter(state__in=[RowState.NEW, RowState.CHANGED]).order_by("number"))
        wanted = {int(row.values["meeting"]) for row in rows}
        locked = Meeting.objects.visible_to(user, Permission.ASSEMBLY_EDIT).filter(pk__in=wanted, state__in=PREPARING)
        meetings = {meeting.pk: meeting for meeting in locked.select_for_update(of=("self",), no_key=True)}
        if set(meetings) != wanted:
            raise Stale
        progress(0, len(rows), "write")
        for pk, meeting in meetings.items():
            self._write(meeting, [row for row in rows if int(row.values["meeting"]) == pk], user)
        for row in rows:
            row.is_applied = True
        ImportRow.objects.bulk_update(rows, ["object_id", "is_applied"], batch_size=500)
        progress(len(rows), len(rows))
        new = sum(row.state == RowState.NEW for row in rows)
        return {"created": new, "changed": len(rows) - new}

    @staticmethod
    def _write(meeting: Meeting, rows: list[ImportRow], user: User) -> None:
        known = {Person(each.name, each.group).key: each for each in meeting.attendees.all()}
        number = meeting.attendees.aggregate(last=Max("number"))["last"] or 0
        for row in rows:
            values = row.full_values
            person = Person(values["name"], values.get("group", ""))
            attendee = known.get(person.key)
            if (attendee is None) != (row.state == RowState.NEW):
                raise Stale
            if attendee is None:
                number += 1
                attendee = Attendee(meeting=meeting, number=number, name=person.name, group=person.group)
                known[person.key] = attendee
            attendee.post = values.get("post", attendee.post)
            attendee.has_vote = values["has_vote"] == "1"
            attendee.row = row
        written = [each for each in known.values() if hasattr(each, "row")]
        Attendee.objects.bulk_create([each for each in written if each.pk is None], batch_size=1000)
        Attendee.objects.bulk_update(
            [each for each in written if each.row.object_id], ["post", "has_vote"], batch_size=500
        )
        for attendee in written:
            attendee.row.object_id = attendee.pk
        link_accounts(meeting)
        record(meeting.union, "attendee.add", meeting, by=user, data={"count": len(rows)})

    def undo(self, batch: ImportBatch, user: User, progress: Callable) -> list[str]:
        """Take the new people off the list and write back what changed, while the meetings are still being prepared."""
        rows = list(batch.rows.filter(is_applied=True).order_by("number"))
        wanted = {int(row.values["meeting"]) for row in rows}
        meetings = Meeting.objects.visible_to(user, Permission.ASSEMBLY_EDIT).filter(pk__in=wanted)
        begun = [meeting for meeting in meetings if not meeting.is_preparing]
        if begun:
            return [_("“%(title)s” has begun or is over.") % {"title": meeting.title} for meeting in begun]
        new = [row.object_id for row in rows if row.state == RowState.NEW]
        Attendee.objects.filter(pk__in=new).delete()
        for row in rows:
            if row.state == RowState.CHANGED:
                before = row.full_before
                Attendee.objects.filter(pk=row.object_id).update(
                    post=before["post"], has_vote=before["has_vote"] == "1"
                )
        for meeting in meetings:
            record(meeting.union, "attendee.remove", meeting, by=user, data={"count": len(new)})
        progress(len(rows), len(rows))
        return []

    def url(self, row: ImportRow) -> str:
        return reverse("assemblies:meeting-people", args=[row.values["meeting"]])


def register() -> None:
    """Called once when the app is ready."""
    SENTENCES.update(PROBLEMS)
    importers.add("attendees", AttendeeImporter())
