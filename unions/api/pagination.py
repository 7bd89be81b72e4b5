"""Pages of a resource's list."""

from rest_framework.pagination import PageNumberPagination


class Pagination(PageNumberPagination):
    """Fifty rows a page, 200 at most; the count comes with them."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
