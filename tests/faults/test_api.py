"""Requests made from the API's own description: answered as described, never broken, and nothing to strangers."""

import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi import checks

from tests.factories.disclosure import accepted, duty_of, filled, submitted
from unions.api.schema import description
from unions.models import Duty, Event, Job, Notice, Union
from unions.services import record

CHECKS = [
    schemathesis.checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance,
]  # fmt: skip
CSRF = "b" * 32


@pytest.fixture
def filled_world(world):
    """Something of everything that the API shows."""
    accepted(world.factory, "2026Q2")
    submitted(duty_of(world.factory), world.chair)
    accepted(world.hotel, "2026Q2")
    filled(duty_of(world.hotel), world.neighbour)
    duty_of(world.wangjing, form="quarterly-summary")
    for user in (world.officer, world.street_chair, world.chair):
        Notice.objects.create(recipient=user, kind="return.accepted", params={"union": "望京宾馆工会", "period": "2026Q3", "round": 1, "by": "王"}, key=f"n{user.pk}", url="/")  # fmt: skip
        Job.objects.create(kind="roster", by=user, union=user.union)
        record(user.union, "union.edit", user.union, by=user)
    return world


def known_ids() -> list[int]:
    """Numbers that mean something, besides those that hypothesis thinks of."""
    from disclosure.models import Return

    models = (Union, Duty, Return, Notice, Job, Event)
    return sorted({pk for model in models for pk in model.objects.values_list("pk", flat=True)})


@pytest.fixture(autouse=True)
def one_connection():
    """The end of a request leaves the connection open, in whose transaction the test runs; Django's client does so too."""
    for moment in (signals.request_started, signals.request_finished):
        moment.disconnect(close_old_connections)
    yield
    for moment in (signals.request_started, signals.request_finished):
        moment.connect(close_old_connections)


def as_signed_in(user) -> dict:
    client = Client()
    client.force_login(user, backend="unions.backends.TreeBackend")
    return as_session(client.cookies["session"].value)


def as_session(key: str) -> dict:
    return {"cookies": {"session": key, "csrf": CSRF}, "headers": {"X-CSRFToken": CSRF}}


def operations() -> list:
    loaded = schemathesis.openapi.from_dict(description())
    loaded.app = WSGIHandler()
    return [found.ok() for found in loaded.get_all_operations()]


def explore(operation, send, examples: int) -> None:
    """So many requests to one operation; half of those for a record name one that exists."""
    known = known_ids()

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(), pick=st.one_of(st.none(), st.sampled_from(known)))
    def run(case, pick):
        if pick is not None and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = pick
        send(case)

    run()


@pytest.mark.parametrize("role", ["officer", "street_chair", "chair"])
def test_every_call_is_answered_as_described(filled_world, role, pytestconfig):
    signed_in = as_signed_in(getattr(filled_world, role))
    examples = 250 if pytestconfig.getoption("--faults") else 6
    wrong = []
    for operation in operations():
        try:
            explore(operation, lambda case: case.call_and_validate(**signed_in, checks=CHECKS), examples)
        except schemathesis.errors.FailureGroup as problem:
            wrong += [f"{operation.label}: {one}" for one in problem.exceptions]
    assert not wrong, "\n".join(wrong)


def test_strangers_get_nothing(filled_world, pytestconfig):
    examples = 50 if pytestconfig.getoption("--faults") else 3
    nobody = as_session("x" * 32)
    for operation in operations():

        def send(case):
            assert case.call(**nobody).status_code == 401

        explore(operation, send, examples)
