"""Pages of meetings: a chair plans, calls, holds and closes one; members sign in by the code; others see or do not see."""

import io
import zipfile

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from assemblies import links
from assemblies.duties import ASSEMBLY, record_assembly
from assemblies.matters import raise_matter, remind
from assemblies.models import Attendee, Matter, Meeting
from tests.factories.meetings import called, closed, in_session, planned
from unions.calendar import WorkCalendar
from unions.duties import refresh_totals
from unions.models import Duty, DutyRule, Event, Notice
from unions.workflow import Invalid, perform

pytestmark = pytest.mark.django_db


def page(name: str, *args) -> str:
    return reverse(f"assemblies:{name}", args=args)


@pytest.fixture(autouse=True)
def no_tries():
    cache.clear()


def test_a_chair_plans_the_yearly_assembly_with_what_is_proposed(world, sign_in):
    client = sign_in(world.neighbour)
    assert client.get(page("meeting-plan-anywhere")).url == page("meeting-plan", world.hotel.pk)
    kinds = client.get(page("meeting-plan", world.hotel.pk)).content.decode()
    assert "?kind=members" in kinds and "?kind=delegates" not in kinds
    address = page("meeting-plan", world.hotel.pk) + "?kind=members"
    form = client.get(address).context["form"]
    given = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    answer = client.post(address, {**given, "place": "宴会厅"})
    meeting = Meeting.objects.get(union=world.hotel)
    assert answer.url == page("meeting", meeting.pk)
    assert (
        meeting.agenda.count() >= 6 and meeting.place == "宴会厅" and timezone.localtime(meeting.begins_at).hour == 14
    )
    client.post(page("people-add", meeting.pk), {"people": "张三\n李四,客房部\n王五"})
    assert meeting.attendees.count() == 3
    client.post(page("meeting-move", meeting.pk, "report"), {"revision": meeting.revision})
    meeting.refresh_from_db()
    assert meeting.state == "reported"


def test_the_tier_above_reads_and_decides_and_a_stranger_finds_nothing(world, sign_in):
    meeting = perform(planned(world.factory, world.chair), "report", by=world.chair)
    client = sign_in(world.reviewer)
    assert page("meeting-move", meeting.pk, "approve") in client.get(page("meeting", meeting.pk)).content.decode()
    refused = client.post(page("meeting-move", meeting.pk, "approve"), {"revision": meeting.revision})
    assert refused.status_code == 422
    client.post(
        page("meeting-move", meeting.pk, "approve"), {"revision": meeting.revision, "number": "望工复〔2026〕7号"}
    )
    meeting.refresh_from_db()
    assert meeting.state == "approved"
    assert sign_in(world.stranger).get(page("meeting", meeting.pk)).status_code == 404
    assert meeting.title not in client.get(page("meeting-list") + "?q=nosuch").content.decode()


def test_presence_is_ticked_and_the_quorum_answers_at_once(world, sign_in):
    meeting = in_session(world.factory, world.chair, world.reviewer)
    client = sign_in(world.chair)
    ids = list(meeting.attendees.values_list("pk", flat=True)[:4])
    assert client.post(page("meeting-mark", meeting.pk), {"presence": "present", "ids": ids}).status_code == 302
    quorum = client.get(page("meeting-quorum", meeting.pk))
    assert quorum.context["quorum"].is_met
    fragment = client.post(
        page("meeting-mark", meeting.pk), {"presence": "expected", "ids": ids[:1]}, headers={"HX-Request": "true"}
    )
    assert "hx-swap-oob" in fragment.content.decode()
    assert not client.get(page("meeting-quorum", meeting.pk)).context["quorum"].is_met
    vote = meeting.agenda.get(kind="vote")
    assert client.post(page("agenda-begin", meeting.pk, vote.pk)).status_code == 409
    assert client.post(page("meeting-go-on", meeting.pk), {"reason": ""}).status_code == 422
    client.post(page("meeting-go-on", meeting.pk), {"reason": "防汛值守"})
    assert client.post(page("agenda-begin", meeting.pk, vote.pk)).status_code == 302
    assert "防汛值守" in client.get(page("meeting", meeting.pk)).content.decode()


def test_the_page_of_a_step_says_what_it_means_and_what_is_peculiar_to_this_meeting(world, sign_in):
    meeting = planned(world.factory, world.chair, days=2)
    client = sign_in(world.chair)
    assert "批复前方案不能修改" in client.get(page("meeting-move", meeting.pk, "report")).content.decode()
    assert "一并废弃" in client.get(page("meeting-move", meeting.pk, "cancel")).content.decode()
    meeting = perform(perform(meeting, "report", by=world.chair), "approve", by=world.reviewer, data={"number": "1号"})
    call = client.get(page("meeting-move", meeting.pk, "call")).content.decode()
    assert "应提前5个工作日通知" in call and 'name="reason"' in call


# Without an account


def test_a_member_signs_in_by_the_code_on_the_screen(world, client):
    meeting = in_session(world.factory, world.chair, world.reviewer)
    address = page("sign-in", meeting.pk, links.sign_in_token(meeting))
    assert client.get(address).headers["Referrer-Policy"] == "same-origin"
    answer = client.post(address, {"number": "2", "name": "职工02"})
    assert answer.status_code == 200 and answer.context["person"].number == 2
    assert meeting.attendees.get(number=2).signed_how == "code"
    assert Event.objects.filter(action="attendee.mark", by=None).count() == 1


def test_guessing_names_is_stopped(world, client):
    meeting = in_session(world.factory, world.chair, world.reviewer)
    address = page("sign-in", meeting.pk, links.sign_in_token(meeting))
    for _try in range(10):
        assert client.post(address, {"number": "1", "name": "猜一猜"}).status_code == 422
    assert client.post(address, {"number": "1", "name": "职工01"}).status_code == 429
    assert client.post(address, {"number": "2", "name": "职工02"}).status_code == 200


def test_a_hall_behind_one_address_is_not_stopped_by_slips(world, client):
    meeting = in_session(world.factory, world.chair, world.reviewer)
    Attendee.objects.bulk_create(Attendee(meeting=meeting, number=n, name=f"代表{n}") for n in range(7, 501))
    address = page("sign-in", meeting.pk, links.sign_in_token(meeting))
    for number in range(7, 157):
        assert client.post(address, {"number": number, "name": f"代裱{number}"}).status_code == 422
    assert client.post(address, {"number": 157, "name": "代表157"}).status_code == 200


def test_whoever_knows_a_name_cannot_try_all_numbers_nor_whoever_knows_neither_go_on_for_ever(world, client):
    meeting = in_session(world.factory, world.chair, world.reviewer)
    address = page("sign-in", meeting.pk, links.sign_in_token(meeting))
    for number in range(11, 21):
        assert client.post(address, {"number": number, "name": "职工06"}).status_code == 422
    assert client.post(address, {"number": 6, "name": "职工06"}).status_code == 429
    for number in range(50):
        assert client.post(address, {"number": 100 + number, "name": f"乱猜{number}"}).status_code == 422
    assert client.post(address, {"number": 5, "name": "职工05"}).status_code == 429


def test_a_wrong_or_old_link_tells_nothing(world, client):
    meeting = in_session(world.factory, world.chair, world.reviewer)
    for address in (
        page("sign-in", meeting.pk, "x" * 22),
        page("sign-in", meeting.pk, links.papers_token(meeting)),
        page("papers", meeting.pk, links.sign_in_token(meeting)),
        page("papers", 987654, links.papers_token(meeting)),
    ):
        answer = client.get(address)
        assert answer.status_code == 404 and meeting.title not in answer.content.decode()
    assert client.get(page("papers", meeting.pk, links.papers_token(meeting))).status_code == 200


def test_the_notice_opens_without_an_account_and_shows_no_names(world, client):
    meeting = called(world.factory, world.chair, world.reviewer)
    text = client.get(page("papers", meeting.pk, links.papers_token(meeting))).content.decode()
    assert meeting.title in text and "职工01" not in text


def test_whoever_reported_a_meeting_reads_whose_reply_it_waits_for_and_whoever_decides_does_not(world, sign_in):
    meeting = perform(planned(world.factory, world.chair), "report", by=world.chair)
    words = f"已报{world.wangjing.name}，等待批复"
    assert words in sign_in(world.chair).get(page("meeting", meeting.pk)).content.decode()
    assert words not in sign_in(world.reviewer).get(page("meeting", meeting.pk)).content.decode()


def test_a_plan_that_lies_above_offers_no_changes_and_says_why_not(world, sign_in):
    meeting = perform(planned(world.factory, world.chair), "report", by=world.chair)
    point, client = meeting.agenda.first(), sign_in(world.chair)
    text = client.get(page("meeting", meeting.pk)).content.decode()
    pages = [page(name, meeting.pk) for name in ("meeting-edit", "agenda-add", "meeting-papers")]
    for address in [*pages, page("agenda-edit", meeting.pk, point.pk)]:
        assert address not in text
        answer = client.get(address)
        assert answer.status_code == 409 and "请先撤回" in answer.content.decode()
    assert page("meeting-move", meeting.pk, "withdraw") in text


def test_a_page_whose_time_has_not_come_says_so_and_does_not_blame_somebody_else(world, sign_in):
    answer = sign_in(world.chair).get(page("meeting-notice", planned(world.factory, world.chair).pk))
    assert answer.status_code == 409 and "现在不能办理" in answer.content.decode()


def test_a_link_that_opens_nothing_tells_a_member_to_ask_the_union(client, db):
    answer = client.get(page("papers", 1, "A" * 22))
    assert answer.status_code == 404 and "向发给您链接的工会重新索取" in answer.content.decode()


def test_whoever_is_invited_sees_the_notice_without_seeing_the_union(world, sign_in):
    meeting = planned(world.factory, world.chair, "committee")
    meeting.attendees.filter(number=1).update(account=world.stranger)
    client = sign_in(world.stranger)
    assert client.get(page("meeting-invited", meeting.pk)).status_code == 404, "not called yet"
    perform(meeting, "call", by=world.chair)
    assert client.get(page("meeting-invited", meeting.pk)).status_code == 200
    assert client.get(page("meeting", meeting.pk)).status_code == 404


# Papers it leaves


@pytest.mark.parametrize("kind", ["notice", "attendance", "minutes", "results"])
def test_each_paper_comes_as_word_and_as_pdf(world, sign_in, kind):
    meeting = closed(world.factory, world.chair, world.reviewer)
    client = sign_in(world.chair)
    word = client.get(page("meeting-document", meeting.pk, kind, "docx")).content
    with zipfile.ZipFile(io.BytesIO(word)) as book:
        text = book.read("word/document.xml").decode()
    assert meeting.title in text
    assert ("职工06" in text) == (kind == "attendance")
    assert client.get(page("meeting-document", meeting.pk, kind, "pdf")).content.startswith(b"%PDF")
    assert client.get(page("meeting-document", meeting.pk, "other", "pdf")).status_code == 404


def test_what_people_type_is_text_in_a_paper_whatever_it_looks_like(world, sign_in):
    meeting = closed(world.factory, world.chair, world.reviewer)
    Meeting.objects.filter(pk=meeting.pk).update(
        minutes='#eval("1+1") $ * _ <w:br/> & \x07 结束', title="大会 #panic()"
    )
    client = sign_in(world.chair)
    assert client.get(page("meeting-document", meeting.pk, "minutes", "pdf")).content.startswith(b"%PDF")
    word = client.get(page("meeting-document", meeting.pk, "minutes", "docx")).content
    with zipfile.ZipFile(io.BytesIO(word)) as book:
        assert "&lt;w:br/&gt;" in book.read("word/document.xml").decode()


# Symposiums


def test_a_matter_is_followed_to_its_end(world, sign_in):
    meeting = in_session(world.factory, world.chair, kind="symposium", people=0)
    client = sign_in(world.chair)
    form = client.get(page("matter-add", meeting.pk)).context["form"]
    given = {"title": "增设夜班班车", "owner": "行政部", "due_on": form.initial["due_on"]}
    client.post(page("matter-add", meeting.pk), given)
    matter = Matter.objects.get()
    assert matter.due_on > timezone.localdate() and matter.union == world.factory
    assert client.post(page("matter-move", matter.pk, "answer"), {"revision": 1}).status_code == 422
    client.post(page("matter-move", matter.pk, "answer"), {"revision": 1, "reply": "下月起增开一班"})
    client.post(page("matter-move", matter.pk, "settle"), {"revision": 2, "outcome": "已开通"})
    matter.refresh_from_db()
    assert (matter.state, matter.reply, matter.outcome, matter.ended_on) == (
        "ended",
        "下月起增开一班",
        "已开通",
        timezone.localdate(),
    )
    assert sign_in(world.reviewer).get(page("matter", matter.pk)).status_code == 200
    assert sign_in(world.stranger).get(page("matter", matter.pk)).status_code == 404


def test_whoever_prepares_meetings_is_reminded_once_before_and_once_after_the_day(world):
    meeting = in_session(world.factory, world.chair, kind="symposium", people=0)
    today, calendar = timezone.localdate(), WorkCalendar()
    matter = raise_matter(meeting, {"title": "x", "owner": "行政部", "due_on": today}, by=world.chair)
    assert remind(today, calendar) == 1 and remind(today, calendar) == 0
    later = calendar.shift(today, 3)
    assert remind(later, calendar) == 1 and remind(later, calendar) == 0
    assert set(Notice.objects.filter(recipient=world.chair).values_list("kind", flat=True)) == {
        "matter.soon",
        "matter.late",
    }
    with pytest.raises(Invalid):
        perform(matter, "answer", by=world.chair)


# Lists, API


def test_the_list_of_the_tier_above_holds_its_own_unions_and_costs_the_same_for_many(
    world, sign_in, django_assert_max_num_queries
):
    for union, by in ((world.factory, world.chair), (world.hotel, world.neighbour), (world.bank, world.stranger)):
        planned(union, by, "committee", people=0)
    client = sign_in(world.reviewer)
    with django_assert_max_num_queries(16):
        found = client.get(page("meeting-list"))
    assert {row.record.union_id for row in found.context["page"].object_list} == {world.factory.pk, world.hotel.pk}
    assert client.get(page("meeting-list") + "?export=xlsx").status_code == 200
    api = client.get(reverse("api:meeting-list")).json()
    assert api["count"] == 2
    one = client.get(reverse("api:meeting-detail", args=[api["results"][0]["id"]])).json()
    assert one["agenda"] and one["quorum"]["due"] == 0


def test_a_tab_of_the_unions_page_says_who_met_out_of_the_totals_of_the_duty(world, sign_in):
    """The number leads to exactly those unions; the first tab does not ask for it."""
    today = timezone.localdate()
    rule = DutyRule.objects.get(key=ASSEMBLY)
    for union in (world.factory, world.hotel):
        Duty.objects.create(
            rule=rule, union=union, period=str(today.year), opens_on=today, due_on=today, last_day=today
        )
    record_assembly(closed(world.factory, world.chair, world.reviewer, kind="members"))
    refresh_totals(rule.pk, str(today.year), [world.wangjing.pk])
    client = sign_in(world.reviewer)
    address = reverse("unions:union", args=[world.wangjing.pk])
    first = client.get(address)
    assert 'href="?tab=assemblies"' in first.content.decode()
    tab = client.get(address, {"tab": "assemblies"})
    template = "assemblies/cards/meetings.html"
    assert template in {used.name for used in tab.templates} - {used.name for used in first.templates}
    card = next(card for card in tab.context["cards"]["main"] if card["template"] == template)
    met = card["lines"][0]
    assert (met.part, met.whole) == (1, 2)
    assert client.get(met.href).context["table"].paginator.count == 1
    assert client.get(address, {"tab": "nothing"}).context["tab"] == ""
