"""Delegates and proposals of some sixty unions of the demo district, at every step of their way."""

import datetime
from datetime import timedelta
from random import Random

from assemblies.enums import DelegateWork, Grade, ProposalKind, ProposalState, Satisfaction
from assemblies.models import (
    Answer,
    Collection,
    Constituency,
    Delegate,
    Handler,
    Proposal,
    Proposer,
    Seconder,
    Term,
    Theme,
)
from unions.demo import bulk, names
from unions.enums import Tier
from unions.kit.periods import months_before
from unions.models import Union

MANY = 60
PLACES = ("生产部", "销售部", "技术部", "行政后勤部", "客户服务部", "物流部")
HANDLERS = ("行政部", "人力资源部", "安全管理部", "工会办公室", "财务部")
# Subject, theme, facts, request.
MATTERS = (
    ("改善食堂夜班供餐", "职工服务", "夜班职工二十二点后没有热饭可吃。", "请延长食堂供餐时间，或设置加热设备。"),
    ("增设母婴休息室", "福利待遇", "哺乳期女职工没有合适的休息场所。", "请在三层设置母婴休息室。"),
    ("更换车间照明", "劳动安全", "二车间照明不足，存在安全隐患。", "请检测照度并更换灯具。"),
    ("规范加班工资核算", "工资协商", "节假日加班工资核算口径不统一。", "请公布核算办法，并在工资条中单列。"),
    ("开通早班通勤车", "职工服务", "早班职工通勤时间长，公共交通不便。", "请开通地铁站至厂区的通勤车。"),
    ("公开工会经费使用情况", "工会经费", "会员希望了解经费的使用明细。", "请按季度在公开栏公布经费收支。"),
    ("组织职业技能培训", "权益保障", "新设备上线后培训不足。", "请与企业协商，每季度组织一次培训。"),
    ("增加高温岗位防暑用品", "劳动安全", "夏季高温岗位防暑用品发放不及时。", "请在六月前发放，并增加休息时间。"),
    ("完善职工意见反馈渠道", "民主管理", "意见箱长期无人开启。", "请明确专人负责并限期答复。"),
    ("修缮职工活动室", "组织建设", "活动室器材损坏较多。", "请维修更换，并延长开放时间。"),
)  # fmt: skip
# How far each proposal of a union has come.
WAYS = (
    ProposalState.SUBMITTED, ProposalState.ACCEPTED, ProposalState.ASSIGNED, ProposalState.ANSWERED, ProposalState.CLOSED,
    ProposalState.PUBLISHED, ProposalState.DECLINED, ProposalState.CLOSED,
)  # fmt: skip
ANSWERED = (ProposalState.ANSWERED, ProposalState.CLOSED, ProposalState.PUBLISHED)
MARKS = (
    Satisfaction.SATISFIED,
    Satisfaction.SATISFIED,
    Satisfaction.BASICALLY,
    Satisfaction.BASICALLY,
    Satisfaction.DISSATISFIED,
    "",
)


def write(random: Random, chairs: dict[int, int], shown: list[Union], today: datetime.date) -> int:
    """Returns how many proposals. `chairs`: union → account of whoever acts there."""
    unions = {union.pk: union for union in shown if union.tier is Tier.GRASSROOTS}
    others = Union.objects.active().of_tier(Tier.GRASSROOTS).filter(members__gte=100).order_by("code")
    unions |= {union.pk: union for union in others.exclude(pk__in=unions)[: MANY - len(unions)]}
    events: list[tuple] = []
    _delegates(random, list(unions.values()), today)
    themes = {theme.name_zh: theme for theme in Theme.objects.all()}
    by_union = {}
    for delegate in Delegate.objects.filter(union__in=unions, ended_on=None):
        by_union.setdefault(delegate.union_id, []).append(delegate)
    for union in unions.values():
        _proposals(random, union, by_union.get(union.pk, []), themes, chairs.get(union.pk), today, events)
    bulk.write_events(events)
    return Proposal.objects.count()


def _delegates(random: Random, unions: list[Union], today: datetime.date) -> None:
    known = {term.union_id: term for term in Term.objects.filter(union__in=unions, ended_on=None)}
    places, delegates = [], []
    for union in unions:
        if union.members < 100 or union.pk not in known:
            continue
        chosen = random.sample(PLACES, 4)
        share = union.members // len(chosen)
        seats = 10 if union.members <= 1000 else 16
        for name in chosen:
            places.append(Constituency(term=known[union.pk], name=name, members=max(share, seats), seats=seats))
    Constituency.objects.bulk_create(places)
    for place in places:
        for _seat in range(place.seats - (random.random() < 0.1)):
            is_senior = random.random() < 0.12
            work = (
                DelegateWork.MANAGEMENT
                if is_senior
                else random.choice([DelegateWork.FRONT_LINE] * 3 + [DelegateWork.TECHNICAL])
            )
            sex = random.choice(("male", "female"))
            present = place.members - random.randint(0, place.members // 5)
            delegates.append(
                Delegate(
                    term=place.term, constituency=place, name=names.person(random, female=sex == "female"), member_number=f"{len(delegates) + 1:06d}",
                    sex=sex, work=work, is_senior=is_senior, is_model=random.random() < 0.05, is_young=random.random() < 0.3,
                    phone=names.phone(random), elected_on=min(place.term.started_on, today),
                    due_count=place.members, present_count=present, votes=random.randint(place.members // 2 + 1, present),
                )
            )  # fmt: skip
    Delegate.objects.bulk_create(delegates, batch_size=1000)
    # A load that was interrupted leaves tables that look empty, and each delegate would be sought in all the others.
    bulk.analyze(*(model._meta.db_table for model in (Term, Constituency, Delegate)))


def _proposals(random, union, delegates, themes, chair, today, events) -> None:
    Collection.objects.create(
        union=union, title=f"{today.year}年度提案征集", opens_on=months_before(today, 1), closes_on=today + timedelta(days=20),
        words="请围绕生产经营、劳动保护、生活福利和工会工作提出意见建议。",
    )  # fmt: skip
    handlers, answers, seconders, sealed = [], [], [], []
    for number, state in enumerate(WAYS[: random.randint(3, len(WAYS))], 1):
        subject, theme, facts, request = random.choice(MATTERS)
        day = today - timedelta(
            days=random.randint(2, 6) if state == ProposalState.SUBMITTED else random.randint(12, 300)
        )
        delegate = random.choice(delegates) if delegates and random.random() < 0.6 else None
        kind = ProposalKind.PROPOSAL if delegate else random.choice((ProposalKind.SUGGESTION, ProposalKind.OPINION))
        is_secret = delegate is None and random.random() < 0.3
        name = delegate.name if delegate else names.person(random, female=random.random() < 0.5)
        made = Proposal(
            union=union, kind=kind, year=day.year, number=number, title=subject, theme=themes[theme], facts=facts, request=request,
            is_confidential=is_secret, proposer="" if is_secret else name, delegate=delegate, submitted_on=day, state=state,
            due_on=day + timedelta(days=10),
        )  # fmt: skip
        _fill_in(random, made, day, today)
        made.save()
        if is_secret:
            sealed.append(Proposer(proposal=made, name=name))
        if kind == ProposalKind.PROPOSAL:
            others = {names.person(random, female=False) for _count in range(4)} - {name}
            seconders += [Seconder(proposal=made, name=other) for other in sorted(others)[:3]]
        if state in (ProposalState.ASSIGNED, *ANSWERED):
            handler = Handler(proposal=made, name=random.choice(HANDLERS), is_lead=True)
            handlers.append(handler)
            if state in ANSWERED and chair:
                answers.append(
                    Answer(
                        handler=handler,
                        round=1,
                        text=f"关于“{subject}”，已研究落实，并将持续跟进。",
                        grade=made.grade,
                        signed=handler.name,
                        answered_by_id=chair,
                    )
                )
        events += _events(made, chair)
    Proposer.objects.bulk_create(sealed)
    Seconder.objects.bulk_create(seconders)
    Handler.objects.bulk_create(handlers)
    Answer.objects.bulk_create(answers)


def _fill_in(random: Random, made: Proposal, day: datetime.date, today: datetime.date) -> None:
    """The days and marks that belong to the state."""
    if made.state in (ProposalState.ASSIGNED, *ANSWERED):
        made.answer_due_on = made.due_on = min(day + timedelta(days=44), today + timedelta(days=25))
    if made.state == ProposalState.ACCEPTED:
        made.due_on = today + timedelta(days=2)
    if made.state in ANSWERED:
        made.answered_on = min(made.answer_due_on + timedelta(days=random.choice((-12, -6, -3, 4))), today)
        made.grade, made.due_on = random.choice(Grade.values), made.answered_on + timedelta(days=14)
    if made.state in (ProposalState.CLOSED, ProposalState.PUBLISHED):
        made.satisfaction, made.closed_on, made.due_on = random.choice(MARKS), made.answered_on, None
        made.is_reworked = made.satisfaction == Satisfaction.DISSATISFIED
    if made.state == ProposalState.PUBLISHED:
        made.published_on = made.closed_on
    if made.state == ProposalState.DECLINED:
        made.due_on = None


def _events(made: Proposal, by: int | None) -> list[tuple]:
    at = bulk.office_time(made.submitted_on)
    row = lambda name, hours, source, target, reason="", data=None, by=None: (  # noqa: E731
        made.union_id, f"proposal.{name}", Proposal._meta.label, made.pk, at + timedelta(hours=hours), by, source, target, reason,
        bulk.as_json(data or {}),
    )  # fmt: skip
    found = [row("submit", 0, "", "submitted", data={"code": made.code, "by_link": True})]
    if made.state == ProposalState.DECLINED:
        found.append(row("decline", 30, "submitted", "declined", "不属于工会职责范围，已转告有关部门。", by=by))
    elif made.state != ProposalState.SUBMITTED:
        found.append(row("accept", 26, "submitted", "accepted", by=by))
    if made.state in (ProposalState.ASSIGNED, *ANSWERED):
        found.append(row("assign", 50, "accepted", "assigned", by=by))
    if made.state in ANSWERED:
        found.append(row("answer", 240, "assigned", "answered", data={"grade": made.grade}, by=by))
    return found
