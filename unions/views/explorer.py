"""The tree, opened level by level: twelve thousand unions never come at once."""

from dataclasses import dataclass, field

from django.http import HttpRequest
from django.shortcuts import render
from django.views.decorators.http import require_GET

from unions.access import fetch
from unions.enums import UnionKind
from unions.kit.http import is_fragment, requires
from unions.models import Union, User
from unions.permissions import Permission

LEVEL = 300

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
    """A union in the tree; `level` holds what is below it when it is open already."""

    union: Union
    is_found: bool = False
    level: "Level | None" = None

    @property
    def icon(self) -> str:
        return ICONS[UnionKind(self.union.kind)]


@dataclass
class Level:
    """The unions directly below one, the first few hundred of them; `next` is where the rest begins."""

    parent: Union
    nodes: list[Node] = field(default_factory=list)
    next: int = 0


def _visible(user: User):
    return Union.objects.visible_to(user, Permission.UNION_VIEW)


def _level(user: User, parent: Union, start: int = 0, found: Union | None = None) -> Level:
    """One query a level, whatever its length. A closed union shows only when somebody looks for it."""
    below = _visible(user).filter(parent=parent)
    below = below.active() | below.filter(pk=found.pk) if found else below.active()
    rows = list(below.with_tree_counts().order_by("pinyin", "pk")[start : start + LEVEL + 1])
    nodes = [Node(union, is_found=bool(found) and union.pk == found.pk) for union in rows[:LEVEL]]
    return Level(parent, nodes, start + LEVEL if len(rows) > LEVEL else 0)


def _tops(user: User) -> list[Union]:
    """Where this person's part of the tree begins; more than one place for somebody with several appointments."""
    scope = user.scope(Permission.UNION_VIEW)
    rows = _visible(user).with_tree_counts().order_by("path")
    if scope.everything:
        return list(rows.filter(kind=UnionKind.DISTRICT))
    ends = {int(path.rpartition(".")[2]) for path in scope.paths}
    tops: list[Union] = []
    for union in rows.filter(pk__in=scope.middles | scope.unions | ends):
        if not any(union.path.startswith(f"{above.path}.") for above in tops):
            tops.append(union)
    return tops


def _open_to(user: User, root: Node, found: Union) -> None:
    """Open the way from a root down to a union, one query a level."""
    node = root
    while node and node.union.pk != found.pk and found.path.startswith(f"{node.union.path}."):
        node.level = _level(user, node.union, found=found)
        node = next((n for n in node.level.nodes if f"{found.path}.".startswith(f"{n.union.path}.")), None)
    if node:
        node.is_found = node.union.pk == found.pk


@requires(Permission.UNION_VIEW)
@require_GET
def tree(request: HttpRequest):
    """The tree from the top of one's scope, from ?root=, or opened down to ?find=; for htmx one level of it."""
    user, root_id, find_id = request.user, request.GET.get("root", ""), request.GET.get("find", "")
    start = int(request.GET.get("start", "0")) if request.GET.get("start", "0").isdigit() else 0
    root = (
        fetch(Union.objects.with_tree_counts(), user, Permission.UNION_VIEW, pk=root_id) if root_id.isdigit() else None
    )
    if is_fragment(request) and root:
        return render(request, "unions/_tree_level.html", {"level": _level(user, root, start)})
    found = fetch(Union.objects, user, Permission.UNION_VIEW, pk=find_id) if find_id.isdigit() else None
    roots = [Node(union) for union in ([root] if root else _tops(user))]
    for node in roots:
        if found:
            _open_to(user, node, found)
        if node.level is None and (len(roots) == 1 or not found):
            node.level = _level(user, node.union, start)
    context = {"roots": roots, "root": root, "found": found, "is_empty": not any(n.union.child_count for n in roots)}
    return render(request, "unions/tree.html", context)
