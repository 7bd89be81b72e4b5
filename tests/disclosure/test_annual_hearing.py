"""The annual report is heard: by the assembly, or by the committee by links; questions are answered; all parts published."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disclosure import annual_hearing, annual_publishing, bulletins
from disclosure.bulletin_moves import take
from disclosure.models import AnnualQuestion, AnnualReport, Bulletin
from tests.factories import annual as made
from tests.factories.meetings import closed
from unions.calendar import WorkCalendar
from unions.models import Notice
from unions.workflow import Invalid, MoveError, NotAllowed

LAST = timezone.localdate() + datetime.timedelta(days=10)


def url(name, *args):
    return reverse(f"disclosure:{name}", args=args)


@pytest.fixture
def given(world):
    """A street's report, filed and given to three members of its committee."""
    report = made.filed(world.wangjing, world.street_chair)
    return annual_hearing.open_hearing(report, ["李敏", "王建国", "赵晓红"], LAST, by=world.street_chair)


def outsider(hearer):
    return Client(), annual_hearing.link_of(hearer)


def test_a_grassroots_union_names_the_assembly_that_heard_it(world, sign_in):
    report, meeting = made.filed(world.factory, world.chair), closed(world.factory, world.chair, above=world.reviewer)
    page = sign_in(world.chair).get(url("annual-hear", report.pk)).content.decode()
    assert meeting.title in page
    assert sign_in(world.chair).post(url("annual-hear", report.pk), {"meeting": meeting.pk}).status_code == 302
    report.refresh_from_db()
    assert (report.meeting, report.heard_on) == (meeting, meeting.held_on)
    assert meeting.title in sign_in(world.reviewer).get(url("annual", report.pk)).content.decode()


def test_a_meeting_of_another_union_or_a_committee_meeting_does_not_count(world):
    report = made.filed(world.factory, world.chair)
    for meeting in (
        closed(world.factory, world.chair, kind="committee"),
        closed(world.bank, world.stranger, kind="committee"),
    ):
        with pytest.raises(Invalid):
            annual_hearing.hear_at(report, meeting, by=world.chair)
    with pytest.raises(NotAllowed):
        annual_hearing.hear_at(report, closed(world.factory, world.chair, above=world.reviewer), by=world.reviewer)


def test_a_member_of_the_committee_rates_and_asks_by_their_link_without_an_account(world, given):
    client, address = outsider(given.hearers.first())
    page = client.get(address).content.decode()
    assert "李敏" in page and "办好食堂" in page
    assert client.post(address, {"rating": "satisfied"}).status_code == 302
    for _twice in range(2):
        assert client.post(address, {"text": "食堂何时扩建？"}).status_code == 302
    question = AnnualQuestion.objects.get(report=given)
    assert (question.asker, question.due_on) == ("李敏", WorkCalendar().shift(timezone.localdate(), 10))
    annual_hearing.answer(question, "明年三月动工。", by=world.street_staff)
    assert "明年三月动工。" in client.get(address).content.decode()
    assert "明年三月动工。" not in Client().get(annual_hearing.link_of(given.hearers.last())).content.decode()
    tally = annual_hearing.tally_of(given)
    assert (tally.due, tally.rated, tally.content) == (3, 1, 1)


def test_a_link_of_ones_own_making_opens_nothing(world, given):
    hearer = given.hearers.first()
    client, address = outsider(hearer)
    assert client.get(address[:-4] + "AAA/").status_code == 404
    assert client.get(address.replace(f"/{hearer.pk}.", f"/{hearer.pk + 1}.")).status_code == 404


def test_a_draft_is_given_to_nobody_and_nobody_rates_after_the_end(world):
    report = made.written(world.wangjing, world.street_chair)
    with pytest.raises(MoveError):
        annual_hearing.open_hearing(report, ["李敏"], LAST, by=world.street_chair)
    report = annual_hearing.open_hearing(made.filed(world.jianwai, world.person("middle_chair", world.jianwai)), ["甲", "乙"], LAST, by=world.person("middle_chair", world.jianwai))  # fmt: skip
    by = world.person("middle_chair", world.jianwai)
    annual_hearing.rate(report.hearers.first(), "basically")
    with pytest.raises(MoveError, match="2 人中已有 1 人"):
        annual_hearing.end_hearing(report, by=by)
    annual_hearing.rate(report.hearers.last(), "dissatisfied")
    report = annual_hearing.end_hearing(report, by=by)
    assert report.heard_on == timezone.localdate()
    client, address = outsider(report.hearers.first())
    assert "评议已结束" in client.get(address).content.decode()
    assert client.post(address, {"rating": "satisfied"}).status_code == 422


def test_whoever_writes_it_is_told_of_a_question_before_and_after_its_day_once_each(world, given):
    people = (world.street_chair, world.street_staff)
    question = annual_hearing.ask(given, "经费花在哪里？", by=None, hearer=given.hearers.first())
    assert Notice.objects.filter(kind="annual.question_asked").count() == len(people)
    calendar = WorkCalendar()
    near, late = calendar.shift(question.due_on, -1), question.due_on + datetime.timedelta(days=1)
    for day, kind in ((near, "soon"), (late, "late")):
        for _twice in range(2):
            annual_hearing.remind(day, calendar)
        assert Notice.objects.filter(kind=f"annual.question_{kind}", recipient=people[0]).count() == 1


def test_an_open_question_is_a_thing_to_do_and_the_district_finds_it(world, given, sign_in):
    annual_hearing.ask(given, "经费花在哪里？", by=None, hearer=given.hearers.first())
    AnnualQuestion.objects.update(due_on=timezone.localdate() - datetime.timedelta(days=1))
    assert "经费花在哪里？" in sign_in(world.street_chair).get(reverse("unions:home")).content.decode()
    page = sign_in(world.officer).get(url("annual-list"), {"unanswered": "1"}).content.decode()
    assert "共 1 份" in page and world.wangjing.name in page


def heard(world) -> AnnualReport:
    report = AnnualReport.objects.filter(union=world.factory).first() or made.accepted(
        world.factory, world.chair, world.reviewer
    )
    return annual_hearing.hear_at(report, closed(world.factory, world.chair, above=world.reviewer), by=world.chair)


def out(bulletin, by):
    return take(take(take(bulletin, "submit", by=by), "check", by=by), "approve", by=by)


def test_only_what_was_accepted_and_heard_is_published(world, sign_in):
    report = made.accepted(world.factory, world.chair, world.reviewer)
    client, part = sign_in(world.chair), report.sections.get(part__number=4)
    assert "生成公开信息" not in client.get(url("annual", report.pk)).content.decode()
    with pytest.raises(MoveError):
        bulletins.write_from(world.factory, "annual-part", part.pk, by=world.chair)
    heard(world)
    assert f'value="annual-part.{part.pk}"' in client.get(url("annual", report.pk)).content.decode()
    made_of = bulletins.write_from(world.factory, "annual-part", part.pk, by=world.chair)
    assert made_of.item.name_zh == "工会主席述职报告" and "履职情况" in made_of.body and made_of.meeting is not None


def test_it_is_complete_only_when_every_part_is_out(world):
    report = heard(world)
    for section in report.sections.all():
        assert not annual_publishing.complete(AnnualReport.objects.all()).exists()
        out(bulletins.write_from(world.factory, "annual-part", section.pk, by=world.chair), world.chair)
    assert annual_publishing.complete(AnnualReport.objects.all()).get() == report
    accounts = Bulletin.objects.get(source="annual-part", item__category__key="accounts")
    assert "20,000.00" in accounts.body and "年末结余" in accounts.body


def test_the_whole_in_one_bulletin_is_complete_too_and_its_parts_are_not_offered_again(world, sign_in):
    report = heard(world)
    out(bulletins.write_from(world.factory, "annual-report", report.pk, by=world.chair), world.chair)
    assert annual_publishing.complete(AnnualReport.objects.all()).get() == report
    assert 'value="annual-part.' not in sign_in(world.chair).get(url("annual", report.pk)).content.decode()
