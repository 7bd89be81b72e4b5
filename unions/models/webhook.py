"""Where the portal posts a day's counts to: a chat robot of the district or of a middle-tier union."""

import secrets
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from unions.enums import DeliveryState
from unions.models.base import UnionOwned
from unions.models.notice import Outgoing
from unions.policies import WRITE, Rights


def new_salt() -> str:
    return secrets.token_hex(16)


class Webhook(UnionOwned):
    """An address that the district set. Its secret follows from the salt and the portal's key and is kept nowhere."""

    url = models.CharField(_("Address"), max_length=500)
    is_active = models.BooleanField(_("In use"), default=True)
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(UnionOwned.Meta):
        verbose_name = _("Webhook")
        ordering = ["union__path"]
        constraints = [
            models.UniqueConstraint(
                fields=["union"], name="webhook_once",
                violation_error_message=_("This union has an address already; change that one."),
            )
        ]  # fmt: skip

    def __str__(self):
        return f"{self.union} {self.host}"

    @property
    def host(self) -> str:
        """The address without its path, which often is a key."""
        return urlsplit(self.url).hostname or ""

    @property
    def secret(self) -> str:
        return salted_hmac("unions.webhook", self.salt, algorithm="sha256").hexdigest()


class WebhookPost(Outgoing):
    """One message to a webhook: counts and a link, nothing about a person. The key makes it once."""

    rights = Rights(district=WRITE)

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="posts")
    key = models.CharField(max_length=40)
    body = models.JSONField()

    class Meta:
        verbose_name = _("Post to a webhook")
        ordering = ["-not_before", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "key"], name="webhook_post_once"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="webhook_post_state_known"),
        ]
        indexes = [models.Index(fields=["not_before"], condition=Q(state="waiting"), name="webhook_post_waiting")]

    def __str__(self):
        return f"{self.webhook_id} {self.key} {self.state}"
