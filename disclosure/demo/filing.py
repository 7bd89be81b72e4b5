"""One duty and what was filed for it, as rows for COPY: the return, its rounds, remarks and events."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from django.utils import timezone

from disclosure.checkcode import make as check_code
from disclosure.demo.figures import NARRATIVES, Ledger, Sheet
from disclosure.enums import ReturnState, ShortfallReason
from unions.calendar import WorkCalendar
from unions.demo import behaviour, bulk
from unions.demo.behaviour import Clock, Course
from unions.demo.people import Desks
from unions.enums import DutyState, Tier, Timeliness
from unions.kit.periods import Period
from unions.models import Union

DUTY_COLUMNS = (
    "id, union_id, middle_id, rule_id, period, opens_on, due_on, last_day, state, timeliness, first_submitted_at, "
    "fulfilled_at, return_count, extended_to, note, members"
)
RETURN_COLUMNS = (
    "id, union_id, middle_id, duty_id, version_id, period, state, figures, sources, explanations, narrative, is_nil, "
    "shortfall, included, rounds, concerns, filled_by_id, submitted_at, submitted_by_id, decided_at, decided_by_id, "
    "saved_at, check_code, revision"
)
ROUND_COLUMNS = "filing_id, number, figures, explanations, narrative, submitted_at, submitted_by_id"
REMARK_COLUMNS = "filing_id, code, text, round, at, by_id"
RETURN, DUTY = "disclosure.Return", "unions.Duty"
DUTY_STATES = {
    "": DutyState.OPEN, "draft": DutyState.OPEN, "submitted": DutyState.SUBMITTED, "returned": DutyState.RETURNED,
    "accepted": DutyState.FULFILLED,
}  # fmt: skip
EXTENSION_NOTES = (
    "单位搬迁，会员台账尚未归位，申请延期。",
    "工会主席变动，正在办理交接，申请延期。",
    "与人事系统核对数据需要时间，申请延期。",
)
WAIVER_NOTES = ("单位停产整顿，本季度免报。", "单位正在办理注销清算，本季度免报。")


@dataclass
class World:
    """What every row is drawn from: one source of chance, the calendar, the moment that counts as now, the people."""

    random: Random
    calendar: WorkCalendar
    now: datetime.datetime
    desks: Desks
    shown: dict[Tier, Union]
    sheets: dict[int, Sheet] = field(default_factory=dict)

    @property
    def today(self) -> datetime.date:
        return timezone.localdate(self.now)


@dataclass
class Term:
    """One form in one period: its days, the clock of its duties, and whether its events are kept."""

    rule_id: int
    sheet: Sheet
    period: Period
    opens: datetime.date
    due: datetime.date
    clock: Clock
    is_newest: bool
    keeps_events: bool

    @property
    def version_id(self) -> int:
        return self.sheet.definition.version.pk

    @property
    def is_settled(self) -> bool:
        """Whether the due day lies so far back that nature alone would leave nothing to do."""
        return timezone.localdate(self.clock.now) > self.due + timedelta(days=3)


@dataclass
class Rows:
    """Rows of one period, gathered and then copied table by table."""

    duties: list[tuple] = field(default_factory=list)
    returns: list[tuple] = field(default_factory=list)
    rounds: list[tuple] = field(default_factory=list)
    remarks: list[tuple] = field(default_factory=list)
    events: list[tuple] = field(default_factory=list)

    def write(self, random: Random) -> None:
        random.shuffle(self.returns)  # returns come in as people file them, not in the order of the tree
        self.events.sort(key=lambda row: row[4])
        bulk.copy("unions_duty", DUTY_COLUMNS, self.duties)
        bulk.copy("disclosure_return", RETURN_COLUMNS, self.returns)
        bulk.copy("disclosure_returnround", ROUND_COLUMNS, self.rounds)
        bulk.copy("disclosure_remark", REMARK_COLUMNS, self.remarks)
        bulk.write_events(self.events)


SILENT_REASONS = ((ShortfallReason.SILENT, 78), (ShortfallReason.NOBODY, 9), (ShortfallReason.SUSPENDED, 8), (ShortfallReason.CLOSING, 5))  # fmt: skip


@dataclass
class Gathered:
    """What a middle-tier union's summary is made of: returns accepted by the time it was sent, and who is missing."""

    sent: datetime.datetime | None
    included: list[int] = field(default_factory=list)
    sums: dict[str, float] = field(default_factory=lambda: defaultdict(int))
    total: dict[str, float] = field(default_factory=lambda: defaultdict(int))  # late ones too: the total as it stands
    missing: list[dict] = field(default_factory=list)

    def take(self, filing: "Filing", name: str, figures: dict | None) -> None:
        """Note one union's quarter as it stood when the summary was sent, or stands now where none was."""
        course = filing.course
        then = course if self.sent is None else course.until(self.sent)
        if course.state == "accepted":
            for code, value in figures.items():
                self.total[code] += value
        if then.state == "accepted":
            self.included.append(filing.return_id)
            for code, value in figures.items():
                self.sums[code] += value
        elif not course.is_waived:
            self.missing.append({
                "union": filing.union_id, "name": name, "state": DUTY_STATES[then.state].value, "members": filing.members,
                "code": self._reason(filing.world.random, then.state).value, "text": "",
            })  # fmt: skip

    @staticmethod
    def _reason(random: Random, state: str) -> ShortfallReason:
        if state in ("submitted", "returned"):
            return ShortfallReason.REVIEWING if state == "submitted" else ShortfallReason.CORRECTING
        return random.choices([r for r, _share in SILENT_REASONS], [share for _r, share in SILENT_REASONS])[0]


@dataclass
class Filing:
    """Turns a course into rows. `figures` None: nothing was ever filled in."""

    world: World
    term: Term
    union_id: int
    middle_id: int
    course: Course
    duty_id: int
    return_id: int
    members: int
    signer: int | None
    decider: int | None

    def write_duty(self, rows: Rows) -> None:
        course, term, random = self.course, self.term, self.world.random
        first = course.moves[0][1] if course.moves else None
        last_day = max(term.due, course.extended_to or term.due)
        returns = [at for kind, at in course.moves if kind == "return"]
        if returns:
            last_day = max(last_day, self.correction_day(returns[-1]))
        state = DutyState.WAIVED if course.is_waived else DUTY_STATES[course.state]
        note = ""
        if course.is_waived or course.extended_to:
            note = random.choice(WAIVER_NOTES if course.is_waived else EXTENSION_NOTES)
            self._decision(rows, note)
        rows.duties.append((
            self.duty_id, self.union_id, self.middle_id, term.rule_id, term.period.code, term.opens, term.due, last_day,
            str(state), str(self.timeliness(first)), first, course.moves[-1][1] if course.state == "accepted" else None,
            len(returns), course.extended_to, note, self.members,
        ))  # fmt: skip

    def timeliness(self, first: datetime.datetime | None) -> Timeliness:
        """The same rule as unions.duties.timeliness_at, before there is a row to ask it of."""
        if first is None:
            return Timeliness.NONE
        day = timezone.localdate(first)
        if day <= self.term.due:
            return Timeliness.ON_TIME
        extended = self.course.extended_to
        return Timeliness.EXTENDED if extended and day <= extended else Timeliness.LATE

    def correction_day(self, at: datetime.datetime) -> datetime.date:
        return self.world.calendar.shift(timezone.localdate(at), 3)

    def _decision(self, rows: Rows, note: str) -> None:
        """An extension or exemption is granted before the due day, by the tier above."""
        if not self.term.keeps_events:
            return
        at = min(self.world.now, bulk.office_time(self.world.calendar.shift(self.term.due, -2), 15, 20))
        if self.course.is_waived:
            action, target, data = "duty.waive", DutyState.WAIVED, "{}"
        else:
            action, target = "duty.extend", DutyState.OPEN
            data = bulk.as_json({"until": self.course.extended_to.isoformat()})
        rows.events.append(
            (self.union_id, action, DUTY, self.duty_id, at, self.decider, str(DutyState.OPEN), str(target), note, data)
        )

    def write_return(
        self, rows: Rows, figures: dict, sources: str, explanations: dict, concerns: int, narrative: str = "",
        shortfall: str = "[]", included: str = "[]",
    ) -> None:  # fmt: skip
        """The return as it stands now, and for recent periods how it got there."""
        course, state = self.course, self.course.state
        submits = [at for kind, at in course.moves if kind == "submit"]
        decisions = [at for kind, at in course.moves if kind != "submit"]
        stored, given = bulk.as_json(figures), bulk.as_json(explanations)
        saved = submits[-1] - timedelta(minutes=3) if submits else self.term.clock.recently(self.world.random, 3)
        decided = decisions[-1] if decisions else None
        rows.returns.append((
            self.return_id, self.union_id, self.middle_id, self.duty_id, self.term.version_id, self.term.period.code, state,
            stored, sources, given, narrative, False, shortfall, included, len(submits), concerns, self.signer,
            submits[-1] if submits else None, self.signer if submits else None, decided,
            self.decider if decided else None, saved, check_code(self.return_id, len(submits)) if submits else "", 1 + len(course.moves) + (1 if submits else 2),
        ))  # fmt: skip
        for number, at in enumerate(submits, 1):
            if self.term.keeps_events:
                rows.rounds.append((self.return_id, number, stored, given, narrative, at, self.signer))
        self._moves(rows)

    def _moves(self, rows: Rows) -> None:
        source, number = ReturnState.DRAFT, 0
        targets = {"submit": ReturnState.SUBMITTED, "return": ReturnState.RETURNED, "accept": ReturnState.ACCEPTED}
        for kind, at in self.course.moves:
            by, reason = (self.signer if kind == "submit" else self.decider), ""
            number += kind == "submit"
            data = {"round": number}
            if kind == "return":
                share_of = [share for share, *_words in behaviour.ERRORS]
                _share, code, reason, remark = self.world.random.choices(behaviour.ERRORS, share_of)[0]
                data["due"] = self.correction_day(at).isoformat()
                rows.remarks.append((self.return_id, code, remark, number, at, self.decider))
            if self.term.keeps_events:
                rows.events.append((
                    self.union_id, f"return.{kind}", RETURN, self.return_id, at, by, str(source), str(targets[kind]), reason,
                    bulk.as_json(data),
                ))  # fmt: skip
            source = targets[kind]


def narrative(random: Random) -> str:
    """One in four writes something beside the figures."""
    return random.choice(NARRATIVES) if random.random() < 0.25 else ""


def grassroots(world: World, term: Term, ledger: Ledger, course: Course, ids: tuple[int, int]) -> Filing:
    desks = world.desks
    decider = desks.reviewers.get(ledger.middle) or desks.chairs.get(ledger.middle)
    return Filing(
        world, term, ledger.pk, ledger.middle, course, *ids, int((ledger.last or {}).get("members", ledger.members[0])),
        desks.chairs.get(ledger.pk), decider,
    )  # fmt: skip


def file_grassroots(rows: Rows, filing: Filing, ledger: Ledger, index: int) -> dict | None:
    """The rows of a grassroots union's quarter; answers its figures where it filed any."""
    filing.write_duty(rows)
    course, random, sheet = filing.course, filing.world.random, filing.term.sheet
    if not course.state or course.is_waived:
        return None
    figures = ledger.figures(random, index)
    if course.state == "draft":
        begun, sources = sheet.begun(figures)
        filing.write_return(rows, begun, bulk.as_json(sources), {}, 0)
        return None
    explanations, concerns = sheet.explain(random, figures, ledger.last, ledger.union)
    filing.write_return(rows, sheet.stored(figures), sheet.sources, explanations, concerns, narrative(random))
    if course.state == "accepted":
        ledger.last = figures
    return figures
