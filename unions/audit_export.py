"""The record of acts as a workbook, and its check on demand: jobs that people start and watch."""

from collections.abc import Iterator

from django.core.files import File
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from unions import seals, watch
from unions.audit_tables import LogFilters, LogTable
from unions.audit_words import fault_in_words
from unions.enums import EventResult, JobState
from unions.exports import lead
from unions.jobs import Words, kinds, start_job, words
from unions.kit.filters import clean_query
from unions.kit.workbooks import Out, write_table
from unions.models import Event, Job, Union, User
from unions.permissions import Permission
from unions.services import record
from unions.wall import system

EXPORT, CHECK = "audit.export", "audit.check"
MOST = 200_000


@transaction.atomic
def start(user: User, query: QueryDict) -> Job:
    """Hand the export to a worker. The same one asked for twice while it runs is one job."""
    params = {"query": clean_query(query).removeprefix("?")}
    running = Job.objects.filter(by=user, kind=EXPORT, params=params, state__in=[JobState.WAITING, JobState.RUNNING])
    if found := running.first():
        return found
    filtered = LogFilters(query, Event.objects.none(), user=user)
    job = start_job(EXPORT, union=user.union, by=user, params=params)
    record(
        user.union, EXPORT, job, by=user, result=EventResult.READ, data={"filters": filtered.in_words(), **params}
    )  # fmt: skip
    return job


@transaction.atomic
def start_check(user: User) -> Job:
    """Seal and check now, as a job."""
    district = Union.objects.district()
    job = start_job(CHECK, union=district, by=user, params={})
    record(district, CHECK, job, by=user)
    return job


def _export(job: Job, progress) -> dict:
    with override(job.by.language):
        events = Event.objects.visible_to(job.by, Permission.EVENT_VIEW)
        filtered = LogFilters(
            QueryDict(job.params["query"]), events.select_related("by", "union", "assignment__union"), user=job.by
        )
        queryset = filtered.qs.order_by("-at", "-pk")
        count = queryset[: MOST + 1].count()
        top = lead(filtered.in_words())
        if count > MOST:
            top.append(_("The newest %(count)s entries; older ones by filtering for days.") % {"count": MOST})
        title = _("Record of acts")
        rows = _rows(queryset[:MOST], progress, min(count, MOST))
        with write_table(rows, _columns(), sheet=title, title=title, lead=top) as file:
            job.file_name = f"{title}_{timezone.localdate():%Y%m%d}.xlsx"
            job.file.save(f"events-{job.pk}.xlsx", File(file), save=False)
        return {"rows": min(count, MOST)}


def _columns() -> list[Out]:
    titles = [
        (_("Time"), "moment", 18), (_("Person"), "text", 12), (_("Account name"), "text", 16), (_("As"), "text", 20),
        (_("Union"), "text", 36), (_("What was done"), "text", 60), (_("Result"), "text", 10), (_("Reason"), "text", 30),
        (_("Network address"), "text", 18), (_("Request number"), "text", 20), (_("Entry"), "int", 12),
    ]  # fmt: skip
    return [Out(*title) for title in titles]


def _rows(queryset, progress, total: int) -> Iterator[list]:
    table = LogTable([])
    for number, event in enumerate(queryset.iterator(chunk_size=2000), 1):
        if number % 500 == 0:
            progress(number, total)
        yield [
            event.at, table.value_by(event), event.by.username if event.by else "",
            event.assignment.get_role_display() if event.assignment else "", event.union.name, table.value_what(event),
            event.get_result_display(), event.reason, event.address, event.request_id, event.pk,
        ]  # fmt: skip


def _check(job: Job, progress) -> dict:
    with system("seals and checks the record of acts"):
        seals.seal_events()
        return watch.check_now().counts


def _facts(job: Job) -> list[tuple[str, str]]:
    return [(_("Entries"), number_format(job.result.get("rows", 0), force_grouping=True))]


def _findings(job: Job) -> list[tuple[str, str]]:
    found = [(_("Finding"), fault_in_words(*fault)) for fault in job.result.get("named", [])]
    return [(_("Seals"), str(job.result.get("seals", 0))), (_("Findings"), str(job.result.get("faults", 0))), *found]


def register() -> None:
    kinds.add(EXPORT, _export)
    words.add(EXPORT, Words(gettext_lazy("Export of the record of acts"), facts=_facts))
    kinds.add(CHECK, _check)
    words.add(CHECK, Words(gettext_lazy("Check of the record of acts"), facts=_findings))
