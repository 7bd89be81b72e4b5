"""An enquiry goes from whoever asked to a reply, through the tree where it must; nobody is passed over, silence is no consent."""

import datetime
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from assemblies.enums import Satisfaction
from disclosure import bulletins, enquiries, enquiry_clock
from disclosure.enums import EnquiryState, EnquiryWay
from disclosure.models import Addition, Asker, Enquiry, EnquiryTheme, Reply
from disclosure.views.enquiry_themes import dialogue_day
from tests.factories.enquiries import REPLY, asked, question, replied
from unions import retention
from unions.calendar import WorkCalendar
from unions.models import Event, Notice, Setting
from unions.services import move_union
from unions.wall import Pass, pass_of, system, under
from unions.workflow import Invalid, MoveError, NotAllowed, allowed, perform

pytestmark = pytest.mark.django_db
S = EnquiryState
MONDAY = datetime.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def on_monday(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.UTC), tick=False)


def names(enquiry: Enquiry, by) -> set[str]:
    return {move.name for move in allowed(enquiry, by)}


def test_the_days_of_each_step_count_as_the_district_set_them(world):
    made = asked(world.factory)
    assert made.due_on == made.answer_due_on == WorkCalendar().shift(MONDAY, 10)
    Setting.objects.create(key="enquiry-answer-workdays", value=3, effective_from=MONDAY, basis="区规")
    assert asked(world.factory).due_on == datetime.date(2026, 11, 26)
    assert asked(world.factory, day=datetime.date(2026, 11, 16)).due_on == datetime.date(2026, 11, 30), "its own day"


def test_the_same_form_sent_twice_is_one_enquiry(world):
    key = uuid.uuid4()
    one = enquiries.ask(world.factory, question(), by=None, way=EnquiryWay.PUBLIC, key=key)
    assert enquiries.ask(world.factory, question(), by=None, way=EnquiryWay.PUBLIC, key=key) == one
    assert Enquiry.objects.count() == 1


def test_whoever_asks_on_the_page_is_heard_by_whoever_handles_it_and_nobody_is_named(world):
    people = [world.chair, world.clerk]
    made = asked(world.factory, name="赵隐名", phone="13911112222", title="赵隐名的工资")
    told = Notice.objects.filter(kind="enquiry.asked")
    assert {notice.recipient for notice in told} == set(people)
    assert "赵隐名" not in str(list(told.values()))
    assert "赵隐名" not in str(list(Event.objects.filter(object_id=made.pk).values()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM disclosure_asker")
        assert "赵隐名" not in str(cursor.fetchall())


def test_own_union_replies_the_tier_above_looks_on_and_a_stranger_sees_nothing(world):
    made = asked(world.factory)
    assert "reply" in names(made, world.chair) and "reply" in names(made, world.clerk)
    assert names(made, world.street_chair) == {"take"}, "the tier above may take over what nobody sees to"
    assert names(made, world.reviewer) == names(made, world.officer) == set()
    for nobody in (world.street_chair, world.officer, world.stranger):
        with pytest.raises(MoveError):
            perform(made, "reply", by=nobody, data=dict(REPLY))
    for person, sees in ((world.chair, 1), (world.street_chair, 1), (world.leader, 1), (world.stranger, 0)):
        assert Enquiry.objects.visible_to(person, "enquiry_view").count() == sees
        with under(pass_of(person)):
            assert Enquiry.objects.count() == sees, "the second wall says the same"


def test_a_reply_stands_with_the_enquiry_and_not_in_the_record_of_acts(world):
    made = perform(asked(world.factory), "reply", by=world.chair, data=dict(REPLY))
    assert (made.state, made.answered_on, made.due_on) == (S.ANSWERED, MONDAY, WorkCalendar().shift(MONDAY, 10))
    assert Reply.objects.get(enquiry=made).text == REPLY["text"]
    assert "日工资" not in str(Event.objects.get(action="enquiry.reply").data)
    with pytest.raises(Invalid):
        perform(asked(world.factory), "reply", by=world.chair, data={"text": " ", "signed": "工会"})


def test_handed_up_it_is_the_tier_above_that_replies_and_the_union_still_sees_it(world):
    above = world.street_chair
    made = asked(world.factory)
    with pytest.raises(Invalid):
        perform(made, "up", by=world.chair)
    made = perform(made, "up", by=world.chair, reason="涉及街道救助资金")
    assert (made.handler, made.union) == (world.wangjing, world.factory)
    assert Notice.objects.filter(kind="enquiry.passed", recipient=above).exists()
    assert names(made, world.chair) == set()
    with under(pass_of(world.chair)):
        assert Enquiry.objects.get().pk == made.pk
    made = perform(made, "up", by=above, reason="由区里统一答复")
    assert made.handler == world.district
    made = perform(made, "reply", by=world.officer, data=dict(REPLY))
    assert made.state == S.ANSWERED
    with pytest.raises(MoveError):
        perform(
            perform(asked(world.district), "reply", by=world.officer, data=dict(REPLY)),
            "up",
            by=world.officer,
            reason="?",
        )


def test_handed_down_it_belongs_to_the_union_below_with_all_that_was_said(world):
    made = asked(world.wangjing, world.street_chair, name="赵隐名")
    enquiries.add(made, "补充一句。", by=world.street_chair)
    for wrong in (world.bank, world.wangjing, world.district):
        with pytest.raises(Invalid):
            perform(made, "down", by=world.street_chair, reason="本单位问题", data={"to": wrong.pk})
    with under(pass_of(world.street_chair)):
        made = perform(made, "down", by=world.street_chair, reason="本单位问题", data={"to": world.factory.pk})
    assert (made.handler, made.union) == (world.factory, world.factory)
    with under(pass_of(world.chair)):
        seen = Enquiry.objects.get()
        assert (Asker.objects.get().name, Addition.objects.get().text) == ("赵隐名", "补充一句。")
        acts = [event.action for event in enquiries.history(seen)]
        assert acts == ["enquiry.down", "enquiry.add", "enquiry.ask"], "what happened before it came is told too"
    with under(pass_of(world.stranger)):
        assert not Enquiry.objects.exists() and not Asker.objects.exists()
    assert "reply" in names(made, world.chair) and "reply" not in names(made, world.street_chair)


def test_whoever_is_handed_an_enquiry_has_some_days_at_least(world, time_machine):
    made = asked(world.factory)
    last = made.due_on
    made = perform(made, "up", by=world.chair, reason="涉及街道")
    assert made.due_on == last, "there was time enough"
    late = asked(world.factory)
    time_machine.move_to(datetime.datetime(2026, 12, 7, 10, tzinfo=datetime.UTC), tick=False)
    late = perform(late, "up", by=world.chair, reason="涉及街道")
    assert late.due_on == late.answer_due_on == WorkCalendar().shift(datetime.date(2026, 12, 7), 5)


def test_the_tier_above_takes_over_what_nobody_sees_to(world):
    made = perform(asked(world.factory), "take", by=world.street_chair, reason="工会无人在岗")
    assert made.handler == world.wangjing and "reply" in names(made, world.street_chair)
    with pytest.raises(MoveError):
        perform(asked(world.factory), "take", by=world.officer, reason="区里直接办")


def test_what_went_up_follows_a_union_that_moves_to_another_street(world):
    made = perform(asked(world.factory), "up", by=world.chair, reason="涉及街道救助资金")
    kept = asked(world.factory)
    move_union(world.factory, world.jianwai, by=world.officer, reason="区划调整")
    made.refresh_from_db()
    kept.refresh_from_db()
    assert (made.handler, kept.handler) == (world.jianwai, world.factory)
    with under(pass_of(world.forget(world.chair))):
        assert {enquiry.handler.name for enquiry in Enquiry.objects.all()} == {world.jianwai.name, world.factory.name}


def test_a_reply_is_extended_once_with_a_reason_and_not_beyond_the_limit(world):
    made = asked(world.factory)
    latest = WorkCalendar().shift(made.due_on, 10)
    with pytest.raises(Invalid):
        perform(made, "extend", by=world.chair, reason="核实", due=latest + datetime.timedelta(days=1))
    made = perform(made, "extend", by=world.chair, reason="核实", due=latest)
    assert made.answer_due_on == latest
    with pytest.raises(MoveError):
        perform(made, "extend", by=world.chair, reason="再等", due=latest + datetime.timedelta(days=3))


def test_silence_is_not_consent(world, time_machine):
    made = replied(world.factory, world.chair)
    with pytest.raises(MoveError):
        perform(made, "close", by=world.chair)
    time_machine.move_to(datetime.datetime(2026, 12, 9, 10, tzinfo=datetime.UTC), tick=False)
    made = perform(made, "close", by=world.chair)
    assert (made.state, made.satisfaction) == (S.CLOSED, "")
    made = enquiries.rate(made, Satisfaction.SATISFIED, by=world.chair)
    assert made.satisfaction == Satisfaction.SATISFIED, "a late rating still counts"


def test_the_first_dissatisfaction_reopens_it_once(world):
    made = enquiries.rate(
        replied(world.factory, world.chair), Satisfaction.DISSATISFIED, by=world.chair, words="没说清楚"
    )
    assert (made.state, made.is_reopened, made.closed_on) == (S.ASKED, True, None)
    assert Addition.objects.get().text == "没说清楚" and "没说清楚" not in str(list(Event.objects.values("data")))
    for move, given in (("extend", {"due": datetime.date(2027, 1, 1)}), ("decline", {})):
        with pytest.raises(MoveError):
            perform(made, move, by=world.chair, reason="等", **given)
    made = perform(made, "reply", by=world.chair, data=dict(REPLY))
    assert Reply.objects.filter(enquiry=made).count() == 2, "both replies stay"
    made = enquiries.rate(made, Satisfaction.DISSATISFIED, by=world.chair)
    assert (made.state, made.satisfaction) == (S.CLOSED, Satisfaction.DISSATISFIED), "once, not for ever"
    with pytest.raises(Invalid):
        perform(replied(world.factory, world.chair), "rate", by=world.chair, data={"satisfaction": "dissatisfied"})


def test_nobody_rates_by_link_but_within_the_block_that_serves_links(world):
    made = replied(world.factory, world.chair)
    with under(Pass("portal_district")), pytest.raises(NotAllowed):
        enquiries.rate(made, Satisfaction.SATISFIED, by=None)
    with system("tests"):
        assert enquiries.rate(made, Satisfaction.SATISFIED, by=None).state == S.CLOSED
    assert Notice.objects.filter(kind="enquiry.rated_satisfied", recipient=world.chair).exists()


def test_what_is_not_taken_up_has_a_reason_and_can_be_taken_up_after_all(world):
    with pytest.raises(Invalid):
        perform(asked(world.factory), "decline", by=world.chair)
    made = perform(asked(world.factory), "decline", by=world.chair, reason="不属工会职责，请向劳动监察投诉")
    assert (made.state, made.closed_on) == (S.DECLINED, MONDAY)
    made = perform(made, "resume", by=world.chair, reason="可以协助")
    assert (made.state, made.closed_on) == (S.ASKED, None)


def test_only_whoever_has_it_opens_a_name_with_a_reason_on_record(world):
    made = asked(world.factory, name="赵隐名", phone="13911112222")
    for other in (world.street_chair, world.officer, world.stranger):
        with pytest.raises(NotAllowed):
            enquiries.reveal_asker(made, "name", by=other, reason="看看")
    with pytest.raises(Invalid):
        enquiries.reveal_asker(made, "phone", by=world.chair, reason=" ")
    assert enquiries.reveal_asker(made, "phone", by=world.chair, reason="回电核实") == "13911112222"
    looked = Event.objects.get(action="person.reveal")
    assert (looked.by, looked.reason, looked.union) == (world.chair, "回电核实", world.factory)


def test_names_are_erased_when_the_settled_enquiry_is_past_its_time(world):
    rule = next(rule for rule in retention.rules if rule.key == "askers")
    old = asked(world.factory, name="赵隐名")
    open_one = asked(world.factory, name="钱在办")
    Enquiry.objects.filter(pk=old.pk).update(state=S.DECLINED, closed_on=MONDAY - datetime.timedelta(days=400))
    assert [asker.enquiry for asker in rule.due()] == [old]
    assert rule.erase(rule.due()) == 1
    assert [asker.enquiry for asker in Asker.objects.all()] == [open_one] and Enquiry.objects.count() == 2


def test_each_step_is_reminded_of_once_and_lateness_climbs_one_tier(world, time_machine):
    people = (world.chair, world.street_chair, world.officer)
    made = asked(world.factory)

    def told(kind: str) -> set:
        return {notice.recipient for notice in Notice.objects.filter(kind=f"enquiry.{kind}")}

    def round_on(day: datetime.date) -> int:
        return enquiry_clock.remind(day, WorkCalendar())

    assert round_on(MONDAY) == 0
    near = WorkCalendar().shift(made.due_on, -1)
    assert (round_on(near), round_on(near)) == (1, 0) and told("due") == {people[0]}
    late = made.due_on + datetime.timedelta(days=1)
    assert (round_on(late), round_on(late)) == (1, 0)
    assert told("late") == {people[0]} and told("late_below") == {people[1]}


def test_a_settled_question_is_published_only_where_the_asker_agreed_and_without_a_name(world):
    replied(world.factory, world.chair, name="赵隐名")
    shown = replied(
        world.factory, world.chair, name="赵隐名", is_publishable=True, text="我的电话13911112222，年休假怎么折算？"
    )
    offered = {key: rows for key, _label, rows in bulletins.offers(world.factory, world.chair)}
    assert offered["enquiry"] == [shown]
    draft = bulletins.write_from(world.factory, "enquiry", shown.pk, by=world.chair)
    assert "赵隐名" not in draft.title + draft.body and REPLY["text"] in draft.body
    assert bulletins.uncleared(draft), "the scanner finds the number that stood in the question"


def test_the_dialogue_day_moves_to_a_working_day(world):
    assert dialogue_day(datetime.date(2026, 11, 1)) == datetime.date(2026, 11, 12)
    assert dialogue_day(datetime.date(2026, 12, 1)) == datetime.date(2026, 12, 14), "the 12th is a Saturday"
    Setting.objects.create(key="dialogue-day", value=20, effective_from=datetime.date(2026, 12, 1), basis="区规")
    assert dialogue_day(datetime.date(2027, 1, 1)) == datetime.date(2027, 1, 20)


def test_a_theme_that_is_no_longer_offered_stays_on_what_was_asked(world):
    made = asked(world.factory)
    EnquiryTheme.objects.filter(pk=made.theme_id).update(is_active=False)
    assert str(Enquiry.objects.get().theme) in ("休息休假", "Rest and leave")
    assert timezone.localdate() == MONDAY
