"""Bulletins of the made-up district: two years of disclosure at every stage, most of it out and in time."""

import datetime
from collections.abc import Callable
from datetime import timedelta
from random import Random

from django.utils import timezone

from disclosure.enums import BulletinState, Channel, Readers
from disclosure.models import Bulletin, CatalogueItem, Posting, PublicPage
from unions.calendar import WorkCalendar
from unions.enums import Tier
from unions.models import RoleAssignment, Union, User

S = BulletinState
STAGES = (
    (S.PUBLISHED, 82),
    (S.EXPIRED, 8),
    (S.WITHDRAWN, 1),
    (S.DRAFT, 3),
    (S.CHECKING, 3),
    (S.APPROVING, 2),
    (S.SCHEDULED, 1),
)
TEXTS = {
    "meetings": ("关于召开工会委员会会议的通知", "定于本月召开工会委员会会议，研究职工文体活动安排和女职工权益保护工作。"),
    "plans": ("年度工作报告", "本年度共组织职工活动12次，慰问困难职工8人次，开展技能竞赛2场，职工参与率86%。"),
    "accounts": ("上半年工会经费收支情况", "上半年经费收入和支出均在预算以内，主要用于职工活动、慰问和培训，详见附表。"),
    "audits": ("经费审查工作报告", "经费审查委员会对上半年经费收支进行了审查，账实相符，提出改进意见1条，已落实。"),
    "elections": ("会员代表选举结果公布", "各选举单位会员代表选举工作已完成，代表名额、选票和得票情况均符合规定。"),
    "appraisals": ("民主评议结果公布", "评议表收回率和满意率均达到规定比例，职工意见已列入整改措施，年内完成。"),
    "services": ("冬季送温暖申请开始受理", "符合条件的会员可向所在工会小组提出申请，审核后按规定发放。\n\n办理时间：工作日9时至17时。"),
    "aid": ("困难职工帮扶情况", "本季度帮扶困难职工6人次，按规定标准发放慰问金，个人信息不予公开。"),
    "awards": ("先进工会小组推荐公示", "经民主推荐、委员会研究，拟推荐两个工会小组为先进工会小组，公示期5个工作日。"),
    "hot-topics": ("关于职工食堂供餐时间的答复", "经与行政协商，自下月起延长夜班供餐时间，具体安排另行通知。"),
}  # fmt: skip
REASON = "附表数据有误，更正后重新公开"


def write(random: Random, shown: list[Union], tell: Callable[[int, int], None]) -> None:
    """Three or so of each union, more of those that are shown; whoever leads a union has written and approved them."""
    now, calendar, people = timezone.now(), WorkCalendar(), _leaders()
    items: dict[int, list[CatalogueItem]] = {}
    for item in CatalogueItem.objects.filter(is_active=True, is_decision=False).select_related("category"):
        if item.category.key in TEXTS:
            items.setdefault(item.tier, []).append(item)
    many = {union.pk for union in shown}
    made = []
    for union in Union.objects.active().order_by("pk"):
        if (by := people.get(union.pk)) is None:
            continue
        for _each in range(14 if union.pk in many else random.randint(1, 4)):
            item = random.choice(items[union.tier])
            made.append(_bulletin(random, union, item, by, now, calendar, union.pk in many))
    Bulletin.objects.bulk_create(made, batch_size=2000)
    Posting.objects.bulk_create(
        (_posting(one) for one in made if Channel.BOARD in one.channels and one.is_out), batch_size=4000
    )
    tell(len(made), len(made))


def _leaders() -> dict[int, User]:
    """Somebody of each union, the chair where there is one."""
    rows = RoleAssignment.objects.filter(role__in=["district_staff", "middle_chair", "grassroots_chair"])
    return {row.union_id: row.user for row in rows.select_related("user").order_by("pk")}


def _bulletin(
    random: Random, union: Union, item: CatalogueItem, by: User, now: datetime.datetime, calendar: WorkCalendar, is_shown: bool
) -> Bulletin:  # fmt: skip
    title, body = TEXTS[item.category.key]
    states, shares = zip(*STAGES, strict=True)
    state = random.choices(states, shares)[0]
    on_its_way = state in (S.DRAFT, S.CHECKING, S.APPROVING, S.SCHEDULED)
    ago = random.randint(0, 12) if on_its_way else random.randint(14, 120 if is_shown else 500)
    day = (now - timedelta(days=ago)).date()
    bulletin = Bulletin(
        union=union, item=item, title=f"{day.year}年{title}" if item.category.key in ("plans", "appraisals") else title,
        body=body, readers=Readers.PUBLIC if is_shown or random.random() < 0.5 else item.readers,
        channels=[Channel.WEBSITE, *([Channel.BOARD] if random.random() < 0.4 else [])],
        occurred_on=day, due_on=calendar.shift(day, item.workdays), state=state, written_by=by,
    )  # fmt: skip
    if state not in (S.DRAFT, S.CHECKING):
        bulletin.checked_by = by
    if state not in (S.DRAFT, S.CHECKING, S.APPROVING):
        bulletin.approved_by = by
    if state == S.SCHEDULED:
        bulletin.publish_at = now + timedelta(days=random.randint(1, 10))
    elif not on_its_way:
        bulletin.published_at = now - timedelta(days=max(0, ago - random.choice((1, 2, 3, 5, 8, 12))), hours=2)
    if state == S.EXPIRED:
        bulletin.expires_on = (now - timedelta(days=1)).date()
    if state == S.WITHDRAWN:
        bulletin.withdrawn_at, bulletin.withdrawn_reason = now - timedelta(hours=1), REASON
    return bulletin


def _posting(bulletin: Bulletin) -> Posting:
    day = timezone.localdate(bulletin.published_at)
    return Posting(
        bulletin=bulletin, channel=Channel.BOARD, place="职工之家公告栏", posted_on=day, removed_on=min(day + timedelta(days=10), timezone.localdate()),
        posted_by=bulletin.written_by,
    )  # fmt: skip


def open_pages(shown: list[Union]) -> None:
    """Public pages of the unions that are shown, of the middle tier, and of every tenth grassroots union."""
    chosen = Union.objects.active().exclude(pk__in=[union.pk for union in shown]).order_by("pk")
    rows = [union for union in chosen if union.tier != Tier.GRASSROOTS or union.pk % 10 == 0]
    PublicPage.objects.bulk_create((_page(union) for union in [*shown, *rows]), batch_size=2000)


def _page(union: Union) -> PublicPage:
    return PublicPage(
        union=union, is_open=True, welcome="工会是职工之家，有困难找工会。",
        services="职工之家每天12时至20时开放\n困难职工申请帮扶：向所在工会小组提出\n法律咨询：每周三14时至17时",
        contact="地点：一层职工之家\n办公时间：工作日9时至17时\n办公电话：010-65000000",
    )  # fmt: skip
