"""Contract lines that name no month: reconciled with the year's sum, by setting with its twelfths
(291/2020:28); a contract of which nothing was accepted before December (291/2020:24)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.money.test_kinds_of_lines import Two, two
from tests.money.test_service_account import choose
from tests.tiny import BINS, PROVIDERS, lines, make_lake

from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.workflow.acts.reconciliation import reconcile

__all__ = ["two"]  # a fixture: a Fund of two contracts
D = Decimal
CONTRACTS = """
    all: service_code *, valid_from 2026-01-01
    contract_no | bin | care_form  | funding | line | month   | amount
    K-1         | P1  | outpatient | tmkkk   | 1    |         | 1200.00
    K-1         | P1  | outpatient | osms    | 2    | 2026-02 | 300.00
    K-1         | P1  | outpatient | osms    | 3    | 2026-08 | 900.00
    M-1         | P2  | outpatient | tmkkk   | 4    |         | 1000.01
"""


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Two providers; a contract with a line by the year beside one by months."""
    contracts = [
        {key: BINS.get(cell, cell) for key, cell in row.items()} for row in lines(CONTRACTS)
    ]
    return make_lake(tmp_path / "lake", {"providers": PROVIDERS, "contracts": contracts})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("choice", "lessened", "other"), [("whole_year", "0", "0"), ("twelfths", "600.00", "500.01")]
)
def test_a_line_by_the_year_is_planned_by_its_year(
    choice: str, lessened: str, other: str, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """291/2020:28: by June nothing was done. The year's sum is what was planned; nothing of it, or
    six twelfths, counts as not done. Lines by month count theirs as before."""
    choose(monkeypatch, "volume_of_a_year_line", choice)
    lines = {(each.contract_no, each.funding): each for each in reconcile(lake, Month(2026, 6))}
    year, months, rounded = (
        lines[key] for key in (("K-1", "tmkkk"), ("K-1", "osms"), ("M-1", "tmkkk"))
    )
    assert (year.planned, year.by_year, year.lessen) == (D(1200), True, D(lessened))
    assert (months.planned, months.by_year, months.lessen) == (D(300), False, D(300))
    assert (rounded.planned, rounded.lessen) == (D("1000.01"), D(other))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("choice", "paid"), [("no_bound", "2000.00"), ("nothing_in_december", "0.00")]
)
def test_a_december_after_nothing(
    choice: str, paid: str, two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """291/2020:24: K-1 rendered nothing before December: its two services are paid, or by setting
    none; K-3, which rendered one in November, is held to an eleventh of it."""
    choose(monkeypatch, "december_mean_of_nothing", choice)
    november, december = Month(2026, 11), Month(2026, 12)
    for number in ("K-1", "K-3"):
        two.contract(number, "outpatient", "9000.00")
    two.services(november, 1, "K-3")
    two.run(november)
    two.close(november)
    for number in ("K-1", "K-3"):
        two.services(december, 2, number)
    two.run(december)
    two.close(december)
    assert two.act(december, "K-1").accepted == D(paid)
    assert two.act(december, "K-3").accepted == D("90.91")
