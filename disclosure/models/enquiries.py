"""Enquiries and concerns of members and workers (咨询、诉求): who handles them now, what was replied, how it satisfied."""

import secrets
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assemblies.enums import Satisfaction
from disclosure.enums import EnquiryKind, EnquiryState, EnquiryWay
from unions.kit.sealed import EncryptedCharField, SealedRow
from unions.kit.text import in_language
from unions.models import Union, UnionOwned, UnionOwnedQuerySet, UnionPart, User
from unions.models.base import fill_from
from unions.permissions import Permission
from unions.policies import SHARED
from unions.workflow import Movable

S = EnquiryState
# Read out over the telephone: no letter that is taken for another or for a digit.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_enquiry_code() -> str:
    """What people name an enquiry by; it opens nothing."""
    return "".join(secrets.choice(LETTERS) for _place in range(8))


class EnquiryTheme(models.Model):
    """What enquiries are about; the district keeps the list."""

    rights = SHARED

    name_zh = models.CharField(_("Name (Chinese)"), max_length=20)
    name_en = models.CharField(_("Name (English)"), max_length=40)
    order = models.PositiveSmallIntegerField(_("Order"), default=100)
    is_active = models.BooleanField(_("Offered"), default=True)

    class Meta:
        verbose_name = _("Theme")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["name_zh"], name="enquiry_theme_once")]

    def __str__(self):
        return in_language(self.name_zh, self.name_en)


class EnquiryQuerySet(UnionOwnedQuerySet):
    def with_parts(self):
        """What a row or a page shows beside the enquiry itself."""
        names = Union.objects.only("name", "kind", "path")
        return self.with_unions().prefetch_related(models.Prefetch("handler", names)).select_related("theme")

    def handled_by(self, user: User):
        """Those whose turn it is at the unions for which this person handles enquiries."""
        mine = user.scope(Permission.ENQUIRY_HANDLE).unions
        return self.visible_to(user, Permission.ENQUIRY_VIEW).filter(handler__in=mine)

    def overdue(self, day: date):
        return self.filter(state=S.ASKED, due_on__lt=day)


class Enquiry(UnionOwned, Movable):
    """An enquiry or concern. `union` is the lowest of the unions concerned, so that all of them see it; `handler`, that
    union or one above it, is the one whose turn it is. `due_on` is the last day of the present step, `answer_due_on` that
    of the first reply, by which “answered in time” is judged."""

    handler = models.ForeignKey("unions.Union", models.PROTECT, related_name="+", verbose_name=_("Handled by"))
    code = models.CharField(
        pgettext_lazy("of an enquiry", "No."), max_length=8, unique=True, default=new_enquiry_code, editable=False
    )
    kind = models.CharField(_("Kind"), max_length=8, choices=EnquiryKind.choices)
    way = models.CharField(_("Came by"), max_length=8, choices=EnquiryWay.choices)
    theme = models.ForeignKey(EnquiryTheme, models.PROTECT, related_name="+", verbose_name=_("Theme"))
    matter = models.OneToOneField(
        "assemblies.Matter", models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("Raised at a symposium"),
    )  # fmt: skip
    title = models.CharField(_("In a few words"), max_length=60)
    text = models.TextField(pgettext_lazy("enquiry", "What it is about"), max_length=2000)
    is_publishable = models.BooleanField(_("Question and reply may be published without names"), default=False)
    asked_on = models.DateField(_("Asked on"))
    state = models.CharField(_("State"), max_length=8, choices=EnquiryState.choices, default=EnquiryState.ASKED)
    due_on = models.DateField(pgettext_lazy("day", "Due"), null=True, blank=True)
    answer_due_on = models.DateField(_("Reply due"))
    answered_on = models.DateField(_("First replied on"), null=True, blank=True)
    is_extended = models.BooleanField(_("Extended"), default=False)
    is_reopened = models.BooleanField(_("Handled a second time"), default=False)
    satisfaction = models.CharField(_("Asker's rating"), max_length=12, choices=Satisfaction.choices, blank=True)
    closed_on = models.DateField(_("Settled on"), null=True, blank=True)
    link_number = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="Raised when the asker's link is replaced"
    )
    told_due_on = models.DateField(
        null=True, editable=False, help_text="The day for which those who handle it were reminded"
    )
    told_late_on = models.DateField(null=True, editable=False, help_text="The day of which they heard that it is past")
    # Null, not empty, where no form brought one: it makes the same form sent twice one enquiry.
    form_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = EnquiryQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Enquiry")
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EnquiryState.values), name="enquiry_state_known"),
            models.CheckConstraint(condition=Q(kind__in=EnquiryKind.values), name="enquiry_kind_known"),
            models.CheckConstraint(condition=Q(way__in=EnquiryWay.values), name="enquiry_way_known"),
            models.CheckConstraint(condition=~Q(state=S.ASKED) | Q(due_on__isnull=False), name="enquiry_due"),
            models.CheckConstraint(
                condition=~Q(state=S.ANSWERED) & Q(satisfaction="") | Q(answered_on__isnull=False),
                name="enquiry_answered",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[S.CLOSED, S.DECLINED], closed_on__isnull=False)
                | Q(state__in=[S.ASKED, S.ANSWERED], closed_on=None),
                name="enquiry_closed_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["middle", "-asked_on"], name="enquiry_middle"),
            models.Index(fields=["union", "-asked_on"], name="enquiry_union"),
            models.Index(fields=["-asked_on", "-id"], name="enquiry_newest"),
            models.Index(fields=["handler", "due_on"], name="enquiry_handler", condition=Q(state=S.ASKED)),
            models.Index(fields=["due_on"], name="enquiry_due_first", condition=Q(state=S.ASKED)),
        ]

    def __str__(self):
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == S.ASKED

    def is_overdue(self, day: date) -> bool:
        return self.is_open and self.due_on < day

    @property
    def round(self) -> int:
        """1, or 2 once a dissatisfied asker has reopened it."""
        return 2 if self.is_reopened else 1

    @property
    def can_be_rated(self) -> bool:
        """Silence closes no door: what was settled without a rating can still be rated."""
        return self.state == S.ANSWERED or (self.state == S.CLOSED and not self.satisfaction)


IN_TIME = Q(answered_on__lte=F("answer_due_on"))


class Asker(SealedRow, UnionPart):
    """Who asked, where they said so: only the union that handles it opens name and number, with a reason."""

    enquiry = models.OneToOneField(Enquiry, models.CASCADE, related_name="asker", verbose_name=_("Enquiry"))
    name = EncryptedCharField(_("Name"), max_length=40, blank=True)
    phone = EncryptedCharField(_("Phone"), max_length=20, blank=True)

    class Meta(UnionPart.Meta):
        verbose_name = _("Asker")
        ordering = ["enquiry"]
        triggers = [fill_from("enquiry_id", "disclosure_enquiry")]

    def __str__(self):
        return f"{self.enquiry_id}"


class Addition(UnionPart):
    """What the asker said afterwards, by link or (`taken_by`) to somebody of the union."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="additions", verbose_name=_("Enquiry"))
    text = models.TextField(pgettext_lazy("enquiry", "To add"), max_length=1000)
    added_at = models.DateTimeField(_("Added at"), auto_now_add=True)
    taken_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Taken down by")
    )

    class Meta(UnionPart.Meta):
        verbose_name = _("Addition")
        ordering = ["enquiry", "pk"]
        triggers = [fill_from("enquiry_id", "disclosure_enquiry")]

    def __str__(self):
        return f"{self.enquiry_id}"


class Reply(UnionPart):
    """What the asker was replied, at first (round 1) or after reopening (round 2)."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="replies", verbose_name=_("Enquiry"))
    round = models.PositiveSmallIntegerField(_("Round"))
    text = models.TextField(pgettext_lazy("to an enquiry", "Reply"), max_length=3000)
    signed = models.CharField(pgettext_lazy("reply", "Signed by"), max_length=60)
    replied_at = models.DateTimeField(_("Replied at"), auto_now_add=True)
    replied_by = models.ForeignKey("unions.User", models.PROTECT, related_name="+", verbose_name=_("Entered by"))

    class Meta(UnionPart.Meta):
        verbose_name = pgettext_lazy("to an enquiry", "Reply")
        ordering = ["enquiry", "round"]
        triggers = [fill_from("enquiry_id", "disclosure_enquiry")]
        constraints = [models.UniqueConstraint(fields=["enquiry", "round"], name="reply_once")]

    def __str__(self):
        return f"{self.enquiry_id} · {self.round}"
