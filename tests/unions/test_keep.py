"""The record of acts is only ever appended to: the owner of the tables cannot change it either."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.wall import _django_db_helper, as_owner  # noqa: F401
from unions.models import Event
from unions.services import record


def _update(column, value):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE unions_event SET {column} = %s", [value])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("reason", "别的"), ("result", "read"), ("address", "1.1.1.1"), ("request_id", "other-request"), ("by_id", None),
        ("assignment_id", None), ("union_id", "district"), ("key", "k"), ("source", "x"), ("data", '{"a": 1}'),
        ("at", "2020-01-01T00:00:00Z"), ("action", "x"), ("model", "x"), ("object_id", 9),
    ],
)  # fmt: skip
def test_no_column_of_an_event_can_be_changed(world, column, value):
    record(world.factory, "union.edit", world.factory, by=world.clerk, reason="原因")
    value = world.district.pk if value == "district" else value
    for setting in ("{}", "{unions_event:keep_rows}"):
        with pytest.raises(DatabaseError, match="appended"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [setting])
            _update(column, value)


def test_no_event_can_be_deleted_and_the_table_cannot_be_emptied(world):
    record(world.factory, "union.edit", world.factory, by=world.clerk)
    with pytest.raises(DatabaseError, match="appended"), transaction.atomic():
        Event.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE unions_event ENABLE TRIGGER keep_all")  # off for tests that commit
        cursor.execute("ALTER TABLE unions_seal ENABLE TRIGGER keep_all")
    for table in ("unions_event", "unions_seal"):
        with pytest.raises(DatabaseError, match="appended"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table}")
