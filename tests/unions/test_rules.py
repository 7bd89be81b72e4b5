"""Rules and calendar: everybody who sees duties reads them, the district edits; due days move only when confirmed."""

import datetime

import pytest
from django.urls import reverse

from tests.factories.duties import make_duty, make_rule
from unions import rulebook
from unions.models import CalendarDay, DutyRule, Event

pytestmark = pytest.mark.usefixtures("own_rules_only")


@pytest.fixture
def rule(db):
    return make_rule()


def form_of(rule, **values):
    """What the edit page would send back unchanged, but for `values`."""
    steps = sorted(rulebook.ladder_of(rule))
    data = {name: getattr(rule, name) for name in rulebook.RULE_FIELDS if name != "is_active"}
    data |= {"is_active": "on", "revision": rule.revision, "steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": len(steps)}  # fmt: skip
    for number, (offset, audience, at_opening) in enumerate(steps):
        data |= {f"steps-{number}-offset": offset, f"steps-{number}-audience": audience}
        data |= {f"steps-{number}-at_opening": "on"} if at_opening else {}
    return data | values


def test_rules_are_read_by_all_and_changed_by_the_district(world, rule, sign_in):
    for user in (world.chair, world.reviewer, world.leader, world.officer):
        client = sign_in(user)
        assert client.get(reverse("unions:rule-list")).status_code == 200
        assert client.get(reverse("unions:rule", args=[rule.pk])).status_code == 200
        assert client.get(reverse("unions:calendar")).status_code == 200
        expected = 200 if user == world.officer else 403
        assert client.get(reverse("unions:rule-edit", args=[rule.pk])).status_code == expected
        assert client.get(reverse("unions:day-add")).status_code == expected


def test_a_change_that_moves_nothing_is_saved_at_once(world, rule, sign_in):
    client = sign_in(world.officer)
    url = reverse("unions:rule-edit", args=[rule.pk])
    response = client.post(url, form_of(rule, name_zh="季度信息反馈"))
    assert response.status_code == 302
    rule.refresh_from_db()
    assert (rule.name_zh, rule.revision) == ("季度信息反馈", 2)
    assert Event.objects.get(action="rule.edit").data["changes"] == {"name_zh": ["信息反馈", "季度信息反馈"]}
    page = client.get(reverse("unions:rule", args=[rule.pk]))
    assert "季度信息反馈" in page.content.decode()
    assert page.context["events"][0].lines


def test_a_change_that_moves_due_days_asks_first(world, rule, sign_in, time_machine):
    time_machine.move_to("2026-10-08T10:00:00+08:00", tick=False)
    duty = make_duty(rule, world.factory, due=datetime.date(2026, 10, 10))
    client, url = sign_in(world.officer), reverse("unions:rule-edit", args=[rule.pk])
    page = client.post(url, form_of(rule, due_after=15))
    assert (page.status_code, page.context["count"]) == (422, 1)
    assert DutyRule.objects.get(pk=rule.pk).due_after == 10
    assert client.post(url, form_of(rule, due_after=15, confirm="1")).status_code == 302
    duty.refresh_from_db()
    assert duty.last_day == datetime.date(2026, 10, 15)


def test_steps_are_added_emptied_and_ticked_away(world, rule, sign_in):
    data = form_of(rule)
    count = data["steps-TOTAL_FORMS"]
    data |= {"steps-0-DELETE": "on", "steps-TOTAL_FORMS": count + 2}
    data |= {f"steps-{count}-offset": "5", f"steps-{count}-audience": "chair"}
    before = rulebook.ladder_of(rule)
    assert sign_in(world.officer).post(reverse("unions:rule-edit", args=[rule.pk]), data).status_code == 302
    assert rulebook.ladder_of(rule) == (before - {sorted(before)[0]}) | {(5, "chair", False)}


@pytest.mark.parametrize(
    ("values", "field"),
    [({"first_period": "2026"}, "first_period"), ({"opens_after": 20}, None), ({"due_after": 999}, "due_after")],
)
def test_what_cannot_be_is_refused(world, rule, sign_in, values, field):
    response = sign_in(world.officer).post(reverse("unions:rule-edit", args=[rule.pk]), form_of(rule, **values))
    assert response.status_code == 422
    if field:
        assert field in response.context["form"].errors


def test_two_editors_do_not_overwrite_each_other(world, rule, sign_in):
    client, url = sign_in(world.officer), reverse("unions:rule-edit", args=[rule.pk])
    stale = form_of(rule, name_zh="甲")
    client.post(url, form_of(rule, name_zh="乙"))
    assert client.post(url, stale).status_code == 409
    rule.refresh_from_db()
    assert rule.name_zh == "乙"


def test_a_day_is_entered_changed_and_removed(world, rule, sign_in, time_machine):
    time_machine.move_to("2026-10-08T10:00:00+08:00", tick=False)
    duty = make_duty(rule, world.factory, due=datetime.date(2026, 10, 10))
    client, add = sign_in(world.officer), reverse("unions:day-add")
    given = {"day": "2026-10-10", "is_workday": "0", "name": "补休"}
    page = client.post(add, given)
    assert (page.status_code, page.context["count"]) == (422, 1)
    assert not CalendarDay.objects.exists()
    assert client.post(add, {**given, "confirm": "1"}).status_code == 302
    duty.refresh_from_db()
    assert duty.due_on == datetime.date(2026, 10, 12)
    day = CalendarDay.objects.get()
    assert client.post(add, given).status_code == 422, "the same day is entered once"
    edit = reverse("unions:day-edit", args=[day.pk])
    assert client.post(edit, {**given, "name": "中秋补休"}).status_code == 302
    remove = reverse("unions:day-remove", args=[day.pk])
    assert client.get(remove).status_code == 200
    assert client.post(remove).status_code == 422
    assert client.post(remove, {"confirm": "1"}).status_code == 302
    duty.refresh_from_db()
    assert duty.due_on == datetime.date(2026, 10, 10)
    actions = ["calendar.add", "calendar.edit", "calendar.remove"]
    assert list(Event.objects.filter(action__startswith="calendar").order_by("pk").values_list("action", flat=True)) == actions  # fmt: skip


def test_an_unpublished_year_warns(world, rule, sign_in):
    client = sign_in(world.leader)
    assert not client.get(reverse("unions:calendar"), {"year": 2027}).context["year"].is_published
    assert client.get(reverse("unions:calendar"), {"year": "junk"}).status_code == 200
    page = client.get(reverse("unions:rule", args=[rule.pk]))
    assert any(not day["is_published"] for day in page.context["coming"])


def test_due_days_that_disagree_are_shown_and_moved(world, rule, sign_in, time_machine):
    time_machine.move_to("2026-10-08T10:00:00+08:00", tick=False)
    make_duty(rule, world.factory, due=datetime.date(2026, 10, 10))
    CalendarDay.objects.create(day=datetime.date(2026, 10, 10), is_workday=False)
    client = sign_in(world.officer)
    assert client.get(reverse("unions:calendar")).context["count"] == 1
    assert sign_in(world.leader).post(reverse("unions:calendar-redate")).status_code == 403
    assert sign_in(world.officer).post(reverse("unions:calendar-redate")).status_code == 302
    assert client.get(reverse("unions:calendar")).context["count"] == 0


def test_the_calendar_marks_holidays_and_make_up_days(world, sign_in):
    year = sign_in(world.leader).get(reverse("unions:calendar"), {"year": 2026}).context["year"]
    days = {d.day: d for month in year.months for week in month["weeks"] for d in week if d}
    assert len(days) == 365
    assert days[datetime.date(2026, 10, 1)].mark
    assert days[datetime.date(2026, 10, 10)].is_workday
    assert days[datetime.date(2026, 10, 10)].mark
    assert not days[datetime.date(2026, 10, 18)].mark
