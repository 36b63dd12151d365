"""Closings of small months one after another: what is held, released, beyond, and in order."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.engine.registers import BIN, csv_text, load
from tests.money.small_fund import ONE, Fund, close_case, make_fund
from tests.tiny import PEOPLE
from tests.workflow.people import World, at

from qor.engine.monitoring.month import RunRequest, run_month
from qor.interfaces.clock import now
from qor.law.nouns.months import Month
from qor.workflow.accounts.models import Organisation
from qor.workflow.acts.closing import close_acts
from qor.workflow.acts.closing_claim import (
    AlreadyClosed,
    EarlierMonthOpen,
    LaterMonthClosed,
    NotBroughtIn,
)
from qor.workflow.acts.models import Act, Deduction, HeldService
from qor.workflow.acts.unconfirmed import contract_alarms
from qor.workflow.audit.models import Entry
from qor.workflow.audit.proof import prove
from qor.workflow.disputes.models import Case
from qor.workflow.disputes.open_cases import MonthNotRun, open_cases


@pytest.fixture
def fund(tmp_path: Path, world: World) -> Fund:
    """Plans of twelve thousand a month."""
    return make_fund(tmp_path, world)


JANUARY, FEBRUARY, MARCH = Month(2026, 1), Month(2026, 2), Month(2026, 3)


def test_what_is_held_is_paid_once_it_is_free(fund: Fund) -> None:
    """291/2020:23: open at the closing: held whole. Rejected after: released in the next act,
    against the sum of its own month."""
    fund.month(JANUARY, 10)
    case = fund.case(JANUARY, 3)
    fund.close(JANUARY, date(2026, 2, 20))
    act = fund.act(JANUARY)
    assert (act.claimed, act.held, act.to_pay) == (Decimal(10000), Decimal(1000), Decimal(9000))
    close_case(case, "rejected")
    fund.month(FEBRUARY, 2)
    fund.close(FEBRUARY, date(2026, 3, 20))
    later = fund.act(FEBRUARY)
    assert (later.claimed, later.released, later.to_pay) == (
        Decimal(2000),
        Decimal(1000),
        Decimal(3000),
    )
    assert HeldService.objects.get().released_by == later


def test_a_confirmed_defect_takes_its_price_and_a_sanction(fund: Fund) -> None:
    """321/2020:35, 321/2020:38, 321/2020:47 ¶2, 291/2020:4: three thousand of a service of one: its
    price is disallowed, two thousand are netted from the rest.
    """
    fund.month(JANUARY, 10)
    close_case(fund.case(JANUARY, 3), "confirmed")
    fund.close(JANUARY, date(2026, 2, 20))
    act = fund.act(JANUARY)
    assert (act.disallowed, act.other_deductions, act.to_pay) == (
        Decimal(1000),
        Decimal(2000),
        Decimal(7000),
    )
    deduction = Deduction.objects.get()
    assert (deduction.disallowed, deduction.sanction, deduction.reason) == (
        Decimal(1000),
        Decimal(2000),
        "defect",
    )


def test_a_returned_service_is_not_charged_later(fund: Fund) -> None:
    """It went back, nothing was paid for it; its confirmed defect takes nothing, now or in the next
    month."""
    load(
        fund.lake,
        fund.root,
        "t.csv",
        csv_text(
            [{"code": "V1", "kind": "service", "valid_from": "2020-01-01", "price": "900.00"}]
        ),
        "tariffs",
        None,
    )
    fund.month(JANUARY, 3, checked=True)
    close_case(fund.case(JANUARY, 2), "confirmed")
    fund.close(JANUARY, date(2026, 2, 20))
    assert fund.act(JANUARY).returned == Decimal(3000)
    load(
        fund.lake,
        fund.root,
        "t2.csv",
        csv_text(
            [{"code": "V1", "kind": "service", "valid_from": "2020-01-01", "price": "1000.00"}]
        ),
        "tariffs",
        None,
    )
    fund.month(FEBRUARY, 2, checked=True)
    fund.close(FEBRUARY, date(2026, 3, 20))
    assert (fund.act(FEBRUARY).other_deductions, fund.act(FEBRUARY).to_pay) == (
        Decimal(0),
        Decimal(2000),
    )


def test_an_agreement_does_not_undo_the_past(fund: Fund) -> None:
    """Lines restated from 10 February by a supplementary agreement: January, closed later, still
    has its contract, and the new sums."""
    fund.month(JANUARY, 10)
    line = {
        "contract_no": "K-1",
        "bin": BIN,
        "care_form": "outpatient",
        "funding": "tmkkk",
        "service_code": "*",
        "valid_from": "2026-02-10",
        "agreement_no": "2",
    }
    lines = [
        line | {"line": 50 + n, "month": f"2026-{n:02d}", "amount": "8000.00"} for n in range(1, 13)
    ]
    load(fund.lake, fund.root, "c2.csv", csv_text(lines), "contracts", None)
    fund.close(JANUARY, date(2026, 2, 20))
    assert (fund.act(JANUARY).beyond, fund.act(JANUARY).to_pay) == (Decimal(2000), Decimal(8000))


def test_a_month_that_was_run_is_not_left_out(fund: Fund) -> None:
    """February was run: March may not be closed before it."""
    for month in (JANUARY, FEBRUARY, MARCH):
        fund.month(month, 1)
    fund.close(JANUARY, date(2026, 2, 20))
    open_cases(fund.lake, MARCH, by="test", at=at(date(2026, 4, 20)))
    with pytest.raises(EarlierMonthOpen):
        close_acts(fund.lake, MARCH, by="test", at=at(date(2026, 4, 20)))


@pytest.mark.slow
def test_alarms_count_what_stands(fund: Fund) -> None:
    """An unconfirmed case of 900,000 is above 200 MCI in its month; withdrawn, it counts no
    more."""
    fund.month(JANUARY, 3)
    case = fund.case(JANUARY, 1, code="5.1", amount=Decimal("900000.00"))
    close_case(case, "confirmed")
    fund.close(JANUARY, date(2026, 2, 20))
    (contract,) = contract_alarms(fund.lake, Organisation.objects.all(), set())
    assert [(alarm.what, alarm.total) for alarm in contract.alarms] == [
        ("month", Decimal("900000.00"))
    ]
    close_case(case, "rejected")
    fund.month(FEBRUARY, 1)
    fund.close(FEBRUARY, date(2026, 3, 20))
    assert contract_alarms(fund.lake, Organisation.objects.all(), set()) == []


def test_above_the_months_sum(fund: Fund) -> None:
    """Thirteen services where twelve were bought: the last one is beyond the contract, and says
    that no scale is loaded."""
    fund.month(JANUARY, 13)
    fund.close(JANUARY, date(2026, 2, 20))
    assert (fund.act(JANUARY).beyond, fund.act(JANUARY).to_pay) == (Decimal(1000), Decimal(12000))


@pytest.mark.slow
def test_a_service_set_free_counts_in_its_own_month(fund: Fund) -> None:
    """January used its sum up: what is set free later finds no room there, though February has
    some."""
    fund.month(JANUARY, 13)
    case = fund.case(JANUARY, 1)
    fund.close(JANUARY, date(2026, 2, 20))
    assert (fund.act(JANUARY).held, fund.act(JANUARY).beyond) == (Decimal(1000), Decimal(0))
    close_case(case, "rejected")
    fund.month(FEBRUARY, 1)
    fund.close(FEBRUARY, date(2026, 3, 20))
    assert (fund.act(FEBRUARY).released, fund.act(FEBRUARY).beyond, fund.act(FEBRUARY).to_pay) == (
        Decimal(1000),
        Decimal(1000),
        Decimal(1000),
    )


def test_a_month_closes_once_and_in_its_order(fund: Fund) -> None:
    """Again: refused. An earlier month after a later one: refused. A month that was not run or
    brought in: refused."""
    with pytest.raises(MonthNotRun):
        open_cases(fund.lake, JANUARY, by="test", at=at(date(2026, 2, 20)))
    fund.month(JANUARY, 1)
    fund.month(FEBRUARY, 1)
    fund.close(FEBRUARY, date(2026, 3, 20))
    with pytest.raises(AlreadyClosed):
        close_acts(fund.lake, FEBRUARY, by="test", at=at(date(2026, 3, 20)))
    with pytest.raises(LaterMonthClosed):
        close_acts(fund.lake, JANUARY, by="test", at=at(date(2026, 3, 20)))


def test_findings_must_be_cases_first(fund: Fund) -> None:
    """A finding that could hold money and nobody was asked about: refused, and nothing is
    written."""
    double = {"service_id": "again"}
    fund.month(JANUARY, 1)
    rows = [
        ONE
        | {
            "provider_bin": BIN,
            "iin": PEOPLE["A"],
            "identity_kind": "iin",
            "care_form": "outpatient",
            "setting": "visit",
            "quantity": "1",
            "started_at": "2026-02-05 09:00:00",
            "ended_at": "2026-02-05 09:20:00",
            "registered_at": "2026-02-05 10:00:00",
        }
        | facts
        for facts in ({"service_id": "one"}, double)
    ]
    load(fund.lake, fund.root, "x.csv", csv_text(rows), "services", "2026-02")
    run_month(fund.lake, RunRequest(FEBRUARY, date(2026, 3, 2), "test", now()))
    fund.case(FEBRUARY, 77, check_slug="something-else")
    with pytest.raises(NotBroughtIn):
        close_acts(fund.lake, FEBRUARY, by="test", at=at(date(2026, 3, 20)))
    assert not Act.objects.exists()


def test_the_journal_proves_a_month_that_was_brought_in_and_closed(fund: Fund) -> None:
    """Cases inserted in bulk are sealed as the database holds them; so is what came after them."""
    rows = [
        ONE
        | {
            "provider_bin": BIN,
            "service_id": f"x{n}",
            "identity_kind": "foreigner",
            "care_form": "outpatient",
            "setting": "visit",
            "started_at": f"2026-01-{n + 10} 09:00:00",
            "ended_at": f"2026-01-{n + 10} 09:20:00",
            "quantity": "1",
            "card_no": f"X{n}",
            "registered_at": f"2026-01-{n + 10} 10:00:00",
            "register_no": "R1",
            "contract_no": "K-1",
            "performer_id": "D9",
            "icd10_main": "J99.99",
        }
        for n in range(5)
    ]
    load(fund.lake, fund.root, "findings.csv", csv_text(rows), "services", str(JANUARY))
    fund.month(JANUARY, 9, checked=True)
    fund.close(JANUARY, date(2026, 2, 20))
    sealed = Entry.objects.get(verb="open_cases").seals["sealed"]["count"]
    assert sealed == Case.objects.count() > 0
    assert prove().problems == []
