"""What a defect takes: the price that was paid, whatever the norm became since."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.engine.registers import BIN, OTHER
from tests.money.four_contracts import Two, accounts, choose, make_two
from tests.money.small_fund import close_case
from tests.workflow.people import World

from qor.law.nouns.months import Month
from qor.workflow.acts.models import Act, Deduction
from qor.workflow.acts.service_account import accounts_of
from qor.workflow.acts.unready import unready_of

JANUARY, FEBRUARY = Month(2026, 1), Month(2026, 2)


@pytest.fixture
def two(tmp_path: Path, world: World) -> Two:
    """A fund of two providers, each with an account."""
    fund = make_two(tmp_path, world)
    accounts(fund, BIN, OTHER)
    return fund


def missing(month: Month) -> set[tuple[str, str]]:
    """Who lacks what."""
    return {(each.bin, each.what) for each in unready_of(month)}


def close(two: Two, month: Month, on: date | None = None) -> dict[str, Act]:
    """Run and close a month; its acts by contract."""
    two.run(month)
    two.close(month, *([on] if on else []))
    acts = Act.objects.filter(closing__month=str(month)).select_related("provider")
    return {act.contract_no: act for act in acts}


@pytest.mark.parametrize(
    ("choice", "norm", "expected"),
    [
        ("name_only", "900.00", (300, 600)),
        ("name_only", "100.00", (300, 0)),
        ("recalculate", "900.00", (900, 0)),
        ("recalculate", "100.00", (100, 0)),
    ],
)
def test_a_norm_corrected_later_changes_no_price_that_was_paid(
    two: Two, monkeypatch: pytest.MonkeyPatch, choice: str, norm: str, expected: tuple[int, int]
) -> None:
    """291/2020:63: 300 were paid; where late lists are only named, a defect takes them back,
    whatever the norm is now, and what lies above them is a sanction. Recalculated, it takes what
    the service is worth now: 900, or what the norm of 100 leaves."""
    choose(monkeypatch, "lists_loaded_late", choice)
    for number in ("K-1", "K-3"):
        two.contract(number, "mental", "900000.00")
        two.services(JANUARY, 2, number, "mental")
    kind = {"kind": "КТ", "valid_from": "2024-01-01"}
    two.load("norms", kind | {"bin": "*", "value": "300.00"})
    close(two, JANUARY)
    two.load("norms", kind | {"bin": BIN, "value": norm, "valid_from": "2026-01-01"})
    _confirmed_later(two, "K-1-mental-2026-01-1", Decimal(900 if norm == "900.00" else 300))
    decided = Deduction.objects.values_list("taken_back", "sanction")
    assert list(decided) == [expected]


@pytest.mark.parametrize(
    ("choice", "expected"), [("name_only", (0, 900)), ("recalculate", (900, 0))]
)
def test_nothing_is_taken_back_of_what_had_no_tariff(
    two: Two, monkeypatch: pytest.MonkeyPatch, choice: str, expected: tuple[int, int]
) -> None:
    """291/2020:63: no norm when the month was closed, so nothing was paid; loaded later and only
    named, a defect takes nothing back of it: the whole is a sanction. Recalculated, the service is
    paid and the defect takes it back."""
    choose(monkeypatch, "lists_loaded_late", choice)
    for number in ("K-1", "K-3"):
        two.contract(number, "mental", "900000.00")
        two.services(JANUARY, 2, number, "mental")
    two.load("norms", {"bin": OTHER, "kind": "КТ", "valid_from": "2024-01-01", "value": "300.00"})
    close(two, JANUARY)
    assert (BIN, "no_norm") in missing(JANUARY)
    two.load("norms", {"bin": BIN, "kind": "КТ", "valid_from": "2024-01-01", "value": "900.00"})
    _confirmed_later(two, "K-1-mental-2026-01-1", Decimal(900))
    decided = Deduction.objects.values_list("taken_back", "sanction")
    assert list(decided) == [expected]


def test_a_patients_tariff_is_carried_by_a_service_that_a_contract_covers(two: Two) -> None:
    """291/2020:3, 291/2020:21, 291/2020:28: the patient's first service is of a funding that no
    contract covers: the tariff of the month is paid for the second, and is its price."""
    for number in ("K-1", "K-3"):
        two.contract(number, "mental", "900000.00")
    two.load("norms", {"bin": "*", "kind": "КТ", "valid_from": "2024-01-01", "value": "300.00"})
    two.services(JANUARY, 1, "K-1", "mental", card_no="C1", funding="osms")
    two.services(JANUARY, 1, "K-1", "mental", start=2, card_no="C1")
    two.services(JANUARY, 1, "K-3", "mental")
    acts = close(two, JANUARY)
    assert (acts["K-1"].claimed, acts["K-1"].to_pay) == (300, 300)
    assert "" not in acts or acts[""].beyond == 0
    provider = two.world.providers["71"].organisation.pk
    keys = [(provider, f"K-1-mental-2026-01-{day}", "2026-01") for day in (1, 2)]
    prices = accounts_of(two.lake, keys)
    assert [prices[key[:2]].price for key in keys] == [0, 300]


def test_nothing_is_taken_of_a_returned_service_without_a_price(two: Two) -> None:
    """291/2020:15, 291/2020:39: a visit paid per capita names neither of the two contracts that
    cover it and goes back: a defect confirmed later takes nothing of it; of the visit that was
    accepted it is all a sanction."""
    for number in ("K-1", "K-2", "K-3"):
        two.contract(number, "ambulance", "900000.00")
    two.services(JANUARY, 1, "K-1", "ambulance", contract_no="")
    two.services(JANUARY, 1, "K-1", "ambulance", start=2)
    two.services(JANUARY, 1, "K-3", "ambulance")
    close(two, JANUARY)
    for day in (1, 2):
        _confirm(two, f"K-1-ambulance-2026-01-{day}", "ambulance", Decimal(70))
    two.services(FEBRUARY, 1, "K-3", "ambulance")
    close(two, FEBRUARY)
    decided = Deduction.objects.values_list("service_id", "taken_back", "sanction")
    assert list(decided) == [("K-1-ambulance-2026-01-2", 0, 70)]


def _confirmed_later(two: Two, service: str, stake: Decimal) -> None:
    """A defect found before the payment and confirmed after the closing; February is closed."""
    _confirm(two, service, "mental", stake)
    two.services(FEBRUARY, 1, "K-3", "mental")
    close(two, FEBRUARY)


def _confirm(two: Two, service: str, form: str, stake: Decimal) -> None:
    """A defect on a service of January, found before the payment and confirmed."""
    sums: dict[str, Any] = {"amount": Decimal(300), "proposed_deduction": stake}
    case = two.world.case(
        region="71",
        month="2026-01",
        service_id=service,
        care_form=form,
        found_on=date(2026, 2, 10),
        **sums,
    )
    close_case(case, "confirmed")
