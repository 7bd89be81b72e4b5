"""How unions behave: sizes, terms, lateness, corrections, reviews. The numbers of the domain sheet, part C.

All of it is design, tuned to published magnitudes; nothing here is measured on real unions.
"""

import datetime
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from django.utils import timezone

from unions.calendar import WorkCalendar
from unions.enums import UnionKind

# (fewest, most, share of unions): the bucket is drawn first, then log-uniform inside it
SIZES = ((4, 24, 0.22), (25, 99, 0.43), (100, 199, 0.16), (200, 499, 0.12), (500, 999, 0.045), (1000, 4999, 0.022), (5000, 8200, 0.003))  # fmt: skip
MEMBER_SHARE = (18, 1.6)  # Beta: members among workers, mean 0.92
CONDITION_SHARES = (0.55, 0.83, 0.72, 0.78, 0.74)  # place, sign, account, audit committee, women's committee
FULL_TIME_CHAIR = 0.09
FIVE_YEAR_TERMS = 0.62
OVERDUE_TERMS, OVERDUE_TERMS_AREA = 0.07, 0.10
RENEWAL_MONTHS = (2, 2, 6, 10, 10, 6, 2, 2, 3, 3, 7, 7)

ON_TIME = 0.78
LATE_SHARES = (11, 6, 2.5, 2.5)  # 1-3 days, 4-10 days, later, never
QUARTER_EFFECT = {1: 0.02, 2: 0.0, 3: -0.09, 4: -0.04}
MIDDLE_SPREAD = 0.08
CHRONIC_UNITS = 5
RETURNED, RETURNED_TWICE = 0.12, 0.02
GROWTH = {1: -0.004, 2: 0.006, 3: 0.014, 4: 0.006}  # of members, by quarter

# Why returns come back: (share, figure, reason, what the reviewer writes at the figure)
ERRORS = (
    (27, "left", "期初、增减与期末会员人数对不上，请核对本季调出人数。", "调出人数与会籍转移单不一致，请核对。"),
    (21, "members", "会员人数变化较大，未说明原因。", "请补充说明会员变化的原因。"),
    (18, "women_workers", "女职工人数与上季度相差较大，请核实。", "请与人事台账核对女职工人数。"),
    (14, "contract_workers", "集体合同覆盖职工人数与合同文本不一致。", "请按合同文本所列人数填写。"),
    (12, "activities", "活动次数与报送的活动信息不一致。", "本季报送的活动信息少于所填次数，请核对。"),
    (8, "expenditure", "经费支出缺少财务核对，请主席确认后重新报送。", "请与工会账户流水核对。"),
)


def size(random: Random) -> int:
    low, high, _share = random.choices(SIZES, [share for *_edges, share in SIZES])[0]
    return round(low * (high / low) ** random.random())


@dataclass
class Habits:
    """How punctual the unions of one middle-tier union are."""

    on_time: float = ON_TIME

    @classmethod
    def draw(cls, random: Random, kind: str, *, is_chronic: bool) -> "Habits":
        if is_chronic:
            return cls(random.uniform(0.55, 0.65))
        shift = {UnionKind.ZONE: 0.05, UnionKind.INDUSTRY: 0.05, UnionKind.AREA: -0.03}.get(UnionKind(kind), 0.0)
        return cls(ON_TIME + shift + random.gauss(0, MIDDLE_SPREAD))

    def in_quarter(self, quarter: int) -> float:
        return min(0.97, max(0.45, self.on_time + QUARTER_EFFECT[quarter]))


@dataclass(slots=True)
class Course:
    """What became of one duty: submissions and decisions in turn, each with its time; empty where nothing came."""

    moves: list[tuple[str, datetime.datetime]] = field(default_factory=list)  # submit, return, accept
    is_begun: bool = False  # something was typed, nothing submitted
    extended_to: datetime.date | None = None
    is_waived: bool = False

    def until(self, moment: datetime.datetime) -> "Course":
        """The same, as far as it has happened by then."""
        happened = [move for move in self.moves if move[1] <= moment]
        begun = self.is_begun or (not happened and bool(self.moves) and self.moves[0][1] - moment < timedelta(days=3))
        return Course(happened, begun, self.extended_to, self.is_waived)

    @property
    def state(self) -> str:
        """Of the filing: draft, submitted, returned, accepted; empty where there is none."""
        if not self.moves:
            return "draft" if self.is_begun else ""
        return {"submit": "submitted", "return": "returned", "accept": "accepted"}[self.moves[-1][0]]


class Clock:
    """Days and hours on which unions file and reviewers decide, for one period's duties."""

    def __init__(self, calendar: WorkCalendar, opens_on: datetime.date, due_on: datetime.date, now: datetime.datetime):
        self.opens_on, self.due_on, self.now = opens_on, due_on, now
        days = [opens_on + timedelta(days=n) for n in range((due_on - opens_on).days + 120)]
        weight = {day: 1.0 if calendar.is_workday(day) else 0.08 for day in days}
        self.workdays = [day for day in days if weight[day] == 1.0]
        until_due = [day for day in days if day <= due_on]
        early, close = until_due[:-3], until_due[-3:-1]
        self._punctual = self._weigh([(early, 0.40), (close, 0.38), ([due_on], 0.22)], weight)
        after = [(1, 3), (4, 10), (11, 40)]
        self._late = [
            self._weigh([([due_on + timedelta(days=n) for n in range(a, b + 1)], 1.0)], weight) for a, b in after
        ]

    @staticmethod
    def _weigh(groups, weight) -> tuple[list, list]:
        days, weights = [], []
        for group, share in groups:
            total = sum(weight[day] for day in group) or 1.0
            days += group
            weights += [share * weight[day] / total for day in group]
        return days, weights

    def first(self, random: Random, on_time: float) -> datetime.datetime | None:
        """When the first submission comes, or None: never."""
        if random.random() < on_time:
            days, weights = self._punctual
        else:
            which = random.choices(range(4), LATE_SHARES)[0]
            if which == 3:
                return None
            days, weights = self._late[which]
        return self.at(random, random.choices(days, weights)[0])

    @staticmethod
    def at(random: Random, day: datetime.date) -> datetime.datetime:
        """A time of day as offices keep it: peaks from 9 to 11 and from 14 to 17."""
        hour = random.choices(range(8, 21), (4, 14, 15, 9, 3, 5, 13, 14, 11, 6, 2, 2, 1))[0]
        clock = datetime.time(hour, random.randrange(60), random.randrange(60))
        return timezone.make_aware(datetime.datetime.combine(day, clock))

    def after(self, random: Random, moment: datetime.datetime, workdays: float) -> datetime.datetime:
        """So many working days after a moment, within office hours and never before it."""
        day = timezone.localtime(moment).date()
        index = bisect_left(self.workdays, day) + int(workdays + random.random())
        then = self.at(random, self.workdays[min(index, len(self.workdays) - 1)])
        return then if then > moment else moment + timedelta(minutes=random.randrange(15, 150))

    def workdays_ago(self, count: int) -> datetime.date:
        """The day that lies so many working days before today, within this period's time."""
        index = bisect_right(self.workdays, timezone.localtime(self.now).date()) - 1 - count
        return self.workdays[max(0, index)]

    def recently(self, random: Random, most: int) -> datetime.datetime:
        """A moment within the last few working days, never in the future nor before the opening."""
        moment = self.at(random, self.workdays_ago(random.randrange(most + 1)))
        opened = timezone.make_aware(datetime.datetime.combine(self.opens_on, datetime.time(8, 30)))
        if moment >= self.now:
            moment = self.now - timedelta(minutes=random.randrange(5, 240))
        return max(moment, min(opened, self.now))

    def review(self, random: Random, moment: datetime.datetime) -> datetime.datetime:
        """Median 1.6 working days, 95 of 100 within five."""
        return self.after(random, moment, random.lognormvariate(0.47, 0.69))

    def course(self, random: Random, on_time: float, *, returned: float = RETURNED) -> Course:
        """The whole course of a duty as it goes when nobody looks: submitted, perhaps corrected, accepted."""
        first = self.first(random, on_time)
        course = Course()
        if first is None:
            return course
        course.moves.append(("submit", first))
        moment = self.review(random, first)
        chances = [returned, RETURNED_TWICE / RETURNED]
        for chance in chances:
            if random.random() >= chance:
                break
            course.moves.append(("return", moment))
            moment = self.after(random, moment, random.uniform(0.6, 3.6))
            course.moves.append(("submit", moment))
            moment = self.review(random, moment)
        course.moves.append(("accept", moment))
        return course

    def lively(self, random: Random, course: Course) -> Course:
        """The newest quarter long after its due day: some are still on their way, and today something happened."""
        first, chance = ("submit", self.first(random, 1.0)), random.random()
        if course.moves and course.moves[0][1] < self.now - timedelta(days=10):
            first = course.moves[0]
        if chance < 0.34:  # sent back and in again
            back = self.recently(random, 3)
            again = max(self.recently(random, 1), back + timedelta(minutes=40))
            return Course([first, ("return", back), ("submit", again)]).until(self.now)
        if chance < 0.54:  # sent back just now
            return Course([first, ("return", self.recently(random, 4))])
        if chance < 0.78:  # filed late, just now
            return Course([("submit", self.recently(random, 2))])
        return Course(is_begun=chance < 0.9)
