"""What upper floors bring to lower ones, registered from AppConfig.ready(): menu entries, cards, tasks, importers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Named things in order; a name that is taken or unknown raises."""

    def __init__(self, what: str):
        self.what = what
        self._items: dict[str, T] = {}

    def add(self, key: str, item: T) -> T:
        if key in self._items:
            raise ValueError(f"{self.what} “{key}” is registered twice")
        self._items[key] = item
        return item

    def __getitem__(self, key: str) -> T:
        return self._items[key]

    def get(self, key: str) -> T | None:
        return self._items.get(key)

    def items(self) -> Iterator[tuple[str, T]]:
        return iter(self._items.items())

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def __contains__(self, key: str) -> bool:
        return key in self._items


@dataclass(frozen=True)
class MenuItem:
    """An entry of the side menu, shown to whoever holds the permission anywhere (None: to every account)."""

    label: str
    icon: str
    url_name: str
    permission: str | None = None
    order: int = 100
    group: str = ""
    badge: Callable[[Any], int] | None = None  # request → count
    shown: Callable[[Any], bool] | None = None  # user → whether the entry is of use to them at all


@dataclass(frozen=True)
class Card:
    """A card on the workbench or on a union's page: a template and the function that makes its context.
    `context(page)` is given the page's own aggregate (a workbench or a union's board) and returns None where the card
    has nothing to show. `sheet(page)` gives what the page's workbook holds of it: name, columns (`Out`), rows."""

    template: str
    context: Callable[[Any], dict | None]
    permission: str
    order: int = 100
    column: str = "main"  # or "side", "kpi"
    sheet: Callable[[Any], tuple[str, list, list] | None] | None = None
    tab: str = ""  # of a union's page: a key of `union_tabs`; the first tab has none


menu: Registry[MenuItem] = Registry("menu entry")
home_cards: Registry[Card] = Registry("workbench card")
union_cards: Registry[Card] = Registry("union page card")
union_tabs: Registry[tuple[str, str]] = Registry("union page tab")  # (key, label)
