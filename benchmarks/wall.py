"""What the second wall costs: pages through it beside the same pages without it, in turn, in one run.

Without: a thread of its own connected as the owner, who sees every row, and a stack without the middleware that shows
the pass. Both threads work on the same pages one after the other, so a slow moment of the machine falls on both.
"""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from benchmarks.harness import Report, Result, browser, medians, page, person

SHARE = 0.8  # of the throughput without the wall
MIDDLEWARE = "unions.middleware.WallMiddleware"


def measure(report: Report) -> None:
    from django.urls import reverse

    from disclosure.models import Return
    from unions.models import Duty, Union

    newest = Return.objects.latest("period").period
    report.title("Pages with and without row-level security")
    for username in ("staff", "street", "chair"):
        user = person(username)
        below = Union.objects.below(user.union).filter(kind="unit").order_by("pk").first()
        duty = Duty.objects.filter(union=below, period=newest).first() or Duty.objects.filter(union=below).first()
        urls = [
            reverse("unions:home"),
            reverse("unions:union-list"),
            reverse("unions:union-list") + "?q=科技",
            reverse("unions:duty-list"),
            reverse("disclosure:return-list"),
            reverse("unions:union", args=[below.pk]),
            reverse("unions:duty", args=[duty.pk]),
        ]
        with Side(walled=True, user=user) as with_wall, Side(walled=False, user=user) as without:
            taken = {}
            for url in urls:
                acts = {"with": with_wall.fetch(url), "without": without.fetch(url)}
                taken[url] = medians(acts, report.size.repeats)
        for url, spent in taken.items():
            report.add(Result(f"{username}: {url}", spent["with"], floor=spent["without"], floor_name="without"))
        seconds = {side: sum(spent[side] for spent in taken.values()) / 1000 for side in ("with", "without")}
        report.add(
            Result(
                f"{username}: all of them in turn", seconds["with"] * 1000, floor=seconds["without"] * 1000,
                floor_name="without", target=1 / SHARE,
                note=f"{len(urls) / seconds['with']:.1f} against {len(urls) / seconds['without']:.1f} pages/s, "
                f"{seconds['without'] / seconds['with']:.0%}",
            )
        )  # fmt: skip


class Side:
    """A thread with its own connection and its own stack of middleware."""

    def __init__(self, *, walled: bool, user):
        self.walled, self.user, self.thread = walled, user, ThreadPoolExecutor(1)

    def __enter__(self):
        self.thread.submit(self._begin).result()
        return self

    def __exit__(self, *failure):
        self.thread.submit(self._end).result()
        self.thread.shutdown()

    def _begin(self) -> None:
        from django.conf import settings
        from django.test import override_settings

        from unions import wall

        self.connected = wall.under(wall.NOBODY) if self.walled else wall.as_owner()
        self.connected.__enter__()
        kept = [name for name in settings.MIDDLEWARE if self.walled or name != MIDDLEWARE]
        with override_settings(MIDDLEWARE=kept), wall.system("benchmark"):
            self.client = browser(self.user)
            self.client.handler.load_middleware()

    def _end(self) -> None:
        from django.db import connection

        self.connected.__exit__(None, None, None)
        connection.close()

    def fetch(self, url: str) -> Callable[[], None]:
        act = page(self.client, url)
        return lambda: self.thread.submit(act).result()


if __name__ == "__main__":
    from benchmarks.__main__ import run

    sys.exit(run(["wall"], sys.argv[1:]))
