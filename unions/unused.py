"""Accounts that nobody uses: told first, disabled two weeks later (GB/T 22239: no account without a user)."""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from unions import sessions
from unions.account_lists import last_used_before
from unions.enums import JobState, SessionEnd
from unions.models import Event, Notice, Run, Session, Union, User
from unions.notices import notify
from unions.settingbook import setting

TASK, KIND = "accounts", "account.unused"
WARNED = timedelta(days=14)


def run_daily() -> Run | None:
    """Once a day: tell, disable, and forget sessions of long ago."""
    run, created = Run.objects.get_or_create(task=TASK, slot=timezone.localdate().isoformat())
    if not created and run.state != JobState.RUNNING:
        return None
    run.counts = {"told": tell(), "disabled": disable(), "sessions": sessions.remove_old()}
    run.state, run.finished_at = JobState.DONE, timezone.now()
    run.save(update_fields=["counts", "state", "finished_at"])
    return run


def _idle(before: timedelta):
    return User.objects.filter(last_used_before(timezone.now() - before), is_active=True)


@transaction.atomic
def tell() -> int:
    """Two weeks before, once for each time of disuse."""
    days = setting("unused-days")
    if not days:
        return 0
    people = defaultdict(list)
    for person in _idle(timedelta(days=days) - WARNED).annotate(
        used_on=TruncDate(Coalesce("last_login", "created_at"))
    ):
        people[person.used_on].append(person)
    day = (timezone.localdate() + WARNED).isoformat()
    return sum(
        len(notify(group, KIND, union=None, params={"day": day}, url="/", key=f"{KIND}.{used_on}"))
        for used_on, group in people.items()
    )


@transaction.atomic
def disable() -> int:
    """Whoever was told two weeks ago and has not come since. One event each, at the union the person worked for."""
    days, now = setting("unused-days"), timezone.now()
    if not days:
        return 0
    told = Notice.objects.filter(recipient=OuterRef("pk"), kind=KIND, created_at__lte=now - WARNED)
    idle = _idle(timedelta(days=days)).filter(Exists(told)).prefetch_related("assignments")
    people = list(idle.select_for_update(of=("self",), no_key=True))
    ids = [person.pk for person in people]
    User.objects.filter(pk__in=ids).update(is_active=False)
    Session.objects.filter(user__in=ids).end(SessionEnd.DISABLED)
    district = Union.objects.district().pk if people else None
    Event.objects.bulk_create(
        Event(
            union_id=next((post.union_id for post in person.assignments.all()), district), action=KIND,
            model="unions.User", object_id=person.pk, data={"user": person.name},
        )
        for person in people
    )  # fmt: skip
    return len(people)
