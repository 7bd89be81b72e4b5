"""What the tests of faults have done in the portal's own Django: `python -m tests.faults.inside FUNCTION JSON …`
prints the answer as JSON."""

import json
import re
import sys

import django

if __name__ == "__main__":
    django.setup()


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


def export(username: str) -> int:
    """The job of an export of the roster, started as its button starts it."""
    from unions.export_jobs import EXPORT
    from unions.jobs import start_job
    from unions.models import User

    user = User.objects.get(username=username)
    return start_job(EXPORT, union=user.union, by=user, params={"path": "/unions/", "query": "export=xlsx"}).pk


if __name__ == "__main__":
    name, *given = sys.argv[1:]
    from unions import wall

    with wall.system("test of faults"):
        print(json.dumps(globals()[name](*map(json.loads, given))))
