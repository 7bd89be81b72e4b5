"""Writes that cross aggregates: appointments with their grants, edits with their history, moves in the tree."""

from collections.abc import Callable, Iterable
from datetime import date

from django.contrib.auth.models import Permission as PermissionRow
from django.db import connection, connections, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from unions.duties import refresh_moved
from unions.enums import EventResult, SessionEnd
from unions.kit.registry import Registry
from unions.models import Event, RoleAssignment, Session, Union, UnionGrant, User
from unions.policies import walled
from unions.roles import ROLES
from unions.wall import system
from unions.workflow import Invalid, demand_unchanged

# What follows a move, called with the unions as they stand now and the middle-tier unions they left and joined.
after_move: Registry[Callable[[list[Union], set[int | None]], None]] = Registry("what follows a move")
after_move.add("duty totals", refresh_moved)
# What follows a change of cards, by hand or by import, called with the ids of the unions.
after_edit: Registry[Callable[[list[int]], None]] = Registry("what follows a change of cards")


@transaction.atomic
def appoint(
    *, user: User, role: str, union: Union, by: User | None, starts_on: date | None = None, ends_on: date | None = None,
    reason: str = "",
) -> RoleAssignment:  # fmt: skip
    """Give a person a role at a union, and with it the grants that the role's permissions mean there."""
    if ROLES[role].tier != union.tier:
        raise Invalid(
            _("This role is not held at a union of this tier."), {"role": _("Choose a role of the union's tier.")}
        )
    assignment = RoleAssignment(
        user=user,
        role=role,
        union=union,
        given_by=by,
        starts_on=starts_on or timezone.localdate(),
        ends_on=ends_on,
        reason=reason,
    )
    with system("asks which offices a person holds"):  # some exclude each other, wherever they are held
        assignment.full_clean(exclude=["middle", "given_by"])
    assignment.save()
    write_grants([assignment])
    Session.objects.filter(user=user).end(SessionEnd.POST)
    record(union, "assignment.give", assignment, by=by, reason=reason, data={"role": role, "user": user.name})
    return assignment


def write_grants(assignments: list[RoleAssignment]) -> None:
    """The guardian rows of these appointments; the only place that makes any."""
    rows = {
        row.codename: row
        for row in PermissionRow.objects.filter(content_type__app_label="unions", content_type__model="union")
    }
    UnionGrant.objects.bulk_create(
        UnionGrant(
            user_id=a.user_id, permission=rows[permission], content_object_id=a.union_id, assignment=a,
            starts_on=a.starts_on, ends_on=a.ends_on,
        )
        for a in assignments
        for permission in sorted(ROLES[a.role].permissions)
    )  # fmt: skip


def settle_grants(using: str = "default") -> None:
    """Give appointments that are not withdrawn the grants that their role lacks, and take away those it lost."""
    meant = [(role.key, str(permission)) for role in ROLES.values() for permission in sorted(role.permissions)]
    roles, codenames = [role for role, _codename in meant], [codename for _role, codename in meant]
    with connections[using].cursor() as cursor:
        cursor.execute(
            "WITH meant AS (SELECT given.role, p.id AS permission_id FROM unnest(%s::text[], %s::text[]) AS given(role, codename) "
            "JOIN auth_permission p ON p.codename = given.codename JOIN django_content_type c ON c.id = p.content_type_id "
            "AND c.app_label = 'unions' AND c.model = 'union'), lost AS (DELETE FROM unions_uniongrant g "
            "USING unions_roleassignment a WHERE a.id = g.assignment_id AND NOT EXISTS "
            "(SELECT FROM meant m WHERE m.role = a.role AND m.permission_id = g.permission_id)) "
            "INSERT INTO unions_uniongrant (user_id, permission_id, content_object_id, assignment_id, starts_on, ends_on) "
            "SELECT a.user_id, m.permission_id, a.union_id, a.id, a.starts_on, a.ends_on FROM unions_roleassignment a "
            "JOIN meant m ON m.role = a.role WHERE a.withdrawn_at IS NULL ON CONFLICT (assignment_id, permission_id) DO NOTHING",
            [roles, codenames],
        )


@transaction.atomic
def withdraw(assignment: RoleAssignment, *, by: User, reason: str) -> RoleAssignment:
    """End an appointment now; its grants go with it, the appointment stays on record."""
    if not reason.strip():
        raise Invalid(_("Say why."), {"reason": _("Say why the appointment ends.")})
    assignment.withdrawn_at, assignment.withdrawn_by = timezone.now(), by
    assignment.save(update_fields=["withdrawn_at", "withdrawn_by"])
    assignment.grants.all().delete()
    Session.objects.filter(user=assignment.user_id).end(SessionEnd.POST)
    data = {"role": assignment.role, "user": assignment.user.name}
    record(assignment.union, "assignment.withdraw", assignment, by=by, reason=reason, data=data)
    return assignment


def record(
    union: Union, action: str, obj, *, by: User | None, reason: str = "", data: dict | None = None,
    result: str = EventResult.DONE,
) -> Event:  # fmt: skip
    """Append an event, in the caller's transaction."""
    return Event.objects.create(
        union=union, action=action, model=obj._meta.label, object_id=obj.pk, by=by, reason=reason, data=data or {},
        result=result,
    )  # fmt: skip


def differences(before: dict, after: dict) -> dict[str, list]:
    """field → [old, new] for what changed, as JSON can hold it."""
    plain = lambda value: value if isinstance(value, (int, float, bool, list, type(None))) else str(value)  # noqa: E731
    return {name: [plain(before[name]), plain(value)] for name, value in after.items() if before.get(name) != value}


@transaction.atomic
def edit_union(union: Union, values: dict, *, by: User, revision: int | None = None, reason: str = "") -> Union:
    """Change a union's card; who changed what is kept. A renamed union stays findable by its former name."""
    current = Union.objects.select_for_update(of=("self",), no_key=True).get(pk=union.pk)
    demand_unchanged(current, revision)
    changes = differences({name: getattr(current, name) for name in values}, values)
    if not changes:
        return current
    for name in changes:
        setattr(current, name, values[name])
    if "name" in changes and "former_names" not in values and changes["name"][0] not in current.former_names:
        current.former_names = [*current.former_names, changes["name"][0]]
    current.revision += 1
    current.full_clean(exclude=["path", "middle"])
    current.save()
    record(current, "union.edit", current, by=by, reason=reason, data={"changes": changes})
    for follow in after_edit:
        follow([current.pk])
    return current


@transaction.atomic
def move_union(union: Union, parent: Union, *, by: User, reason: str, undoes: Event | None = None) -> Union:
    """Hang a union with its subtree under another parent; its records are seen from there at once, totals of past
    periods stay as they were submitted. `undoes` is the earlier move that this one takes back."""
    if not reason.strip():
        raise Invalid(_("Say why."), {"reason": _("Name the document or the reason of the move.")})
    current = Union.objects.select_for_update(of=("self",), no_key=True).get(pk=union.pk)
    if parent.path == current.path or parent.path.startswith(current.path + "."):
        raise Invalid(_("A union cannot hang below itself."), {"parent": _("A union cannot hang below itself.")})
    before, left = current.parent, current.middle_id
    current.parent, current.revision = parent, current.revision + 1
    current.save()
    current.refresh_from_db()
    carry_along([current], {left})
    data = {"changes": {"parent": [str(before), str(parent)]}, "from": before.pk, "to": parent.pk}
    action = "union.move_undo" if undoes else "union.move"
    record(current, action, current, by=by, reason=reason, data=data | ({"undoes": undoes.pk} if undoes else {}))
    return current


def carry_along(moved: list[Union], left: set[int | None]) -> None:
    """All that hangs on unions that have just moved: their records, and the totals of the periods still running."""
    retag(moved)
    for follow in after_move:
        follow(moved, left | {union.middle_id for union in moved})


def retag(unions: Iterable[Union]) -> None:
    """Write the middle-tier union anew on every record of these subtrees, one statement a table. A record that moves
    belongs to two branches at once, so the system writes."""
    paths = [union.path for union in unions]
    for model, column in owned_models():
        table = connection.ops.quote_name(model._meta.db_table)
        with system("carries records along with their union"), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET middle_id = u.middle_id FROM unions_union u "
                f"WHERE u.id = {table}.{column} AND u.path <@ ANY(%s::ltree[]) AND {table}.middle_id IS DISTINCT FROM u.middle_id",
                [paths],
            )


def owned_models() -> list[tuple[type[Model], str]]:
    """Every model whose rows belong to a union, with the column that says to which; a record before its parts."""
    from django.apps import apps

    walls = ((model, walled(model)) for model in apps.get_models())
    return [(model, wall.union) for model, wall in walls if wall and not wall.person and model is not Union]
