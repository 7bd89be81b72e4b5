"""What happens to duties: first submission, return, acceptance, extension, exemption; and the totals that follow.

Apps register what fulfils a rule (`tasks`) and report to the functions here; rates and reminders read duties alone.
"""

from collections.abc import Callable, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from unions.enums import DutyState, Timeliness, UnionKind
from unions.kit.registry import Registry
from unions.models import Duty, DutyRule, DutyTotal, Event, Union, User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.wall import system
from unions.workflow import Invalid, MoveError


@dataclass(frozen=True)
class Task:
    """What fulfils the duties of a rule: where a duty is done and where a reviewer looks at a period of them."""

    url: Callable[[Duty], str]
    review_url: Callable[[DutyRule, str], str] | None = None
    progress: Callable[[list[Duty]], dict[int, str]] | None = None  # duty id → “18 figures filled in, 2 to check”
    # Whether this person finds anything at `url`; without it everybody who sees the duty does.
    is_open_to: Callable[[User, Duty], bool] | None = None
    action: str = ""  # what the button says that leads there; by itself it speaks of filling in
    # Who is reminded: whoever fills it in, whoever answers for it, whoever reviews it at the tier above.
    fill: Permission = Permission.RETURN_FILL
    sign: Permission = Permission.RETURN_SUBMIT
    review: Permission = Permission.RETURN_REVIEW
    # For a rule without a rhythm of the calendar: freezes the duties of those unions whose time has come.
    open: Callable[[DutyRule, date], int] | None = None
    # For what stands in other tables: records in bulk what fulfils duties of the rule by now. Safe to repeat.
    settle: Callable[[DutyRule], int] | None = None
    # The last day to which the superior may extend a duty, and what follows an extension, in the same transaction.
    latest: Callable[[Duty], date | None] = lambda duty: None
    extended: Callable[[Duty], None] = lambda duty: None
    # What else this person may do about a duty that is outstanding: (what the button says, where it leads).
    remedies: Callable[[User, Duty], list[tuple[str, str]]] = lambda user, duty: []


tasks: Registry[Task] = Registry("duty task")


def timeliness_at(duty: Duty, at: datetime) -> Timeliness:
    """On time: by the end of the due day. Within the extension: after it, but by the day granted."""
    day = timezone.localdate(at)
    if day <= duty.due_on:
        return Timeliness.ON_TIME
    return Timeliness.EXTENDED if duty.extended_to and day <= duty.extended_to else Timeliness.LATE


def _locked(duty: Duty) -> Duty:
    return Duty.objects.select_for_update(no_key=True).get(pk=duty.pk)


def record_submission(duty: Duty, *, at: datetime | None = None) -> Duty:
    """A submission came in. Only the first decides timeliness (Statistics Law: a correction is not a late report)."""
    duty, at = _locked(duty), at or timezone.now()
    if duty.first_submitted_at is None:
        duty.first_submitted_at, duty.timeliness = at, timeliness_at(duty, at)
    return _store(duty, DutyState.SUBMITTED)


def record_withdrawal(duty: Duty) -> Duty:
    """The union took back what it had submitted or published; the first submission stays on record."""
    duty = _locked(duty)
    duty.fulfilled_at = None
    return _store(duty, DutyState.OPEN)


def record_return(duty: Duty, *, last_day: date) -> Duty:
    """The superior sent it back; the union has until `last_day`."""
    duty = _locked(duty)
    duty.return_count += 1
    duty.last_day = max(last_day, duty.due_on)
    duty.fulfilled_at = None
    return _store(duty, DutyState.RETURNED)


def record_acceptance(duty: Duty, *, at: datetime | None = None) -> Duty:
    duty = _locked(duty)
    duty.fulfilled_at = at or timezone.now()
    return _store(duty, DutyState.FULFILLED)


def record_reopening(duty: Duty) -> Duty:
    """What had fulfilled it counts for something else: it is owed again, as if nothing had come in."""
    duty = _locked(duty)
    duty.first_submitted_at, duty.timeliness, duty.fulfilled_at = None, Timeliness.NONE, None
    return _store(duty, DutyState.OPEN)


@transaction.atomic
def settle(duties: QuerySet[Duty], done_at: Combinable, accepted_at: Combinable) -> int:
    """Record what fulfils these duties by what stands in other tables: when it was done and, where somebody decides on it,
    accepted. Both are looked up in the database, null where there is nothing; a few statements for any number."""
    found = duties.order_by().annotate(done=done_at, accepted=accepted_at).filter(done__isnull=False)
    owed = Q(state__in=(DutyState.OPEN, DutyState.RETURNED)) | Q(state=DutyState.SUBMITTED, accepted__isnull=False)
    rows = found.filter(owed).order_by("pk").select_for_update(of=("self",), no_key=True)
    places = {
        pk: (rule, period, middle) for pk, rule, period, middle in rows.values_list("pk", "rule", "period", "middle")
    }
    if not places:
        return 0
    found.filter(pk__in=places).update(
        timeliness=Case(
            When(first_submitted_at__isnull=False, then=F("timeliness")),
            When(done__date__lte=F("due_on"), then=Value(Timeliness.ON_TIME)),
            When(done__date__lte=F("extended_to"), then=Value(Timeliness.EXTENDED)),
            default=Value(Timeliness.LATE),
        ),
        first_submitted_at=Coalesce("first_submitted_at", "done"),
        state=Case(When(accepted__isnull=False, then=Value(DutyState.FULFILLED)), default=Value(DutyState.SUBMITTED)),
        fulfilled_at=F("accepted"),
    )
    for rule, period in sorted({place[:2] for place in places.values()}):
        refresh_totals(rule, period, {middle for *place, middle in places.values() if place == [rule, period]})
    return len(places)


def note(duty: Duty, action: str, before: str, *, by: User | None, reason: str, data: dict) -> None:
    """Put what was decided elsewhere into the duty's own history."""
    Event.objects.create(
        union_id=duty.union_id, action=f"duty.{action}", model="unions.Duty", object_id=duty.pk, by=by,
        source=before, target=duty.state, reason=reason, data=data,
    )  # fmt: skip


def _store(duty: Duty, state: DutyState) -> Duty:
    duty.state = state
    duty.save()
    refresh_totals(duty.rule_id, duty.period, [duty.middle_id])
    return duty


@transaction.atomic
def grant_extension(duty: Duty, *, until: date, reason: str, by: User) -> Duty:
    """The superior allows a later day. Asked for before the due day or not, it is counted apart from “on time”."""
    duty = _locked(duty)
    if not reason.strip():
        raise Invalid(_("Say why the extension is granted."), {"reason": _("Say why the extension is granted.")})
    if until <= duty.due_on:
        raise Invalid(_("Choose a later day."), {"until": _("The new day must come after the due day.")})
    if not duty.is_outstanding:
        raise MoveError(_("This duty is submitted or done already."))
    _demand_within(duty, until)
    duty.extended_to = duty.last_day = until
    duty.note = reason.strip()
    if duty.first_submitted_at:
        duty.timeliness = timeliness_at(duty, duty.first_submitted_at)
    decided = _decide(duty, duty.state, "extend", by, reason, {"until": until.isoformat()})
    if task := tasks.get(duty.rule.task):
        task.extended(decided)
    return decided


def latest_day(duty: Duty) -> date | None:
    """The last day to which this duty can be extended; None where nothing bounds it."""
    task = tasks.get(duty.rule.task)
    return task.latest(duty) if task else None


def _demand_within(duty: Duty, until: date) -> None:
    latest = latest_day(duty)
    if latest and until > latest:
        sentence = _("Until %(day)s at the latest.") % {"day": latest.isoformat()}
        raise Invalid(sentence, {"until": sentence})


@transaction.atomic
def waive(duty: Duty, *, reason: str, by: User) -> Duty:
    """The superior exempts the union this once: neither expected nor missing."""
    duty = _locked(duty)
    if not reason.strip():
        raise Invalid(_("Say why the union is exempt."), {"reason": _("Say why the union is exempt.")})
    if duty.state not in (DutyState.OPEN, DutyState.RETURNED):
        raise MoveError(_("This duty is submitted or done already."))
    duty.note = reason.strip()
    return _decide(duty, DutyState.WAIVED, "waive", by, reason, {})


@transaction.atomic
def demand_again(duty: Duty, *, by: User) -> Duty:
    """Take an exemption back."""
    duty = _locked(duty)
    if duty.state != DutyState.WAIVED:
        raise MoveError(_("This duty is not exempt."))
    return _decide(duty, DutyState.RETURNED if duty.return_count else DutyState.OPEN, "demand", by, "", {})


def may_decide(user: User, duty: Duty) -> bool:
    """Extensions and exemptions are the superior's to give: nobody gives one to the union they work for."""
    return user.has_perm(Permission.DUTY_MANAGE, duty.union.superior or duty.union)


def open_request(duty: Duty) -> Event | None:
    """The union's request for an extension that nobody has answered yet."""
    last = (
        Event.objects.filter(model="unions.Duty", object_id=duty.pk, action__in=[f"duty.{a}" for a in _ANSWERED])
        .select_related("by")
        .first()
    )
    if last is None or last.action != "duty.ask" or not duty.is_outstanding:
        return None
    last.until = date.fromisoformat(last.data["until"])
    return last


@transaction.atomic
def ask_extension(duty: Duty, *, until: date, reason: str, by: User) -> Duty:
    """The union asks its superior for a later day; only before the last day has passed (supervision rules)."""
    duty = _locked(duty)
    if not duty.is_outstanding or duty.last_day < timezone.localdate():
        raise MoveError(_("An extension can be asked for until the last day, as long as the duty is not submitted."))
    if open_request(duty):
        raise MoveError(_("An extension has been asked for already; the superior union has not answered yet."))
    if until <= duty.last_day:
        raise Invalid(_("Choose a later day."), {"until": _("The new day must come after the last day.")})
    _demand_within(duty, until)
    return _record(duty, duty.state, "ask", by, reason, {"until": until.isoformat()})


@transaction.atomic
def decline_extension(duty: Duty, *, reason: str, by: User) -> Duty:
    """The superior says no; the last day stays."""
    duty = _locked(duty)
    if not open_request(duty):
        raise MoveError(_("There is no request to decline: it has been answered, or the duty is submitted."))
    if not reason.strip():
        raise Invalid(_("Say why the request is declined."), {"reason": _("Say why the request is declined.")})
    return _record(duty, duty.state, "decline", by, reason, {})


_ANSWERED = ("ask", "decline", "extend", "waive")


def _decide(duty: Duty, state: str, action: str, by: User, reason: str, data: dict) -> Duty:
    before, duty.state = duty.state, state
    duty.save()
    _record(duty, before, action, by, reason, data)
    refresh_totals(duty.rule_id, duty.period, [duty.middle_id])
    return duty


def _record(duty: Duty, before: str, action: str, by: User, reason: str, data: dict) -> Duty:
    """The event, and a notice to the other side: a request goes up, an answer comes down."""
    event = Event.objects.create(
        union_id=duty.union_id, action=f"duty.{action}", model="unions.Duty", object_id=duty.pk, by=by,
        source=before, target=duty.state, reason=reason.strip(), data=data,
    )  # fmt: skip
    union, task = duty.union, tasks.get(duty.rule.task)
    if action == "ask":
        people = holders(Permission.DUTY_MANAGE, union.superior or union)
    else:
        people = {p.pk: p for permission in _told(task) for p in holders(permission, union)}.values()
    params = {
        "union": union.name, "zh": duty.rule.name_zh, "en": duty.rule.name_en, "period": duty.period, "by": str(by),
        "reason": reason.strip(), **data,
    }  # fmt: skip
    notify(
        [person for person in people if person.pk != by.pk], f"duty.{action}", union=union, params=params,
        url=reverse("unions:duty", args=[duty.pk]), key=f"duty.{duty.pk}.{event.pk}",
    )  # fmt: skip
    return duty


def _told(task: Task | None) -> tuple[Permission, Permission]:
    return (task.fill, task.sign) if task else (Permission.RETURN_FILL, Permission.RETURN_SUBMIT)


def running_below(unions: Iterable[Union]) -> QuerySet[Duty]:
    """The duties of these subtrees whose period is not over. Periods that are over keep what they closed with."""
    paths = [union.path for union in unions]
    return Duty.objects.filter(union__path__below_any=paths, last_day__gte=timezone.localdate()).order_by()


def refresh_moved(moved: Iterable[Union], middles: Iterable[int | None]) -> None:
    """Unions have moved with their subtrees: count the periods still running anew for the middle-tier unions that they
    left and joined."""
    for rule_id, period in running_below(moved).values_list("rule", "period").distinct():
        refresh_totals(rule_id, period, middles)


_COUNTED = {
    "expected": "count(*) FILTER (WHERE state <> 'waived')",
    "submitted": "count(*) FILTER (WHERE state <> 'waived' AND timeliness <> '')",
    "on_time": "count(*) FILTER (WHERE state <> 'waived' AND timeliness = 'on_time')",
    "extended": "count(*) FILTER (WHERE state <> 'waived' AND timeliness = 'extended')",
    "accepted": "count(*) FILTER (WHERE state = 'fulfilled')",
    "returned": "count(*) FILTER (WHERE state <> 'waived' AND timeliness <> '' AND return_count > 0)",
    "waived": "count(*) FILTER (WHERE state = 'waived')",
    "members_expected": "coalesce(sum(members) FILTER (WHERE state <> 'waived'), 0)",
    "members_submitted": "coalesce(sum(members) FILTER (WHERE state <> 'waived' AND timeliness <> ''), 0)",
    "members_accepted": "coalesce(sum(members) FILTER (WHERE state = 'fulfilled'), 0)",
}
_NAMES = ", ".join(DutyTotal.COUNTS)
_UPSERT = f"""
    ON CONFLICT (union_id, rule_id, period) DO UPDATE SET ({_NAMES}) = ROW({", ".join(f"EXCLUDED.{n}" for n in DutyTotal.COUNTS)})
"""


_waiting: ContextVar[dict[tuple[int, str], set[int | None]] | None] = ContextVar("waiting", default=None)


@contextmanager
def batched_totals():
    """Within it, totals are counted once at the end instead of after every duty (bulk acts, one transaction)."""
    token = _waiting.set({})
    try:
        yield
        waiting = _waiting.get()
    finally:
        _waiting.reset(token)
    for (rule_id, period), middles in sorted(waiting.items()):
        refresh_totals(rule_id, period, middles)


def refresh_totals(rule_id: int, period: str, middles: Iterable[int | None]) -> None:
    """Count the duties of these middle-tier unions anew, then the district from the rows directly below and its own.
    One at a time for each rule and period: a sum made before another's commit would overwrite it with less."""
    ids = sorted({middle for middle in middles if middle is not None})
    if (waiting := _waiting.get()) is not None:
        waiting.setdefault((rule_id, period), set()).update(ids)
        return
    counted = ", ".join(_COUNTED[name] for name in DutyTotal.COUNTS)
    summed = ", ".join(f"sum({name})" for name in DutyTotal.COUNTS)
    with transaction.atomic(), system("adds up duties"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7403, hashtext(%s))", [f"{rule_id}.{period}"])
        cursor.execute(
            f"INSERT INTO unions_dutytotal (union_id, middle_id, rule_id, period, {_NAMES}) "
            # From the unions asked for, not from the duties: one whose last duty moved away counts zero.
            f"SELECT m.id, m.id, %s, %s, {counted} FROM unnest(%s::bigint[]) AS m(id) "
            "LEFT JOIN unions_duty d ON d.middle_id = m.id AND d.rule_id = %s AND d.period = %s GROUP BY m.id "
            f"ORDER BY m.id {_UPSERT}",
            [rule_id, period, ids, rule_id, period],
        )
        cursor.execute(
            f"INSERT INTO unions_dutytotal (union_id, middle_id, rule_id, period, {_NAMES}) "
            f"SELECT d.id, NULL, %s, %s, {summed} FROM unions_union d CROSS JOIN LATERAL ("
            f"SELECT {_NAMES} FROM unions_dutytotal WHERE rule_id = %s AND period = %s AND middle_id IS NOT NULL UNION ALL "
            f"SELECT {counted} FROM unions_duty WHERE rule_id = %s AND period = %s AND union_id = d.id) t({_NAMES}) "
            f"WHERE d.kind = %s GROUP BY d.id {_UPSERT}",
            [rule_id, period, rule_id, period, rule_id, period, UnionKind.DISTRICT],
        )
