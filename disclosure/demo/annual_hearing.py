"""How the made-up district's annual reports were received: rated and asked about by committees, and put out as bulletins."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from assemblies.enums import Body, Satisfaction
from assemblies.models import Seat
from disclosure.annual_publishing import WHOLE, draft_of_report
from disclosure.enums import AnnualState, BulletinState, Channel, Readers
from disclosure.models import AnnualHearer, AnnualQuestion, AnnualReport, Bulletin, PublicPage
from unions.demo import bulk, names
from unions.enums import Tier
from unions.settingbook import setting

if TYPE_CHECKING:
    from disclosure.demo.annual import Scene

PUBLISHED = 0.6
LEAST = 6  # members of a committee beside its chair
MANY = 300  # bulletins at most: their words are drawn from the filed reports one by one
RATINGS = ((Satisfaction.SATISFIED, 66), (Satisfaction.BASICALLY, 26), (Satisfaction.DISSATISFIED, 3), ("", 5))
QUESTIONS = (
    ("基层工会主席培训明年怎样安排？", "计划上下半年各举办一期，名额向新任主席倾斜，三月底前通知到各基层工会。"),
    ("困难职工帮扶资金是否有增加？", "本年度帮扶支出已列入预算，比上年略有增加，重点用于大病和助学帮扶。"),
    ("小微企业建会进展如何？", "已与园区、楼宇物业建立联系机制，符合条件的企业逐户上门，年内完成摸底。"),
    ("职工之家能否在周末开放？", "已协调两处职工之家周六开放，开放时间在公告栏公布。"),
)
WAITING = ("经费收支表中其他支出主要用于哪些方面？", "户外劳动者服务站点今年还会增加吗？")


def write(scene: "Scene", reports: list[AnnualReport]) -> None:
    """Hearings in the committees of the upper tiers with their questions, then bulletins of what was heard."""
    upper = [r for r in reports if r.union.tier is not Tier.GRASSROOTS and r.state == AnnualState.ACCEPTED]
    hearers = _give(scene, upper)
    AnnualHearer.objects.bulk_create([one for people in hearers.values() for one in people])
    AnnualReport.objects.bulk_update(
        [report for report in upper if report.hearing_until], ["hearing_until", "heard_on"]
    )
    questions = _asked(scene, upper, hearers)
    times = [question.asked_at for question in questions]
    AnnualQuestion.objects.bulk_create(questions)
    for question, at in zip(questions, times, strict=True):
        question.asked_at = at  # creating them has put the present moment there
    AnnualQuestion.objects.bulk_update(questions, ["asked_at"])
    bulk.write_events(_events(upper, hearers, questions))
    _publish(scene, reports)


def _give(scene: "Scene", upper: list[AnnualReport]) -> dict[int, list[AnnualHearer]]:
    """Each accepted report to those who sat in the committee then: ten working days to rate it."""
    seats: dict[int, list[Seat]] = {}
    rows = Seat.objects.filter(union__in={r.union_id for r in upper}, body=Body.COMMITTEE, term__ended_on=None)
    for seat in rows.held().by_rank():
        seats.setdefault(seat.union_id, []).append(seat)
    grades, shares = zip(*RATINGS, strict=True)
    found = {}
    for report in upper:
        given = scene.calendar.shift(report.decided_at.date(), 1)
        if given >= scene.latest:
            continue
        members = _members(
            scene, report, [seat.name for seat in seats.get(report.union_id, ()) if seat.since <= given]
        )
        report.hearing_until = scene.calendar.shift(given, 10)
        days = (min(report.hearing_until, scene.latest) - given).days
        people = [AnnualHearer(report=report, number=number, name=name) for number, name in enumerate(members, 1)]
        for one in people:
            if rating := scene.random.choices(grades, shares)[0]:
                one.rating = rating
                one.rated_at = scene.at(given + timedelta(days=scene.random.randint(1, days)))
        end = scene.calendar.shift(report.hearing_until, 1)
        if end <= scene.latest and any(one.rating for one in people):
            report.heard_on = end
        found[report.pk] = people
    return found


def _members(scene: "Scene", report: AnnualReport, seated: list[str]) -> list[str]:
    """Those who sat in the committee but for the chair, who gives the report; the register of seats is not complete."""
    found = dict.fromkeys(name for name in seated if name != report.union.chair_name)
    while len(found) < LEAST:
        found[names.person(scene.random, female=scene.random.random() < 0.45)] = None
    return list(found)


def _asked(scene: "Scene", upper: list[AnnualReport], hearers: dict[int, list[AnnualHearer]]) -> list[AnnualQuestion]:
    """Questions of members, answered in time; at a few of the newest reports one that came in these days."""
    random, newest, made = scene.random, max((report.year for report in upper), default=0), []
    shown = {union.pk for union in scene.shown.values()}
    for report in upper:
        raters = [one for one in hearers.get(report.pk, ()) if one.rating]
        if raters and (report.union_id in shown or random.random() < 0.4):
            people = random.sample(raters, min(len(raters), random.randint(1, 2)))
            for hearer, (text, answer) in zip(people, random.sample(QUESTIONS, len(people)), strict=True):
                made.append(_question(scene, report, text, hearer.rated_at, hearer, answer))
        if report.heard_on and report.year == newest and (report.union_id in shown or random.random() < 0.08):
            asked = scene.at(scene.calendar.shift(scene.today, -random.randint(1, 3)))
            made.append(_question(scene, report, random.choice(WAITING), asked))
    return made


def _question(
    scene: "Scene", report: AnnualReport, text: str, at: datetime, hearer: AnnualHearer | None = None, answer: str = ""
) -> AnnualQuestion:  # fmt: skip
    due = scene.calendar.shift(at.date(), setting("annual-answer-workdays"))
    made = AnnualQuestion(
        report=report, hearer=hearer, asker=hearer.name if hearer else "职工代表", text=text, asked_at=at, due_on=due
    )
    answered: date = scene.calendar.shift(at.date(), scene.random.randint(1, 4))
    if answer and answered <= min(due, scene.latest):
        made.answer, made.answered_at = answer, scene.at(answered)
        made.answered_by_id = report.submitted_by_id
    return made


def _events(
    upper: list[AnnualReport], hearers: dict[int, list[AnnualHearer]], questions: list[AnnualQuestion]
) -> list[tuple]:
    def row(report: AnnualReport, name: str, at: datetime, by: int | None, **data) -> tuple:
        label = AnnualReport._meta.label
        return (report.union_id, f"annualreport.{name}", label, report.pk, at, by, "", "", "", bulk.as_json(data))

    found = []
    for report in upper:
        people, by = hearers.get(report.pk), report.submitted_by_id
        if not people:
            continue
        until = report.hearing_until.isoformat()
        given = max(report.decided_at + timedelta(minutes=30), bulk.office_time(report.decided_at.date(), 17))
        found.append(row(report, "give", given, by, count=len(people), until=until))
        found += [row(report, "rate", one.rated_at, None, number=one.number) for one in people if one.rating]
        if report.heard_on:
            found.append(row(report, "hear", bulk.office_time(report.heard_on, 17), by, where="委员会委员"))
    for one in questions:
        by = None if one.hearer else one.report.submitted_by_id
        found.append(row(one.report, "question", one.asked_at, by, due=one.due_on.isoformat()))
        if one.answered_at:
            found.append(row(one.report, "answer", one.answered_at, one.answered_by_id))
    return sorted(found, key=lambda each: each[4])


def _publish(scene: "Scene", reports: list[AnnualReport]) -> None:
    """What was accepted and heard is put out whole by most: the shown unions first, of a large district a sample."""
    shown = {union.pk for union in scene.shown.values()}
    heard = [report for report in reports if report.state == AnnualState.ACCEPTED and report.heard_on]
    chosen = [r for r in heard if r.union_id in shown or scene.random.random() < PUBLISHED]
    chosen.sort(key=lambda report: (report.union_id not in shown, report.union.tier, -report.year, report.pk))
    opened = set(PublicPage.objects.filter(is_open=True).values_list("union", flat=True))
    made = []
    for report in chosen[:MANY]:
        item = report.sheet.parts.all()[0].item
        day = scene.calendar.shift(max(report.heard_on, report.decided_at.date()), scene.random.randint(2, 8))
        if day > scene.latest:
            continue
        draft, by = draft_of_report(report), report.submitted_by_id
        made.append(
            Bulletin(
                union=report.union, item=item, title=draft.title, body=draft.body, meeting=report.meeting,
                readers=Readers.PUBLIC if report.union_id in opened else item.readers, channels=[Channel.WEBSITE],
                occurred_on=draft.occurred_on, due_on=scene.calendar.shift(draft.occurred_on, item.workdays),
                state=BulletinState.PUBLISHED, source=WHOLE, source_id=report.pk, published_at=scene.at(day),
                written_by_id=by, checked_by_id=by, approved_by_id=by,
            )
        )  # fmt: skip
    Bulletin.objects.bulk_create(made, batch_size=500)
