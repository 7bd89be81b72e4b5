"""Previewing and importing a whole roster against merely reading the workbook."""

import sys
import tempfile
from pathlib import Path

from benchmarks.harness import Report, Result, milliseconds, person, undone


def measure(report: Report) -> None:
    """The roster as the portal itself exports it, with one column changed in every other row."""
    import python_calamine
    from django.core.files import File

    from unions import import_jobs
    from unions.exports import roster_workbook
    from unions.importing import importers
    from unions.models import Union
    from unions.permissions import Permission

    report.title("Roster")
    staff = person("staff")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        unions = (
            Union.objects.visible_to(staff, Permission.UNION_VIEW).select_related("parent").order_by("pinyin", "pk")
        )
        exporting = milliseconds(lambda: path.write_bytes(roster_workbook(unions, reveals_phones=True)))

        def merely_read() -> list:
            return python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()

        rows = len(merely_read())
        floor = min(milliseconds(merely_read) for _each in range(3))
        report.add(
            Result(f"reading {rows} rows", floor),
            Result("exporting them", exporting, floor=floor, floor_name="merely reading"),
        )
        with undone():
            # Half of the register is different from the file, so that there is something to import.
            changed = list(Union.objects.extra(where=["id %% 2 = 0"]))
            for union in changed:
                union.chair_phone = "13000000000"
            Union.objects.bulk_update(changed, ["chair_phone"], batch_size=1000)
            quiet = lambda *_given, **_more: None  # noqa: E731
            with path.open("rb") as body:
                batch = import_jobs.take_in(importers["roster"], File(body), by=staff, name=path.name)
            preview = milliseconds(lambda: import_jobs.read(batch, quiet, guess=True))
            counts = dict(batch.counts)
            commit = milliseconds(lambda: import_jobs.commit(batch, quiet))
            batch.file.delete(save=False)
        report.add(
            Result("preview", preview, floor=floor, floor_name="merely reading", note=str(counts)),
            Result("commit", commit, floor=floor, floor_name="merely reading"),
        )


if __name__ == "__main__":
    from benchmarks.__main__ import run

    sys.exit(run(["roster"], sys.argv[1:]))
