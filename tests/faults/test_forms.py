"""Whatever is sent to an address that takes something: an answer in words, never a failure, nothing undeclared written."""

import random
from collections import Counter

import pytest
from django.db import connection, models, transaction
from django.utils import timezone

from tests.faults.pages import UNSAFE, kept, openings
from tests.own import own_models
from unions.models import Session, Setting

# What people paste and what people try: blanks, other scripts, huge, negative, markup, other types, control signs.
ODD = [
    *(
        "",
        " ",
        "　",
        "0",
        "-1",
        "１２",
        "3.5",
        "1e308",
        "NaN",
        "9" * 30,
        "9" * 400,
        "真" * 5000,
        "2026-02-30",
        "0001-01-01",
    ),
    *(
        "9999-12-31",
        "\x00",
        "\u202e倒",
        "a\nb\r\nc\td",
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "%s%n",
        "';--",
        "=1+1",
    ),
    *(
        "../../etc/passwd",
        "[]",
        "{}",
        "null",
        "true",
        "undefined",
        "🙂" * 50,
        "2026Q9",
        "zh-hans",
        "https://evil.example",
    ),
]
# A session notes once a minute that somebody was there, whatever is sent.
RECORDS = [model for model in own_models() if model is not Session]
ODD_JSON = [*ODD, None, True, [], {}, -1, 10**30, 1.5, ["a"], {"a": {"b": []}}]


@pytest.mark.django_db
@pytest.mark.parametrize("name", UNSAFE)
def test_odd_input_is_answered_in_words(matrix, name, pytestconfig, tally):
    """Each field gets odd values, alone and together; and what was stored does not break the page it leads to."""
    rng = random.Random(name)
    rounds = 20 if pytestconfig.getoption("--faults") else 3
    wrong = []
    for opening in openings(matrix, name):
        for number in range(rounds):
            data = spoilt(rng, opening, all_of_them=number % 3 == 2)
            with transaction.atomic():
                response = opening.send(matrix.clients[opening.actor], data)
                after = follow(matrix.clients[opening.actor], response)
                transaction.set_rollback(True)
            tally(requests=1, pages_after=int(after is not None))
            for answer in filter(None, (response, after)):
                if answer.status_code >= 500 or b"Traceback" in answer.content:
                    wrong.append((opening.actor, answer.status_code, data))
    assert not wrong, f"{name}: {wrong[:3]}"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["assemblies:vote-move", "unions:union-move"])
def test_nul_in_any_field_is_refused_before_a_view_reads_it(matrix, name):
    for opening in openings(matrix, name):
        for field in ("reason", "target_q", "nobody_asked"):
            with transaction.atomic():
                response = opening.send(matrix.clients[opening.actor], {**opening.data, field: "a\x00b"})
                transaction.set_rollback(True)
            assert response.status_code == 400, (opening.actor, field)


def spoilt(rng: random.Random, opening, *, all_of_them: bool) -> dict:
    values = ODD_JSON if opening.is_json else ODD
    data = dict(opening.data)
    names = list(data) or ["reason", "value"]
    for field in names if all_of_them else rng.sample(names, 1):
        data[field] = rng.choice(values)
    if rng.random() < 0.2:
        data.pop(rng.choice(list(data)), None)
    return data


def follow(client, response):
    """The page that a form leads to."""
    leads = response.headers.get("Location", "") or response.headers.get("HX-Redirect", "")
    with kept(client):
        return client.get(leads) if leads.startswith("/") else None


@pytest.mark.django_db
@pytest.mark.parametrize("name", UNSAFE)
def test_fields_that_a_form_does_not_offer_are_not_written(matrix, name, tally):
    """The name of every column of every model is sent along; the tables afterwards are as without them."""
    for opening in openings(matrix, name):
        extra = {column: value for column, value in columns().items() if column not in opening.offered}
        client = matrix.clients[opening.actor]
        plain, again = (written(lambda: opening.send(client, opening.data)) for _time in range(2))
        more = written(lambda: opening.send(client, {**extra, **opening.data}))
        tally(requests=3, fields=len(extra), wrote_something=int(bool(plain)))
        assert settled(more, plain, again) == settled(plain, plain, again), f"{name} as {opening.actor}"


def settled(rows: dict, plain: dict, again: dict) -> dict:
    """What was written, without the columns in which two equal requests differ: moments, numbers, tokens."""
    found = {}
    for table, lines in rows.items():
        pairs = zip(zip(*plain.get(table, ()), strict=True), zip(*again.get(table, ()), strict=True), strict=False)
        steady = [
            place for place, (one, other) in enumerate(pairs) if sorted(map(str, one)) == sorted(map(str, other))
        ]
        found[table] = sorted(tuple(str(line[place]) for place in steady) for line in lines)
    return found


def columns() -> dict[str, str]:
    """Every column's name, with a value that would show."""
    found = {}
    for model in own_models():
        for column in model._meta.concrete_fields:
            found[column.name] = found[column.attname] = "1" if column.is_relation else sample(column)
    return found


def sample(column) -> str:
    if column.choices:
        return str(column.flatchoices[-1][0])
    if isinstance(column, models.BooleanField):
        return "on"
    if isinstance(column, models.DateField):
        return "2001-02-03"
    return "77" if isinstance(column, models.IntegerField) else "undeclared"


def written(send) -> dict:
    """What a request leaves in the tables: the new and the changed rows. They are told by the number of the database's
    transaction that wrote them, which is not lower than that of a row written just before."""
    with transaction.atomic():
        mark, before = number_of_a_write(), rows_written()
        send()
        after = rows_written()
        touched = [model for model in RECORDS if after[model._meta.db_table] != before[model._meta.db_table]]
        found = {model._meta.label: rows for model in touched if (rows := written_since(model, mark))}
        transaction.set_rollback(True)
    return found


def rows_written() -> Counter:
    """How many rows of each table this transaction has added and changed so far, as PostgreSQL counts them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd FROM pg_stat_xact_user_tables")
        return Counter(dict(cursor.fetchall()))


def number_of_a_write() -> int:
    row = Setting.objects.create(key="mark", value=0, effective_from=timezone.localdate(), basis="")
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text::bigint FROM unions_setting WHERE id = %s", [row.pk])
        (number,) = cursor.fetchone()
    row.delete()
    return number


def written_since(model, mark: int) -> list[tuple]:
    listed = ", ".join(f'"{column.column}"::text' for column in model._meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {listed} FROM "{model._meta.db_table}" WHERE xmin::text::bigint >= %s ORDER BY {listed}', [mark]
        )
        return cursor.fetchall()
