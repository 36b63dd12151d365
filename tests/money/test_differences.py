"""What is recalculated, in figures: the difference of a line, its bounds, a decision after it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from qor.law.rules.later_decisions import taken_after
from qor.law.rules.recalculation import LinePart, differences, least_headroom

D = Decimal


@pytest.mark.parametrize(
    ("parts", "headroom", "expected"),
    [
        ([(1000, 1300)], 0, [-300]),
        ([(1300, 1000)], 0, [0]),
        ([(1300, 1000)], 200, [200]),
        ([(1300, 1000), (1300, 1000)], 400, [300, 100]),
        ([(1000, 1300), (1000, 0)], 0, [-300, 300]),
        ([(-50, 20)], 0, [-20]),
        ([], 100, []),
        ([(1300, 1000)], -5, [0]),
    ],
)
def test_the_difference_of_a_line(
    parts: list[tuple[int, int]], headroom: int, expected: list[int]
) -> None:
    """291/2020:27: no part keeps more than it is worth; more is paid only from what is left and
    from what the others give back; entered, it gives nothing again."""
    listed = [LinePart(D(worth), D(accepted)) for worth, accepted in parts]
    amounts = differences(listed, D(headroom))
    assert amounts == expected
    after = [
        LinePart(part.worth, part.accepted + amount)
        for part, amount in zip(listed, amounts, strict=True)
    ]
    used = max(sum(amounts, D(0)), D(0))
    assert not any(differences(after, max(D(headroom), D(0)) - used))


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [((None, None), None), ((D(5), None, D(3)), D(3)), ((D(-2), D(4)), D(0))],
)
def test_the_tightest_bound(bounds: tuple[Any, ...], expected: Decimal | None) -> None:
    """291/2020:27: month, December and year each bound; none is below zero."""
    assert least_headroom(bounds) == expected


@pytest.mark.parametrize(
    ("worth", "accepted", "stake", "closed_at", "back", "above"),
    [
        (1000, 1000, 1300, 1300, 1000, 0),
        (1000, 1000, 1000, 1300, 1000, 0),
        (1000, 600, 1300, 1300, 600, 0),
        (1300, 1300, 1300, 1000, 1300, 0),
        (1300, 1300, 1000, 1000, 1000, 0),
        (1000, 1000, 3000, 1300, 1000, 1700),
    ],
)
def test_a_decision_on_what_was_recalculated(
    worth: int, accepted: int, stake: int, closed_at: int, back: int, above: int
) -> None:
    """291/2020:19, 321/2020:53: at most what is left is taken back; what the lower tariff took
    itself is no sanction."""
    decision = taken_after(D(worth), D(accepted), D(stake), closed_at=D(closed_at))
    assert (decision.taken_back, decision.sanction) == (back, above)
