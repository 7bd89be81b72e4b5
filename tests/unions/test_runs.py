import datetime

from django.urls import reverse
from django.utils import timezone

from tests.factories.duties import make_duty, make_rule
from tests.factories.unions import UnionFactory
from tests.unions.test_outbox import make_delivery
from unions import clock
from unions.enums import DeliveryState, JobState
from unions.models import Run


def page(client, **query):
    response = client.get(reverse("unions:run-list"), query)
    assert response.status_code == 200
    return response.context


def a_run(slot, minutes_ago=1, **values):
    at = timezone.now() - datetime.timedelta(minutes=minutes_ago)
    counts = {"opened": 0, "steps": 0}
    return Run.objects.create(**{"task": clock.ROUND, "slot": slot, "state": JobState.DONE, "finished_at": at, "counts": counts, **values})  # fmt: skip


def test_runs_are_the_districts_to_see(world, sign_in):
    for user in (world.leader, world.officer):
        page(sign_in(user))
    for user in (world.reviewer, world.chair):
        assert sign_in(user).get(reverse("unions:run-list")).status_code == 403


def test_a_silent_clock_warns(world, sign_in):
    client = sign_in(world.leader)
    assert page(client)["is_silent"]
    a_run("old", minutes_ago=31)
    assert page(client)["is_silent"]
    a_run("new", minutes_ago=9)
    assert not page(client)["is_silent"]


def test_quiet_rounds_are_left_out_unless_asked_for(world, sign_in):
    quiet = a_run("quiet")
    busy = a_run("busy", counts={"opened": 3, "steps": 0})
    broken = a_run("broken", state=JobState.FAILED, error="规则：错误")
    client = sign_in(world.leader)
    assert set(page(client)["page"]) == {busy, broken}
    assert set(page(client, show="failed")["page"]) == {broken}
    assert set(page(client, show="all")["page"]) == {quiet, busy, broken}


def test_what_did_not_arrive_is_shown_and_sent_again_by_a_person(world, sign_in):
    delivery = make_delivery(state=DeliveryState.UNKNOWN)
    make_delivery(state=DeliveryState.SENT)
    assert [row["delivery"] for row in page(sign_in(world.leader))["stuck"]] == [delivery]
    url = reverse("unions:delivery-resend", args=[delivery.pk])
    assert sign_in(world.leader).post(url).status_code == 403
    assert sign_in(world.officer).get(url).status_code == 405
    assert sign_in(world.officer).post(url).status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.WAITING


def test_unions_without_an_account_are_counted_by_street(world, sign_in):
    rule = make_rule()
    assert world.chair
    make_duty(rule, world.factory, due=timezone.localdate())
    for union in UnionFactory.create_batch(2, parent=world.jianwai):
        make_duty(rule, union, due=timezone.localdate())
    shown = page(sign_in(world.leader))
    assert shown["unreached"] == [{"middle": world.jianwai, "unions": 2}]
    assert shown["unreached_count"] == 2
