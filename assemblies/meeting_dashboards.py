"""What meetings bring to the workbench and to a union's page: the next step of one's own, decisions that wait, who met."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assemblies.duties import ASSEMBLY
from assemblies.enums import MatterState, MeetingState, VoteState
from assemblies.menu import TAB
from assemblies.models import Matter, Meeting, Vote
from assemblies.models.meetings import HELD
from unions.dashboards import Board
from unions.kit.links import link
from unions.kit.registry import Card, union_cards
from unions.kit.workbooks import Out
from unions.models import Duty, DutyTotal
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


@dataclass(frozen=True)
class Line:
    """A part of a whole, and the list of its rows."""

    label: str
    part: int
    whole: int
    href: str


def union_card(board: Board) -> dict:
    """A grassroots union's meetings of the year and whether its assembly is still due; above, the unions below in numbers."""
    year = timezone.localdate().year
    if not board.is_leaf:
        return {"year": year, "lines": lines_below(board)}
    rows = Meeting.objects.visible_to(board.user, Permission.ASSEMBLY_VIEW).in_year(year).standing()
    return {"year": year, "meetings": list(rows.filter(union=board.union)[:SHOWN]), "duty": _still_due(board, year)}


def _still_due(board: Board, year: int) -> Duty | None:
    duties = Duty.objects.visible_to(board.user, Permission.DUTY_VIEW).filter(union=board.union)
    return duties.filter(rule__key=ASSEMBLY, period=str(year)).outstanding().first()


def lines_below(board: Board) -> list[Line]:
    """Who met this year and who has not, out of the totals of the yearly duty; how many of those due came to the
    assemblies, and how many voted, each out of an index that holds nothing else."""
    year = timezone.localdate().year
    sees_all = board.user.scope(Permission.ASSEMBLY_VIEW).everything
    place = {"middle": board.union.pk} if sees_all and not board.is_district else {}
    here = {} if board.is_district else {"middle": board.union}
    meetings = Meeting.objects.visible_to(board.user, Permission.ASSEMBLY_VIEW).filter(**here).assemblies().held()
    came = meetings.in_year(year).order_by().aggregate(part=Sum("present_count"), whole=Sum("due_count"))
    votes = Vote.objects.visible_to(board.user, Permission.ASSEMBLY_VIEW).filter(**here).announced()
    voted = votes.in_year(year).order_by().aggregate(part=Sum("returned"), whole=Sum("due"))
    held = link("assemblies:meeting-list", year=year, held=1, assembly=1, **place)
    counted = link("assemblies:vote-list", year=year, state=VoteState.ANNOUNCED.value, **place)
    return [
        *_met(board, year),
        Line(_("Came to assemblies, of those due"), came["part"] or 0, came["whole"] or 0, held),
        Line(_("Ballots returned, of those due"), voted["part"] or 0, voted["whole"] or 0, counted),
    ]


def _met(board: Board, year: int) -> list[Line]:
    totals = DutyTotal.objects.visible_to(board.user, Permission.DUTY_VIEW)
    total = totals.filter(union=board.union, rule__key=ASSEMBLY, period=str(year)).first()
    if total is None:
        return []
    rows = partial(link, "unions:duty-list", rule=ASSEMBLY, period=year, **({} if board.is_district else board.place))
    missing = total.expected - total.submitted
    return [
        Line(_("Held their assembly"), total.accepted, total.expected, rows(figure="accepted")),
        Line(_("Have not met yet"), missing, total.expected, rows(figure="missing")),
    ]


def card_sheet(board: Board) -> tuple[str, list[Out], list[list]] | None:
    if board.is_leaf:
        return None
    columns = [Out(_("Figure"), width=28), Out(_("Number"), "int", 12), Out(_("Of"), "int", 12)]
    return _("Assemblies"), columns, [[line.label, line.part, line.whole] for line in lines_below(board)]


def register() -> None:
    """Called once when the app is ready."""
    todos.add("meetings.own", own_todos)
    todos.add("meetings.decide", decisions)
    todos.add("meetings.matters", matter_todos)
    view = Permission.ASSEMBLY_VIEW
    union_cards.add(
        "meetings", Card("assemblies/cards/meetings.html", union_card, view, 40, sheet=card_sheet, tab=TAB)
    )
