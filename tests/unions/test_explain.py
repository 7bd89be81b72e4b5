"""为什么看不到: what is missing, what one's appointments reach, who can grant it; never whether a record exists."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.access import plain
from tests.factories.unions import UserFactory
from unions.explain import granters, sentence
from unions.models import RoleAssignment, User
from unions.permissions import Permission
from unions.services import appoint, withdraw

TODAY = timezone.localdate


def page(client, **query) -> str:
    response = client.get(reverse("unions:access"), query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_refusal_leads_to_the_page_and_names_the_right(world, sign_in):
    administrator, client = world.street_chair, sign_in(world.clerk)
    body = client.get(reverse("unions:rule-edit", args=[1])).content.decode()
    assert str(Permission.RULE_EDIT.label) in body
    assert "/access/?why=refused&amp;right=rule_edit" in body and "为什么看不到" in body
    text = page(client, why="refused", right="rule_edit")
    for words in (world.factory.name, "基层工会工作人员", "区总工会工作人员", administrator.name):
        assert words in text, words


def test_a_right_that_is_held_elsewhere_is_said_so(world, sign_in):
    """In scope, but not for this union: the middle tier reviews what is below it, never its own."""
    text = sentence(world.street_chair, Permission.RETURN_REVIEW)
    assert world.wangjing.name in text and "直接下级" in text


def test_what_is_not_there_and_what_is_out_of_scope_lead_to_the_same_page(world, sign_in):
    client = sign_in(world.chair)
    there, missing = (client.get(reverse("unions:union", args=[pk])) for pk in (world.bank.pk, 987654321))
    assert plain(there) == plain(missing) and "/access/?why=hidden&amp;right=union_view" in plain(there)[1]
    text = page(client, why="hidden", right="union_view")
    assert world.bank.name not in text and world.factory.name in text


def test_an_empty_list_leads_to_the_page(world, sign_in):
    body = sign_in(world.chair).get(reverse("unions:union-list"), {"q": "没有这样的工会"}).content.decode()
    assert "/access/?why=empty&amp;right=union_view" in body


def test_the_administrators_of_the_nearest_union_are_named_without_a_telephone_number(world, sign_in):
    world.street_chair.phone, world.street_chair.email = "13812345678", "boss@example.org"
    world.street_chair.save()
    text = page(sign_in(world.clerk), why="refused", right="union_import")
    assert world.street_chair.name in text and "13812345678" not in text and "boss@example.org" not in text
    assert world.officer.name not in text, "the nearest, not everybody above"
    assert [post.user for post in granters(world.street_chair)] == [world.officer]


def test_without_an_appointment_it_says_so_and_whom_to_ask(world, sign_in):
    officer, nobody = world.officer, UserFactory()
    client = sign_in(nobody)
    refused = client.get(reverse("unions:union-list"))
    assert refused.status_code == 403 and "没有任职" in refused.content.decode()
    text = page(client, why="refused", right="union_view")
    assert "没有任职" in text and officer.name in text


@pytest.mark.parametrize("how", ["by its day", "withdrawn"])
def test_an_appointment_that_has_ended_is_named_with_its_day(world, sign_in, how):
    yesterday = TODAY() - datetime.timedelta(days=1)
    person, chair = UserFactory(), world.street_chair
    post = appoint(
        user=person, role="grassroots_staff", union=world.factory, by=None, starts_on=yesterday - datetime.timedelta(9)
    )
    if how == "withdrawn":
        withdraw(post, by=chair, reason="离任")
    else:
        RoleAssignment.objects.filter(pk=post.pk).update(ends_on=yesterday)
        post.grants.update(ends_on=yesterday)
    client = sign_in(User.objects.get(pk=person.pk))
    body = client.get(reverse("unions:union", args=[world.factory.pk])).content.decode()
    assert str(TODAY() if how == "withdrawn" else yesterday) in body
    text = page(client, why="refused", right="union_view")
    assert "已结束" in text and world.factory.name in text and chair.name in text


def test_an_appointment_to_come_says_from_when(world, sign_in):
    person, day = UserFactory(), TODAY() + datetime.timedelta(days=5)
    appoint(user=person, role="grassroots_staff", union=world.factory, by=None, starts_on=day)
    assert str(day) in page(sign_in(person), why="refused", right="union_view")


def test_it_counts_what_an_appointment_reaches(world, sign_in):
    assert "本工会及所辖 2 家" in page(sign_in(world.street_staff), why="empty", right="union_view")


def test_the_api_refuses_with_the_same_sentence_and_the_way_to_the_page(world, sign_in):
    client = sign_in(UserFactory())
    answer = client.get("/api/v1/unions/").json()
    assert "没有任职" in answer["message"] and answer["explain"] == "/access/?why=refused&right=union_view"
    hidden = sign_in(world.chair).get(f"/api/v1/unions/{world.bank.pk}/").json()
    missing = sign_in(world.chair).get("/api/v1/unions/987654321/").json()
    assert hidden == missing and hidden["explain"].startswith("/access/?why=hidden")


def test_made_up_words_in_the_address_explain_nothing_and_break_nothing(world, sign_in):
    page(sign_in(world.chair), why="<script>", right="no_such_right")


@pytest.mark.parametrize(
    ("person", "page"),
    [
        ("street_chair", "disclosure:return-list"),
        ("street_chair", "unions:correction-list"),
        ("chair", "unions:emergency-list"),
        ("officer", "unions:erasure-list"),
        ("chair", "unions:import-list"),
    ],
)
def test_lists_of_either_floor_that_are_empty_lead_to_the_page(world, sign_in, person, page):
    response = sign_in(getattr(world, person)).get(reverse(page))
    assert "/access/?why=" in response.content.decode(), response.status_code
