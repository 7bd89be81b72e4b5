"""Delegates on the pages: entered by form and by workbook, printed on cards that say no more than whether they hold."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from assemblies.models import Constituency, Delegate
from tests.factories.assemblies import BEGAN, constituency_of, delegate_of, term_of
from tests.samples.rosters import nothing
from unions import importing
from unions.enums import BatchState
from unions.models import Event, ImportBatch
from unions.tokens import Purpose, make
from unions.workflow import perform

pytestmark = pytest.mark.django_db
FORM = {
    "name": "李明", "sex": "female", "work": "front_line", "elected_on": BEGAN.isoformat(), "due_count": 40, "present_count": 30, "votes": 25,
    "phone": "13800001111",
}  # fmt: skip


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def constituency(world):
    return constituency_of(term_of(world.factory), world.chair)


def test_a_chair_plans_a_constituency_and_enters_a_delegate(world):
    term, client = term_of(world.factory), signed_in(world.chair)
    client.post(reverse("assemblies:constituency-add", args=[term.pk]), {"name": "生产部", "members": 40, "seats": 4})
    place = Constituency.objects.get()
    page = reverse("assemblies:delegate-new", args=[term.pk])
    refused = client.post(page, {**FORM, "constituency": place.pk, "votes": 20})
    assert (refused.status_code, Delegate.objects.count()) == (422, 0)
    client.post(page, {**FORM, "constituency": place.pk})
    made = Delegate.objects.get()
    assert (made.name, made.votes, made.phone) == ("李明", 25, "13800001111")
    shown = client.get(reverse("assemblies:delegate", args=[made.pk])).content.decode()
    assert "13800001111" not in shown and "138****1111" in shown
    plan = client.get(reverse("assemblies:delegate-plan", args=[term.pk])).content.decode()
    assert "40–60" in plan and "计划 4 名" in plan


def test_a_number_is_not_shown_to_whoever_corrects_an_entry_and_stays_when_left_empty(world, constituency):
    made, client = delegate_of(constituency, world.chair), signed_in(world.chair)
    address = reverse("assemblies:delegate-edit", args=[made.pk])
    page = client.get(address).content.decode()
    assert "13800001111" not in page and "138****1111" in page
    given = {**FORM, "constituency": constituency.pk, "revision": made.revision, "name": "李小明", "phone": ""}
    client.post(address, given)
    made.refresh_from_db()
    assert (made.name, made.phone) == ("李小明", "13800001111")
    assert "13800001111" not in str(Event.objects.get(action="delegate.edit").data)


def test_a_link_narrows_the_list_to_a_constituency_by_name_and_not_to_a_strangers(world, constituency):
    delegate_of(constituency, world.chair, "李明")
    address = f"{reverse('assemblies:delegate-list')}?constituency={constituency.pk}"
    page = signed_in(world.chair).get(address).content.decode()
    assert f"选举单位：{constituency.name}" in page and 'type="number"' not in page
    assert constituency.name not in signed_in(world.stranger).get(address).content.decode()


def test_a_card_says_whether_it_holds_and_nothing_else(world, constituency):
    made = delegate_of(constituency, world.chair, "李明", member_number="A77")
    page = reverse("assemblies:public-card", args=[make(Purpose.CARD, made.pk, made.card_number)])
    shown = Client().get(page).content.decode()
    assert "有效" in shown and "李明" in shown and world.factory.name in shown
    for hidden in ("13800001111", "A77", "生产部"):
        assert hidden not in shown
    perform(made, "end", by=world.chair, data={"end": "moved"}, due=datetime.date(2026, 1, 1))
    over = Client().get(page).content.decode()
    assert "无效" in over and "李明" not in over


def test_a_lost_card_no_longer_holds(world, constituency):
    made = delegate_of(constituency, world.chair)
    page = reverse("assemblies:public-card", args=[make(Purpose.CARD, made.pk, 1)])
    signed_in(world.chair).post(reverse("assemblies:delegate-card-renew", args=[made.pk]))
    assert "无效" in Client().get(page).content.decode()


def test_cards_are_printed_for_those_in_office(world, constituency):
    delegate_of(constituency, world.chair, "李明")
    gone = delegate_of(constituency, world.chair, "王走")
    perform(gone, "end", by=world.chair, data={"end": "left"}, due=datetime.date(2026, 1, 1))
    page = (
        signed_in(world.chair).get(reverse("assemblies:delegate-cards", args=[constituency.term_id])).content.decode()
    )
    assert "李明" in page and "王走" not in page


def brought(world, rows: list[list]) -> ImportBatch:
    """A file brought by the chair, read up to its preview."""
    importer = importing.importers["delegates"]
    headers = ["选举单位", "姓名", "性别", "岗位类别", "手机", "当选日期", "应到", "实到", "得票"]
    matches = importing.match_columns(importer, headers)
    batch = ImportBatch.objects.create(
        importer="delegates", by=world.chair, union=world.factory, headers=headers, file_name="代表.xlsx",
        mapping={str(k): v for k, v in importing.mapping_of(matches).items()}, state=BatchState.PREVIEW,
    )  # fmt: skip

    class Sheet:
        def rows(self):
            return iter(enumerate(rows, 2))

    batch.counts = importing.write_preview(batch, importer, Sheet(), importing.mapping_of(matches), nothing)
    return batch


ROW = ["生产部", "李明", "女", "一线职工", "13800001111", "2024-03-01", 40, 30, 25]


def test_delegates_come_by_workbook_and_can_be_taken_back(world, constituency):
    importer = importing.importers["delegates"]
    batch = brought(world, [ROW, ["生产部", "王强", "男", "技术", "", "2024-03-01", None, None, None]])
    assert (batch.counts["new"], batch.counts["error"]) == (2, 0)
    assert importer.apply(batch, world.chair, nothing) == {"created": 2, "changed": 0}
    assert Delegate.objects.get(name="李明").phone == "13800001111"
    assert Event.objects.filter(action="delegate.add").count() == 2
    again = brought(world, [[*ROW[:3], "管理人员", *ROW[4:]], ROW])
    assert (again.counts["changed"], again.counts["error"]) == (1, 1), "the same person twice in one file"
    assert importer.apply(again, world.chair, nothing)["changed"] == 1
    assert importer.undo(again, world.chair, nothing) == []
    assert Delegate.objects.get(name="李明").work == "front_line"


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [(0, "没有的部门", "constituency_unknown"), (8, 20, "not_elected"), (5, "2030-01-01", "future"), (2, "不详", "unknown_choice")],
)  # fmt: skip
def test_a_row_says_what_is_wrong_with_it(world, constituency, column, value, code):
    row = [value if index == column else cell for index, cell in enumerate(ROW)]
    batch = brought(world, [row])
    assert batch.counts["error"] == 1
    assert any(code in key for key in batch.counts["problems"])


def test_no_more_rows_are_taken_than_there_are_seats(world, constituency):
    rows = [["生产部", f"李{number}", *ROW[2:]] for number in "一二三四五"]
    assert (brought(world, rows).counts["new"], brought(world, rows).counts["error"]) == (4, 1)


def test_without_a_term_in_office_no_delegates_are_brought(world):
    batch = brought(world, [ROW])
    assert list(batch.counts["problems"]) == ["error|no_term|name"]


def test_a_recall_says_its_rule_beforehand_and_its_reason_ever_after(world, constituency):
    found, client = delegate_of(constituency, world.chair), signed_in(world.chair)
    move = reverse("assemblies:delegate-move", args=[found.pk, "recall"])
    assert "全体会员" in client.get(move).content.decode()
    given = {"base": 40, "votes": 20, "due": datetime.date.today().isoformat(), "reason": "长期不履行职责"}
    assert client.post(move, given).status_code == 422
    page = client.post(move, {**given, "votes": 25}, follow=True).content.decode()
    assert "40 人中 25 票" in page and "长期不履行职责" in page


def test_whoever_fills_a_seat_that_fell_vacant_finds_a_by_election(world, constituency):
    client = signed_in(world.chair)
    page = f"{reverse('assemblies:delegate-new', args=[constituency.term_id])}?constituency={constituency.pk}"
    assert not client.get(page).context["form"].initial.get("is_by_election")
    perform(
        delegate_of(constituency, world.chair), "end", by=world.chair, due=datetime.date.today(), data={"end": "left"}
    )
    assert client.get(page).context["form"].initial["is_by_election"]
