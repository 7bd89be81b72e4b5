"""Production: base.py as it stands, behind a proxy that speaks TLS (docs/operations.md)."""

from config.settings.base import *  # noqa: F403
