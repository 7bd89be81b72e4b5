"""Proving anew who one is, before personal data are shown and before rights are given."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from unions.models import Event, User

GOOD = "correct-horse-9"
NEW = {"name": "张华", "username": "zhanghua", "role": "grassroots_staff", "phone": "", "email": ""}


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def stale(world, sign_in, clock):
    """The street's chair, who signed in eleven minutes ago."""
    client = sign_in(world.street_chair)
    clock.shift(datetime.timedelta(minutes=11))
    return client


def add(world):
    return f"/unions/{world.factory.pk}/people/add/"


def test_what_was_typed_goes_along_with_the_proof(world, stale):
    page = stale.post(add(world), NEW)
    assert page.status_code == 200 and not User.objects.filter(username="zhanghua").exists()
    assert 'name="username" value="zhanghua"' in page.content.decode()
    before = stale.cookies["session"].value
    response = stale.post(add(world), NEW | {"proof": GOOD})
    assert "initial" in response.content.decode().lower() or "初始密码" in response.content.decode()
    assert User.objects.filter(username="zhanghua").exists()
    assert stale.cookies["session"].value != before


def test_a_wrong_password_does_nothing_and_is_recorded(world, stale):
    response = stale.post(add(world), NEW | {"proof": "nonsense"})
    assert response.status_code == 422 and "密码不正确" in response.content.decode()
    assert not User.objects.filter(username="zhanghua").exists()
    assert Event.objects.filter(action="proof.fail", by=world.street_chair).exists()


def test_wrong_passwords_are_counted_as_at_the_sign_in(world, stale, settings):
    settings.AXES_ENABLED = True
    for _try in range(6):
        stale.post(add(world), NEW | {"proof": "nonsense"})
    assert stale.post(add(world), NEW | {"proof": GOOD}).status_code in (422, 429)
    assert not User.objects.filter(username="zhanghua").exists()


def test_a_proof_holds_for_ten_minutes(world, stale, clock):
    stale.post(add(world), NEW | {"proof": GOOD})
    clock.shift(datetime.timedelta(minutes=9))
    assert stale.post(add(world), NEW | {"username": "another"}).status_code == 200
    assert User.objects.filter(username="another").exists()
    clock.shift(datetime.timedelta(minutes=2))
    stale.post(add(world), NEW | {"username": "third"})
    assert not User.objects.filter(username="third").exists()


def test_reading_wants_no_proof(world, stale):
    assert 'name="proof"' not in stale.get(add(world)).content.decode()


def test_whoever_may_not_is_refused_before_being_asked(world, sign_in, clock):
    client = sign_in(world.reviewer)
    clock.shift(datetime.timedelta(minutes=11))
    assert client.post(add(world), NEW).status_code == 403


def test_a_fragment_is_replaced_by_the_question_and_its_answer_is_a_whole_page(world, stale):
    where = f"/unions/{world.factory.pk}/phone/"
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/unions/{world.factory.pk}/"}
    response = stale.post(where, {"reason": "核对"}, headers=headers)
    assert response.headers["HX-Retarget"] == "#main"
    body = response.content.decode()
    assert "<html" not in body and 'name="reason" value="核对"' in body
    answer = stale.post(where, {"reason": "核对", "proof": GOOD})
    assert answer.status_code == 200 and "<html" in answer.content.decode()
