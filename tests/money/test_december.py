"""December: at most the mean of the year, and primary care recalculated."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.engine.registers import BIN, csv_text, load
from tests.money.small_fund import ONE, Fund, make_fund
from tests.tiny import PEOPLE
from tests.workflow.people import World

from qor.engine.monitoring.month import RunRequest, run_month
from qor.interfaces.clock import now
from qor.law.nouns.months import Month
from qor.workflow.acts.models import OtherSum
from qor.workflow.disputes.models import Case


@pytest.fixture
def fund(tmp_path: Path, world: World) -> Fund:
    """Plans of twelve thousand a month."""
    return make_fund(tmp_path, world)


JANUARY, FEBRUARY, MARCH = Month(2026, 1), Month(2026, 2), Month(2026, 3)


@pytest.mark.slow
def test_december_at_most_the_mean(fund: Fund) -> None:
    """291/2020:24: five thousand and six thousand accepted in two months make a mean of a thousand
    over eleven: December's second service is above it."""
    for month, count, on in (
        (JANUARY, 5, date(2026, 2, 20)),
        (FEBRUARY, 6, date(2026, 3, 20)),
        (Month(2026, 12), 2, date(2027, 1, 20)),
    ):
        fund.month(month, count)
        fund.close(month, on)
    december = fund.act(Month(2026, 12))
    assert (december.claimed, december.beyond, december.to_pay) == (
        Decimal(2000),
        Decimal(1000),
        Decimal(1000),
    )


def _two_attached_one_served(fund: Fund) -> None:
    """A norm, two attached and insured people, a line of primary care, and one visit in
    December."""
    general = {"bin": "*", "kind": "КЖН", "valid_from": "2024-01-01", "value": "100.00"}
    load(fund.lake, fund.root, "n.csv", csv_text([general]), "norms", None)
    person = {
        "sex": "f",
        "birth_date": "1980-03-14",
        "attached_bin": BIN,
        "attached_since": "2025-01-01",
        "attachment_consent": "true",
    }
    load(
        fund.lake,
        fund.root,
        "q.csv",
        csv_text([person | {"iin": PEOPLE[letter]} for letter in "AB"]),
        "people",
        None,
    )
    insured = [{"iin": PEOPLE[letter], "valid_from": "2020-01-01"} for letter in "AB"]
    load(fund.lake, fund.root, "i.csv", csv_text(insured), "insured", None)
    primary = {
        "contract_no": "K-1",
        "line": 90,
        "bin": BIN,
        "care_form": "primary",
        "funding": "tmkkk",
        "month": "2026-12",
        "amount": "9000.00",
        "valid_from": "2026-01-01",
    }
    load(fund.lake, fund.root, "c2.csv", csv_text([primary]), "contracts", None)
    served = ONE | {
        "provider_bin": BIN,
        "service_id": "x",
        "iin": PEOPLE["A"],
        "identity_kind": "iin",
        "care_form": "outpatient",
        "setting": "visit",
        "started_at": "2026-12-02 09:00:00",
        "ended_at": "2026-12-02 09:20:00",
        "registered_at": "2026-12-02 10:00:00",
        "quantity": "1",
    }
    load(fund.lake, fund.root, "d.csv", csv_text([served]), "services", "2026-12")


@pytest.mark.slow
def test_december_recalculates_primary_care(fund: Fund) -> None:
    """291/2020:47-1: one of two attached people was never served: twenty per cent of a norm of a
    hundred come back for December, the month paid."""
    _two_attached_one_served(fund)
    run_month(fund.lake, RunRequest(Month(2026, 12), date(2026, 12, 31), "test", now()))
    Case.objects.all().delete()
    fund.close(Month(2026, 12), date(2027, 1, 20))
    other = OtherSum.objects.get()
    assert (other.amount, other.ground, other.pays) == (Decimal("20.00"), "recalculation", False)
