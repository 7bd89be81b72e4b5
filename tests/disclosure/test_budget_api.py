"""Budgets over the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import budgets as made
from tests.factories.meetings import closed

pytestmark = pytest.mark.django_db


def call(client, method, path, data=None):
    return getattr(client, method)(f"/api/v1/budgets/{path}", data or {}, content_type="application/json")


def test_a_budget_is_read_with_its_heads_executions_and_moves(world, sign_in):
    year = timezone.localdate().year - 1
    budget = made.in_force(world.factory, world.chair, year)
    made.submitted(budget, world.chair)
    shown = call(sign_in(world.reviewer), "get", f"{budget.pk}/").json()
    assert (shown["before"], shown["balance"], shown["spent"], shown["moves"]) == ("0.00", "4999.50", "7000.00", [])
    assert {"side": "income", "head": "会费收入"}.items() <= shown["lines"][0].items()
    assert shown["executions"][0]["amounts"]["职工活动支出"] == "7000.00"
    assert call(sign_in(world.stranger), "get", f"{budget.pk}/").status_code == 404


def test_it_goes_its_way_by_the_same_rules(world, sign_in):
    budget, above = made.written(world.factory, world.chair), world.reviewer
    client, revision = sign_in(world.chair), budget.revision
    assert call(client, "post", f"{budget.pk}/adopt/", {"revision": revision}).status_code == 409
    refused = call(client, "post", f"{budget.pk}/review/", {"revision": revision})
    assert refused.status_code == 422 and set(refused.json()["errors"]) == {"reviewed_on", "reviewer", "opinion"}
    review = {**made.REVIEW, "reviewed_on": timezone.localdate().isoformat(), "revision": revision}
    assert call(client, "post", f"{budget.pk}/review/", review).json()["state"] == "reviewed"
    other, meeting = (
        closed(world.bank, world.stranger, kind="committee"),
        closed(world.factory, world.chair, kind="committee"),
    )
    given = {"revision": revision + 1, "meeting": other.pk}
    written = {"adopted_on": timezone.localdate().isoformat(), "minutes": "委员会第三次会议纪要"}
    for wrong in (given, {**given, **written}):
        refused = call(client, "post", f"{budget.pk}/adopt/", wrong)
        assert refused.status_code == 422 and set(refused.json()["errors"]) == {"meeting"}
    assert (
        call(client, "post", f"{budget.pk}/adopt/", {**given, "meeting": meeting.pk}).json()["meeting"] == meeting.pk
    )
    assert call(client, "post", f"{budget.pk}/file/", {"revision": revision + 2}).status_code == 200
    accepted = call(sign_in(above), "post", f"{budget.pk}/accept/", {"revision": revision + 3})
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")


def test_the_list_has_the_scope_and_the_filters_of_the_page(world, sign_in):
    for union, by in ((world.factory, world.chair), (world.hotel, world.neighbour), (world.bank, world.stranger)):
        made.in_force(union, by)
    client = sign_in(world.reviewer)
    with CaptureQueriesContext(connection) as asked:
        rows = call(client, "get", "?adopted=1").json()["results"]
    assert {row["union"]["name"] for row in rows} == {world.factory.name, world.hotel.name} and len(asked) < 25
    assert call(client, "get", "?state=draft").json()["results"] == []
