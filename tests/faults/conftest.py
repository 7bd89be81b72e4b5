"""One standing world for thousands of requests, each of which is undone."""

import logging

import pytest
from django.db import transaction
from django.test import Client

from tests.access import ACTORS, MatrixWorld


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


def _signed_in(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="unions.backends.TreeBackend")
    return client
