"""The scope: turns a person's grants into the cheapest condition on rows. The only place that does so.

The district sees everything, so no condition; the middle tier is one equality on `middle`; a grassroots union
one equality on `union`; a path only for a grassroots union that has unions below it. No grant, no rows.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from unions.enums import Tier, UnionKind
from unions.permissions import Permission, Reach

if TYPE_CHECKING:
    from unions.models import Union, User


@dataclass(frozen=True)
class Grant:
    """One permission at one union, in force today."""

    permission: Permission
    union_id: int
    kind: str
    path: str
    has_children: bool

    @property
    def tier(self) -> Tier:
        return UnionKind(self.kind).tier


@dataclass(frozen=True)
class Scope:
    """What the grants of one permission reach."""

    everything: bool = False
    middles: frozenset[int] = field(default_factory=frozenset)
    unions: frozenset[int] = field(default_factory=frozenset)
    paths: frozenset[str] = field(default_factory=frozenset)
    parents: frozenset[int] = field(default_factory=frozenset)
    below: frozenset[int] = field(default_factory=frozenset)  # middle-tier unions without themselves

    def __bool__(self) -> bool:
        return bool(self.everything or self.middles or self.unions or self.paths or self.parents or self.below)

    def condition(self, union: str, middle: str) -> Q | None:
        """The condition on rows whose union and middle-tier union are the given fields; None means all rows."""
        if self.everything:
            return None
        if not self:
            return Q(pk__in=[])
        path, parent = (f"{union}__path", f"{union}__parent") if union else ("path", "parent")
        terms = Q()
        for ids, name in ((self.middles, middle), (self.unions, union or "pk"), (self.parents, parent)):
            if len(ids) == 1:
                terms |= Q(**{name: next(iter(ids))})
            elif ids:
                terms |= Q(**{f"{name}__in": sorted(ids)})
        for superior in sorted(self.below):
            terms |= Q(**{middle: superior}) & ~Q(**{union or "pk": superior})
        for prefix in self.paths:
            terms |= Q(**{f"{path}__below": prefix})
        return terms

    def covers(self, union: "Union") -> bool:
        """Whether this one union is reached; the same rule as `condition`, without a query."""
        return (
            self.everything
            or union.middle_id in self.middles
            or union.pk in self.unions
            or union.parent_id in self.parents
            or (union.middle_id in self.below and union.pk != union.middle_id)
            or any(union.path == path or union.path.startswith(path + ".") for path in self.paths)
        )


NOTHING = Scope()


def build_scope(permission: Permission, grants: list[Grant]) -> Scope:
    """The scope of one permission out of a person's grants, each reaching as far as the permission says."""
    mine = [grant for grant in grants if grant.permission == permission]
    if permission.reach is Reach.OWN:
        return Scope(unions=frozenset(grant.union_id for grant in mine))
    if permission.reach is Reach.CHILDREN:
        # A middle-tier union reviews every grassroots union of its own, those below a federation included; the
        # district reviews the middle tier and does not skip it.
        return Scope(
            parents=frozenset(grant.union_id for grant in mine if grant.tier is not Tier.MIDDLE),
            below=frozenset(grant.union_id for grant in mine if grant.tier is Tier.MIDDLE),
        )
    return Scope(
        everything=any(grant.tier is Tier.DISTRICT for grant in mine),
        middles=frozenset(grant.union_id for grant in mine if grant.tier is Tier.MIDDLE),
        unions=frozenset(g.union_id for g in mine if g.tier is Tier.GRASSROOTS and not g.has_children),
        paths=frozenset(g.path for g in mine if g.tier is Tier.GRASSROOTS and g.has_children),
    )


def union_of(obj: models.Model) -> "Union":
    """The union a record belongs to; a union belongs to itself."""
    return obj if obj._meta.label == "unions.Union" else obj.union


class ScopedQuerySet(models.QuerySet):
    """Rows that belong to a union. Pages, counts, exports, files, search, API and jobs read through `visible_to`."""

    scope_union = "union"
    scope_middle = "middle"

    def visible_to(self, user: "User", permission: Permission):
        """The rows this person may reach with this permission today."""
        condition = user.scope(Permission(permission)).condition(self.scope_union, self.scope_middle)
        return self if condition is None else self.filter(condition)
