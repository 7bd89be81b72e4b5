import datetime
import smtplib
import threading

import pytest
from celery.contrib.testing.worker import start_worker
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from tests.factories.duties import make_duty, make_rule
from tests.factories.unions import DistrictWorld, UserFactory
from unions import outbox
from unions.enums import Audience, DeliveryState
from unions.models import Delivery, Notice, User

GROUP = {
    "role": "own", "stage": "today", "zh": "信息反馈", "en": "Feedback report", "period": "2026Q3", "last_day": "2026-10-10",
    "n": 1, "name": "望京", "duty": 1,
}  # fmt: skip


def make_delivery(user=None, **values):
    user = user or UserFactory()
    params = {"day": "2026-10-10", "groups": [GROUP]}
    notice = Notice.objects.create(recipient=user, kind="digest", params=params, url="/duties/1/", key=f"k{user.pk}")
    values = {"not_before": timezone.now() - datetime.timedelta(minutes=1), **values}
    return Delivery.objects.create(notice=notice, address=user.email, **values)


def later(minutes):
    Delivery.objects.update(not_before=timezone.now() - datetime.timedelta(minutes=minutes))


class Faulty(EmailBackend):
    """A mail server that answers the next messages as told."""

    problems: list = []

    def send_messages(self, messages):
        problem = Faulty.problems.pop(0) if Faulty.problems else None
        if problem:
            raise problem
        return super().send_messages(messages)


@pytest.fixture
def faulty(settings):
    settings.EMAIL_BACKEND = "tests.unions.test_outbox.Faulty"
    Faulty.problems = []
    return Faulty.problems


def test_a_message_goes_out_once_in_the_recipients_language(db):
    make_delivery(UserFactory(language="en", name="Li Min"))
    assert outbox.send_due()["sent"] == 1
    assert outbox.send_due()["sent"] == 0
    (sent,) = mail.outbox
    assert "Feedback report" in sent.subject
    assert "\n" not in sent.subject
    assert "/inbox/" in sent.body
    assert sent.body.startswith("Li Min")
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == (DeliveryState.SENT, 1)
    assert delivery.sent_at


def test_chinese_is_what_a_chinese_reader_gets(db):
    make_delivery()
    outbox.send_due()
    assert "信息反馈" in mail.outbox[0].subject


def test_nothing_leaves_before_its_time(db):
    make_delivery(not_before=timezone.now() + datetime.timedelta(hours=1))
    assert outbox.send_due()["sent"] == 0


def test_a_failure_is_tried_again_later_and_given_up_after_five(db, faulty):
    make_delivery()
    for attempt in range(1, 6):
        faulty[:] = [smtplib.SMTPRecipientsRefused({"a": (450, b"later")})]
        counts = outbox.send_due()
        delivery = Delivery.objects.get()
        assert delivery.attempts == attempt
        if attempt < 5:
            assert counts["retried"] == 1
            wait = delivery.not_before - timezone.now()
            assert abs(wait.total_seconds() - 120 * 2 ** (attempt - 1)) < 5
            assert outbox.send_due()["sent"] == 0
            later(1)
    assert (delivery.state, counts["failed"]) == (DeliveryState.FAILED, 1)
    assert "SMTPRecipientsRefused" in delivery.error


def test_one_bad_message_does_not_stop_the_next(db, faulty):
    make_delivery()
    make_delivery()
    faulty[:] = [smtplib.SMTPDataError(550, b"no")]
    counts = outbox.send_due()
    assert (counts["retried"], counts["sent"]) == (1, 1)


def test_a_line_that_breaks_while_sending_leaves_it_unknown_and_is_not_repeated(db, faulty):
    make_delivery()
    faulty[:] = [TimeoutError("no answer")]
    assert outbox.send_due()["unknown"] == 1
    assert Delivery.objects.get().state == DeliveryState.UNKNOWN
    assert outbox.send_due()["sent"] == 0
    assert mail.outbox == []


def test_a_sender_that_dies_while_sending_leaves_it_unknown(db):
    delivery = make_delivery()
    assert outbox.claim(timezone.now()) == delivery
    assert outbox.send_due() == {"sent": 0, "retried": 0, "failed": 0, "unknown": 0}, "the lease still runs"
    Delivery.objects.update(claimed_at=timezone.now() - outbox.LEASE - datetime.timedelta(seconds=1))
    assert outbox.send_due()["unknown"] == 1
    assert mail.outbox == []
    delivery.refresh_from_db()
    assert outbox.resend(delivery, by=delivery.notice.recipient)
    assert outbox.send_due()["sent"] == 1
    delivery.refresh_from_db()
    assert not outbox.resend(delivery, by=delivery.notice.recipient), "what has been sent is not sent again"


def test_a_disabled_account_gets_no_mail(db):
    delivery = make_delivery()
    User.objects.update(is_active=False)
    assert outbox.send_due()["failed"] == 1
    delivery.refresh_from_db()
    assert delivery.error


@pytest.mark.django_db(transaction=True)
def test_two_senders_share_the_work_and_send_nothing_twice():
    for _number in range(20):
        make_delivery()
    barrier, counts = threading.Barrier(2), []

    def send():
        barrier.wait()
        try:
            counts.append(outbox.send_due()["sent"])
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 20
    assert len({message.to[0] for message in mail.outbox}) == len(mail.outbox) == 20


def test_the_command_may_be_repeated(db, capsys):
    make_delivery()
    call_command("send_mail")
    call_command("send_mail")
    assert [line[:10] for line in capsys.readouterr().out.splitlines()] == ['{"sent": 1', '{"sent": 0']


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_takes_a_step_and_sends_the_mail(time_machine):
    """Queue, worker, database, mail: the whole way, on the real servers."""
    from config.celery import app
    from unions import clock, tasks

    morning = timezone.localtime().replace(year=2026, month=10, day=9, hour=10, minute=0)
    time_machine.move_to(morning, tick=True)
    world = DistrictWorld()
    clerk = world.clerk
    due = timezone.localdate()
    make_duty(make_rule(first_period="2027Q1", ladder=[(0, Audience.FILLER, False)]), world.factory, due=due)
    app.control.purge()
    with start_worker(app, pool="threads", concurrency=2, perform_ping_check=False, shutdown_timeout=30):
        tasks.run_duties.delay()
        tasks.run_duties.delay()
        assert wait_for(lambda: clock.last_round() and clerk.notices.count() == 1)
        tasks.send_deliveries.delay()
        assert wait_for(lambda: Delivery.objects.filter(state=DeliveryState.SENT).count() == 1)
    connections.close_all()
    assert [message.to for message in mail.outbox] == [[clerk.email]]


def wait_for(condition, seconds=20):
    import time

    for _number in range(seconds * 20):
        if condition():
            return True
        time.sleep(0.05)
    return False
