"""What a scoped query costs beside the same query without its scope, over the same rows."""

import sys

from benchmarks.harness import Report, Result, medians, person

TARGET = 1.2


def measure(report: Report) -> None:
    """The floor names the same rows by their cheapest condition, as a program without any scope would."""
    from disclosure.models import Return
    from unions.models import Duty, Union
    from unions.permissions import Permission as P

    newest = Return.objects.latest("period").period
    report.title("Scoped against unscoped queries")
    for username, plain in (
        ("staff", lambda rows, union: rows),
        ("street", lambda rows, union: rows.filter(middle=union)),
        ("chair", lambda rows, union: rows.filter(**{"pk" if rows.model is Union else "union": union.pk})),
    ):
        user = person(username)
        union = user.union
        asked = {
            "page of returns": (Return.objects.filter(period=newest).order_by("-pk"), P.RETURN_VIEW, list_page),
            "count of returns of ten years": (Return.objects.filter(state="accepted"), P.RETURN_VIEW, count),
            "page of duties": (Duty.objects.filter(period=newest).order_by("last_day", "pk"), P.DUTY_VIEW, list_page),
            "page of unions": (Union.objects.order_by("pinyin", "id"), P.UNION_VIEW, list_page),
            "count of unions": (Union.objects.filter(state="active"), P.UNION_VIEW, count),
        }
        user.grants  # noqa: B018  read once a request, as every page does
        for name, (rows, permission, act) in asked.items():
            taken = medians(
                {
                    "plain": lambda rows=rows, act=act, plain=plain, union=union: act(plain(rows.all(), union)),
                    "scoped": lambda rows=rows, act=act, p=permission, user=user: act(rows.visible_to(user, p)),
                },
                report.size.repeats * 3,
            )
            report.add(
                Result(
                    f"{username}: {name}", taken["scoped"], floor=taken["plain"], floor_name="unscoped", target=TARGET
                )
            )


def list_page(rows) -> list:
    return list(rows[:50])


def count(rows) -> int:
    return rows.count()


if __name__ == "__main__":
    from benchmarks.__main__ import run

    sys.exit(run(["scope"], sys.argv[1:]))
