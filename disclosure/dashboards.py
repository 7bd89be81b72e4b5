"""What returns bring to the workbench and to a union's page: reviews to do, figures of the period and their trend.

Figures of the middle tier and the district are read from rows of totals; a grassroots union's from its own returns.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Case, Count, DecimalField, F, Min, Q, Sum, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from disclosure.annual_seeds import RULE
from disclosure.definition import Definition, definition_of
from disclosure.duty_seeds import ANNUAL_SET, AUDIT_PLAN, BUDGET, CATALOGUE
from disclosure.enums import FigureType, ReturnState
from disclosure.fund_audit_lists import counted_unions, is_covered
from disclosure.models import Form, FormVersion, Indicator, Return, Section, Total
from unions.dashboards import SUBMITTED, Board, share
from unions.kit.links import link
from unions.kit.periods import Period
from unions.kit.registry import Card, union_cards
from unions.kit.workbooks import Out
from unions.models import DutyTotal
from unions.permissions import Permission
from unions.templatetags.components import month_day
from unions.workbench import Todo, Workbench, todos

TREND = 12  # periods
MEMBERS, WORKERS = "members", "workers"
RATED = (BUDGET, CATALOGUE, ANNUAL_SET, AUDIT_PLAN, RULE)  # tasks


def number_of(value) -> Decimal | None:
    """A figure as it is stored (number, or money as text) as a number."""
    return None if value in (None, "") else Decimal(str(value))


@dataclass(frozen=True)
class Line:
    """One figure of the period beside that of the period before."""

    indicator: Indicator
    value: Decimal | None
    last: Decimal | None


@dataclass
class Figures:
    """The figures behind one union's page: of its own returns, or of all that is accepted below it."""

    board: Board
    form: Form
    definition: Definition

    @classmethod
    def of(cls, board: Board) -> "Figures | None":
        """Read once for all cards of a page; None where the page's duty is not a form or has no figures to add."""
        if "figures" not in board.memo:
            board.memo["figures"] = cls._read(board)
        return board.memo["figures"]

    @classmethod
    def _read(cls, board: Board) -> "Figures | None":
        if board.rule is None:
            return None
        versions = FormVersion.objects.in_force(board.period).filter(form__rule=board.rule)
        version = versions.select_related("form").first()
        return cls(board, version.form, definition_of(version)) if version else None

    @cached_property
    def periods(self) -> list[Period]:
        return self.board.period.last(TREND)

    @cached_property
    def by_period(self) -> dict[str, dict[str, Decimal | None]]:
        """Period → code → figure, for the periods of which there is anything."""
        codes = [period.code for period in self.periods]
        if self.board.is_leaf:
            states = [ReturnState.ACCEPTED, ReturnState.SUBMITTED]
            filed = (
                Return.objects.visible_to(self.board.user, Permission.RETURN_VIEW)
                .filter(union=self.board.union, version__form=self.form, period__in=codes, state__in=states)
                .order_by()
            )
            return {period: _numbers(figures) for period, figures in filed.values_list("period", "figures")}
        totals = (
            Total.objects.visible_to(self.board.user, Permission.RETURN_VIEW)
            .filter(union=self.board.union, form=self.form, period__in=codes, count__gt=0)
            .order_by()
        )
        found = {period: _numbers(figures) for period, figures in totals.values_list("period", "figures")}
        return self._with_waiting(found, codes) if self.board.basis == SUBMITTED else found

    def _with_waiting(self, found: dict, codes: list[str]) -> dict:
        """Accepted figures and, on top, those that wait for review."""
        waiting = (
            Return.objects.visible_to(self.board.user, Permission.RETURN_VIEW)
            .filter(version__form=self.form, period__in=codes, state=ReturnState.SUBMITTED)
            .order_by()
        )
        if not self.board.is_district:
            waiting = waiting.filter(middle=self.board.union)
        sums = {f"sum_{i.code}": Sum(_stored(i.code)) for i in self.definition.adding}
        for row in waiting.values("period").annotate(**sums):
            known = found.setdefault(row["period"], {})
            for indicator in self.definition.adding:
                if (value := row[f"sum_{indicator.code}"]) is not None:
                    known[indicator.code] = (known.get(indicator.code) or 0) + value
        return found

    def figure(self, code: str, period: Period) -> Decimal | None:
        return self.by_period.get(period.code, {}).get(code)

    # The trend of one figure

    @cached_property
    def choices(self) -> list[Indicator]:
        return [i for i in self.definition.indicators.values() if i.type != FigureType.TEXT]

    @cached_property
    def chosen(self) -> Indicator:
        asked = self.board.query.get("trend", MEMBERS)
        known = {indicator.code: indicator for indicator in self.choices}
        return known.get(asked) or known.get(MEMBERS) or self.choices[0]

    @cached_property
    def another(self) -> str:
        """This page with another figure's trend: its code follows."""
        query = self.board.query.copy()
        for name in ("trend", "page"):
            query.pop(name, None)
        return f"?{query.urlencode()}&trend=" if query else "?trend="

    @property
    def points(self) -> list[tuple[str, Decimal | None]]:
        return [(period.short, self.figure(self.chosen.code, period)) for period in self.periods]

    # The figures of the period

    @property
    def sections(self) -> list[tuple[Section, list[Line]]]:
        now, before = self.board.period, self.board.period.previous()
        return [
            (
                section,
                [
                    Line(i, self.figure(i.code, now), self.figure(i.code, before))
                    for i in indicators
                    if i.type != FigureType.TEXT
                ],
            )
            for section, indicators in self.definition.sections
        ]

    @property
    def has_any(self) -> bool:
        return self.board.period.code in self.by_period


def _numbers(figures: dict) -> dict[str, Decimal | None]:
    numbers = {}
    for code, value in figures.items():
        try:
            numbers[code] = number_of(value)
        except ArithmeticError:  # a text figure
            continue
    return numbers


def _stored(code: str) -> Cast:
    """A figure of a stored return as a number, for the database to add."""
    return Cast(NullIf(KeyTextTransform(code, "figures"), Value("")), DecimalField(max_digits=20, decimal_places=2))


def trend_card(board: Board) -> dict | None:
    figures = Figures.of(board)
    return {"figures": figures} if figures and figures.by_period else None


def figures_card(board: Board) -> dict | None:
    """Below the subordinates; where these fill the page (a district), at their side and narrower."""
    figures = Figures.of(board)
    return {"figures": figures} if figures and not board.is_tall else None


def side_figures_card(board: Board) -> dict | None:
    figures = Figures.of(board)
    return {"figures": figures} if figures and board.is_tall else None


def membership_card(board: Board) -> dict | None:
    """The rate of membership by the returns of the period, with its parts and the change in points."""
    figures = Figures.of(board)
    if figures is None or board.is_leaf or not {MEMBERS, WORKERS} <= set(figures.definition.indicators):
        return None
    members, workers, rate = _membership(figures, board.period)
    before = _membership(figures, board.period.previous())[2]
    change = None if rate is None or before is None else round((rate - before) * 100, 1)
    return {"members": members, "workers": workers, "rate": rate, "change": change}


def _membership(figures: Figures, period: Period) -> tuple:
    members, workers = figures.figure(MEMBERS, period), figures.figure(WORKERS, period)
    return members, workers, share(members or 0, workers or 0)


def rates_card(board: Board) -> dict | None:
    """How far the duties of funds and disclosure are in their newest period, and the coverage by audits: two statements."""
    asked = {rule.pk: rule for rule in board.rules if rule.task in RATED}
    if board.is_leaf or not asked:
        return None
    totals = DutyTotal.objects.visible_to(board.user, Permission.DUTY_VIEW).filter(union=board.union, rule__in=asked)
    lines = []
    for total in totals.order_by("rule_id", "-period").distinct("rule_id"):
        rule, period = asked[total.rule_id], Period.parse(total.period)
        place = {"rule": rule.key, "period": total.period, **({} if board.is_district else board.place)}
        lines.append(
            {
                "title": rule.titled(period), "done": getattr(total.rates, board.basis), "expected": total.expected,
                "done_href": link("unions:duty-list", **place, figure=board.basis),
                "href": f"?rule={rule.key}&period={total.period}#subordinates",
            }
        )  # fmt: skip
    if board.user.has_perm(Permission.BULLETIN_VIEW, board.union):
        lines.append(_coverage(board))
    return {"lines": lines} if lines else None


def _coverage(board: Board) -> dict:
    today, place = timezone.localdate(), {} if board.is_district else board.place
    counts = counted_unions(board.user).filter(**place).order_by().aggregate(
        expected=Count("pk"), done=Count("pk", filter=is_covered(today))
    )  # fmt: skip
    shown = place if board.user.scope(Permission.BULLETIN_VIEW).everything else {}
    return {
        "title": _("Audited within the cycle"), **counts, "href": reverse("disclosure:fund-audit-coverage"),
        "done_href": link("disclosure:fund-audit-unions", **shown, standing="covered"),
    }  # fmt: skip


def rates_sheet(board: Board) -> tuple[str, list[Out], list[list]] | None:
    card = rates_card(board)
    if card is None:
        return None
    columns = [Out(_("Figure"), width=34), Out(_("Numerator"), "int", 12), Out(_("Denominator"), "int", 12)]
    return _("Funds and disclosure"), columns, [[one["title"], one["done"], one["expected"]] for one in card["lines"]]


def figures_sheet(board: Board) -> tuple[str, list[Out], list[list]] | None:
    """Every figure over the periods of the trend."""
    figures = Figures.of(board)
    if figures is None:
        return None
    columns = [Out(_("Figure"), width=34), Out(_("Unit"), width=8)]
    columns += [Out(period.short, "number", 14) for period in figures.periods]
    return (
        _("Figures"),
        columns,
        [
            [i.name, i.unit, *(figures.figure(i.code, period) for period in figures.periods)]
            for i in figures.choices
        ],
    )  # fmt: skip


def review_todos(bench: Workbench) -> Iterable[Todo]:
    """What waits for this reviewer: by union, form and period, corrected ones named apart."""
    if not bench.user.has_perm(Permission.RETURN_REVIEW):
        return
    waiting = (
        Return.objects.visible_to(bench.user, Permission.RETURN_REVIEW)
        .to_review()
        .order_by()
        # The reviewing union: the middle-tier union, or the district for what a middle-tier union files itself.
        .annotate(superior=Case(When(union=F("middle"), then=F("union__parent")), default=F("middle")))
        .values("version__form", "period", "superior")
        .annotate(count=Count("pk"), again=Count("pk", filter=Q(rounds__gt=1)), oldest=Min("submitted_at"))
    )
    rows = list(waiting)
    if not rows:
        return
    forms = {form.pk: form for form in Form.objects.select_related("rule")}
    unions = {union.pk: union for union in bench.unions}
    for row in rows:
        form, period = forms[row["version__form"]], Period.parse(row["period"])
        yield Todo(
            title=_("%(duty)s: review") % {"duty": form.rule.titled(period)},
            text=_waiting_text(row["again"], row["oldest"]),
            url=reverse("disclosure:review", args=[period.code]), action=_("Review them"), union=unions.get(row["superior"]), due=bench.today,
            tag=(ngettext("%(count)d return", "%(count)d returns", row["count"]) % {"count": row["count"]}, "info", "inbox"),
        )  # fmt: skip


def _waiting_text(again: int, oldest) -> str:
    words = [_("the oldest since %(day)s") % {"day": month_day(oldest)}]
    if again:
        words.insert(
            0, ngettext("%(count)d of them corrected", "%(count)d of them corrected", again) % {"count": again}
        )
    return pgettext("between clauses", ", ").join(words)


def register() -> None:
    """From DisclosureConfig.ready: the cards and the things to do that returns bring."""
    todos.add("returns.review", review_todos)
    view = Permission.RETURN_VIEW
    union_cards.add("returns.rate", Card("disclosure/cards/membership.html", membership_card, view, 10, "kpi"))
    union_cards.add("returns.trend", Card("disclosure/cards/trend.html", trend_card, view, 10, "side"))
    rates = Card("disclosure/cards/rates.html", rates_card, Permission.DUTY_VIEW, 50, "side", rates_sheet)
    union_cards.add("disclosure.rates", rates)
    card = "disclosure/cards/figures.html"
    union_cards.add("returns.figures", Card(card, figures_card, view, 20, "main", figures_sheet))
    union_cards.add("returns.side", Card(card, side_figures_card, view, 90, "side"))
