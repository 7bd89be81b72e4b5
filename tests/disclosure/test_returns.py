import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from disclosure import checkcode, services
from disclosure.enums import ReturnState
from disclosure.models import Return
from disclosure.prefill import draft_for, read_figure
from tests.factories.disclosure import PERIOD, accepted, duty_of, filled, history, many_unions, submitted
from tests.factories.unions import UnionFactory
from unions.models import Duty, Event, Notice
from unions.workflow import Conflict, Invalid, MoveError, NotAllowed, allowed, perform

TOMORROW = timezone.localdate() + datetime.timedelta(days=1)


@pytest.fixture
def duty(world):
    accepted(world.factory, "2026Q2", history(world.factory, women_members=108))
    return duty_of(world.factory)


def names(filing, by):
    return [transition.name for transition in allowed(filing, by)]


def test_each_figure_comes_from_its_source(world, duty):
    filing = draft_for(duty)
    assert filing.pk is None, "looking stores nothing"
    assert (filing.figures["workers"], filing.sources["workers"]) == (264, "register")
    assert (filing.figures["women_members"], filing.sources["women_members"]) == (108, "last")
    assert (filing.figures["members_begin"], filing.sources["members_begin"]) == (242, "carried")
    assert (filing.figures["members"], filing.sources["members"]) == (242, "computed")
    assert filing.figures["visits"] == 0 and "visits" not in filing.sources, "nobody has looked at it yet"


def test_a_union_without_history_begins_with_the_register(world):
    filing = draft_for(duty_of(world.factory))
    assert (filing.figures["members_begin"], filing.sources["members_begin"]) == (242, "register")
    assert "full_time_cadres" not in filing.figures, "no guess where nothing is known"


def test_computed_figures_follow_and_cannot_be_typed(world, duty):
    filing, _errors = services.save_return(
        duty, by=world.chair, values={"joined": "２１人", "left": "8", "members": "999"}
    )
    assert (filing.figures["joined"], filing.figures["members"]) == (21, 255)


@pytest.mark.parametrize(("text", "value"), [("1,204", 1204), ("１２人", 12), ("", None), (" 7 ", 7)])
def test_a_figure_is_read_as_people_type_it(world, duty, text, value):
    from disclosure.definition import definition_of

    assert read_figure(definition_of(draft_for(duty).version).indicators["workers"], text) == value


@pytest.mark.parametrize("text", ["-1", "1.5", "abc", "NaN", "Infinity", "9" * 30, "1e400"])
def test_what_is_no_figure_is_named_and_the_rest_is_kept(world, duty, text):
    filing, errors = services.save_return(duty, by=world.chair, values={"visits": text, "activities": "3"})
    assert set(errors) == {"visits"} and filing.figures["activities"] == 3 and filing.figures["visits"] == 0


def test_money_keeps_its_cents(world, duty):
    filing, errors = services.save_return(duty, by=world.chair, values={"income": "18,200.50元", "expenditure": "0.1"})
    assert not errors and (filing.figures["income"], filing.figures["expenditure"]) == ("18200.5", "0.1")


def test_nobody_fills_in_for_another_union(world, duty):
    for person in (world.neighbour, world.stranger, world.reviewer, world.leader):
        with pytest.raises(NotAllowed):
            services.save_return(duty, by=person, values={"visits": "1"})
    assert not Return.objects.filter(duty=duty).exists()


def test_the_tier_above_may_help_and_both_names_are_kept(world, duty):
    filled(duty, world.street_staff)
    filing = filled(duty, world.clerk)
    assert (filing.assisted_by, filing.filled_by) == (world.street_staff, world.clerk)
    with pytest.raises(NotAllowed):
        perform(filing, "submit", by=world.street_staff)


def test_a_clerk_fills_in_but_only_the_chair_submits(world, duty):
    filing = filled(duty, world.clerk)
    assert names(filing, world.clerk) == [] and names(filing, world.chair) == ["submit"]
    with pytest.raises(NotAllowed):
        perform(filing, "submit", by=world.clerk)


def test_figures_nobody_looked_at_stand_in_the_way(world, duty):
    filing, _errors = services.save_return(duty, by=world.chair, values={"workers": "264"})
    with pytest.raises(MoveError):
        perform(filing, "submit", by=world.chair)
    assert filled(duty, world.chair).is_nil is not False


def test_an_error_or_an_open_question_stands_in_the_way_and_an_explanation_clears_it(world, duty):
    filing = filled(duty, world.chair, women_members=249)
    with pytest.raises(MoveError):
        perform(filing, "submit", by=world.chair)
    filing = filled(duty, world.chair, women_members=109, joined=21)
    with pytest.raises(MoveError):
        perform(filing, "submit", by=world.chair)
    services.save_return(duty, by=world.chair, explanations={"joined_many": "校招", "unknown": "x"})
    filing = perform(filing, "submit", by=world.chair)
    assert filing.state == ReturnState.SUBMITTED and filing.explanations == {"joined_many": "校招"}
    assert filing.concerns >= 1


def test_submission_is_recorded_on_the_duty_kept_as_a_round_and_told_to_the_reviewers(world, duty):
    reviewer = world.reviewer
    filing = submitted(duty, world.chair)
    duty.refresh_from_db()
    assert (duty.state, duty.timeliness) == ("submitted", "on_time")
    assert filing.round_set.get().figures == filing.figures and filing.submitted_by == world.chair
    assert Notice.objects.filter(recipient=reviewer, kind="return.submitted").count() == 1


def test_the_same_request_twice_is_one_submission(world, duty):
    filing = filled(duty, world.chair)
    perform(filing, "submit", by=world.chair, key="k1")
    again = perform(filing, "submit", by=world.chair, key="k1")
    assert again.rounds == 1 and Event.objects.filter(action="return.submit").count() == 1


def test_two_people_at_once_see_both_versions_instead_of_losing_one(world, duty):
    seen = filled(duty, world.chair).revision
    filled(duty, world.clerk, visits=9)
    with pytest.raises(Conflict) as conflict:
        services.save_return(duty, by=world.chair, values={"visits": "2"}, revision=seen)
    rows = conflict.value.current.conflict_rows({"visits": "2"})
    assert [(row["theirs"], row["mine"]) for row in rows] == [("9", "2")]


def test_withdrawing_is_possible_until_somebody_decides(world, duty):
    filing = perform(submitted(duty, world.chair), "withdraw", by=world.chair)
    duty.refresh_from_db()
    assert (filing.state, duty.state, duty.timeliness) == ("draft", "open", "on_time")
    filing = perform(perform(filing, "submit", by=world.chair), "accept", by=world.reviewer)
    with pytest.raises(MoveError):
        perform(filing, "withdraw", by=world.chair)


def test_a_return_wants_a_reason_and_a_day_and_pins_remarks(world, duty):
    filing = submitted(duty, world.chair)
    with pytest.raises(Invalid) as missing:
        perform(filing, "return", by=world.reviewer)
    assert set(missing.value.errors) == {"reason", "due"}
    with pytest.raises(Invalid):
        perform(
            filing, "return", by=world.reviewer, reason="请核对", due=timezone.localdate() - datetime.timedelta(days=1)
        )
    filing = perform(
        filing,
        "return",
        by=world.reviewer,
        reason="请核对",
        due=TOMORROW,
        data={"remarks": {"women_members": "与名册不符"}},
    )
    duty.refresh_from_db()
    assert (filing.state, duty.state, duty.return_count) == ("returned", "returned", 1)
    assert duty.timeliness == "on_time", "a return never makes a duty late"
    assert [(r.code, r.text, r.round) for r in filing.remarks.all()] == [("women_members", "与名册不符", 1)]
    assert Notice.objects.filter(recipient=world.chair, kind="return.returned").count() == 1


def test_every_return_to_a_state_is_told_anew(world, duty):
    filing = submitted(duty, world.chair)
    for _round in range(2):
        filing = perform(filing, "return", by=world.reviewer, reason="请核对", due=TOMORROW)
        filing = perform(filing, "submit", by=world.chair)
    assert Notice.objects.filter(recipient=world.chair, kind="return.returned").count() == 2
    assert filing.rounds == 3


def test_only_the_tier_directly_above_decides(world, duty):
    filing = submitted(duty, world.chair)
    for person in (world.chair, world.neighbour, world.other_reviewer, world.officer, world.leader):
        with pytest.raises(NotAllowed):
            perform(filing, "accept", by=person)
    assert perform(filing, "accept", by=world.reviewer).state == "accepted"


def test_nobody_accepts_what_they_signed_themselves(world, duty):
    from unions.models import User
    from unions.services import appoint

    appoint(user=world.chair, role="middle_reviewer", union=world.wangjing, by=None)
    both = User.objects.get(pk=world.chair.pk)
    with pytest.raises(MoveError):
        perform(submitted(duty, both), "accept", by=both)


def test_accepted_figures_are_locked_until_the_tier_above_reopens_with_a_reason(world, duty):
    filing = perform(submitted(duty, world.chair), "accept", by=world.reviewer)
    with pytest.raises(MoveError):
        services.save_return(duty, by=world.chair, values={"visits": "1"})
    with pytest.raises(NotAllowed):
        perform(filing, "reopen", by=world.reviewer, reason="更正")
    with pytest.raises(Invalid):
        perform(filing, "reopen", by=world.street_chair)
    filing = perform(filing, "reopen", by=world.street_chair, reason="会员数更正")
    duty.refresh_from_db()
    assert (filing.state, duty.state) == ("returned", "returned")
    assert duty.last_day >= timezone.localdate()


def test_a_check_code_names_return_and_round_and_cannot_be_made_up():
    code = checkcode.make(123456, 2)
    assert len(code) == 12 and checkcode.read(checkcode.grouped(code).lower()) == (123456, 2)
    wrong = sum(checkcode.read(code[:11] + letter) is not None for letter in "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    assert wrong == 1 and checkcode.read("无") is None


def test_opening_twice_at_once_makes_one_return(world, duty):
    services.save_return(duty, by=world.chair, values={})
    services.save_return(Duty.objects.get(pk=duty.pk), by=world.clerk, values={})
    assert Return.objects.filter(duty=duty).count() == 1


def test_a_closed_period_cannot_be_filed(world):
    union = UnionFactory(parent=world.wangjing)
    chair = world.person("grassroots_chair", union)
    duty = duty_of(union, PERIOD, opens_on=TOMORROW, due_on=TOMORROW)
    with pytest.raises(MoveError):
        submitted(duty, chair, full_time_cadres=1, part_time_cadres=0)


def test_the_list_costs_the_same_for_one_and_twenty_rows(world, sign_in, django_assert_num_queries):
    client, url = sign_in(world.reviewer), reverse("disclosure:return-list")
    first, *others = many_unions(world.wangjing, 20)
    accepted(first, "2026Q2", history(first))
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for union in others:
        accepted(union, "2026Q2", history(union))
    with django_assert_num_queries(len(few)):
        assert len(client.get(url).context["page"].object_list) == 20


def test_the_page_of_a_return_names_its_people(world, duty, sign_in):
    clerk = world.person("grassroots_staff", world.factory)
    filing = filled(duty, clerk)
    filing = perform(filing, "submit", by=world.chair)
    shown = sign_in(world.reviewer).get(reverse("disclosure:return-detail", args=[filing.pk])).content.decode()
    assert world.chair.name in shown and world.wangjing.name in shown
