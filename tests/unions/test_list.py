import datetime
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django import forms
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.access import patterns
from tests.factories.unions import UnionFactory
from unions.enums import EmployerNature, Industry, UnionKind, UnionState
from unions.filters import UnionFilters
from unions.kit.filters import ListFilters, clean_query
from unions.models import Union

URL = "unions:union-list"
HTMX = {"HX-Request": "true"}
TODAY = timezone.localdate()


@pytest.fixture
def get(sign_in):
    def _get(person, headers=None, **query):
        response = sign_in(person).get(reverse(URL), query, headers=headers)
        assert response.status_code == 200
        return response

    return _get


@pytest.fixture
def rows(get):
    """The unions that a person's list shows, in order."""

    def _rows(person, **query):
        return [union.pk for union in get(person, **query).context["page"].object_list.data]

    return _rows


def test_each_person_lists_the_unions_of_their_scope(world, rows):
    assert set(rows(world.officer)) == set(Union.objects.values_list("pk", flat=True))
    assert set(rows(world.reviewer)) == {world.wangjing.pk, world.factory.pk, world.hotel.pk}
    assert rows(world.stranger) == [world.bank.pk]


def test_the_list_filters_by_what_the_roster_knows(world, rows):
    old = UnionFactory(
        parent=world.wangjing, kind=UnionKind.JOINT, workers=1200, has_place=True, has_sign=True, has_account=True,
        has_audit_committee=True, has_women_committee=True, industry=Industry.J, employer_nature=EmployerNature.PRIVATE,
        term_years=3, term_started_on=TODAY - datetime.timedelta(days=4 * 366), former_names=["北京老字号工会"],
    )  # fmt: skip
    closed = UnionFactory(parent=world.jianwai, state=UnionState.DISSOLVED)
    for query in (
        {"q": "老字号"}, {"kind": "joint"}, {"size": "1000-"}, {"industry": "J"}, {"nature": "private"}, {"term": "1"},
    ):  # fmt: skip
        assert rows(world.officer, **query) == [old.pk], query
    assert rows(world.officer, state="dissolved") == [closed.pk]
    assert set(rows(world.officer, tier="2")) == {world.wangjing.pk, world.jianwai.pk}
    assert set(rows(world.officer, middle=world.jianwai.pk)) == {world.jianwai.pk, world.bank.pk, closed.pk}
    assert old.pk not in rows(world.officer, lacks="any") and world.bank.pk in rows(world.officer, lacks="women")
    assert set(rows(world.officer, below=world.wangjing.pk)) == {
        world.wangjing.pk, world.factory.pk, world.hotel.pk, old.pk,
    }  # fmt: skip


@pytest.mark.parametrize(
    "query", [{"kind": "guild"}, {"middle": "x"}, {"middle": "0"}, {"below": "999999999999999999999"}]
)
def test_a_value_that_is_no_choice_finds_nothing_and_says_so(world, get, query):
    response = get(world.officer, **query)
    assert response.context["page"].paginator.count == 0
    assert response.context["filters"].errors


def test_a_subtree_outside_the_scope_is_no_choice(world, rows):
    assert rows(world.reviewer, below=world.bank.pk) == []


def test_the_term_is_overdue_from_the_day_after_its_last(world, rows):
    last_day_is_today = TODAY.replace(year=TODAY.year - 5) + datetime.timedelta(days=1)
    union = UnionFactory(parent=world.jianwai, term_years=5, term_started_on=last_day_is_today)
    assert union.term_ends_on == TODAY and rows(world.officer, term="1") == []
    Union.objects.filter(pk=union.pk).update(term_started_on=TODAY.replace(year=TODAY.year - 5))
    assert rows(world.officer, term="1") == [union.pk]


def test_filters_in_force_are_words_and_each_can_be_lifted(world, get):
    chips = get(world.officer, q="工会", state="active", sort="-members", page="1").context["chips"]
    assert len(chips) == 2
    assert chips[0].query == "?state=active&sort=-members"
    assert "正常" in chips[1].text


@pytest.mark.parametrize("column", ["name", "kind", "parent", "members", "workers", "rate", "term_ends_on", "state"])
def test_every_sort_is_total_and_turns_round(world, rows, column):
    UnionFactory.create_batch(5, parent=world.jianwai)
    up, down = rows(world.officer, sort=column), rows(world.officer, sort=f"-{column}")
    assert len(up) == len(set(up)) == len(down) == Union.objects.count()


def test_numbers_sort_as_asked_and_names_by_pinyin(world, rows):
    assert rows(world.officer, sort="-members")[0] == world.factory.pk
    names = [world.bank.pk, world.factory.pk, world.hotel.pk]
    assert [pk for pk in rows(world.officer) if pk in names] == names, "bei jing jian… rui… wang…"
    assert rows(world.officer, sort="no-such-column") == rows(world.officer)


def test_the_fragment_shows_the_rows_of_the_page_and_nothing_else(world, get):
    page, part = get(world.officer, q="北京"), get(world.officer, headers=HTMX, q="北京")
    body = part.content.decode()
    assert "<html" not in body and '<section id="results"' in body and 'hx-swap-oob="innerHTML"' in body
    shown = lambda response: [u.pk for u in response.context["page"].object_list.data]  # noqa: E731
    assert shown(page) == shown(part)
    assert part.headers["HX-Push-Url"].startswith(reverse(URL) + "?q=")
    assert "HX-Request" in part.headers["Vary"]


def test_twenty_five_rows_a_page_more_when_asked_and_a_page_too_far_shows_the_last(world, get):
    UnionFactory.create_batch(60, parent=world.jianwai)
    first = get(world.officer)
    assert len(first.context["page"].object_list) == 25
    assert 'href="?rows=100"' in first.content.decode()
    whole = get(world.officer, rows="100")
    assert len(whole.context["page"].object_list) > 60
    assert 'name="rows" value="100"' in whole.content.decode(), "another filter keeps it"
    assert len(get(world.officer, rows="100000").context["page"].object_list) == 25
    assert get(world.officer, page="99").context["page"].number == 3
    assert get(world.officer, page="x").context["page"].number == 1


def test_an_empty_result_says_how_to_go_on(world, get):
    body = get(world.officer, q="不存在的名字").content.decode()
    assert 'class="empty"' in body and f'href="{reverse(URL)}"' in body


def test_the_export_holds_what_is_filtered_and_says_which(world, sign_in):
    response = sign_in(world.officer).get(reverse(URL), {"q": "瑞丰", "export": "xlsx"})
    assert response.headers["Content-Disposition"].startswith("attachment")
    cells = [str(v) for row in load_workbook(BytesIO(response.content)).active.values for v in row if v is not None]
    assert world.factory.name in cells and world.hotel.name not in cells
    assert any("瑞丰" in cell and "：" in cell for cell in cells), "the filter stands above the table"


def test_the_export_ends_at_the_edge_of_the_scope(world, sign_in):
    response = sign_in(world.reviewer).get(reverse(URL), {"export": "xlsx"})
    cells = {str(v) for row in load_workbook(BytesIO(response.content)).active.values for v in row if v is not None}
    assert world.factory.name in cells and world.bank.name not in cells


def test_a_long_list_costs_as_many_queries_as_a_short_one(world, sign_in):
    client = sign_in(world.officer)

    def cost(text):
        with CaptureQueriesContext(connection) as queries:
            found = client.get(reverse(URL), {"q": text}).context["page"].paginator.count
        return found, len(queries)

    cost("瑞丰")
    one = cost("瑞丰")
    UnionFactory.create_batch(30, parent=world.jianwai)
    assert cost("测试") == (30, one[1]) and one[0] == 1


def test_the_middle_tier_is_a_choice_for_those_who_see_several(world):
    assert "middle" in UnionFilters({}, Union.objects.all(), user=world.officer).filters
    assert "middle" not in UnionFilters({}, Union.objects.all(), user=world.reviewer).filters


def test_filters_without_a_person_do_not_work_at_all():
    with pytest.raises(TypeError):
        UnionFilters({}, Union.objects.all())


def test_a_clean_query_keeps_what_filters_and_drops_the_rest():
    assert clean_query({"q": "", "kind": "unit", "page": "3", "below": "7", "below_q": "望京"}) == "?kind=unit&below=7"
    assert clean_query({"kind": "unit"}, drop=("kind",)) == "?"
    assert clean_query({"kind": "unit"}, export="xlsx") == "?kind=unit&export=xlsx"


def test_what_a_name_holds_is_never_markup(world, sign_in):
    UnionFactory(parent=world.wangjing, name="<b>瑞丰</b>", chair_name="<i>甲</i>")
    shown = sign_in(world.reviewer).get(reverse(URL)).content.decode()
    assert "&lt;b&gt;瑞丰" in shown and "&lt;i&gt;甲" in shown and "<b>瑞丰" not in shown and "<i>甲" not in shown


def every_list(of=ListFilters) -> list[type[ListFilters]]:
    """The filters of every list of the portal; whoever asks for the addresses has them all loaded."""
    list(patterns())
    return list(dict.fromkeys(found for kind in of.__subclasses__() for found in (kind, *every_list(kind))))


@pytest.mark.parametrize("filters", every_list(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_choice_in_force_is_said_in_words_on_every_list(world, filters):
    offered = filters(QueryDict(), Union.objects.none(), user=world.officer).form.fields
    choices = {
        name: {str(value): str(label) for value, label in field.choices if value not in ("", None)}
        for name, field in offered.items()
        if hasattr(field, "choices") and not isinstance(field, forms.ModelChoiceField)
    }
    chosen = {name: next(iter(given)) for name, given in choices.items() if given}
    asked = filters(QueryDict(urlencode(chosen)), Union.objects.none(), user=world.officer)
    assert len(asked.chips()) == len(asked.in_words()) == len(chosen)
    said = " ".join(asked.in_words())
    assert [name for name, value in chosen.items() if choices[name][value] not in said] == []
