"""What may be published without being typed again: results that floors bring, each with the function that words it.

An app registers a kind from its AppConfig.ready(); the disclosure floor offers what is ready and makes bulletins of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Model

from unions.kit.registry import Registry
from unions.models import Union
from unions.permissions import Permission


@dataclass(frozen=True)
class Draft:
    """The beginning of a bulletin. `category` is the key of one of the catalogue's; `meeting` the one that decided."""

    title: str
    body: str
    category: str
    occurred_on: date
    meeting: Model | None = None


@dataclass(frozen=True)
class Publishable:
    """A kind of result: which of a union's are ready, and how one is told. `ready` gives a queryset, the newest first."""

    label: str
    see: Permission  # without it the record is not offered either
    ready: Callable[[Union], Iterable[Model]]
    draft: Callable[[Model], Draft]


publishables: Registry[Publishable] = Registry("publishable thing")
