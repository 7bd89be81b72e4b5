"""The outbox: e-mails are written with the act they tell of, claimed one by one, and sent after.

A message that was being sent when its process died may have left: it becomes “unknown”, is shown on the runs page,
and goes out again only when a person says so.
"""

import datetime
import logging
import smtplib
import time
from typing import TypeVar

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from unions.audit import note
from unions.enums import DeliveryState, EventResult
from unions.models import Delivery, Outgoing, User, WebhookPost
from unions.notices import absolute, wordings

log = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Outgoing)
# What a message needs beside itself when it goes out.
_WITH = {Delivery: ("notice__recipient",), WebhookPost: ("webhook__union",)}
ATTEMPTS = 5
LEASE = datetime.timedelta(minutes=10)
FIRST_PAUSE = datetime.timedelta(minutes=2)
# The server may have taken the message before the line broke.
_UNCERTAIN = (TimeoutError, smtplib.SMTPServerDisconnected, ConnectionResetError, BrokenPipeError)


def claim(now: datetime.datetime, model: type[Row] = Delivery) -> Row | None:
    """The next message that is due, marked as being sent and committed before anything leaves."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET state = %s, claimed_at = %s, attempts = attempts + 1 WHERE id = ("
            f"SELECT id FROM {table} WHERE state = 'waiting' AND not_before <= %s "
            "ORDER BY not_before, id FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id",
            [DeliveryState.SENDING, now, now],
        )
        row = cursor.fetchone()
    return model.objects.select_related(*_WITH[model]).get(pk=row[0]) if row else None


def message(delivery: Delivery) -> EmailMessage:
    """Subject and plain text in the recipient's language, with the way into the portal."""
    notice = delivery.notice
    with translation.override(notice.recipient.language):
        wording = wordings[notice.kind]
        link = absolute(reverse("unions:inbox-open", args=[notice.pk]))
        context = {"notice": notice, "title": wording.title(notice.params), "body": wording.body(notice.params)}
        text = render_to_string("emails/notice.txt", {**context, "link": link, "site": settings.SITE_URL})
        subject = " ".join(render_to_string("emails/subject.txt", context).split())
    headers = {"Message-ID": f"<notice-{notice.pk}-{delivery.pk}@{_host()}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, text, to=[delivery.address], headers=headers)


def _host() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or "localhost"


def send_due(limit: int = 500, *, seconds: float = 50) -> dict[str, int]:
    """Send what is due, each message once; returns how many per outcome."""
    counts = {"sent": 0, "retried": 0, "failed": 0, "unknown": mark_unknown()}
    until, line = time.monotonic() + seconds, None
    for _number in range(limit):
        if time.monotonic() > until:
            break
        delivery = claim(timezone.now())
        if delivery is None:
            break
        line = line or get_connection()
        outcome = _send(delivery, line)
        counts[outcome] += 1
        if outcome != "sent":
            _hang_up(line)
            line = None
    _hang_up(line)
    return counts


def _hang_up(line) -> None:
    if line is not None:
        try:
            line.close()
        except Exception:
            log.debug("the mail server had hung up already", exc_info=True)


def _send(delivery: Delivery, line) -> str:
    try:
        if not delivery.notice.recipient.is_active:
            return store(delivery, DeliveryState.FAILED, "failed", "account disabled")
        mail = message(delivery)
        line.open()
    except Exception as problem:
        return retry(delivery, problem)
    try:
        line.send_messages([mail])
    except _UNCERTAIN as problem:
        return store(delivery, DeliveryState.UNKNOWN, "unknown", _say(problem))
    except Exception as problem:
        return retry(delivery, problem)
    delivery.sent_at = timezone.now()
    return store(delivery, DeliveryState.SENT, "sent", "")


def retry(delivery: Outgoing, problem: Exception) -> str:
    """Again after 2, 4, 8 and 16 minutes; then it has failed."""
    log.warning("delivery %s, attempt %s: %s", delivery.pk, delivery.attempts, problem)
    if delivery.attempts >= ATTEMPTS:
        return store(delivery, DeliveryState.FAILED, "failed", _say(problem))
    delivery.not_before = timezone.now() + FIRST_PAUSE * 2 ** (delivery.attempts - 1)
    return store(delivery, DeliveryState.WAITING, "retried", _say(problem))


def _say(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"[:500]


def store(delivery: Outgoing, state: DeliveryState, outcome: str, error: str) -> str:
    delivery.state, delivery.error = state, error
    delivery.save(update_fields=["state", "error", "sent_at", "not_before"])
    return outcome


def mark_unknown(model: type[Outgoing] = Delivery) -> int:
    """Messages whose sender died while sending."""
    lost = model.objects.filter(state=DeliveryState.SENDING, claimed_at__lt=timezone.now() - LEASE)
    return lost.update(state=DeliveryState.UNKNOWN, error="the sender stopped while sending")


@transaction.atomic
def resend(delivery: Outgoing, *, by: User) -> bool:
    """A person decides that a failed or unknown message goes out (again); False when it is on its way already."""
    stuck = type(delivery).objects.filter(pk=delivery.pk, state__in=(DeliveryState.FAILED, DeliveryState.UNKNOWN))
    if not stuck.update(state=DeliveryState.WAITING, attempts=0, not_before=timezone.now(), error=""):
        return False
    note("delivery.resend", EventResult.DONE, by=by, about=delivery)
    return True
