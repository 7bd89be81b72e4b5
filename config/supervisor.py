"""What `./portal` does once its environment stands: run the portal, run one of Django's commands, run the tests.

`run` is one foreground process above PostgreSQL, Valkey, web, worker and clock. It is the parent of all of them, stops
them in order, and if it is killed the kernel stops them. No Django here: only its children load it, so a fault in the
project ends a child whose log can be shown, never the one who must put the servers to rest.
"""

import contextlib
import fcntl
import http.client
import io
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from config.servers import Child, ServerError, Servers, answers_ping, die_with_parent, end_leftovers

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("PORTAL_DATA") or ROOT / ".run").absolute()
BIND = os.environ.get("PORTAL_BIND") or "127.0.0.1:8000"
# Set for each child of `run`: so the next start finds those that outlived a killed launcher.
MARKER = f"PORTAL_RUN={DATA}"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")


class Stopped(BaseException):
    """Someone pressed Ctrl-C, closed the terminal or sent SIGTERM."""


class Failure(Exception):
    """Says in a sentence for the user why the command cannot go on."""


def say(text: str) -> None:
    """Speak on standard error: standard output belongs to what `manage` commands answer."""
    print(text, file=sys.stderr, flush=True)


# Locks


class Lock:
    """A lock that the kernel gives back when its holder dies, with a line in it that tells who holds it."""

    def __init__(self, name: str) -> None:
        self.path = DATA / name
        self.file = self.path.open("a+")

    def take(self, *, shared: bool = False, wait: bool = False) -> bool:
        try:
            fcntl.flock(self.file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def sign(self, text: str) -> None:
        self.path.write_text(text)

    @property
    def signature(self) -> str:
        return self.path.read_text().strip()

    def release(self) -> None:
        fcntl.flock(self.file, fcntl.LOCK_UN)


def open_data_folder() -> None:
    try:
        DATA.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        (DATA / "run.lock").open("a").close()
    except OSError as error:
        raise Failure(
            f"The data folder {DATA} cannot be written ({error.strerror}). Run as the user who made it, "
            "or name another folder in PORTAL_DATA."
        ) from error


# Environment


def secret_key() -> str:
    """One key per data folder, made at the first start: sessions outlive a restart, and no key is in the code."""
    return _kept("secret-key", secrets.token_urlsafe(50))


def portal_keys() -> str:
    """The key ring of personal data, likewise; a further key is put before the first one in this file by hand."""
    return _kept("portal-keys", f"k1:{secrets.token_urlsafe(48)}")


def _kept(name: str, first: str) -> str:
    path = DATA / name
    if not path.exists():
        fresh = DATA / f"{name}.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(first)
        with contextlib.suppress(FileExistsError):  # another start was quicker
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()


def base_environment() -> dict[str, str]:
    """The caller's environment wins; the launcher fills in what production would have to name."""
    defaults = {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "PORTAL_DATA": str(DATA),
        "PORTAL_FILES": str(DATA / "files"),
        "PORTAL_STATIC": str(DATA / "static"),
        "SITE_URL": f"http://{local_address()}",
    }
    environment = {**defaults, **os.environ}
    if not environment.get("SECRET_KEY"):
        environment["SECRET_KEY"] = secret_key()
    if not environment.get("PORTAL_KEYS"):
        environment["PORTAL_KEYS"] = portal_keys()
    return environment


def local_address() -> str:
    """The address at which a browser on this machine reaches PORTAL_BIND."""
    host, _colon, port = BIND.rpartition(":")
    return f"127.0.0.1:{port}" if host in ("", "0.0.0.0", "[::]") else BIND


def wanted_servers() -> dict[str, bool]:
    return {"postgres": not os.environ.get("DATABASE_URL"), "valkey": not os.environ.get("REDIS_URL")}


# Servers shared between `run` and any number of `manage`


@contextlib.contextmanager
def own_servers(servers_lock: Lock, *, wait_for_users: bool) -> Iterator[tuple[dict[str, str], list[Child]]]:
    """Start the servers, tell other commands where they are, and stop them when the last user has gone.

    The caller holds `servers_lock`. A user holds a shared lock on use.lock; `manage` waits for all of them before it
    stops the servers, `run` does not, because whoever presses Ctrl-C means it.
    """
    use = Lock("use.lock")
    note = DATA / "servers.json"
    servers = Servers(DATA, **wanted_servers())
    servers.start()
    try:
        fresh = note.with_suffix(".new")
        fresh.write_text(json.dumps(servers.environment))
        fresh.replace(note)
        yield servers.environment, servers.children
        if wait_for_users and not use.take():
            say("Other ./portal manage commands still use the servers; waiting for them.")
            use.take(wait=True)
    finally:
        note.unlink(missing_ok=True)
        servers.stop()
        servers_lock.sign("")


def borrow_servers(use: Lock) -> dict[str, str] | None:
    """Return where the servers that another command started are; nothing while they are starting or stopping.

    The lock stays held until this process ends, also when it becomes another program.
    """
    if not use.take(shared=True):
        return None
    try:
        found = json.loads((DATA / "servers.json").read_text())
        address = found.get("REDIS_URL", "").removeprefix("unix://").partition("?")[0]
        if address and not answers_ping(Path(address)):
            raise OSError
    except (OSError, ValueError):
        use.release()
        return None
    os.set_inheritable(use.file.fileno(), True)
    return found


# run


class Run:
    """The portal in the foreground: everything started in order, watched, and stopped in order."""

    def __init__(self, environment: dict[str, str]) -> None:
        marker, _equals, value = MARKER.partition("=")
        self.environment = {**environment, marker: value}
        self.watched: list[Child] = []
        self.programs: list[Child] = []
        self.began_at = time.monotonic()

    def step(self, text: str) -> None:
        say(f"[{time.monotonic() - self.began_at:5.1f} s] {text}")

    def start_program(self, name: str, *arguments: str, **options) -> Child:
        log = DATA / "logs" / f"{name}.log"
        command = [sys.executable, "-m", *arguments]
        child = Child.spawn(name, command, log=log, env=self.environment, cwd=ROOT, **options)
        self.programs.append(child)
        self.watched.append(child)
        return child

    def prepare(self) -> None:
        """Texts, tables and, where the database is empty, a demo district; one process, as Django loads slowly."""
        command = [sys.executable, "-m", "config.supervisor", "prepare"]
        child = Child.spawn("preparation", command, env=self.environment, cwd=ROOT, patience=30)
        self.programs.append(child)
        while child.is_alive:
            self.check()
            time.sleep(0.05)
        if child.process.returncode != 0:
            raise Failure("The preparation failed; what it said stands above.")
        self.programs.remove(child)

    def start_web(self) -> None:
        arguments = ["--preload", "--workers=2", "--threads=4", f"--bind={BIND}", "--no-control-socket",
                     "--timeout=120", "--graceful-timeout=8", "--access-logfile=-"]  # fmt: skip
        if os.access("/dev/shm", os.W_OK):
            arguments.append("--worker-tmp-dir=/dev/shm")
        self.start_program("web", "gunicorn", "config.wsgi", *arguments)
        give_up_at = time.monotonic() + 90
        while (status := page_status("/healthz")) != 200:
            self.check()
            if time.monotonic() > give_up_at:
                raise Failure(f"The portal does not answer at /healthz ({status}); see {DATA / 'logs' / 'web.log'}.")
            time.sleep(0.05)

    def start_jobs(self) -> None:
        self.start_program("worker", "celery", "-A", "config", "worker", "-c", "2", "--without-gossip",
                           "--without-mingle", "--loglevel=INFO", patience=20.0)  # fmt: skip
        # The clock keeps nothing that matters, and its file may be half-written after a crash.
        schedule = DATA / "clock"
        for old in DATA.glob("clock*"):
            old.unlink()
        self.start_program("clock", "celery", "-A", "config", "beat", "--loglevel=INFO", "--pidfile=",
                           f"--schedule={schedule}")  # fmt: skip

    def check(self) -> None:
        for child in self.watched:
            if not child.is_alive:
                raise Failure(
                    f"{child.name} ended unexpectedly (status {child.process.returncode}); all else is stopped.\n"
                    f"The end of its log {child.log}:\n{child.tail()}"
                )

    def watch(self) -> None:
        while True:
            self.check()
            time.sleep(0.3)

    def stop(self) -> None:
        """Web, worker and clock need each other for nothing, so they go together; the servers follow."""
        for child in self.programs:
            child.ask_to_stop()
        for child in self.programs:
            child.wait_or_kill()

    def kill(self) -> None:
        for child in self.programs:
            child.kill()


def page_status(path: str) -> int | str:
    host, _colon, port = local_address().rpartition(":")
    connection = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError as error:
        return str(error)
    finally:
        connection.close()


def check_address_is_free() -> None:
    host, _colon, port = BIND.rpartition(":")
    if not port.isdigit():
        raise Failure(f"PORTAL_BIND is {BIND}; write it as host:port, for instance 127.0.0.1:8000.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            raise Failure(
                f"The address {BIND} cannot be used ({error.strerror}). "
                "Name another: PORTAL_BIND=127.0.0.1:8001 ./portal"
            ) from error


def obey_signals(portal: Run) -> None:
    """The first signal stops all in order; a second one no longer waits for web and worker."""
    asked = False

    def stop(number, frame) -> None:
        nonlocal asked
        if asked:
            portal.kill()
            return
        asked = True
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def run(arguments: list[str]) -> int:
    if arguments:
        raise Failure(f"`run` takes no arguments: {' '.join(arguments)}. See ./portal help.")
    open_data_folder()
    lock, servers_lock = Lock("run.lock"), Lock("servers.lock")
    if not lock.take():
        raise Failure(f"The portal is already running: {lock.signature or 'starting'}")
    lock.sign(f"http://{local_address()} (process {os.getpid()}, data in {DATA})")
    portal = Run(base_environment())
    obey_signals(portal)
    try:
        end_leftovers([], MARKER)
        check_address_is_free()
        if not servers_lock.take():
            say(f"Waiting for the servers, which another command uses: {servers_lock.signature}")
            servers_lock.take(wait=True)
        servers_lock.sign(f"./portal run, process {os.getpid()}")
        return run_with_servers(portal, servers_lock)
    except Stopped:
        return 0
    finally:
        lock.sign("")


def run_with_servers(portal: Run, servers_lock: Lock) -> int:
    with own_servers(servers_lock, wait_for_users=False) as (addresses, children):
        portal.environment.update(addresses)
        portal.watched += children
        try:
            portal.step("servers are up: " + (", ".join(child.name for child in children) or "your own"))
            portal.prepare()
            portal.step("database is ready")
            portal.start_web()
            portal.start_jobs()
            welcome(portal)
            portal.watch()
        except Stopped:
            say("\nStopping …")
        finally:
            portal.stop()
    portal.step("stopped; the data stays in " + str(DATA))
    return 0


def welcome(portal: Run) -> None:
    portal.step("web, worker and clock are up")
    accounts = DATA / "accounts.txt"
    print(f"\n娘家 · http://{local_address()}\n", flush=True)
    if accounts.exists() and (table := accounts.read_text().strip()):
        print(f"{table}\n", flush=True)
    say(f"Logs: {DATA / 'logs'}. Stop with Ctrl-C.")


def prepare() -> int:
    """Runs in a process of its own, between the servers and the web: everything that must stand before a page can."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("messages", "--compile")
    call_command("migrate", "--noinput", verbosity=0)
    call_command("demo", "--if-empty")
    accounts = io.StringIO()
    call_command("demo", "--accounts", stdout=accounts)
    path = DATA / "accounts.txt"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(accounts.getvalue())
    return 0


# manage


def manage(arguments: list[str]) -> int:
    open_data_folder()
    environment = base_environment()
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    if not any(wanted_servers().values()) or not arguments or arguments[0] == "help":
        os.execve(sys.executable, command, {**unused_addresses(), **environment})
    servers_lock, use = Lock("servers.lock"), Lock("use.lock")
    waited = 0.0
    while not servers_lock.take():
        if addresses := borrow_servers(use):
            os.execve(sys.executable, command, {**environment, **addresses})
        time.sleep(0.1)
        waited += 0.1
        if abs(waited - 3) < 0.01:
            say(f"Waiting for the servers to come up or down: {servers_lock.signature}")
    servers_lock.sign(f"./portal manage {' '.join(arguments)}, process {os.getpid()}")
    try:
        with own_servers(servers_lock, wait_for_users=True) as (addresses, _children):
            return run_command(command, {**environment, **addresses})
    finally:
        servers_lock.release()


def unused_addresses() -> dict[str, str]:
    """Settings ask for both addresses, also when a command such as `help` opens no connection."""
    return {"DATABASE_URL": "postgres://portal@/portal", "REDIS_URL": "unix:///nowhere"}


def run_command(command: list[str], environment: dict[str, str]) -> int:
    """Run in the foreground, where the command may read the terminal; Ctrl-C is the command's own affair."""
    process = None

    def pass_on(number, frame) -> None:
        if process is not None:
            process.send_signal(number)

    signal.signal(signal.SIGINT, lambda number, frame: None)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    process = subprocess.Popen(command, env=environment, preexec_fn=die_with_parent(signal.SIGTERM))
    status = process.wait()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return status if status >= 0 else 128 - status


# test


def chromium() -> str | None:
    """The browser of the browser tests: CHROMIUM, or the first known name on the PATH."""
    if named := os.environ.get("CHROMIUM"):
        return named
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def install_chromium() -> None:
    """Only root on a machine with apt may; whoever else gets told what to type."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say("The browser tests need Chromium; installing it and Chinese fonts with apt-get …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = ["chromium", "fonts-noto-cjk"]
    for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *command], env=environment, stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode != 0:
            say(done.stderr.decode(errors="replace").strip())


def ensure_chromium() -> str:
    if not chromium() and os.environ.get("PORTAL_SKIP_BROWSER") != "1":
        install_chromium()
    if not chromium() and os.environ.get("PORTAL_SKIP_BROWSER") != "1":
        raise Failure(
            "The browser tests need Chromium, and there is none.\n"
            "  Debian, Ubuntu: sudo apt-get install chromium fonts-noto-cjk\n"
            "  elsewhere:      install Chromium or Chrome, and name it: CHROMIUM=/path/to/chromium\n"
            "  without them:   PORTAL_SKIP_BROWSER=1 ./portal test"
        )
    return chromium() or ""


def chooses_tests(arguments: list[str]) -> bool:
    """Whether the caller picked tests or a number of processes: a few tests start faster in one process."""
    words = ("--numprocesses", "--pdb", "--lf", "--last-failed", "--collect-only", "--co")
    return any(
        argument.startswith(("-n", "-k"))
        or argument.partition("=")[0] in words
        or (not argument.startswith("-") and (ROOT / argument.partition("::")[0]).exists())
        for argument in arguments
    )


def run_tests(arguments: list[str]) -> int:
    environment = {**os.environ, "CHROMIUM": ensure_chromium()}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    compiled = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "messages", "--compile"],
        env={**unused_addresses(), **environment, **settings},
        cwd=ROOT,
    )
    if compiled.returncode != 0:
        raise Failure("The texts could not be compiled; what was said stands above.")
    # Handed out in order: tests that empty the tables come last, after which the seeds are gone.
    parallel = [] if chooses_tests(arguments) else ["-n", "2", "--dist", "load"]
    os.chdir(ROOT)
    os.execve(sys.executable, [sys.executable, "-m", "pytest", *parallel, *arguments], environment)


def main(arguments: list[str]) -> int:
    name, rest = (arguments or ["run"])[0], arguments[1:]
    commands = {"run": run, "manage": manage, "test": run_tests, "prepare": lambda rest: prepare()}
    try:
        return commands[name](rest)
    except (Failure, ServerError) as error:
        say(f"./portal {name}: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
