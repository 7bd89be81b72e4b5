"""Fifty at once: exactly one wins, the others hear so or get the same answer; nobody waits for ever, nothing breaks."""

import datetime
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disclosure.models import Return
from disclosure.totals import total_of
from tests.access import is_sent_away
from tests.factories.disclosure import PERIOD, accepted, duty_of, filled, many_unions, submitted
from tests.factories.unions import DistrictWorld
from tests.faults.pages import Forms
from tests.faults.pages import filled as filled_in
from tests.samples.rosters import preview, row_of
from unions.duties import ask_extension
from unions.models import Event, ImportBatch, Job, Union

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 50
IN_FIVE_DAYS = timezone.localdate() + datetime.timedelta(days=5)


@pytest.fixture
def world(seeded):
    return DistrictWorld()


@pytest.fixture
def draft(world) -> Return:
    accepted(world.factory, "2026Q2")
    return filled(duty_of(world.factory), world.chair)


@pytest.fixture
def filing(world) -> Return:
    accepted(world.factory, "2026Q2")
    return submitted(duty_of(world.factory), world.chair)


def together(*acts) -> list:
    """What each of the acts answers, all begun at the same moment, each with a connection of its own."""
    barrier = threading.Barrier(len(acts))

    def run(act):
        try:
            connections["default"].ensure_connection()
            barrier.wait(30)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result(60) for done in [pool.submit(run, act) for act in acts]]


def post(user, url, data=None, **options):
    """A request to be sent from a further tab of this person's browser: an account has few sessions."""
    if not hasattr(user, "cookies"):
        first = Client()
        first.force_login(user, backend="unions.backends.TreeBackend")
        user.cookies = first.cookies
    tab = Client(raise_request_exception=False)
    tab.cookies = user.cookies
    return lambda: tab.post(url, data, **options)


def statuses(answers) -> Counter:
    """How many of each; being sent to the sign-in page is no success."""
    return Counter(401 if is_sent_away(a.headers.get("Location", "")) else a.status_code for a in answers)


def events(action: str) -> int:
    return Event.objects.filter(action=action).count()


def signing(world, draft, keys) -> list:
    """The same signature from so many tabs."""
    url = reverse("disclosure:return-sign", args=[draft.duty_id])
    return together(*[post(world.chair, url, {"revision": draft.revision, "key": key}) for key in keys])


def test_the_same_submission_fifty_times_is_one_and_answers_alike(world, draft):
    answers = signing(world, draft, ["a" * 32] * MANY)
    assert statuses(answers) == {302: MANY}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    draft.refresh_from_db()
    assert (draft.state, draft.rounds, draft.round_set.count(), events("return.submit")) == ("submitted", 1, 1, 1)


def test_fifty_submissions_of_one_return_leave_one_winner(world, draft):
    answers = signing(world, draft, [f"{number:032d}" for number in range(MANY)])
    assert statuses(answers) == {302: 1, 409: MANY - 1}
    assert events("return.submit") == 1


def test_one_of_acceptance_and_withdrawal_wins(world, filing):
    for _round in range(5):
        answers = together(
            post(world.reviewer, reverse("disclosure:return-accept", args=[filing.pk]), {"revision": filing.revision}),
            post(world.chair, reverse("disclosure:return-withdraw", args=[filing.pk]), {"revision": filing.revision}),
        )
        assert statuses(answers) == {302: 1, 409: 1}
        filing.refresh_from_db()
        assert filing.state == ("accepted" if answers[0].status_code == 302 else "draft")
        if filing.state == "accepted":
            break
        filing = submitted(filing.duty, world.chair)
    assert events("return.accept") + events("return.withdraw") == Return.objects.get(pk=filing.pk).rounds - (
        filing.state == "submitted"
    )


def test_one_of_two_reviewers_wins(world, filing):
    other = world.person("middle_chair", world.wangjing)
    given = {"reason": "请核对走访人数", "due": IN_FIVE_DAYS.isoformat(), "revision": filing.revision}
    answers = together(
        post(world.reviewer, reverse("disclosure:return-accept", args=[filing.pk]), {"revision": filing.revision}),
        post(other, reverse("disclosure:return-return", args=[filing.pk]), given),
    )
    assert statuses(answers) == {302: 1, 409: 1}
    assert events("return.accept") + events("return.return") == 1


def test_a_request_for_more_time_is_declined_once(world):
    duty = duty_of(world.factory, due_on=timezone.localdate() + datetime.timedelta(days=2))
    ask_extension(duty, until=IN_FIVE_DAYS, reason="系统迁移", by=world.chair)
    url = reverse("unions:duty-decline", args=[duty.pk])
    people = [world.street_staff, world.street_chair] * 5
    answers = together(*[post(person, url, {"reason": "时间充足"}) for person in people])
    assert statuses(answers) == {302: 1, 409: 9}
    assert events("duty.decline") == 1


def test_what_was_granted_is_not_declined_afterwards(world):
    duty = duty_of(world.factory, due_on=timezone.localdate() + datetime.timedelta(days=2))
    ask_extension(duty, until=IN_FIVE_DAYS, reason="系统迁移", by=world.chair)
    granted, declined = together(
        post(world.street_chair, reverse("unions:duty-extend", args=[duty.pk]), {"until": IN_FIVE_DAYS.isoformat(), "reason": "同意"}),
        post(world.street_staff, reverse("unions:duty-decline", args=[duty.pk]), {"reason": "时间充足"}),
    )  # fmt: skip
    assert granted.status_code == 302, "a superior may grant at any time"
    assert declined.status_code in (302, 409)
    answers = list(
        Event.objects.filter(model="unions.Duty", object_id=duty.pk).order_by("pk").values_list("action", flat=True)
    )
    assert answers[-1] == "duty.extend", answers


def test_fifty_beginnings_of_a_return_make_one(world):
    duty = duty_of(world.factory)
    given = {"data": {"duty": duty.pk}, "content_type": "application/json"}
    answers = together(*[post(world.chair, "/api/v1/returns/", **given) for _tab in range(MANY)])
    assert statuses(answers) == {201: MANY}
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_an_import_confirmed_in_ten_tabs_is_started_once(world):
    batch = preview(world.street_staff, row_of(), row_of())
    url, given = reverse("unions:import-confirm", args=[batch.pk]), {"previewed": batch.previewed_at.isoformat()}
    assert statuses(together(*[post(world.street_staff, url, given) for _tab in range(10)])) == {302: 1, 409: 9}
    assert Job.objects.filter(kind="import.commit").count() == 1
    assert ImportBatch.objects.get(pk=batch.pk).state == "committing"


def test_two_who_add_the_same_union_leave_one(world):
    url = reverse("unions:union-add", args=[world.wangjing.pk])
    client = Client()
    client.force_login(world.street_staff, backend="unions.backends.TreeBackend")
    form = Forms(client.get(url).content.decode(), url).forms[url]
    given = {**filled_in(form), "code": "1101050269999", "name": "北京新建测试有限公司工会委员会", "kind": "unit"}
    answers = together(*[post(user, url, given) for user in (world.street_staff, world.street_chair) * 5])
    assert set(statuses(answers)) <= {302, 409, 422} and statuses(answers)[302] == 1
    assert Union.objects.filter(code="1101050269999").count() == 1


def test_no_quarter_of_one_union_is_counted_twice_in_a_race_of_acceptances(world):
    """The total of a street after ten acceptances at once is the sum of the ten."""
    filings = []
    for union in many_unions(world.wangjing, 10):
        accepted(union, "2026Q2")
        filings.append(submitted(duty_of(union), world.person("grassroots_chair", union)))
    urls = [reverse("disclosure:return-accept", args=[filing.pk]) for filing in filings]
    answers = together(
        *[post(person, url) for person, url in zip([world.reviewer, world.street_chair] * 5, urls, strict=True)]
    )
    assert statuses(answers) == {302: 10}
    total = total_of(world.wangjing, filings[0].version.form, PERIOD)
    assert total.count == 10
    assert total.figures["members"] == sum(
        filing.figures["members"] for filing in Return.objects.filter(period=PERIOD)
    )
