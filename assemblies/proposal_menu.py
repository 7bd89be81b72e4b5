"""What delegates and proposals bring to the menu, the workbench and a union's page."""

from collections.abc import Iterable

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assemblies.delegates import gap_of
from assemblies.menu import ASSEMBLIES, TAB
from assemblies.models import Delegate, Proposal, Term
from assemblies.proposal_lists import Queue, figure
from unions.dashboards import Board
from unions.kit.links import link
from unions.kit.registry import Card, MenuItem, menu, union_cards
from unions.permissions import Permission
from unions.workbench import Todo, Workbench, todos

HANDLE, SEE = Permission.PROPOSAL_HANDLE, Permission.PROPOSAL_VIEW
COUNTED = ("open", "overdue", "judged", "in_time", "marked", "satisfied", "unmarked")
STEPS = (
    ("screen", gettext_lazy("Proposals to screen")),
    ("assign", gettext_lazy("Proposals to hand over")),
    ("above", gettext_lazy("Proposals passed up to us")),
)


def proposal_todos(bench: Workbench) -> Iterable[Todo]:
    """What waits for whoever handles proposals, and answers of the union's own people that are overdue."""
    if not bench.user.has_perm(HANDLE):
        return
    queue = Queue(bench.user)
    counts = queue.counts()
    for tab, title in STEPS:
        if counts[tab]:
            first = queue.rows(tab).first()
            yield _todo(bench, str(title), tab, counts[tab], first)
    if counts["late"]:
        first = queue.rows("handling").first()
        yield _todo(bench, _("Answers to proposals overdue"), "handling", counts["late"], first)


def _todo(bench: Workbench, title: str, tab: str, count: int, first: Proposal) -> Todo:
    tag = (ngettext("%(count)d proposal", "%(count)d proposals", count) % {"count": count}, "info", "message-square")
    return Todo(
        title=title, text=_("the most urgent: %(title)s") % {"title": first}, action=_("Handle"),
        url=f"{reverse('assemblies:proposal-queue')}?tab={tab}", due=first.due_on, tag=tag,
        is_overdue=bool(first.due_on and first.due_on < bench.today),
    )  # fmt: skip


def by_election_todos(bench: Workbench) -> Iterable[Todo]:
    """Too many delegates of one's own union are missing."""
    if not bench.user.has_perm(Permission.ASSEMBLY_EDIT):
        return
    terms = Term.objects.visible_to(bench.user, Permission.ASSEMBLY_EDIT).filter(ended_on=None)
    for term in terms.exclude(delegates=None).distinct().select_related("union"):
        if gap := gap_of(term, bench.today):
            words = _("%(missing)d of %(seats)d delegates are missing.") % {"missing": gap.missing, "seats": gap.seats}
            yield Todo(
                title=_("By-election of delegates"), text=words, url=reverse("assemblies:delegate-plan", args=[term.pk]),
                action=_("See the plan"), union=term.union, due=gap.due, is_overdue=gap.due < bench.today,
            )  # fmt: skip


def _place(board: Board) -> dict:
    """The filter of the lists behind the page's numbers, as narrow as the page."""
    if board.is_district:
        return {}
    return {"union": board.union.pk} if board.is_leaf else {"middle": board.union.pk}


def proposal_card(board: Board) -> dict | None:
    """Proposals of this year at a union or below it, each number with its rows."""
    year = timezone.localdate().year
    found = Proposal.objects.visible_to(board.user, SEE).filter(year=year, **_place(board)).order_by()
    counts = found.aggregate(all=Count("pk"), **{name: Count("pk", filter=figure(name)) for name in COUNTED})
    if not counts["all"]:
        return None
    base = {"year": year, **_links(board)}
    links = {name: link("assemblies:proposal-list", **base, figure=name) for name in COUNTED}
    return {"counts": counts, "links": {**links, "all": link("assemblies:proposal-list", **base)}, "year": year}


def _links(board: Board) -> dict:
    """A middle-tier union stands for its subtree where it can be chosen; its own people see no more anyhow."""
    return _place(board) if board.is_leaf or board.user.scope(SEE).everything else {}


def delegate_card(board: Board) -> dict | None:
    """Delegates in office; of one union also how many seats its plan has, and the gap."""
    today = timezone.localdate()
    serving = (
        Delegate.objects.visible_to(board.user, Permission.ASSEMBLY_VIEW).filter(**_place(board)).in_office(today)
    )
    counts = serving.order_by().aggregate(
        all=Count("pk"), women=Count("pk", filter=Q(sex="female")), front=Count("pk", filter=Q(work="front_line")),
        senior=Count("pk", filter=Q(is_senior=True)), unions=Count(F("union"), distinct=True),
    )  # fmt: skip
    if not counts["all"]:
        return None
    base = {"serving": 1, **_links(board)}
    links = {
        "all": link("assemblies:delegate-list", **base), "women": link("assemblies:delegate-list", **base, sex="female"),
        "front": link("assemblies:delegate-list", **base, work="front_line"),
        "senior": link("assemblies:delegate-list", **base, senior=1),
    }  # fmt: skip
    term = Term.objects.filter(union=board.union, ended_on=None).first() if board.is_leaf else None
    return {"counts": counts, "links": links, "term": term, "gap": gap_of(term, today) if term else None}


def register() -> None:
    """Called once when the app is ready."""
    todos.add("proposals", proposal_todos)
    todos.add("by-elections", by_election_todos)
    union_cards.add("proposals", Card("assemblies/cards/proposals.html", proposal_card, SEE, 60, tab=TAB))
    union_cards.add(
        "delegates", Card("assemblies/cards/delegates.html", delegate_card, Permission.ASSEMBLY_VIEW, 62, tab=TAB)
    )
    for key, item in {
        "proposals": MenuItem(gettext_lazy("Proposals"), "message-square", "assemblies:proposal-list", SEE, 340, ASSEMBLIES),
        "proposal-queue": MenuItem(
            gettext_lazy("Handling of proposals"), "message-square-reply", "assemblies:proposal-queue", HANDLE, 342, ASSEMBLIES,
        ),
        "delegates": MenuItem(gettext_lazy("Delegates"), "id-card", "assemblies:delegate-list", Permission.ASSEMBLY_VIEW, 304, ASSEMBLIES),
        "themes": MenuItem(
            gettext_lazy("Themes and templates"), "tags", "assemblies:theme-list", Permission.RULE_EDIT, order=906,
            group=gettext_lazy("Administration"),
        ),
    }.items():  # fmt: skip
        menu.add(f"assemblies.{key}", item)
