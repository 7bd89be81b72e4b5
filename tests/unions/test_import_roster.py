"""The roster as clerks hand it over: what is taken, what is said of each defect, who may bring what, and the way back."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone, translation

from tests.factories.unions import UnionFactory, credit_code
from tests.samples.rosters import bring, commit, nothing, preview, roster_file, row_of
from unions import import_jobs
from unions.enums import BatchState, UnionKind, UnionState
from unions.exports import error_workbook, roster_workbook, template_workbook
from unions.import_problems import SENTENCES, sentence, short
from unions.importing import importers
from unions.models import Event, ImportBatch, Union
from unions.permissions import Permission
from unions.services import edit_union


def states(batch) -> list[str]:
    return list(batch.rows.values_list("state", flat=True))


def codes(batch, level="error") -> list[list[str]]:
    return [[p["code"] for p in row.problems if p["level"] == level] for row in batch.rows.all()]


def test_a_clean_row_becomes_a_union_with_every_field(world):
    row = row_of(code="1101050260101", name="北京样本（集团）有限公司工会委员会", parent=world.wangjing.name)
    batch = preview(world.officer, row)
    assert (batch.state, states(batch)) == (BatchState.PREVIEW, ["new"])
    assert not Union.objects.filter(code=row["code"]).exists(), "a preview writes nothing"
    assert commit(batch).state == BatchState.DONE
    union = Union.objects.get(code=row["code"])
    assert (union.name, union.parent, union.middle, union.kind) == (
        row["name"],
        world.wangjing,
        world.wangjing,
        UnionKind.UNIT,
    )
    assert (union.workers, union.women_members, union.founded_on) == (120, 48, date(2015, 5, 3))
    assert (union.industry, union.employer_nature, union.chair_sex, union.has_account) == (
        "C",
        "private",
        "female",
        False,
    )
    assert Union.objects.matching("bjyb").exists(), "it is found by its initials"


def test_an_edited_row_shows_old_and_new_and_leaves_the_rest_alone(world):
    factory = world.factory
    row = {
        "code": factory.code,
        "name": factory.name,
        "parent": world.wangjing.name,
        "kind": "基层工会",
        "workers": 300,
    }
    batch = preview(world.officer, row)
    assert batch.rows.get().changes == {"workers": [264, 300]}
    commit(batch)
    factory.refresh_from_db()
    assert (factory.workers, factory.members, factory.revision) == (300, 242, 2)
    event = Event.objects.get(action="union.import")
    assert (event.union, event.by, event.data["changes"]) == (factory, world.officer, {"workers": [264, 300]})


def test_superiors_may_stand_below_their_unions_in_the_same_file(world):
    batch = preview(
        world.officer,
        row_of(code="1101059900001", name="新街样本有限公司工会委员会", parent="新街道总工会"),
        row_of(code="110105990", name="新街道总工会", parent=world.district.name, kind="街道总工会"),
    )
    commit(batch)
    assert Union.objects.get(code="1101059900001").parent.name == "新街道总工会"


def test_an_empty_portal_takes_a_whole_tree(world):
    rows = [row_of(code="110105880", name="甲街道总工会", parent=world.district.name, kind="街道总工会")]
    rows += [
        row_of(code=f"1101058800{n:03d}", parent="甲街道总工会", name=f"甲街样本{n}有限公司工会委员会")
        for n in range(1200)
    ]
    batch = preview(world.officer, *rows)
    assert batch.counts["new"] == 1201
    commit(batch)
    assert Union.objects.below(Union.objects.get(code="110105880")).count() == 1201


DEFECTS = {
    "a typo in the kind": ({"kind": "基层公会"}, "unknown_choice_near"),
    "an unknown superior": ({"parent": "望京新区街道总工会"}, "parent_unknown_near"),
    "no superior": ({"parent": None}, "parent_missing"),
    "a middle-tier union below a street": ({"kind": "街道总工会"}, "kind_under_parent"),
    "a negative number": ({"migrant_workers": -4}, "negative"),
    "half a person": ({"workers": 12.5}, "not_whole"),
    "more women than workers": ({"women_workers": 130}, "exceeds"),
    "more women than members": ({"women_members": 111}, "exceeds"),
    "more migrants than workers": ({"migrant_workers": 121}, "exceeds"),
    "founded in the future": ({"founded_on": date(2062, 5, 1)}, "future"),
    "a term in the future": ({"term_started_on": "2062-01-01"}, "future"),
    "no such day": ({"founded_on": "2021年2月30日"}, "no_such_day"),
    "words for a day": ({"founded_on": "去年"}, "not_a_day"),
    "words for a number": ({"workers": "约百人"}, "not_a_number"),
    "a term of four years": ({"term_years": 4}, "term_years"),
    "a wrong check digit": ({"credit_code": credit_code(77)[:-1] + "?"}, "bad_code"),
    "a mistyped credit code": ({"credit_code": "91110105100CCTGR6A"}, "credit_code_check"),
    "a credit code cut short": ({"credit_code": "91110105100CCTGR6"}, "credit_code_length"),
    "a formula for an address": ({"address": '{=HYPERLINK("http://127.0.0.1/","点击")}'}, "formula"),
    "no name": ({"name": None}, "missing"),
    "no kind": ({"kind": None}, "missing"),
    "a code of letters that no code has": ({"code": "甲乙丙丁"}, "bad_code"),
    "a code that lost its digits": ({"code": 11010502600010123}, "digits_lost"),
    "a second district": ({"kind": "区总工会", "parent": None}, "second_district"),
    "an employer that has a union": ({"credit_code": "taken"}, "credit_code_taken"),
}


@pytest.mark.parametrize("given, code", DEFECTS.values(), ids=DEFECTS.keys())
def test_a_defect_is_an_error_that_says_what_is_wrong_and_the_other_rows_go_in(world, given, code):
    if given.get("credit_code") == "taken":
        given = {"credit_code": world.factory.credit_code}
    batch = preview(world.officer, row_of(), row_of(**given), row_of())
    assert states(batch) == ["new", "error", "new"]
    found = next(p for p in batch.rows.get(state="error").problems if p["level"] == "error")
    assert found["code"] == code
    assert sentence(found) and short(code)
    assert commit(batch).counts["applied"]["created"] == 2


WARNINGS = {
    "an old taxpayer number": ({"credit_code": "110105123456789"}, "old_tax_number"),
    "more members than workers": ({"members": 150}, "members_over_workers"),
    "an industry nobody knows": ({"industry": "航天"}, "unknown_choice"),
    "an odd phone": ({"chair_phone": "12345"}, "odd_phone"),
    "a term before the founding": ({"term_started_on": date(2014, 1, 1)}, "before_founding"),
    "a date before all unions": ({"founded_on": date(1900, 1, 1)}, "long_ago"),
}


@pytest.mark.parametrize("given, code", WARNINGS.values(), ids=WARNINGS.keys())
def test_what_may_be_right_is_a_warning_and_goes_in(world, given, code):
    batch = preview(world.officer, row_of(**given))
    assert (states(batch), batch.counts["warnings"]) == (["new"], 1)
    assert code in codes(batch, "warning")[0]


def test_an_old_taxpayer_number_is_kept_out(world):
    batch = preview(world.officer, row_of(code="1101050260150", credit_code="110105123456789"))
    commit(batch)
    assert Union.objects.get(code="1101050260150").credit_code == ""


TIDIED = {
    "full-width digits": ({"code": "１１０１０５０２６０１７７"}, "code", "1101050260177"),
    "invisible blanks": ({"name": " 北京样本\u200b 有限公司工会委员会\u3000"}, "name", "北京样本有限公司工会委员会"),
    "persons behind a number": ({"workers": "1,204人"}, "workers", 1204),
    "full-width numbers": ({"workers": "３２０"}, "workers", 320),
    "dots in a date": ({"founded_on": "2015.5.3"}, "founded_on", date(2015, 5, 3)),
    "a month without a day": ({"founded_on": "2015年5月"}, "founded_on", date(2015, 5, 1)),
    "a date in a run": ({"founded_on": "20150503"}, "founded_on", date(2015, 5, 3)),
    "a number for a code": ({"code": 1101050260178}, "code", "1101050260178"),
}


@pytest.mark.parametrize("given, field, value", TIDIED.values(), ids=TIDIED.keys())
def test_what_was_meant_is_understood_and_the_cleaning_is_shown(world, given, field, value):
    row = row_of(**given)
    batch = preview(world.officer, row)
    assert states(batch) == ["new"]
    if not isinstance(given[field], int):
        assert any(p["field"] == field and p["level"] == "info" for p in batch.rows.get().problems)
    commit(batch)
    assert getattr(Union.objects.order_by("pk").last(), field) == value


def test_each_of_two_rows_with_one_code_names_the_other(world):
    batch = preview(world.officer, row_of(code="1101050260201"), row_of(), row_of(code="1101050260201"))
    assert states(batch) == ["error", "new", "error"]
    assert [row.problems[0]["params"]["rows"] for row in batch.rows.filter(state="error")] == ["6", "4"]


def test_one_name_twice_is_pointed_out_in_both_rows(world):
    batch = preview(
        world.officer, row_of(name="北京同名有限公司工会委员会"), row_of(name="北京同名有限公司工会委员会")
    )
    assert codes(batch, "warning") == [["doubled_name"], ["doubled_name"]]


def test_one_employer_twice_is_an_error_in_both_rows(world):
    batch = preview(world.officer, row_of(credit_code=credit_code(8)), row_of(credit_code=credit_code(8)))
    assert codes(batch) == [["doubled_credit_code"], ["doubled_credit_code"]]


def test_below_a_refused_superior_nothing_is_imported_and_the_row_names_it(world):
    batch = preview(
        world.officer,
        row_of(code="1101050260301", name="望京行业工会联合会", kind="区域(行业)性工会联合会", term_years=4),
        row_of(parent="望京行业工会联合会"),
    )
    assert codes(batch) == [["term_years"], ["parent_refused"]]
    assert batch.counts["error"] == 2


def test_unions_that_hang_below_each_other_are_refused(world):
    batch = preview(
        world.officer,
        row_of(name="甲行业工会联合会", kind="区域(行业)性工会联合会", parent="乙行业工会联合会"),
        row_of(name="乙行业工会联合会", kind="区域(行业)性工会联合会", parent="甲行业工会联合会"),
    )
    assert codes(batch) == [["parent_loop"], ["parent_loop"]]


def test_a_superior_is_found_by_its_former_name_and_with_other_brackets(world):
    edit_union(world.wangjing, {"name": "望京（新）街道总工会"}, by=world.officer)
    batch = preview(world.officer, row_of(parent="望京街道总工会"), row_of(parent="望京(新)街道 总工会"))
    assert states(batch) == ["new", "new"]
    assert codes(batch, "warning") == [["parent_former"], []]
    assert commit(batch).counts["applied"]["created"] == 2


def test_a_superior_whose_name_two_unions_bear_is_never_guessed(world):
    for code in ("1101050260401", "1101050260402"):
        UnionFactory(code=code, name="望京餐饮工会联合会", kind=UnionKind.FEDERATED, parent=world.wangjing)
    assert codes(preview(world.officer, row_of(parent="望京餐饮工会联合会"))) == [["parent_ambiguous"]]


def test_totals_notes_and_empty_rows_are_no_rows(world):
    batch = preview(world.officer, row_of(), dict.fromkeys(row_of()), row_of())
    assert (batch.counts["rows"], list(batch.rows.values_list("number", flat=True))) == (2, [4, 6])


# --- whose rows ----------------------------------------------------------------------------------------------------


def test_a_street_brings_its_own_unions_and_nothing_else(world):
    rows = [
        row_of(parent=world.wangjing.name),
        row_of(parent=world.jianwai.name),
        row_of(code=world.bank.code, name=world.bank.name, parent=world.jianwai.name),
        row_of(code=world.bank.code, name="抢注有限公司工会委员会", parent=world.wangjing.name),
        row_of(code="110105990", name="新街道总工会", kind="街道总工会", parent=world.district.name),
    ]
    batch = preview(world.street_staff, *rows)
    assert states(batch) == ["new", "error", "error", "error", "error"]
    assert {tuple(row) for row in codes(batch)[1:]} == {("outside",)}
    assert commit(batch).counts["applied"] == {"created": 1, "changed": 0, "moved": 0}


def test_a_refusal_does_not_tell_whether_a_code_exists_elsewhere(world):
    there = row_of(code=world.bank.code, parent=world.jianwai.name, name="某某有限公司工会委员会")
    not_there = {**there, "code": "1101050019999", "credit_code": credit_code(99)}
    batch = preview(world.street_staff, there, not_there)
    first, second = batch.rows.all()
    assert (first.problems, first.changes, first.object_id) == (second.problems, second.changes, second.object_id)
    assert world.bank.name not in str(error_workbook(batch))


def test_only_the_district_moves_unions_by_import(world):
    row = {"code": world.factory.code, "name": world.factory.name, "parent": world.jianwai.name, "kind": "基层工会"}
    below = UnionFactory(kind=UnionKind.FEDERATED, name="望京物业工会联合会", parent=world.wangjing)
    assert codes(preview(world.street_staff, {**row, "parent": below.name})) == [["may_not_move"]]
    commit(preview(world.officer, row))
    world.factory.refresh_from_db()
    assert (world.factory.parent, world.factory.middle) == (world.jianwai, world.jianwai)


def test_who_may_not_import_is_told_so_and_another_persons_file_is_not_there(world, sign_in):
    batch = preview(world.officer, row_of())
    assert sign_in(world.reviewer).get("/imports/").status_code == 403
    for own in (world.chair, world.clerk):
        assert "/imports/new/roster/" not in sign_in(own).get("/imports/").content.decode(), "delegates and assets"
    assert sign_in(world.chair).get("/imports/new/roster/").status_code == 403
    assert sign_in(world.street_staff).get(f"/imports/{batch.pk}/").status_code == 404
    assert sign_in(world.street_staff).post(f"/imports/{batch.pk}/confirm/").status_code == 404
    assert sign_in(world.street_staff).get("/imports/new/quarters/").status_code == 403
    assert sign_in(world.officer).get("/imports/new/nonsense/").status_code == 404


def test_a_closed_union_stays_as_it_was(world):
    Union.objects.filter(pk=world.hotel.pk).update(state=UnionState.DISSOLVED)
    row = {
        "code": world.hotel.code,
        "name": world.hotel.name,
        "parent": world.wangjing.name,
        "kind": "基层工会",
        "workers": 1,
    }
    assert codes(preview(world.officer, row))[0][0] == "closed"


# --- between preview and commit ----------------------------------------------------------------------------------


def changed_factory(world, workers=300):
    return {
        "code": world.factory.code,
        "name": world.factory.name,
        "parent": world.wangjing.name,
        "kind": "基层工会",
        "workers": workers,
    }


def test_nothing_is_imported_when_a_union_was_changed_after_the_preview(world):
    batch = preview(world.officer, changed_factory(world), row_of(code="1101050260501"))
    edit_union(world.factory, {"members": 200}, by=world.clerk)
    assert commit(batch).state == BatchState.EXPIRED
    assert not Union.objects.filter(code="1101050260501").exists()


def test_nothing_is_imported_when_a_code_was_taken_after_the_preview(world):
    batch = preview(world.officer, row_of(code="1101050260502"))
    UnionFactory(code="1101050260502", parent=world.wangjing)
    assert commit(batch).state == BatchState.EXPIRED


def test_nothing_is_imported_by_somebody_whose_appointment_has_ended(world):
    batch = preview(world.street_staff, row_of())
    world.street_staff.assignments.get().grants.all().delete()
    assert commit(batch).state == BatchState.EXPIRED


def test_a_preview_holds_for_two_hours(world, sign_in):
    batch = preview(world.officer, row_of())
    previewed = batch.previewed_at.isoformat()
    with time_machine.travel(timezone.now() + timedelta(hours=2, minutes=1), tick=False):
        assert (
            sign_in(world.officer).post(f"/imports/{batch.pk}/confirm/", {"previewed": previewed}).status_code == 409
        )


def test_a_second_confirmation_imports_nothing_twice(world, sign_in):
    batch = preview(world.officer, row_of())
    given = {"previewed": batch.previewed_at.isoformat()}
    assert sign_in(world.officer).post(f"/imports/{batch.pk}/confirm/", given).status_code == 302
    assert sign_in(world.officer).post(f"/imports/{batch.pk}/confirm/", given).status_code == 409
    commit(ImportBatch.objects.get(pk=batch.pk))
    count = Union.objects.count()
    commit(ImportBatch.objects.get(pk=batch.pk))
    assert Union.objects.count() == count


# --- the way back --------------------------------------------------------------------------------------------------


def test_an_import_is_undone_whole(world):
    renamed = {**changed_factory(world), "name": "北京瑞丰同创集团有限公司工会委员会", "parent": world.jianwai.name}
    batch = commit(
        preview(
            world.officer, renamed, row_of(code="1101050260601", name="望京样本工会联合会", kind="区域(行业)性工会联合会"),
            row_of(code="1101050260602", parent="望京样本工会联合会"),
        )
    )  # fmt: skip
    assert import_jobs.take_back(batch, nothing).state == BatchState.UNDONE
    factory = Union.objects.get(pk=world.factory.pk)
    assert (factory.name, factory.workers, factory.parent, factory.middle) == (
        world.factory.name,
        264,
        world.wangjing,
        world.wangjing,
    )
    assert factory.former_names == []
    assert not Union.objects.filter(code__startswith="11010502606").exists()
    assert Event.objects.filter(action="union.import_undo").count() == 3


def test_an_import_is_not_undone_where_something_has_come_of_it(world):
    batch = commit(
        preview(world.officer, changed_factory(world), row_of(code="1101050260701"), row_of(code="1101050260702"))
    )
    edit_union(Union.objects.get(pk=world.factory.pk), {"members": 200}, by=world.clerk)
    world.person("grassroots_chair", Union.objects.get(code="1101050260701"))
    batch = import_jobs.take_back(batch, nothing)
    assert (batch.state, batch.counts["blocked"] >= 2) == (BatchState.DONE, True)
    assert Union.objects.filter(code__startswith="11010502607").count() == 2
    assert Union.objects.get(pk=world.factory.pk).workers == 300


# --- workbooks -----------------------------------------------------------------------------------------------------


def test_the_error_workbook_gives_reasons_and_once_corrected_imports(world):
    batch = preview(world.officer, row_of(), row_of(code="1101050260801", workers="约百人"))
    book = openpyxl.load_workbook(io.BytesIO(error_workbook(batch)))
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    assert sheet.max_row == 2 and head[-1] in ("原因", "Reason")
    wrong = sheet.cell(2, head.index("职工人数") + 1)
    assert wrong.fill.fgColor.rgb.endswith("F4C3BD") and wrong.comment
    assert "约百人" in sheet.cell(2, len(head)).value
    wrong.value = 100
    body = io.BytesIO()
    book.save(body)
    again = bring(world.officer, body.getvalue())
    assert (again.state, states(again)) == (BatchState.PREVIEW, ["new"])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_exported_roster_imports_back_with_nothing_to_change(world, language):
    commit(
        preview(
            world.officer,
            row_of(name="=1+1工会委员会", address="@市场街 1 号", chair_name="-王"),
            row_of(founded_on=None, chair_phone=None),
        )
    )
    with translation.override(language):
        for reveals in (True, False):
            body = roster_workbook(Union.objects.all(), ["街道：望京"], reveals_phones=reveals)
            batch = bring(world.officer, body)
            assert (batch.counts["same"], batch.counts["rows"]) == (8, 8), [
                row.problems or row.changes for row in batch.rows.exclude(state="same")
            ]


def test_no_exported_cell_is_a_formula_and_codes_stay_text(world):
    world.hotel.name, world.hotel.address, world.hotel.chair_phone = "=cmd|' /C calc'!A0", "\t+1", "-1"
    world.hotel.save()
    sheet = openpyxl.load_workbook(io.BytesIO(roster_workbook(Union.objects.all()))).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert world.factory.code in [cell.value for cell in cells]


def test_the_template_offers_a_street_its_own_unions_and_imports_as_it_is_filled_in(world):
    body = template_workbook(importers["roster"], world.street_staff)
    book = openpyxl.load_workbook(io.BytesIO(body))
    words = [cell.value for row in book.worksheets[1].iter_rows() for cell in row]
    assert world.wangjing.name in words and world.jianwai.name not in words
    assert book.worksheets[0].protection.sheet
    batch = bring(world.street_staff, body)
    assert (batch.state, states(batch)) == (BatchState.PREVIEW, ["new"])


# --- columns -------------------------------------------------------------------------------------------------------


def test_titles_are_known_by_synonyms_and_in_english(world):
    batch = preview(
        world.officer, row_of(), titles={"工会编码": "Union code", "职工人数": "职工总数", "上级工会": "所属上级工会"}
    )
    assert (batch.state, states(batch)) == (BatchState.PREVIEW, ["new"])


def test_an_unknown_title_waits_for_a_person_who_settles_it(world, sign_in):
    batch = preview(world.officer, row_of(), titles={"职工人数": "人头数", "工会名称": "工会的全名"})
    assert batch.state == BatchState.UPLOADED
    page = sign_in(world.officer).get(f"/imports/{batch.pk}/")
    assert "人头数" in page.content.decode()
    given = {f"column{c.index}": c.key for c in [*page.context["doubtful"], *page.context["known"]]}
    assert given["column2"] == "name", "the nearest title is proposed"
    given["column10"] = "members"
    assert sign_in(world.officer).post(f"/imports/{batch.pk}/columns/", given).status_code == 422, "one meaning twice"
    given["column10"] = "workers"
    assert sign_in(world.officer).post(f"/imports/{batch.pk}/columns/", given).status_code == 302
    batch = import_jobs.read(ImportBatch.objects.get(pk=batch.pk), nothing)
    assert states(batch) == ["new"]


def test_without_a_column_that_must_be_there_nothing_is_read_and_it_is_named(world, sign_in):
    batch = preview(world.officer, row_of(), leave_out=("kind",))
    assert batch.state == BatchState.UPLOADED
    page = sign_in(world.officer).get(f"/imports/{batch.pk}/")
    assert [column.key for column in page.context["missing"]] == ["kind"]
    assert "/imports/template/roster/" in page.content.decode()


def test_columns_that_may_be_missing_leave_what_is_on_record(world):
    row = {**changed_factory(world), "members": 1}
    commit(preview(world.officer, row, leave_out=("members", "women_members", "chair_phone", "credit_code")))
    world.factory.refresh_from_db()
    assert (world.factory.workers, world.factory.members) == (300, 242)


# --- pages ---------------------------------------------------------------------------------------------------------


def test_the_preview_groups_problems_and_narrows_to_one(world, sign_in):
    rows = [row_of(parent="无名街道总工会") for _n in range(3)] + [row_of(workers="x"), row_of()]
    batch = preview(world.officer, *rows)
    client = sign_in(world.officer)
    page = client.get(f"/imports/{batch.pk}/")
    assert [row.row.state for row in page.context["rows"]] == ["error"] * 4
    assert (page.context["groups"][0].count, page.context["todo"]) == (3, 1)
    page = client.get(f"/imports/{batch.pk}/", {"problem": page.context["groups"][0].key})
    assert len(page.context["rows"]) == 3
    assert len(client.get(f"/imports/{batch.pk}/", {"state": "new"}).context["rows"]) == 1
    assert [row.row.number for row in client.get(f"/imports/{batch.pk}/", {"q": "7"}).context["rows"]] == [7]


def test_a_refused_upload_says_why_and_leaves_nothing_behind(world, sign_in):
    answer = sign_in(world.officer).post(
        "/imports/new/roster/", {"file": ContentFile(b"PK\x03\x04 nonsense", name="a.xlsx")}
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not ImportBatch.objects.exists()


def test_a_file_that_shows_its_nature_only_when_read_is_refused_on_its_page(world, sign_in):
    batch = bring(world.officer, "甲,乙\n".encode(), "名册.csv")
    assert (batch.state, batch.problem) == (BatchState.REFUSED, "no_rows")
    page = sign_in(world.officer).get(f"/imports/{batch.pk}/")
    assert page.status_code == 200 and page.context["refusal"]


def test_the_same_file_brought_again_is_pointed_out(world, sign_in):
    body = roster_file([row_of()])
    commit(bring(world.officer, body))
    again = bring(world.officer, body)
    assert states(again) == ["same"]
    assert sign_in(world.officer).get(f"/imports/{again.pk}/").context["twin"]


def test_every_sentence_can_be_said():
    for name, words in SENTENCES.items():
        assert str(words.short) and str(words.text), name


def test_whoever_may_import_is_named_by_permission(world):
    assert world.street_staff.has_perm(Permission.UNION_IMPORT) and not world.reviewer.has_perm(
        Permission.UNION_IMPORT
    )


def test_files_of_previews_that_nobody_confirmed_go_after_a_day(world):
    waiting, done = preview(world.officer, row_of()), commit(preview(world.officer, row_of()))
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1), tick=False):
        assert import_jobs.remove_stale_files() == 1
    waiting.refresh_from_db()
    assert (bool(waiting.file), waiting.state, waiting.rows.exists()) == (False, BatchState.EXPIRED, False)
    assert ImportBatch.objects.get(pk=done.pk).file


def test_a_second_street_of_one_name_is_refused_and_a_second_unit_pointed_out(world):
    street = row_of(code="110105990", name=world.wangjing.name, kind="街道总工会", parent=world.district.name)
    unit = row_of(name=world.hotel.name)
    batch = preview(world.officer, street, unit)
    assert (codes(batch)[0], codes(batch, "warning")[1]) == (["name_known"], ["name_known"])


def test_one_union_is_never_turned_into_another_that_bears_its_code(world):
    other = row_of(code=world.wangjing.code, name="高碑店地区总工会", kind="地区总工会", parent=world.district.name)
    batch = preview(world.officer, other, row_of(parent="高碑店地区总工会"))
    assert codes(batch) == [["other_union"], ["parent_refused"]]
    renamed = {**other, "credit_code": world.wangjing.credit_code}
    batch = preview(world.officer, renamed, row_of(parent="高碑店地区总工会"))
    assert states(batch) == ["changed", "new"]
    commit(batch)
    assert Union.objects.get(pk=world.wangjing.pk).name == "高碑店地区总工会"
