"""Special oversight of the made-up district: a few matters at every stage, drawn by lot where there are delegates."""

import datetime
from datetime import timedelta
from itertools import cycle
from random import Random

from assemblies.enums import Satisfaction
from assemblies.models import Delegate
from disclosure import oversight_draw
from disclosure.bulletins import item_for
from disclosure.enums import (
    BulletinState,
    Channel,
    DrawPool,
    FindingState,
    OverseerState,
    OversightState,
    PromiseState,
    Verdict,
)
from disclosure.models import Bulletin, Overseer, Oversight, OversightDraw, OversightFinding, OversightReply
from disclosure.oversight_draw import digest_of, order_of
from disclosure.oversight_words import KEY, draft_of
from unions.calendar import WorkCalendar
from unions.demo import bulk, names
from unions.enums import Tier
from unions.models import Union

S = OversightState
MANY, DRAWN = 12, 3
# Title, what is overseen, why, finding, what was found, reply, promise.
MATTERS = (
    ("送温暖资金使用", "本年度送温暖资金的发放名单、标准、公示和签领凭证。", "资金来自会费和财政补助，会员关心是否公平。",
     "发放标准公示不够醒目", "公示贴在办公楼内，一线职工看不到，建议在车间和食堂同时公示。", "意见属实，予以采纳。", "下一批起在车间、食堂同步公示，并附监督电话。"),
    ("职工食堂承包招标", "食堂承包的招标文件、评审记录和合同履行情况。", "涉及全体职工就餐，上年反映较多。",
     "评审记录缺职工代表签字", "评审小组名单中有职工代表，记录上没有签字，建议补正并今后留存。", "经核对属实，予以采纳。", "补签评审记录，修订评审办法，写明职工代表签字。"),
    ("工会经费决算", "上年度经费收支决算、支出凭证抽查、资产登记。", "年度重大事项，按规定接受会员监督。",
     "文体活动支出占比偏高", "文体活动支出超过预算一成，建议说明原因并调整下年预算。", "部分采纳：超支因场地租金上涨。", "下年预算中单列场地费，超支须经工会委员会研究。"),
    ("集体合同履行", "集体合同中工资、休假、劳动保护各条款的履行。", "合同到期前了解履行情况，为续签作准备。",
     "高温津贴发放滞后", "六月高温津贴八月才发放，建议随当月工资发放。", "意见属实，已与行政协商。", "自下年起高温津贴随当月工资发放。"),
)  # fmt: skip
# State, how many days ago it began.
STAGES = (
    (S.FOLLOWING, 60), (S.OPEN, 9), (S.REPLYING, 30), (S.PREPARING, -3), (S.CLOSED, 150), (S.FOLLOWING, 75), (S.CLOSED, 210), (S.OPEN, 20)
)  # fmt: skip


def write(random: Random, chairs: dict[int, int], shown: list[Union], today: datetime.date) -> int:
    """Returns how many. `chairs`: union → account of whoever acts there."""
    keys = [union.pk for union in shown]
    others = Union.objects.active().of_tier(Tier.GRASSROOTS).exclude(pk__in=keys).order_by("code")[:MANY]
    unions = [union for union in [*shown, *shown, *others] if union.pk in chairs]
    scene = Scene(random, WorkCalendar(), today)
    for number, union in enumerate(unions):
        scene.add(union, chairs[union.pk], MATTERS[number % len(MATTERS)], *STAGES[number % len(STAGES)])
    bulk.write_events(scene.events)
    return len(unions)


class Scene:
    """Matters as they came about, with what was done and when."""

    def __init__(self, random: Random, calendar: WorkCalendar, today: datetime.date):
        self.random, self.calendar, self.today, self.events = random, calendar, today, []
        self.lags = cycle((-3, 2, -1, 0))  # workdays from the day a reply was due: one of four comes late

    def add(self, union: Union, by: int, words: tuple, state: str, ago: int) -> None:
        title, scope, why, *finding = words
        began = self.calendar.on_or_after(self.today - timedelta(days=ago))
        findings_due = self.calendar.shift(began, 15)
        reply_due = self.calendar.shift(findings_due, 10)
        is_replied = state in (S.FOLLOWING, S.CLOSED)
        lag = next(self.lags) if is_replied else 0
        replied = min(self.calendar.shift(reply_due, lag), self.today - timedelta(days=1))
        closed = min(self.calendar.shift(replied, 20), self.today - timedelta(days=1)) if state == S.CLOSED else None
        promised = self.calendar.shift(replied, 30)
        due = {S.PREPARING: began, S.OPEN: findings_due, S.REPLYING: reply_due, S.FOLLOWING: promised}.get(state)
        matter = Oversight.objects.create(
            union=union, title=title, scope=scope, why=why, basis="工会委员会决议", lead=f"{names.person(self.random, female=True)}（工会副主席）",
            opens_on=began, findings_due_on=findings_due, reply_due_on=reply_due, state=state, due_on=due,
            replied_on=replied if is_replied else None, closed_on=closed,
        )  # fmt: skip
        entered = self.calendar.shift(began, -8) if began <= self.today else self.calendar.shift(self.today, -2)
        self._say(matter, "enter", entered, by)
        people = self._overseers(matter, entered, by, is_taking=state != S.PREPARING)
        if state == S.PREPARING:
            return
        self._say(matter, "begin", began, by, "preparing", "open")
        if state == S.OPEN:
            return
        self._say(matter, "collect", findings_due, by, "open", "replying", data={"count": 1})
        found = self._finding(matter, people, finding, findings_due, by, state)
        if is_replied:
            self._reply(found, finding, replied, promised, by, closed)
            self._say(matter, "reply", replied, by, "replying", "following")
        if closed:
            self._publish(matter, self.calendar.shift(replied, 5), by)
            self._say(matter, "close", closed, by, "following", "closed")

    def _say(self, record, act: str, day, by: int | None, source="", target="", data=None, hour: int = 10) -> None:
        at = bulk.office_time(min(day, self.today - timedelta(days=1)), hour)
        action = f"{record._meta.model_name}.{act}"
        about = record._meta.label, record.pk
        self.events.append((record.union_id, action, *about, at, by, source, target, "", bulk.as_json(data or {})))

    def _overseers(self, matter: Oversight, day, by: int, *, is_taking: bool) -> list[Overseer]:
        """Drawn among the delegates where there are enough of them, else invited by name."""
        pool = oversight_draw.pool_of(matter.union, DrawPool.DELEGATES, None)
        state = OverseerState.ACCEPTED if is_taking else OverseerState.INVITED
        if len(pool) > 2 * DRAWN:
            drawn = self._draw(matter, pool, day, by)
            given = [{"draw": drawn, "place": n, "entry": entry, "name": pool[entry].name}
                     for n, entry in enumerate(order_of(drawn.seed, drawn.entries)[:DRAWN], 1)]  # fmt: skip
        else:
            given = [{"name": names.person(self.random, female=n % 2 == 0)} for n in range(DRAWN)]
        handed_in = bulk.office_time(matter.findings_due_on) if matter.state not in (S.PREPARING, S.OPEN) else None
        people = [
            Overseer(oversight=matter, union=matter.union, number=n, state=state, phone=names.phone(self.random),
                     handed_in_at=handed_in, has_nothing=bool(handed_in) and n > 1, **one)
            for n, one in enumerate(given, 1)
        ]  # fmt: skip
        Overseer.objects.bulk_create(people)
        return people

    def _draw(self, matter: Oversight, pool: dict[str, Delegate], day, by: int) -> OversightDraw:
        entries, at = list(pool), bulk.office_time(min(day, self.today - timedelta(days=1)), 11)
        made = OversightDraw.objects.create(
            oversight=matter, union=matter.union, number=1, pool=DrawPool.DELEGATES, wanted=DRAWN, entries=entries,
            seed=f"{self.random.getrandbits(128):032x}", prepared_by_id=by, drawn_by_id=by, drawn_at=at + timedelta(minutes=5),
        )  # fmt: skip
        data = {"number": 1, "count": len(entries), "digest": digest_of(entries), "seed": made.seed}
        self._say(matter, "freeze", day, by, data=data, hour=11)
        self._say(matter, "draw", day, by, data={"number": 1, "count": DRAWN}, hour=12)
        return made

    def _finding(self, matter: Oversight, people, words, day, by: int, state: str) -> OversightFinding:
        title, text, _reply, _promise = words
        is_replied = state in (S.FOLLOWING, S.CLOSED)
        rating = self.random.choice((Satisfaction.SATISFIED, Satisfaction.SATISFIED, Satisfaction.BASICALLY))
        found = OversightFinding.objects.create(
            oversight=matter, union=matter.union, overseer=people[0], number=1, title=title, text=text,
            state=FindingState.RATED if is_replied else FindingState.GIVEN, satisfaction=rating if is_replied else "",
        )  # fmt: skip
        OversightFinding.objects.filter(pk=found.pk).update(given_at=bulk.office_time(self.calendar.shift(day, -2)))
        self._say(found, "give", self.calendar.shift(day, -2), None, data={"number": 1, "by_link": True})
        return found

    def _reply(self, found: OversightFinding, words, replied, promised, by: int, closed) -> None:
        _title, _text, text, promise = words
        verdict = Verdict.PARTLY if text.startswith("部分") else Verdict.ACCEPTED
        outcome = (
            {"state": PromiseState.DONE, "done_on": closed, "outcome": "已办理，附照片和文件。"}
            if closed
            else {"state": PromiseState.OPEN}
        )
        made = OversightReply.objects.create(
            finding=found, union_id=found.union_id, round=1, verdict=verdict, text=text, promise=promise, promise_due_on=promised,
            replied_by_id=by, **outcome,
        )  # fmt: skip
        OversightReply.objects.filter(pk=made.pk).update(replied_at=bulk.office_time(replied))
        self._say(found, "answer", replied, by, "given", "answered", data={"number": 1})
        self._say(
            found,
            "rate",
            self.calendar.shift(replied, 2),
            None,
            "answered",
            "rated",
            data={"number": 1, "by_link": True},
        )
        if closed:
            self._say(made, "done", closed, by, "open", "done", data={"number": 1})

    def _publish(self, matter: Oversight, day, by: int) -> None:
        """What is closed was put out, in the words of the record itself."""
        draft = draft_of(matter)
        item = item_for(matter.union, draft)
        Bulletin.objects.create(
            union=matter.union, item=item, title=draft.title, body=draft.body, readers=item.readers, channels=[Channel.WEBSITE],
            occurred_on=draft.occurred_on, due_on=self.calendar.shift(draft.occurred_on, item.workdays), source=KEY,
            source_id=matter.pk, state=BulletinState.PUBLISHED, published_at=bulk.office_time(min(day, matter.closed_on)),
            written_by_id=by, checked_by_id=by, approved_by_id=by,
        )  # fmt: skip
