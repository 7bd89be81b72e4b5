"""Celery: jobs that people start, and the clock that drives duties and reminders."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The clock only knocks: what is due is read from PostgreSQL, so a missed knock is made up by the next one.
app.conf.beat_schedule = {
    "duties": {"task": "unions.tasks.run_duties", "schedule": crontab(minute="*/10")},
    "deliveries": {"task": "unions.tasks.send_deliveries", "schedule": 60.0},
    "stranded-jobs": {"task": "unions.tasks.resume_jobs", "schedule": 60.0},
}
