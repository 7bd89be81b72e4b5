"""The review queue: the duties whose returns a person decides on, in tabs, with last quarter beside them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosure.enums import FormKind
from disclosure.models import Return, Total
from disclosure.prefill import last_of_many
from disclosure.rules import as_number
from unions.enums import DutyState
from unions.kit.periods import Period
from unions.models import Duty, Event, Reminder, UnionGrant, User
from unions.notices import notify
from unions.permissions import Permission

TABS = {
    "waiting": _("To be reviewed"),
    "again": _("Submitted again"),
    "returned": _("Returned"),
    "accepted": _("Accepted"),
    "missing": _("Not submitted"),
}
_CONDITIONS = {
    "waiting": Q(state=DutyState.SUBMITTED, filing__rounds__lte=1),
    "again": Q(state=DutyState.SUBMITTED, filing__rounds__gt=1),
    "returned": Q(state=DutyState.RETURNED),
    "accepted": Q(state=DutyState.FULFILLED),
    "missing": Q(state=DutyState.OPEN),
}


def queue_of(user: User, period: Period) -> QuerySet:
    """The duties of one period whose returns this person accepts or returns."""
    duties = Duty.objects.visible_to(user, Permission.RETURN_REVIEW).filter(period=period.code)
    return duties.filter(rule__form__isnull=False, opens_on__lte=timezone.localdate())


def counts_of(duties: QuerySet) -> dict[str, int]:
    """How many stand in each tab: one query."""
    return duties.order_by().aggregate(**{name: Count("pk", filter=which) for name, which in _CONDITIONS.items()})


def in_tab(duties: QuerySet, tab: str, search: str = "") -> QuerySet:
    """The rows of one tab; those with something to look at first, then by time."""
    rows = duties.filter(_CONDITIONS[tab])
    if search:
        for word in search.upper().split():
            rows = rows.filter(union__search_text__contains=word)
    rows = rows.select_related("union", "rule", "filing__version__form")
    if tab == "missing":
        return rows.order_by("last_day", "-members", "pk")
    return rows.order_by("-filing__concerns", "filing__submitted_at", "pk")


@dataclass
class Line:
    """One row of the queue."""

    duty: Duty
    filing: Return | None
    last: dict = field(default_factory=dict)
    chased: int = 0

    @property
    def members(self) -> Decimal | None:
        return as_number(self.filing.figures.get("members")) if self.filing and self.filing.rounds else None

    @property
    def last_members(self) -> Decimal | None:
        return as_number(self.last.get("members"))

    @property
    def explained(self) -> int:
        return len(self.filing.explanations) if self.filing else 0

    @property
    def noted(self) -> int:
        return max(0, self.filing.concerns - self.explained) if self.filing else 0


def lines_of(duties: Iterable[Duty], period: Period) -> list[Line]:
    """Rows with last quarter's figures and how often the union was chased: the same few queries for any length."""
    duties = list(duties)
    by_kind: dict[str, list[Duty]] = {}
    filings = {duty.pk: getattr(duty, "filing", None) for duty in duties}
    for duty in duties:
        if filing := filings[duty.pk]:
            by_kind.setdefault(filing.version.form.kind, []).append(duty)
    last: dict[int, dict] = {}
    before = period.previous().code
    if filed := by_kind.get(FormKind.FILED):
        last |= last_of_many([duty.union_id for duty in filed], filings[filed[0].pk].version.form_id, before)
    if summed := by_kind.get(FormKind.SUMMARY):
        form = filings[summed[0].pk].version.form.summed_from_id
        totals = Total.objects.filter(union__in=[d.union_id for d in summed], form=form, period=before)
        last |= dict(totals.values_list("union_id", "figures"))
    chased = chased_of([duty for duty in duties if duty.state == DutyState.OPEN])
    return [Line(d, filings[d.pk], last.get(d.union_id, {}), chased.get(d.pk, 0)) for d in duties]


def chased_of(duties: list[Duty]) -> dict[int, int]:
    """How often each was reminded, by the clock or by hand; the notice of the opening does not count."""
    if not duties:
        return {}
    found: dict[int, int] = {}
    fired = Reminder.objects.filter(duty__in=duties, is_skipped=False, step__at_opening=False)
    by_hand = Event.objects.filter(model=Duty._meta.label, object_id__in=[d.pk for d in duties], action="duty.chase")
    for pk in [*fired.values_list("duty_id", flat=True), *by_hand.values_list("object_id", flat=True)]:
        found[pk] = found.get(pk, 0) + 1
    return found


@transaction.atomic
def chase(duties: QuerySet, *, by: User) -> int:
    """Remind every union that has not submitted, now; once a day however often it is pressed. Returns how many."""
    today = timezone.localdate()
    waiting = list(
        duties.filter(_CONDITIONS["missing"]).select_related("union", "rule").select_for_update(of=("self",))
    )
    done = Event.objects.filter(
        model=Duty._meta.label, object_id__in=[duty.pk for duty in waiting], action="duty.chase", at__date=today
    )
    known = set(done.values_list("object_id", flat=True))
    fresh = [duty for duty in waiting if duty.pk not in known]
    people = people_of([duty.union_id for duty in fresh])
    for duty in fresh:
        kind = "disclosure:summary" if duty.rule.task == "summary" else "disclosure:return-fill"
        notify(
            people.get(duty.union_id, []), "return.chased", union=duty.union,
            params={"union": duty.union.name, "period": duty.period, "by": by.name, "due": duty.last_day.isoformat()},
            url=reverse(kind, args=[duty.pk]), key=f"duty.{duty.pk}.chased.{today:%Y%m%d}",
        )  # fmt: skip
    Event.objects.bulk_create(
        Event(union=duty.union, action="duty.chase", model=Duty._meta.label, object_id=duty.pk, by=by, source=duty.state, target=duty.state)
        for duty in fresh
    )  # fmt: skip
    return len(fresh)


def people_of(unions: list[int]) -> dict[int, list[User]]:
    """Who fills in for each of these unions: one query."""
    grants = UnionGrant.objects.in_force().filter(permission__codename=Permission.RETURN_FILL, user__is_active=True)
    found: dict[int, list[User]] = {}
    for grant in grants.filter(content_object__in=unions).select_related("user").distinct():
        people = found.setdefault(grant.content_object_id, [])
        if grant.user not in people:
            people.append(grant.user)
    return found
