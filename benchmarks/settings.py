"""The settings of ./portal with one more page: the empty one that every other page is measured against."""

from config.settings.local import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "ERROR"}}
