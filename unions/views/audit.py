"""The whole record of acts within somebody's scope, and the seals over it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from unions import audit_export, seals, watch
from unions.audit_tables import LogFilters, LogTable
from unions.audit_words import fault_in_words
from unions.kit.filters import clean_query
from unions.kit.http import attachment, requires
from unions.kit.pagination import BoundedPaginator, ListPaginator
from unions.kit.tables import list_response
from unions.models import Event, Seal
from unions.permissions import Permission


@requires(Permission.EVENT_VIEW)
@require_GET
def event_list(request: HttpRequest) -> HttpResponse:
    """Who did what, to which record, with which appointment and from where; also what was refused and read."""
    events = Event.objects.visible_to(request.user, Permission.EVENT_VIEW)
    return list_response(
        request, queryset=events.select_related("by").prefetch_related("union", "assignment__union"), filters=LogFilters, table=LogTable,
        template="unions/audit/list.html", paginator=BoundedPaginator,
        context={"query": clean_query(request.GET), "may_see_seals": request.user.has_perm(Permission.SEAL_VIEW)},
    )  # fmt: skip


@requires(Permission.EVENT_VIEW)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Make a workbook of what is filtered, as a job; that it was asked for stands on record."""
    return redirect("unions:job", audit_export.start(request.user, request.GET).pk)


@requires(Permission.SEAL_VIEW)
@require_GET
def seal_list(request: HttpRequest) -> HttpResponse:
    """The seals, newest first, what the last check found, and how many entries wait for their seal."""
    page = ListPaginator(Seal.objects.defer("leaves"), 50).get_page(request.GET.get("page"))
    newest, check = Seal.objects.defer("leaves").first(), watch.last_check()
    faults = [fault_in_words(*fault) for fault in check.counts.get("named", [])] if check else []
    waiting = Event.objects.filter(pk__gt=newest.last_id if newest else 0)[: BoundedPaginator.bound].count()
    context = {
        "page": page, "newest": newest, "check": check, "faults": faults, "waiting": waiting,
        "file": settings.SEALS_FILE.name,
    }  # fmt: skip
    return render(request, "unions/audit/seals.html", context)


@requires(Permission.SEAL_VIEW)
@require_POST
def seal_check(request: HttpRequest) -> HttpResponse:
    """Seal what is there and check everything now."""
    run = audit_export.start_check(request.user)
    return redirect("unions:job", run.pk)


@requires(Permission.SEAL_VIEW)
@require_GET
def seal_file(request: HttpRequest) -> HttpResponse:
    """The seals as a file to be kept elsewhere; `verify_audit --against` reads it."""
    lines = "".join(f"{seals.line_of(seal)}\n" for seal in Seal.objects.defer("leaves").order_by("number").iterator())
    return attachment(lines.encode("ascii"), _("Seals") + ".txt", "text/plain; charset=utf-8")
