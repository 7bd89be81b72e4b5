"""The move: whatever is filed, reviewed, asked or rectified moves through a table of transitions.

`perform` is the only writer of a state. It locks the row, checks the expected revision, moves, writes the event and
calls what must follow, all in one transaction. Buttons, API actions and bulk actions are what `allowed` says.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _
from psycopg2.errorcodes import UNIQUE_VIOLATION

from unions.models import Event, User
from unions.permissions import Permission
from unions.policies import SYSTEM
from unions.wall import current as current_pass


class MoveError(Exception):
    """A move that cannot be made; its text is a sentence for the user that says what to do."""

    status = 409
    about: tuple[models.Model, str] | None = None  # the record and the name of the move, where `perform` refused it


class NotAllowed(MoveError):
    status = 403


class Conflict(MoveError):
    """Somebody else changed the record since it was read; `current` holds it as it is now."""

    def __init__(self, current: models.Model):
        super().__init__(_("Somebody changed this since you opened it. Compare the two versions and try again."))
        self.current = current


class Invalid(MoveError):
    """What was given with the move is not enough; `errors` maps field → sentence."""

    status = 422

    def __init__(self, message: str, errors: dict[str, str] | None = None):
        super().__init__(message)
        self.errors = errors or {}


def lost_race(problem: Exception) -> MoveError | None:
    """Two people made the same thing at the same moment and a unique constraint let one of them through: for the other
    that is a refusal, no failure."""
    if isinstance(problem, IntegrityError) and getattr(problem.__cause__, "pgcode", "") == UNIQUE_VIOLATION:
        return MoveError(
            _("Somebody saved the same at this very moment. Load the page anew and look at what is there now.")
        )
    return None


@dataclass(frozen=True)
class Transition:
    name: str
    label: str
    sources: frozenset[str]
    target: str  # empty: it stays where it is
    permission: Permission
    demands: frozenset[str] = frozenset()  # of: "reason", "due"
    guard: Callable[[models.Model, User], str | None] | None = None  # a sentence why not, or None
    effect: Callable[..., None] | None = None  # (obj, event, by, due), before the record is written
    after: Callable[[models.Model], None] | None = None  # once it is written, in the same transaction
    is_primary: bool = False
    meaning: str = ""  # what follows from it, for whoever is about to take it


@dataclass
class Workflow:
    """The transitions of one model; an app's workflow.py is a table of rows and nothing else."""

    model: type[models.Model]
    state_field: str = "state"
    transitions: dict[str, Transition] = field(default_factory=dict)

    def add(self, *rows: Transition) -> None:
        for row in rows:
            self.transitions[row.name] = row


WORKFLOWS: dict[str, Workflow] = {}


def register(workflow: Workflow) -> Workflow:
    WORKFLOWS[workflow.model._meta.label] = workflow
    return workflow


def workflow_of(obj: models.Model) -> Workflow:
    return WORKFLOWS[obj._meta.label]


class Movable(models.Model):
    """A record whose state only `perform` writes, with a revision that every change of content raises."""

    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        instance = super().from_db(db, field_names, values)
        instance._loaded_state = instance.__dict__.get("state")
        return instance

    def save(self, *args, **kwargs):
        loaded = getattr(self, "_loaded_state", None)
        if loaded is not None and loaded != self.state and not getattr(self, "_is_moving", False):
            raise RuntimeError("a state is written by unions.workflow.perform and by nothing else")
        super().save(*args, **kwargs)
        self._loaded_state = self.state


def may(by: User | None, permission: Permission, obj: models.Model) -> bool:
    """Nobody moves something only where the portal itself does, beyond every scope: for the clock, or for whoever holds a
    one-time link that names the record (`wall.system`)."""
    return current_pass().role == SYSTEM if by is None else by.has_perm(permission, obj)


def allowed(obj: models.Model, by: User) -> list[Transition]:
    """The transitions this person may make on this record now."""
    return [t for t in workflow_of(obj).transitions.values() if refusal(obj, t, by) is None]


def refusal(obj: models.Model, transition: Transition, by: User | None) -> MoveError | None:
    """Why the transition cannot be made now, or None."""
    if not may(by, transition.permission, obj):
        return NotAllowed(_("You may not do this for this union."))
    state = getattr(obj, workflow_of(obj).state_field)
    if state not in transition.sources:
        return MoveError(
            _("This has moved on in the meantime: it is now “%(state)s”. Reload the page.")
            % {"state": obj._get_FIELD_display(obj._meta.get_field(workflow_of(obj).state_field))}
        )
    why = transition.guard(obj, by) if transition.guard else None
    return MoveError(why) if why else None


def demand_unchanged(current: models.Model, revision: int | None) -> None:
    """Two who write the same record do not overwrite each other: raises Conflict where it is not, when read for the write,
    what the writer saw. Whoever names no `revision` did not look before."""
    if revision is not None and revision != current.revision:
        raise Conflict(current)


@contextlib.contextmanager
def _named(obj: models.Model, name: str) -> Iterator[None]:
    """A refusal says what was refused."""
    try:
        yield
    except MoveError as problem:
        problem.about = problem.about or (obj, name)
        raise


@transaction.atomic
def perform(
    obj: models.Model,
    name: str,
    *,
    by: User | None,
    revision: int | None = None,
    reason: str = "",
    due: date | None = None,
    key: str | None = None,
    data: dict[str, Any] | None = None,
) -> models.Model:
    """Make a move. Repeating a request with the same key returns the record and does nothing more.

    Raises NotAllowed (403), Conflict and MoveError (409), Invalid (422: a demanded reason or day is missing).
    """
    with _named(obj, name):
        return _perform(obj, name, by, revision, reason, due, key, data or {})


def _perform(obj, name: str, by: User | None, revision, reason: str, due, key, data: dict[str, Any]) -> models.Model:
    workflow = workflow_of(obj)
    transition = workflow.transitions[name]
    current = workflow.model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=obj.pk)
    if key and Event.objects.filter(key=key, model=obj._meta.label, object_id=obj.pk).exists():
        return current
    # Whether it may be done at all comes first; a stale page then hears of the conflict, not of its state.
    if not may(by, transition.permission, current):
        raise NotAllowed(_("You may not do this for this union."))
    demand_unchanged(current, revision)
    if problem := refusal(current, transition, by):
        raise problem
    _check_demands(transition, reason, due)
    source = getattr(current, workflow.state_field)
    target = transition.target or source
    event = Event(
        union_id=current.union_id, action=f"{current._meta.model_name}.{name}", model=current._meta.label,
        object_id=current.pk, by=by, source=source, target=target, reason=reason.strip(), key=key,
        data={**data, **({"due": due.isoformat()} if due else {})},
    )  # fmt: skip
    setattr(current, workflow.state_field, target)
    current.revision += 1
    if transition.effect:
        transition.effect(current, event=event, by=by, due=due)
    current._is_moving = True
    current.save()
    current._is_moving = False
    event.save()
    if transition.after:
        transition.after(current)
    return current


def _check_demands(transition: Transition, reason: str, due: date | None) -> None:
    errors = {}
    if "reason" in transition.demands and not reason.strip():
        errors["reason"] = _("Say why, in a sentence the other side can act on.")
    if "due" in transition.demands and due is None:
        errors["due"] = _("Give the day by which it must come back.")
    if errors:
        raise Invalid(_("Something is still missing."), errors)


@dataclass
class BulkOutcome:
    """What a bulk action did: how many moved, and each skipped record with the reason."""

    done: list[models.Model] = field(default_factory=list)
    skipped: list[tuple[models.Model, str]] = field(default_factory=list)


def perform_each(objects: Iterable[models.Model], name: str, *, by: User, **given) -> BulkOutcome:
    """The same move on many records; each in its own savepoint, each with its own event."""
    outcome = BulkOutcome()
    for obj in objects:
        try:
            outcome.done.append(perform(obj, name, by=by, **given))
        except MoveError as problem:
            outcome.skipped.append((obj, str(problem)))
    return outcome
