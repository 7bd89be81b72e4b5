"""Who was in the halls of the made-up district: those on the list where one is kept, else made-up names. Every vote of a
meeting has the same, as its sign-in has it before the meeting is closed."""

from collections.abc import Iterable
from random import Random

from assemblies.enums import Presence, RollMoment
from assemblies.models import Attendee, Roll, Vote
from assemblies.vote_moves import digest_of
from unions.demo import names

GROUPS = 5


class Halls:
    """The people of each meeting, drawn once."""

    def __init__(self, random: Random, meetings: Iterable[int]):
        self.random, self.people, self.digests = random, {}, {None: digest_of([])}
        listed = Attendee.objects.voting().filter(meeting__in=set(meetings)).order_by("meeting", "number")
        for meeting, number, name, group, presence in listed.values_list(
            "meeting", "number", "name", "group", "presence"
        ):
            here = presence if presence == Presence.PRESENT else Presence.EXPECTED.value
            self.people.setdefault(meeting, []).append([number, name, group, here])

    def digest_of(self, vote: Vote) -> str:
        if vote.meeting_id not in self.digests:
            self.digests[vote.meeting_id] = digest_of(self._people_of(vote))
        return self.digests[vote.meeting_id]

    def rolls_of(self, vote: Vote) -> list[Roll]:
        """At its opening and at its end; a vote without a meeting has numbers alone."""
        people, digest = self._people_of(vote), self.digest_of(vote)
        return [
            Roll(vote=vote, moment=moment, due=vote.due, present=vote.present, people=people, digest=digest)
            for moment in RollMoment
        ]

    def _people_of(self, vote: Vote) -> list[list]:
        if vote.meeting_id is None:
            return []
        if vote.meeting_id not in self.people:
            self.people[vote.meeting_id] = [self._person(number, vote.present) for number in range(1, vote.due + 1)]
        return self.people[vote.meeting_id]

    def _person(self, number: int, present: int) -> list:
        name = names.person(self.random, female=self.random.random() < 0.45)
        here = Presence.PRESENT if number <= present else Presence.EXPECTED
        return [number, name, f"第{number % GROUPS + 1}小组", here.value]
