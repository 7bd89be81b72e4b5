"""The second wall: the database itself shows a transaction only the rows of whoever it works for.

A connection logs in as a role without rights. `under` gives what happens within it a `Pass`: each transaction becomes the
pass's scope role with the pass's values, all local to that transaction, so that nothing outlives it on a connection that is
used again. Without a pass the database refuses every table that matters: forgetting it raises.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction
from django.db.backends.base.base import NO_DB_ALIAS
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INTRANS

from unions.enums import Tier
from unions.policies import DISTRICT, MIDDLE, SEVERAL, SYSTEM, UNION

if TYPE_CHECKING:
    from unions.models import User


@dataclass(frozen=True)
class Pass:
    """What a transaction may go through the wall with: a scope role and the values its policies compare with.
    `why` names the reason in the server's own list of sessions (pg_stat_activity)."""

    role: str = "none"
    person: int | None = None
    union: int | None = None
    middle: int | None = None
    unions: frozenset[int] = frozenset()
    middles: frozenset[int] = frozenset()
    above: frozenset[int] = frozenset()
    why: str = ""
    statement_timeout: str | None = None  # None: as it is

    def values(self) -> list[str | None]:
        """In the order of `_SET`; a value that is missing is empty, and empty reaches no row."""
        one = ("" if value is None else str(value) for value in (self.person, self.union, self.middle))
        many = (f"{{{','.join(map(str, sorted(ids)))}}}" for ids in (self.unions, self.middles, self.above))
        return [self.role, *one, *many, f"portal {self.why}".strip(), self.statement_timeout]


NOBODY = Pass()

_SET = "SELECT " + ", ".join(
    f"set_config('{name}', coalesce(%s, current_setting('{name}', true)), true)"
    for name in (
        "role", "portal.person", "portal.union", "portal.middle", "portal.unions", "portal.middles", "portal.above",
        "application_name", "statement_timeout",
    )
)  # fmt: skip


@contextmanager
def under(given: Pass, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Every transaction within has this pass; a transaction already under way has it until the end of the block."""
    connection = connections[using]
    before = current(using)
    _hold(connection, given)
    try:
        yield
    finally:
        _hold(connection, before)


def system(why: str):
    """Beyond every scope: for what the portal does itself, not a person with it. Keep the block narrow, and hand nothing
    out of it that the person may not see. tests/unions/test_wall.py lists the places."""
    return under(Pass(SYSTEM, why=why))


def current(using: str = DEFAULT_DB_ALIAS) -> Pass:
    return getattr(connections[using], "wall_pass", NOBODY)


def _hold(connection, given: Pass) -> None:
    connection.wall_pass = given
    # Before its first statement a transaction has nothing to change; one that failed is rolled back to where it had
    # the pass of then.
    if _status(connection) == TRANSACTION_STATUS_INTRANS:
        _show(connection, given)


def _status(connection) -> int | None:
    return connection.connection.get_transaction_status() if connection.connection else None


def _show(connection, given: Pass) -> None:
    """Past Django's own cursor: it would count as a query, and refuse where a rollback is due."""
    if getattr(connection, "is_owner", False):  # who sees every row, and is none of the scope roles
        return
    with connection.connection.cursor() as cursor:
        cursor.execute(_SET, given.values())


def guard(execute, sql, params, many, context):
    """Show the pass at the start of each transaction. A statement outside of one becomes a transaction of its own."""
    connection = context["connection"]
    given = getattr(connection, "wall_pass", NOBODY)
    if given is NOBODY or _status(connection) != TRANSACTION_STATUS_IDLE:
        return execute(sql, params, many, context)
    if connection.in_atomic_block:
        _show(connection, given)
        return execute(sql, params, many, context)
    with transaction.atomic(using=connection.alias):
        _show(connection, given)
        return execute(sql, params, many, context)


def begin_view(request) -> None:
    """Mark where the view begins to write, for `take_back`."""
    if connections[DEFAULT_DB_ALIAS].in_atomic_block:
        request.view_began = transaction.savepoint()


def take_back(request) -> None:
    """Undo what the view wrote because one of its statements failed; the request goes on to say so. Called once the blocks
    within the view are left, so that the pass of its beginning holds again."""
    if began := getattr(request, "view_began", None):
        transaction.set_rollback(False)
        transaction.savepoint_rollback(began)


def settle_connection(sender, connection, **kwargs) -> None:
    """A new connection: put the guard before it, and refuse a login that would walk through the wall."""
    if connection.vendor != "postgresql" or connection.alias == NO_DB_ALIAS:
        return
    if guard not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, guard)
    with connection.connection.cursor() as cursor:
        # Our triggers ask for this setting; where it is unset each row raises and catches an error inside the database,
        # which made ten thousand inserts ten times as slow and slower with every one.
        # With a policy on each of seven joined tables the planner considers so many orders that it takes 25 ms; it keeps
        # the order that was written from the sixth table on.
        cursor.execute(f"SET pgtrigger.ignore = '{{}}'; SET join_collapse_limit = 5; {_FAULTS}")
        faults = [] if getattr(connection, "is_owner", False) else [fault for (fault,) in cursor.fetchall()]
    if faults:
        connection.close()
        raise ImproperlyConfigured(
            f"DATABASE_URL logs in as a role that {' and '.join(faults)}. Row-level security would not hold. "
            "Make the roles with config/roles.sql and name them as docs/operations.md says (Who logs in as what)."
        )


def check_in() -> None:
    """Refuse to start with a wrong login. A database that does not answer yet is the health page's affair."""
    with suppress(OperationalError):
        connections[DEFAULT_DB_ALIAS].ensure_connection()
    connections.close_all()


_FAULTS = """
    SELECT unnest(array_remove(ARRAY[
        CASE WHEN r.rolsuper THEN 'is a superuser' END,
        CASE WHEN r.rolbypassrls THEN 'has BYPASSRLS' END,
        CASE WHEN pg_has_role(r.oid, d.datdba, 'MEMBER') THEN 'owns the database' END,
        CASE WHEN EXISTS (SELECT FROM pg_class c WHERE c.relname = 'unions_union' AND c.relkind = 'r'
                          AND pg_has_role(r.oid, c.relowner, 'MEMBER')) THEN 'owns the tables' END,
        CASE WHEN EXISTS (SELECT FROM pg_roles s WHERE s.rolname LIKE 'portal\\_%' AND s.oid <> r.oid
                          AND pg_has_role(r.oid, s.oid, 'USAGE')) THEN 'inherits a scope role' END,
        CASE WHEN (SELECT count(*) FROM pg_roles s WHERE s.rolname IN (
                       'portal_district', 'portal_middle', 'portal_union', 'portal_several', 'portal_system')
                   AND pg_has_role(r.oid, s.oid, 'MEMBER')) < 5 THEN 'lacks a scope role' END
    ], NULL))
    FROM pg_roles r, pg_database d WHERE r.rolname = session_user AND d.datname = current_database()
"""


@contextmanager
def as_owner(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Connect as the role that owns the tables: for migrations and for whatever else changes tables, not rows."""
    connection = connections[using]
    if getattr(connection, "is_owner", False):
        yield
        return
    if connection.in_atomic_block:
        raise RuntimeError("The owner is another connection; it cannot take part in a transaction under way.")
    if not settings.DATABASE_OWNER:
        raise ImproperlyConfigured(
            "DATABASE_OWNER_URL is not set. It is the address of the role that owns the tables; DATABASE_URL is that of "
            "the portal itself, which may not change them (docs/operations.md, Who logs in as what)."
        )
    login = connection.settings_dict  # shared by all threads, so left as it is
    connection.close()
    connection.settings_dict = {**login, **settings.DATABASE_OWNER}
    connection.is_owner = True
    try:
        with under(NOBODY, using):
            yield
    finally:
        connection.close()
        connection.settings_dict = login
        connection.is_owner = False


def pass_of(user: "User", why: str = "") -> Pass:
    """The narrowest pass through which everything fits that the person's grants of today reach."""
    from unions.models import Union

    grants = {(grant.tier, grant.union_id, grant.path, grant.has_children) for grant in user.grants}
    if any(tier is Tier.DISTRICT for tier, *_rest in grants):
        return Pass(DISTRICT, person=user.pk, why=why)
    above = frozenset(int(pk) for _tier, _pk, path, _has in grants for pk in path.split(".")[:-1])
    middles = frozenset(pk for tier, pk, *_rest in grants if tier is Tier.MIDDLE)
    unions = frozenset(pk for tier, pk, *_rest in grants if tier is Tier.GRASSROOTS)
    for _tier, _pk, path, _has in (grant for grant in grants if grant[0] is Tier.GRASSROOTS and grant[3]):
        unions |= frozenset(Union.objects.filter(path__below=path).order_by().values_list("pk", flat=True))
    if len(middles) == 1 and not unions:
        return Pass(MIDDLE, person=user.pk, middle=next(iter(middles)), above=above, why=why)
    if len(unions) <= 1 and not middles:
        return Pass(UNION, person=user.pk, union=next(iter(unions), None), above=above, why=why)
    return Pass(SEVERAL, person=user.pk, unions=unions, middles=middles, above=above, why=why)
