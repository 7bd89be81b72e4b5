"""Papers of a meeting, and files beside it: purposes of the one upload service."""

from django.utils.translation import gettext_lazy as _

from assemblies.models import Meeting
from unions.enums import UploadState
from unions.models import Upload
from unions.permissions import Permission
from unions.uploads import Purpose, purposes

KINDS = ("pdf", "docx", "xlsx", "jpeg", "png")
# Sent with the notice: whoever has its link reads them. What is kept for the file only is another purpose.
PAPER = Purpose(
    "meeting-paper", _("Papers of a meeting"), KINDS, 10, Permission.ASSEMBLY_VIEW, Permission.ASSEMBLY_EDIT
)
RECORD = Purpose(
    "meeting-record",
    _("Signed minutes and photographs"),
    KINDS,
    10,
    Permission.ASSEMBLY_VIEW,
    Permission.ASSEMBLY_EDIT,
)
EVIDENCE = Purpose("matter-evidence", _("Evidence that a matter was settled"), KINDS, 10, Permission.ASSEMBLY_VIEW, Permission.ASSEMBLY_EDIT)  # fmt: skip
IMPROVEMENT = Purpose("improvement-evidence", _("Evidence of what was improved after an appraisal"), KINDS, 10, Permission.ASSEMBLY_VIEW, Permission.ASSEMBLY_EDIT)  # fmt: skip
OF_MEETINGS = (PAPER.key, RECORD.key)


def files_of(purpose: str, object_id: int) -> list[Upload]:
    return list(Upload.objects.filter(purpose=purpose, object_id=object_id).order_by("created_at", "pk"))


def papers_of(meeting: Meeting) -> list[Upload]:
    """What goes out with the notice, in the order it was brought; only what may be handed out."""
    rows = Upload.objects.filter(
        union=meeting.union_id, purpose=PAPER.key, object_id=meeting.pk, state=UploadState.CLEAN
    )
    return list(rows.order_by("created_at", "pk"))


def register() -> None:
    """Called once when the app is ready."""
    for purpose in (PAPER, RECORD, EVIDENCE, IMPROVEMENT):
        purposes.add(purpose.key, purpose)
