"""Returns over the API: the same moves, checks and refusals as on the pages."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disclosure.models import Return, Total
from tests.factories.disclosure import PERIOD, accepted, duty_of, filled, many_unions, submitted
from unions.models import Event

TOMORROW = (timezone.localdate() + datetime.timedelta(days=1)).isoformat()


@pytest.fixture
def duty(world):
    accepted(world.factory, "2026Q2")
    return duty_of(world.factory)


def call(client, method: str, path: str, data: dict | None = None, **headers):
    return getattr(client, method)(f"/api/v1/{path}", data or {}, content_type="application/json", headers=headers)


def test_a_return_is_begun_filled_in_and_submitted(world, duty, sign_in):
    client = sign_in(world.chair)
    begun = call(client, "post", "returns/", {"duty": duty.pk})
    assert begun.status_code == 201
    pk, figures = begun.json()["id"], begun.json()["figures"]
    assert figures["workers"] == 264, "the register's figure is there already"
    revision = begun.json()["revision"]
    given = {"revision": revision, "figures": {"visits": "6"}, "confirm_rest": True}
    kept = call(client, "patch", f"returns/{pk}/", given).json()
    assert (kept["figures"]["visits"], kept["moves"], kept["unchecked"]) == (6, ["submit"], [])
    done = call(client, "post", f"returns/{pk}/submit/", {"revision": kept["revision"]})
    assert (done.status_code, done.json()["state"]) == (200, "submitted")


def test_beginning_twice_gives_the_same_return(world, duty, sign_in):
    client = sign_in(world.chair)
    assert call(client, "post", "returns/", {"duty": duty.pk}).json()["id"] == call(
        client, "post", "returns/", {"duty": duty.pk}
    ).json()["id"]  # fmt: skip


def test_nobody_begins_or_fills_in_another_unions_return(world, duty, sign_in):
    assert call(sign_in(world.stranger), "post", "returns/", {"duty": duty.pk}).status_code == 404
    assert call(sign_in(world.reviewer), "post", "returns/", {"duty": duty.pk}).status_code == 403
    assert not Return.objects.filter(duty=duty).exists()
    filing = filled(duty, world.chair)
    given = {"revision": filing.revision, "figures": {"visits": "9"}}
    assert call(sign_in(world.reviewer), "patch", f"returns/{filing.pk}/", given).status_code == 403
    assert call(sign_in(world.neighbour), "patch", f"returns/{filing.pk}/", given).status_code == 404


def test_what_cannot_be_read_is_named_and_nothing_is_kept(world, duty, sign_in):
    filing = filled(duty, world.chair)
    client = sign_in(world.chair)
    for code, text in (("visits", "many"), ("no_such_figure", "1"), ("members", "900")):
        given = {"revision": filing.revision, "figures": {"activities": "77", code: text}}
        refused = call(client, "patch", f"returns/{filing.pk}/", given)
        assert refused.status_code == 422
    filing.refresh_from_db()
    assert filing.figures["activities"] != 77


def test_a_stale_revision_is_a_conflict_that_says_what_stands_now(world, duty, sign_in):
    filing = filled(duty, world.chair)
    stale = call(sign_in(world.chair), "post", f"returns/{filing.pk}/submit/", {"revision": filing.revision - 1})
    assert stale.status_code == 409
    assert stale.json()["current"] == {"revision": filing.revision, "state": "draft"}


def test_a_repeated_call_with_the_same_key_submits_once(world, duty, sign_in):
    filing, client = filled(duty, world.chair), sign_in(world.chair)
    for _try in range(2):
        again = call(
            client, "post", f"returns/{filing.pk}/submit/", {"revision": filing.revision}, idempotency_key="k-1"
        )
        assert (again.status_code, again.json()["state"]) == (200, "submitted")
    assert Event.objects.filter(action="return.submit", object_id=filing.pk).count() == 1


def test_one_key_on_two_returns_moves_both(world, duty, sign_in):
    filings = [submitted(duty, world.chair), submitted(duty_of(world.hotel), world.neighbour, **HOTEL)]
    client = sign_in(world.reviewer)
    for filing in filings:
        given = {"revision": filing.revision}
        assert call(client, "post", f"returns/{filing.pk}/accept/", given, idempotency_key="same").status_code == 200
    assert Return.objects.filter(state="accepted", period=PERIOD).count() == 2


HOTEL = {"full_time_cadres": "1", "part_time_cadres": "1"}


def test_the_tier_above_accepts_and_the_total_moves(world, duty, sign_in):
    filing = submitted(duty, world.chair, visits="6")
    given = {"revision": filing.revision}
    assert call(sign_in(world.chair), "post", f"returns/{filing.pk}/accept/", given).status_code == 403
    assert call(sign_in(world.officer), "post", f"returns/{filing.pk}/accept/", given).status_code == 403
    assert call(sign_in(world.other_reviewer), "post", f"returns/{filing.pk}/accept/", given).status_code == 404
    client = sign_in(world.reviewer)
    assert call(client, "post", f"returns/{filing.pk}/accept/", given).json()["state"] == "accepted"
    total = client.get("/api/v1/totals/", {"period": PERIOD, "form": "quarterly-return"}).json()["results"]
    assert [(row["union"]["name"], row["figures"]["visits"]) for row in total] == [(world.wangjing.name, 6)]
    assert Total.objects.get(union=world.district, period=PERIOD, form__code="quarterly-return").count == 1


def test_returning_wants_a_reason_and_a_day_and_pins_remarks(world, duty, sign_in):
    filing, client = submitted(duty, world.chair), sign_in(world.reviewer)
    path, given = f"returns/{filing.pk}/return/", {"revision": filing.revision}
    refused = call(client, "post", path, given)
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"reason", "due"})
    given |= {"reason": "会员数与名册不符", "due": TOMORROW, "remarks": {"members": "请核实"}}
    back = call(client, "post", path, given).json()
    assert (back["state"], [(r["code"], r["text"]) for r in back["remarks"]]) == ("returned", [("members", "请核实")])


def test_a_figure_that_the_form_does_not_have_is_named_with_a_sentence(world, duty, sign_in):
    filing = filled(duty, world.chair)
    given = {"revision": filing.revision, "figures": {"no-such-figure": "1"}}
    refused = call(sign_in(world.chair), "patch", f"returns/{filing.pk}/", given)
    assert refused.status_code == 422
    assert refused.json()["errors"] == {"figures.no-such-figure": ["本表没有可填写的该项指标。"]}


def test_a_form_shows_its_figures_and_checks(world, sign_in):
    client = sign_in(world.chair)
    assert {form["code"] for form in client.get("/api/v1/forms/").json()["results"]} >= {"quarterly-return"}
    version = client.get("/api/v1/forms/quarterly-return/").json()["versions"][0]
    assert {"workers", "members"} <= {indicator["code"] for indicator in version["indicators"]}
    assert version["rules"]
    assert client.get("/api/v1/forms/no-such-form/").status_code == 404


def test_a_longer_list_of_returns_costs_no_more_queries(world, duty, sign_in):
    client = sign_in(world.leader)
    accepted(world.hotel, PERIOD)

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path, {"page_size": 200}).status_code == 200
        return len(queries)

    for path in ("/api/v1/returns/", "/api/v1/totals/", "/api/v1/forms/quarterly-return/"):
        count(path)
    few = count("/api/v1/returns/")
    for union in many_unions(world.jianwai, 20):
        accepted(union, PERIOD)
    assert count("/api/v1/returns/") == few <= 14
    assert count("/api/v1/forms/quarterly-return/") <= 14


def test_returns_are_filtered_by_middle_tier_union_as_on_the_page(world, sign_in):
    accepted(world.factory, PERIOD)
    accepted(world.bank, PERIOD)
    client, given = sign_in(world.leader), {"middle": world.jianwai.pk, "period": PERIOD}
    found = client.get("/api/v1/returns/", given).json()["results"]
    assert [row["union"]["name"] for row in found] == [world.bank.name]
    page = client.get("/returns/", given).content.decode()
    assert world.bank.name in page and world.factory.name not in page
