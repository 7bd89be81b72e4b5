"""Notices: written with the act they tell of, worded when read, sent out by the outbox.

An app registers a kind with a function that makes title and body from the parameters, in the reader's language.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from unions.kit.registry import Registry
from unions.models import Delivery, Notice, Union, UnionGrant, User
from unions.permissions import Permission
from unions.settingbook import setting
from unions.wall import system


@dataclass(frozen=True)
class Wording:
    """Title and body of a kind of notice; both take the notice's parameters and answer in the active language."""

    title: Callable[[dict], str]
    body: Callable[[dict], str]
    icon: str = "bell"

    @classmethod
    def of(cls, title: str, body: str, icon: str, about: Callable[[dict], dict] = dict) -> "Wording":
        """Two translatable sentences, filled from what `about` makes of the parameters."""
        return cls(lambda params: str(title) % about(params), lambda params: str(body) % about(params), icon)


wordings: Registry[Wording] = Registry("notice kind")


def holders(permission: Permission, union: Union, *, at_union: bool = True) -> list[User]:
    """Enabled people who hold a permission over a union: granted at that very union, or (at_union=False) from above."""
    grants = UnionGrant.objects.in_force()
    grants = (
        grants.filter(permission__codename=permission, content_object=union)
        if at_union
        else grants.reaching(union, permission)
    )
    with system("finds who is told"):
        return list(User.objects.filter(is_active=True, pk__in=grants.values("user")).order_by("pk"))


def after_quiet_hours(moment: datetime.datetime) -> datetime.datetime:
    """The moment itself, or the next morning when it falls into the quiet hours."""
    local, begin, end = timezone.localtime(moment), setting("reminders-from"), setting("reminders-until")
    if begin <= local.time() < end:
        return moment
    day = local.date() + datetime.timedelta(days=1) if local.time() >= end else local.date()
    return timezone.make_aware(datetime.datetime.combine(day, begin))


def notify(
    people: Iterable[User], kind: str, *, union: Union | None, params: dict, url: str, key: str, mail: bool = True
) -> list[Notice]:
    """Write a notice to each person, once per key, in the caller's transaction; an e-mail follows from the outbox.

    `key` names the occasion (“return.12.returned.3”); the same key never reaches the same person twice, and a
    record that comes back to a state it has been in before is a new occasion with a new key.
    """
    if kind not in wordings:
        raise KeyError(kind)
    people = list(people)
    rows = [
        Notice(recipient=person, union=union, kind=kind, params=params, url=url, key=f"{key}:{person.pk}")
        for person in people
    ]
    with system("writes notices to others"):
        known = set(Notice.objects.filter(key__in=[row.key for row in rows]).values_list("key", flat=True))
        created = Notice.objects.bulk_create([row for row in rows if row.key not in known], ignore_conflicts=True)
        fresh = list(Notice.objects.filter(key__in=[row.key for row in created]).select_related("recipient"))
        if mail:
            post([notice for notice in fresh if notice.recipient.email])
    return fresh


def post(notices: Iterable[Notice]) -> None:
    """Put e-mails into the outbox, not before the quiet hours end."""
    start = after_quiet_hours(timezone.now())
    Delivery.objects.bulk_create(
        [Delivery(notice=n, channel="email", address=n.recipient.email, not_before=start) for n in notices],
        ignore_conflicts=True,
    )


def absolute(url: str) -> str:
    return settings.SITE_URL + url
