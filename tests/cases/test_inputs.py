"""Registers that once went wrong, from the file to the findings: empty quantities, the same stay
twice, services not yet rendered."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from qor.engine.intake.receive import Delivery, Receipt, receive
from qor.engine.monitoring.month import RunRequest, run_month
from qor.engine.storage.duck import connect, parquet
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import month

INPUTS = Path(__file__).parent / "inputs"
AT = datetime(2026, 3, 2, 9)
PRICES = {"tariff-overcharge", "overpriced", "amount-mismatch"}


def _run(lake: Lake, register: str) -> tuple[Receipt, dict[str, set[str]]]:
    """The receipt of a register and what was found of each service of February, returned rows
    included."""
    for name in ("providers", "tariffs", "people"):
        receive(lake, Delivery(INPUTS / f"{name}.csv", name, None, "test", AT))
    receipt = receive(lake, Delivery(INPUTS / register, "services", None, "test", AT))
    run_month(lake, RunRequest(month("2026-02"), date(2026, 3, 2), "test", AT))
    checks_of: dict[str, set[str]] = {}
    with connect() as connection:
        for service, check in connection.execute(
            f"""SELECT service_id, "check" FROM {parquet(lake.paths("findings"))}
                UNION ALL SELECT service_id, reason FROM {parquet(lake.paths("returns"))}"""
        ).fetchall():
            checks_of.setdefault(service, set()).add(check)
    return receipt, checks_of


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A fresh lake."""
    return Lake(tmp_path / "lake")


def test_quantity_empty(lake: Lake) -> None:
    """Ten times the tariff is found without a quantity as with it; the right visit only lacks the
    field; nothing is expected in trillions."""
    _, checks_of = _run(lake, "03-quantity-empty.csv")
    prices = {service: checks & PRICES for service, checks in checks_of.items()}
    assert prices == {
        "STAY-Q1": {"tariff-overcharge"},
        "STAY-EMPTY": {"tariff-overcharge"},
        "VISIT-Q1": {"overpriced"},
        "VISIT-EMPTY": {"overpriced"},
        "VISIT-RIGHT": set(),
    }
    assert {service for service, checks in checks_of.items() if "required-missing" in checks} >= {
        "STAY-EMPTY",
        "VISIT-EMPTY",
        "VISIT-RIGHT",
    }
    with connect() as connection:
        seen = connection.execute(
            f"""SELECT evidence.expected FROM {parquet(lake.paths("findings"))}
                WHERE "check" IN ('tariff-overcharge', 'amount-mismatch')
                UNION ALL SELECT expected FROM {parquet(lake.paths("returns"))}
                    WHERE reason = 'overpriced'"""
        ).fetchall()
    assert {Decimal(value) for (value,) in seen} == {Decimal("314568.86"), Decimal("13861.72")}


def test_same_stay_twice(lake: Lake) -> None:
    """The second of two same stays is a duplicate; the third lies in two beds of one hospital; the
    first is in order."""
    _, checks_of = _run(lake, "04-same-stay-twice.csv")
    both = {
        service: checks & {"duplicate-service", "overlapping-stays"}
        for service, checks in checks_of.items()
    }
    assert both.get("STAY-A", set()) == set()
    assert both["STAY-B"] == {"duplicate-service"} and both["STAY-C"] == {"overlapping-stays"}


def test_not_yet_rendered(lake: Lake) -> None:
    """Entered two weeks before it ended: found; of the year 2031: rejected."""
    receipt, checks_of = _run(lake, "17-not-yet-rendered.csv")
    assert receipt.reasons == {"not_yet_rendered": 1} and (receipt.received, receipt.accepted) == (
        2,
        1,
    )
    assert "dates-inverted" in checks_of["ENTERED-BEFORE-END"]
