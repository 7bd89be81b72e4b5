import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.unions import UnionFactory
from unions.enums import UnionState

HTMX = {"HX-Request": "true"}


@pytest.fixture
def found(sign_in):
    def _found(person, text, **data):
        response = sign_in(person).get(reverse("unions:search"), {"q": text, **data})
        return [hit.union.name for hit in response.context["found"]]

    return _found


@pytest.mark.parametrize("text", ["瑞丰", "rftc", "ruifeng", "1101050260001", "RFTC 北京"])
def test_a_union_is_found_by_name_initials_pinyin_and_code(world, found, text):
    assert found(world.officer, text) == [world.factory.name]


def test_a_union_is_found_by_its_credit_code_and_its_former_name(world, found, sign_in):
    world.factory.former_names = ["北京第一机床厂工会"]
    world.factory.save()
    assert found(world.officer, world.factory.credit_code) == [world.factory.name]
    assert found(world.officer, "第一机床") == [world.factory.name]
    page = sign_in(world.officer).get(reverse("unions:search"), {"q": "第一机床"}).content.decode()
    assert "北京第一机床厂工会" in page, "the page says why it was found"


def test_search_ends_at_the_edge_of_the_scope(world, found):
    assert found(world.reviewer, "工会") and world.bank.name not in found(world.reviewer, "工会")
    assert found(world.chair, "望湖") == []
    assert found(world.stranger, "瑞丰") == []


def test_a_closed_union_comes_after_the_active_ones(world, found):
    closed = UnionFactory(parent=world.jianwai, name="北京大望路商店工会", state=UnionState.DISSOLVED)
    assert found(world.officer, "望")[-1] == closed.name


def test_the_match_is_marked_and_nothing_typed_becomes_markup(world, sign_in):
    client = sign_in(world.officer)
    assert "<mark>瑞丰</mark>" in client.get(reverse("unions:search"), {"q": "瑞丰"}).content.decode()
    assert "<b>x" not in client.get(reverse("unions:search"), {"q": "<b>x"}).content.decode()


def test_suggestions_are_the_same_page_in_short(world, sign_in):
    response = sign_in(world.officer).get(reverse("unions:search"), {"q": "工会"}, headers=HTMX)
    body = response.content.decode()
    assert "<html" not in body and reverse("unions:union", args=[world.factory.pk]) in body


def test_twenty_results_at_most_and_the_list_for_the_rest(world, sign_in):
    UnionFactory.create_batch(25, parent=world.jianwai)
    response = sign_in(world.officer).get(reverse("unions:search"), {"q": "测试"})
    assert len(response.context["found"]) == 20
    assert reverse("unions:union-list") + "?q=" in response.content.decode()


def test_a_search_costs_one_query_however_much_it_finds(world, sign_in):
    client = sign_in(world.officer)
    url = reverse("unions:search")

    def cost(text):
        with CaptureQueriesContext(connection) as queries:
            client.get(url, {"q": text})
        return len([q for q in queries if "LIKE" in q["sql"]]), len(queries)

    client.get(url)
    few = cost("瑞丰")
    UnionFactory.create_batch(15, parent=world.jianwai)
    assert cost("测试") == few and few[0] == 1


def test_the_picker_offers_only_what_may_be_chosen(world, sign_in):
    url = reverse("unions:union-pick")

    def offered(person, purpose, text="工会"):
        response = sign_in(person).get(url, {"field": "parent", "purpose": purpose, "parent_q": text})
        return set(response.context["unions"])

    assert world.bank not in offered(world.street_chair, "view")
    assert offered(world.street_chair, "parent") == set(), "to move is for the district's staff"
    assert world.wangjing in offered(world.officer, "parent")
    assert world.district not in offered(world.officer, "parent")


@pytest.mark.parametrize("query", [{"field": "a b"}, {"field": "parent", "purpose": "all"}])
def test_the_picker_refuses_made_up_parameters(world, sign_in, query):
    assert sign_in(world.officer).get(reverse("unions:union-pick"), query).status_code == 400
