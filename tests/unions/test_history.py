import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from unions.audit_words import changes, sentence
from unions.models import Event, Union
from unions.services import edit_union, record


@pytest.fixture
def read(sign_in):
    def _read(person, union, **query):
        return sign_in(person).get(reverse("unions:union-history", args=[union.pk]), query)

    return _read


def shown(response):
    return [event.action for event in response.context["page"].object_list.data]


def test_the_history_tells_who_changed_what(world, read):
    edit_union(world.factory, {"members": 250, "has_sign": True}, by=world.clerk, reason="新发展会员")
    body = read(world.chair, world.factory).content.decode()
    for text in (world.clerk.name, "242", "250", "新发展会员"):
        assert text in body


def test_phone_numbers_stay_masked_in_the_history_and_its_workbook(world, read):
    edit_union(world.factory, {"chair_phone": "13812345678"}, by=world.clerk)
    edit_union(Union.objects.get(pk=world.factory.pk), {"chair_phone": "13987654321"}, by=world.clerk)
    response = read(world.officer, world.factory)
    assert "13812345678" not in response.content.decode() and "138****5678" in response.content.decode()
    event = Event.objects.filter(action="union.edit").first()
    assert [(c.old, c.new) for c in changes(event)] == [("138****5678", "139****4321")]


def test_choices_days_and_blanks_read_as_words(world):
    edit_union(world.factory, {"kind": "joint", "founded_on": datetime.date(2020, 5, 1)}, by=world.officer)
    found = {c.label: (c.old, c.new) for c in changes(Event.objects.get(action="union.edit"))}
    assert ("2020-05-01") in [new for _old, new in found.values()]
    assert str(Union(kind="joint").get_kind_display()) in [new for _old, new in found.values()]


@pytest.mark.parametrize(("person", "status"), [("chair", 200), ("reviewer", 200), ("leader", 200), ("stranger", 404)])
def test_who_may_read_it(world, read, person, status):
    assert read(getattr(world, person), world.factory).status_code == status


def test_it_filters_by_person_matter_and_day(world, read):
    edit_union(world.factory, {"members": 250}, by=world.clerk)
    record(world.factory, "person.reveal", world.factory, by=world.officer, reason="通知")
    assert shown(read(world.officer, world.factory, about="person")) == ["person.reveal"]
    assert shown(read(world.officer, world.factory, q=world.clerk.name, about="union")) == ["union.edit"]
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert shown(read(world.officer, world.factory, since=tomorrow.isoformat())) == []
    assert shown(read(world.officer, world.factory, about="unknown")) == [], "a made-up filter never shows more"


def test_a_long_history_costs_as_much_as_a_short_one(world, read, sign_in):
    edit_union(world.factory, {"members": 1, "women_members": 0}, by=world.clerk)
    read(world.officer, world.factory)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            read(world.officer, world.factory)
        return len(queries)

    few = cost()
    for n in range(20):
        edit_union(Union.objects.get(pk=world.factory.pk), {"members": 300 + n}, by=world.clerk)
    assert cost() == few


def test_the_history_leaves_as_a_workbook(world, read):
    from io import BytesIO

    from openpyxl import load_workbook

    edit_union(world.factory, {"members": 250}, by=world.clerk, reason="=1+1")
    response = read(world.officer, world.factory, export="xlsx", about="union")
    assert response.headers["Content-Disposition"].startswith("attachment")
    cells = [str(cell) for row in load_workbook(BytesIO(response.content)).active.values for cell in row if cell]
    assert any("242 → 250" in cell for cell in cells) and "'=1+1" in cells


def test_every_act_of_the_ground_floor_has_a_sentence(world):
    for action in ("union.edit", "union.merge", "assignment.give", "account.create", "person.reveal", "duty.waive"):
        event = record(
            world.factory, action, world.factory, by=world.officer, data={"role": "grassroots_chair", "user": "李敏"}
        )
        assert sentence(event) != action


def test_an_act_that_nobody_worded_shows_its_name_and_breaks_nothing(world, read):
    record(world.factory, "mystery.act", world.factory, by=None)
    assert "mystery.act" in read(world.officer, world.factory).content.decode()
