"""The ladder over a month: quarter opens on 1 October, due on 10 October 2026 (a make-up working Saturday).
Working days of that October: 8, 9, 10, 12, 13, 14, 15, 16, 19 …"""

import datetime
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tests.factories.duties import make_duty, make_rule
from tests.factories.unions import DistrictWorld, UnionFactory
from unions import clock, duties, opening, reminders
from unions.enums import Audience, DutyState
from unions.models import Delivery, Duty, Notice, NoticeItem, Reminder, Run, User
from unions.notices import wordings
from unions.services import move_union
from unions.settingbook import held, setting

pytestmark = pytest.mark.usefixtures("own_rules_only")
day = datetime.date
MORNING = datetime.time(9, 0)


def at(month, number, hour=9, minute=0):
    return timezone.make_aware(datetime.datetime(2026, month, number, hour, minute))


def round_at(month, number, hour=9, minute=0):
    return clock.run_round(at(month, number, hour, minute))


def told(user, on=None):
    """The steps of which a person was told, by day."""
    items = NoticeItem.objects.filter(notice__recipient=user).order_by("reminder__fired_on", "reminder__step__offset")
    if on:
        items = items.filter(reminder__fired_on=on)
    return [
        (item.reminder.fired_on.day, "open" if item.reminder.step.at_opening else item.reminder.step.offset)
        for item in items.select_related("reminder__step")
    ]


def title(notice, language="en"):
    with translation.override(language):
        return wordings[notice.kind].title(notice.params)


@pytest.fixture
def world(own_rules_only, time_machine):
    """Everybody was appointed before the quarter ended."""
    time_machine.move_to(at(9, 1), tick=False)
    return DistrictWorld()


def ladder(key="quarter", **values):
    """A rule that opens nothing by itself in this month."""
    return make_rule(key, first_period="2027Q1", **values)


@pytest.fixture
def people(world):
    """Everybody who could be told, made before the clock runs."""
    return {
        "chair": world.chair, "clerk": world.clerk, "neighbour": world.neighbour, "stranger": world.stranger,
        "reviewer": world.reviewer, "other": world.other_reviewer, "officer": world.officer, "leader": world.leader,
    }  # fmt: skip


def a_month(first=1, last=30):
    for number in range(first, last + 1):
        round_at(10, number)


def test_a_month_climbs_from_the_filler_to_the_board(people, time_machine):
    time_machine.move_to(at(10, 1), tick=False)
    make_rule()
    a_month()
    # The opening falls into the holiday and waits for the 8th; −10 and −3 working days lie before the opening day.
    assert told(people["clerk"]) == [(8, "open"), (10, 0), (12, 1)]
    assert told(people["chair"]) == [(12, 1)], "the chair hears of it when it is late, not before"
    assert told(people["neighbour"]) == [(8, "open"), (10, 0), (12, 1), (12, 1)], "a chair alone is the filler too"
    assert told(people["reviewer"]) == [(14, 3), (14, 3)]
    assert told(people["other"]) == [(14, 3)]
    assert told(people["officer"]) == [(23, 10)] * 3
    assert told(people["leader"]) == [], "nothing goes to whoever need not act"


def test_a_step_before_the_due_day_is_taken_on_its_working_day(people, world):
    rule = ladder()
    make_duty(rule, world.factory, due=day(2026, 11, 20), opens_on=day(2026, 11, 2))
    for number in range(1, 30):
        clock.run_round(at(11, number))
    assert told(people["clerk"]) == [(2, "open"), (6, -10), (17, -3), (20, 0), (23, 1)]


def test_each_person_gets_one_digest_a_day(people, world):
    rule = ladder()
    other = ladder("second", name_zh="经费报告")
    for each in (rule, other):
        for union in (world.factory, world.hotel):
            make_duty(each, union, due=day(2026, 10, 10))
    round_at(10, 14)
    notice = people["reviewer"].notices.get()
    assert notice.key == f"digest:{people['reviewer'].pk}:2026-10-14"
    assert [(g["zh"], g["n"], g["name"]) for g in notice.params["groups"]] == [
        ("信息反馈", 2, "望京街道总工会"), ("经费报告", 2, "望京街道总工会"),
    ]  # fmt: skip
    assert people["clerk"].notices.get().params["groups"][0]["stage"] == "late"
    assert notice.url == "/duties/?figure=overdue"


def test_a_digest_of_one_thing_leads_to_it_and_names_it(people, world):
    duty = make_duty(ladder(), world.factory, due=day(2026, 10, 10))
    round_at(10, 10)
    notice = people["clerk"].notices.get()
    assert notice.url == f"/duties/{duty.pk}/"
    assert "due today" in title(notice)
    assert "Feedback report" in title(notice)
    assert "信息反馈" in title(notice, "zh-hans")


def test_what_comes_due_later_in_the_day_joins_the_days_digest(people, world):
    rule = ladder()
    make_duty(rule, world.factory, due=day(2026, 10, 10))
    round_at(10, 12)
    notice = people["clerk"].notices.get()
    Notice.objects.filter(pk=notice.pk).update(read_at=timezone.now())
    make_duty(rule, world.factory, "2026Q2", due=day(2026, 10, 10))
    round_at(10, 12, 15)
    notice = people["clerk"].notices.get()
    assert len(notice.params["groups"]) == 2
    assert notice.read_at is None
    assert Delivery.objects.filter(notice=notice).count() == 1


def test_running_again_does_nothing(people, world):
    make_duty(ladder(), world.factory, due=day(2026, 10, 10))
    first = reminders.remind(day(2026, 10, 12), now=at(10, 12))
    again = reminders.remind(day(2026, 10, 12), now=at(10, 12))
    assert first.steps
    assert (again.steps, again.skipped, again.digests, again.mails) == (0, 0, 0, 0)


@pytest.mark.parametrize("broken", ["_WORD", "_POST", "_UNREACHED"])
def test_a_crash_in_the_middle_leaves_nothing_and_the_next_round_makes_it_up(people, world, monkeypatch, broken):
    make_duty(ladder(), world.factory, due=day(2026, 10, 10))
    with monkeypatch.context() as patch:
        patch.setattr(reminders, broken, "SELECT 1/0")
        run = round_at(10, 12)
    assert "division by zero" in run.error
    assert not Reminder.objects.exists()
    assert not Notice.objects.exists()
    round_at(10, 12, 9, 10)
    assert told(people["clerk"]) == [(12, 1)]
    assert told(people["chair"]) == [(12, 1)]
    assert Delivery.objects.count() == 2


def test_missed_days_are_made_up_by_the_last_step_alone(people, world):
    make_duty(ladder(), world.factory, due=day(2026, 10, 10), opens_on=day(2026, 10, 1))
    round_at(10, 15)
    assert told(people["clerk"]) == [(15, 1)], "not the opening, the due day and the day after in one burst"
    assert told(people["reviewer"]) == [(15, 3)]
    assert Reminder.objects.filter(is_skipped=True).count() == 2, "the opening and the due day"
    round_at(10, 16)
    assert Notice.objects.filter(recipient=people["clerk"]).count() == 1


def test_what_is_long_past_is_not_chased_all_at_once(people, world):
    make_duty(ladder(), world.factory, due=day(2026, 4, 10))
    round_at(10, 15)
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("state", [DutyState.SUBMITTED, DutyState.FULFILLED, DutyState.WAIVED])
def test_reminders_stop_at_once(people, world, state):
    duty = make_duty(ladder(), world.factory, due=day(2026, 10, 10))
    values = {"state": state, "fulfilled_at": timezone.now() if state == DutyState.FULFILLED else None}
    Duty.objects.filter(pk=duty.pk).update(**values)
    a_month(8, 30)
    assert not Notice.objects.exists()


def test_an_extension_silences_and_counts_anew_from_its_day(people, world, time_machine):
    time_machine.move_to(at(10, 8), tick=False)
    duty = make_duty(ladder(), world.factory, due=day(2026, 10, 10))
    round_at(10, 10)
    time_machine.move_to(at(10, 10, 15), tick=False)
    duties.grant_extension(duty, until=day(2026, 10, 23), reason="系统搬迁", by=world.street_chair)
    for number in range(12, 31):
        round_at(10, number)
    assert told(people["clerk"]) == [(10, 0), (12, -10), (20, -3), (23, 0), (26, 1)]


def test_a_return_begins_a_new_ladder_from_its_new_day(people, world, time_machine):
    time_machine.move_to(at(10, 8), tick=False)
    duty = make_duty(ladder(), world.factory, due=day(2026, 10, 10))
    a_month(8, 10)
    duties.record_submission(duty, at=at(10, 10, 17))
    a_month(11, 15)
    duties.record_return(duty, last_day=day(2026, 10, 20))
    a_month(16, 21)
    assert told(people["clerk"]) == [(8, "open"), (10, 0), (16, -3), (20, 0), (21, 1)]
    assert told(people["chair"]) == [(21, 1)]


def test_a_union_that_moved_is_reported_to_its_new_superior(people, world):
    make_duty(ladder(), world.factory, due=day(2026, 10, 10))
    move_union(world.factory, world.jianwai, by=world.officer, reason="迁址")
    round_at(10, 14)
    assert told(people["reviewer"]) == []
    assert told(people["other"]) == [(14, 3)]


def test_the_reviewer_of_a_union_in_a_federation_is_the_street(people, world):
    federation = UnionFactory(parent=world.wangjing, kind="federated")
    make_duty(ladder(), UnionFactory(parent=federation), due=day(2026, 10, 10))
    round_at(10, 14)
    assert told(people["reviewer"]) == [(14, 3)]
    assert people["reviewer"].notices.get().params["groups"][0]["name"] == "望京街道总工会"


def test_a_street_that_is_late_itself_is_reported_to_the_district(people, world):
    make_duty(ladder("summary", kinds=["street"]), world.wangjing, due=day(2026, 10, 10))
    chair = world.street_chair
    round_at(10, 12)
    round_at(10, 14)
    assert told(chair) == [(12, 1), (12, 1)], "the chair who also fills it in: one digest, both steps"
    assert told(people["officer"]) == [(14, 3)]
    assert told(people["reviewer"]) == []


def test_who_has_left_or_is_disabled_hears_nothing_and_the_chair_steps_in(people, world):
    make_duty(ladder(), world.factory, due=day(2026, 10, 10))
    User.objects.filter(pk=people["clerk"].pk).update(is_active=False)
    round_at(10, 10)
    assert told(people["clerk"]) == []
    assert told(people["chair"]) == [(10, 0)]


def test_a_union_without_an_account_is_counted(people, world):
    make_duty(ladder(), UnionFactory(parent=world.wangjing), due=day(2026, 10, 10))
    run = round_at(10, 10)
    assert run.counts["unreached"] == 1
    assert Reminder.objects.count() == 2, "the step counts as taken (and the opening as passed over)"


def test_nobody_is_chased_at_night_or_on_a_day_off(people, world):
    make_duty(ladder(), world.factory, due=day(2026, 10, 10))
    for moment in ((10, 0, 10), (10, 8, 20), (10, 20, 0), (11, 9, 0)):
        round_at(10, *moment)
    assert not Notice.objects.exists()
    round_at(10, 12, 8, 30)
    assert Notice.objects.exists()


def test_an_e_mail_written_at_night_waits_for_the_morning(people, world):
    make_duty(ladder(), world.factory, due=day(2026, 10, 10))
    reminders.remind(day(2026, 10, 10), now=at(10, 10, 21))
    assert {timezone.localtime(d.not_before) for d in Delivery.objects.all()} == {at(10, 11, 8, 30)}


def test_no_address_means_no_e_mail(people, world):
    make_duty(ladder(), world.factory, due=day(2026, 10, 10))
    User.objects.update(email="")
    assert reminders.remind(day(2026, 10, 10), now=at(10, 10)).mails == 0
    assert people["clerk"].notices.count() == 1


def test_a_rule_out_of_force_is_silent(people, world):
    make_duty(ladder(is_active=False), world.factory, due=day(2026, 10, 10))
    round_at(10, 10)
    assert not Reminder.objects.exists()


def test_the_number_of_statements_does_not_depend_on_the_number_of_duties(people, world):
    rule = ladder()
    calendar = opening.WorkCalendar()

    def cost(today):
        with held():
            setting("reminders-from")  # a round reads the settings once, as it does the calendar
            with CaptureQueriesContext(connection) as queries:
                reminders.take_steps(rule, today=today, now=at(10, 12), calendar=calendar)
        return len(queries)

    make_duty(rule, world.factory, due=day(2026, 10, 10))
    one = cost(day(2026, 10, 12))
    for union in UnionFactory.create_batch(50, parent=world.wangjing):
        make_duty(rule, union, due=day(2026, 10, 10))
    many = cost(day(2026, 10, 12))
    assert Reminder.objects.filter(is_skipped=False).count() >= 51
    assert many <= one <= 12


def test_the_round_says_what_it_did(people, world):
    make_rule()
    run = round_at(10, 12)
    assert run.counts["opened"] == 3
    assert run.counts["steps"] == 6
    assert run.counts["digests"] == 4
    assert run.counts["mails"] == 4
    assert Run.objects.get(task=opening.OPEN).counts["opened"] == 3


def test_an_edited_ladder_does_not_go_back(people, world):
    rule = ladder(ladder=[(1, Audience.FILLER, False)])
    make_duty(rule, world.factory, due=day(2026, 10, 10))
    round_at(10, 12)
    rule.steps.create(offset=0, audience=Audience.FILLER)
    round_at(10, 13)
    assert told(people["clerk"]) == [(12, 1)]


def test_the_command_makes_up_a_day_and_may_be_repeated(people, world, time_machine, capsys):
    make_duty(ladder(), world.factory, due=day(2026, 10, 10))
    time_machine.move_to(at(10, 13), tick=False)
    call_command("remind", "--date", "2026-10-12")
    call_command("remind", "--date", "2026-10-12")
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["steps"], first["digests"]) == (2, 2)
    assert (second["steps"], second["digests"]) == (0, 0)
    with pytest.raises(CommandError):
        call_command("remind", "--date", "2026-10-14")
