"""The first duties of funds and disclosure, and which of them asks for what the catalogue has in a rhythm. The district
changes them on the page of duty rules."""

from collections.abc import Callable

from django.apps import apps as installed
from django.db import transaction
from django.utils import timezone

from disclosure.annual_seeds import FUNDS_LAW, NOTICE
from disclosure.annual_seeds import STEPS as LADDER
from disclosure.enums import Cadence
from unions.enums import Audience, Rhythm, Tier, UnionKind
from unions.kit.periods import Period

BUDGET, FUNDS, ANNUAL_SET, AUDIT_PLAN = "budget", "funds-published", "annual-set", "audit-plan"
CATALOGUE = "catalogue"  # the task of whatever the catalogue asks for
RHYTHMS = {Cadence.HALF_YEAR: Rhythm.HALF, Cadence.YEAR: Rhythm.YEAR}
OWN = "时限由区总工会确定"
STEPS = [
    (0, Audience.FILLER, True), (-5, Audience.FILLER, False), (0, Audience.FILLER, False), (1, Audience.CHAIR, False),
    (5, Audience.SUPERIOR, False), (20, Audience.BOARD, False),
]  # fmt: skip

UPPER = [kind.value for kind in UnionKind if kind.tier is not Tier.GRASSROOTS]
RULES = [
    {
        "key": BUDGET, "task": BUDGET, "name_zh": "年度预算", "name_en": "Budget of the year", "rhythm": Rhythm.YEAR,
        # From 1 October before the year until 31 January of it.
        "opens_after": -456, "due_after": -334, "correction_days": 10, "first_period": "2027", "steps": LADDER,
        "clause": f"{NOTICE}：严格预算管理；预算经经费审查委员会审查、委员会或会员（代表）大会通过后，报上一级工会",
        "basis": f"{FUNDS_LAW}；各地通行做法：每年11月至12月编制下一年度预算；1月31日前报送，{OWN}",
    },
    {
        "key": FUNDS, "task": CATALOGUE, "name_zh": "经费收支公开", "name_en": "Publication of funds", "rhythm": Rhythm.HALF,
        "opens_after": 1, "due_after": 10, "in_workdays": True, "first_period": "2026H2", "steps": STEPS,
        "clause": f"{NOTICE}：会务公开；经费收支情况向会员公开", "basis": f"{FUNDS_LAW}；至少每半年公开一次，{OWN}",
    },
    {
        "key": ANNUAL_SET, "task": ANNUAL_SET, "name_zh": "年度报告公开", "name_en": "Publication of the annual set",
        # Ten working days after the annual report is due at the latest.
        "rhythm": Rhythm.YEAR, "opens_after": 1, "due_after": 104, "first_period": "2026", "steps": LADDER,
        "clause": f"{NOTICE}三（一）：工作、经费收支、经费审查报告和主席述职全部公开，年度报告才算完成",
        "basis": f"{FUNDS_LAW}；大会后10个工作日内公开，{OWN}",
    },
    {
        "key": AUDIT_PLAN, "task": AUDIT_PLAN, "name_zh": "年度经审计划", "name_en": "Yearly plan of fund audits", "rhythm": Rhythm.YEAR,
        "opens_after": -364, "due_after": -275, "first_period": "2027", "steps": STEPS, "kinds": UPPER,
        "clause": f"{NOTICE}：推进全覆盖审计", "basis": f"{FUNDS_LAW}；每年3月31日前列入计划，{OWN}",
    },
]  # fmt: skip
# What is published of these categories is published as the first item of its tier, which that duty asks for. The result of
# an appraisal is published on the way to its approval.
ASKED_BY = {"accounts": FUNDS, "appraisals": "appraisal"}


@transaction.atomic
def seed_duties(get_model: Callable = installed.get_model) -> None:
    """What is there already stays as the district has it."""
    rules = get_model("unions", "DutyRule")
    for given in RULES:
        values = {name: value for name, value in given.items() if name not in ("key", "steps")}
        values.setdefault("kinds", [kind.value for kind in UnionKind])
        rule, is_new = rules.objects.get_or_create(key=given["key"], defaults=values)
        if is_new:
            _climb(rule, given["steps"], get_model)
    items = get_model("disclosure", "CatalogueItem").objects.filter(rule=None, cadence__in=RHYTHMS, is_active=True)
    for item in items.select_related("category").order_by("tier", "pk"):
        item.rule = asking(item, get_model)
        item.save(update_fields=["rule"])
        if item.rule.task == CATALOGUE:
            item.rule.kinds = with_tier(item.rule.kinds, item.tier)
            item.rule.save(update_fields=["kinds"])


def with_tier(kinds: list[str], tier: int) -> list[str]:
    return list(dict.fromkeys([*kinds, *(kind.value for kind in Tier(tier).kinds)]))


def _climb(rule, steps: list, get_model: Callable) -> None:
    step = get_model("unions", "ReminderStep")
    step.objects.bulk_create(
        step(rule=rule, offset=offset, audience=audience, at_opening=at_opening)
        for offset, audience, at_opening in steps
    )


def asking(item, get_model: Callable = installed.get_model):
    """The duty that asks for an item with a rhythm: the annual set for its parts, the one of its category, else one made of
    the items of this name and rhythm at all tiers. What came before it was made is asked of nobody."""
    rules, items = get_model("unions", "DutyRule").objects, get_model("disclosure", "CatalogueItem").objects
    rhythm, key = RHYTHMS[item.cadence], None
    if rhythm == Rhythm.YEAR and get_model("disclosure", "AnnualPart").objects.filter(item=item.pk).exists():
        key = ANNUAL_SET
    elif (
        items.filter(tier=item.tier, category=item.category, is_active=True).order_by("order", "pk").first().pk
        == item.pk
    ):
        key = ASKED_BY.get(item.category.key)
    rule = rules.filter(key=key).first()
    if rule and (rule.task != CATALOGUE or rule.rhythm == rhythm):
        return rule
    name = f"{item.name_zh}公开"
    if rule := rules.filter(task=CATALOGUE, rhythm=rhythm, name_zh=name).first():
        return rule
    today = timezone.localdate()
    period = Period.half_of(today) if rhythm == Rhythm.HALF else Period(today.year)
    rule = rules.create(
        key=f"item-{item.pk}-{rhythm.value}", task=CATALOGUE, name_zh=name, name_en=f"Publication: {item.name_en}", rhythm=rhythm,
        kinds=with_tier([], item.tier), opens_after=1, due_after=max(item.workdays, 1), in_workdays=True,
        first_period=period.code, clause=item.basis, basis=OWN,
    )  # fmt: skip
    _climb(rule, STEPS, get_model)
    return rule
