"""What returns bring to the workbench and to a union's page: reviews to do, figures with their trend."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.http import QueryDict
from django.urls import reverse

from disclosure.dashboards import Figures, membership_card, review_todos
from disclosure.models import Form
from disclosure.totals import refresh
from tests.factories.disclosure import PERIOD, accepted, duty_of, history, submitted
from tests.factories.unions import UnionFactory
from unions.dashboards import Board
from unions.duties import refresh_totals
from unions.workbench import Workbench
from unions.workflow import perform

LAST = "2026Q2"


def board(user, union, **given) -> Board:
    query = QueryDict(mutable=True)
    query.update(given)
    return Board(user, union, query)


@pytest.fixture
def two_quarters(world):
    """Second quarter accepted of three unions in two streets; third quarter accepted of one, waiting of another."""
    form = Form.objects.get(code="quarterly-return")
    for union in (world.factory, world.hotel, world.bank):
        accepted(union, LAST, history(union, joined=5))
    accepted(world.factory, PERIOD, history(world.factory, joined=7, relief_money="0.10"))
    submitted(duty_of(world.hotel), by=world.neighbour, joined="3", visits="1")
    duty_of(world.bank)
    streets = [world.wangjing.pk, world.jianwai.pk]
    for period in (LAST, PERIOD):
        refresh(form, period, streets)
        refresh_totals(form.rule_id, period, streets)
    return form


def test_figures_of_the_street_and_the_district_are_the_accepted_ones_added_up(world, two_quarters):
    street = Figures.of(board(world.street_chair, world.wangjing))
    assert street.by_period[PERIOD]["joined"] == 7 and street.by_period[LAST]["joined"] == 10
    district = Figures.of(board(world.leader, world.district))
    assert district.by_period[LAST]["joined"] == 15
    assert district.by_period[LAST]["members"] == world.factory.members + world.hotel.members + world.bank.members


def test_all_submitted_adds_what_waits_for_review(world, two_quarters):
    figures = Figures.of(board(world.street_chair, world.wangjing, basis="submitted"))
    assert figures.by_period[PERIOD]["joined"] == 7 + 3
    district = Figures.of(board(world.leader, world.district, basis="submitted"))
    assert district.by_period[PERIOD]["joined"] == 7 + 3


def test_money_is_added_exactly(world, two_quarters):
    figures = Figures.of(board(world.street_chair, world.wangjing))
    assert figures.by_period[PERIOD]["relief_money"] == Decimal("0.10")


def test_a_grassroots_union_sees_its_own_figures_and_not_its_neighbours(world, two_quarters):
    own = Figures.of(board(world.neighbour, world.hotel))
    assert own.by_period[PERIOD]["joined"] == 3, "what it submitted counts on its own page"
    assert Figures.of(board(world.chair, world.hotel)) is None, "another union's page shows nothing to it"
    assert Figures.of(board(world.chair, world.factory)).by_period[PERIOD]["joined"] == 7


def test_a_quarter_without_figures_leaves_a_gap_in_the_line(world, two_quarters):
    points = dict(Figures.of(board(world.street_chair, world.wangjing, trend="joined")).points)
    assert points["26Q3"] == 7 and points["26Q2"] == 10 and points["26Q1"] is None and len(points) == 12


def test_an_unknown_figure_shows_the_members(world, two_quarters):
    assert Figures.of(board(world.leader, world.district, trend="secrets")).chosen.code == "members"


def test_the_rate_of_membership_names_its_parts_and_the_change_in_points(world, two_quarters):
    card = membership_card(board(world.leader, world.wangjing))
    assert (card["members"], card["workers"]) == (world.factory.members, world.factory.workers)
    before = (world.factory.members + world.hotel.members) / (world.factory.workers + world.hotel.workers)
    assert card["change"] == round((world.factory.members / world.factory.workers - before) * 100, 1)


def test_with_nothing_accepted_the_rate_is_not_applicable(world, sign_in):
    duty_of(world.factory)
    refresh_totals(Form.objects.get(code="quarterly-return").rule_id, PERIOD, [world.wangjing.pk])
    page = sign_in(world.street_chair).get(reverse("unions:union", args=[world.wangjing.pk]))
    assert membership_card(page.context["board"])["rate"] is None and page.status_code == 200


def test_a_reviewer_is_told_what_waits_and_how_much_of_it_was_corrected(world, two_quarters):
    (todo,) = review_todos(Workbench(world.reviewer))
    assert todo.url == reverse("disclosure:review", args=[PERIOD]) and todo.union == world.wangjing
    assert "1" in todo.tag[0]
    assert list(review_todos(Workbench(world.other_reviewer))) == []
    assert list(review_todos(Workbench(world.chair))) == []


def test_what_is_decided_no_longer_waits(world, two_quarters):
    from disclosure.models import Return

    perform(Return.objects.get(union=world.hotel, period=PERIOD), "accept", by=world.reviewer)
    assert list(review_todos(Workbench(world.reviewer))) == []
    figures = Figures.of(board(world.street_chair, world.wangjing))
    assert figures.by_period[PERIOD]["joined"] == 7 + 3


def test_the_district_reviews_summaries_and_not_the_returns_below_the_street(world, two_quarters):
    assert list(review_todos(Workbench(world.officer))) == []


def test_the_pages_show_figures_and_trend_with_a_table_for_readers(world, sign_in, two_quarters):
    for user, union in (
        (world.leader, world.district),
        (world.street_chair, world.wangjing),
        (world.chair, world.factory),
    ):
        page = sign_in(user).get(reverse("unions:union", args=[union.pk]), {"trend": "joined"}).content.decode()
        assert 'class="chart"' in page and 'id="figures"' in page
        assert "<caption>" in page


def test_the_workbook_has_a_sheet_of_figures(world, sign_in, two_quarters):
    answer = sign_in(world.leader).get(reverse("unions:union", args=[world.district.pk]), {"export": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = {row[0].value: [cell.value for cell in row] for sheet in book for row in sheet.rows}
    joined = two_quarters.version_for(PERIOD).indicators.get(code="joined").name
    assert rows[joined][-2:] == [15, 7]


def test_the_summaries_figures_are_apart_from_the_returns(world, two_quarters):
    assert Figures.of(board(world.leader, world.district, rule="quarterly-summary")).by_period == {}


@pytest.mark.parametrize("more", [0, 20])
def test_figures_cost_the_same_with_more_unions_and_more_waiting(
    world, sign_in, two_quarters, django_assert_max_num_queries, more
):
    for number in range(more):
        union = UnionFactory(parent=world.wangjing, name=f"北京第{number}测试有限公司工会委员会")
        accepted(union, LAST)
    client = sign_in(world.street_chair)
    for basis in ("accepted", "submitted"):
        address = reverse("unions:union", args=[world.wangjing.pk]) + f"?basis={basis}"
        client.get(address)
        # two of them are the transaction of the request, a savepoint in a test
        with django_assert_max_num_queries(25):
            client.get(address)
