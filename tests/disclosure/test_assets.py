"""The asset register: kept by the union, counted every year, left by minutes and approval, nothing of it deleted."""

import datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from disclosure import assets
from disclosure.asset_lists import FIGURES, by_category
from disclosure.enums import AssetState
from disclosure.models import Asset, StockTaking
from tests.factories import assets as made
from unions import import_jobs
from unions.enums import RowState
from unions.importing import importers
from unions.models import Event, ImportBatch, Notice, Setting
from unions.wall import pass_of, under
from unions.workflow import Invalid, MoveError, NotAllowed, allowed, perform

pytestmark = pytest.mark.django_db
S = AssetState
MONDAY = datetime.date(2026, 11, 23)
WAY = {"way": "scrapped", "minutes": "2026年第6次委员会第2项"}


@pytest.fixture(autouse=True)
def on_monday(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.UTC), tick=False)


def url(name, *args):
    return reverse(f"disclosure:{name}", args=args)


def words(response) -> str:
    return response.content.decode()


def form(values: dict) -> dict:
    return {name: str(value) for name, value in values.items()}


def names(record, by) -> set[str]:
    return {move.name for move in allowed(record, by)}


# Keeping it


def test_own_union_keeps_it_the_tier_above_looks_on_and_a_stranger_sees_nothing(world):
    asset = made.entered(world.factory, world.clerk)
    assert assets.enter(world.factory, made.values(number=asset.number), by=world.clerk) == asset, "sent twice"
    for person, sees in ((world.clerk, 1), (world.street_chair, 1), (world.leader, 1), (world.stranger, 0)):
        assert Asset.objects.visible_to(person, assets.SEE).count() == sees
        with under(pass_of(person)):
            assert Asset.objects.count() == sees, "the second wall says the same"
    with pytest.raises(NotAllowed):
        made.entered(world.factory, world.street_chair)
    with pytest.raises(Invalid):
        assets.enter(world.factory, made.values(number=asset.number, name="另一台"), by=world.clerk)


def test_a_correction_keeps_what_stood_there_before(world):
    asset = made.entered(world.factory, world.clerk)
    assets.correct(asset, {"value": Decimal("1860.00")}, by=world.clerk, reason="发票金额录错")
    event = Event.objects.get(action="asset.correct")
    assert (event.reason, event.data["changes"]) == ("发票金额录错", {"value": ["1680.00", "1860.00"]})


def test_what_was_entered_in_error_stays_on_record_and_frees_its_number(world):
    asset = made.entered(world.factory, world.clerk, number="固-009")
    gone = perform(asset, "void", by=world.clerk, reason="重复登记")
    assert gone.state == S.VOID and made.entered(world.factory, world.clerk, number="固-009").pk != asset.pk


# Leaving


def test_a_small_asset_leaves_by_the_union_alone_with_minutes_from_a_value_on(world):
    asset = made.entered(world.factory, world.chair)
    assert names(asset, world.chair) == {"dispose", "void"} and names(asset, world.clerk) == {"void"}
    with pytest.raises(Invalid):
        perform(asset, "dispose", by=world.chair, reason="损坏", data={})
    gone = perform(asset, "dispose", by=world.chair, reason="损坏", data={"way": "scrapped"})
    assert (gone.state, gone.way, gone.disposed_on) == (S.DISPOSED, "scrapped", MONDAY)
    back = perform(gone, "put_back", by=world.chair, reason="修复后继续使用")
    assert (back.state, back.way, back.disposed_on) == (S.IN_USE, "", None)
    Setting.objects.create(key="asset-minutes-yuan", value=1000, effective_from=MONDAY, basis="区规")
    with pytest.raises(Invalid) as refused:
        perform(back, "dispose", by=world.chair, reason="损坏", data={"way": "sold"})
    assert "1000 元以上" in refused.value.errors["minutes"]


def test_a_dear_asset_leaves_with_the_approval_of_the_tier_above(world):
    reviewers = {world.street_chair, world.street_staff, world.reviewer}
    asset = made.entered(world.factory, world.chair, value=made.LARGE)
    with pytest.raises(MoveError, match="报上级工会审批"):
        perform(asset, "dispose", by=world.chair, reason="报废", data=dict(WAY))
    asked = perform(asset, "ask", by=world.chair, reason="报废", data=dict(WAY))
    assert {notice.recipient for notice in Notice.objects.filter(kind="asset.asked")} == reviewers
    assert names(asked, world.reviewer) == {"approve", "decline"} and names(asked, world.chair) == {"withdraw"}
    with pytest.raises(NotAllowed):
        perform(asked, "approve", by=world.other_reviewer)
    back = perform(asked, "decline", by=world.reviewer, reason="请先公开询价")
    assert (back.state, back.way) == (S.IN_USE, "")
    again = perform(back, "ask", by=world.chair, reason="已询价", data=dict(WAY))
    assert perform(again, "approve", by=world.reviewer).disposed_on == MONDAY


# Counting


def test_what_is_not_ticked_at_a_stock_taking_is_missing(world):
    taking = made.counted(world.factory, world.chair, surplus="旧书柜一个")
    gone = Asset.objects.get(name="音响")
    assert (gone.is_missing, gone.checked_on) == (True, MONDAY)
    assert list(Asset.objects.filter(FIGURES["missing"][1])) == [gone]
    again = assets.count(world.factory, taken_on=MONDAY, people="别人", present=set(), by=world.chair)
    assert again == taking and StockTaking.objects.count() == 1, "the same form sent twice"
    later = MONDAY - datetime.timedelta(days=1)
    assets.count(world.factory, taken_on=later, people="王会计", present={gone.pk}, by=world.chair)
    gone.refresh_from_db()
    assert not gone.is_missing
    with pytest.raises(NotAllowed):
        assets.count(world.factory, taken_on=MONDAY, people="李干事", present=set(), by=world.clerk)


def test_values_add_up_by_category_without_what_is_gone(world):
    made.entered(world.factory, world.chair)
    made.entered(world.factory, world.chair, category="furniture", value=Decimal("9000.00"))
    perform(made.entered(world.factory, world.chair), "dispose", by=world.chair, reason="损坏", data={"way": "lost"})
    lines = by_category(Asset.objects.all())
    assert [(line["category"], line["count"], line["total"]) for line in lines] == [
        ("furniture", 1, Decimal("9000.00")), ("equipment", 1, Decimal("1680.00"))
    ]  # fmt: skip


# Pages


def test_an_asset_goes_its_way_over_its_pages(world, sign_in):
    client = sign_in(world.chair)
    page = client.post(url("asset-add", world.factory.pk), form(made.values()))
    asset = Asset.objects.get()
    assert page.url == url("asset", asset.pk)
    assert client.post(url("asset-add", world.factory.pk), form(made.values(name="别的"))).status_code == 422
    corrected = {**form(made.values(value="1880.00")), "reason": "录错", "revision": asset.revision}
    assert client.post(url("asset-correct", asset.pk), corrected).status_code == 302
    assert client.post(url("asset-correct", asset.pk), corrected).status_code == 409
    photo = SimpleUploadedFile("发票.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    assert client.post(url("asset", asset.pk), {"file": photo}).status_code == 302
    counted = {"taken_on": "2026-11-23", "people": "王会计", "present": [str(asset.pk)]}
    response = client.post(url("stock-count", world.factory.pk), counted)
    assert response.status_code == 302 and "王会计" in words(client.get(response.url))
    given = {"way": "lost", "reason": "搬迁时遗失"}
    assert client.post(url("asset-move", asset.pk, "dispose"), given).status_code == 302
    assert "搬迁时遗失" in words(client.get(url("asset", asset.pk)))
    assert sign_in(world.stranger).get(url("asset", asset.pk)).status_code == 404


def test_the_register_prints_and_the_card_leads_to_its_rows(world, sign_in):
    made.entered(world.factory, world.chair)
    client = sign_in(world.chair)
    paper = client.get(url("asset-register", world.factory.pk, "docx"))
    cells = [c.text for table in Document(BytesIO(paper.content)).tables for row in table.rows for c in row.cells]
    assert "投影仪" in cells and "1,680" in cells
    card = words(client.get(reverse("unions:union", args=[world.factory.pk]) + "?tab=disclosure"))
    assert "资产总额（元）" in card and "1,680" in card and "category=equipment" in card
    made.asked(world.factory, world.chair)
    assert "待审批的资产处置" in words(sign_in(world.reviewer).get(reverse("unions:home")))


def test_the_list_is_exported_and_costs_the_same_however_long(world, sign_in):
    made.entered(world.factory, world.chair)
    client = sign_in(world.officer)
    client.get(url("asset-list"))
    with CaptureQueriesContext(connection) as few:
        client.get(url("asset-list"))
    for _n in range(6):
        made.entered(world.hotel, world.neighbour)
    with CaptureQueriesContext(connection) as many:
        client.get(url("asset-list"))
    assert len(many) <= len(few)
    response = client.get(url("asset-list"), {"export": "xlsx", "category": "equipment"})
    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    assert sum("投影仪" in map(str, row) for row in rows) == 7


# The workbook


HEAD = "资产编号,资产名称,资产类别,取得日期,原值,来源,存放地点"


def quiet(*args):
    return None


def imported(user, *rows) -> ImportBatch:
    file = ContentFile("\n".join([HEAD, *rows]).encode(), name="台账.csv")
    batch = import_jobs.take_in(importers["assets"], file, by=user, name="台账.csv")
    return import_jobs.commit(import_jobs.read(batch, quiet), quiet)


def test_a_workbook_brings_the_register_with_errors_by_row_and_is_taken_back(world):
    known = made.entered(world.factory, world.chair, number="固-001")
    batch = imported(
        world.chair, "固-001,投影仪,设备,2025-10-19,1980,工会经费,会议室", "固-002,书柜,家具,2024-03-01,900,捐赠,",
        "固-002,书柜,家具,2024-03-01,900,捐赠,", "固-003,音响,乐器,2024-03-01,900,捐赠,",
    )  # fmt: skip
    problems = {
        row.number: {p["code"] for p in row.problems} for row in batch.rows.all() if row.state == RowState.ERROR
    }
    assert {code for codes in problems.values() for code in codes} >= {"doubled_asset"} and len(problems) == 2
    known.refresh_from_db()
    assert known.value == Decimal("1980.00") and Asset.objects.get(number="固-002").source == "gift"
    import_jobs.take_back(batch, quiet)
    known.refresh_from_db()
    assert known.value == Decimal("1680.00") and Asset.objects.get(number="固-002").state == S.VOID
