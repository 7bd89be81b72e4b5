"""Guessing of passwords, besides the lock of a name at an address (settings AXES_*): whose name it is hears of it, and an
address that tries many names waits as well."""

import datetime

from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from unions.models import User
from unions.notices import notify
from unions.settingbook import setting
from unions.wall import system


def tries_many_names(address: str) -> bool:
    """Whether so many passwords were wrong from an address that it waits, as the district has set it. Whoever got in
    after a slip is not counted: a whole street hall may share an address."""
    since = timezone.now() - datetime.timedelta(hours=settings.AXES_COOLOFF_TIME)
    recent = AccessAttempt.objects.filter(ip_address=address, attempt_time__gt=since)
    failures, most = recent.aggregate(n=Sum("failures_since_start"))["n"] or 0, setting("address-failures")
    return 0 < most <= failures


def _tell(sender, username=None, ip_address="", **kwargs) -> None:
    """Once a day, or whoever guesses could fill an inbox."""
    with system("tells whose name was locked"):
        account = User.objects.typed(username)
    if account:
        day = f"session.lock.{timezone.localdate():%F}"
        notify([account], "session.lock", union=None, params={"address": ip_address}, url="/sessions/", key=day)


def register() -> None:
    user_locked_out.connect(_tell)
