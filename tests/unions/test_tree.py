import pytest
from django.db import DatabaseError, transaction

from tests.factories.unions import UnionFactory
from unions.enums import UnionKind
from unions.models import Event, Union
from unions.permissions import Permission
from unions.services import move_union
from unions.workflow import Invalid


def test_the_database_keeps_path_and_middle_tier(world):
    union = Union.objects.get(pk=world.factory.pk)
    assert union.path == f"{world.district.pk:08d}.{world.wangjing.pk:08d}.{union.pk:08d}"
    assert union.middle_id == world.wangjing.pk
    assert world.factory.path == union.path, "the insert brings the path back"
    assert Union.objects.get(pk=world.wangjing.pk).middle_id == world.wangjing.pk
    assert Union.objects.get(pk=world.district.pk).middle_id is None


def test_a_bulk_insert_places_children_of_the_same_statement(world):
    parent = Union.objects.bulk_create([UnionFactory.build(kind=UnionKind.FEDERATED, parent=world.jianwai)])[0]
    child = Union.objects.bulk_create([UnionFactory.build(parent=parent)])[0]
    assert child.path == f"{parent.path}.{child.pk:08d}"
    assert child.middle_id == world.jianwai.pk


@pytest.mark.parametrize("kind", [UnionKind.STREET, UnionKind.INDUSTRY])
def test_a_middle_tier_union_hangs_under_the_district_only(world, kind):
    with pytest.raises(DatabaseError), transaction.atomic():
        UnionFactory(kind=kind, parent=world.wangjing)


def test_a_grassroots_union_never_hangs_under_the_district(world):
    with pytest.raises(DatabaseError), transaction.atomic():
        UnionFactory(kind=UnionKind.UNIT, parent=world.district)


def test_there_is_one_district(world):
    with pytest.raises(DatabaseError), transaction.atomic():
        UnionFactory(kind=UnionKind.DISTRICT, parent=None)


def test_a_move_carries_the_subtree_and_its_records_and_is_recorded(world):
    federation = UnionFactory(kind=UnionKind.FEDERATED, parent=world.wangjing)
    member = UnionFactory(parent=federation)
    member_chair = world.person("grassroots_chair", member)
    move_union(federation, world.jianwai, by=world.officer, reason="区划调整")
    member.refresh_from_db()
    assert member.middle_id == world.jianwai.pk
    assert member.path.startswith(world.jianwai.path)
    assert member_chair.assignments.get().middle_id == world.jianwai.pk
    assert Event.objects.filter(action="union.move", object_id=federation.pk, by=world.officer).count() == 1
    assert world.forget(world.other_reviewer).has_perm(Permission.UNION_VIEW, member)
    assert not world.forget(world.reviewer).has_perm(Permission.UNION_VIEW, member)


def test_a_union_cannot_be_moved_below_itself(world):
    federation = UnionFactory(kind=UnionKind.FEDERATED, parent=world.wangjing)
    member = UnionFactory(kind=UnionKind.FEDERATED, parent=federation)
    with pytest.raises(Invalid):
        move_union(federation, member, by=world.officer, reason="试一试")
    with pytest.raises(DatabaseError), transaction.atomic():
        Union.objects.filter(pk=federation.pk).update(parent=member)


@pytest.mark.parametrize("asked", ["瑞丰", "RFTC", "rftc", "ruifeng", "1101050260001", "瑞丰 科技", "RF", "rf 科技"])
def test_a_union_is_found_by_name_initials_pinyin_or_code(world, asked):
    assert list(Union.objects.matching(asked)) == [world.factory]
