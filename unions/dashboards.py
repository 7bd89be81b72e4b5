"""What a union's page shows, out of rows of totals and frozen duties: nothing here walks the tree or reads returns.

Rates are those of `Rates`, always with numerator and denominator; every number names the list that holds its rows.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, Q, Subquery, Window
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from unions.duty_year import Square, year_of_duties
from unions.enums import DutyState, Rhythm, Tier, Timeliness
from unions.kit.links import addresses, link
from unions.kit.pagination import ListPaginator
from unions.kit.periods import Period, months_before
from unions.kit.registry import Registry, union_cards, union_tabs
from unions.models import Duty, DutyQuerySet, DutyRule, DutyTotal, Reminder, Union, User
from unions.models.duty import Rates
from unions.models.union import term_ended
from unions.permissions import Permission

WINDOW = 8  # periods side by side in a heat table
LATE_SHOWN = 6
UNITS_PER_PAGE = 20

ACCEPTED, SUBMITTED = "accepted", "submitted"
BASES = {ACCEPTED: gettext_lazy("Accepted only"), SUBMITTED: gettext_lazy("All submitted")}
SORTS = {
    "name": pgettext_lazy("of a union", "Name"),
    "rate": gettext_lazy("Completion"),
    "members": gettext_lazy("Members"),
}


def short_name(name: str) -> str:
    """A union's name as a narrow column can hold it: 望京街道 for 望京街道总工会."""
    for ending in ("总工会", "工会委员会", "基层工会"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


def share(numerator: int, denominator: int) -> float | None:
    return numerator / denominator if denominator else None


class Cell(NamedTuple):
    """One union and period in a heat table: a share with its parts, or a word with its tone; and where its rows are."""

    href: str = ""
    title: str = ""
    shade: int = 0
    text: str = "–"
    is_old: bool = False  # left out on a phone
    share: float | None = None


@dataclass
class Row:
    """A subordinate with its cells, oldest period first."""

    pk: int
    name: str
    full_name: str
    members: int
    done: int  # in the chosen period; of a grassroots union, in the whole window
    expected: int
    done_href: str = ""
    expected_href: str = ""
    order: str = ""
    href: str = ""
    cells: list[Cell] = field(default_factory=list)

    @property
    def rate(self) -> float | None:
        return share(self.done, self.expected)


LIMITS = (0.75, 0.85, 0.92, 0.97)


def shade_of(rate: float | None) -> int:
    """Five shades, the limits of the legend."""
    if rate is None:
        return 0
    return 1 + bisect_right(LIMITS, rate)


def whole_percent(rate: float) -> str:
    """A whole number that says 100 only where nothing is missing."""
    return str(min(round(rate * 100), 100 if rate >= 1 else 99))


LEGEND = [(1, "<75"), (2, "75–85"), (3, "85–92"), (4, "92–97"), (5, "≥97")]


def state_word(duty: Any, today: date) -> tuple[str, int]:
    """How one duty stands, in one or two characters, and its shade."""
    if duty.state == DutyState.WAIVED:
        return pgettext("heat table", "exempt"), 0
    if duty.state == DutyState.RETURNED:
        return pgettext("heat table", "back"), 2
    if duty.timeliness == Timeliness.NONE:
        return (pgettext("heat table", "missing"), 1) if duty.last_day < today else (pgettext("heat table", "open"), 0)
    if duty.timeliness == Timeliness.LATE:
        return pgettext("heat table", "late"), 2
    if duty.state == DutyState.SUBMITTED:
        return pgettext("heat table", "waits"), 3
    if duty.timeliness == Timeliness.EXTENDED:
        return pgettext("heat table", "ext."), 4
    return pgettext("heat table", "on time"), 5


def word_legend() -> list[tuple[int, str]]:
    """What the words of `state_word` stand for."""
    words = [
        (5, pgettext("heat table", "on time"), _("accepted, on time")),
        (4, pgettext("heat table", "ext."), _("accepted, within the extension")),
        (3, pgettext("heat table", "waits"), _("to be reviewed")),
        (2, pgettext("heat table", "late"), _("submitted late")),
        (2, pgettext("heat table", "back"), _("returned for correction")),
        (1, pgettext("heat table", "missing"), _("due and not submitted")),
    ]
    return [(shade, word if word == meaning else f"{word}：{meaning}") for shade, word, meaning in words]


@dataclass
class Board:
    """One union's page as somebody asked for it: which duty, which period, and what counts."""

    user: User
    union: Union
    query: QueryDict
    memo: dict = field(default_factory=dict)  # what upper floors read for the page, so that two cards ask once

    @cached_property
    def shows_duties(self) -> bool:
        return self.user.has_perm(Permission.DUTY_VIEW, self.union)

    @cached_property
    def all_rules(self) -> list[DutyRule]:
        return list(DutyRule.objects.filter(is_active=True)) if self.shows_duties else []

    @cached_property
    def rules(self) -> list[DutyRule]:
        """What can be looked at: what the unions below must do; for a grassroots union, what it must do itself. What
        comes at each union's own time has no column of a period."""
        grassroots = {str(kind) for kind in Tier.GRASSROOTS.kinds}
        rules = [rule for rule in self.all_rules if rule.rhythm != Rhythm.OWN]
        rules.sort(key=lambda rule: (not grassroots & set(rule.kinds), rule.rhythm != Rhythm.QUARTER, rule.key))
        if self.is_leaf:
            return [rule for rule in rules if self.union.kind in rule.kinds]
        return rules if self.is_district else [r for r in rules if grassroots & set(r.kinds)]

    @cached_property
    def rule(self) -> DutyRule | None:
        asked = self.query.get("rule")
        return next((rule for rule in self.rules if rule.key == asked), self.rules[0] if self.rules else None)

    @cached_property
    def basis(self) -> str:
        asked = self.query.get("basis")
        return asked if asked in BASES else ACCEPTED

    @cached_property
    def is_leaf(self) -> bool:
        return self.union.tier is Tier.GRASSROOTS

    @cached_property
    def is_district(self) -> bool:
        return self.union.tier is Tier.DISTRICT

    @cached_property
    def history(self) -> dict[str, Rates]:
        """Period → rates of the union's area (its own record, for a grassroots union), newest first."""
        if self.rule is None:
            return {}
        if self.is_leaf:
            return {duty.period: rates_of(duty) for duty in self.own_duties if duty.rule_id == self.rule.pk}
        totals = DutyTotal.objects.visible_to(self.user, Permission.DUTY_VIEW).filter(union=self.union, rule=self.rule)
        return {
            period: Rates(**dict(zip(DutyTotal.COUNTS, counts, strict=True)))
            for period, *counts in totals.order_by("-period").values_list("period", *DutyTotal.COUNTS)
        }

    @cached_property
    def own_duties(self) -> list[Duty]:
        """Everything a grassroots union was ever asked for, newest first: four rows a year and rule."""
        return list(self.duties.filter(union=self.union).order_by("-period"))

    @cached_property
    def duties(self) -> DutyQuerySet:
        return Duty.objects.visible_to(self.user, Permission.DUTY_VIEW)

    @cached_property
    def period(self) -> Period:
        """The one asked for, else the newest that has opened."""
        asked = self.query.get("period", "").upper()
        if asked in self.history:
            return Period.parse(asked)
        newest = next(iter(self.history), None)
        if newest:
            return Period.parse(newest)
        today = timezone.localdate()
        return self.rule.current_period(today) if self.rule else Period.quarter_of(today).previous()

    @cached_property
    def window(self) -> list[Period]:
        return self.period.last(WINDOW)

    @cached_property
    def rates(self) -> Rates:
        return self.history.get(self.period.code, Rates())

    @property
    def done(self) -> int:
        return getattr(self.rates, self.basis)

    @property
    def rate(self) -> float | None:
        return share(self.done, self.rates.expected)

    def is_old(self, index: int) -> bool:
        return index < WINDOW // 2

    # Where the rows behind a number are

    def duty_link(self, figure: str = "", period: Period | None = None, **more) -> str:
        place = {} if self.is_district else self.place
        code = (period or self.period).code
        return link("unions:duty-list", rule=self.rule.key, period=code, figure=figure, **{**place, **more})

    @property
    def place(self) -> dict:
        return {"union": self.union.pk} if self.is_leaf else {"middle": self.union.pk}

    def union_link(self, **more) -> str:
        return link("unions:union-list", below=self.union.pk, **more)

    @cached_property
    def links(self) -> dict[str, str]:
        """Where the rows behind each count of the chosen period are."""
        if self.rule is None:
            return {}
        figures = ("expected", "submitted", "accepted", "on_time", "returned", "waived", "missing", "overdue")
        links = {figure: self.duty_link(figure) for figure in figures}
        return {**links, "done": links[self.basis]}

    # Key figures

    @property
    def missing(self) -> int:
        return self.rates.expected - self.rates.submitted

    @cached_property
    def punctual(self) -> dict | None:
        """A grassroots union's own record over the window: how often it was asked and how often it was on time."""
        asked = [self.history[code] for code in self.codes if code in self.history]
        expected, on_time = sum(each.expected for each in asked), sum(each.on_time for each in asked)
        every = link("unions:duty-list", rule=self.rule.key, union=self.union.pk) if self.rule else ""
        return {"on_time": on_time, "expected": expected, "rate": share(on_time, expected), "href": every}

    @cached_property
    def own(self) -> Duty | None:
        """The union's own duty of the chosen period."""
        return next((duty for duty in self.record if duty.period == self.period.code), None)

    @cached_property
    def year(self) -> list[Square]:
        duties = self.own_duties if self.is_leaf else None
        return year_of_duties(self.user, self.union, self.period.year, self.all_rules, duties)

    @cached_property
    def overdue_terms(self) -> dict[str, int]:
        """Unions of the area whose term has ended without an election, and for more than half a year."""
        today = timezone.localdate()
        unions = Union.objects.visible_to(self.user, Permission.UNION_VIEW)
        if not self.is_district:
            unions = unions.below(self.union)
        return unions.active().aggregate(  # of a column of the index, so that it alone is read
            unions=Count("state"),
            overdue=Count("state", filter=term_ended(today)),
            half_year=Count("state", filter=term_ended(months_before(today, 6))),
        )

    @property
    def union_list(self) -> str:
        return self.union_link()

    @property
    def overdue_terms_links(self) -> dict[str, str]:
        return {"overdue": self.union_link(term=1), "half_year": self.union_link(term="half")}

    @property
    def membership(self) -> float | None:
        return share(self.union.members, self.union.workers)

    @property
    def title(self) -> str:
        return self.rule.titled(self.period)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What another choice on the page must carry along."""
        return [(name, self.query[name]) for name in ("rule", "period", "basis", "sort") if self.query.get(name)]

    @property
    def record(self) -> list[Duty]:
        """A grassroots union's own duties of the window, newest first."""
        return [duty for duty in self.own_duties if duty.rule_id == self.rule.pk and duty.period in self.codes]

    # Who is late

    @cached_property
    def overdue(self):
        """Duties of the chosen period whose last day has passed: not submitted, or returned and not corrected."""
        if self.rule is None:
            return self.duties.none()
        found = self.duties.overdue().filter(rule=self.rule, period=self.period.code)
        return found if self.is_district else found.filter(middle=self.union)

    @cached_property
    def late(self) -> list[Duty]:
        """The longest overdue, large unions first, with the reminders they have had."""
        return longest_overdue(self.overdue, LATE_SHOWN)

    @property
    def late_count(self) -> int:
        return self.late[0].overdue_count if self.late else 0

    # Subordinates

    @cached_property
    def has_below(self) -> bool:
        """A federation of grassroots unions has subordinates too, though its rates are its own."""
        return self.rule is not None and (not self.is_leaf or self.union.children.exists())

    @property
    def rows(self) -> list["Row"]:
        return self.middle_rows if self.is_district else self.unit_page.object_list

    @property
    def row_count(self) -> int:
        if self.rule is None:
            return 0
        return len(self.middle_rows) if self.is_district else self.unit_page.paginator.count

    @cached_property
    def is_tall(self) -> bool:
        """Whether the subordinates fill the page, so that the figures stand beside them and not below."""
        return self.is_district and self.row_count > UNITS_PER_PAGE

    @property
    def legend(self) -> list[tuple[int, str]]:
        return LEGEND if self.is_district else word_legend()

    @property
    def sort(self) -> str:
        asked = self.query.get("sort")
        return asked if asked in SORTS else ("name" if self.union.tier is Tier.MIDDLE else "members")

    @cached_property
    def middle_rows(self) -> list[Row]:
        """Each middle-tier union × period, out of rows of totals."""
        totals = (
            DutyTotal.objects.visible_to(self.user, Permission.DUTY_VIEW)
            .filter(rule=self.rule, period__in=self.codes, middle__isnull=False)
            .order_by()
            .values_list(
                "union_id", "union__name", "union__pinyin", "period", "expected", self.basis, "members_expected"
            )
        )
        known: dict[tuple[int, str, str], dict[str, tuple[int, int, int]]] = {}
        for pk, name, pinyin, period, expected, done, members in totals:
            known.setdefault((pk, name, pinyin), {})[period] = (done, expected, members)
        base, address = link("unions:duty-list", rule=self.rule.key), addresses("unions:union")
        rows = [self._middle_row(base, counts, *union, address(union[0])) for union, counts in known.items()]
        keys = {
            "name": lambda row: row.order,
            "rate": lambda row: (row.rate is None, row.rate or 0, row.order),  # who lags comes first
            "members": lambda row: (-row.members, row.order),
        }
        return sorted(rows, key=keys[self.sort])

    def _middle_row(self, base: str, known: dict, pk: int, name: str, pinyin: str, href: str) -> Row:
        done, expected, members = known.get(self.period.code, (0, 0, 0))
        here = f"{base}&middle={pk}&period={self.period.code}"
        row = Row(
            pk, short_name(name), name, members, done, expected, f"{here}&figure={self.basis}", f"{here}&figure=expected",
            order=pinyin, href=href,
        )  # fmt: skip
        for index, code in enumerate(self.codes):
            done, expected, _members = known.get(code, (0, 0, 0))
            rate = share(done, expected)
            if rate is None:
                row.cells.append(Cell(is_old=self.is_old(index)))
                continue
            row.cells.append(
                Cell(
                    f"{base}&middle={pk}&period={code}&figure=expected", f"{done}/{expected}", shade_of(rate),
                    whole_percent(rate), self.is_old(index), rate,
                )
            )  # fmt: skip
        return row

    @cached_property
    def total_cells(self) -> list[Cell]:
        """The last line of the table: the union's own row of totals, which is the sum of the lines above."""
        cells = []
        for index, period in enumerate(self.window):
            rates = self.history.get(period.code, Rates())
            done = getattr(rates, self.basis)
            rate = share(done, rates.expected)
            href = self.duty_link("expected", period) if rate is not None else ""
            text = "–" if rate is None else whole_percent(rate)
            cells.append(Cell(href, f"{done}/{rates.expected}", shade_of(rate), text, self.is_old(index), rate))
        return cells

    @cached_property
    def unit_page(self):
        """A page of the grassroots unions below, each with its duties of the window."""
        page = ListPaginator(self._units(), UNITS_PER_PAGE).get_page(self.query.get("page"))
        page.object_list = self._unit_rows(page.object_list)
        return page

    @cached_property
    def unit_rows(self) -> list[Row]:
        """All of them, for the workbook."""
        return self._unit_rows(self._units())

    @cached_property
    def codes(self) -> list[str]:
        return [period.code for period in self.window]

    def _units(self) -> list[tuple[int, str, int]]:
        """Id, name and members of the unions that had duties here in the window, in the order asked for: exactly
        those whose rows make up the totals. A few hundred, sorted here: the planner would walk all names instead."""
        place = {"union__parent": self.union} if self.is_leaf else {"middle": self.union}
        below = self.duties.filter(**place, rule=self.rule, period__in=self.codes).order_by()
        is_done = Q(state=DutyState.FULFILLED) if self.basis == ACCEPTED else ~Q(timeliness=Timeliness.NONE)
        done = dict(below.values("union").annotate(n=Count("pk", filter=is_done)).values_list("union", "n"))
        unions = Union.objects.filter(pk__in=done).order_by().values_list("pk", "name", "members", "pinyin")
        keys = {
            "name": lambda union: (union[3], union[0]),
            "rate": lambda union: (done[union[0]], union[3], union[0]),
            "members": lambda union: (-union[2], union[3], union[0]),
        }
        return [union[:3] for union in sorted(unions, key=keys[self.sort])]

    def _unit_rows(self, unions: list[tuple[int, str, int]]) -> list[Row]:
        page, cell = addresses("unions:union"), self._unit_cells()
        duties: dict[int, dict[str, Any]] = {}
        shown = self.duties.filter(
            union__in=[pk for pk, _name, _members in unions], rule=self.rule, period__in=self.codes
        ).order_by()
        for duty in shown.values_list("union_id", "pk", "period", "state", "timeliness", "last_day", named=True):
            duties.setdefault(duty.union_id, {})[duty.period] = duty
        rows = []
        for pk, name, members in unions:
            known = duties.get(pk, {})
            counted = [duty for duty in known.values() if duty.state != DutyState.WAIVED]
            done = sum(
                duty.state == DutyState.FULFILLED if self.basis == ACCEPTED else duty.timeliness != Timeliness.NONE
                for duty in counted
            )
            row = Row(pk, short_name(name), name, members, done, len(counted), href=page(pk))
            row.cells = [cell(known.get(code), self.is_old(n)) for n, code in enumerate(self.codes)]
            rows.append(row)
        return rows

    def _unit_cells(self) -> Callable[[Any, bool], Cell]:
        """Makes the cells of a page, of which most say one of a few words."""
        record, today = addresses("unions:duty"), timezone.localdate()
        words: dict[tuple[str, str, bool], tuple[str, int, str]] = {}

        def cell(duty, is_old: bool) -> Cell:
            if duty is None:
                return Cell(is_old=is_old)
            key = (duty.state, duty.timeliness, duty.last_day < today)
            if key not in words:
                words[key] = (*state_word(duty, today), str(DutyState(duty.state).label))
            word, shade, title = words[key]
            return Cell(record(duty.pk), title, shade, word, is_old)

        return cell


def longest_overdue(overdue: DutyQuerySet, shown: int) -> list[Duty]:
    """The first few of overdue duties, longest first, large unions before small; each knows how many there are
    (`overdue_count`) and how often it was reminded. Their order and number are read from the index that holds both;
    names and reminders are looked up for the few alone."""
    order = ("last_day", "-members", "pk")
    found = overdue.order_by(*order).annotate(n=Window(Count("*"))).values_list("pk", "n")[:shown]
    counts: dict[int, int] = dict(found)
    if not counts:
        return []
    taken = Reminder.objects.filter(duty=OuterRef("pk"), is_skipped=False).order_by().values("duty")
    duties = Duty.objects.filter(pk__in=counts).annotate(
        reminded=Coalesce(Subquery(taken.annotate(n=Count("pk")).values("n")), 0)
    )
    named = ("state", "last_day", "members", "union__name", "middle__name")
    late = list(duties.select_related("union", "middle").only(*named).order_by(*order))
    for duty in late:
        duty.overdue_count = counts[duty.pk]
    return late


def rates_of(duty: Duty) -> Rates:
    """One union's record as rates: of one duty."""
    live = duty.state != DutyState.WAIVED
    filed = live and duty.timeliness != Timeliness.NONE
    accepted = duty.state == DutyState.FULFILLED
    return Rates(
        expected=int(live),
        submitted=int(filed),
        on_time=int(live and duty.timeliness == Timeliness.ON_TIME),
        extended=int(live and duty.timeliness == Timeliness.EXTENDED),
        accepted=int(accepted),
        returned=int(filed and duty.return_count > 0),
        waived=int(not live),
    )


def tabs_of(user: User, union: Union) -> list[tuple[str, str]]:
    """The tabs of a union's page beside the first (key, label): those with a card that this person may see."""
    open_to = {card.tab for card in union_cards if card.tab and user.has_perm(card.permission, union)}
    return [(key, label) for key, label in union_tabs if key in open_to]


def cards_of(registry: Registry, page, user: User, union: Union | None = None, tab: str = "") -> dict[str, list[dict]]:
    """The registered cards of a tab that have something to show to this person, by column."""
    shown: dict[str, list[dict]] = {}
    for card in sorted(registry, key=lambda card: card.order):
        if card.tab != tab or not user.has_perm(card.permission, union):
            continue
        context = card.context(page)
        if context is not None:
            shown.setdefault(card.column, []).append({"template": card.template, **context})
    return shown
