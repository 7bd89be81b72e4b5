import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.unions import UnionFactory, UserFactory
from unions.accounts import initial_password, may_manage, roles_to_give
from unions.models import Event, RoleAssignment, User
from unions.services import appoint

TODAY = timezone.localdate


def url(name, union, *args):
    return reverse(f"unions:{name}", args=[union.pk, *args])


def post_of(user):
    return RoleAssignment.objects.get(user=user)


def roles(user, union):
    return {role.key for role in roles_to_give(user, union)}


# --- who works here ----------------------------------------------------------------------------------------------


def test_everybody_in_scope_sees_who_works_here_and_at_the_superior(world, sign_in):
    world.clerk, world.street_chair
    response = sign_in(world.chair).get(url("union-people", world.factory))
    body = response.content.decode()
    assert world.clerk.name in body and world.street_chair.name in body
    assert world.clerk.username not in body, "account names are for those who manage them"
    assert world.street_chair.username not in body


def test_the_people_of_another_scope_are_not_there(world, sign_in):
    assert sign_in(world.stranger).get(url("union-people", world.factory)).status_code == 404
    assert sign_in(world.chair).get(url("union-people", world.wangjing)).status_code == 404


def test_ten_people_cost_as_many_queries_as_one(world, sign_in, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(world.street_chair)
    world.chair
    client.get(url("union-people", world.factory))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(url("union-people", world.factory))
        return len(queries)

    few = cost()
    for _n in range(10):
        appoint(user=UserFactory(), role="grassroots_staff", union=world.factory, by=None)
    assert cost() == few


# --- which roles one may give ------------------------------------------------------------------------------------


def test_a_superior_gives_the_roles_of_the_unions_tier(world):
    assert roles(world.street_chair, world.factory) == {"grassroots_chair", "grassroots_staff"}
    assert roles(world.officer, world.wangjing) == {"middle_chair", "middle_staff", "middle_reviewer"}
    assert roles(world.officer, world.factory) == {"grassroots_chair", "grassroots_staff"}


def test_at_ones_own_union_nobody_gives_more_than_they_hold(world):
    assert roles(world.street_chair, world.wangjing) == {"middle_chair", "middle_reviewer"}, (
        "no imports, no help-to-fill"
    )
    assert roles(world.officer, world.district) == {"district_leader", "district_staff", "district_auditor"}


@pytest.mark.parametrize("person", ["leader", "street_staff", "reviewer", "chair", "stranger"])
def test_without_the_permission_there_is_no_role_to_give(world, person):
    assert roles(getattr(world, person), world.factory) == set()


# --- opening an account ------------------------------------------------------------------------------------------

NEW = {"name": "张 华", "username": "zhanghua", "role": "grassroots_staff", "phone": "", "email": ""}


def test_a_new_account_signs_in_with_the_password_shown_once(world, sign_in, client):
    response = sign_in(world.street_chair).post(url("person-add", world.factory), NEW)
    assert response.status_code == 200
    password = response.context["password"]
    assert password in response.content.decode()
    user = User.objects.get(username="zhanghua")
    assert user.name == "张华" and user.must_change_password and user.check_password(password)
    assert post_of(user).given_by == world.street_chair
    assert {"account.create", "assignment.give"} <= set(Event.objects.values_list("action", flat=True))
    assert password not in str(list(Event.objects.values_list("data", flat=True)))


def test_an_account_name_is_taken_once_whatever_its_case(world, sign_in):
    client = sign_in(world.street_chair)
    client.post(url("person-add", world.factory), NEW)
    assert client.post(url("person-add", world.factory), NEW | {"username": "ZhangHua"}).status_code == 422


def test_a_role_that_is_not_ones_to_give_is_no_choice(world, sign_in):
    response = sign_in(world.street_chair).post(url("person-add", world.wangjing), NEW | {"role": "middle_staff"})
    assert response.status_code == 422 and not User.objects.filter(username="zhanghua").exists()


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("officer", 200),
        ("street_chair", 200),
        ("street_staff", 403),
        ("reviewer", 403),
        ("chair", 403),
        ("leader", 403),
    ],
)
@pytest.mark.parametrize("page", ["person-add", "person-appoint"])
def test_who_may_open_accounts(world, sign_in, person, status, page):
    assert sign_in(getattr(world, person)).get(url(page, world.factory)).status_code == status


def test_another_streets_union_does_not_exist_for_the_chair(world, sign_in):
    assert sign_in(world.street_chair).post(url("person-add", world.bank), NEW).status_code == 404


def test_initial_passwords_differ_and_avoid_what_looks_alike():
    passwords = {initial_password() for _n in range(50)}
    assert len(passwords) == 50
    assert not set("".join(passwords)) & set("il1o0")


# --- appointments ------------------------------------------------------------------------------------------------


def appointment(account, **changes):
    day = TODAY().isoformat()
    return {"username": account.username, "role": "grassroots_staff", "starts_on": day, "reason": "兼任", **changes}


def test_somebody_with_an_account_gets_a_second_post(world, sign_in):
    response = sign_in(world.street_chair).post(url("person-appoint", world.hotel), appointment(world.chair))
    assert response.status_code == 302
    assert world.chair.assignments.count() == 2


def test_an_account_of_another_street_is_spoken_of_as_missing(world, sign_in):
    client = sign_in(world.street_chair)
    foreign = client.post(url("person-appoint", world.hotel), appointment(world.stranger))
    assert foreign.status_code == 422
    missing = client.post(url("person-appoint", world.hotel), appointment(world.chair, username="nobody"))
    assert foreign.context["form"].errors == missing.context["form"].errors


@pytest.mark.parametrize("changes", [{"ends_on": "2020-01-01"}, {"reason": ""}, {"role": "middle_chair"}])
def test_an_appointment_that_makes_no_sense_is_refused(world, sign_in, changes):
    response = sign_in(world.street_chair).post(
        url("person-appoint", world.hotel), appointment(world.chair, **changes)
    )
    assert response.status_code == 422


def test_a_post_is_not_given_twice_but_again_after_it_ran_out(world, sign_in):
    client = sign_in(world.street_chair)
    twice = appointment(world.clerk)
    assert client.post(url("person-appoint", world.factory), twice).status_code == 422
    yesterday = TODAY() - datetime.timedelta(days=1)
    RoleAssignment.objects.filter(user=world.clerk).update(starts_on=yesterday, ends_on=yesterday)
    assert client.post(url("person-appoint", world.factory), twice).status_code == 302


def test_an_appointment_ends_with_a_reason_and_the_rights_with_it(world, sign_in):
    client, post = sign_in(world.street_chair), post_of(world.chair)
    where = url("person-end", world.factory, post.pk)
    assert client.post(where, {"reason": ""}).status_code == 422
    assert client.post(where, {"reason": "换届"}).status_code == 302
    assert world.forget(world.chair).posts == []


def test_nobody_ends_their_own_appointment_or_one_they_could_not_give(world, sign_in):
    client = sign_in(world.street_chair)
    own, staff = post_of(world.street_chair), post_of(world.street_staff)
    assert client.post(url("person-end", world.wangjing, own.pk), {"reason": "x"}).status_code == 403
    assert client.post(url("person-end", world.wangjing, staff.pk), {"reason": "x"}).status_code == 403
    assert RoleAssignment.objects.in_force().filter(pk__in=[own.pk, staff.pk]).count() == 2


def test_an_appointment_is_found_only_at_its_own_union(world, sign_in):
    post = post_of(world.chair)
    assert sign_in(world.street_chair).get(url("person-end", world.hotel, post.pk)).status_code == 404


# --- passwords, disabling ----------------------------------------------------------------------------------------


def test_a_new_initial_password_replaces_the_old_one(world, sign_in):
    response = sign_in(world.street_chair).post(url("person-password", world.factory, post_of(world.chair).pk))
    user = world.forget(world.chair)
    assert user.check_password(response.context["password"]) and user.must_change_password
    assert Event.objects.filter(action="account.password", by=world.street_chair).exists()


def test_a_chair_never_gets_hold_of_an_account_that_also_works_above(world, sign_in):
    post = post_of(world.chair)
    appoint(user=world.chair, role="district_staff", union=world.district, by=None)
    client = sign_in(world.street_chair)
    assert client.post(url("person-password", world.factory, post.pk)).status_code == 403
    assert (
        client.post(url("person-enabled", world.factory, post.pk), {"reason": "x", "wanted": "off"}).status_code == 403
    )
    assert may_manage(world.officer, world.chair)


def test_an_appointment_that_begins_tomorrow_protects_the_account_today(world):
    tomorrow = TODAY() + datetime.timedelta(days=1)
    appoint(user=world.chair, role="district_staff", union=world.district, by=None, starts_on=tomorrow)
    assert not may_manage(world.street_chair, world.chair)


def test_nobody_manages_their_own_account_or_a_strangers(world):
    assert not may_manage(world.street_chair, world.street_chair)
    assert not may_manage(world.street_chair, world.stranger)
    assert not may_manage(world.street_chair, UserFactory())


def test_a_disabled_account_is_out_at_once_and_can_come_back(world, sign_in, client):
    post = post_of(world.chair)
    where = url("person-enabled", world.factory, post.pk)
    manager = sign_in(world.street_chair)
    assert manager.post(where, {"reason": "离职", "wanted": "off"}).status_code == 302
    assert not world.forget(world.chair).is_active
    assert manager.post(where, {"reason": "返岗", "wanted": "on"}).status_code == 302
    assert world.forget(world.chair).is_active
    assert list(
        Event.objects.filter(action__startswith="account.").order_by("pk").values_list("action", "reason")
    ) == [
        ("account.disable", "离职"),
        ("account.enable", "返岗"),
    ]


def test_nobody_is_appointed_to_a_closed_union(world, sign_in):
    closed = UnionFactory(parent=world.wangjing, state="dissolved")
    assert sign_in(world.street_chair).post(url("person-add", closed), NEW).status_code == 422
