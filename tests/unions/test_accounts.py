import datetime

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.unions import UserFactory
from unions.models import Notice, Setting, User
from unions.notices import wordings

SIGN_IN, HOME, PASSWORD = "/sign-in/", "/", "/password/"
GOOD, NEW = "correct-horse-9", "battery-staple-7"


@pytest.fixture
def locks(settings):
    settings.AXES_ENABLED = True


def attempt(client, user, password, address="10.0.0.1"):
    return client.post(SIGN_IN, {"username": user.username, "password": password}, REMOTE_ADDR=address)


def test_a_person_signs_in_by_account_name_in_any_case(client, db):
    user = UserFactory(username="Li.Min")
    response = client.post(SIGN_IN, {"username": " li.min ", "password": GOOD})
    assert response.status_code == 302
    assert client.session[SESSION_KEY] == str(user.pk)


def test_a_wrong_password_says_so_without_saying_which_part_was_wrong(client, db):
    user = UserFactory()
    wrong = attempt(client, user, "nonsense")
    unknown = client.post(SIGN_IN, {"username": "nobody", "password": "nonsense"})
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


def test_five_wrong_passwords_lock_the_pair_of_name_and_address_and_nobody_else(client, db, locks):
    user, colleague = UserFactory(), UserFactory()
    for _try in range(5):
        attempt(client, user, "nonsense")
    assert attempt(client, user, GOOD).status_code == 429, "the right password is refused while locked"
    assert attempt(client, colleague, GOOD).status_code == 302, "the street hall shares the address"
    assert attempt(client, user, GOOD, address="10.0.0.2").status_code == 302, "at home the door is open"


def test_a_name_in_other_letters_is_the_same_name_to_the_lock(client, db, locks):
    user = UserFactory(username="Li.Min")
    for typed in ("li.min", "LI.MIN", " Li.Min", "lI.mIN", "li.MiN "):
        client.post(SIGN_IN, {"username": typed, "password": "nonsense"}, REMOTE_ADDR="10.0.0.1")
    assert attempt(client, user, GOOD).status_code == 429


def test_whose_name_was_locked_hears_of_it_once_a_day(client, db, locks):
    user = UserFactory()
    for _try in range(12):
        attempt(client, user, "nonsense")
    notice = Notice.objects.get(recipient=user)
    assert (notice.kind, notice.params) == ("session.lock", {"address": "10.0.0.1"})
    assert "10.0.0.1" in wordings[notice.kind].body(notice.params)


def test_an_address_that_tries_many_names_waits_and_nobody_elsewhere_does(client, db, locks):
    user = UserFactory()
    Setting.objects.create(key="address-failures", value=10, effective_from=timezone.localdate(), basis="test")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in range(9):
            client.post(SIGN_IN, {"username": f"name{number}", "password": "Spring2026"}, REMOTE_ADDR="10.0.0.1")
        assert attempt(Client(), user, GOOD).status_code == 302
        attempt(client, UserFactory(), "Spring2026")
        refused = attempt(client, user, GOOD)
        assert refused.status_code == 429 and "这个网络地址" in refused.content.decode()
        assert attempt(Client(), user, GOOD, address="10.0.0.2").status_code == 302
        clock.shift(datetime.timedelta(minutes=16))
        assert attempt(client, user, GOOD).status_code == 302


def test_the_lock_passes_by_itself(client, db, locks):
    user = UserFactory()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _try in range(5):
            attempt(client, user, "nonsense")
        clock.shift(datetime.timedelta(minutes=16))
        assert attempt(client, user, GOOD).status_code == 302


def test_a_disabled_account_cannot_sign_in_and_is_out_at_its_next_request(client, db):
    user = UserFactory()
    assert attempt(client, user, GOOD).status_code == 302
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(HOME).status_code == 302
    assert attempt(client, user, GOOD).status_code == 200


def test_the_initial_password_is_changed_before_anything_else(client, db):
    user = UserFactory(must_change_password=True)
    attempt(client, user, GOOD)
    assert client.get(HOME).url == PASSWORD
    assert client.get("/inbox/").url == PASSWORD
    page = client.get(PASSWORD)
    assert page.status_code == 200
    response = client.post(PASSWORD, {"old": GOOD, "new": NEW, "again": NEW})
    assert response.url == reverse("unions:home")
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert not user.must_change_password
    assert client.get(HOME).status_code == 200, "the session goes on"


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong-old-1", NEW, NEW, "old"),
        (GOOD, NEW, "another-one-1", "again"),
        (GOOD, GOOD, GOOD, "new"),
        (GOOD, "short1", "short1", "new"),
        (GOOD, "1234567890123", "1234567890123", "new"),
        (GOOD, "gonghui2026", "gonghui2026", "new"),
    ],
)
def test_a_poor_new_password_is_refused_at_its_field(client, db, old, new, again, field):
    user = UserFactory(must_change_password=True)
    client.force_login(user, backend="unions.backends.TreeBackend")
    response = client.post(PASSWORD, {"old": old, "new": new, "again": again})
    assert response.status_code == 422
    assert response.context["form"].errors[field]
    user.refresh_from_db()
    assert user.check_password(GOOD)


def test_passwords_are_hashed_with_argon2_in_production():
    from config.settings import base

    assert base.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_everything_but_the_public_pages_wants_a_sign_in(client, db):
    assert client.get(HOME).url.startswith(SIGN_IN)
    assert client.get("/healthz").status_code == 200


def test_the_language_is_remembered_in_the_account(client, db):
    user = UserFactory()
    client.force_login(user, backend="unions.backends.TreeBackend")
    client.post("/language/", {"language": "en", "next": "/inbox/"})
    user.refresh_from_db()
    assert user.language == "en"
    client.cookies.pop("language")
    assert client.get("/inbox/").headers["Content-Language"] == "en"


def test_the_language_form_never_leads_off_the_site(client, db):
    response = client.post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert response.url == "/"


def test_a_signed_in_page_is_never_kept_by_the_browser(client, db):
    client.force_login(UserFactory(), backend="unions.backends.TreeBackend")
    assert client.get(HOME).headers["Cache-Control"] == "no-store"


def test_behind_our_proxy_the_lock_counts_the_address_that_the_proxy_wrote(client, db, locks, settings):
    settings.TRUSTED_PROXY = True
    user = UserFactory()
    for _try in range(5):
        client.post(SIGN_IN, {"username": user.username, "password": "x"}, headers={"X-Forwarded-For": "10.0.0.1"})
    at_the_hall = client.post(
        SIGN_IN, {"username": user.username, "password": GOOD}, headers={"X-Forwarded-For": "10.0.0.1"}
    )
    at_home = client.post(
        SIGN_IN, {"username": user.username, "password": GOOD}, headers={"X-Forwarded-For": "10.0.0.2"}
    )
    assert (at_the_hall.status_code, at_home.status_code) == (429, 302)


def test_without_a_proxy_a_client_cannot_choose_its_address(client, db, locks):
    user = UserFactory()
    for number in range(5):
        forged = {"X-Forwarded-For": f"10.0.0.{number}"}
        client.post(SIGN_IN, {"username": user.username, "password": "x"}, headers=forged)
    assert attempt(client, user, GOOD, address="127.0.0.1").status_code == 429
