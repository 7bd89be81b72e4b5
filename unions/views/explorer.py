"""The tree, opened level by level and page by page: twelve thousand unions never come at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from unions.access import fetch
from unions.enums import UnionKind, UnionState
from unions.kit.http import is_fragment, requires
from unions.kit.links import addresses
from unions.models import Union, User
from unions.permissions import Permission
from unions.templatetags.components import number

LEVEL = 50  # unions drawn at once; the rest of a level comes when it is asked for

ICONS = {
    UnionKind.DISTRICT: "landmark",
    UnionKind.STREET: "signpost",
    UnionKind.AREA: "map",
    UnionKind.ZONE: "layout-grid",
    UnionKind.INDUSTRY: "briefcase",
    UnionKind.UNIT: "building-2",
    UnionKind.JOINT: "blocks",
    UnionKind.COMMUNITY: "house",
    UnionKind.VILLAGE: "trees",
    UnionKind.BUILDING: "hotel",
    UnionKind.FEDERATED: "network",
}


@dataclass
class Node:
    """A union in the tree, with the words and addresses of its line; `level` holds what is below it when it is open
    already."""

    union: Union
    page: Callable[[int], str]  # the addresses of unions' pages, resolved once for the tree
    is_found: bool = False
    takes_focus: bool = False  # the first of those that somebody asked to see
    level: "Level | None" = None

    @property
    def pk(self) -> str:
        return str(self.union.pk)

    @property
    def href(self) -> str:
        return self.page(self.union.pk)

    @property
    def icon(self) -> str:
        return ICONS[UnionKind(self.union.kind)]

    @property
    def kind(self) -> str:
        return str(UnionKind(self.union.kind).label)

    @property
    def has_below(self) -> bool:
        return self.union.child_count > 0

    @property
    def counts(self) -> str:
        members = _("%(n)s members") % {"n": number(self.union.member_count)}
        below = _("%(n)s below") % {"n": number(self.union.child_count)}
        return f"{below} · {members}" if self.has_below else members

    @property
    def to_page(self) -> str:
        return _("Page of %(name)s") % {"name": self.union.name}

    @property
    def show_below(self) -> str:
        return _("Show the %(n)s unions below") % {"n": number(self.union.child_count)}


@dataclass
class Level:
    """The unions directly below one, a page of them."""

    parent: Union
    start: int = 0
    nodes: list[Node] = field(default_factory=list)
    has_later: bool = False

    @property
    def pk(self) -> str:
        return str(self.parent.pk)

    @property
    def later(self) -> str:
        """Where the page after this one begins, as its address says it; empty where this is the last."""
        return str(self.start + LEVEL) if self.has_later else ""

    @property
    def earlier(self) -> str:
        return str(max(self.start - LEVEL, 0)) if self.start else ""


@dataclass
class Tree:
    """The tree as one person may see it."""

    user: User

    @cached_property
    def page(self) -> Callable[[int], str]:
        return addresses("unions:union")

    @property
    def unions(self):
        """What a line of the tree tells and no more: a card has forty columns."""
        return self._visible.with_tree_counts().only("name", "kind", "state", "path", "parent")

    @property
    def _visible(self):
        return Union.objects.visible_to(self.user, Permission.UNION_VIEW)

    def tops(self) -> list[Union]:
        """Where this person's part begins; more than one place for somebody with several appointments."""
        scope = self.user.scope(Permission.UNION_VIEW)
        rows = self.unions.order_by("path")
        if scope.everything:
            return list(rows.filter(kind=UnionKind.DISTRICT))
        ends = {int(path.rpartition(".")[2]) for path in scope.paths}
        tops: list[Union] = []
        for union in rows.filter(pk__in=scope.middles | scope.unions | ends):
            if not any(union.path.startswith(f"{above.path}.") for above in tops):
                tops.append(union)
        return tops

    def level(self, parent: Union, start: int = 0, step: Union | None = None) -> Level:
        """One query a level, whatever its length; a second one finds the page on which `step` stands, the next union
        on the way to one looked for. A closed union shows only on such a way."""
        active = Q(state=UnionState.ACTIVE)
        if step:
            active |= Q(pk=step.pk)
            before = Q(pinyin__lt=step.pinyin) | Q(pinyin=step.pinyin, pk__lt=step.pk)
            start = self._visible.filter(active & before, parent=parent).count()
            start -= start % LEVEL
        rows = list(self.unions.filter(active, parent=parent).order_by("pinyin", "pk")[start : start + LEVEL + 1])
        return Level(parent, start, [Node(union, self.page) for union in rows[:LEVEL]], len(rows) > LEVEL)

    def open_to(self, root: Node, found: Union) -> None:
        """Open the way from a root down to a union, if it leads there."""
        steps = {union.parent_id: union for union in (*found.ancestors(), found)}
        node: Node | None = root
        while node and (step := steps.get(node.union.pk)):
            node.level = self.level(node.union, step=step)
            node = next((below for below in node.level.nodes if below.union.pk == step.pk), None)
        if node:
            node.is_found = node.union.pk == found.pk


def _asked(request: HttpRequest, name: str) -> int:
    """A whole number out of the address, 0 where there is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@requires(Permission.UNION_VIEW)
@require_GET
def tree(request: HttpRequest):
    """The tree from the top of one's scope, from ?root=, or opened down to ?find=; for htmx a page of one level of it,
    which takes the focus where it continues one that is shown (?on=)."""
    tree, start = Tree(request.user), _asked(request, "start")
    root_id, find_id = _asked(request, "root"), _asked(request, "find")
    root = (
        fetch(Union.objects.with_tree_counts(), request.user, Permission.UNION_VIEW, pk=root_id) if root_id else None
    )
    if is_fragment(request) and root:
        level = tree.level(root, start)
        if level.nodes:
            level.nodes[0].takes_focus = "on" in request.GET
        return render(request, "unions/_tree_level.html", {"level": level, "here": reverse("unions:tree")})
    found = fetch(Union.objects, request.user, Permission.UNION_VIEW, pk=find_id) if find_id else None
    roots = [Node(union, tree.page) for union in ([root] if root else tree.tops())]
    for node in roots:
        if found:
            tree.open_to(node, found)
        if node.level is None and (len(roots) == 1 or not found):
            node.level = tree.level(node.union, start)
    context = {"roots": roots, "root": root, "found": found, "here": reverse("unions:tree")}
    return render(request, "unions/tree.html", context)
