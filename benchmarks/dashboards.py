"""Dashboards against the empty page, and at ten years of history against one."""

import sys

from benchmarks.harness import Report, Result, browser, medians, page, person, undone

TARGET, YEARS_TARGET = 4.0, 1.1


def measure(report: Report) -> None:
    from django.urls import reverse

    report.title("Dashboards")
    staff = person("staff")
    district, client = reverse("unions:union", args=[staff.union.pk]), browser(staff)
    leader, street = person("leader"), person("street")
    own, chair = reverse("unions:union", args=[street.union.pk]), browser(street)
    acts = {
        "empty page": page(client, "/benchmark/empty/"),
        "district dashboard": page(client, district),
        "district's tab of assemblies": page(client, f"{district}?tab=assemblies"),
        "home of the district's staff": page(client, reverse("unions:home")),
        "home of the leader": page(browser(leader), reverse("unions:home")),
        "street's dashboard": page(chair, own),
        "street's tab of assemblies": page(chair, f"{own}?tab=assemblies"),
        "home of the street's chair": page(chair, reverse("unions:home")),
    }
    taken = medians(acts, report.size.repeats)
    floor = taken.pop("empty page")
    for name, spent in taken.items():
        report.add(Result(name, spent, floor=floor, floor_name="empty page", target=TARGET))
    all_years = medians(
        {name: acts[name] for name in ("district dashboard", "street's dashboard")}, report.size.repeats
    )
    with undone():
        forget_older_years()
        one_year = medians({name: acts[name] for name in all_years}, report.size.repeats)
        for name, spent in all_years.items():
            report.add(
                Result(
                    f"{name}: {report.size.years} years", spent, floor=one_year[name], floor_name="one year",
                    target=YEARS_TARGET if report.size.years > 1 else None,
                )
            )  # fmt: skip


def forget_older_years() -> None:
    """Only the last four quarters stay, in this transaction. Rows that nobody points at any more are enough to go:
    the dashboards read totals and duties."""
    from django.db import connection

    from disclosure.models import Return

    kept = sorted(set(Return.objects.values_list("period", flat=True).distinct()))[-4:]
    with connection.cursor() as cursor:
        for table, column in (
            ("disclosure_returnround", "filing_id"), ("disclosure_remark", "filing_id"),
        ):  # fmt: skip
            cursor.execute(
                f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM disclosure_return WHERE period < %s)",
                [kept[0]],
            )
        cursor.execute(
            "DELETE FROM unions_reminder WHERE duty_id IN (SELECT id FROM unions_duty WHERE period < %s)", [kept[0]]
        )
        for table in ("disclosure_return", "unions_duty", "disclosure_total", "unions_dutytotal"):
            cursor.execute(f"DELETE FROM {table} WHERE period < %s", [kept[0]])
            cursor.execute("SELECT portal_analyze(%s::regclass[])", [[table]])


if __name__ == "__main__":
    from benchmarks.__main__ import run

    sys.exit(run(["dashboards"], sys.argv[1:]))
