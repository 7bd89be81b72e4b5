"""A matter under special oversight: chosen by a lot that anybody can recompute, found, replied to, followed to its end."""

import datetime
import hashlib
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from assemblies.enums import Satisfaction
from disclosure import oversight as oversights
from disclosure import oversight_clock, oversight_draw, oversight_moves, oversight_words
from disclosure.enums import OverseerState, OversightState
from disclosure.models import Overseer, Oversight, OversightDraw, OversightFinding
from disclosure.oversight_lists import figure
from tests.factories import oversight as made
from tests.factories.assemblies import constituency_of, delegate_of, term_of
from tests.factories.meetings import planned
from unions import retention
from unions.calendar import WorkCalendar
from unions.models import Event, Notice, Setting
from unions.wall import pass_of, system, under
from unions.workflow import Invalid, MoveError, NotAllowed, allowed, perform

pytestmark = pytest.mark.django_db
S = OversightState
MONDAY = datetime.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def on_monday(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.UTC), tick=False)


@pytest.fixture
def delegates(world) -> list:
    """Eight delegates of the union, the first of whom sits on its committee."""
    term = term_of(world.factory)
    place = constituency_of(term, world.chair, seats=8)
    people = [delegate_of(place, world.chair, name=f"代表{n:02d}", member_number=str(n)) for n in range(8)]
    term.seats.create(name="代表00", since=term.started_on)
    return people


@pytest.fixture
def matter(world) -> Oversight:
    return made.preparing(world.factory, world.chair)


def names(record, by) -> set[str]:
    return {move.name for move in allowed(record, by)}


# The matter


def test_own_union_leads_it_the_tier_above_looks_on_and_a_stranger_sees_nothing(world, matter):
    assert names(matter, world.chair) == {"call_off"} and names(matter, world.reviewer) == set()
    for person, sees in ((world.chair, 1), (world.street_chair, 1), (world.leader, 1), (world.stranger, 0)):
        assert Oversight.objects.visible_to(person, oversights.SEE).count() == sees
        with under(pass_of(person)):
            assert Oversight.objects.count() == sees, "the second wall says the same"
    with pytest.raises(NotAllowed):
        made.preparing(world.factory, world.officer)


def test_the_tier_above_asks_for_it_and_the_union_cannot_drop_it(world):
    people = {world.chair, world.clerk}
    asked = made.preparing(world.factory, world.street_chair)
    assert (asked.state, asked.is_demanded) == (S.ASKED, True)
    assert {notice.recipient for notice in Notice.objects.filter(kind="oversight.asked")} == people
    assert names(asked, world.chair) == {"take_up"} and names(asked, world.street_chair) == {"call_off"}
    taken = perform(asked, "take_up", by=world.chair)
    assert taken.state == S.PREPARING and "call_off" not in names(taken, world.chair)
    gone = perform(taken, "call_off", by=world.street_chair, reason="已由审计覆盖")
    assert (gone.state, gone.closed_on) == (S.CANCELLED, MONDAY)


def test_the_same_form_sent_twice_is_one_matter_and_days_stand_in_order(world):
    key = uuid.uuid4()
    one = oversights.enter(world.factory, made.values(), by=world.chair, key=key)
    assert oversights.enter(world.factory, made.values(), by=world.chair, key=key) == one
    with pytest.raises(Exception, match="依次"):
        made.preparing(world.factory, world.chair, findings_due_on=MONDAY - datetime.timedelta(days=1))


def test_it_begins_with_as_many_as_the_district_wants(world, matter):
    with pytest.raises(MoveError, match="至少需要 3 名"):
        perform(matter, "begin", by=world.chair)
    made.willing(matter, world.chair)
    begun = perform(matter, "begin", by=world.chair)
    assert (begun.state, begun.due_on) == (S.OPEN, matter.findings_due_on)
    with pytest.raises(MoveError):
        oversights.edit(begun, {"title": "别的事项"}, by=world.chair)
    Setting.objects.create(key="oversight-least", value=4, effective_from=MONDAY, basis="区规")
    other = made.preparing(world.factory, world.chair, title="食堂承包")
    made.willing(other, world.chair)
    with pytest.raises(MoveError, match="至少需要 4 名"):
        perform(other, "begin", by=world.chair)


# The lot


def test_the_lot_is_recomputed_from_seed_and_list_by_anybody(world, matter, delegates):
    frozen = oversight_draw.freeze(matter, pool="delegates", wanted=3, by=world.chair)
    assert frozen.entries == [f"D{one.pk}" for one in delegates[1:]], "who sits on the committee is left out"
    assert frozen.left_out == {f"D{delegates[0].pk}": "committee"} and not Overseer.objects.exists()
    by_hand = sorted(frozen.entries, key=lambda one: hashlib.sha256(f"{frozen.seed}:{one}".encode()).hexdigest())
    for _twice in range(2):
        oversight_draw.draw(frozen, by=world.chair)
    drawn = Overseer.objects.order_by("place")
    assert [one.entry for one in drawn] == by_hand[:3]
    people = {f"D{one.pk}": one.name for one in delegates}
    assert [one.name for one in drawn] == [people[entry] for entry in by_hand[:3]]
    assert oversight_draw.check(OversightDraw.objects.get()).agrees


def test_the_seed_is_on_record_before_the_draw_and_neither_it_nor_the_list_can_be_changed(world, matter, delegates):
    frozen = oversight_draw.freeze(matter, pool="delegates", wanted=3, by=world.chair)
    event = Event.objects.get(action="oversight.freeze", object_id=matter.pk)
    assert event.data["seed"] == frozen.seed and event.data["digest"] == oversight_draw.digest_of(frozen.entries)
    for column in ("seed", "entries"):
        with pytest.raises(DatabaseError), transaction.atomic():
            OversightDraw.objects.update(**{column: "0" * 32 if column == "seed" else ["D1"]})
    oversight_draw.draw(frozen, by=world.chair)
    Overseer.objects.filter(place=1).update(entry="D1")
    check = oversight_draw.check(frozen)
    assert check.is_frozen and not check.is_followed and not check.agrees


def test_whoever_declines_or_stands_aside_is_replaced_by_the_next_place(world, matter, delegates):
    frozen = oversight_draw.draw(
        oversight_draw.freeze(matter, pool="delegates", wanted=2, by=world.chair), by=world.chair
    )
    first, second = Overseer.objects.order_by("place")
    with pytest.raises(Invalid):
        perform(first, "decline", by=world.chair)
    perform(first, "decline", by=world.chair, reason="出差")
    perform(second, "recuse", by=world.chair, reason="配偶是承办人")
    order = oversight_draw.order_of(frozen.seed, frozen.entries)
    rows = list(Overseer.objects.order_by("place"))
    assert [(one.place, one.entry, one.replaces) for one in rows[2:]] == [(3, order[2], first), (4, order[3], second)]
    assert [one.state for one in rows] == [
        OverseerState.DECLINED,
        OverseerState.RECUSED,
        OverseerState.INVITED,
        OverseerState.INVITED,
    ]
    assert oversight_draw.check(frozen).agrees


def test_a_list_that_is_used_up_replaces_nobody(world, matter, delegates):
    oversight_draw.draw(oversight_draw.freeze(matter, pool="delegates", wanted=7, by=world.chair), by=world.chair)
    perform(Overseer.objects.first(), "decline", by=world.chair, reason="出差")
    assert Overseer.objects.count() == 7


def test_a_further_draw_needs_a_reason_and_stands_beside_the_first(world, matter, delegates):
    first = oversight_draw.freeze(matter, pool="delegates", wanted=2, by=world.chair)
    oversight_draw.draw(first, by=world.chair)
    with pytest.raises(Invalid):
        oversight_draw.freeze(matter, pool="delegates", wanted=2, by=world.chair)
    second = oversight_draw.freeze(matter, pool="delegates", wanted=3, by=world.chair, reason="人数调整为三人")
    with pytest.raises(MoveError, match="尚未抽签"):
        perform(matter, "begin", by=world.chair)
    oversight_draw.draw(second, by=world.chair)
    assert [one.number for one in matter.draws.all()] == [1, 2] and second.seed != first.seed
    assert set(first.overseers.values_list("state", "reason")) == {(OverseerState.RELEASED, "人数调整为三人")}
    assert second.overseers.count() == 3 and oversight_draw.check(first).agrees and oversight_draw.check(second).agrees


def test_nobody_is_drawn_from_a_list_that_was_replaced_or_after_it_began(world, matter, delegates):
    first = oversight_draw.freeze(matter, pool="delegates", wanted=2, by=world.chair)
    oversight_draw.freeze(matter, pool="delegates", wanted=3, by=world.chair, reason="人数调整")
    with pytest.raises(MoveError):
        oversight_draw.draw(first, by=world.chair)
    begun = made.opened(world.factory, world.chair, title="食堂承包")
    with pytest.raises(MoveError):
        oversight_draw.freeze(begun, pool="delegates", wanted=2, by=world.chair)


def test_members_are_drawn_from_the_list_of_a_meeting_and_whoever_is_named_is_left_out(world, matter):
    meeting = planned(world.factory, world.chair, people=5)
    given = {"pool": "attendees", "meeting": meeting, "by": world.chair}
    frozen = oversight_draw.freeze(matter, wanted=4, names=["职工01"], **given)
    assert len(frozen.entries) == 4 and list(frozen.left_out.values()) == ["named"]
    with pytest.raises(Invalid):
        oversight_draw.freeze(matter, wanted=9, reason="增加人数", **given)


def test_the_lot_is_not_walked_around_by_inviting_somebody_of_its_list(world, matter, delegates):
    oversight_draw.freeze(matter, pool="delegates", wanted=2, by=world.chair)
    with pytest.raises(Invalid) as refused:
        oversight_draw.invite(matter, "代表03", by=world.chair)
    assert "抽签决定" in refused.value.errors["name"]
    oversight_draw.invite(matter, "外请专家", by=world.chair)
    with pytest.raises(Invalid):
        oversight_draw.invite(matter, "外请专家", by=world.chair)


# Findings


def test_nobody_takes_part_who_does_not_say_that_the_matter_is_none_of_their_own(world, matter):
    one = oversight_draw.invite(matter, "赵监督", by=world.chair)
    with pytest.raises(Invalid):
        perform(one, "accept", by=world.chair, data={"is_free": False})


def test_an_overseer_without_an_account_is_the_portal_itself_and_only_beyond_the_wall(world, matter):
    one = oversight_draw.invite(matter, "赵监督", by=world.chair)
    with under(pass_of(world.chair)), pytest.raises(NotAllowed):
        perform(one, "accept", by=None, data={"is_free": True})
    with system("test"):
        assert perform(one, "accept", by=None, data={"is_free": True}).state == OverseerState.ACCEPTED


def test_findings_are_collected_once_all_have_handed_in_or_their_day_is_past(world, time_machine):
    begun = made.opened(world.factory, world.chair)
    first, second, third = begun.overseers.all()
    with pytest.raises(MoveError, match="还没有人"):
        perform(begun, "collect", by=world.chair)
    finding = oversights.give(first, "标准不一", "建议统一", by=None)
    assert oversights.give(first, "标准不一", "建议统一", by=None) == finding
    oversights.hand_in(first, by=None)
    assert oversights.hand_in(second, by=world.chair).has_nothing
    with pytest.raises(MoveError, match="未提交"):
        perform(begun, "collect", by=world.chair)
    time_machine.move_to(datetime.datetime(2026, 12, 8, 10, tzinfo=datetime.UTC), tick=False)
    collected = perform(begun, "collect", by=world.chair)
    assert (collected.state, collected.due_on) == (S.REPLYING, begun.reply_due_on)
    with pytest.raises(MoveError):
        oversights.give(third, "迟到的意见", "不再接收", by=None)


def test_whoever_takes_back_their_last_finding_hands_in_anew(world):
    finding = made.found(world.factory, world.chair)
    oversights.take_back(finding, by=None)
    one = Overseer.objects.get(number=1)
    assert one.handed_in_at is None and not OversightFinding.objects.exists()
    assert oversights.hand_in(one, by=None).has_nothing


def test_the_words_of_a_finding_stand_with_it_alone(world):
    finding = made.replied(world.factory, world.chair)
    written = str(list(Event.objects.values_list("data", "reason")) + list(Notice.objects.values_list("params")))
    assert finding.text not in written and "予以采纳" not in written and "赵监督" not in written
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM disclosure_overseer")
        assert "赵监督" not in str(cursor.fetchall())


def test_every_finding_is_replied_to_and_what_is_accepted_is_promised_by_a_day(world):
    finding = made.found(world.factory, world.chair)
    matter = perform(finding.oversight, "collect", by=world.chair)
    with pytest.raises(MoveError, match="没有答复"):
        perform(matter, "reply", by=world.chair)
    with pytest.raises(Invalid) as refused:
        perform(made.fresh(finding), "answer", by=world.chair, data={"verdict": "partly", "text": "部分采纳"})
    assert set(refused.value.errors) == {"promise", "due"}
    for person in (world.reviewer, world.stranger):
        with pytest.raises(NotAllowed):
            perform(made.fresh(finding), "answer", by=person, data=dict(made.ANSWER), due=MONDAY)
    perform(made.fresh(finding), "answer", by=world.clerk, data={"verdict": "rejected", "text": "不属实"})
    perform(made.fresh(finding), "answer", by=world.clerk, data=dict(made.ANSWER), due=MONDAY)
    assert made.fresh(finding).replies.get().verdict == "accepted", "changed until it is sent"
    assert perform(matter, "reply", by=world.chair).replied_on == MONDAY
    with pytest.raises(MoveError):
        perform(made.fresh(finding), "answer", by=world.chair, data=dict(made.ANSWER), due=MONDAY)


def test_a_dissatisfied_overseer_has_it_replied_to_once_more(world):
    finding = made.replied(world.factory, world.chair)
    again = oversights.rate(finding, Satisfaction.DISSATISFIED, by=None)
    assert (again.state, again.due_on) == ("rework", WorkCalendar().shift(MONDAY, 10))
    assert Notice.objects.filter(kind="oversight.dissatisfied").exists()
    due = MONDAY + datetime.timedelta(days=5)
    second = perform(made.fresh(finding), "answer", by=world.chair, data=dict(made.ANSWER), due=due)
    assert [reply.round for reply in second.replies.all()] == [1, 2]
    assert Oversight.objects.get().due_on == due, "the nearest day of what is left to do"
    rated = oversights.rate(made.fresh(finding), Satisfaction.DISSATISFIED, by=None)
    assert (rated.state, rated.satisfaction) == ("rated", "dissatisfied")


def test_it_is_closed_only_when_rated_done_with_evidence_and_published(world, time_machine):
    finding = made.replied(world.factory, world.chair)
    matter = Oversight.objects.get()
    assert len(oversight_moves.missing(matter)) == 3
    with pytest.raises(MoveError, match="承诺尚未落实"):
        perform(matter, "close", by=world.chair)
    with pytest.raises(MoveError, match="佐证"):
        perform(finding.replies.get(), "done", by=world.chair, data={"outcome": "已更换"})
    reply = made.evidenced(finding, world.chair)
    perform(reply, "done", by=world.chair, data={"outcome": "已更换供应商"})
    made.published(matter, world.chair)
    assert len(oversight_moves.missing(matter)) == 1
    time_machine.move_to(datetime.datetime(2026, 12, 30, 10, tzinfo=datetime.UTC), tick=False)
    closed = perform(matter, "close", by=world.chair)
    assert (closed.state, made.fresh(finding).satisfaction) == (S.CLOSED, ""), "silence is no consent"


def test_the_publication_names_only_those_who_agreed(world):
    finding = made.replied(world.factory, world.chair)
    draft = oversight_words.draft_of(finding.oversight)
    assert "发放标准不一" in draft.body and "予以采纳" in draft.body and "赵监督" not in draft.body
    Overseer.objects.filter(number=1).update(is_nameable=True)
    assert "赵监督" in oversight_words.draft_of(finding.oversight).body
    assert not oversight_words.publishable(world.bank).exists()


# The clock, the numbers, the erasure


def test_the_union_hears_before_a_step_is_due_and_once_more_when_it_is_past_then_the_tier_above(world):
    begun, calendar = made.opened(world.factory, world.chair), WorkCalendar()
    people = {world.street_chair, world.street_staff}
    for day, kind, count in ((begun.due_on, "due", 1), (begun.due_on + datetime.timedelta(days=1), "late", 1)):
        for _twice in range(2):
            oversight_clock.remind(day, calendar)
        assert Notice.objects.filter(kind=f"oversight.{kind}", recipient=world.chair).count() == count
    assert {one.recipient for one in Notice.objects.filter(kind="oversight.late_below")} == people


def test_answered_in_time_is_judged_by_the_day_of_the_replies(world):
    made.replied(world.factory, world.chair)
    late = made.found(world.hotel, world.neighbour)
    Oversight.objects.filter(pk=late.oversight_id).update(
        opens_on=MONDAY - datetime.timedelta(days=60), findings_due_on=MONDAY - datetime.timedelta(days=40),
        reply_due_on=MONDAY - datetime.timedelta(days=20),
    )  # fmt: skip
    made.preparing(world.bank, world.stranger)
    counts = {
        name: Oversight.objects.filter(figure(name)).count() for name in ("judged", "in_time", "late", "under_way")
    }
    assert counts == {"judged": 2, "in_time": 1, "late": 1, "under_way": 3}


def test_names_and_numbers_are_erased_some_time_after_it_is_closed_and_the_findings_stay(world):
    rule = retention.rules["overseers"]
    made.found(world.factory, world.chair)
    assert not rule.due().exists()
    long_ago = MONDAY - datetime.timedelta(days=rule.days + 1)
    Oversight.objects.update(state=S.CANCELLED, closed_on=long_ago)
    assert rule.erase(Overseer.objects.filter(pk__in=rule.due().values("pk"))) == 3
    assert {(one.name, one.phone) for one in Overseer.objects.all()} == {
        ("", "")
    } and OversightFinding.objects.exists()


def test_a_remark_of_the_tier_above_reaches_the_union_once(world, matter):
    for _twice in range(2):
        oversights.comment(matter, "请一并查看凭证。", by=world.street_chair)
    assert Event.objects.filter(action="oversight.comment").count() == 1
    assert Notice.objects.filter(kind="oversight.commented", recipient=world.chair).count() == 1
    for person in (world.chair, world.officer, world.stranger):
        with pytest.raises(NotAllowed):
            oversights.comment(matter, "不该由我说。", by=person)
