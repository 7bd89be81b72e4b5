import datetime

import pytest
from django.contrib.auth.models import Permission as Row
from django.utils import timezone

from tests.factories.unions import UnionFactory, UserFactory
from unions.enums import UnionKind
from unions.models import Union
from unions.permissions import Permission
from unions.services import appoint, settle_grants, withdraw
from unions.workflow import Invalid


def seen(user, permission=Permission.UNION_VIEW):
    return set(Union.objects.visible_to(user, permission))


def test_each_tier_sees_its_own_subtree_and_nothing_else(world):
    assert seen(world.leader) == set(Union.objects.all())
    assert seen(world.reviewer) == {world.wangjing, world.factory, world.hotel}
    assert seen(world.chair) == {world.factory}
    assert seen(world.stranger) == {world.bank}


def test_without_an_appointment_there_is_nothing_to_see(world):
    assert seen(UserFactory()) == set()


def test_an_unknown_permission_raises(world):
    with pytest.raises(ValueError):
        world.chair.has_perm("union_destroy", world.factory)
    with pytest.raises(ValueError):
        Union.objects.visible_to(world.chair, "union_destroy")


@pytest.mark.parametrize(
    ("first", "last", "visible"), [(-1, None, True), (0, 0, True), (1, None, False), (-9, -1, False)]
)
def test_an_appointment_counts_from_its_first_to_its_last_day(world, first, last, visible):
    today = timezone.localdate()
    user = UserFactory()
    appoint(
        user=user, role="grassroots_chair", union=world.factory, by=None, starts_on=today + datetime.timedelta(days=first),
        ends_on=None if last is None else today + datetime.timedelta(days=last),
    )  # fmt: skip
    assert (seen(world.forget(user)) == {world.factory}) is visible


def test_a_withdrawn_appointment_ends_at_once(world):
    assignment = world.chair.assignments.get()
    withdraw(assignment, by=world.street_chair, reason="工作调动")
    assert seen(world.forget(world.chair)) == set()


def test_a_disabled_account_sees_nothing(world):
    user = world.chair
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert seen(world.forget(user)) == set()


def test_filing_is_for_ones_own_union_and_review_for_the_unions_directly_below(world):
    assert world.chair.has_perm(Permission.RETURN_SUBMIT, world.factory)
    assert not world.street_chair.has_perm(Permission.RETURN_SUBMIT, world.factory)
    assert world.street_chair.has_perm(Permission.RETURN_SUBMIT, world.wangjing)
    assert world.reviewer.has_perm(Permission.RETURN_REVIEW, world.factory)
    assert not world.reviewer.has_perm(Permission.RETURN_REVIEW, world.wangjing)
    assert not world.officer.has_perm(Permission.RETURN_REVIEW, world.factory), (
        "the district does not skip the middle tier"
    )
    assert world.officer.has_perm(Permission.RETURN_REVIEW, world.wangjing)
    assert seen(world.officer, Permission.RETURN_REVIEW) == {world.wangjing, world.jianwai}


def test_a_grassroots_union_with_unions_below_it_sees_them(world):
    federation = UnionFactory(kind=UnionKind.FEDERATED, parent=world.wangjing)
    member = UnionFactory(parent=federation)
    assert seen(world.person("grassroots_chair", federation)) == {federation, member}


def test_two_appointments_add_up(world):
    user = UserFactory()
    appoint(user=user, role="grassroots_chair", union=world.factory, by=None)
    appoint(user=user, role="middle_reviewer", union=world.jianwai, by=None)
    assert seen(world.forget(user)) == {world.factory, world.jianwai, world.bank}


def test_a_role_is_held_at_a_union_of_its_tier(world):
    with pytest.raises(Invalid):
        appoint(user=UserFactory(), role="district_staff", union=world.wangjing, by=None)


def test_the_condition_and_the_answer_for_one_record_agree(world):
    people = [
        world.leader,
        world.officer,
        world.reviewer,
        world.street_chair,
        world.chair,
        world.clerk,
        world.stranger,
    ]
    for permission in Permission:
        for person in people:
            expected = {union for union in Union.objects.all() if person.has_perm(permission, union)}
            assert seen(person, permission) == expected, (permission, person)


def test_the_middle_tier_reviews_a_union_that_hangs_below_a_federation(world):
    federation = UnionFactory(kind=UnionKind.FEDERATED, parent=world.wangjing)
    member = UnionFactory(parent=federation)
    assert world.reviewer.has_perm(Permission.RETURN_REVIEW, member)
    assert member in seen(world.reviewer, Permission.RETURN_REVIEW)
    assert not world.person("grassroots_chair", federation).has_perm(Permission.RETURN_REVIEW, member)
    assert not world.other_reviewer.has_perm(Permission.RETURN_REVIEW, member)


def test_an_appointment_made_before_a_role_changed_holds_what_the_role_means_now(world):
    assignment = world.officer.assignments.get()
    kept = set(assignment.grants.values_list("permission__codename", flat=True))
    lacking, wrong = assignment.grants.first(), assignment.grants.last()
    stray = world.chair.assignments.get().grants.first()
    lacking.delete()
    type(wrong).objects.filter(pk=stray.pk).update(permission=Row.objects.get(codename="union_move"))
    settle_grants()
    assert set(assignment.grants.values_list("permission__codename", flat=True)) == kept
    assert not world.chair.assignments.get().grants.filter(permission__codename="union_move").exists()
    withdrawn = withdraw(world.clerk.assignments.get(), by=world.officer, reason="离任")
    settle_grants()
    assert not withdrawn.grants.exists()
