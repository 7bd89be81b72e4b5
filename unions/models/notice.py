"""Notices in the inbox, what goes out by e-mail, and which step of which ladder has been taken."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unions.enums import DeliveryState
from unions.models.base import UnionPart, fill_from
from unions.models.duty import Duty, ReminderStep
from unions.policies import READ, Rights, Walled


class NoticeQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)


class Notice(models.Model):
    """A message to one person. Its words are made when read, in the reader's language (unions/notices.py). It is
    the reader's own: a superior does not read it."""

    rights = Rights(everyone="SELECT, UPDATE")

    recipient = models.ForeignKey("unions.User", models.CASCADE, related_name="notices")
    union = models.ForeignKey("unions.Union", models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("Notice")
        ordering = ["-created_at", "-pk"]
        constraints = [Walled(name="notice_wall", person="recipient_id")]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_recipient"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self):
        return f"{self.recipient} {self.kind}"


class Reminder(UnionPart):
    """A step of the ladder taken for a duty and a last day. The unique key makes it once, whatever crashes or runs
    twice; an extension or a return sets another last day, and the ladder begins anew."""

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="reminders")
    step = models.ForeignKey(ReminderStep, models.PROTECT, related_name="+")
    counted_from = models.DateField(help_text="The last day (or opening day) it counted from: a new day, a new ladder")
    fired_on = models.DateField()
    is_skipped = models.BooleanField(default=False, help_text="A later step had come due by the time of a missed run")

    class Meta(UnionPart.Meta):
        verbose_name = _("Reminder")
        triggers = [fill_from("duty_id", "unions_duty")]
        ordering = ["duty", "fired_on"]
        constraints = [models.UniqueConstraint(fields=["duty", "step", "counted_from"], name="reminder_once")]

    def __str__(self):
        return f"{self.duty_id} {self.step_id}"


class NoticeItem(models.Model):
    """A duty named in a digest: two numbers, which say nothing to whoever may read neither end."""

    rights = Rights(everyone=READ)

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="items")
    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "reminder"], name="notice_item_once")]

    def __str__(self):
        return f"{self.notice_id} {self.reminder_id}"


class Outgoing(models.Model):
    """What leaves the portal: written with the business data, sent after, never twice by our own doing."""

    rights = Rights(district="SELECT, UPDATE")

    state = models.CharField(_("State"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("Sent at"), null=True)
    error = models.TextField(blank=True)

    class Meta:
        abstract = True


class Delivery(Outgoing):
    """An e-mail in the outbox."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("Channel"), max_length=10, default="email")
    address = models.CharField(_("Address"), max_length=254)

    class Meta:
        verbose_name = _("Delivery")
        ordering = ["not_before", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
        ]
        indexes = [models.Index(fields=["not_before"], condition=Q(state="waiting"), name="delivery_waiting")]

    def __str__(self):
        return f"{self.channel} {self.address} {self.state}"
