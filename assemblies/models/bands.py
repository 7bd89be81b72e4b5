"""Dated tables by number of members: how many seats, delegates or congress delegates a union of this size has."""

from datetime import date
from math import ceil

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assemblies.enums import BandKey
from unions.policies import SHARED


class BandQuerySet(models.QuerySet):
    def in_force(self, key: str, day: date):
        """The rows of the table that holds on a day: the newest table that begins by then, whole."""
        newest = self.filter(key=key, effective_from__lte=day).order_by("-effective_from").values("effective_from")[:1]
        return self.filter(key=key, effective_from=newest).order_by("members_from")

    def around(self, members: int):
        """The rows that a number of members falls into."""
        return self.filter(Q(members_to=None) | Q(members_to__gte=members), members_from__lte=members)


class Band(models.Model):
    """One row of a table. Rows of a key with the same `effective_from` are one table; it holds until the next begins, so
    that whatever was decided under it stays judged by it."""

    rights = SHARED

    key = models.CharField(_("Table"), max_length=20, choices=BandKey.choices)
    effective_from = models.DateField(_("Holds from"))
    members_from = models.PositiveIntegerField(_("Members from"))
    members_to = models.PositiveIntegerField(_("Members to"), null=True, blank=True)
    least = models.PositiveIntegerField(_("At least"))
    most = models.PositiveIntegerField(_("At most"))
    is_percent = models.BooleanField(_("In per cent of the members"), default=False)
    basis = models.CharField(_("Legal basis"), max_length=500)

    objects = BandQuerySet.as_manager()

    class Meta:
        verbose_name = _("Table by number of members")
        ordering = ["key", "-effective_from", "members_from"]
        constraints = [
            models.UniqueConstraint(fields=["key", "effective_from", "members_from"], name="band_once"),
            models.CheckConstraint(condition=Q(key__in=BandKey.values), name="band_key_known"),
            models.CheckConstraint(
                condition=Q(least__lte=F("most")),
                name="band_least_within_most",
                violation_error_message=_("The least number cannot exceed the greatest."),
            ),
            models.CheckConstraint(
                condition=Q(members_to=None) | Q(members_to__gte=F("members_from")),
                name="band_members_in_order",
                violation_error_message=_("The range of members ends before it begins."),
            ),
        ]

    def __str__(self):
        return f"{self.get_key_display()} {self.members_words}: {self.count_words}"

    def range_for(self, members: int) -> tuple[int, int]:
        """The least and the greatest number for so many members; a part of a person counts as one."""
        if not self.is_percent:
            return self.least, self.most
        return ceil(members * self.least / 100), ceil(members * self.most / 100)

    def allows(self, count: int, members: int) -> bool:
        least, most = self.range_for(members)
        return least <= count <= most

    @property
    def members_words(self) -> str:
        if self.members_to is None:
            return gettext("%(from)s members and more") % {"from": f"{self.members_from:,}"}
        return gettext("%(from)s to %(to)s members") % {"from": f"{self.members_from:,}", "to": f"{self.members_to:,}"}

    @property
    def count_words(self) -> str:
        unit = "%" if self.is_percent else ""
        if self.least == self.most:
            return f"{self.least}{unit}"
        return f"{self.least}–{self.most}{unit}"
