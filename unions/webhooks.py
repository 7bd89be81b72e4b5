"""Webhooks: once a day, after the reminders, the counts of a union's subtree go to the robot that the district named.

The outbox's rules hold: written with the reminders, claimed one by one, sent after, never twice by our own doing.
"""

import datetime
import hashlib
import hmac
import json
import time

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from unions import outbox
from unions.enums import DeliveryState, DutyState, UnionKind
from unions.kit import callout
from unions.models import Reminder, User, Webhook, WebhookPost
from unions.models.webhook import new_salt
from unions.notices import absolute
from unions.services import record


def tell(today: datetime.date, now: datetime.datetime) -> int:
    """Write the day's post for each webhook in use whose unions were reminded today; how many were written."""
    hooks = list(Webhook.objects.filter(is_active=True).select_related("union"))
    if not hooks:
        return 0
    reminded = Reminder.objects.filter(
        fired_on=today, is_skipped=False, duty__state__in=(DutyState.OPEN, DutyState.RETURNED)
    )
    late = Count("duty", distinct=True, filter=Q(duty__last_day__lt=today))
    rows = reminded.order_by().values("duty__middle").annotate(reminded=Count("duty", distinct=True), overdue=late)
    counts = {row["duty__middle"]: (row["reminded"], row["overdue"]) for row in rows}
    posts = []
    for hook in hooks:
        is_district = hook.union.kind == UnionKind.DISTRICT
        found = counts.values() if is_district else [counts.get(hook.union_id, (0, 0))]
        all_reminded, all_overdue = (sum(column) for column in zip(*found, strict=True)) if found else (0, 0)
        if all_reminded:
            body = _body(hook, today, all_reminded, all_overdue)
            posts.append(WebhookPost(webhook=hook, key=f"day:{today}", body=body, not_before=now))
    known = set(WebhookPost.objects.filter(key=f"day:{today}").values_list("webhook", flat=True))
    fresh = [post for post in posts if post.webhook_id not in known]
    WebhookPost.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _body(hook: Webhook, day: datetime.date, reminded: int, overdue: int) -> dict:
    link = absolute(reverse("unions:duty-list"))
    with translation.override("zh-hans"):
        text = _("%(union)s: %(reminded)d duties reminded of today, %(overdue)d of them overdue. %(link)s") % {
            "union": hook.union.name, "reminded": reminded, "overdue": overdue, "link": link,
        }  # fmt: skip
    return {**_message(text), "day": day.isoformat(), "counts": {"reminded": reminded, "overdue": overdue}, "link": link}  # fmt: skip


def _message(text: str) -> dict:
    """The shape in which enterprise chat robots take a text."""
    return {"msgtype": "text", "text": {"content": text}}


def test(hook: Webhook, *, by: User) -> bool:
    """Write a post that tells nothing but that it arrives; one a minute."""
    now = timezone.now()
    with translation.override("zh-hans"):
        text = _("%(union)s: test of the portal's webhook. %(link)s") % {
            "union": hook.union.name, "link": absolute("/"),
        }  # fmt: skip
    _made, is_new = WebhookPost.objects.get_or_create(
        webhook=hook, key=f"test:{now:%Y-%m-%dT%H:%M}", defaults={"body": _message(text), "not_before": now}
    )
    if is_new:
        record(hook.union, "webhook.test", hook, by=by, data={"host": hook.host})
    return is_new


def signed(hook: Webhook, body: bytes, at: int) -> dict[str, str]:
    """The headers by which the receiver knows that it is us, and that it is not an old post."""
    digest = hmac.new(hook.secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "X-Niangjia-Timestamp": str(at),
        "X-Niangjia-Signature": f"sha256={digest}",
    }


def send_due(limit: int = 100, *, seconds: float = 50) -> dict[str, int]:
    """Send what is due, each post once; returns how many per outcome."""
    counts = {"sent": 0, "retried": 0, "failed": 0, "unknown": outbox.mark_unknown(WebhookPost)}
    until = time.monotonic() + seconds
    for _number in range(limit):
        post = outbox.claim(timezone.now(), WebhookPost) if time.monotonic() < until else None
        if post is None:
            break
        counts[_send(post)] += 1
    return counts


def _send(post: WebhookPost) -> str:
    hook = post.webhook
    if not (hook.is_active or post.key.startswith("test:")):
        return outbox.store(post, DeliveryState.FAILED, "failed", "webhook out of use")
    body = json.dumps(post.body, ensure_ascii=False).encode()
    try:
        callout.post(hook.url, body, signed(hook, body, int(time.time())), tuple(settings.WEBHOOK_ALLOWED))
    except callout.NotSent as problem:
        return outbox.retry(post, problem)
    except callout.Refused as problem:
        return outbox.store(post, DeliveryState.FAILED, "failed", str(problem))
    except callout.Uncertain as problem:
        return outbox.store(post, DeliveryState.UNKNOWN, "unknown", str(problem))
    post.sent_at = timezone.now()
    return outbox.store(post, DeliveryState.SENT, "sent", "")


@transaction.atomic
def save(hook: Webhook, *, by: User) -> None:
    """Enter or change an address; the record names the host alone, as the path often is a key."""
    is_new = hook.pk is None
    hook.save()
    data = {"host": hook.host, "is_active": hook.is_active}
    record(hook.union, "webhook.add" if is_new else "webhook.edit", hook, by=by, data=data)


@transaction.atomic
def renew_secret(hook: Webhook, *, by: User) -> None:
    """The old secret is worth nothing from now on."""
    hook.salt = new_salt()
    hook.save(update_fields=["salt"])
    record(hook.union, "webhook.secret", hook, by=by, data={"host": hook.host})


@transaction.atomic
def remove(hook: Webhook, *, by: User) -> None:
    record(hook.union, "webhook.remove", hook, by=by, data={"host": hook.host})
    hook.delete()
