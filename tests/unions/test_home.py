"""The workbench: everything somebody has to do, soonest first, and nothing of anybody else's."""

import datetime

import pytest
import time_machine
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from tests.factories.unions import UnionFactory, UserFactory
from unions import duties
from unions.kit.periods import Period
from unions.models import Duty, DutyRule
from unions.opening import open_period
from unions.services import appoint
from unions.workbench import Workbench

MORNING = datetime.datetime(2026, 10, 8, 9, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
Q3 = Period(2026, 3)


@pytest.fixture(autouse=True)
def seeded(db):
    for app in apps.get_app_configs():
        if hasattr(app, "seed"):
            app.seed()


@pytest.fixture
def morning():
    """The morning of 8 October 2026: the third quarter is due on the 10th."""
    with time_machine.travel(MORNING, tick=False):
        yield


def opened(period: Period = Q3) -> DutyRule:
    for rule in DutyRule.objects.filter(rhythm="quarter"):
        open_period(rule, period)
    return DutyRule.objects.get(key="quarterly-return")


def duty(union, period: Period = Q3) -> Duty:
    return Duty.objects.get(union=union, period=period.code)


def test_a_chair_is_greeted_by_title_and_told_what_to_do(world, sign_in, morning):
    opened()
    type(world.chair).objects.filter(pk=world.chair.pk).update(name="李敏")
    page = sign_in(world.chair).get("/")
    bench = page.context["workbench"]
    assert bench.greeting == "李主席，上午好"
    assert [(todo.union, todo.is_overdue) for todo in bench.todos] == [(world.factory, False)]
    assert bench.first.url == duties.tasks["return"].url(duty(world.factory))


def test_a_compound_surname_is_not_cut(world):
    user = world.chair
    user.name = "欧阳春"
    assert Workbench(user).address.startswith("欧阳") and "春" not in Workbench(user).address


def test_a_clerk_is_greeted_by_name(world, morning):
    user = world.clerk
    user.name = "王建国"
    assert Workbench(user).greeting == "王建国，上午好"


@pytest.mark.parametrize(("hour", "words"), [(0, "上午好"), (11, "上午好"), (12, "下午好"), (18, "晚上好")])
def test_the_greeting_follows_the_hour(world, hour, words):
    with time_machine.travel(MORNING.replace(hour=hour), tick=False):
        assert Workbench(world.clerk).greeting.endswith(words)


def test_things_are_ordered_by_the_day_granted_and_the_overdue_are_counted(world, sign_in, morning):
    opened(Q3.previous())
    opened()
    bench = Workbench(world.chair)
    assert [todo.duty.period for todo in bench.todos] == ["2026Q2", "2026Q3"]
    assert bench.overdue_count == 1
    Duty.objects.filter(pk=duty(world.factory, Q3.previous()).pk).update(last_day=datetime.date(2026, 10, 20))
    bench = Workbench(world.chair)
    assert [todo.duty.period for todo in bench.todos] == ["2026Q3", "2026Q2"] and bench.overdue_count == 0


def test_what_is_submitted_accepted_or_exempt_is_not_to_do(world, morning):
    opened()
    for state, given in (
        ("submitted", {"first_submitted_at": timezone.now(), "timeliness": "on_time"}),
        ("fulfilled", {"first_submitted_at": timezone.now(), "timeliness": "on_time", "fulfilled_at": timezone.now()}),
        ("waived", {}),
    ):
        Duty.objects.filter(union=world.factory).update(state=state, **given)
        assert [todo for todo in Workbench(world.chair).todos if todo.duty] == []


def test_a_returned_duty_is_to_be_corrected(world, morning):
    opened()
    Duty.objects.filter(union=world.factory).update(
        state="returned", return_count=1, first_submitted_at=timezone.now(), timeliness="on_time"
    )
    (todo,) = Workbench(world.chair).todos
    assert todo.action == "改正后重报"


def test_a_neighbours_duties_are_not_shown_and_a_leader_has_none_to_fill(world, morning):
    opened()
    assert {todo.union for todo in Workbench(world.neighbour).todos} == {world.hotel}
    assert [todo for todo in Workbench(world.leader).todos if todo.duty] == []
    assert [todo for todo in Workbench(world.reviewer).todos if todo.duty] == []


def test_the_street_sees_its_own_summary_and_who_is_overdue_below(world, sign_in):
    with time_machine.travel(MORNING.replace(day=14), tick=False):
        opened()
        bench = Workbench(world.street_chair)
        assert {todo.union for todo in bench.todos} == {world.wangjing}
        (area,) = bench.areas
        assert (area.rates.expected, area.overdue) == (2, 2)
        assert {late.union for late in area.late} == {world.factory, world.hotel}
        assert any(todo.url == area.links["overdue"] for todo in bench.todos)
        page = sign_in(world.street_chair).get("/").content.decode()
    assert world.bank.name not in page, "another street's unions stay out"


def test_somebody_with_several_posts_sees_each_unions_things_under_its_name(world, sign_in, morning):
    user = UserFactory()
    appoint(user=user, role="grassroots_chair", union=world.factory, by=None)
    appoint(user=user, role="grassroots_staff", union=world.bank, by=None)
    opened()
    page = sign_in(user).get("/")
    assert {union for union, _todos in page.context["workbench"].groups} == {world.factory, world.bank}
    assert world.bank.name in page.content.decode()


def test_nothing_to_do_says_what_comes_next(world, sign_in, morning):
    page = sign_in(world.chair).get("/")
    assert page.context["workbench"].todos == []
    text = page.content.decode()
    assert "2026年度工作报告" in text and "2027" in text, "the annual report opens before the fourth quarter does"


def test_an_account_without_an_appointment_is_told_whom_to_ask(world, sign_in):
    page = sign_in(UserFactory()).get("/")
    assert page.status_code == 200 and page.context["workbench"].todos == []


def test_the_year_shows_each_quarter_as_it_stands(world, morning):
    opened(Q3.previous())
    opened()
    Duty.objects.filter(union=world.factory, period="2026Q2").update(
        state="fulfilled", first_submitted_at=timezone.now(), fulfilled_at=timezone.now(), timeliness="late"
    )
    ((union, squares, may_edit),) = Workbench(world.chair).own
    assert union == world.factory and may_edit
    tones = [square.tone for square in squares]
    assert tones[:4] == ["", "ok", "warn", ""] and set(tones[4:]) == {""}, "the quarters, then what is yearly"
    assert squares[3].href == "" and squares[1].href


@pytest.mark.parametrize("count", [1, 20])
def test_the_number_of_queries_does_not_grow_with_the_duties(world, sign_in, django_assert_max_num_queries, count):
    rule = opened()
    for number in range(count - 1):
        period = Period(2026, 2).shift(-number).code
        Duty.objects.create(
            rule=rule,
            union=world.factory,
            period=period,
            opens_on="2024-01-01",
            due_on="2024-01-10",
            last_day="2024-01-10",
        )
        UnionFactory(parent=world.wangjing)
    for user in (world.chair, world.street_chair, world.officer):
        client = sign_in(user)
        client.get(reverse("unions:home"))
        with django_assert_max_num_queries(38):  # two begin and end the request; each part asks for its own steps
            client.get(reverse("unions:home"))
