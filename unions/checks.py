"""What `check --deploy` asks of the database: would row-level security hold for this login?"""

from django.core.checks import CheckMessage, Error, Info, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

from unions import rights

CURE = "Run `migrate` with DATABASE_OWNER_URL set (docs/operations.md, Who logs in as what)."


@register(Tags.security, deploy=True)
def second_wall(app_configs, **kwargs) -> list[CheckMessage]:
    """The login may not walk through the wall, the wall stands, and nobody has rights that no model names."""
    try:
        connection.ensure_connection()
    except OperationalError:
        return [Info("The database does not answer, so its roles were not looked at.", id="unions.I011")]
    except ImproperlyConfigured as problem:
        return [Error(str(problem), id="unions.E011")]
    found = []
    if low := rights.without_wall(connection):
        found.append(Error(f"No row-level security on {', '.join(low)}.", hint=CURE, id="unions.E012"))
    if wrong := rights.granted(connection) ^ rights.wanted():
        tables = ", ".join(sorted({table for table, *_rest in wrong}))
        found.append(
            Error(f"The roles' rights are not those that the models name: {tables}.", hint=CURE, id="unions.E013")
        )
    return found
