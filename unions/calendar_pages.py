"""A year of the working calendar, laid out in months and weeks for the page."""

import calendar
import datetime
from dataclasses import dataclass

import chinese_calendar
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from unions.calendar import WorkCalendar
from unions.models import CalendarDay

HOLIDAYS = {
    "New Year's Day": gettext_lazy("New Year's Day"),
    "Spring Festival": gettext_lazy("Spring Festival"),
    "Tomb-sweeping Day": gettext_lazy("Tomb-sweeping Day"),
    "Labour Day": gettext_lazy("Labour Day"),
    "Dragon Boat Festival": gettext_lazy("Dragon Boat Festival"),
    "National Day": gettext_lazy("National Day"),
    "Mid-autumn Festival": gettext_lazy("Mid-autumn Festival"),
    "Anti-Fascist 70th Day": gettext_lazy("Victory Day"),
}


@dataclass(frozen=True)
class Day:
    """One square: `mark` is 休 or 班 where the day is not what its weekday says."""

    day: datetime.date
    is_workday: bool
    mark: str = ""
    name: str = ""
    own: CalendarDay | None = None
    is_today: bool = False


class CalendarYear:
    """Twelve months; the district's own days are read once."""

    def __init__(self, year: int):
        self.year, self.previous, self.next = year, year - 1, year + 1
        self._calendar = WorkCalendar()
        self.own = list(CalendarDay.objects.filter(day__year=year))
        self._by_day = {own.day: own for own in self.own}
        self.is_published = self._calendar.is_published(year)
        self.today = timezone.localdate()

    @property
    def weekdays(self) -> list[str]:
        return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]

    @property
    def months(self) -> list[dict]:
        """Each month with its weeks; days of the neighbouring months are left out."""
        weeks = calendar.Calendar(firstweekday=0)
        return [
            {
                "first": datetime.date(self.year, month, 1),
                "weeks": [
                    [self._day(day) if day.month == month else None for day in week]
                    for week in weeks.monthdatescalendar(self.year, month)
                ],
            }
            for month in range(1, 13)
        ]

    def _day(self, day: datetime.date) -> Day:
        is_workday = self._calendar.is_workday(day)
        own = self._by_day.get(day)
        mark = ""
        if is_workday and day.weekday() >= 5:
            mark = pgettext("calendar mark", "work")
        elif not is_workday and (day.weekday() < 5 or own):
            mark = pgettext("calendar mark", "off")
        return Day(day, is_workday, mark, own.name if own else self._published_name(day), own, day == self.today)

    @staticmethod
    def _published_name(day: datetime.date) -> str:
        try:
            name = chinese_calendar.get_holiday_detail(day)[1]
        except NotImplementedError:
            return ""
        return str(HOLIDAYS.get(name, name or ""))
