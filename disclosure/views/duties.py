"""From a duty of funds and disclosure to where it is done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from disclosure.duties import WAYS, way_to
from unions.access import fetch
from unions.kit.http import requires
from unions.models import Duty
from unions.permissions import Permission


@requires(Permission.DUTY_VIEW)
@require_GET
def way(request: HttpRequest, pk: int) -> HttpResponse:
    """On to the record that fulfils it, or to where that is begun; to the duty itself where there is nothing to see yet."""
    duties = Duty.objects.select_related("union", "rule").filter(rule__task__in=WAYS)
    duty = fetch(duties, request.user, Permission.DUTY_VIEW, pk=pk)
    found = way_to(request.user, duty)
    return redirect(found) if found else redirect("unions:duty", pk)
