"""The annual report: what the portal tells of the year, what is written, filed, returned and accepted."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from docx import Document

from disclosure import annual, annual_sheets
from disclosure.annual_sources import Year
from disclosure.models import AnnualPromise, AnnualReport, AnnualSheet
from tests.factories import annual as made
from tests.factories.bulletins import approved
from tests.factories.disclosure import accepted as accepted_return
from tests.factories.disclosure import history
from tests.factories.meetings import closed
from unions.enums import DutyState, Tier
from unions.models import Duty, Notice
from unions.opening import open_due
from unions.workflow import Conflict, Invalid, MoveError, NotAllowed, perform


def url(name, *args):
    return reverse(f"disclosure:{name}", args=args)


def prompt_of(report, source):
    return next(p for part in report.sheet.parts.all() for p in part.prompts.filter(source=source))


@pytest.fixture
def year(world):
    """A year with two accepted returns, a meeting and a bulletin."""
    for period, activities in (("2026Q1", 2), ("2026Q2", 3)):
        accepted_return(
            world.factory, period, history(world.factory, activities=activities, participants=50, members=250)
        )
    closed(world.factory, world.chair, above=world.reviewer)
    approved(world.factory, world.chair)
    return made.duty_of(world.factory)


def test_each_tier_has_its_parts_and_the_district_sets_them(world):
    titles = {tier: [str(part) for part in AnnualSheet.objects.get(tier=tier).parts.all()] for tier in Tier}
    assert titles[Tier.GRASSROOTS] == ["工作报告", "经费收支情况报告", "经费审查报告", "主席述职报告"]
    assert (
        titles[Tier.MIDDLE]
        == titles[Tier.DISTRICT]
        == ["年度工作计划", "工作结果", "经费收支情况报告", "经费审查报告"]
    )


def test_the_duty_opens_before_the_year_ends_for_every_tier(world):
    rule = made.duty_of(world.factory, 2020).rule
    Duty.objects.all().delete()
    assert open_due(rule, datetime.date(2026, 11, 20)) == 6
    duty = Duty.objects.get(union=world.factory)
    assert (duty.period, duty.due_on) == ("2026", datetime.date(2027, 3, 31))


def test_the_page_proposes_a_paragraph_from_the_portal_with_its_source_and_stores_nothing(world, year, sign_in):
    page = sign_in(world.chair).get(url("annual-write", year.pk)).content.decode()
    assert "开展活动 5 次" in page and "100 人次" in page and "已接受季报" in page
    assert not AnnualReport.objects.exists()


def test_every_sentence_of_the_portal_leads_to_a_page_that_opens(world, year, sign_in):
    client, told = sign_in(world.chair), Year(world.factory, 2026)
    made.accepted(world.factory, world.chair, world.reviewer, 2025)
    drawn = [
        one for source in ("workforce", "activities", "meetings", "bulletins", "funds") for one in told.drawn(source)
    ]
    assert len(drawn) >= 8
    assert {client.get(one.href).status_code for one in drawn} == {200}


@pytest.mark.parametrize(
    ("who", "status"),
    [("chair", 200), ("clerk", 200), ("street_staff", 403), ("reviewer", 403), ("leader", 403), ("neighbour", 404), ("stranger", 404)],
)  # fmt: skip
def test_only_its_own_people_write_it(world, sign_in, who, status):
    duty = made.duty_of(world.factory)
    client = sign_in(getattr(world, who))
    assert client.get(url("annual-write", duty.pk)).status_code == status
    assert client.post(url("annual-field", duty.pk), {"name": "t.1", "value": "x"}).status_code == status


def test_a_paragraph_is_kept_as_it_is_written_and_the_answer_carries_what_is_left(world, sign_in):
    duty = made.duty_of(world.factory)
    prompt = AnnualSheet.objects.get(tier=3).parts.first().prompts.first()
    answer = sign_in(world.chair).post(
        url("annual-field", duty.pk), {"name": f"t.{prompt.pk}", "value": "职工264人。", "revision": 1}, headers={"X-Autosave": "1"}
    )  # fmt: skip
    assert answer.status_code == 200 and b"<html" not in answer.content and "还有 7 段" in answer.content.decode()
    section = AnnualReport.objects.get(duty=duty).sections.get(part=prompt.part_id)
    assert section.text(prompt) == "职工264人。"


def test_two_people_at_once_see_what_the_other_wrote(world, sign_in):
    report = made.begun(world.factory, world.clerk)
    prompt = prompt_of(report, "workforce")
    annual.save_report(report.duty, by=world.clerk, values={f"t.{prompt.pk}": "甲"}, revision=1)
    answer = sign_in(world.chair).post(
        url("annual-field", report.duty_id), {"name": f"t.{prompt.pk}", "value": "乙", "revision": 1}
    )
    assert answer.status_code == 409 and "您写的是“乙”，现在是“甲”" in answer.content.decode()
    with pytest.raises(Conflict):
        annual.save_report(report.duty, by=world.chair, values={}, revision=1)


def test_an_untouched_draft_is_nobodys_word_until_it_is_confirmed(world, year, sign_in):
    client = sign_in(world.chair)
    name = f"t.{AnnualSheet.objects.get(tier=3).parts.first().prompts.first().pk}"
    draft = Year(world.factory, 2026).draft("workforce").strip()
    client.post(url("annual-write", year.pk), {name: draft, "revision": 1})
    assert AnnualReport.objects.get(duty=year).sections.first().texts == {}
    client.post(url("annual-drafts", year.pk), {name: draft, "revision": 2})
    assert draft in AnnualReport.objects.get(duty=year).sections.first().texts.values()


def test_amounts_are_read_as_people_type_them_and_a_wrong_one_is_named_at_its_place(world, sign_in):
    report = made.begun(world.factory, world.chair)
    heads = list(report.sheet.heads.filter(side="income"))
    values = {f"a.{heads[0].pk}": "12,000.5元", f"a.{heads[1].pk}": "许多", "a.before": "-3"}
    report, errors = annual.save_report(report.duty, by=world.chair, values=values)
    assert report.accounts[str(heads[0].pk)] == "12000.50" and set(errors) == {f"a.{heads[1].pk}", "a.before"}
    page = sign_in(world.chair).post(url("annual-write", report.duty_id), {**values, "revision": report.revision})
    assert page.status_code == 422 and "“许多”不是金额" in page.content.decode()


def test_it_cannot_be_filed_while_something_is_missing_or_the_balance_is_below_zero(world):
    report = made.begun(world.factory, world.chair)
    with pytest.raises(MoveError, match="工作报告：还有 8 段"):
        perform(report, "submit", by=world.chair)
    report = made.written(world.factory, world.chair)
    expense = report.sheet.heads.filter(side="expense").last()
    annual.save_report(report.duty, by=world.chair, values={f"a.{expense.pk}": "999999"})
    with pytest.raises(MoveError, match="结余不能为负"):
        perform(AnnualReport.objects.get(pk=report.pk), "submit", by=world.chair)


def test_the_clerk_asks_the_chair_who_signs_after_looking_it_over(world, sign_in):
    report, chair = made.written(world.factory, world.clerk), world.chair
    clerk = sign_in(world.clerk)
    given = {**made.words(report), "revision": report.revision, "then": "ask"}
    assert clerk.post(url("annual-write", report.duty_id), given).status_code == 302
    assert Notice.objects.filter(kind="annual.asked", recipient=chair).count() == 1
    assert clerk.get(url("annual-sign", report.duty_id)).status_code == 403
    report.refresh_from_db()
    chair = sign_in(chair)
    page = chair.get(url("annual-sign", report.duty_id))
    assert page.status_code == 200 and "办好食堂" in page.content.decode()
    for _twice in range(2):
        assert chair.post(
            url("annual-sign", report.duty_id), {"key": "k", "revision": report.revision}
        ).status_code in (302, 409)
    report.refresh_from_db()
    assert (report.state, report.rounds) == ("submitted", 1)


def test_filed_returned_and_accepted_with_the_duty_behind_it(world, sign_in):
    reviewer, report = world.reviewer, made.filed(world.factory, world.chair)
    assert Duty.objects.get(pk=report.duty_id).state == DutyState.SUBMITTED
    assert Notice.objects.filter(kind="annual.submitted", recipient=reviewer).exists()
    with pytest.raises(NotAllowed):
        perform(report, "accept", by=world.chair)
    with pytest.raises(NotAllowed):
        perform(report, "accept", by=world.stranger)
    due = timezone.localdate() + datetime.timedelta(days=9)
    page = sign_in(world.reviewer).post(
        url("annual-move", report.pk, "return"), {"reason": "经费部分请附决算表", "due": due.isoformat(), "revision": report.revision}
    )  # fmt: skip
    assert page.status_code == 302
    duty = Duty.objects.get(pk=report.duty_id)
    assert (duty.state, duty.return_count) == (DutyState.RETURNED, 1) and duty.last_day >= due
    assert "经费部分请附决算表" in sign_in(world.chair).get(url("annual-write", duty.pk)).content.decode()
    report = perform(AnnualReport.objects.get(pk=report.pk), "submit", by=world.chair)
    report = perform(report, "accept", by=world.reviewer)
    assert (report.state, report.rounds, Duty.objects.get(pk=duty.pk).state) == ("accepted", 2, DutyState.FULFILLED)
    with pytest.raises(MoveError):
        annual.save_report(duty, by=world.chair, values={})


def test_a_reviewer_pins_remarks_to_parts_and_the_writer_reads_them_there(world, sign_in):
    report = made.filed(world.factory, world.chair)
    part = report.sheet.parts.get(has_accounts=True)
    given = {"reason": "见各部分意见", "due": timezone.localdate().isoformat(), "revision": report.revision}
    page = url("annual-move", report.pk, "return")
    client = sign_in(world.reviewer)
    assert f'name="remark-{part.number}"' in client.get(page).content.decode()
    assert client.post(page, {**given, f"remark-{part.number}": "请附决算表"}).status_code == 302
    written = sign_in(world.chair).get(url("annual-write", report.duty_id)).content.decode()
    assert "请附决算表" in written.partition(f'id="part-{part.number}"')[2].partition("</section>")[0]
    report = perform(AnnualReport.objects.get(pk=report.pk), "submit", by=world.chair)
    assert "请附决算表" in sign_in(world.reviewer).get(url("annual", report.pk)).content.decode()
    report = perform(report, "accept", by=world.reviewer)
    paper = sign_in(world.reviewer).get(url("annual", report.pk)).content.decode().partition("</article>")[0]
    assert "请附决算表" not in paper, "what was accepted bears no remarks"


def test_a_remark_on_a_part_that_is_not_there_is_refused(world):
    report = made.filed(world.factory, world.chair)
    given = {"reason": "见意见", "due": timezone.localdate(), "data": {"remarks": {"9": "没有这一部分"}}}
    with pytest.raises(Invalid) as refused:
        perform(report, "return", by=world.reviewer, **given)
    assert "9" in refused.value.errors["remarks"]
    report.refresh_from_db()
    assert report.state == "submitted"


def test_the_district_puts_its_own_report_on_file(world):
    report = made.written(world.district, world.officer)
    with pytest.raises(MoveError):
        perform(report, "submit", by=world.officer)
    report = perform(report, "conclude", by=world.officer)
    assert report.state == "accepted" and Duty.objects.get(pk=report.duty_id).state == DutyState.FULFILLED


def test_only_the_tier_above_opens_an_accepted_report_again(world):
    report = made.accepted(world.wangjing, world.street_chair, world.officer)
    given = {"reason": "数字有误", "due": timezone.localdate()}
    with pytest.raises(MoveError):
        perform(report, "reopen", by=world.street_chair, **given)
    assert perform(report, "reopen", by=world.officer, **given).state == "returned"


def test_promises_of_one_year_are_accounted_for_in_the_next(world):
    last = made.accepted(world.factory, world.chair, world.reviewer, 2025)
    assert [str(one) for one in last.promises.all()] == ["建成职工之家", "办好食堂"]
    report = made.begun(world.factory, world.chair)
    assert report.before == last.balance
    home, canteen = AnnualPromise.objects.filter(report=last)
    annual.save_report(report.duty, by=world.chair, values={f"o.{home.pk}": "kept", f"w.{home.pk}": "五月启用"})
    assert any("还有 1 项" in words for words, _place in annual.Book(report).left)
    assert "五月启用" in Year(world.factory, 2026).draft("promises")
    assert AnnualPromise.objects.get(pk=canteen.pk).outcome == ""


def test_a_promise_of_another_union_is_not_touched(world):
    theirs = made.filed(world.bank, world.stranger, 2025).promises.first()
    report = made.begun(world.factory, world.chair)
    annual.save_report(report.duty, by=world.chair, values={f"o.{theirs.pk}": "missed"})
    theirs.refresh_from_db()
    assert theirs.outcome == ""


def test_the_document_holds_every_part_and_is_made_as_word_and_pdf(world, sign_in):
    report = made.filed(world.factory, world.chair)
    client = sign_in(world.reviewer)
    word = client.get(url("annual-document", report.pk, "docx"))
    book = Document(io.BytesIO(word.content))
    text = "\n".join(p.text for p in book.paragraphs)
    assert all(str(part) in text for part in report.sheet.parts.all()) and "建成职工之家" in text
    assert any("15,000.50" in cell.text for row in book.tables[0].rows for cell in row.cells)
    assert client.get(url("annual-document", report.pk, "pdf")).content.startswith(b"%PDF")


def test_files_belong_to_a_part_and_go_with_the_report(world, sign_in):
    duty, client = made.duty_of(world.factory), sign_in(world.chair)
    given = {"file": SimpleUploadedFile("决算表.pdf", b"%PDF-1.4\n%%EOF\n"), "note": ""}
    assert client.post(url("annual-files", duty.pk, 2), given).status_code == 302
    report = AnnualReport.objects.get(duty=duty)
    upload = annual.Book(report).chapters[1].files[0]
    for who, status in ((world.reviewer, 200), (world.neighbour, 404)):
        answer = sign_in(who).get(url("annual-file", report.pk, upload.pk))
        assert answer.status_code == status and b"".join(answer)
    assert sign_in(world.chair).post(url("annual-file-remove", duty.pk, upload.pk)).status_code == 302
    assert annual.Book(report).chapters[1].files == []


def test_the_list_shows_the_scope_and_asks_a_bounded_number_of_questions(
    world, sign_in, django_assert_max_num_queries
):
    for union, by in ((world.factory, world.chair), (world.hotel, world.neighbour), (world.bank, world.stranger)):
        made.filed(union, by)
    client = sign_in(world.reviewer)
    client.get(url("annual-list"))
    with django_assert_max_num_queries(25):
        page = client.get(url("annual-list"), {"year": 2026, "state": "submitted"}).content.decode()
    assert "共 2 份" in page and world.bank.name not in page
    assert client.get(url("annual-list"), {"export": "xlsx"}).status_code == 200


def test_who_reviews_sees_how_many_wait_on_the_workbench_and_on_the_unions_page(world, sign_in):
    made.filed(world.factory, world.chair)
    client = sign_in(world.reviewer)
    assert "待审核的年度报告" in client.get(reverse("unions:home")).content.decode()
    assert (
        "1 份待审核"
        in client.get(reverse("unions:union", args=[world.wangjing.pk]), {"tab": "disclosure"}).content.decode()
    )


def test_the_district_changes_a_sheet_from_a_year_on_and_begun_reports_keep_theirs(world, sign_in):
    report, item = made.begun(world.factory, world.chair), AnnualSheet.objects.get(tier=3).parts.first().item
    given = {
        "basis": "区总工会规定", "parts": [{"title": "工作报告", "item": item, "has_accounts": False}],
        "prompts": [{"part": 1, "title": "亮点", "ask": "", "source": ""}], "heads": [],
    }  # fmt: skip
    seen = annual_sheets.revision()
    with pytest.raises(Invalid):
        annual_sheets.set_sheet(Tier.GRASSROOTS, first_year=2000, by=world.officer, seen=seen, **given)
    annual_sheets.set_sheet(Tier.GRASSROOTS, first_year=2027, by=world.officer, seen=seen, **given)
    assert annual.sheet_for(world.factory, 2026) == report.sheet
    assert [str(p) for p in annual.sheet_for(world.factory, 2027).parts.all()] == ["工作报告"]
    with pytest.raises(Conflict):
        annual_sheets.set_sheet(Tier.GRASSROOTS, first_year=2027, by=world.officer, seen=seen, **given)
    assert sign_in(world.officer).get(url("annual-sheet-edit", 3)).status_code == 200
    assert sign_in(world.chair).get(url("annual-sheet-edit", 3)).status_code == 403
    assert "亮点" in sign_in(world.chair).get(url("annual-sheets")).content.decode()
