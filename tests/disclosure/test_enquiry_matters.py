"""A matter of a symposium goes on as an enquiry."""

import pytest
from django.urls import reverse

from assemblies.models import Matter
from disclosure.enquiry_matters import hand_over
from disclosure.enums import EnquiryWay
from disclosure.models import Asker, Enquiry, EnquiryTheme
from tests.factories.enquiries import question
from tests.factories.meetings import matter_of
from unions.models import Event
from unions.workflow import MoveError, NotAllowed, perform

pytestmark = pytest.mark.django_db


@pytest.fixture
def matter(world) -> Matter:
    return matter_of(world.factory, world.chair)


def test_it_becomes_an_enquiry_with_a_theme_and_each_page_leads_to_the_other(world, sign_in, matter):
    client, page = sign_in(world.chair), reverse("assemblies:matter", args=[matter.pk])
    there = reverse("disclosure:enquiry-of-matter", args=[matter.pk])
    assert there in client.get(page).content.decode()
    form = client.get(there).context["form"]
    given = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    assert (given["title"], given["text"], given["name"]) == ("增设夜班班车", "夜班职工下班后没有公交。", "赵隐名")
    theme = EnquiryTheme.objects.get(name_zh="休息休假")
    data = {name: value for name, value in given.items() if value} | {"theme": theme.pk}
    assert client.post(there, {**data, "theme": ""}).status_code == 422
    answer = client.post(there, data)
    enquiry = Enquiry.objects.get(matter=matter)
    own = reverse("disclosure:enquiry", args=[enquiry.pk])
    assert answer.url == own
    assert (enquiry.way, enquiry.theme, enquiry.union) == (EnquiryWay.SYMPOSIUM, theme, world.factory)
    assert Asker.objects.get(enquiry=enquiry).name == "赵隐名" and not enquiry.is_publishable
    matter.refresh_from_db()
    assert matter.state == "answered" and enquiry.code in matter.reply
    shown = client.get(page).content.decode()
    assert own in shown and there not in shown and page in client.get(own).content.decode()
    assert set(Event.objects.filter(by=world.chair).values_list("action", flat=True)) >= {
        "enquiry.ask",
        "matter.answer",
    }


def test_it_becomes_one_and_no_more(world, sign_in, matter):
    hand_over(matter, question(), by=world.chair)
    with pytest.raises(MoveError, match="已转为咨询诉求"):
        hand_over(matter, question(), by=world.chair)
    there, client = reverse("disclosure:enquiry-of-matter", args=[matter.pk]), sign_in(world.chair)
    assert "已转为咨询诉求办理" in client.get(there).content.decode()
    theme = EnquiryTheme.objects.first().pk
    again = client.post(there, {"kind": "concern", "theme": theme, "title": "班车", "text": "增设夜班班车"})
    assert again.status_code == 409 and Enquiry.objects.count() == 1


def test_what_is_settled_is_taken_up_again_first(world, matter):
    perform(matter, "answer", by=world.chair, data={"reply": "已增设"})
    settled = perform(Matter.objects.get(pk=matter.pk), "settle", by=world.chair, data={"outcome": "已开通"})
    with pytest.raises(MoveError, match="重新办理"):
        hand_over(settled, question(), by=world.chair)


def test_the_tier_above_sees_both_and_neither_it_nor_a_stranger_hands_over(world, sign_in, matter):
    for person in (world.reviewer, world.neighbour):
        with pytest.raises(NotAllowed):
            hand_over(matter, question(), by=person)
    enquiry = hand_over(matter, question(), by=world.chair)
    page, own = reverse("assemblies:matter", args=[matter.pk]), reverse("disclosure:enquiry", args=[enquiry.pk])
    client = sign_in(world.reviewer)
    assert own in client.get(page).content.decode() and page in client.get(own).content.decode()
    assert sign_in(world.neighbour).get(own).status_code == 404


def test_a_union_to_which_it_is_handed_down_reads_the_enquiry_and_not_the_matter(world, sign_in):
    matter = matter_of(world.wangjing, world.street_chair)
    enquiry = hand_over(matter, question(), by=world.street_chair)
    perform(enquiry, "down", by=world.street_chair, reason="由你单位工会答复", data={"to": world.factory.pk})
    page = sign_in(world.chair).get(reverse("disclosure:enquiry", args=[enquiry.pk]))
    assert page.status_code == 200
    assert reverse("assemblies:matter", args=[matter.pk]) not in page.content.decode()
