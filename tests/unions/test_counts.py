"""Numbers and the rows behind them are the same question."""

import datetime

import pytest

from tests.factories.unions import UnionFactory
from unions.models import Union


@pytest.mark.parametrize(
    ("began", "years", "day", "overdue"),
    [
        ("2023-03-01", 3, "2026-02-28", False),
        ("2023-03-01", 3, "2026-03-01", True),
        ("2020-02-29", 3, "2023-02-28", False),
        ("2020-02-29", 3, "2023-03-01", True),
        ("2019-02-28", 5, "2024-02-29", True),
        ("2019-03-01", 5, "2024-02-29", False),
    ],
)
def test_a_term_is_overdue_from_its_anniversary_in_the_list_as_on_the_card(world, began, years, day, overdue):
    union = UnionFactory(parent=world.wangjing, term_started_on=datetime.date.fromisoformat(began), term_years=years)
    day = datetime.date.fromisoformat(day)
    assert (union.term_ends_on < day) is overdue
    assert Union.objects.term_overdue(day).filter(pk=union.pk).exists() is overdue


def test_a_union_without_a_term_or_closed_is_not_overdue(world):
    UnionFactory(parent=world.wangjing, term_started_on=None, term_years=3)
    UnionFactory(parent=world.wangjing, term_started_on=datetime.date(2010, 1, 1), term_years=3, state="dissolved")
    assert not Union.objects.term_overdue().exists()
