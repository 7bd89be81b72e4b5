import random
import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from disclosure import totals
from disclosure.models import Form, Return, Total
from tests.factories.disclosure import PERIOD, accepted, duty_of, history, many_unions, submitted
from tests.factories.unions import UnionFactory
from tests.samples.rosters import commit, nothing, preview, row_of
from unions import import_jobs
from unions.models import Duty, DutyTotal
from unions.services import move_union
from unions.workflow import perform, perform_each


@pytest.fixture
def form(db):
    return Form.objects.get(code="quarterly-return")


CODES = ("workers", "members", "women_members", "visits", "relief_money", "income")


def test_totals_equal_a_sum_by_hand_on_random_figures(world, form):
    rng = random.Random(7)
    unions = [*many_unions(world.wangjing, 12), *many_unions(world.jianwai, 7, 100)]
    for union in unions:
        figures = history(
            union, workers=rng.randrange(5000), visits=rng.choice([None, 0, 3]), income=f"{rng.randrange(10**6) / 100}"
        )
        filing = accepted(union, PERIOD, figures)
        if rng.random() < 0.2:
            Return.objects.filter(pk=filing.pk).update(state="submitted")
    totals.refresh(form, PERIOD, [world.wangjing.pk, world.jianwai.pk])
    for union, owned in (
        (world.wangjing, {"middle": world.wangjing}),
        (world.jianwai, {"middle": world.jianwai}),
        (world.district, {}),
    ):
        rows = list(Return.objects.accepted().filter(period=PERIOD, **owned))
        total = Total.objects.get(union=union, form=form, period=PERIOD)
        by_hand = {code: sum(Decimal(str(row.figures[code] or 0)) for row in rows) for code in CODES}
        assert total.count == len(rows)
        assert {code: Decimal(str(total.figures[code])) for code in CODES} == by_hand


def test_acceptance_and_reopening_move_the_totals_in_the_same_breath(world, form):
    accepted(world.factory, "2026Q2")
    duty = duty_of(world.factory)
    filing = perform(submitted(duty, world.chair), "accept", by=world.reviewer)
    assert totals.total_of(world.wangjing, form, PERIOD).figures["members"] == 242
    assert totals.total_of(world.district, form, PERIOD).count == 1
    perform(filing, "reopen", by=world.street_chair, reason="更正")
    assert totals.total_of(world.district, form, PERIOD).figures["members"] == 0
    assert totals.total_of(world.wangjing, form, PERIOD).count == 0


def test_an_acceptance_takes_the_same_few_queries_whatever_is_below(world, django_assert_max_num_queries):
    for union in many_unions(world.wangjing, 15):
        accepted(union, PERIOD)
    accepted(world.factory, "2026Q2")
    filing, reviewer = submitted(duty_of(world.factory), world.chair), world.reviewer
    reviewer.grants
    with django_assert_max_num_queries(30):
        perform(filing, "accept", by=reviewer)


def test_accepting_many_sums_up_once(world, form, django_assert_max_num_queries):
    filings = []
    for union in many_unions(world.wangjing, 10):
        accepted(union, "2026Q2")
        filings.append(submitted(duty_of(union), world.person("grassroots_chair", union)))
    reviewer = world.reviewer
    reviewer.grants
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries, transaction.atomic(), totals.batched():
        outcome = perform_each(filings, "accept", by=reviewer)
    assert len(outcome.done) == 10 and not outcome.skipped
    assert sum("INSERT INTO disclosure_total" in q["sql"] for q in queries) == 2
    assert sum("INSERT INTO unions_dutytotal" in q["sql"] for q in queries) == 2
    assert totals.total_of(world.wangjing, form, PERIOD).count == 10
    assert DutyTotal.objects.get(union=world.wangjing, rule=form.rule, period=PERIOD).accepted == 10


@pytest.mark.django_db(transaction=True)
def test_two_acceptances_at_once_both_count(transactional_db):
    """Each sums while the other has not committed; neither may overwrite the other's row."""
    from disclosure.seeds import seed
    from tests.factories.unions import DistrictWorld

    seed()
    world = DistrictWorld()
    form = Form.objects.get(code="quarterly-return")
    unions = [world.factory, world.hotel, world.bank, UnionFactory(parent=world.jianwai)]
    reviewers = [world.reviewer, world.reviewer, world.other_reviewer, world.other_reviewer]
    filings = []
    for union in unions:
        accepted(union, "2026Q2")
        filings.append(submitted(duty_of(union), world.person("grassroots_chair", union)))
    barrier = threading.Barrier(len(filings))

    def accept(filing, by):
        try:
            barrier.wait(10)
            perform(filing, "accept", by=world.forget(by))
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=pair) for pair in zip(filings, reviewers, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert totals.total_of(world.district, form, PERIOD).count == 4
    assert DutyTotal.objects.get(union=world.district, rule=form.rule, period=PERIOD).accepted == 4


def test_a_move_takes_its_accepted_figures_along_to_the_other_street_while_the_period_runs(world, form):
    hotel = accepted(world.hotel, PERIOD, history(world.hotel, visits=4))
    moving = accepted(world.factory, PERIOD, history(world.factory, visits=9))
    past = accepted(world.factory, "2025Q1", history(world.factory, visits=2))
    Duty.objects.filter(pk__in=[hotel.duty_id, moving.duty_id]).update(last_day=timezone.localdate())
    Duty.objects.filter(pk=past.duty_id).update(last_day="2025-04-10")
    for period in (PERIOD, "2025Q1"):
        totals.refresh(form, period, [world.wangjing.pk, world.jianwai.pk])
    move_union(world.factory, world.jianwai, by=world.officer, reason="朝工发〔2026〕7号")
    visits = {(total.union_id, total.period): total.figures["visits"] for total in Total.objects.filter(form=form)}
    assert visits[world.wangjing.pk, PERIOD] == 4 and visits[world.jianwai.pk, PERIOD] == 9
    assert visits[world.district.pk, PERIOD] == 13, "the district's total stays"
    assert visits[world.wangjing.pk, "2025Q1"] == 2, "a period that is over keeps what it closed with"


def test_an_import_that_moves_a_union_and_its_undo_move_the_figures_too(world, form):
    moving = accepted(world.factory, PERIOD, history(world.factory, visits=9))
    Duty.objects.filter(pk=moving.duty_id).update(last_day=timezone.localdate())
    totals.refresh(form, PERIOD, [world.wangjing.pk])

    def visits(union):
        return totals.total_of(union, form, PERIOD).figures.get("visits", 0)

    batch = preview(world.officer, row_of(code=world.factory.code, name=world.factory.name, parent=world.jianwai.name))
    batch = commit(batch)
    assert (visits(world.wangjing), visits(world.jianwai)) == (0, 9)
    assert DutyTotal.objects.get(union=world.jianwai, period=PERIOD).accepted == 1
    import_jobs.take_back(batch, nothing)
    assert (visits(world.wangjing), visits(world.jianwai)) == (9, 0)
