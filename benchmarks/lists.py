"""Lists and details in scope against an empty page through the same middleware."""

import sys

from benchmarks.harness import Report, Result, browser, medians, page, person

TARGET = 3.0


def measure(report: Report) -> None:
    from django.urls import reverse

    from disclosure.models import Return
    from unions.models import Duty, Union

    newest = Return.objects.latest("period").period
    for username in ("staff", "street", "chair"):
        user = person(username)
        client, union = browser(user), user.union
        below = Union.objects.below(union).filter(kind="unit").order_by("pk").first()
        filing = Return.objects.filter(union=below, state="accepted").order_by("-period").first()
        duty = Duty.objects.filter(union=below, period=newest).first() or Duty.objects.filter(union=below).first()
        pages = {
            "empty page": "/benchmark/empty/",
            "list of unions": reverse("unions:union-list"),
            "its last page": reverse("unions:union-list") + "?page=last",
            "union found by name": reverse("unions:union-list") + "?q=科技",
            "list of duties": reverse("unions:duty-list"),
            "list of returns": reverse("disclosure:return-list"),
            "tree": reverse("unions:tree"),
            "union": reverse("unions:union", args=[below.pk]),
            "duty": reverse("unions:duty", args=[duty.pk]),
            "return": reverse("disclosure:return-detail", args=[filing.pk]),
        }
        taken = medians({name: page(client, url) for name, url in pages.items()}, report.size.repeats)
        report.title(f"Pages of {username} ({union.name})")
        floor = taken.pop("empty page")
        report.add(Result(f"{username}: empty page", floor))
        for name, spent in taken.items():
            report.add(Result(f"{username}: {name}", spent, floor=floor, floor_name="empty page", target=TARGET))


if __name__ == "__main__":
    from benchmarks.__main__ import run

    sys.exit(run(["lists"], sys.argv[1:]))
