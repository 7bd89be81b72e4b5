"""What ./portal runs: one machine, plain HTTP on the loopback address, everything else as in production."""

from config.settings.base import *  # noqa: F403
from config.settings.base import STORAGES, env

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME = "session"
CSRF_COOKIE_NAME = "csrf"
# No build step: whitenoise serves the files from where they lie.
STATIC_ROOT = None
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 300
DEMO_ALLOWED = True
SHOW_GALLERY = True
