"""Rows by the ten thousand: COPY, with ids known beforehand so that tables can point at each other."""

import datetime
import io
import json
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection
from django.utils import timezone

CHUNK = 4000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _text(value: object) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)


def copy(table: str, columns: str, rows: Iterable[tuple]) -> int:
    """Write rows into a table; returns how many. Triggers and constraints hold as for any insert."""
    rows, count = iter(rows), 0
    with connection.cursor() as cursor:
        while chunk := list(islice(rows, CHUNK)):
            lines = io.StringIO("".join("\t".join(map(_text, row)) + "\n" for row in chunk))
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", lines)
            count += len(chunk)
    return count


def reserve(table: str, count: int) -> Iterator[int]:
    """So many fresh ids of a table, in order."""
    if not count:
        return iter(())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(s, nextval(s) + %s - 1) - %s + 1 FROM pg_get_serial_sequence(%s, 'id') s",
            [count, count, table],
        )
        first = cursor.fetchone()[0]
    return iter(range(first, first + count))


def analyze(*tables: str) -> None:
    """Let the planner know what came in; it works inside the transaction too."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {table}")


def office_time(day: datetime.date, hour: int = 9, minute: int = 0) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))


EVENT_COLUMNS = "union_id, action, model, object_id, at, by_id, source, target, reason, data, key"


def write_events(rows: Iterable[tuple]) -> int:
    """Rows in the order of EVENT_COLUMNS without the key: demo events come from no request."""
    return copy("unions_event", EVENT_COLUMNS, ((*row, None) for row in rows))
