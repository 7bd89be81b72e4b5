"""The list of meetings: its filters and table; the workbook of one meeting's attendance."""

import django_filters
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assemblies.enums import MeetingKind, MeetingState
from assemblies.models import Meeting
from assemblies.quorum import quorum_of
from unions.filters import MiddleFilters, UnionFilter, UnionSearchFilter
from unions.kit.filters import FlagFilter, YearFilter
from unions.kit.links import page_of
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, NumberColumn, StateColumn
from unions.kit.workbooks import Out, write_table
from unions.models import User
from unions.permissions import Permission


class MeetingFilters(MiddleFilters):
    q = UnionSearchFilter(label=_("Find"), placeholder=_("Union or title"), also="title")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=MeetingKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=MeetingState.choices)
    year = YearFilter("held_on", back=12, ahead=1)
    union = UnionFilter(label=_("Union"))
    held = FlagFilter(label=_("Whether held"), choice=_("Only those that were held"), method="only_held")
    assembly = FlagFilter(label=_("Assemblies"), choice=_("Only congresses and assemblies"), method="only_assemblies")
    quorum = FlagFilter(label=_("Quorum"), choice=_("Went on without a quorum"), method="without_quorum")
    see = Permission.ASSEMBLY_VIEW
    primary = ("q", "kind", "state", "year", "middle")

    class Meta:
        model = Meeting
        fields = []

    def only_held(self, queryset, name, value):
        return queryset.held()

    def only_assemblies(self, queryset, name, value):
        return queryset.assemblies()

    def without_quorum(self, queryset, name, value):
        return queryset.exclude(override_reason="")


class MeetingTable(ListTable):
    title = LinkColumn(
        _("Meeting"), url=page_of("assemblies:meeting"), orderable=False,
        note=lambda record: record.union.name,
    )  # fmt: skip
    kind = Column(_("Kind"), accessor="get_kind_display", order_by="kind")
    state = StateColumn(_("State"))
    held_on = DayColumn(_("Day"))
    due_count = NumberColumn(_("Due"))
    present_count = NumberColumn(_("Present"))
    middle = Column(_("Street or industry"), accessor="middle__name", order_by="middle__pinyin")

    reads = (
        "title", "kind", "state", "held_on", "due_count", "present_count", "union__name", "middle__name",
    )  # fmt: skip

    caption = _("Meetings")
    empty_title = _("No meetings yet")
    empty_text = _("They appear here as soon as a union begins to plan one.")

    def counted(self, count: int) -> str:
        return ngettext("%(count)s meeting", "%(count)s meetings", count) % {
            "count": number_format(count, force_grouping=True)
        }

    def value_title(self, record):
        return f"{record.union.name} {record.title}"


def visible_meetings(user: User) -> QuerySet:
    """All meetings in a person's scope, the newest first."""
    return Meeting.objects.visible_to(user, Permission.ASSEMBLY_VIEW).select_related("union", "middle")


def attendance_workbook(meeting: Meeting) -> bytes:
    """Everybody due and all guests, with presence, time and way; the lead lines say what the quorum was."""
    columns = [
        Out(_text("No."), "int", 8), Out(_text("Name"), width=12), Out(_text("Department or group"), width=18), Out(_text("Post"), width=18),
        Out(_text("Standing"), width=10), Out(_text("Presence"), width=12), Out(_text("Signed in at"), "moment", 18),
        Out(_text("How"), width=22), Out(_text("Recorded by"), width=12), Out(_text("Reason of the absence"), width=24),
        Out(_text("Signature"), width=18),
    ]  # fmt: skip
    rows = (
        [
            each.number, each.name, each.group, each.post, _text("due") if each.has_vote else _text("guest"),
            each.get_presence_display(), each.signed_at, each.get_signed_how_display() if each.signed_how else "",
            str(each.signed_by or ""), each.note, "",
        ]
        for each in meeting.attendees.select_related("signed_by").order_by("number")
    )  # fmt: skip
    found = quorum_of(meeting)
    lead = [
        _text("%(union)s, %(day)s, %(place)s") % {"union": meeting.union.name, "day": meeting.held_on, "place": meeting.place},
        _text("Due %(due)d, present %(present)d, needed %(needed)d") % {"due": found.due, "present": found.present, "needed": found.needed},
    ]  # fmt: skip
    with write_table(rows, columns, sheet=_text("Attendance"), title=meeting.title, lead=lead) as file:
        return file.read()
