"""What was acknowledged is stored, once, whatever is killed meanwhile; what was not may be there once or not at all."""

import os
import random
import signal
import time

import pytest

from tests.faults.ledger import Ledger
from tests.faults.portal import wait_until

pytestmark = pytest.mark.faults


def test_web_workers_killed_amid_requests(portal, record):
    kills, chance = 200, random.Random(7)
    with Ledger(portal) as ledger:
        for _number in range(kills):
            wait_until(lambda now=time.monotonic(): ledger.answered_since(now), 30, "a write before the next fault")
            time.sleep(chance.uniform(0, 0.15))
            os.kill(chance.choice(portal.workers_of("web")), signal.SIGKILL)
        wait_until(lambda: portal.status("/healthz") == 200, 20)
    record(kills=kills, acknowledged=ledger.acknowledged, lost=ledger.lost, replayed=ledger.replayed)
    assert not ledger.differences()
    assert ledger.acknowledged > kills and ledger.lost > kills / 10, "hardly anything was under way"


def test_the_database_killed_under_load(portal, record):
    kills, pauses = 20, []
    web = portal.parts["web"].process.pid
    with Ledger(portal) as ledger:
        for _number in range(kills):
            wait_until(lambda now=time.monotonic(): ledger.answered_since(now), 30, "a write before the next fault")
            time.sleep(0.5)
            portal.kill_postgres()
            portal.servers.postgres.start()
            pauses.append(wait_until(lambda up=time.monotonic(): ledger.answered_since(up), 30, "a write"))
    record(kills=kills, acknowledged=ledger.acknowledged, lost=ledger.lost, slowest_return=f"{max(pauses):.1f} s")
    assert not ledger.differences()
    assert max(pauses) < 15
    assert portal.parts["web"].process.pid == web and portal.parts["web"].is_alive, "the web was started anew"
    portal.program("pg_amcheck", "--install-missing", "--heapallindexed", "--parent-check", "portal")
