"""What the tests of faults have done in the portal's own Django: `python -m tests.faults.inside FUNCTION JSON …`
prints the answer as JSON."""

import json
import re
import sys

import django

if __name__ == "__main__":
    django.setup()
    import config.celery  # noqa: F401  tasks go to the portal's own queue


def writers(count: int) -> list[dict]:
    """Chairs, each with a session and a return that is ready to submit."""
    from benchmarks.load import fillers_of_returns
    from disclosure.services import save_return
    from unions.models import Duty, Session

    found = []
    for visitor in fillers_of_returns(count):
        duty = Duty.objects.get(pk=re.search(r"\d+", visitor.fill).group())
        user = Session.objects.get(session_key=visitor.session).user
        answers = {name.removeprefix("explain."): text for name, text in visitor.fields.items() if "." in name}
        filing, mistakes = save_return(duty, by=user, explanations=answers, confirm_rest=True)
        assert not mistakes
        found.append({"session": visitor.session, "user": user.pk, "filing": filing.pk, "duty": duty.pk})
    return found


def session(username: str) -> str:
    """The key of a new session of this person."""
    from django.utils import timezone

    from benchmarks.load import session_of
    from unions.models import Session, User

    key = session_of(User.objects.get(username=username))
    store = Session.get_session_store_class()(key)
    store["factor_at"] = store["proved_at"] = store["signed_in_at"] = timezone.now().isoformat()
    store.save()
    return key


def seal() -> int:
    """The clock's hourly seals over the record of acts."""
    from unions import seals

    return len(seals.seal_events(patience=0))


def opened_seals() -> int:
    """How many sealed telephone numbers open; each that does not raises."""
    from unions.models import Union

    return sum(bool(union.chair_phone) for union in Union.objects.exclude(chair_phone="")[:200])


def due_reminders(count: int) -> list[int]:
    """So many unions get a duty that is due today, with one step of the ladder for whoever fills it in; nothing is
    quiet and every day is a working day, so that the clock takes the step in its next round."""
    import datetime

    from django.utils import timezone

    from tests.factories.duties import make_rule
    from unions.enums import Audience, Tier
    from unions.models import CalendarDay, Delivery, Duty, DutyRule, Notice, NoticeItem, Reminder, Run, Setting, Union

    today = timezone.localdate()
    DutyRule.objects.update(is_active=False)
    for model in (Delivery, NoticeItem, Reminder, Notice, Run):
        model.objects.all().delete()
    CalendarDay.objects.update_or_create(day=today, defaults={"is_workday": True})
    for key, value in {"reminders-from": "00:00", "reminders-until": "23:59"}.items():
        Setting.objects.create(key=key, value=value, effective_from=today - datetime.timedelta(days=1), basis="test")
    rule = make_rule("faults", ladder=[(0, Audience.CHAIR, False)])
    unions = Union.objects.filter(kind__in=Tier.GRASSROOTS.kinds, state="active").order_by("pk")[:count]
    Duty.objects.bulk_create(
        Duty(
            rule=rule,
            union=union,
            middle_id=union.middle_id,
            period="2026Q3",
            opens_on=today,
            due_on=today,
            last_day=today,
            members=union.members,
        )
        for union in unions
    )
    return [len(unions), rule.pk]


def export(username: str) -> int:
    """The job of an export of the roster, started as its button starts it."""
    from unions.export_jobs import EXPORT
    from unions.jobs import start_job
    from unions.models import User

    user = User.objects.get(username=username)
    return start_job(EXPORT, union=user.union, by=user, params={"path": "/unions/", "query": "export=xlsx"}).pk


def open_vote(voters: int) -> dict:
    """A secret motion of a union, open, with a slip for each of so many people."""
    from django.db import transaction
    from django.utils import timezone

    from assemblies import ballots, votes
    from assemblies.enums import VoteKind
    from unions import wall
    from unions.models import UnionGrant
    from unions.permissions import Permission
    from unions.workflow import perform

    with wall.system("tests"), transaction.atomic():
        grant = UnionGrant.objects.in_force().filter(permission__codename=Permission.VOTE_MANAGE).first()
        vote = votes.prepare(
            grant.content_object, kind=VoteKind.MOTION, title="千人表决", held_on=timezone.localdate(), by=grant.user,
            papers=[votes.Paper("同意吗？")], due=voters,
        )  # fmt: skip
        slips = ballots.make_slips(vote, voters, by=grant.user)
        perform(vote, "open", by=grant.user)
    return {"vote": vote.pk, "secrets": [secret for _link, secret in slips]}


def close_vote(vote: int) -> dict:
    from assemblies.models import Vote
    from unions import wall
    from unions.models import UnionGrant
    from unions.permissions import Permission
    from unions.workflow import perform

    with wall.system("tests"):
        found = Vote.objects.get(pk=vote)
        grants = UnionGrant.objects.in_force().filter(permission__codename=Permission.VOTE_MANAGE)
        by = grants.filter(content_object=found.union_id).first().user
        found = perform(perform(found, "close", by=by), "count", by=by)
        votes = {str(o.option.number): o.votes for o in found.outcomes.select_related("option")}
    return {"returned": found.returned, "votes": votes}


def numbers_of(vote: int, secrets: list[str]) -> list[tuple[int, str]]:
    """Which slip is whose: only somebody who holds all the slips can say so."""
    from assemblies.ballots import digest_of
    from assemblies.models import BallotLink
    from unions import wall

    with wall.system("tests"):
        numbers = dict(BallotLink.objects.filter(vote=vote).values_list("digest", "number"))
    return [(numbers[digest_of(secret)], secret) for secret in secrets]


if __name__ == "__main__":
    name, *given = sys.argv[1:]
    from unions import wall

    with wall.system("test of faults"):
        print(json.dumps(globals()[name](*map(json.loads, given))))
