"""One standing world for thousands of requests, each of which is undone."""

import logging

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests.access import ACTORS, MatrixWorld
from unions.models import Setting


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker):
    """One world for all questions, as each undoes what it wrote; making it anew for each would take minutes."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = MatrixWorld()
        # Each request is undone, the moment at which somebody was last seen too; a code on a screen is asked for much later.
        for key in ("session-idle-minutes", "proof-minutes", "sign-in-code-minutes"):
            Setting.objects.create(key=key, value=120, effective_from="2020-01-01", basis="test")
        world.clients = {actor: signed_in(world.actor(actor)) for actor in ACTORS}
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def matrix(standing, db, quiet) -> MatrixWorld:
    standing.made.clear()
    return standing


@pytest.fixture
def quiet():
    """Thousands of refusals are meant; their log lines would bury what is not."""
    log = logging.getLogger("django.request")
    before = log.level
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(before)


def signed_in(user, *, gave_factor: bool = True) -> Client:
    """With the password, and with the second factor, where one is there."""
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="unions.backends.TreeBackend")
    if gave_factor:
        session = client.session
        session["factor_at"] = timezone.now().isoformat()
        session.save()
    return client
