"""Pages of duties: own union, the tier above, a stranger; asking, granting, declining, exempting."""

import datetime
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.duties import make_duty, make_rule
from tests.factories.unions import UnionFactory
from unions import duties
from unions.enums import DutyState, Timeliness
from unions.models import Duty, DutyTotal, Event
from unions.workflow import Invalid, MoveError

pytestmark = pytest.mark.usefixtures("own_rules_only")
today = timezone.localdate


def days(count):
    return today() + datetime.timedelta(days=count)


@pytest.fixture
def rule(db):
    return make_rule()


@pytest.fixture
def duty(world, rule):
    return make_duty(rule, world.factory)


def listed(client, **query):
    response = client.get(reverse("unions:duty-list"), query)
    assert response.status_code == 200
    return {row.record.union for row in response.context["table"].rows}


def test_each_sees_the_duties_of_their_scope(world, rule, sign_in):
    for union in (world.factory, world.hotel, world.bank):
        make_duty(rule, union)
    assert listed(sign_in(world.chair)) == {world.factory}
    assert listed(sign_in(world.reviewer)) == {world.factory, world.hotel}
    assert listed(sign_in(world.leader)) == {world.factory, world.hotel, world.bank}
    assert listed(sign_in(world.stranger)) == {world.bank}


def test_a_duty_is_open_to_its_union_and_above_and_missing_for_a_stranger(world, duty, sign_in):
    url = reverse("unions:duty", args=[duty.pk])
    for user in (world.chair, world.clerk, world.reviewer, world.leader):
        assert sign_in(user).get(url).status_code == 200
    for user in (world.stranger, world.neighbour, world.other_reviewer):
        assert sign_in(user).get(url).status_code == 404


def test_without_conditions_the_list_is_what_is_to_be_done(world, rule, sign_in):
    make_duty(rule, world.factory)
    make_duty(rule, world.hotel, state=DutyState.WAIVED)
    client = sign_in(world.reviewer)
    assert listed(client) == {world.factory}
    assert listed(client, figure="all") == {world.factory, world.hotel}
    assert listed(client, period="2026Q3") == {world.factory, world.hotel}
    assert listed(client, figure="waived") == {world.hotel}
    assert listed(client, q="瑞丰") == {world.factory}
    assert listed(client, q="WHBG", figure="all") == {world.hotel}
    assert listed(client, figure="nonsense") == set()


def test_a_figure_lists_exactly_the_rows_it_counts(world, rule, sign_in):
    at = timezone.now()
    filed = {"first_submitted_at": at, "state": DutyState.SUBMITTED}
    make_duty(rule, world.factory, timeliness=Timeliness.LATE, return_count=1, **filed)
    make_duty(rule, world.hotel, timeliness=Timeliness.ON_TIME, first_submitted_at=at, state=DutyState.FULFILLED, fulfilled_at=at)  # fmt: skip
    make_duty(rule, UnionFactory(parent=world.wangjing), timeliness=Timeliness.EXTENDED, **filed)
    make_duty(rule, UnionFactory(parent=world.wangjing))
    make_duty(rule, UnionFactory(parent=world.wangjing), state=DutyState.WAIVED)
    make_duty(rule, world.bank)
    duties.refresh_totals(rule.pk, "2026Q3", [world.wangjing.pk, world.jianwai.pk])
    total = DutyTotal.objects.get(union=world.wangjing)
    client = sign_in(world.leader)
    place = {"rule": rule.key, "period": "2026Q3", "middle": world.wangjing.pk}
    for figure in ("expected", "submitted", "on_time", "extended", "accepted", "returned", "waived"):
        assert len(listed(client, figure=figure, **place)) == getattr(total, figure), figure
    assert len(listed(client, figure="late", **place)) == 1
    assert len(listed(client, figure="missing", **place)) == total.rates.missing


def test_a_history_from_before_the_rule_can_still_be_listed(world, rule, sign_in):
    make_duty(rule, world.factory, "2014Q4")
    assert listed(sign_in(world.leader), period="2014Q4") == {world.factory}


def test_the_list_costs_the_same_for_one_and_fifty_rows(
    world, rule, sign_in, django_assert_num_queries, django_assert_max_num_queries
):
    client = sign_in(world.leader)
    make_duty(rule, world.factory)
    url = reverse("unions:duty-list")
    client.get(url)
    with django_assert_max_num_queries(18) as one:
        client.get(url)
    for union in UnionFactory.create_batch(49, parent=world.wangjing):
        make_duty(rule, union)
    with django_assert_num_queries(len(one)):
        client.get(url)


def test_the_workbook_holds_the_rows_of_the_list(world, rule, sign_in):
    for union in (world.factory, world.hotel, world.bank):
        make_duty(rule, union)
    response = sign_in(world.reviewer).get(reverse("unions:duty-list"), {"export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    names = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert world.factory.name in names
    assert world.bank.name not in names
    assert "attachment" in response["Content-Disposition"]


# Extensions and exemptions


def test_a_union_asks_and_its_superior_grants(world, duty, sign_in, mailoutbox):
    staff, chair = world.street_staff, world.chair
    url = reverse("unions:duty-ask", args=[duty.pk])
    response = sign_in(world.clerk).post(url, {"until": days(20).isoformat(), "reason": "财务系统搬迁"})
    assert response.status_code == 302
    duty.refresh_from_db()
    assert duty.last_day == days(10), "until it is granted the present day holds"
    notice = staff.notices.get()
    assert notice.kind == "duty.ask"
    assert not world.officer.notices.exists(), "the request goes to the direct superior"

    page = sign_in(staff).get(reverse("unions:duty-extend", args=[duty.pk]))
    assert page.context["form"].initial == {"until": days(20), "reason": "财务系统搬迁"}
    sign_in(staff).post(
        reverse("unions:duty-extend", args=[duty.pk]), {"until": days(18).isoformat(), "reason": "同意"}
    )
    duty.refresh_from_db()
    assert (duty.extended_to, duty.last_day) == (days(18), days(18))
    assert {n.kind for n in chair.notices.all()} == {"duty.extend"}
    assert list(Event.objects.filter(object_id=duty.pk, model="unions.Duty").values_list("action", flat=True)) == ["duty.extend", "duty.ask"]  # fmt: skip
    assert duties.open_request(duty) is None


def test_a_request_can_be_declined_with_a_reason_and_made_again(world, duty, sign_in):
    duties.ask_extension(duty, until=days(20), reason="忙", by=world.chair)
    with pytest.raises(MoveError):
        duties.ask_extension(duty, until=days(21), reason="忙", by=world.chair)
    url = reverse("unions:duty-decline", args=[duty.pk])
    client = sign_in(world.street_staff)
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "请按期报送"}).status_code == 302
    assert world.chair.notices.get().kind == "duty.decline"
    assert client.post(url, {"reason": "再次"}).status_code == 409, "there is nothing left to decline"
    duties.ask_extension(duty, until=days(21), reason="停电", by=world.chair)


def test_asking_ends_with_the_last_day(world, rule, sign_in):
    late = make_duty(rule, world.factory, due=days(-1))
    last = make_duty(rule, world.factory, "2026Q2", due=today())
    given = {"until": days(5).isoformat(), "reason": "停电"}
    client = sign_in(world.chair)
    assert client.post(reverse("unions:duty-ask", args=[late.pk]), given).status_code == 409
    assert client.post(reverse("unions:duty-ask", args=[last.pk]), given).status_code == 302


def test_only_the_union_itself_asks(world, duty, sign_in):
    url = reverse("unions:duty-ask", args=[duty.pk])
    assert sign_in(world.street_staff).get(url).status_code == 403
    assert sign_in(world.stranger).get(url).status_code == 404


@pytest.mark.parametrize("view", ["extend", "waive", "decline"])
def test_only_the_superior_decides(world, duty, sign_in, view):
    url = reverse(f"unions:duty-{view}", args=[duty.pk])
    assert sign_in(world.street_staff).get(url).status_code == 200
    assert sign_in(world.officer).get(url).status_code == 200
    assert sign_in(world.chair).get(url).status_code == 403
    assert sign_in(world.reviewer).get(url).status_code == 403
    assert sign_in(world.stranger).get(url).status_code == 403
    assert sign_in(world.person("middle_staff", world.jianwai)).get(url).status_code == 404


def test_a_street_gives_itself_neither_extension_nor_exemption(world, sign_in):
    own = make_duty(make_rule("summary", kinds=["street"]), world.wangjing)
    client = sign_in(world.street_chair)
    assert client.get(reverse("unions:duty-extend", args=[own.pk])).status_code == 403
    assert client.post(reverse("unions:duty-waive", args=[own.pk]), {"reason": "x"}).status_code == 403
    assert sign_in(world.officer).get(reverse("unions:duty-extend", args=[own.pk])).status_code == 200


def test_an_exemption_leaves_the_rates_and_can_be_taken_back(world, duty, sign_in):
    duties.refresh_totals(duty.rule_id, duty.period, [world.wangjing.pk])
    client, chair = sign_in(world.street_staff), world.chair
    assert client.post(reverse("unions:duty-waive", args=[duty.pk]), {"reason": "停业整顿"}).status_code == 302
    assert DutyTotal.objects.get(union=world.wangjing).expected == 0
    assert client.post(reverse("unions:duty-demand", args=[duty.pk])).status_code == 302
    assert DutyTotal.objects.get(union=world.wangjing).expected == 1
    assert Duty.objects.get().state == DutyState.OPEN
    assert client.post(reverse("unions:duty-demand", args=[duty.pk])).status_code == 409
    assert [n.kind for n in chair.notices.all()] == ["duty.demand", "duty.waive"]


def test_a_returned_duty_exempted_and_demanded_again_is_returned(world, duty):
    duties.record_submission(duty)
    duties.record_return(duty, last_day=days(12))
    duties.waive(duty, reason="停业", by=world.street_chair)
    assert duties.demand_again(duty, by=world.street_chair).state == DutyState.RETURNED


def test_an_earlier_day_is_refused_beside_the_field(world, duty, sign_in):
    url = reverse("unions:duty-extend", args=[duty.pk])
    response = sign_in(world.street_staff).post(url, {"until": days(1).isoformat(), "reason": "x"})
    assert response.status_code == 422
    assert "until" in response.context["form"].errors
    with pytest.raises(Invalid):
        duties.grant_extension(duty, until=duty.due_on, reason="x", by=world.street_chair)


def test_what_is_submitted_needs_no_extension(world, duty, sign_in):
    duties.record_submission(duty)
    response = sign_in(world.street_staff).post(
        reverse("unions:duty-extend", args=[duty.pk]), {"until": days(20).isoformat(), "reason": "x"}
    )
    assert response.status_code == 409


def test_the_duty_page_tells_its_history(world, duty, sign_in):
    duties.ask_extension(duty, until=days(20), reason="停电", by=world.chair)
    duties.grant_extension(duty, until=days(20), reason="同意", by=world.street_chair)
    duties.record_submission(duty)
    page = sign_in(world.chair).get(reverse("unions:duty", args=[duty.pk]))
    assert len(page.context["history"]) == 4
    assert not page.context["may_ask"]


# The board


def test_the_board_shows_what_is_ten_working_days_late(world, rule, sign_in, time_machine):
    time_machine.move_to("2026-10-23T10:00:00+08:00", tick=False)
    on_it = make_duty(rule, world.factory, due=datetime.date(2026, 10, 10))
    make_duty(rule, world.hotel, due=datetime.date(2026, 10, 12))
    make_duty(rule, world.bank, due=datetime.date(2026, 9, 30), state=DutyState.SUBMITTED)
    page = sign_in(world.leader).get(reverse("unions:board"))
    (row,) = page.context["rows"]
    assert (row["middle"], row["count"], row["overdue"]) == (world.wangjing, 1, 2)
    assert page.context["overdue"] == 2
    assert listed(sign_in(world.leader), figure="board") == {world.factory}
    duties.grant_extension(on_it, until=datetime.date(2026, 10, 30), reason="x", by=world.street_chair)
    assert sign_in(world.leader).get(reverse("unions:board")).context["rows"] == []


def test_the_board_is_scoped_and_exports(world, rule, sign_in):
    make_duty(rule, world.factory, due=days(-40))
    make_duty(rule, world.bank, due=days(-40))
    page = sign_in(world.reviewer).get(reverse("unions:board"))
    assert [row["middle"] for row in page.context["rows"]] == [world.wangjing]
    response = sign_in(world.reviewer).get(reverse("unions:board"), {"export": "xlsx"})
    names = {str(c.value) for row in openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows() for c in row}  # fmt: skip
    assert world.factory.name in names
    assert world.bank.name not in names


def test_the_board_costs_the_same_for_one_and_many(
    world, rule, sign_in, django_assert_num_queries, django_assert_max_num_queries
):
    client = sign_in(world.leader)
    make_duty(rule, world.factory, due=days(-40))
    url = reverse("unions:board")
    client.get(url)
    with django_assert_max_num_queries(18) as one:
        client.get(url)
    for union in UnionFactory.create_batch(20, parent=world.jianwai):
        make_duty(rule, union, due=days(-40))
    with django_assert_num_queries(len(one)):
        client.get(url)
