"""What happens to sessions: opened at a sign-in, ended by their person, by an administrator or by a change.

A session whose password was right but whose second factor is still to come is nobody's session: the portal treats it as
that of a stranger (unions/guards.py) and opens only the page that asks.
"""

import re
from datetime import timedelta
from enum import StrEnum

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from unions.enums import SessionEnd
from unions.kit.http import client_address
from unions.models import CodeApp, Session, User
from unions.notices import notify
from unions.settingbook import setting

KEPT = timedelta(days=90)
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("QQBrowser", "QQ"), ("MicroMessenger", "WeChat"), ("Firefox", "Firefox"),
            ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


class Waits(StrEnum):
    """What a session waits for before it opens anything."""

    NOTHING = ""
    FACTOR = "factor"  # has a factor, and has not given it yet
    ENROLMENT = "enrolment"  # must have one, and has none yet


def has_factor(user: User) -> bool:
    return CodeApp.objects.filter(user=user).exists() or user.passkeys.exists()


def must_have(user: User) -> bool:
    """Whether an appointment of today is at a tier whose people need a second factor."""
    return any(grant.tier <= setting("factor-tier") for grant in user.grants)


def waits_for(session, user: User) -> Waits:
    """Decided at each request: a new appointment or a new rule counts at once."""
    if session.get("factor_at"):
        return Waits.NOTHING
    if "has_factor" not in session:
        session["has_factor"] = has_factor(user)
    if session["has_factor"]:
        return Waits.FACTOR
    return Waits.ENROLMENT if must_have(user) else Waits.NOTHING


def complete(request: HttpRequest, user: User) -> None:
    """The factor was given: the session gets a new key, and from now on opens what its person may open."""
    now = timezone.now().isoformat()
    request.session.update({"factor_at": now, "proved_at": now, "has_factor": True})
    request.session.cycle_key()
    request.pending, request.user = None, user
    make_room(user, request.session.session_key)


def opened(sender, request: HttpRequest, user: User, **kwargs) -> None:
    """A session begins: where from, until when at the latest. Signing in is itself a proof of identity."""
    session, now = request.session, timezone.now()
    session["address"] = client_address(request)[:45]
    session["agent"] = request.headers.get("User-Agent", "")[:200]
    session["signed_in_at"] = session["proved_at"] = now.isoformat()
    session.set_expiry(now + timedelta(hours=setting("session-hours")))
    session.pop("factor_at", None)
    _demand_new_password(user, now)
    session["has_factor"] = has_factor(user)
    if not waits_for(session, user):  # a password alone signs nobody out elsewhere
        make_room(user, session.session_key)


def _demand_new_password(user: User, now) -> None:
    """Where the district wants passwords changed from time to time, an old one is changed before anything else."""
    days, newest = setting("password-days"), user.former_passwords.first()
    set_at = newest.made_at if newest else user.created_at
    if days and not user.must_change_password and now - set_at > timedelta(days=days):
        user.must_change_password = True
        user.save(update_fields=["must_change_password"])


def make_room(user: User, keep: str) -> None:
    """One account has only so many live sessions: the oldest end, and the person is told."""
    others = list(user.sessions.live().exclude(pk=keep).order_by("-made_at"))
    for session in others[setting("sessions-per-account") - 1 :]:
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
