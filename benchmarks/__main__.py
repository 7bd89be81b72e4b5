"""`python -m benchmarks [part …] [--quick] [--json FILE]`: all parts, or those named."""

import argparse
import importlib
import sys
from pathlib import Path

from benchmarks.harness import FULL, QUICK, ROOT, Report, district, settle

PARTS = (
    "lists",
    "scope",
    "grants",
    "dashboards",
    "acceptance",
    "opening",
    "reminders",
    "roster",
    "wall",
    "load",
    "public",
)


def run(parts: list[str], arguments: list[str]) -> int:
    """Measure these parts on one district; 1 where a promise was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="600 unions and one year, to try the scripts")
    parser.add_argument("--json", type=Path, help="where the figures go")
    given = parser.parse_args(arguments)
    size = QUICK if given.quick else FULL
    chosen = given.parts or parts
    if unknown := [part for part in chosen if part not in PARTS]:
        parser.error(f"there is no part {', '.join(unknown)}; choose from {', '.join(PARTS)}")
    report = Report(size)
    with district(size):
        for part in chosen:
            importlib.import_module(f"benchmarks.{part}").measure(report)
            settle()
    target = given.json or ROOT / ".run" / f"benchmarks-{size.name}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    report.write(target)
    print(f"\n{len(report.results)} figures in {target}; missed: {[r.name for r in report.missed] or 'none'}")
    return bool(report.missed)


if __name__ == "__main__":
    sys.exit(run(list(PARTS), sys.argv[1:]))
