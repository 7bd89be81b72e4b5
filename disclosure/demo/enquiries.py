"""Enquiries of the made-up district: a year of them at every stage, more where public pages are open."""

import datetime
from datetime import timedelta
from random import Random

from django.db.models import DateTimeField, OuterRef, Subquery
from django.db.models.functions import Cast

from assemblies.enums import Satisfaction
from disclosure.enums import EnquiryKind, EnquiryState, EnquiryWay
from disclosure.models import Asker, Enquiry, EnquiryTheme, Reply
from unions.calendar import WorkCalendar
from unions.demo import bulk, names
from unions.enums import Tier
from unions.models import Union

S = EnquiryState
MANY = 120
# Theme, kind, title, text, reply.
MATTERS = (
    ("劳动合同", "enquiry", "合同到期没有续签", "合同上月到期，单位没有续签，我还在上班，应该怎么办？", "继续用工的，单位应当与您续订书面合同，工会已督促单位本周内办理。"),
    ("工资", "concern", "周末加班没有加班工资", "连续三个周末加班，工资条上没有加班工资。", "经核对考勤，单位已同意在下月工资中补发，请留意工资条。"),
    ("工资", "enquiry", "加班工资怎么计算", "法定节假日加班工资按什么标准算？", "法定节假日加班按不低于工资的三倍支付，工会可协助核算。"),
    ("社会保险", "concern", "入职三个月没有上保险", "入职已三个月，查不到社保缴费记录。", "单位已承诺补缴，工会将在月底前核对缴费记录。"),
    ("劳动安全", "concern", "车间通风不好", "喷漆车间排风扇坏了两周，气味很大。", "已通知单位停用该工位并维修，维修后由工会和职工代表共同验收。"),
    ("休息休假", "enquiry", "年休假没有休完怎么办", "去年的年休假还有三天没有休，单位说过期作废，是这样吗？", "单位未安排休假的，应按规定支付未休年休假工资。"),
    ("女职工", "enquiry", "哺乳假怎么休", "孩子八个月，每天可以休息多长时间？", "每天一小时，可以合并使用，请向所在部门和女职工委员会申请。"),
    ("困难帮扶", "concern", "家人住院生活困难", "家里有人长期住院，负担较重，能否申请帮扶？", "请携带相关材料到职工服务中心，工会将协助办理困难职工建档。"),
    ("法律援助", "enquiry", "怎么申请法律援助", "和单位有争议，想请律师，工会可以帮忙吗？", "每周三下午有律师值班，可预约；符合条件的可提供法律援助。"),
    ("会员服务", "enquiry", "会员卡怎么补办", "会员卡丢失，在哪里补办？", "请到所在工会登记，由街道工会统一补办，约十个工作日。"),
    ("工会工作建议", "concern", "希望延长职工之家开放时间", "职工之家晚上六点就关门，下班后用不上。", "自下月起延长至晚上九点，请大家共同爱护设施。"),
)  # fmt: skip
WEIGHTS = (3, 6, 4, 4, 3, 5, 2, 3, 2, 3, 2)
STATES = ((S.CLOSED, 62), (S.ANSWERED, 14), (S.ASKED, 20), (S.DECLINED, 4))
WAYS = ((EnquiryWay.PUBLIC, 55), (EnquiryWay.PHONE, 20), (EnquiryWay.VISIT, 13), (EnquiryWay.DIALOGUE, 12))
MARKS = (
    (Satisfaction.SATISFIED, 55), (Satisfaction.BASICALLY, 22), (Satisfaction.DISSATISFIED, 5), ("", 18),
)  # fmt: skip


def write(random: Random, chairs: dict[int, int], shown: list[Union], today: datetime.date) -> int:
    """Returns how many. `chairs`: union → account of whoever acts there."""
    others = (
        Union.objects.active().of_tier(Tier.GRASSROOTS).exclude(pk__in=[union.pk for union in shown]).order_by("code")
    )
    middles = (
        Union.objects.active().of_tier(Tier.MIDDLE).exclude(pk__in=[union.pk for union in shown]).order_by("code")
    )
    unions = [union for union in [*shown, *middles, *others[:MANY]] if union.pk in chairs]
    themes, calendar = {theme.name_zh: theme for theme in EnquiryTheme.objects.all()}, WorkCalendar()
    made = []
    for union in unions:
        for _each in range(random.randint(10, 16) if union in shown else random.randint(1, 4)):
            made.append(_enquiry(random, union, themes, calendar, today))
    Enquiry.objects.bulk_create((enquiry for enquiry, _reply in made), batch_size=1000)
    Asker.objects.bulk_create(_askers(random, [enquiry for enquiry, _reply in made]), batch_size=1000)
    Reply.objects.bulk_create(
        (
            Reply(enquiry=one, round=1, text=text, signed=one.handler.name[:60], replied_by_id=chairs[one.union_id])
            for one, text in made
            if one.answered_on
        ),
        batch_size=1000,
    )
    told = Enquiry.objects.filter(pk=OuterRef("enquiry")).values(at=Cast("answered_on", DateTimeField()))
    Reply.objects.update(replied_at=Subquery(told))
    bulk.write_events([row for one, _reply in made for row in _events(one, chairs[one.union_id])])
    return len(made)


def _picked(random: Random, shares: tuple):
    values, weights = zip(*shares, strict=True)
    return random.choices(values, weights)[0]


def _enquiry(
    random: Random, union: Union, themes: dict, calendar: WorkCalendar, today: datetime.date
) -> tuple[Enquiry, str]:
    theme, kind, title, text, reply = random.choices(MATTERS, WEIGHTS)[0]
    state = _picked(random, STATES)
    ago = random.randint(1, 16) if state == S.ASKED else random.randint(18, 330)
    day = today - timedelta(days=ago)
    way = _picked(random, WAYS)
    latest = today - timedelta(days=1)  # whatever happened has happened by now, at whatever hour it is made
    if way == EnquiryWay.DIALOGUE and state != S.ASKED:
        day = min(calendar.on_or_after(day.replace(day=12)), today - timedelta(days=4))
    due = calendar.shift(day, 10)
    made = Enquiry(
        union=union, handler=union, kind=EnquiryKind(kind), way=way, theme=themes[theme], title=title, text=text, asked_on=day,
        state=state, due_on=due, answer_due_on=due, is_publishable=random.random() < 0.4,
    )  # fmt: skip
    if state in (S.CLOSED, S.ANSWERED):
        made.answered_on = min(calendar.shift(day, random.choice((1, 2, 3, 4, 6, 8, 9, 9, 13))), latest)
        made.due_on = calendar.shift(made.answered_on, 10)
    if state == S.CLOSED:
        made.satisfaction, made.closed_on, made.due_on = _picked(random, MARKS), min(made.due_on, latest), None
    if state == S.DECLINED:
        made.closed_on, made.due_on = min(day + timedelta(days=2), latest), None
    return made, reply


def _askers(random: Random, made: list[Enquiry]) -> list[Asker]:
    """Two of five left a name and a number."""
    return [
        Asker(enquiry=one, name=names.person(random, female=random.random() < 0.5), phone=names.phone(random))
        for one in made
        if random.random() < 0.4
    ]


def _events(made: Enquiry, by: int) -> list[tuple]:
    row = lambda name, at, source, target, by, reason="", data=None: (  # noqa: E731
        made.union_id, f"enquiry.{name}", Enquiry._meta.label, made.pk, at, by, source, target, reason, bulk.as_json(data or {}),
    )  # fmt: skip
    by_link = made.way == EnquiryWay.PUBLIC
    began = bulk.office_time(made.asked_on)
    data = {"code": made.code, "by_link": by_link}
    found = [row("ask", began, "", "asked", None if by_link else by, data=data)]
    if made.state == S.DECLINED:
        found.append(
            row(
                "decline",
                began + timedelta(hours=30),
                "asked",
                "declined",
                by,
                "不属工会职责，已告知主管部门的联系方式。",
            )
        )
    if made.answered_on:
        found.append(
            row("reply", max(bulk.office_time(made.answered_on), began) + timedelta(hours=1), "asked", "answered", by)
        )
    if made.state == S.CLOSED:
        at = max(bulk.office_time(made.closed_on), began) + timedelta(hours=2)
        data = {"satisfaction": made.satisfaction, "by_link": True} if made.satisfaction else {}
        name, who = ("rate", None) if data else ("close", by)
        found.append(row(name, at, "answered", "closed", who, data=data))
    return found
