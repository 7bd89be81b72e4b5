"""Addresses of lists and records, where a page has many of them."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import get_script_prefix, reverse


def link(view: str, **params) -> str:
    """A list filtered to exactly the rows that a number counts."""
    given = {key: value for key, value in params.items() if value not in (None, "")}
    return f"{reverse(view)}?{urlencode(given)}" if given else reverse(view)


def addresses(view: str) -> Callable[[int], str]:
    """The addresses of many records of one view, resolved once."""
    head, tail = reverse(view, args=[0]).rsplit("0", 1)
    return lambda pk: f"{head}{pk}{tail}"


def page_of(view: str) -> Callable[[Any], str]:
    """The address of each record's own page, for a column that is declared before there are any addresses."""
    return lambda record: _addresses(view, get_script_prefix())(record.pk)


@lru_cache(maxsize=256)
def _addresses(view: str, _prefix: str) -> Callable[[int], str]:
    return addresses(view)
