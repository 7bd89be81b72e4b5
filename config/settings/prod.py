"""Production: base.py as it stands, behind a proxy that speaks TLS (docs/operations.md)."""

from config.settings.base import *  # noqa: F403
from config.settings.base import PORTAL_KEYS
from unions.kit.crypto import KeyRing

KeyRing.parse(PORTAL_KEYS)
