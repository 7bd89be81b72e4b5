"""Whoever is moved or disabled works with the new scope from the next request on, and so does what they left waiting."""

import datetime

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disclosure.models import Return
from tests.factories.disclosure import accepted, duty_of, filled
from tests.samples.rosters import preview, row_of
from unions import import_jobs, jobs
from unions.enums import BatchState
from unions.export_jobs import EXPORT
from unions.models import ImportBatch, Job, RoleAssignment, Union, User
from unions.services import appoint, withdraw

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="unions.backends.TreeBackend")
    return client


def again(client: Client, user) -> Client:
    """Move or not, they sign in anew where the change ended their session."""
    client.force_login(User.objects.get(pk=user.pk), backend="unions.backends.TreeBackend")
    return client


def move(user, role: str, union: Union) -> None:
    for assignment in RoleAssignment.objects.filter(user=user):
        withdraw(assignment, by=None, reason="调离")
    appoint(user=user, role=role, union=union, by=None)


def a_queued_export(user) -> Job:
    return Job.objects.create(
        kind=EXPORT, by=user, union=user.union, params={"path": "/unions/", "query": "export=xlsx"}
    )


def a_finished_export(user) -> Job:
    job = a_queued_export(user)
    job.state, job.file_name, job.finished_at = "done", "名册.xlsx", timezone.now()
    job.file.save("made.xlsx", ContentFile(b"made"))
    return job


def opens(client: Client, address: str) -> bool:
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer)  # read to its end, which closes the file behind it
    return answer.status_code == 200


def test_a_disabled_account_is_out_with_its_next_request_and_its_queued_export_makes_nothing(world):
    user, client = world.street_staff, signed_in(world.street_staff)
    queued, link = a_queued_export(user), reverse("unions:job-file", args=[a_finished_export(user).pk])
    assert opens(client, "/") and opens(client, link)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not opens(client, "/") and not opens(client, link)
    assert (jobs.run(queued.pk).state, bool(Job.objects.get(pk=queued.pk).file)) == ("failed", False)


def test_a_person_who_moves_sees_the_new_unions_and_no_old_ones_with_the_next_request(world):
    user, client = world.street_staff, signed_in(world.street_staff)
    old, new = (reverse("unions:union", args=[union.pk]) for union in (world.factory, world.bank))
    assert opens(client, old) and not opens(client, new)
    move(user, "middle_staff", world.jianwai)
    assert client.get(old).status_code != 200, "the session of before still opens the former union"
    client = again(client, user)
    assert client.get(old).status_code == 404 and opens(client, new)


def test_an_export_that_waited_holds_what_its_person_may_see_when_it_runs(world):
    user = world.street_staff
    queued = a_queued_export(user)
    move(user, "middle_staff", world.jianwai)
    made = jobs.run(queued.pk)
    with made.file.open("rb") as file:
        text = str([[cell.value for cell in row] for row in openpyxl.load_workbook(file).active.iter_rows()])
    assert world.bank.name in text
    assert world.factory.name not in text and world.hotel.name not in text


def test_an_export_made_before_a_move_is_no_longer_handed_out(world):
    user = world.street_staff
    job = a_finished_export(user)
    link = reverse("unions:job-file", args=[job.pk])
    assert opens(signed_in(user), link)
    move(user, "middle_staff", world.jianwai)
    assert not opens(again(Client(), user), link)


def test_a_draft_that_lay_open_when_its_chair_moved_away_is_not_written(world):
    accepted(world.factory, "2026Q2")
    filing = filled(duty_of(world.factory), world.chair)
    client, url = signed_in(world.chair), reverse("disclosure:return-field", args=[filing.duty_id])
    assert client.post(url, {"name": "visits", "value": "7", "revision": filing.revision}).status_code == 200
    before = Return.objects.get(pk=filing.pk)
    move(world.chair, "grassroots_chair", world.hotel)
    given = {"name": "visits", "value": "99", "revision": before.revision}
    assert client.post(url, given).status_code != 200
    assert again(client, world.chair).post(url, given).status_code == 404
    after = Return.objects.get(pk=filing.pk)
    assert (after.figures["visits"], after.revision) == (before.figures["visits"], before.revision)


def test_an_import_confirmed_before_its_clerk_moved_away_writes_nothing(world):
    batch = preview(world.street_staff, row_of(), row_of())
    job = import_jobs.confirm(batch)
    for assignment in RoleAssignment.objects.filter(user=world.street_staff):
        withdraw(assignment, by=None, reason="调离")
    count = Union.objects.count()
    assert jobs.run(job.pk).state == "failed"
    assert Union.objects.count() == count
    assert ImportBatch.objects.get(pk=batch.pk).state != BatchState.DONE


def test_an_appointment_that_ends_by_its_date_ends_what_it_opened(world):
    client, url = signed_in(world.street_staff), reverse("unions:union", args=[world.factory.pk])
    assert opens(client, url)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    for assignment in RoleAssignment.objects.filter(user=world.street_staff):
        assignment.grants.update(ends_on=yesterday)
    assert client.get(url).status_code in (302, 403, 404)
