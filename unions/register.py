"""Writes to the register: a new union, undoing an edit, closing, merging, restoring; and who may write which field.

Trade Union Law, article 12: a union is formed, merged and dissolved with its superior's approval. So a union keeps
its own address, counts, chair and conditions; its name, code, kind, employer and term are its superior's to write.
"""

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unions.duties import demand_again, waive
from unions.enums import DutyState, Tier, UnionKind, UnionState
from unions.kit.sealed import EncryptedCharField
from unions.models import Duty, Event, RoleAssignment, Union, User
from unions.permissions import Permission
from unions.services import edit_union, move_union, record, withdraw
from unions.wall import system
from unions.workflow import MoveError, Transition, Workflow, demand_unchanged
from unions.workflow import register as register_workflow

IDENTITY = (
    "code", "name", "kind", "employer_name", "credit_code", "employer_nature", "industry", "founded_on",
    "term_started_on", "term_years",
)  # fmt: skip
OWN = (
    "address", "workers", "women_workers", "migrant_workers", "members", "women_members", "chair_name", "chair_sex",
    "chair_rank", "chair_engagement", "chair_phone", "has_place", "has_sign", "has_account", "has_audit_committee",
    "has_women_committee",
)  # fmt: skip


def may_write_identity(user: User, union: Union) -> bool:
    """Whether the person writes as the union's superior: the district, or the middle tier for what is below it."""
    scope = user.scope(Permission.UNION_EDIT)
    return scope.everything or (union.middle_id in scope.middles and union.middle_id != union.pk)


def may_add_below(user: User, union: Union) -> bool:
    """Whether the person may enter a new union below this one: the district's and the middle tier's staff."""
    scope = user.scope(Permission.UNION_EDIT)
    return union.is_active and (scope.everything or union.middle_id in scope.middles)


@dataclass(frozen=True)
class Link:
    """A page about a union that this person may open."""

    label: str
    icon: str
    url: str


def links(user: User, union: Union) -> list[Link]:
    """The register's pages for one union, in the order of use; only what the person may do now."""
    is_editor, is_mover = (user.has_perm(p, union) for p in (Permission.UNION_EDIT, Permission.UNION_MOVE))
    is_district = union.kind == UnionKind.DISTRICT
    may_go_back = is_mover and union.is_active and not is_district and last_move(union) is not None
    pages = (
        (is_editor and union.is_active, _("Edit the card"), "pencil", "union-edit"),
        (True, _("People"), "users", "union-people"),
        (True, _("Files"), "paperclip", "file-list"),
        (user.has_perm(Permission.EVENT_VIEW, union), _("Record of changes"), "history", "union-history"),
        (is_editor and may_add_below(user, union), _("New union below"), "plus", "union-add"),
        (is_mover and union.is_active and not is_district, _("Move"), "folder-tree", "union-move"),
        (may_go_back, _("Take the last move back"), "undo-2", "union-move-undo"),
        (is_mover and union.is_active and not is_district, _("Merge"), "merge", "union-merge"),
        (is_mover and union.is_active and not is_district, _("Dissolve"), "circle-slash", "union-dissolve"),
        (is_mover and not union.is_active, _("Restore"), "undo-2", "union-restore"),
    )
    return [
        Link(label, icon, reverse(f"unions:{name}", args=[union.pk])) for shown, label, icon, name in pages if shown
    ]


def kinds_below(parent: Union) -> list[UnionKind]:
    """What may hang under a union (the database refuses anything else)."""
    return list(Tier.MIDDLE.kinds if parent.kind == UnionKind.DISTRICT else Tier.GRASSROOTS.kinds)


def next_code(parent: Union) -> str:
    """The next free code below a union: the superior's code and a running number of four digits."""
    middle = parent if parent.tier is not Tier.GRASSROOTS else parent.middle
    width = len(middle.code) + (3 if parent.kind == UnionKind.DISTRICT else 4)
    prefix = middle.code[:6] if parent.kind == UnionKind.DISTRICT else middle.code
    width = 9 if parent.kind == UnionKind.DISTRICT else width
    taken = Union.objects.filter(code__startswith=prefix, code__regex=rf"^\d{{{width}}}$").order_by("-code")
    with system("looks for a free code"):
        last = taken.values_list("code", flat=True).first()
    return str(int(last) + 1).zfill(width) if last else prefix + "1".zfill(width - len(prefix))


@transaction.atomic
def add_union(parent: Union, values: dict, *, by: User, reason: str = "") -> Union:
    """A new union below a parent."""
    union = Union(parent=parent, **values)
    union.full_clean(exclude=["path", "middle"])
    union.save()
    record(union, "union.add", union, by=by, reason=reason.strip(), data={"parent": parent.name})
    return union


def may_undo(user: User, union: Union, event: Event) -> bool:
    """Whether every field that an edit changed is this person's to write."""
    writable = {*OWN, *IDENTITY} if may_write_identity(user, union) else set(OWN)
    return set(event.data.get("changes", {})) <= writable


@transaction.atomic
def undo_edit(event: Event, *, by: User) -> Union:
    """Write back what an edit changed, as a new edit; refused where a field has been changed again since. What the
    record keeps masked stays as it is."""
    union = Union.objects.select_for_update(of=("self",), no_key=True).get(pk=event.object_id)
    values = {}
    for name, (old, new) in event.data["changes"].items():
        field = Union._meta.get_field(name)
        if isinstance(field, EncryptedCharField):
            continue
        if field.value_to_string(union) != _as_string(field, new):
            raise MoveError(
                _("“%(field)s” has been changed again since; correct it on the card.") % {"field": field.verbose_name}
            )
        values[name] = _as_value(field, old)
    if not values:
        raise MoveError(
            _("The record keeps telephone numbers masked, so it cannot bring one back; enter it on the card.")
        )
    if "name" in values:
        values["former_names"] = [name for name in union.former_names if name != values["name"]]
    return edit_union(union, values, by=by, reason=_("Undone: edit of %(time)s") % {"time": _moment(event.at)})


def _as_value(field, stored):
    """A value out of an event's JSON, where a missing day stands as the word None."""
    return None if stored in (None, "None") and field.null else field.to_python(stored)


def _as_string(field, stored) -> str:
    probe = Union()
    setattr(probe, field.attname, _as_value(field, stored))
    return field.value_to_string(probe)


def _moment(at) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


# --- taking a move back ------------------------------------------------------------------------------------------


def last_move(union: Union) -> Event | None:
    """The move that brought the union where it hangs; None where it has not moved or the move was taken back."""
    moves = Event.objects.filter(
        model="unions.Union", object_id=union.pk, action__in=["union.move", "union.move_undo"]
    )
    last = moves.order_by("-pk").first()
    return last if last and last.action == "union.move" and "from" in last.data else None


def move_stands(user: User, union: Union, move: Event) -> str:
    """Why a move cannot be taken back, as a sentence; empty where nothing stands against it. It is for whoever may move
    the union, as the move itself was (Trade Union Law, article 12: with the superior's approval)."""
    former = Union.objects.visible_to(user, Permission.UNION_MOVE).filter(pk=move.data["from"]).first()
    if not union.is_active:
        return _("This union is closed. Restore it first.")
    if union.parent_id != move.data["to"]:
        return _("The union has been moved on since, by an import. Move it from where it hangs now.")
    if former is None or not former.is_active:
        return _("“%(name)s”, below which it hung, is closed. Move the union below another superior.") % {
            "name": move.data["changes"]["parent"][0]
        }
    if former.path.startswith(f"{union.path}."):
        return _("“%(name)s”, below which it hung, hangs below this union by now.") % {"name": former}
    if union.kind not in kinds_below(former):
        return _("A union of this kind cannot hang below “%(name)s” any more.") % {"name": former}
    return ""


@transaction.atomic
def undo_move(union: Union, *, by: User, revision: int, reason: str) -> Union:
    """Hang the union with all below it where it hung before its last move, as a move of its own."""
    current = Union.objects.select_for_update(of=("self",), no_key=True).get(pk=union.pk)
    demand_unchanged(current, revision)
    move = last_move(current)
    if problem := move_stands(by, current, move) if move else NOT_MOVED:
        raise MoveError(problem)
    return move_union(current, Union.objects.get(pk=move.data["from"]), by=by, reason=reason, undoes=move)


NOT_MOVED = gettext_lazy("There is no move to take back: the union has not moved, or the move was taken back already.")


# --- closing, merging, restoring ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Affected:
    """What a change of a union's place or state takes along."""

    unions: int
    people: int
    duties: int


def affected(union: Union) -> Affected:
    """Active unions below, people with an appointment and open duties, of the union and all below it."""
    inside = {"union__path__below": union.path}
    return Affected(
        Union.objects.active().below(union).exclude(pk=union.pk).count(),
        RoleAssignment.objects.in_force().filter(**inside).values("user").distinct().count(),
        Duty.objects.outstanding().filter(**inside).count(),
    )


def _is_no_district(union: Union, by: User) -> str | None:
    return _("The district federation itself cannot be closed.") if union.kind == UnionKind.DISTRICT else None


def _has_none_below(union: Union, by: User) -> str | None:
    if problem := _is_no_district(union, by):
        return problem
    below = union.children.active().count()
    if below:
        return _("%(n)s active unions hang below it. Move or close them first.") % {"n": below}
    return None


def _may_come_back(union: Union, by: User) -> str | None:
    if not union.parent.is_active:
        return _("Its superior union is closed. Restore that one first.")
    same = Union.objects.active().filter(kind=UnionKind.UNIT, credit_code=union.credit_code).exclude(pk=union.pk)
    if union.kind == UnionKind.UNIT and union.credit_code and (other := same.first()):
        return _("This employer has another active union by now: %(name)s.") % {"name": other.name}
    return None


def _close(union: Union, *, event: Event, by: User, due) -> None:
    """A closed union owes nothing more and nobody works for it; what it filed stays."""
    union.closed_on = timezone.localdate()
    duties = list(Duty.objects.filter(union=union, state__in=[DutyState.OPEN, DutyState.RETURNED]))
    for duty in duties:
        waive(duty, reason=event.reason, by=by)
    for assignment in RoleAssignment.objects.in_force().filter(union=union):
        withdraw(assignment, by=by, reason=event.reason)
    event.data = {**event.data, "duties": [duty.pk for duty in duties]}


def _merge(union: Union, *, event: Event, by: User, due) -> None:
    """The unions below go along; members and workers are for the other union's next return to say."""
    target = Union.objects.get(pk=event.data["into"])
    if target.pk == union.pk or not target.is_active or target.tier != union.tier:
        raise MoveError(_("A union can be merged only into another active union of the same tier."))
    if target.path.startswith(f"{union.path}."):
        raise MoveError(_("A union cannot be merged into one that hangs below it."))
    for child in union.children.all():
        move_union(child, target, by=by, reason=event.reason)
    union.merged_into = target
    _close(union, event=event, by=by, due=due)


def _restore(union: Union, *, event: Event, by: User, due) -> None:
    """Duties waived by the closing are demanded again. Appointments are not given back by themselves."""
    closing = Event.objects.filter(
        model="unions.Union", object_id=union.pk, action__in=["union.dissolve", "union.merge"]
    ).first()
    union.closed_on = union.merged_into = None
    for duty in Duty.objects.filter(pk__in=closing.data.get("duties", []) if closing else [], state=DutyState.WAIVED):
        demand_again(duty, by=by)


UNION = register_workflow(Workflow(Union))
_ACTIVE, _CLOSED = frozenset({UnionState.ACTIVE}), frozenset({UnionState.DISSOLVED, UnionState.MERGED})
_REASON = frozenset({"reason"})
UNION.add(
    Transition(
        "dissolve", gettext_lazy("Dissolve"), _ACTIVE, UnionState.DISSOLVED, Permission.UNION_MOVE, _REASON,
        guard=_has_none_below, effect=_close,
    ),
    Transition(
        "merge", gettext_lazy("Merge into another union"), _ACTIVE, UnionState.MERGED, Permission.UNION_MOVE, _REASON,
        guard=_is_no_district, effect=_merge,
    ),
    Transition(
        "restore", gettext_lazy("Restore"), _CLOSED, UnionState.ACTIVE, Permission.UNION_MOVE, _REASON,
        guard=_may_come_back, effect=_restore,
    ),
)  # fmt: skip
