"""Who may not stand for a seat (domain: who may not be a candidate); by the rules of the day of the vote."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from assemblies.enums import BarLevel, Body, Fact, Post
from unions.enums import EmployerNature, UnionKind
from unions.models import Union

_NO_ENTERPRISE = {EmployerNature.AGENCY, EmployerNature.INSTITUTION, EmployerNature.SOCIAL}
_EVERY_POST = frozenset(Post.values)
_HEADS = frozenset({Post.CHAIR, Post.DEPUTY})
_LAW_2001, _CHAIRS_2008, _ELECTIONS_2016 = date(2001, 10, 27), date(2008, 7, 25), date(2016, 10, 9)


@dataclass(frozen=True)
class Bar:
    """One reason against a person in a seat, with the rule it rests on."""

    fact: Fact
    level: BarLevel
    basis: str

    @property
    def text(self) -> str:
        return f"{self.fact.label}：{self.level.label}（{self.basis}）"


@dataclass(frozen=True)
class _Rule:
    facts: tuple[Fact, ...]
    body: Body | None  # None: every body
    posts: frozenset[str]
    basis: str
    since: date
    level: BarLevel = BarLevel.BARRED
    only_enterprises: bool = False


RULES = (
    _Rule((Fact.RETAINED,), None, _EVERY_POST, "《工会基层组织选举工作条例》第四条", _ELECTIONS_2016),
    _Rule((Fact.LEADER, Fact.LEGAL, Fact.PARTNER, Fact.RELATIVE), Body.COMMITTEE, _EVERY_POST,
          "《工会基层组织选举工作条例》（总工发〔2016〕27号）", _ELECTIONS_2016),
    _Rule((Fact.RELATIVE,), Body.COMMITTEE, _EVERY_POST, "《中华人民共和国工会法》第十条", _LAW_2001, only_enterprises=True),
    _Rule((Fact.LEADER, Fact.DEPUTY_LEADER, Fact.PARTNER, Fact.RELATIVE, Fact.HR_HEAD, Fact.FOREIGN), Body.COMMITTEE,
          frozenset({Post.CHAIR}), "《企业工会主席产生办法（试行）》第六条", _CHAIRS_2008, only_enterprises=True),
    _Rule((Fact.LEGAL,), Body.COMMITTEE, _HEADS, "《北京市实施〈中华人民共和国工会法〉办法》第十四条", _LAW_2001),
    _Rule((Fact.LABOUR,), Body.COMMITTEE, _HEADS, "《北京市实施〈中华人民共和国工会法〉办法》第十四条：不宜", _LAW_2001,
          BarLevel.DOUBTFUL, only_enterprises=True),
    _Rule((Fact.FINANCE,), Body.AUDIT, _EVERY_POST, "经费审查制度：主管财务的负责人和财会人员回避", _LAW_2001),
)  # fmt: skip


def is_enterprise(union: Union) -> bool:
    """Whether the rules for enterprises hold; where the register does not say, they do."""
    return union.kind == UnionKind.UNIT and union.employer_nature not in _NO_ENTERPRISE


def bars(union: Union, *, body: str, post: str, facts: Iterable[str], day: date) -> list[Bar]:
    """What speaks against a person of whom these facts hold, in this post of this body, on the day of the vote. Each
    fact once, by the strictest rule; what bars comes before what is only not advisable."""
    given, found = set(facts), {}
    for rule in RULES:
        fits = rule.body in (None, body) and post in rule.posts and rule.since <= day
        if not fits or (rule.only_enterprises and not is_enterprise(union)):
            continue
        for fact in rule.facts:
            if fact in given and (fact not in found or found[fact].level == BarLevel.DOUBTFUL):
                found[fact] = Bar(fact, rule.level, rule.basis)
    return sorted(found.values(), key=lambda bar: (bar.level != BarLevel.BARRED, list(Fact).index(bar.fact)))
