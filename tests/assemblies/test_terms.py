"""Terms of office: what the register says, what an election changes, how a term stands, who may sit."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from assemblies.bars import bars
from assemblies.duties import BY_ELECTION, RENEWAL, open_renewals, record_appraisal, record_assembly
from assemblies.enums import Body, Fact, Post, TermState
from assemblies.models import Seat, Term
from assemblies.register import follow_register, forget_untouched
from assemblies.terms import add_seat, begin_term, leave_seat, order_renewal
from tests.factories.assemblies import make_term
from tests.factories.votes import meeting_of
from unions.duties import grant_extension
from unions.enums import DutyState, EmployerNature, Timeliness
from unions.kit.periods import months_before
from unions.models import Duty, DutyRule, DutyTotal, Event, Notice, Union
from unions.services import edit_union
from unions.workflow import Invalid, MoveError

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def ends_in(months: int, years: int = 3) -> datetime.date:
    """The day a term began that ends so many months from today."""
    return months_before(today(), 12 * years - months) + DAY


def open_now(key=RENEWAL) -> int:
    return open_renewals(DutyRule.objects.get(key=key), today())


def known(union, began, years=3):
    Union.objects.filter(pk=union.pk).update(term_started_on=began, term_years=years)
    follow_register([union.pk])
    union.refresh_from_db()
    return Term.objects.get(union=union, ended_on=None)


# The register and the terms


@pytest.mark.parametrize(
    ("began", "years"), [("2024-03-01", 5), ("2024-02-29", 3), ("2023-03-01", 5), ("2024-12-31", 3)]
)
def test_a_term_follows_from_the_register_with_the_same_last_day(world, began, years):
    union = world.factory
    Union.objects.filter(pk=union.pk).update(term_started_on=began, term_years=years, chair_name="李建国")
    assert follow_register([union.pk]) == 1
    assert follow_register() == 0, "once"
    union.refresh_from_db()
    term = Term.objects.get(union=union)
    assert (term.number, term.ends_on) == (1, union.term_ends_on)
    assert [seat.name for seat in term.seats.all()] == ["李建国"], "the chair of whom the register knows"


def test_a_day_corrected_on_the_card_corrects_the_term_and_its_open_duty(world):
    term = known(world.factory, ends_in(6))
    open_now()
    edit_union(world.factory, {"term_started_on": term.started_on + 20 * DAY}, by=world.chair)
    again = Term.objects.get(union=world.factory)
    assert (again.pk, again.ends_on) == (term.pk, term.ends_on + 20 * DAY)
    assert Duty.objects.get(union=world.factory, rule__key=RENEWAL).due_on == again.ends_on


def test_a_later_election_in_the_roster_is_a_new_term_and_fulfils_the_duty(world):
    known(world.factory, ends_in(-2))
    open_now()
    held = today() - 3 * DAY
    edit_union(world.factory, {"term_started_on": held}, by=world.chair)
    before, present = Term.objects.filter(union=world.factory).order_by("started_on")
    assert (before.ended_on, present.started_on, present.number) == (held, held, 2)
    duty = Duty.objects.get(union=world.factory, rule__key=RENEWAL)
    assert (duty.state, duty.timeliness) == (DutyState.FULFILLED, Timeliness.LATE)
    total = DutyTotal.objects.get(union=world.wangjing, rule=duty.rule, period=duty.period)
    assert total.accepted == 1


def test_an_import_taken_back_takes_the_term_back_that_it_brought(world):
    term = known(world.factory, ends_in(-2))
    open_now()
    known(world.factory, today() - 3 * DAY)
    again = known(world.factory, term.started_on)
    assert again.pk == term.pk and Term.objects.filter(union=world.factory).count() == 1
    assert Duty.objects.get(union=world.factory, rule__key=RENEWAL).state == DutyState.OPEN


def test_a_term_that_rests_on_the_roster_alone_goes_with_it_and_one_with_work_stays(world):
    known(world.factory, ends_in(20))
    term = known(world.hotel, ends_in(20))
    add_seat(term, body=Body.COMMITTEE, post=Post.MEMBER, name="赵敏", since=today(), by=world.chair)
    forget_untouched([world.factory.pk, world.hotel.pk])
    assert list(Term.objects.values_list("union", flat=True)) == [world.hotel.pk]


# An election


def test_an_election_ends_the_term_before_and_is_written_into_the_register(world):
    before = known(world.factory, ends_in(1))
    open_now()
    begin_term(world.factory, started_on=today(), years=5, by=world.chair)
    world.factory.refresh_from_db()
    before.refresh_from_db()
    assert (world.factory.term_started_on, world.factory.term_years, before.ended_on) == (today(), 5, today())
    assert Duty.objects.get(union=world.factory, rule__key=RENEWAL).timeliness == Timeliness.ON_TIME
    assert follow_register() == 0 and Term.objects.filter(union=world.factory).count() == 2
    assert Event.objects.filter(union=world.factory, action="term.begin", by=world.chair).count() == 1


def test_what_the_law_does_not_know_is_no_term(world):
    known(world.factory, ends_in(1))
    for given in ({"years": 4}, {"started_on": today() + DAY}, {"number": 1}, {"started_on": ends_in(1)}):
        with pytest.raises(Invalid):
            begin_term(world.factory, **{"started_on": today(), "years": 3, "by": world.chair, **given})
    with pytest.raises(Invalid):
        begin_term(world.wangjing, started_on=today(), years=3, by=world.street_chair)


# How a term stands


STANDINGS = [
    (12, {}, TermState.IN_OFFICE),
    (5, {}, TermState.NEARING),
    (5, {"preparing_on": 1}, TermState.PREPARING),
    (0, {}, TermState.ENDING),
    (-1, {}, TermState.OVERDUE),
    (-1, {"preparing_on": 1}, TermState.OVERDUE),
    (-1, {"postponed_to": 1}, TermState.POSTPONED),
    (-1, {"ordered_until": 1}, TermState.ORDERED),
    (-1, {"ended_on": 0}, TermState.RENEWED),
]


@pytest.mark.parametrize(("months", "dates", "state"), STANDINGS)
def test_how_a_term_stands_is_the_same_on_its_page_and_in_the_list(world, months, dates, state):
    days = {name: today() + 20 * number * DAY for name, number in dates.items()}
    term = make_term(world.factory, ends_in(months), **days)
    assert term.state_on(today()) == state
    assert Term.objects.with_state().get(pk=term.pk).standing == state


# Duties and their clocks


def test_a_duty_opens_a_year_ahead_once_for_all_unions_in_a_bounded_number_of_statements(
    world, django_assert_max_num_queries
):
    known(world.factory, ends_in(11))
    known(world.hotel, ends_in(14))
    known(world.bank, ends_in(-30))
    with django_assert_max_num_queries(24):
        assert open_now() == 2
    assert open_now() == 0
    duties = {duty.union_id: duty for duty in Duty.objects.filter(rule__key=RENEWAL)}
    assert set(duties) == {world.factory.pk, world.bank.pk}
    ends = Term.objects.get(union=world.factory).ends_on
    assert (duties[world.factory.pk].due_on, duties[world.factory.pk].period) == (ends, str(ends.year))


def test_the_congress_of_the_middle_tier_is_its_own_duty(world):
    known(world.wangjing, ends_in(3, 5), 5)
    assert (open_now("congress"), open_now()) == (1, 0)
    assert Duty.objects.get(rule__key="congress").union == world.wangjing


def test_a_postponement_is_granted_by_the_tier_above_and_never_beyond_the_setting(world):
    term = known(world.factory, ends_in(1))
    open_now()
    duty = Duty.objects.get(union=world.factory, rule__key=RENEWAL)
    latest = months_before(term.ends_on, -6)
    with pytest.raises(Invalid):
        grant_extension(duty, until=latest + DAY, reason="搬迁", by=world.street_chair)
    grant_extension(duty, until=latest, reason="搬迁", by=world.street_chair)
    term.refresh_from_db()
    world.factory.refresh_from_db()
    assert term.postponed_to == world.factory.term_extended_to == latest
    assert not Union.objects.term_overdue(latest).filter(pk=world.factory.pk).exists()
    assert Union.objects.term_overdue(latest + DAY).filter(pk=world.factory.pk).exists()
    assert term.state_on(term.ends_on + DAY) == TermState.POSTPONED


def test_only_an_overdue_election_is_ordered_and_the_union_is_told(world):
    term = known(world.factory, ends_in(-2))
    open_now()
    until, told = today() + 90 * DAY, world.chair
    order_renewal(term, until=until, reason="逾期两个月", by=world.street_chair)
    assert Notice.objects.filter(kind="term.order", recipient=told).count() == 1
    assert Duty.objects.get(union=world.factory, rule__key=RENEWAL).last_day == until
    assert Term.objects.with_state().get(pk=term.pk).standing == TermState.ORDERED
    with pytest.raises(MoveError):
        order_renewal(known(world.hotel, ends_in(8)), until=until, reason="x", by=world.street_chair)


def test_a_vacant_chair_opens_a_by_election_and_its_filling_fulfils_it(world):
    term = known(world.factory, ends_in(20))
    chair = add_seat(term, body=Body.COMMITTEE, post=Post.CHAIR, name="李建国", since=term.started_on, by=world.chair)
    leave_seat(chair, until=today(), reason="调离", by=world.chair)
    world.factory.refresh_from_db()
    duty = Duty.objects.get(rule__key=BY_ELECTION)
    assert (world.factory.chair_name, duty.due_on, duty.state) == ("", months_before(today(), -3), DutyState.OPEN)
    add_seat(term, body=Body.COMMITTEE, post=Post.CHAIR, name="王芳", sex="female", since=today(), by=world.chair)
    world.factory.refresh_from_db()
    duty.refresh_from_db()
    assert (world.factory.chair_name, duty.state) == ("王芳", DutyState.FULFILLED)


def test_there_is_one_chair_and_a_replaced_one_leaves_the_same_day(world):
    term = known(world.factory, ends_in(20))
    given = {"body": Body.COMMITTEE, "post": Post.CHAIR, "by": world.chair}
    first = add_seat(term, name="李建国", since=term.started_on, **given)
    with pytest.raises(Invalid):
        add_seat(term, name="王芳", since=today(), **given)
    add_seat(term, name="王芳", since=today(), instead=first, reason="届中调整", **given)
    first.refresh_from_db()
    assert first.until == today()
    assert [seat.name for seat in Seat.objects.filter(until=None)] == ["王芳"]


def test_a_form_sent_twice_fills_one_seat(world, sign_in):
    term = known(world.factory, ends_in(20))
    client, url = sign_in(world.chair), reverse("assemblies:seat-add", args=[term.pk])
    given = {"body": "committee", "post": "member", "name": "赵敏", "since": term.started_on.isoformat()}
    assert [client.post(url, given).status_code for _n in range(2)] == [302, 302]
    assert Seat.objects.filter(name="赵敏").count() == 1 == Event.objects.filter(action="seat.add").count()


def test_an_assembly_and_an_appraisal_fulfil_the_duty_of_their_year_once(world):
    for key in ("assembly", "appraisal"):
        rule = DutyRule.objects.get(key=key)
        days = {"opens_on": today(), "due_on": today(), "last_day": today()}
        Duty.objects.create(rule=rule, union=world.factory, period=str(today().year), **days)
    meeting = meeting_of(world.factory, due=3, present=2)
    meeting.kind = "committee"
    record_assembly(meeting)
    assert not Duty.objects.filter(state=DutyState.FULFILLED).exists(), "a committee is no assembly"
    meeting.kind = "members"
    record_assembly(meeting)
    record_appraisal(world.factory, today())
    record_appraisal(world.factory, today())
    assert Duty.objects.filter(state=DutyState.FULFILLED, timeliness=Timeliness.ON_TIME).count() == 2


# Who may sit


@pytest.mark.parametrize(
    ("fact", "body", "post", "nature", "expected"),
    [
        (Fact.LEADER, "committee", "member", EmployerNature.AGENCY, ["barred"]),
        (Fact.DEPUTY_LEADER, "committee", "chair", EmployerNature.PRIVATE, ["barred"]),
        (Fact.DEPUTY_LEADER, "committee", "chair", EmployerNature.AGENCY, []),
        (Fact.DEPUTY_LEADER, "committee", "member", EmployerNature.PRIVATE, []),
        (Fact.HR_HEAD, "committee", "chair", EmployerNature.PRIVATE, ["barred"]),
        (Fact.FOREIGN, "committee", "chair", EmployerNature.FOREIGN, ["barred"]),
        (Fact.FOREIGN, "committee", "member", EmployerNature.FOREIGN, []),
        (Fact.LABOUR, "committee", "deputy", EmployerNature.PRIVATE, ["doubtful"]),
        (Fact.FINANCE, "audit", "member", EmployerNature.PRIVATE, ["barred"]),
        (Fact.FINANCE, "committee", "member", EmployerNature.PRIVATE, []),
        (Fact.RETAINED, "women", "member", EmployerNature.PRIVATE, ["barred"]),
    ],
)
def test_who_may_not_stand(world, fact, body, post, nature, expected):
    world.factory.employer_nature = nature
    found = bars(world.factory, body=body, post=post, facts=[fact], day=today())
    assert [bar.level for bar in found] == expected
    assert all(bar.basis and bar.text for bar in found)


def test_the_rules_of_the_day_of_the_vote_count(world):
    given = {"body": "committee", "post": "member", "facts": [Fact.LEADER]}
    assert bars(world.factory, **given, day=datetime.date(2016, 10, 8)) == []
    assert len(bars(world.factory, **given, day=datetime.date(2016, 10, 9))) == 1


# Pages


def test_the_page_says_what_is_next_and_whether_the_committee_has_the_right_size(world, sign_in):
    Union.objects.filter(pk=world.factory.pk).update(members=110)
    known(world.factory, ends_in(5))
    open_now()
    url = reverse("assemblies:terms", args=[world.factory.pk])
    page = sign_in(world.chair).get(url).content.decode()
    assert "启动换届筹备" in page and "人数不符合规定" in page and "应设 3 至 7 人" in page and "申请延期换届" in page
    above = sign_in(world.street_chair).get(url).content.decode()
    assert "启动换届筹备</button>" not in above
    assert sign_in(world.stranger).get(url).status_code == 404


def test_the_forms_of_a_term_lead_back_to_it_from_the_head_of_the_page(world, sign_in):
    term = known(world.factory, ends_in(5))
    page = sign_in(world.chair).get(reverse("assemblies:term-edit", args=[term.pk])).content.decode()
    head = page.partition('class="crumbs"')[2].partition("</nav>")[0]
    assert reverse("assemblies:terms", args=[world.factory.pk]) in head and "更正届次" in head


def test_a_barred_person_is_refused_at_the_form_and_a_doubtful_one_is_asked_about(world, sign_in):
    term = known(world.factory, ends_in(20))
    Union.objects.filter(pk=world.factory.pk).update(employer_nature=EmployerNature.PRIVATE)
    client, url = sign_in(world.chair), reverse("assemblies:seat-add", args=[term.pk])
    given = {
        "body": "committee",
        "post": "chair",
        "name": "王芳",
        "sex": "female",
        "since": term.started_on.isoformat(),
    }
    assert client.post(url, {**given, "facts": ["hr_head"]}).status_code == 422
    response = client.post(url, {**given, "facts": ["labour"]})
    assert response.status_code == 422 and "仍然登记" in response.content.decode()
    assert client.post(url, {**given, "facts": ["labour"], "confirm": "1"}).status_code == 302
    assert Event.objects.get(action="seat.add").data["doubts"] == ["labour"]


def test_the_list_filters_by_how_terms_stand_and_exports(world, sign_in, django_assert_max_num_queries):
    known(world.factory, ends_in(-2))
    known(world.hotel, ends_in(20))
    known(world.bank, ends_in(2))
    client, url = sign_in(world.officer), reverse("assemblies:term-list")
    assert [term.union.name for term in client.get(url, {"group": "late"}).context["table"].page.object_list.data] == [world.factory.name]  # fmt: skip
    assert client.get(url, {"group": "near"}).context["table"].paginator.count == 1
    assert sign_in(world.street_chair).get(url).context["table"].paginator.count == 2
    assert client.get(url, {"export": "xlsx"}).status_code == 200
    with django_assert_max_num_queries(20):
        client.get(reverse("assemblies:term-calendar"))
    assert sign_in(world.chair).get(url).status_code == 302, "of one union: its own page"


def test_the_district_changes_a_table_from_a_day_on(world, sign_in):
    url = reverse("assemblies:band-edit", args=["audit-size"])
    client = sign_in(world.officer)
    page = client.get(url)
    rows = {"rows-TOTAL_FORMS": "3", "rows-INITIAL_FORMS": "1", "rows-0-members_from": "1", "rows-0-members_to": "99",
            "rows-0-least": "3", "rows-0-most": "5", "rows-1-members_from": "100", "rows-1-least": "5", "rows-1-most": "9"}  # fmt: skip
    given = {
        **rows,
        "basis": "区总工会决定",
        "effective_from": today().isoformat(),
        "revision": page.context["revision"],
    }
    assert client.post(url, {**given, "rows-0-members_to": "100"}).status_code == 422
    assert client.post(url, given).status_code == 302
    assert "5–9" in client.get(reverse("assemblies:band", args=["audit-size"])).content.decode()
    assert client.post(url, given).status_code == 409, "somebody changed it meanwhile: oneself"
    assert sign_in(world.street_chair).get(url).status_code == 403
