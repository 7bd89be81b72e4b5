"""One kept connection, many people: nobody ever sees another's rows, whatever became of the request before."""

import threading
from contextlib import suppress

import pytest
from django.db import DatabaseError, ProgrammingError, connection
from django.http import HttpResponse

from tests.factories.unions import DistrictWorld
from tests.unions.test_wall import Asking, rows, seen
from unions import wall
from unions.middleware import WallMiddleware
from unions.models import Union, User


def drive(world: DistrictWorld, requests: int, threads: int = 4) -> tuple[int, int]:
    """Requests of three people in turn on a few kept connections, every tenth raising and every twentieth cancelled;
    returns how many rows of others were seen, and how often somebody without a pass was let in."""
    people = [User.objects.get(pk=p.pk) for p in (world.chair, world.street_chair, world.stranger)]
    own = {p.pk: seen(Union, p) for p in people}
    foreign, let_in = [], []

    def answer(request):
        found = set(Union.objects.values_list("pk", flat=True))
        foreign.extend(found - own[request.user.pk])
        if request.number % 10 == 3:
            raise ZeroDivisionError
        if request.number % 20 == 7:
            rows("SET LOCAL statement_timeout = '1ms'; SELECT pg_sleep(1)")
        return HttpResponse(status=500 if request.number % 10 == 5 else 200)

    def work(first):
        handle = WallMiddleware(answer)
        with wall.under(wall.NOBODY):
            for number in range(first, requests, threads):
                asking = Asking(User(pk=people[number % 3].pk, is_active=True))
                asking.number = number
                with suppress(ZeroDivisionError, DatabaseError):
                    handle(asking)
                with suppress(ProgrammingError):
                    Union.objects.exists()
                    let_in.append(number)
        connection.close()

    workers = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return len(foreign), len(let_in)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_many_people_use_shows_nobody_anothers_rows():
    assert drive(DistrictWorld(), 300) == (0, 0)


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_many_people_use_for_long_shows_nobody_anothers_rows():
    assert drive(DistrictWorld(), 10_000) == (0, 0)
