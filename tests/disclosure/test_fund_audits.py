"""Fund audits: planned by whoever may, commented on by the union, rectified finding by finding, closed with none open."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disclosure import fund_audit_clock, fund_audit_words, fund_audits
from disclosure.enums import FundAuditState, FundFindingState
from disclosure.fund_audit_lists import STANDINGS, figure, unions_to_plan
from disclosure.models import FundAudit, FundFinding
from tests.factories import fund_audits as made
from tests.factories.unions import UnionFactory
from unions.calendar import WorkCalendar
from unions.models import Event, Notice, Setting, Union, User
from unions.services import appoint, withdraw
from unions.wall import pass_of, under
from unions.workflow import Invalid, MoveError, NotAllowed, allowed, perform

pytestmark = pytest.mark.django_db
S, Step = FundAuditState, FundFindingState
MONDAY = datetime.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def on_monday(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.UTC), tick=False)


@pytest.fixture
def auditor(world) -> User:
    return world.street_staff


def names(record, by) -> set[str]:
    return {move.name for move in allowed(record, by)}


# Who audits whom


def test_the_tier_above_carries_it_out_the_union_answers_and_a_stranger_sees_nothing(world, auditor):
    audit = made.planned(world.factory, auditor)
    assert (audit.auditor, audit.state, audit.due_on) == (world.wangjing, S.PLANNED, datetime.date(2026, 12, 31))
    assert names(audit, auditor) == {"serve", "call_off"} and names(audit, world.chair) == set()
    for person, sees in ((world.chair, 1), (auditor, 1), (world.leader, 1), (world.stranger, 0)):
        assert FundAudit.objects.visible_to(person, fund_audits.SEE).count() == sees
        with under(pass_of(person)):
            assert FundAudit.objects.count() == sees, "the second wall says the same"


def test_the_district_audits_any_union_in_its_own_name_and_leaves_the_streets_to_the_street(world, auditor):
    examiner = world.person("district_auditor", world.district)
    mine = made.planned(world.factory, examiner)
    assert mine.auditor == world.district and names(mine, examiner) == {"serve", "call_off"}
    assert names(mine, auditor) == set()
    theirs = made.planned(world.hotel, auditor)
    assert names(theirs, examiner) == set()
    with pytest.raises(MoveError, match="由望京街道总工会实施"):
        perform(theirs, "call_off", by=examiner, reason="改由区总工会审计")


def test_nobody_audits_the_union_where_they_hold_or_held_a_post(world, auditor):
    assert not fund_audits.may_audit(auditor, world.wangjing) and fund_audits.may_audit(auditor, world.factory)
    with pytest.raises(IntegrityError), transaction.atomic():
        FundAudit.objects.create(union=world.wangjing, auditor=world.wangjing, **made.plan_values())
    post = appoint(user=auditor, role="grassroots_staff", union=world.factory, by=None)
    both = User.objects.get(pk=auditor.pk)
    assert world.factory not in fund_audits.auditable(both) and world.hotel in fund_audits.auditable(both)
    assert fund_audits.plan(Union.objects.filter(pk=world.factory.pk), made.plan_values(), by=both) == 0
    audit = made.planned(world.factory, world.street_chair)
    withdraw(post, by=world.street_chair, reason="调离")
    former = User.objects.get(pk=auditor.pk)
    with pytest.raises(MoveError, match="应当回避"):
        perform(audit, "call_off", by=former, reason="计划调整")
    assert names(audit, world.street_chair) == {"serve", "call_off"}


def test_whoever_may_not_audit_plans_nothing(world):
    for person in (world.chair, world.reviewer, world.leader):
        assert not fund_audits.auditable(person).exists() and not fund_audits.may_audit(person, world.hotel)


# The plan


def test_those_never_audited_stand_first_then_those_audited_longest_ago(world, auditor):
    third = UnionFactory(code="1101050260009", name="北京望和文化有限公司工会委员会", parent=world.wangjing)
    for union, ago in ((world.factory, 400), (world.hotel, 2000)):
        finding = made.reported(union, auditor)
        FundAudit.objects.filter(pk=finding.audit_id).update(reported_on=MONDAY - datetime.timedelta(days=ago))
    assert list(unions_to_plan(auditor)) == [third, world.hotel, world.factory]
    found = {name: set(unions_to_plan(auditor).filter(rule(MONDAY))) for name, (_words, rule) in STANDINGS.items()}
    assert found == {
        "due": {third, world.hotel}, "never": {third}, "lapsed": {world.hotel}, "soon": {third, world.hotel}, "covered": {world.factory},
    }  # fmt: skip
    Setting.objects.create(key="fund-audit-cycle-years", value=1, effective_from=MONDAY, basis="区规")
    assert set(unions_to_plan(auditor).filter(STANDINGS["due"][1](MONDAY))) == {third, world.hotel, world.factory}


def test_one_click_makes_the_audits_of_the_year_once_and_in_few_statements(world, auditor):
    unions = Union.objects.filter(middle=world.wangjing)
    with CaptureQueriesContext(connection) as few:
        assert fund_audits.plan(unions, made.plan_values(kind="budget"), by=auditor) == 2, "without the street itself"
    for _n in range(30):
        UnionFactory(parent=world.wangjing)
    with CaptureQueriesContext(connection) as many:
        assert fund_audits.plan(unions, made.plan_values(), by=auditor) == 32
    assert len(many) <= len(few)
    assert fund_audits.plan(unions, made.plan_values(), by=auditor) == 0, "the same form sent twice"
    assert Event.objects.filter(action="fundaudit.plan", by=auditor).count() == 34
    audit = FundAudit.objects.filter(kind="accounts").first()
    perform(audit, "call_off", by=auditor, reason="单位注销")
    assert fund_audits.plan(unions, made.plan_values(), by=auditor) == 1, "what was called off can be planned anew"


def test_nothing_outside_the_scope_gets_into_a_plan(world, auditor):
    assert fund_audits.plan(Union.objects.all(), made.plan_values(), by=auditor) == 2
    assert set(FundAudit.objects.values_list("union", flat=True)) == {world.factory.pk, world.hotel.pk}


# From the notice to the report


def test_the_notice_is_served_in_time_and_nobody_enters_before_the_day(world, auditor):
    people, audit = {world.chair, world.clerk}, made.planned(world.factory, auditor)
    with pytest.raises(Invalid) as refused:
        perform(audit, "serve", by=auditor, due=datetime.date(2026, 11, 25), data={"lead": "周审计"})
    assert "至少 3 个工作日" in refused.value.errors["due"]
    served = perform(audit, "serve", by=auditor, due=datetime.date(2026, 11, 26), data={"lead": "周审计"})
    assert (served.entry_on, served.notified_on, served.lead) == (datetime.date(2026, 11, 26), MONDAY, "周审计")
    assert {n.recipient for n in Notice.objects.filter(kind="fund-audit.served")} == people
    with pytest.raises(MoveError, match="进点日期为"):
        perform(served, "enter", by=auditor)


def test_what_is_found_is_hidden_from_the_union_until_the_draft(world, auditor):
    finding = made.found(world.factory, auditor)
    assert fund_audits.shows_findings(finding.audit, auditor)
    for person in (world.chair, world.leader, world.reviewer):
        assert not fund_audits.shows_findings(finding.audit, person)
    audit = perform(finding.audit, "send_draft", by=auditor, data={"opinion": made.OPINION})
    assert fund_audits.shows_findings(audit, world.chair) and audit.due_on == datetime.date(2026, 12, 3)
    with pytest.raises(MoveError):
        fund_audits.add_finding(audit, made.finding_values(title="别的"), by=auditor)


def test_the_union_comments_or_its_silence_counts_once_its_days_are_past(world, auditor, time_machine):
    audit = made.drafted(world.factory, auditor)
    with pytest.raises(MoveError, match="反馈期限为"):
        perform(audit, "go_on", by=auditor)
    assert names(audit, world.chair) == {"comment"} and names(audit, world.clerk) == set()
    commented = perform(audit, "comment", by=world.chair, data={"comment": "第1项已补签，请核实。"})
    assert (commented.state, commented.comment) == (S.REPORTING, "第1项已补签，请核实。")
    assert "comment" not in Event.objects.get(action="fundaudit.comment").data, "the words stand on the record alone"
    other = made.drafted(world.hotel, auditor)
    time_machine.move_to(datetime.datetime(2026, 12, 4, 10, tzinfo=datetime.UTC), tick=False)
    assert perform(other, "go_on", by=auditor).state == S.REPORTING


def test_a_finding_is_changed_or_dropped_for_a_reason_before_the_report_and_never_after(world, auditor):
    audit = made.commented(world.factory, auditor)
    finding = audit.findings.get()
    fund_audits.edit_finding(finding, {"amount": 1800}, by=auditor)
    with pytest.raises(Invalid):
        fund_audits.drop_finding(finding, by=auditor, reason=" ")
    second = fund_audits.add_finding(audit, made.finding_values(title="固定资产未入账"), by=auditor)
    assert fund_audits.add_finding(audit, made.finding_values(title="固定资产未入账"), by=auditor) == second
    fund_audits.drop_finding(second, by=auditor, reason="已入账，凭证齐全")
    with pytest.raises(NotAllowed):
        fund_audits.edit_finding(finding, {"amount": 0}, by=world.chair)
    issued = perform(audit, "issue", by=auditor, data={"opinion": made.OPINION, "number": "经审〔2026〕1号"})
    assert (issued.reported_on, issued.due_on) == (MONDAY, finding.due_on)
    with pytest.raises(MoveError):
        fund_audits.edit_finding(finding, {"amount": 0}, by=auditor)


def test_a_number_is_given_once(world, auditor):
    made.reported(world.factory, auditor, number="经审〔2026〕1号")
    with pytest.raises(Invalid) as refused:
        made.reported(world.hotel, auditor, number="经审〔2026〕1号")
    assert "已被另一份报告使用" in refused.value.errors["number"]


# Rectification


def test_each_finding_is_rectified_with_evidence_judged_and_nothing_closes_with_one_open(world, auditor):
    finding = made.reported(world.factory, auditor)
    with pytest.raises(MoveError, match="佐证"):
        perform(finding, "rectify", by=world.clerk, data={"outcome": "已补齐"})
    made.evidenced(finding, world.clerk)
    with pytest.raises(Invalid):
        perform(finding, "rectify", by=world.clerk, data={"outcome": "已补齐"})
    finding = made.fresh_finding(
        perform(finding, "rectify", by=world.clerk, data={"outcome": "已补齐", "settled": 3600})
    )
    assert (finding.state, finding.rectified_on, finding.audit.due_on) == (Step.DONE, MONDAY, None)
    with pytest.raises(MoveError, match="尚待认可"):
        perform(finding.audit, "follow_up", by=auditor, data={"visit": "已回访"})
    with pytest.raises(NotAllowed):
        perform(finding, "accept", by=world.chair)
    due = MONDAY + datetime.timedelta(days=10)
    perform(finding, "send_back", by=auditor, reason="清单缺日期", due=due)
    finding = made.fresh_finding(finding)
    assert (finding.state, finding.due_on, finding.audit.due_on) == (Step.REWORK, due, due)
    finding = made.rectified(finding, world.chair)
    perform(finding, "accept", by=auditor)
    audit = perform(finding.audit, "follow_up", by=auditor, data={"visit": "制度已修订，执行到位。"})
    perform(made.fresh_finding(finding), "send_back", by=auditor, reason="回访发现仍缺签收", due=due)
    with pytest.raises(MoveError, match="被退回"):
        perform(audit, "close", by=auditor)
    perform(made.rectified(made.fresh_finding(finding), world.chair), "accept", by=auditor)
    closed = perform(made.fresh(audit), "close", by=auditor)
    assert (closed.state, closed.closed_on) == (S.CLOSED, MONDAY)
    with pytest.raises(MoveError):
        perform(made.fresh_finding(finding), "send_back", by=auditor, reason="再看", due=due)


def test_an_audit_that_found_nothing_goes_straight_to_its_file(world, auditor):
    audit = made.at_work(world.factory, auditor)
    audit = perform(audit, "send_draft", by=auditor, data={"opinion": "未发现问题。"})
    audit = perform(audit, "comment", by=world.chair, data={"comment": "无异议"})
    audit = perform(audit, "issue", by=auditor, data={"opinion": "未发现问题。", "number": "经审〔2026〕9号"})
    audit = perform(audit, "follow_up", by=auditor, data={"visit": "无须整改。"})
    assert perform(audit, "close", by=auditor).state == S.CLOSED
    assert "未发现违规问题" in fund_audit_words.draft_of(audit).body


# What it leads to


def test_whoever_has_the_turn_is_reminded_once_and_the_tier_above_of_what_is_late(world, auditor, time_machine):
    people = {world.chair, world.clerk}
    finding = made.reported(world.factory, auditor)
    FundFinding.objects.filter(pk=finding.pk).update(due_on=MONDAY + datetime.timedelta(days=1))
    fund_audits.refresh_due(made.fresh(finding.audit))
    planned = made.planned(world.hotel, auditor)
    for _twice in range(2):
        fund_audit_clock.remind(MONDAY, WorkCalendar())
    assert {n.recipient for n in Notice.objects.filter(kind="fund-audit.due")} == people
    late = datetime.date(2027, 1, 4)
    fund_audit_clock.remind(late, WorkCalendar())
    told = Notice.objects.filter(kind="fund-audit.late")
    assert {n.recipient for n in told if n.params["topic"] == planned.topic} == {world.street_staff}
    assert {n.recipient for n in told if n.params["topic"] == finding.audit.topic} == people


def test_numbers_count_what_their_links_show(world, auditor):
    made.reported(world.factory, auditor)
    made.planned(world.hotel, auditor)
    counts = {
        name: FundAudit.objects.filter(figure(name)).count() for name in ("under_way", "reported", "open", "closed")
    }
    assert counts == {"under_way": 2, "reported": 1, "open": 1, "closed": 0}
    assert timezone.localdate() == MONDAY
