"""A portal of its own to be ill-treated: private servers that flush to disk, web, worker and clock over loopback, and a
made-up district. Every part can be killed and is started again, as systemd would do it."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import psycopg2

from config.servers import Child, Servers, end_leftovers, processes_working_in

ROOT = Path(__file__).resolve().parents[2]
UNIONS = 1000
CSRF = "b" * 32
PATIENCE = 30
# What the surrounding test run set for itself.
NOT_OURS = ("PORTAL_PREFIX", "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")


class Portal:
    """Its parts by name: postgres and valkey (`servers`), web, worker and clock (`parts`)."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.servers = Servers(folder)
        self.parts: dict[str, Child] = {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.extra: dict[str, str] = {}

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if name not in NOT_OURS},
            "DJANGO_SETTINGS_MODULE": "config.settings.local", "SECRET_KEY": "only-for-faults-" + "x" * 50,
            "PORTAL_KEYS": "k1:only-for-faults-" + "x" * 50, "PORTAL_DATA": str(self.folder), "PORTAL_FILES": str(self.files),
            "SITE_URL": self.address, "API_RATE": "1000000/min", **self.servers.environment, **self.extra,
        }  # fmt: skip

    # Parts

    def spawn(self, name: str, *arguments: str) -> Child:
        log = self.folder / "logs" / f"{name}.log"
        command = [sys.executable, "-m", *arguments]
        self.stop(name)  # what a test killed is waited for
        self.parts[name] = Child.spawn(name, command, log=log, env=self.environment, cwd=ROOT, patience=20)
        return self.parts[name]

    def start_web(self) -> None:
        """As ./portal starts it; see config/supervisor.py."""
        self.spawn(
            "web", "gunicorn", "config.wsgi", "--preload", "--workers=2", "--threads=4", "--no-control-socket",
            f"--bind=127.0.0.1:{self.port}", "--timeout=120", "--graceful-timeout=8", "--log-level=warning",
        )  # fmt: skip
        wait_until(lambda: self.status("/healthz") == 200, 90)

    def start_worker(self) -> None:
        self.spawn("worker", "celery", "-A", "config", "worker", "-c", "2", "--without-gossip", "--without-mingle")

    def start_clock(self, name: str = "clock") -> None:
        schedule = self.folder / name
        for old in self.folder.glob(f"{name}*"):
            old.unlink()
        self.spawn(name, "celery", "-A", "config", "beat", "--pidfile=", f"--schedule={schedule}")

    def stop(self, *names: str) -> None:
        for name in names or list(self.parts):
            if name in self.parts:
                self.parts.pop(name).stop()

    def workers_of(self, name: str) -> list[int]:
        """The processes that a part forked."""
        pid = self.parts[name].process.pid
        with contextlib.suppress(OSError):
            return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return []

    def kill_postgres(self) -> None:
        """All of its processes at once, so that nothing is written any more."""
        pids = [self.servers.postgres.child.process.pid, *processes_working_in([self.servers.postgres.cluster])]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.servers.postgres.child.process.wait()
        end_leftovers([self.servers.postgres.cluster])

    def kill_valkey(self) -> None:
        self.servers.valkey.child.kill()
        self.servers.valkey.child.process.wait()

    # Inside

    def manage(self, *arguments: str, **given) -> str:
        return self._run([str(ROOT / "manage.py"), *arguments], given)

    def inside(self, function: str, *arguments) -> object:
        """The answer of a function of tests/faults/inside.py, called in the portal's own Django."""
        said = self._run(["-m", "tests.faults.inside", function, *map(json.dumps, arguments)], {})
        return json.loads(said.splitlines()[-1])

    def _run(self, command: list[str], given: dict) -> str:
        done = subprocess.run(
            [sys.executable, *command], env={**self.environment, **given}, cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def superuser_url(self, database: str = "portal") -> str:
        return f"postgres://postgres@/{database}?host={self.servers.place.sockets}"

    def sql(self, statement: str, *given, database: str = "portal") -> list[tuple]:
        """As PostgreSQL's own administrator, who sees all rows."""
        with contextlib.closing(psycopg2.connect(self.superuser_url(database))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, given or None)
                return cursor.fetchall() if cursor.description else []

    def program(self, name: str, *arguments: object, **given: str) -> str:
        """One of PostgreSQL's own programs, as its administrator."""
        done = subprocess.run(
            [self.servers.postgres.bin / name, *map(str, arguments)], capture_output=True, text=True,
            env={**self.environment, "PGUSER": "postgres", **given},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    # Outside

    def status(self, path: str) -> int:
        return self.ask("GET", path).status

    def ask(
        self,
        method: str,
        path: str,
        body: dict | None = None,
        *,
        session: str = "",
        patience=PATIENCE,
        source="",
        **headers,
    ):
        """One request over a connection of its own, from an address of the loopback; status 0 where none was answered."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers |= {"Cookie": f"session={session}; csrf={CSRF}", "X-CSRFToken": CSRF}
        data = None
        if body is not None and path.startswith("/api/"):
            headers["Content-Type"], data = "application/json", json.dumps(body)
        elif body is not None:
            headers["Content-Type"], data = "application/x-www-form-urlencoded", urlencode(body)
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=patience, source_address=(source, 0) if source else None
        )
        began = time.monotonic()
        try:
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            cookies = ", ".join(response.headers.get_all("Set-Cookie") or [])
            headers = {**response.headers, "Set-Cookie": cookies}
            return Answer(response.status, response.read(), time.monotonic() - began, headers)
        except (http.client.HTTPException, OSError):
            return Answer(0, b"", time.monotonic() - began, {})
        finally:
            connection.close()


class Answer:
    def __init__(self, status: int, body: bytes, seconds: float, headers: dict):
        self.status, self.body, self.seconds, self.headers = status, body, seconds, headers

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} in {self.seconds:.1f} s: {self.text[:200]}"


def wait_until(condition, seconds: float, what: str = "it") -> float:
    """How long it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() < began + seconds, f"{what} did not happen within {seconds:.0f} s"
        time.sleep(0.05)
    return time.monotonic() - began


@contextlib.contextmanager
def running(unions: int = UNIONS) -> Iterator[Portal]:
    """A portal with its web at work, gone afterwards without a trace."""
    folder = Path(tempfile.mkdtemp(prefix="niangjia-faults-"))
    folder.chmod(0o711)  # the servers' account passes through
    portal = Portal(folder)
    try:
        portal.servers.start()
        portal.manage("migrate", "--noinput", "--verbosity=0")
        portal.manage("demo", f"--unions={unions}", "--years=1", "--verbosity=0")
        portal.start_web()
        yield portal
    finally:
        portal.stop()
        portal.servers.stop()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(portal.servers.place.sockets, ignore_errors=True)
