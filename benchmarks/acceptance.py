"""Accepting a return with its totals: how many statements, whatever the size of the street."""

import sys

from benchmarks.harness import Report, Result, medians, person, queries, undone

TARGET = 30


def measure(report: Report) -> None:
    """In a small and in the largest middle-tier union, so that a count that grows with the tree would show."""
    from django.db.models import Count

    from disclosure.models import Return
    from unions.models import Union
    from unions.workflow import perform

    report.title("Accepting a return, totals included")
    waiting = Return.objects.filter(
        state="submitted", union__parent__isnull=False, version__form__code="quarterly-return"
    )
    by_street = list(waiting.values_list("middle").annotate(n=Count("pk")).order_by("middle"))
    sizes = {pk: Union.objects.filter(middle=pk).count() for pk, _n in by_street}
    smallest, largest = min(sizes, key=sizes.get), max(sizes, key=sizes.get)
    counts = {}
    for name, middle in (("smallest", smallest), ("largest", largest)):
        filing = waiting.filter(middle=middle).select_related("union").first()
        reviewer = person(f"{filing.middle.code}r") if filing.middle.name != "望京街道总工会" else person("reviewer")

        def accept(filing=filing, reviewer=reviewer) -> None:
            with undone():
                perform(Return.objects.get(pk=filing.pk), "accept", by=reviewer)

        accept()  # what a process reads once is read now
        with undone():
            counts[name] = queries(lambda f=filing, r=reviewer: perform(Return.objects.get(pk=f.pk), "accept", by=r))
        spent = medians({"accept": accept}, report.size.repeats)["accept"]
        below = Return.objects.filter(middle=middle, period=filing.period)
        add = medians({"floor": lambda below=below: [sum(int(f["members"]) for f in below.values_list("figures", flat=True) if f.get("members"))]}, report.size.repeats)  # fmt: skip
        report.add(
            Result(f"statements to accept in the {name} ({sizes[middle]} unions)", counts[name], "", target=TARGET, is_count=True),
            Result(f"accepting in the {name}", spent, floor=add["floor"], floor_name="reading the street's figures once"),
        )  # fmt: skip
    report.add(
        Result(
            "statements that grow with the street", counts["largest"] - counts["smallest"], "", target=0, is_count=True
        )
    )


if __name__ == "__main__":
    from benchmarks.__main__ import run

    sys.exit(run(["acceptance"], sys.argv[1:]))
