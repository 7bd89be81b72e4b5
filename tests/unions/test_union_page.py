"""One page for every tier: its rates are those of the frozen duties, and every number leads to exactly its rows."""

import datetime
import io
import re
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
import time_machine
from django.apps import apps
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tests.factories.unions import UnionFactory, UserFactory
from unions.dashboards import Board, short_name, whole_percent
from unions.duties import refresh_totals
from unions.kit.periods import Period, months_before
from unions.models import Duty, DutyRule, DutyTotal
from unions.opening import open_period
from unions.services import appoint

NOVEMBER = datetime.datetime(2026, 11, 10, 9, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
Q3 = Period(2026, 3)


@pytest.fixture(autouse=True)
def november(db):
    """10 November 2026: the third quarter, due on 10 October, is a month over."""
    for app in apps.get_app_configs():
        if hasattr(app, "seed"):
            app.seed()
    with time_machine.travel(NOVEMBER, tick=False):
        yield


STAGES = [
    {"state": "fulfilled", "timeliness": "on_time", "filed": 6, "accepted": True},
    {"state": "fulfilled", "timeliness": "late", "filed": 20, "accepted": True, "return_count": 1},
    {"state": "submitted", "timeliness": "on_time", "filed": 8},
    {"state": "returned", "timeliness": "on_time", "filed": 9, "return_count": 1},
    {"state": "open", "timeliness": ""},
    {"state": "open", "timeliness": "", "extended_to": datetime.date(2026, 12, 1), "last_day": datetime.date(2026, 12, 1)},
    {"state": "waived", "timeliness": ""},
    {"state": "fulfilled", "timeliness": "extended", "filed": 12, "accepted": True, "extended_to": datetime.date(2026, 10, 15)},
]  # fmt: skip


def stage(
    duty: Duty, *, state: str, timeliness: str, filed: int | None = None, accepted: bool = False, **given
) -> None:
    moment = timezone.now().replace(month=10, day=filed) if filed else None
    Duty.objects.filter(pk=duty.pk).update(
        state=state,
        timeliness=timeliness,
        first_submitted_at=moment,
        fulfilled_at=moment if accepted else None,
        **given,
    )


@pytest.fixture
def quarter(world) -> DutyRule:
    """Third and second quarter opened for sixteen more unions; duties at every stage; totals counted."""
    for street in (world.wangjing, world.jianwai):
        for number in range(8):
            UnionFactory(
                parent=street,
                members=60 + number,
                term_started_on=datetime.date(2020 + number % 4, 5, 1),
                term_years=3,
            )
    for rule in DutyRule.objects.all():
        for period in (Q3.previous(), Q3):
            open_period(rule, period)
    rule = DutyRule.objects.get(key="quarterly-return")
    for number, duty in enumerate(Duty.objects.filter(rule=rule).order_by("period", "pk")):
        stage(duty, **STAGES[number % len(STAGES)])
    for period in (Q3.previous(), Q3):
        refresh_totals(rule.pk, period.code, [world.wangjing.pk, world.jianwai.pk])
    return rule


def board(user, union, **query) -> Board:
    from django.http import QueryDict

    given = QueryDict(mutable=True)
    given.update(query)
    return Board(user, union, given)


def numbers(page: str) -> set[tuple[int, str]]:
    """Every count on the page that is a link to a list, with its address; cells of the heat table are rates."""
    found = re.findall(r'<a href="([^"]+)"[^>]*>([\d,]+)</a>', page)
    lists = (reverse("unions:duty-list"), reverse("unions:union-list"))
    return {(int(text.replace(",", "")), href.replace("&amp;", "&")) for href, text in found if href.startswith(lists)}


def rows_behind(client, href: str) -> int:
    return client.get(href).context["page"].paginator.count


@pytest.mark.parametrize("basis", ["", "submitted"])
def test_every_number_of_the_district_page_leads_to_exactly_its_rows(world, sign_in, quarter, basis):
    client = sign_in(world.leader)
    page = client.get(reverse("unions:union", args=[world.district.pk]), {"basis": basis}).content.decode()
    found = numbers(page)
    assert len(found) >= 7
    for number, href in found:
        assert rows_behind(client, href) == number, href


def test_every_cell_of_the_heat_table_leads_to_the_duties_it_was_counted_from(world, sign_in, quarter):
    client = sign_in(world.leader)
    shown = board(world.leader, world.district)
    assert {row.pk for row in shown.middle_rows} == {world.wangjing.pk, world.jianwai.pk}
    for row in shown.middle_rows:
        for cell in row.cells:
            if cell.href:
                assert rows_behind(client, cell.href) == int(cell.title.split("/")[1])


def test_the_streets_page_counts_its_own_unions_and_its_links_too(world, sign_in, quarter):
    client = sign_in(world.street_chair)
    found = numbers(client.get(reverse("unions:union", args=[world.wangjing.pk])).content.decode())
    assert len(found) >= 5
    for number, href in found:
        assert rows_behind(client, href) == number, href


@pytest.mark.parametrize("who", ["leader", "clerk"])  # test_reading.py follows every link of the others
def test_no_link_of_the_workbench_or_the_page_is_a_dead_end(world, sign_in, quarter, who):
    person = getattr(world, who)
    client = sign_in(person)
    for path in ("/", reverse("unions:union", args=[person.union.pk])):
        page = client.get(path).content.decode()
        for href in set(re.findall(r'href="(/[^"#]*)', page)):
            if not href.startswith("/static/"):
                answer = client.get(href.replace("&amp;", "&"), follow=True)
                assert answer.status_code == 200, (path, href)


def test_a_list_still_filters_after_somebody_read_the_description_of_the_api(world, sign_in, quarter):
    from unions.duty_lists import DutyFilters

    address = board(world.leader, world.district).links["expected"]
    assert DutyFilters.base_filters["period"].field.choices is not None  # as the API's schema asks for it
    assert rows_behind(sign_in(world.leader), address) > 0


def test_parts_sum_to_the_whole(world, quarter):
    shown = board(world.leader, world.district)
    assert sum(row.done for row in shown.middle_rows) == shown.done
    assert sum(row.expected for row in shown.middle_rows) == shown.rates.expected
    for row in shown.middle_rows:
        union = next(street for street in (world.wangjing, world.jianwai) if street.pk == row.pk)
        below = board(world.leader, union)
        assert (below.done, below.rates.expected) == (row.done, row.expected)
        assert (
            below.unit_page.paginator.count == Duty.objects.filter(middle=union, rule=quarter, period=Q3.code).count()
        )


def test_the_rates_are_those_of_the_duties_themselves(world, quarter):
    shown = board(world.leader, world.wangjing)
    assert shown.rates == Duty.objects.filter(middle=world.wangjing, rule=quarter, period=Q3.code).rates()


def test_only_accepted_counts_until_somebody_asks_for_all_submitted(world, quarter):
    accepted, submitted = board(world.leader, world.district), board(world.leader, world.district, basis="submitted")
    assert accepted.done == accepted.rates.accepted < submitted.done == submitted.rates.submitted


def test_an_unknown_period_basis_or_sort_shows_the_page_as_it_is_by_default(world, sign_in, quarter):
    page = sign_in(world.leader).get(
        reverse("unions:union", args=[world.district.pk]),
        {"period": "1999Q9", "basis": "all", "sort": "luck", "rule": "none", "page": "x", "trend": "nothing"},
    )
    assert page.status_code == 200 and page.context["board"].period == Q3


def test_another_period_can_be_looked_at(world, sign_in, quarter):
    page = sign_in(world.leader).get(reverse("unions:union", args=[world.district.pk]), {"period": "2026Q2"})
    assert page.context["board"].period == Q3.previous()
    assert page.context["board"].window[-1] == Q3.previous()


def test_nothing_expected_prints_not_applicable_and_no_zero_percent(world, sign_in):
    page = sign_in(world.leader).get(reverse("unions:union", args=[world.district.pk]))
    assert page.status_code == 200 and page.context["board"].rate is None
    assert page.context["board"].punctual["rate"] is None
    assert _("n/a") in page.content.decode()


def test_a_portal_without_rules_still_has_a_page(world, sign_in):
    DutyRule.objects.update(is_active=False)
    for user, union in (
        (world.leader, world.district),
        (world.street_chair, world.wangjing),
        (world.chair, world.factory),
    ):
        assert sign_in(user).get(reverse("unions:union", args=[union.pk])).status_code == 200
        assert sign_in(user).get(reverse("unions:home")).status_code == 200


def test_who_is_late_stands_with_days_and_reminders_and_the_extended_do_not(world, quarter):
    shown = board(world.leader, world.district)
    overdue = {duty.pk for duty in shown.late}
    assert shown.late_count == Duty.objects.overdue().filter(rule=quarter, period=Q3.code).count() > 0
    assert not Duty.objects.filter(pk__in=overdue, extended_to__gte=timezone.localdate()).exists()
    assert all(duty.reminded == 0 for duty in shown.late)


def test_a_grassroots_page_shows_its_own_record_only(world, sign_in, quarter):
    page = sign_in(world.chair).get(reverse("unions:union", args=[world.factory.pk]))
    assert page.status_code == 200
    assert {duty.union_id for duty in page.context["board"].record} == {world.factory.pk}
    assert world.hotel.name not in page.content.decode()


def test_outside_the_scope_there_is_no_page_and_no_workbook(world, sign_in, quarter):
    for union in (world.district, world.jianwai, world.bank):
        for query in ({}, {"export": "xlsx"}):
            assert sign_in(world.street_chair).get(reverse("unions:union", args=[union.pk]), query).status_code == 404


def test_the_workbook_holds_what_the_page_shows(world, sign_in, quarter):
    answer = sign_in(world.leader).get(reverse("unions:union", args=[world.district.pk]), {"export": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    shown = board(world.leader, world.district)
    sheet = book.worksheets[1]
    last = [cell.value for cell in list(sheet.rows)[-1]]
    assert last[-2:] == [shown.done, shown.rates.expected]
    names = {row[0].value for row in sheet.rows}
    assert {world.wangjing.name, world.jianwai.name} <= names
    key = {row[0].value: (row[2].value, row[3].value) for row in book.worksheets[0].rows if row[3].value}
    assert (shown.rates.submitted, shown.rates.expected) in key.values()


def test_each_tier_exports_a_workbook(world, sign_in, quarter):
    for user, union in ((world.street_chair, world.wangjing), (world.chair, world.factory)):
        answer = sign_in(user).get(reverse("unions:union", args=[union.pk]), {"export": "xlsx"})
        book = openpyxl.load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
        assert len(book.worksheets) >= 2


def test_a_federation_shows_the_unions_below_it_and_its_own_record(world, sign_in):
    federation = UnionFactory(kind="federated", parent=world.wangjing)
    member = UnionFactory(parent=federation)
    for rule in DutyRule.objects.all():
        open_period(rule, Q3)
    page = sign_in(world.person("grassroots_chair", federation)).get(reverse("unions:union", args=[federation.pk]))
    shown = page.context["board"]
    assert [row.pk for row in shown.unit_page.object_list] == [member.pk] and shown.rates.expected == 1
    assert member.name in page.content.decode() and world.hotel.name not in page.content.decode()


@pytest.mark.parametrize("sort", ["name", "rate", "members"])
def test_the_unions_below_can_be_sorted_and_paged(world, quarter, sort):
    rows = board(world.leader, world.wangjing, sort=sort).unit_page.object_list
    if sort == "members":
        assert [row.members for row in rows] == sorted((row.members for row in rows), reverse=True)
    if sort == "rate":
        assert [row.done for row in rows] == sorted(row.done for row in rows)
    assert len({row.pk for row in rows}) == 10


def test_somebody_with_posts_in_two_streets_sees_each_page_by_itself(world, sign_in, quarter):
    user = UserFactory()
    appoint(user=user, role="middle_reviewer", union=world.wangjing, by=None)
    appoint(user=user, role="grassroots_chair", union=world.bank, by=None)
    client = sign_in(user)
    for number, href in numbers(client.get(reverse("unions:union", args=[world.wangjing.pk])).content.decode()):
        assert rows_behind(client, href) == number, href


@pytest.mark.parametrize("more", [0, 20])
def test_the_page_costs_the_same_with_more_unions(world, sign_in, quarter, django_assert_max_num_queries, more):
    for number in range(more):
        street = UnionFactory(kind="street", parent=world.district, name=f"第{number}街道总工会")
        DutyTotal.objects.create(union=street, middle=street, rule=quarter, period=Q3.code, expected=5, submitted=3)
        UnionFactory(parent=world.wangjing)
    for user, union in (
        (world.leader, world.district),
        (world.street_chair, world.wangjing),
        (world.chair, world.factory),
    ):
        address = reverse("unions:union", args=[union.pk])
        client = sign_in(user)
        client.get(address)
        # two of them are the transaction of the request, a savepoint in a test; one is for the meetings of the year
        with django_assert_max_num_queries(26):
            client.get(address)


def test_a_hundred_percent_is_said_only_when_nothing_is_missing():
    assert [whole_percent(rate) for rate in (1, 0.999, 0.986, 0.0)] == ["100", "99", "99", "0"]


def test_names_are_shortened_only_where_something_is_left():
    assert short_name("望京街道总工会") == "望京街道" and short_name("教育工会") == "教育工会"
    assert short_name("工会委员会") == "工会委员会"


@pytest.mark.parametrize(
    ("day", "before"), [("2026-08-31", "2026-02-28"), ("2026-01-15", "2025-07-15"), ("2026-06-30", "2025-12-30")]
)
def test_half_a_year_ago_is_a_day_of_the_calendar(day, before):
    assert months_before(datetime.date.fromisoformat(day), 6).isoformat() == before


def test_links_name_the_rule_and_the_period(world, quarter):
    query = parse_qs(urlsplit(board(world.leader, world.wangjing).links["overdue"]).query)
    assert query == {
        "rule": ["quarterly-return"],
        "period": ["2026Q3"],
        "figure": ["overdue"],
        "middle": [str(world.wangjing.pk)],
    }
