"""Pages of a list: twenty-five rows unless more are asked for; a page that does not exist shows the nearest one."""

from collections.abc import Mapping

from django.core.paginator import Paginator
from django.utils.functional import cached_property

PER_PAGE = 25
SIZES = (PER_PAGE, 50, 100)


def page_size(query: Mapping[str, str]) -> int:
    """How many rows a page the address asks for (`rows`), of those that are offered."""
    asked = query.get("rows", "")
    return int(asked) if asked in map(str, SIZES) else PER_PAGE


class ListPaginator(Paginator):
    """Forgiving: a bookmark of page 9 of a list that shrank shows the last page."""

    def validate_number(self, number):
        try:
            number = int(number)
        except (TypeError, ValueError):
            number = 1
        return min(max(number, 1), self.num_pages)


class BoundedPaginator(ListPaginator):
    """Of a table that only grows: it counts and turns pages up to a bound; what lies beyond is found by filters."""

    bound = 10_000

    @cached_property
    def count(self):
        rows = self.object_list.data.data  # the queryset below the rows of a table
        return rows[: self.bound].count()
