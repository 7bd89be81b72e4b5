"""The tree of the made-up district: the middle tier as it is, grassroots unions in the shares of the domain sheet."""

import datetime
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from unions.demo import behaviour, names
from unions.enums import EmployerNature, Engagement, Industry, Rank, Sex, UnionKind
from unions.models import Union

DISTRICT_CODE = "110105000"
STREET, AREA, ZONE, INDUSTRY = UnionKind.STREET, UnionKind.AREA, UnionKind.ZONE, UnionKind.INDUSTRY
# (place, kind, grassroots unions at full scale)
MIDDLE_TIER = (
    *(
        (place, STREET, unions)
        for place, unions in (
            ("建外", 172), ("朝外", 133), ("呼家楼", 133), ("三里屯", 99), ("左家庄", 93), ("香河园", 53), ("和平街", 80),
            ("安贞", 86), ("亚运村", 106), ("小关", 73), ("酒仙桥", 159), ("麦子店", 119), ("团结湖", 60), ("六里屯", 80),
            ("八里庄", 119), ("双井", 106), ("劲松", 86), ("潘家园", 86), ("垡头", 60), ("首都机场", 66), ("大屯", 133),
            ("望京", 186), ("奥运村", 119), ("东湖", 106),
        )
    ),
    *(
        (place, AREA, unions)
        for place, unions in (
            ("南磨房", 128), ("高碑店", 170), ("将台", 128), ("太阳宫", 99), ("小红门", 71), ("十八里店", 142), ("平房", 106),
            ("东风", 92), ("来广营", 170), ("常营", 71), ("三间房", 85), ("管庄", 99), ("金盏", 85), ("孙河", 57),
            ("崔各庄", 99), ("东坝", 85), ("黑庄户", 50), ("豆各庄", 57), ("王四营", 64),
        )
    ),
    ("商务中心区", ZONE, 293), ("电子城", ZONE, 120), ("奥林匹克公园", ZONE, 45), ("文化产业园区", ZONE, 60),
    *(
        (place, INDUSTRY, unions)
        for place, unions in (
            ("教育", 75), ("卫生", 60), ("建筑产业", 90), ("商业服务产业", 54), ("国有资产系统", 72), ("区直机关", 27),
            ("高新技术产业", 81), ("文化创意产业", 42), ("城市管理", 39), ("金融产业", 24), ("园林绿化", 30), ("交通运输", 36),
            ("社会组织", 40),
        )
    ),
)  # fmt: skip
TITLES = {STREET: "{}街道总工会", AREA: "{}地区总工会", ZONE: "{}总工会", INDUSTRY: "{}工会"}
OFFICES = {STREET: "街道办事处", AREA: "地区办事处", ZONE: "管理委员会", INDUSTRY: "主管部门"}
# Shares of grassroots kinds below each kind of middle-tier union
GRASSROOTS = {
    STREET: {UnionKind.UNIT: 82, UnionKind.COMMUNITY: 11, UnionKind.BUILDING: 3, UnionKind.JOINT: 2, UnionKind.FEDERATED: 2},
    AREA: {UnionKind.UNIT: 78, UnionKind.COMMUNITY: 9, UnionKind.VILLAGE: 7, UnionKind.BUILDING: 2, UnionKind.JOINT: 2, UnionKind.FEDERATED: 2},
    ZONE: {UnionKind.UNIT: 88, UnionKind.BUILDING: 9, UnionKind.JOINT: 3},
    INDUSTRY: {UnionKind.UNIT: 96, UnionKind.JOINT: 2, UnionKind.FEDERATED: 2},
}  # fmt: skip
# Where the demo people of a street and of a grassroots union work
SHOWN_STREET, SHOWN_UNION = "望京", "北京瑞丰同创科技有限公司"
BATCH = 1000


@dataclass
class Shape:
    """What to make: how many grassroots unions, whose history begins when, out of which chance."""

    unions: int
    random: Random
    since: date  # everything that reports from the first period on was founded before


def spread(total: int, shares: list[int]) -> list[int]:
    """A total shared out in whole numbers: at least one each, the rest by largest remainder."""
    rest, whole = max(0, total - len(shares)), sum(shares)
    exact = [rest * share / whole for share in shares]
    counts = [1 + int(value) for value in exact]
    for index in sorted(range(len(shares)), key=lambda i: exact[i] % 1, reverse=True)[: rest - sum(map(int, exact))]:
        counts[index] += 1
    return counts


def middle_tier(unions: int) -> list[tuple[str, UnionKind, int]]:
    """All sixty for a district of any real size; a small one keeps every kind of them and the demo street."""
    wanted = max(4, unions // 6)
    if wanted >= len(MIDDLE_TIER):
        return list(MIDDLE_TIER)
    kept = {place: kind for place, kind, _share in reversed(MIDDLE_TIER)}
    chosen = {SHOWN_STREET, *(next(p for p, k in kept.items() if k is kind) for kind in (AREA, ZONE, INDUSTRY))}
    for place, _kind, _share in MIDDLE_TIER[:: max(1, len(MIDDLE_TIER) // wanted)]:
        if len(chosen) < wanted:
            chosen.add(place)
    return [row for row in MIDDLE_TIER if row[0] in chosen]


def build(shape: Shape, tell: Callable[[int, int], None]) -> None:
    """Write the tree, from the top down; `tell` hears how far it is."""
    maker = names.NameMaker(shape.random)
    district = _district(shape.random)
    district.save()
    tier = middle_tier(shape.unions)
    middles = Union.objects.bulk_create(
        _middle(shape.random, district, place, kind, number) for number, (place, kind, _share) in enumerate(tier, 1)
    )
    batch, done = [], 0
    for union in _grassroots(shape, maker, tier, middles):
        batch.append(union)
        if len(batch) > BATCH:
            Union.objects.bulk_create(batch)
            done += len(batch)
            tell(done, shape.unions)
            batch = []
    Union.objects.bulk_create(batch)
    tell(shape.unions, shape.unions)


def _district(random: Random) -> Union:
    return _finish(
        random,
        Union(
            code=DISTRICT_CODE, name="朝阳区总工会", kind=UnionKind.DISTRICT, employer_name="北京市朝阳区总工会",
            credit_code=names.credit_code(0, "81"), employer_nature=EmployerNature.SOCIAL, industry=Industry.S,
            address="北京市朝阳区", workers=96, women_workers=51, members=96, women_members=51, founded_on=date(1951, 6, 1),
            chair_rank=Rank.BUREAU_DEPUTY, chair_engagement=Engagement.FULL_TIME,
        ),
        years=5,
    )  # fmt: skip


def _middle(random: Random, district: Union, place: str, kind: UnionKind, number: int) -> Union:
    workers = random.randrange(20, 90)
    title = TITLES[kind].format(place)
    return _finish(
        random,
        Union(
            code=f"110105{number:03d}", name=title, kind=kind, parent=district,
            employer_name=f"北京市朝阳区{place}{OFFICES[kind]}", credit_code=names.credit_code(number, "81"),
            employer_nature=EmployerNature.AGENCY, industry=Industry.S, address=f"北京市朝阳区{place}",
            workers=workers, women_workers=workers // 2, members=workers, women_members=workers // 2,
            founded_on=date(random.randrange(1985, 2012), random.randrange(1, 13), random.randrange(1, 28)),
            chair_rank=random.choice((Rank.PEER_DEPUTY, Rank.DIVISION_DEPUTY)),
            chair_engagement=Engagement.FULL_TIME if random.random() < 0.7 else Engagement.PART_TIME,
        ),
        years=5,
    )  # fmt: skip


def _grassroots(shape: Shape, maker: names.NameMaker, tier: list, middles: list[Union]) -> Iterator[Union]:
    counts = spread(shape.unions, [share for *_who, share in tier])
    number = 1000
    for middle, (place, kind, _share), count in zip(middles, tier, counts, strict=True):
        shares = GRASSROOTS[kind]
        for serial in range(1, count + 1):
            number += 1
            # A street's first union is a company: the smallest district has one union below each.
            own = UnionKind.UNIT if serial == 1 else shape.random.choices(list(shares), shares.values())[0]
            union = Union(code=f"{middle.code}{serial:04d}", kind=own, parent=middle)
            if own is UnionKind.UNIT:
                _employ(union, maker, middle, number, is_shown=place == SHOWN_STREET and serial == 1)
            else:
                union.name, union.employer_name = maker.joint(own, place)
                union.employer_nature = EmployerNature.SOCIAL
                union.industry = Industry.O
                union.credit_code = names.credit_code(number, "81")
            union.address = maker.address(place if kind is not INDUSTRY else shape.random.choice(MIDDLE_TIER[:40])[0])
            _people(shape.random, union, is_area=kind is AREA)
            _rename_some(shape.random, union)
            union.founded_on = _founding(shape)
            yield _finish(shape.random, union)


def _employ(union: Union, maker: names.NameMaker, middle: Union, number: int, *, is_shown: bool) -> None:
    employer = maker.employer(middle.name)
    if is_shown:
        employer = names.Employer(SHOWN_UNION, EmployerNature.PRIVATE, Industry.I, "91")
    union.employer_name = employer.name
    union.name = f"{employer.name}工会委员会"
    union.employer_nature, union.industry = employer.nature, employer.industry
    union.credit_code = names.credit_code(number, employer.prefix)


def _people(random: Random, union: Union, *, is_area: bool) -> None:
    """Counts that fit each other: members among workers, women and migrants among both."""
    members = 242 if union.employer_name == SHOWN_UNION else behaviour.size(random)
    union.members = members
    union.workers = max(members, round(members / min(1.0, random.betavariate(*behaviour.MEMBER_SHARE))))
    share = min(0.95, max(0.04, random.gauss(0.42, 0.17)))
    union.women_members = min(members, round(members * share))
    union.women_workers = min(union.workers, union.women_members + round((union.workers - members) * share))
    migrants = random.betavariate(1.1, 2.4 if is_area else 4.2)
    union.migrant_workers = round(union.workers * migrants)
    ranks = (Rank.PARTY_DEPUTY, Rank.MIDDLE_HEAD, Rank.STAFF, Rank.ADMIN_DEPUTY, Rank.MIDDLE_DEPUTY)
    union.chair_rank = random.choices(ranks, (29, 27, 19, 13, 12))[0]
    is_full_time = random.random() < behaviour.FULL_TIME_CHAIR * (3 if members >= 500 else 0.9)
    union.chair_engagement = Engagement.FULL_TIME if is_full_time else Engagement.PART_TIME


def _rename_some(random: Random, union: Union) -> None:
    """Three in a hundred had another name; people still look for it."""
    if union.kind == UnionKind.UNIT and random.random() < 0.03:
        old = union.name.replace("有限责任公司", "有限公司").replace("北京", "北京市朝阳区", 1)
        union.former_names = [old if old != union.name else f"{union.employer_name}工会"]


def _founding(shape: Shape) -> date:
    """Most were founded after 2003; four in a hundred after the history begins."""
    today = timezone.localdate()
    if shape.random.random() < 0.04:
        first, last = shape.since, today - timedelta(days=120)
    else:
        first, last = date(1985, 1, 1), min(shape.since, today) - timedelta(days=30)
    if last <= first:
        return last
    share = math.sqrt(shape.random.random())
    return first + timedelta(days=round((last - first).days * share))


def _finish(random: Random, union: Union, years: int = 0) -> Union:
    """Chair, term and conditions of any union, and the columns that a bulk insert does not derive."""
    is_female = random.random() < 0.44
    union.chair_sex = Sex.FEMALE if is_female else Sex.MALE
    union.chair_name, union.chair_phone = names.person(random, female=is_female), names.phone(random)
    union.term_years = years or (5 if random.random() < behaviour.FIVE_YEAR_TERMS else 3)
    union.term_started_on = _term_start(random, union)
    is_big = union.tier != 3
    place, sign, account, audit, women = (is_big or random.random() < share for share in behaviour.CONDITION_SHARES)
    union.has_place, union.has_sign, union.has_account, union.has_audit_committee = place, sign, account, audit
    union.has_women_committee = women or union.women_workers >= 100
    union.derive()
    return union


def _term_start(random: Random, union: Union) -> date:
    today = timezone.localdate()
    is_area = union.kind in (UnionKind.AREA, UnionKind.VILLAGE)
    overdue = random.random() < (behaviour.OVERDUE_TERMS_AREA if is_area else behaviour.OVERDUE_TERMS)
    years = union.term_years
    back = timedelta(days=365 * years + random.randrange(5, 420)) if overdue else timedelta(days=random.randrange(10, 365 * years - 15))  # fmt: skip
    start = today - back
    month = random.choices(range(1, 13), behaviour.RENEWAL_MONTHS)[0]
    moved = date(start.year, month, min(start.day, 28))
    # A renewal falls into its season where that leaves the term as overdue, or as valid, as it was drawn.
    ends = moved.replace(year=moved.year + years)
    if moved < today and (ends <= today) == overdue:
        start = moved
    return max(start, union.founded_on or datetime.date(1951, 6, 1))
