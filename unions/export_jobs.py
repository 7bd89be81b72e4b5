"""Long exports as jobs: started by the ticket of a list's button, made with the rights of the moment they run."""

import uuid
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.signing import BadSignature
from django.db import transaction
from django.http import Http404
from django.urls import resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from unions.enums import EventResult, JobState
from unions.jobs import Words, kinds, start_job, words, workplace_for
from unions.kit.exporting import ExportRequest, redeem
from unions.kit.workbooks import watched
from unions.models import Job, User
from unions.services import record
from unions.workflow import MoveError, NotAllowed

EXPORT = "export"


def start(by: User, ticket: str) -> Job:
    """The job that makes a list's workbook; while one for the same list is not over, that one."""
    try:
        path, query, rows = redeem(ticket, by)
    except BadSignature as problem:
        raise MoveError(_("This button is out of date. Open the list again and export it from there.")) from problem
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two clicks, one after the other
        same = Job.objects.filter(by=by, kind=EXPORT, params={"path": path, "query": query})
        if going_on := same.filter(state__in=[JobState.WAITING, JobState.RUNNING]).first():
            return going_on
        union = workplace_for(by, resolve(path).func.permission)
        job = start_job(EXPORT, union=union, by=by, params={"path": path, "query": query}, total=rows)
        data = {"path": path, "query": query, "rows": rows}
        record(union, "file.export", job, by=by, data=data, result=EventResult.READ)
        return job


def make(job: Job, progress: Callable) -> dict:
    """Ask the list's own view for the workbook, as the person is entitled now."""
    user = User.objects.get(pk=job.by_id)
    request, written = ExportRequest(user, job.params["path"], job.params["query"]), 0

    def report(rows: int) -> None:
        nonlocal written
        written = rows
        progress(rows, max(rows, job.total))

    with override(user.language), watched(report):
        name, body = _ask(request)
    job.file.save(f"{uuid.uuid4().hex}.xlsx", ContentFile(body), save=False)
    job.file_name, job.done, job.total = name[:160], written, written
    return {"rows": written}


def _ask(request: ExportRequest) -> tuple[str, bytes]:
    view, args, kwargs = request.resolver_match
    try:
        if not request.user.is_active or (view.permission and not request.user.has_perm(view.permission)):
            raise PermissionDenied
        view(request, *args, **kwargs)
    except (Http404, PermissionDenied) as problem:
        raise NotAllowed(_("You may no longer see this list, so no file was made.")) from problem
    return request.made


def register() -> None:
    """Called once when the app is ready."""
    kinds.add(EXPORT, make)
    words.add(EXPORT, Words(gettext_lazy("Exporting a list"), facts=_facts))


def _facts(job: Job) -> list[tuple[str, str | int]]:
    return [(_("File"), job.file_name), (_("Rows"), job.result.get("rows", 0))]
