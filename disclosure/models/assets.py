"""The asset register of a union (资产台账): what it owns, its yearly stock-takings, and how things left."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disclosure.enums import AssetCategory, AssetSource, AssetState, Disposal
from unions.models import UnionOwned, UnionOwnedQuerySet, UnionPart
from unions.models.base import fill_from
from unions.workflow import Movable

S = AssetState
HELD = (S.IN_USE, S.ASKED)


class AssetQuerySet(UnionOwnedQuerySet):
    def held(self):
        """What the union still has."""
        return self.filter(state__in=HELD)


class Asset(UnionOwned, Movable):
    """One thing that a union owns. Nothing is deleted: what was entered in error stays as such."""

    number = models.CharField(pgettext_lazy("asset", "No."), max_length=30)
    name = models.CharField(pgettext_lazy("asset", "Name"), max_length=80)
    category = models.CharField(pgettext_lazy("asset", "Category"), max_length=10, choices=AssetCategory.choices)
    acquired_on = models.DateField(_("Acquired on"))
    value = models.DecimalField(_("Value (yuan)"), max_digits=14, decimal_places=2)
    source = models.CharField(_("Where from"), max_length=5, choices=AssetSource.choices)
    place = models.CharField(_("Where it stands"), max_length=80, blank=True)
    keeper = models.CharField(_("Keeper (post)"), max_length=60, blank=True)
    state = models.CharField(_("State"), max_length=8, choices=S.choices, default=S.IN_USE)
    checked_on = models.DateField(_("Last seen or missed on"), null=True, editable=False)
    is_missing = models.BooleanField(_("Missing at the last stock-taking"), default=False, editable=False)
    way = models.CharField(_("How it leaves"), max_length=11, choices=Disposal.choices, blank=True)
    minutes = models.CharField(_("Minutes of the committee (day and point)"), max_length=120, blank=True)
    proceeds = models.DecimalField(_("Proceeds (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True)
    disposed_on = models.DateField(_("Disposed of on"), null=True, editable=False)

    objects = AssetQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Asset")
        ordering = ["union", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=S.values), name="asset_state_known"),
            models.CheckConstraint(
                condition=Q(category__in=AssetCategory.values, source__in=AssetSource.values), name="asset_lists_known"
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0) & (Q(proceeds=None) | Q(proceeds__gte=0)),
                name="asset_value_not_negative",
                violation_error_message=_("An amount is zero or more."),
            ),
            models.UniqueConstraint(
                fields=["union", "number"],
                condition=~Q(state=S.VOID),
                name="asset_number_once",
                violation_error_message=_("Another asset of the union has this number."),
            ),
            models.CheckConstraint(
                condition=Q(state=S.DISPOSED, disposed_on__isnull=False) & ~Q(way="")
                | ~Q(state=S.DISPOSED) & Q(disposed_on=None),
                name="asset_disposed_how",
            ),
        ]
        indexes = [
            models.Index(fields=["middle", "category"], name="asset_middle"),
            models.Index(fields=["category"], name="asset_category"),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"


class StockTaking(UnionOwned):
    """The yearly count: who counted when, what was there, what was not, and what was there beyond the register."""

    taken_on = models.DateField(_("Counted on"))
    people = models.CharField(_("Who counted (names, posts)"), max_length=120)
    surplus = models.TextField(_("Found beyond the register"), max_length=1000, blank=True)
    confirmed_by = models.ForeignKey("unions.User", models.PROTECT, related_name="+", verbose_name=_("Confirmed by"))
    confirmed_at = models.DateTimeField(_("Confirmed at"), auto_now_add=True)

    class Meta(UnionOwned.Meta):
        verbose_name = _("Stock-taking")
        ordering = ["-taken_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["union", "taken_on"],
                name="stock_taking_once_a_day",
                violation_error_message=_("A stock-taking of this day is on record."),
            )
        ]

    def __str__(self):
        return _("Stock-taking of %(day)s") % {"day": self.taken_on}


class AssetCheck(UnionPart):
    """One asset at a stock-taking."""

    taking = models.ForeignKey(StockTaking, models.CASCADE, related_name="checks", verbose_name=_("Stock-taking"))
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="checks", verbose_name=_("Asset"))
    is_present = models.BooleanField(_("There"))

    class Meta(UnionPart.Meta):
        verbose_name = _("Asset at a stock-taking")
        ordering = ["taking", "asset"]
        triggers = [fill_from("taking_id", "disclosure_stocktaking")]
        constraints = [models.UniqueConstraint(fields=["taking", "asset"], name="asset_checked_once")]

    def __str__(self):
        return f"{self.taking_id} · {self.asset_id}"
