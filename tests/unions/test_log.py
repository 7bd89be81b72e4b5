"""操作日志: the record of acts of one's own scope, filtered, exported; the same cost however long it is."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.own import OWN_APPS
from unions import jobs
from unions.audit_words import sentence
from unions.kit.pagination import BoundedPaginator
from unions.models import Event, User
from unions.services import edit_union, record

PAGE = "/audit/"


@pytest.fixture
def acts(world):
    """One act in each of three unions, and a refusal."""
    edit_union(world.factory, {"members": 250}, by=world.clerk, reason="新发展会员")
    record(world.wangjing, "union.edit", world.wangjing, by=world.street_staff)
    record(world.bank, "union.edit", world.bank, by=world.stranger)
    record(world.factory, "person.reveal", world.factory, by=world.officer, reason="通知", result="read")
    return world


def shown(response) -> list[tuple]:
    return [(event.action, event.union.name) for event in response.context["page"].object_list.data]


def content(job) -> bytes:
    with job.file.open("rb") as file:
        return file.read()


def edits(response) -> set[str]:
    return {name for action, name in shown(response) if action == "union.edit"}


def test_everybody_sees_the_record_of_their_own_scope(acts, sign_in):
    factory, street, bank = acts.factory.name, acts.wangjing.name, acts.bank.name
    assert edits(sign_in(acts.chair).get(PAGE)) == {factory}
    assert edits(sign_in(acts.street_staff).get(PAGE)) == {factory, street}
    assert edits(sign_in(acts.stranger).get(PAGE)) == {bank}
    auditor = acts.person("district_auditor", acts.district)
    assert edits(sign_in(auditor).get(PAGE)) == {factory, street, bank}


def test_it_filters_by_person_subtree_result_record_and_request(acts, sign_in):
    client = sign_in(acts.leader)
    assert edits(client.get(PAGE, {"q": acts.clerk.name})) == {acts.factory.name}
    assert edits(client.get(PAGE, {"q": acts.clerk.username})) == {acts.factory.name}
    assert edits(client.get(PAGE, {"below": acts.wangjing.pk})) == {acts.factory.name, acts.wangjing.name}
    assert edits(client.get(PAGE, {"below": acts.bank.pk})) == {acts.bank.name}
    assert len(edits(client.get(PAGE, {"below": acts.district.pk}))) == 3
    assert ("person.reveal", acts.factory.name) in shown(client.get(PAGE, {"result": "read"}))
    assert edits(client.get(PAGE, {"record": f"unions.Union:{acts.bank.pk}"})) == {acts.bank.name}
    assert shown(client.get(PAGE, {"record": "nonsense"})) == []
    event = Event.objects.filter(action="session.open").latest("pk")
    Event.objects.filter(request_id=event.request_id)
    assert {action for action, _name in shown(client.get(PAGE, {"about": "person"}))} == {"person.reveal"}


def test_a_union_out_of_scope_is_no_filter(acts, sign_in):
    assert shown(sign_in(acts.chair).get(PAGE, {"below": acts.bank.pk})) == []


def test_it_says_who_as_what_and_what_changed(acts, sign_in):
    body = sign_in(acts.leader).get(PAGE, {"q": acts.clerk.name}).content.decode()
    for text in (acts.clerk.name, "基层工会工作人员", "242", "250", "新发展会员", "完成"):
        assert text in body, text


def test_a_long_record_costs_as_much_as_a_short_one_and_is_counted_up_to_a_bound(acts, sign_in, monkeypatch):
    client = sign_in(acts.leader)
    client.get(PAGE)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(PAGE)
        return len(queries), response

    few, _response = cost()
    for n in range(60):
        record(acts.factory, "union.edit", acts.factory, by=acts.clerk, reason=f"{n}")
    many, _response = cost()
    assert many == few
    monkeypatch.setattr(BoundedPaginator, "bound", 55)
    _queries, response = cost()
    assert response.context["page"].paginator.count == 55 and "最近的 55 条" in response.content.decode()


def test_it_leaves_as_a_workbook_through_a_job_and_that_is_recorded(acts, sign_in):
    client = sign_in(acts.street_staff)
    page = reverse("unions:event-export")
    first = client.post(f"{page}?about=union")
    again = client.post(f"{page}?about=union")
    assert first.headers["Location"] == again.headers["Location"], "asked twice, made once"
    asked = Event.objects.get(action="audit.export")
    assert asked.result == "read" and asked.by == acts.street_staff and asked.data["filters"]
    job = jobs.run(asked.object_id)
    cells = [str(cell) for row in load_workbook(BytesIO(content(job))).active.values for cell in row if cell]
    assert any("242 → 250" in cell for cell in cells) and acts.bank.name not in cells
    assert job.result == {"rows": 2}
    assert b"".join(client.get(reverse("unions:job-file", args=[job.pk])))
    assert Event.objects.filter(action="file.download").latest("pk").by == acts.street_staff


def test_an_export_shows_what_its_person_may_see_when_it_runs(acts, sign_in):
    """The right ends between asking and running: there is no workbook, and the job says why."""
    sign_in(acts.street_staff).post(reverse("unions:event-export"))
    job_pk = Event.objects.get(action="audit.export").object_id
    User.objects.get(pk=acts.street_staff.pk).assignments.get().grants.all().delete()
    job = jobs.run(job_pk)
    assert (job.result, bool(job.file), bool(job.error)) == ({}, False, True)


def test_the_history_of_a_union_shows_refusals_and_readings_in_words(acts, sign_in):
    sign_in(acts.clerk).get(reverse("unions:rule-edit", args=[1]))
    body = sign_in(acts.chair).get(reverse("unions:union-history", args=[acts.factory.pk])).content.decode()
    assert "已拒绝" in body and "已查看" in body


def test_every_recorded_act_has_words(world):
    """Whatever the code records by name, the page says in a sentence."""
    named = re.compile(r'"((?:[a-z]+)\.(?:[a-z_]+))"')
    calls = re.compile(r"(?:record|record_account|note|_record|_recorded)\(|action=")
    actions = set()
    for folder in OWN_APPS:
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py"):
            lines = [line for line in path.read_text("utf-8").splitlines() if calls.search(line)]
            actions |= {action for line in lines for action in named.findall(line) if "demo" not in path.parts}
    assert len(actions) > 20
    event = Event(
        union=world.factory, model="unions.Union", object_id=world.factory.pk,
        data={
            "count": 1, "period": "2026Q3", "key": "delegate-number", "role": "grassroots_chair", "name": "王芳",
            "body": "committee", "post": "chair",
        },
    )  # fmt: skip
    wordless = []
    for action in actions:
        event.action = action
        if sentence(event) == action:
            wordless.append(action)
    assert wordless == []
