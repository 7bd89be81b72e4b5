"""The middle tier's quarterly summaries: sent when most is in, with a reason for each union that is missing."""

from datetime import timedelta

from disclosure.demo.filing import Filing, Gathered, Rows, Term, World
from unions.demo import bulk
from unions.demo.behaviour import Course
from unions.enums import Tier
from unions.models import Union

ON_TIME = 0.93
RETURNED = 0.05
# Of the newest period, once its due day has passed: accepted, to be reviewed, returned, begun, not begun
STANDING = (62, 13, 6, 9, 10)
NARRATIVES = (
    "本季度辖区工会组织运行平稳，会员发展和会籍管理按计划推进；对逾期未报单位已逐家电话催报。下季度重点抓好换届提醒和小微企业建会。",
    "全辖区信息反馈工作总体有序，职工队伍基本稳定。突出困难是楼宇企业人员流动大、会籍跟转不及时，拟联合物业开展入会集中行动。",
    "组织开展职工技能竞赛和送温暖活动，劳动争议调解稳妥。对数据变动较大的单位已逐一核实并附说明。",
)


EXPLANATIONS = (
    "部分单位逾期未报，未计入本次汇总，已列明原因并催报。",
    "上季度末补报单位较多，合计口径有变化；已报单位人数平稳。",
    "辖区重点企业集中招录，职工和会员同步增加，已与企业核实。",
)


class Summaries:
    """Writes a summary a middle-tier union and period, out of what was gathered below it."""

    def __init__(self, world: World, middles: list[Union]):
        self.world, self.middles = world, middles
        self.last: dict[int, dict] = {}

    def courses(self, term: Term) -> dict[int, Course]:
        """When each middle-tier union sends its summary, and what the district decides."""
        random, clock, shown = self.world.random, term.clock, self.world.shown[Tier.MIDDLE].pk
        found = {}
        for union in self.middles:
            first = clock.first(random, ON_TIME) or clock.first(random, 1.0)
            # Nobody sums up before the last days: what is not in by then would be missing.
            first = max(first, clock.at(random, term.due - timedelta(days=random.randrange(2))))
            course = Course([("submit", first), ("accept", clock.review(random, first))])
            if random.random() < RETURNED:
                back = clock.review(random, first)
                again = clock.after(random, back, random.uniform(0.6, 3))
                course.moves = [
                    ("submit", first),
                    ("return", back),
                    ("submit", again),
                    ("accept", clock.review(random, again)),
                ]
            if term.is_newest:
                course = self._standing(course, term, is_shown=union.pk == shown)
            found[union.pk] = course
        return found

    def _standing(self, course: Course, term: Term, *, is_shown: bool) -> Course:
        random, clock = self.world.random, term.clock
        if is_shown or not term.is_settled:
            return Course(is_begun=is_shown) if is_shown else course.until(self.world.now)
        which = random.choices(range(5), STANDING)[0]
        if which == 0:
            return course.until(self.world.now)
        if which == 1:
            return Course([("submit", clock.recently(random, 3))])
        if which == 2:
            return Course([course.moves[0], ("return", clock.recently(random, 2))])
        return Course(is_begun=which == 3)

    def write(self, rows: Rows, term: Term, courses: dict[int, Course], gathered: dict[int, Gathered]) -> None:
        ids = zip(
            self.middles, bulk.reserve("unions_duty", len(self.middles)), bulk.reserve("disclosure_return", len(self.middles)),
            strict=True,
        )  # fmt: skip
        for union, duty_id, return_id in ids:
            got, course = gathered[union.pk], courses[union.pk]
            members = int(self.last.get(union.pk, got.total).get("members", 0))
            desks = self.world.desks
            filing = Filing(
                self.world, term, union.pk, union.pk, course, duty_id, return_id, members, desks.chairs.get(union.pk), desks.district
            )  # fmt: skip
            filing.write_duty(rows)
            if course.state:
                self._write_return(rows, filing, union, got)
            self.last[union.pk] = dict(got.total)

    def _write_return(self, rows: Rows, filing: Filing, union: Union, got: Gathered) -> None:
        sheet, random = filing.term.sheet, self.world.random
        figures = {code: got.sums.get(code, 0) for code in sheet.codes}
        asked, concerns = sheet.explain(random, figures, self.last.get(union.pk), None)
        explanations = {code: random.choice(EXPLANATIONS) for code in asked}
        if filing.course.state == "draft":
            filing.write_return(rows, sheet.stored(figures), "{}", {}, 0)
            return
        filing.write_return(
            rows, sheet.stored(figures), sheet.sources, explanations, concerns, random.choice(NARRATIVES),
            bulk.as_json(got.missing), bulk.as_json(sorted(got.included)),
        )  # fmt: skip
