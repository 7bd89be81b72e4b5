"""What people ask about their own data, and proof of what was erased."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unions.enums import CorrectionState, ErasureState
from unions.kit.sealed import EncryptedCharField, SealedRow
from unions.models.base import UnionOwned


class Correction(SealedRow, UnionOwned):
    """A person asks for something that the portal holds about them to be put right (PIPL article 46)."""

    FIELDS = (("name", _("Name")), ("phone", _("Phone")), ("email", _("E-mail")))

    by = models.ForeignKey("unions.User", models.PROTECT, related_name="corrections", verbose_name=_("Person"))
    field = models.CharField(_("Item"), max_length=10, choices=FIELDS)
    wish = EncryptedCharField(_("Right is"), max_length=120)
    state = models.CharField(_("State"), max_length=10, choices=CorrectionState.choices, default=CorrectionState.ASKED)
    answer = models.CharField(_("Reply"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("Asked at"), auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("unions.User", models.PROTECT, null=True, related_name="+")

    class Meta(UnionOwned.Meta):
        verbose_name = _("Correction")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CorrectionState.values), name="correction_state_known"),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.ASKED, decided_at=None, decided_by=None)
                | ~Q(state=CorrectionState.ASKED) & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="correction_decided",
            ),
            models.UniqueConstraint(
                fields=["by", "field"], condition=Q(state=CorrectionState.ASKED), name="correction_once"
            ),
        ]

    def __str__(self):
        return f"{self.by} {self.field}"


class Erasure(UnionOwned):
    """What was past its time on a day, as a person was shown it, and what became of it. `found` and `erased` hold ids
    and counts, never what was erased."""

    state = models.CharField(_("State"), max_length=12, choices=ErasureState.choices, default=ErasureState.PROPOSED)
    found = models.JSONField(default=dict, help_text="rule → ids")
    erased = models.JSONField(default=dict, help_text="rule → how many")
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("Found at"), auto_now_add=True)
    erased_at = models.DateTimeField(_("Erased at"), null=True)
    erased_by = models.ForeignKey("unions.User", models.PROTECT, null=True, related_name="+")

    class Meta(UnionOwned.Meta):
        verbose_name = _("Erasure")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ErasureState.values), name="erasure_state_known"),
            models.CheckConstraint(
                condition=Q(state=ErasureState.DONE, erased_at__isnull=False, erased_by__isnull=False)
                | ~Q(state=ErasureState.DONE) & Q(erased_at=None, erased_by=None),
                name="erasure_done",
            ),
        ]

    def __str__(self):
        return f"{self.made_at:%F}"

    @property
    def found_count(self) -> int:
        return sum(len(ids) for ids in self.found.values())
