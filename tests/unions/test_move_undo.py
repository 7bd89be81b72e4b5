"""A move taken back: by whoever may move, after a confirmation, while nothing stands against it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.duties import make_duty, make_rule
from tests.factories.unions import UnionFactory, UserFactory
from unions.duties import refresh_totals
from unions.enums import UnionKind
from unions.models import Duty, DutyTotal, Event, Union
from unions.register import last_move, undo_move
from unions.services import appoint, edit_union, move_union
from unions.workflow import Conflict, MoveError, perform


def now(union):
    return Union.objects.get(pk=union.pk)


def back(union) -> str:
    return reverse("unions:union-move-undo", args=[union.pk])


@pytest.fixture
def moved(world) -> Union:
    """The factory, moved from Wangjing to Jianwai."""
    return move_union(world.factory, world.jianwai, by=world.officer, reason="朝工发〔2026〕7号")


def take_back(client, union, **given):
    return client.post(back(union), {"reason": "划转有误", "revision": now(union).revision, **given})


def test_a_move_is_taken_back_after_a_confirmation(world, moved, sign_in):
    client = sign_in(world.officer)
    for page in (reverse("unions:union", args=[moved.pk]), reverse("unions:union-history", args=[moved.pk])):
        assert back(moved) in client.get(page).content.decode()
    assert world.wangjing.name in client.get(back(moved)).content.decode(), "it says where the union will hang"
    preview = take_back(client, moved)
    assert preview.context["is_preview"] and now(moved).parent == world.jianwai
    assert take_back(client, moved, confirmed="on").status_code == 302
    assert (now(moved).parent, now(moved).middle) == (world.wangjing, world.wangjing)
    event = Event.objects.get(action="union.move_undo")
    assert (event.by, event.reason, event.middle) == (world.officer, "划转有误", world.wangjing)
    assert event.data["undoes"] == Event.objects.get(action="union.move").pk
    history = client.get(reverse("unions:union-history", args=[moved.pk])).content.decode()
    assert world.jianwai.name in history and back(moved) not in history, "there is nothing more to take back"


def test_another_who_may_move_takes_it_back_and_nobody_else(world, moved, sign_in):
    for person, status in (
        (world.chair, 403),
        (world.other_reviewer, 403),
        (world.reviewer, 403),
        (world.stranger, 403),
    ):
        client = sign_in(person)
        assert take_back(client, moved, confirmed="on").status_code == status
        assert client.get(back(moved)).status_code == status
    assert now(moved).parent == world.jianwai
    history = sign_in(world.chair).get(reverse("unions:union-history", args=[moved.pk]))
    assert back(moved) not in history.content.decode()
    colleague = UserFactory()
    appoint(user=colleague, role="district_staff", union=world.district, by=None)
    assert take_back(sign_in(colleague), moved, confirmed="on").status_code == 302


def test_records_and_totals_are_as_before_the_move(world):
    joint = UnionFactory(kind=UnionKind.FEDERATED, parent=world.wangjing)
    below = UnionFactory(parent=joint)
    due, rule = timezone.localdate() + timedelta(days=9), make_rule()
    period = make_duty(rule, world.hotel, due=due).period
    for union in (below, world.bank):
        make_duty(rule, union, due=due)

    def state():
        owners = sorted(Duty.objects.values_list("union", "middle"))
        return owners, sorted(
            DutyTotal.objects.filter(expected__gt=0).values_list("union", "rule", "period", *DutyTotal.COUNTS)
        )

    refresh_totals(rule.pk, period, [world.wangjing.pk, world.jianwai.pk])
    before = state()
    moved = move_union(joint, world.jianwai, by=world.officer, reason="区划调整")
    assert state() != before
    undo_move(moved, by=world.officer, revision=moved.revision, reason="划转有误")
    assert state() == before
    assert now(below).middle == world.wangjing


def refused(union, by) -> str:
    with pytest.raises(MoveError) as problem:
        undo_move(union, by=by, revision=now(union).revision, reason="划转有误")
    return str(problem.value)


def test_a_union_that_never_moved_has_nothing_to_take_back(world, sign_in):
    assert last_move(world.factory) is None
    client = sign_in(world.officer)
    page = client.get(back(world.factory))
    assert page.status_code == 200 and page.context["words"]["problem"]
    assert take_back(client, world.factory, confirmed="on").status_code == 409


def test_a_move_below_a_union_closed_since_stays(world, sign_in):
    street = UnionFactory(kind=UnionKind.STREET, parent=world.district)
    union = UnionFactory(parent=street)
    moved = move_union(union, world.jianwai, by=world.officer, reason="区划调整")
    perform(street, "dissolve", by=world.officer, reason="撤销街道")
    assert street.name in refused(moved, world.officer)
    page = sign_in(world.officer).get(back(moved))
    assert street.name in page.context["words"]["problem"] and now(moved).parent == world.jianwai


def test_only_the_last_move_is_taken_back(world, moved):
    again = move_union(moved, world.wangjing, by=world.officer, reason="再次划转")
    assert undo_move(again, by=world.officer, revision=again.revision, reason="误").parent == world.jianwai
    assert refused(moved, world.officer), "the move before it is not offered after that"


def test_a_union_that_an_import_has_moved_on_stays_there(world, moved):
    Union.objects.filter(pk=moved.pk).update(parent=world.wangjing)
    assert refused(moved, world.officer)


def test_a_union_below_which_the_former_superior_hangs_by_now_stays(world):
    upper = UnionFactory(kind=UnionKind.FEDERATED, parent=world.wangjing)
    lower = UnionFactory(kind=UnionKind.FEDERATED, parent=upper)
    moved = move_union(lower, world.wangjing, by=world.officer, reason="调整")
    move_union(upper, moved, by=world.officer, reason="调整")
    assert upper.name in refused(moved, world.officer)


def test_whoever_confirms_twice_or_too_late_is_told(world, moved):
    edit_union(moved, {"members": 240}, by=world.chair)
    with pytest.raises(Conflict):
        undo_move(moved, by=world.officer, revision=moved.revision, reason="误")
    assert now(moved).parent == world.jianwai
