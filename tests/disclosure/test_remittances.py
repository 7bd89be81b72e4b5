"""Remittance of funds: the tax office's register, matched to unions by itself and by hand, seen by whoever it concerns."""

import datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from disclosure.enums import RemittanceMatch
from disclosure.models import Remittance
from disclosure.remittance_rates import Rates, split
from disclosure.remittances import SEE
from tests.factories.remittances import QUARTER, remitted, row, workbook
from unions import import_jobs
from unions.enums import BatchState, RowState
from unions.importing import importers
from unions.models import Event, ImportBatch, Setting
from unions.wall import pass_of, under
from unions.workflow import MoveError, NotAllowed, perform

pytestmark = pytest.mark.django_db
M = RemittanceMatch
MONDAY = datetime.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def on_monday(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.UTC), tick=False)


def url(name, *args):
    return reverse(f"disclosure:{name}", args=args)


def words(response) -> str:
    return response.content.decode()


def quiet(*args):
    return None


def previewed(user, *rows, **given) -> ImportBatch:
    file = ContentFile(workbook(*rows, **given), name="核准库.xlsx")
    return import_jobs.read(import_jobs.take_in(importers["remittances"], file, by=user), quiet)


def imported(user, *rows, **given) -> ImportBatch:
    with under(pass_of(user)):
        return import_jobs.commit(previewed(user, *rows, **given), quiet)


def stored(number: int, period: str = QUARTER) -> Remittance:
    return Remittance.objects.get(credit_code=row(number)["credit_code"], period=period)


def problems_of(batch) -> dict[int, set[str]]:
    return {one.number - 3: {p["code"] for p in one.problems} for one in batch.rows.all() if one.problems}


# The register


def test_the_register_finds_unions_by_code_and_by_name_streets_by_theirs_and_pools_the_rest(world):
    batch = imported(
        world.officer, row(1, credit_code=world.factory.credit_code), row(2, name=f"{world.hotel.employer_name[:2]} {world.hotel.employer_name[2:]}"),
        row(3, street="望 京"), row(4, street="建外街道"), row(5, street="海淀街道"), row(6, street=None),
    )  # fmt: skip
    assert batch.state == BatchState.DONE and batch.counts["applied"] == {"created": 6, "changed": 0}
    found = [(one.union, one.state) for one in Remittance.objects.order_by("pk")]
    assert found == [
        (world.factory, M.BY_CODE), (world.hotel, M.BY_NAME), (world.wangjing, M.UNMATCHED), (world.jianwai, M.UNMATCHED),
        (world.district, M.UNMATCHED), (world.district, M.UNMATCHED),
    ]  # fmt: skip
    assert {one.due_on for one in Remittance.objects.all()} == {datetime.date(2026, 10, 15)}
    event = Event.objects.get(action="remittance.import")
    assert (event.data["period"], event.data["count"], event.by) == (QUARTER, 6, world.officer)
    assert not world.street_staff.has_perm(importers["remittances"].permission), "the district's staff alone"


def test_defects_of_the_register_stand_on_their_rows(world):
    code = row(1)["credit_code"]
    batch = previewed(
        world.officer, row(1, credit_code=f"\xa0{code} ", payroll="100,000.50", headcount="１２"),
        row(2, credit_code=code[:17] + ("0" if code[17] != "0" else "1")), row(3), row(3, name="另一家"), row(4, credit_code="110105001234567"),
        row(5, paid=-1), row(6, payable=2500, paid=2500), row(7, paid=2000.02), row(8, street="海淀街道"), row(9, kind="个人所得税"),
        row(10, approved_on=datetime.date(2027, 1, 5)), row(11, payable=None),
    )  # fmt: skip
    found = problems_of(batch)
    expected = {
        2: "credit_code_check", 3: "doubled_employer", 4: "doubled_employer", 5: "old_tax_number", 6: "negative", 7: "rate_differs",
        8: "overpaid", 9: "street_unknown", 11: "future", 12: "missing",
    }  # fmt: skip
    assert {number: expected[number] for number in expected if expected[number] in found[number]} == expected
    assert found[10] & {"unknown_choice", "unknown_choice_near"}
    good = {one.number - 3 for one in batch.rows.exclude(state=RowState.ERROR)}
    assert good == {1, 7, 8, 9} and batch.rows.get(number=4).values["credit_code"] == code
    Setting.objects.create(key="remittance-tolerance", value=60_000, effective_from=MONDAY, basis="区规")
    assert "rate_differs" not in problems_of(previewed(world.officer, row(6, payable=2500, paid=2500))).get(1, set())


def test_the_quarter_stands_in_the_title_or_in_a_column_or_nothing_is_taken(world):
    assert problems_of(previewed(world.officer, row(1), title="核准库")) == {1: {"no_quarter"}}
    assert problems_of(previewed(world.officer, row(1), title="核准库(2026年四季度)")) == {1: {"period_ahead"}}
    imported(world.officer, row(1, period="2026年一季度"), row(1, period="2026Q2"), title="核准库")
    assert {one.period for one in Remittance.objects.all()} == {"2026Q1", "2026Q2"}


def test_the_same_quarter_again_corrects_what_changed_and_is_taken_back(world):
    first = imported(world.officer, row(1), row(2))
    again = imported(world.officer, row(1, paid=1500, street="建外街道"), row(2), row(3))
    assert again.counts["applied"] == {"created": 1, "changed": 1} and again.counts["same"] == 1
    assert (stored(1).paid, stored(1).union) == (Decimal("1500.00"), world.jianwai)
    with under(pass_of(world.officer)):
        import_jobs.take_back(again, quiet)
    assert (stored(1).paid, stored(1).union, Remittance.objects.count()) == (Decimal("2000.01"), world.wangjing, 2)
    perform(stored(2), "assign", by=world.street_staff, data={"union": world.hotel.pk})
    assert import_jobs.take_back(first, quiet).counts["blocked"] == 2, "one was corrected since, the other matched"


def test_an_import_costs_statements_by_the_thousand_not_by_the_row(world):
    def cost(count: int, period: str) -> int:
        batch = previewed(world.officer, *(row(number, period=period) for number in range(count)))
        with CaptureQueriesContext(connection) as queries:
            import_jobs.commit(batch, quiet)
        return len(queries)

    assert cost(120, "2026Q1") <= cost(3, "2026Q2") + 2
    assert Remittance.objects.count() == 123


# By hand


def test_a_street_assigns_to_its_own_unions_or_disowns_and_the_district_assigns_elsewhere(world):
    found = remitted(world.wangjing)
    with pytest.raises(MoveError):
        perform(found, "assign", by=world.street_staff, data={"union": world.bank.pk})
    with pytest.raises(NotAllowed):
        perform(found, "assign", by=world.chair, data={"union": world.factory.pk})
    with under(pass_of(world.street_staff)):
        ours = perform(found, "assign", by=world.street_staff, data={"union": world.factory.pk})
        assert (ours.union, ours.state) == (world.factory, M.BY_HAND)
        back = perform(ours, "undo", by=world.street_staff)
        assert (back.union, back.state) == (world.wangjing, M.UNMATCHED)
        given_up = perform(back, "disown", by=world.street_staff, reason="经营地在建外街道")
    assert (given_up.union, given_up.state) == (world.wangjing, M.NOT_OURS), "theirs to see until it is assigned"
    with under(pass_of(world.officer)):
        moved = perform(given_up, "assign", by=world.officer, data={"union": world.jianwai.pk})
    with under(pass_of(world.person("middle_staff", world.jianwai))), pytest.raises(MoveError, match="不能由您撤回"):
        perform(moved, "undo", by=world.person("middle_staff", world.jianwai))
    assert moved.middle_id is not None and Remittance.objects.get().middle == world.jianwai


def test_what_was_matched_by_hand_stays_so_in_later_quarters_and_imports(world):
    imported(world.officer, row(1))
    perform(stored(1), "assign", by=world.street_staff, data={"union": world.hotel.pk})
    imported(world.officer, row(1, paid=1), row(2))
    assert (stored(1).union, stored(1).paid) == (world.hotel, Decimal("1.00"))
    imported(world.officer, row(1, period="2025Q4"), row(2, period="2025Q4"))
    assert stored(1, "2025Q4").union == world.wangjing, "earlier quarters are not rewritten"
    Remittance.objects.filter(period=QUARTER, credit_code=row(1)["credit_code"]).update(period="2025Q3")
    imported(world.officer, row(1))
    assert (stored(1).union, stored(1).state) == (world.hotel, M.BY_HAND)


# Pages


def test_own_rows_the_tiers_above_and_no_stranger(world, sign_in):
    ours = remitted(world.factory, state=M.BY_CODE)
    theirs, street = remitted(world.bank, state=M.BY_CODE), remitted(world.wangjing)
    for person, sees in ((world.chair, {ours}), (world.street_chair, {ours, street}), (world.stranger, {theirs})):
        assert set(Remittance.objects.visible_to(person, SEE)) == sees
        with under(pass_of(person)):
            assert set(Remittance.objects.all()) == sees, "the second wall says the same"
    client = sign_in(world.chair)
    page = words(client.get(url("remittance", ours.pk)))
    assert "欠缴" in page and "5,000" in page and "975" in page, "39 days at 5 ‰ of 5,000"
    assert client.get(url("remittance", theirs.pk)).status_code == 404
    assert client.get(url("remittance-move", ours.pk, "assign")).status_code == 403
    client = sign_in(world.street_staff)
    form = words(client.get(url("remittance-move", street.pk, "assign")))
    assert "以后各季度" in form
    response = client.post(url("remittance-move", street.pk, "assign"), {"union": world.hotel.pk, "revision": 1})
    assert response.status_code == 302 and "指定所属工会" in words(client.get(response.url))
    stale = client.post(url("remittance-move", street.pk, "disown"), {"reason": "不属", "revision": 1})
    assert stale.status_code == 409


def test_the_list_says_what_is_paid_of_what_it_shows_and_costs_the_same_however_long(world, sign_in):
    remitted(world.factory, state=M.BY_CODE, headcount=240, paid=Decimal("10000.00"))
    client = sign_in(world.officer)
    client.get(url("remittance-list"))
    with CaptureQueriesContext(connection) as few:
        page = words(client.get(url("remittance-list")))
    assert "100.0%" in page
    for union in (world.bank, world.wangjing, world.district, world.factory):
        remitted(union, kind="funds")
    with CaptureQueriesContext(connection) as many:
        page = words(client.get(url("remittance-list")))
    assert len(many) <= len(few) + 1, "the names of middle-tier unions, once"
    assert "60.0%" in page and "20,000" in page

    def shown(**query) -> int:
        response = client.get(url("remittance-list"), {"export": "xlsx", **query})
        rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
        return sum(str(one[0]).startswith("北京第") for one in rows)

    assert (shown(), shown(owing=1), shown(size="large"), shown(period=QUARTER)) == (5, 4, 1, 5)
    assert (shown(figure="unmatched"), shown(figure="lost"), shown(figure="founded")) == (2, 2, 1)
    assert (shown(middle=world.wangjing.pk), shown(state=M.BY_CODE), shown(period="2026Q2")) == (3, 1, 0)


# Rates, split, arrears


def test_a_payment_is_split_by_tier_to_the_cent_by_the_shares_of_its_quarter():
    parts = split(Decimal("100.03"), MONDAY)
    assert [(part.percent, str(part.amount)) for part in parts] == [
        (60, "60.02"), (15, "15.00"), (10, "10.00"), (10, "10.00"), (5, "5.01")
    ]  # fmt: skip
    Setting.objects.create(key="remittance-share-middle", value=5, effective_from=MONDAY, basis="区规")
    assert sum(part.amount for part in split(Decimal("0.07"), MONDAY)) == Decimal("0.07")
    assert split(Decimal("100.00"), MONDAY)[-1].percent == 15
    assert split(Decimal("100.00"), MONDAY - datetime.timedelta(days=1))[-1].percent == 5


def test_arrears_begin_after_the_due_day_and_the_fee_grows_by_the_day(world):
    found = remitted(world.factory)

    def at(day: datetime.date) -> tuple:
        one = Remittance.objects.with_arrears(day).get(pk=found.pk)
        return one.arrears, one.late_fee

    due = datetime.date(2026, 10, 15)
    assert at(due) == (0, 0)
    assert at(due + datetime.timedelta(days=1)) == (5000, Decimal("25.00"))
    assert at(MONDAY) == (5000, Decimal("975.00")), "39 days"
    remitted(world.factory, paid=Decimal("12000.00"))
    assert Remittance.objects.with_arrears(MONDAY).sums()["arrears_sum"] == 5000, "what one overpaid is not another's"


def test_the_share_paid_by_street_by_quarter_on_the_card_and_in_the_api(world, sign_in):
    remitted(world.factory, state=M.BY_CODE)
    remitted(world.bank, state=M.BY_CODE, paid=Decimal("10000.00"))
    remitted(world.district, period="2026Q2")
    lost = remitted(world.wangjing, kind="funds", paid=Decimal("10000.00"))
    rates = Rates(world.officer, QUARTER, MONDAY)
    assert [(line.label, line.count, line.share) for line in rates.lines] == [
        (world.wangjing.name, 2, Decimal("0.75")), (world.jianwai.name, 1, 1)
    ]  # fmt: skip
    client = sign_in(world.officer)
    page = words(client.get(url("remittance-rates")))
    assert "83.3%" in page and f"period={QUARTER}&amp;middle={world.wangjing.pk}&amp;owing=1" in page
    pool = words(client.get(url("remittance-rates"), {"period": "2026Q2"}))
    assert "区级待认领池" in pool and "figure=pool" in pool
    book = load_workbook(BytesIO(client.get(url("remittance-rates"), {"export": "xlsx"}).content)).active
    assert any(world.wangjing.name in map(str, line) for line in book.iter_rows(values_only=True))
    assert len(client.get("/api/v1/remittances/", {"owing": 1, "period": QUARTER}).json()["results"]) == 1
    client = sign_in(world.chair)
    page = words(client.get(url("union-remittances", world.factory.pk)))
    assert "3,000" in page and "基层工会留成 60%" in page and "975" in page
    card = words(client.get(reverse("unions:union", args=[world.factory.pk]) + "?tab=disclosure"))
    assert "5,000/10,000" in card and url("union-remittances", world.factory.pk) in card
    assert client.get(url("union-remittances", world.bank.pk)).status_code == 404
    client = sign_in(world.street_staff)
    assert "figure=lost" in words(client.get(reverse("unions:home")))
    perform(lost, "disown", by=world.street_staff, reason="不在望京")
    assert "state=not_ours" in words(sign_in(world.officer).get(reverse("unions:home")))
