"""Servers, a demo district of the wanted size, clocks and the report. Ratios travel between machines; seconds do not."""

import contextlib
import fcntl
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from config.servers import Servers

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Size:
    """A district to measure on. `load_seconds` is how long the load lasts."""

    name: str
    unions: int
    years: int
    repeats: int
    load_seconds: int


FULL = Size("full", 12_000, 10, 31, 300)
QUICK = Size("quick", 600, 1, 11, 15)


@dataclass
class Result:
    """One line of the report: a measured thing, its floor, their ratio and what was promised."""

    name: str
    value: float
    unit: str = "ms"
    floor: float | None = None
    floor_name: str = ""
    target: float | None = None
    is_count: bool = False  # the value itself is held against the target, not its ratio to the floor
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def judged(self) -> float | None:
        return self.value if self.is_count else self.ratio

    @property
    def is_met(self) -> bool | None:
        if self.target is None or self.judged is None:
            return None
        return self.judged <= self.target

    def line(self) -> str:
        value = f"{self.value:,.0f}" if self.is_count or self.value >= 1000 else f"{self.value:,.2f}"
        text = f"  {self.name:<58} {value:>10} {self.unit:<4}"
        if self.ratio is not None:
            text += f" {self.ratio:>7.2f} × {self.floor_name}"
        if self.target is not None:
            text += f" (≤ {self.target:g}) {'ok' if self.is_met else 'MISSED'}"
        return text + (f"  {self.note}" if self.note else "")


@dataclass
class Report:
    """Results of a run, told as they come and kept as JSON."""

    size: Size
    results: list[Result] = field(default_factory=list)

    def add(self, *results: Result) -> None:
        for result in results:
            self.results.append(result)
            print(result.line(), flush=True)

    def title(self, text: str) -> None:
        print(f"\n{text}", flush=True)

    def write(self, path: Path) -> None:
        rows = [{**asdict(r), "ratio": r.ratio, "is_met": r.is_met} for r in self.results]
        body = {"size": asdict(self.size), "results": rows}
        path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n")

    @property
    def missed(self) -> list[Result]:
        return [result for result in self.results if result.is_met is False]


def milliseconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def medians(acts: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """The median of each, taken in turn so that a slow moment of the machine falls on all; the first round warms up."""
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for number in range(repeats + 2):
        for name, act in acts.items():
            spent = milliseconds(act)
            if number >= 2:
                taken[name].append(spent)
    return {name: statistics.median(values) for name, values in taken.items()}


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """What is written within it is taken back."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def settle() -> None:
    """What autovacuum does in its time: statistics and visibility as they are in a database at rest. What was undone
    has left dead rows behind, and ANALYZE writes its row counts even in a transaction that is rolled back."""
    from django.core.management import load_command_class

    from unions import wall

    with wall.as_owner():
        load_command_class("disclosure", "demo").settle()


@contextlib.contextmanager
def district(size: Size) -> Iterator[None]:
    """Django on a database that holds a demo district of this size: the one that DATABASE_URL names, or a private one
    kept in .run between runs."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    os.environ.setdefault("SECRET_KEY", "only-for-benchmarks-" + "x" * 40)
    os.environ.setdefault("PORTAL_KEYS", "k1:only-for-benchmarks-" + "x" * 40)
    with contextlib.ExitStack() as stack:
        if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
            stack.enter_context(_own_servers(size))
        import django

        django.setup()
        from django.db import connection

        from unions import wall

        _fill(size)
        connection.ensure_connection()
        with wall.system("benchmark"):
            yield


@contextlib.contextmanager
def _own_servers(size: Size) -> Iterator[None]:
    data = Path(os.environ.get("PORTAL_DATA") or ROOT / ".run" / f"benchmarks-{size.name}").absolute()
    data.mkdir(parents=True, exist_ok=True)
    with (data / "benchmarks.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with Servers(data) as servers:
            os.environ.update(servers.environment)
            os.environ.update(PORTAL_DATA=str(data), PORTAL_FILES=str(data / "files"))
            yield


def _fill(size: Size) -> None:
    """Migrations always; the district only where there is none yet."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.local"}
    for command in (
        ["migrate", "--noinput", "--verbosity=0"],
        ["messages", "--compile"],
        ["demo", "--if-empty", f"--unions={size.unions}", f"--years={size.years}"],
    ):
        subprocess.run([sys.executable, str(ROOT / "manage.py"), *command], check=True, env=environment, cwd=ROOT)


def person(username: str):
    from unions.models import User

    return User.objects.get(username=username)


def browser(user):
    """A signed-in test client: the whole stack of middleware and templates, without a network."""
    from django.test import Client

    client = Client(headers={"accept-language": "zh-hans"}, SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="unions.backends.TreeBackend")
    return client


def page(client, url: str) -> Callable[[], None]:
    """Fetch a page and insist that it is one."""

    def fetch() -> None:
        response = client.get(url)
        if response.status_code != 200:
            raise RuntimeError(f"{url} answered {response.status_code}")

    return fetch


def queries(act: Callable[[], object]) -> int:
    """How many statements an act sends to the database."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)
