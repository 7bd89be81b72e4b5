"""Every change leaves an event: whatever test posts something through the client is held to it.

The access matrix posts to every address, and each feature's own tests post what succeeds there; so the rule is watched
where requests are made, not asked again in a list of its own. Browser tests run in another thread and are not watched.
"""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from unions.models import Union

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
_WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
# Whose rows are no record of a union's or a person's: locks and sessions.
PLUMBING = re.compile(r"axes_|unions_session|django_session")
# Addresses that may change something without an event, each with the reason.
QUIET = {
    "unions:inbox-read-all": "whether I have read my own notices",
    "unions:inbox-open": "whether I have read my own notice",
    "api:notice-read": "whether I have read my own notice",
    "unions:erasure-list": "a look at what is past its time; its row says who looked, the erasing itself is on record",
    "unions:language": "in which language I read",
    "disclosure:return-field": "a draft, saved with each figure: who filled it in stands on it, what is submitted on record",
    "disclosure:return-confirm": "the same draft",
    "disclosure:return-fill": "the same draft",
    "disclosure:return-upload": "the same draft, from a workbook",
    "disclosure:return-submit": "the same draft, on the way to its signature (return-sign, which is held to the rule)",
    "disclosure:summary": "the draft of a summary",
    "disclosure:annual-write": "a draft, saved with each paragraph: who wrote it stands on it, what is filed on record",
    "disclosure:annual-field": "the same draft",
    "disclosure:annual-drafts": "the same draft",
    "api:return-list": "the same draft, begun by a program",
    "api:return-detail": "the same drafts, by a program",
}


@pytest.fixture(autouse=True)
def every_change_leaves_an_event(monkeypatch) -> Iterator[None]:
    """Fails the test in which a request wrote a record and no event."""
    send, missing = Client.request, []

    def watched(client, **request):
        if request.get("REQUEST_METHOD", "GET") in SAFE:
            return send(client, **request)
        tables: set[str] = set()

        def note(execute, sql, params, many, context):
            result = execute(sql, params, many, context)
            text = str(sql)
            if not text.startswith("SELECT") and (found := _WRITE.match(text)) and context["cursor"].rowcount:
                tables.add(found.group(1))
            return result

        with connection.execute_wrapper(note):
            response = send(client, **request)
        name = response.resolver_match.view_name if getattr(response, "resolver_match", None) else ""
        changed = {table for table in tables if not PLUMBING.match(table)}
        if not changed or "unions_event" in tables or response.status_code >= 400 or name in QUIET:
            return response
        if Union.objects.exists():  # before there is a district nothing can be filed
            missing.append(f"{request['REQUEST_METHOD']} {name} wrote {sorted(changed)} and no event")
        return response

    monkeypatch.setattr(Client, "request", watched)
    yield
    if missing:
        pytest.fail("\n".join(missing), pytrace=False)
