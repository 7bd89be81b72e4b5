"""Fund audits at a desk and on a phone: planned, reported, rectified, counted."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from disclosure.models import FundAudit
from tests.factories import fund_audits as made
from tests.factories.unions import UnionFactory


def page(name: str, *args) -> str:
    return reverse(f"disclosure:{name}", args=args)


def look(visitor, address: str, name: str):
    shown = visitor.go(address)
    visitor.axe()
    visitor.fits()
    visitor.shot(name)
    return shown


def test_an_auditor_plans_at_the_desk_and_sees_who_was_never_audited(world, visit, client):
    for n in range(6):
        UnionFactory(parent=world.wangjing, name=f"北京望和第{n}商贸有限公司工会委员会")
    made.reported(world.hotel, world.street_staff)
    desk = visit().sign_in(world.street_staff, client)
    shown = look(desk, page("fund-audit-plan"), "fund-audit-plan-desktop")
    shown.get_by_label(f"选择{world.factory.name}").check()
    expect(shown.get_by_text("已选 1 家")).to_be_visible()
    shown.get_by_role("button", name="将所选列入计划").click()
    expect(shown.get_by_text("已将 1 项审计列入计划")).to_be_visible()
    assert FundAudit.objects.filter(union=world.factory).count() == 1
    shown = desk.go(page("fund-audit-plan") + "?standing=never")
    shown.get_by_label("审计类型").select_option("accounts")
    shown.get_by_role("button", name=re.compile("全部列入计划")).click()
    assert FundAudit.objects.filter(kind="accounts").count() == 7, "all that match, those already in the plan once"
    look(desk, page("fund-audit-list"), "fund-audit-list-desktop")
    look(desk, page("fund-audit-coverage"), "fund-audit-coverage-desktop")
    look(desk, page("fund-audit-unions"), "fund-audit-unions-desktop")
    above = visit().sign_in(world.officer, client)
    look(above, page("fund-audit-coverage"), "fund-audit-coverage-district-desktop")
    look(above, reverse("unions:union", args=[world.wangjing.pk]) + "?tab=disclosure", "fund-audit-card-desktop")
    phone = visit(phone=True).sign_in(world.street_staff, client)
    look(phone, page("fund-audit-plan"), "fund-audit-plan-phone")
    look(phone, page("fund-audit-coverage"), "fund-audit-coverage-phone")


def test_the_union_reads_the_report_and_rectifies_on_a_phone(world, visit, client):
    finding = made.evidenced(made.reported(world.factory, world.street_staff), world.clerk)
    phone = visit(phone=True).sign_in(world.clerk, client)
    look(phone, page("fund-audit", finding.audit_id), "fund-audit-rectifying-phone")
    shown = look(phone, page("fund-finding", finding.pk), "fund-finding-phone")
    shown.get_by_role("link", name="上报整改结果").click()
    shown.get_by_label("整改情况").fill("已补齐签收。")
    shown.get_by_label("已整改金额（元）").fill("3600")
    shown.get_by_role("button", name="上报整改结果").click()
    expect(shown.get_by_text("已上报整改").first).to_be_visible()
    desk = visit().sign_in(world.street_staff, client)
    look(desk, page("fund-audit", finding.audit_id), "fund-audit-rectified-desktop")
    look(desk, page("fund-finding", finding.pk), "fund-finding-judged-desktop")
    draft = made.found(world.hotel, world.street_staff)
    look(desk, page("fund-audit", draft.audit_id), "fund-audit-at-work-desktop")
    look(desk, page("fund-finding-add", draft.audit_id), "fund-finding-add-desktop")
    planned = made.planned(world.hotel, world.street_staff)
    look(desk, page("fund-audit-move", planned.pk, "serve"), "fund-audit-serve-desktop")
