"""The nightly check of the record of acts, and who is told when it does not agree."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from unions import seals
from unions.enums import JobState
from unions.models import Run, Union
from unions.notices import holders, notify
from unions.permissions import Permission

TASK = "audit"
NAMED = 50


def check_seals() -> Run:
    """Check every seal and every event, once a day; the auditors are told at once, day or night, of what is wrong."""
    run, created = Run.objects.get_or_create(task=TASK, slot=timezone.localdate().isoformat())
    if not created and run.state != JobState.RUNNING:
        return run
    return check_now(run)


def check_now(run: Run | None = None) -> Run:
    """The same, now, and again on the same day."""
    run = run or Run.objects.create(task=TASK, slot=f"{timezone.localtime():%FT%T.%f}")
    newest = seals.Seal.objects.first()
    faults = list(seals.verify(seals.read_back(settings.SEALS_FILE)))
    run.counts = {
        "seals": newest.number if newest else 0, "faults": len(faults),
        "named": [[fault.kind, fault.seal, fault.event] for fault in faults[:NAMED]],
    }  # fmt: skip
    run.state, run.finished_at = JobState.FAILED if faults else JobState.DONE, timezone.now()
    run.save()
    if faults:
        _alarm(run, faults[0])
    return run


def _alarm(run: Run, first: seals.Fault) -> None:
    district = Union.objects.district()
    params = {"count": run.counts["faults"], "kind": first.kind, "seal": first.seal, "event": first.event}
    notify(
        holders(Permission.SEAL_VIEW, district), "audit.broken", union=district, params=params,
        url=reverse("unions:seal-list"), key=f"audit.{run.pk}",
    )  # fmt: skip


def last_check() -> Run | None:
    return Run.objects.filter(task=TASK).exclude(finished_at=None).order_by("-finished_at").first()
