"""Figures of the old system: accepted returns with the day they were filed, duties and rates as they were, and back."""

import csv
import io
import json
from datetime import date

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from disclosure.imports import COLUMNS
from disclosure.models import Return, ReturnRound, Total
from tests.samples.rosters import roster_file, row_of
from unions import import_jobs
from unions.enums import BatchState, DutyState, Timeliness
from unions.importing import importers
from unions.models import Duty, DutyRule, DutyTotal, Event, ImportBatch, Run, Union


@pytest.fixture
def world(world):
    for app in apps.get_app_configs():
        if hasattr(app, "seed"):
            app.seed()
    return world


def nothing(*args, **kwargs):
    """Progress that nobody watches."""


def figures(union, quarter="2024年一季度", filed="2024-04-02", **given) -> dict:
    row = {column.key: 0 for column in COLUMNS}
    row |= {
        "code": union.code,
        "name": union.name,
        "period": quarter,
        "filed_on": filed,
        "workers": 100,
        "members": 90,
    }
    return {**row, "women_workers": 40, "women_members": 36, "income": "1234.50", "relief_money": "461.2", **given}


def csv_file(*rows) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.zh for column in COLUMNS])
    writer.writerows([row[column.key] for column in COLUMNS] for row in rows)
    return text.getvalue().encode("gb18030")


def preview(world, *rows) -> ImportBatch:
    upload = ContentFile(csv_file(*rows), name="历年.csv")
    return import_jobs.read(import_jobs.take_in(importers["quarters"], upload, by=world.officer), nothing)


def bring(world, *rows) -> ImportBatch:
    return import_jobs.commit(preview(world, *rows), nothing)


def codes(batch) -> list[list[str]]:
    return [[p["code"] for p in row.problems] for row in batch.rows.all()]


def test_a_row_becomes_an_accepted_return_with_its_duty_and_its_day(world):
    batch = bring(world, figures(world.factory))
    assert batch.state == BatchState.DONE
    filing = Return.objects.get()
    assert (filing.union, filing.period, filing.state, filing.middle) == (
        world.factory,
        "2024Q1",
        "accepted",
        world.wangjing,
    )
    assert (filing.figures["workers"], filing.figures["income"], filing.figures["relief_money"]) == (
        100,
        "1234.50",
        "461.20",
    )
    assert set(filing.sources.values()) == {"imported"}
    assert timezone.localtime(filing.submitted_at).isoformat() == "2024-04-02T12:00:00+08:00"
    duty = filing.duty
    assert (duty.state, duty.timeliness, duty.due_on) == (DutyState.FULFILLED, Timeliness.ON_TIME, date(2024, 4, 10))
    assert ReturnRound.objects.get().figures == filing.figures


@pytest.mark.parametrize(
    ("filed", "timeliness"), [("2024-04-10", "on_time"), ("2024-04-11", "late"), ("2024.5.3", "late")]
)
def test_the_due_day_of_that_quarter_decides_what_was_late(world, filed, timeliness):
    bring(world, figures(world.factory, filed=filed))
    assert Return.objects.get().duty.timeliness == timeliness


def test_unions_without_a_row_are_missing_so_that_rates_are_true(world):
    Union.objects.filter(pk=world.hotel.pk).update(founded_on=date(2025, 1, 1))
    bring(world, figures(world.factory))
    total = DutyTotal.objects.get(union=world.district, period="2024Q1")
    assert (total.expected, total.submitted, total.accepted, total.members_accepted) == (2, 1, 1, 90)
    assert Duty.objects.get(union=world.bank).state == DutyState.OPEN
    assert not Duty.objects.filter(union=world.hotel).exists(), "it was founded later"
    assert Total.objects.get(union=world.wangjing).figures["members"] == 90


def test_quarters_follow_from_one_another(world):
    bring(world, figures(world.factory), figures(world.factory, "2024年二季度", "2024-07-02", members=85, joined=3))
    last = Return.objects.get(period="2024Q2").figures
    assert (last["members_begin"], last["left"], last["members"]) == (90, 8, 85)


def test_each_defect_is_named(world):
    rows = [
        figures(world.factory, code="999999"),
        figures(world.factory, "2024年"),
        figures(world.factory, "2031年一季度"),
        figures(world.factory, "2019年一季度"),
        figures(world.factory, women_workers=101),
        figures(world.hotel, filed="2062-01-01"),
        figures(world.hotel, "2024年二季度", "2024-07-02", members=-1),
        figures(world.wangjing),
        figures(world.bank),
        figures(world.bank),
        figures(world.bank, "2024年二季度", "2024-07-01", name="别的名称"),
    ]
    batch = preview(world, *rows)
    assert codes(batch) == [
        ["union_unknown"], ["not_a_period"], ["period_ahead"], ["period_not_asked"], ["exceeds"], ["future"], ["negative"],
        ["kind_not_asked"], ["doubled_quarter"], ["doubled_quarter"], ["name_differs"],
    ]  # fmt: skip
    assert (batch.counts["new"], batch.counts["error"]) == (1, 10)


def test_the_same_file_again_changes_nothing_and_a_corrected_one_only_what_it_corrects(world):
    bring(world, figures(world.factory), figures(world.bank))
    assert preview(world, figures(world.factory), figures(world.bank)).counts["same"] == 2
    batch = bring(world, figures(world.factory, workers=120, filed="2024-05-01"), figures(world.bank))
    assert batch.counts["applied"]["changed"] == 1
    filing = Return.objects.get(union=world.factory)
    assert (filing.figures["workers"], filing.rounds, filing.duty.timeliness) == (120, 2, "late")
    assert Total.objects.get(union=world.district).figures["workers"] == 220


def test_what_was_filed_here_is_never_overwritten(world):
    bring(world, figures(world.factory))
    Return.objects.update(sources={"workers": "typed"})
    assert codes(preview(world, figures(world.factory, workers=105))) == [["filed_here"]]


def test_it_is_undone_with_the_quarters_that_only_it_had_opened(world):
    rule = DutyRule.objects.get(key="quarterly-return")
    batch = bring(world, figures(world.factory), figures(world.bank, "2024年二季度", "2024-07-02"))
    assert Run.objects.filter(slot=f"{rule.pk}:2024Q1").exists()
    assert import_jobs.take_back(batch, nothing).state == BatchState.UNDONE
    assert not (Return.objects.exists() or Duty.objects.filter(rule=rule).exists())
    assert not Run.objects.filter(slot__startswith=f"{rule.pk}:2024").exists()
    assert DutyTotal.objects.get(union=world.district, period="2024Q1").expected == 0
    assert Event.objects.filter(action="return.import_undo").count() == 2


def test_it_is_not_undone_where_a_return_was_reopened_since(world):
    batch = bring(world, figures(world.factory))
    Return.objects.update(revision=7)
    batch = import_jobs.take_back(batch, nothing)
    assert (batch.state, batch.counts["blocked"], Return.objects.count()) == (BatchState.DONE, 1, 1)


def test_a_street_may_not_bring_past_figures(world):
    assert not world.street_staff.has_perm(importers["quarters"].permission)


# --- the command ---------------------------------------------------------------------------------------------------


def run(capsys, *arguments) -> dict:
    call_command("import", *map(str, arguments))
    return json.loads(capsys.readouterr().out)


def test_the_command_counts_states_and_problems_and_writes_only_when_told(world, tmp_path, capsys):
    file, errors = tmp_path / "名册.xlsx", tmp_path / "errors.xlsx"
    file.write_bytes(roster_file([row_of(code="1101050260901"), row_of(workers=-1), row_of(workers=-2)]))
    said = run(capsys, "roster", file, "--as", world.officer.username, "--errors", errors)
    assert said["states"] == {"new": 1, "changed": 0, "same": 0, "error": 2}
    assert [(p["code"], p["rows"], bool(p["sentence"])) for p in said["problems"]] == [("negative", 2, True)]
    assert errors.exists() and not Union.objects.filter(code="1101050260901").exists()
    said = run(capsys, "roster", file, "--as", world.officer.username, "--commit")
    assert (said["state"], said["applied"]["created"]) == ("done", 1)


def test_the_command_brings_past_quarters_too(world, tmp_path, capsys):
    file = tmp_path / "历年.csv"
    file.write_bytes(csv_file(figures(world.factory)))
    assert run(capsys, "quarters", file, "--as", world.officer.username, "--commit")["applied"]["created"] == 1


def test_the_command_has_the_same_scope_as_the_page(world, tmp_path, capsys):
    file = tmp_path / "名册.xlsx"
    file.write_bytes(roster_file([row_of(parent=world.jianwai.name)]))
    said = run(capsys, "roster", file, "--as", world.street_staff.username)
    assert said["problems"][0]["code"] == "outside"
    with pytest.raises(CommandError):
        call_command("import", "roster", str(file), "--as", world.chair.username)
    with pytest.raises(CommandError):
        call_command("import", "roster", str(file), "--as", "nobody-at-all")


def test_the_command_says_in_json_why_a_file_is_refused(world, tmp_path, capsys):
    file = tmp_path / "坏.xlsx"
    file.write_bytes(b"PK\x03\x04")
    with pytest.raises(CommandError):
        call_command("import", "roster", str(file), "--as", world.officer.username)
    assert json.loads(capsys.readouterr().out)["refused"] == "broken"
