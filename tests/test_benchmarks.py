"""The scripts that measure: what they hold against a promise, and that each part is there."""

import importlib

import pytest

from benchmarks.__main__ import PARTS
from benchmarks.harness import QUICK, Report, Result, medians


def test_a_ratio_is_held_against_its_promise():
    assert Result("page", 20.0, floor=10.0, floor_name="empty page", target=3.0).is_met
    assert Result("page", 40.0, floor=10.0, floor_name="empty page", target=3.0).is_met is False
    assert Result("page", 40.0, floor=10.0).is_met is None


def test_a_count_is_held_against_its_promise_itself():
    assert Result("statements", 30, "", target=30, is_count=True).is_met
    assert Result("statements", 31, "", target=30, is_count=True).is_met is False
    assert Result("errors", 0, "", target=0, is_count=True).is_met


def test_the_report_names_what_was_missed(tmp_path, capsys):
    report = Report(QUICK)
    report.add(Result("slow", 9.0, floor=1.0, floor_name="floor", target=2.0), Result("quick", 1.0))
    assert [result.name for result in report.missed] == ["slow"]
    assert "MISSED" in capsys.readouterr().out
    report.write(tmp_path / "figures.json")
    assert '"ratio": 9.0' in (tmp_path / "figures.json").read_text()


def test_medians_leave_out_the_first_rounds():
    spent = iter([5, 5, 0, 0, 0])
    calls = []
    medians({"act": lambda: calls.append(next(spent))}, 3)
    assert len(calls) == 5


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_one_command(part):
    assert callable(importlib.import_module(f"benchmarks.{part}").measure)
