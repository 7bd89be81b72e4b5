"""What was done, refused or read, by whom, to which record: appended, never changed; and the seals over it.

Triggers of migration 0013 refuse to change, delete or empty these rows, whoever asks; they are not pgtrigger's, which a
session can tell to be ignored. `middle` alone follows a union that moves.
"""

from django.apps import apps
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from unions.enums import EventResult
from unions.kit.tracing import trace
from unions.models.base import UnionOwned, UnionOwnedQuerySet
from unions.personal import masked_changes
from unions.policies import APPEND, READ, Rights


class EventQuerySet(UnionOwnedQuerySet):
    def acts(self):
        """What was done; not what was refused, read or tried in vain."""
        return self.filter(result=EventResult.DONE)

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for event in objs:
            event.complete()
        return super().bulk_create(objs, *args, **kwargs)


class Event(UnionOwned):
    """One act. It points at its object by model label and id, so the ground floor records for every app. Which request
    it came with, by which appointment, and that sensitive values are masked, is seen to here for every writer."""

    rights = Rights(everyone=APPEND, system=f"{APPEND}, UPDATE (middle_id)")

    action = models.CharField(_("Action"), max_length=60)
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    at = models.DateTimeField(_("Time"), auto_now_add=True)
    by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("Person")
    )
    assignment = models.ForeignKey(
        "unions.RoleAssignment", models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("As")
    )
    result = models.CharField(
        _("Result"), max_length=8, choices=EventResult.choices, default=EventResult.DONE, db_default=EventResult.DONE
    )
    source = models.CharField(_("From"), max_length=20, blank=True)
    target = models.CharField(_("To"), max_length=20, blank=True)
    reason = models.TextField(_("Reason"), blank=True)
    data = models.JSONField(default=dict)
    request_id = models.CharField(_("Request"), max_length=40, blank=True, default="", db_default="")
    address = models.CharField(_("Network address"), max_length=45, blank=True, default="", db_default="")
    # Null, not empty, where no request brought one: many events have none and the key is unique.
    key = models.CharField(max_length=64, null=True, unique=True, help_text="Idempotency key of the request")  # noqa: DJ001

    objects = EventQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Event")
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=models.Q(result__in=EventResult.values), name="event_result")]
        indexes = [
            models.Index(fields=["model", "object_id", "-at"], name="event_object"),
            models.Index(fields=["union", "-at"], name="event_union"),
            models.Index(fields=["middle", "-at"], name="event_middle"),
            models.Index(fields=["by", "-at"], name="event_by"),
            models.Index(fields=["-at", "-id"], name="event_at"),
            models.Index(OpClass("action", "varchar_pattern_ops"), models.F("at").desc(), name="event_action"),
            # What is rare among the many that were simply done.
            models.Index(
                fields=["result", "-at"], name="event_not_done", condition=~models.Q(result=EventResult.DONE)
            ),
            models.Index(fields=["request_id"], name="event_request", condition=~models.Q(request_id="")),
        ]

    def __str__(self):
        return f"{self.at:%F %T} {self.by} {self.action} {self.model} {self.object_id}"

    def save(self, *args, **kwargs):
        self.complete()
        super().save(*args, **kwargs)

    def complete(self) -> None:
        """Fill in the request it belongs to and the appointment it was made with, and mask what is sensitive."""
        request = trace()
        self.request_id = self.request_id or request.request_id
        self.address = self.address or request.address
        if self.by_id and not self.assignment_id:
            self.assignment = self.by.post_for(self, request.permission)
        if changes := self.data.get("changes"):
            self.data = {**self.data, "changes": masked_changes(apps.get_model(self.model), changes)}


class Seal(models.Model):
    """The events of a stretch of ids, none of which can be added, changed or taken away afterwards unnoticed: each
    seal covers their digests and the seal before it (unions/seals.py)."""

    rights = Rights(district=READ, system=APPEND)

    number = models.PositiveIntegerField(_("Seal"), unique=True)
    first_id = models.BigIntegerField(_("First entry"))
    last_id = models.BigIntegerField(_("Last entry"))
    count = models.PositiveIntegerField(_("Entries"))
    leaves = models.BinaryField()  # of each event its id (8 bytes) and its digest (32)
    digest = models.CharField(_("Digest"), max_length=64)
    signature = models.CharField(_("Signature"), max_length=64)
    sealed_at = models.DateTimeField(_("Sealed at"), auto_now_add=True)

    class Meta:
        verbose_name = _("Seal")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_id__gte=models.F("first_id"), count__gte=1), name="seal_of_events"
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.digest[:12]}"
