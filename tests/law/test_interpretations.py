"""Settings have at least two choices that work, and the code reads them where the settlement is
used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.law.test_outages import choose

from qor.law.nouns.refusals import CellUnprinted
from qor.law.reading.calendar import days_in_doubt, deadline
from qor.law.rules.debts import netting_rank, share_debts
from qor.law.rules.deductions import deduction

ON = date(2026, 6, 1)


def test_a_plus_takes_the_parents_amount_or_a_person_decides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """321/2020:annex 1: 5.1 in outpatient care is printed as a plus; 12.3 has an amount of its own
    under either choice."""
    assert deduction("5.1", "outpatient", Decimal(100), ON).amount == 300
    choose(monkeypatch, "plus_takes_parent", "person_decides")
    with pytest.raises(CellUnprinted):
        deduction("5.1", "outpatient", Decimal(100), ON)
    assert deduction("12.3", "stay_group", Decimal(100), ON).amount == 100


def test_a_cell_with_two_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    """321/2020:annex 1: a provider with a complex tariff loses tariffs, or, by the other choice of
    norm_or_percent, percent of the cost."""
    assert deduction("5.0", "hiv", Decimal(1000), ON, Decimal(38450)).amount == Decimal("115350.00")
    choose(monkeypatch, "norm_or_percent", "percent")
    assert deduction("5.0", "hiv", Decimal(1000), ON, Decimal(38450)).amount == Decimal("3000.00")
    assert deduction("5.1", "primary", Decimal(1), ON, Decimal("1380.50")).amount == Decimal(
        "138050.00"
    )


@pytest.mark.parametrize(
    ("start", "days", "doubtful"),
    [
        (date(2026, 3, 9), 4, []),
        (date(2026, 3, 12), 1, []),
        (date(2026, 3, 12), 2, [15, 16]),
        (date(2026, 3, 15), 1, [16]),
        (date(2026, 3, 16), 3, []),
    ],
)
def test_a_term_says_which_days_sources_differ_on(
    start: date, days: int, doubtful: list[int]
) -> None:
    """Law 267-II: 15 and 16 March 2026; a term that ends before them or starts after them says
    nothing."""
    assert [day.day for day in deadline(start, days).in_doubt] == doubtful


def test_estimated_feasts_are_in_doubt() -> None:
    """Law 267-II: the first day of Kurban Ait is told by the year's calendar of the clergy."""
    assert days_in_doubt(date(2026, 5, 1), date(2027, 5, 31)) == (
        date(2026, 5, 27),
        date(2027, 5, 16),
    )


def test_a_debt_may_stay_with_its_own_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    """291/2020:19: by default the rest is taken from the provider's other acts, by the other choice
    of debts_across_contracts it is carried."""
    own, other = ("K-1", "tmkkk"), ("K-2", "tmkkk")
    debts, acts = [(own, Decimal(150))], [(other, Decimal(500)), (own, Decimal(100))]
    assert share_debts(debts, acts, netting_rank) == [[50, 100]]
    choose(monkeypatch, "debts_across_contracts", "own_contract_only")
    assert share_debts(debts, acts, netting_rank) == [[0, 100]]
