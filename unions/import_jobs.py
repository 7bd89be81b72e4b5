"""The steps of an import: taken in, read, confirmed, undone. Each works on an ImportBatch and is safe to run twice."""

import hashlib
import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from unions.enums import BatchState, RowState
from unions.importing import (
    Importer,
    Stale,
    importers,
    is_certain,
    mapping_of,
    match_columns,
    missing_columns,
    write_preview,
)
from unions.jobs import Words, kinds, start_job, words, workplace_for
from unions.kit import spreadsheets_in
from unions.kit.spreadsheets_in import Refused
from unions.models import ImportBatch, Job, User
from unions.services import record
from unions.settingbook import setting
from unions.uploads import scan_table
from unions.workflow import MoveError

log = logging.getLogger(__name__)

READ, COMMIT, UNDO = "import.read", "import.commit", "import.undo"


def take_in(importer: Importer, upload: UploadedFile | File, *, by: User, name: str = "") -> ImportBatch:
    """Keep an uploaded file once its first look shows a table and the virus scanner, where one is set up, nothing. Raises
    Refused; then nothing is kept."""
    name = Path(name or upload.name or "").name[:160]
    batch = ImportBatch(
        importer=importer.key, by=by, union=workplace_for(by, importer.permission), file_name=name, size=upload.size
    )
    batch.sha256 = _digest(upload)
    try:
        batch.file.save(f"{uuid.uuid4().hex}{Path(name).suffix.lower()[:5]}", upload, save=False)
    except OSError as problem:
        log.exception("a file of %s bytes could not be written", upload.size)
        raise Refused("disk") from problem
    try:
        spreadsheets_in.inspect(Path(batch.file.path), name)
        scan_table(Path(batch.file.path))
        batch.save()
    except BaseException:
        batch.file.delete(save=False)
        raise
    return batch


def _digest(upload: UploadedFile | File) -> str:
    digest = hashlib.sha256()
    for block in upload.chunks():
        digest.update(block)
    upload.seek(0)
    return digest.hexdigest()


@transaction.atomic
def start(batch: ImportBatch, kind: str, state: BatchState) -> Job:
    """Hand a step to a worker, with the state that says so; who asked for it stands on record."""
    record(batch.union, kind, batch, by=batch.by, data={"file": batch.file_name, "counts": batch.counts})
    batch.state = state
    batch.job = start_job(kind, union=batch.union, by=batch.by, params={"batch": batch.pk})
    batch.save(update_fields=["state", "job"])
    return batch.job


# --- reading ----------------------------------------------------------------------------------------------------


def read(batch: ImportBatch, progress: Callable, *, guess: bool = False) -> ImportBatch:
    """Parse the file and write the preview. Where a header is not certain the batch waits for a person to say which
    column it is; `guess` takes the suggestions (the command has nobody to ask)."""
    importer = importers[batch.importer]
    try:
        with spreadsheets_in.workspace() as folder, transaction.atomic():
            batch.rows.all().delete()
            progress(0, 0, "parse")
            table = spreadsheets_in.read(
                Path(batch.file.path),
                set(importer.titles),
                into=Path(folder),
                max_rows=importer.max_rows,
                name=batch.file_name,
            )
            batch.sheet, batch.header_row, batch.headers = table.sheet_name[:80], table.header_row, table.headers
            mapping = _settled_mapping(batch, importer, guess)
            if mapping is None:
                batch.state = BatchState.UPLOADED
            else:
                progress(0, 0, "check")
                batch.mapping = {str(index): key for index, key in mapping.items()}
                batch.counts = write_preview(batch, importer, table, mapping, progress)
                batch.state, batch.previewed_at = BatchState.PREVIEW, timezone.now()
            batch.problem = ""
            batch.save()
    except Refused as refused:
        _refuse(batch, refused.code)
    return batch


def _settled_mapping(batch: ImportBatch, importer: Importer, guess: bool) -> dict[int, str] | None:
    """Column index → field, if it is settled; None where a person must look. Raises Refused without a key column."""
    if batch.mapping:
        return {int(index): key for index, key in batch.mapping.items()}
    matches = match_columns(importer, batch.headers)
    mapping = mapping_of(matches)
    if not any(match.how == "exact" for match in matches) and not mapping:
        raise Refused("no_rows")
    if missing_columns(importer, mapping) or not (guess or is_certain(matches)):
        return None
    return mapping


def _refuse(batch: ImportBatch, code: str) -> None:
    batch.state, batch.problem, batch.counts = BatchState.REFUSED, code, {}
    batch.save()


# --- committing --------------------------------------------------------------------------------------------------


def valid_until(batch: ImportBatch) -> datetime | None:
    """Until when a preview may be confirmed."""
    return batch.previewed_at + timedelta(hours=setting("preview-hours")) if batch.previewed_at else None


def is_expired(batch: ImportBatch) -> bool:
    until = valid_until(batch)
    return until is None or timezone.now() > until


def confirm(batch: ImportBatch) -> Job:
    """The person has seen the preview and says yes."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
        _demand(batch, BatchState.PREVIEW)
        if is_expired(batch):
            raise MoveError(_("The preview is too old. Check the file again first."))
        if not (batch.counts.get("new") or batch.counts.get("changed")):
            raise MoveError(_("There is nothing to import: no row is new or changed."))
        return start(batch, COMMIT, BatchState.COMMITTING)


def _demand(batch: ImportBatch, *states: BatchState) -> None:
    if batch.state not in states:
        raise MoveError(
            _("This import has moved on in the meantime: it is now “%(state)s”. Reload the page.")
            % {"state": batch.get_state_display()}
        )


def commit(batch: ImportBatch, progress: Callable) -> ImportBatch:
    """Write the new and changed rows in one transaction, after checking that what they rest on is as previewed."""
    importer = importers[batch.importer]
    user = User.objects.get(pk=batch.by_id)  # with the grants of this moment
    try:
        with transaction.atomic():
            batch = ImportBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
            if batch.state == BatchState.DONE:
                return batch
            _demand(batch, BatchState.COMMITTING, BatchState.PREVIEW)
            if not user.has_perm(importer.permission):
                raise Stale
            applied = importer.apply(batch, user, progress)
            batch.counts = {**batch.counts, "applied": applied}
            batch.state, batch.committed_at = BatchState.DONE, timezone.now()
            batch.save(update_fields=["counts", "state", "committed_at"])
    except Stale:
        batch.state, batch.problem = BatchState.EXPIRED, ""
        batch.save(update_fields=["state", "problem"])
    return batch


def check_again(batch: ImportBatch) -> Job:
    """Read the same file anew, against the register as it is now."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
        _demand(batch, BatchState.PREVIEW, BatchState.EXPIRED, BatchState.FAILED, BatchState.UPLOADED)
        if not batch.file:
            raise MoveError(_("The file was not confirmed within a day and is no longer kept. Upload it again."))
        return start(batch, READ, BatchState.READING)


def undo(batch: ImportBatch) -> Job:
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
        _demand(batch, BatchState.DONE)
        if not batch.rows.exists():
            raise MoveError(
                _("The rows of this import are past their time and no longer kept, so it cannot be undone.")
            )
        return start(batch, UNDO, BatchState.UNDOING)


def take_back(batch: ImportBatch, progress: Callable) -> ImportBatch:
    """Undo a batch whole, or not at all: what stands in the way is listed on its page."""
    importer = importers[batch.importer]
    user = User.objects.get(pk=batch.by_id)
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
        if batch.state == BatchState.UNDONE:
            return batch
        blockers = importer.undo(batch, user, progress)
        batch.counts = {**batch.counts, "blockers": blockers[:50], "blocked": len(blockers)}
        if blockers:
            batch.state = BatchState.DONE
        else:
            batch.state, batch.undone_at = BatchState.UNDONE, timezone.now()
            batch.rows.filter(is_applied=True).update(is_applied=False)
        batch.save(update_fields=["counts", "state", "undone_at"])
    return batch


# --- as jobs -----------------------------------------------------------------------------------------------------


def _as_job(step: Callable[[ImportBatch, Callable], ImportBatch]) -> Callable[[Job, Callable], dict]:
    def run(job: Job, progress: Callable) -> dict:
        batch = ImportBatch.objects.select_related("by", "union").get(pk=job.params["batch"])
        with override(batch.by.language):
            try:
                batch = step(batch, progress)
            except Exception:
                ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.FAILED)
                raise
        return {"batch": batch.pk, "state": batch.state}

    return run


def register() -> None:
    """Called once when the app is ready."""
    kinds.add(READ, _as_job(read))
    kinds.add(COMMIT, _as_job(commit))
    kinds.add(UNDO, _as_job(take_back))
    for kind, title in {
        READ: gettext_lazy("Reading a file to import"),
        COMMIT: gettext_lazy("Importing"),
        UNDO: gettext_lazy("Undoing an import"),
    }.items():
        words.add(kind, Words(title, facts=_facts, next=_page, stages=STAGES))


STAGES = {
    "parse": gettext_lazy("The file is being read …"),
    "check": gettext_lazy("Rows are being checked …"),
    "write": gettext_lazy("Rows are being imported …"),
}


def _batch_of(job: Job) -> ImportBatch | None:
    return ImportBatch.objects.filter(pk=job.params.get("batch")).first()


def _facts(job: Job) -> list[tuple[str, str]]:
    batch = _batch_of(job)
    return [(_("File"), batch.file_name), (_("State"), batch.get_state_display())] if batch else []


def _page(job: Job) -> tuple[str, str] | None:
    batch = _batch_of(job)
    return (_("See the import"), reverse("unions:import", args=[batch.pk])) if batch else None


def summary(batch: ImportBatch) -> dict:
    """Counts of a batch in plain words for machines: rows by state, rows by problem."""
    problems = [
        {"level": level, "code": code, "column": column, "rows": count}
        for key, count in (batch.counts.get("problems") or {}).items()
        for level, code, column in [key.split("|")]
    ]
    states = {state.value: batch.counts.get(state.value, 0) for state in RowState}
    return {
        "batch": batch.pk, "importer": batch.importer, "file": batch.file_name, "state": batch.state, "sheet": batch.sheet,
        "header_row": batch.header_row, "rows": batch.counts.get("rows", 0), "states": states,
        "warnings": batch.counts.get("warnings", 0), "problems": problems,
        **({"applied": batch.counts["applied"]} if "applied" in batch.counts else {}),
    }  # fmt: skip


def remove_stale_files() -> int:
    """Files of previews never confirmed go after the days that the district sets; those of imports stay with their batch."""
    limit = timezone.now() - timedelta(days=setting("upload-days"))
    waiting = ImportBatch.objects.filter(
        created_at__lt=limit,
        state__in=[BatchState.UPLOADED, BatchState.PREVIEW, BatchState.REFUSED, BatchState.EXPIRED],
    ).exclude(file="")
    count = 0
    for batch in waiting:
        batch.rows.all().delete()
        batch.file.delete(save=False)
        batch.state = BatchState.REFUSED if batch.state == BatchState.REFUSED else BatchState.EXPIRED
        batch.save(update_fields=["file", "state"])
        count += 1
    return count
