"""Every address × every role × {own, parent, child, sibling, other branch, missing}."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.access import ACTORS, MAKERS, MatrixWorld, answer, answers_json, expected, patterns, symbol, targets
from tests.access_rows import ROWS, Row
from tests.standing import signed_in

# A fragment is read through the same checks before the view is reached; one role of each tier proves it.
ONE_PER_TIER = ("DS", "MS", "GC", "N")
ADDRESSES = sorted(name for name, _pattern in patterns())


def client_of(matrix, actor: str, row: Row) -> Client:
    """The standing session of an actor; what may end a session gets one of its own."""
    return signed_in(matrix.actor(actor)) if row.before_password else matrix.clients[actor]


def row_of(name: str) -> Row:
    if name not in ROWS:
        pytest.fail(f"{name} has no row in tests/access_rows.py; see test_every_address_has_its_row", pytrace=False)
    return ROWS[name]


def served(row: Row, matrix: MatrixWorld, method: str = "GET"):
    """A person, and a record, that the row lets in."""
    for actor in ACTORS:
        found = targets(row, MAKERS, matrix, actor)
        for target, sign in zip(found, expected(row, actor, found, method), strict=True):
            if sign == "+" and target.kwargs is not None:
                return matrix.actor(actor), target.kwargs
    return None


@pytest.mark.django_db
def test_every_address_has_its_row(matrix):
    new = [(name, pattern) for name, pattern in patterns() if name not in ROWS]
    hints = [f'    "{name}": {suggestion(matrix, name, pattern)},' for name, pattern in new]
    assert not new, "Add to ROWS in tests/access_rows.py, if this is what is meant:\n" + "\n".join(hints)
    assert not [name for name in ROWS if name not in ADDRESSES], "rows without an address"


def suggestion(matrix, name, pattern) -> str:
    """A row for a new address, as the portal answers now; its record is taken for a union's."""
    arguments = list(pattern.pattern.converters or pattern.pattern.regex.groupindex)
    if arguments not in ([], ["pk"]):
        return f'Row(…, of="…")  # and a maker of {arguments}'
    example = {"pk": matrix.factory.pk} if arguments else {}
    is_post = symbol(answer(matrix.clients["DS"], name, Row(""), "GET", example)) == "405"
    method = "POST" if is_post else "GET"
    row = Row("", of="union" if arguments else "", methods=method)
    words = in_words({actor: measured(matrix, actor, name, row, method) for actor in ACTORS})
    parts = [f'"{words}"', 'of="union"' if arguments else "", f'methods="{method}"' if method != "GET" else ""]
    return f"Row({', '.join(filter(None, parts))})"


def measured(matrix, actor, name, row, method) -> str:
    """The word that an actor gets."""
    found = targets(row, MAKERS, matrix, actor)
    return "".join(asked(matrix, actor, name, row, method, target)[0] for target in found)


def in_words(table: dict[str, str]) -> str:
    """The words of all actors, one for a tier where its roles agree."""
    entries: list[str] = []
    for tier in "DMGFNY":
        words = {actor: word for actor, word in table.items() if actor[0] == tier}
        if len(set(words.values())) == 1:
            words = {tier: next(iter(words.values()))}
        entries += [f"{actor} {word[0] if len(set(word)) == 1 else word}" for actor, word in words.items()]
    return " ".join(entries)


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_role_gets_what_the_matrix_says(matrix, name):
    """And a record out of scope answers, to the letter, as one that does not exist."""
    row, wrong = row_of(name), []
    for method, fragment, query in requests_of(row):
        got, meant = {}, {}
        for actor in ACTORS if not fragment else ONE_PER_TIER:
            found = targets(row, MAKERS, matrix, actor)
            answers = [asked(matrix, actor, name, row, method, target, fragment, query) for target in found]
            got[actor] = "".join(sign for sign, _text in answers)
            meant[actor] = expected(row, actor, found, method)
            assert len({text for sign, text in answers if sign == "."}) <= 1, f"{name}: {actor} can tell them apart"
        if got != meant:
            how = " ".join(filter(None, [method, "fragment" if fragment else "", str(query or "")]))
            wrong.append(f"{how}\n  answers  {in_words(got)}\n  not      {in_words(meant)}")
    assert not wrong, f"{name}:\n" + "\n".join(wrong)


def requests_of(row: Row):
    for method in row.methods.split():
        yield method, False, None
        if method == "GET":
            yield method, True, None
        for query in row.also:
            yield method, False, query


def asked(matrix, actor, name, row, method, target, fragment=False, query=None) -> tuple[str, object]:
    """The sign of an answer, and what it said where it said that there is nothing."""
    if target.kwargs is None:
        return "-", None
    client = client_of(matrix, actor, row)
    response = answer(client, name, row, method, target.kwargs, fragment=fragment, query=query)
    return symbol(response), plain(response) if response.status_code == 404 else None


def plain(response) -> tuple[int, str]:
    """The answer without what differs by itself: tokens, the request's number, and the address asked for."""
    changing = r'(csrfmiddlewaretoken" value="|X-CSRFToken": "|name="next" value=")[^"]*'
    text = response.content.decode().replace(response.headers["X-Request-ID"], "")
    return response.status_code, re.sub(changing, r"\1", text)


@pytest.mark.parametrize("name", ADDRESSES)
def test_without_signing_in_there_is_the_sign_in_page_and_nothing_else(matrix, name):
    row = row_of(name)
    if row.is_public:
        return
    kwargs = served(row, matrix)[1]
    for method in row.methods.split():
        response = answer(Client(), name, row, method, kwargs)
        if answers_json(name):
            assert response.status_code in (401, 403)
            assert response.headers["Content-Type"] == "application/json"
        else:
            assert response.status_code == 302
            assert response.headers["Location"].startswith(reverse("unions:sign-in"))


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_initial_password_opens_only_the_page_where_it_is_changed(matrix, name):
    row = row_of(name)
    user, kwargs = served(row, matrix)
    user = matrix.forget(user)
    user.must_change_password = True
    user.save()
    for method in row.methods.split():
        response = answer(signed_in(user), name, row, method, kwargs)
        if row.before_password or row.is_public:
            assert row.is_public or symbol(response) == "+"
        elif answers_json(name):
            assert response.status_code == 403
        else:
            assert response.headers["Location"] == reverse("unions:password")


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_answers_its_methods_and_no_other(matrix, name):
    row = row_of(name)
    user, kwargs = served(row, matrix)
    for method in {"GET", "POST"} - set(row.methods.split()):
        assert answer(signed_in(user), name, row, method, kwargs).status_code == 405, method
