"""People who write without pause and keep a ledger of what was acknowledged, to be held against the database."""

import hashlib
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

from tests.faults.portal import Answer, Portal

BETWEEN = 0.02


@dataclass
class Entry:
    key: str
    filing: int
    is_acknowledged: bool = False


@dataclass
class Writer:
    """A chair who submits a return and withdraws it again, each time with a key of its own. Of the requests whose
    answer is lost every other one is sent again with the same key until it is answered; the rest are let be."""

    portal: Portal
    session: str
    user: int
    filing: int
    duty: int
    entries: list[Entry] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    lost: int = 0
    replayed: int = 0
    answered_at: float = 0.0

    @property
    def url(self) -> str:
        return f"/api/v1/returns/{self.filing}/"

    def write(self, over: threading.Event) -> None:
        chance = random.Random(self.filing)
        while not over.is_set():
            if (now := self.look(over)) is None:
                return
            move = {"draft": "submit", "submitted": "withdraw"}[now["state"]]
            given = uuid.uuid4().hex
            key = hashlib.sha256(f"{self.user}:{self.filing}:{move}:{given}".encode()).hexdigest()
            entry = Entry(key, self.filing)
            self.entries.append(entry)
            answer = self.move(move, given, now["revision"])
            if self.is_lost(answer):
                self.lost += 1
                if chance.random() < 0.5:
                    continue
                self.replayed += 1
                while self.is_lost(answer) and not over.is_set():
                    time.sleep(0.1)
                    answer = self.move(move, given, now["revision"])
            self.note(entry, answer)
            time.sleep(BETWEEN)

    def look(self, over: threading.Event) -> dict | None:
        while not over.is_set():
            answer = self.portal.ask("GET", self.url, session=self.session)
            if answer.status == 200:
                return answer.json
            time.sleep(0.1)
        return None

    def move(self, move: str, key: str, revision: int) -> Answer:
        return self.portal.ask(
            "POST", f"{self.url}{move}/", {"revision": revision}, session=self.session, Idempotency_Key=key
        )

    def is_lost(self, answer: Answer) -> bool:
        return answer.status in (0, 500, 502, 503)

    def note(self, entry: Entry, answer: Answer) -> None:
        if answer.status == 200:
            entry.is_acknowledged = True
            self.answered_at = time.monotonic()
        elif not self.is_lost(answer):
            self.odd.append(repr(answer))


class Ledger:
    """So many writers at once, from `with` to its end."""

    def __init__(self, portal: Portal, writers: int = 6):
        self.portal = portal
        self.writers = [Writer(portal, **given) for given in portal.inside("writers", writers)]
        self.filings = [writer.filing for writer in self.writers]
        self.before = self._filings()
        self.over = threading.Event()
        self.threads = [threading.Thread(target=writer.write, args=(self.over,)) for writer in self.writers]

    def __enter__(self) -> "Ledger":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *failure) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    @property
    def entries(self) -> list[Entry]:
        return [entry for writer in self.writers for entry in writer.entries]

    @property
    def acknowledged(self) -> int:
        return sum(entry.is_acknowledged for entry in self.entries)

    @property
    def lost(self) -> int:
        return sum(writer.lost for writer in self.writers)

    @property
    def replayed(self) -> int:
        return sum(writer.replayed for writer in self.writers)

    def answered_since(self, moment: float) -> bool:
        return any(writer.answered_at > moment for writer in self.writers)

    def _filings(self) -> dict[int, tuple]:
        rows = self.portal.sql(
            "SELECT r.id, r.state, r.rounds, r.revision, d.state, "
            "(SELECT count(*) FROM disclosure_returnround o WHERE o.filing_id = r.id) "
            "FROM disclosure_return r JOIN unions_duty d ON d.id = r.duty_id WHERE r.id = ANY(%s)",
            self.filings,
        )
        return {row[0]: row[1:] for row in rows}

    def differences(self) -> list[str]:
        """What the ledger and the database say differently, both ways."""
        rows = self.portal.sql(
            "SELECT object_id, action, key FROM unions_event WHERE model = 'disclosure.Return' AND object_id = ANY(%s) "
            "AND action IN ('return.submit', 'return.withdraw') AND key IS NOT NULL ORDER BY id",
            self.filings,
        )
        stored, known = Counter(key for _pk, _action, key in rows), {entry.key for entry in self.entries}
        wrong = [f"stored {stored[key]} times: {key}" for key in stored if stored[key] > 1]
        wrong += [f"stored, and sent by nobody: {key}" for key in stored.keys() - known]
        wrong += [f"acknowledged, and lost: {e.key}" for e in self.entries if e.is_acknowledged and not stored[e.key]]
        for pk, (state, rounds, revision, duty, kept) in self._filings().items():
            _state, old_rounds, old_revision, _duty, old_kept = self.before[pk]
            moves = [action for filing, action, _key in rows if filing == pk]
            submitted = moves.count("return.submit")
            expected = "submitted" if moves and moves[-1] == "return.submit" else "draft"
            if (rounds - old_rounds, kept - old_kept, revision - old_revision) != (submitted, submitted, len(moves)):
                wrong.append(
                    f"return {pk}: {rounds} rounds, {kept} kept, revision {revision} after {len(moves)} moves"
                )
            if state != expected or (duty == "submitted") != (state == "submitted"):
                wrong.append(f"return {pk} is {state}, its duty {duty}, after {moves[-1:]}")
        return wrong + [odd for writer in self.writers for odd in writer.odd]
