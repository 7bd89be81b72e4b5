"""Working days of the Chinese calendar: the district's own table first, then the published one, then weekdays.

Civil Code article 203: a last day that is a day off moves to the day after it; a make-up working Saturday or
Sunday is a working day.
"""

import datetime

import chinese_calendar

from unions.models import CalendarDay


class WorkCalendar:
    """Working days, with the district's table read once."""

    def __init__(self):
        self._own = dict(CalendarDay.objects.values_list("day", "is_workday"))

    def is_workday(self, day: datetime.date) -> bool:
        if day in self._own:
            return self._own[day]
        try:
            return chinese_calendar.is_workday(day)
        except NotImplementedError:  # the State Council has not published that year, or the library does not have it
            return day.weekday() < 5

    def is_published(self, year: int) -> bool:
        """Whether the year's days off are known; otherwise the page says “not yet published”."""
        if any(day.year == year for day in self._own):
            return True
        try:
            chinese_calendar.is_workday(datetime.date(year, 1, 1))
        except NotImplementedError:
            return False
        return True

    def on_or_after(self, day: datetime.date) -> datetime.date:
        """The day itself if it is a working day, otherwise the next one."""
        while not self.is_workday(day):
            day += datetime.timedelta(days=1)
        return day

    def shift(self, day: datetime.date, workdays: int) -> datetime.date:
        """The day that lies so many working days after (or, negative, before) a day."""
        step = datetime.timedelta(days=1 if workdays > 0 else -1)
        for _count in range(abs(workdays)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def between(self, first: datetime.date, last: datetime.date) -> int:
        """Working days after `first` up to and including `last`; negative when `last` lies before."""
        if last < first:
            return -self.between(last, first)
        days = (last - first).days
        return sum(self.is_workday(first + datetime.timedelta(days=n)) for n in range(1, days + 1))
