"""What somebody has to do today, out of the duties of their own unions and of what upper floors bring (`todos`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from unions.calendar import WorkCalendar
from unions.dashboards import longest_overdue
from unions.duties import tasks
from unions.duty_year import Square, year_of_duties
from unions.enums import DutyState, Rhythm, Tier
from unions.kit.counts import counts_of
from unions.kit.links import link
from unions.kit.periods import Period
from unions.kit.registry import Registry
from unions.models import Duty, DutyRule, DutyTotal, Union, User
from unions.models.duty import Rates
from unions.opening import due_day, opening_day
from unions.permissions import Permission
from unions.templatetags.components import month_day

LATE_SHOWN = 5
OWN_SHOWN = 3
TWO_CHARACTERS = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "夏侯",
    "司徒",
    "端木",
)


@dataclass(frozen=True)
class Todo:
    """One thing to do: what, until when, and the button that leads to it."""

    title: str
    text: str
    url: str
    action: str
    union: Union | None = None
    duty: Duty | None = None
    due: date | None = None
    is_overdue: bool = False
    tag: tuple[str, str, str] | None = None  # text, tone, icon, where there is no duty to say it

    @property
    def order(self) -> tuple:
        return (self.due or date.max, self.title)


# What upper floors add: a function of the workbench that gives its things to do.
todos: Registry[Callable[["Workbench"], Iterable[Todo]]] = Registry("things to do")


@dataclass(frozen=True)
class Waiting:
    """Records that wait for this person's decision, and what is said of so many of them."""

    rows: QuerySet
    said: Callable[[int], Todo]


# What upper floors have decided on: a function of the workbench that gives the records, or None without the right.
waiting: Registry[Callable[["Workbench"], Waiting | None]] = Registry("things to decide")


@dataclass
class Area:
    """A district's or middle-tier union's current period below it, as the workbench shows it."""

    union: Union
    rule: DutyRule
    period: Period
    rates: Rates
    overdue: int
    late: list[Duty]

    @property
    def title(self) -> str:
        return self.rule.titled(self.period)

    @property
    def missing(self) -> int:
        return self.rates.expected - self.rates.submitted

    @cached_property
    def links(self) -> dict[str, str]:
        """Where the rows behind each count are."""
        place = {} if self.union.tier is Tier.DISTRICT else {"middle": self.union.pk}
        base = {"rule": self.rule.key, "period": self.period.code, **place}
        figures = ("expected", "submitted", "accepted", "on_time", "missing", "overdue")
        return {figure: link("unions:duty-list", **base, figure=figure) for figure in figures}


@dataclass
class Workbench:
    """One person's day."""

    user: User

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @cached_property
    def calendar(self) -> WorkCalendar:
        return WorkCalendar()

    @cached_property
    def rules(self) -> list[DutyRule]:
        """None for somebody without a sight of duties: the three administrators do no business."""
        return list(DutyRule.objects.filter(is_active=True)) if self.user.has_perm(Permission.DUTY_VIEW) else []

    @cached_property
    def unions(self) -> list[Union]:
        """The unions the person works for, highest tier first, each once."""
        return list({post.union_id: post.union for post in self.user.posts}.values())

    @cached_property
    def greeting(self) -> str:
        """By the hour, and by title where the person holds one: 李主席，上午好."""
        hour = timezone.localtime().hour
        words = _("Good morning") if hour < 12 else _("Good afternoon") if hour < 18 else _("Good evening")
        return _("%(greeting)s, %(name)s") % {"name": self.address, "greeting": words}

    @property
    def address(self) -> str:
        name = self.user.name or self.user.username
        if not any(post.role.endswith("_chair") for post in self.user.posts):
            return name
        surname = name[:2] if name.startswith(TWO_CHARACTERS) else name[:1]
        return _("Chair %(surname)s") % {"surname": surname, "name": name}

    @cached_property
    def todos(self) -> list[Todo]:
        """Everything to do, soonest first."""
        brought = (todo for source in todos for todo in source(self))
        found = [*self._own(), *brought, *self._to_decide(), *self._overdue_below()]
        return sorted(found, key=lambda todo: todo.order)

    def _to_decide(self) -> list[Todo]:
        """What waits for a decision, whatever its kind: one statement counts it all."""
        found = {key: one for key, source in waiting.items() if (one := source(self))}
        counts = counts_of({key: one.rows for key, one in found.items()})
        return [one.said(counts[key]) for key, one in found.items() if counts[key]]

    @property
    def groups(self) -> list[tuple[Union | None, list[Todo]]]:
        """The things to do by union where the person works for several; the union with the most urgent first."""
        if not self.is_several:
            return [(None, self.todos)]
        groups: dict[int | None, tuple[Union | None, list[Todo]]] = {}
        for todo in self.todos:
            groups.setdefault(todo.union.pk if todo.union else None, (todo.union, []))[1].append(todo)
        return list(groups.values())

    @property
    def overdue_count(self) -> int:
        return sum(todo.is_overdue for todo in self.todos)

    def _own(self) -> list[Todo]:
        """The open and returned duties of the unions for which this person does them."""
        by_right: dict[Permission, list[DutyRule]] = {}
        for rule in self.rules:
            if rule.task in tasks and self.user.has_perm(tasks[rule.task].fill):
                by_right.setdefault(tasks[rule.task].fill, []).append(rule)
        mine = [Duty.objects.visible_to(self.user, right).filter(rule__in=rules) for right, rules in by_right.items()]
        found = reduce(or_, mine, Duty.objects.none()).outstanding().opened(self.today)
        duties = list(found.select_related("union", "rule").order_by("last_day", "pk"))
        by_task: dict[str, list[Duty]] = {}
        for duty in duties:
            by_task.setdefault(duty.rule.task, []).append(duty)
        progress: dict[int, str] = {}
        for key, group in by_task.items():
            if (task := tasks.get(key)) and task.progress:
                progress |= task.progress(group)
        return [self._own_todo(duty, progress.get(duty.pk, "")) for duty in duties]

    def _own_todo(self, duty: Duty, progress: str) -> Todo:
        if duty.state == DutyState.RETURNED:
            action, text = _("Correct and resubmit"), progress or _("Returned: correct what the superior marked.")
        elif progress:
            action, text = _("Continue"), progress
        else:
            action, text = _("Start"), _("Not begun yet.")
        action = str(tasks[duty.rule.task].action) or action
        return Todo(
            title=duty.title, text=text, url=tasks[duty.rule.task].url(duty),
            action=action, union=duty.union, duty=duty, due=duty.last_day, is_overdue=duty.is_overdue(self.today),
        )  # fmt: skip

    def _overdue_below(self) -> list[Todo]:
        """For those who may remind: how many unions below are overdue in the current periods."""
        return [
            Todo(
                title=_("%(duty)s: overdue unions") % {"duty": area.title},
                text=_("Not submitted, or not corrected, in time"),
                url=area.links["overdue"], action=_("See who"), union=area.union, due=self.today,
                tag=(ngettext("%(count)d union", "%(count)d unions", area.overdue) % {"count": area.overdue}, "bad", "triangle-alert"),
            )
            for area in self.areas
            if area.overdue and self.user.has_perm(Permission.DUTY_MANAGE, area.union)
        ]  # fmt: skip

    @cached_property
    def areas(self) -> list[Area]:
        """What the unions below must file in the current period: counts out of rows of totals, the longest overdue."""
        unions = [union for union in self.unions if union.tier is not Tier.GRASSROOTS]
        reviewed = [rule for rule in self.rules if rule.task in tasks and tasks[rule.task].review_url]
        grassroots = {str(kind) for kind in Tier.GRASSROOTS.kinds}
        periods = {rule.pk: rule.current_period(self.today) for rule in reviewed}
        asked = [
            (union, rule)
            for union in unions
            for rule in reviewed
            if grassroots & set(rule.kinds) or (union.tier is Tier.DISTRICT and set(rule.kinds) & _MIDDLE)
        ]
        if not asked:
            return []
        totals = {
            (total.union_id, total.rule_id): total.rates
            for total in DutyTotal.objects.visible_to(self.user, Permission.DUTY_VIEW).filter(
                _current(periods), union__in=unions
            )
        }
        return [self._area(union, rule, periods[rule.pk], totals.get((union.pk, rule.pk))) for union, rule in asked]

    def _area(self, union: Union, rule: DutyRule, period: Period, rates: Rates | None) -> Area:
        overdue, late = 0, []
        if rates and rates.accepted < rates.expected:
            duties = Duty.objects.visible_to(self.user, Permission.DUTY_VIEW).overdue(self.today)
            duties = duties.filter(rule=rule, period=period.code)
            if union.tier is not Tier.DISTRICT:
                duties = duties.filter(middle=union)
            late = longest_overdue(duties, LATE_SHOWN)
            overdue = late[0].overdue_count if late else 0
        return Area(union, rule, period, rates or Rates(), overdue, late)

    @property
    def main_areas(self) -> list[Area]:
        return self.areas if self.own else self.areas[:1]

    @property
    def side_areas(self) -> list[Area]:
        """Where there is no union of one's own at the side, there is room for the second area."""
        return [] if self.own else self.areas[1:]

    @property
    def is_several(self) -> bool:
        return len(self.unions) > 1

    @cached_property
    def own(self) -> list[tuple[Union, list[Square], bool]]:
        """The unions that stand at the side: this year's duties of each, and whether its card may be corrected."""
        unions = [union for union in self.unions if union.tier is not Tier.DISTRICT][:OWN_SHOWN]
        return [
            (
                union,
                year_of_duties(self.user, union, self.today.year, self.rules),
                self.user.has_perm(Permission.UNION_EDIT, union),
            )
            for union in unions
        ]

    @property
    def first(self) -> Todo | None:
        """The one thing to do next: the only red button."""
        return self.todos[0] if self.todos else None

    @property
    def what_next(self) -> str:
        """For somebody who has nothing to do: what comes next, of the own unions, else of those below."""
        kinds = {str(union.kind) for union in self.unions}
        timed = [rule for rule in self.rules if rule.rhythm != Rhythm.OWN]
        mine = [rule for rule in timed if kinds & set(rule.kinds)] or timed
        coming = []
        for rule in mine:
            period = rule.current_period(self.today).next()
            coming.append((opening_day(rule, period), due_day(rule, period, self.calendar), rule, period))
        if not coming:
            return ""
        opens, due, rule, period = min(coming, key=lambda each: each[:2])
        return _("Next: %(duty)s opens on %(opens)s and is due on %(due)s.") % {
            "duty": rule.titled(period), "opens": month_day(opens), "due": month_day(due)
        }  # fmt: skip


_MIDDLE = {str(kind) for kind in Tier.MIDDLE.kinds}


def _current(periods: dict[int, Period]) -> Q:
    condition = Q(pk__in=[])
    for rule_id, period in periods.items():
        condition |= Q(rule=rule_id, period=period.code)
    return condition
