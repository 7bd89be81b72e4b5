"""Links to a meeting that need no account: 128 bits derived from the portal's key and the meeting's own seed.

Nothing that opens a link stands in the database, and yet a notice can be printed again (docs/adr/0050). A new seed ends
every link of a meeting. The link on the screen that signs people in changes every few minutes.
"""

import time
from base64 import urlsafe_b64encode

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from assemblies.models import Meeting
from unions.settingbook import setting

SALT, BYTES = "assemblies.links", 16
PAPERS, SIGN_IN = "papers", "sign-in"
TYPING = 3  # windows for which a page that is open already may still be sent


def _token(meeting: Meeting, purpose: str, window: int, secret: str | None = None) -> str:
    digest = salted_hmac(
        SALT, f"{purpose}:{meeting.pk}:{meeting.link_seed}:{window}", secret=secret, algorithm="sha256"
    ).digest()
    return urlsafe_b64encode(digest[:BYTES]).decode().rstrip("=")


def _window(meeting: Meeting) -> int:
    return int(time.time() // (60 * setting("sign-in-code-minutes", meeting.held_on)))


def papers_token(meeting: Meeting) -> str:
    """Of the notice: agenda and papers, for as long as the meeting keeps its seed."""
    return _token(meeting, PAPERS, 0)


def sign_in_token(meeting: Meeting) -> str:
    """Of the code on the screen at this moment."""
    return _token(meeting, SIGN_IN, _window(meeting))


def _fits(given: str, meeting: Meeting, purpose: str, windows: list[int]) -> bool:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    fitting = [
        constant_time_compare(given, _token(meeting, purpose, window, secret))
        for secret in secrets
        for window in windows
    ]
    return any(fitting)


def opens_papers(given: str, meeting: Meeting) -> bool:
    return _fits(given, meeting, PAPERS, [0])


def opens_sign_in(given: str, meeting: Meeting, *, is_typed: bool = False) -> bool:
    """The code of now or the one before; a page opened with it may be sent a little longer."""
    now = _window(meeting)
    return _fits(given, meeting, SIGN_IN, [now - back for back in range(2 + TYPING * is_typed)])
