"""What may be published without being typed again: results that floors bring, each with the function that words it.

An app registers a kind from its AppConfig.ready(); the disclosure floor offers what is ready and makes bulletins of it,
and registers the way there, which the page of a result shows (`ways_of`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Model, QuerySet

from unions.kit.registry import Registry
from unions.models import Union, User
from unions.permissions import Permission


@dataclass(frozen=True)
class Draft:
    """The beginning of a bulletin. `category` is the key of one of the catalogue's; `meeting` the one that decided."""

    title: str
    body: str
    category: str
    occurred_on: date
    meeting: Model | None = None
    item: str = ""  # the name of the catalogue's item, where the category has several


@dataclass(frozen=True)
class Publishable:
    """A kind of result: which of a union's are ready, and how one is told. `ready` gives a queryset, the newest first."""

    label: str
    see: Permission  # without it the record is not offered either
    ready: Callable[[Union], QuerySet]
    draft: Callable[[Model], Draft]


publishables: Registry[Publishable] = Registry("publishable thing")


@dataclass(frozen=True)
class Way:
    """From the page of a record to where a floor above goes on with it, mostly makes it public: a page to open or, with a
    `result`, what that page is sent."""

    label: str
    url: str
    result: str = ""
    icon: str = "megaphone"


ways: Registry[Callable[[str, Model, User], Way | None]] = Registry("way to go on")


def ways_of(key: str, record: Model, user: User) -> list[Way]:
    """The ways open to this person for a record of a kind."""
    return [way for find in ways if (way := find(key, record, user))]
