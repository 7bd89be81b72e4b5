"""The record of acts: who, by which appointment, in which request; refusals and reads too; and nobody can change it."""

import json
import logging

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from config.logs import JsonLine
from disclosure.services import ensure
from tests.factories.disclosure import duty_of
from unions import jobs
from unions.kit.tracing import tracing
from unions.models import Event, RoleAssignment, Union, User
from unions.services import appoint, edit_union, move_union, record

PHONE = {"chair_phone": "13812345678"}


def newest(**found) -> Event:
    return Event.objects.filter(**found).latest("pk")


def test_an_act_stands_with_its_request_its_address_and_the_appointment_used(world, sign_in):
    union = world.factory
    page = reverse("unions:union-phone", args=[union.pk])
    response = sign_in(world.street_staff).post(page, {"reason": "通知开会"}, REMOTE_ADDR="10.1.2.3")
    event = newest(action="person.reveal")
    assert event.request_id == response.headers["X-Request-ID"] and event.address == "10.1.2.3"
    assert event.assignment == world.street_staff.posts[0] and event.result == "read"


def test_of_two_appointments_the_one_that_holds_the_right_is_named(world, sign_in):
    person = world.reviewer
    appoint(user=person, role="middle_staff", union=world.wangjing, by=None)
    appoint(user=person, role="grassroots_staff", union=world.bank, by=None)
    page = reverse("unions:union-phone", args=[world.factory.pk])
    sign_in(User.objects.get(pk=person.pk)).post(page, {"reason": "通知开会"})
    assert newest(action="person.reveal").assignment.role == "middle_staff"


def test_a_client_cannot_choose_the_number_of_its_request(world, sign_in, settings):
    page = reverse("unions:home")
    given = {"X-Request-ID": "chosen-by-client"}
    assert sign_in(world.chair).get(page, headers=given).headers["X-Request-ID"] != "chosen-by-client"
    settings.TRUSTED_PROXY = True
    assert sign_in(world.chair).get(page, headers=given).headers["X-Request-ID"] == "chosen-by-client"
    forged = {"X-Request-ID": "a\x1b[31m"}
    assert "\x1b" not in sign_in(world.chair).get(page, headers=forged).headers["X-Request-ID"]


def test_sensitive_values_are_masked_before_they_are_written(world):
    edit_union(world.factory, PHONE, by=world.clerk)
    assert newest(action="union.edit").data["changes"]["chair_phone"] == ["", "138****5678"]
    Event.objects.bulk_create(
        [Event(union=world.factory, action="union.import", model="unions.Union", object_id=world.factory.pk,
               by=world.clerk, data={"changes": {"chair_phone": ["13812345678", "13987654321"]}})]
    )  # fmt: skip
    assert newest(action="union.import").data["changes"]["chair_phone"] == ["138****5678", "139****4321"]


# --- refusals ----------------------------------------------------------------------------------------------------


def test_a_refusal_is_recorded_with_the_right_that_was_missing(world, sign_in):
    client = sign_in(world.clerk)
    assert client.get(reverse("unions:rule-edit", args=[1])).status_code == 403
    event = newest()
    assert (event.action, event.result, event.by, event.union) == (
        "page.refuse", "refused", world.clerk, world.factory,
    )  # fmt: skip
    assert event.data["permission"] == "rule_edit" and event.data["path"].startswith("/rules/")


def test_the_api_s_refusals_are_recorded_too(world, sign_in):
    assert sign_in(world.reviewer).post("/api/v1/returns/", {}, content_type="application/json").status_code >= 400
    client = sign_in(User.objects.get(pk=world.reviewer.pk))
    before = Event.objects.filter(result="refused").count()
    client.post(f"/api/v1/duties/{0}/waive/", {}, content_type="application/json")
    RoleAssignment.objects.filter(user=world.reviewer).first().grants.all().delete()
    assert client.get("/api/v1/unions/").status_code == 403
    assert Event.objects.filter(result="refused").count() == before + 1


def test_what_lies_outside_the_scope_leaves_no_refusal(world, sign_in):
    """404 says nothing; nor does the record, to those who may read it."""
    before = Event.objects.filter(result="refused").count()
    assert sign_in(world.stranger).get(reverse("unions:union", args=[world.factory.pk])).status_code == 404
    assert Event.objects.filter(result="refused").count() == before


def test_a_refused_move_is_recorded_at_its_record_and_counts_for_nothing(world, sign_in):
    filing = ensure(duty_of(world.factory), by=world.clerk)
    response = sign_in(world.chair).post(
        reverse("api:return-move", args=[filing.pk, "submit"]), {"revision": 99}, content_type="application/json"
    )
    assert response.status_code == 409
    refused = Event.objects.get(result="refused")
    assert (refused.action, refused.model, refused.object_id) == ("move.refuse", "disclosure.Return", filing.pk)
    assert refused.union == world.factory and refused.data["move"] == "submit" and refused.data["why"]
    assert not Event.objects.acts().filter(object_id=filing.pk, model="disclosure.Return").exists()


def test_signing_in_out_and_in_vain_is_recorded(world, client, settings):
    page = reverse("unions:sign-in")
    client.post(page, {"username": world.chair.username, "password": "wrong"})
    failed = newest(action="session.fail")
    assert failed.by is None and failed.object_id == world.chair.pk and failed.result == "failed"
    client.post(page, {"username": "mySecret-9", "password": "x"})
    assert newest(action="session.fail").data["username"] == "my***", "it may be a password in the wrong field"
    client.post(page, {"username": world.chair.username, "password": "correct-horse-9"})
    assert newest(action="session.open").by == world.chair
    client.post(reverse("unions:sign-out"))
    assert newest(action="session.close").by == world.chair


def test_a_file_taken_away_is_recorded_with_its_filters(world, sign_in):
    response = sign_in(world.street_staff).get(reverse("unions:union-list"), {"export": "xlsx", "q": "瑞丰"})
    assert response.status_code == 200
    event = newest(action="file.download")
    assert event.result == "read" and event.by == world.street_staff and event.data["file"].endswith(".xlsx")
    assert any("瑞丰" in words for words in event.data["filters"])


def test_where_the_record_of_a_reading_fails_the_file_is_not_given(world, sign_in, monkeypatch):
    client = sign_in(world.street_staff)
    client.raise_request_exception = False
    monkeypatch.setattr(Event, "complete", _break)
    assert client.get(reverse("unions:union-list"), {"export": "xlsx"}).status_code == 500


# --- append-only -------------------------------------------------------------------------------------------------


def _break(event):
    raise DatabaseError("disk full")


def test_a_union_that_moves_takes_its_record_along(world):
    event = record(world.factory, "union.edit", world.factory, by=world.clerk)
    move_union(world.factory, world.jianwai, by=world.officer, reason="划转")
    event.refresh_from_db()
    assert event.middle == world.jianwai


def test_a_write_whose_event_fails_is_undone(world, monkeypatch):
    monkeypatch.setattr(Event, "complete", _break)
    with pytest.raises(DatabaseError), transaction.atomic():
        edit_union(world.factory, {"members": 250}, by=world.clerk)
    assert Union.objects.get(pk=world.factory.pk).members == 242


# --- jobs and log lines ------------------------------------------------------------------------------------------


def test_a_job_is_recorded_under_the_request_that_started_it(world, monkeypatch):
    def work(job, progress):
        record(job.union, "union.edit", job.union, by=job.by)

    monkeypatch.setitem(jobs.kinds._items, "test", work)
    with tracing(address="10.9.9.9") as request:
        job = jobs.start_job("test", union=world.factory, by=world.chair, params={})
    jobs.run(job.pk)
    event = newest(action="union.edit")
    assert (event.request_id, event.address) == (request.request_id, "10.9.9.9")
    assert event.assignment == world.chair.posts[0]


def test_a_log_line_cannot_be_forged_and_bears_the_request():
    hostile = "李敏\n2026-01-01 INFO forged\r\x1b[2J\u2028\x9b31m\u202e"
    log = logging.LogRecord("x", logging.WARNING, "", 0, "failed for %s", (hostile,), None)
    with tracing() as request:
        line = JsonLine().format(log)
    assert not set("\n\r\x1b\u2028\x9b\u202e") & set(line)
    assert json.loads(line)["request"] == request.request_id and "李敏" in line
    assert json.loads(line)["message"] == f"failed for {hostile}"


def test_an_error_page_names_the_request(world, sign_in, client):
    response = sign_in(world.clerk).get("/no-such-page/")
    assert response.headers["X-Request-ID"] in response.content.decode()
