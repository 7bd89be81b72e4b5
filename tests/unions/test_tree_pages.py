import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.unions import UnionFactory, UserFactory
from unions.enums import UnionKind, UnionState
from unions.services import appoint
from unions.views.explorer import LEVEL

HTMX = {"HX-Request": "true"}
URL = "unions:tree"


def names(level):
    return [node.union.name for node in level.nodes]


def test_the_tree_begins_at_the_top_of_ones_scope(world, sign_in):
    roots = lambda person: [node.union for node in sign_in(person).get(reverse(URL)).context["roots"]]  # noqa: E731
    assert roots(world.leader) == [world.district]
    assert roots(world.reviewer) == [world.wangjing]
    assert roots(world.chair) == [world.factory]


def test_two_appointments_are_two_places_in_the_tree(world, sign_in):
    user = UserFactory()
    appoint(user=user, role="middle_reviewer", union=world.wangjing, by=None)
    appoint(user=user, role="grassroots_chair", union=world.bank, by=None)
    appoint(user=user, role="grassroots_staff", union=world.hotel, by=None)
    roots = sign_in(user).get(reverse(URL)).context["roots"]
    assert [node.union for node in roots] == [world.wangjing, world.bank], "what lies inside another place is no root"


def test_a_level_comes_when_it_is_opened(world, sign_in):
    client = sign_in(world.leader)
    page = client.get(reverse(URL)).content.decode()
    assert world.wangjing.name in page and world.factory.name not in page
    level = client.get(reverse(URL), {"root": world.wangjing.pk}, headers=HTMX)
    body = level.content.decode()
    assert "<html" not in body and world.factory.name in body and world.hotel.name in body


def test_without_scripts_a_node_leads_to_the_page_that_begins_there(world, sign_in):
    response = sign_in(world.leader).get(reverse(URL), {"root": world.wangjing.pk})
    assert names(response.context["roots"][0].level) == sorted(
        [world.factory.name, world.hotel.name], key=lambda n: n[2:4] != "瑞丰"
    )


def test_each_node_counts_the_unions_below_and_their_members(world, sign_in):
    federation = UnionFactory(kind=UnionKind.FEDERATED, parent=world.wangjing, members=5, women_members=0)
    UnionFactory(parent=federation, members=7, women_members=0)
    UnionFactory(parent=world.wangjing, members=1000, state=UnionState.DISSOLVED)
    roots = sign_in(world.leader).get(reverse(URL)).context["roots"]
    district = roots[0].union
    wangjing = next(node.union for node in roots[0].level.nodes if node.union == world.wangjing)
    assert (wangjing.child_count, wangjing.member_count) == (3, 242 + 90 + 5 + 7)
    assert (district.child_count, district.member_count) == (2, 242 + 90 + 5 + 7 + 90)


def test_finding_a_union_opens_the_way_to_it(world, sign_in):
    response = sign_in(world.leader).get(reverse(URL), {"find": world.factory.pk})
    root = response.context["roots"][0]
    street = next(node for node in root.level.nodes if node.union == world.wangjing)
    assert [node.union for node in street.level.nodes if node.is_found] == [world.factory]


def test_a_closed_union_shows_only_when_it_is_looked_for(world, sign_in):
    closed = UnionFactory(parent=world.wangjing, state=UnionState.DISSOLVED)
    client = sign_in(world.reviewer)
    assert closed.name not in client.get(reverse(URL)).content.decode()
    assert closed.name in client.get(reverse(URL), {"find": closed.pk}).content.decode()


@pytest.mark.parametrize("key", ["root", "find"])
def test_the_tree_of_another_scope_does_not_exist(world, sign_in, key):
    client = sign_in(world.reviewer)
    assert client.get(reverse(URL), {key: world.bank.pk}).status_code == 404
    assert client.get(reverse(URL), {key: world.district.pk}).status_code == 404
    assert client.get(reverse(URL), {key: world.bank.pk}, headers=HTMX).status_code == 404


def test_a_level_of_three_hundred_costs_what_a_level_of_two_costs(world, sign_in):
    client = sign_in(world.leader)

    def cost(street):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(URL), {"root": street.pk}, headers=HTMX)
        return len(queries)

    client.get(reverse(URL))
    few = cost(world.wangjing)
    UnionFactory.create_batch(30, parent=world.jianwai)
    assert cost(world.jianwai) == few


def numbered(parent, count):
    """Unions whose names sort as they are numbered."""
    return [UnionFactory(parent=parent, name=f"第{number:03d}号厂工会") for number in range(count)]


@pytest.fixture
def ten_at_once(monkeypatch):
    monkeypatch.setattr("unions.views.explorer.LEVEL", 10)


def test_a_very_long_level_comes_in_parts(world, sign_in, ten_at_once):
    UnionFactory.create_batch(14, parent=world.jianwai)
    client = sign_in(world.leader)
    first = client.get(reverse(URL), {"root": world.jianwai.pk}, headers=HTMX).context["level"]
    rest = client.get(reverse(URL), {"root": world.jianwai.pk, "start": first.later}, headers=HTMX).context["level"]
    assert (len(first.nodes), len(rest.nodes), rest.later) == (10, 5, "")
    assert not set(names(first)) & set(names(rest))


def test_the_tree_draws_a_bounded_part_of_a_large_street(world, sign_in):
    UnionFactory.create_batch(60, parent=world.wangjing)
    page = sign_in(world.reviewer).get(reverse(URL))
    assert page.content.count(b'class="node') == 1 + LEVEL
    assert len(page.context["roots"][0].level.nodes) == LEVEL


def test_a_union_deep_in_a_long_level_is_found_among_its_neighbours(world, sign_in, ten_at_once):
    units = numbered(world.jianwai, 35)
    client = sign_in(world.leader)
    root = client.get(reverse(URL), {"find": units[23].pk}).context["roots"][0]
    level = next(node.level for node in root.level.nodes if node.union == world.jianwai)
    assert [node.union for node in level.nodes if node.is_found] == [units[23]]
    assert len(level.nodes) == 10 and level.earlier and level.later


def test_the_way_leads_through_a_union_that_does_not_stand_on_the_first_page(world, sign_in, ten_at_once):
    units = numbered(world.jianwai, 15)
    federation = UnionFactory(parent=world.jianwai, name="赵家工会联合会", kind=UnionKind.FEDERATED)
    member = UnionFactory(parent=federation)
    root = sign_in(world.leader).get(reverse(URL), {"find": member.pk}).context["roots"][0]
    street = next(node for node in root.level.nodes if node.union == world.jianwai)
    assert units[0] not in [node.union for node in street.level.nodes], "the federation comes after them"
    place = next(node for node in street.level.nodes if node.union == federation)
    assert [node.union for node in place.level.nodes if node.is_found] == [member]


def test_the_parts_before_and_after_make_a_level_whole(world, sign_in, ten_at_once):
    units = numbered(world.jianwai, 35)
    client = sign_in(world.leader)

    def part(start):
        asked = {"root": world.jianwai.pk, "start": start, "on": ""}
        return client.get(reverse(URL), asked, headers=HTMX).context["level"]

    earlier, later = [part("20")], [part("30")]
    while earlier[0].earlier:
        earlier.insert(0, part(earlier[0].earlier))
    while later[-1].later:
        later.append(part(later[-1].later))
    seen = [node.union for level in [*earlier, *later] for node in level.nodes]
    assert seen == [world.bank, *units], "each once, in order"


def test_what_is_asked_for_on_top_takes_the_focus(world, sign_in, ten_at_once):
    numbered(world.jianwai, 15)
    client, place = sign_in(world.leader), {"root": world.jianwai.pk}
    more = client.get(reverse(URL), {**place, "start": 10, "on": ""}, headers=HTMX).content
    opened = client.get(reverse(URL), place, headers=HTMX).content
    assert more.count(b" autofocus") == 1 and b" autofocus" not in opened


def test_without_scripts_the_rest_of_a_level_is_a_page(world, sign_in, ten_at_once):
    units = numbered(world.jianwai, 15)
    page = sign_in(world.leader).get(reverse(URL), {"root": world.jianwai.pk, "start": 10})
    assert units[-1].name in page.content.decode() and units[0].name not in page.content.decode()
    assert f'href="{reverse(URL)}?root={world.jianwai.pk}&amp;start=0"' in page.content.decode()


@pytest.mark.parametrize("asked", [{"start": "9" * 30}, {"start": "²"}, {"start": "-3"}, {"root": "²"}, {"find": "³"}])
def test_an_address_of_nonsense_shows_the_tree(world, sign_in, asked):
    assert sign_in(world.leader).get(reverse(URL), asked).status_code == 200
