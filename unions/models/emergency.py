"""Emergency access: reading one union outside one's scope, for a reason and for a short time."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unions.enums import UnionKind
from unions.models.base import UnionOwned
from unions.permissions import Permission
from unions.scoping import Grant, ScopedQuerySet

READS = (Permission.UNION_VIEW, Permission.DUTY_VIEW, Permission.RETURN_VIEW, Permission.EVENT_VIEW)


class EmergencyQuerySet(ScopedQuerySet):
    def open(self):
        """Begun, not ended, not run out."""
        return self.filter(ended_at=None, ends_at__gt=timezone.now())


class EmergencyAccess(UnionOwned):
    """One use. It opens this very union to its person, for reading, and nothing below it."""

    user = models.ForeignKey("unions.User", models.PROTECT, related_name="emergencies", verbose_name=_("Person"))
    reason = models.CharField(_("Reason"), max_length=500)
    started_at = models.DateTimeField(_("From"), default=timezone.now)
    ends_at = models.DateTimeField(_("To"))
    ended_at = models.DateTimeField(null=True)

    objects = EmergencyQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Emergency access")
        ordering = ["-started_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("started_at")), name="emergency_times")]

    def __str__(self):
        return f"{self.user} → {self.union}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.ends_at > timezone.now()

    def grants(self) -> list[Grant]:
        """As if appointed to read at a union without others below."""
        return [Grant(permission, self.union_id, UnionKind.UNIT, self.union.path, False) for permission in READS]
