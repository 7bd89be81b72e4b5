"""One union's annual reports side by side: accounts, promises, satisfaction and members, year by year."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from disclosure.annual_lists import with_hearing
from disclosure.enums import AccountSide, FormKind, PromiseOutcome
from disclosure.models import AnnualReport, Return, Total
from unions.enums import Tier
from unions.models import Union, User
from unions.permissions import Permission

YEARS = 6


@dataclass(frozen=True)
class Column:
    """What one year's report comes to; of its promises those that the next one has accounted for."""

    report: AnnualReport
    members: int | None
    income: Decimal
    expense: Decimal
    balance: Decimal
    promised: int
    kept: int


def columns_of(union: Union, user: User) -> list[Column]:
    """The last reports that this person sees, the oldest first; four queries whatever their number."""
    seen = with_hearing(AnnualReport.objects.visible_to(user, Permission.RETURN_VIEW).filter(union=union))
    counted = seen.annotate(
        promised=Count("promises", filter=~Q(promises__outcome="")),
        kept=Count("promises", filter=Q(promises__outcome=PromiseOutcome.KEPT)),
    )
    reports = list(
        counted.select_related("sheet", "meeting").prefetch_related("sheet__heads").order_by("-year")[:YEARS]
    )
    members = _members(union)
    return [
        Column(
            report, members.get(report.year), report.sum_of(AccountSide.INCOME), report.sum_of(AccountSide.EXPENSE),
            report.balance, report.promised, report.kept,
        )
        for report in reversed(reports)
    ]  # fmt: skip


def _members(union: Union) -> dict[int, int]:
    """Year → members at the end of its last accepted quarter; above the grassroots, the totals below."""
    if union.tier is Tier.GRASSROOTS:
        rows = Return.objects.accepted().filter(union=union, version__form__kind=FormKind.FILED)
    else:
        rows = Total.objects.filter(union=union, form__kind=FormKind.FILED)
    return {
        int(period[:4]): int(members)
        for period, members in rows.order_by("period").values_list("period", "figures__members")
        if members not in (None, "")
    }


def series(columns: list[Column], *names: str) -> list[tuple[str, list[Decimal | int | None]]]:
    """Rows of the comparison, year by year, as a chart draws them."""
    return [(str(one.report.year), [getattr(one, name) for name in names]) for one in columns]
