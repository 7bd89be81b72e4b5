"""A throw-away PostgreSQL and Valkey for one run of pytest, loaded with `-p tests.services`.

A plugin and not a conftest: pytest-django reads the settings, and so the addresses, before any conftest is imported.
Only the process that the caller started makes the servers; the workers of pytest-xdist inherit the addresses. Nothing
is flushed to disk, and everything is gone afterwards. TEST_DATABASE_URL with TEST_DATABASE_OWNER_URL, and TEST_REDIS_URL,
name other servers.
"""

import atexit
import contextlib
import fcntl
import gc
import os
import re
import shutil
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from config.servers import Servers, end_leftovers

PREFIX = "niangjia-test-"
FIGURES, TALLY = "figures", "tally"
LACKS_CHROMIUM = "There is no Chromium for the browser tests: ./portal test installs it or says how."


class ThrowAway:
    """The servers of this run, in memory where the machine has a folder for that."""

    def __init__(self) -> None:
        shared_memory = Path("/dev/shm")
        self.parent = shared_memory if has_room(shared_memory) else Path(tempfile.gettempdir())
        self.folder: Path | None = None
        self.servers: Servers | None = None

    def start(self, *, postgres: bool, valkey: bool) -> dict[str, str]:
        remove_abandoned(self.parent)
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=self.parent))
        if os.geteuid() == 0:
            self.folder.chmod(0o711)  # the servers' account passes through
        self.lock = (self.folder / "lock").open("w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.servers = Servers(self.folder, durable=False, postgres=postgres, valkey=valkey)
        self.servers.start()
        return {**self.servers.environment, "PORTAL_FILES": str(self.folder / "files")}

    def stop(self) -> None:
        if self.servers:
            self.servers.stop()
            remove(self.servers.place.home)
            remove(self.servers.place.sockets)
        if self.folder:
            remove(self.folder)
        self.servers = self.folder = None


def has_room(folder: Path, megabytes: int = 1024) -> bool:
    """Containers often have 64 MB there, which a test database outgrows."""
    if not os.access(folder, os.W_OK):
        return False
    return shutil.disk_usage(folder).free >= megabytes * 2**20


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(parent: Path) -> None:
    """A run that was killed leaves its folder behind; its lock is free, which tells it from one still at work."""
    for folder in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            end_leftovers([folder / "postgres", folder / "valkey"])
            remove(folder)


throw_away = ThrowAway()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config, parser, args):
    """A wrapper runs before every plain hook, so also before pytest-django reads the settings."""
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        use_own_places(worker)
    elif not only_asks(args):
        set_addresses()
    return (yield)


def only_asks(args: list[str]) -> bool:
    return bool({"--version", "-V", "--help", "-h", "--fixtures", "--markers"} & set(args))


def set_addresses() -> None:
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
    named = {name: os.environ.get(f"TEST_{name}") for name in names}
    atexit.register(throw_away.stop)
    started = throw_away.start(postgres=not named["DATABASE_URL"], valkey=not named["REDIS_URL"])
    os.environ.update(started)
    os.environ.update({name: url for name, url in named.items() if url})


def use_own_places(worker: str) -> None:
    """Workers share one Valkey, as pytest-django gives them one PostgreSQL: each has its own database in it. Each has
    its own folder of files as well: to one worker's clock every file of another is an orphan, to be removed."""
    number = int(re.sub(r"\D", "", worker) or 0) + 1
    url = os.environ["REDIS_URL"]
    if url.startswith("unix://"):
        os.environ["REDIS_URL"] = re.sub(r"db=\d+", f"db={number}", url)
    else:
        os.environ["REDIS_URL"] = re.sub(r"(//[^/?]+)(/\d*)?", rf"\g<1>/{number}", url, count=1)
    os.environ["PORTAL_PREFIX"] = f"test-{worker}"
    os.environ["PORTAL_FILES"] += f"/{worker}"


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    if not hasattr(config, "workerinput"):
        throw_away.stop()


def pytest_addoption(parser):
    parser.addoption("--faults", action="store_true", help="run tests/faults alone, with its long and violent parts")


def pytest_collection_modifyitems(config, items):
    """With --faults the suite of faults and abuse at its full size; without it only the quick part of that."""
    if config.getoption("--faults"):
        wanted = [item for item in items if item.path.is_relative_to(Path(__file__).parent / "faults")]
    else:
        wanted = [item for item in items if item.get_closest_marker("faults") is None]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(wanted)])
    items[:] = wanted


def pytest_collection_finish():
    """What is loaded by now stays: looking through it again and again for garbage cost a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_terminal_summary(terminalreporter):
    """What the tests of faults measured, whichever process ran them."""
    reports = [report for name in ("passed", "failed") for report in terminalreporter.stats.get(name, [])]
    lines, sums = [], defaultdict(Counter)
    for report in reports:
        test = report.nodeid.rpartition("::")[2]
        for kind, figures in report.user_properties:
            if kind == FIGURES:
                lines.append(f"{test}: {figures}")
            elif kind == TALLY:
                sums[test.partition("[")[0]].update(figures)
    lines += [f"{test}: " + ", ".join(f"{name} {n:,}" for name, n in each.items()) for test, each in sums.items()]
    if lines:
        terminalreporter.section("figures")
        terminalreporter.write("\n".join([*lines, ""]))


def pytest_runtest_setup(item):
    """PORTAL_SKIP_BROWSER=1 is a choice that someone made; a missing browser is a failure, never a silent gap."""
    if item.get_closest_marker("browser") is None:
        return
    if os.environ.get("PORTAL_SKIP_BROWSER") == "1":
        pytest.skip("PORTAL_SKIP_BROWSER=1")
    from config.supervisor import chromium

    if not chromium():
        pytest.fail(LACKS_CHROMIUM, pytrace=False)
