"""Votes: the rule is fixed before, the result computed after, and nobody below the rule is elected."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from assemblies import ballots, votes
from assemblies.enums import Body, Fact, MeetingState, OptionKind, Post, VoteBase, VoteKind, VoteManner, VoteState
from assemblies.models import Attendee, Option, Outcome, Question, Roll, Seat, Vote
from assemblies.quorum import override
from assemblies.terms import begin_term
from assemblies.vote_checks import checks_of
from assemblies.votes import Candidate, Paper
from tests.factories.votes import election, meeting_of, motion, opened, tick
from unions.models import Event
from unions.workflow import Invalid, MoveError, perform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def result(vote: Vote) -> dict[str, tuple[int, bool]]:
    return {str(o): (o.votes, o.is_won) for o in vote.outcomes.select_related("option")}


def count(vote: Vote, by) -> Vote:
    for move in ("close", "count"):
        vote = perform(Vote.objects.get(pk=vote.pk), move, by=by)
    return vote


def test_a_motion_is_carried_by_more_than_half_of_those_due_not_of_those_present(world):
    vote, links = opened(motion(meeting_of(world.factory, due=12, present=10), world.chair), world.chair)
    for number, (link, _secret) in enumerate(links):
        tick(vote, link, 1 if number < 6 else 2)
    vote = count(vote, world.chair)
    assert result(vote)["For"] == (6, False)  # six of ten present, yet exactly half of twelve
    assert (vote.issued, vote.returned) == (10, 10)
    outcome = vote.outcomes.get(option__kind=OptionKind.YES)
    assert (outcome.votes, outcome.base_count, outcome.numerator, outcome.denominator) == (6, 12, 1, 2)


def test_seven_of_twelve_are_enough(world):
    vote, links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    for link, _secret in links[:7]:
        tick(vote, link, 1)
    assert result(count(vote, world.chair))["For"] == (7, True)


@pytest.mark.parametrize(("base", "carried"), [("due", False), ("present", False), ("cast", True), ("valid", True)])
def test_the_base_is_what_was_fixed_before(world, base, carried):
    meeting = meeting_of(world.factory, due=12, present=10)
    vote, links = opened(motion(meeting, world.chair, base=VoteBase(base)), world.chair)
    for link, _secret in links[:5]:
        tick(vote, link, 1)
    for link, _secret in links[5:9]:
        tick(vote, link, 2)
    assert result(count(vote, world.chair))["For"] == (5, carried)


def test_two_thirds_or_more_are_reached_at_two_thirds(world):
    given = {"numerator": 2, "denominator": 3, "is_inclusive": True}
    vote, links = opened(motion(meeting_of(world.factory), world.chair, **given), world.chair)
    for link, _secret in links[:8]:
        tick(vote, link, 1)
    assert result(count(vote, world.chair))["For"] == (8, True)


def test_rule_and_questions_are_locked_once_voting_begins(world):
    vote, _links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    for change in (
        lambda: Vote.objects.filter(pk=vote.pk).update(numerator=1, denominator=3),
        lambda: Vote.objects.filter(pk=vote.pk).update(base=VoteBase.CAST),
        lambda: vote.questions.update(text="别的"),
        lambda: Option.objects.filter(question__vote=vote, number=1).update(kind=OptionKind.NO),
        lambda: Option.objects.filter(question__vote=vote).delete(),
        lambda: Question.objects.create(vote=vote, number=9, text="还有"),
    ):
        with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
            change()
    with pytest.raises(MoveError):
        votes.edit(vote, {"title": "x"}, [], by=world.chair)


def test_the_first_by_votes_are_elected_and_only_above_the_rule(world):
    vote, links = opened(election(meeting_of(world.factory), world.chair), world.chair)
    for number, (link, _secret) in enumerate(links):
        tick(vote, link, *((1, 2, 4) if number < 7 else (1, 3)))
    vote = count(vote, world.chair)
    assert result(vote) == {"张敏": (10, True), "李强": (7, True), "赵磊": (7, True), "王芳": (3, False)}
    assert not votes.needs_second_round(vote)


def test_names_written_in_are_counted_and_may_win(world):
    vote, links = opened(election(meeting_of(world.factory), world.chair), world.chair)
    for link, _secret in links:
        tick(vote, link, 1, others=("钱进",))
    assert result(count(vote, world.chair))["钱进"] == (10, True)


def test_a_tie_for_the_last_seat_goes_to_a_second_round_between_those_who_tied(world):
    vote, links = opened(election(meeting_of(world.factory), world.chair, seats=3), world.chair)
    for number, (link, _secret) in enumerate(links):
        tick(vote, link, *((1, 2, 3) if number < 3 else (1, 2, 4) if number < 6 else (1, 3, 4)))
    vote = count(vote, world.chair)
    assert result(vote) == {"张敏": (10, True), "李强": (6, False), "王芳": (7, True), "赵磊": (7, True)}

    meeting = meeting_of(world.factory, present=12)
    vote, links = opened(election(meeting, world.chair, seats=2, names="张敏 李强 王芳"), world.chair)
    for number, (link, _secret) in enumerate(links):
        tick(vote, link, *((1, 2) if number % 2 else (1, 3)), *((3,) if number == 1 else (2,) if number == 2 else ()))
    vote = count(vote, world.chair)
    assert result(vote) == {"张敏": (12, True), "李强": (7, False), "王芳": (7, False)}
    again = votes.second_round(vote, by=world.chair)
    assert again.previous == vote and votes.second_round(vote, by=world.chair) == again
    assert [str(o) for o in again.sheet[0].options.all()] == ["李强", "王芳"]
    assert again.sheet[0].seats == 1


def test_too_few_above_the_rule_leave_seats_for_a_second_round(world):
    vote, links = opened(election(meeting_of(world.factory), world.chair), world.chair)
    for link, _secret in links[:7]:
        tick(vote, link, 1)
    vote = count(vote, world.chair)
    assert result(vote)["张敏"] == (7, True)
    assert votes.open_seats(vote.sheet[0]) == 2
    paper = votes.second_round(vote, by=world.chair).sheet[0]
    assert (paper.seats, len(paper.options.all())) == (2, 3)


def test_the_database_records_nobody_below_the_rule_as_elected(world):
    vote, links = opened(election(meeting_of(world.factory), world.chair), world.chair)
    for link, _secret in links[:6]:
        tick(vote, link, 1)
    vote = count(vote, world.chair)
    lost = vote.outcomes.get(option__text="张敏")
    assert (lost.votes, lost.is_won) == (6, False)
    given = {"vote": vote, "question": vote.sheet[0], "text": "赵磊", "votes": 6, "base_count": 12}
    with pytest.raises(IntegrityError, match="outcome_won_by_rule"), transaction.atomic():
        Outcome.objects.create(**given, numerator=1, denominator=2, is_won=True)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Outcome.objects.filter(pk=lost.pk).update(is_won=True)


def test_who_was_due_and_present_is_kept_at_both_ends_with_its_digest_on_record(world):
    meeting = meeting_of(world.factory)
    vote, links = opened(motion(meeting, world.chair), world.chair)
    Attendee.objects.filter(meeting=meeting, number=11).update(presence="present")
    for link, _secret in links[:6]:
        tick(vote, link, 1)
    perform(vote, "close", by=world.chair)
    start, end = Roll.objects.filter(vote=vote)
    assert ((start.due, start.present), (end.due, end.present)) == ((12, 10), (12, 11))
    kept = {
        e.action: e.data["roll"]
        for e in Event.objects.filter(model="assemblies.Vote", action__in=["vote.open", "vote.close"])
    }
    assert kept == {"vote.open": start.digest, "vote.close": end.digest}
    assert start.digest != end.digest


def test_below_the_quorum_nothing_opens_without_a_recorded_reason(world):
    vote = motion(meeting_of(world.factory, due=12, present=7), world.chair)
    with pytest.raises(MoveError, match="quorum"):
        perform(vote, "open", by=world.chair)
    override(vote.meeting, by=world.chair, reason="台风停运，经上级同意")
    vote = perform(Vote.objects.get(pk=vote.pk), "open", by=world.chair)
    assert (vote.due, vote.present) == (12, 7)
    assert Event.objects.get(action="meeting.override").reason == "台风停运，经上级同意"


def test_a_vote_of_a_meeting_opens_only_while_it_sits(world):
    vote = motion(meeting_of(world.factory, state=MeetingState.CLOSED), world.chair)
    with pytest.raises(MoveError, match="session"):
        perform(vote, "open", by=world.chair)


def test_a_vote_without_a_meeting_keeps_the_number_it_was_given(world):
    papers = [Paper("同意修改工会规章吗？")]
    vote = votes.prepare(
        world.factory, kind=VoteKind.MOTION, title="书面表决", held_on=timezone.localdate(), by=world.chair, papers=papers, due=12,
        manner=VoteManner.PAPER,
    )  # fmt: skip
    vote = perform(vote, "open", by=world.chair)
    roll = vote.rolls.get()
    assert (vote.due, vote.present, roll.due, roll.present, roll.people) == (12, 12, 12, 12, [])


def test_too_few_candidates_a_short_notice_or_an_open_vote_block_an_election(world):
    meeting = meeting_of(world.factory)
    for given, said in (
        ({"names": "张敏 李强 王芳"}, "at least 4"),
        ({"noticed_on": meeting.held_on}, "5"),
        ({"noticed_on": None}, "published"),
        ({"manner": VoteManner.NAMED}, "secret"),
    ):
        with pytest.raises(MoveError, match=said):
            perform(election(meeting, world.chair, **given), "open", by=world.chair)
    bare = [check for check in checks_of(election(meeting, world.chair)) if check.is_blocking and not check.basis]
    assert len(bare) == 3, "what is voted on, whether the meeting sits, links and slips: all others name their basis"


def test_a_secret_vote_of_fewer_than_five_is_neither_opened_nor_counted(world):
    small = motion(meeting_of(world.factory, due=4, present=4), world.chair)
    with pytest.raises(MoveError, match="fewer than 5"):
        perform(small, "open", by=world.chair)
    vote, links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    for link, _secret in links[:4]:
        tick(vote, link, 1)
    with pytest.raises(MoveError, match="Fewer than 5"):
        perform(vote, "close", by=world.chair)
    perform(vote, "void", by=world.chair, reason="人数不足")
    assert not vote.ballots.exists() and not vote.envelopes.exists()


def test_more_paper_back_than_handed_out_makes_the_vote_void(world):
    vote, _links = opened(motion(meeting_of(world.factory), world.chair, manner=VoteManner.PAPER), world.chair)
    votes.set_paper_issued(vote, 10, by=world.chair)
    batch = votes.add_batch(vote, "", by=world.chair)
    figures = {
        q.pk: {"returned": 11, "invalid": 0, "ticks": {"1": 11, "2": 0, "3": 0}, "others": {}} for q in vote.sheet
    }
    for person in (world.chair, world.clerk):
        votes.enter(batch, figures, by=person)
    vote = perform(Vote.objects.get(pk=vote.pk), "close", by=world.chair)
    with pytest.raises(MoveError, match="void"):
        perform(vote, "count", by=world.chair)
    assert perform(vote, "void", by=world.chair, reason="收回多于发出").state == VoteState.VOID
    with pytest.raises(IntegrityError, match="vote_returned_within_issued"), transaction.atomic():
        Vote.objects.filter(pk=vote.pk).update(state="counted", issued=10, returned=11)


def test_two_people_count_a_batch_and_only_what_both_say_is_its_sub_total(world):
    vote, _links = opened(motion(meeting_of(world.factory), world.chair, manner=VoteManner.PAPER), world.chair)
    votes.set_paper_issued(vote, 10, by=world.chair)
    batch = votes.add_batch(vote, "一车间", by=world.chair)
    pk = vote.sheet[0].pk

    def say(by, yes, no):
        given = {"returned": yes + no + 1, "invalid": 1, "ticks": {"1": yes, "2": no, "3": 0}, "others": {}}
        return votes.enter(batch, {pk: given}, by=by).figures

    assert say(world.chair, 8, 1) is None
    assert say(world.chair, 7, 2) is None  # one person twice is one count
    assert say(world.clerk, 8, 1) is None
    vote = perform(Vote.objects.get(pk=vote.pk), "close", by=world.chair)
    with pytest.raises(MoveError, match="differ"):
        perform(vote, "count", by=world.chair)
    assert say(world.chair, 8, 1)[str(pk)]["returned"] == 10
    vote = perform(vote, "count", by=world.chair)
    assert result(vote)["For"] == (8, True)
    assert (vote.returned, Question.objects.get(vote=vote).invalid) == (10, 1)


def test_figures_that_do_not_add_up_are_refused(world):
    vote, _links = opened(motion(meeting_of(world.factory), world.chair, manner=VoteManner.PAPER), world.chair)
    batch, pk = votes.add_batch(vote, "", by=world.chair), vote.sheet[0].pk
    for returned, invalid, yes in ((5, 6, 0), (5, 0, 4)):
        with pytest.raises(Invalid):
            votes.enter(
                batch,
                {pk: {"returned": returned, "invalid": invalid, "ticks": {"1": yes}, "others": {}}},
                by=world.chair,
            )


def test_a_vote_on_phones_and_paper_adds_both_and_nobody_votes_twice(world):
    meeting = meeting_of(world.factory, due=24, present=20)
    vote, links = opened(motion(meeting, world.chair, manner=VoteManner.MIXED), world.chair)
    for link, _secret in links[:10]:
        ballots.give_paper(link, by=world.chair)
    with pytest.raises(ballots.AlreadyCast):
        tick(vote, links[0][0], 1)
    for link, _secret in links[10:]:
        tick(vote, link, 1)
    votes.set_paper_issued(vote, 10, by=world.chair)
    batch = votes.add_batch(vote, "", by=world.chair)
    given = {vote.sheet[0].pk: {"returned": 9, "invalid": 1, "ticks": {"1": 6, "2": 2, "3": 0}, "others": {}}}
    for person in (world.chair, world.clerk):
        votes.enter(batch, given, by=person)
    vote = count(vote, world.chair)
    assert result(vote)["For"] == (16, True)
    question = Question.objects.get(vote=vote)
    assert (vote.issued, vote.returned, question.valid, question.invalid) == (20, 19, 18, 1)


def test_a_candidate_whom_the_rules_bar_keeps_the_vote_from_opening_and_a_doubtful_one_does_not(world):
    meeting = meeting_of(world.factory)

    def paper(*facts: str) -> list[Paper]:
        names = [Candidate(name) for name in ("李强", "王芳", "赵磊")]
        return [Paper("工会主席", Body.COMMITTEE, Post.CHAIR, 1, False, (Candidate("张敏", facts=facts), *names))]

    for fact in (Fact.LEGAL, Fact.LEADER, Fact.RELATIVE):
        vote = election(meeting, world.chair, papers=paper(fact))
        with pytest.raises(MoveError, match="张敏"):
            perform(vote, "open", by=world.chair)
    doubtful = election(meeting, world.chair, papers=paper(Fact.LABOUR))
    warning = next(check for check in checks_of(doubtful) if "张敏" in check.text)
    assert not warning.is_passed and not warning.is_blocking and warning.basis
    assert perform(doubtful, "open", by=world.chair).state == VoteState.OPEN


def test_those_elected_take_their_seats_once_and_only_in_a_term_that_has_begun(world):
    meeting = meeting_of(world.factory)
    vote, links = opened(election(meeting, world.chair), world.chair)
    for link, _secret in links:
        tick(vote, link, 1, 2, 3)
    vote = count(vote, world.chair)
    with pytest.raises(MoveError, match="announced"):
        votes.seat_elected(vote, by=world.chair)
    vote = perform(vote, "announce", by=world.chair)
    with pytest.raises(MoveError, match="Begin the term"):
        votes.seat_elected(vote, by=world.chair)
    begin_term(world.factory, started_on=meeting.held_on, years=5, by=world.chair)
    assert votes.seat_elected(vote, by=world.chair) == 3
    assert votes.seat_elected(vote, by=world.chair) == 0
    assert set(Seat.objects.values_list("name", flat=True)) == {"张敏", "李强", "王芳"}
