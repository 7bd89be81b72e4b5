"""The web server's entry."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
application = get_wsgi_application()
# Every address with its view is loaded before gunicorn forks: a new worker answers its first request at once.
get_resolver().url_patterns  # noqa: B018

from config.celery import app as celery_app  # noqa: E402, F401  tasks are sent to the configured broker
from unions.wall import check_in  # noqa: E402

check_in()

# What is loaded by now stays. Forked workers share it, and look for garbage among what requests leave, not in all of it.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
