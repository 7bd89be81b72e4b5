"""What appraisals bring to the menu, to the workbench and to a union's page."""

from collections.abc import Iterable

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assemblies.appraisals import previous_of
from assemblies.duties import APPRAISAL
from assemblies.enums import AppraisalState, ImprovementState
from assemblies.menu import ASSEMBLIES, TAB
from assemblies.models import Appraisal, Improvement
from assemblies.models.appraisals import AppraisalQuerySet
from unions.dashboards import Board
from unions.kit.links import link
from unions.kit.registry import Card, MenuItem, menu, union_cards
from unions.kit.workbooks import Out
from unions.models.duty import DutyTotal
from unions.permissions import Permission
from unions.templatetags.components import month_day
from unions.workbench import Todo, Waiting, Workbench, todos, waiting

SHOWN = 5
S = AppraisalState
NEXT = {
    S.RATED: (gettext_lazy("Publish to the members"), gettext_lazy("The result is announced.")),
    S.PUBLISHED: (gettext_lazy("Report to the tier above"), gettext_lazy("The result is published.")),
    S.APPROVED: (gettext_lazy("Go on improving"), gettext_lazy("Approved; the improvements are left.")),
}


def own_todos(bench: Workbench) -> Iterable[Todo]:
    """The next step of each of the union's own appraisals."""
    if not bench.user.has_perm(Permission.ASSEMBLY_SUBMIT):
        return
    rows = Appraisal.objects.visible_to(bench.user, Permission.ASSEMBLY_SUBMIT).filter(state__in=list(NEXT))
    for one in rows.select_related("union", "vote").order_by("held_on", "pk")[:SHOWN]:
        action, text = NEXT[AppraisalState(one.state)]
        yield Todo(
            title=str(one), text=str(text), action=str(action), url=reverse("assemblies:appraisal", args=[one.pk]),
            union=one.union, due=one.due_on or bench.today, is_overdue=one.is_late,
            tag=(_("due %(day)s") % {"day": month_day(one.due_on)}, "bad" if one.is_late else "mute", "clock") if one.due_on else None,
        )  # fmt: skip


def to_decide(bench: Workbench) -> Waiting | None:
    """Appraisals that wait for this person's answer."""
    if not bench.user.has_perm(Permission.ASSEMBLY_APPROVE):
        return None

    def said(count: int) -> Todo:
        return Todo(
            title=_("Appraisals reported to us"), text=_("The union waits for your reply."), action=_("Decide"),
            due=bench.today, url=link("assemblies:appraisal-list", state=S.REPORTED.value),
            tag=(ngettext("%(count)d appraisal", "%(count)d appraisals", count) % {"count": count}, "info", "inbox"),
        )  # fmt: skip

    reported = Appraisal.objects.visible_to(bench.user, Permission.ASSEMBLY_APPROVE).filter(state=S.REPORTED)
    return Waiting(reported, said)


def improvement_todos(bench: Workbench) -> Iterable[Todo]:
    """Improvements promised after an appraisal, the most urgent first."""
    if not bench.user.has_perm(Permission.ASSEMBLY_EDIT):
        return
    rows = Improvement.objects.visible_to(bench.user, Permission.ASSEMBLY_EDIT).open()
    for item in rows.select_related("union").order_by("due_on", "pk")[:SHOWN]:
        yield Todo(
            title=item.title, text=_("Promised after the appraisal; %(owner)s sees to it.") % {"owner": item.owner},
            url=reverse("assemblies:improvement", args=[item.pk]), action=_("See to it"), union=item.union, due=item.due_on,
            is_overdue=bool(item.days_late),
            tag=(_("due %(day)s") % {"day": month_day(item.due_on)}, "bad" if item.days_late else "mute", "clock"),
        )  # fmt: skip


def union_card(board: Board) -> dict | None:
    """A grassroots union's last appraisal beside the one before; of others how their unions stand this year."""
    year, rows = (
        timezone.localdate().year,
        Appraisal.objects.visible_to(board.user, Permission.ASSEMBLY_VIEW).standing(),
    )
    if board.is_leaf:
        last = rows.filter(union=board.union).select_related("vote").first()
        waiting = Improvement.objects.filter(appraisal__in=rows.filter(union=board.union))
        return {
            "year": year, "last": last, "before": previous_of(last) if last else None, "union": board.union,
            "open": waiting.open().count(), "overdue": waiting.overdue().count(),
        }  # fmt: skip
    return {"year": year, **_below(board, rows.in_year(year), year)}


def _below(board: Board, rows: AppraisalQuerySet, year: int) -> dict:
    """Each number with the list of what it counts; how many unions owe one is the duty's total."""
    totals = DutyTotal.objects.visible_to(board.user, Permission.DUTY_VIEW)
    total = totals.filter(union=board.union, rule__key=APPRAISAL, period=str(year)).first()
    items = Improvement.objects.visible_to(board.user, Permission.ASSEMBLY_VIEW)
    if not board.is_district:
        rows, items = (found.filter(middle=board.union) for found in (rows, items))
    counts = rows.order_by().aggregate(
        held=Count("union", distinct=True), told=Count("pk", filter=Q(state__in=(S.REPORTED, S.APPROVED, S.CLOSED))), all=Count("pk"),
        returned=Sum("returned_count"), due=Sum("due_count"), good=Sum("good_count"), valid=Sum("valid_count"),
        hard=Count("pk", filter=~Q(consequence="")),
    )  # fmt: skip
    sees_all = board.user.scope(Permission.ASSEMBLY_VIEW).everything
    place = {"middle": board.union.pk} if sees_all and not board.is_district else {}
    here = {"year": year, "counted": 1, **place}
    return {
        **counts, "expected": total.expected if total else 0,
        "late": items.overdue().order_by().count(), "open": items.filter(state=ImprovementState.OPEN).order_by().count(),
        "links": {
            "all": link("assemblies:appraisal-list", **here), "told": link("assemblies:appraisal-list", told=1, **here),
            "late": link("assemblies:improvement-list", late=1, **place),
            "hard": link("assemblies:appraisal-list", hard=1, **here),
        },
    }  # fmt: skip


def card_sheet(board: Board) -> tuple[str, list[Out], list[list]] | None:
    found = union_card(board)
    if found is None or "held" not in found:
        return None
    heads = (
        _("Year"), _("Unions appraised"), _("Unions"), _("Reported above"), _("Satisfied and basically satisfied"), _("Valid answers"),
    )  # fmt: skip
    columns = [Out(head, "int", 14) for head in heads]
    row = [found["year"], found["held"], found["expected"], found["told"], found["good"], found["valid"]]
    return _("Democratic appraisals"), columns, [row]


def register() -> None:
    """Called once when the app is ready."""
    see = Permission.ASSEMBLY_VIEW
    menu.add(
        "assemblies.appraisals",
        MenuItem(gettext_lazy("Democratic appraisals"), "clipboard-check", "assemblies:appraisal-list", see, 325, ASSEMBLIES),
    )  # fmt: skip
    menu.add(
        "assemblies.appraisal-sheet",
        MenuItem(
            gettext_lazy("Appraisal sheet"), "clipboard-list", "assemblies:appraisal-sheet", Permission.RULE_EDIT, 907,
            gettext_lazy("Administration"),
        ),
    )  # fmt: skip
    todos.add("appraisals.own", own_todos)
    waiting.add("appraisals.decide", to_decide)
    todos.add("appraisals.improvements", improvement_todos)
    union_cards.add(
        "appraisals", Card("assemblies/cards/appraisals.html", union_card, see, 45, sheet=card_sheet, tab=TAB)
    )
