"""What each role may do with each table: declared on the models (`rights`), granted after every migration.

A table that nobody listed gives no right to anybody but its owner.
"""

from django.apps import apps
from django.conf import settings
from django.db import models

from unions.policies import READ, SYSTEM, WRITE, Rights, walled

# Tables of others, read before anybody's scope is known. No personal data stands in them.
_SIGN_IN = Rights(everyone=WRITE, login=WRITE)
_UNUSED = Rights(system=READ)
OF_OTHERS = {
    "axes.AccessAttempt": _SIGN_IN,
    "axes.AccessAttemptExpiration": _SIGN_IN,
    "axes.AccessFailureLog": _SIGN_IN,
    "axes.AccessLog": _SIGN_IN,
    "contenttypes.ContentType": Rights(everyone=READ),
    "auth.Permission": Rights(everyone=READ),
    **dict.fromkeys(("auth.Group", "auth.Group_permissions"), _UNUSED),
    **dict.fromkeys(("guardian.UserObjectPermission", "guardian.GroupObjectPermission"), _UNUSED),
}
MIGRATIONS = Rights(everyone=READ, system=READ, login=READ)

Granted = tuple[str, str, str, str]  # table, role, verb, column (or empty)


def rights_of(model: type[models.Model]) -> Rights | None:
    return getattr(model, "rights", None) or OF_OTHERS.get(model._meta.label)


def _split(verbs: str) -> list[tuple[str, str]]:
    """“SELECT, UPDATE (middle_id)” → verb and column."""
    parts = (verb.strip().rstrip(")").partition(" (") for verb in verbs.split(",") if verb.strip())
    return [(verb, column) for verb, _open, column in parts]


def wanted() -> set[Granted]:
    tables = {"django_migrations": MIGRATIONS}
    for model in apps.get_models(include_auto_created=True):
        if rights := rights_of(model):
            tables[model._meta.db_table] = rights
    return {
        (table, role, verb, column)
        for table, rights in tables.items()
        for role, verbs in {**rights.of(), settings.DATABASE_LOGIN: rights.login}.items()
        for verb, column in _split(verbs)
    }


def granted(connection) -> set[Granted]:
    """What stands in the catalogue, for everybody but the owners."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, coalesce(r.rolname, 'public'), x.privilege_type, x.attname FROM pg_class c CROSS JOIN LATERAL ("
            " SELECT a.*, '' AS attname FROM aclexplode(c.relacl) a UNION ALL"
            " SELECT a.*, t.attname FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = c.oid) x"
            " LEFT JOIN pg_roles r ON r.oid = x.grantee"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')"
            " AND x.grantee <> c.relowner"
        )
        return set(cursor.fetchall())


def settle(connection) -> None:
    """Grant what is wanted and take back what is not; the owner runs this."""
    existing = set(connection.introspection.table_names())
    have, want = granted(connection), {grant for grant in wanted() if grant[0] in existing}
    name = connection.ops.quote_name

    def say(how: str, to: str, given: set[Granted]) -> list[str]:
        return [
            f"{how} {verb}{f' ({name(column)})' if column else ''} ON {name(table)} {to} "
            f"{'PUBLIC' if role == 'public' else name(role)}"
            for table, role, verb, column in sorted(given)
        ]

    with connection.cursor() as cursor:
        # Seals ask how far the ids of events have come.
        cursor.execute(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {SYSTEM}")
    if statements := say("REVOKE", "FROM", have - want) + say("GRANT", "TO", want - have):
        with connection.cursor() as cursor:
            cursor.execute("; ".join(statements))


def without_wall(connection) -> list[str]:
    """Tables whose policies are declared and do not stand, or are not forced upon the owner."""
    tables = [model._meta.db_table for model in apps.get_models() if walled(model)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relname = ANY(%s)", [tables]
        )
        return sorted(set(tables) - {name for (name,) in cursor.fetchall()})
