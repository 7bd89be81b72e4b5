"""The runs of the clock: did it run, what did it do, what failed, what did not arrive, whom it cannot reach."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from unions import clock, outbox
from unions.enums import DeliveryState, JobState
from unions.kit.http import requires
from unions.kit.pagination import ListPaginator
from unions.models import Delivery, Run, WebhookPost
from unions.notices import wordings
from unions.permissions import Permission
from unions.settingbook import setting
from unions.unreached import unreached_by_middle
from unions.wall import system

STUCK = (DeliveryState.FAILED, DeliveryState.UNKNOWN)
STUCK_SHOWN = 100


@requires(Permission.RUN_VIEW)
@require_GET
def run_list(request):
    """Rounds newest first; quiet rounds, in which nothing was due, are left out unless asked for."""
    show = request.GET.get("show", "")
    runs = Run.objects.all()
    if show == "failed":
        runs = runs.filter(state=JobState.FAILED)
    elif show != "all":
        runs = runs.exclude(task=clock.ROUND, state=JobState.DONE, counts__opened=0, counts__steps=0)
    last = clock.last_round()
    stuck = Delivery.objects.filter(state__in=STUCK).select_related("notice__recipient").order_by("-claimed_at", "-pk")
    with system("lists e-mails that did not arrive"):
        rows = [{"delivery": d, "title": _title(d)} for d in stuck[:STUCK_SHOWN]]
    unreached = unreached_by_middle(request.user)
    context = {
        "page": ListPaginator(runs, 50).get_page(request.GET.get("page")), "show": show, "last": last,
        "is_silent": last is None or timezone.now() - last.finished_at > clock.OVERDUE_AFTER,
        "stuck": rows, "stuck_count": len(rows) if len(rows) < STUCK_SHOWN else stuck.count(),
        "waiting": Delivery.objects.filter(state=DeliveryState.WAITING).count(),
        "unreached": unreached, "unreached_count": sum(row["unions"] for row in unreached),
        "posts": WebhookPost.objects.filter(state__in=STUCK).select_related("webhook__union")[:STUCK_SHOWN],
        "begin": setting("reminders-from"), "end": setting("reminders-until"), "may_act": request.user.has_perm(Permission.RULE_EDIT),
    }  # fmt: skip
    return render(request, "unions/runs/list.html", context)


def _title(delivery: Delivery) -> str:
    wording = wordings.get(delivery.notice.kind)
    return wording.title(delivery.notice.params) if wording else delivery.notice.kind


@requires(Permission.RULE_EDIT)
@require_POST
def resend(request, pk):
    """Send a message that failed, or of which nobody knows whether it arrived, (once more)."""
    if outbox.resend(get_object_or_404(Delivery, pk=pk), by=request.user):
        messages.success(request, _("The message goes out within a minute."))
    else:
        messages.info(request, _("This message is on its way, or has been sent."))
    return redirect(reverse("unions:run-list") + "#stuck")
