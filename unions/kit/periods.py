"""Reporting periods: quarters, half-years and years, stored as short codes that sort (2026Q3, 2026H2, 2026)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

_CODE = re.compile(r"^(\d{4})(?:Q([1-4])|H([12]))?$")
_CHINESE = re.compile(r"^(\d{4})年?(?:第?([一二三四1-4])季度?|Q([1-4]))?(?:年报|年度)?$", re.IGNORECASE)
_WITHIN = re.compile(r"\d{4}年?第?[一二三四1-4]季|\d{4}Q[1-4]", re.IGNORECASE)
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True, order=True)
class Period:
    year: int
    quarter: int = 0  # without it and without a half: the whole year
    half: int = 0

    @classmethod
    def parse(cls, text: str) -> "Period":
        """2026Q3, 2026H2 or 2026, and as people write it: 2026年三季度, 2026年第3季度. Raises ValueError."""
        text = str(text).strip().replace(" ", "")
        match = _CODE.match(text.upper())
        if match:
            return cls(int(match[1]), int(match[2] or 0), int(match[3] or 0))
        match = _CHINESE.match(text)
        if not match:
            raise ValueError(text)
        quarter = match[2] or match[3] or "0"
        return cls(int(match[1]), _NUMERALS.get(quarter) or int(quarter))

    @classmethod
    def within(cls, text: str) -> "Period | None":
        """The first quarter that a title names: 核准库(2026年第三季度)."""
        match = _WITHIN.search(str(text).replace(" ", ""))
        return cls.parse(match[0]) if match else None

    @classmethod
    def quarter_of(cls, day: date) -> "Period":
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def half_of(cls, day: date) -> "Period":
        return cls(day.year, half=1 if day.month <= 6 else 2)

    @property
    def code(self) -> str:
        return f"{self.year}{self._part}"

    @property
    def _part(self) -> str:
        return f"Q{self.quarter}" if self.quarter else f"H{self.half}" if self.half else ""

    @property
    def start(self) -> date:
        return date(self.year, 3 * self.quarter - 2 if self.quarter else 6 * self.half - 5 if self.half else 1, 1)

    @property
    def end(self) -> date:
        """The last day of the period."""
        return self.next().start - timedelta(days=1)

    def next(self) -> "Period":
        return self.shift(1)

    def previous(self) -> "Period":
        return self.shift(-1)

    def shift(self, steps: int) -> "Period":
        if self.half:
            year, index = divmod(self.year * 2 + self.half - 1 + steps, 2)
            return Period(year, half=index + 1)
        if not self.quarter:
            return Period(self.year + steps)
        year, index = divmod(self.year * 4 + self.quarter - 1 + steps, 4)
        return Period(year, index + 1)

    def last(self, count: int) -> list["Period"]:
        """The `count` periods that end with this one, oldest first."""
        return [self.shift(-back) for back in range(count - 1, -1, -1)]

    @property
    def label(self) -> str:
        """As officials write it: 2026年第三季度."""
        return _label(self, get_language())

    @property
    def short(self) -> str:
        return f"{self.year % 100:02d}{self._part}" if self._part else str(self.year)

    def __str__(self) -> str:
        return self.label


@lru_cache(maxsize=1024)
def _label(period: Period, _language: str | None) -> str:
    if period.half:
        words = _("first half of %(year)s") if period.half == 1 else _("second half of %(year)s")
        return words % {"year": period.year}
    if not period.quarter:
        return _("%(year)s (whole year)") % {"year": period.year}
    names = [_("first"), _("second"), _("third"), _("fourth")]
    return _("%(quarter)s quarter of %(year)s") % {"year": period.year, "quarter": names[period.quarter - 1]}


def months_before(day: date, months: int) -> date:
    """The same day so many months ago; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(year, month + 1, min(day.day, last))
