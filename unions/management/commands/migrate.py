"""Django's `migrate`, as the role that owns the tables."""

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from unions import wall
from unions.policies import ROLES


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
            return super().handle(*args, **options)
