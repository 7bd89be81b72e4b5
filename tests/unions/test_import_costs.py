"""An import costs as many queries for a thousand rows as for one."""

from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.unions import UnionFactory
from tests.samples.rosters import commit, nothing, preview, roster_file, row_of
from unions import import_jobs
from unions.importing import importers
from unions.models import Event, Union


def test_a_page_of_rows_costs_as_many_queries_as_one_row(world, sign_in):
    counts = []
    for number in (1, 40):
        batch = preview(world.officer, *[row_of() for _n in range(number)])
        client = sign_in(world.officer)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"/imports/{batch.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_checking_a_row_costs_no_query_of_its_own(world):
    counts = []
    for number in (2, 60):
        batch = import_jobs.take_in(
            importers["roster"],
            ContentFile(roster_file([row_of() for _n in range(number)]), name="a.xlsx"),
            by=world.officer,
        )
        with CaptureQueriesContext(connection) as queries:
            import_jobs.read(batch, nothing)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_importing_a_changed_row_costs_no_query_of_its_own(world):
    counts = []
    for number in (2, 60):
        unions = UnionFactory.create_batch(number, parent=world.wangjing)
        rows = [
            {"code": u.code, "name": f"{u.name}（新）", "parent": world.jianwai.name, "kind": "基层工会"}
            for u in unions
        ]
        batch = preview(world.officer, *rows)
        with CaptureQueriesContext(connection) as queries:
            assert commit(batch).counts["applied"] == {"created": 0, "changed": number, "moved": number}
        counts.append(len(queries))
        moved = Union.objects.get(pk=unions[-1].pk)
        assert (moved.middle, moved.former_names) == (world.jianwai, [unions[-1].name])
        assert Event.objects.filter(object_id=moved.pk, middle=world.jianwai).exists(), "its records go along"
    assert counts[0] == counts[1]
