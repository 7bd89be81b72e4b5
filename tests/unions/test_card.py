import pytest
from django.urls import reverse

from tests.factories.unions import UnionFactory, credit_code
from unions.enums import DutyState, UnionKind, UnionState
from unions.models import Event, RoleAssignment, Union
from unions.register import next_code, undo_edit
from unions.services import edit_union
from unions.workflow import MoveError, perform


@pytest.fixture
def send(sign_in):
    """Open the card as a person would, change some fields and save."""

    def _send(person, union, page="union-edit", **changes):
        client = sign_in(person)
        url = reverse(f"unions:{page}", args=[union.pk])
        form = client.get(url).context["form"]
        data = {}
        for field in form:
            value = field.value()
            if value is True:
                data[field.html_name] = "on"
            elif value is not None and value is not False:
                data[field.html_name] = value
        return client.post(url, data | changes)

    return _send


def now(union):
    return Union.objects.get(pk=union.pk)


def test_the_chair_corrects_the_unions_own_part_of_the_card(world, send):
    response = send(world.chair, world.factory, members=250, women_members=110, has_sign="on", reason="9月新发展会员")
    assert response.status_code == 302
    union = now(world.factory)
    assert (union.members, union.women_members, union.has_sign) == (250, 110, True)
    event = Event.objects.get(action="union.edit", object_id=union.pk)
    assert event.by == world.chair and event.reason == "9月新发展会员"
    assert event.data["changes"]["members"] == [242, 250]


def test_the_chair_reads_but_does_not_write_what_the_superior_keeps(world, send, sign_in):
    page = sign_in(world.chair).get(reverse("unions:union-edit", args=[world.factory.pk]))
    assert "name" not in page.context["form"].fields and world.factory.code in page.content.decode()
    send(world.chair, world.factory, name="假名工会", kind=UnionKind.JOINT, code="1", credit_code="")
    union = now(world.factory)
    assert (union.name, union.kind, union.code) == (world.factory.name, world.factory.kind, world.factory.code)


def test_the_middle_tier_renames_a_union_which_stays_findable(world, send):
    old = world.factory.name
    assert send(world.street_staff, world.factory, name="北京瑞丰智能科技有限公司 工会委员会").status_code == 302
    union = now(world.factory)
    assert union.name == "北京瑞丰智能科技有限公司工会委员会", "the blank that nobody meant is gone"
    assert union.former_names == [old]
    assert list(Union.objects.matching(old)) == [union]


def test_a_middle_tier_union_does_not_rename_itself(world, sign_in):
    form = sign_in(world.street_chair).get(reverse("unions:union-edit", args=[world.wangjing.pk])).context["form"]
    assert "name" not in form.fields and "members" in form.fields
    form = sign_in(world.officer).get(reverse("unions:union-edit", args=[world.wangjing.pk])).context["form"]
    assert "name" in form.fields and "credit_code" not in form.fields


@pytest.mark.parametrize(
    ("person", "status"), [("clerk", 200), ("reviewer", 403), ("stranger", 404), ("neighbour", 404)]
)
def test_who_may_open_the_card(world, sign_in, person, status):
    response = sign_in(getattr(world, person)).get(reverse("unions:union-edit", args=[world.factory.pk]))
    assert response.status_code == status


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("women_members", 243),
        ("women_workers", 265),
        ("migrant_workers", 999),
        ("chair_phone", "12ab"),
        ("members", -1),
    ],
)
def test_a_figure_that_cannot_be_is_refused_beside_its_field(world, send, field, value):
    response = send(world.chair, world.factory, **{field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Event.objects.filter(action="union.edit").count() == 0


def test_an_employer_has_one_union_and_a_code_its_check_digit(world, send):
    response = send(world.officer, world.factory, credit_code=now(world.hotel).credit_code)
    assert response.status_code == 422 and "credit_code" in response.context["form"].errors
    response = send(world.officer, world.factory, credit_code=credit_code(77)[:-1] + "!")
    assert response.status_code == 422 and "credit_code" in response.context["form"].errors


def test_two_people_at_one_card_see_both_versions_and_nothing_is_lost(world, sign_in):
    client = sign_in(world.chair)
    url = reverse("unions:union-edit", args=[world.factory.pk])
    form = client.get(url).context["form"]
    data = {f.html_name: f.value() for f in form if f.value() not in (None, False)}
    edit_union(world.factory, {"members": 245}, by=world.street_staff)
    response = client.post(url, data | {"members": 250})
    assert response.status_code == 409
    assert [(r["mine"], r["theirs"]) for r in response.context["versions"]] == [("250", "245")]
    again = response.context["form"]
    data = {f.html_name: f.value() for f in again if f.value() not in (None, False)}
    assert client.post(url, data).status_code == 302
    assert now(world.factory).members == 250


def test_a_closed_unions_card_is_not_written(world, send, sign_in):
    closed = UnionFactory(parent=world.wangjing, state=UnionState.DISSOLVED)
    assert sign_in(world.street_staff).get(reverse("unions:union-edit", args=[closed.pk])).status_code == 409


# --- the chair's phone -------------------------------------------------------------------------------------------


def test_the_phone_is_masked_on_the_card_and_an_empty_field_leaves_it(world, send, sign_in):
    world.factory.chair_name, world.factory.chair_phone = "李敏", "13812345678"
    world.factory.save()
    page = sign_in(world.chair).get(reverse("unions:union-edit", args=[world.factory.pk])).content.decode()
    assert "13812345678" not in page and "138****5678" in page
    send(world.chair, world.factory, members=200, women_members=100)
    assert now(world.factory).chair_phone == "13812345678"
    send(world.chair, world.factory, chair_name="王强")
    assert now(world.factory).chair_phone == "", "a new chair does not inherit the old one's number"


def test_the_phone_shows_in_full_once_for_a_reason_that_is_kept(world, sign_in):
    world.factory.chair_phone = "13812345678"
    world.factory.save()
    url = reverse("unions:union-phone", args=[world.factory.pk])
    client = sign_in(world.street_staff)
    assert client.get(url).status_code == 405
    refused = client.post(url, {"reason": " "})
    assert refused.status_code == 422 and "13812345678" not in refused.content.decode()
    assert "13812345678" in client.post(url, {"reason": "通知开会"}).content.decode()
    event = Event.objects.get(action="person.reveal")
    assert (event.by, event.reason, event.union) == (world.street_staff, "通知开会", world.factory)


@pytest.mark.parametrize(
    ("person", "status"), [("chair", 403), ("reviewer", 403), ("stranger", 403), ("officer", 200)]
)
def test_who_may_ask_for_the_phone(world, sign_in, person, status):
    url = reverse("unions:union-phone", args=[world.factory.pk])
    assert sign_in(getattr(world, person)).post(url, {"reason": "x"}).status_code == status


def test_the_phone_of_another_street_does_not_exist(world, sign_in):
    url = reverse("unions:union-phone", args=[world.bank.pk])
    assert sign_in(world.street_staff).post(url, {"reason": "x"}).status_code == 404


# --- undo --------------------------------------------------------------------------------------------------------


def test_an_edit_is_undone_by_a_new_edit(world):
    old = world.factory.name
    edit_union(world.factory, {"name": "北京错名工会", "founded_on": None, "members": 200}, by=world.officer)
    event = Event.objects.get(action="union.edit")
    undo_edit(event, by=world.officer)
    union = now(world.factory)
    assert (union.name, union.members) == (old, 242)
    assert union.former_names == [], "a name it never bore is no former name"
    assert Event.objects.filter(action="union.edit").count() == 2


def test_what_has_changed_again_since_is_not_undone(world):
    edit_union(world.factory, {"members": 200}, by=world.officer)
    event = Event.objects.get(action="union.edit")
    edit_union(world.factory, {"members": 210}, by=world.chair)
    with pytest.raises(MoveError):
        undo_edit(event, by=world.officer)


def test_a_chair_does_not_undo_what_only_the_superior_may_write(world, sign_in):
    edit_union(world.factory, {"name": "北京错名工会"}, by=world.officer)
    event = Event.objects.get(action="union.edit")
    url = reverse("unions:union-undo", args=[world.factory.pk, event.pk])
    assert sign_in(world.chair).post(url).status_code == 403
    assert sign_in(world.street_staff).post(url).status_code == 302
    assert now(world.factory).name == world.factory.name


# --- new, move, merge, dissolve, restore -------------------------------------------------------------------------


def test_a_new_union_gets_the_next_code_and_an_event(world, send):
    assert next_code(world.wangjing) == "1101050260003"
    assert next_code(world.district) == "110105027"
    response = send(
        world.street_staff, world.wangjing, "union-add", name="北京新建科技有限公司工会", kind=UnionKind.UNIT,
        credit_code=credit_code(500), reason="望工复〔2026〕3号",
    )  # fmt: skip
    assert response.status_code == 302, response.context["form"].errors
    union = Union.objects.get(code="1101050260003")
    assert union.parent == world.wangjing and union.middle_id == world.wangjing.pk
    assert Event.objects.get(action="union.add").reason == "望工复〔2026〕3号"


@pytest.mark.parametrize(
    ("person", "status"), [("chair", 403), ("reviewer", 403), ("officer", 200), ("street_chair", 200)]
)
def test_who_may_add_a_union_below(world, sign_in, person, status):
    union = world.factory if person == "chair" else world.wangjing
    assert sign_in(getattr(world, person)).get(reverse("unions:union-add", args=[union.pk])).status_code == status


def move(client, page, union, **data):
    url = reverse(f"unions:{page}", args=[union.pk])
    return client.post(url, {"revision": now(union).revision, "reason": "朝工发〔2026〕8号", **data})


def test_a_move_is_shown_before_it_is_made(world, sign_in):
    client = sign_in(world.officer)
    preview = move(client, "union-move", world.factory, target=world.jianwai.pk)
    assert preview.status_code == 200 and preview.context["is_preview"]
    assert now(world.factory).parent == world.wangjing
    assert move(client, "union-move", world.factory, target=world.jianwai.pk, confirmed="on").status_code == 302
    assert now(world.factory).middle_id == world.jianwai.pk


@pytest.mark.parametrize("target", ["factory", "wangjing", "district"])
def test_a_union_does_not_move_where_it_cannot_hang(world, sign_in, target):
    response = move(
        sign_in(world.officer), "union-move", world.factory, target=getattr(world, target).pk, confirmed="on"
    )
    assert response.status_code == 422 and now(world.factory).parent == world.wangjing


def test_without_scripts_the_typed_name_brings_the_choices(world, sign_in):
    response = move(sign_in(world.officer), "union-move", world.factory, target_q="建外")
    body = response.content.decode()
    assert response.status_code == 422 and f'value="{world.jianwai.pk}"' in body and world.jianwai.name in body


@pytest.mark.parametrize("page", ["union-move", "union-merge", "union-dissolve"])
@pytest.mark.parametrize(
    ("person", "status"), [("officer", 200), ("street_chair", 403), ("chair", 403), ("leader", 403)]
)
def test_only_the_districts_staff_changes_the_tree(world, sign_in, page, person, status):
    assert (
        sign_in(getattr(world, person)).get(reverse(f"unions:{page}", args=[world.factory.pk])).status_code == status
    )


def test_a_dissolved_union_owes_nothing_and_comes_back_with_its_duties(world, sign_in, quarter_duty):
    duty = quarter_duty(world.factory)
    chair = world.chair
    client = sign_in(world.officer)
    assert move(client, "union-dissolve", world.factory, confirmed="on").status_code == 302
    assert (now(world.factory).state, now(world.factory).closed_on is None) == (UnionState.DISSOLVED, False)
    duty.refresh_from_db()
    assert duty.state == DutyState.WAIVED
    assert not RoleAssignment.objects.in_force().filter(user=chair).exists()
    assert move(client, "union-restore", world.factory, confirmed="on").status_code == 302
    duty.refresh_from_db()
    assert (now(world.factory).state, duty.state) == (UnionState.ACTIVE, DutyState.OPEN)


def test_a_union_with_unions_below_is_not_dissolved(world, sign_in):
    assert move(sign_in(world.officer), "union-dissolve", world.wangjing, confirmed="on").status_code == 409
    assert now(world.wangjing).is_active


def test_a_merged_union_takes_its_subordinates_along(world, sign_in):
    client = sign_in(world.officer)
    assert move(client, "union-merge", world.wangjing, target=world.jianwai.pk, confirmed="on").status_code == 302
    union = now(world.wangjing)
    assert (union.state, union.merged_into) == (UnionState.MERGED, world.jianwai)
    assert now(world.factory).parent == world.jianwai and now(world.factory).middle_id == world.jianwai.pk


def test_a_union_is_not_restored_beside_a_newer_one_of_its_employer(world):
    perform(world.factory, "dissolve", by=world.officer, reason="注销")
    UnionFactory(parent=world.jianwai, credit_code=world.factory.credit_code)
    with pytest.raises(MoveError):
        perform(now(world.factory), "restore", by=world.officer, reason="误操作")


def test_the_district_is_not_closed(world):
    with pytest.raises(MoveError):
        perform(world.district, "dissolve", by=world.officer, reason="x")


@pytest.fixture
def quarter_duty(world):
    """An open duty of a union for the third quarter."""
    import datetime

    from unions.models import Duty, DutyRule

    rule = DutyRule.objects.create(
        key="quarter",
        task="return",
        name_zh="季报",
        name_en="Return",
        clause="三",
        kinds=[UnionKind.UNIT],
        rhythm="quarter",
    )

    def _duty(union):
        day = datetime.date(2026, 10, 15)
        return Duty.objects.create(
            union=union, rule=rule, period="2026Q3", opens_on=datetime.date(2026, 10, 1), due_on=day, last_day=day,
            members=union.members,
        )  # fmt: skip

    return _duty
