"""Annual reports of the made-up district: those of past years mostly accepted and heard, the newest also late, returned, missing."""

import datetime
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.db import connection
from django.utils import timezone

from assemblies.models import Meeting
from assemblies.models.meetings import YEARLY
from disclosure.annual_seeds import RULE
from disclosure.demo import annual_hearing, annual_words
from disclosure.demo.annual_words import OUTCOMES, PLANS, Figures
from disclosure.enums import AnnualSource, AnnualState
from disclosure.models import AnnualPart, AnnualPromise, AnnualReport, AnnualSection, AnnualSheet
from unions.calendar import WorkCalendar
from unions.demo import bulk
from unions.demo.people import Desks
from unions.duties import refresh_totals
from unions.enums import DutyState, Tier, Timeliness
from unions.kit.periods import Period
from unions.models import Duty, DutyRule, Run, Union
from unions.opening import OPEN, open_due, open_period, opening_day

S = AnnualState
STAGES = ((S.ACCEPTED, 88), (S.SUBMITTED, 4), (S.RETURNED, 3), (None, 5))
LATE = 0.07
BATCH = 2000
RETURNED_FOR = "经费收支说明过于笼统，请补充主要支出项目和用途后重新报送。"
DUTY_STATES = {S.ACCEPTED: DutyState.FULFILLED, S.SUBMITTED: DutyState.SUBMITTED, S.RETURNED: DutyState.RETURNED}

# A report's duty: one round, so that its first submission is its only one.
_DUTIES = f"""
    UPDATE unions_duty d SET state = s.duty_state, first_submitted_at = r.submitted_at,
           timeliness = CASE WHEN (r.submitted_at AT TIME ZONE %(zone)s)::date <= d.due_on
                             THEN '{Timeliness.ON_TIME}' ELSE '{Timeliness.LATE}' END,
           fulfilled_at = CASE WHEN r.state = '{S.ACCEPTED}' THEN r.decided_at END,
           return_count = CASE WHEN r.state = '{S.RETURNED}' THEN 1 ELSE 0 END,
           last_day = CASE WHEN r.state = '{S.RETURNED}' THEN greatest(d.due_on, %(correct)s) ELSE d.last_day END
    FROM disclosure_annualreport r
    JOIN unnest(%(states)s, %(duty_states)s) AS s(state, duty_state) ON s.state = r.state
    WHERE r.duty_id = d.id
"""


@dataclass
class Scene:
    """What every report is drawn from: one source of chance, the calendar, the people, the unions shown to visitors."""

    random: Random
    desks: Desks
    shown: dict[Tier, Union]
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    today: date = field(default_factory=timezone.localdate)
    figures: dict[tuple[int, int], Figures] = field(default_factory=dict)

    @property
    def latest(self) -> date:
        """Whatever happened has happened by now, at whatever hour it is made."""
        return self.today - timedelta(days=1)

    def at(self, day: date) -> datetime.datetime:
        return bulk.office_time(day, self.random.randrange(9, 17), self.random.randrange(60))


def write(
    random: Random, shown: dict[Tier, Union], desks: Desks, years: int, tell: Callable[[int, int], None]
) -> None:
    """The reports on so many years that are over, then the duties of whatever has opened since."""
    scene, rule = Scene(random, desks, shown), DutyRule.objects.get(key=RULE)
    periods = Period(scene.today.year - 1).last(years)
    open_since(rule, periods)
    duties = Duty.objects.filter(rule=rule, period__in=[period.code for period in periods]).select_related("union")
    street = shown[Tier.MIDDLE].pk
    below = [one.union_id for one in duties.filter(middle=street, period=periods[-1].code).order_by("pk")]
    desk = dict(zip([u for u in below if u not in _pks(shown)], (S.SUBMITTED, S.RETURNED, None), strict=False))
    made = [
        _report(scene, duty, desk, is_newest=duty.period == periods[-1].code)
        for duty in duties.order_by("period", "pk")
    ]
    reports = [report for report in made if report]
    _account(scene, reports)
    _hear_at_assemblies(scene, reports)
    AnnualReport.objects.bulk_create(reports, batch_size=BATCH)
    _fill(scene, reports)
    _settle(scene, rule, periods)
    bulk.write_events(row for report in reports for row in _events(scene, report))
    annual_hearing.write(scene, reports)
    open_due(rule, scene.today)
    tell(len(reports), len(reports))


def _pks(shown: dict[Tier, Union]) -> set[int]:
    return {union.pk for union in shown.values()}


def open_since(rule: DutyRule, periods: list[Period]) -> None:
    """The duty reaches back as far as what fulfils it does, as in a portal that took over the years before it."""
    DutyRule.objects.filter(pk=rule.pk).update(first_period=min(rule.first_period, periods[0].code))
    rule.refresh_from_db()
    for period in periods:
        open_period(rule, period)
        at = bulk.office_time(opening_day(rule, period), 6)
        Run.objects.filter(task=OPEN, slot=f"{rule.pk}:{period.code}").update(started_at=at, finished_at=at)


def _report(scene: Scene, duty: Duty, desk: dict[int, str | None], *, is_newest: bool) -> AnnualReport | None:
    """One report by its course: filed between the new year and a little after the due day, decided within days. What
    waits or was returned came in lately."""
    random, calendar, union = scene.random, scene.calendar, duty.union
    states, shares = zip(*STAGES, strict=True)
    state = random.choices(states, shares)[0]
    if union.tier is not Tier.GRASSROOTS or union.pk in _pks(scene.shown):
        state = S.ACCEPTED
    elif is_newest and union.pk in desk:
        state = desk[union.pk]
    elif not is_newest and state:
        state = S.ACCEPTED
    first = calendar.on_or_after(date(int(duty.period) + 1, 1, 5))
    if state == S.ACCEPTED:
        is_late = random.random() < LATE and union.pk not in _pks(scene.shown)
        filed = duty.due_on + timedelta(days=random.randint(2, 25) if is_late else -int(random.expovariate(1 / 16)))
        filed = max(first, calendar.on_or_after(filed) if is_late else calendar.shift(filed, -1))
        decided = calendar.shift(filed, random.randint(1, 6))
    else:
        filed, decided = calendar.shift(scene.today, -random.randint(4, 8)), calendar.shift(scene.today, -2)
    if union.tier is Tier.DISTRICT:
        decided = filed
    by = signer_of(scene, union)
    if state is None or by is None or not first <= filed <= scene.latest:
        return None
    if decided > scene.latest or state == S.SUBMITTED:
        state, decided = S.SUBMITTED, None
    at = scene.at(filed)
    return AnnualReport(
        duty=duty, union=union, year=int(duty.period), state=state, rounds=1, revision=3 if decided else 2, filled_by_id=by,
        saved_at=at - timedelta(minutes=4), submitted_at=at, submitted_by_id=by,
        decided_at=(at if decided == filed else scene.at(decided)) if decided else None,
        decided_by_id=decider_of(scene, union) if decided else None,
    )  # fmt: skip


def signer_of(scene: Scene, union: Union) -> int | None:
    return scene.desks.district if union.tier is Tier.DISTRICT else scene.desks.chairs.get(union.pk)


def decider_of(scene: Scene, union: Union) -> int | None:
    if union.tier is not Tier.GRASSROOTS:
        return scene.desks.district
    return scene.desks.reviewers.get(union.middle_id) or scene.desks.chairs.get(union.middle_id)


def _account(scene: Scene, reports: list[AnnualReport]) -> None:
    """Sheet and accounts; each year goes on from the balance of the one before."""
    sheets = {
        s.tier: s for s in AnnualSheet.objects.order_by("-first_year").prefetch_related("parts__prompts", "heads")
    }
    scene.figures = annual_words.figures_of(sorted({report.year for report in reports}))
    balances: dict[tuple[int, int], Decimal] = {}
    for report in reports:
        report.sheet = sheets[report.union.tier]
        key = (report.union_id, report.year)
        before = balances.get((report.union_id, report.year - 1))
        annual_words.fill_accounts(scene.random, report, scene.figures.get(key, {}), before)
        balances[key] = report.balance


def _hear_at_assemblies(scene: Scene, reports: list[AnnualReport]) -> None:
    """An accepted report was heard by the first assembly after its year, or by one at the very end of it."""
    held: dict[int, list[Meeting]] = defaultdict(list)
    rows = Meeting.objects.filter(kind__in=YEARLY, held_on__lte=scene.latest).held()
    for meeting in rows.only("union", "held_on", "title").order_by("held_on", "pk"):
        held[meeting.union_id].append(meeting)
    for report in reports:
        if report.state == S.ACCEPTED and report.union.tier is Tier.GRASSROOTS:
            since = date(report.year, 11, 15)
            fitting = [m for m in held[report.union_id] if since <= m.held_on and m.held_on.year <= report.year + 1]
            report.meeting = fitting[0] if fitting else None
            report.heard_on = fitting[0].held_on if fitting else None


def _fill(scene: Scene, reports: list[AnnualReport]) -> None:
    """Words under every heading, promises for the year to come, and what became of the last ones."""
    random, told = scene.random, {(report.union_id, report.year) for report in reports}
    promises: dict[tuple[int, int], list[AnnualPromise]] = {}
    outcomes, shares = zip(*OUTCOMES, strict=True)
    for report in reports:
        plans = random.sample(PLANS[report.union.tier], random.randint(2, 3))
        made = [AnnualPromise(report=report, number=number, text=plan) for number, plan in enumerate(plans, 1)]
        for promise in made if (report.union_id, report.year + 1) in told else ():
            promise.outcome = random.choices(outcomes, shares)[0]
            promise.account = annual_words.ACCOUNTS_OF[promise.outcome]
        promises[report.union_id, report.year] = made
    AnnualSection.objects.bulk_create(
        (
            AnnualSection(report=report, part=part, texts=_texts(scene, report, part, promises))
            for report in reports
            for part in report.sheet.parts.all()
        ),
        batch_size=2 * BATCH,
    )
    AnnualPromise.objects.bulk_create((one for made in promises.values() for one in made), batch_size=2 * BATCH)


def _texts(
    scene: Scene, report: AnnualReport, part: AnnualPart, promises: dict[tuple[int, int], list[AnnualPromise]]
) -> dict:
    figures, found = scene.figures.get((report.union_id, report.year), {}), {}
    for prompt in part.prompts.all():
        if prompt.source == AnnualSource.PLAN:
            words = "\n".join(one.text for one in promises[report.union_id, report.year])
        elif prompt.source == AnnualSource.PROMISES:
            words = annual_words.review([o.outcome for o in promises.get((report.union_id, report.year - 1), ())])
        else:
            words = annual_words.text(scene.random, prompt, report, figures)
        found[str(prompt.pk)] = words
    return found


def _settle(scene: Scene, rule: DutyRule, periods: list[Period]) -> None:
    """The duties say what became of them, and the totals are counted anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DUTIES,
            {
                "zone": timezone.get_current_timezone_name(), "correct": scene.calendar.shift(scene.today, 8),
                "states": [state.value for state in DUTY_STATES], "duty_states": [s.value for s in DUTY_STATES.values()],
            },
        )  # fmt: skip
    middles = list(Union.objects.of_tier(Tier.MIDDLE).values_list("pk", flat=True))
    for period in periods:
        refresh_totals(rule.pk, period.code, middles)


def _events(scene: Scene, report: AnnualReport) -> list[tuple]:
    row = lambda name, at, source, target, by, reason="", **data: (  # noqa: E731
        report.union_id, f"annualreport.{name}", AnnualReport._meta.label, report.pk, at, by, source, target, reason,
        bulk.as_json(data),
    )  # fmt: skip
    signed, filed = report.submitted_by_id, report.submitted_at
    if report.union.tier is Tier.DISTRICT:
        return [row("conclude", filed, "draft", "accepted", signed, round=1)]
    found = [row("submit", filed, "draft", "submitted", signed, round=1)]
    if report.state == S.ACCEPTED:
        found.append(row("accept", report.decided_at, "submitted", "accepted", report.decided_by_id))
    elif report.state == S.RETURNED:
        due = scene.calendar.shift(scene.today, 8).isoformat()
        found.append(
            row("return", report.decided_at, "submitted", "returned", report.decided_by_id, RETURNED_FOR, due=due)
        )
    if report.meeting:
        at = max(bulk.office_time(report.heard_on, 17), filed + timedelta(minutes=20))
        found.append(row("hear", at, "", "", signed, where=report.meeting.title))
    return sorted(found, key=lambda each: each[4])
