"""A portal to be ill-treated, and the figures of a run."""

import signal

import pytest

from tests.faults.portal import running
from tests.services import FIGURES, TALLY

LIMIT = 1800  # seconds


@pytest.fixture(scope="session")
def portal():
    """A portal of its own; a test that breaks a part leaves it mended."""
    with running() as portal:
        yield portal


@pytest.fixture
def record(record_property):
    """Keep figures for the end of the run: what was done and what was seen."""

    def _record(**figures):
        record_property(FIGURES, ", ".join(f"{name} {value}" for name, value in figures.items()))

    return _record


@pytest.fixture
def tally(record_property):
    """Numbers that all cases of a test add up."""

    def _tally(**numbers):
        record_property(TALLY, numbers)

    return _tally


@pytest.fixture(autouse=True)
def bounded():
    """No test here goes on for ever, whatever it waits for."""

    def ring(*_signal):
        pytest.fail(f"not done after {LIMIT // 60} minutes")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(LIMIT)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
