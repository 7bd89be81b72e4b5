"""A portal to be ill-treated, and the figures of a run."""

import pytest

from tests.faults.portal import running


@pytest.fixture(scope="session")
def portal():
    """A portal of its own; a test that breaks a part leaves it mended."""
    with running() as portal:
        yield portal


@pytest.fixture
def record(request, capsys):
    """Tell a figure of the run on the terminal: what was done and what was seen."""

    def _record(**figures):
        with capsys.disabled():
            print(f"\n{request.node.name}: " + ", ".join(f"{name} {value}" for name, value in figures.items()))

    return _record
