"""Public pages kept ready: drawn once, served from the cache until something of the union is published or taken back.

Each short address has a stamp; a page is kept under it, so that a new stamp makes all of its pages unknown at once, in every
process. A cache that stands still costs speed, not truth: then each page is drawn.
"""

import hashlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import get_language

log = logging.getLogger(__name__)
KEPT, FRESH = 300, 60  # seconds in our cache, and in that of a browser or a proxy


@dataclass(frozen=True)
class Kept:
    """An answer as it was drawn."""

    body: bytes
    content_type: str
    status: int
    etag: str
    robots: str


def forget(slug: str) -> None:
    """Once this is committed, every public page under this short address is drawn anew."""
    transaction.on_commit(lambda: _stamp(f"public.{slug}"))


def _stamp(key: str) -> str | None:
    stamp = secrets.token_hex(6)
    try:
        cache.set(key, stamp, 86_400)
    except Exception:
        log.warning("public pages are not kept: the cache does not answer", exc_info=True)
        return None
    return stamp


def kept(request: HttpRequest, slug: str, parts: tuple, draw: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer for this short address and these parts of the question, drawn where it is not kept."""
    return _answer(request, _look_up(slug, parts, draw))


def _look_up(slug: str, parts: tuple, draw: Callable[[], HttpResponse]) -> Kept:
    try:
        stamp = cache.get(f"public.{slug}") or _stamp(f"public.{slug}")
        name = hashlib.sha256("\n".join(map(str, (*parts, get_language()))).encode()).hexdigest()[:32]
        key = f"public.{slug}.{stamp}.{name}"
        if stamp and (found := cache.get(key)):
            return Kept(*found)
    except Exception:
        log.warning("public pages are not kept: the cache does not answer", exc_info=True)
        stamp = None
    response = draw()
    digest = quote_etag(hashlib.sha256(response.content).hexdigest()[:24])
    robots = response.headers.get("X-Robots-Tag", "")
    found = Kept(response.content, response.headers["Content-Type"], response.status_code, digest, robots)
    if stamp and response.status_code in (200, 410):
        try:
            cache.set(key, tuple(vars(found).values()), KEPT)
        except Exception:
            log.warning("a public page was not kept", exc_info=True)
    return found


def _answer(request: HttpRequest, found: Kept) -> HttpResponse:
    """With what a browser needs to ask again cheaply. Whoever has signed in keeps nothing on the machine."""
    if found.status == 200 and found.etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(found.body, content_type=found.content_type, status=found.status)
        if found.robots:
            response.headers["X-Robots-Tag"] = found.robots
    response.headers["ETag"] = found.etag
    if not request.user.is_authenticated:
        response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
