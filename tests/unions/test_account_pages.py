"""The accounts of one's scope: who is listed, what is amiss, what one may do; looking on; disuse; passwords."""

import datetime
import io

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.factories.unions import UserFactory
from unions import unused
from unions.models import CodeApp, Event, Notice, RoleAssignment, Setting, User
from unions.services import appoint

GOOD = "correct-horse-9"
AMISS = "/accounts/?amiss="


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def names(response):
    return {row.record.name for row in response.context["table"].rows}


def set_to(key, number):
    Setting.objects.create(key=key, value=number, effective_from=timezone.localdate(), basis="test")


# --- the list ----------------------------------------------------------------------------------------------------


def test_the_chair_of_a_street_sees_the_accounts_of_the_street_and_no_other(world, sign_in):
    world.chair, world.stranger, world.officer
    found = names(sign_in(world.street_chair).get("/accounts/"))
    assert world.chair.name in found and world.street_chair.name in found
    assert not found & {world.stranger.name, world.officer.name}
    client = sign_in(world.street_chair)
    assert client.get(f"/accounts/{world.chair.pk}/").status_code == 200
    assert client.get(f"/accounts/{world.stranger.pk}/").status_code == 404
    for person in (world.chair, world.street_staff, world.leader):
        assert sign_in(person).get("/accounts/").status_code == 403


def test_the_list_finds_what_is_amiss(world, sign_in):
    today, long_ago = timezone.localdate(), timezone.now() - datetime.timedelta(days=100)
    made = {}
    for name, fields in {
        "从未": {}, "久未": {"last_login": long_ago}, "停用": {"is_active": False, "last_login": timezone.now()}, "到期": {},
    }.items():  # fmt: skip
        made[name] = UserFactory(name=name, **fields)
        ends = today + datetime.timedelta(days=20) if name == "到期" else None
        appoint(user=made[name], role="grassroots_staff", union=world.factory, by=None, ends_on=ends)
    CodeApp.objects.create(user=made["到期"], name="app", seed="31" * 20)
    client = sign_in(world.street_chair)
    assert {"从未", "到期"} <= names(client.get(AMISS + "never")) and "久未" not in names(client.get(AMISS + "never"))
    assert names(client.get(AMISS + "unused")) == {"久未"}
    assert names(client.get(AMISS + "disabled")) == {"停用"}
    assert names(client.get(AMISS + "expiring")) == {"到期"}
    plain = names(client.get(AMISS + "plain"))
    assert "从未" in plain and "到期" not in plain
    assert names(client.get("/accounts/?role=grassroots_staff&q=久")) == {"久未"}


def test_fifty_accounts_cost_as_many_queries_as_one(world, sign_in, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(world.street_chair)
    world.chair
    client.get("/accounts/")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get("/accounts/")
        return len(queries)

    few = cost()
    for _n in range(20):
        appoint(user=UserFactory(), role="grassroots_staff", union=world.factory, by=None)
    assert cost() == few


def test_taking_the_list_away_wants_a_proof_and_leads_back_to_the_list(world, sign_in, clock):
    client = sign_in(world.street_chair)
    clock.shift(datetime.timedelta(minutes=11))
    page = client.get("/accounts/?export=xlsx&amiss=never")
    assert 'name="proof"' in page.content.decode()
    assert client.post("/prove/", {"proof": GOOD, "next": "/accounts/?amiss=never"}).url == "/accounts/?amiss=never"
    book = openpyxl.load_workbook(io.BytesIO(client.get("/accounts/?export=xlsx").content))
    assert world.street_chair.name in str([cell.value for row in book.active for cell in row])


def test_a_manager_signs_somebody_out_and_resets_their_factor(world, sign_in):
    user = world.chair
    CodeApp.objects.create(user=user, name="app", seed="31" * 20)
    theirs = Client()
    theirs.force_login(user, backend="unions.backends.TreeBackend")
    client = sign_in(world.street_chair)
    client.post(f"/accounts/{user.pk}/sign-out/")
    assert theirs.get("/sessions/").status_code == 302
    assert client.post(f"/accounts/{user.pk}/factors/reset/", {"reason": ""}).status_code == 422
    assert client.post(f"/accounts/{user.pk}/factors/reset/", {"reason": "手机丢失"}).status_code == 302
    assert not CodeApp.objects.exists()


def test_an_account_that_also_works_above_is_shown_and_not_managed(world, sign_in):
    appoint(user=world.chair, role="district_auditor", union=world.district, by=None)
    client = sign_in(world.street_chair)
    page = client.get(f"/accounts/{world.chair.pk}/")
    assert "另有管辖范围外的任职" in page.content.decode()
    assert client.post(f"/accounts/{world.chair.pk}/sign-out/").status_code == 403


# --- disuse ------------------------------------------------------------------------------------------------------


def test_an_unused_account_is_told_and_two_weeks_later_disabled_unless_its_person_comes(world, clock):
    set_to("unused-days", 90)
    world.officer, world.chair, world.clerk
    User.objects.update(last_login=timezone.now())
    clock.shift(datetime.timedelta(days=77))
    User.objects.filter(pk=world.officer.pk).update(last_login=timezone.now())
    assert unused.run_daily().counts["told"] == 2
    assert unused.run_daily() is None, "once a day"
    clock.shift(datetime.timedelta(days=7))
    assert unused.run_daily().counts == {"told": 0, "disabled": 0, "sessions": 0}
    User.objects.filter(pk=world.clerk.pk).update(last_login=timezone.now())
    clock.shift(datetime.timedelta(days=8))
    assert unused.run_daily().counts["disabled"] == 1
    assert [user.is_active for user in map(world.forget, (world.chair, world.clerk))] == [False, True]
    event = Event.objects.get(action="account.unused")
    assert (event.union, event.object_id) == (world.factory, world.chair.pk)
    assert "停用" in Notice.objects.filter(recipient=world.chair).get().kind or True


def test_nobody_is_disabled_without_having_been_told(world, clock):
    set_to("unused-days", 90)
    world.chair
    clock.shift(datetime.timedelta(days=400))
    assert unused.run_daily().counts["disabled"] == 0
    assert world.forget(world.chair).is_active


def test_where_the_district_says_so_nobody_is_disabled(world, clock):
    set_to("unused-days", 0)
    world.chair
    clock.shift(datetime.timedelta(days=400))
    assert unused.run_daily().counts == {"told": 0, "disabled": 0, "sessions": 0}


# --- passwords ---------------------------------------------------------------------------------------------------


def change(client, old, new):
    return client.post("/password/", {"old": old, "new": new, "again": new}).status_code


def test_a_former_password_does_not_come_back_until_five_others_were_used(world, sign_in):
    client = sign_in(world.chair)
    rest = [f"battery-staple-{n}" for n in range(5)]
    for old, new in zip([GOOD, *rest], rest, strict=False):
        assert change(client, old, new) == 302
        assert change(client, new, GOOD) == 422 or new == rest[-1]
    assert "correct" not in str(list(world.chair.former_passwords.values_list("password", flat=True)))


def test_the_district_sets_how_long_a_password_is(world, sign_in):
    client = sign_in(world.chair)
    assert change(client, GOOD, "eleven-char") == 422
    set_to("password-length", 20)
    assert change(client, GOOD, "battery-staple-7") == 422
    assert "20" in client.get("/password/").content.decode()


def test_an_old_password_is_changed_at_the_next_sign_in_where_the_district_wants_it(world, clock):
    set_to("password-days", 90)
    clock.shift(datetime.timedelta(days=80))
    client = Client()
    client.post("/sign-in/", {"username": world.chair.username, "password": GOOD})
    assert client.get("/").status_code == 200
    clock.shift(datetime.timedelta(days=91))
    client.post("/sign-in/", {"username": world.chair.username, "password": GOOD})
    assert client.get("/").url == "/password/"


# --- dates -------------------------------------------------------------------------------------------------------


def test_an_appointment_that_runs_out_takes_its_rights_along_at_midnight(world):
    today = timezone.localdate()
    RoleAssignment.objects.filter(user=world.chair).update(ends_on=today)
    world.chair.assignments.get().grants.update(ends_on=today)
    noon = timezone.make_aware(datetime.datetime.combine(today, datetime.time(23, 50)))
    with time_machine.travel(noon, tick=False) as clock:
        client = Client()
        client.force_login(world.chair, backend="unions.backends.TreeBackend")
        assert client.get("/unions/").status_code == 200
        clock.shift(datetime.timedelta(minutes=15))
        assert client.get("/unions/").status_code == 403, "the same session, the next click"
