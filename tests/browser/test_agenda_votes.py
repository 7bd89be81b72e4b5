"""A vote from its point of the agenda to the minutes, and what a street sees of it, on a desk and on a phone."""

from django.urls import reverse

from assemblies import votes
from assemblies.enums import AgendaKind, VoteKind, VoteManner
from assemblies.votes import Paper
from tests.browser.test_meetings import look, page
from tests.factories.meetings import in_session
from tests.factories.votes import announced, election


def test_a_vote_goes_from_the_agenda_to_the_minutes(world, visit, client):
    meeting = in_session(world.factory, world.chair, world.reviewer, present=6)
    first, *_rest = meeting.agenda.filter(kind=AgendaKind.VOTE)
    given = {"title": first.title, "held_on": meeting.held_on, "papers": [Paper("同意各项报告吗？")]}
    for where, visitor in (("desktop", visit()), ("phone", visit(phone=True))):
        visitor.sign_in(world.chair, client)
        look(visitor, page("vote-new", world.factory.pk, "motion") + f"?item={first.pk}", f"point-vote-new-{where}")
    vote = votes.prepare(
        world.factory, kind=VoteKind.MOTION, item=first, by=world.chair, manner=VoteManner.NAMED, **given
    )
    look(visitor, page("vote-detail", vote.pk), "point-vote-phone")
    announced(vote, world.chair, 1)
    chosen = announced(election(meeting, world.chair), world.chair, 1, 2)
    for where, visitor in (("desktop", visit()), ("phone", visit(phone=True))):
        visitor.sign_in(world.chair, client)
        for name in ("meeting", "meeting-sit", "meeting-minutes"):
            look(visitor, page(name, meeting.pk), f"point-{name}-{where}")
        look(visitor, page("vote-detail", chosen.pk), f"elected-{where}")
        look(visitor, reverse("unions:union", args=[world.factory.pk]) + "?tab=assemblies", f"tab-factory-{where}")


def test_the_street_looks_at_its_assemblies(world, visit, client):
    in_session(world.factory, world.chair, world.reviewer, present=6)
    for where, visitor in (("desktop", visit()), ("phone", visit(phone=True))):
        visitor.sign_in(world.reviewer, client)
        look(visitor, reverse("unions:union", args=[world.wangjing.pk]) + "?tab=assemblies", f"tab-street-{where}")
