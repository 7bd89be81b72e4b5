"""Annual reports at any stage, moved there by whoever may."""

import datetime

from django.utils import timezone

from disclosure import annual
from disclosure.annual_seeds import RULE
from disclosure.models import AnnualReport
from unions.models import Duty, DutyRule, Union, User
from unions.workflow import perform

YEAR = 2026


def duty_of(union: Union, year: int = YEAR, **given) -> Duty:
    """The open duty to report on a year."""
    today = timezone.localdate()
    given = {"opens_on": today, "due_on": today + datetime.timedelta(days=30), **given}
    given.setdefault("last_day", given["due_on"])
    return Duty.objects.get_or_create(
        rule=DutyRule.objects.get(key=RULE),
        union=union,
        period=str(year),
        defaults={"members": union.members, **given},
    )[0]


def begun(union: Union, by: User, year: int = YEAR) -> AnnualReport:
    return annual.ensure(duty_of(union, year), by=by)


def words(report: AnnualReport) -> dict[str, str]:
    """Something under each heading and in the accounts, and every promise kept."""
    sheet = report.sheet
    plan = {f"t.{p.pk}" for part in sheet.parts.all() for p in part.prompts.filter(source="plan")}
    given = {f"t.{p.pk}": f"{p.title}：已落实。" for part in sheet.parts.all() for p in part.prompts.all()}
    given |= dict.fromkeys(plan, "建成职工之家\n办好食堂")
    heads = list(sheet.heads.all())
    income, expense = (next(head for head in heads if head.side == side) for side in ("income", "expense"))
    promises = annual.Year(report.union, report.year).promises
    kept = {f"o.{one.pk}": "kept" for one in promises}
    return {**given, **kept, "a.before": "1000", f"a.{income.pk}": "20000", f"a.{expense.pk}": "15000.50"}


def written(union: Union, by: User, year: int = YEAR) -> AnnualReport:
    """Nothing is missing."""
    report = begun(union, by, year)
    return annual.save_report(report.duty, by=by, values=words(report))[0]


def filed(union: Union, by: User, year: int = YEAR) -> AnnualReport:
    return perform(written(union, by, year), "submit", by=by)


def accepted(union: Union, by: User, above: User, year: int = YEAR) -> AnnualReport:
    return perform(filed(union, by, year), "accept", by=above)
