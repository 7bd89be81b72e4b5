"""System, security and audit administrators: three people, none of whom does another's work or the district's."""

import datetime

import pytest
from axes.models import AccessAttempt
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from tests.factories.unions import UserFactory
from unions.accounts import may_manage, roles_to_give
from unions.models import Event, RoleAssignment, Setting, User
from unions.roles import ADMINISTRATORS, ROLES
from unions.services import appoint, withdraw

TODAY = timezone.localdate


def person(world, role):
    return world.person(role, world.district)


def test_their_permissions_have_nothing_in_common():
    sets = [ROLES[role].permissions for role in ADMINISTRATORS]
    assert len(sets) == 3
    assert sum(map(len, sets)) == len(frozenset().union(*sets))


@pytest.mark.parametrize("other", [*ADMINISTRATORS, "district_staff"])
def test_nobody_is_two_of_them_or_one_and_something_else_at_a_time(world, other):
    user = UserFactory()
    first = appoint(user=user, role="system_admin", union=world.district, by=None)
    if other != "system_admin":
        with pytest.raises(ValidationError, match=r"administrators|管理员"):
            appoint(user=user, role=other, union=world.district, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():  # past the form: the database itself
        RoleAssignment.objects.bulk_create([RoleAssignment(user=user, role=other, union=world.district)])
    withdraw(first, by=world.officer, reason="轮岗")
    appoint(user=user, role=other, union=world.district, by=None)


def test_one_office_after_the_other_is_no_conflict(world):
    user, today = UserFactory(), TODAY()
    appoint(user=user, role="system_admin", union=world.district, by=None, ends_on=today)
    appoint(user=user, role="audit_admin", union=world.district, by=None, starts_on=today + datetime.timedelta(days=1))


def test_two_posts_of_business_overlap_as_ever(world):
    user = UserFactory()
    appoint(user=user, role="grassroots_chair", union=world.factory, by=None)
    appoint(user=user, role="grassroots_staff", union=world.hotel, by=None)


def test_no_page_appoints_or_manages_an_administrator(world):
    for giver in (world.officer, person(world, "security_admin")):
        assert not {role.key for role in roles_to_give(giver, world.district)} & set(ADMINISTRATORS)
        for role in ADMINISTRATORS:
            assert not may_manage(giver, person(world, role))


def test_nobody_gives_a_role_to_themselves(world, sign_in):
    keeper = person(world, "security_admin")
    client = sign_in(keeper)
    given = {"username": keeper.username, "role": "middle_chair", "starts_on": TODAY().isoformat(), "reason": "x"}
    response = client.post(f"/unions/{world.wangjing.pk}/people/appoint/", given)
    assert response.status_code == 422
    assert keeper.assignments.count() == 1


BUSINESS = ["/unions/", "/duties/", "/returns/", "/board/", "/tree/", "/totals/", "/search/?q=x"]


@pytest.mark.parametrize("role", ["system_admin", "audit_admin"])
def test_the_system_and_the_audit_administrator_read_no_business(world, sign_in, role):
    client = sign_in(person(world, role))
    for address in [*BUSINESS, f"/unions/{world.factory.pk}/", f"/unions/{world.factory.pk}/people/"]:
        assert client.get(address).status_code in (403, 404), address
    body = client.get("/").content.decode()
    assert world.factory.name not in body and world.wangjing.name not in body


def test_the_system_administrator_sets_limits_and_neither_reads_nor_clears_the_record(world, sign_in):
    client = sign_in(person(world, "system_admin"))
    assert client.get(f"/unions/{world.factory.pk}/history/").status_code in (403, 404)
    assert client.get("/accounts/").status_code == 403
    given = {"value": 15, "basis": "等保三级", "effective_from": TODAY().isoformat(), "revision": 0}
    assert client.post("/settings/session-idle-minutes/", given).status_code == 302
    assert Setting.objects.get(key="session-idle-minutes").value == 15
    assert client.post("/settings/due-soon/", given).status_code == 403, "the district's business is the staff's"
    event = Event.objects.filter(action="setting.edit").get()
    with pytest.raises(DatabaseError), transaction.atomic():
        event.delete()


def test_the_staff_do_not_set_the_limits_of_security(world, sign_in):
    client = sign_in(world.officer)
    assert client.get("/settings/session-idle-minutes/").status_code == 403
    assert "无操作自动退出时限" not in client.get("/settings/").content.decode()


def test_the_security_administrator_opens_a_locked_sign_in(world, sign_in, settings, client):
    settings.AXES_ENABLED = True
    for _try in range(5):
        client.post("/sign-in/", {"username": world.chair.username, "password": "x"}, REMOTE_ADDR="10.0.0.1")
    client.post("/sign-in/", {"username": "geheim-123456", "password": "x"}, REMOTE_ADDR="10.0.0.1")
    AccessAttempt.objects.filter(username="geheim-123456").update(failures_since_start=5)
    keeper = sign_in(person(world, "security_admin"))
    page = keeper.get("/accounts/locks/").content.decode()
    assert world.chair.name in page
    assert "geheim" not in page, "it may be a password typed into the wrong field"
    lock = AccessAttempt.objects.get(username=world.chair.username)
    assert keeper.post(f"/accounts/locks/{lock.pk}/open/").status_code == 302
    assert Event.objects.filter(action="account.unlock", union=world.factory).exists()
    given = {"username": world.chair.username, "password": "correct-horse-9"}
    assert client.post("/sign-in/", given, REMOTE_ADDR="10.0.0.1").status_code == 302
    unknown = AccessAttempt.objects.get(username="geheim-123456")
    assert keeper.post(f"/accounts/locks/{unknown.pk}/open/").status_code == 302
    event = Event.objects.get(action="account.unlock", union=world.district)
    assert event.data == {"user": "ge***", "address": "10.0.0.1"} and event.by.posts[0].role == "security_admin"
    assert keeper.post(f"/accounts/locks/{unknown.pk}/open/").status_code == 404


def test_the_command_appoints_with_the_districts_document(world, capsys):
    call_command("administrators", "security", "lihua", name="李华", basis="朝工发〔2026〕3号")
    password = capsys.readouterr().out.split("initial password ")[1].split()[0]
    user = User.objects.get(username="lihua")
    assert user.check_password(password) and user.must_change_password
    assert user.assignments.get().reason == "朝工发〔2026〕3号"
    with pytest.raises(CommandError):
        call_command("administrators", "audit", "lihua", basis="x")
    call_command("administrators", "security", "lihua", basis="x", end=True)
    assert not User.objects.get(username="lihua").posts
