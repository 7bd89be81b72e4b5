"""Bulletins: from the draft through check and approval to their end, by whom, for whom, and from which results."""

import datetime
import io
import re
from html import unescape

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from disclosure import bulletins
from disclosure.bulletin_moves import run_punctually, take
from disclosure.catalogue import standing
from disclosure.enums import BulletinState, Readers
from disclosure.models import Bulletin, CatalogueItem
from tests.factories.assemblies import proposal_of
from tests.factories.bulletins import approved, drafted, item_of
from tests.factories.meetings import closed, planned
from tests.factories.votes import meeting_of, motion, opened, tick
from unions.clock import run_round
from unions.models import Event, Notice, Setting
from unions.permissions import Permission as P
from unions.wall import system
from unions.workflow import Invalid, MoveError, NotAllowed, perform

S = BulletinState


def in_days(count: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=count)


def test_a_chair_alone_writes_checks_and_publishes(world):
    made = approved(world.factory, world.chair)
    assert made.state == S.PUBLISHED and made.published_at and made.approved_by == world.chair
    acts = Event.objects.filter(model=Bulletin._meta.label, object_id=made.pk).order_by("pk")
    assert [event.action for event in acts] == [
        "bulletin.write", "bulletin.submit", "bulletin.check", "bulletin.approve", "bulletin.publish"
    ]  # fmt: skip


def test_where_the_district_wants_two_pairs_of_eyes_the_chair_needs_another(world):
    Setting.objects.create(key="bulletin-alone", value=0, effective_from="2020-01-01", basis="test")
    made = take(take(drafted(world.factory, world.chair), "submit", by=world.chair), "check", by=world.chair)
    with pytest.raises(MoveError, match="由您起草"):
        take(made, "approve", by=world.chair)
    by_clerk = take(take(drafted(world.factory, world.clerk), "submit", by=world.clerk), "check", by=world.chair)
    assert take(by_clerk, "approve", by=world.chair).state == S.PUBLISHED


def test_in_a_street_nobody_approves_what_they_wrote(world):
    chair = world.street_chair
    made = take(take(drafted(world.wangjing, chair), "submit", by=chair), "check", by=chair)
    with pytest.raises(MoveError, match="由您起草"):
        take(made, "approve", by=chair)
    by_staff = take(take(drafted(world.wangjing, world.street_staff), "submit", by=chair), "check", by=chair)
    assert take(by_staff, "approve", by=chair).state == S.PUBLISHED


def test_the_clerk_may_not_pass_the_check_and_the_tier_above_may_not_write(world):
    made = take(drafted(world.factory, world.clerk), "submit", by=world.clerk)
    with pytest.raises(NotAllowed):
        take(made, "check", by=world.clerk)
    with pytest.raises(NotAllowed):
        drafted(world.factory, world.street_chair)


def test_what_is_being_checked_does_not_change(world):
    made = take(drafted(world.factory, world.chair), "submit", by=world.chair)
    with pytest.raises(MoveError, match="须先退回"):
        bulletins.edit(made, {"body": "别的"}, by=world.chair)
    returned = take(made, "return", by=world.chair, reason="请补充办理时间")
    assert bulletins.edit(returned, {"body": "每周二办理"}, by=world.chair).body == "每周二办理"


def test_a_number_stops_the_check_until_it_has_a_reason(world):
    made = take(drafted(world.factory, world.chair, body="电话13800138000。"), "submit", by=world.chair)
    with pytest.raises(MoveError, match="还有 1 处"):
        take(made, "check", by=world.chair)
    (finding,) = bulletins.findings_of(made)
    made = bulletins.clear(made, {bulletins.key_of(finding): "工会值班手机，本人书面同意"}, by=world.chair)
    assert "13800138000" not in str(made.cleared), "the number itself is kept nowhere"
    assert not Event.objects.filter(data__icontains="13800138000").exists()
    assert take(made, "check", by=world.chair).state == S.APPROVING


def test_a_reason_holds_for_that_number_alone(world):
    made = drafted(world.factory, world.chair, body="电话13800138000。")
    (finding,) = bulletins.findings_of(made)
    made = bulletins.clear(made, {bulletins.key_of(finding): "值班手机"}, by=world.chair)
    made = bulletins.edit(made, {"body": "值班：13800138000，另：13900139000"}, by=world.chair)
    assert [finding.value for finding in bulletins.uncleared(made)] == ["13900139000"]


def test_an_important_decision_names_the_meeting_that_took_it(world):
    decision = item_of(world.factory, "decisions")
    made = drafted(world.factory, world.chair, item=decision, readers=Readers.MEMBERS)
    with pytest.raises(MoveError, match="须注明"):
        take(made, "submit", by=world.chair)
    made = bulletins.edit(made, {"meeting": planned(world.factory, world.chair, "committee")}, by=world.chair)
    with pytest.raises(MoveError, match="尚未召开"):
        take(made, "submit", by=world.chair)
    held = closed(world.factory, world.chair, kind="committee")
    made = bulletins.edit(made, {"meeting": held}, by=world.chair)
    assert take(made, "submit", by=world.chair).state == S.CHECKING


def test_a_meeting_of_another_union_is_refused(world):
    other = planned(world.hotel, world.neighbour, "committee")
    with pytest.raises(Invalid):
        drafted(world.factory, world.chair, meeting=other)


def test_the_time_limit_follows_the_catalogue_in_working_days(world):
    item = item_of(world.factory)
    made = drafted(world.factory, world.chair, occurred_on=datetime.date(2026, 9, 28))
    assert item.workdays == 10
    assert made.due_on == datetime.date(2026, 10, 16), "National Day week does not count, the working Saturday does"


def test_what_is_scheduled_is_published_by_the_clock_at_its_moment(world):
    moment = timezone.now() + datetime.timedelta(hours=3)
    made = approved(world.factory, world.chair, publish_at=moment)
    assert made.state == S.SCHEDULED
    with system("test"):
        assert run_punctually(timezone.now()) == 0
        assert run_punctually(moment) == 1
        assert run_punctually(moment) == 0, "once"
    made.refresh_from_db()
    assert made.state == S.PUBLISHED and Event.objects.get(object_id=made.pk, action="bulletin.publish").by is None


@pytest.mark.usefixtures("own_rules_only")
def test_the_round_of_a_holiday_night_publishes_too(world):
    saturday = datetime.datetime(2026, 11, 28, 23, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
    made = approved(world.factory, world.chair, publish_at=saturday)
    with time_machine.travel(saturday + datetime.timedelta(minutes=5), tick=False), system("test"):
        assert run_round().counts["done"] == 1
    made.refresh_from_db()
    assert made.state == S.PUBLISHED


def test_after_its_last_day_it_expires(world):
    made = approved(world.factory, world.chair, expires_on=timezone.localdate())
    assert made in Bulletin.objects.published_to_public()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1), tick=False), system("test"):
        assert made not in Bulletin.objects.published_to_public(), "even before the clock comes round"
        assert run_punctually(timezone.now()) == 1
    made.refresh_from_db()
    assert made.state == S.EXPIRED


def test_withdrawn_it_keeps_a_stone_with_the_reason(world):
    made = take(approved(world.factory, world.chair), "withdraw", by=world.chair, reason="数据有误，更正后重新公开")
    assert made.state == S.WITHDRAWN and made.withdrawn_reason == "数据有误，更正后重新公开"
    assert made not in Bulletin.objects.published_to_public()
    assert made in Bulletin.objects.withdrawn_from(Readers.PUBLIC)
    with pytest.raises(Invalid):
        take(approved(world.factory, world.chair), "withdraw", by=world.chair)


def test_only_the_clock_lets_one_expire(world):
    made = approved(world.factory, world.chair)
    with pytest.raises(MoveError):
        perform(made, "expire", by=world.chair)


def test_what_is_for_one_tier_alone_is_not_seen_from_above(world):
    own = drafted(world.factory, world.chair, readers=Readers.TIER)
    others = drafted(world.factory, world.chair, readers=Readers.COMMITTEE)
    seen = lambda user: set(Bulletin.objects.visible_to(user, P.BULLETIN_VIEW))  # noqa: E731
    assert seen(world.chair) == {own, others}
    assert seen(world.street_chair) == seen(world.officer) == {others}
    assert seen(world.stranger) == set()


def test_nobody_above_gets_its_page_list_file_or_programme_answer(world, sign_in):
    own = drafted(world.factory, world.chair, readers=Readers.TIER, title="本级内部事项")
    file = uploaded(own, world.chair)
    client = sign_in(world.street_chair)
    for address in (
        reverse("disclosure:bulletin", args=[own.pk]), reverse("api:bulletin-detail", args=[own.pk]),
        reverse("disclosure:bulletin-file", args=[own.pk, file.pk]),
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
    for address in (reverse("disclosure:bulletin-list"), reverse("api:bulletin-list"), f"{reverse('disclosure:bulletin-list')}?export=xlsx"):  # fmt: skip
        assert "本级内部事项" not in client.get(address).content.decode("utf-8", "replace")


def uploaded(bulletin, by):
    from unions import uploads

    given = SimpleUploadedFile("附件.pdf", b"%PDF-1.4\n%%EOF\n")
    return uploads.receive(given, purpose=bulletins.FILE, union=bulletin.union, by=by, object_id=bulletin.pk)


# Results become bulletins


def test_the_results_of_a_meeting_become_a_draft_without_typing(world):
    meeting = perform(closed(world.factory, world.chair, kind="committee"), "publish", by=world.chair)
    key, _label, rows = next(offer for offer in bulletins.offers(world.factory, world.chair) if offer[0] == "meeting")
    assert rows == [meeting]
    made = bulletins.write_from(world.factory, key, meeting.pk, by=world.chair)
    assert made.meeting == meeting and made.item.is_decision and meeting.title in made.title
    assert "实到6人" in made.body.replace(" ", "") or "6 were present" in made.body
    assert bulletins.write_from(world.factory, key, meeting.pk, by=world.chair) == made, "one result, one bulletin"
    assert "meeting" not in [offer[0] for offer in bulletins.offers(world.factory, world.chair)]


def test_an_answered_proposal_is_published_without_its_proposer(world):
    proposal = proposal_of(world.factory, world.chair, proposer="李四海")
    type(proposal).objects.filter(pk=proposal.pk).update(state="closed", grade="a", answered_on=timezone.localdate())
    made = bulletins.write_from(world.factory, "proposal", proposal.pk, by=world.chair)
    assert "延长食堂供餐时间" in made.body and "李四海" not in made.title + made.body


def test_the_sums_of_a_vote_become_a_draft_with_their_arithmetic(world):
    vote, links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    for link, _token in links:
        tick(vote, link, 1)
    for move in ("close", "count", "announce"):
        vote = perform(vote, move, by=world.chair)
    made = bulletins.write_from(world.factory, "vote", vote.pk, by=world.chair)
    assert "10 ÷ 12 = 83.3%" in made.body and "会员1" not in made.body
    assert made.item.category.key == "decisions" and made.meeting == vote.meeting


def test_a_result_of_another_union_is_not_to_be_had(world):
    meeting = perform(closed(world.hotel, world.neighbour, kind="committee"), "publish", by=world.neighbour)
    with pytest.raises(MoveError):
        bulletins.write_from(world.factory, "meeting", meeting.pk, by=world.chair)


# The catalogue


def test_the_catalogue_says_what_a_union_still_owes(world):
    day = timezone.localdate()
    items = list(CatalogueItem.objects.filter(tier=3))
    wanted = lambda: {str(item) for item, found in standing(world.factory, items, day) if found.is_wanted}  # noqa: E731
    before = wanted()
    accounts = item_of(world.factory, "accounts")
    assert str(accounts) in before and str(item_of(world.factory)) not in before, "what occurs is not owed by itself"
    approved(world.factory, world.chair, item=accounts)
    assert wanted() == before - {str(accounts)}


def test_the_district_edits_the_catalogue_with_its_basis(world, sign_in):
    item = item_of(world.factory)
    values = {
        "tier": 3, "category": item.category_id, "name_zh": item.name_zh, "name_en": item.name_en, "readers": "members",
        "cadence": "occurs", "workdays": 5, "basis": "区总工会2026年决定", "order": 10, "is_active": "on",
    }  # fmt: skip
    assert sign_in(world.officer).post(reverse("disclosure:catalogue-edit", args=[item.pk]), values).status_code == 302
    item.refresh_from_db()
    assert (item.workdays, item.basis) == (5, "区总工会2026年决定")
    made = drafted(world.factory, world.chair, item=item, occurred_on=datetime.date(2026, 11, 2))
    assert made.due_on == datetime.date(2026, 11, 9)


# Pages


def test_a_chair_goes_from_the_draft_to_the_notice_board(world, sign_in):
    client = sign_in(world.chair)
    item = item_of(world.factory)
    values = {
        "item": item.pk, "title": "职工之家开放", "body": "每天开放。", "readers": "public", "channels": ["website", "board"],
        "occurred_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    client.post(reverse("disclosure:bulletin-write", args=[world.factory.pk]), values)
    made = Bulletin.objects.get()
    for move in ("submit", "check", "approve"):
        assert client.post(reverse("disclosure:bulletin-move", args=[made.pk, move])).status_code == 302
    made.refresh_from_db()
    assert made.state == S.PUBLISHED
    given = {"channel": "board", "place": "厂门口", "posted_on": timezone.localdate().isoformat()}
    client.post(reverse("disclosure:bulletin-post", args=[made.pk]), given)
    posting = made.postings.get()
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "JPEG")
    photo = SimpleUploadedFile("公告栏.jpg", picture.getvalue())
    client.post(reverse("disclosure:posting", args=[posting.pk]), {"file": photo, "note": ""})
    assert len(bulletins.proofs_of([posting])[posting.pk]) == 1
    assert client.post(reverse("disclosure:posting-remove", args=[posting.pk])).status_code == 409


def test_the_check_shows_each_finding_marked_and_masked(world, sign_in):
    made = drafted(world.factory, world.clerk, body="电话13800138000。")
    page = sign_in(world.chair).get(reverse("disclosure:bulletin-check", args=[made.pk])).content.decode()
    assert '<mark class="found"' in page and "138*****000" in page


def test_a_change_that_met_another_is_refused(world, sign_in):
    made = drafted(world.factory, world.chair)
    client, address = sign_in(world.chair), reverse("disclosure:bulletin-move", args=[made.pk, "submit"])
    bulletins.edit(made, {"title": "新题目"}, by=world.clerk)
    assert client.post(address, {"revision": made.revision}).status_code == 409


def test_the_list_takes_the_same_number_of_queries_for_one_and_for_many(world, sign_in, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(world.street_chair)
    drafted(world.factory, world.chair)
    client.get(reverse("disclosure:bulletin-list"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("disclosure:bulletin-list"))
    for number in range(15):
        drafted(world.factory, world.chair, title=f"通知{number}")
    with django_assert_num_queries(len(one)):
        client.get(reverse("disclosure:bulletin-list"))


def test_the_late_counted_above_are_exactly_the_rows_behind_their_number(world, sign_in):
    with time_machine.travel("2026-06-10 10:00+08:00"):
        late = drafted(world.factory, world.chair)
    with time_machine.travel("2026-09-10 10:00+08:00"):
        drafted(world.hotel, world.neighbour)
        client = sign_in(world.street_chair)
        page = client.get(reverse("unions:union", args=[world.wangjing.pk]), {"tab": "disclosure"}).content.decode()
        href = next(found for found in re.findall(r'href="([^"]*late=[^"]*)"', page) if "bulletins" in found)
        assert [row.pk for row in client.get(unescape(href)).context["table"].page.object_list.data] == [late.pk]


def test_whoever_comes_next_finds_it_on_the_workbench(world, sign_in):
    chair = world.chair
    take(drafted(world.factory, world.clerk), "submit", by=world.clerk)
    assert "冬季送温暖" in sign_in(chair).get("/").content.decode()
    assert Notice.objects.filter(recipient=chair, kind="bulletin.submitted").count() == 1
