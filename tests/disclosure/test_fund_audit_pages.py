"""The pages of fund audits: the auditor, the audited union, a stranger."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from disclosure import bulletins
from disclosure.models import Bulletin, FundAudit, FundFinding
from tests.factories import fund_audits as made
from tests.factories.unions import UnionFactory
from unions.workflow import perform

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"disclosure:{name}", args=args)


def form(values: dict) -> dict:
    return {name: str(value) for name, value in values.items()}


def words(response) -> str:
    return response.content.decode()


def test_an_auditor_ticks_unions_or_takes_all_that_match_into_the_plan(world, sign_in):
    UnionFactory(parent=world.jianwai, name="北京建外别家公司工会委员会")
    client = sign_in(world.street_staff)
    page = words(client.get(url("fund-audit-plan"), {"standing": "never"}))
    assert world.factory.name in page and world.bank.name not in page and "从未审计" in page
    assert client.post(url("fund-audit-plan"), form(made.plan_values())).status_code == 422, "nobody was ticked"
    given = {**form(made.plan_values()), "ids": [str(world.factory.pk), str(world.bank.pk)], "which": "ticked"}
    response = client.post(url("fund-audit-plan"), given)
    assert response.status_code == 302 and FundAudit.objects.get().union == world.factory, "nobody out of scope"
    everything = {**form(made.plan_values(kind="budget")), "which": "all"}
    assert client.post(url("fund-audit-plan") + "?q=宾馆", everything).status_code == 302
    assert FundAudit.objects.get(kind="budget").union == world.hotel, "all that match, and no others"
    special = {**form(made.plan_values(kind="special")), "which": "all"}
    assert "专项审计须写明事项" in words(client.post(url("fund-audit-plan"), special))
    assert sign_in(world.chair).get(url("fund-audit-plan")).status_code == 403


def test_an_audit_goes_its_way_over_its_pages(world, sign_in):
    audit = made.at_work(world.factory, world.street_staff)
    client = sign_in(world.street_staff)
    assert client.post(url("fund-finding-add", audit.pk), form(made.finding_values())).status_code == 302
    finding = FundFinding.objects.get()
    page = words(client.get(url("fund-finding", finding.pk)))
    assert "3,600" in page and "撤销此项问题" in page
    edited = {**form(made.finding_values(title="签收不全")), "revision": finding.revision}
    assert client.post(url("fund-finding-edit", finding.pk), edited).status_code == 302
    assert client.post(url("fund-finding-edit", finding.pk), edited).status_code == 409, "somebody else was faster"
    assert client.post(url("fund-audit-move", audit.pk, "send_draft"), {"opinion": ""}).status_code == 422
    assert client.post(url("fund-audit-move", audit.pk, "send_draft"), {"opinion": made.OPINION}).status_code == 302
    client = sign_in(world.chair)
    assert "签收不全" in words(client.get(url("fund-audit", audit.pk)))
    assert client.post(url("fund-audit-move", audit.pk, "comment"), {"comment": "无异议"}).status_code == 302
    client = sign_in(world.street_staff)
    page = words(client.get(url("fund-audit-move", audit.pk, "issue")))
    assert made.OPINION in page, "the report begins with the draft's opinion"
    given = {"opinion": made.OPINION, "number": "经审〔2026〕1号"}
    assert client.post(url("fund-audit-move", audit.pk, "issue"), given).status_code == 302
    client = sign_in(world.clerk)
    evidence = SimpleUploadedFile("清单.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    assert client.post(url("fund-finding", finding.pk), {"file": evidence}).status_code == 302
    page = words(client.get(url("fund-finding", finding.pk)))
    address = re.search(rf"{url('fund-finding', finding.pk)}files/\d+/", page)[0]
    assert b"".join(client.get(address)).startswith(b"%PDF")
    done = {"outcome": "已补齐", "settled": "3600"}
    assert client.post(url("fund-finding-move", finding.pk, "rectify"), done).status_code == 302
    client = sign_in(world.street_staff)
    assert "尚待认可" in words(client.get(url("fund-audit", audit.pk)))
    assert client.post(url("fund-finding-move", finding.pk, "accept")).status_code == 302
    assert client.post(url("fund-audit-move", audit.pk, "follow_up"), {"visit": "已落实"}).status_code == 302
    assert client.post(url("fund-audit-move", audit.pk, "close")).status_code == 302
    assert FundAudit.objects.get().state == "closed"
    assert sign_in(world.stranger).get(address).status_code == 404
    assert sign_in(world.stranger).get(url("fund-audit", audit.pk)).status_code == 404


def test_a_draft_is_nobodys_but_the_auditors(world, sign_in):
    finding = made.found(world.factory, world.street_staff)
    for person in (world.chair, world.leader, world.reviewer):
        client = sign_in(person)
        assert finding.title not in words(client.get(url("fund-audit", finding.audit_id)))
        assert client.get(url("fund-finding", finding.pk)).status_code == 404
        detail = client.get(reverse("api:fund-audit-detail", args=[finding.audit_id])).json()
        assert (detail["findings"], detail["opinion"]) == ([], "")
    client = sign_in(world.street_staff)
    assert finding.title in words(client.get(url("fund-audit", finding.audit_id)))
    detail = client.get(reverse("api:fund-audit-detail", args=[finding.audit_id])).json()
    assert detail["findings"][0]["amount"] == "3600.00" and set(detail["moves"]) == {"send_draft", "call_off"}


def test_a_finding_is_dropped_with_a_reason_on_record(world, sign_in):
    finding = made.found(world.factory, world.street_staff)
    client = sign_in(world.street_staff)
    assert client.post(url("fund-finding-drop", finding.pk), {"reason": ""}).status_code == 422
    assert client.post(url("fund-finding-drop", finding.pk), {"reason": "经核实手续齐全"}).status_code == 302
    page = words(client.get(url("fund-audit", finding.audit_id)))
    assert not FundFinding.objects.exists() and "经核实手续齐全" in page


def test_the_api_moves_an_audit_as_its_page_does(world, sign_in):
    audit = made.drafted(world.factory, world.street_staff)
    client = sign_in(world.chair)
    address = reverse("api:fund-audit-move", args=[audit.pk, "comment"])
    given = {"revision": audit.revision, "comment": "无异议"}
    answer = client.post(address, given, content_type="application/json")
    assert answer.status_code == 200 and answer.json()["state"] == "reporting"
    assert client.post(address, given, content_type="application/json").status_code == 409


def test_papers_are_there_when_there_is_something_to_write(world, sign_in):
    planned = made.planned(world.hotel, world.street_staff)
    finding = made.reported(world.factory, world.street_staff)
    client = sign_in(world.chair)
    report = client.get(url("fund-audit-paper", finding.audit_id, "report", "docx"))
    text = "\n".join(p.text for p in Document(BytesIO(report.content)).paragraphs)
    assert made.OPINION in text and "基层工会经费收支管理办法" in text
    sheet = client.get(url("fund-audit-paper", finding.audit_id, "sheet", "docx"))
    cells = [c.text for table in Document(BytesIO(sheet.content)).tables for row in table.rows for c in row.cells]
    assert "3,600" in cells
    assert client.get(url("fund-audit-paper", finding.audit_id, "notice", "pdf")).content.startswith(b"%PDF")
    assert sign_in(world.street_staff).get(url("fund-audit-paper", planned.pk, "notice", "pdf")).status_code == 404


def test_a_result_is_published_without_being_typed_again(world, sign_in):
    finding = made.reported(world.factory, world.street_staff)
    assert "经费审计结果" in words(sign_in(world.chair).get(url("bulletin-offers", world.factory.pk)))
    written = bulletins.write_from(world.factory, "fund-audit", finding.audit_id, by=world.chair)
    assert written.item.category.key == "audits" and "慰问品发放无签收" in Bulletin.objects.get().body


def test_coverage_leads_from_each_number_to_its_unions(world, sign_in):
    made.reported(world.factory, world.street_staff)
    client = sign_in(world.officer)
    page = words(client.get(url("fund-audit-coverage")))
    assert "1/5" in page and "1/2" in page, "of all unions; of the two below the street"
    for href in re.findall(rf'href="({url("fund-audit-unions")}[^"]*)"', page):
        assert client.get(href.replace("&amp;", "&")).status_code == 200
    covered = client.get(url("fund-audit-unions"), {"standing": "covered"})
    assert world.factory.name in words(covered) and world.hotel.name not in words(covered)
    assert "单位工会" in words(covered), "the kind in words, not its code"
    book = load_workbook(BytesIO(client.get(url("fund-audit-coverage"), {"export": "xlsx"}).content))
    assert any("望京街道总工会" in map(str, row) for row in book.active.iter_rows(values_only=True))
    own = words(sign_in(world.street_chair).get(url("fund-audit-coverage")))
    assert "1/3" in own and "建外街道总工会" not in own


def test_a_unions_page_shows_its_last_audit_and_the_street_its_coverage(world, sign_in):
    finding = made.reported(world.factory, world.street_staff)
    card = words(sign_in(world.chair).get(reverse("unions:union", args=[world.factory.pk]) + "?tab=disclosure"))
    assert str(finding.audit) in card and "有问题未整改到位" in card
    above = words(
        sign_in(world.street_chair).get(reverse("unions:union", args=[world.wangjing.pk]) + "?tab=disclosure")
    )
    assert "1/3" in above


def test_whoever_has_the_turn_finds_it_on_the_workbench(world, sign_in):
    finding = made.reported(world.factory, world.street_staff)
    assert "整改审计发现的问题" in words(sign_in(world.chair).get(reverse("unions:home")))
    assert "整改审计发现的问题" not in words(sign_in(world.stranger).get(reverse("unions:home")))
    made.rectified(finding, world.chair)
    assert "整改审计发现的问题" not in words(sign_in(world.chair).get(reverse("unions:home")))
    made.commented(world.hotel, world.street_staff)
    assert "研究反馈意见，出具审计报告" in words(sign_in(world.street_staff).get(reverse("unions:home")))


def test_lists_cost_the_same_however_long(world, sign_in):
    client = sign_in(world.officer)
    made.reported(world.factory, world.street_staff)
    for name in ("fund-audit-list", "fund-audit-unions", "fund-audit-plan", "fund-audit-coverage"):
        client.get(url(name))
        with CaptureQueriesContext(connection) as few:
            client.get(url(name))
        for _n in range(4):
            street = UnionFactory(parent=world.district, kind="street")
            made.planned(UnionFactory(parent=street), world.officer)
        with CaptureQueriesContext(connection) as many:
            client.get(url(name))
        assert len(many) <= len(few) + 1, name
    response = client.get(url("fund-audit-list"), {"export": "xlsx"})
    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    assert any(world.factory.name in map(str, row) for row in rows)


def test_an_audit_called_off_says_why(world, sign_in):
    audit = made.planned(world.factory, world.street_staff)
    perform(audit, "call_off", by=world.street_staff, reason="单位正在注销")
    page = words(sign_in(world.chair).get(url("fund-audit", audit.pk)))
    assert "单位正在注销" in page and "已取消" in page
