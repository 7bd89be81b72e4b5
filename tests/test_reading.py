"""What each role reads, asked once of every address that is read: what the access matrix says, no full number of
anybody's, nothing of another branch, no link that leads to a refusal or to nothing, and no refusal that does not say why."""

import io
import logging
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.http import HttpResponse
from django.urls import is_valid_path, resolve, reverse

from tests import policy
from tests.access import ACTORS, MAKERS, answer, expected, plain, symbol, targets
from tests.access_rows import ROWS
from unions.models import Union, User
from unions.scoping import ScopedQuerySet
from unions.services import edit_union

NAME = "鸦雀"
PHONE, EARLIER_PHONE, ACCOUNT_PHONE, OWN_PHONE = "13907771234", "13955551234", "13906665678", "13905554321"
MASK = "139****1234"
# Where people read the number of their own account in full.
OWN_DATA = {"unions:my-data", "unions:my-data-copy"}
BELOW_THE_DISTRICT = ["MC", "MS", "MR", "GC", "GS", "FC", "N"]
# A search and the database know places, not what somebody may do there: one of each.
ONE_PER_PLACE = ["MC", "GC", "FC", "N"]
# Who gets each refusal as a whole page: the frame around it knows tiers. The others get its sentence alone, in half the time.
SEES_REFUSALS = ["DS", "MC", "FC", "N"]
SEARCHES = [{"q": "隐名"}, {"q": "yinming"}]
WITHOUT_UNIONS = ("N", "YS", "YA")
FOLLOWED = ["DS", "MC", "MR", "GC", "YS", "YK", "YA"]
TURNS = {"sort", "page", "rows"}


class Answer(NamedTuple):
    name: str
    target: str
    query: dict
    address: str
    response: HttpResponse
    text: str
    meant: str

    @property
    def where(self) -> tuple:
        return self.name, self.target, self.query

    @property
    def ends_here(self) -> bool:
        """Nothing to see, and no way to the page that says why."""
        is_refusal = self.response.status_code in (403, 404)
        is_empty = self.response.status_code == 200 and 'id="results"' in self.text and 'class="empty"' in self.text
        return (is_refusal or is_empty) and "/access/?why=" not in self.text

    @property
    def is_page(self) -> bool:
        return self.response.status_code == 200 and not self.response.streaming and "<html" in self.text


def everything_read(matrix, actor: str, searches: list[dict], *, framed: bool = False) -> Iterator[Answer]:
    """Each address for each record in and out of sight; lists are searched too. Refusals come as whole pages if `framed`,
    else as their sentence alone."""
    for name, row in ROWS.items():
        if "GET" not in row.methods.split():
            continue
        found = targets(row, MAKERS, matrix, actor)
        for target, meant in zip(found, expected(row, actor, found), strict=True):
            assert (target.kwargs is None) == (meant == "-"), f"{name}: whether there is one ({actor}, {target.label})"
            if target.kwargs is None:
                continue
            address = reverse(name, kwargs=target.kwargs)
            for query in [{}, *row.also, *searches]:
                fragment = meant != "+" and not framed
                response = answer(
                    matrix.clients[actor], name, row, "GET", target.kwargs, query=query, fragment=fragment
                )
                text = text_of(response)
                yield Answer(name, target.label, query, address, response, text, meant)
                if query not in row.also and not row.also and not is_searched(response, text):
                    break


def is_searched(response, text: str) -> bool:
    """Whether `q` may change the answer: refusals and pages without such a field of their own say the same again."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    return response.status_code == 200 and (not is_page or 'name="q"' in text.partition("<main")[2])


def text_of(response) -> str:
    """What an answer says; a workbook is unpacked."""
    content = response.streamed if response.streaming else response.content
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(part).decode("utf-8", "replace") for part in book.namelist())


@pytest.fixture(scope="module")
def records(standing):
    """Every record that is read, made once, after the names and numbers were hidden: it may repeat them."""
    hide_names(standing)
    hide_numbers(standing)
    standing.made.clear()
    for row in ROWS.values():
        for actor in ACTORS if "GET" in row.methods.split() else ():
            targets(row, MAKERS, standing, actor)
    return standing


@pytest.fixture
def matrix(records, db, quiet):
    return records


def hide_names(matrix) -> None:
    """A union of another branch and its people bear a name that nobody else may read."""
    bank, person = matrix.bank, matrix.somebody_at(matrix.bank)
    names = {"name": f"{NAME}隐名商行工会", "employer_name": f"{NAME}隐名商行", "chair_name": f"{NAME}氏"}
    Union.objects.filter(pk=bank.pk).update(**names, pinyin="yinming", search_text=f"{NAME}隐名商行 yinming")
    User.objects.filter(pk=person.pk).update(name=f"{NAME}隐名氏")


def hide_numbers(matrix) -> None:
    """Everybody has a number; that of one union has changed, so that it stands in the record of acts as well."""
    unions = list(Union.objects.all())
    for union in unions:
        union.chair_phone = PHONE
    Union.objects.bulk_update(unions, ["chair_phone"])
    for phone in (EARLIER_PHONE, PHONE):
        edit_union(Union.objects.get(pk=matrix.factory.pk), {"chair_phone": phone}, by=matrix.officer)
    for user in User.objects.all():
        give_number(user, ACCOUNT_PHONE)


def give_number(user: User, phone: str) -> None:
    user.phone = phone
    user.save(update_fields=["phone"])


def kind(link: str) -> tuple:
    """Links of one page that lead to the same place, and there to the same choice, stand for each other: the row of one
    union for those of all, one column to sort by for the others."""
    parts = urlsplit(link)
    place = resolve(parts.path).view_name if is_valid_path(parts.path) else parts.path
    return place, frozenset(pair for pair in parse_qsl(parts.query) if pair[0] not in TURNS)


def links_of(page: Answer) -> list[str]:
    found = {urljoin(page.address, unescape(href)) for href in re.findall(r'<a\b[^>]*?\shref="([^"]+)"', page.text)}
    return sorted(link.partition("#")[0] for link in found if not urlsplit(link).netloc and link.startswith("/"))


def dead_links(matrix, actor: str, links: dict[str, str]) -> list[tuple]:
    """Of the links, each with a page it stands on, those that lead nowhere."""
    dead = []
    for link, page in links.items():
        response = matrix.clients[actor].get(link)
        if response.streaming:  # read to its end, which closes the file behind it
            b"".join(response)
        if response.status_code in (403, 404):
            dead.append((page, link, response.status_code))
    return dead


@pytest.mark.slow
@pytest.mark.parametrize("actor", ACTORS)
def test_a_role_reads_what_the_matrix_says_no_number_nothing_of_another_branch_and_finds_no_dead_link(
    matrix, actor, caplog
):
    caplog.set_level(logging.DEBUG)
    for name in ("django.request", "django.template"):  # refusals are meant, and so are empty variables
        caplog.set_level(logging.CRITICAL, logger=name)
    give_number(User.objects.get(pk=matrix.actor(actor).pk), OWN_PHONE)
    numbers, strange, silent, own, masks, opened, links = [], [], [], set(), 0, set(), {}
    unlike, unsafe, refusals = [], [], defaultdict(set)
    is_below = actor in BELOW_THE_DISTRICT
    searches, framed = SEARCHES if actor in ONE_PER_PLACE else [], actor in SEES_REFUSALS
    for one in everything_read(matrix, actor, searches, framed=framed):
        if symbol(one.response) != one.meant and one.query not in SEARCHES:
            unlike.append((*one.where, f"answers {symbol(one.response)} not {one.meant}"))
        elif one.meant == "+" and not one.query:
            try:
                policy.check(one.name, one.response, one.text)
            except AssertionError as fault:
                unsafe.append((*one.where, str(fault)[:200]))
        if one.response.status_code == 404:
            refusals[one.name, str(one.query)].add(plain(one.response))
        if NAME in one.text and is_below:
            strange.append(one.where)
        if one.ends_here and not one.query:
            silent.append(one.where)
        if one.is_page and not one.query:
            for link in links_of(one):
                links.setdefault((one.name, kind(link)), (link, one.address))
            opened.add(one.address)
        if ROWS[one.name].is_public:
            continue
        if any(number in one.text for number in (PHONE, EARLIER_PHONE, ACCOUNT_PHONE)):
            numbers.append(one.where)
        masks += MASK in one.text
        if OWN_PHONE in one.text:
            own.add(one.name)
    assert not unlike, "\n".join(map(str, unlike))
    assert not unsafe, "\n".join(map(str, unsafe))
    assert [where for where, texts in refusals.items() if len(texts) > 1] == [], (
        "out of sight is as not there, to the letter"
    )
    assert numbers == []
    assert strange == []
    assert silent == [], "each refusal and each empty list leads to the page that explains it"
    assert own == OWN_DATA, "one's own number, and there alone"
    assert masks or actor in WITHOUT_UNIONS, "the masks show where the numbers would"
    if actor in FOLLOWED:
        assert dead_links(matrix, actor, {link: page for link, page in links.values() if link not in opened}) == []
    assert not [number for number in (PHONE, EARLIER_PHONE, ACCOUNT_PHONE, OWN_PHONE) if number in caplog.text]


@pytest.mark.slow
@pytest.mark.parametrize("actor", ["MC", "GC", "N"])
def test_without_the_first_wall_the_second_shows_nothing_of_another_branch_either(matrix, actor, monkeypatch):
    """With every `visible_to` switched off the database alone decides which rows there are."""
    monkeypatch.setattr(ScopedQuerySet, "visible_to", lambda rows, user, permission: rows)
    assert [one.where for one in everything_read(matrix, actor, [{"q": "隐名"}]) if NAME in one.text] == []
