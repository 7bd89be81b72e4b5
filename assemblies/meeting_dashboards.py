"""What meetings bring to the workbench and to a union's page: the next step of one's own, decisions that wait, who met."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assemblies.duties import ASSEMBLY
from assemblies.enums import MatterState, MeetingState
from assemblies.menu import TAB
from assemblies.models import Matter, Meeting
from assemblies.models.meetings import HELD
from unions.dashboards import Board
from unions.kit.links import link
from unions.kit.registry import Card, union_cards
from unions.kit.workbooks import Out
from unions.models.duty import DutyTotal
from unions.permissions import Permission
from unions.templatetags.components import month_day
from unions.workbench import Todo, Workbench, todos

SHOWN = 5
S = MeetingState
NEXT = {
    S.PLANNED: (gettext_lazy("being planned"), gettext_lazy("Go on")),
    S.APPROVED: (gettext_lazy("approved: send the notice"), gettext_lazy("Send the notice")),
    S.CALLED: (gettext_lazy("called: sign-in on the day"), gettext_lazy("Look at it")),
    S.OPEN: (gettext_lazy("in session"), gettext_lazy("Go on")),
    S.CLOSED: (gettext_lazy("write the minutes and report the results"), gettext_lazy("Go on")),
    S.CONFIRMED: (gettext_lazy("results approved: publish them"), gettext_lazy("Publish")),
}  # fmt: skip


def own_todos(bench: Workbench) -> Iterable[Todo]:
    """The next step of each meeting that this person prepares."""
    if not bench.user.has_perm(Permission.ASSEMBLY_EDIT):
        return
    rows = Meeting.objects.visible_to(bench.user, Permission.ASSEMBLY_EDIT).filter(state__in=list(NEXT))
    for meeting in rows.select_related("union").order_by("held_on", "pk")[:SHOWN]:
        words, action = NEXT[MeetingState(meeting.state)]
        day = meeting.held_on if meeting.state not in HELD else bench.today
        yield Todo(
            title=meeting.title, text=f"{month_day(meeting.held_on)} · {words}", action=action, due=day,
            url=reverse("assemblies:meeting", args=[meeting.pk]), union=meeting.union,
            tag=(meeting.get_state_display(), "info", "presentation"),
        )  # fmt: skip


def decisions(bench: Workbench) -> Iterable[Todo]:
    """Plans and results that wait for this person's decision, by kind of decision."""
    if not bench.user.has_perm(Permission.ASSEMBLY_APPROVE):
        return
    waiting = Meeting.objects.visible_to(bench.user, Permission.ASSEMBLY_APPROVE).waiting_above()
    counts = waiting.order_by().aggregate(
        plans=Count("pk", filter=Q(state=S.REPORTED)), results=Count("pk", filter=Q(state=S.FILED))
    )
    for key, state, title in (
        ("plans", S.REPORTED, _("Meetings reported for approval")),
        ("results", S.FILED, _("Results of meetings to approve")),
    ):
        if count := counts[key]:
            yield Todo(
                title=title, text=_("The union waits for your reply."), action=_("Decide"), due=bench.today,
                url=link("assemblies:meeting-list", state=state.value),
                tag=(ngettext("%(count)d meeting", "%(count)d meetings", count) % {"count": count}, "info", "inbox"),
            )  # fmt: skip


def matter_todos(bench: Workbench) -> Iterable[Todo]:
    """Matters raised at symposiums that are due."""
    if not bench.user.has_perm(Permission.ASSEMBLY_EDIT):
        return
    rows = Matter.objects.visible_to(bench.user, Permission.ASSEMBLY_EDIT).filter(state=MatterState.OPEN)
    for matter in rows.select_related("union").order_by("due_on", "pk")[:SHOWN]:
        yield Todo(
            title=matter.title, text=_("Raised at a symposium; %(owner)s sees to it.") % {"owner": matter.owner},
            url=reverse("assemblies:matter", args=[matter.pk]), action=_("Answer to the matter"), union=matter.union, due=matter.due_on,
            is_overdue=bool(matter.days_late),
            tag=(_("due %(day)s") % {"day": month_day(matter.due_on)}, "bad" if matter.days_late else "mute", "clock"),
        )  # fmt: skip


def union_card(board: Board) -> dict | None:
    """A grassroots union's meetings of the year; above, how many unions held their assembly and published it, out of
    the totals of that duty."""
    year = timezone.localdate().year
    if board.is_leaf:
        rows = Meeting.objects.visible_to(board.user, Permission.ASSEMBLY_VIEW).in_year(year).standing()
        return {"year": year, "meetings": list(rows.filter(union=board.union)[:SHOWN]), "union": board.union}
    totals = DutyTotal.objects.visible_to(board.user, Permission.DUTY_VIEW)
    total = totals.filter(union=board.union, rule__key=ASSEMBLY, period=str(year)).first()
    if total is None:
        return None
    place = {} if board.is_district else {"middle": board.union.pk}
    href = link("unions:duty-list", rule=ASSEMBLY, period=year, figure="accepted", **place)
    return {"year": year, "href": href, "met": total.accepted, "expected": total.expected}


def card_sheet(board: Board) -> tuple[str, list[Out], list[list]] | None:
    found = union_card(board)
    if found is None or "met" not in found:
        return None
    columns = [Out(_("Year"), "int", 10), Out(_("Unions that met"), "int", 16), Out(_("Unions"), "int", 12)]
    return _("Assemblies"), columns, [[found["year"], found["met"], found["expected"]]]


def register() -> None:
    """Called once when the app is ready."""
    todos.add("meetings.own", own_todos)
    todos.add("meetings.decide", decisions)
    todos.add("meetings.matters", matter_todos)
    view = Permission.ASSEMBLY_VIEW
    union_cards.add(
        "meetings", Card("assemblies/cards/meetings.html", union_card, view, 40, sheet=card_sheet, tab=TAB)
    )
