"""Opening a quarter: a duty for every active union, frozen in one statement."""

import sys

from benchmarks.harness import Report, Result, medians, undone


def measure(report: Report) -> None:
    from django.db import connection

    from unions.calendar import WorkCalendar
    from unions.models import Duty, DutyRule
    from unions.opening import open_period

    rule = DutyRule.objects.get(key="quarterly-return")
    from unions.kit.periods import Period

    coming = Period.parse(Duty.objects.filter(rule=rule).latest("period").period).next()
    opened = []

    def open_quarter() -> None:
        with undone():
            opened.append(open_period(rule, coming, calendar=WorkCalendar()))

    def merely_insert() -> None:
        """The same rows into a table without keys, triggers or indexes."""
        with undone(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE plain ON COMMIT DROP AS SELECT * FROM unions_duty LIMIT 0")
            cursor.execute(
                "INSERT INTO plain (union_id, middle_id, rule_id, period, members) "
                "SELECT id, middle_id, %s, %s, members FROM unions_union WHERE kind = ANY(%s)",
                [rule.pk, coming.code, rule.kinds],
            )

    report.title("Opening a quarter")
    taken = medians({"open": open_quarter, "floor": merely_insert}, max(3, report.size.repeats // 6))
    report.add(
        Result(
            f"opening {coming.code} for {opened[-1]} unions", taken["open"], floor=taken["floor"],
            floor_name="the same rows into a bare table",
        )
    )  # fmt: skip


if __name__ == "__main__":
    from benchmarks.__main__ import run

    sys.exit(run(["opening"], sys.argv[1:]))
