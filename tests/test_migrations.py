"""Migrations say what the models say, and the first data may be written twice."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from disclosure.models import FormRule, FormVersion, Indicator
from unions.management.commands.migrate import lacking
from unions.models import DutyRule, Union
from unions.models.duty import ReminderStep
from unions.permissions import Permission

ROOT = Path(settings.BASE_DIR)
OWN = [config for config in apps.get_app_configs() if Path(config.path).parent == ROOT]


@pytest.mark.django_db
def test_no_change_of_a_model_is_without_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_every_app_has_one_last_migration():
    loader = MigrationLoader(connection)
    assert loader.detect_conflicts() == {}
    assert {app for app, _name in loader.disk_migrations} >= {
        config.label for config in OWN if list(config.get_models())
    }


def test_a_database_from_between_two_releases_is_refused_rather_than_passed_over():
    older = {("disclosure", "0001_initial"), ("disclosure", "0002_initial"), ("disclosure", "0100_seed")}
    assert "disclosure.0132_annual_hearing" in lacking(older)
    replaced = {step for migration in first_migrations() for step in migration.replaces}
    assert lacking(replaced) == lacking(set()) == []


def first_migrations() -> list:
    return [
        m
        for (app, _n), m in MigrationLoader(None).disk_migrations.items()
        if app in ("unions", "assemblies", "disclosure")
    ]


def test_data_migrations_go_both_ways():
    """A step of Python without a way back would keep a federation from returning to the release before."""
    one_way = []
    for path in ROOT.glob("*/migrations/0*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
            if name in ("RunPython", "RunSQL") and len(node.args) + len(node.keywords) < 2:
                one_way.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert one_way == []


def counts() -> dict:
    return {model: model.objects.count() for model in (DutyRule, ReminderStep, FormVersion, Indicator, FormRule)}


@pytest.mark.django_db
def test_a_new_portal_has_its_rules_and_forms_and_seeding_again_changes_nothing():
    before = counts()
    assert all(before.values())
    for config in OWN:
        if hasattr(config, "seed"):
            config.seed()
    assert counts() == before


@pytest.mark.django_db
def test_every_permission_has_the_row_that_grants_point_at():
    from django.contrib.auth.models import Permission as Row

    rows = Row.objects.filter(content_type__app_label="unions", content_type__model="union")
    assert {row.codename for row in rows} == {str(permission) for permission in Permission}


@pytest.mark.django_db
def test_extensions_that_the_tree_and_the_search_rest_on_are_there():
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        assert {"ltree", "pg_trgm"} <= {name for (name,) in cursor.fetchall()}
    assert Union.objects.count() == 0
