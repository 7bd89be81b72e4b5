"""The ladder of reminders: who must act hears of it, each step once, one digest a person and day.

Everything is set-based SQL in one transaction a rule, with unique keys: a crash leaves nothing half done, a second
run does nothing, a missed run is made up by the next one. Steps that came due together are folded into the last one.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from unions.calendar import WorkCalendar
from unions.duties import Task, tasks
from unions.enums import DeliveryState, DutyState, UnionKind
from unions.models import Duty, DutyRule, ReminderStep
from unions.notices import after_quiet_hours
from unions.permissions import Permission
from unions.settingbook import setting

_BEFORE_ALL = -10_000
MANY = 200
_DEFAULT_TASK = Task(url=lambda duty: "")


@dataclass(frozen=True)
class DueStep:
    """A step of the ladder that has come due for all duties that count from one day."""

    step: ReminderStep
    counted_from: date
    day: date

    @property
    def rank(self) -> int:
        return _BEFORE_ALL if self.step.at_opening else self.step.offset


@dataclass
class Taken:
    """What one rule's batch did."""

    steps: int = 0
    skipped: int = 0
    digests: int = 0
    mails: int = 0
    unreached: int = 0  # unions of which nobody has an account
    notices: list[int] = field(default_factory=list)

    def add(self, other: "Taken") -> None:
        for name in ("steps", "skipped", "mails", "unreached"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.notices = sorted({*self.notices, *other.notices})
        self.digests = len(self.notices)


def step_day(step: ReminderStep, counted_from: date, calendar: WorkCalendar) -> date:
    """The working day on which a step comes due. A last day that is a day off (granted so) is reminded of before."""
    if step.at_opening:
        return calendar.on_or_after(counted_from)
    if step.offset:
        return calendar.shift(counted_from, step.offset)
    return counted_from if calendar.is_workday(counted_from) else calendar.shift(counted_from, -1)


def due_steps(rule: DutyRule, today: date, calendar: WorkCalendar) -> list[DueStep]:
    """The steps that have come due by today, for each day that outstanding duties of the rule count from."""
    catch_up = timedelta(days=setting("reminders-catch-up"))
    steps = list(ReminderStep.objects.filter(rule=rule, is_active=True))
    duties = Duty.objects.filter(rule=rule).outstanding().opened(today).order_by()
    days = {
        True: set(duties.filter(opens_on__gte=today - catch_up * 2).values_list("opens_on", flat=True).distinct()),
        False: set(duties.values_list("last_day", flat=True).distinct()),
    }
    found = []
    for step in steps:
        for day in sorted(days[step.at_opening]):
            if not _may_have_come(step, day, today - catch_up, today):
                continue
            come = step_day(step, day, calendar)
            if today - catch_up <= come <= today:
                found.append(DueStep(step, day, come))
    return found


def _may_have_come(step: ReminderStep, counted_from: date, first: date, last: date) -> bool:
    """Whether the step's day can lie between two days at all: so many working days are at least as many days, and not
    twice as many and a long holiday. Months ahead, and for hundreds of last days, counting each would take seconds."""
    near = counted_from + timedelta(days=step.offset)
    far = counted_from + timedelta(days=2 * step.offset)
    slack = timedelta(days=31)
    return min(near, far) - slack <= last and max(near, far) + slack >= first


_TAKE = """
    WITH due AS (
        SELECT * FROM unnest(%(steps)s::bigint[], %(days)s::date[], %(audiences)s::text[], %(ranks)s::int[],
                             %(opening)s::boolean[], %(come)s::date[])
            AS t(step_id, counted_from, audience, rank, at_opening, day)
    ), come AS (
        SELECT d.id AS duty_id, due.step_id, due.counted_from,
               row_number() OVER (PARTITION BY d.id, due.audience ORDER BY due.rank DESC, due.step_id) > 1 AS is_skipped
        FROM unions_duty d
        JOIN due ON due.counted_from = CASE WHEN due.at_opening THEN d.opens_on ELSE d.last_day END
        WHERE d.rule_id = %(rule)s AND d.state = ANY(%(outstanding)s) AND d.opens_on <= due.day
          AND (d.state = %(open)s OR NOT due.at_opening)
    )
    INSERT INTO unions_reminder (duty_id, step_id, counted_from, fired_on, is_skipped)
    SELECT duty_id, step_id, counted_from, %(today)s, is_skipped FROM come
    WHERE NOT EXISTS (SELECT FROM unions_reminder r WHERE r.duty_id = come.duty_id AND r.step_id = come.step_id
                      AND r.counted_from = come.counted_from)
    ORDER BY duty_id, step_id
    ON CONFLICT (duty_id, step_id, counted_from) DO NOTHING
    RETURNING id, is_skipped
"""

_TELL = """
    WITH said AS (
        SELECT r.id AS reminder_id, s.audience, d.union_id,
               CASE WHEN u.id = u.middle_id THEN u.parent_id ELSE u.middle_id END AS superior_id
        FROM unions_reminder r
        JOIN unions_reminderstep s ON s.id = r.step_id
        JOIN unions_duty d ON d.id = r.duty_id
        JOIN unions_union u ON u.id = d.union_id
        WHERE r.id = ANY(%(reminders)s)
    ), granted AS (
        SELECT DISTINCT g.user_id, g.content_object_id AS union_id, p.codename
        FROM unions_uniongrant g
        JOIN auth_permission p ON p.id = g.permission_id
        JOIN unions_user x ON x.id = g.user_id AND x.is_active
        WHERE p.codename = ANY(%(permissions)s) AND g.starts_on <= %(today)s
          AND (g.ends_on IS NULL OR g.ends_on >= %(today)s)
    ), chairs AS (
        SELECT user_id, union_id FROM granted WHERE codename = %(sign)s
    ), fillers AS (
        SELECT user_id, union_id FROM granted f WHERE codename = %(fill)s AND NOT EXISTS (
            SELECT FROM chairs c WHERE c.user_id = f.user_id AND c.union_id = f.union_id)
    ), people AS (
        SELECT reminder_id, user_id FROM said JOIN fillers USING (union_id)
        WHERE audience = 'filler'
           OR audience = 'chair' AND NOT EXISTS (SELECT FROM chairs c WHERE c.union_id = said.union_id)
        UNION
        SELECT reminder_id, user_id FROM said JOIN chairs USING (union_id)
        WHERE audience = 'chair'
           OR audience = 'filler' AND NOT EXISTS (SELECT FROM fillers f WHERE f.union_id = said.union_id)
        UNION
        SELECT reminder_id, user_id FROM said JOIN granted g ON g.codename = %(review)s
           AND g.union_id = said.superior_id
        WHERE audience = 'superior'
        UNION
        SELECT reminder_id, user_id FROM said
        JOIN granted g ON g.codename = %(board)s
        JOIN unions_union u ON u.id = g.union_id AND u.kind = %(district)s
        WHERE audience = 'board'
    ), digests AS (
        INSERT INTO unions_notice (recipient_id, kind, params, url, key, created_at)
        SELECT DISTINCT user_id, 'digest', '{}'::jsonb, '', 'digest:' || user_id || ':' || %(day)s, %(now)s::timestamptz
        FROM people ORDER BY user_id
        ON CONFLICT (key) DO UPDATE SET read_at = NULL
        RETURNING id, recipient_id
    ), items AS (
        INSERT INTO unions_noticeitem (notice_id, reminder_id)
        SELECT digests.id, people.reminder_id FROM digests JOIN people ON people.user_id = digests.recipient_id
        ON CONFLICT (notice_id, reminder_id) DO NOTHING
        RETURNING notice_id
    )
    SELECT DISTINCT notice_id FROM items
"""

# What the digest says, from its items: own duties one by one, those of unions below and of the board as counts.
_WORD = """
    WITH lines AS (
        SELECT i.notice_id, d.id AS duty_id, d.union_id, d.rule_id, d.period, d.last_day, d.state, u.name AS union_name,
               CASE WHEN s.audience IN ('filler', 'chair') THEN 'own' WHEN s.audience = 'superior' THEN 'below'
                    ELSE 'board' END AS role,
               CASE WHEN d.last_day < %(today)s THEN 'late' WHEN d.state = 'returned' THEN 'returned'
                    WHEN s.at_opening THEN 'opened' WHEN d.last_day = %(today)s THEN 'today' ELSE 'before' END AS stage,
               above.name AS above_name
        FROM unions_noticeitem i
        JOIN unions_reminder r ON r.id = i.reminder_id
        JOIN unions_reminderstep s ON s.id = r.step_id
        JOIN unions_duty d ON d.id = r.duty_id
        JOIN unions_union u ON u.id = d.union_id
        LEFT JOIN unions_union above ON above.id = CASE WHEN u.id = u.middle_id THEN u.parent_id ELSE u.middle_id END
        WHERE i.notice_id = ANY(%(notices)s) AND d.state = ANY(%(outstanding)s)
    ), groups AS (
        SELECT notice_id, role, rule_id, period, min(stage) AS stage, min(last_day) AS last_day, 1 AS n,
               min(union_name) AS name, min(duty_id) AS duty_id
        FROM lines WHERE role = 'own' GROUP BY notice_id, role, rule_id, period, union_id
        UNION ALL
        SELECT notice_id, role, rule_id, period, stage, min(last_day),
               count(DISTINCT duty_id), CASE WHEN role = 'below' THEN min(above_name) ELSE '' END, min(duty_id)
        FROM lines WHERE role <> 'own'
        GROUP BY notice_id, role, rule_id, period, 5, CASE WHEN role = 'below' THEN above_name ELSE '' END
    ), worded AS (
        SELECT notice_id,
               jsonb_build_object('day', %(day)s::text, 'groups', jsonb_agg(jsonb_build_object(
                   'role', role, 'stage', stage, 'zh', rules.name_zh, 'en', rules.name_en, 'period', period,
                   'last_day', last_day, 'n', n, 'name', name, 'duty', duty_id)
                   ORDER BY array_position(ARRAY['own', 'below', 'board'], role), last_day, rules.key, name)) AS params,
               CASE WHEN count(*) FILTER (WHERE role = 'own') = 1 AND count(*) FILTER (WHERE role <> 'own') = 0
                    THEN replace(%(one_url)s, '/0/', '/' || min(duty_id) || '/')
                    WHEN bool_and(role = 'board') THEN %(board_url)s
                    WHEN bool_and(role <> 'own') AND bool_and(stage = 'late') THEN %(late_url)s
                    ELSE %(list_url)s END AS url
        FROM groups JOIN unions_dutyrule rules ON rules.id = groups.rule_id GROUP BY notice_id
    )
    UPDATE unions_notice n SET params = worded.params, url = worded.url FROM worded WHERE n.id = worded.notice_id
"""

_POST = """
    INSERT INTO unions_delivery (notice_id, channel, address, state, not_before, attempts, error)
    SELECT n.id, 'email', u.email, %(waiting)s, %(start)s, 0, ''
    FROM unions_notice n JOIN unions_user u ON u.id = n.recipient_id WHERE n.id = ANY(%(notices)s) AND u.email <> ''
    ORDER BY n.id
    ON CONFLICT (notice_id, channel) DO NOTHING
"""

_UNREACHED = """
    SELECT count(DISTINCT d.union_id) FROM unions_reminder r
    JOIN unions_reminderstep s ON s.id = r.step_id AND s.audience IN ('filler', 'chair')
    JOIN unions_duty d ON d.id = r.duty_id
    WHERE r.id = ANY(%(reminders)s) AND NOT EXISTS (SELECT FROM unions_noticeitem i WHERE i.reminder_id = r.id)
"""


@transaction.atomic
def take_steps(rule: DutyRule, *, today: date, now: datetime, calendar: WorkCalendar) -> Taken:
    """Take the steps of one rule that have come due: mark them, tell the people, put the e-mails into the outbox.
    A constant number of statements, whatever the number of duties."""
    come = due_steps(rule, today, calendar)
    if not come:
        return Taken()
    task = tasks.get(rule.task) or _DEFAULT_TASK
    given = {
        "steps": [c.step.pk for c in come], "days": [c.counted_from for c in come],
        "audiences": [c.step.audience for c in come], "ranks": [c.rank for c in come],
        "opening": [c.step.at_opening for c in come], "come": [c.day for c in come], "rule": rule.pk, "today": today, "day": today.isoformat(),
        "now": now, "open": DutyState.OPEN, "outstanding": [DutyState.OPEN, DutyState.RETURNED],
        "fill": task.fill, "sign": task.sign, "review": task.review, "board": Permission.RULE_EDIT,
        "permissions": [task.fill, task.sign, task.review, Permission.RULE_EDIT], "district": UnionKind.DISTRICT,
        "waiting": DeliveryState.WAITING, "start": after_quiet_hours(now),
        "one_url": reverse("unions:duty", args=[0]), "board_url": reverse("unions:board"),
        "late_url": reverse("unions:duty-list") + "?figure=overdue", "list_url": reverse("unions:duty-list"),
    }  # fmt: skip
    taken = Taken()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, given)
        rows = cursor.fetchall()
        taken.skipped = sum(is_skipped for _pk, is_skipped in rows)
        taken.steps = len(rows) - taken.skipped
        given["reminders"] = [pk for pk, is_skipped in rows if not is_skipped]
        if not given["reminders"]:
            return taken
        # The planner takes what was just written, and each WITH, for a row or ten: with thousands of them it would
        # compare each with each for minutes. By hash a round of any size takes seconds.
        cursor.execute("SET LOCAL enable_nestloop = %s", [len(given["reminders"]) < MANY])
        cursor.execute(_TELL, given)
        given["notices"] = taken.notices = [pk for (pk,) in cursor.fetchall()]
        taken.digests = len(taken.notices)
        if taken.notices:
            cursor.execute(_WORD, given)
            cursor.execute(_POST, given)
            taken.mails = cursor.rowcount
        cursor.execute(_UNREACHED, given)
        taken.unreached = cursor.fetchone()[0]
        cursor.execute("SET LOCAL enable_nestloop = on")
    return taken


def remind(today: date | None = None, *, now: datetime | None = None) -> Taken:
    """Take the steps of every active rule; for commands and tests. The clock calls `take_steps` rule by rule."""
    now = now or timezone.now()
    today, calendar, whole = today or timezone.localdate(now), WorkCalendar(), Taken()
    for rule in DutyRule.objects.filter(is_active=True):
        whole.add(take_steps(rule, today=today, now=now, calendar=calendar))
    return whole
