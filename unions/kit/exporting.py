"""Exports: a short one at once, a long one as a job; one rule for every list (docs/adr/0026-long-exports.md).

A view answers `export_response`; its page shows `components/export.html` with what `export_button` gives. The button of
a long export starts a job, which asks the same view anew with an `ExportRequest`: what the person may see when it runs
is what the file holds.
"""

from collections.abc import Callable

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.translation import gettext as _

from unions.kit.filters import clean_query
from unions.kit.http import XLSX, attachment

AT_ONCE = 2000  # rows made within a request: half a second's work
SALT = "unions.export"


class ExportRequest(HttpRequest):
    """A list's address asked for by a job in a person's name. The view leaves the file in `made`: its name, its body."""

    def __init__(self, user, path: str, query: str):
        super().__init__()
        self.method, self.user, self.path, self.path_info = "GET", user, path, path
        self.GET, self.resolver_match = QueryDict(query), resolve(path)
        self.made: tuple[str, bytes] | None = None


def export_response(
    request: HttpRequest, rows: int, name: str, make: Callable[[], bytes], *, page: str = ""
) -> HttpResponse:
    """The workbook of so many rows; back to its page where they are too many to make while somebody waits."""
    if isinstance(request, ExportRequest):
        request.made = name, make()
        return HttpResponse(status=204)
    if rows > AT_ONCE:
        messages.info(
            request,
            _("This export is long by now: its button starts it in the background and tells you when it is done."),
        )
        return redirect(page or request.path + clean_query(request.GET))
    return attachment(make(), name, XLSX)


def export_button(request: HttpRequest, rows: int, path: str = "") -> dict:
    """What `components/export.html` shows: the address of a short export, the ticket of a long one."""
    query = clean_query(request.GET, export="xlsx")
    if rows <= AT_ONCE:
        return {"export_url": path + query}
    return {"export_ticket": signing.dumps([request.user.pk, path or request.path_info, query[1:], rows], salt=SALT)}


def redeem(ticket: str, user) -> tuple[str, str, int]:
    """Path, query and number of rows of a ticket that was made for this person. Raises BadSignature."""
    person, path, query, rows = signing.loads(ticket, salt=SALT)
    if person != user.pk:
        raise signing.BadSignature
    return path, query, rows
