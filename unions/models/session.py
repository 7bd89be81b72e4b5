"""Sessions as rows: whose, from where, since when, and why they ended."""

import secrets
from datetime import timedelta

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import DatabaseError, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unions.enums import SessionEnd
from unions.policies import WRITE, Rights


class SessionQuerySet(models.QuerySet):
    def live(self):
        """Neither ended nor run out, by the limits of this moment."""
        now = timezone.now()
        return self.filter(ended_at=None, expire_date__gt=now, seen_at__gt=now - idle_limit())

    def end(self, why: SessionEnd) -> int:
        """Their cookies open nothing from the next request on; what they held is wiped."""
        return self.filter(ended_at=None).update(ended_at=timezone.now(), ended_for=why, session_data="")


def idle_limit() -> timedelta:
    from unions.settingbook import setting

    return timedelta(minutes=setting("session-idle-minutes"))


def new_number() -> int:
    return secrets.randbelow(2**53)


class Session(AbstractBaseSession):
    """A session in the database and nowhere else, so that ending one is certain. `number` names it on pages: the key
    itself is what the cookie holds and is shown to nobody."""

    rights = Rights(everyone=WRITE, login=WRITE)  # read before anybody's scope is known

    number = models.BigIntegerField(unique=True, default=new_number)
    user = models.ForeignKey("unions.User", models.CASCADE, null=True, related_name="sessions")
    address = models.CharField(_("Address"), max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(_("Signed in"), default=timezone.now)
    seen_at = models.DateTimeField(_("Last seen"), default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    ended_for = models.CharField(max_length=16, choices=SessionEnd.choices, blank=True)

    objects = BaseSessionManager.from_queryset(SessionQuerySet)()

    class Meta(AbstractBaseSession.Meta):
        verbose_name = _("Session")
        ordering = ["-seen_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ended_for__in=["", *SessionEnd.values]), name="session_end_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_for="") | Q(ended_at__isnull=False) & ~Q(ended_for=""),
                name="session_end_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["user", "-seen_at"], condition=Q(ended_at=None), name="session_of_user")]

    def __str__(self):
        return f"{self.user} {self.address}"

    @classmethod
    def get_session_store_class(cls):
        from unions.session_store import SessionStore

        return SessionStore

    def save(self, *, force_insert=False, force_update=False, using=None, update_fields=None):
        """Written by the store alone. One that was ended meanwhile stays so, whatever its last request still does."""
        if not force_update:
            super().save(force_insert=force_insert, using=using)
            return
        names = ("session_data", "expire_date", "user_id", "address", "agent", "made_at")
        kept = type(self).objects.using(using).filter(pk=self.pk, ended_at=None)
        if not kept.update(**{name: getattr(self, name) for name in names}):
            raise DatabaseError("the session has ended")

    def over(self) -> str:
        """Why it opens nothing any more; empty while it lives."""
        now = timezone.now()
        if self.ended_for:
            return self.ended_for
        if self.expire_date <= now:
            return SessionEnd.TIME
        return SessionEnd.IDLE if self.user_id and self.seen_at <= now - idle_limit() else ""
