"""How the access matrix is asked: who asks, for whose record, and how answers are written down.

An answer is one character: `+` served, `x` 403 (in sight, or no such right at all), `.` 404 (out of sight or not
there), `-` no such record can exist. A word has one character for each target of the person's tier, in this order:

    D  district            own  child  grandchild  missing
    M  middle tier         own  child  below a federation  parent  sibling  other branch  missing
    G  grassroots          own  parent  sibling  other branch  missing
    F  federation's chair  own  child  parent  other branch  missing
    N  no appointment      somebody's  missing
    Y  the three administrators: system (YS), security (YK, the keys), audit (YA); where a row does not name them, as N

An address without a record has one character. A record of the whole portal (`shared`) has two: there, missing. A
record of one person (`personal`) has three: mine, somebody else's, missing.
"""

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories.unions import DistrictWorld, UnionFactory, UserFactory
from unions.enums import UnionKind
from unions.models import Union, User

MISSING = 987_654_321
MAKERS: dict[str, Callable] = {}


def maker(reach: str):
    """Register how the arguments of an address are made for a `union`'s, a person's (`personal`) or a `shared` record;
    None where there can be no such record."""

    def mark(function):
        function.reach = reach
        MAKERS[function.__name__] = function
        return function

    return mark


ACTORS = {
    "DL": ("district_leader", "district"),
    "DS": ("district_staff", "district"),
    "DA": ("district_auditor", "district"),
    "MC": ("middle_chair", "wangjing"),
    "MS": ("middle_staff", "wangjing"),
    "MR": ("middle_reviewer", "wangjing"),
    "GC": ("grassroots_chair", "factory"),
    "GS": ("grassroots_staff", "factory"),
    "FC": ("grassroots_chair", "federation"),
    "N": ("", ""),
    "YS": ("system_admin", "district"),
    "YK": ("security_admin", "district"),
    "YA": ("audit_admin", "district"),
}
TARGETS = {
    "D": ["district", "wangjing", "factory", ""],
    "M": ["wangjing", "factory", "member", "district", "jianwai", "bank", ""],
    "G": ["factory", "wangjing", "hotel", "bank", ""],
    "F": ["federation", "member", "wangjing", "bank", ""],
    "N": ["factory", ""],
    "Y": ["factory", ""],
}


ALL = "D + M + G + F + N +"
# Whoever holds an appointment; without one there is nothing.
STAFF = "D + M + G + F + N x"
# Seen: one's own union and all below it.
BELOW = "D +++. M +++.... G +.... F ++... N x"
SHARED = "D +. M +. G +. F +. N x"
MINE = "D +.. M +.. G +.. F +.. N +.."
# A job belongs to the union for which it was started: without a post there it is out of reach, its file above all.
MY_POSTS = "D +.. M +.. G +.. F +.. N . Y +.."
DUTY = "D -++. M +++-... G +.... F ++... N x"
TOTAL = "D ++-. M +--..-. G -.--. F --.-. N x"
# The district's staff alone.
OFFICER = "D x DS + M x G x F x N x"
OFFICER_SHARED = "D x DS +. M x G x F x N x"
OFFICER_BELOW = "D x DS +++. M x G x F x N x"
EDIT = "D x DS +++. M +++.... MR x G +.... F ++... N x"
# As EDIT, where the page itself is read by whoever sees the union.
BRING = "D xxx. DS +++. M +++.... MR xxx.... G +.... F ++... N x"
# Accounts: the district's staff and the middle tier's chair.
PEOPLE = "D x DS +++. M x MC +++.... G x F x N x"
# Whoever may import: the staff of the district and of the middle tier.
IMPORTERS = "D x DS + M x MS + G x F x N x"
MY_BATCH = "D x.. DS +.. M x.. MS +.. G x.. F x.. N . Y x.."
# A superior's decision: of the unions below one's own, never of one's own.
DECISION = "D x DS -++. M x MC x++-... MS x++-... G x F x N x"


@dataclass(frozen=True)
class Row:
    """What an address answers. `words` reads “D +++. M x GC +”: a tier or one role, then its word; a later entry
    wins, and a word of one character stands for all targets."""

    words: str
    writing: str = ""  # words for what is not GET, where they differ
    of: str = ""  # whose record: a name in MAKERS
    methods: str = "GET"
    query: dict = field(default_factory=dict)
    also: tuple[dict, ...] = ()  # further queries that answer alike: exports
    data: dict | Callable[[dict], dict] = field(default_factory=dict)  # or a function of the address's arguments
    is_public: bool = False
    before_password: bool = False  # open to an account that must change its password first


@dataclass(frozen=True)
class Target:
    label: str
    kwargs: dict | None  # None: there can be no such record


class MatrixWorld(DistrictWorld):
    """The district of the other tests, with a federation that has a union below it, and somebody for every role."""

    def __init__(self):
        super().__init__()
        self.made: dict[tuple, dict | None] = {}
        self.federation = UnionFactory(
            code="1101050260003", name="望京餐饮行业工会联合会", kind=UnionKind.FEDERATED, parent=self.wangjing
        )
        self.member = UnionFactory(code="1101050260004", name="北京望京小馆工会委员会", parent=self.federation)
        self.nobody = UserFactory(username="nobody")
        for union in Union.objects.all():
            self.somebody_at(union)
            self.colleague_at(union)

    def actor(self, key: str) -> User:
        role, place = ACTORS[key]
        return self.person(role, getattr(self, place)) if role else self.nobody

    def somebody_at(self, union: Union) -> User:
        role = {1: "district_staff", 2: "middle_staff", 3: "grassroots_chair"}[union.tier]
        return self.person(role, union)

    def colleague_at(self, union: Union) -> User:
        """Somebody else there, whose appointment others may end."""
        role = {1: "district_auditor", 2: "middle_reviewer", 3: "grassroots_staff"}[union.tier]
        return self.person(role, union)


def answers_json(name: str) -> bool:
    return name.startswith("api:")


def tier_of(actor: str) -> str:
    return actor[0]


def targets(row: Row, makers: dict[str, Callable], world: MatrixWorld, actor: str) -> list[Target]:
    """The records to ask for, as keyword arguments of the address; each is made once in a test."""
    if not row.of:
        return [Target("", {})]
    make = makers[row.of]

    def made(*whose) -> dict | None:
        key = (row.of, *(one.pk for one in whose))
        if key not in world.made:
            world.made[key] = make(world, *whose)
        return world.made[key]

    if make.reach == "shared":
        return [Target("there", made()), Target("missing", missing(made()))]
    if make.reach == "personal":
        mine, theirs = made(world.actor(actor)), made(world.somebody_at(world.bank))
        return [Target("mine", mine), Target("somebody's", theirs), Target("missing", missing(theirs))]
    found = {name: made(getattr(world, name)) for name in TARGETS[tier_of(actor)] if name}
    others = (made(union) for union in (world.bank, world.wangjing))
    pattern = next(kwargs for kwargs in [*found.values(), *others] if kwargs)
    return [Target(name or "missing", found[name] if name else missing(pattern)) for name in TARGETS[tier_of(actor)]]


def missing(kwargs: dict) -> dict:
    """The same address for a record that does not exist."""
    numbers = {name: MISSING for name, value in kwargs.items() if isinstance(value, int)}
    return {**kwargs, **(numbers or dict.fromkeys(kwargs, "no-such-thing"))}


def expected(row: Row, actor: str, found: list[Target], method: str = "GET") -> str:
    """The word for an actor: its own entry, or that of its tier."""
    entries = ((row.writing if method != "GET" else "") or row.words).split()
    table = dict(zip(entries[::2], entries[1::2], strict=True))
    tier = tier_of(actor)
    word = table.get(actor) or table.get(tier) or (table.get("N") if tier == "Y" else None) or "?"
    return "".join("-" if target.kwargs is None else word for target in found) if len(word) == 1 else word


def patterns(found=None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the portal by its full name."""
    for pattern in (found or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        else:
            yield f"{prefix}{pattern.name}", pattern


def answer(client: Client, name: str, row: Row, method: str, kwargs: dict, *, fragment: bool = False, query=None):
    """One request whose writes are undone."""
    url = reverse(name, kwargs=kwargs)
    headers = {"HX-Request": "true"} if fragment else {}
    given = {**row.query, **(query or {})}
    data = row.data(kwargs) if callable(row.data) else row.data
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        if method == "GET":
            response = client.get(url, given, headers=headers)
        elif answers_json(name):
            send = getattr(client, method.lower())
            response = send(url, data, content_type="application/json", headers=headers, query_params=given)
        else:
            response = client.post(url, data, headers=headers, query_params=given)
        if response.streaming:  # read to its end, which closes the file behind it
            response.streamed = b"".join(response)
        transaction.set_rollback(True)
    client.cookies = cookies  # a session that was renewed is undone with the rest
    return response


def symbol(response) -> str:
    if response.status_code in (403, 404):
        return {403: "x", 404: "."}[response.status_code]
    leaves = response.headers.get("Location", "")
    if response.status_code in (401, 405, 429) or response.status_code >= 500 or is_sent_away(leaves):
        return str(response.status_code)
    return "+"


def plain(response) -> tuple[int, str]:
    """The answer without what differs by itself: tokens, the request's number, and the address asked for."""
    changing = r'(csrfmiddlewaretoken" value="|X-CSRFToken": "|name="next" value=")[^"]*'
    text = response.content.decode().replace(response.headers["X-Request-ID"], "")
    return response.status_code, re.sub(changing, r"\1", text)


def is_sent_away(location: str) -> bool:
    return location.startswith((reverse("unions:sign-in") + "?", reverse("unions:password")))
