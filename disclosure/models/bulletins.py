"""What a union discloses (会务公开): the catalogue of what must be, bulletins on their way out, where each was posted."""

import secrets
from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.models import Meeting
from disclosure.enums import BulletinState, Cadence, Channel, Readers
from unions.enums import Tier
from unions.kit.text import in_language
from unions.models import DutyRule, UnionOwned, UnionOwnedQuerySet, UnionPart, User
from unions.models.base import fill_from
from unions.permissions import Permission
from unions.policies import SHARED
from unions.workflow import Movable

S = BulletinState
ON_THEIR_WAY = (S.DRAFT, S.CHECKING, S.APPROVING, S.SCHEDULED)
OUT = Q(published_at__isnull=False) & ~Q(state=S.WITHDRAWN)
IN_TIME = OUT & Q(published_at__date__lte=F("due_on"))


def overdue(day: date) -> Q:
    """Not published though its time limit has passed."""
    return Q(state__in=ON_THEIR_WAY, due_on__lt=day)


def new_code() -> str:
    """The name of a bulletin in public addresses: 60 random bits, so that addresses tell no numbers."""
    return secrets.token_hex(8)[:15]


class Category(models.Model):
    """A kind of bulletin; the district keeps the list."""

    rights = SHARED

    key = models.SlugField(max_length=20, unique=True)
    name_zh = models.CharField(_("Name (Chinese)"), max_length=20)
    name_en = models.CharField(_("Name (English)"), max_length=40)
    order = models.PositiveSmallIntegerField(_("Order"), default=100)

    class Meta:
        verbose_name = _("Category")
        ordering = ["order", "pk"]

    def __str__(self):
        return in_language(self.name_zh, self.name_en)


class CatalogueItem(models.Model):
    """What a tier must disclose, to whom and by when, each with its basis; the district keeps the catalogue."""

    rights = SHARED

    tier = models.PositiveSmallIntegerField(_("Tier"), choices=Tier.choices)
    category = models.ForeignKey(Category, models.PROTECT, related_name="items", verbose_name=_("Category"))
    name_zh = models.CharField(_("Name (Chinese)"), max_length=40)
    name_en = models.CharField(_("Name (English)"), max_length=80)
    readers = models.CharField(_("Audience"), max_length=10, choices=Readers.choices, default=Readers.MEMBERS)
    cadence = models.CharField(_("When"), max_length=8, choices=Cadence.choices, default=Cadence.OCCURRENCE)
    workdays = models.PositiveSmallIntegerField(_("Within working days"), default=10)
    is_decision = models.BooleanField(
        _("Important decision"), default=False, help_text=_("It names the meeting that took it.")
    )
    basis = models.CharField(_("Basis"), max_length=200)
    order = models.PositiveSmallIntegerField(_("Order"), default=100)
    is_active = models.BooleanField(_("In force"), default=True)
    rule = models.ForeignKey(
        DutyRule, models.PROTECT, null=True, blank=True, related_name="items", editable=False, verbose_name=_("Duty that asks for it")
    )  # fmt: skip

    class Meta:
        verbose_name = _("Item of the catalogue")
        ordering = ["tier", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tier", "name_zh"], name="catalogue_item_once"),
            models.CheckConstraint(condition=Q(readers__in=Readers.values), name="catalogue_readers_known"),
            models.CheckConstraint(condition=Q(cadence__in=Cadence.values), name="catalogue_cadence_known"),
        ]

    def __str__(self):
        return in_language(self.name_zh, self.name_en)

    def began(self, day: date) -> date | None:
        """The first day of the span of time for which it is due once; None where it is due as it occurs."""
        if self.cadence == Cadence.OCCURRENCE:
            return None
        return date(day.year, 7 if self.cadence == Cadence.HALF_YEAR and day.month > 6 else 1, 1)


class BulletinQuerySet(UnionOwnedQuerySet):
    def visible_to(self, user: User, permission: Permission):
        """Within the scope; what is meant for one tier alone is seen by those appointed at that very union."""
        own = [grant.union_id for grant in user.grants if grant.permission == Permission.BULLETIN_VIEW]
        return super().visible_to(user, permission).filter(~Q(readers=Readers.TIER) | Q(union__in=own))

    def published_to(self, readers: Readers, day: date | None = None):
        """What these readers may read without an account. Everything that is read so is read through here."""
        rows = self.filter(state=S.PUBLISHED, readers__in=readers.reads)
        return rows.filter(Q(expires_on=None) | Q(expires_on__gte=day or timezone.localdate()))

    def published_to_public(self, day: date | None = None):
        """What anybody may read."""
        return self.published_to(Readers.PUBLIC, day)

    def withdrawn_from(self, readers: Readers):
        """What these readers could read once: its address says that it was withdrawn and why, and nothing else."""
        return self.filter(state=S.WITHDRAWN, readers__in=readers.reads, published_at__isnull=False)

    def to_publish(self, now: datetime):
        return self.filter(Q(publish_at=None) | Q(publish_at__lte=now), state=S.SCHEDULED)

    def to_expire(self, day: date):
        return self.filter(state=S.PUBLISHED, expires_on__lt=day)

    def overdue(self, day: date):
        return self.filter(overdue(day))

    def out(self):
        """Published and not withdrawn, expired or not."""
        return self.filter(OUT)


class Bulletin(UnionOwned, Movable):
    """A piece of disclosure from its draft to its end. What was checked and approved is what is published: its content
    changes in the draft alone."""

    item = models.ForeignKey(
        CatalogueItem, models.PROTECT, related_name="bulletins", verbose_name=_("Item of the catalogue")
    )
    title = models.CharField(_("Title of the bulletin"), max_length=120)
    body = models.TextField(_("Body text"), max_length=20_000, blank=True)
    readers = models.CharField(_("Audience"), max_length=10, choices=Readers.choices)
    channels = ArrayField(
        models.CharField(max_length=10, choices=Channel.choices), verbose_name=_("Channels"), default=list
    )
    occurred_on = models.DateField(_("Day of the matter"))
    due_on = models.DateField(_("Disclose by"), editable=False)
    publish_at = models.DateTimeField(_("Publish not before"), null=True, blank=True)
    expires_on = models.DateField(_("Shown until"), null=True, blank=True)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="bulletins", verbose_name=_("Decided by the meeting")
    )  # fmt: skip
    source = models.CharField(max_length=20, blank=True, editable=False, help_text="Key in `publishables`")
    source_id = models.BigIntegerField(null=True, editable=False)
    state = models.CharField(_("State"), max_length=10, choices=BulletinState.choices, default=BulletinState.DRAFT)
    code = models.CharField(max_length=15, unique=True, default=new_code, editable=False)
    cleared = models.JSONField(
        default=dict, editable=False, help_text="Finding (a keyed digest) → why it may stay; never the number itself"
    )

    written_by = models.ForeignKey("unions.User", models.PROTECT, related_name="+", verbose_name=_("Written by"))
    checked_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Checked by")
    )
    approved_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Approved by")
    )
    published_at = models.DateTimeField(_("Published at"), null=True)
    withdrawn_at = models.DateTimeField(_("Withdrawn at"), null=True)
    withdrawn_reason = models.CharField(_("Why it was withdrawn"), max_length=200, blank=True)

    objects = BulletinQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Bulletin")
        ordering = ["-occurred_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BulletinState.values), name="bulletin_state_known"),
            models.CheckConstraint(condition=Q(readers__in=Readers.values), name="bulletin_readers_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[S.PUBLISHED, S.EXPIRED])
                | Q(published_at__isnull=False, approved_by__isnull=False, checked_by__isnull=False),
                name="bulletin_published_approved",
            ),
            models.CheckConstraint(
                condition=Q(state=S.WITHDRAWN, withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")
                | ~Q(state=S.WITHDRAWN) & Q(withdrawn_at=None, withdrawn_reason=""),
                name="bulletin_withdrawn_whole",
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source="") & ~Q(state=S.WITHDRAWN), name="bulletin_source_once"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["union", "-occurred_on", "-id"], name="bulletin_union"),
            models.Index(fields=["middle", "-occurred_on", "-id"], name="bulletin_middle"),
            models.Index(fields=["-occurred_on", "-id"], name="bulletin_newest"),
            models.Index(
                fields=["union", "-published_at"], name="bulletin_public", condition=Q(state="published", readers="public")
            ),
            models.Index(fields=["publish_at"], name="bulletin_scheduled", condition=Q(state="scheduled")),
            models.Index(fields=["expires_on"], name="bulletin_expiring", condition=Q(state="published")),
            models.Index(
                fields=["due_on"], name="bulletin_due",
                condition=Q(state__in=["draft", "checking", "approving", "scheduled"]),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.title

    @property
    def is_editable(self) -> bool:
        return self.state == S.DRAFT

    @property
    def is_out(self) -> bool:
        return self.published_at is not None and self.state != S.WITHDRAWN

    @property
    def is_overdue(self) -> bool:
        return self.state in ON_THEIR_WAY and self.due_on < timezone.localdate()

    @property
    def channel_words(self) -> list[str]:
        return [str(Channel(channel).label) for channel in self.channels]


class Posting(UnionPart):
    """Where a published bulletin was put up besides the portal; a photograph of it is kept beside this row."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="postings", verbose_name=_("Bulletin"))
    channel = models.CharField(_("Channel"), max_length=10, choices=Channel.choices)
    place = models.CharField(_("Where"), max_length=80)
    posted_on = models.DateField(_("Posted on"))
    removed_on = models.DateField(_("Taken down on"), null=True, blank=True)
    posted_by = models.ForeignKey("unions.User", models.PROTECT, related_name="+", verbose_name=_("Entered by"))

    class Meta(UnionPart.Meta):
        verbose_name = _("Posting")
        ordering = ["bulletin", "posted_on", "pk"]
        triggers = [fill_from("bulletin_id", "disclosure_bulletin")]
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin", "channel", "place", "posted_on"],
                name="posting_once",
                violation_error_message=_("This is entered already."),
            ),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="posting_channel_known"),
            models.CheckConstraint(
                condition=Q(removed_on=None) | Q(removed_on__gte=F("posted_on")),
                name="posting_days_in_order",
                violation_error_message=_("It cannot be taken down before it was put up."),
            ),
        ]

    def __str__(self):
        return f"{self.get_channel_display()} · {self.place}"
