"""经费收缴率: what was paid of what was payable, by quarter and middle-tier union, and how a payment is split by tier."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from disclosure.models import Remittance
from disclosure.remittances import SEE
from unions.enums import Tier
from unions.kit.links import link
from unions.kit.periods import Period
from unions.kit.workbooks import Out, write_table
from unions.models import Union, User
from unions.settingbook import setting

SHOWN, CENT = 12, Decimal("0.01")
LIST = "disclosure:remittance-list"
TIERS = (
    ("union", _("Grassroots union")), ("middle", _("Street, area, zone or industry union")), ("district", _("District")), ("city", _("City")),
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    label: str
    percent: int
    amount: Decimal


def split(amount: Decimal, day: date) -> list[Part]:
    """A payment by tier, by the shares that hold on a day. What is left of it is the national federation's, so that the parts
    are the whole to the cent."""
    parts = []
    for key, label in TIERS:
        percent = setting(f"remittance-share-{key}", day)
        parts.append(Part(label, percent, (amount * percent / 100).quantize(CENT, ROUND_HALF_UP)))
    rest = Part(
        _("National federation"), 100 - sum(part.percent for part in parts), amount - sum(p.amount for p in parts)
    )
    return [*parts, rest]


def place_of(union: Union) -> dict[str, int]:
    """The rows below a union, as a filter."""
    if union.tier is Tier.DISTRICT:
        return {}
    return {"middle" if union.tier is Tier.MIDDLE else "union": union.pk}


def shown_place(union: Union, user: User) -> dict[str, int]:
    """The same as a query of the list, where whoever sees one street alone has no street to choose."""
    return place_of(union) if union.tier is Tier.GRASSROOTS or user.scope(SEE).everything else {}


@dataclass(frozen=True)
class Sums:
    """What so many employers owed and paid, with the way to them."""

    count: int
    payable: Decimal
    paid: Decimal
    arrears: Decimal
    late_fee: Decimal
    place: dict = field(default_factory=dict)
    label: str = ""

    @classmethod
    def of(cls, row: dict, place: dict, label: str = "") -> "Sums":
        return cls(row["count"], row["payable_sum"], row["paid_sum"], row["arrears_sum"], row["late_fee_sum"], place, label)  # fmt: skip

    @property
    def share(self) -> Decimal:
        return self.paid / self.payable if self.payable else Decimal(0)

    @property
    def all(self) -> str:
        return link(LIST, **self.place)

    @property
    def owing(self) -> str:
        return link(LIST, **self.place, owing=1)


def rows_of(user: User, today: date, **place):
    return Remittance.objects.visible_to(user, SEE).filter(**place).with_arrears(today)


def newest_quarter(user: User, **place) -> str:
    """The last quarter of which anything was brought."""
    rows = Remittance.objects.visible_to(user, SEE).filter(**place).order_by("-period")
    return rows.values_list("period", flat=True).first() or ""


def quarters_of(union: Union, user: User, today: date) -> list[Sums]:
    """A union's last quarters, the newest first."""
    rows = rows_of(user, today, **place_of(union)).sums_by("period").order_by("-period")[:SHOWN]
    place = shown_place(union, user)
    return [Sums.of(row, {**place, "period": row["period"]}, Period.parse(row["period"]).label) for row in rows]


@dataclass
class Rates:
    """One quarter by middle-tier union, the lowest rate first; what nobody has claimed last."""

    user: User
    period: str
    today: date
    lines: list[Sums] = field(init=False)

    def __post_init__(self):
        rows = list(rows_of(self.user, self.today, period=self.period).sums_by("middle"))
        names = dict(Union.objects.filter(pk__in=[row["middle"] for row in rows]).values_list("pk", "name"))
        narrow = self.user.scope(SEE).everything
        lines = []
        for row in rows:
            here = {"middle": row["middle"]} if row["middle"] else {"figure": "pool"}
            place = {"period": self.period, **(here if narrow else {})}
            lines.append(
                (row["middle"] is None, Sums.of(row, place, names.get(row["middle"]) or _("District's pool")))
            )
        self.lines = [line for _last, line in sorted(lines, key=lambda each: (each[0], each[1].share))]

    @property
    def total(self) -> Sums:
        figures = ("count", "payable", "paid", "arrears", "late_fee")
        return Sums(*(sum(getattr(line, name) for line in self.lines) for name in figures), {"period": self.period})

    def workbook(self, title: str) -> bytes:
        """The lines as they stand on the page."""
        heads = [
            Out(str(_("Street or industry")), width=30), Out(str(_("Employers")), "int", 12), Out(str(_("Payable (yuan)")), "money", 18),
            Out(str(_("Paid (yuan)")), "money", 18), Out(str(_("Arrears (yuan)")), "money", 18), Out(str(_("Late fee so far (yuan)")), "money", 18),
        ]  # fmt: skip
        columns = [*heads, Out(str(_("Share paid")), "percent", 12)]
        rows = (
            [str(line.label), line.count, line.payable, line.paid, line.arrears, line.late_fee, line.share]
            for line in self.lines
        )
        lead = [str(_("%(period)s, as of %(day)s.")) % {"period": Period.parse(self.period).label, "day": self.today}]
        with write_table(rows, columns, sheet=title, title=title, lead=lead) as file:
            return file.read()
