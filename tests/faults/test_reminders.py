"""Whatever dies while reminders go out: each is in its inbox once, no letter leaves twice, and the clock's rounds are
made once each, however many clocks knock and whatever their hands say."""

import collections
import datetime
import os
import random
import signal
import socketserver
import threading
import time

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from tests.faults.portal import wait_until
from unions import clock
from unions.models import Reminder, Run


class Letterbox(socketserver.ThreadingTCPServer):
    """A mail server that keeps nothing but how often it saw each letter."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        self.seen: collections.Counter[str] = collections.Counter()
        super().__init__(("127.0.0.1", 0), Letter)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Letter(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline():
            word = line.split(None, 1)[0].upper() if line.strip() else b""
            if word == b"DATA":
                self.say("354 go on")
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    if line.lower().startswith(b"message-id:"):
                        self.server.seen[line.decode().strip()] += 1
                self.say("250 kept")
            elif word == b"QUIT":
                return self.say("221 bye")
            else:
                self.say("250 fine")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def letterbox(portal):
    box = Letterbox()
    portal.extra["EMAIL_URL"] = f"smtp://127.0.0.1:{box.server_address[1]}"
    yield box
    portal.extra.clear()
    portal.stop("worker", "clock")
    box.shutdown()
    box.server_close()


def kill_something(portal, chance: random.Random) -> str:
    """One of the parts dies; whoever looks after it starts it anew."""
    victim = chance.choice(["child", "child", "worker", "clock", "valkey"])
    if victim == "child":
        children = portal.workers_of("worker")
        if children:
            os.kill(chance.choice(children), signal.SIGKILL)
    elif victim == "valkey":
        portal.kill_valkey()
        portal.servers.valkey.start()
    else:
        portal.parts[victim].kill()
        portal.parts[victim].process.wait()
        {"worker": portal.start_worker, "clock": portal.start_clock}[victim]()
    return victim


@pytest.mark.faults
def test_a_thousand_reminders_while_everything_dies(portal, letterbox, record):
    count, rule = portal.inside("due_reminders", 1000)
    chance, killed = random.Random(9), collections.Counter()
    began = time.monotonic()
    portal.start_worker()
    portal.start_clock()
    while time.monotonic() < began + 100:
        time.sleep(chance.uniform(2, 8))
        killed[kill_something(portal, chance)] += 1

    def left() -> int:
        reminded = portal.sql(
            "SELECT count(*) FROM unions_reminder r JOIN unions_duty d ON d.id = r.duty_id WHERE d.rule_id = %s", rule
        )
        return (
            count - reminded[0][0] + portal.sql("SELECT count(*) FROM unions_delivery WHERE state = 'waiting'")[0][0]
        )

    wait_until(lambda: left() == 0, 300 - (time.monotonic() - began), "every reminder")
    taken = time.monotonic() - began
    twice = portal.sql("SELECT count(*) FROM (SELECT 1 FROM unions_noticeitem i JOIN unions_reminder r ON r.id = i.reminder_id JOIN unions_notice n ON n.id = i.notice_id GROUP BY r.id, n.recipient_id HAVING count(*) > 1) x")[0][0]  # fmt: skip
    inbox = portal.sql("SELECT count(DISTINCT reminder_id) FROM unions_noticeitem")[0][0]
    states = dict(portal.sql("SELECT state, count(*) FROM unions_delivery GROUP BY 1"))
    record(
        reminders=count,
        killed=dict(killed),
        taken=f"{taken:.0f} s",
        letters=sum(letterbox.seen.values()),
        states=states,
    )
    assert (inbox, twice) == (count, 0)
    assert max(letterbox.seen.values()) == 1, "a letter left twice"
    assert states.get("sent", 0) <= len(letterbox.seen) <= sum(states.values())
    unsure = states.get("sending", 0) + states.get("unknown", 0)
    assert sum(states.values()) == states.get("sent", 0) + unsure, "a letter is neither sent nor listed as unknown"
    portal.sql("UPDATE unions_delivery SET claimed_at = claimed_at - interval '1 hour' WHERE state = 'sending'")
    portal.manage("send_mail")
    assert dict(portal.sql("SELECT state, count(*) FROM unions_delivery GROUP BY 1")).get("unknown", 0) == unsure
    assert sum(letterbox.seen.values()) == len(letterbox.seen), "what is unknown was sent again by itself"


@pytest.mark.django_db(transaction=True)
def test_two_clocks_whose_hands_jump_make_each_round_once(seeded):
    """Both knock at every slot of a morning, an hour is set back and forth in between; each slot has one run."""
    from tests.factories.unions import DistrictWorld

    DistrictWorld()
    start = datetime.datetime(2026, 10, 8, 9, 0, tzinfo=timezone.get_current_timezone())
    hands = [start + datetime.timedelta(minutes=m) for m in (0, 10, 70, 20, 30, 80, 30, 40, -20, 40, 50, 60)]
    done: list[Run | None] = []

    def knock(now):
        try:
            done.append(clock.run_round(now))
        finally:
            connections.close_all()

    for now in hands:
        with time_machine.travel(now, tick=False):
            clocks = [threading.Thread(target=knock, args=(now,)) for _clock in range(2)]
            for one in clocks:
                one.start()
            for one in clocks:
                one.join(30)
    slots = {clock.slot_of(now) for now in hands}
    assert collections.Counter(run.slot for run in done if run) == dict.fromkeys(slots, 1)
    assert Run.objects.filter(task=clock.ROUND).count() == len(slots)
    keys = list(Reminder.objects.values_list("duty", "step", "counted_from"))
    assert len(keys) == len(set(keys))
