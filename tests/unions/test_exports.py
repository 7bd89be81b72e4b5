"""Exports: a short list at once, a long one as a job with the rights of the moment it runs; one rule for every list."""

import io
from datetime import timedelta

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.factories.disclosure import duty_of, filled
from tests.factories.duties import make_duty, make_rule
from tests.samples.rosters import preview, row_of
from unions import jobs, tasks
from unions.enums import JobState
from unions.kit import exporting, workbooks
from unions.models import Job, RoleAssignment
from unions.services import appoint, edit_union, withdraw

LISTS = {
    "roster": lambda world: reverse("unions:union-list"),
    "duties": lambda world: reverse("unions:duty-list"),
    "board": lambda world: reverse("unions:board"),
    "returns": lambda world: reverse("disclosure:return-list"),
    "history": lambda world: reverse("unions:union-history", args=[world.factory.pk]),
}


@pytest.fixture
def long(monkeypatch):
    """Every list with a row is a long one."""
    monkeypatch.setattr(exporting, "AT_ONCE", 0)


def ticket(client, url, **query) -> str:
    return client.get(url, query).context["export_ticket"]


def start(client, url, **query) -> Job:
    answer = client.post(reverse("unions:export"), {"ticket": ticket(client, url, **query)})
    return Job.objects.get(pk=answer.url.rstrip("/").rpartition("/")[2])


def cells(job) -> list[tuple]:
    with job.file.open("rb") as file:
        return list(openpyxl.load_workbook(io.BytesIO(file.read())).active.iter_rows(values_only=True))


def names(job) -> str:
    return "\n".join(str(cell) for row in cells(job) for cell in row)


def test_a_short_list_is_made_at_once_and_a_long_one_never(world, sign_in, long, monkeypatch):
    client, url = sign_in(world.officer), reverse("unions:union-list")
    answer = client.get(url, {"export": "xlsx", "q": "瑞丰"}, follow=True)
    assert answer.redirect_chain[0][0] == f"{url}?q=%E7%91%9E%E4%B8%B0" and not Job.objects.exists()
    assert "后台" in answer.content.decode(), "it says how to get it"
    monkeypatch.setattr(exporting, "AT_ONCE", 2000)
    page = client.get(url)
    assert "export_ticket" not in page.context and "export=xlsx" in page.context["export_url"]
    assert client.get(url, {"export": "xlsx"})["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("name", LISTS)
def test_every_list_offers_a_job_where_it_is_long(world, sign_in, long, name):
    due = timezone.localdate() - timedelta(days=90)
    make_duty(make_rule(key="late"), world.factory, due=due)
    if name == "returns":
        filled(duty_of(world.factory), world.chair)
    if name == "history":
        edit_union(world.factory, {"members": 240}, by=world.chair)
    client = sign_in(world.officer)
    query = {"figure": "all"} if name == "duties" else {}
    job = jobs.run(start(client, LISTS[name](world), **query).pk)
    assert (job.state, job.error) == (JobState.DONE, "")
    assert job.result["rows"] >= 1 and job.file_name.endswith(".xlsx")
    client.get(reverse("unions:job-file", args=[job.pk])).close()
    job.file.delete(save=False)


def test_the_job_holds_what_was_filtered_and_counts_as_it_goes(world, sign_in, long, monkeypatch):
    monkeypatch.setattr(workbooks, "WATCHED_EVERY", 1)
    seen = []
    monkeypatch.setattr(jobs.cache, "set", lambda key, value, time: seen.append(value[:2]))
    client = sign_in(world.officer)
    job = start(client, reverse("unions:union-list"), q="望")
    assert job.total == 2, "the street and the hotel"
    job = jobs.run(job.pk)
    assert seen == [[1, 2], [2, 2], [2, 2]]
    assert world.hotel.name in names(job) and world.bank.name not in names(job) and "望" in names(job)
    page = client.get(reverse("unions:job", args=[job.pk])).content.decode()
    assert job.file_name in page
    body = b"".join(client.get(reverse("unions:job-file", args=[job.pk])).streaming_content)
    assert body.startswith(b"PK")
    job.file.delete(save=False)


def test_a_grant_withdrawn_before_it_runs_leaves_its_rows_out(world, sign_in, long):
    street = world.street_staff
    appoint(user=street, role="grassroots_staff", union=world.bank, by=None)
    job = start(sign_in(street), reverse("unions:union-list"))
    assert job.total == 4
    withdraw(RoleAssignment.objects.get(user=street, union=world.wangjing), by=world.officer, reason="调离")
    job = jobs.run(job.pk)
    assert world.bank.name in names(job) and world.factory.name not in names(job)
    assert job.result["rows"] == 1
    job.file.delete(save=False)


def test_who_may_see_nothing_any_more_gets_no_file(world, sign_in, long):
    url = reverse("unions:union-list")
    listed, other = start(sign_in(world.reviewer), url), start(sign_in(world.officer), url)
    withdraw(RoleAssignment.objects.get(user=world.reviewer), by=world.officer, reason="调离")
    job = jobs.run(listed.pk)
    assert (job.state, bool(job.file)) == (JobState.FAILED, False)
    assert world.reviewer.notices.get().params["result"] == job.error != ""
    world.officer.is_active = False
    world.officer.save()
    assert jobs.run(other.pk).state == JobState.FAILED, "a disabled account exports nothing"


def test_a_ticket_is_for_whom_it_was_made_and_starts_one_job(world, sign_in, long):
    client, export = sign_in(world.reviewer), reverse("unions:export")
    mine = ticket(client, reverse("unions:union-list"))
    assert client.get(export).status_code == 405
    for answer in (client.post(export, {"ticket": mine}), client.post(export, {"ticket": mine})):
        assert answer.status_code == 302
    assert Job.objects.filter(by=world.reviewer).count() == 1
    for person, given in ((world.stranger, mine), (world.chair, ""), (world.leader, f"{mine}x")):
        assert sign_in(person).post(export, {"ticket": given}).status_code == 409
    assert Job.objects.count() == 1


def test_rows_to_correct_of_a_large_import_are_a_job_too(world, sign_in, long):
    batch = preview(world.officer, row_of(workers=1), row_of(workers=2))
    client, page = sign_in(world.officer), reverse("unions:import", args=[batch.pk])
    assert client.get(reverse("unions:import-errors", args=[batch.pk])).url == page
    job = jobs.run(start(client, page).pk)
    assert (job.state, job.result["rows"]) == (JobState.DONE, 2)
    job.file.delete(save=False)


def test_the_file_goes_after_a_week(world, sign_in, long):
    job = jobs.run(start(sign_in(world.officer), reverse("unions:union-list")).pk)
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        tasks.remove_stale_files()
    job.refresh_from_db()
    assert job.file
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        tasks.remove_stale_files()
    job.refresh_from_db()
    assert not job.file
    client = sign_in(world.officer)
    assert client.get(reverse("unions:job-file", args=[job.pk])).status_code == 404
    assert "已清理" in client.get(reverse("unions:job", args=[job.pk])).content.decode()
