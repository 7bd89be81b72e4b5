"""People and unions that most tests need: one's own union, the tier above, a stranger."""

import os
from contextlib import ExitStack

import pytest
from django.apps import apps
from django.db import connection
from django.test import TransactionTestCase

import config.celery  # noqa: F401  tasks go to the throw-away server
import tests.wall  # noqa: F401  what a test itself does is done as the system
from tests.factories.unions import DistrictWorld
from tests.standing import matrix, quiet, standing  # noqa: F401
from tests.watch import every_change_leaves_an_event  # noqa: F401  holds in every test
from unions import wall
from unions.management.commands.messages import compile_catalogue


def pytest_configure(config):
    """The Chinese texts are compiled, not committed."""
    compile_catalogue()


@pytest.fixture(autouse=True)
def seals_file(settings, tmp_path):
    """Seals are written down outside the database: each test has a place of its own."""
    settings.SEALS_FILE = tmp_path / "seals.txt"


@pytest.fixture(scope="session")
def owner():
    """Who makes, empties and removes the test database; the tests log in as the portal does."""
    return ExitStack()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, owner):
    owner.enter_context(wall.as_owner())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, owner, django_db_blocker):
    empty = TransactionTestCase._fixture_teardown

    def empty_as_owner(case):
        with wall.as_owner():
            empty(case)

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # Tests that commit empty every table between them, which the record of acts refuses otherwise.
        cursor.execute("ALTER TABLE unions_event DISABLE TRIGGER keep_all")
        cursor.execute("ALTER TABLE unions_seal DISABLE TRIGGER keep_all")
    with pytest.MonkeyPatch.context() as patch:
        owner.close()
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_as_owner)
        yield
        owner.enter_context(wall.as_owner())


@pytest.fixture
def world(db) -> DistrictWorld:
    """A small district: two streets with grassroots unions, and one person per role."""
    return DistrictWorld()


@pytest.fixture
def seeded(transactional_db):
    """Rules and forms as a new portal has them, committed, so that other connections see them."""
    for app in apps.get_app_configs():
        if hasattr(app, "seed"):
            app.seed()


@pytest.fixture
def sign_in(client):
    """Sign a person in without the form; returns the client."""

    def _sign_in(user):
        client.force_login(user, backend="unions.backends.TreeBackend")
        return client

    return _sign_in


@pytest.fixture
def own_rules_only(db):
    """The rules that apps bring are out of force; a test makes its own."""
    from unions.models import DutyRule

    DutyRule.objects.update(is_active=False)


ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip


@pytest.fixture(scope="session")
def chromium():
    """One browser a process: the library refuses a second while the first one runs."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGS
        )
        yield browser
        browser.close()
