"""A list of accounts comes in: checked, previewed, confirmed; the initial passwords go out once."""

import datetime
import io

import openpyxl
import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from unions import import_jobs
from unions.importing import importers
from unions.models import Event, ImportBatch, ImportRow, RoleAssignment, User

HEAD = "姓名,账号,工会编码,岗位,手机,邮箱,起始日期,截止日期"


def read(user, *rows) -> ImportBatch:
    file = ContentFile("\n".join([HEAD, *rows]).encode(), name="账号名单.csv")
    batch = import_jobs.take_in(importers["accounts"], file, by=user, name="账号名单.csv")
    return import_jobs.read(batch, lambda *args: None)


def imported(user, *rows) -> ImportBatch:
    return import_jobs.commit(read(user, *rows), lambda *args: None)


def row(union, username="zhanghua", name="张华", role="基层工会工作人员", rest=",,,"):
    return f"{name},{username},{union.code},{role},{rest}"


def problems(batch):
    return {problem["code"] for row in batch.rows.all() for problem in row.problems if problem["level"] == "error"}


def test_a_list_makes_accounts_with_their_appointments_and_no_password(world):
    rest = "13800001111,zh@example.org,2026-01-01,2027-12-31"
    batch = imported(
        world.street_chair, row(world.factory, rest=rest), row(world.hotel, "lihua", "李华", "基层工会主席")
    )
    assert batch.counts["applied"] == {"created": 2, "changed": 0}
    user = User.objects.get(username="zhanghua")
    post = user.assignments.get()
    assert (post.union, post.role, post.ends_on) == (world.factory, "grassroots_staff", datetime.date(2027, 12, 31))
    assert post.grants.exists() and user.phone == "13800001111"
    assert not user.has_usable_password() and user.must_change_password
    assert Event.objects.filter(action="account.create").count() == 2
    assert "13800001111" not in str(list(ImportRow.objects.values()))


def test_the_initial_passwords_are_taken_once_and_stored_nowhere(world, sign_in, client):
    batch = imported(world.street_chair, row(world.factory), row(world.hotel, "lihua", "李华"))
    manager = sign_in(world.street_chair)
    assert "初始密码" in manager.get(f"/imports/{batch.pk}/").content.decode()
    response = manager.post(f"/imports/{batch.pk}/passwords/")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    found = {cells[1]: cells[2] for cells in sheet.iter_rows(values_only=True) if cells[1] in ("zhanghua", "lihua")}
    assert len(found) == 2
    theirs = Client()
    assert theirs.post("/sign-in/", {"username": "lihua", "password": found["lihua"]}).status_code == 302
    assert theirs.get("/").url == "/password/"
    assert manager.post(f"/imports/{batch.pk}/passwords/").status_code == 409
    assert found["lihua"] not in str(list(ImportRow.objects.values())) + str(list(Event.objects.values()))


def test_somebody_who_has_an_account_gets_a_further_appointment_once(world):
    text = row(world.hotel, world.chair.username, world.chair.name, "基层工会主席")
    assert imported(world.street_chair, text).counts["applied"] == {"created": 0, "changed": 1}
    assert world.chair.assignments.count() == 2
    assert read(world.street_chair, text).counts["same"] == 1


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("union_unknown", lambda world: row(world.bank)),
        ("role_not_yours", lambda world: row(world.factory, role="区总工会工作人员")),
        ("role_not_yours", lambda world: row(world.wangjing, role="街道（地区、产业）工会工作人员")),
        ("account_taken", lambda world: row(world.factory, world.stranger.username)),
        ("other_person", lambda world: row(world.factory, world.chair.username, "别人")),
        ("not_oneself", lambda world: row(world.factory, world.street_chair.username, world.street_chair.name)),
        ("ends_before", lambda world: row(world.factory, rest=",,2026-02-01,2026-01-01")),
        ("bad_email", lambda world: row(world.factory, rest=",nonsense,,")),
        ("unknown_choice", lambda world: row(world.factory, role="甲乙丙丁")),
    ],
)
def test_a_row_that_goes_beyond_the_importers_rights_or_makes_no_sense_is_refused(world, code, text):
    batch = read(world.street_chair, text(world))
    assert {found.removesuffix("_near") for found in problems(batch)} == {code}


def test_no_file_makes_an_administrator(world):
    for words in ("系统管理员", "安全管理员", "审计管理员", "system_admin"):
        assert problems(read(world.officer, row(world.district, role=words)))


def test_two_persons_under_one_name_are_refused(world):
    assert problems(read(world.street_chair, row(world.factory), row(world.hotel, name="别人"))) == {"other_person"}


def test_a_right_lost_between_preview_and_confirmation_stops_the_import(world):
    batch = read(world.street_chair, row(world.factory))
    RoleAssignment.objects.get(user=world.street_chair).grants.all().delete()
    assert import_jobs.commit(batch, lambda *args: None).state == "expired"
    assert not User.objects.filter(username="zhanghua").exists()


def test_an_import_is_undone_until_somebody_has_signed_in(world):
    batch = imported(world.street_chair, row(world.factory))
    assert import_jobs.take_back(batch, lambda *args: None).state == "undone"
    user = User.objects.get(username="zhanghua")
    assert not user.is_active and not user.posts
    batch = imported(world.street_chair, row(world.factory, "second", "周二"))
    User.objects.filter(username="second").update(last_login=timezone.now())
    assert import_jobs.take_back(batch, lambda *args: None).state == "done"


def test_confirming_wants_a_proof(world, sign_in):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = sign_in(world.street_chair)
        batch = read(world.street_chair, row(world.factory))
        clock.shift(datetime.timedelta(minutes=11))
        given = {"previewed": batch.previewed_at.isoformat()}
        page = client.post(f"/imports/{batch.pk}/confirm/", given)
        assert 'name="proof"' in page.content.decode()
        assert client.post(f"/imports/{batch.pk}/confirm/", given | {"proof": "correct-horse-9"}).status_code == 302


def test_who_may_import_accounts(world, sign_in):
    for person, status in (
        (world.street_chair, 200),
        (world.officer, 200),
        (world.street_staff, 403),
        (world.chair, 403),
    ):
        assert sign_in(person).get("/imports/new/accounts/").status_code == status


def test_ten_times_the_rows_cost_far_less_than_ten_times_the_queries(world):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(count, start):
        texts = [row(world.factory, f"user-{start + n}", f"张{start + n}") for n in range(count)]
        with CaptureQueriesContext(connection) as queries:
            imported(world.street_chair, *texts)
        return len(queries)

    assert cost(500, 1000) < 3 * cost(50, 0)
