"""A thousand ballots in a minute while parts of the portal are killed; and then everything that is left of them, held
against what was voted: the whole database, dead rows and write-ahead log included, and every log."""

import os
import random
import re
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.assemblies.linking import chance_of
from tests.faults.portal import Portal, wait_until

pytestmark = pytest.mark.faults

VOTERS, SECONDS = 1000, 60
LOST = (0, 500, 502, 503)


class Hall:
    """A thousand people with a slip each, who vote as they please and try again until they have an answer."""

    def __init__(self, portal: Portal, vote: int, secrets: list[str]):
        self.portal, self.vote, self.secrets = portal, vote, secrets
        cards = random.Random(17)
        self.wishes = {secret: cards.choice([1, 2, 3]) for secret in secrets}
        self.told: dict[str, int] = {}  # secret → status of the answer that ended it
        self.receipts: set[str] = set()
        self.order: list[str] = []
        self.lost, self.lock = 0, threading.Lock()

    def cast(self, secret: str) -> None:
        wish = str(self.wishes[secret])
        for _attempt in range(60):
            shown = self.portal.ask("POST", f"/b/{secret}/", {"q1": wish})
            if shown.status == 409 or (shown.status == 200 and 'name="receipt"' not in shown.text):
                return self.note(secret, 409)
            if shown.status != 200:
                self.wait()
                continue
            receipt = re.search(r'name="receipt" value="([^"]+)"', shown.text)[1]
            answer = self.portal.ask("POST", f"/b/{secret}/cast/", {"q1": wish, "receipt": receipt})
            if answer.status in (200, 409):
                return self.note(secret, answer.status, receipt.split(":")[0])
            assert answer.status in LOST, answer
            self.wait()
        raise AssertionError("nobody answered")

    def wait(self) -> None:
        with self.lock:
            self.lost += 1
        time.sleep(0.1)

    def note(self, secret: str, status: int, receipt: str = "") -> None:
        with self.lock:
            self.told[secret] = status
            self.order.append(secret)
            if status == 200:
                self.receipts.add(receipt)


@pytest.fixture
def hall(portal) -> Hall:
    given = portal.inside("open_vote", VOTERS)
    return Hall(portal, given["vote"], given["secrets"])


def test_a_thousand_ballots_in_a_minute_while_parts_are_killed(portal, hall, record):
    """None is lost and none is there twice; then nobody can tell whose is whose (T26)."""
    chance, over, kills = random.Random(23), threading.Event(), 0
    portal.start_worker()
    began = time.monotonic()

    def kill() -> None:
        nonlocal kills
        while not over.wait(chance.uniform(1.5, 3)):
            part = chance.choice(["web", "web", "worker"])
            if pids := portal.workers_of(part):
                os.kill(chance.choice(pids), signal.SIGKILL)
                kills += 1

    killer = threading.Thread(target=kill)
    killer.start()
    with ThreadPoolExecutor(8) as pool:
        for job in [pool.submit(hall.cast, secret) for secret in hall.secrets]:
            job.result()
    seconds = time.monotonic() - began
    over.set()
    killer.join()
    wait_until(lambda: portal.status("/healthz") == 200, 20)
    wal_before = portal.sql("SELECT pg_current_wal_lsn()::text")[0][0]
    sealed = portal.sql("SELECT count(*) FROM assemblies_envelope WHERE vote_id = %s", hall.vote)[0][0]
    counted = portal.inside("close_vote", hall.vote)
    record(
        seconds=f"{seconds:.0f}",
        kills=kills,
        lost_answers=hall.lost,
        wal_at_close=wal_before,
        counted=counted["returned"],
    )
    assert sealed == VOTERS == len(hall.told) == counted["returned"]
    wishes = list(hall.wishes.values())
    assert counted["votes"] == {str(n): wishes.count(n) for n in (1, 2, 3)}
    receipts = {code for (code,) in portal.sql("SELECT code FROM assemblies_receipt WHERE vote_id = %s", hall.vote)}
    assert hall.receipts <= receipts and len(receipts) == VOTERS
    assert kills >= 5, "hardly anything was killed"
    assert seconds < SECONDS
    find_nothing(portal, hall)


def find_nothing(portal: Portal, hall: Hall) -> None:
    """Every order that the server can be asked for, against every order in which people voted."""
    asked = "SELECT {} FROM assemblies_ballot WHERE vote_id = %s ORDER BY {}"
    orders = {
        name: [row[0] for row in portal.sql(asked.format("marks[1]", by), hall.vote)]
        for name, by in {"place": "ctid", "id": "id", "transaction": "xmin::text, cmin::text::int, ctid"}.items()
    }
    assert portal.sql("SELECT count(DISTINCT xmin::text) FROM assemblies_ballot WHERE vote_id = %s", hall.vote) == [
        (1,)
    ]
    by_number = dict(portal.inside("numbers_of", hall.vote, hall.secrets))
    people = {
        "answers": hall.order,
        "links": [by_number[number] for number in sorted(by_number)],
        "turnout": [by_number[n] for (n,) in portal.sql(
            "SELECT l.number FROM assemblies_turnout t JOIN assemblies_ballotlink l ON l.id = t.link_id WHERE t.vote_id = %s ORDER BY t.ctid", hall.vote)],
        "record": [by_number[n] for (n,) in portal.sql(
            "SELECT (data->>'number')::int FROM unions_event WHERE action = 'vote.cast' AND object_id = %s ORDER BY id", hall.vote)],
    }  # fmt: skip
    for who, secrets in people.items():
        truth = [hall.wishes[secret] for secret in secrets]
        assert chance_of(truth, truth) < 1e-4, "the test is blind"
        for name, marks in orders.items():
            assert chance_of(truth, marks) > 1e-4, (who, name)
    # Dead envelopes and the write-ahead log: sealed, of one size, and their key is nowhere any more.
    sizes = portal.sql("CREATE EXTENSION IF NOT EXISTS pageinspect") or portal.sql(
        "SELECT DISTINCT lp_len FROM generate_series(0, pg_relation_size('assemblies_envelope') / 8192 - 1) page, "
        "LATERAL heap_page_items(get_raw_page('assemblies_envelope', page::int)) WHERE t_data IS NOT NULL"
    )
    assert len(sizes) <= 1, "envelopes of different length"
    assert not list((portal.files / "ballot-keys").glob("*.key"))
    wanted = [secret.encode() for secret in hall.secrets] + [b'"ballots"']
    places = [*portal.servers.postgres.cluster.rglob("*"), *(portal.folder / "logs").glob("*.log")]
    for path in places:
        if path.is_file():
            text = path.read_bytes()
            assert not [what for what in wanted if what in text], path
