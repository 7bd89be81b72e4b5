"""How long a sign-in lasts, and what ends it."""

import datetime

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.utils import timezone

from tests.factories.unions import UserFactory
from unions import accounts, sessions
from unions.models import Notice, Session, Setting
from unions.services import appoint, withdraw

GOOD, NEW = "correct-horse-9", "battery-staple-7"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


def signed_in(user, agent=CHROME, address="10.0.0.1") -> Client:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    assert client.post("/sign-in/", {"username": user.username, "password": GOOD}).status_code == 302
    return client


def is_in(client) -> bool:
    return client.get("/sessions/").status_code == 200


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def set_parameter(key, number):
    Setting.objects.create(key=key, value=number, effective_from=timezone.localdate(), basis="test")


def test_half_an_hour_without_a_click_ends_a_session_and_says_so(db, clock):
    client = signed_in(UserFactory())
    for _click in range(3):
        clock.shift(datetime.timedelta(minutes=29))
        assert is_in(client)
    clock.shift(datetime.timedelta(minutes=31))
    response = client.get("/sessions/")
    assert response.url == "/sign-in/?next=%2Fsessions%2F&ended=idle"
    assert "长时间未操作" in client.get(response.url).content.decode()


def test_after_twelve_hours_one_signs_in_again_however_busy(db, clock):
    client = signed_in(UserFactory())
    for _quarter in range(47):
        clock.shift(datetime.timedelta(minutes=15))
        assert is_in(client)
    clock.shift(datetime.timedelta(minutes=16))
    assert not is_in(client)


def test_the_district_sets_the_limit_and_it_holds_for_sessions_that_are_open(db, clock):
    client = signed_in(UserFactory())
    set_parameter("session-idle-minutes", 15)
    clock.shift(datetime.timedelta(minutes=16))
    assert not is_in(client)


def test_a_fragment_of_an_ended_session_leads_the_whole_page_to_the_sign_in(db, clock, client):
    client = signed_in(UserFactory())
    clock.shift(datetime.timedelta(minutes=31))
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/duties/?state=open"}
    response = client.get("/search/?q=x", headers=headers)
    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == "/sign-in/?next=%2Fduties%2F%3Fstate%3Dopen&ended=idle"
    assert not response.content


def test_a_form_of_an_ended_session_leads_back_to_its_page_not_to_its_action(db, clock):
    client = signed_in(UserFactory())
    Session.objects.all().end("person")
    response = client.post("/inbox/read/", headers={"Referer": "http://testserver/inbox/?show=unread"})
    assert response.url == "/sign-in/?next=%2Finbox%2F%3Fshow%3Dunread&ended=person"


def test_a_third_device_signs_the_oldest_out_and_the_person_is_told(db, clock):
    user = UserFactory()
    first = signed_in(user)
    clock.shift(datetime.timedelta(minutes=1))
    second = signed_in(user, PHONE)
    clock.shift(datetime.timedelta(minutes=1))
    third = signed_in(user, address="10.0.0.3")
    assert (is_in(first), is_in(second), is_in(third)) == (False, True, True)
    notice = Notice.objects.get(recipient=user)
    assert (notice.kind, notice.params["address"]) == ("session.elsewhere", "10.0.0.1")
    assert "Chrome · Windows" in third.get("/inbox/").content.decode()


def test_sessions_that_ran_out_take_no_place(db, clock):
    user = UserFactory()
    signed_in(user), signed_in(user)
    clock.shift(datetime.timedelta(minutes=40))
    client = signed_in(user)
    assert is_in(client) and not Notice.objects.filter(recipient=user).exists()


def test_a_person_sees_where_they_are_signed_in_and_ends_one_or_all_others(world):
    user = UserFactory()
    here, there = signed_in(user), signed_in(user, PHONE)
    page = here.get("/sessions/").content.decode()
    assert "Chrome · Windows" in page and "Chrome · Android" in page
    other = user.sessions.get(agent=PHONE)
    assert other.session_key not in page, "a key on a page would be a session for whoever reads it"
    here.post(f"/sessions/{other.number}/end/")
    assert is_in(here) and not is_in(there)
    again = signed_in(user, PHONE)
    here.post("/sessions/end-others/")
    assert is_in(here) and not is_in(again)


def test_nobody_ends_the_session_of_another(db):
    user, other = UserFactory(), UserFactory()
    client = signed_in(other)
    assert signed_in(user).post(f"/sessions/{other.sessions.get().number}/end/").status_code == 404
    assert is_in(client)


def test_a_changed_password_ends_the_other_devices_and_keeps_this_one(db):
    user = UserFactory()
    here, there = signed_in(user), signed_in(user)
    here.post("/password/", {"old": GOOD, "new": NEW, "again": NEW})
    assert is_in(here) and not is_in(there)


def test_an_administrators_acts_end_every_session_of_the_account(world):
    manager, user = world.street_chair, world.chair
    for act in (
        lambda: accounts.set_enabled(user, False, union=world.factory, by=manager, reason="离职"),
        lambda: accounts.set_enabled(user, True, union=world.factory, by=manager, reason="返岗"),
        lambda: appoint(user=user, role="grassroots_staff", union=world.hotel, by=manager),
        lambda: withdraw(user.assignments.get(union=world.hotel), by=manager, reason="免去兼职"),
        lambda: accounts.set_initial_password(user, union=world.factory, by=manager),
    ):
        client = Client()
        client.force_login(user, backend="unions.backends.TreeBackend")
        act()
        assert not is_in(client)


def test_an_ended_session_stays_ended_though_a_request_of_it_was_on_its_way(db):
    """The request loaded the session before it was ended and writes it after."""
    user = UserFactory()
    client = signed_in(user)
    session = client.session
    session["seen"] = 1
    sessions.end_all(user, "person")
    with pytest.raises(UpdateError):
        session.save()
    assert Session.objects.get().session_data == ""
    assert not is_in(client)


def test_signing_in_changes_the_key_and_signing_out_wipes_the_browser(db):
    user = UserFactory()
    client = signed_in(user)
    before = client.cookies["session"].value
    response = client.post("/sign-out/")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    client.post("/sign-in/", {"username": user.username, "password": GOOD})
    assert client.cookies["session"].value != before
    assert not Session.objects.filter(pk=before).exists()


def test_a_request_writes_its_session_once_a_minute_at_most(db, clock, django_assert_num_queries):
    client = signed_in(UserFactory())
    seen = Session.objects.get().seen_at
    clock.shift(datetime.timedelta(seconds=30))
    is_in(client)
    assert Session.objects.get().seen_at == seen
    clock.shift(datetime.timedelta(seconds=40))
    is_in(client)
    assert Session.objects.get().seen_at > seen


def test_what_ran_out_long_ago_is_removed(db, clock):
    signed_in(UserFactory())
    clock.shift(datetime.timedelta(days=120))
    live = signed_in(UserFactory())
    sessions.remove_old()
    assert Session.objects.count() == 1 and is_in(live)


@pytest.mark.parametrize(
    ("agent", "words"),
    [(CHROME, "Chrome · Windows"), (PHONE, "Chrome · Android"), ("curl/8", "未知设备"), ("", "未知设备"),
     ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) MicroMessenger/8.0", "WeChat · iPhone")],
)  # fmt: skip
def test_a_device_is_named_as_people_know_it(agent, words):
    assert str(sessions.device(agent)) == words
