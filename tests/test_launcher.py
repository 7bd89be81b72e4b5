"""What ./portal promises: whatever was killed, and wherever the checkout lies, the next start finds its data."""

import contextlib
import importlib.machinery
import importlib.util
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest
import redis

from config import supervisor
from config.servers import SOCKET_FOLDER_LIMIT, Place, ServerError, Servers, postgres_folder, processes_working_in
from unions.kit.crypto import KeyRing

ROOT = Path(__file__).resolve().parents[1]
# The workers of pytest-xdist have threads, at which Python 3.12 and later shake their heads when a process is forked.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


@contextlib.contextmanager
def open_folder(name=""):
    """A temporary folder through which the servers' account may pass, as pytest's own is closed to it."""
    outer = Path(tempfile.mkdtemp(prefix="niangjia-launcher-"))
    outer.chmod(0o711)
    try:
        yield outer / name if name else outer
    finally:
        shutil.rmtree(outer)


@pytest.fixture(scope="module")
def data():
    with open_folder("data") as folder:
        yield folder


def write_and_read(servers, key, value=None):
    """Store the value under the key in both servers, or return what both have."""
    with contextlib.closing(psycopg2.connect(servers.postgres.owner_url)) as connection, connection.cursor() as cursor:
        with contextlib.closing(redis.Redis.from_url(servers.valkey.url)) as cache:
            cursor.execute("CREATE TABLE IF NOT EXISTS note (key text, value text)")
            if value is not None:
                cursor.execute("INSERT INTO note VALUES (%s, %s)", [key, value])
                cache.set(key, value)
            connection.commit()
            cursor.execute("SELECT value FROM note WHERE key = %s", [key])
            return cursor.fetchone()[0], cache.get(key).decode()


def wait_until(condition, seconds=10):
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, "it did not happen in time"
        time.sleep(0.02)


# Servers


@pytest.mark.parametrize("victim", ["postgres", "valkey"])
def test_data_is_kept_when_a_server_is_killed(data, victim):
    with Servers(data) as servers:
        write_and_read(servers, f"killed-{victim}", "kept")
        getattr(servers, victim).child.process.kill()

    with Servers(data) as servers:
        assert write_and_read(servers, f"killed-{victim}") == ("kept", "kept")


def test_servers_end_with_their_owner_and_start_again_with_their_data(data):
    script = (
        "import sys, time; from config.servers import Servers; servers = Servers(sys.argv[1]); "
        "servers.start(); print('up', flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", script, str(data)], cwd=ROOT, stdout=subprocess.PIPE)
    with owner:
        assert owner.stdout.readline() == b"up\n"
        write_and_read(Servers(data), "owner-killed", "kept")
        owner.kill()
    wait_until(lambda: not processes_working_in([data / "postgres", data / "valkey"]))

    with Servers(data) as servers:
        assert write_and_read(servers, "owner-killed") == ("kept", "kept")


def test_a_start_ends_what_an_earlier_one_left_running(data):
    lost = Servers(data)
    lost.start()
    write_and_read(lost, "left-running", "kept")

    with Servers(data) as servers:
        assert write_and_read(servers, "left-running") == ("kept", "kept")
    assert not any(child.is_alive for child in lost.children)


def test_a_data_folder_of_an_older_release_gets_the_roles_it_lacks(data):
    with Servers(data, valkey=False) as servers:
        servers.postgres._psql("-c", "REVOKE portal_union FROM portal_app", "-c", "ALTER ROLE portal_app INHERIT")
    with Servers(data, valkey=False) as servers:
        asked = "SELECT pg_has_role('portal_app', 'portal_union', 'MEMBER'), rolinherit FROM pg_roles WHERE rolname = 'portal_app'"
        assert servers.postgres._psql("-c", asked) == ["t|f"]


def test_a_pid_file_that_names_a_stranger_hinders_no_start(data):
    with Servers(data, valkey=False) as servers:
        cluster = servers.postgres.cluster
        pid_file = (cluster / "postmaster.pid").read_text().splitlines()
    owner = cluster.stat()
    stranger = subprocess.Popen(["sleep", "60"], user=owner.st_uid, group=owner.st_gid) if os.geteuid() == 0 else None
    (cluster / "postmaster.pid").write_text(
        "\n".join([str(stranger.pid if stranger else os.getppid()), *pid_file[1:]])
    )

    try:
        with Servers(data, valkey=False) as servers:
            assert servers.postgres.child.is_alive
    finally:
        if stranger:
            assert stranger.poll() is None, "a process that is not ours was ended"
            stranger.kill()
            stranger.wait()


def test_a_cluster_whose_making_was_broken_off_is_made_anew():
    with open_folder("data") as folder:
        (folder / "postgres.new" / "base").mkdir(parents=True)
        folder.chmod(0o711)
        with Servers(folder, durable=False, valkey=False) as servers:
            assert servers.postgres.child.is_alive


def test_an_unreadable_queue_is_set_aside():
    with open_folder("data") as folder:
        with Servers(folder, postgres=False) as servers, redis.Redis.from_url(servers.valkey.url) as cache:
            cache.set("key", "value")
        (log,) = (folder / "valkey" / "appendonlydir").glob("*.incr.aof")
        log.write_bytes(b"*garbage\r\n" + log.read_bytes())

        with Servers(folder, postgres=False) as servers, redis.Redis.from_url(servers.valkey.url) as cache:
            assert cache.get("key") is None
        assert list(folder.glob("valkey.unreadable-*"))


def test_data_of_another_postgresql_is_refused_with_the_way_out(data):
    with Servers(data, valkey=False) as servers:
        version = servers.postgres.cluster / "PG_VERSION"
    written = version.read_text()
    version.write_text("12\n")

    try:
        with pytest.raises(ServerError, match=r"made by PostgreSQL 12.*dump the database"):
            Servers(data, valkey=False).start()
    finally:
        version.write_text(written)


def test_the_portal_is_no_superuser_and_nobody_else_may_enter(data):
    with Servers(data, valkey=False) as servers:
        rights = "SELECT rolsuper, rolcreatedb, rolbypassrls, rolinherit FROM pg_roles WHERE rolname = current_user"
        with contextlib.closing(psycopg2.connect(servers.postgres.url)) as connection, connection.cursor() as cursor:
            cursor.execute(rights)
            assert cursor.fetchone() == (False, False, False, False)
        with (
            contextlib.closing(psycopg2.connect(servers.postgres.owner_url)) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(rights)
            assert cursor.fetchone()[:3] == (False, True, True)
            cursor.execute("CREATE EXTENSION ltree")
            cursor.execute("SHOW listen_addresses")
            assert cursor.fetchone() == ("",)
        assert stat.S_IMODE(servers.place.sockets.stat().st_mode) == 0o700


@pytest.mark.django_db
def test_a_dump_of_the_portal_can_be_restored():
    """pg_restore works without a search path: a trigger may compare no ltree values with IS DISTINCT FROM. And what keeps
    the unions apart comes back with the rows: policies, forced, and rights."""
    from django.db import connection

    url = os.environ["DATABASE_OWNER_URL"].replace("/portal?", "/{}?")
    if "{}" not in url:
        pytest.skip("needs the servers of tests/services.py")
    source, target = connection.settings_dict["NAME"], f"{connection.settings_dict['NAME']}_restored"
    programs = postgres_folder()

    def run(program, *arguments):
        done = subprocess.run([programs / program, *arguments], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def wall(name):
        return run(
            "psql", "-XAt", url.format(name),
            "-c", "SELECT tablename, policyname, roles, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2",
            "-c", "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relrowsecurity ORDER BY 1",
            "-c", "SELECT relname, a::text FROM pg_class, unnest(relacl) a "
                  "WHERE relnamespace = 'public'::regnamespace ORDER BY 1, 2",
        )  # fmt: skip

    with tempfile.NamedTemporaryFile(suffix=".dump") as dump:
        run("pg_dump", "--format=custom", "--file", dump.name, url.format(source))
        run("psql", "-c", f"CREATE DATABASE {target}", url.format("postgres"))
        try:
            run("pg_restore", "--exit-on-error", "--no-owner", "--dbname", url.format(target), dump.name)
            assert wall(target) == wall(source)
            assert wall(target).count("portal_union") > 50
        finally:
            run("psql", "-c", f"DROP DATABASE {target}", url.format("postgres"))


# Sockets


def test_a_checkout_with_a_long_or_chinese_path_gets_short_sockets_and_keeps_them():
    for name in ("d" * SOCKET_FOLDER_LIMIT, "娘家 工会"):
        with open_folder(name) as folder:
            with Servers(folder, durable=False) as servers:
                psycopg2.connect(servers.postgres.url.replace("/portal?", "/postgres?")).close()
                redis.Redis.from_url(servers.valkey.url).close()
                sockets = servers.place.sockets
            assert len(os.fsencode(sockets)) <= SOCKET_FOLDER_LIMIT
            assert folder not in sockets.parents
            assert Place(folder).sockets == sockets
            shutil.rmtree(sockets)


def test_a_short_socket_folder_that_vanished_or_was_opened_is_not_used_again():
    with open_folder("d" * SOCKET_FOLDER_LIMIT) as folder:
        first = Place(folder).sockets
        first.chmod(0o755)
        second = Place(folder).sockets
        second.rmdir()
        third = Place(folder).sockets
        first.rmdir()
        third.rmdir()
    assert len({first, second, third}) == 3


# Commands


def portal_command(*arguments, data, **environment):
    return subprocess.Popen(
        [sys.executable, "-m", "config.supervisor", *arguments],
        cwd=ROOT,
        env={**os.environ, "PORTAL_DATA": str(data), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_second_run_says_where_the_first_one_is(data, monkeypatch):
    monkeypatch.setattr(supervisor, "DATA", data)
    supervisor.open_data_folder()
    lock = supervisor.Lock("run.lock")
    assert lock.take()
    lock.sign("http://127.0.0.1:8765 (process 1)")

    _out, said = (second := portal_command("run", data=data)).communicate(timeout=20)

    lock.file.close()
    assert second.returncode == 1
    assert "already running: http://127.0.0.1:8765" in said


def test_a_taken_address_is_named_before_anything_starts(data):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        _out, said = portal_command("run", data=data, PORTAL_BIND=f"127.0.0.1:{port}").communicate(timeout=20)
    assert f"The address 127.0.0.1:{port} cannot be used" in said
    assert "PORTAL_BIND=" in said


MANAGE = """
import os, sys, time, psycopg2
from pathlib import Path
psycopg2.connect(os.environ["DATABASE_URL"]).close()
Path(sys.argv[1]).touch()
while not Path(sys.argv[2]).exists(): time.sleep(0.02)
psycopg2.connect(os.environ["DATABASE_URL"]).close()
print("done")
"""


def manage_in(project, data, begun, may_end):
    script = (
        "import sys; from pathlib import Path; from config import supervisor; "
        "supervisor.ROOT = Path(sys.argv[1]); sys.exit(supervisor.main(['manage', *sys.argv[2:]]))"
    )
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return subprocess.Popen(
        [sys.executable, "-c", script, project, begun, may_end],
        cwd=ROOT,
        env={**environment, "PORTAL_DATA": str(data), "SECRET_KEY": "x"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_commands_at_once_share_the_servers(data, tmp_path):
    """The first starts them; it stops them only when the second, which came later and stays longer, has ended."""
    (tmp_path / "manage.py").write_text(MANAGE)
    marks = {name: tmp_path / name for name in ("one-begun", "one-may-end", "two-begun", "two-may-end")}
    one = manage_in(tmp_path, data, marks["one-begun"], marks["one-may-end"])
    wait_until(marks["one-begun"].exists)
    two = manage_in(tmp_path, data, marks["two-begun"], marks["two-may-end"])
    wait_until(marks["two-begun"].exists)
    marks["one-may-end"].touch()
    time.sleep(0.3)
    marks["two-may-end"].touch()

    for process in (one, two):
        out, said = process.communicate(timeout=20)
        assert (process.returncode, out) == (0, "done\n"), said
    assert not processes_working_in([data / "postgres", data / "valkey"])


def test_a_command_passes_its_status_on_and_survives_a_killed_owner(data, tmp_path):
    (tmp_path / "manage.py").write_text(MANAGE)
    marks = [tmp_path / name for name in ("begun", "never")]
    owner = manage_in(tmp_path, data, *marks)
    wait_until(marks[0].exists)
    owner.send_signal(signal.SIGKILL)
    owner.communicate(timeout=20)

    (tmp_path / "manage.py").write_text("import sys; sys.exit(7)")
    after = manage_in(tmp_path, data, *marks)
    _out, said = after.communicate(timeout=20)
    assert after.returncode == 7, said


def test_the_secret_key_is_made_once_and_closed_to_others(data, monkeypatch):
    monkeypatch.setattr(supervisor, "DATA", data)
    supervisor.open_data_folder()
    key = supervisor.secret_key()
    assert len(key) >= 50
    assert supervisor.secret_key() == key
    assert stat.S_IMODE((data / "secret-key").stat().st_mode) == 0o600


def test_the_key_ring_of_personal_data_is_made_once_and_the_callers_own_wins(data, monkeypatch):
    monkeypatch.setattr(supervisor, "DATA", data)
    monkeypatch.delenv("PORTAL_KEYS", raising=False)
    supervisor.open_data_folder()
    keys = supervisor.base_environment()["PORTAL_KEYS"]
    assert KeyRing.parse(keys).first.id == "k1"
    assert supervisor.base_environment()["PORTAL_KEYS"] == keys
    assert stat.S_IMODE((data / "portal-keys").stat().st_mode) == 0o600
    monkeypatch.setenv("PORTAL_KEYS", "mine")
    assert supervisor.base_environment()["PORTAL_KEYS"] == "mine"


@pytest.mark.parametrize(
    ("arguments", "chooses"),
    [
        ([], False),
        (["-x", "--color=no"], False),
        (["-n0"], True),
        (["-k", "tree"], True),
        (["tests/test_launcher.py::test_x"], True),
        (["--pdb"], True),
    ],
)
def test_tests_run_in_parallel_unless_the_caller_chose_some(arguments, chooses):
    assert supervisor.chooses_tests(arguments) is chooses


def test_a_missing_browser_is_named_with_its_cure(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("PORTAL_SKIP_BROWSER", raising=False)
    with pytest.raises(supervisor.Failure, match="apt-get install chromium"):
        supervisor.ensure_chromium()
    monkeypatch.setenv("PORTAL_SKIP_BROWSER", "1")
    assert supervisor.ensure_chromium() == ""


# The environment


@pytest.fixture
def portal(tmp_path, monkeypatch):
    """The file `portal` as a module that installs into a temporary folder, without the network."""
    loader = importlib.machinery.SourceFileLoader("portal_under_test", str(ROOT / "portal"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("portal_under_test", loader))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    (tmp_path / "requirements.txt").write_text("one==1\n")
    module.installed = []
    monkeypatch.setattr(module, "install", module.installed.append)
    monkeypatch.setattr(module, "make_environment", lambda: make_bare_environment(module))
    return module


def make_bare_environment(module):
    module.installed.append("environment")
    shutil.rmtree(module.VENV, ignore_errors=True)
    module.PYTHON.parent.mkdir(parents=True)
    module.PYTHON.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    module.PYTHON.chmod(0o755)


def test_packages_are_installed_once_and_again_when_the_pins_change(portal):
    portal.ensure_environment(["requirements.txt"])
    portal.ensure_environment(["requirements.txt"])
    assert portal.installed == ["environment", "requirements.txt"]

    (portal.ROOT / "requirements.txt").write_text("one==2\n")
    portal.ensure_environment(["requirements.txt"])
    assert portal.installed == ["environment", "requirements.txt", "requirements.txt"]


def test_an_environment_whose_making_was_broken_off_is_made_anew(portal, monkeypatch):
    def be_killed(name):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(portal, "install", be_killed)
        portal.ensure_environment(["requirements.txt"])

    portal.ensure_environment(["requirements.txt"])
    assert portal.installed == ["environment", "environment", "requirements.txt"]


def test_an_unfit_python_is_refused_in_a_sentence(portal, monkeypatch, capsys):
    monkeypatch.setattr(portal, "OLDEST", (3, 98))
    monkeypatch.setattr(portal, "NEWEST", (3, 99))
    with pytest.raises(SystemExit):
        portal.use_a_fitting_python()
    assert "the portal needs Python 3.11" in capsys.readouterr().err
