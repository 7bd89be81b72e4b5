"""The pages of enquiries: for whoever handles them, and for whoever asks, without an account."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from disclosure import enquiries, pages
from disclosure.enums import EnquiryState
from disclosure.models import Addition, Asker, Enquiry, EnquiryTheme, PublicPage
from tests.factories.enquiries import REPLY, asked, replied
from unions.models import Event, Setting
from unions.tokens import Purpose, make
from unions.workflow import perform

pytestmark = pytest.mark.django_db
S = EnquiryState


@pytest.fixture
def open_page(world) -> PublicPage:
    pages.edit(world.factory, {"contact": "办公电话 010-65099999"}, by=world.chair)
    return pages.set_open(world.factory, True, by=world.chair)


@pytest.fixture
def asker() -> Client:
    return Client(headers={"accept-language": "zh-hans"})


def form(**given) -> dict:
    theme = EnquiryTheme.objects.get(name_zh="工资")
    values = {
        "kind": "concern",
        "theme": theme.pk,
        "title": "加班工资",
        "text": "周末加班没有加班工资。",
        "website": "",
    }
    return {**values, **given}


def address(page: PublicPage) -> str:
    return reverse("disclosure:public-ask", args=[page.slug])


def own(enquiry: Enquiry) -> str:
    return reverse("disclosure:public-enquiry", args=[make(Purpose.ENQUIRY, enquiry.pk, enquiry.link_number)])


# Without an account


def test_somebody_asks_without_a_name_and_is_led_to_their_own_link(world, open_page, asker):
    home = asker.get(reverse("disclosure:public", args=[open_page.slug]))
    assert address(open_page) in home.content.decode()
    response = asker.post(address(open_page), form())
    made = Enquiry.objects.get()
    assert response.url == own(made)
    assert (made.union, made.way, made.state) == (world.factory, "public", S.ASKED) and not Asker.objects.exists()
    page = asker.get(response.url).content.decode()
    assert made.code in page and "周末加班" in page and "office" not in page


def test_the_form_is_kept_by_no_cache_and_the_page_around_it_still_is(
    world, open_page, asker, django_assert_num_queries
):
    first, second = asker.get(address(open_page)), Client().get(address(open_page))
    assert "no-store" in first.headers["Cache-Control"]
    token = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
    assert token.search(first.content.decode())[1] != token.search(second.content.decode())[1]
    home = reverse("disclosure:public", args=[open_page.slug])
    asker.get(home)
    with django_assert_num_queries(0):
        assert not asker.get(home).cookies and "csrf" not in asker.get(home).content.decode()


def test_without_the_token_of_the_page_nothing_is_taken_in(world, open_page):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address(open_page), form()).status_code == 403 and not Enquiry.objects.exists()


def test_a_page_that_was_not_opened_takes_nothing_in(world, open_page, asker):
    pages.set_open(world.factory, False, by=world.chair)
    assert asker.get(address(open_page)).status_code == 404
    assert asker.post(address(open_page), form()).status_code == 404 and not Enquiry.objects.exists()


def test_what_is_missing_is_said_and_what_was_typed_stays(world, open_page, asker):
    response = asker.post(address(open_page), form(text="", title="加班工资"))
    assert response.status_code == 422 and "加班工资" in response.content.decode() and not Enquiry.objects.exists()


def test_a_robot_that_fills_in_everything_is_thanked_and_forgotten(world, open_page, asker):
    assert asker.post(address(open_page), form(website="http://x")).status_code == 200
    assert not Enquiry.objects.exists()


def test_one_network_address_asks_so_often_in_an_hour_whatever_page_it_asks_on(world, open_page, asker):
    Setting.objects.create(key="enquiry-link-hourly", value=2, effective_from=datetime.date(2026, 1, 1), basis="区规")
    other = pages.set_open(world.hotel, True, by=world.neighbour)
    assert [asker.post(address(page), form()).status_code for page in (open_page, other, open_page)] == [302, 302, 429]
    cache.clear()
    refused = asker.post(address(other), form())
    assert refused.status_code == 429 and Enquiry.objects.count() == 2, "a restarted cache forgets nothing"
    assert Client(REMOTE_ADDR="10.9.8.7").post(address(other), form()).status_code == 302


def test_one_page_takes_so_many_in_a_day_from_however_many_addresses(world, open_page):
    Setting.objects.create(key="enquiry-union-daily", value=5, effective_from=datetime.date(2026, 1, 1), basis="区规")
    codes = [Client(REMOTE_ADDR=f"10.0.0.{n}").post(address(open_page), form()).status_code for n in range(6)]
    assert codes == [302] * 5 + [429]


def test_a_link_that_is_not_ours_opens_nothing(world, asker):
    made = asked(world.factory)
    good = own(made)
    assert asker.get(good).status_code == 200
    wrong = reverse("disclosure:public-enquiry", args=[make(Purpose.PROPOSER, made.pk, 1)])
    assert asker.get(wrong).status_code == 404 and asker.get(good[:-2] + "x/").status_code == 404
    enquiries.renew_link(made, by=world.chair)
    assert asker.get(good).status_code == 404


def test_the_asker_reads_the_reply_adds_something_and_rates_it_once(world, asker):
    made = asked(world.factory, name="赵隐名", phone="13911112222")
    assert asker.post(own(made), {"text": "补充：每周六都加班。"}).status_code == 302
    made = perform(Enquiry.objects.get(), "reply", by=world.chair, data=dict(REPLY))
    page = asker.get(own(made)).content.decode()
    assert REPLY["text"] in page and "每周六都加班" in page
    assert "赵隐名" not in page and "1391111" not in page, "whoever gets hold of the link learns no name"
    assert asker.post(own(made), {"satisfaction": "satisfied", "words": "谢谢"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.satisfaction) == (S.CLOSED, "satisfied")
    assert asker.post(own(made), {"satisfaction": "dissatisfied", "words": ""}).status_code == 422, "once"
    assert asker.post(own(made), {"text": "再问一句"}).status_code == 422
    made.refresh_from_db()
    assert made.satisfaction == "satisfied" and Addition.objects.count() == 2


def test_whoever_is_dissatisfied_reopens_it_by_the_same_link(world, asker):
    made = replied(world.factory, world.chair)
    asker.post(own(made), {"satisfaction": "dissatisfied", "words": "没有答到点上"})
    made.refresh_from_db()
    assert (made.state, made.is_reopened) == (S.ASKED, True)
    made = perform(made, "reply", by=world.chair, data=dict(REPLY))
    asker.post(own(made), {"satisfaction": "dissatisfied", "words": ""})
    made.refresh_from_db()
    assert (made.state, made.satisfaction) == (S.CLOSED, "dissatisfied")


def test_the_asker_reads_why_it_was_handed_on_extended_or_not_taken_up(world, asker):
    made = perform(asked(world.factory), "up", by=world.chair, reason="涉及街道救助资金")
    page = asker.get(own(made)).content.decode()
    assert "涉及街道救助资金" in page and world.wangjing.name in page
    perform(made, "decline", by=world.street_chair, reason="请向劳动监察投诉")
    assert "请向劳动监察投诉" in asker.get(own(made)).content.decode()


def test_the_poster_says_that_one_can_ask(world, open_page, sign_in):
    page = sign_in(world.chair).get(reverse("disclosure:public-page-poster", args=[world.factory.pk])).content.decode()
    assert "我要咨询" in page


# With one


def test_the_list_is_found_by_theme_state_and_words_and_exported_as_filtered(world, sign_in):
    asked(world.factory, title="加班工资")
    replied(world.hotel, world.neighbour)
    asked(world.bank)
    client = sign_in(world.street_chair)
    listing = reverse("disclosure:enquiry-list")
    count = lambda **query: len(client.get(listing, query).context["table"].rows)  # noqa: E731
    assert (count(), count(state="answered"), count(q="加班"), count(figure="in_time")) == (2, 1, 1, 1)
    assert count(union=world.hotel.pk) == 1 and count(since="2099-01-01") == 0
    assert client.get(listing, {"export": "xlsx", "state": "answered"}).status_code == 200
    assert len(sign_in(world.chair).get(listing).context["table"].rows) == 1


def test_a_list_of_many_asks_the_database_as_often_as_one_of_few(world, sign_in, django_assert_max_num_queries):
    for _each in range(12):
        asked(world.factory)
    client = sign_in(world.street_chair)
    for view in ("enquiry-list", "enquiry-queue"):
        with django_assert_max_num_queries(30):
            assert client.get(reverse(f"disclosure:{view}"), {"tab": "below"}).status_code == 200


def test_the_queue_has_what_is_due_and_tells_the_tier_above_what_is_late(world, sign_in):
    asked(world.factory, day=datetime.date(2025, 1, 6))
    handed = perform(asked(world.factory), "up", by=world.chair, reason="涉及街道")
    tabs = {name: count for name, _label, count in sign_in(world.chair).get(reverse("disclosure:enquiry-queue")).context["tabs"]}  # fmt: skip
    assert tabs == {"reply": 1, "rating": 0, "above": 1}
    response = sign_in(world.street_chair).get(reverse("disclosure:enquiry-queue"))
    tabs = {name: count for name, _label, count in response.context["tabs"]}
    assert tabs == {"reply": 1, "rating": 0, "below": 1} and list(response.context["page"]) == [handed]


def test_somebody_takes_down_what_was_said_on_the_dialogue_day(world, sign_in):
    client = sign_in(world.chair)
    values = {**form(name="赵隐名"), "way": "dialogue", "union": world.factory.pk, "asked_on": "2026-11-12"}
    values.pop("website")
    response = client.post(reverse("disclosure:enquiry-new"), values)
    made = Enquiry.objects.get()
    assert response.url == reverse("disclosure:enquiry", args=[made.pk]) and made.way == "dialogue"
    page = client.get(reverse("disclosure:dialogue", args=["2026-11"])).content.decode()
    assert made.title in page and "赵隐名" not in page
    assert made.title not in client.get(reverse("disclosure:dialogue", args=["2026-10"])).content.decode()
    assert (
        made.title
        not in sign_in(world.stranger).get(reverse("disclosure:dialogue", args=["2026-11"])).content.decode()
    )
    assert client.get(reverse("disclosure:dialogue", args=["2026-13"])).status_code == 404


def test_the_page_masks_the_asker_and_opens_the_number_for_a_reason(world, sign_in):
    made = asked(world.factory, name="赵隐名字", phone="13911112222")
    here = reverse("disclosure:enquiry", args=[made.pk])
    client = sign_in(world.chair)
    page = client.get(here).content.decode()
    assert "139****2222" in page and "赵隐名字" not in page and "13911112222" not in page
    reveal = reverse("disclosure:enquiry-reveal", args=[made.pk, "phone"])
    assert client.post(reveal, {"reason": ""}).status_code == 422
    assert "13911112222" in client.post(reveal, {"reason": "回电核实"}).content.decode()
    assert sign_in(world.street_chair).get(reveal).status_code == 403
    assert sign_in(world.stranger).get(reveal).status_code == sign_in(world.stranger).get(here).status_code == 404


def test_a_reply_is_written_on_the_page_and_a_stale_page_overwrites_nothing(world, sign_in):
    made = asked(world.factory)
    client, move = sign_in(world.chair), reverse("disclosure:enquiry-move", args=[made.pk, "reply"])
    assert client.post(move, {**REPLY, "revision": 7}).status_code == 409
    assert client.post(move, {"text": "", "signed": "", "revision": 1}).status_code == 422
    assert client.post(move, {**REPLY, "revision": 1}).status_code == 302
    made.refresh_from_db()
    assert made.state == S.ANSWERED
    assert client.post(move, {**REPLY, "revision": 1}).status_code == 409, "sent twice it is one reply"


def test_the_asker_s_link_is_handed_over_on_paper_and_that_is_on_record(world, sign_in):
    made = asked(world.factory)
    client, link = sign_in(world.chair), reverse("disclosure:enquiry-link", args=[made.pk])
    assert own(made) in client.post(link).content.decode()
    assert Event.objects.filter(action="enquiry.show_link", by=world.chair).exists()
    assert own(made) not in client.post(link, {"renew": "1"}).content.decode()


def test_the_district_keeps_the_themes(world, sign_in):
    client = sign_in(world.officer)
    values = {"name_zh": "高温津贴", "name_en": "Heat allowance", "order": 25, "is_active": "on"}
    assert client.post(reverse("disclosure:enquiry-theme-add"), values).status_code == 302
    assert EnquiryTheme.objects.filter(name_zh="高温津贴").exists()
    assert "高温津贴" in client.get(reverse("disclosure:enquiry-theme-list")).content.decode()


# Several at once


def test_several_are_given_a_theme_handed_up_and_down_or_taken_over_at_once(world, sign_in):
    one, two = asked(world.factory, title="加班"), asked(world.factory, title="年假")
    done, foreign = replied(world.factory, world.chair, title="已答复"), asked(world.bank, title="别家的事")
    client, bulk = sign_in(world.chair), reverse("disclosure:enquiry-bulk")
    queue = client.get(reverse("disclosure:enquiry-queue")).content.decode()
    assert all(words in queue for words in ("更改类别", "上交", 'name="ids"')) and "别家的事" not in queue
    assert client.post(bulk, {"action": "up", "tab": "reply"}).status_code == 302, "nothing is ticked"
    chosen = {"ids": [one.pk, two.pk, done.pk, foreign.pk], "tab": "reply"}
    page = client.post(bulk, {**chosen, "action": "up"}).content.decode()
    assert "加班" in page and "年假" in page and "别家的事" not in page and 'name="reason"' in page
    wages = EnquiryTheme.objects.get(name_zh="工资")
    assert client.post(bulk, {**chosen, "action": "theme", "theme": wages.pk, "sure": "1"}).status_code == 302
    for each in (one, two, done):
        each.refresh_from_db()
        assert each.theme == wages
    foreign.refresh_from_db()
    assert foreign.theme != wages
    event = Event.objects.filter(action="enquiry.theme", object_id=one.pk).get()
    assert event.data == {"from": "休息休假", "to": "工资"}
    assert client.post(bulk, {**chosen, "action": "up", "sure": "1"}).status_code == 422, "a reason is demanded"
    told = client.post(
        bulk, {**chosen, "action": "up", "reason": "涉及街道", "sure": "1"}, follow=True
    ).content.decode()
    assert "已办理 2 件" in told and "已答复" in told, "what could not be moved says why"
    assert Enquiry.objects.filter(handler=world.wangjing, state=S.ASKED).count() == 2
    foreign.refresh_from_db()
    assert foreign.handler == world.bank
    street = sign_in(world.street_staff)
    down = {"ids": [one.pk], "action": "down", "to": world.hotel.pk, "reason": "由酒店工会办理", "sure": "1"}
    assert street.post(bulk, down).status_code == 302
    assert (
        street.post(bulk, {"ids": [one.pk], "action": "take", "reason": "街道直接办理", "sure": "1"}).status_code
        == 302
    )
    one.refresh_from_db()
    assert (one.union, one.handler) == (world.hotel, world.wangjing)
    assert street.post(bulk, {"ids": [one.pk], "action": "reply", "sure": "1"}).status_code == 404
