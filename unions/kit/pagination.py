"""Pages of a list: fifty rows, a page that does not exist shows the nearest one."""

from django.core.paginator import Paginator

PER_PAGE = 50


class ListPaginator(Paginator):
    """Forgiving: a bookmark of page 9 of a list that shrank shows the last page."""

    def validate_number(self, number):
        try:
            number = int(number)
        except (TypeError, ValueError):
            number = 1
        return min(max(number, 1), self.num_pages)
