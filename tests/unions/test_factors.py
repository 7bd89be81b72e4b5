"""The second factor: who must give one, how it is checked, and what opens without it."""

import datetime
import re
from binascii import unhexlify

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP

from unions import factors
from unions.models import CodeApp, Event, Notice, RecoveryCode, Setting, User
from unions.workflow import NotAllowed

GOOD = "correct-horse-9"
SEED = "31" * 20
ASK, HOME = "/sign-in/factor/", "/"


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def required(db):
    """As on a real portal: the district and the middle tier need a second factor."""
    Setting.objects.create(key="factor-tier", value=2, effective_from=timezone.localdate(), basis="test")


def with_app(user) -> User:
    CodeApp.objects.create(user=user, name="app", seed=SEED)
    return user


def code(seed=SEED, later: int = 0) -> str:
    totp = TOTP(unhexlify(seed))
    totp.time = timezone.now().timestamp() + later
    return f"{totp.token():06d}"


def password_given(user) -> Client:
    client = Client()
    assert client.post("/sign-in/", {"username": user.username, "password": GOOD}).status_code == 302
    return client


def signed_in(user) -> Client:
    client = password_given(user)
    assert client.post(ASK, {"proof": code()}).status_code == 302
    return client


def is_in(client) -> bool:
    return client.get(HOME).status_code == 200


# --- at sign-in --------------------------------------------------------------------------------------------------


def test_after_the_password_the_code_is_asked_and_leads_where_one_was_going(world, clock):
    client = password_given(with_app(world.chair))
    assert client.get("/inbox/").url == f"{ASK}?next=%2Finbox%2F"
    assert client.get(ASK).status_code == 200
    before = client.cookies["session"].value
    assert client.post(ASK, {"proof": code(), "next": "/inbox/"}).url == "/inbox/"
    assert client.cookies["session"].value != before, "the session that has proved more gets another key"
    assert is_in(client)


def test_a_code_counts_once_whoever_types_it_again(world, clock):
    user = with_app(world.chair)
    assert is_in(signed_in(user))
    assert password_given(user).post(ASK, {"proof": code()}).status_code == 422


@pytest.mark.parametrize(("seconds", "status"), [(-60, 422), (-30, 302), (0, 302), (30, 302), (60, 422)])
def test_a_phones_clock_may_be_off_by_half_a_minute(world, clock, seconds, status):
    client = password_given(with_app(world.chair))
    assert client.post(ASK, {"proof": code(later=seconds)}).status_code == status


def test_wrong_codes_make_the_next_try_wait_even_if_it_is_right(world, clock):
    client = password_given(with_app(world.chair))
    for _try in range(4):
        client.post(ASK, {"proof": "000000"})
        clock.shift(datetime.timedelta(seconds=10))
    client.post(ASK, {"proof": "000000"})
    assert "秒后再试" in client.post(ASK, {"proof": code()}).content.decode()
    clock.shift(datetime.timedelta(seconds=60))
    assert client.post(ASK, {"proof": code()}).status_code == 302


def test_guessing_all_day_tries_a_handful_of_codes(world, clock):
    """Each wrong code doubles the wait: a million codes are never reached."""
    client, checked = password_given(with_app(world.chair)), 0
    for _minute in range(300):
        checked += "秒后再试" not in client.post(ASK, {"proof": "000000"}).content.decode()
        clock.shift(datetime.timedelta(minutes=1))
        client.get(ASK)
    assert checked < 20


def test_a_recovery_code_opens_once_and_the_person_is_told(world):
    user = with_app(world.chair)
    codes = factors.new_recovery_codes(user)
    assert len(set(codes)) == 10 and not RecoveryCode.objects.filter(digest__contains=codes[0][5:]).exists()
    assert password_given(user).post(ASK, {"proof": codes[0].upper()}).status_code == 302
    assert password_given(user).post(ASK, {"proof": codes[0]}).status_code == 422
    assert Notice.objects.get(recipient=user, kind="factor.recovery").params == {"left": 9}


def test_the_seed_stands_sealed_in_the_database(world):
    with_app(world.chair)
    assert SEED not in CodeApp.objects.values_list("seed", flat=True).get()
    assert CodeApp.objects.get().seed == SEED


def test_who_has_a_factor_is_asked_though_nobody_demands_it(world):
    assert is_in(password_given(world.clerk))
    assert not is_in(password_given(with_app(world.chair)))


# --- who must ----------------------------------------------------------------------------------------------------


def test_the_district_and_the_middle_tier_must_add_one_and_the_grassroots_need_not(world, required):
    for person in (world.officer, world.street_chair, world.reviewer):
        assert password_given(person).get("/duties/").url.startswith("/factors/app/")
    assert is_in(password_given(world.chair))


def test_whoever_must_adds_a_factor_at_sign_in_and_is_given_recovery_codes_once(world, required, clock):
    client = password_given(world.street_chair)
    page = client.get("/factors/app/").content.decode()
    sealed = re.search(r'name="seed" value="([^"]+)"', page).group(1)
    seed = factors.seed_of(world.street_chair, sealed)
    assert seed not in page, "the form carries it sealed"
    assert client.post("/factors/app/", {"seed": sealed, "code": "000000"}).status_code == 422
    response = client.post("/factors/app/", {"seed": sealed, "code": code(seed)})
    assert response.content.decode().count('class="secret"') == 10
    assert is_in(client)
    assert {"factor.add", "factor.codes"} <= set(Event.objects.values_list("action", flat=True))


def test_an_appointment_to_the_street_demands_a_factor_at_the_next_click(world, required):
    client = password_given(world.chair)
    assert is_in(client)
    world.chair.assignments.update(union=world.wangjing)
    world.chair.assignments.get().grants.update(content_object=world.wangjing)
    assert client.get(HOME).url.startswith("/factors/app/")


def test_a_password_alone_adds_no_factor_where_there_is_one(world):
    client = password_given(with_app(world.chair))
    for page in ("/factors/app/", "/factors/passkey/"):
        assert client.get(page).url.startswith(ASK)
        assert client.post(page, {"seed": "x", "code": "1", "made": "{}"}).url.startswith(ASK)


def test_a_seed_that_is_not_ours_is_not_kept(world, sign_in):
    client = sign_in(world.chair)
    assert client.post("/factors/app/", {"seed": "forged", "code": "123456"}).status_code == 302
    assert client.post("/factors/app/", {"seed": factors.new_seed(world.stranger), "code": "1"}).status_code == 302
    assert not CodeApp.objects.exists()


# --- changes -----------------------------------------------------------------------------------------------------


def test_adding_and_removing_a_factor_wants_a_proof_and_signs_other_devices_out(world, clock):
    user = world.chair
    client, other = password_given(user), password_given(user)
    clock.shift(datetime.timedelta(minutes=11))
    assert 'name="seed"' not in client.get("/factors/app/").content.decode(), "first prove who you are"
    client.post("/prove/", {"proof": GOOD, "next": "/factors/app/"})
    sealed = re.search(r'name="seed" value="([^"]+)"', client.get("/factors/app/").content.decode()).group(1)
    client.post("/factors/app/", {"seed": sealed, "code": code(factors.seed_of(user, sealed))})
    assert is_in(client) and not is_in(other)
    clock.shift(datetime.timedelta(minutes=11))
    assert client.post("/factors/app/remove/").status_code == 200 and CodeApp.objects.exists()
    given = code(factors.seed_of(user, sealed))
    assert client.post("/factors/app/remove/", {"proof": given}).status_code == 302
    assert not CodeApp.objects.exists() and not RecoveryCode.objects.exists()
    assert set(Notice.objects.filter(recipient=user).values_list("kind", flat=True)) == {"factor.add", "factor.remove"}


def test_an_administrator_resets_what_somebody_lost_and_the_person_is_told(world):
    user = with_app(world.chair)
    factors.new_recovery_codes(user)
    client = signed_in(user)
    factors.reset(user, by=world.street_chair, reason="手机丢失")
    assert not is_in(client)
    assert is_in(password_given(user))
    assert Notice.objects.get(recipient=user, kind="factor.reset").params["reason"] == "手机丢失"
    assert Event.objects.filter(action="factor.reset", by=world.street_chair, union=world.factory).exists()
    for outsider in (world.stranger, world.street_staff, world.chair):
        with pytest.raises(NotAllowed):
            factors.reset(user, by=outsider, reason="x")


def test_the_page_says_what_one_has(world, sign_in):
    page = sign_in(world.chair).get(reverse("unions:factor-list")).content.decode()
    assert "尚未启用双因素验证" in page


# --- the library's edges -----------------------------------------------------------------------------------------


def test_what_is_no_passkey_is_refused_without_an_error(world, sign_in):
    client = sign_in(world.chair)
    client.get("/factors/passkey/", headers={"Host": "localhost"})
    for answer_given in (
        "{}",
        "null",
        "[]",
        '"x"',
        '{"rawId": 5}',
        '{"id":"a","rawId":"a","response":{}}',
        "nonsense",
    ):
        response = client.post("/factors/passkey/", {"made": answer_given}, headers={"Host": "localhost"})
        assert response.status_code == 422
    asked = password_given(with_app(world.clerk))
    for answer_given in ("{}", "null", '{"rawId": "AAAA"}', "nonsense"):
        assert asked.post(ASK, {"passkey": answer_given}).status_code == 422
