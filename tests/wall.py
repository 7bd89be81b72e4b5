"""Requests of tests meet the second wall as those of a browser do; what a test itself writes and reads is the system's."""

import pytest
from django.db.backends.postgresql.base import DatabaseWrapper

from unions import wall
from unions.policies import SYSTEM

# Factories and assertions of a test, in each of its threads.
DatabaseWrapper.wall_pass = wall.Pass(SYSTEM, why="tests")


class StartAsNobody:
    """The outermost middleware of tests: a request begins as the login role without rights, whatever the test was. With a
    real server that is how a connection starts; the test client shares the test's own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with wall.under(wall.NOBODY):
            return self.get_response(request)


@pytest.fixture
def as_owner(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), wall.as_owner():
        yield


@pytest.fixture
def _django_db_helper(as_owner, _django_db_helper):
    """Imported into a module of tests: its database is the owner's, who alone can switch triggers off."""
