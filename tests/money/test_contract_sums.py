"""What a contract comes to in a year, whichever way its sums are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.engine.registers import BIN
from tests.money.four_contracts import make_two
from tests.workflow.people import World

from qor.engine.settlement.contract_sums import contract_sums


def test_each_year_is_by_itself(tmp_path: Path, world: World) -> None:
    """291/2020:13, 321/2020:10: 5,000 of 2026 and 7,000 of 2027, by the year alone and by month;
    the base of a penalty is the year's own sum, as the latest agreement of the day says."""
    two = make_two(tmp_path, world)
    line = {"care_form": "outpatient", "funding": "tmkkk", "service_code": "*", "bin": BIN}
    rows = (
        ("K-1", 1, "", "5000.00", "2026-01-01"),
        ("K-1", 2, "", "7000.00", "2027-01-01"),
        ("K-1", 3, "", "6000.00", "2026-07-01"),
        ("K-2", 1, "2026-01", "2000.00", "2026-01-01"),
        ("K-2", 2, "2026-02", "3000.00", "2026-01-01"),
        ("K-2", 3, "2027-01", "7000.00", "2027-01-01"),
        ("K-2", 4, "2026-02", "4000.00", "2026-07-01"),
    )
    names = ("contract_no", "line", "month", "amount", "valid_from")
    two.load("contracts", *(line | dict(zip(names, row, strict=True)) for row in rows))
    sums = {
        day: {number: amount for (_, number), amount in contract_sums(two.lake, day).items()}
        for day in (date(2026, 6, 30), date(2026, 12, 31), date(2027, 1, 31))
    }
    assert sums == {
        date(2026, 6, 30): {"K-1": Decimal(5000), "K-2": Decimal(5000)},
        date(2026, 12, 31): {"K-1": Decimal(6000), "K-2": Decimal(6000)},
        date(2027, 1, 31): {"K-1": Decimal(7000), "K-2": Decimal(7000)},
    }
