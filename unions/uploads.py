"""The one service that takes files in: allow-list by purpose, content and size looked at, quota, virus check, own names.

OWASP ASVS 5.0 chapter V5 and GB/T 22239-2019 8.1.4.5. A file is handed out only once it is clean, through the scope, as
a download. Nothing is kept of a file that is refused.
"""

import contextlib
import hashlib
import logging
import tempfile
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unions.enums import UploadState
from unions.kit import clamd, spreadsheets_in
from unions.kit.filetypes import KINDS, MEGABYTE, Refused, display_name, kind_of_name, look
from unions.kit.registry import Registry
from unions.models import Union, Upload, User
from unions.permissions import Permission
from unions.security_settings import limit
from unions.services import record
from unions.settingbook import setting

log = logging.getLogger(__name__)

GIVEN_UP_AFTER = timedelta(days=7)
BASIS = "OWASP ASVS 5.0 V5; GB/T 22239-2019 8.1.4.5"
QUARANTINE, ACCEPT = 0, 1
SANDBOX = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

limit("upload-quota-mb", gettext_lazy("Room for the files of one union"), "", 100, 1, 10_000, "MB", BASIS)
limit(
    "uploads-unscanned", gettext_lazy("Files while no virus scanner is set up"), "",
    ACCEPT if settings.DEMO_ALLOWED else QUARANTINE, 0, 1, "", BASIS,
    choices=((QUARANTINE, gettext_lazy("stay in quarantine")), (ACCEPT, gettext_lazy("are handed out, marked as not scanned"))),
)  # fmt: skip


@dataclass(frozen=True)
class Purpose:
    """What files are for: which kinds, how large, who sees and who brings them."""

    key: str
    label: str
    kinds: tuple[str, ...]
    megabytes: int
    see: Permission
    bring: Permission


purposes: Registry[Purpose] = Registry("purpose of uploads")
UNION_FILE = purposes.add(
    "union",
    Purpose("union", gettext_lazy("Files of the union"), ("pdf", "docx", "xlsx", "jpeg", "png"), 10,
            Permission.UNION_VIEW, Permission.UNION_EDIT),
)  # fmt: skip


def receive(
    given: File, *, purpose: Purpose, union: Union, by: User | None, note: str = "", object_id: int | None = None
) -> Upload:
    """Take a file in; `by` nobody from whoever holds a link. Raises Refused with a sentence for the person; then nothing is kept."""
    name = display_name(given.name or "")
    kind = kind_of_name(name, purpose.kinds)
    if given.size > purpose.megabytes * MEGABYTE:
        raise Refused("size", _("The file is larger than %(n)d MB.") % {"n": purpose.megabytes})
    try:
        with tempfile.TemporaryDirectory(prefix="upload-") as folder:
            path = Path(folder) / "given"
            with path.open("wb") as copy:
                for block in given.chunks():
                    copy.write(block)
            body = look(path, kind)
            if body is not None:
                path.write_bytes(body)
            upload = Upload(
                purpose=purpose.key, object_id=object_id, union=union, by=by, name=name, note=note.strip()[:120],
                kind=kind.key, size=path.stat().st_size, sha256=digest(path),
            )  # fmt: skip
            _keep(upload, path)
    except OSError as problem:
        log.exception("an upload of %s bytes could not be written", given.size)
        raise Refused(
            "disk", _("The server has no room for the file just now. Nothing was kept; try again later.")
        ) from problem
    check(upload)
    return upload


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep(upload: Upload, path: Path) -> None:
    """The file under a random name and its row, both or neither; the union's quota is counted under a lock."""
    stored = f"uploads/{uuid.uuid4().hex}"
    try:
        with transaction.atomic():
            Union.objects.select_for_update(of=("self",), no_key=True).get(pk=upload.union_id)
            room = setting("upload-quota-mb") * MEGABYTE - Upload.objects.filter(union=upload.union_id).bytes_kept()
            if upload.size > room:
                raise Refused(
                    "quota", _("The union's room for files is used up. Remove what is no longer needed first.")
                )
            with path.open("rb") as body:
                upload.file.name = default_storage.save(stored, File(body))
            upload.save()
            data = {"name": upload.name, "size": upload.size, "sha256": upload.sha256}
            record(upload.union, "upload.add", upload, by=upload.by, data=data)
    except BaseException:
        _unlink(stored)
        raise


def _unlink(name: str) -> None:
    with contextlib.suppress(OSError):
        default_storage.delete(name)


def check(upload: Upload) -> Upload:
    """Have a quarantined file looked at by the virus scanner. Without an answer it stays where it is; the clock asks
    again (`check_waiting`)."""
    if upload.state != UploadState.QUARANTINED:
        return upload
    if not settings.CLAMD_ADDRESS:
        if setting("uploads-unscanned") == ACCEPT:
            _settle(upload, UploadState.CLEAN)
        return upload
    try:
        finding = clamd.scan(Path(default_storage.path(upload.file.name)), settings.CLAMD_ADDRESS)
    except clamd.Unreachable as problem:
        log.warning("upload %s waits: the virus scanner does not answer (%s)", upload.pk, problem)
        return upload
    except clamd.Unjudged as problem:
        _settle(upload, UploadState.REJECTED, is_scanned=True, finding=str(problem))
        return upload
    _settle(upload, UploadState.INFECTED if finding else UploadState.CLEAN, is_scanned=True, finding=finding)
    return upload


@transaction.atomic
def _settle(upload: Upload, state: UploadState, *, is_scanned: bool = False, finding: str = "") -> None:
    """The verdict. What is infected or refused is gone from the disk; its row tells what it was."""
    upload.state, upload.is_scanned, upload.finding = state, is_scanned, finding[:200]
    upload.scanned_at = timezone.now() if is_scanned else None
    gone = upload.file.name if state != UploadState.CLEAN else ""
    if gone:
        upload.file.name = ""
        data = {"name": upload.name, "finding": upload.finding}
        record(upload.union, "upload.refuse", upload, by=None, data=data)
        transaction.on_commit(lambda: _unlink(gone))
    upload.save(update_fields=["state", "is_scanned", "finding", "scanned_at", "file"])


@transaction.atomic
def remove(upload: Upload, *, by: User | None) -> None:
    """Take a file away for good; the record keeps what it was called and its checksum."""
    stored = upload.file.name
    data = {"name": upload.name, "size": upload.size, "sha256": upload.sha256}
    record(upload.union, "upload.remove", upload, by=by, data=data)
    upload.delete()
    if stored:
        transaction.on_commit(lambda: _unlink(stored))


def handed_out(upload: Upload) -> FileResponse:
    """The file as a download: never shown inline, never sniffed, and only once it is clean; else it is not there."""
    if not upload.is_ready or not default_storage.exists(upload.file.name):
        raise Http404
    response = FileResponse(
        upload.file.open("rb"), as_attachment=True, filename=upload.name, content_type=KINDS[upload.kind].mime
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def check_waiting() -> int:
    """The clock's round: ask again for what is quarantined; after a week without a verdict it is refused."""
    checked = 0
    for upload in Upload.objects.filter(state=UploadState.QUARANTINED).select_related("union")[:200]:
        check(upload)
        if upload.state == UploadState.QUARANTINED and timezone.now() - upload.created_at > GIVEN_UP_AFTER:
            _settle(upload, UploadState.REJECTED, finding="not scanned within a week")
        checked += upload.state != UploadState.QUARANTINED
    return checked


def remove_orphans() -> int:
    """Files without a row, which a killed process left behind; a day old, so that none is on its way."""
    folder, gone = Path(default_storage.path("uploads")), 0
    limit = (timezone.now() - timedelta(days=1)).timestamp()
    names = set(Upload.objects.exclude(file="").values_list("file", flat=True))
    for path in folder.glob("*") if folder.is_dir() else ():
        if f"uploads/{path.name}" not in names and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def scan_table(path: Path) -> None:
    """A table on its way into an import: read in a limited child and handed to nobody, so it need not wait for a
    scanner that is not set up; where one is, it must answer. Raises Refused."""
    if not settings.CLAMD_ADDRESS:
        return
    try:
        finding = clamd.scan(path, settings.CLAMD_ADDRESS)
    except (clamd.Unreachable, clamd.Unjudged) as problem:
        log.warning("an import was refused: the virus scanner gave no verdict (%s)", problem)
        raise spreadsheets_in.Refused("scanner") from problem
    if finding:
        raise spreadsheets_in.Refused("infected")
