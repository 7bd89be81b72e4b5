"""What was done, by whom, to which record: appended, never changed."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unions.models.base import UnionOwned


class Event(UnionOwned):
    """One act. It points at its object by model label and id, so the ground floor records for every app."""

    action = models.CharField(_("Action"), max_length=60)
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    at = models.DateTimeField(_("Time"), auto_now_add=True)
    by = models.ForeignKey("unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Person"))
    source = models.CharField(_("From"), max_length=20, blank=True)
    target = models.CharField(_("To"), max_length=20, blank=True)
    reason = models.TextField(_("Reason"), blank=True)
    data = models.JSONField(default=dict)
    # Null, not empty, where no request brought one: many events have none and the key is unique.
    key = models.CharField(max_length=64, null=True, unique=True, help_text="Idempotency key of the request")  # noqa: DJ001

    class Meta(UnionOwned.Meta):
        verbose_name = _("Event")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["model", "object_id", "-at"], name="event_object"),
            models.Index(fields=["union", "-at"], name="event_union"),
            models.Index(fields=["middle", "-at"], name="event_middle"),
            models.Index(fields=["by", "-at"], condition=Q(action__startswith="person."), name="event_reads"),
        ]
        triggers = [
            *UnionOwned.Meta.triggers,
            pgtrigger.Trigger(
                name="append_only",
                operation=pgtrigger.UpdateOf("action", "model", "object_id", "at", "by_id", "reason", "data")
                | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="RAISE EXCEPTION 'events are never changed or deleted' USING ERRCODE = '23514';",
            ),
        ]

    def __str__(self):
        return f"{self.at:%F %T} {self.by} {self.action} {self.model} {self.object_id}"
