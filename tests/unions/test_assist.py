"""Looking on as another account, and emergency access: reading only, for a short time, known to those concerned."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from tests.access import MISSING
from unions.models import EmergencyAccess, Event, Notice
from unions.services import withdraw


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def looking(world, sign_in, clock):
    """The district's staff, looking on as a chair."""
    client = sign_in(world.officer)
    assert client.post(f"/accounts/{world.chair.pk}/assist/", {"reason": "电话求助"}).status_code == 302
    return client


def test_the_helper_sees_what_the_person_sees_under_a_banner(world, looking):
    body = looking.get(f"/unions/{world.factory.pk}/").content.decode()
    assert "只读" in body and world.chair.name in body
    assert looking.get(f"/unions/{world.bank.pk}/").status_code == 404, "the helper's own scope is not there"


def test_nothing_can_be_done_taken_away_or_read_of_the_person_alone(world, looking):
    where = f"/unions/{world.factory.pk}/edit/"
    for method in ("post", "put", "patch", "delete"):
        assert getattr(looking, method)(where, {"name": "x"}).status_code == 403, method
    for address in (
        "/inbox/",
        "/sessions/",
        "/factors/",
        "/password/",
        "/jobs/",
        "/unions/?export=xlsx",
        "/api/v1/unions/",
    ):
        assert looking.get(address).status_code == 403, address
    world.factory.refresh_from_db()
    assert world.factory.name != "x"


def test_begin_and_end_are_recorded_and_the_person_is_told(world, looking):
    assert looking.post("/accounts/assist/end/").status_code == 302
    assert "只读" not in looking.get("/unions/").content.decode()
    events = Event.objects.filter(action__startswith="assist.").order_by("pk")
    assert [(e.action, e.by, e.object_id) for e in events] == [
        ("assist.begin", world.officer, world.chair.pk), ("assist.end", world.officer, world.chair.pk),
    ]  # fmt: skip
    notice = Notice.objects.get(recipient=world.chair, kind="assist.begin")
    assert notice.params == {"by": world.officer.name, "reason": "电话求助"}


def test_it_ends_by_itself(world, looking, clock):
    clock.shift(datetime.timedelta(minutes=29))
    assert "只读" in looking.get("/unions/").content.decode()
    clock.shift(datetime.timedelta(minutes=2))
    assert "只读" not in looking.get("/unions/").content.decode()
    assert Event.objects.filter(action="assist.end").exists()


def test_it_ends_when_the_helper_loses_the_right(world, looking):
    withdraw(world.officer.assignments.get(), by=world.leader, reason="x")
    assert looking.get("/unions/").status_code == 302


def test_who_may_not_look_on(world, sign_in):
    for person in (world.street_chair, world.leader, world.chair):
        assert sign_in(person).post(f"/accounts/{world.clerk.pk}/assist/", {"reason": "x"}).status_code == 403
    client = sign_in(world.officer)
    assert client.post(f"/accounts/{world.clerk.pk}/assist/", {"reason": ""}).status_code == 422
    administrator = world.person("security_admin", world.district)
    assert client.post(f"/accounts/{administrator.pk}/assist/", {"reason": "x"}).status_code == 403
    assert client.post(f"/accounts/{world.officer.pk}/assist/", {"reason": "x"}).status_code == 403
    assert client.post(f"/accounts/{MISSING}/assist/", {"reason": "x"}).status_code == 404


# --- emergency access --------------------------------------------------------------------------------------------


def begin(client, union, reason="突发事件，联系不上建外街道"):
    return client.post("/emergency/begin/", {"code": union.code, "reason": reason})


def test_one_union_outside_the_scope_opens_for_an_hour_and_closes_by_itself(world, sign_in, clock):
    client = sign_in(world.street_chair)
    assert client.get(f"/unions/{world.bank.pk}/").status_code == 404
    assert begin(client, world.bank).url == f"/unions/{world.bank.pk}/"
    assert client.get(f"/unions/{world.bank.pk}/").status_code == 200
    assert client.get(f"/unions/{world.jianwai.pk}/").status_code == 404, "this union alone"
    clock.shift(datetime.timedelta(minutes=61))
    client = sign_in(world.forget(world.street_chair))
    assert client.get(f"/unions/{world.bank.pk}/").status_code == 404


def test_it_can_be_closed_at_once_and_only_by_its_person(world, sign_in):
    client = sign_in(world.street_chair)
    begin(client, world.bank)
    access = EmergencyAccess.objects.get()
    other = sign_in(world.person("middle_chair", world.jianwai))
    assert other.post(f"/emergency/{access.pk}/end/").status_code == 404
    client = sign_in(world.street_chair)
    client.post(f"/emergency/{access.pk}/end/")
    assert client.get(f"/unions/{world.bank.pk}/").status_code == 404


def test_it_opens_reading_and_nothing_else(world, sign_in):
    client = sign_in(world.street_chair)
    begin(client, world.bank)
    for address in ("edit/", "people/add/", "move/"):
        assert client.get(f"/unions/{world.bank.pk}/{address}").status_code == 403, address
    assert client.post(f"/unions/{world.bank.pk}/phone/", {"reason": "x"}).status_code == 403
    assert client.get(f"/unions/{world.bank.pk}/history/").status_code == 200


def test_the_union_its_superior_and_the_record_know_of_it(world, sign_in):
    world.stranger, world.other_reviewer
    begin(sign_in(world.street_chair), world.bank, "突发事件")
    told = set(Notice.objects.filter(kind="emergency.begin").values_list("recipient", flat=True))
    assert {world.stranger.pk, world.other_reviewer.pk} <= told
    assert Event.objects.get(action="emergency.begin", union=world.bank).reason == "突发事件"
    assert "突发事件" in sign_in(world.stranger).get("/emergency/").content.decode()
    assert "突发事件" in sign_in(world.person("district_auditor", world.district)).get("/emergency/").content.decode()
    assert "突发事件" not in sign_in(world.chair).get("/emergency/").content.decode()


@pytest.mark.parametrize(("code", "reason"), [("none", "x"), ("own", "x"), ("bank", "")])
def test_without_a_union_or_a_reason_nothing_opens(world, sign_in, code, reason):
    code = {"none": "999", "own": world.factory.code, "bank": world.bank.code}[code]
    response = sign_in(world.street_chair).post("/emergency/begin/", {"code": code, "reason": reason})
    assert response.status_code == 422 and not EmergencyAccess.objects.exists()


def test_who_has_no_such_right_is_refused(world, sign_in):
    for person in (world.street_staff, world.chair, world.person("system_admin", world.district)):
        assert begin(sign_in(person), world.bank).status_code == 403
