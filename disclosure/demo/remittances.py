"""The tax register of the made-up district: the last four quarters of employers with a union, and of some without one."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from disclosure.enums import RemittanceKind, RemittanceMatch
from disclosure.models import Remittance
from disclosure.remittances import due_day
from unions.demo import bulk, names
from unions.enums import Tier, UnionKind
from unions.kit.periods import Period
from unions.models import Union

QUARTERS, MANY, WITHOUT, FIRST_NUMBER = 4, 240, 120, 5_000_000
CENT = Decimal("0.01")
PAID = (Decimal(1), Decimal("0.6"), Decimal(0))  # in full, in part, not at all


def write(random: Random, places: dict[Tier, Union], today: date) -> int:
    """Returns how many rows: the unions of the demo accounts are among them."""
    units = Union.objects.active().filter(kind=UnionKind.UNIT).exclude(credit_code="")
    shown = [
        places[Tier.GRASSROOTS],
        *units.filter(middle=places[Tier.MIDDLE]).exclude(pk=places[Tier.GRASSROOTS].pk)[:20],
    ]
    unions = [*shown, *units.exclude(pk__in=[union.pk for union in shown]).order_by("code")[:MANY]]
    employers = [(union, _of_union(union)) for union in unions] + _without_union(random, places)
    rows = [
        _quarter(random, union, values, period)
        for period in Period.quarter_of(today).previous().last(QUARTERS)
        for union, values in employers
        if due_day(period) < today
    ]
    Remittance.objects.bulk_create(rows, batch_size=bulk.CHUNK)
    return len(rows)


def _of_union(union: Union) -> dict:
    return {
        "credit_code": union.credit_code, "name": union.employer_name, "address": union.address, "industry": union.get_industry_display(),
        "registration": union.get_employer_nature_display(), "headcount": union.workers, "kind": RemittanceKind.FUNDS,
        "state": RemittanceMatch.BY_CODE,
    }  # fmt: skip


def _without_union(random: Random, places: dict[Tier, Union]) -> list[tuple[Union, dict]]:
    """They pay the preparation fund to the street they are in; a few stand in a street that the district does not have."""
    maker, found = names.NameMaker(random), []
    streets = list(Union.objects.of_tier(Tier.MIDDLE).exclude(kind=UnionKind.INDUSTRY).order_by("code"))
    for number in range(WITHOUT):
        union = (
            places[Tier.DISTRICT]
            if number % 20 == 7
            else places[Tier.MIDDLE]
            if number % 4 == 0
            else random.choice(streets)
        )
        place = union.name.removesuffix("总工会") if union.tier is Tier.MIDDLE else "外区街道"
        employer = maker.employer(union.name)
        kind = RemittanceKind.FUNDS if number % 15 == 4 else RemittanceKind.PREPARATION
        values = {
            "credit_code": names.credit_code(FIRST_NUMBER + number, employer.prefix), "name": employer.name, "street": place,
            "address": maker.address(place), "industry": str(employer.industry.label), "registration": str(employer.nature.label),
            "headcount": random.choice((8, 15, 26, 40, 64, 130, 220)), "kind": kind, "state": RemittanceMatch.UNMATCHED,
        }  # fmt: skip
        found.append((union, values))
    return found


def _quarter(random: Random, union: Union, values: dict, period: Period) -> Remittance:
    payroll = (Decimal(max(values["headcount"], 1)) * 3 * random.randint(6200, 14800)).quantize(CENT)
    payable = (payroll * 20 / 1000).quantize(CENT, ROUND_HALF_UP)
    share = random.choices(PAID, (88, 8, 4))[0]
    return Remittance(
        union=union, period=period.code, due_on=due_day(period), payroll=payroll, payable=payable,
        paid=(payable * share).quantize(CENT, ROUND_HALF_UP), approved_on=due_day(period) - timedelta(days=random.randint(1, 8)), **values,
    )  # fmt: skip
