"""The list of duties: its filters, its table, its workbook. Dashboards link here with the figure they show."""

from datetime import date
from functools import cache

import django_filters
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from unions.calendar import WorkCalendar
from unions.enums import Audience, DutyState, Timeliness
from unions.filters import MiddleFilter, UnionFilter
from unions.kit.filters import ListFilters, SearchFilter
from unions.kit.links import page_of
from unions.kit.periods import Period
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, NumberColumn, StateColumn
from unions.kit.workbooks import Out, write_table
from unions.models import Duty, DutyRule, Reminder, ReminderStep, Union
from unions.permissions import Permission
from unions.settingbook import setting
from unions.templatetags.components import due_tag, timeliness_tag

RECENT_QUARTERS, RECENT_HALVES, RECENT_YEARS = 5, 3, 2


FIGURES = {
    "todo": gettext_lazy("To be submitted or corrected"),
    "soon": gettext_lazy("Due soon"),
    "overdue": gettext_lazy("Overdue"),
    "board": gettext_lazy("On the overdue board"),
    "waiting": gettext_lazy("Awaiting review"),
    "all": gettext_lazy("All"),
    "expected": gettext_lazy("Expected"),
    "submitted": gettext_lazy("Submitted at least once"),
    "missing": gettext_lazy("Never submitted"),
    "on_time": gettext_lazy("Submitted on time"),
    "extended": gettext_lazy("Submitted within an extension"),
    "late": gettext_lazy("Submitted late"),
    "accepted": gettext_lazy("Accepted"),
    "returned": gettext_lazy("Returned at least once"),
    "waived": gettext_lazy("Exempt"),
}
TABS = ("todo", "soon", "overdue", "waiting", "all")


def tab_label(figure: str) -> str:
    """A tab says how soon; the description of the API, which no request asks for, cannot."""
    if figure != "soon":
        return str(FIGURES[figure])
    days = setting("due-soon")
    return ngettext("Due within %(days)d working day", "Due within %(days)d working days", days) % {"days": days}


def board_condition(today: date, calendar: WorkCalendar) -> Q:
    """Duties late by at least the working days of their rule's step to the district's board."""
    condition = Q(pk__in=[])
    steps = ReminderStep.objects.filter(audience=Audience.BOARD, is_active=True, rule__is_active=True)
    first: dict[int, int] = {}
    for rule_id, offset in steps.values_list("rule", "offset"):
        first[rule_id] = min(offset, first.get(rule_id, offset))
    day = today if calendar.is_workday(today) else calendar.shift(today, -1)
    for rule_id, offset in first.items():
        condition |= Q(rule=rule_id, last_day__lte=calendar.shift(day, -offset))
    return condition


def on_board(duties: QuerySet, today: date | None = None, calendar: WorkCalendar | None = None) -> QuerySet:
    today = today or timezone.localdate()
    return duties.overdue(today).filter(board_condition(today, calendar or WorkCalendar()))


def figure_rows(duties: QuerySet, figure: str) -> QuerySet:
    """Exactly the duties that a figure counts (architecture: rates)."""
    today = timezone.localdate()
    filed = ~Q(state=DutyState.WAIVED) & ~Q(timeliness=Timeliness.NONE)
    if figure == "soon":
        limit = WorkCalendar().shift(today, setting("due-soon"))
        return duties.outstanding().filter(last_day__gte=today, last_day__lte=limit)
    if figure == "overdue":
        return duties.overdue(today)
    if figure == "board":
        return on_board(duties, today)
    conditions = {
        "todo": Q(state__in=(DutyState.OPEN, DutyState.RETURNED)),
        "waiting": Q(state=DutyState.SUBMITTED),
        "all": Q(),
        "expected": ~Q(state=DutyState.WAIVED),
        "submitted": filed,
        "missing": ~Q(state=DutyState.WAIVED) & Q(timeliness=Timeliness.NONE),
        "on_time": filed & Q(timeliness=Timeliness.ON_TIME),
        "extended": filed & Q(timeliness=Timeliness.EXTENDED),
        "late": filed & Q(timeliness=Timeliness.LATE),
        "accepted": Q(state=DutyState.FULFILLED),
        "returned": filed & Q(return_count__gt=0),
        "waived": Q(state=DutyState.WAIVED),
    }
    return duties.filter(conditions[figure])


def known_periods(rules: list[DutyRule], today: date) -> list[str]:
    """The periods there can be, newest first; from the rules, because asking a million duties would take a second."""
    codes = set()
    for rule in rules:
        period = rule.current_period(today)
        while period.code >= rule.first_period and len(codes) < 200:
            codes.add(period.code)
            period = period.previous()
    return sorted(codes, reverse=True)


def recent(today: date) -> list[str]:
    """The periods of about a year back."""
    quarters = Period.quarter_of(today).last(RECENT_QUARTERS + 1)
    halves = Period.half_of(today).last(RECENT_HALVES + 1)
    years = Period(today.year).last(RECENT_YEARS + 1)
    return [period.code for period in (*quarters, *halves, *years)]


class DutyFilters(ListFilters):
    """Without any of period, state, figure or union the list is what is still to be done."""

    q = SearchFilter(label=gettext_lazy("Union"), placeholder=gettext_lazy("Name, initials or code"), method="search")
    figure = django_filters.ChoiceFilter(
        label=gettext_lazy("Which"), choices=list(FIGURES.items()), method="by_figure"
    )
    rule = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Duty"), queryset=DutyRule.objects.all(), to_field_name="key"
    )
    period = django_filters.ChoiceFilter(label=gettext_lazy("Period"), choices=[])
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=DutyState.choices)
    middle = MiddleFilter(label=gettext_lazy("Middle-tier union"), method="of_middle")
    union = UnionFilter(label=gettext_lazy("Union page"))
    primary = ("q", "rule", "period", "middle")

    class Meta:
        model = Duty
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        scope = self.user.scope(Permission.DUTY_VIEW)
        codes = known_periods(list(DutyRule.objects.all()), today)
        asked = (self.data or {}).get("period")
        if asked and asked not in codes and is_period(asked):
            codes.append(asked)  # history imported from before the rule
        self.filters["period"].extra["choices"] = [(code, Period.parse(code).label) for code in codes]
        self.sees_many = scope.everything or bool(scope.middles)
        if scope.everything or len(scope.middles) > 1 or (scope.middles and (scope.unions or scope.paths)):
            self.filters["middle"].offer(Union.objects.visible_to(self.user, Permission.DUTY_VIEW))
        else:
            del self.filters["middle"]
            self.primary = ("q", "rule", "period") if self.sees_many else ("rule", "period", "state")

    @property
    def shown(self) -> str:
        """The figure asked for, or what stands for none."""
        data = self.data or {}
        asked = data.get("figure")
        if asked in FIGURES:
            return asked
        return "all" if any(data.get(name) for name in ("period", "state", "union")) else "todo"

    def filter_queryset(self, queryset):
        found = super().filter_queryset(queryset)
        data = self.data or {}
        if not data.get("figure"):
            found = figure_rows(found, self.shown)
        done = self.shown not in ("todo", "soon", "overdue", "board")
        if done and self.sees_many and not data.get("period") and not data.get("union"):
            # What is over is looked at by period; without one, the list does not grow with the years.
            found = found.filter(period__in=recent(timezone.localdate()))
        return found

    def search(self, queryset, name, value):
        return queryset.filter(union__in=Union.objects.matching(value))

    def by_figure(self, queryset, name, value):
        return figure_rows(queryset, value)

    def of_middle(self, queryset, name, value):
        return queryset.filter(middle=value)


def is_period(text: str) -> bool:
    try:
        return Period.parse(text).code == text
    except ValueError:
        return False


class DutyTable(ListTable):
    """Who must do what by when, and how it stands."""

    union = LinkColumn(
        gettext_lazy("Union"),
        accessor="union__name",
        order_by="union__pinyin",
        url=page_of("unions:duty"),
        note=lambda record: record.title,
    )
    middle = Column(gettext_lazy("Middle-tier union"), accessor="middle__name", orderable=False, has_label=False)
    state = StateColumn(gettext_lazy("State"))
    last_day = DayColumn(gettext_lazy("Due by"))
    left = Column(gettext_lazy("Time left"), accessor="last_day", orderable=False, has_label=False)
    first_submitted_at = DayColumn(gettext_lazy("First submitted"))
    timeliness = Column(gettext_lazy("Timeliness"), orderable=False, has_label=False)
    members = NumberColumn(gettext_lazy("Members"))

    caption = gettext_lazy("Duties")
    empty_title = gettext_lazy("Nothing to do")
    empty_text = gettext_lazy("New duties appear here on the day their period opens; you are reminded in the inbox.")

    reads = (
        "union", "middle", "rule__name_zh", "rule__name_en", "period", "state", "last_day", "first_submitted_at",
        "timeliness", "members",
    )  # fmt: skip

    class Meta:
        order_by = ("last_day",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._calendar = WorkCalendar()

    def counted(self, count: int) -> str:
        return ngettext("%(count)s duty", "%(count)s duties", count) % {
            "count": number_format(count, force_grouping=True)
        }

    def render_left(self, record):
        return due_tag(record, self._calendar) if record.is_outstanding else ""

    def render_timeliness(self, record):
        return timeliness_tag(record) if record.timeliness else ""

    def render_first_submitted_at(self, value):
        return format_html('<span class="nowrap">{}</span>', f"{timezone.localtime(value):%Y-%m-%d %H:%M}")


def duty_workbook(duties: QuerySet, words: list[str]) -> bytes:
    """The list as filtered, one row a duty, with the reminders it has had."""
    columns = [
        Out(_("Union code"), width=16), Out(_("Union"), width=36), Out(_("Middle-tier union"), width=22),
        Out(_("Duty"), width=24), Out(_("Period"), width=16), Out(_("State"), width=10), Out(_("Due on"), "day"),
        Out(_("Last day"), "day"), Out(_("First submitted"), "moment", 18), Out(_("Timeliness"), width=14),
        Out(_("Times returned"), "int", 10), Out(_("Members"), "int", 10), Out(_("Reminders"), "int", 10),
        Out(_("Reason for the extension or exemption"), width=30),
    ]  # fmt: skip
    taken = Reminder.objects.filter(duty=OuterRef("pk"), is_skipped=False).order_by().values("duty")
    values = duties.select_related(None).prefetch_related(None).values_list(
        "union__code", "union__name", "middle__name", "rule_id", "period", "state", "due_on", "last_day",
        "first_submitted_at", "timeliness", "return_count", "members",
        Coalesce(Subquery(taken.annotate(n=Count("pk")).values("n")), 0), "note",
    )  # fmt: skip
    rules = {rule.pk: rule.name for rule in DutyRule.objects.all()}
    words_of = [(5, dict(DutyState.choices)), (9, dict(Timeliness.choices)), (3, rules)]

    @cache
    def label(code: str) -> str:
        return Period.parse(code).label

    def plain(row: tuple) -> list:
        cells = list(row)
        for index, known in words_of:
            cells[index] = known[cells[index]] if cells[index] else ""
        cells[4] = label(row[4])
        return cells

    rows = (plain(row) for row in values.iterator(chunk_size=2000))
    made = _("Made at %(time)s") % {"time": f"{timezone.localtime():%Y-%m-%d %H:%M}"}
    with write_table(rows, columns, sheet=_("Duties"), title=_("Duties"), lead=[*words, made]) as file:
        return file.read()
