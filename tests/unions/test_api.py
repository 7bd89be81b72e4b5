"""The API of the ground floor: the same scope, rights and filters as the pages."""

import datetime
import json

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from tests.factories.disclosure import PERIOD, duty_of
from tests.factories.unions import UnionFactory, UserFactory
from unions.api.permissions import ScopedPermission
from unions.api.schema import description
from unions.models import DutyRule, Job, Notice
from unions.services import edit_union

LISTS = [
    "unions",
    "duties",
    "duty-totals",
    "rules",
    "forms",
    "returns",
    "totals",
    "notices",
    "jobs",
    "events",
    "files",
]


def names(response) -> set[str]:
    return {row["name"] for row in response.json()["results"]}


def test_each_tier_lists_its_own_subtree_and_nothing_else(world, sign_in):
    assert names(sign_in(world.chair).get("/api/v1/unions/")) == {world.factory.name}
    assert names(sign_in(world.reviewer).get("/api/v1/unions/")) == {
        world.wangjing.name, world.factory.name, world.hotel.name,
    }  # fmt: skip
    assert names(sign_in(world.stranger).get("/api/v1/unions/")) == {world.bank.name}
    assert sign_in(world.leader).get("/api/v1/unions/").json()["count"] == 6


def test_a_union_out_of_scope_answers_like_one_that_does_not_exist(world, sign_in):
    client = sign_in(world.chair)
    foreign, missing = client.get(f"/api/v1/unions/{world.bank.pk}/"), client.get("/api/v1/unions/987654321/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() == missing.json()
    assert foreign.json()["code"] == "not_found"


def test_telephone_numbers_are_masked_on_the_card_and_in_the_record_of_changes(world, sign_in):
    edit_union(world.factory, {"chair_phone": "13800135678"}, by=world.street_chair)
    client = sign_in(world.leader)
    assert client.get(f"/api/v1/unions/{world.factory.pk}/").json()["chair_phone"] == "138****5678"
    assert "13800135678" not in client.get("/api/v1/events/").content.decode()


def test_the_filters_are_those_of_the_page(world, sign_in):
    client = sign_in(world.leader)
    assert names(client.get("/api/v1/unions/", {"q": "望湖"})) == {world.hotel.name}
    assert names(client.get("/api/v1/unions/", {"kind": "street"})) == {world.wangjing.name, world.jianwai.name}
    refused = client.get("/api/v1/unions/", {"kind": "guild"})
    assert refused.status_code == 422
    assert "kind" in refused.json()["errors"]


def test_a_filter_cannot_reach_out_of_the_scope(world, sign_in):
    duty_of(world.bank)
    refused = sign_in(world.chair).get("/api/v1/duties/", {"union": world.bank.pk})
    assert refused.status_code == 422
    assert world.bank.name not in refused.content.decode()


def test_a_union_in_scope_is_a_filter(world, sign_in):
    duty_of(world.factory)
    duty_of(world.hotel)
    client = sign_in(world.reviewer)
    found = client.get("/api/v1/duties/", {"union": world.factory.pk, "period": PERIOD}).json()
    assert [row["union"]["name"] for row in found["results"]] == [world.factory.name]
    assert client.get("/api/v1/duties/", {"figure": "overdue"}).json()["count"] == 0


def test_the_superior_decides_about_a_duty_and_the_union_may_only_ask(world, sign_in):
    duty = duty_of(world.factory)
    path, later = f"/api/v1/duties/{duty.pk}", (duty.last_day + datetime.timedelta(days=7)).isoformat()
    given = {"until": later, "reason": "主席外出学习"}
    send = lambda person, act, data=given: sign_in(person).post(  # noqa: E731
        f"{path}/{act}/", data, content_type="application/json"
    )
    assert send(world.chair, "extend").status_code == 403
    assert send(world.stranger, "ask").status_code == 404
    assert send(world.chair, "ask").status_code == 200
    assert send(world.street_staff, "extend", {"reason": ""}).json()["errors"].keys() == {"until", "reason"}
    assert send(world.street_staff, "extend").json()["extended_to"] == later
    assert send(world.street_staff, "waive", {"reason": "停业"}).json()["state"] == "waived"
    assert send(world.street_staff, "waive", {"reason": "停业"}).status_code == 409
    assert send(world.street_staff, "demand").json()["state"] == "open"


def test_without_a_session_the_answer_is_401_in_json(client, db):
    for name in LISTS:
        response = client.get(f"/api/v1/{name}/")
        assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")


def test_an_initial_password_must_be_changed_before_any_call(world, sign_in):
    user = UserFactory(must_change_password=True)
    response = sign_in(user).get("/api/v1/notices/")
    assert response.status_code == 403


def test_an_account_without_an_appointment_gets_403_but_its_own_notices(world, sign_in):
    client = sign_in(UserFactory())
    assert client.get("/api/v1/unions/").status_code == 403
    assert client.get("/api/v1/notices/").json()["results"] == []


def test_notices_and_jobs_are_ones_own(world, sign_in):
    for number, person in enumerate((world.chair, world.stranger)):
        Notice.objects.create(recipient=person, kind="return.accepted", params={}, key=f"n{number}")
        Job.objects.create(kind="test", by=person, union=person.union)
    client = sign_in(world.chair)
    assert client.get("/api/v1/jobs/").json()["count"] == 1
    assert client.get(f"/api/v1/jobs/{Job.objects.get(by=world.stranger).pk}/").status_code == 404
    theirs = Notice.objects.get(recipient=world.stranger)
    assert client.post(f"/api/v1/notices/{theirs.pk}/read/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_a_notice_is_marked_as_read_once(world, sign_in):
    notice = Notice.objects.create(recipient=world.chair, kind="unknown", params={}, key="n")
    client = sign_in(world.chair)
    first = client.post(f"/api/v1/notices/{notice.pk}/read/").json()["read_at"]
    assert first and client.post(f"/api/v1/notices/{notice.pk}/read/").json()["read_at"] == first


def test_a_call_that_writes_wants_the_csrf_token(world):
    notice = Notice.objects.create(recipient=world.chair, kind="unknown", params={}, key="n")
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.chair, backend="unions.backends.TreeBackend")
    assert client.post(f"/api/v1/notices/{notice.pk}/read/").status_code == 403


def test_other_methods_do_not_exist(world, sign_in):
    client = sign_in(world.officer)
    for method in (client.put, client.delete, client.patch):
        assert method(f"/api/v1/unions/{world.factory.pk}/").status_code == 405


def test_too_many_calls_are_asked_to_wait(world, sign_in, monkeypatch):
    monkeypatch.setattr("rest_framework.throttling.UserRateThrottle.get_rate", lambda self: "2/min")
    client = sign_in(world.chair)
    answers = [client.get("/api/v1/rules/") for _call in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_page_holds_fifty_rows_and_never_more_than_200(world, sign_in):
    UnionFactory.create_batch(60, parent=world.jianwai)
    client = sign_in(world.leader)
    assert len(client.get("/api/v1/unions/").json()["results"]) == 50
    assert len(client.get("/api/v1/unions/", {"page_size": 5000}).json()["results"]) == 66
    assert client.get("/api/v1/unions/", {"page": 9}).status_code == 404


@pytest.mark.parametrize("path", ["unions", "duties", "events"])
def test_a_longer_list_costs_no_more_queries(world, sign_in, django_assert_num_queries, path):
    client = sign_in(world.leader)

    def count() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/api/v1/{path}/", {"page_size": 200}).status_code == 200
        return len(queries)

    duty_of(world.factory)
    edit_union(world.factory, {"members": 1, "women_members": 1}, by=world.officer)
    count()
    few = count()
    for union in UnionFactory.create_batch(20, parent=world.jianwai):
        duty_of(union)
        edit_union(union, {"members": 1, "women_members": 1}, by=world.officer)
    assert count() == few <= 12


def test_an_action_without_a_declared_permission_is_an_error():
    class View:
        action = "destroy"
        permissions = {"list": None}

    class Request:
        user = UserFactory.build()

    with pytest.raises(ImproperlyConfigured):
        ScopedPermission().has_permission(Request, View())


def test_rules_name_their_clause_and_their_reminders(world, sign_in):
    rule = DutyRule.objects.get(key="quarterly-return")
    shown = sign_in(world.chair).get(f"/api/v1/rules/{rule.pk}/").json()
    assert shown["clause"] == rule.clause
    assert len(shown["steps"]) == rule.steps.count()


def test_the_schema_is_valid_and_names_every_refusal(db):
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null")
    paths = description()["paths"]
    assert {"401", "403", "429"} <= paths["/api/v1/unions/"]["get"]["responses"].keys()
    assert {"404", "409", "422"} <= paths["/api/v1/returns/{id}/{move}/"]["post"]["responses"].keys()


def test_the_page_and_the_schema_speak_both_languages(world, sign_in):
    client = sign_in(world.leader)
    assert "季报" in client.get("/api/").content.decode()
    schema = json.loads(client.get("/api/schema/").content)
    assert schema["openapi"].startswith("3.")
    client.cookies["language"] = "en"
    assert "Returns in scope" in client.get("/api/").content.decode()
    with translation.override("en"):
        assert description()["paths"]["/api/v1/unions/"]["get"]["summary"] == "Unions in scope"


def test_what_no_resource_answers_is_refused_in_the_same_shape(world, sign_in, client):
    for visitor in (client, sign_in(world.chair)):
        for path in ("nothing/", "nothing", "unions/x/", "unions/1/nothing/", ""):
            response = visitor.get(f"/api/v1/{path}")
            assert (path, response.status_code, response.json()["code"]) == (path, 404, "not_found")
    assert client.get("/api/nothing/")["Content-Type"].startswith("text/html"), "a page's address stays a page"
    refused = client.delete(f"/api/v1/unions/{world.factory.pk}/")
    assert (refused.status_code, refused.json()["code"]) == (405, "no_such_method")
    assert client.post("/api/v1/unions/").json()["code"] == "no_such_method"


def test_a_fault_is_answered_in_the_same_shape(world, sign_in, monkeypatch):
    def fail(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("unions.api.base.Resource.get_queryset", fail)
    client = sign_in(world.chair)
    client.raise_request_exception = False
    response = client.get("/api/v1/unions/")
    assert (response.status_code, response.json()["code"]) == (500, "broken")
    assert response.json()["message"]
