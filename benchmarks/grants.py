"""`visible_to` beside guardian's own `get_objects_for_user`, which knows grants but no tree."""

import sys

from benchmarks.harness import Report, Result, medians, person, queries, undone


def measure(report: Report) -> None:
    """Guardian alone would need a grant for each union in a person's subtree; it gets them here, for the time of the
    measurement, so that both answer with the same rows."""
    from django.db.models import Count
    from guardian.shortcuts import get_objects_for_user

    from unions import wall
    from unions.models import Union, User
    from unions.permissions import Permission

    def ours(user, act):
        fresh = User.objects.get(pk=user.pk)
        return lambda: act(Union.objects.visible_to(_anew(fresh), Permission.UNION_VIEW))

    def theirs(user, act):
        given = {"with_superuser": False, "use_groups": False}
        return lambda: act(get_objects_for_user(user, "unions.union_view", Union, **given))

    acts = {"a page of unions": lambda rows: list(rows.order_by("pk")[:50]), "counting them": lambda rows: rows.aggregate(n=Count("pk"))["n"]}  # fmt: skip
    report.title("visible_to against guardian's get_objects_for_user, grants read anew each time")
    for username in ("staff", "street", "chair"):
        user = person(username)
        # Ours first: it must read the one grant of the appointment, not the many that guardian wants.
        mine = {name: ours(user, act) for name, act in acts.items()}
        answers = {name: act() for name, act in mine.items()}
        statements = {name: queries(act) for name, act in mine.items()}
        taken = medians(mine, report.size.repeats)
        with wall.as_owner(), undone():  # a constraint stands in guardian's way
            rows = _grant_one_by_one(user)
            other = {name: theirs(user, act) for name, act in acts.items()}
            if answers != {name: act() for name, act in other.items()}:
                raise RuntimeError(f"{username}: guardian sees other unions")
            floors = medians(other, report.size.repeats)
            for name, spent in taken.items():
                note = f"{statements[name]} against {queries(other[name])} statements; 1 grant against {rows}"
                report.add(Result(f"{username}: {name}", spent, floor=floors[name], floor_name="guardian", note=note))


def _grant_one_by_one(user) -> int:
    """The grants that guardian alone would need for this person to see what they see."""
    from django.db import connection

    from unions.models import Union, UnionGrant
    from unions.permissions import Permission

    first = UnionGrant.objects.get(user=user, permission__codename=Permission.UNION_VIEW)
    visible = list(Union.objects.visible_to(user, Permission.UNION_VIEW).exclude(pk=user.union.pk).values_list("pk", flat=True))  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE unions_uniongrant DROP CONSTRAINT grant_once")
        cursor.execute(
            "INSERT INTO unions_uniongrant (user_id, permission_id, content_object_id, assignment_id, starts_on) "
            "SELECT %s, %s, unnest(%s::bigint[]), %s, %s",
            [user.pk, first.permission_id, visible, first.assignment_id, first.starts_on],
        )
        cursor.execute("ANALYZE unions_uniongrant")
        cursor.execute("SELECT count(*) FROM unions_uniongrant WHERE user_id = %s AND permission_id = %s", [user.pk, first.permission_id])  # fmt: skip
        return cursor.fetchone()[0]


def _anew(user):
    """As at the beginning of a request: the grants are read again."""
    user.__dict__.pop("grants", None)
    return user


if __name__ == "__main__":
    from benchmarks.__main__ import run

    sys.exit(run(["grants"], sys.argv[1:]))
