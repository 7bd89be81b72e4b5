"""The board of hot topics, the card and things to do, and enquiries in the API: numbers lead to their rows, nobody is named."""

import datetime
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assemblies.enums import Satisfaction
from disclosure import enquiries
from disclosure.enquiry_board import HotTopics
from disclosure.enquiry_lists import Queue
from disclosure.models import Enquiry, EnquiryTheme
from tests.factories.enquiries import REPLY, asked, replied

pytestmark = pytest.mark.django_db


def theme(name: str) -> EnquiryTheme:
    return EnquiryTheme.objects.get(name_zh=name)


@pytest.fixture
def several(world):
    """Wages twice in one street and once in the other, leave once, and once in the span before."""
    today = timezone.localdate()
    wages = {"theme": theme("工资"), "name": "赵隐名"}
    asked(world.factory, **wages)
    asked(world.hotel, **wages)
    asked(world.bank, **wages)
    enquiries.rate(replied(world.factory, world.chair), Satisfaction.SATISFIED, by=world.chair)
    asked(world.factory, day=today - datetime.timedelta(days=40), **wages)


def test_topics_are_counted_by_theme_and_place_beside_the_span_before(world, several):
    board = HotTopics(world.officer, timezone.localdate(), 30)
    assert [(str(topic.theme.name_zh), topic.count, topic.before) for topic in board.topics] == [
        ("工资", 3, 1),
        ("休息休假", 1, 0),
    ]
    assert [place.name for place in board.places] == [world.wangjing.name, world.jianwai.name]
    assert [cell.count for cell in board.topics[0].cells] == [2, 1]
    street = HotTopics(world.street_chair, timezone.localdate(), 30)
    assert [place.pk for place in street.places] == [world.factory.pk, world.hotel.pk]
    assert [topic.count for topic in street.topics] == [2, 1]
    assert HotTopics(world.stranger, timezone.localdate(), 30).topics[0].count == 1, "their own union's alone"


def test_each_number_of_the_board_leads_to_exactly_its_rows(world, several, sign_in):
    client = sign_in(world.officer)
    page = client.get(reverse("disclosure:enquiry-board"), {"days": "30"})
    board, counts, links = (page.context[name] for name in ("board", "counts", "links"))
    pairs = [(topic.count, topic.href) for topic in board.topics]
    pairs += [(cell.count, cell.href) for topic in board.topics for cell in topic.cells]
    pairs += [(counts[name], href) for name, href in links.items()]
    assert all(len(client.get(href).context["table"].rows) == count for count, href in pairs)
    assert "赵隐名" not in page.content.decode() and (counts["satisfied"], counts["rated"]) == (1, 1)


def test_the_workbook_of_the_board_says_the_same(world, several, sign_in):
    response = sign_in(world.officer).get(reverse("disclosure:enquiry-board"), {"export": "xlsx", "days": "30"})
    rows = list(load_workbook(BytesIO(b"".join(response) if response.streaming else response.content)).active.values)
    assert [row[:5] for row in rows if row[0] == "工资"] == [("工资", 3, 1, 2, 1)]


def late_of(world) -> int:
    """What of the fixture is past its day by now."""
    return (
        Enquiry.objects.overdue(timezone.localdate()).filter(middle=world.wangjing).exclude(union=world.hotel).count()
    )


def test_the_union_s_page_and_the_workbench_show_what_waits(world, several, sign_in):
    client = sign_in(world.chair)
    page = client.get(reverse("unions:union", args=[world.factory.pk]), {"tab": "disclosure"}).content.decode()
    assert "figure=satisfied" in page and "figure=in_time" in page
    assert reverse("disclosure:enquiry-queue") in client.get(reverse("unions:home")).content.decode()
    asked(world.hotel, day=datetime.date(2025, 1, 6), title="拖了很久的事")
    urgent = Queue(world.street_chair).most_urgent()
    assert [(one.title, one.is_ours, one.count) for one in urgent] == [("拖了很久的事", False, 1 + late_of(world))]
    mine = Queue(world.chair).most_urgent()
    assert [(one.is_ours, one.count) for one in mine] == [(True, 2)]


def test_the_api_lists_replies_and_names_nobody(world, several, sign_in):
    client = sign_in(world.chair)
    listed = client.get("/api/v1/enquiries/").json()["results"]
    assert len(listed) == 3 and "赵隐名" not in str(listed)
    made = Enquiry.objects.filter(union=world.factory, state="asked").first()
    one = client.get(f"/api/v1/enquiries/{made.pk}/").json()
    assert "reply" in one["moves"] and "asker" not in one
    move = f"/api/v1/enquiries/{made.pk}/reply/"
    body = {**REPLY, "revision": 1}
    assert sign_in(world.street_chair).post(move, body, content_type="application/json").status_code == 403
    assert sign_in(world.stranger).post(move, body, content_type="application/json").status_code == 404
    answer = sign_in(world.chair).post(move, body, content_type="application/json")
    assert answer.status_code == 200 and answer.json()["replies"][0]["text"] == REPLY["text"]
    assert sign_in(world.chair).post(move, body, content_type="application/json").status_code == 409
