"""Unions that no reminder reaches: something is to be done, and nobody there has an account that can do it."""

from django.db.models import Count, Exists, OuterRef, QuerySet

from unions.duties import tasks
from unions.models import Duty, Union, UnionGrant, User
from unions.permissions import Permission


def unreached(user: User) -> QuerySet[Union]:
    """Active unions in this person's scope with something to do and no enabled person who may fill in or sign."""
    names = {Permission.RETURN_FILL, Permission.RETURN_SUBMIT}
    names |= {name for task in tasks for name in (task.fill, task.sign)}
    people = UnionGrant.objects.in_force().filter(
        content_object=OuterRef("pk"), permission__codename__in=names, user__is_active=True
    )
    duties = Duty.objects.outstanding().opened().filter(union=OuterRef("pk"))
    visible = Union.objects.visible_to(user, Permission.DUTY_VIEW).active()
    return visible.filter(~Exists(people), Exists(duties))


def unreached_by_middle(user: User) -> list[dict]:
    """How many of them there are below each middle-tier union, most first."""
    rows = unreached(user).order_by().values("middle").annotate(unions=Count("pk"))
    rows = sorted(rows, key=lambda row: -row["unions"])
    names = Union.objects.in_bulk([row["middle"] for row in rows if row["middle"]])
    return [{"middle": names.get(row["middle"]), "unions": row["unions"]} for row in rows]
