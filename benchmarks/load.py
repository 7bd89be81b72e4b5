"""Thirty pages and five submissions a second against gunicorn, as ./portal starts it, over loopback.

Requests leave on time whether or not earlier ones have come back, and count from the moment they were due: a server
that falls behind cannot hide it.
"""

import http.client
import os
import queue
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.harness import ROOT, Report, Result, person

PAGES_A_SECOND, SUBMISSIONS_A_SECOND = 30, 5
WORKERS = 24
READERS = 200
PATIENCE = 30
CSRF = "b" * 32


@dataclass
class Visitor:
    """A signed-in person: the cookies of the session, made beforehand as sign-in is not what is measured."""

    session: str
    pages: list[str]
    fill: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"session={self.session}; csrf={CSRF}", "X-CSRFToken": CSRF, "Accept-Language": "zh-hans"}


@dataclass
class Tally:
    """What came back: times by kind of request, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, spent: float, problem: str = "") -> None:
        with self.lock:
            self.times[kind].append(spent * 1000)
            if problem:
                self.errors.append(problem)


class Line:
    """One kept connection to the server."""

    def __init__(self, port: int):
        self.port = port
        self.connection = None

    def ask(self, visitor: Visitor, method: str, path: str, body: dict | None = None) -> int:
        """The status; one new attempt where the kept connection had been closed meanwhile."""
        headers = dict(visitor.headers)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for attempt in (1, 2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
                self.connection.request(method, path, urlencode(body) if body is not None else None, headers)
                response = self.connection.getresponse()
                response.read()
                return response.status
            except (http.client.HTTPException, OSError):
                self.connection = None
                if attempt == 2:
                    return 0
        return 0


def measure(report: Report) -> None:
    from disclosure.models import Return

    seconds = report.size.load_seconds
    report.title(f"Load: {PAGES_A_SECOND} pages/s with {SUBMISSIONS_A_SECOND} submissions/s for {seconds} s")
    fillers = fillers_of_returns(seconds * SUBMISSIONS_A_SECOND)
    readers = readers_of_pages()  # after the desks were emptied: nobody opens what is gone
    before = Return.objects.filter(state="submitted").count()
    with gunicorn() as port:
        line = Line(port)
        alone = [timed(line, reader, page) for reader in readers[:20] for page in reader.pages[:2]][5:]
        floor = statistics.median(alone)
        tally = drive(port, readers, fillers, seconds)
    submitted = Return.objects.filter(state="submitted").count() - before
    report.add(Result("a page with nothing else going on", floor))
    for kind, times in sorted(tally.times.items()):
        ordered = sorted(times)
        p95 = ordered[int(len(ordered) * 0.95) - 1]
        report.add(
            Result(
                f"{kind}: p95 of {len(times)}", p95, floor=floor, floor_name="unhurried page",
                note=f"median {statistics.median(times):.0f} ms, slowest {ordered[-1]:.0f} ms",
            )
        )  # fmt: skip
    report.add(
        Result("errors", len(tally.errors), "", target=0, is_count=True, note=in_kinds(tally.errors)),
        Result("submissions that did not arrive", len(fillers) - submitted, "", target=0, is_count=True),
    )


def in_kinds(errors: list[str]) -> str:
    """How often each kind of error came, whatever record it was about."""
    kinds = Counter(re.sub(r"(?<=/)\d+(?=/)", "…", error) for error in errors)
    return "; ".join(f"{count} × {kind}" for kind, count in kinds.most_common(6))


def timed(line: Line, visitor: Visitor, page: str) -> float:
    started = time.perf_counter()
    if (status := line.ask(visitor, "GET", page)) != 200:
        raise RuntimeError(f"{page} answered {status}")
    return (time.perf_counter() - started) * 1000


def drive(port: int, readers: list[Visitor], fillers: list[Visitor], seconds: int) -> Tally:
    """Send everything on schedule. The page that a submission starts from is one of the thirty."""
    chance, tally, work = random.Random(1), Tally(), queue.Queue()
    plan = [(n / SUBMISSIONS_A_SECOND, "submission", visitor) for n, visitor in enumerate(fillers)]
    pages = PAGES_A_SECOND - SUBMISSIONS_A_SECOND
    plan += [(n / pages, "page", chance.choice(readers)) for n in range(pages * seconds)]
    threads = [threading.Thread(target=_worker, args=(port, work, tally), daemon=True) for _each in range(WORKERS)]
    for thread in threads:
        thread.start()
    start = time.perf_counter() + 0.5
    for due, kind, visitor in sorted(plan, key=lambda entry: entry[0]):
        time.sleep(max(0.0, start + due - time.perf_counter()))
        work.put((start + due, kind, visitor))
    for _each in threads:
        work.put(None)
    for thread in threads:
        thread.join(PATIENCE * 4)
    return tally


def _worker(port: int, work: queue.Queue, tally: Tally) -> None:
    line, chance = Line(port), random.Random()
    while (entry := work.get()) is not None:
        due, kind, visitor = entry
        if kind == "page":
            page = chance.choice(visitor.pages)
            status = line.ask(visitor, "GET", page)
            tally.note("pages", time.perf_counter() - due, "" if status == 200 else f"GET {page}: {status}")
            continue
        status = line.ask(visitor, "GET", visitor.fill)
        tally.note("pages", time.perf_counter() - due, "" if status == 200 else f"GET fill: {status}")
        started = time.perf_counter()
        saved = line.ask(visitor, "POST", f"{visitor.fill}submit/", visitor.fields)
        signed = line.ask(visitor, "POST", f"{visitor.fill}sign/", {}) if saved == 302 else 0
        problem = "" if signed == 302 else f"submission: saved {saved}, signed {signed}"
        tally.note("submissions", time.perf_counter() - started, problem)


def readers_of_pages() -> list[Visitor]:
    """People of every tier with the pages they open all day."""
    from django.urls import reverse

    from disclosure.models import Return
    from unions.models import Duty, RoleAssignment

    visitors = []
    roles = ["middle_chair", "middle_reviewer", "grassroots_chair"]
    assignments = list(RoleAssignment.objects.filter(role__in=roles).order_by("-union__kind", "pk").select_related("user", "union")[:READERS])  # fmt: skip
    assignments += [person(name).posts[0] for name in ("leader", "staff", "auditor", "street", "reviewer")]
    for assignment in assignments:
        union = assignment.union
        pages = [reverse("unions:home"), reverse("unions:union", args=[union.pk]), reverse("unions:inbox")]
        pages += [reverse("unions:union-list"), reverse("unions:duty-list"), reverse("disclosure:return-list")]
        own = Duty.objects.filter(union=union).order_by("-period").first()
        pages += [reverse("unions:duty", args=[own.pk])] if own else []
        filing = Return.objects.filter(union=union, state="accepted", version__form__code="quarterly-return").first()
        pages += [reverse("disclosure:return-detail", args=[filing.pk])] if filing else []
        visitors.append(Visitor(session_of(assignment.user), pages))
    return visitors


def fillers_of_returns(count: int) -> list[Visitor]:
    """So many chairs with nothing filed this quarter yet; what they had filed is taken out of this demo district."""
    from django.db.models import Exists, OuterRef
    from django.urls import reverse

    from disclosure.enums import Severity
    from disclosure.models import Form, Return
    from unions.models import Duty, RoleAssignment

    form = Form.objects.get(code="quarterly-return")
    newest = Duty.objects.filter(rule=form.rule).latest("period").period
    duties = Duty.objects.filter(rule=form.rule, period=newest).exclude(state="waived").order_by("?")
    # Without an earlier return some figures have no source, and the form rightly wants them typed.
    has_history = Exists(Return.objects.accepted().filter(union=OuterRef("union"), period__lt=newest))
    duties = duties.filter(has_history).exclude(union=person("chair").union)
    chosen = {duty.union_id: duty for duty in duties[:count]}
    empty_desks([duty.pk for duty in chosen.values()], form, newest)
    checks = form.version_for(newest).rules.filter(severity=Severity.EXPLAIN).values_list("code", flat=True)
    fields = {"confirm_rest": "1", **{f"explain.{code}": "情况属实，已核对。" for code in checks}}
    chairs = RoleAssignment.objects.filter(role="grassroots_chair", union__in=chosen).select_related("user")
    return [
        Visitor(session_of(a.user), [], reverse("disclosure:return-fill", args=[chosen[a.union_id].pk]), fields)
        for a in chairs
    ]


def empty_desks(duties: list[int], form, period: str) -> None:
    """Take back what was filed for these duties, totals included."""
    from django.db import connection, transaction

    from disclosure.totals import refresh
    from unions.duties import refresh_totals
    from unions.models import Duty

    middles = set(Duty.objects.filter(pk__in=duties).values_list("middle", flat=True))
    with transaction.atomic(), connection.cursor() as cursor:
        filed = "IN (SELECT id FROM disclosure_return WHERE duty_id = ANY(%s))"
        for table in ("disclosure_returnround", "disclosure_remark"):
            cursor.execute(f"DELETE FROM {table} WHERE filing_id {filed}", [duties])
        cursor.execute("DELETE FROM disclosure_return WHERE duty_id = ANY(%s)", [duties])
        cursor.execute(
            "UPDATE unions_duty SET state = 'open', timeliness = '', first_submitted_at = NULL, fulfilled_at = NULL, "
            "return_count = 0, last_day = due_on WHERE id = ANY(%s)",
            [duties],
        )
        refresh_totals(form.rule_id, period, middles)
        refresh(form, period, middles)


def session_of(user) -> str:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "unions.backends.TreeBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


class gunicorn:
    """The web server as ./portal starts it, on a port of its own."""

    def __enter__(self) -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--preload", "--workers=2", "--threads=4",
                   f"--bind=127.0.0.1:{port}", "--timeout=120", "--log-level=error"]  # fmt: skip
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
        self.process = subprocess.Popen(command, env=environment, cwd=ROOT)
        for _attempt in range(200):
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1):
                    return port
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        raise RuntimeError("gunicorn does not answer")

    def __exit__(self, *failure) -> None:
        self.process.terminate()
        self.process.wait(20)


if __name__ == "__main__":
    from benchmarks.__main__ import run

    sys.exit(run(["load"], sys.argv[1:]))
