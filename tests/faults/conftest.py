"""One standing world for thousands of requests, each of which is undone."""

import logging

import pytest
from django.db import transaction
from django.test import Client

from tests.access import ACTORS, MatrixWorld
from tests.faults.portal import running


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        world = MatrixWorld()
        world.clients = {actor: _signed_in(world.actor(actor)) for actor in ACTORS}
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def matrix(standing, db) -> MatrixWorld:
    standing.made.clear()
    return standing


@pytest.fixture(autouse=True)
def quiet():
    """Thousands of refusals are meant; their log lines would bury what is not."""
    log = logging.getLogger("django.request")
    before = log.level
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(before)


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


def _signed_in(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="unions.backends.TreeBackend")
    return client
