"""What was done to a union and its records, in sentences; and taking an edit back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from unions.access import fetch, fetch_union
from unions.audit_tables import EventFilters, EventTable
from unions.kit.http import requires
from unions.kit.tables import list_response
from unions.models import Event, Union
from unions.permissions import Permission
from unions.register import last_move, may_undo, undo_edit


@requires(Permission.EVENT_VIEW)
@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of changes of one union, newest first; also for who sees the record and not the union (the audit
    administrator)."""
    union = fetch(Union.objects.select_related("parent", "middle"), request.user, Permission.EVENT_VIEW, pk=pk)
    events = Event.objects.visible_to(request.user, Permission.EVENT_VIEW).filter(union=union)
    events = events.select_related("by").prefetch_related("union", "assignment__union")
    editor = request.user if union.is_active and request.user.has_perm(Permission.UNION_EDIT, union) else None
    last = last_move(union) if union.is_active and request.user.has_perm(Permission.UNION_MOVE, union) else None
    return list_response(
        request, queryset=events, filters=EventFilters, table=EventTable, template="unions/history.html", export="table",
        export_name=_("Record of changes"),
        given={"union": union, "editor": editor, "last_move": last, "csrf": get_token(request)},
        context={"union": union, "crumb_union": union, "crumb_here": _("Record of changes")},
    )  # fmt: skip


@requires(Permission.UNION_EDIT)
@require_POST
def undo(request: HttpRequest, pk: int, event_pk: int) -> HttpResponse:
    """Write back what an edit of the card changed."""
    union = fetch_union(request.user, pk, Permission.UNION_EDIT)
    event = fetch(Event.objects, request.user, Permission.EVENT_VIEW, pk=event_pk, union_id=pk)
    if event.action != "union.edit":
        raise Http404
    if not may_undo(request.user, union, event):
        raise PermissionDenied
    undo_edit(event, by=request.user)
    messages.success(request, _("The edit is undone; the earlier values are back on the card."))
    return redirect("unions:union-history", pk)
