"""Budgets at a desk and on a phone: planned beside last year's figures, stepped through, executed, published."""

import re
from datetime import date

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from disclosure.duty_seeds import BUDGET
from disclosure.models import Budget, Execution
from tests.factories import annual as reports
from tests.factories import budgets as made
from tests.factories.meetings import closed
from unions.models import Duty, DutyRule
from unions.opening import open_due


def page(name: str, *args) -> str:
    return reverse(f"disclosure:{name}", args=args)


def look(visitor, address: str, name: str) -> None:
    visitor.go(address)
    visitor.axe()
    visitor.fits()
    visitor.shot(name)


def test_a_chair_plans_a_year_and_takes_it_through_every_step(world, visit, client):
    year = timezone.localdate().year
    made.in_force(world.factory, world.chair, year - 1, income="18000", expense="12000", planned="6000")
    reports.accepted(world.factory, world.chair, world.reviewer, year - 1)
    closed(world.factory, world.chair, kind="committee")
    desk = visit().sign_in(world.chair, client)
    look(desk, page("budget-add", world.factory.pk), "budget-add-desktop")
    shown = desk.page
    shown.locator("select[name=year]").select_option(str(year))
    shown.get_by_role("button", name="开始").click()
    budget = Budget.objects.get(year=year)
    shown.get_by_role("button", name="上年决算").click()
    expect(shown.get_by_label("职工活动支出")).to_have_value("15000.50")
    shown.get_by_label("年末计划结余").fill("1")
    shown.get_by_role("button", name="保存并合计").click()
    expect(shown.get_by_role("alert")).to_contain_text("按各科目计算结余为10,999.00元")
    desk.axe()
    desk.fits()
    desk.shot("budget-wrong-desktop")
    phone = visit(phone=True).sign_in(world.chair, client)
    look(phone, page("budget-edit", budget.pk), "budget-edit-phone")
    shown.get_by_label("年末计划结余").fill("10999")
    shown.get_by_role("button", name="保存并合计").click()
    shown.get_by_role("link", name="登记经费审查").click()
    desk.axe()
    desk.shot("budget-review-desktop")
    shown.get_by_label(re.compile("审查日期")).fill(f"{timezone.localdate():%F}")
    shown.get_by_label(re.compile("审查人")).fill("周审（经审会主任）")
    shown.get_by_label(re.compile("经费审查意见")).fill("预算编制合规，同意提交审议。")
    shown.get_by_role("button", name="登记经费审查").click()
    shown.get_by_role("link", name="登记审议通过").click()
    shown.locator("select[name=meeting]").select_option(index=1)
    desk.axe()
    desk.shot("budget-adopt-desktop")
    shown.get_by_role("button", name="登记审议通过").click()
    shown.get_by_role("link", name="报送上级").click()
    shown.get_by_role("button", name="报送上级").click()
    desk.axe()
    desk.fits()
    desk.shot("budget-filed-desktop")
    look(phone, page("budget", budget.pk), "budget-filed-phone")
    above = visit().sign_in(world.street_chair, client)
    look(above, page("budget-list"), "budget-list-desktop")
    look(above, reverse("unions:union", args=[world.wangjing.pk]) + "?tab=disclosure", "budget-card-desktop")


def test_what_was_spent_is_drawn_against_the_budget_and_made_public(world, visit, client):
    year = timezone.localdate().year - 1
    budget = made.in_force(world.factory, world.chair, year)
    desk = visit().sign_in(world.clerk, client)
    look(desk, page("execution-add", budget.pk), "execution-add-desktop")
    shown = desk.page
    shown.get_by_role("button", name="开始").click()
    shown.get_by_label("会费收入").fill("17000")
    shown.get_by_label("职工活动支出").fill("16900")
    shown.get_by_role("button", name="保存并合计").click()
    expect(shown.get_by_role("alert")).to_contain_text("超预算10%以上")
    desk.axe()
    desk.fits()
    desk.shot("execution-over-desktop")
    shown.get_by_label("职工活动支出").fill("9000")
    shown.get_by_role("button", name="保存并合计").click()
    desk.axe()
    desk.shot("execution-draft-desktop")
    execution = Execution.objects.get()
    chair = visit().sign_in(world.chair, client)
    chair.go(page("execution", execution.pk))
    chair.page.get_by_role("link", name="报出执行情况").click()
    chair.page.get_by_role("button", name="报出执行情况").click()
    chair.page.get_by_role("button", name="生成公开信息").click()
    expect(chair.page.get_by_text("60.0%（9,000.00/15,000.50）").first).to_be_visible()
    chair.axe()
    chair.shot("execution-bulletin-desktop")
    phone = visit(phone=True).sign_in(world.chair, client)
    look(phone, page("execution", execution.pk), "execution-phone")
    look(phone, page("execution-edit", made.entered(budget, world.chair, budget.owed_on.replace(month=12, day=31)).pk), "execution-edit-phone")  # fmt: skip
    look(chair, page("budget", budget.pk), "execution-budget-desktop")


def test_the_duties_of_funds_lead_from_rate_to_duty_to_budget_and_back(world, visit, client):
    open_due(DutyRule.objects.get(key=BUDGET), max(timezone.localdate(), date(2026, 10, 8)))
    duty = Duty.objects.get(rule__key=BUDGET, union=world.factory)
    leader, phone = visit().sign_in(world.leader, client), visit(phone=True).sign_in(world.leader, client)
    district = reverse("unions:union", args=[world.district.pk])
    look(leader, district, "rates-desktop")
    look(phone, district, "rates-phone")
    leader.page.get_by_role("link", name=re.compile(r"^\d{4}年度预算$")).first.click()
    expect(leader.page.get_by_role("heading", name=re.compile("产业年度预算完成率"))).to_be_visible()
    look(leader, page("catalogue") + "?tier=3", "catalogue-desktop")
    look(phone, page("catalogue") + "?tier=3", "catalogue-phone")
    look(leader, reverse("unions:rule", args=[duty.rule_id]), "rule-desktop")
    chair, hers = visit().sign_in(world.chair, client), visit(phone=True).sign_in(world.chair, client)
    look(chair, reverse("unions:duty", args=[duty.pk]), "duty-desktop")
    chair.page.get_by_role("link", name="去办理").click()
    chair.page.get_by_role("button", name="开始").click()
    budget = Budget.objects.get()
    look(chair, page("budget", budget.pk), "draft-desktop")
    chair.page.get_by_role("link", name=re.compile("应办事项，")).click()
    expect(chair.page).to_have_url(re.compile(reverse("unions:duty", args=[duty.pk])))
    look(chair, page("budget-discard", budget.pk), "discard-desktop")
    look(hers, page("budget-discard", budget.pk), "discard-phone")
    look(hers, reverse("unions:duty-list"), "duties-phone")
    chair.page.get_by_role("button", name="删除").click()
    assert not Budget.objects.exists()
