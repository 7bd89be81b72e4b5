"""Terms with delegates, and proposals, as tests need them."""

import datetime

from django.utils import timezone

from assemblies.delegates import save_constituency, save_delegate
from assemblies.enums import ProposalKind
from assemblies.models import Collection, Constituency, Delegate, Proposal, Term, Theme
from assemblies.proposals import Paper, submit
from unions.duties import refresh_totals
from unions.models import Duty, DutyRule, Union, User

BEGAN = datetime.date(2024, 3, 1)


def term_of(union: Union, number: int = 5) -> Term:
    """The union's term in office; another number is one that is over."""
    ends = BEGAN.replace(year=BEGAN.year + 5)
    given = {"years": 5, "started_on": BEGAN, "ends_on": ends, "ended_on": None if number == 5 else BEGAN}
    return Term.objects.get_or_create(union=union, number=number, defaults=given)[0]


def make_term(union: Union, began: datetime.date, years: int = 3, **more) -> Term:
    """A term in office that the register agrees with."""
    union.term_started_on, union.term_years = began, years
    Union.objects.filter(pk=union.pk).update(term_started_on=began, term_years=years)
    return Term.objects.create(
        union=union, number=1, years=years, started_on=began, ends_on=union.term_ends_on, **more
    )  # fmt: skip


def constituency_of(term: Term, by: User, name: str = "生产部", members: int = 40, seats: int = 4) -> Constituency:
    return save_constituency(term, {"name": name, "members": members, "seats": seats}, by=by)


def delegate_of(constituency: Constituency, by: User, name: str = "李明", **given) -> Delegate:
    values = {"sex": "female", "work": "front_line", "elected_on": BEGAN, "phone": "13800001111", **given}
    return save_delegate(constituency.term, {"constituency": constituency, "name": name, **values}, by=by)


def paper(**given) -> Paper:
    values = {
        "kind": ProposalKind.SUGGESTION, "title": "改善食堂夜班供餐", "theme": Theme.objects.first(),
        "facts": "夜班工人二十二点后没有热饭。", "request": "请延长食堂供餐时间。", "proposer": "张三",
    }  # fmt: skip
    return Paper(**{**values, **given})


def proposal_of(union: Union, by: User | None = None, day: datetime.date | None = None, **given) -> Proposal:
    return submit(union, paper(**given), by=by, day=day or timezone.localdate())


def collection_of(union: Union, **given) -> Collection:
    today = timezone.localdate()
    days = {"opens_on": today, "closes_on": today + datetime.timedelta(days=20)}
    return Collection.objects.create(union=union, **{"title": "年度提案征集", **days, **given})


def owed_assembly(union: Union, year: int) -> Duty:
    """The yearly assembly, owed for a year."""
    days = {"opens_on": f"{year}-01-01", "due_on": f"{year}-12-31", "last_day": f"{year}-12-31"}
    duty = Duty.objects.create(rule=DutyRule.objects.get(key="assembly"), union=union, period=str(year), **days)
    refresh_totals(duty.rule_id, duty.period, [union.middle_id])
    return duty
