"""Full coverage (全覆盖审计): how many unions were audited within the cycle, by street and tier, out of how many."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _

from disclosure.fund_audit_lists import STANDINGS, counted_unions
from unions.enums import Tier
from unions.kit.links import link
from unions.kit.workbooks import Out, write_table
from unions.models import Union, UnionQuerySet, User
from unions.settingbook import setting

COUNTED = ("covered", "due", "never", "lapsed", "soon")


def counts_of(unions: UnionQuerySet, today: date) -> dict[str, int]:
    """Of these unions: all, and those in each standing."""
    return unions.order_by().aggregate(**_numbers(today))


def _numbers(today: date) -> dict[str, Count]:
    rules = {name: Count("pk", filter=STANDINGS[name][1](today)) for name in COUNTED}
    return {"all": Count("pk"), **rules}


def links_of(**place) -> dict[str, str]:
    """The rows behind each number."""
    links = {name: link("disclosure:fund-audit-unions", **place, standing=name) for name in COUNTED}
    return {**links, "all": link("disclosure:fund-audit-unions", **place)}


@dataclass
class Line:
    """The unions of one tier, or those below one street."""

    name: str
    counts: dict[str, int]
    place: dict

    @property
    def links(self) -> dict[str, str]:
        return links_of(**self.place)

    @property
    def share(self) -> float:
        return self.counts["covered"] / self.counts["all"] if self.counts["all"] else 0


@dataclass
class Coverage:
    """What one person sees of it today; two queries and the names."""

    user: User
    today: date
    lines: list[Line] = field(init=False)

    def __post_init__(self):
        self.unions = counted_unions(self.user)
        self.cycle = setting("fund-audit-cycle-years")
        upper = counts_of(self.unions.of_tier(Tier.MIDDLE), self.today)
        self.lines = [Line(_("Middle tier"), upper, {"tier": int(Tier.MIDDLE)})] if upper["all"] else []
        self.lines += sorted(self._below(), key=lambda line: (line.share, line.name))

    def _below(self) -> list[Line]:
        rows = self.unions.of_tier(Tier.GRASSROOTS).order_by().values("middle").annotate(**_numbers(self.today))
        rows = list(rows)
        names = dict(Union.objects.filter(pk__in=[row["middle"] for row in rows]).values_list("pk", "name"))
        return [
            Line(
                names.get(row["middle"], ""), {name: row[name] for name in ("all", *COUNTED)},
                {"tier": int(Tier.GRASSROOTS), "middle": row["middle"]},
            )
            for row in rows
        ]  # fmt: skip

    @property
    def counts(self) -> dict[str, int]:
        return {name: sum(line.counts[name] for line in self.lines) for name in ("all", *COUNTED)}

    @property
    def links(self) -> dict[str, str]:
        return links_of()

    def workbook(self, title: str) -> bytes:
        """The lines as they stand on the page."""
        heads = [
            Out(_("Street or industry"), width=30),
            Out(_("Unions"), "int", 12),
            Out(_("Audited within the cycle"), "int", 18),
        ]
        columns = [*heads, Out(_("Never audited"), "int", 14), Out(_("Audited, longer ago than the cycle"), "int", 22)]
        rows = (
            [line.name, *(line.counts[name] for name in ("all", "covered", "never", "lapsed"))] for line in self.lines
        )
        lead = [_("Cycle of %(years)d years, as of %(day)s.") % {"years": self.cycle, "day": self.today}]
        with write_table(rows, columns, sheet=title, title=title, lead=lead) as file:
            return file.read()
