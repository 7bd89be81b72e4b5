"""The devices on which a person is signed in; each can be signed out from any other."""

from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from unions.accounts import record_account
from unions.enums import SessionEnd
from unions.kit.http import any_account
from unions.models import Session
from unions.sessions import device, end_all
from unions.settingbook import setting


@any_account
@require_GET
def session_list(request):
    """One's own live sessions, this one marked, and those that were ended lately."""
    live = list(request.user.sessions.live().order_by("-seen_at"))
    ended = list(request.user.sessions.exclude(ended_at=None).order_by("-ended_at")[:10])
    for session in [*live, *ended]:
        session.device, session.is_this = device(session.agent), session.pk == request.session.session_key
    limits = {
        "minutes": setting("session-idle-minutes"),
        "hours": setting("session-hours"),
        "most": setting("sessions-per-account"),
    }
    return render(request, "unions/sessions/list.html", {"live": live, "ended": ended, **limits})  # fmt: skip


@any_account
@require_POST
def end(request, number):
    """Sign a device out; the one in hand as well."""
    session = get_object_or_404(request.user.sessions, number=number)
    if session.pk == request.session.session_key:
        logout(request)
        return redirect("unions:sign-in")
    if Session.objects.filter(pk=session.pk).end(SessionEnd.PERSON):
        record_account(request.user, "session.end", by=request.user, data={"count": 1})
    messages.success(request, _("%(device)s is signed out.") % {"device": device(session.agent)})
    return redirect("unions:session-list")


@any_account
@require_POST
def end_others(request):
    count = end_all(request.user, SessionEnd.PERSON, keep=request.session.session_key)
    if count:
        record_account(request.user, "session.end", by=request.user, data={"count": count})
    text = ngettext("%(count)d other device is signed out.", "%(count)d other devices are signed out.", count)
    messages.success(request, text % {"count": count} if count else _("No other device was signed in."))
    return redirect("unions:session-list")
