"""Sealing everything anew under the writing key, while the portal runs (OWASP ASVS 5.0 V11.1; docs/operations.md, Keys).

In batches, each a transaction of its own. A value that somebody writes meanwhile is left to that person: the statement
changes only what is still as it was read. Broken off, it goes on where it stopped, as what is sealed by the first key is
passed over.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection, transaction

from unions.kit.crypto import CannotOpen, ring
from unions.kit.sealed import EncryptedCharField

BATCH = 500


@dataclass
class Turned:
    """What became of one column."""

    place: str
    sealed: int = 0
    unopened: list[int] = field(default_factory=list)  # ids of rows whose value no key of the ring opens


def sealed_fields() -> Iterator[EncryptedCharField]:
    """Every encrypted column of the portal."""
    for model in apps.get_models():
        yield from (one for one in model._meta.local_concrete_fields if isinstance(one, EncryptedCharField))


def _names(one: EncryptedCharField) -> tuple[str, str, str]:
    quote, meta = connection.ops.quote_name, one.model._meta
    return quote(meta.db_table), quote(meta.pk.column), quote(one.column)


def keys_in_use() -> dict[str, dict[str, int]]:
    """Column → key → how many values: a key that appears nowhere may leave the ring."""
    found = {}
    for one in sealed_fields():
        table, _pk, column = _names(one)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT split_part({column}, '.', 1), count(*) FROM {table} WHERE {column} <> '' GROUP BY 1 ORDER BY 1"
            )
            found[one.place] = dict(cursor.fetchall())
    return found


def rotate(tell: Callable[[str, int], None]) -> list[Turned]:
    """Seal with the first key what another one sealed; `tell(column, rows so far)` after each batch."""
    return [_turn(one, tell) for one in sealed_fields()]


def _turn(one: EncryptedCharField, tell: Callable[[str, int], None]) -> Turned:
    turned, last = Turned(one.place), 0
    while rows := _next(one, last):
        last, fresh = rows[-1][0], []
        for pk, seal, old in rows:
            try:
                value = ring().open(old, one.place, str(seal))
            except CannotOpen:
                turned.unopened.append(pk)
            else:
                fresh.append((pk, old, ring().seal(value, one.place, str(seal))))
        turned.sealed += _write(one, fresh)
        tell(one.place, turned.sealed)
    return turned


def _next(one: EncryptedCharField, last: int) -> list[tuple]:
    table, pk, column = _names(one)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {pk}, seal, {column} FROM {table} WHERE {pk} > %s AND {column} <> '' "
            f"AND NOT starts_with({column}, %s) ORDER BY {pk} LIMIT %s",
            [last, f"{ring().first.id}.", BATCH],
        )
        return cursor.fetchall()


def _write(one: EncryptedCharField, fresh: list[tuple]) -> int:
    table, pk, column = _names(one)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = given.fresh FROM unnest(%s::bigint[], %s::text[], %s::text[]) "
            f"AS given(id, old, fresh) WHERE {table}.{pk} = given.id AND {table}.{column} = given.old",
            [list(values) for values in zip(*fresh, strict=True)] if fresh else [[], [], []],
        )
        return cursor.rowcount
