"""Links that work without an account: each names one record and one purpose, and only the portal can make it.

A link is the record's number and a keyed hash of 128 bits; nothing is stored for it, so whoever reads the database
cannot open one. A record that counts its links (`link_number`, `card_number`) makes the former ones lead nowhere.
"""

import logging
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from unions.kit.http import client_address
from unions.wall import system

log = logging.getLogger(__name__)
_BYTES = 16
WITHIN = 600  # seconds


class Purpose(StrEnum):
    """What links are for, those of all floors in one list: a link of one purpose opens nothing of another."""

    COLLECTION = "collection"  # hand in a proposal
    PROPOSER = "proposer"  # follow one's own proposal and mark its answer
    PUBLISHED = "published"  # read what a union has published
    CARD = "card"  # is this delegate's card valid
    APPRAISAL = "appraisal"  # read the published result of an appraisal
    ENQUIRY = "enquiry"  # follow one's own enquiry and rate its reply
    ANNUAL_HEARING = "annual-hearing"  # rate an annual report and ask about it
    OVERSIGHT = "oversight"  # accept the oversight of a matter and say what was found
    READ_MEMBERS = "read-members"  # read what a union discloses to its members
    READ_DELEGATES = "read-delegates"  # and to its delegates
    READ_COMMITTEE = "read-committee"  # and to its committee


@dataclass(frozen=True)
class Link:
    """What a token names: a record, and which of its links."""

    pk: int
    number: int


# The name of the place where they were made first: another would end the links that people have.
SALT = "assemblies.tokens"


def _seal(purpose: Purpose, pk: int, number: int, secret: str) -> str:
    digest = salted_hmac(f"{SALT}.{purpose}", f"{pk}.{number}", secret=secret, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:_BYTES]).decode().rstrip("=")


def make(purpose: Purpose, pk: int, number: int = 1) -> str:
    """The token of a record's link, for the path of an address."""
    return f"{pk}.{number}.{_seal(purpose, pk, number, settings.SECRET_KEY)}"


def read(purpose: Purpose, token: str) -> Link | None:
    """What a token names, or None where the portal did not make it for this purpose."""
    pk, _dot, rest = token.partition(".")
    number, _dot, seal = rest.partition(".")
    if not (pk.isdecimal() and number.isdecimal() and len(pk) < 19 and len(number) < 6):
        return None
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if constant_time_compare(_seal(purpose, int(pk), int(number), secret), seal):
            return Link(int(pk), int(number))
    return None


def qr_of(address: str) -> str:
    """The address as a picture to print or to point a phone at."""
    return segno.make(address, error="m").svg_data_uri(scale=6, border=2)


def refuse(request: HttpRequest) -> HttpResponse:
    """The answer to a link that is none of ours. A valid one is looked at before anything is counted, so that a hall behind
    one network address goes on where somebody there types wrong ones."""
    if _tries_too_many(client_address(request)):
        return HttpResponse(_("Too many wrong links. Try again in ten minutes."), status=429)
    raise Http404


def _tries_too_many(address: str) -> bool:
    """Nobody guesses 128 bits: a cache that stands still only leaves the noise uncounted."""
    key = f"unions.wrong_link.{address}"
    try:
        cache.add(key, 0, WITHIN)
        return cache.incr(key) > settings.WRONG_LINKS
    except Exception:
        log.warning("wrong links are not counted: the cache does not answer", exc_info=True)
        return False


def by_link(purpose: Purpose) -> Callable:
    """A view for whoever holds a link: it is given what the link names, within one transaction beyond the wall."""

    def wrap(view):
        @wraps(view)
        def inner(request, token):
            link = read(purpose, token)
            if link is None:
                return refuse(request)
            with system("serves whoever holds a link"), transaction.atomic():
                response = view(request, link, token)
            response.headers["X-Robots-Tag"] = "noindex"
            return response

        return login_not_required(never_cache(inner))

    return wrap
