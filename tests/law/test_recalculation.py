"""A closed line looked at again, and a decision after a tariff changed: both sides of each border;
sums are written out, not computed by the product."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.law.test_outages import choose

from qor.law.rules.later_decisions import taken_after
from qor.law.rules.recalculation import LinePart, differences, late_lists_are_paid, least_headroom

D = Decimal


@pytest.mark.parametrize(
    ("headroom", "entered"),
    [
        (0, [-20, 20, 0]),
        (29, [-20, 49, 0]),
        (30, [-20, 50, 0]),
        (35, [-20, 50, 5]),
        (-9, [-20, 20, 0]),
    ],
)
def test_what_a_recalculation_enters(headroom: int, entered: list[int]) -> None:
    """291/2020:19, 291/2020:27: 20 come back of the first part; 50 and 5 more are paid from
    them and from what the contract leaves, in their order."""
    parts = [LinePart(D(80), D(100)), LinePart(D(150), D(100)), LinePart(D(5), D(0))]
    assert differences(parts, D(headroom)) == entered


def test_a_part_worth_nothing_gives_all_back() -> None:
    """291/2020:19: what it was paid, and no more, even if decisions took more than it is worth."""
    assert differences([LinePart(D(-5), D(10))], D(0)) == [-10]
    assert differences([LinePart(D(-5), D(0))], D(7)) == [0]
    assert differences([], D(7)) == []


def test_the_tightest_bound() -> None:
    """291/2020:27: the least of what is left, never below nothing; none where nothing bounds."""
    assert least_headroom([D(5), None, D(3)]) == 3
    assert least_headroom([D(5), D(-1)]) == 0
    assert least_headroom([None]) is None


@pytest.mark.parametrize(
    ("closed_at", "stake", "sums"),
    [
        (120, 110, (110, 100, 0)),
        (120, 121, (120, 100, 1)),
        (90, 101, (100, 100, 1)),
        (None, 101, (100, 100, 1)),
    ],
)
def test_what_a_changed_tariff_took_is_no_sanction(
    closed_at: int | None, stake: int, sums: tuple[int, int, int]
) -> None:
    """291/2020:19, 321/2020:53: a service of 100 that was 120 at its closing: a sanction begins
    above 120; no more is taken back than was accepted."""
    closed = None if closed_at is None else D(closed_at)
    decision = taken_after(D(100), D(100), D(stake), closed)
    assert (decision.of_price, decision.taken_back, decision.sanction) == sums


def test_a_list_loaded_late_is_paid_or_only_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """291/2020:19, interpretation lists_loaded_late: paid unless counsel chooses that it is only
    named."""
    assert late_lists_are_paid()
    choose(monkeypatch, "lists_loaded_late", "name_only")
    assert not late_lists_are_paid()
