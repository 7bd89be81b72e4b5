"""Celery: jobs that people start, and the clock that drives duties and reminders."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("portal", task_cls="unions.task_base:PortalTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The clock only knocks: what is due is read from PostgreSQL, so a missed knock is made up by the next one.
app.conf.beat_schedule = {
    "duties": {"task": "unions.tasks.run_duties", "schedule": crontab(minute="*/10")},
    "deliveries": {"task": "unions.tasks.send_deliveries", "schedule": 60.0},
    "posts": {"task": "unions.tasks.send_posts", "schedule": 60.0},
    "accounts": {"task": "unions.tasks.tidy_accounts", "schedule": crontab(minute=20)},
    "stale-files": {"task": "unions.tasks.remove_stale_files", "schedule": crontab(minute=40)},
    "uploads": {"task": "unions.tasks.check_uploads", "schedule": 300.0},
    "erasure": {"task": "unions.tasks.propose_erasure", "schedule": crontab(minute=20, hour=9, day_of_week=1)},
    "seals": {"task": "unions.tasks.seal_events", "schedule": crontab(minute="*/5")},
    "check-of-seals": {"task": "unions.tasks.check_seals", "schedule": crontab(hour=2, minute=30)},
    "stranded-jobs": {"task": "unions.tasks.resume_jobs", "schedule": 60.0},
}


@beat_init.connect
def knock_at_start(**kwargs):
    """What a stopped portal missed is made up when it starts, not ten minutes later."""
    app.send_task("unions.tasks.run_duties")


@worker_init.connect
def check_login(**kwargs):
    from unions.wall import check_in

    check_in()
