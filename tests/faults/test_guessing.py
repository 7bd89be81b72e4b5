"""Guessing of passwords at full size: the lock holds for every name, known or not, nobody can tell which it is, those
whose names were tried hear of it, and others sign in meanwhile."""

import statistics
import threading
from collections import Counter

import pytest
from django.utils import timezone

from tests.factories.unions import UserFactory
from unions.demo.people import PASSWORD
from unions.models import Notice, Setting

pytestmark = pytest.mark.faults
NAMES, PASSWORDS, LIMIT = 1000, 20, 5
GOOD = "correct-horse-9"


@pytest.fixture
def attempt(settings, client, db):
    """One try of somebody without a cookie, as a status; the lock is at work."""
    settings.AXES_ENABLED = True

    def _attempt(username: str, password: str, address: str = "10.0.0.9") -> int:
        client.cookies.clear()
        given = {"username": username, "password": password}
        return client.post("/sign-in/", given, REMOTE_ADDR=address).status_code

    return _attempt


def allow_from_one_address(most: int) -> None:
    Setting.objects.create(key="address-failures", value=most, effective_from=timezone.localdate(), basis="test")


def test_a_thousand_names_with_twenty_passwords(attempt, quiet, record):
    """From one address, half of the names known: five tries each, as often as the case of the letters may change. The
    cheap hashes of the tests; what a try costs is measured below."""
    allow_from_one_address(0)
    known = [UserFactory(username=f"known{number}") for number in range(NAMES // 2)]
    others = [f"unknown{number}" for number in range(NAMES // 2)]
    found = {name: Counter() for name in [*(user.username for user in known), *others]}
    for number in range(PASSWORDS):
        for name, answers in found.items():
            typed = name.upper() if number % 2 else name
            answers[attempt(typed, f"Spring{2000 + number}" if number < PASSWORDS - 1 else GOOD)] += 1
    assert set(map(str, found.values())) == {str(Counter({429: PASSWORDS - LIMIT + 1, 200: LIMIT - 1}))}
    told = Counter(Notice.objects.filter(kind="session.lock").values_list("recipient", flat=True))
    assert told == dict.fromkeys((user.pk for user in known), 1)
    assert attempt(known[0].username, GOOD, address="10.0.0.1") == 302, "a colleague elsewhere"
    record(tries=NAMES * PASSWORDS, compared=NAMES * (LIMIT - 1), told=len(told))


def test_one_password_with_a_thousand_names(attempt, quiet, record):
    """Under the limit of each name; the limit of the address holds."""
    for number in range(300):
        UserFactory(username=f"known{number}")
    answers = Counter(attempt(f"{'un' * (n % 2)}known{n}", "Spring2026") for n in range(NAMES))
    assert answers == {200: 200, 429: NAMES - 200}
    assert attempt("known0", GOOD) == 429
    assert attempt("known0", GOOD, address="10.0.0.1") == 302
    record(tries=NAMES, compared=answers[200])


def seconds(portal, name: str) -> float:
    answer = portal.ask("POST", "/sign-in/", {"username": name, "password": "wrong", "csrfmiddlewaretoken": "b" * 32})
    assert answer.status == 200
    return answer.seconds


def test_the_answer_takes_as_long_for_an_unknown_name(portal, record):
    """Real hashes over loopback. A known name and an unknown one are asked for one right after the other, in changing
    order, so that other work on the machine falls on both; the median of the differences is the judge. As many as one
    address may try."""
    portal.sql("DELETE FROM axes_accessattempt")
    names = [name for (name,) in portal.sql("SELECT username FROM unions_user WHERE is_active ORDER BY id LIMIT 95")]
    differences = []
    for number, name in enumerate(names):
        pair = [name, f"x{name}"][:: -1 if number % 2 else 1]
        took = {asked: seconds(portal, asked) * 1000 for asked in pair}
        differences.append(took[name] - took[f"x{name}"])
    portal.sql("DELETE FROM axes_accessattempt")
    apart = statistics.median(differences[5:])
    record(pairs=len(differences[5:]), apart=f"{apart:.1f} ms")
    assert abs(apart) < 10


def test_others_sign_in_while_somebody_guesses(portal, record):
    """Eight at once from another address, until that address has to wait and after."""
    over, answers = threading.Event(), Counter()

    def guess(first: int) -> None:
        number = first
        while not over.is_set():
            given = {"username": f"name{number}", "password": "Spring2026", "csrfmiddlewaretoken": "b" * 32}
            answers[portal.ask("POST", "/sign-in/", given, source="127.0.0.9").status] += 1
            number += 8

    portal.sql("DELETE FROM axes_accessattempt")
    threads = [threading.Thread(target=guess, args=(first,)) for first in range(8)]
    for thread in threads:
        thread.start()
    try:
        right = {"username": "chair", "password": PASSWORD, "csrfmiddlewaretoken": "b" * 32}
        slowest = 0.0
        for _turn in range(40):
            answer = portal.ask("POST", "/sign-in/", right)
            slowest = max(slowest, answer.seconds)
            assert answer.status == 302
    finally:
        over.set()
        for thread in threads:
            thread.join()
        portal.sql("DELETE FROM axes_accessattempt")
    record(guesses=sum(answers.values()), compared=answers[200], slowest_of_others=f"{slowest:.1f} s")
    assert set(answers) == {200, 429} and answers[200] < 220
