"""Duties, inbox, rules, calendar, runs and jobs in a real browser; pictures on a desktop and a phone."""

import datetime

import pytest
from django.utils import timezone

from tests.factories.duties import make_duty, make_rule
from tests.factories.unions import UnionFactory
from tests.unions.test_outbox import make_delivery
from unions import clock, duties, jobs, reminders
from unions.enums import DeliveryState, DutyState, JobState, Timeliness
from unions.models import CalendarDay, Job, Run, UnionGrant


@pytest.fixture
def busy(world):
    """A district in the middle of chasing a quarter."""
    today = timezone.localdate()
    people = [world.chair, world.clerk, world.street_staff, world.reviewer, world.officer, world.leader]
    UnionGrant.objects.update(starts_on=today - datetime.timedelta(days=60))
    rule = make_rule(
        "test",
        name_zh="季度信息反馈",
        name_en="Quarterly feedback report",
        basis="每季度第一个月十日前报送上季度情况。",
    )
    second = make_rule("second", name_zh="经费收支季报", name_en="Quarterly accounts")
    soon, late = today + datetime.timedelta(days=3), today - datetime.timedelta(days=20)
    own = make_duty(rule, world.factory, due=soon)
    make_duty(second, world.factory, due=late)
    make_duty(rule, world.hotel, due=late, state=DutyState.RETURNED, return_count=1, first_submitted_at=timezone.now(), timeliness=Timeliness.ON_TIME)  # fmt: skip
    for number, union in enumerate(UnionFactory.create_batch(12, parent=world.jianwai)):
        make_duty(rule, union, due=late if number % 3 else soon)
    long = UnionFactory(
        parent=world.wangjing, name="北京市朝阳区望京街道大西洋新城社区商务楼宇餐饮服务行业工会联合会第二届委员会"
    )
    make_duty(rule, long, due=late)
    duties.ask_extension(
        own, until=today + datetime.timedelta(days=12), reason="财务系统搬迁，数据月底才能核对。", by=world.chair
    )
    for back in (12, 9, 8, 1, 0):
        reminders.remind(today - datetime.timedelta(days=back))
    Run.objects.create(task="open", slot=f"{rule.pk}:2026Q3", state=JobState.DONE, finished_at=timezone.now(), counts={"rule": rule.name_zh, "rule_en": rule.name_en, "period": "2026Q3", "opened": 11874})  # fmt: skip
    clock.run_round()
    Run.objects.create(task=clock.ROUND, slot="2026-11-21T09:00", state=JobState.FAILED, finished_at=timezone.now(), counts={"opened": 0, "steps": 0}, error="经费收支季报: ValueError: no such period")  # fmt: skip
    make_delivery(world.stranger, state=DeliveryState.UNKNOWN, error="the sender stopped while sending", claimed_at=timezone.now())  # fmt: skip
    CalendarDay.objects.create(day=datetime.date(2026, 11, 27), is_workday=False, name="区运动会")
    world.rule, world.own = rule, own
    assert people
    return world


PAGES = {
    "list": ("/duties/", "officer"), "own": ("/duties/", "chair"), "board": ("/board/", "officer"),
    "inbox-chair": ("/inbox/", "chair"), "inbox-street": ("/inbox/", "street_staff"), "inbox-officer": ("/inbox/", "officer"),
    "rules": ("/rules/", "officer"), "rule": ("/rules/{rule}/", "officer"), "rule-edit": ("/rules/{rule}/edit/", "officer"),
    "calendar": ("/calendar/?year=2026", "officer"), "runs": ("/runs/", "officer"), "duty": ("/duties/{own}/", "street_staff"),
    "duty-own": ("/duties/{own}/", "chair"), "extend": ("/duties/{own}/extend/", "street_staff"), "jobs": ("/jobs/", "chair"),
    "day": ("/calendar/days/add/", "officer"),
}  # fmt: skip


def test_every_page_is_calm_on_desk_and_phone(visit, busy, client):
    for phone in (False, True):
        visitor, person = visit(phone=phone), None
        for name, (path, who) in PAGES.items():
            if who != person:
                visitor.sign_in(getattr(busy, who), client)
                person = who
            visitor.go(path.format(rule=busy.rule.pk, own=busy.own.pk))
            visitor.fits()
            visitor.axe()
            visitor.shot(f"{name}-{'phone' if phone else 'desk'}", full=name != "list")


def test_an_extension_is_asked_for_and_granted(visit, world, client):
    duty = make_duty(make_rule("test"), world.factory)
    staff = world.street_staff
    chair = visit().sign_in(world.chair, client)
    page = chair.go(f"/duties/{duty.pk}/")
    page.locator(f"a[href='/duties/{duty.pk}/ask/']").click()
    until = (timezone.localdate() + datetime.timedelta(days=20)).isoformat()
    page.locator("[name=until]").fill(until)
    page.locator("[name=reason]").fill("停电")
    page.locator("main form button.p").click()
    page.locator(".note.ok").wait_for()
    street = visit().sign_in(staff, client)
    page = street.go("/inbox/")
    page.locator(".notice.unread a").first.click()
    page.locator(f"a[href='/duties/{duty.pk}/extend/']").click()
    assert page.locator("[name=until]").input_value() == until
    page.locator("main form button.p").click()
    page.locator(".note.ok").wait_for()
    duty.refresh_from_db()
    assert duty.last_day.isoformat() == until


def test_a_day_off_asks_before_it_moves_duties(visit, world, client):
    due = timezone.localdate() + datetime.timedelta(days=30)
    while due.weekday() != 2:
        due += datetime.timedelta(days=1)
    offset = (due - datetime.date(2026, 9, 30)).days
    duty = make_duty(make_rule("test", due_after=offset), world.factory, due=due)
    desk = visit(java_script_enabled=False).sign_in(world.officer, client)
    page = desk.go("/calendar/days/add/")
    page.locator("[name=day]").fill(due.isoformat())
    page.locator("[name=is_workday][value='0']").check()
    page.locator("[name=name]").fill("临时放假")
    page.locator("main form button.p").click()
    page.locator("button[name=confirm]").wait_for()
    desk.shot("day-confirm")
    page.locator("button[name=confirm]").click()
    page.locator(".note.ok").wait_for()
    duty.refresh_from_db()
    assert duty.due_on == due + datetime.timedelta(days=1)


def test_a_job_is_followed_to_its_end(visit, world, client, monkeypatch):
    monkeypatch.setitem(jobs.words._items, "test", jobs.Words("名册导入", facts=lambda job: [("新增", 12)]))
    job = Job.objects.create(kind="test", union=world.factory, by=world.chair, state=JobState.RUNNING, total=200)
    jobs.cache.set(f"job-progress:{job.pk}", [120, 200, ""], 60)
    desk = visit().sign_in(world.chair, client)
    page = desk.go(f"/jobs/{job.pk}/")
    page.locator("progress[value='60']").wait_for()
    desk.axe()
    desk.shot("job-running")
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=timezone.now())
    page.get_by_text("新增").wait_for()
    desk.shot("job-done")
