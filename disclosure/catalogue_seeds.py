"""The first catalogue of disclosure: what the notice and the laws name, by tier. The district changes any of it on its page."""

from collections.abc import Callable

from django.apps import apps as installed
from django.db import transaction

from disclosure.enums import Cadence, Readers
from unions.enums import Tier

CATEGORIES = [
    ("meetings", "重要会议", "Important meetings"), ("decisions", "决策事项", "Decisions"),
    ("plans", "工作计划与总结", "Plans and reports"), ("accounts", "经费收支", "Income and expenditure"),
    ("audits", "经审报告", "Fund audit reports"), ("cadres", "干部选任", "Appointments"),
    ("elections", "会员代表与选举", "Delegates and elections"), ("appraisals", "评议结果", "Results of appraisals"),
    ("services", "服务项目", "Services"), ("aid", "困难帮扶", "Help in hardship"), ("awards", "评先评优", "Awards"),
    ("outsourced", "委托服务绩效", "Commissioned services"), ("hot-topics", "热点回应", "Hot topics answered"),
    ("inspections", "督察考核结果", "Results of inspections"),
]  # fmt: skip

NOTICE = "朝工发〔2015〕24号"
OWN = "时限由区总工会确定"
LAW = "《中华人民共和国工会法》第四十五条"
D, T, G = Tier.DISTRICT, Tier.MIDDLE, Tier.GRASSROOTS
ALL, UPPER = (D, T, G), (D, T)
PUBLIC, MEMBERS, COMMITTEE = Readers.PUBLIC, Readers.MEMBERS, Readers.COMMITTEE
OCCURS, HALF, YEAR = Cadence.OCCURRENCE, Cadence.HALF_YEAR, Cadence.YEAR

# Tiers, category, Chinese and English name, audience, when, working days, important decision, basis.
ITEMS = [
    (ALL, "meetings", "重要会议、重要活动", "Important meetings and activities", PUBLIC, OCCURS, 10, False, f"{NOTICE}：重要会议、活动每日发布、及时公开；{OWN}"),
    (UPPER, "decisions", "重要决策、重大事项", "Important decisions and matters", PUBLIC, OCCURS, 10, True, f"{NOTICE}：重要决策、重大事项向全体会员公开；{OWN}"),
    ((G,), "decisions", "工会委员会重要决定", "Important decisions of the committee", MEMBERS, OCCURS, 10, True, f"{NOTICE}：会务公开；{OWN}"),
    (UPPER, "plans", "年度工作计划和完成情况", "Yearly plan and its results", COMMITTEE, YEAR, 10, False, f"{NOTICE}：每年向工会委员会报告工作计划、工作结果"),
    ((G,), "plans", "年度工作报告", "Yearly work report", MEMBERS, YEAR, 10, False, f"{NOTICE}：每年向会员（代表）大会报告工作；大会后10个工作日内公开，{OWN}"),
    ((G,), "plans", "工会主席述职报告", "The chair's own report", MEMBERS, YEAR, 10, False, f"{NOTICE}：主席每年向会员（代表）大会述职"),
    (ALL, "accounts", "经费收支情况", "Income and expenditure", MEMBERS, HALF, 10, False, f"{LAW}；至少每半年公开一次，{OWN}"),
    (ALL, "audits", "经费审查工作报告", "Report of the fund audit", MEMBERS, YEAR, 10, False, f"{LAW}；{NOTICE}"),
    (ALL, "cadres", "干部选任", "Appointments of officers", MEMBERS, OCCURS, 10, False, f"{NOTICE}；{OWN}"),
    (ALL, "elections", "会员代表和选举结果", "Delegates and results of elections", MEMBERS, OCCURS, 10, False, f"《工会基层组织选举工作条例》；{OWN}"),
    (ALL, "appraisals", "民主评议结果", "Results of the democratic appraisal", MEMBERS, YEAR, 10, False, f"{NOTICE}：评议结果向会员公布；{OWN}"),
    (ALL, "services", "服务职工项目和办理方法", "Services and how to get them", PUBLIC, OCCURS, 10, False, f"{NOTICE}：服务措施及时公开；{OWN}"),
    (ALL, "aid", "困难帮扶（不公开个人信息）", "Help in hardship (without personal data)", PUBLIC, OCCURS, 10, False, f"《个人信息保护法》第二十五条；{OWN}"),
    (ALL, "awards", "评先评优公示", "Awards, before they are given", PUBLIC, OCCURS, 5, False, f"{NOTICE}；{OWN}"),
    (UPPER, "outsourced", "委托服务数量、质量和资金绩效", "Commissioned services: number, quality, funds", PUBLIC, OCCURS, 10, False, f"{NOTICE}：委托服务的数量、质量和资金绩效及时向职工公开"),
    (ALL, "hot-topics", "热点问题和提案答复", "Hot topics and answers to proposals", PUBLIC, OCCURS, 10, False, f"{NOTICE}：职工关注的热点问题及时公开；{OWN}"),
    (UPPER, "inspections", "督察、考核结果", "Results of inspections", MEMBERS, OCCURS, 10, False, f"{NOTICE}；{OWN}"),
]  # fmt: skip


@transaction.atomic
def seed_catalogue(get_model: Callable = installed.get_model) -> None:
    """Categories by key; items only where the district has no catalogue yet."""
    categories = {}
    for order, (key, zh, en) in enumerate(CATEGORIES, 1):
        given = {"name_zh": zh, "name_en": en, "order": 10 * order}
        categories[key], _new = get_model("disclosure", "Category").objects.get_or_create(key=key, defaults=given)
    item = get_model("disclosure", "CatalogueItem")
    if item.objects.exists():
        return
    item.objects.bulk_create(
        item(
            tier=int(tier), category=categories[key], name_zh=zh, name_en=en, readers=readers, cadence=cadence,
            workdays=workdays, is_decision=is_decision, basis=basis, order=10 * order,
        )
        for order, (tiers, key, zh, en, readers, cadence, workdays, is_decision, basis) in enumerate(ITEMS, 1)
        for tier in tiers
    )  # fmt: skip
