"""Numbers by size of union are dated: whatever is judged, is judged by the table of its own day."""

import datetime

import pytest

from assemblies.bands import band, revision, set_table
from assemblies.enums import BandKey
from assemblies.models import Band
from unions.models import Event
from unions.workflow import Conflict, Invalid

pytestmark = pytest.mark.django_db
IN_2015, TODAY = datetime.date(2015, 5, 13), datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("members", "day", "expected"),
    [
        (24, IN_2015, (1, 1)),
        (24, TODAY, (1, 5)),
        (25, TODAY, (3, 7)),
        (200, TODAY, (3, 7)),
        (201, TODAY, (7, 15)),
        (60_000, datetime.date(2016, 10, 8), (21, 37)),
        (60_000, datetime.date(2016, 10, 9), (37, 45)),
    ],
)
def test_a_committees_size_follows_the_table_of_the_day(members, day, expected):
    assert band(BandKey.COMMITTEE, members, day).range_for(members) == expected


@pytest.mark.parametrize(
    ("members", "day", "expected"),
    [
        (333, datetime.date(2019, 1, 14), (67, 84)),  # 20 to 25 per cent; a part of a delegate is one delegate
        (333, datetime.date(2019, 1, 15), (40, 60)),
        (20_000, IN_2015, (1, 500)),
    ],
)
def test_delegates_were_a_share_of_the_members_before_2019(members, day, expected):
    assert band(BandKey.DELEGATES, members, day).range_for(members) == expected


def test_below_a_hundred_members_there_is_no_number_of_delegates():
    assert band(BandKey.DELEGATES, 99, TODAY) is None


def test_every_size_of_union_has_one_row_and_no_two():
    for key in (BandKey.COMMITTEE, BandKey.STANDING, BandKey.AUDIT, BandKey.CONGRESS):
        for day in (datetime.date(1990, 1, 1), IN_2015, TODAY):
            for members in (1, 24, 25, 200, 201, 1000, 1001, 5000, 50_000, 50_001, 300_000, 999_999, 2_000_000):
                assert Band.objects.in_force(key, day).around(members).count() == 1, (key, day, members)


ROWS = [(1, 99, 3, 5, False), (100, None, 5, 9, False)]


def put(world, rows=ROWS, *, day=TODAY, key=BandKey.AUDIT, seen=None):
    seen = revision(key) if seen is None else seen
    set_table(key, rows, basis="区总工会决定", effective_from=day, by=world.officer, seen=seen)


def test_the_district_sets_a_table_from_a_day_on_and_earlier_days_keep_theirs(world):
    put(world)
    assert band(BandKey.AUDIT, 100, TODAY).range_for(100) == (5, 9)
    assert band(BandKey.AUDIT, 100, TODAY - datetime.timedelta(days=1)).range_for(100) == (3, 11)
    event = Event.objects.get(action="band.edit")
    assert event.by == world.officer and event.union == world.district
    put(world)
    assert Event.objects.filter(action="band.edit").count() == 1, "nothing changed, nothing recorded"


def test_ranges_that_overlap_are_refused(world):
    with pytest.raises(Invalid):
        put(world, [(1, 100, 3, 5, False), (100, None, 5, 9, False)])
    with pytest.raises(Invalid):
        put(world, [(1, None, 3, 5, False), (100, None, 5, 9, False)])
    assert not Event.objects.filter(action="band.edit").exists()


def test_two_editors_of_a_table_do_not_overwrite_each_other(world):
    seen = revision(BandKey.AUDIT)
    put(world, seen=seen)
    with pytest.raises(Conflict):
        put(world, [(1, None, 3, 3, False)], seen=seen)
