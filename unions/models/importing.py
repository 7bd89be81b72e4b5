"""A workbook on its way in: one engine for every importer."""

import json
from functools import cached_property

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unions.enums import BatchState, RowState
from unions.kit.sealed import EncryptedCharField, SealedRow
from unions.models.base import UnionOwned, UnionPart, fill_from


class ImportBatch(UnionOwned):
    """One file brought by one person, from upload to result; the rows stay so that it can be undone."""

    importer = models.CharField(_("Kind"), max_length=40)
    by = models.ForeignKey("unions.User", models.PROTECT, related_name="+", verbose_name=_("Brought by"))
    file = models.FileField(upload_to="imports/%Y/%m/")
    file_name = models.CharField(_("File"), max_length=160)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("State"), max_length=12, choices=BatchState.choices, default=BatchState.UPLOADED)
    sheet = models.CharField(max_length=80, blank=True)
    header_row = models.PositiveIntegerField(default=0)
    headers = models.JSONField(default=list, help_text="Texts of the header row, in order")
    mapping = models.JSONField(default=dict, help_text="Column index → field key")
    counts = models.JSONField(default=dict, help_text="Rows per state, and rows per problem")
    problem = models.TextField(blank=True, help_text="Why the whole file was refused")
    job = models.ForeignKey("unions.Job", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("Uploaded at"), auto_now_add=True)
    previewed_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta(UnionOwned.Meta):
        verbose_name = _("Import")
        ordering = ["-created_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(state__in=BatchState.values), name="batch_state_known")]

    def __str__(self):
        return f"{self.importer} {self.file_name}"


class ImportRow(SealedRow, UnionPart):
    """One row of the file: as understood, what it would change and what is wrong with it, personal data masked. The
    row as it stood, and the values that are masked, are in `private`."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("Row"), help_text="As the spreadsheet counts")
    state = models.CharField(_("State"), max_length=8, choices=RowState.choices)
    has_warning = models.BooleanField(default=False)
    private = EncryptedCharField(blank=True, help_text="JSON: raw cells, and what values and before hold unmasked")
    values = models.JSONField(default=dict, help_text="field → value after cleaning")
    changes = models.JSONField(default=dict, help_text="field → [old, new]")
    problems = models.JSONField(default=list, help_text="[{level, code, field, message params}]")
    label = models.CharField(max_length=160, blank=True)
    object_id = models.BigIntegerField(null=True)
    before = models.JSONField(null=True, help_text="Values before the import, for undoing")
    revision = models.PositiveIntegerField(null=True, help_text="The object's revision after the import")
    is_applied = models.BooleanField(default=False)

    class Meta(UnionPart.Meta):
        verbose_name = _("Row")
        triggers = [fill_from("batch_id", "unions_importbatch")]
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_row_once"),
            models.CheckConstraint(condition=Q(state__in=RowState.values), name="import_row_state_known"),
        ]
        indexes = [models.Index(fields=["batch", "state", "number"], name="import_row_state")]

    def __str__(self):
        return f"{self.batch_id}:{self.number}"

    @cached_property
    def _opened(self) -> dict:
        return json.loads(self.private or "{}")

    @property
    def raw(self) -> list:
        """The cells as they stood in the file, where something was wrong with them."""
        return self._opened.get("raw", [])

    @property
    def full_values(self) -> dict:
        """`values` with what is masked there."""
        return {**self.values, **self._opened.get("values", {})}

    @property
    def full_before(self) -> dict:
        return {**self.before, **self._opened.get("before", {})}
