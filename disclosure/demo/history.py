"""Writes one period after the other: which course each duty took, what was filed, what the middle tier made of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from disclosure.definition import definition_of
from disclosure.demo.figures import Ledger, Sheet
from disclosure.demo.filing import Gathered, Rows, Term, World, file_grassroots, grassroots
from disclosure.demo.summaries import Summaries
from disclosure.models import Form
from disclosure.totals import refresh
from unions.calendar import WorkCalendar
from unions.demo import behaviour, bulk
from unions.demo.behaviour import Clock, Course, Habits
from unions.demo.people import Desks
from unions.duties import refresh_totals
from unions.enums import JobState, Tier
from unions.kit.periods import Period
from unions.models import Run, Union
from unions.opening import OPEN, due_day, opening_day

EXTENDED_SHARE, WAIVED_SHARE, LIVELY_SHARE = 0.012, 0.004, 0.15


class History:
    """The district's returns over some periods, oldest first; everything hangs on one source of chance."""

    def __init__(self, random: Random, periods: list[Period], desks: Desks, shown: dict[Tier, Union]):
        self.world = World(random, WorkCalendar(), timezone.now(), desks, shown)
        self.random, self.periods = random, periods
        self.street, self.company = shown[Tier.MIDDLE].pk, shown[Tier.GRASSROOTS].pk
        self.form = Form.objects.select_related("rule").get(code="quarterly-return")
        self.summary = Form.objects.select_related("rule").get(code="quarterly-summary")
        self._reach_back()
        self.middles = list(Union.objects.of_tier(Tier.MIDDLE).order_by("pk"))
        self.habits = self._habits()
        self.ledgers = self._ledgers()
        self.summaries = Summaries(self.world, self.middles)

    def _reach_back(self) -> None:
        """A demo history may begin before the forms did: their first period moves back, as in a portal that took
        over an old system's figures."""
        first = self.periods[0].code
        for form in (self.form, self.summary):
            if form.rule.first_period > first:
                form.rule.first_period = first
                form.rule.save(update_fields=["first_period"])
            oldest = form.versions.order_by("first_period", "number").first()
            if oldest.first_period > first:
                form.versions.filter(pk=oldest.pk).update(first_period=first)

    def _habits(self) -> dict[int, Habits]:
        others = [union.pk for union in self.middles if union.pk != self.street]
        chronic = set(self.random.sample(others, min(behaviour.CHRONIC_UNITS, len(others) // 5)))
        return {u.pk: Habits.draw(self.random, u.kind, is_chronic=u.pk in chronic) for u in self.middles}

    def _ledgers(self) -> list[Ledger]:
        unions = Union.objects.active().of_tier(Tier.GRASSROOTS).order_by("pk").defer("search_text", "pinyin")
        return [Ledger(union, self.random, self.periods) for union in unions.iterator(2000)]

    def write(self, keep_events: int, tell: Callable[[int, int], None]) -> None:
        """All periods; only the last ones keep events and rounds, as the old system handed over figures alone."""
        recent = set(self.periods[-keep_events:])
        for index, period in enumerate(self.periods):
            self._period(index, period, period in recent)
            tell(index + 1, len(self.periods))

    def _term(self, form: Form, period: Period, keeps_events: bool) -> Term:
        definition = definition_of(form.version_for(period))
        sheet = self.world.sheets.get(definition.version.pk) or Sheet(definition)
        self.world.sheets[definition.version.pk] = sheet
        opens, due = opening_day(form.rule, period), due_day(form.rule, period, self.world.calendar)
        clock = Clock(self.world.calendar, opens, due, self.world.now)
        return Term(form.rule_id, sheet, period, opens, due, clock, period == self.periods[-1], keeps_events)

    def _period(self, index: int, period: Period, keeps_events: bool) -> None:
        term, above = self._term(self.form, period, keeps_events), self._term(self.summary, period, keeps_events)
        courses = self.summaries.courses(above)
        gathered = {pk: Gathered(course.moves[0][1] if course.moves else None) for pk, course in courses.items()}
        asked = [ledger for ledger in self.ledgers if ledger.founded is None or ledger.founded <= period.end]
        ids = zip(bulk.reserve("unions_duty", len(asked)), bulk.reserve("disclosure_return", len(asked)), strict=True)
        desk = self._desk_of_the_street(asked, term) if term.is_newest else {}
        rows = Rows()
        for ledger, pair in zip(asked, ids, strict=True):
            course = desk.get(ledger.pk) or self._course(ledger, term, gathered[ledger.middle].sent)
            filing = grassroots(self.world, term, ledger, course, pair)
            figures = file_grassroots(rows, filing, ledger, index)
            gathered[ledger.middle].take(filing, ledger.name, figures)
        self.summaries.write(rows, above, courses, gathered)
        rows.write(self.random)
        self._open_and_total(term, above, len(asked))

    def _course(self, ledger: Ledger, term: Term, sent: datetime | None) -> Course:
        """As it goes: with an extension or exemption here and there, and hurried on where the summary is due."""
        clock, chance = term.clock, self.random.random()
        if ledger.pk == self.company:
            first = clock.first(self.random, 1.0)
            return Course([("submit", first), ("accept", self._before(sent, first))])
        if chance < WAIVED_SHARE:
            return Course(is_waived=True)
        course = clock.course(self.random, self.habits[ledger.middle].in_quarter(term.period.quarter))
        if chance < WAIVED_SHARE + EXTENDED_SHARE:
            course.extended_to = self.world.calendar.shift(term.due, 5)
        if course.moves and sent and course.moves[0][1] < sent - timedelta(hours=3) and course.moves[-1][1] > sent:
            course.moves = self._hurried(course.moves, sent)
        if not term.is_newest:
            return course
        if term.is_settled and self.random.random() < LIVELY_SHARE:
            return clock.lively(self.random, course)
        return course.until(self.world.now)

    def _hurried(self, moves: list, sent: datetime) -> list:
        """The same moves, all done before the summary is sent; a return is dropped where there is no time for one."""
        first = moves[0][1]
        if (sent - first) < timedelta(days=len(moves) - 1):
            return [moves[0], ("accept", self._before(sent, first))]
        kept, part = [moves[0]], (sent - first) / len(moves)
        for number, (kind, _at) in enumerate(moves[1:-1], 1):
            then = Clock.at(self.random, timezone.localdate(first + number * part))
            kept.append((kind, max(then, kept[-1][1] + timedelta(minutes=self.random.randrange(30, 200)))))
        return [*kept, ("accept", max(self._before(sent, kept[-1][1]), kept[-1][1] + timedelta(minutes=20)))]

    def _before(self, sent: datetime | None, first: datetime) -> datetime:
        """Reviewed in time for the summary: accepted in the hours before it is sent."""
        if sent is None or sent <= first:
            return first + timedelta(hours=self.random.uniform(2, 30))
        return sent - timedelta(seconds=min((sent - first).total_seconds() * 0.8, self.random.uniform(900, 14_000)))

    def _desk_of_the_street(self, asked: list[Ledger], term: Term) -> dict[int, Course]:
        """What the demo street finds today: something of everything; and its demo chair with a return to fill in."""
        clock, random, now = term.clock, self.random, self.world.now
        is_over = self.world.today > term.due
        soon = self.world.calendar.shift(self.world.today, 3) if is_over else self.world.calendar.shift(term.due, 5)
        back = clock.recently(random, 3)
        again = min(now, max(clock.recently(random, 1), back + timedelta(minutes=50)))
        first, other = (min(clock.first(random, 1.0), back - timedelta(minutes=90)) for _each in range(2))
        made = [
            Course([("submit", clock.recently(random, 2))]),
            Course([("submit", clock.recently(random, 1))]),
            Course([("submit", first), ("return", back), ("submit", again)]),
            Course([("submit", other), ("return", back)]),
            Course(is_begun=True),
            Course(),
            Course(is_waived=True),
            Course(extended_to=soon),
        ]
        below = [ledger.pk for ledger in asked if ledger.middle == self.street and ledger.pk != self.company]
        if now - bulk.office_time(term.opens) < timedelta(days=1):
            made = made[-2:]  # nothing else can have happened yet
        chair = Course(extended_to=soon) if is_over else Course()
        return {self.company: chair, **dict(zip(below, made, strict=False))}

    def _open_and_total(self, term: Term, above: Term, opened: int) -> None:
        """The marks that the periods were opened, and the totals by the same statements as in daily work."""
        middles = [union.pk for union in self.middles]
        for form, each, count in ((self.form, term, opened), (self.summary, above, len(middles))):
            at = bulk.office_time(each.opens, 6)
            counts = {
                "rule": form.rule.name_zh,
                "rule_en": form.rule.name_en,
                "period": each.period.code,
                "opened": count,
            }
            run = Run.objects.create(
                task=OPEN,
                slot=f"{form.rule_id}:{each.period.code}",
                state=JobState.DONE,
                counts=counts,
                finished_at=at,
            )
            Run.objects.filter(pk=run.pk).update(started_at=at)
            refresh_totals(form.rule_id, each.period.code, middles)
            refresh(form, each.period, middles)
