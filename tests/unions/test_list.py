import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.unions import UnionFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def rows(sign_in):
    """The names that a person's list shows, in order."""

    def _rows(person, query="", **headers):
        response = sign_in(person).get(reverse("unions:union-list") + query, headers=headers)
        assert response.status_code == 200
        return [union.name for union in response.context["page"].object_list.data]

    return _rows


def test_each_person_lists_the_unions_of_their_scope(world, rows):
    assert set(rows(world.officer)) == {
        u.name for u in (world.district, world.wangjing, world.jianwai, world.factory, world.hotel, world.bank)
    }
    assert set(rows(world.reviewer)) == {u.name for u in (world.wangjing, world.factory, world.hotel)}
    assert rows(world.stranger) == [world.bank.name]


def test_a_long_list_costs_as_many_queries_as_a_short_one(world, sign_in):
    client = sign_in(world.officer)
    url = reverse("unions:union-list")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url + "?q=瑞丰")
    UnionFactory.create_batch(30, parent=world.jianwai)
    with CaptureQueriesContext(connection) as many:
        assert client.get(url + "?q=测试").context["page"].paginator.count == 30
    assert len(many) == len(few)
