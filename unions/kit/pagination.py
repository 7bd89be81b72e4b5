"""Pages of a list: fifty rows, a page that does not exist shows the nearest one."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

PER_PAGE = 50


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
