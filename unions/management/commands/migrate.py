"""Django's `migrate`, as the role that owns the tables."""

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from unions import wall
from unions.policies import ROLES


def lacking(applied: set[tuple[str, str]]) -> list[str]:
    """What a database of before the first migrations were made one still lacks of them: Django would pass over such an
    app without a word, as neither the old files are there nor may the new one run (docs/adr/0079)."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return [
        ".".join(step)
        for migration in loader.disk_migrations.values()
        if applied.intersection(migration.replaces)
        for step in migration.replaces
        if step not in applied
    ]


class Command(migrate.Command):
    def handle(self, *args, **options):
        with wall.as_owner(options["database"]):
            with connections[options["database"]].cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)", [list(ROLES)])
                if cursor.fetchone()[0] < len(ROLES):
                    raise CommandError(
                        "This PostgreSQL lacks the portal's roles. An administrator runs config/roles.sql first "
                        "(docs/operations.md, Who logs in as what)."
                    )
            if missing := lacking(set(MigrationRecorder(connections[options["database"]]).applied_migrations())):
                raise CommandError(
                    f"This database comes from between two releases: it lacks {', '.join(missing)}, which are now one "
                    "file each. Run migrate of the release before first (docs/operations.md, Upgrade)."
                )
            return super().handle(*args, **options)
