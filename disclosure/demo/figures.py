"""Figures of a made-up union, quarter by quarter, that hold together: stock and flow, parts and wholes."""

import ast
from array import array
from random import Random
from types import SimpleNamespace

from disclosure.definition import Definition
from disclosure.enums import FigureSource, Severity
from disclosure.rules import REGISTER_FIELDS, parse
from unions.demo import behaviour
from unions.demo.bulk import as_json
from unions.enums import Engagement
from unions.kit.periods import Period
from unions.models import Union

JUMPS = 0.012  # quarters in which a union grows or shrinks by a fifth and more
EXPLANATIONS = {
    "workers_gone": ("单位停业，职工已分流安置。",),
    "workers_change": ("本季度承接新项目，集中招录职工；离职人员同步核减。", "业务调整，部分岗位合并，人员随项目转出。", "劳务用工转为直接签订合同，按规定纳入统计。"),
    "members_gone": ("单位停业，会员会籍已转出。",),
    "members_change": ("新入职职工集中办理入会手续，会籍变动已在台账登记。", "部分职工随项目转出，会籍一并转移。", "对会员台账进行了核查，补登历年入会职工、核销离职会员。"),
    "joined_many": ("本季度开展集中入会行动，新入职职工批量入会。", "毕业生集中入职，统一办理入会。"),
    "left_many": ("季度内劳动合同到期人员较多，会籍已转出。", "春节前后流动较大，离职会员会籍按规定转出。"),
    "members_over_workers": ("含保留会籍的退休返聘及待岗人员。",),
    "register_members": ("名册为建会时登记数，已申请更正。", "本季度会员变动较大，名册待同步更新。"),
    "spent_much": ("使用历年结余开展职工慰问活动，经工会委员会集体研究通过。",),
}  # fmt: skip
ANY_EXPLANATION = "情况属实，已与台账核对。"
NARRATIVES = (
    "本季度围绕职工急难愁盼开展工作：组织入会宣传，开展安全生产和消防知识培训，走访慰问困难职工。存在的问题：一线职工倒班，集中活动参与率不高。",
    "按季度计划完成会员台账核对，召开民主议事会一次，职工提出的食堂用餐、通勤班车意见已反馈行政并答复。",
    "开展职工技能比武和健康讲座，参与热情较高。下季度重点做好会员代表大会筹备和会务公开工作。",
    "集体合同履约情况已向职工通报，工资专项集体合同协商正在进行。建议上级工会加强谈判指导。",
)


class Checks:
    """The checks of a form as code, for a hundred thousand returns; the expressions are those of disclosure/rules.py."""

    def __init__(self, definition: Definition):
        self.explain, self.inform, self.forbid = [], [], []
        lists = {Severity.EXPLAIN: self.explain, Severity.INFO: self.inform, Severity.ERROR: self.forbid}
        for check in definition.checks:
            expression = parse(check.condition)
            code = compile(ast.fix_missing_locations(ast.Expression(expression.tree)), check.code, "eval")
            lists[check.severity].append(
                (check.code, code, any(name.startswith("last.") for name in expression.names))
            )

    @staticmethod
    def broken(checks: list[tuple], names: dict, has_last: bool) -> list[str]:
        return [code for code, test, wants_last in checks if (has_last or not wants_last) and not eval(test, names)]


class Ledger:
    """One union's numbers over all periods, and what it filed last."""

    __slots__ = (
        "cadres", "expenses", "founded", "full", "last", "members", "middle", "migrants", "money", "name", "pk", "share",
        "union", "women", "worker_women",
    )  # fmt: skip

    def __init__(self, union: Union, random: Random, periods: list[Period]):
        self.pk, self.name = union.pk, union.name
        self.middle, self.founded = union.middle_id, union.founded_on
        self.union = SimpleNamespace(**{name: getattr(union, name) for name in REGISTER_FIELDS})
        self.share = union.workers / (union.members or 1)
        self.women = union.women_members / (union.members or 1)
        self.worker_women = union.women_workers / (union.workers or 1)
        self.migrants = union.migrant_workers / (union.workers or 1)
        self.full = (union.chair_engagement == Engagement.FULL_TIME) + union.members // 1500
        self.cadres = min(30, 2 + union.members // 60 + random.randrange(3))
        self.money = random.uniform(45, 160)  # income per member and quarter
        self.expenses = random.uniform(0.6, 1.0)
        self.members = self._history(union.members, random, periods)
        self.last: dict | None = None

    @staticmethod
    def _history(now: int, random: Random, periods: list[Period]) -> array:
        """Members at the end of each period, counted back from the register's figure of today; one more in front."""
        counts, count = [now], float(now)
        for period in reversed(periods):
            growth = behaviour.GROWTH[period.quarter] + random.gauss(0, 0.012)
            if random.random() < JUMPS and period is not periods[-1]:
                growth += random.choice((-0.22, 0.28, 0.4))
            count = max(2.0, count / (1 + growth))
            counts.append(round(count))
        return array("L", reversed(counts))

    def figures(self, random: Random, index: int) -> dict[str, int | float]:
        """All figures of a quarter; members at the beginning are those of the last return filed."""
        begin = int(self.last["members"]) if self.last else self.members[index]
        end = self.members[index + 1]
        left = min(begin, int(begin * random.uniform(0, 0.025) + random.random()))
        joined = end - begin + left
        if joined < 0:
            left, joined = left - joined, 0
        workers = max(end, round(end * self.share))
        women_workers = min(workers, round(workers * self.worker_women))
        signed = random.random() < 0.11
        activities = min(40, int(random.expovariate(0.45)) + (end > 300))
        visits = int(end * random.uniform(0, 0.06) + random.random() * 2)
        income = round(end * self.money * random.uniform(0.7, 1.2), 2)
        disputes = int(random.expovariate(1.0) * workers / 900 + 0.06)
        return {
            "workers": workers,
            "women_workers": women_workers,
            "migrant_workers": min(workers, round(workers * self.migrants)),
            "members_begin": begin,
            "joined": joined,
            "left": left,
            "members": end,
            "women_members": min(end, round(end * self.women)),
            "full_time_cadres": self.full,
            "part_time_cadres": self.cadres,
            "assemblies": int(random.random() < 0.24),
            "workers_congresses": int(random.random() < 0.2),
            "contracts": int(signed),
            "contract_workers": round(workers * random.uniform(0.8, 1)) if signed else 0,
            "disputes": disputes,
            "disputes_settled": disputes - (disputes > 0 and random.random() < 0.2),
            "visits": visits,
            "relief_money": round(visits * random.uniform(80, 500), 2),
            "activities": activities,
            "participants": round(activities * end * random.uniform(0.08, 0.35)) if activities else 0,
            "income": income,
            "expenditure": round(income * self.expenses * random.uniform(0.4, 1.2), 2),
        }


class Sheet:
    """Turns figures into what a return of one form version stores."""

    def __init__(self, definition: Definition):
        self.definition = definition
        self.checks = Checks(definition)
        self.codes = list(definition.indicators)
        self.money = {code for code, i in definition.indicators.items() if i.type == "money"}
        self.sources = as_json({code: i.source for code, i in definition.indicators.items()})

    def stored(self, figures: dict) -> dict:
        """As the database holds them: money as a decimal string, in the form's order."""
        return {
            code: f"{figures[code]:.2f}".rstrip("0").rstrip(".") if code in self.money else figures[code]
            for code in self.codes
        }

    def explain(self, random: Random, figures: dict, last: dict | None, register: object) -> tuple[dict, int]:
        """The explanations that the checks ask for, and how many checks found something."""
        names = {**figures, "last": SimpleNamespace(**(last or {})), "register": register}
        asked = self.checks.broken(self.checks.explain, names, last is not None)
        noted = self.checks.broken(self.checks.inform, names, last is not None)
        given = {code: random.choice(EXPLANATIONS.get(code, (ANY_EXPLANATION,))) for code in asked}
        return given, len(asked) + len(noted)

    def begun(self, figures: dict) -> tuple[dict, dict]:
        """A draft: what was filled in beforehand, a few figures typed, the rest not looked at yet."""
        typed = [code for code, i in self.definition.indicators.items() if i.source == FigureSource.TYPED]
        untouched = set(typed[len(typed) // 3 :])
        values = {code: 0 if code in untouched else figures[code] for code in figures}
        sources = {code: i.source for code, i in self.definition.indicators.items() if code not in untouched}
        return self.stored(values), sources
