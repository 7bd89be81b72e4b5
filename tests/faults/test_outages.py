"""While the queue stands still, connections run out or the disk is full, people get an answer in seconds, no door opens
that was shut, and nothing has to be started anew afterwards."""

import contextlib
import http.client
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator

import psycopg2
import pytest

from tests.faults.portal import wait_until
from unions.demo.people import PASSWORD

pytestmark = pytest.mark.faults
QUICK = 3.0
PAGES = ["/", "/unions/", "/duties/", "/inbox/", "/api/v1/unions/", "/sign-in/", "/healthz"]


@pytest.fixture
def clerk(portal) -> str:
    return portal.inside("session", "streetstaff")


@contextlib.contextmanager
def standing_still(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextlib.contextmanager
def no_connection_left(portal) -> Iterator[None]:
    """Every connection that PostgreSQL gives to others than its administrator is taken, those of the web included."""
    held = []
    portal.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")  # fmt: skip
    with contextlib.suppress(psycopg2.OperationalError):
        while len(held) < 200:
            held.append(psycopg2.connect(portal.environment["DATABASE_URL"]))
    try:
        yield
    finally:
        for connection in held:
            connection.close()


def sign_in(portal, password: str, name: str = "chair"):
    return portal.ask("POST", "/sign-in/", {"username": name, "password": password, "csrfmiddlewaretoken": "b" * 32})


def is_let_in(answer) -> bool:
    return answer.status == 302 and "session=" in answer.headers.get("Set-Cookie", "")


def is_fit(answer) -> bool:
    """A page in time, or a sentence that says when to come back."""
    if answer.status == 503:
        return answer.seconds < QUICK and ("Retry-After" in answer.headers or b'"queue"' in answer.body)
    return answer.status in (200, 302) and answer.seconds < QUICK


def upload(portal, session: str, body: bytes):
    """A roster through the page, as a browser sends it."""
    edge = uuid.uuid4().hex
    part = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="roster.csv"\r\nContent-Type: text/csv\r\n\r\n'
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=30)
    began = time.monotonic()
    connection.request(
        "POST", "/imports/new/roster/", part.encode() + body + f"\r\n--{edge}--\r\n".encode(),
        {"Content-Type": f"multipart/form-data; boundary={edge}", "Cookie": f"session={session}; csrf={'b' * 32}", "X-CSRFToken": "b" * 32},
    )  # fmt: skip
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, time.monotonic() - began


ROSTER = (
    "工会编码,工会名称,上级工会,工会类别\n1101050260001,北京某某有限公司工会委员会,望京街道总工会,基层工会\n".encode()
)


def test_the_queue_stands_still_for_a_minute(portal, clerk, record):
    web, slowest, odd = portal.parts["web"].process.pid, 0.0, []
    with standing_still(portal.servers.valkey.child.process.pid):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            for page in PAGES:
                answer = portal.ask("GET", page, session=clerk)
                slowest = max(slowest, answer.seconds)
                odd += [] if is_fit(answer) else [f"{page}: {answer!r}"]
        status, _text, seconds = upload(portal, clerk, ROSTER)
        wrong = sign_in(portal, "wrong")
        right = sign_in(portal, PASSWORD)
    record(pages_slowest=f"{slowest:.1f} s", upload=f"{status} in {seconds:.1f} s", signing_in=right.status)
    assert not odd, odd[:5]
    assert (status, seconds < QUICK) == (302, True), "an upload waits for its worker, not its person"
    assert not is_let_in(wrong)
    assert is_let_in(right) or right.status == 503
    assert wait_until(lambda: portal.status("/healthz") == 200, 15) < 15
    assert portal.parts["web"].process.pid == web and portal.parts["web"].is_alive


def test_guessing_is_locked_out_while_the_queue_stands_still(portal):
    with standing_still(portal.servers.valkey.child.process.pid):
        for _try in range(6):
            assert not is_let_in(sign_in(portal, "wrong", "reviewer"))
        assert not is_let_in(sign_in(portal, PASSWORD, "reviewer")), "the right password after too many wrong ones"
    portal.sql("DELETE FROM axes_accessattempt")


def test_no_database_connection_is_left(portal, clerk, record):
    odd, slowest = [], 0.0
    with no_connection_left(portal):
        for page in PAGES * 3:
            answer = portal.ask("GET", page, session=clerk)
            slowest = max(slowest, answer.seconds)
            odd += [] if is_fit(answer) else [f"{page}: {answer!r}"]
        assert not is_let_in(sign_in(portal, PASSWORD))
    back = wait_until(lambda: portal.ask("GET", "/", session=clerk).status == 200, 15)
    record(slowest=f"{slowest:.1f} s", back_after=f"{back:.1f} s")
    assert not odd, odd[:5]


@pytest.fixture
def small_disk(portal) -> Iterator:
    """The folder of the portal's files on a disk of two megabytes, where this machine lets a test mount one."""
    portal.files.mkdir(exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", portal.files], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("this account may not mount a small disk")
    yield portal.files
    subprocess.run(["umount", "--lazy", portal.files], check=True)


def dangling(portal) -> list[str]:
    """Files that a row names and the disk lacks, or has only in part."""
    rows = portal.sql("SELECT file, size FROM unions_importbatch WHERE file <> ''")
    rows += portal.sql("SELECT file, NULL FROM unions_job WHERE file <> ''")
    rows += portal.sql("SELECT file, size FROM unions_upload WHERE file <> ''")
    wrong = []
    for name, size in rows:
        path = portal.files / name
        if not path.exists() or size not in (None, path.stat().st_size):
            wrong.append(name)
    return wrong


def test_a_full_disk(portal, clerk, small_disk, record):
    portal.sql("DELETE FROM unions_importrow")
    portal.sql("DELETE FROM unions_importbatch")
    batches = "SELECT count(*) FROM unions_importbatch"
    filler = small_disk / "filler"
    with contextlib.suppress(OSError):
        filler.write_bytes(b"x" * 4_000_000)
    status, text, _seconds = upload(portal, clerk, ROSTER * 2000)
    assert status == 422 and "空间" in text, (status, text[:500])
    assert portal.sql(batches) == [(0,)], "a file that was not kept has a row"
    assert [path.name for path in small_disk.rglob("*") if path.is_file()] == ["filler"], "half a file was left"
    portal.start_worker()
    try:
        job = portal.inside("export", "streetstaff")
        wait_until(
            lambda: portal.sql("SELECT state FROM unions_job WHERE id = %s", job)[0][0] in ("failed", "done"), 60
        )
        state, file, error = portal.sql("SELECT state, file, error FROM unions_job WHERE id = %s", job)[0]
        assert (state, file) == ("failed", ""), "an export was called done without its file"
        filler.unlink()
        status, text, _seconds = upload(portal, clerk, ROSTER)
        assert status == 302, "space was made, and the next upload is refused"
        again = portal.inside("export", "streetstaff")
        wait_until(lambda: portal.sql("SELECT state FROM unions_job WHERE id = %s", again)[0][0] == "done", 60)
    finally:
        portal.stop("worker")
    record(upload_refused=422, export=state, said=error)
    assert not dangling(portal)
