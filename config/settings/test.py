"""Tests: the real PostgreSQL and the real Redis-protocol server of tests/services.py, cheap hashing, mail kept."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("PORTAL_KEYS", "test:only-for-tests-" + "x" * 50)

from config.settings.local import *  # noqa: F403
from config.settings.local import MIDDLEWARE, REST_FRAMEWORK

ALLOWED_HOSTS = ["*"]
MIDDLEWARE = ["tests.wall.StartAsNobody", *MIDDLEWARE]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # initial passwords of an imported list
]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
AXES_ENABLED = False
# Thousands of calls a minute are meant here; the test of the limit sets one.
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"user": None}}
WRONG_LINKS = 100_000
