"""A union's public page under a burst of readers, against a static file from the same server in the same run.

Three hundred requests a second are sent on schedule; a server that falls behind cannot hide it. Then as many as it takes
in, page and file in turn, so that the machine's noise falls on both.
"""

import queue
import socket
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field

from benchmarks.harness import Report, Result
from benchmarks.load import gunicorn

A_SECOND, CONNECTIONS, ROUNDS = 300, 8, 5
STATIC = "/static/unions/css/tokens.css"


class Socket:
    """One kept connection, with as little work of our own as can be: both run on the same two cores."""

    def __init__(self, port: int):
        self.port, self.connection = port, None

    def get(self, path: str) -> int:
        if self.connection is None:
            self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh-hans\r\n\r\n"
        self.connection.sendall(request.encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            if not (block := self.connection.recv(65_536)):
                self.connection = None
                return 0
            answer += block
        head, _blank, body = answer.partition(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        while len(body) < length:
            body += self.connection.recv(65_536)
        if b"connection: close" in head.lower():
            self.connection.close()
            self.connection = None
        return int(head[9:12])


@dataclass
class Tally:
    times: list[float] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, spent: float, status: int) -> None:
        with self.lock:
            self.times.append(spent * 1000)
            if status != 200:
                self.wrong.append(status)


def measure(report: Report) -> None:
    from django.urls import reverse

    from disclosure.models import PublicPage

    pages = [reverse("disclosure:public", args=[page.slug]) for page in PublicPage.objects.open_to_public()[:20]]
    if not pages:
        raise RuntimeError("no union of this demo district has opened its page")
    seconds = max(5, report.size.load_seconds // 10)
    report.title(f"Public pages: {A_SECOND} requests/s for {seconds} s, then as many as it takes in")
    with gunicorn() as port:
        for path in [*pages, STATIC]:
            Socket(port).get(path)
        tally = on_schedule(port, pages, seconds)
        full = {"page": 0.0, "file": 0.0}
        for _round in range(ROUNDS):
            full["file"] = max(full["file"], at_full(port, [STATIC], 2))
            full["page"] = max(full["page"], at_full(port, pages, 2))
    ordered = sorted(tally.times)
    report.add(
        Result(
            f"{A_SECOND} a second: p95 of {len(ordered)}", ordered[int(len(ordered) * 0.95) - 1],
            note=f"median {statistics.median(ordered):.1f} ms, slowest {ordered[-1]:.0f} ms",
        ),
        Result("answers that were not the page", len(tally.wrong), "", target=0, is_count=True),
        Result("a second at full load: public pages", full["page"], "/s"),
        Result("a second at full load: a static file", full["file"], "/s"),
        Result(
            "time of a page at full load", 1000 / full["page"], floor=1000 / full["file"], floor_name="static file", target=4
        ),
    )  # fmt: skip


def on_schedule(port: int, pages: list[str], seconds: int) -> Tally:
    """Each request counts from the moment it was due."""
    tally, work = Tally(), queue.Queue()

    def worker() -> None:
        line = Socket(port)
        while (entry := work.get()) is not None:
            due, path = entry
            status = line.get(path)
            tally.note(time.perf_counter() - due, status)

    threads = [threading.Thread(target=worker, daemon=True) for _each in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    start = time.perf_counter() + 0.2
    for number in range(A_SECOND * seconds):
        due = start + number / A_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        work.put((due, pages[number % len(pages)]))
    for _each in threads:
        work.put(None)
    for thread in threads:
        thread.join(60)
    return tally


def at_full(port: int, paths: list[str], seconds: float) -> float:
    """Answers a second when each connection asks anew as soon as it has its answer."""
    until, counts = time.perf_counter() + seconds, []

    def worker(start: int) -> None:
        line, done = Socket(port), 0
        while time.perf_counter() < until:
            done += line.get(paths[(start + done) % len(paths)]) == 200
        counts.append(done)

    threads = [threading.Thread(target=worker, args=(n,), daemon=True) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 30)
    return sum(counts) / seconds


if __name__ == "__main__":
    from benchmarks.__main__ import run

    sys.exit(run(["public"], sys.argv[1:]))
