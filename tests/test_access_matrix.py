"""Every address × every role × {own, parent, child, sibling, other branch, missing}: what is written, and fragments.
What is read is asked in test_reading.py, which reads every address in every role anyhow."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.access import ACTORS, MAKERS, MatrixWorld, answer, answers_json, expected, patterns, plain, symbol, targets
from tests.access_rows import ROWS, Row
from tests.standing import signed_in
from unions.models import CodeApp

# A fragment is read through the same checks before the view is reached; one role of each tier proves it.
ONE_PER_TIER = ("DS", "MS", "GC", "N")
ADDRESSES = sorted(name for name, _pattern in patterns())


@pytest.fixture(scope="module", params=ADDRESSES)
def name(request, standing):
    """An address; the records that its tests ask for are made once for all of them."""
    with transaction.atomic():
        standing.made.clear()
        for actor in ACTORS if request.param in ROWS else ():
            targets(ROWS[request.param], MAKERS, standing, actor)
        yield request.param
        transaction.set_rollback(True)


@pytest.fixture
def matrix(standing, name, db, quiet) -> MatrixWorld:
    return standing


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


def test_every_address_has_its_row(standing, db, quiet):
    standing.made.clear()
    new = [(name, pattern) for name, pattern in patterns() if name not in ROWS]
    hints = [f'    "{name}": {suggestion(standing, name, pattern)},' for name, pattern in new]
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


def test_each_role_gets_what_the_matrix_says(matrix, name):
    """And a record out of scope answers, to the letter, as one that does not exist."""
    row, wrong = row_of(name), []
    for method in row.methods.split():
        got, meant = {}, {}
        for actor in ACTORS if method != "GET" else ONE_PER_TIER:
            found = targets(row, MAKERS, matrix, actor)
            meant[actor] = expected(row, actor, found, method)
            answers = [
                asked(matrix, actor, name, row, method, target, fragment=method == "GET" or word != "+")
                for target, word in zip(found, meant[actor], strict=True)
            ]
            got[actor] = "".join(sign for sign, _text in answers)
            assert len({text for sign, text in answers if sign == "."}) <= 1, f"{name}: {actor} can tell them apart"
        if got != meant:
            wrong.append(f"{method}\n  answers  {in_words(got)}\n  not      {in_words(meant)}")
    assert not wrong, f"{name}:\n" + "\n".join(wrong)


def asked(matrix, actor, name, row, method, target, *, fragment=False) -> tuple[str, object]:
    """The sign of an answer, and what it said where it said that there is nothing. What is read comes as a fragment, and
    so does a refusal: the whole page around it takes longer than the question."""
    if target.kwargs is None:
        return "-", None
    response = answer(client_of(matrix, actor, row), name, row, method, target.kwargs, fragment=fragment)
    return symbol(response), plain(response) if response.status_code == 404 else None


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


def test_where_a_second_factor_is_due_the_password_alone_opens_nothing(matrix, name):
    row = row_of(name)
    if row.is_public:
        return
    user, kwargs = served(row, matrix)
    CodeApp.objects.create(user=user, name="app", seed="31" * 20)
    client = signed_in(matrix.forget(user), gave_factor=False)
    for method in {"GET", *row.methods.split()}:
        response = answer(client, name, row, method, kwargs)
        is_asked = response.headers.get("Location", "").startswith(reverse("unions:factor-ask"))
        assert is_asked or response.status_code in (401, 403, 405), method


def test_an_address_answers_its_methods_and_no_other(matrix, name):
    row = row_of(name)
    user, kwargs = served(row, matrix)
    for method in {"GET", "POST"} - set(row.methods.split()):
        assert answer(signed_in(user), name, row, method, kwargs).status_code == 405, method
