"""The duties of funds and disclosure: the budget of the year, what the catalogue asks for in a rhythm, the annual set,
the plan of fund audits.

All are fulfilled by what stands in other tables: the move that brings it there reports it (`follow_…`), and what was there
before its duty opened is found by the clock (`settle_…`). No page fulfils anything by being looked at (docs/adr/0084).
"""

from datetime import datetime

from django.db.models import Case, CharField, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Cast, Coalesce, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from disclosure.annual import REVIEW, SEE, SIGN, WRITE
from disclosure.annual_publishing import PART, WHOLE, complete
from disclosure.annual_seeds import RULE
from disclosure.duty_seeds import ANNUAL_SET, AUDIT_PLAN, BUDGET, CATALOGUE, FUNDS
from disclosure.enums import BudgetState, BulletinState
from disclosure.models import AnnualReport, AnnualSection, Budget, Bulletin, CatalogueItem, Execution, FundAudit
from disclosure.models.budgets import EXECUTION
from unions.calendar import WorkCalendar
from unions.duties import (
    Task,
    note,
    record_acceptance,
    record_return,
    record_submission,
    record_withdrawal,
    settle,
    tasks,
)
from unions.enums import DutyState
from unions.kit.links import link
from unions.kit.periods import Period
from unions.models import Duty, DutyRule, Event, Union, User
from unions.permissions import Permission

S = BudgetState
ANNUAL = (PART, WHOLE)
ACCOUNTS = "accounts"  # of the catalogue's categories
WITHDRAWN = "bulletin.withdraw"  # as the workflow records it


def duty_of(union: Union | int, rule: str, period: str) -> Duty | None:
    return Duty.objects.select_related("rule").filter(union=union, rule__key=rule, period=period).first()


def year_of(duty: Duty) -> int:
    return Period.parse(duty.period).year


def _stand(duty: Duty | None, at: datetime | None, bulletin: Bulletin) -> None:
    """Fulfilled by what was published at that moment; owed again, its first day kept, once the bulletin was withdrawn and
    nothing else is public."""
    if duty is None:
        return
    if at and duty.is_outstanding:
        record_acceptance(record_submission(duty, at=at), at=at)
    elif at is None and duty.state == DutyState.FULFILLED:
        acts = Event.objects.filter(model=Bulletin._meta.label, object_id=bulletin.pk, action=WITHDRAWN)
        act = acts.select_related("by").first()
        note(record_withdrawal(duty), "reopen", DutyState.FULFILLED, by=act.by, reason=act.reason, data={})


# --- the budget of the year ----------------------------------------------------------------------------------------


def follow_budget(budget: Budget) -> None:
    """The year's first version goes to the tier above, is accepted or comes back; adjustments change nothing."""
    duty = None if budget.is_adjustment else duty_of(budget.union_id, BUDGET, str(budget.year))
    if duty is None or duty.state == DutyState.WAIVED:
        return
    if budget.state == S.RETURNED:
        record_return(duty, last_day=WorkCalendar().shift(timezone.localdate(), duty.rule.correction_days))
        return
    if duty.is_outstanding:
        duty = record_submission(duty, at=budget.filed_at)
    if budget.state == S.ACCEPTED:
        record_acceptance(duty, at=budget.decided_at)


def settle_budgets(rule: DutyRule) -> int:
    filed = _of_the_year(Budget.objects.filter(number=1, state__in=(S.SUBMITTED, S.ACCEPTED)))
    return settle(
        Duty.objects.filter(rule=rule), Subquery(filed.values("filed_at")[:1]),
        Subquery(filed.filter(state=S.ACCEPTED).values("decided_at")[:1]),
    )  # fmt: skip


def _of_the_year(rows: QuerySet) -> QuerySet:
    """Those of a duty's union and year."""
    return rows.annotate(code=Cast("year", CharField())).filter(union=OuterRef("union"), code=OuterRef("period"))


def _budget_way(user: User, duty: Duty) -> str | None:
    found = Budget.objects.visible_to(user, SEE).newest().filter(union=duty.union_id, year=year_of(duty)).first()
    if found:
        return reverse("disclosure:budget", args=[found.pk])
    return reverse("disclosure:budget-add", args=[duty.union_id]) if user.has_perm(WRITE, duty) else None


def _budgets(duties: list[Duty]) -> dict[int, str]:
    """How far each union's budget is; one query for all."""
    rows = Budget.objects.newest().filter(union__in=_unions(duties), year__in={year_of(duty) for duty in duties})
    found = {(one.union_id, one.year): one.get_state_display() for one in rows.only("union", "year", "state")}
    words = _("The budget: %(state)s.")
    return {
        duty.pk: words % {"state": state} for duty in duties if (state := found.get((duty.union_id, year_of(duty))))
    }


def _unions(duties: list[Duty]) -> set[int]:
    return {duty.union_id for duty in duties}


# --- what the catalogue asks for in a rhythm -----------------------------------------------------------------------


def _of_period(rows: QuerySet[Bulletin], rule: DutyRule, period: Period) -> QuerySet[Bulletin]:
    """Bulletins of the rule's items that tell of a period: by the day of the matter; an execution of a budget by its last
    day, which has to be the period's. Parts of the annual report have a duty of their own."""
    whole = Execution.objects.filter(pk=OuterRef("source_id"), until_on=period.end)
    days = Q(occurred_on__range=(period.start, period.end)) & ~Q(source=EXECUTION)
    rows = rows.filter(item__rule=rule).exclude(source__in=ANNUAL)
    return rows.filter(days | Q(Exists(whole), source=EXECUTION))


def follow_bulletin(bulletin: Bulletin) -> None:
    """A bulletin is out, or was withdrawn."""
    if bulletin.source in ANNUAL:
        _follow_set(bulletin)
        return
    rule = bulletin.item.rule
    if rule is None or rule.task != CATALOGUE:
        return
    day = bulletin.occurred_on
    if bulletin.source == EXECUTION:
        day = Execution.objects.values_list("until_on", flat=True).get(pk=bulletin.source_id)
    period = rule.period_of(day)
    rows = _of_period(Bulletin.objects.out().filter(union=bulletin.union_id), rule, period)
    _stand(duty_of(bulletin.union_id, rule.key, period.code), rows.aggregate(at=Min("published_at"))["at"], bulletin)


def settle_catalogue(rule: DutyRule) -> int:
    """Period by period, and only of unions that have published something of it."""
    owed, count = Duty.objects.filter(rule=rule).outstanding().order_by(), 0
    for code in owed.values_list("period", flat=True).distinct():
        out = _of_period(Bulletin.objects.out(), rule, Period.parse(code))
        first = Subquery(out.filter(union=OuterRef("union")).order_by("published_at").values("published_at")[:1])
        count += settle(owed.filter(period=code, union__in=out.values("union")), first, first)
    return count


def _catalogue_way(user: User, duty: Duty) -> str | None:
    """Its bulletin; before there is one, the execution of the budget that becomes it, else a new bulletin of the item."""
    seen = Bulletin.objects.visible_to(user, Permission.BULLETIN_VIEW).filter(union=duty.union_id)
    made = _of_period(seen.exclude(state=BulletinState.WITHDRAWN), duty.rule, Period.parse(duty.period))
    if bulletin := made.order_by("-published_at", "-pk").first():
        return reverse("disclosure:bulletin", args=[bulletin.pk])
    item = CatalogueItem.objects.filter(rule=duty.rule, tier=duty.union.tier).select_related("category").first()
    if item and item.category.key == ACCOUNTS:
        budgets = Budget.objects.visible_to(user, SEE).in_force()
        if budget := budgets.filter(union=duty.union_id, year=year_of(duty)).first():
            return f"{reverse('disclosure:budget', args=[budget.pk])}#execution"
    if item is None or not user.has_perm(Permission.BULLETIN_WRITE, duty):
        return None
    return f"{reverse('disclosure:bulletin-write', args=[duty.union_id])}?item={item.pk}"


def _disclosures(duties: list[Duty]) -> dict[int, str]:
    """How far each is: the bulletin on its way, or the execution that becomes one; two queries for each period."""
    found: dict[int, str] = {}
    for rule, code in {(duty.rule, duty.period) for duty in duties}:
        period = Period.parse(code)
        of_it = [duty for duty in duties if (duty.rule, duty.period) == (rule, code)]
        rows = _of_period(Bulletin.objects.filter(union__in=_unions(of_it)), rule, period)
        told = {
            one.union_id: _("The bulletin: %(state)s.") % {"state": one.get_state_display()}
            for one in rows.order_by("pk")
        }
        entered = Execution.objects.filter(union__in=_unions(of_it), until_on=period.end) if rule.key == FUNDS else ()
        for one in entered:
            words = _("The execution of the budget: %(state)s; not published yet.") % {
                "state": one.get_state_display()
            }
            told.setdefault(one.union_id, words)
        found |= {duty.pk: told.get(duty.union_id, _("Nothing published yet.")) for duty in of_it}
    return found


# --- the annual set ------------------------------------------------------------------------------------------------


def _published(reports: QuerySet[AnnualReport]) -> QuerySet[AnnualReport]:
    """Those that are published whole, with the moment (`out_at`): of the bulletin of the whole, or of the last part."""
    out = Bulletin.objects.out()
    parts = AnnualSection.objects.filter(report=OuterRef(OuterRef("pk"))).values("pk")
    of_parts = out.filter(source=PART, source_id__in=parts).order_by().values("source")
    return complete(reports).annotate(
        out_at=Coalesce(
            Subquery(out.filter(source=WHOLE, source_id=OuterRef("pk")).values("published_at")[:1]),
            Subquery(of_parts.annotate(last=Max("published_at")).values("last")),
        )
    )


def _follow_set(bulletin: Bulletin) -> None:
    told = Q(pk=bulletin.source_id) if bulletin.source == WHOLE else Q(sections=bulletin.source_id)
    report = AnnualReport.objects.get(told)
    out = _published(AnnualReport.objects.filter(pk=report.pk)).first()
    _stand(duty_of(report.union_id, ANNUAL_SET, str(report.year)), out and out.out_at, bulletin)


def settle_sets(rule: DutyRule) -> int:
    at = Subquery(_of_the_year(_published(AnnualReport.objects.all())).values("out_at")[:1])
    return settle(Duty.objects.filter(rule=rule).outstanding(), at, at)


def _set_way(user: User, duty: Duty) -> str | None:
    """The report, where its parts are published."""
    seen = AnnualReport.objects.visible_to(user, SEE).filter(union=duty.union_id, year=year_of(duty))
    if report := seen.first():
        return reverse("disclosure:annual", args=[report.pk])
    writing = duty_of(duty.union_id, RULE, duty.period)
    return reverse("disclosure:annual-write", args=[writing.pk]) if writing and user.has_perm(WRITE, duty) else None


def _sets(duties: list[Duty]) -> dict[int, str]:
    """How many parts are published; one query for all."""
    made = Bulletin.objects.out().filter(source=PART, source_id=OuterRef("pk"), union=OuterRef("union"))
    rows = AnnualSection.objects.filter(
        report__union__in=_unions(duties), report__year__in={year_of(duty) for duty in duties}
    )
    found: dict[tuple[int, int], list[bool]] = {}
    for union, year, is_out in rows.annotate(out=Exists(made)).values_list("union", "report__year", "out"):
        found.setdefault((union, year), []).append(is_out)
    words = _("%(out)d of %(parts)d parts published.")
    return {
        duty.pk: words % {"out": sum(parts), "parts": len(parts)}
        for duty in duties
        if (parts := found.get((duty.union_id, year_of(duty))))
    }


# --- the plan of fund audits ---------------------------------------------------------------------------------------


def follow_plan(auditor: Union, year: int) -> None:
    """Audits were put into the plan of a year in this union's name."""
    duty = duty_of(auditor, AUDIT_PLAN, str(year))
    if duty and duty.is_outstanding:
        at = timezone.now()
        record_acceptance(record_submission(duty, at=at), at=at)


def settle_plans(rule: DutyRule) -> int:
    """A plan from before its duty opened: done when it is found."""
    plans = FundAudit.objects.standing().annotate(code=Cast("year", CharField()))
    at = Case(When(Exists(plans.filter(auditor=OuterRef("union"), code=OuterRef("period"))), then=Now()))
    return settle(Duty.objects.filter(rule=rule).outstanding(), at, at)


def _plan_way(user: User, duty: Duty) -> str | None:
    seen = FundAudit.objects.visible_to(user, Permission.BULLETIN_VIEW).filter(
        auditor=duty.union_id, year=year_of(duty)
    )
    if seen.exists():
        return link("disclosure:fund-audit-list", year=year_of(duty))
    return reverse("disclosure:fund-audit-plan") if user.has_perm(Permission.FUND_AUDIT, duty) else None


def _plans(duties: list[Duty]) -> dict[int, str]:
    return {duty.pk: _("No audit of the year is in the plan yet.") for duty in duties}


# --- the register --------------------------------------------------------------------------------------------------


def way_to(user: User, duty: Duty) -> str | None:
    """Where this person does it or looks at what was done; nothing where there is neither."""
    return WAYS[duty.rule.task](user, duty)


WAYS = {BUDGET: _budget_way, CATALOGUE: _catalogue_way, ANNUAL_SET: _set_way, AUDIT_PLAN: _plan_way}


def _address(duty: Duty) -> str:
    return reverse("disclosure:duty-way", args=[duty.pk])


def register() -> None:
    """Called once when the app is ready."""
    shared = {
        "action": pgettext_lazy("duty", "Publish"), "is_open_to": lambda user, duty: way_to(user, duty) is not None,
        "fill": WRITE, "sign": SIGN, "review": REVIEW,
    }  # fmt: skip
    plan = {**shared, "action": gettext_lazy("Plan a year")}
    tasks.add(BUDGET, Task(_address, **plan, progress=_budgets, settle=settle_budgets))
    tasks.add(CATALOGUE, Task(_address, **shared, progress=_disclosures, settle=settle_catalogue))
    tasks.add(ANNUAL_SET, Task(_address, **shared, progress=_sets, settle=settle_sets))
    audits = {
        **shared,
        "action": gettext_lazy("Plan audits"),
        "fill": Permission.FUND_AUDIT,
        "sign": Permission.FUND_AUDIT,
    }
    tasks.add(AUDIT_PLAN, Task(_address, **audits, progress=_plans, settle=settle_plans))
