"""Why somebody cannot see or do something: which right it takes, what their appointments reach, who can grant it.

Nothing here depends on the record that was asked for, so nothing tells whether it exists.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unions.kit.tracing import trace
from unions.models import RoleAssignment, Union, User
from unions.permissions import Permission, Reach
from unions.roles import ROLES, Role
from unions.wall import system

SHOWN = 20
REFUSED, HIDDEN, EMPTY = "refused", "hidden", "empty"
REACHES = {
    Reach.SUBTREE: gettext_lazy("the union itself and all unions below it"),
    Reach.CHILDREN: gettext_lazy("the unions directly subordinate, not the union itself"),
    Reach.OWN: gettext_lazy("the union itself alone"),
}


@dataclass(frozen=True)
class Post:
    """An appointment, whether it is in force, and how many unions it reaches."""

    assignment: RoleAssignment
    state: str  # in_force, later, ended
    below: int = 0
    holds: bool = False

    @property
    def last_day(self):
        ended = self.assignment.withdrawn_at
        return timezone.localdate(ended) if ended else self.assignment.ends_on


def right_of(name: str) -> Permission | None:
    return Permission(name) if name in set(Permission) else None


def missing(problem: object) -> Permission | None:
    """The right that a refusal names, or else the one that the view demands."""
    if named := right_of(str(problem or "")):
        trace().permission = named
    return right_of(trace().permission)


def address(why: str, right: str | None) -> str:
    """The page that explains; the same for every record, there or not."""
    return f"{reverse('unions:access')}?{urlencode({'why': why, **({'right': right} if right else {})})}"


def posts_of(user: User, right: Permission | None) -> list[Post]:
    """A person's appointments: those in force first, then what is to come, then what is over, latest first."""
    today, found = timezone.localdate(), []
    with system("reads all posts of one's own"):  # also those that are over, whose unions are out of reach
        posts = list(user.assignments.select_related("union").order_by("-starts_on", "-pk")[:SHOWN])
    for post in posts:
        is_over = post.withdrawn_at is not None or (post.ends_on is not None and post.ends_on < today)
        state = "ended" if is_over or not user.is_active else "later" if post.starts_on > today else "in_force"
        below = Union.objects.active().below(post.union).exclude(pk=post.union_id).count() if state != "ended" else 0
        found.append(Post(post, state, below, right in ROLES[post.role].permissions))
    return sorted(found, key=lambda post: ["in_force", "later", "ended"].index(post.state))


def roles_with(right: Permission | None) -> list[Role]:
    return [role for role in ROLES.values() if right in role.permissions]


def granters(user: User) -> list[RoleAssignment]:
    """Who can appoint the person: the account administrators of the union they work (or worked) for, or of the
    nearest union above that has any. By name and role; how to reach them is the federation's own directory."""
    with system("names who can grant a right"):
        return _granters(user)


def _granters(user: User) -> list[RoleAssignment]:
    last = user.assignments.select_related("union").order_by("-starts_on", "-pk").first()
    home = user.union or (last.union if last else Union.objects.filter(parent=None).first())
    if home is None:
        return []
    roles = [role.key for role in roles_with(Permission.ACCOUNT_MANAGE)]
    chain = [home, *reversed(home.ancestors())]
    found = (
        RoleAssignment.objects.in_force()
        .filter(union__in=chain, role__in=roles, user__is_active=True)
        .exclude(user=user)
        .select_related("user", "union")
        .order_by("role", "user__name", "pk")
    )
    by_union: dict[int, list[RoleAssignment]] = {}
    for post in found:
        by_union.setdefault(post.union_id, []).append(post)
    return next((by_union[union.pk] for union in chain if union.pk in by_union), [])


def sentence(user: User, right: Permission | None) -> str:
    """What is missing, in one sentence; the same on the page, in the fragment and in the API."""
    if not user.posts:
        return _without_appointment(user)
    roles = _(", ").join(f"{post.get_role_display()}（{post.union.name}）" for post in user.posts[:3])
    if right is None:
        return _("Your appointment does not include this: %(roles)s.") % {"roles": roles}
    if not any(right in ROLES[post.role].permissions for post in user.posts):
        return _("This needs the right “%(right)s”, which your appointment does not include: %(roles)s.") % {
            "right": right.label, "roles": roles,
        }  # fmt: skip
    return _("You hold the right “%(right)s”, but not for this: it reaches %(reach)s of %(roles)s.") % {
        "right": right.label, "reach": REACHES[right.reach], "roles": roles,
    }  # fmt: skip


def _without_appointment(user: User) -> str:
    posts = posts_of(user, None)
    if later := [post for post in posts if post.state == "later"]:
        day = later[0].assignment.starts_on
        return _("Your appointment begins on %(day)s; until then nothing is within your reach.") % {"day": day}
    if posts:
        return _("Your appointment ended on %(day)s; since then nothing is within your reach.") % {
            "day": posts[0].last_day
        }
    return _("Your account has no appointment, so nothing is within your reach.")
