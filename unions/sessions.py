"""What happens to sessions: opened at a sign-in, ended by their person, by an administrator or by a change."""

import re
from datetime import timedelta

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from unions.enums import SessionEnd
from unions.kit.http import client_address
from unions.models import Session, User
from unions.notices import notify
from unions.parameters import value

KEPT = timedelta(days=90)
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("QQBrowser", "QQ"), ("MicroMessenger", "WeChat"), ("Firefox", "Firefox"),
            ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


def opened(sender, request: HttpRequest, user: User, **kwargs) -> None:
    """A session begins: where from, until when at the latest. Signing in is itself a proof of identity."""
    session, now = request.session, timezone.now()
    session["address"] = client_address(request)[:45]
    session["agent"] = request.headers.get("User-Agent", "")[:200]
    session["signed_in_at"] = session["proved_at"] = now.isoformat()
    session.set_expiry(now + timedelta(hours=value("session_hours")))
    make_room(user, session.session_key)


def make_room(user: User, keep: str) -> None:
    """One account has only so many live sessions: the oldest end, and the person is told."""
    others = list(user.sessions.live().exclude(pk=keep).order_by("-made_at"))
    for session in others[value("sessions_per_account") - 1 :]:
        Session.objects.filter(pk=session.pk).end(SessionEnd.ELSEWHERE)
        params = {"agent": session.agent, "address": session.address}
        key = f"session.elsewhere.{session.number}"
        notify([user], "session.elsewhere", union=None, params=params, url="/sessions/", key=key, mail=False)


def end_all(user: User, why: SessionEnd, *, keep: str | None = None) -> int:
    """End every session of an account, but for the one that is kept."""
    return Session.objects.filter(user=user).exclude(pk=keep).end(why)


def device(agent: str) -> str:
    """“Chrome · Windows” out of what a browser says of itself."""
    browser = next((name for mark, name in BROWSERS if re.search(rf"\b{mark}", agent)), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return " · ".join(filter(None, (browser, system))) or _("unknown device")


def remove_old() -> int:
    """Sessions that ended or ran out long ago go for good."""
    before = timezone.now() - KEPT
    return Session.objects.filter(expire_date__lt=before).delete()[0]


def register() -> None:
    """Called once when the app is ready."""
    user_logged_in.connect(opened, dispatch_uid="unions.sessions")
