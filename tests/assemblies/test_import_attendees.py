"""The list of people due comes in as a table: for the one meeting that is being prepared, previewed, undone if need be."""

import pytest
from django.core.files.base import ContentFile

from assemblies.models import Attendee
from tests.factories.meetings import called, in_session, planned
from unions import import_jobs
from unions.importing import importers
from unions.models import ImportBatch

pytestmark = pytest.mark.django_db
HEAD = "姓名,部门,职务,身份,会议编号"


def quiet(*args):
    return None


def read(user, *rows) -> ImportBatch:
    file = ContentFile("\n".join([HEAD, *rows]).encode(), name="名单.csv")
    batch = import_jobs.take_in(importers["attendees"], file, by=user, name="名单.csv")
    return import_jobs.read(batch, quiet)


def problems(batch) -> set[str]:
    return {given["code"] for row in batch.rows.all() for given in row.problems if given["level"] == "error"}


def test_people_come_onto_the_list_of_the_one_meeting_being_prepared(world):
    meeting = planned(world.factory, world.chair, people=0)
    batch = import_jobs.commit(read(world.chair, "张三,一车间,班长,应到,", "李四,二车间,,列席,"), quiet)
    assert batch.counts["applied"] == {"created": 2, "changed": 0}
    assert list(meeting.attendees.values_list("number", "name", "group", "post", "has_vote")) == [
        (1, "张三", "一车间", "班长", True), (2, "李四", "二车间", "", False),
    ]  # fmt: skip


def test_a_second_file_changes_who_is_there_and_adds_who_is_not_and_can_be_undone(world):
    meeting = planned(world.factory, world.chair, people=0)
    import_jobs.commit(read(world.chair, "张三,一车间,班长,应到,"), quiet)
    batch = import_jobs.commit(read(world.chair, "张三,一车间,车间主任,应到,", "王五,,,,"), quiet)
    assert batch.counts["applied"] == {"created": 1, "changed": 1}
    assert meeting.attendees.get(name="张三").post == "车间主任"
    import_jobs.take_back(batch, quiet)
    assert list(meeting.attendees.values_list("name", "post")) == [("张三", "班长")]


def test_which_meeting_is_meant_must_be_clear_and_ones_own(world):
    foreign = planned(world.bank, world.stranger, people=0)
    assert problems(read(world.chair, "张三,,,,")) == {"meeting_open"}
    first = planned(world.factory, world.chair, "committee", people=0)
    planned(world.factory, world.chair, "symposium", people=0)
    assert problems(read(world.chair, "张三,,,,")) == {"meeting_open"}
    assert problems(read(world.chair, f"张三,,,,{foreign.pk}")) == {"meeting_unknown"}
    assert problems(read(world.chair, f"张三,,,,{first.pk}", f"张三,,,,{first.pk}")) == {"doubled_person"}
    assert not Attendee.objects.exists()


def test_a_meeting_that_has_begun_takes_no_list_any_more(world):
    meeting = called(world.factory, world.chair, world.reviewer, days=0)
    batch = read(world.chair, "张三,,,,")
    type(meeting).objects.filter(pk=meeting.pk).update(state="open")
    assert import_jobs.commit(batch, quiet).state == "expired"
    in_session(world.factory, world.chair, world.reviewer)
    assert problems(read(world.chair, "张三,,,,")) == {"meeting_open"}
