import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from disclosure.models import Return
from tests.factories.disclosure import PERIOD, accepted, duty_of, filled, history, many_unions, submitted
from unions.models import Event, Notice
from unions.workflow import perform

DUE = timezone.localdate() + datetime.timedelta(days=3)
QUEUE = f"/review/{PERIOD}/"


def waiting(world, count, start=0):
    """Unions of 望京 whose returns wait for review."""
    found = []
    for union in many_unions(world.wangjing, count, start):
        accepted(union, "2026Q2", history(union))
        found.append(submitted(duty_of(union), world.person("grassroots_chair", union)))
    return found


def test_the_queue_counts_and_sorts_what_stands_where(world, sign_in):
    filings, reviewer = waiting(world, 4), world.reviewer
    perform(filings[0], "accept", by=reviewer)
    perform(filings[1], "return", by=reviewer, reason="改", due=DUE)
    perform(perform(filings[2], "return", by=reviewer, reason="改", due=DUE), "submit", by=filings[2].submitted_by)
    duty_of(world.hotel)
    page = sign_in(reviewer).get(QUEUE)
    assert {key: count for key, _label, count in page.context["tabs"]} == {
        "waiting": 1,
        "again": 1,
        "returned": 1,
        "accepted": 1,
        "missing": 1,
    }
    rates = page.context["rates"]
    assert (rates.expected, rates.submitted, rates.accepted) == (5, 4, 1)
    for tab in ("waiting", "again", "returned", "accepted", "missing"):
        assert sign_in(reviewer).get(QUEUE, {"tab": tab}).status_code == 200


def test_a_reviewer_sees_only_the_unions_directly_below(world, sign_in):
    filing = waiting(world, 1)[0]
    assert sign_in(world.other_reviewer).get(QUEUE).context["rates"].expected == 0
    assert sign_in(world.other_reviewer).get(QUEUE, {"open": filing.pk}).status_code == 404
    assert sign_in(world.officer).get(QUEUE, {"open": filing.pk}).status_code == 404, "the district reviews summaries"
    assert sign_in(world.chair).get(QUEUE).status_code == 403
    for who, status in (("other_reviewer", 404), ("officer", 403), ("leader", 403), ("chair", 403)):
        assert sign_in(getattr(world, who)).post(f"/review/{filing.pk}/accept/").status_code == status, who


def test_the_queue_takes_the_same_queries_for_one_and_for_twenty(world, sign_in):
    waiting(world, 1)
    client = sign_in(world.reviewer)
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as few:
        client.get(QUEUE)
    waiting(world, 20, 100)
    with CaptureQueriesContext(connection) as many:
        client.get(QUEUE)
    assert len(many) <= len(few), (len(few), len(many))


def test_the_panel_shows_what_changed_first_and_folds_the_rest(world, sign_in):
    union = world.factory
    accepted(union, "2026Q2", history(union))
    filing = submitted(duty_of(union), world.chair, {"joined_many": "校招新入会"}, joined=21)
    page = sign_in(world.reviewer).get(
        QUEUE, {"open": filing.pk}, headers={"HX-Request": "true", "HX-Target": "panel"}
    )
    text = page.content.decode()
    assert "<html" not in text and "校招新入会" in text
    assert {"joined", "members"} <= {row.code for row in page.context["sheet"].first}
    assert "workers" in {row.code for row in page.context["sheet"].rest}


def test_the_first_return_of_a_union_is_never_said_to_be_as_before(world, sign_in):
    filing = filled(duty_of(world.factory), world.chair, full_time_cadres=1, part_time_cadres=2)
    signing = sign_in(world.chair).get(reverse("disclosure:return-sign", args=[filing.duty_id]))
    assert "首次填报" in signing.content.decode() and "与上季度一致" not in signing.content.decode()
    filing = submitted(filing.duty, world.chair)
    page = sign_in(world.reviewer).get(QUEUE, {"open": filing.pk})
    assert "首次填报" in page.content.decode()
    assert len(page.context["sheet"].first) == len(page.context["sheet"].rows)


def test_accepting_leads_to_the_next_one(world, sign_in):
    filings = waiting(world, 2)
    answer = sign_in(world.reviewer).post(
        f"/review/{filings[0].pk}/accept/", {"revision": filings[0].revision, "tab": "waiting"}, follow=True
    )
    assert answer.context["filing"].pk == filings[1].pk
    filings[0].refresh_from_db()
    assert filings[0].state == "accepted"


def test_a_return_without_reason_is_answered_with_the_form_and_what_was_typed(world, sign_in):
    filing = waiting(world, 1)[0]
    client, url = sign_in(world.reviewer), f"/review/{filing.pk}/return/"
    answer = client.post(
        url, {"reason": " ", "due": DUE.isoformat(), "remark_code": ["visits"], "remark_text": ["请核对走访"]}
    )
    assert answer.status_code == 422 and "请核对走访" in answer.content.decode()
    assert (
        client.post(
            url,
            {
                "reason": "请核对",
                "due": DUE.isoformat(),
                "remark_code": ["visits", ""],
                "remark_text": ["请核对走访", ""],
            },
        ).status_code
        == 302
    )
    assert [(r.code, r.text) for r in filing.remarks.all()] == [("visits", "请核对走访")]


def test_many_are_accepted_at_once_and_each_keeps_its_own_event(world, sign_in):
    filings = waiting(world, 3)
    outside = submitted(
        duty_of(world.bank), world.person("grassroots_chair", world.bank), full_time_cadres=1, part_time_cadres=1
    )
    ids = [filing.pk for filing in [*filings, outside]]
    sign_in(world.reviewer).post(f"{QUEUE}bulk/", {"ids": ids, "action": "accept", "tab": "waiting"})
    assert Return.objects.filter(pk__in=ids, state="accepted").count() == 3
    assert Event.objects.filter(action="return.accept").count() == 3
    outside.refresh_from_db()
    assert outside.state == "submitted", "another street's return is untouched"


def test_many_are_returned_with_one_reason(world, sign_in):
    filings = waiting(world, 2)
    client, given = sign_in(world.reviewer), {"ids": [f.pk for f in filings], "action": "return", "tab": "waiting"}
    assert client.post(f"{QUEUE}bulk/", given).status_code == 200, "asks for the reason first"
    assert client.post(f"{QUEUE}bulk/", {**given, "reason": "", "due": DUE.isoformat()}).status_code == 422
    client.post(f"{QUEUE}bulk/", {**given, "reason": "请统一口径后重报", "due": DUE.isoformat()})
    assert Return.objects.filter(state="returned").count() == 2


def test_chasing_reminds_each_missing_union_once_a_day(world, sign_in):
    chair = world.chair
    duty_of(world.factory), duty_of(world.hotel)
    client = sign_in(world.reviewer)
    for _press in range(2):
        client.post(f"{QUEUE}chase/")
    assert Notice.objects.filter(recipient=chair, kind="return.chased").count() == 1
    assert Event.objects.filter(action="duty.chase").count() == 2
    assert sign_in(chair).post(f"{QUEUE}chase/").status_code == 403


def test_a_period_that_is_none_is_not_there(world, sign_in):
    for text in ("x", "2026", "2026Q9"):
        assert sign_in(world.reviewer).get(f"/review/{text}/").status_code == 404


@pytest.fixture
def filing(world):
    accepted(world.factory, "2026Q2", history(world.factory))
    return submitted(duty_of(world.factory), world.chair, visits=3)


@pytest.mark.parametrize(
    ("who", "status"),
    [("chair", 200), ("clerk", 200), ("reviewer", 200), ("leader", 200), ("neighbour", 404), ("stranger", 404), ("other_reviewer", 404)],
)  # fmt: skip
def test_a_return_is_read_in_scope_only(world, filing, sign_in, who, status):
    for name in ("return-detail", "return-print"):
        assert sign_in(getattr(world, who)).get(reverse(f"disclosure:{name}", args=[filing.pk])).status_code == status


def test_the_list_holds_what_is_in_scope_and_costs_the_same_for_any_length(world, filing, sign_in):
    client = sign_in(world.reviewer)
    client.get("/returns/")
    with CaptureQueriesContext(connection) as few:
        assert len(client.get("/returns/").context["table"].rows) == 2
    waiting(world, 10)
    with CaptureQueriesContext(connection) as many:
        assert len(client.get("/returns/").context["table"].rows) == 22
    assert len(many) <= len(few)
    assert len(sign_in(world.neighbour).get("/returns/").context["table"].rows) == 0


def test_the_list_is_exported_with_every_figure(world, filing, sign_in):
    import io

    import openpyxl

    body = sign_in(world.reviewer).get("/returns/", {"period": PERIOD, "export": "xlsx"}).content
    rows = [row for row in openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True) if any(row)]
    assert any(world.factory.name in row and 242 in row for row in rows)


def test_reopening_wants_a_reason(world, filing, sign_in):
    perform(filing, "accept", by=world.reviewer)
    url = reverse("disclosure:return-reopen", args=[filing.pk])
    assert sign_in(world.chair).get(url).status_code == 403
    assert sign_in(world.street_chair).post(url, {"reason": "", "due": DUE.isoformat()}).status_code == 422
    assert sign_in(world.street_chair).post(url, {"reason": "更正会员数", "due": DUE.isoformat()}).status_code == 302
    filing.refresh_from_db()
    assert filing.state == "returned"


def test_anybody_can_check_a_printed_copy_but_sees_no_figure(world, filing, client):
    page = client.get("/verify/", {"code": filing.check_code})
    assert (
        page.context["found"].is_current
        and world.factory.name in page.content.decode()
        and "242" not in page.content.decode()
    )
    perform(filing, "return", by=world.reviewer, reason="改", due=DUE)
    assert not client.get("/verify/", {"code": filing.check_code}).context["found"].is_current
    assert client.get("/verify/", {"code": "AAAA-BBBB-CCCC"}).context["found"] is None
    assert client.get("/verify/").status_code == 200


def test_withdrawing_leads_back_to_the_form(world, filing, sign_in):
    url = reverse("disclosure:return-withdraw", args=[filing.pk])
    assert sign_in(world.clerk).post(url).status_code == 403
    assert sign_in(world.neighbour).post(url).status_code == 404
    assert sign_in(world.chair).post(url, {"revision": filing.revision}).url == reverse(
        "disclosure:return-fill", args=[filing.duty_id]
    )
