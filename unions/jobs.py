"""Long work: a row that people watch, a Celery task that does it, resumed when a worker dies.

An app registers a kind with its function `run(job, progress) -> dict`; the dict is the job's result. The function runs
again from the start after a crash, so it must be safe to run twice.
"""

import contextlib
import errno
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from unions import wall
from unions.enums import JobState
from unions.kit.registry import Registry
from unions.kit.tracing import trace, tracing
from unions.models import Job, Notice, Union, User
from unions.notices import notify
from unions.permissions import Permission
from unions.settingbook import held, setting
from unions.workflow import NotAllowed

log = logging.getLogger(__name__)

Progress = Callable[..., None]
kinds: Registry[Callable[[Job, Progress], dict | None]] = Registry("job kind")


@dataclass(frozen=True)
class Words:
    """How a kind of job reads on its page: its title, what came of it, and where to go when it is over."""

    title: str
    facts: Callable[[Job], list[tuple[str, Any]]] | None = None
    next: Callable[[Job], tuple[str, str] | None] | None = None  # (label, address)
    stages: Mapping[str, str] = field(default_factory=dict)  # what `progress` calls its stages → what people read


words: Registry[Words] = Registry("words of a job kind")

STRANDED_AFTER = timedelta(minutes=3)
ATTEMPTS = 3


def workplace_for(user: User, permission: Permission | None) -> Union:
    """The union in whose name the person works: the highest at which the permission, or any, was granted."""
    ids = [grant.union_id for grant in user.grants if permission in (None, grant.permission)]
    return Union.objects.filter(pk__in=ids).order_by("path")[0]


def start_job(kind: str, *, union: Union, by: User, params: dict, total: int = 0) -> Job:
    """Write the job with the caller's transaction and hand it to a worker once that commits."""
    if kind not in kinds:
        raise KeyError(kind)
    origin = trace()
    job = Job.objects.create(
        kind=kind, union=union, by=by, params=params, total=total, request_id=origin.request_id, address=origin.address
    )
    transaction.on_commit(partial(_send, job.pk))
    return job


def _send(pk: int) -> None:
    from unions.tasks import run_job

    try:
        run_job.delay(pk)
    except Exception:  # the broker is down: the clock's sweep finds the row (unions.tasks.resume_jobs)
        log.warning("job %s waits for the sweep", pk, exc_info=True)


def run(pk: int) -> Job | None:
    """Do a job. A second worker that gets the same message finds the lock taken and leaves it alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(7401, %s)", [pk])
        if not cursor.fetchone()[0]:
            return None
    try:
        with wall.system("takes up a job"):
            job = Job.objects.select_related("by", "union").get(pk=pk)
        with tracing(job.request_id, job.address):
            return _run(job)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(7401, %s)", [pk])


def _run(job: Job) -> Job:
    if job.is_over:
        return job
    with wall.system("starts a job"):
        Job.objects.filter(pk=job.pk).update(
            state=JobState.RUNNING, attempts=F("attempts") + 1, heartbeat_at=timezone.now(), done=0
        )
        given = wall.pass_of(job.by, why=f"job {job.pk} {job.kind}")

    def progress(done: int, total: int | None = None, stage: str = "") -> None:
        job.done = done
        job.total = job.total if total is None else total
        job.stage = stage or job.stage
        # Through the cache: the work's own transaction would hide it until the end.
        with contextlib.suppress(RedisError):  # nobody sees how far it has come; the work goes on
            cache.set(_progress_key(job.pk), [job.done, job.total, job.stage], 3600)

    try:
        with wall.under(given), held():
            _demand_rights(job)
            job.result = kinds[job.kind](job, progress) or {}
        job.state, job.error = JobState.DONE, ""
    except Exception as problem:
        log.exception("job %s (%s) failed", job.pk, job.kind)
        job.state, job.error = JobState.FAILED, _said(problem)
    job.finished_at = timezone.now()
    with wall.system("ends a job"), transaction.atomic():
        job.save(
            update_fields=["result", "state", "error", "finished_at", "file", "file_name", "done", "total", "stage"]
        )
        _tell(job)
    return job


def _said(problem: Exception) -> str:
    if isinstance(problem, OSError) and problem.errno == errno.ENOSPC:
        return _("The server has no room for the file just now. Nothing was kept; try again later.")
    return str(problem)[:2000] or type(problem).__name__


def _tell(job: Job) -> None:
    """One notice to whoever started it, that it is over and where its result is; no e-mail."""
    params = {"kind": job.kind, "job": job.pk, "state": job.state, "result": job.error[:200] or job.file_name}
    url = reverse("unions:job", args=[job.pk])
    notify([job.by], "job", union=job.union, params=params, url=url, key=_notice_key(job), mail=False)


def _notice_key(job: Job) -> str:
    return f"job.{job.pk}"


def seen(job: Job) -> None:
    """Whoever looks at the finished job needs no notice of it any more."""
    if job.is_over:
        Notice.objects.unread().filter(recipient=job.by_id, key__startswith=f"{_notice_key(job)}:").update(
            read_at=timezone.now()
        )


def _demand_rights(job: Job) -> None:
    """A job works with the rights that its person has now, not when it was started; each kind asks for its own."""
    if not job.by.is_active:
        raise NotAllowed(_("The account that started this has been disabled in the meantime."))
    if not job.by.grants:
        raise NotAllowed(_("The person who started this has no appointment any more."))


def _progress_key(pk: int) -> str:
    return f"job-progress:{pk}"


def refresh_progress(job: Job) -> Job:
    """Read how far a running job has come."""
    with contextlib.suppress(RedisError):
        if job.state == JobState.RUNNING and (seen := cache.get(_progress_key(job.pk))):
            job.done, job.total, job.stage = seen
    return job


def title(job: Job) -> str:
    return title_of(job.kind, job.pk)


def title_of(kind: str, pk: int) -> str:
    return str(known.title) if (known := words.get(kind)) else _("Job %(number)d") % {"number": pk}


def stage(job: Job) -> str:
    known = words.get(job.kind)
    return str(known.stages.get(job.stage, "")) if known else ""


def facts(job: Job) -> list[tuple[str, Any]]:
    """What came of a finished job, as label and value."""
    known = words.get(job.kind)
    return known.facts(job) if known and known.facts and job.state == JobState.DONE else []


def next_page(job: Job) -> tuple[str, str] | None:
    known = words.get(job.kind)
    return known.next(job) if known and known.next and job.is_over else None


def give_up() -> int:
    """Jobs whose worker died at each attempt: failed, so that whoever waits is told and can start anew."""
    limit = timezone.now() - STRANDED_AFTER
    dead = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=limit, attempts__gte=ATTEMPTS)
    free = []
    with connection.cursor() as cursor:
        for pk in dead.values_list("pk", flat=True):
            cursor.execute("SELECT pg_try_advisory_lock(7401, %s)", [pk])
            if cursor.fetchone()[0]:  # nobody is at it
                cursor.execute("SELECT pg_advisory_unlock(7401, %s)", [pk])
                free.append(pk)
    lost = Job.objects.filter(pk__in=free, state=JobState.RUNNING).select_related("by", "union")
    with transaction.atomic():
        jobs = list(lost.select_for_update(of=("self",), no_key=True))
        for job in jobs:
            job.state, job.finished_at = JobState.FAILED, timezone.now()
            job.error = _("The work was interrupted three times. Please start it again.")
            job.save(update_fields=["state", "error", "finished_at"])
            _tell(job)
    return len(jobs)


def stranded() -> list[int]:
    """Jobs that no worker has touched for a while: lost with their worker or never delivered."""
    limit = timezone.now() - STRANDED_AFTER
    waiting = Job.objects.filter(state=JobState.WAITING, created_at__lt=limit)
    silent = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=limit)
    return list((waiting | silent).filter(attempts__lt=ATTEMPTS).values_list("pk", flat=True))


def remove_old_files() -> int:
    """Files that jobs made go after the days that the district sets: they hold personal data."""
    limit = timezone.now() - timedelta(days=setting("export-days"))
    old = Job.objects.filter(finished_at__lt=limit).exclude(file="")
    for job in old:
        job.file.delete(save=False)
        job.save(update_fields=["file"])
    return len(old)
