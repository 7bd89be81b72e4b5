"""The forms of the portal's own pages: what they offer, and how a person would fill them in."""

import copy
import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.test import Client
from django.urls import reverse

from tests.access import ACTORS, MAKERS, MatrixWorld, answers_json, expected, targets
from tests.access_rows import ROWS, Row
from unions.api.moves import MoveRequest

# Where the form stands whose button leads to an address without a page of its own.
PAGE_OF = {
    "disclosure:return-ask": "disclosure:return-fill",
    "disclosure:return-confirm": "disclosure:return-fill",
    "disclosure:return-submit": "disclosure:return-fill",
    "disclosure:summary-submit": "disclosure:summary",
}
# What is taken without a form: by a script, a dialogue or the API.
TAKEN = {
    "api:annual-report-move": {"remarks"},
    "api:budget-move": {"reviewed_on", "reviewer", "opinion", "adopted_on", "meeting", "minutes"},
    "api:asset-move": {"way", "minutes", "proceeds"},
    "api:duty-decide": {"reason", "value"},
    "api:enquiry-move": {"to", "text", "signed", "satisfaction", "words"},
    "api:fund-audit-move": {"opinion", "comment", "number", "lead", "team", "visit"},
    "api:proposal-move": {"is_key"},
    "api:return-detail": {"figures", "explanations"},
    "api:return-move": {"remarks"},
    "assemblies:batch-add": {"label"},
    "assemblies:vote-move": {"reason", "revision"},
    "disclosure:annual-drafts": {"revision"},
    "disclosure:annual-field": {"revision"},
    "disclosure:budget-adjust": {"reason"},  # refused while there is nothing to adjust
    "disclosure:budget-take": {"revision"},
    "disclosure:oversight-reply-move": {"outcome", "reason", "revision"},  # refused until there is evidence
    "disclosure:return-accept": {"revision"},
    "disclosure:return-field": {"revision"},
    "disclosure:return-withdraw": {"revision"},
    "unions:correction-decide": {"answer"},
    "unions:roster-full": {"reason"},
    "unions:export": {"ticket"},
    "unions:union-phone": {"reason"},
}
UNSAFE = sorted(name for name, row in ROWS.items() if set(row.methods.split()) - {"GET"})


@dataclass
class Field:
    """A control of a form: its name, what it holds and what may be chosen."""

    name: str
    kind: str
    value: str = ""
    required: bool = False
    choices: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page that are posted, by their address."""

    def __init__(self, page: str, here: str):
        super().__init__()
        self.here = here
        self.forms: dict[str, list[Field]] = {}
        self._form: list[Field] | None = None
        self._open: Field | None = None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            posts = (given.get("method") or "").lower() == "post"
            self._form = self.forms.setdefault(given.get("action") or self.here, []) if posts else None
        elif self._form is None:
            return
        elif tag == "option" and self._open is not None:
            self._open.choices.append(given.get("value") or "")
            if "selected" in given:
                self._open.value = given.get("value") or ""
        elif tag in ("input", "select", "textarea") and given.get("name"):
            self._take(tag, given)

    def _take(self, tag, given) -> None:
        kind = given.get("type", "text") if tag == "input" else tag
        made = Field(given["name"], kind, given.get("value") or "", "required" in given)
        if kind in ("checkbox", "radio") and "checked" not in given:
            made = Field(given["name"], "unchecked", choices=[made.value or "on"], required=made.required)
        self._form.append(made)
        self._open = made if tag in ("select", "textarea") else None

    def handle_data(self, data):
        if self._open is not None and self._open.kind == "textarea":
            self._open.value += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        if tag in ("select", "textarea"):
            self._open = None


def filled(fields: list[Field]) -> dict[str, list[str]]:
    """What a person would send: what stands there, and something fitting where something must."""
    data: dict[str, list[str]] = {}
    for one in fields:
        value = one.value or (suitable(one) if one.required or one.kind == "textarea" else "")
        if one.kind == "file" or (one.kind == "unchecked" and not one.required):
            continue
        data.setdefault(one.name, []).append(value)
    return data


def suitable(one: Field) -> str:
    if one.choices:
        return next((choice for choice in one.choices if choice), "")
    today = datetime.date.today()
    return {"date": f"{today:%F}", "number": "3", "email": "a@example.org"}.get(one.kind, "试填一次")


@contextmanager
def kept(client: Client) -> Iterator[None]:
    """The client stays signed in, whatever is answered: what ended the session is rolled back."""
    cookies = copy.deepcopy(client.cookies)
    try:
        yield
    finally:
        client.cookies = cookies


@dataclass
class Open:
    """An address that takes what somebody sends, with whom it lets in and the form of its page."""

    name: str
    row: Row
    actor: str
    kwargs: dict
    url: str
    data: dict
    offered: set[str]  # every field of the form, sent or not

    @property
    def is_json(self) -> bool:
        return answers_json(self.name)

    def send(self, client: Client, data: dict):
        """The request; a session that it ends or renews is undone with what it wrote."""
        with kept(client):
            return self._send(client, data)

    def _send(self, client: Client, data: dict):
        if self.is_json:
            method = next(method for method in self.row.methods.split() if method != "GET")
            return getattr(client, method.lower())(self.url, data, content_type="application/json")
        return client.post(self.url, data)


def openings(matrix: MatrixWorld, name: str) -> list[Open]:
    """One opening for each tier that the address lets in."""
    row, found, tiers = ROWS[name], [], set()
    method = next(method for method in row.methods.split() if method != "GET")
    for actor in ACTORS:
        whose = targets(row, MAKERS, matrix, actor)
        for target, sign in zip(whose, expected(row, actor, whose, method), strict=True):
            if sign == "+" and target.kwargs is not None and actor[0] not in tiers:
                tiers.add(actor[0])
                found.append(_opening(matrix, name, row, actor, target.kwargs))
    return found


def _opening(matrix, name, row, actor, kwargs) -> Open:
    url = reverse(name, kwargs=kwargs)
    data = row.data(kwargs) if callable(row.data) else dict(row.data)
    offered = TAKEN.get(name, set()) | set(data)
    if name.startswith("api:") and name.endswith("-move"):
        offered |= set(MoveRequest().fields)
    if name in PAGE_OF or ("GET" in row.methods.split() and not answers_json(name)):
        page = matrix.clients[actor].get(reverse(PAGE_OF.get(name, name), kwargs=kwargs), row.query)
        assert not page.headers.get("Location", "").startswith(reverse("unions:sign-in")), f"{actor} is signed out"
        forms = Forms(page.content.decode(), url).forms
        fields = forms.get(url) or max(forms.values(), key=len, default=[])
        data = {**filled(fields), **data}
        offered |= {one.name for one in fields}
    return Open(name, row, actor, kwargs, url, data, offered)
