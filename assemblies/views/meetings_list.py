"""Meetings up the tree."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from assemblies.meeting_lists import MeetingFilters, MeetingTable, visible_meetings
from unions.kit.http import requires
from unions.kit.tables import list_response
from unions.permissions import Permission


@requires(Permission.ASSEMBLY_VIEW)
@require_GET
def meeting_list(request: HttpRequest) -> HttpResponse:
    """Every meeting in scope, filtered; exported as it is filtered."""
    context = {"may_plan": request.user.has_perm(Permission.ASSEMBLY_EDIT), "crumb_here": _("Meetings")}
    return list_response(
        request, queryset=visible_meetings(request.user), filters=MeetingFilters, table=MeetingTable,
        template="assemblies/meeting_list.html", export="table", export_name=_("Meetings"), context=context,
    )  # fmt: skip
