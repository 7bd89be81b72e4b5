"""Annual reports over the API, and year beside year."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import annual as made
from tests.factories.disclosure import accepted as accepted_return
from unions.models import Event


def call(client, method, path, data=None, **headers):
    return getattr(client, method)(
        f"/api/v1/annual-reports/{path}", data or {}, content_type="application/json", headers=headers
    )


def test_a_report_is_read_with_its_parts_accounts_and_moves(world, sign_in):
    report = made.filed(world.factory, world.chair)
    shown = call(sign_in(world.reviewer), "get", f"{report.pk}/").json()
    assert [part["title"] for part in shown["parts"]] == [str(part) for part in report.sheet.parts.all()]
    assert (shown["before"], shown["balance"], shown["moves"]) == ("1000.00", "5999.50", ["accept", "return"])
    assert {line["head"] for line in shown["accounts"]} == {str(head) for head in report.sheet.heads.all()}


def test_it_is_decided_by_the_same_rules_and_once_for_one_key(world, sign_in):
    report = made.filed(world.factory, world.chair)
    given = {"revision": report.revision}
    assert call(sign_in(world.chair), "post", f"{report.pk}/accept/", given).status_code == 403
    assert call(sign_in(world.stranger), "post", f"{report.pk}/accept/", given).status_code == 404
    client = sign_in(world.reviewer)
    for _twice in range(2):
        done = call(client, "post", f"{report.pk}/accept/", given, **{"Idempotency-Key": "a"})
        assert (done.status_code, done.json()["state"]) == (200, "accepted")


def test_a_report_goes_back_with_remarks_on_its_parts(world, sign_in):
    report, client = made.filed(world.factory, world.chair), sign_in(world.reviewer)
    given = {"revision": report.revision, "reason": "见意见", "due": "2100-01-01"}
    refused = call(client, "post", f"{report.pk}/return/", {**given, "remarks": {"9": "没有"}})
    assert refused.status_code == 422 and "remarks" in refused.content.decode()
    assert call(client, "post", f"{report.pk}/return/", {**given, "remarks": {"1": "请补充"}}).status_code == 200
    assert Event.objects.get(action="annualreport.return").data["remarks"] == {"1": "请补充"}


def test_the_list_has_the_scope_and_the_filters_of_the_page(world, sign_in):
    for union, by in ((world.factory, world.chair), (world.bank, world.stranger)):
        made.filed(union, by)
    client = sign_in(world.reviewer)
    with CaptureQueriesContext(connection) as asked:
        rows = call(client, "get", "?state=submitted").json()["results"]
    assert [row["union"]["name"] for row in rows] == [world.factory.name] and len(asked) < 25
    assert call(client, "get", "?state=accepted").json()["results"] == []


@pytest.mark.parametrize(("who", "status"), [("chair", 200), ("reviewer", 200), ("stranger", 404)])
def test_the_years_of_a_union_stand_side_by_side(world, sign_in, who, status):
    accepted_return(world.factory, "2025Q4")
    made.accepted(world.factory, world.chair, world.reviewer, 2025)
    made.filed(world.factory, world.chair)
    page = sign_in(getattr(world, who)).get(reverse("disclosure:annual-compare", args=[world.factory.pk]))
    assert page.status_code == status
    if status == 200:
        text = page.content.decode()
        assert "2025" in text and "5,999.5" in text and "<svg" in text
