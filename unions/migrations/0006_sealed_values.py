"""Telephone numbers are sealed, rows of imports keep theirs apart, and the record of changes keeps them masked.

Each step works in batches and passes over what is done already, so that a migration that was broken off is run again.
"""

import json
import uuid

import django.contrib.postgres.functions
from django.db import migrations, models, transaction

import unions.kit.sealed
from unions.kit.crypto import SEALED, ring
from unions.kit.masking import mask_phone

BATCH = 2000


def batches(schema_editor, query):
    """The rows of a query with the condition `id > %s`, a batch at a time, each in a transaction of its own."""
    last = 0
    while True:
        with transaction.atomic(schema_editor.connection.alias), schema_editor.connection.cursor() as cursor:
            cursor.execute(query, [last, BATCH])
            rows = cursor.fetchall()
            if not rows:
                return
            yield cursor, rows
            last = rows[-1][0]


def seal_numbers(apps, schema_editor):
    for table, column, place in (
        ("unions_union", "chair_phone", "unions.union.chair_phone"),
        ("unions_user", "phone", "unions.user.phone"),
    ):
        query = f"SELECT id, seal, {column} FROM {table} WHERE id > %s AND {column} <> '' ORDER BY id LIMIT %s"
        for cursor, rows in batches(schema_editor, query):
            given = [
                (pk, ring().seal(value, place, str(seal))) for pk, seal, value in rows if not SEALED.fullmatch(value)
            ]
            cursor.execute(
                f"UPDATE {table} SET {column} = given.value "
                "FROM unnest(%s::bigint[], %s::text[]) AS given(id, value) WHERE given.id = " + f"{table}.id",
                [[pk for pk, _value in given], [value for _pk, value in given]],
            )


def open_numbers(apps, schema_editor):
    """The way back to a release that knows no sealed values. Rows of imports keep what is masked in them."""
    for table, column, place in (
        ("unions_union", "chair_phone", "unions.union.chair_phone"),
        ("unions_user", "phone", "unions.user.phone"),
    ):
        query = f"SELECT id, seal, {column} FROM {table} WHERE id > %s AND {column} <> '' ORDER BY id LIMIT %s"
        for cursor, rows in batches(schema_editor, query):
            cursor.execute(
                f"UPDATE {table} SET {column} = given.value "
                "FROM unnest(%s::bigint[], %s::text[]) AS given(id, value) WHERE given.id = " + f"{table}.id",
                [[row[0] for row in rows], [ring().open(value, place, str(seal)) for _pk, seal, value in rows]],
            )


def seal_import_rows(apps, schema_editor):
    query = (
        "SELECT r.id, r.seal, r.raw, r.values, r.before, r.changes, r.problems FROM unions_importrow r "
        "JOIN unions_importbatch b ON b.id = r.batch_id "
        "WHERE r.id > %s AND r.private = '' AND (b.importer = 'roster' OR r.raw <> '[]') ORDER BY r.id LIMIT %s"
    )
    mask = lambda held: held and {k: mask_phone(v) if k == "chair_phone" else v for k, v in held.items()}  # noqa: E731
    for cursor, rows in batches(schema_editor, query):
        for pk, seal, *stored in rows:
            raw, values, before, changes, problems = (json.loads(s) if isinstance(s, str) else s for s in stored)
            full = {"raw": raw}
            for name, held in (("values", values), ("before", before)):
                full[name] = {"chair_phone": held["chair_phone"]} if held and held.get("chair_phone") else {}
            if "chair_phone" in changes:
                changes["chair_phone"] = [mask_phone(value) for value in changes["chair_phone"]]
            for problem in problems:
                if problem["field"] == "chair_phone" and "text" in problem.get("params", {}):
                    problem["params"]["text"] = mask_phone(str(problem["params"]["text"]))
            private = json.dumps(full, ensure_ascii=False) if any(full.values()) else ""
            cursor.execute(
                "UPDATE unions_importrow SET private = %s, values = %s, before = %s, changes = %s, problems = %s WHERE id = %s",
                [
                    ring().seal(private, "unions.importrow.private", str(seal)), json.dumps(mask(values)),
                    None if before is None else json.dumps(mask(before)), json.dumps(changes), json.dumps(problems), pk,
                ],
            )  # fmt: skip


def mask_record(apps, schema_editor):
    """Nobody can erase in the record of changes, so nothing full may stand there."""
    masked = (
        "(SELECT jsonb_agg(CASE WHEN length(one) >= 8 THEN left(one, 3) || '****' || right(one, 4) "
        "ELSE repeat('*', length(one)) END ORDER BY place) "
        "FROM jsonb_array_elements_text(data #> '{changes,chair_phone}') WITH ORDINALITY AS pair(one, place))"
    )
    with transaction.atomic(schema_editor.connection.alias), schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM unions_event WHERE data #> '{changes,chair_phone}' IS NOT NULL)")
        if not cursor.fetchone()[0]:
            return
        cursor.execute("ALTER TABLE unions_event DISABLE TRIGGER USER")
        cursor.execute(
            f"UPDATE unions_event SET data = jsonb_set(data, '{{changes,chair_phone}}', {masked}) "
            "WHERE data #> '{changes,chair_phone}' IS NOT NULL"
        )
        cursor.execute("ALTER TABLE unions_event ENABLE TRIGGER USER")


def _seal(model):
    field = models.UUIDField(
        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
    )
    return migrations.AddField(model_name=model, name="seal", field=field)


class Migration(migrations.Migration):
    atomic = False

    def apply(self, project_state, schema_editor, collect_sql=False):
        """The keys before anything changes: without them it would stop half-way, where it cannot be run again."""
        ring()
        return super().apply(project_state, schema_editor, collect_sql)

    dependencies = [("unions", "0005_unasked_periods")]

    operations = [
        _seal("importrow"),
        _seal("union"),
        _seal("user"),
        migrations.AlterField(
            model_name="union",
            name="chair_phone",
            field=unions.kit.sealed.EncryptedCharField(blank=True, max_length=20, verbose_name="Chair's phone"),
        ),
        migrations.AlterField(
            model_name="user",
            name="phone",
            field=unions.kit.sealed.EncryptedCharField(blank=True, max_length=20, verbose_name="Phone"),
        ),
        migrations.AddField(
            model_name="importrow",
            name="private",
            field=unions.kit.sealed.EncryptedCharField(
                blank=True, help_text="JSON: raw cells, and what values and before hold unmasked"
            ),
        ),
        migrations.RunPython(seal_numbers, open_numbers),
        migrations.RunPython(seal_import_rows, migrations.RunPython.noop),
        migrations.RunPython(mask_record, migrations.RunPython.noop),
        migrations.RemoveField(model_name="importrow", name="raw"),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(action__startswith="person."), fields=["by", "-at"], name="event_reads"
            ),
        ),
        migrations.AddIndex(
            model_name="union",
            index=models.Index(fields=["chair_phone"], name="union_chair_phone", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="user", index=models.Index(fields=["phone"], name="user_phone", opclasses=["text_pattern_ops"])
        ),
    ]
