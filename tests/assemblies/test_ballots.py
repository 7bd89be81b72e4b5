"""Secret ballots: one for each, none lost, and nobody can say whose is whose."""

import logging
import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from assemblies import ballots, sealing
from assemblies.enums import VoteManner
from assemblies.models import (
    Advice,
    Ballot,
    BallotLink,
    Envelope,
    NamedBallot,
    Receipt,
    Turnout,
    Vote,
)
from tests.assemblies.linking import chance_of, order_of
from tests.factories.unions import DistrictWorld
from tests.factories.votes import meeting_of, motion, opened, tick
from unions import wall
from unions.calendar import WorkCalendar
from unions.kit.crypto import CannotOpen
from unions.models import Event
from unions.workflow import MoveError, perform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
VOTERS = 200


def key_file(vote: Vote) -> Path:
    return sealing._path(bytes(vote.public_key))


def test_a_link_is_known_by_its_digest_alone(world):
    _vote, links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    link, secret = links[0]
    assert ballots.find_link(secret) == link and len(secret) == 32
    assert ballots.find_link(secret[:-1] + ("a" if secret[-1] != "a" else "b")) is None
    assert ballots.find_link("") is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(l)::text FROM assemblies_ballotlink l WHERE id = %s", [link.pk])
        assert secret not in cursor.fetchone()[0]


def test_new_links_end_those_that_were_not_used(world):
    vote, links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    tick(vote, links[0][0], 1)
    again = ballots.make_links(vote, by=world.chair)
    assert len(again) == 9 and ballots.find_link(links[1][1]) is None and ballots.find_link(links[0][1])
    assert Turnout.objects.filter(vote=vote).count() == 1


def test_no_more_links_than_people_are_due(world):
    vote, _links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    ballots.make_slips(vote, 2, by=world.chair)
    with pytest.raises(MoveError, match="12 people"):
        ballots.make_slips(vote, 1, by=world.chair)


def test_a_link_votes_once(world):
    vote, links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    tick(vote, links[0][0], 1)
    with pytest.raises(ballots.AlreadyCast):
        tick(vote, links[0][0], 2)
    assert Envelope.objects.filter(vote=vote).count() == Turnout.objects.filter(vote=vote).count() == 1


def test_before_the_opening_and_after_the_end_nothing_is_cast(world):
    vote = motion(meeting_of(world.factory), world.chair)
    (link, _secret), *_rest = ballots.make_slips(vote, 1, by=world.chair)
    with pytest.raises(MoveError, match="not open"):
        tick(vote, link, 1)
    vote, links = opened(vote, world.chair)
    for other, _secret in links[:5]:
        tick(vote, other, 1)
    perform(vote, "close", by=world.chair)
    with pytest.raises(MoveError, match="not open"):
        tick(vote, link, 1)


def test_receipts_are_all_published_and_stand_beside_no_choice(world):
    vote, links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    codes = {tick(vote, link, 1 + number % 3) for number, (link, _secret) in enumerate(links)}
    assert not Receipt.objects.filter(vote=vote).exists()
    perform(vote, "close", by=world.chair)
    assert set(Receipt.objects.filter(vote=vote).values_list("code", flat=True)) == codes
    ids = [set(model.objects.filter(vote=vote).values_list("pk", flat=True)) for model in (Ballot, Receipt)]
    assert not ids[0] & ids[1]


def test_a_receipt_code_of_ones_own_making_is_refused(world):
    _vote, links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    (mine, _secret), (other, _other) = links[:2]
    signed = ballots.sign_receipt(mine, "AB23456789")
    assert ballots.read_receipt(mine, signed) == "AB23456789"
    assert ballots.read_receipt(other, signed) is None
    assert ballots.read_receipt(mine, signed.replace("AB", "AC")) is None


def test_envelopes_are_of_one_size_and_open_with_their_own_key_alone(world):
    vote, links = opened(motion(meeting_of(world.factory), world.chair, asks_advice=True), world.chair)
    for number, (link, _secret) in enumerate(links):
        tick(vote, link, 1, advice="多听听夜班的意见。" * 30 if number % 2 else "")
    boxes = [bytes(box) for box in Envelope.objects.filter(vote=vote).values_list("box", flat=True)]
    assert len({len(box) for box in boxes}) == 1 and len(set(boxes)) == len(boxes)
    private = sealing.read_key(vote.pk, bytes(vote.public_key))
    sealing.open_envelope(private, vote.pk, boxes[0])
    with pytest.raises(CannotOpen):
        sealing.open_envelope(private, vote.pk + 1, boxes[0])
    with pytest.raises(CannotOpen):
        sealing.open_envelope(private, vote.pk, boxes[0][:-1] + bytes([boxes[0][-1] ^ 1]))


def test_the_key_of_the_envelopes_never_stands_in_the_database(world):
    vote, links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    tick(vote, links[0][0], 1)
    file = key_file(vote)
    sealed = file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    private = sealing.read_key(vote.pk, bytes(vote.public_key)).private_bytes_raw()
    assert private not in sealed.encode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(public_key, 'hex') FROM assemblies_vote WHERE id = %s", [vote.pk])
        assert private.hex() not in cursor.fetchone()[0]


def test_without_its_key_nothing_is_opened_and_the_page_says_what_to_do(world):
    vote, links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    for link, _secret in links:
        tick(vote, link, 1)
    sealing.forget_key(bytes(vote.public_key))
    with pytest.raises(MoveError, match="void"):
        perform(vote, "close", by=world.chair)


def test_the_organiser_reads_no_ballot_and_no_envelope(world):
    vote, links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    for link, _secret in links:
        tick(vote, link, 1)
    for model in (Envelope, Ballot):
        for person in (world.chair, world.officer):
            with (
                wall.under(wall.pass_of(person)),
                pytest.raises(DatabaseError, match="permission denied"),
                transaction.atomic(),
            ):
                model.objects.filter(vote=vote).first()


def test_who_voted_what_is_kept_of_a_vote_by_name_and_refused_of_any_other(world):
    meeting = meeting_of(world.factory)
    named, links = opened(motion(meeting, world.chair, manner=VoteManner.NAMED), world.chair)
    tick(named, links[0][0], 2)
    assert NamedBallot.objects.get(vote=named).marks == [2] and not Envelope.objects.filter(vote=named).exists()
    secret, links = opened(motion(meeting, world.chair), world.chair)
    with pytest.raises(DatabaseError, match="is secret"), transaction.atomic():
        NamedBallot.objects.create(vote=secret, link=links[0][0], question=secret.sheet[0], marks=[1])


def test_the_record_of_acts_says_that_a_link_was_used_and_neither_for_what_nor_from_where(world):
    vote, links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    tick(vote, links[0][0], 2)
    event = Event.objects.get(action="vote.cast")
    assert event.data == {"number": links[0][0].number} and event.address == "" and event.by is None


def test_stray_keys_go_and_those_in_use_stay(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    vote, _links = opened(motion(meeting_of(world.factory), world.chair), world.chair)
    stray = sealing.make_key(vote.pk)
    for path in sealing.folder().glob("*.key"):
        os.utime(path, (0, 0))
    sealing.make_key(vote.pk)
    ballots.tidy(timezone.localdate(), WorkCalendar())
    assert key_file(vote).exists()
    assert len(list(sealing.folder().glob("*.key"))) == 2
    with pytest.raises(sealing.KeyIsGone):
        sealing.read_key(vote.pk, stray)


@pytest.mark.django_db(transaction=True)
def test_votes_at_once_and_the_end_of_voting_lose_and_double_nothing():
    """Fifty people and everybody twice, while the organiser closes: whoever was told “cast” is in the count, once."""
    world = DistrictWorld()
    vote, links = opened(motion(meeting_of(world.factory, due=50, present=50), world.chair), world.chair)
    told, lock = [], threading.Lock()
    for link, _secret in links[:5]:
        tick(vote, link, 1)

    def cast(link: BallotLink) -> None:
        try:
            tick(vote, link, 1)
        except MoveError:
            return
        else:
            with lock:
                told.append(link.number)
        finally:
            connections.close_all()

    def close() -> None:
        perform(Vote.objects.get(pk=vote.pk), "close", by=world.chair)
        connections.close_all()

    work = [link for link, _secret in links[5:]] * 2
    random.Random(3).shuffle(work)
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(cast, link) for link in work[:60]]
        jobs += [pool.submit(close)]
        jobs += [pool.submit(cast, link) for link in work[60:]]
        for job in jobs:
            job.result()
    assert len(told) == len(set(told))
    assert Ballot.objects.filter(vote=vote).count() == Turnout.objects.filter(vote=vote).count() == len(told) + 5
    assert not key_file(vote).exists()


@pytest.mark.django_db(transaction=True)
def test_with_the_database_and_the_logs_in_hand_ballots_fit_voters_no_better_than_chance(caplog):
    """T26, at a fifth of its size; tests/faults/test_ballots.py has the thousand, the write-ahead log and dead rows."""
    caplog.set_level(logging.DEBUG)
    world, cards = DistrictWorld(), random.Random(11)
    vote, links = opened(motion(meeting_of(world.factory, due=VOTERS, present=VOTERS), world.chair), world.chair)
    cards.shuffle(links)
    truth = {}
    for link, _secret in links:
        truth[link.number] = cards.choice([1, 2, 3])
        tick(vote, link, truth[link.number])
    perform(Vote.objects.get(pk=vote.pk), "close", by=world.chair)
    for table in ("assemblies_ballot", "assemblies_receipt", "assemblies_advice"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(DISTINCT xmin::text) FROM {table} WHERE vote_id = %s", [vote.pk])
            assert cursor.fetchone()[0] <= 1, "one transaction for all"
    voted = order_of("SELECT (data->>'number')::int FROM unions_event WHERE action = 'vote.cast' ORDER BY id")
    turnout = order_of(
        "SELECT l.number FROM assemblies_turnout t JOIN assemblies_ballotlink l ON l.id = t.link_id ORDER BY t.ctid"
    )
    for people in (voted, turnout, sorted(truth)):
        for order in ("ctid", "id", "xmin::text, cmin::text::int, ctid"):
            marks = order_of(f"SELECT marks[1] FROM assemblies_ballot ORDER BY {order}")
            assert chance_of([truth[number] for number in people], marks) > 1e-4, order
    assert chance_of([truth[number] for number in voted], [truth[number] for number in voted]) < 1e-4, (
        "the test is blind"
    )
    assert not Envelope.objects.filter(vote=vote).exists() and not Advice.objects.filter(vote=vote).exists()
    assert not [
        line for line in caplog.messages if '"ballots"' in line or ("INSERT" in line and "assemblies_ballot" in line)
    ]
    assert not [key for key in cache._cache.get_client().keys("*") if b"vote" in key or b"ballot" in key]
