import datetime
import threading

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from unions import jobs, tasks
from unions.enums import JobState
from unions.jobs import Words
from unions.models import Job, Notice

RAN = []


@pytest.fixture
def kind(monkeypatch):
    """A kind of job for these tests only."""
    RAN.clear()

    def work(job, progress):
        progress(1, 4, "half")
        RAN.append(job.pk)
        if job.params.get("fails"):
            raise ValueError("第 3 行没有编号")
        return {"rows": 4}

    monkeypatch.setitem(jobs.kinds._items, "test", work)
    words = Words(
        "名册导入", facts=lambda job: [("行数", job.result["rows"])], next=lambda job: ("看结果", "/duties/")
    )
    monkeypatch.setitem(jobs.words._items, "test", words)
    return "test"


def start(world, kind, **params):
    return jobs.start_job(kind, union=world.factory, by=world.chair, params=params)


def test_a_job_runs_once_and_keeps_its_result(world, kind):
    job = start(world, kind)
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result, job.percent) == (JobState.DONE, {"rows": 4}, 100)
    assert [job.pk] == RAN


def test_a_failure_says_why(world, kind):
    job = jobs.run(start(world, kind, fails=True).pk)
    assert (job.state, job.error) == (JobState.FAILED, "第 3 行没有编号")


def test_a_job_is_seen_by_whoever_started_it_alone(world, kind, sign_in):
    job = jobs.run(start(world, kind).pk)
    url = reverse("unions:job", args=[job.pk])
    page = sign_in(world.chair).get(url)
    assert page.status_code == 200
    assert page.context["facts"] == [("行数", 4)]
    assert page.context["next"] == ("看结果", "/duties/")
    for user in (world.stranger, world.officer, world.clerk):
        assert sign_in(user).get(url).status_code == 404
        assert list(sign_in(user).get(reverse("unions:job-list")).context["page"]) == []
    assert list(sign_in(world.chair).get(reverse("unions:job-list")).context["page"]) == [job]


def test_the_fragment_asks_again_until_the_job_is_over(world, kind, sign_in):
    job = start(world, kind)
    client, url = sign_in(world.chair), reverse("unions:job", args=[job.pk])
    waiting = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in waiting
    assert "hx-trigger" in waiting
    jobs.run(job.pk)
    assert "hx-trigger" not in client.get(url, headers={"HX-Request": "true"}).content.decode()


def test_the_file_of_a_job_is_a_download_for_its_owner(world, kind, sign_in):
    job = jobs.run(start(world, kind).pk)
    url = reverse("unions:job-file", args=[job.pk])
    assert sign_in(world.chair).get(url).status_code == 404
    job.file.save("x.xlsx", ContentFile(b"PK"), save=False)
    job.file_name = "名册.xlsx"
    job.save()
    response = sign_in(world.chair).get(url)
    assert b"".join(response.streaming_content) == b"PK"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert sign_in(world.stranger).get(url).status_code == 404
    job.file.delete(save=False)


@pytest.mark.parametrize(("fails", "words"), [(False, "办理完成：名册导入"), (True, "办理失败：名册导入")])
def test_whoever_started_it_is_told_once_when_it_is_over(world, kind, sign_in, fails, words):
    job = start(world, kind, fails=fails)
    assert not Notice.objects.exists()
    jobs.run(job.pk)
    jobs.run(job.pk)
    notice = Notice.objects.get()
    assert (notice.recipient, notice.url) == (world.chair, reverse("unions:job", args=[job.pk]))
    assert not notice.deliveries.exists(), "no e-mail for what one has started oneself"
    assert words in sign_in(world.chair).get(reverse("unions:inbox")).content.decode()


def test_who_looks_at_the_finished_job_has_read_its_notice(world, kind, sign_in):
    job = start(world, kind)
    client, url = sign_in(world.chair), reverse("unions:job", args=[job.pk])
    client.get(url)
    other = jobs.run(start(world, kind).pk)
    jobs.run(job.pk)
    sign_in(world.stranger).get(url)
    assert world.chair.notices.unread().count() == 2
    sign_in(world.chair).get(url, headers={"HX-Request": "true"})
    assert [notice.params["job"] for notice in world.chair.notices.unread()] == [other.pk]


def test_a_job_whose_worker_died_is_taken_up_again_and_after_three_times_given_up(world, kind):
    job = start(world, kind)
    long_ago = timezone.now() - datetime.timedelta(minutes=10)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, heartbeat_at=long_ago, attempts=2)
    tasks.resume_jobs()
    job.refresh_from_db()
    assert job.state == JobState.DONE
    lost = start(world, kind)
    Job.objects.filter(pk=lost.pk).update(state=JobState.RUNNING, heartbeat_at=long_ago, attempts=3)
    tasks.resume_jobs()
    lost.refresh_from_db()
    assert lost.state == JobState.FAILED
    assert lost.error
    assert [notice.params["state"] for notice in world.chair.notices.all()] == ["failed", "done"]
    assert [job.pk] == RAN


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_message_do_it_once(kind):
    from tests.factories.unions import DistrictWorld

    job = start(DistrictWorld(), kind)
    barrier = threading.Barrier(2)

    def work():
        barrier.wait()
        try:
            jobs.run(job.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [job.pk] == RAN
