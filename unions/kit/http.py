"""Small helpers of views: what a view demands, safe redirects, fragments."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme


def requires(permission: str) -> Callable:
    """Declare the permission a view demands. The account middleware refuses (403) whoever holds it nowhere; the
    view itself narrows to the records in scope."""

    def mark(view):
        view.permission = permission
        return view

    return mark


def any_account(view):
    """Declare that a view is for everybody who has signed in and shows nothing of a union."""
    view.permission = None
    return view


def declared(view) -> bool:
    return hasattr(view, "permission") or not getattr(view, "login_required", True)


def demanded(view, method: str | None = "GET") -> str | None:
    """The permission that a view demands; of an API's resource, that of the action behind the method."""
    if (resource := getattr(view, "cls", None)) is None:
        return getattr(view, "permission", None)
    action = getattr(view, "actions", {}).get((method or "").lower(), "")
    return getattr(resource, "permissions", {}).get(action)


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page. Never a permission: fragments pass the same checks."""
    return (
        bool(getattr(request, "htmx", False)) and not request.htmx.boosted and not request.htmx.history_restore_request
    )


def back_to(request: HttpRequest, default: str) -> str:
    """The page a form came from, if it is one of ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if allowed and target.startswith(("/", "?", "http")) else default


def page_behind(request: HttpRequest) -> str:
    """The page a person was at: that of the request, or the one that a fragment or a form belongs to."""
    if is_fragment(request):
        return request.htmx.current_url_abs_path or "/"
    return request.get_full_path() if request.method == "GET" else came_from(request)


def came_from(request: HttpRequest) -> str:
    """The page of ours that led here."""
    if is_fragment(request):
        return request.htmx.current_url_abs_path or "/"
    address = urlsplit(request.headers.get("Referer", ""))
    return address._replace(scheme="", netloc="").geturl() if address.netloc == request.get_host() else "/"


def attachment(body: bytes, name: str, content_type: str) -> HttpResponse:
    """A download: never shown inline, never sniffed."""
    response = HttpResponse(body, content_type=content_type, headers={"X-Content-Type-Options": "nosniff"})
    response.headers["Content-Disposition"] = _disposition(name)
    response.file_name = name  # for the record of who took what
    return response


def _disposition(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(as_attachment=True, filename=name) or "attachment"


def client_address(request: HttpRequest) -> str:
    """Where a request comes from. Behind a proxy of ours (TRUSTED_PROXY) the address it wrote, never one that a
    client sent by itself: the proxy overwrites the header (docs/operations.md)."""
    if settings.TRUSTED_PROXY:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or "unknown"
    return request.META.get("REMOTE_ADDR", "")


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

__all__ = [
    "XLSX",
    "any_account",
    "attachment",
    "back_to",
    "client_address",
    "declared",
    "demanded",
    "is_fragment",
    "page_behind",
    "requires",
]
