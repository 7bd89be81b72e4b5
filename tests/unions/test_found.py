import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from unions.models import Union, User
from unions.permissions import Permission

GIVEN = ["朝阳区总工会", "--code", "110105000", "--account", "wangjianguo", "--person", "王建国"]


def found(capsys, *given):
    call_command("found", *(given or GIVEN))
    return capsys.readouterr().out


def test_an_empty_portal_gets_its_district_and_somebody_who_may_bring_the_roster(db, capsys, client):
    said = found(capsys)
    password = re.search(r"password (\S+)", said)[1]
    district, user = Union.objects.get(), User.objects.get()
    assert (district.name, district.kind) == ("朝阳区总工会", "district")
    assert user.has_perm(Permission.UNION_IMPORT, district)
    response = client.post("/sign-in/", {"username": "wangjianguo", "password": password})
    assert response.status_code == 302
    assert client.get("/").url == "/password/"


def test_a_portal_with_district_staff_is_not_founded_again(world, capsys):
    assert world.officer
    with pytest.raises(CommandError):
        found(capsys)


def test_a_district_left_without_staff_gets_a_new_account_and_keeps_its_unions(world, capsys):
    found(capsys)
    assert Union.objects.filter(kind="district").get() == world.district


def test_a_bad_account_name_is_refused_and_nothing_is_left(db, capsys):
    with pytest.raises(CommandError):
        found(capsys, *GIVEN[:4], "王 建国/", "--person", "王建国")
    assert not Union.objects.exists()
    assert not User.objects.exists()


def test_a_database_without_tables_is_told_what_comes_first(db, capsys, monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", list)
    with pytest.raises(CommandError, match="migrate"):
        found(capsys)
