"""The clock of terms: alerts ahead, at the end and after it, once whatever happens; cards and API read the same."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from assemblies.duties import RENEWAL
from assemblies.models import Term
from assemblies.register import follow_register
from unions.clock import run_round
from unions.kit.periods import months_before
from unions.models import Duty, DutyRule, Notice, Reminder, Union

pytestmark = pytest.mark.django_db
ENDS = datetime.date(2027, 6, 30)  # a Wednesday
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))


def at(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(9, 30), SHANGHAI)


@pytest.fixture
def ending(world, own_rules_only):
    """A factory whose term ends on 30 June 2027, and only the rule about it in force."""
    DutyRule.objects.filter(key=RENEWAL).update(is_active=True)
    began = months_before(ENDS, 36) + datetime.timedelta(days=1)
    Union.objects.filter(pk=world.factory.pk).update(term_started_on=began, term_years=3)
    assert world.chair and world.street_chair
    return world


def steps() -> list[tuple[int, str, bool]]:
    taken = Reminder.objects.filter(is_skipped=False).order_by("pk").select_related("step")
    return [(reminder.step.offset, reminder.step.audience, reminder.step.at_opening) for reminder in taken]


def test_each_step_of_the_ladder_is_taken_once_from_a_year_ahead_to_after_the_end(ending):
    calendar_days = {
        "opens": datetime.date(2026, 6, 30), "three months": datetime.date(2027, 4, 6), "one month": datetime.date(2027, 6, 1),
        "at the end": ENDS, "after it": datetime.date(2027, 7, 1),
    }  # fmt: skip
    for day in calendar_days.values():
        with time_machine.travel(at(day), tick=False):
            run = run_round()
            assert run.state == "done", run.error
            assert run_round(slot=f"{day} again").state == "done"
    assert Duty.objects.get(rule__key=RENEWAL).union == ending.factory
    found = steps()
    assert len(found) == len(set(found)), "each once"
    ahead = {(0, "chair", True), (-63, "superior", False), (-21, "superior", False)}
    assert ahead | {(0, "chair", False), (1, "superior", False)} <= set(found)
    told = set(Notice.objects.values_list("recipient__username", flat=True))
    assert {ending.chair.username, ending.street_chair.username} <= told
    assert ending.stranger.username not in told


def test_a_round_that_died_is_made_up_and_says_nothing_twice(ending):
    with time_machine.travel(at(datetime.date(2027, 6, 1)), tick=False):
        run_round(slot="first")
        count = Reminder.objects.count()
        assert count
        run_round(slot="second")
        assert Reminder.objects.count() == count


def test_the_home_says_how_the_own_term_stands_and_the_tier_above_sees_who_is_late(world, sign_in):
    today = timezone.localdate()
    Union.objects.filter(pk=world.factory.pk).update(term_started_on=months_before(today, 40), term_years=3)
    Union.objects.filter(pk=world.hotel.pk).update(term_started_on=months_before(today, 32), term_years=3)
    follow_register()
    page = sign_in(world.chair).get("/").content.decode()
    assert "超期未换届" in page and reverse("assemblies:terms", args=[world.factory.pk]) in page
    above = sign_in(world.street_chair).get("/").content.decode()
    assert "责令限期换届" in above and "standing=overdue" in above
    assert "责令限期换届" not in sign_in(world.stranger).get("/").content.decode()


def test_the_numbers_of_the_card_are_those_of_the_lists_they_lead_to(world, sign_in):
    today = timezone.localdate()
    for union, months, extended in ((world.factory, 40, 0), (world.hotel, 32, 0), (world.bank, 37, 3)):
        Union.objects.filter(pk=union.pk).update(term_started_on=months_before(today, months), term_years=3)
        follow_register([union.pk])
        if extended:
            until = months_before(today, -extended)
            union.refresh_from_db()
            Term.objects.filter(union=union).update(postponed_to=until)
            follow_register([union.pk])
    client = sign_in(world.officer)
    for union in (world.district, world.wangjing):
        board = client.get(reverse("unions:union", args=[union.pk]), {"tab": "assemblies"})
        rows = next(
            c for c in board.context["cards"]["main"] if "rows" in c and c["template"].endswith("cards/terms.html")
        )["rows"]
        for label, count, href in rows:
            response = client.get(href)
            listed = response.context["table"].paginator.count
            assert listed == count, (union, label)
    board = client.get(reverse("unions:union", args=[world.district.pk])).context["board"]
    assert board.overdue_terms["overdue"] == 1, "a postponed election is not overdue"


def test_the_api_gives_terms_with_their_state_and_seats(world, sign_in):
    today = timezone.localdate()
    Union.objects.filter(pk=world.factory.pk).update(
        term_started_on=months_before(today, 40), term_years=3, chair_name="李建国"
    )
    follow_register()
    client = sign_in(world.chair)
    (row,) = client.get(reverse("api:term-list")).json()["results"]
    assert (row["standing"], row["union"]["id"]) == ("overdue", world.factory.pk)
    one = client.get(reverse("api:term-detail", args=[row["id"]])).json()
    assert [seat["name"] for seat in one["seats"]] == ["李建国"]
    assert client.get(reverse("api:term-list"), {"group": "near"}).json()["results"] == []
    assert sign_in(world.stranger).get(reverse("api:term-detail", args=[row["id"]])).status_code == 404
