"""Whether one order of ballots tells anything about another order of voters: a permutation test."""

import random

from django.db import connection

ROUNDS = 20_000


def order_of(sql: str, *given) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql, given or None)
        return [row[0] for row in cursor.fetchall()]


def chance_of(truth: list[int], guess: list[int], rounds: int = ROUNDS) -> float:
    """How often a shuffled list agrees with the truth, place by place, at least as well as this guess does. Neighbouring
    places count too: an order that is only a little off would still give people away."""
    assert sorted(truth) == sorted(guess), "not the same ballots"
    reached, cards, shuffled = _fit(truth, guess), random.Random(5), list(guess)
    better = 0
    for done in range(1, rounds + 1):
        cards.shuffle(shuffled)
        better += _fit(truth, shuffled) >= reached
        if better >= 50:  # plainly chance
            return better / done
    return (better + 1) / (rounds + 1)


def _fit(truth: list[int], guess: list[int]) -> int:
    return sum(a == b for shift in (-1, 0, 1) for a, b in zip(truth[1:-1], guess[1 + shift :], strict=False))
