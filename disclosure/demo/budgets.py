"""Budgets of the made-up district: most of this year's adopted and executed for the first half-year, some still on their way,
one adjusted; they go on from the accounts of the annual reports."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from disclosure.budget_executions import CATEGORY, ends_of
from disclosure.budget_words import draft_of
from disclosure.bulletins import item_for
from disclosure.demo.annual import BATCH, Scene, decider_of, open_since, signer_of
from disclosure.duty_seeds import BUDGET, FUNDS
from disclosure.enums import AccountSide, BudgetState, BulletinState, Channel, ExecutionState
from disclosure.models import AnnualReport, Budget, Bulletin, CatalogueItem, Execution
from disclosure.models.annual import BEFORE
from disclosure.models.budgets import EXECUTION, PLANNED
from unions.demo import bulk
from unions.demo.people import Desks
from unions.enums import Tier
from unions.kit.periods import Period
from unions.models import DutyRule, Union
from unions.opening import open_due
from unions.settingbook import setting

S = BudgetState
STAGES = (
    (S.ACCEPTED, 78),
    (S.SUBMITTED, 6),
    (S.ADOPTED, 3),
    (S.REVIEWED, 3),
    (S.DRAFT, 3),
    (S.RETURNED, 2),
    (None, 5),
)
WAY = (S.DRAFT, S.REVIEWED, S.ADOPTED, S.SUBMITTED, S.ACCEPTED)
OPINIONS = ("预算编制合规，收支平衡，同意提交审议。", "科目使用正确，建议压缩业务支出，同意提交审议。")
RETURNED_FOR = "职工活动支出占比偏低，请按经费使用规定调整后重新报送。"
ADJUSTED_FOR = "上级追加慰问经费，相应增加职工服务支出。"
HUNDRED = Decimal(100)
SHARES = {AccountSide.INCOME: (46, 60), AccountSide.EXPENSE: (34, 47)}  # of a year, by the end of June
PUBLISHED = 40  # with the bulletin as it is made of their execution; the others tell it shortly
SHORTLY = "上半年累计支出{:,.2f}元，年度预算{:,.2f}元，各项支出均在预算以内。"


def write(random: Random, shown: dict[Tier, Union], desks: Desks) -> int:
    """Returns how many."""
    scene, keys = Scene(random, desks, shown), {union.pk for union in shown.values()}
    year = scene.today.year
    reports = AnnualReport.objects.filter(year=year - 1).exclude(accounts={})
    rows = reports.select_related("union", "sheet").prefetch_related("sheet__heads").order_by("pk")
    made = [one for one in (_budget(scene, report, report.union_id in keys) for report in rows) if one]
    Budget.objects.bulk_create(made, batch_size=BATCH)
    adjusted = [_adjusted(scene, one) for one in made if one.union_id == shown[Tier.GRASSROOTS].pk]
    executions = _execute(scene, [one for one in made if one.state == S.ACCEPTED])
    bulk.write_events(row for one in [*made, *adjusted] for row in _events(scene, one))
    told = dict.fromkeys([one for one in executions if one.budget.union_id in keys] + executions[:PUBLISHED])
    _publish(scene, list(told))
    _publish_shortly(scene, [one for one in executions if one not in told])
    _owe(scene, {one.budget.union_id for one in executions})
    _ask(scene)
    return len(made)


def _ask(scene: Scene) -> None:
    """The duties of this year, which what was made fulfils, and those that have opened since."""
    for key, period in ((BUDGET, Period(scene.today.year)), (FUNDS, Period(scene.today.year, half=1))):
        rule = DutyRule.objects.get(key=key)
        if rule.current_period(scene.today) >= period:
            open_since(rule, [period])
        open_due(rule, scene.today)


def _budget(scene: Scene, report: AnnualReport, is_shown: bool) -> Budget | None:
    """A little more than the last accounts came to, within what there is."""
    states, shares = zip(*STAGES, strict=True)
    state = S.ACCEPTED if is_shown else scene.random.choices(states, shares)[0]
    by, union = signer_of(scene, report.union), report.union
    if state is None or by is None:
        return None
    budget = Budget(
        union=union, year=report.year + 1, sheet=report.sheet, state=state, amounts={BEFORE: str(report.balance)}
    )
    for head in report.sheet.heads.all():
        grown = (report.amount(head) or Decimal(0)) * scene.random.randrange(98, 112) / 100
        if grown:
            budget.amounts[str(head.pk)] = str((grown / HUNDRED).quantize(Decimal(1)) * HUNDRED)
    _balance(budget)
    began = scene.calendar.shift(date(report.year, 12, 10), scene.random.randrange(0, 12))
    began = min(began, scene.calendar.shift(scene.latest, -18))  # whatever was decided has been by now
    if union.founded_on and union.founded_on > began:
        return None
    if state != S.DRAFT:
        budget.reviewed_on, budget.reviewer = began, "经费审查委员会主任"
        budget.opinion = scene.random.choice(OPINIONS)
    if state not in (S.DRAFT, S.REVIEWED):
        budget.adopted_on, budget.minutes = (
            scene.calendar.shift(began, 4),
            f"工会委员会{report.year + 1}年第一次会议，纪要第1号",
        )
    if state in (S.SUBMITTED, S.ACCEPTED, S.RETURNED):
        budget.filed_at, budget.filed_by_id = scene.at(scene.calendar.shift(began, 7)), by
    if state in (S.ACCEPTED, S.RETURNED):
        decided = scene.calendar.shift(began, 7 if union.tier is Tier.DISTRICT else 11)
        budget.decided_at = scene.at(decided) + timedelta(hours=1)
        budget.decided_by_id = by if union.tier is Tier.DISTRICT else decider_of(scene, union)
    budget.revision = WAY.index(state) + 2 if state in WAY else 5
    return budget


def _balance(budget: Budget) -> None:
    """What the heads leave is the planned balance; where they would leave less than nothing, the largest head gives way."""
    if budget.balance < 0:
        heads = [head for head in budget.sheet.heads.all() if head.side == AccountSide.EXPENSE]
        largest = max(heads, key=lambda head: budget.amount(head) or 0)
        budget.amounts[str(largest.pk)] = str(max((budget.amount(largest) or 0) + budget.balance, Decimal(0)))
    budget.amounts[PLANNED] = str(max(budget.balance, Decimal(0)))


def _adjusted(scene: Scene, first: Budget) -> Budget:
    """A second version in the summer, with its reason."""
    day = scene.calendar.shift(min(date(first.year, 8, 20), scene.latest), -9)
    second = Budget(
        union=first.union, year=first.year, number=2, reason=ADJUSTED_FOR, sheet=first.sheet, state=S.ACCEPTED, revision=6,
        amounts=dict(first.amounts), reviewed_on=day, reviewer=first.reviewer, opinion=OPINIONS[0],
        adopted_on=scene.calendar.shift(day, 2), minutes=f"工会委员会{first.year}年第三次会议，纪要第6号",
        filed_at=scene.at(scene.calendar.shift(day, 3)), filed_by_id=first.filed_by_id,
        decided_at=scene.at(scene.calendar.shift(day, 6)), decided_by_id=first.decided_by_id,
    )  # fmt: skip
    for side in AccountSide:
        head = next(head for head in first.sheet.heads.all() if head.side == side and first.amount(head))
        second.amounts[str(head.pk)] = str(first.amount(head) + 2000)
    _balance(second)
    second.save()
    return second


def _execute(scene: Scene, budgets: list[Budget]) -> list[Execution]:
    """By the end of June about half of it, of those that are not late."""
    until = date(scene.today.year, 6, 30)
    if scene.latest < scene.calendar.shift(until, 12):
        return []
    made, capital = [], setting("budget-capital-head")
    least = Decimal(setting("budget-capital-minutes") - 1)  # below what wants the committee's minutes
    for budget in budgets:
        if scene.random.random() < 0.08 and budget.union_id not in {union.pk for union in scene.shown.values()}:
            continue
        execution = Execution(
            budget=budget, union_id=budget.union_id, until_on=until, state=ExecutionState.SUBMITTED, revision=3
        )
        for head in budget.sheet.heads.all():
            if amount := budget.amount(head):
                low, high = SHARES[head.side]
                done = (amount * scene.random.randrange(low, high) / 100).quantize(Decimal(1))
                execution.amounts[str(head.pk)] = str(min(done, least) if head.name == capital else done)
        execution.filed_at, execution.filed_by_id = (
            scene.at(scene.calendar.shift(until, scene.random.randint(2, 8))),
            budget.filed_by_id,
        )
        execution.add_up()
        made.append(execution)
    return Execution.objects.bulk_create(made, batch_size=BATCH)


def _publish(scene: Scene, executions: list[Execution]) -> None:
    """In the words of the record itself."""
    for execution in executions:
        draft, union, by = draft_of(execution), execution.budget.union, execution.filed_by_id
        item = item_for(union, draft)
        at = execution.filed_at + timedelta(hours=2)
        Bulletin.objects.create(
            union=union, item=item, title=draft.title, body=draft.body, readers=item.readers, channels=[Channel.WEBSITE],
            occurred_on=draft.occurred_on, due_on=scene.calendar.shift(draft.occurred_on, item.workdays), source=EXECUTION,
            source_id=execution.pk, state=BulletinState.PUBLISHED, published_at=at, written_by_id=by, checked_by_id=by, approved_by_id=by,
        )  # fmt: skip


def _publish_shortly(scene: Scene, executions: list[Execution]) -> None:
    """The many others, in one sentence and one statement."""
    items = {
        item.tier: item
        for item in CatalogueItem.objects.filter(category__key=CATEGORY, is_active=True).order_by("-order", "-pk")
    }
    made = []
    for execution in executions:
        union, by = execution.budget.union, execution.filed_by_id
        item, at = items[union.tier], execution.filed_at + timedelta(hours=2)
        made.append(
            Bulletin(
                union=union, item=item, title=execution.title, body=SHORTLY.format(execution.spent, execution.budgeted),
                readers=item.readers, channels=[Channel.WEBSITE], occurred_on=execution.until_on, source=EXECUTION,
                due_on=scene.calendar.shift(execution.until_on, item.workdays), source_id=execution.pk,
                state=BulletinState.PUBLISHED, published_at=at, written_by_id=by, checked_by_id=by, approved_by_id=by,
            )
        )  # fmt: skip
    Bulletin.objects.bulk_create(made, batch_size=BATCH)


def _owe(scene: Scene, out: set[int]) -> None:
    """What every union in force publishes next; the past of the demonstration reminds nobody now."""
    first, following, *_later = ends_of(scene.today.year)
    items = CatalogueItem.objects.filter(category__key=CATEGORY, is_active=True).order_by("-order", "-pk")
    workdays = {item.tier: item.workdays for item in items}
    budgets = list(Budget.objects.in_force().select_related("union"))
    for budget in budgets:
        budget.owed_on = following if budget.union_id in out else first
        budget.due_on = scene.calendar.shift(budget.owed_on, workdays[budget.union.tier])
        budget.told_due_on = budget.told_late_on = budget.due_on
    Budget.objects.bulk_update(budgets, ["owed_on", "due_on", "told_due_on", "told_late_on"], batch_size=BATCH)


def _events(scene: Scene, budget: Budget) -> list[tuple]:
    row = lambda name, at, source, target, by, reason="", **data: (  # noqa: E731
        budget.union_id, f"budget.{name}", Budget._meta.label, budget.pk, min(at, scene.at(scene.latest)), by, source, target,
        reason, bulk.as_json(data),
    )  # fmt: skip
    by = budget.filed_by_id or signer_of(scene, budget.union)
    first = scene.at(budget.reviewed_on or scene.latest) - timedelta(days=2)
    if budget.is_adjustment:
        found = [row("adjust", first, "", "", by, budget.reason, number=budget.number - 1)]
    else:
        found = [row("begin", first, "", "", by, year=budget.year)]
    if budget.reviewed_on:
        found.append(
            row("review", scene.at(budget.reviewed_on), "draft", "reviewed", by, day=budget.reviewed_on.isoformat())
        )
    if budget.adopted_on:
        found.append(
            row("adopt", scene.at(budget.adopted_on), "reviewed", "adopted", by, day=budget.adopted_on.isoformat())
        )
    if budget.filed_at and budget.union.tier is Tier.DISTRICT:
        found.append(row("conclude", budget.filed_at, "adopted", "accepted", by))
    elif budget.filed_at:
        found.append(row("file", budget.filed_at, "adopted", "submitted", by))
        if budget.decided_at:
            is_back = budget.state == S.RETURNED
            move = ("return", "returned", RETURNED_FOR) if is_back else ("accept", "accepted", "")
            found.append(row(move[0], budget.decided_at, "submitted", move[1], budget.decided_by_id, move[2]))
    return found
