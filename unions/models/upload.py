"""Files that people upload: whose, what they are, and whether anybody may have them yet."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unions.enums import UploadState
from unions.models.base import UnionOwned
from unions.scoping import ScopedQuerySet


class UploadQuerySet(ScopedQuerySet):
    def kept(self):
        """Files that take up room: what was infected or refused is gone."""
        return self.filter(state__in=[UploadState.QUARANTINED, UploadState.CLEAN])

    def bytes_kept(self) -> int:
        return self.kept().aggregate(total=models.Sum("size"))["total"] or 0


class Upload(UnionOwned):
    """A file under a name of our own, outside the web root. `purpose` says what may be uploaded and who sees it
    (unions/uploads.py); `object_id` which record of that purpose it belongs to."""

    purpose = models.CharField(max_length=40)
    object_id = models.BigIntegerField(null=True)
    file = models.FileField(upload_to="uploads/", blank=True)
    name = models.CharField(_("File"), max_length=140)
    note = models.CharField(_("What it is"), max_length=120, blank=True)
    kind = models.CharField(_("Kind"), max_length=10)
    size = models.PositiveIntegerField(_("File size"))
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("State"), max_length=12, choices=UploadState.choices, default=UploadState.QUARANTINED)
    is_scanned = models.BooleanField(default=False)
    finding = models.CharField(max_length=200, blank=True, help_text="What the virus check found, or why it refused")
    by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Uploaded by"), help_text="Nobody: by a link"
    )  # fmt: skip
    created_at = models.DateTimeField(_("Uploaded at"), auto_now_add=True)
    scanned_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Uploaded file")
        ordering = ["-created_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(state__in=UploadState.values), name="upload_state_known")]
        indexes = [
            models.Index(fields=["union", "-created_at"], name="upload_union"),
            models.Index(fields=["created_at"], condition=Q(state="quarantined"), name="upload_waiting"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_ready(self) -> bool:
        return self.state == UploadState.CLEAN
