"""Is it alive: database, Redis-protocol server, and when the clock last ran."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unions.models import Run


@login_not_required
@require_safe
@never_cache
def healthz(request):
    """200 when the parts answer, 503 with the name of the one that does not. Says nothing about unions."""
    parts = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        parts["database"] = "ok"
        last = Run.objects.order_by("-started_at").values_list("started_at", flat=True).first()
        parts["last_run"] = last.isoformat() if last else None
    except Exception as problem:
        parts["database"] = type(problem).__name__
    try:
        cache.set("healthz", 1, 5)
        parts["queue"] = "ok"
    except Exception as problem:
        parts["queue"] = type(problem).__name__
    healthy = parts["database"] == parts["queue"] == "ok"
    return JsonResponse(parts, status=200 if healthy else 503)
