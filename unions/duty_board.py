"""The overdue board: per middle-tier union and duty, how many unions are late beyond the last step of the ladder."""

from django.db.models import Count, Min, QuerySet, Sum
from django.utils import timezone

from unions.enums import Audience
from unions.models import Duty, DutyRule, ReminderStep, Union, User
from unions.permissions import Permission


def board_rows(user: User, late: QuerySet) -> dict:
    """Rows by middle-tier union and rule with the number on the board, of all overdue ones, and the oldest last day;
    three statements however many duties there are."""
    today = timezone.localdate()
    overdue = Duty.objects.visible_to(user, Permission.DUTY_VIEW).overdue(today)
    key = ("middle", "rule")
    all_late = {
        tuple(row[name] for name in key): row["count"]
        for row in overdue.order_by().values(*key).annotate(count=Count("pk"))
    }
    rows = list(
        late.order_by().values(*key).annotate(count=Count("pk"), members=Sum("members"), since=Min("last_day"))
    )
    unions = Union.objects.in_bulk({row["middle"] for row in rows if row["middle"]})
    rules = DutyRule.objects.in_bulk({row["rule"] for row in rows})
    for row in rows:
        row["overdue"] = all_late.get((row["middle"], row["rule"]), 0)
        row["middle"], row["rule"] = unions.get(row["middle"]), rules[row["rule"]]
        row["days"] = (today - row["since"]).days
    rows.sort(key=lambda row: (-row["count"], row["middle"].pinyin if row["middle"] else "", row["rule"].key))
    return {
        "rows": rows,
        "count": sum(row["count"] for row in rows),
        "overdue": sum(all_late.values()),
        "middles": len({row["middle"].pk for row in rows if row["middle"]}),
        "members": sum(row["members"] for row in rows),
        "steps": board_steps(),
        "today": today,
    }


def board_steps() -> list[tuple[int, list[str]]]:
    """From which working day on duties stand here, with the rules that say so."""
    steps = ReminderStep.objects.filter(audience=Audience.BOARD, is_active=True, rule__is_active=True)
    found: dict[int, list[str]] = {}
    for step in steps.select_related("rule").order_by("rule__key", "offset").distinct("rule__key"):
        found.setdefault(step.offset, []).append(step.rule.name)
    return sorted(found.items())
