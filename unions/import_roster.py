"""How confirmed rows of a roster become unions, level by level and in bulk, and how they are taken back."""

from collections import Counter
from collections.abc import Callable
from datetime import date

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from unions.enums import RowState, UnionKind
from unions.importing import Stale, fresh_statistics
from unions.imports import FIELDS
from unions.kit.bulk import update_rows
from unions.kit.registry import Registry
from unions.models import Event, ImportBatch, ImportRow, Union, User
from unions.permissions import Permission
from unions.services import after_edit, carry_along
from unions.wall import system

DATES = ("founded_on", "term_started_on")
NAMING = {"code", "name", "employer_name", "credit_code"}  # what a union is found by (Union.derive)
BULK = 500
# What upper floors made out of the cards alone and take back before unions are removed, called with their ids.
before_removal: Registry[Callable[[list[int]], None]] = Registry("what goes before unions are removed")


def _typed(values: dict) -> dict:
    """Values as the model holds them, out of a row's JSON."""
    return {
        name: date.fromisoformat(value) if name in DATES and isinstance(value, str) else value
        for name, value in values.items()
        if name in FIELDS
    }


def apply_roster(batch: ImportBatch, user: User, progress: Callable) -> dict:
    """Create the new unions, superiors first, and change the known ones; one event each. Raises Stale."""
    rows = list(batch.rows.filter(state__in=[RowState.NEW, RowState.CHANGED]).order_by("number"))
    new = [row for row in rows if row.state == RowState.NEW]
    changed = [row for row in rows if row.state == RowState.CHANGED]
    unions = _locked(changed)
    above = _superiors(rows, new)
    _recheck(user, new, changed, unions, above)
    progress(0, len(rows), "write")
    _create(batch, new, above, lambda done: progress(done, len(rows)))
    moved = _change(changed, unions, above)
    _record(batch, user, new, changed, unions, above)
    _carry_along(moved)
    fresh_statistics(Union, Event)
    _mark_applied(batch)
    applied = list(batch.rows.filter(is_applied=True).values_list("object_id", flat=True))
    for follow in after_edit:
        follow(applied)
    progress(len(rows), len(rows))
    return {"created": len(new), "changed": len(changed), "moved": len(moved)}


def _locked(changed: list[ImportRow]) -> dict[int, Union]:
    ids = [row.object_id for row in changed]
    return {u.pk: u for u in Union.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")}


def _superiors(rows: list[ImportRow], new: list[ImportRow]) -> dict[str, Union]:
    """Code → union, for every superior that the register has already."""
    codes = {row.values.get("parent_code") for row in rows} | {row.values["code"] for row in new}
    with system("looks for codes that are taken"):
        return {union.code: union for union in Union.objects.filter(code__in=codes - {None})}


def _recheck(
    user: User, new: list[ImportRow], changed: list[ImportRow], unions: dict[int, Union], above: dict[str, Union]
) -> None:
    """What the preview rested on still holds: revisions, free codes, superiors, and the person's scope."""
    scope = user.scope(Permission.UNION_IMPORT)
    coming = {row.values["code"] for row in new}
    for row in changed:
        union = unions.get(row.object_id)
        if union is None or union.revision != row.revision or not scope.covers(union):
            raise Stale
    for row in new:
        parent = row.values.get("parent_code")
        if row.values["code"] in above:
            raise Stale
        if parent is None and row.values["kind"] != UnionKind.DISTRICT:
            raise Stale
        if parent in above and not scope.covers(above[parent]):
            raise Stale
    for row in [*new, *changed]:
        parent = row.values.get("parent_code")
        if parent and parent not in above and parent not in coming:
            raise Stale
    if any(not union.is_active for union in above.values()):
        raise Stale


def _create(batch: ImportBatch, new: list[ImportRow], above: dict[str, Union], report: Callable) -> None:
    waiting, done = new, 0
    while waiting:
        ready = [row for row in waiting if not row.values.get("parent_code") or row.values["parent_code"] in above]
        if not ready:
            raise Stale
        made = []
        for row in ready:
            union = Union(**_typed(row.full_values), parent=above.get(row.values.get("parent_code")))
            union.derive()
            made.append(union)
        for start in range(0, len(made), BULK):
            Union.objects.bulk_create(made[start : start + BULK])
            if start < 2 * BULK:  # the tree's trigger looks up each superior
                fresh_statistics(Union)
            report(done + start)
        above.update({union.code: union for union in made})
        done += len(made)
        report(done)
        seen = {row.pk for row in ready}
        waiting = [row for row in waiting if row.pk not in seen]


def _change(changed: list[ImportRow], unions: dict[int, Union], above: dict[str, Union]) -> list[Union]:
    """Write the changed cards; returns the unions that hang elsewhere now."""
    names: set[str] = set()
    moved, now = [], timezone.now()
    for row in changed:
        given = row.full_values
        union, values = unions[row.object_id], _typed({k: given[k] for k in row.changes if k in given})
        if "name" in values and union.name not in union.former_names:
            union.former_names = [*union.former_names, union.name]
        for name, value in values.items():
            setattr(union, name, value)
        names |= values.keys()
        if "parent_code" in row.changes:
            union.parent = above[row.values["parent_code"]]
            moved.append(union)
        union.revision += 1
        union.updated_at = now
        if NAMING & values.keys():
            union.derive()
    _write(list(unions.values()), names - {"kind"})
    # The tree's trigger looks at kind and parent: only rows that change them are sent through it.
    turned = [unions[row.object_id] for row in changed if "kind" in row.changes]
    update_rows(turned, ["kind"])
    update_rows(moved, ["parent"])
    return moved


def _write(unions: list[Union], names: set[str]) -> None:
    derived = {"pinyin", "search_text", "former_names"} if NAMING & names else set()
    update_rows(unions, sorted(names | derived | {"revision", "updated_at"}))


def _carry_along(moved: list[Union]) -> None:
    """Their records and totals follow; in memory the unions are still where they hung before."""
    if moved:
        now = Union.objects.filter(pk__in=[union.pk for union in moved]).only("path", "middle")
        carry_along(list(now), {union.middle_id for union in moved})


def _record(
    batch: ImportBatch, user: User, new: list[ImportRow], changed: list[ImportRow], unions: dict[int, Union],
    above: dict[str, Union],
) -> None:  # fmt: skip
    """An event for each union. That of a new one belongs to the superior that took it in: it outlives an undone import."""
    parents = {row.values["code"]: row.values.get("parent_code") for row in new}

    def owner(code: str) -> int:
        while parents.get(code):
            code = parents[code]
        return batch.union_id if code in parents else above[code].pk

    events = [
        Event(
            union_id=owner(row.values["code"]), action="union.import", model="unions.Union", by=user,
            object_id=above[row.values["code"]].pk, data={"batch": batch.pk, "row": row.number, "new": True},
        )
        for row in new
    ]  # fmt: skip
    events += [
        Event(
            union_id=row.object_id, action="union.import", model="unions.Union", object_id=row.object_id, by=user,
            data={"batch": batch.pk, "row": row.number, "changes": _without_code(row.changes)},
        )
        for row in changed
    ]  # fmt: skip
    Event.objects.bulk_create(events, batch_size=2000)


def _without_code(changes: dict) -> dict:
    return {name: change for name, change in changes.items() if name != "parent_code"}


def _mark_applied(batch: ImportBatch) -> None:
    """Each row remembers its union and the revision it left it at; by code, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE unions_importrow r SET is_applied = true, object_id = u.id, revision = u.revision "
            "FROM unions_union u WHERE r.batch_id = %s AND r.state IN ('new', 'changed') AND u.code = r.values->>'code'",
            [batch.pk],
        )


# --- undo --------------------------------------------------------------------------------------------------------


def undo_roster(batch: ImportBatch, user: User, progress: Callable) -> list[str]:
    """Remove the created unions and restore the changed ones, unless something has come of them since."""
    rows = list(batch.rows.filter(is_applied=True).order_by("number"))
    new = {row.object_id: row for row in rows if row.state == RowState.NEW}
    changed = {row.object_id: row for row in rows if row.state == RowState.CHANGED}
    locked = Union.objects.select_for_update(no_key=True).order_by("pk").in_bulk([*new, *changed])
    scope = user.scope(Permission.UNION_IMPORT)
    blockers = [
        _("Row %(row)s: “%(name)s” was changed since.") % {"row": row.number, "name": row.label}
        for pk, row in {**new, **changed}.items()
        if pk not in locked or locked[pk].revision != row.revision or not scope.covers(locked[pk])
    ]
    for take_back in before_removal:
        take_back(list(new))
    blockers += [
        _("Row %(row)s: “%(name)s” has %(what)s (%(count)s).")
        % {"row": new[pk].number, "name": new[pk].label, "what": what, "count": count}
        for pk, what, count in _hanging(list(new))
    ]
    if blockers:
        return blockers
    parents = Union.objects.in_bulk(
        {row.before["parent_code"] for row in changed.values() if "parent_code" in row.changes}, field_name="code"
    )
    _restore(changed, locked, parents)
    for follow in after_edit:
        follow(list(changed))
    removed = Union.objects.filter(pk__in=list(new))
    owners = dict(removed.exclude(parent__in=list(new)).values_list("pk", "parent"))
    _record_undo(batch, user, list(changed), list(new), owners)
    with connection.cursor() as cursor:  # one statement: children and parents go together
        cursor.execute("DELETE FROM unions_union WHERE id = ANY(%s)", [list(new)])
    progress(len(rows), len(rows))
    return []


def _hanging(ids: list[int]) -> list[tuple[int, str, int]]:
    """Records that belong to these unions, other than each other: (union, what, how many)."""
    found = []
    for relation in Union._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        if name == "middle" or not relation.field.concrete or model._meta.proxy:
            continue
        rows = model._base_manager.filter(**{f"{name}__in": ids})
        if model is Union:
            rows = rows.exclude(pk__in=ids)
        with system("looks for whatever hangs on a union"):
            counts = Counter(rows.values_list(f"{name}_id" if relation.field.many_to_one else name, flat=True))
        found += [(pk, str(model._meta.verbose_name), count) for pk, count in counts.items()]
    return sorted(found)


def _restore(changed: dict[int, ImportRow], unions: dict[int, Union], parents: dict[str, Union]) -> None:
    names: set[str] = set()
    moved, now = [], timezone.now()
    for pk, row in changed.items():
        union, held = unions[pk], row.full_before
        before = _typed({name: held[name] for name in row.changes if name in held})
        for name, value in before.items():
            setattr(union, name, value)
        names |= before.keys()
        if "name" in before:
            union.former_names = [name for name in union.former_names if name != union.name]
        if "parent_code" in row.changes:
            union.parent = parents[row.before["parent_code"]]
            moved.append(union)
        union.revision, union.updated_at = union.revision + 1, now
        if NAMING & before.keys():
            union.derive()
    restored = [unions[pk] for pk in changed]
    _write(restored, names - {"kind"})
    if "kind" in names:
        update_rows(restored, ["kind"])
    update_rows(moved, ["parent"])
    _carry_along(moved)


def _record_undo(batch: ImportBatch, user: User, changed: list[int], new: list[int], owners: dict[int, int]) -> None:
    events = [
        Event(
            union_id=pk,
            action="union.import_undo",
            model="unions.Union",
            object_id=pk,
            by=user,
            data={"batch": batch.pk},
        )
        for pk in changed
    ]
    events += [
        Event(
            union_id=owners.get(pk) or batch.union_id, action="union.import_undo", model="unions.Union", object_id=pk, by=user,
            data={"batch": batch.pk},
        )
        for pk in new
    ]  # fmt: skip
    Event.objects.bulk_create(events, batch_size=2000)
