"""The demo district holds together: what is true of a real one is true of it."""

import datetime
from collections import Counter, defaultdict
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from stdnum.cn import uscc

from assemblies.appraisals import GRAVITY, missing, ratings_of
from assemblies.counting import handed_out, parts_of, totals_of
from assemblies.models import Appraisal, Ballot, BallotLink, Meeting, Roll, Vote
from assemblies.results import result_of
from assemblies.vote_moves import digest_of
from disclosure import annual_compare, annual_publishing, checkcode, oversight_draw, oversight_moves
from disclosure.annual import Book
from disclosure.budget_executions import Ledger
from disclosure.budgets import Plan
from disclosure.definition import definition_of
from disclosure.enums import AnnualState, ReturnState
from disclosure.fund_audit_coverage import counts_of
from disclosure.models import (
    AnnualHearer,
    AnnualQuestion,
    AnnualReport,
    Budget,
    Execution,
    Form,
    FundAudit,
    FundFinding,
    Oversight,
    OversightDraw,
    Remark,
    Return,
    ReturnRound,
    Total,
)
from disclosure.models.oversight import IN_TIME, is_judged
from disclosure.rules import assess
from disclosure.summary import has_reason
from unions import wall
from unions.demo import behaviour, people
from unions.demo.district import MIDDLE_TIER, middle_tier, spread
from unions.demo.names import credit_code
from unions.duties import timeliness_at
from unions.enums import DutyState, Tier, Timeliness, UnionKind
from unions.models import Duty, DutyTotal, Event, Notice, Union, User
from unions.notices import wordings
from unions.permissions import Permission

UNIONS, QUARTERS = 60, 4


@pytest.fixture(scope="module", autouse=True)
def made(django_db_setup, django_db_blocker):
    """One small district for all tests of this file, rolled back in the end."""
    with django_db_blocker.unblock(), wall.as_owner(), transaction.atomic():
        call_command("demo", unions=UNIONS, years=1, seed=7, verbosity=0)
        yield
        transaction.set_rollback(True)


pytestmark = pytest.mark.django_db


def returns_of(code: str):
    filings = Return.objects.filter(version__form__code=code).select_related("version__form", "union", "duty__rule")
    return filings.order_by("period", "pk")


def added_by_hand(filings, codes) -> dict[str, float]:
    return {code: sum(float(filing.figures.get(code) or 0) for filing in filings) for code in codes}


def test_the_tree_has_the_wanted_size_and_nothing_twice():
    grassroots = Union.objects.of_tier(Tier.GRASSROOTS)
    assert grassroots.count() == UNIONS
    assert Union.objects.of_tier(Tier.MIDDLE).count() == len(middle_tier(UNIONS))
    for field in ("name", "code", "credit_code"):
        assert max(Counter(Union.objects.values_list(field, flat=True)).values()) == 1
    assert all(uscc.is_valid(code) for code in Union.objects.values_list("credit_code", flat=True))
    for union in Union.objects.select_related("parent"):
        union.full_clean()
        assert union.search_text and union.pinyin
        assert union.term_started_on >= union.founded_on or union.kind == UnionKind.DISTRICT


def test_a_real_district_keeps_all_sixty_middle_tier_unions():
    assert len(MIDDLE_TIER) == len(middle_tier(520)) == 60
    counts = spread(12_000, [share for *_who, share in MIDDLE_TIER])
    assert sum(counts) == 12_000
    assert min(counts) >= 20


def test_credit_codes_carry_both_check_digits():
    assert credit_code(12_345, "91") == credit_code(12_345, "91")
    assert all(uscc.is_valid(credit_code(number, "52")) for number in range(500))


def test_totals_are_what_adding_by_hand_gives():
    for form in Form.objects.all():
        codes = [i.code for i in definition_of(form.versions.first()).adding]
        for total in Total.objects.filter(form=form):
            below = Return.objects.accepted().filter(version__form=form, period=total.period)
            if total.middle_id:
                below = below.filter(middle=total.middle_id)
            assert total.count == below.count()
            assert {code: float(total.figures[code]) for code in codes} == pytest.approx(added_by_hand(below, codes))


def test_counts_of_duties_are_what_counting_gives():
    for total in DutyTotal.objects.all():
        duties = Duty.objects.filter(rule=total.rule, period=total.period)
        duties = duties.filter(middle=total.middle_id) if total.middle_id else duties
        assert total.rates == duties.rates()


def test_every_submitted_return_passes_its_checks_or_explains():
    newest = Return.objects.latest("period").period
    last: dict = defaultdict(dict)
    for filing in returns_of("quarterly-return"):
        before = last[filing.union_id]
        if filing.state == ReturnState.DRAFT:
            continue
        found = assess(
            definition_of(filing.version), figures=filing.figures, last=before, register=filing.union,
            explanations=filing.explanations, sources=filing.sources,
        )  # fmt: skip
        unexplained = [f for f in found.unexplained if f.code != "register_members" or filing.period == newest]
        assert (found.errors, unexplained, found.unchecked) == ([], [], []), str(filing)
        if filing.state == ReturnState.ACCEPTED:
            last[filing.union_id] = filing.figures


def test_members_flow_from_quarter_to_quarter():
    last: dict = {}
    for filing in returns_of("quarterly-return"):
        figures = filing.figures
        assert figures["members"] == figures["members_begin"] + figures["joined"] - figures["left"]
        if filing.union_id in last:
            assert figures["members_begin"] == last[filing.union_id]
        if filing.state == ReturnState.ACCEPTED:
            last[filing.union_id] = figures["members"]


def test_times_are_possible():
    now = timezone.now()
    yearly = Duty.objects.filter(rule__rhythm="year").exclude(first_submitted_at=None).select_related("union")
    assert all(duty.union.founded_on <= timezone.localdate(duty.first_submitted_at) <= now.date() for duty in yearly)
    for duty in Duty.objects.filter(rule__form__isnull=False).select_related("filing", "union"):
        filing = getattr(duty, "filing", None)
        if duty.first_submitted_at:
            assert duty.opens_on <= timezone.localdate(duty.first_submitted_at)
            assert duty.timeliness == timeliness_at(duty, duty.first_submitted_at)
            assert duty.first_submitted_at <= filing.submitted_at <= now
        if filing and filing.rounds:
            assert checkcode.read(filing.check_code) == (filing.pk, filing.rounds)
        if filing and filing.decided_at and filing.state != ReturnState.SUBMITTED:
            assert filing.submitted_at < filing.decided_at <= now
        assert duty.union.founded_on <= duty.opens_on
    assert not Event.objects.filter(at__gt=now).exists()
    assert not Remark.objects.filter(at__gt=now).exists()


def test_duties_and_returns_agree():
    expected = {"draft": "open", "submitted": "submitted", "returned": "returned", "accepted": "fulfilled"}
    for filing in Return.objects.select_related("duty"):
        assert filing.duty.state == expected[filing.state]
        assert filing.rounds == ReturnRound.objects.filter(filing=filing).count()
        submitted = Event.objects.filter(model="disclosure.Return", object_id=filing.pk, action="return.submit")
        assert submitted.count() == filing.rounds
    unanswered = Duty.objects.filter(filing=None, rule__form__isnull=False).exclude(
        state__in=(DutyState.OPEN, DutyState.WAIVED)
    )
    assert not unanswered.exists()


def test_rates_lie_where_the_domain_sheet_has_them():
    past = DutyTotal.objects.filter(middle=None, rule__key="quarterly-return").order_by("period")[: QUARTERS - 1]
    on_time, expected = sum(t.on_time for t in past), sum(t.expected for t in past)
    assert 0.55 < on_time / expected < 0.92
    assert 0.9 < sum(t.submitted for t in past) / expected <= 1
    overdue = Union.objects.of_tier(Tier.GRASSROOTS)
    share = sum(u.term_ends_on < timezone.localdate() for u in overdue) / UNIONS
    assert share < 0.25


def test_the_street_finds_something_of_everything_on_its_desk():
    street = User.objects.get(username="street")
    newest = Duty.objects.filter(rule__key="quarterly-return").latest("period").period
    duties = Duty.objects.visible_to(street, Permission.DUTY_VIEW).filter(
        rule__key="quarterly-return", period=newest
    )  # fmt: skip
    states = Counter(duties.values_list("state", flat=True))
    assert states[DutyState.SUBMITTED] >= 3
    assert states[DutyState.RETURNED] >= 1
    assert states[DutyState.WAIVED] >= 1
    assert duties.filter(filing__state=ReturnState.DRAFT).exists()
    assert duties.filter(state=DutyState.OPEN).exclude(extended_to=None).exists()
    assert duties.filter(state=DutyState.SUBMITTED, return_count=1).exists()


def test_the_chair_has_a_return_to_fill_in_and_a_quarter_before_it():
    chair = User.objects.get(username="chair")
    *past, newest = Duty.objects.filter(union=chair.union, rule__key="quarterly-return").order_by("period")
    assert newest.state == DutyState.OPEN
    assert not hasattr(newest, "filing")
    assert {duty.state for duty in past} == {DutyState.FULFILLED}
    assert {duty.timeliness for duty in past} == {Timeliness.ON_TIME}


def test_inboxes_hold_what_the_latest_moves_would_have_told():
    chair, reviewer = (User.objects.get(username=name) for name in ("chair", "reviewer"))
    assert set(chair.notices.values_list("kind", flat=True)) == {"return.accepted"}
    assert set(reviewer.notices.values_list("kind", flat=True)) == {"return.submitted"}
    assert reviewer.notices.unread().count() >= 3
    for notice in Notice.objects.all():
        wording = wordings[notice.kind]
        assert wording.title(notice.params) and wording.body(notice.params)
        assert notice.created_at <= timezone.now()


def test_summaries_name_each_missing_union_with_a_reason():
    for summary in returns_of("quarterly-summary").exclude(state=ReturnState.DRAFT):
        below = Duty.objects.filter(
            middle=summary.union, period=summary.period, rule__key="quarterly-return"
        ).expected()
        named = {entry["union"] for entry in summary.shortfall}
        included = set(Return.objects.filter(pk__in=summary.included).values_list("union", flat=True))
        assert named | included == set(below.values_list("union", flat=True))
        assert not named & included
        assert all(has_reason(entry) for entry in summary.shortfall)


def test_demo_accounts_open_and_are_printed_with_role_and_union():
    out = StringIO()
    call_command("demo", accounts=True, stdout=out)
    assert len(people.shown_accounts()) == len(people.SHOWN)
    for user, _role, union in people.shown_accounts():
        validate_password(people.PASSWORD, user)
        assert not user.must_change_password
        assert user.username in out.getvalue()
        assert union.name in out.getvalue()
    assert people.PASSWORD in out.getvalue()


def test_every_union_has_somebody_to_remind():
    for union in Union.objects.exclude(kind=UnionKind.DISTRICT):
        assert union.grants.filter(permission__codename=Permission.RETURN_SUBMIT).exists()


def test_changed_passwords_are_not_printed():
    for user in User.objects.filter(username__in=[shown.username for shown in people.SHOWN]):
        user.set_password("another-long-one-7")
        user.save()
    out = StringIO()
    call_command("demo", accounts=True, stdout=out)
    assert out.getvalue() == ""


def test_a_portal_in_use_is_left_alone():
    with pytest.raises(CommandError, match="--yes"):
        call_command("demo", unions=UNIONS, years=1, verbosity=0)
    call_command("demo", if_empty=True, verbosity=0)
    assert Union.objects.of_tier(Tier.GRASSROOTS).count() == UNIONS


@pytest.mark.parametrize(
    "moment",
    [
        "2026-10-01 00:20",  # the quarter has been open for twenty minutes
        "2026-10-09 09:00",  # the day before it is due
        "2026-10-13 16:00",
        "2027-01-04 10:00",  # days off of 2027 are not published yet
        "2028-02-29 23:59",
    ],
)
def test_any_day_of_the_year_makes_a_possible_district(moment):
    with time_machine.travel(f"{moment} +08:00", tick=False):
        call_command("demo", yes=True, unions=24, years=1, verbosity=0)
        assert Union.objects.of_tier(Tier.GRASSROOTS).count() == 24
        assert Duty.objects.exists()
        test_times_are_possible()
        test_counts_of_duties_are_what_counting_gives()
        test_duties_and_returns_agree()
        annual_reports_are_possible()


def test_a_demonstration_begins_anew_though_acts_are_kept_for_good():
    """Afterwards they are kept again."""
    with wall.as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE unions_event ENABLE TRIGGER keep_all")
    call_command("demo", yes=True, unions=24, years=1, verbosity=0)
    assert Union.objects.of_tier(Tier.GRASSROOTS).count() == 24
    with wall.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgenabled FROM pg_trigger WHERE tgname = 'keep_all' AND tgrelid = 'unions_event'::regclass"
        )
        assert cursor.fetchone() == ("O",)


def test_production_refuses_published_passwords(settings):
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="PORTAL_DEMO"):
        call_command("demo", unions=UNIONS, yes=True, verbosity=0)


def test_shares_add_up():
    assert sum(share for *_edges, share in behaviour.SIZES) == pytest.approx(1)
    assert sum(share for share, *_words in behaviour.ERRORS) == 100


def test_no_union_has_held_its_assembly_without_a_record_of_it():
    done = Duty.objects.filter(rule__key="assembly", state=DutyState.FULFILLED)
    held = Meeting.objects.filter(kind__in=("members", "delegates"), closed_at__isnull=False)
    assert done.exists()
    for duty in done:
        assert held.filter(union=duty.union_id, held_on__year=duty.period).exists()


def test_delegates_are_due_at_their_assemblies_and_their_record_says_who_came():
    held = Meeting.objects.filter(
        kind="delegates", closed_at__isnull=False, attendees__as_delegate__isnull=False
    ).distinct()
    assert held.exists()
    for meeting in held:
        came = meeting.attendees.filter(as_delegate__isnull=False)
        assert came.count() == meeting.due_count and came.present().count() == meeting.present_count


def test_votes_are_announced_by_their_rule_with_all_their_parts():
    votes = Vote.objects.filter(state="announced").select_related("meeting", "item")
    assert votes.filter(kind="election").exists() and votes.filter(kind="motion").exists()
    for vote in votes:
        if vote.item or vote.kind != "appraisal":  # an appraisal may be held by itself
            assert vote.item.meeting_id == vote.meeting_id and vote.meeting.closed_at
        (part,) = parts_of(vote)
        assert part.returned == vote.returned == handed_out(vote) <= vote.due
        assert all(totals_of(vote, [part])[q.pk].valid == q.valid for q in vote.sheet)
    assert not BallotLink.objects.exists() and not Ballot.objects.exists()


def test_appraisals_are_heard_by_assemblies_whose_rolls_have_names():
    heard = Vote.objects.filter(kind="appraisal", meeting__isnull=False).select_related("meeting")
    assert heard.count() > Vote.objects.filter(kind="appraisal", meeting=None).count()
    for vote in heard:
        assert vote.held_on == vote.meeting.held_on and vote.due == vote.meeting.due_count
    for roll in Roll.objects.filter(vote__meeting__isnull=False):
        assert (roll.due, roll.present) == (len(roll.people), [person[3] for person in roll.people].count("present"))
        assert roll.digest == digest_of(roll.people)


def test_every_appraisal_that_its_duty_counts_is_there_with_sums_that_its_questions_make():
    done = Duty.objects.filter(rule__key="appraisal", state=DutyState.FULFILLED)
    assert done.exists()
    for duty in done.filter(period__in=list({one.held_on.year for one in Appraisal.objects.all()})):
        assert (
            Appraisal.objects.filter(union=duty.union_id, state__in=("approved", "closed"))
            .in_year(int(duty.period))
            .exists()
        )
    for one in Appraisal.objects.select_related("vote"):
        ratings = ratings_of(result_of(one.vote))
        assert one.valid_count == sum(rating.question.valid for rating in ratings)
        assert one.good_count == sum(rating.satisfied.outcome.votes for rating in ratings)
        assert one.consequence == max((rating.consequence for rating in ratings), key=GRAVITY.index)
        assert one.state != "closed" or missing(one) == []


def annual_reports_are_possible() -> None:
    """Whatever the day: filed after their year, decided, heard, rated and answered in that order and by now."""
    now = timezone.now()
    expected = {"submitted": "submitted", "returned": "returned", "accepted": "fulfilled"}
    for report in AnnualReport.objects.select_related("duty", "meeting"):
        duty = report.duty
        assert duty.state == expected[report.state]
        assert duty.timeliness == timeliness_at(duty, report.submitted_at)
        assert timezone.localdate(report.submitted_at).year > report.year
        assert report.submitted_at <= (report.decided_at or now) <= now
        if report.heard_on:
            assert report.state == AnnualState.ACCEPTED and report.heard_on <= timezone.localdate()
        if report.meeting:
            assert (report.heard_on, report.union_id) == (report.meeting.held_on, report.meeting.union_id)
    for hearer in AnnualHearer.objects.exclude(rating="").select_related("report"):
        assert hearer.report.decided_at < hearer.rated_at < now
        assert timezone.localdate(hearer.rated_at) <= hearer.report.hearing_until
    for question in AnnualQuestion.objects.select_related("report"):
        assert question.report.decided_at < question.asked_at <= (question.answered_at or now) <= now
    filed = Duty.objects.filter(rule__key="annual-report").exclude(first_submitted_at=None)
    assert filed.count() == AnnualReport.objects.count()


def test_last_years_annual_reports_are_whole_and_most_of_them_heard():
    annual_reports_are_possible()
    last = AnnualReport.objects.filter(year=timezone.localdate().year - 1).select_related("union", "sheet")
    accepted = last.filter(state=AnnualState.ACCEPTED)
    assert accepted.count() > 0.75 * Duty.objects.filter(rule__key="annual-report", period=last[0].year).count()
    assert accepted.exclude(heard_on=None).count() > accepted.count() / 2
    assert {*last.values_list("state", flat=True)} >= {"submitted", "returned", "accepted"}
    assert 0 < annual_publishing.complete(last).count() < accepted.count()
    for report in last:
        assert Book(report, with_sources=True).left == []
        assert Book(report, with_sources=True).remarks_on_accounts == []
    street = User.objects.get(username="street")
    assert [bool(column.members) for column in annual_compare.columns_of(street.union, street)] == [True]
    body = annual_publishing.draft_of_report(accepted[0]).body
    assert "\n\n上年结余：" in body and "\n\n上年承诺完成情况\n" in body
    upper = accepted.exclude(union__kind__in=Tier.GRASSROOTS.kinds)
    assert upper.filter(hearers__rating="satisfied").exists()
    questions = AnnualQuestion.objects.filter(report__in=upper)
    assert questions.open().exists() and questions.exclude(answer="").exists()


def test_special_oversight_stands_at_every_stage_drawn_by_a_lot_that_can_be_recomputed():
    assert {*Oversight.objects.values_list("state", flat=True)} >= {
        "preparing",
        "open",
        "replying",
        "following",
        "closed",
    }
    draws = OversightDraw.objects.select_related("oversight__union")
    assert draws.exists() and all(oversight_draw.check(one).agrees for one in draws)
    for matter in Oversight.objects.filter(state="closed"):
        assert oversight_moves.missing(matter) == []
    for matter in Oversight.objects.filter(replied_on__isnull=False):
        assert (
            matter.opens_on < matter.replied_on <= timezone.localdate() and not matter.findings.unanswered().exists()
        )
    today = timezone.localdate()
    judged, in_time = (Oversight.objects.filter(rule).count() for rule in (is_judged(today), IN_TIME))
    assert judged > in_time > 0


def test_fund_audits_stand_at_every_stage_and_cover_a_part_of_the_district():
    states = set(FundAudit.objects.values_list("state", flat=True))
    assert states >= {"planned", "notified", "at_work", "commenting", "reporting", "rectifying", "following", "closed"}
    assert not FundFinding.objects.unsettled().filter(audit__state__in=["following", "closed"]).exists()
    counts = counts_of(Union.objects.active().exclude(kind=UnionKind.DISTRICT), timezone.localdate())
    assert 0 < counts["covered"] < counts["all"] and counts["never"] > 0 and counts["lapsed"] > 0
    for audit in FundAudit.objects.exclude(reported_on=None):
        assert audit.notified_on < audit.entry_on < audit.reported_on <= timezone.localdate()


def test_budgets_balance_go_on_from_the_accounts_and_stand_at_every_stage():
    year = timezone.localdate().year
    assert {*Budget.objects.filter(year=year).values_list("state", flat=True)} > {"accepted"}
    for budget in Budget.objects.exclude(state="draft"):
        assert Plan(budget).wrong == {}
        assert Plan(budget).remark == "", "what is carried over is what last year's accounts left"
    for execution in Execution.objects.select_related("budget__union"):
        assert Ledger(execution).wrong == {} and execution.spent == Ledger(execution).spent.amount
    assert Budget.objects.filter(number=2).exists()
    if timezone.localdate() > datetime.date(year, 7, 20):
        assert Execution.objects.submitted().exists() and Execution.objects.published().exists()
