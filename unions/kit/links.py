"""Addresses of lists and records, where a page has many of them."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.urls import reverse


def link(view: str, **params) -> str:
    """A list filtered to exactly the rows that a number counts."""
    given = {key: value for key, value in params.items() if value not in (None, "")}
    return f"{reverse(view)}?{urlencode(given)}" if given else reverse(view)


def addresses(view: str) -> Callable[[int], str]:
    """The addresses of many records of one view, resolved once."""
    head, tail = reverse(view, args=[0]).rsplit("0", 1)
    return lambda pk: f"{head}{pk}{tail}"
