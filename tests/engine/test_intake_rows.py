"""Accept or reject: accepted + rejected = received, each rejected row with line, column, value and
reason."""

from decimal import Decimal
from pathlib import Path

import pytest
from tests.engine.registers import AT, BIN, GOOD, csv_text, lake_with_providers, rows_of, take

from qor.engine.monitoring.month import freeze
from qor.engine.simulate.world import provider_bins
from qor.law.nouns.months import month


@pytest.mark.parametrize(
    ("fault", "reason", "column"),
    [
        ({"service_id": ""}, "missing", "service_id"),
        ({"provider_bin": ""}, "missing", "provider_bin"),
        ({"provider_bin": "123456789012"}, "unknown_provider", "provider_bin"),
        ({"care_form": "massage"}, "unreadable", "care_form"),
        ({"started_at": "yesterday"}, "unreadable", "started_at"),
        ({"ended_at": "2026-02-30 09:00:00"}, "unreadable", "ended_at"),
        ({"registered_at": ""}, "missing", "registered_at"),
        ({"amount": "12.345"}, "unreadable", "amount"),
        ({"amount": "-0.01"}, "negative", "amount"),
        ({"quantity": "-1"}, "negative", "quantity"),
        ({"ended_at": "2026-03-01 00:00:00"}, "other_month", "ended_at"),
    ],
)
def test_each_reason(tmp_path: Path, fault: dict[str, str], reason: str, column: str) -> None:
    """One row wrong, one right: the wrong one stands among the rejected with where and why, the
    right one is in."""
    lake = lake_with_providers(tmp_path)
    receipt = take(lake, tmp_path, "r.csv", csv_text([GOOD | {"service_id": "ok"}, GOOD | fault]))
    assert (receipt.received, receipt.accepted, receipt.rejected) == (2, 1, 1)
    (row,) = rows_of(lake, "rejected", 'line, "column", reason, value')
    assert row[:3] == (3, column, reason)
    assert (row[3] or "") == next(iter(fault.values()))


@pytest.mark.parametrize(
    "written",
    [
        {"amount": "1 500,00"},
        {"started_at": "10.02.2026 09:00"},
        {"started_at": "2026-02-10T09:00:00+05:00"},
        {"care_form": "OUTPATIENT"},
        {"quantity": ""},
        {"quantity": "many"},
        {"setting": "somewhere"},
        {"iin": "not an iin"},
        {"service_code": ""},
    ],
)
def test_everything_else_is_accepted(tmp_path: Path, written: dict[str, str]) -> None:
    """What is wrong with an accepted row is a finding, not a rejection."""
    lake = lake_with_providers(tmp_path)
    assert take(lake, tmp_path, "r.csv", csv_text([GOOD | written])).accepted == 1


def test_offsets_become_civil_time(tmp_path: Path) -> None:
    """UTC+6 until 29 February 2024, UTC+5 since (one zone): 04:00Z is 09:00 now."""
    lake = lake_with_providers(tmp_path)
    take(lake, tmp_path, "r.csv", csv_text([GOOD | {"started_at": "2026-02-10T04:00:00Z"}]))
    assert str(rows_of(lake, "services", "started_at")[0][0]) == "2026-02-10 09:00:00"


def test_unreadable_optional_values_are_named(tmp_path: Path) -> None:
    """Nothing is lost silently: the row says which of its columns could not be read."""
    lake = lake_with_providers(tmp_path)
    take(lake, tmp_path, "r.csv", csv_text([GOOD | {"quantity": "many", "setting": "somewhere"}]))
    assert rows_of(lake, "services", "unreadable") == [("setting quantity",)]


def test_codes_are_put_right_and_counted(tmp_path: Path) -> None:
    """Cyrillic look-alikes and doubled dots (a real price list has both)."""
    lake = lake_with_providers(tmp_path)
    receipt = take(lake, tmp_path, "r.csv", csv_text([GOOD | {"service_code": "В03..335.002"}]))
    assert receipt.normalised == {"service_code": 1}
    assert rows_of(lake, "services", "service_code") == [("B03.335.002",)]


def test_second_row_of_a_key(tmp_path: Path) -> None:
    """The first stays, the second is rejected; its amount is counted."""
    lake = lake_with_providers(tmp_path)
    receipt = take(lake, tmp_path, "r.csv", csv_text([GOOD, GOOD | {"amount": "99.00"}]))
    assert receipt.reasons == {"second_of_key": 1}
    assert rows_of(lake, "services", "amount") == [(Decimal("1500.00"),)]
    assert receipt.amount_rejected == "99.00"


def test_a_file_received_twice_changes_nothing(tmp_path: Path) -> None:
    """The same bytes answer with the first receipt, and write nothing."""
    lake = lake_with_providers(tmp_path)
    first = take(lake, tmp_path, "r.csv", csv_text([GOOD]))
    entries = len(lake.entries)
    second = take(lake, tmp_path, "again.csv", csv_text([GOOD]))
    assert second.seen_before and second.accepted == first.accepted
    assert len(lake.entries) == entries


def test_a_newer_row_replaces_an_older_one(tmp_path: Path) -> None:
    """Before anything stands on it, a corrected row takes the other's place, and an unchanged one
    stays."""
    lake = lake_with_providers(tmp_path)
    take(lake, tmp_path, "r.csv", csv_text([GOOD, GOOD | {"service_id": "s2"}]))
    receipt = take(
        lake,
        tmp_path,
        "r2.csv",
        csv_text([GOOD | {"amount": "1600.00"}, GOOD | {"service_id": "s2"}]),
    )
    assert (receipt.replaced, receipt.unchanged, receipt.accepted) == (1, 1, 2)
    assert rows_of(lake, "services", "service_id, amount") == [
        ("s1", Decimal("1600.00")),
        ("s2", Decimal("1500.00")),
    ]


def test_a_signed_register_stands(tmp_path: Path) -> None:
    """Rows under a signed register are not replaced; the refusal says so."""
    lake = lake_with_providers(tmp_path)
    take(lake, tmp_path, "r.csv", csv_text([GOOD]))
    signed = {
        "provider_bin": BIN,
        "register_no": "R1",
        "version": "1",
        "month": "2026-02",
        "signed_at": "2026-03-01 10:00:00",
    }
    take(lake, tmp_path, "g.csv", csv_text([signed]), "registers", None)
    assert take(lake, tmp_path, "r2.csv", csv_text([GOOD | {"amount": "1600.00"}])).reasons == {
        "register_signed": 1
    }


def test_a_frozen_month_stands(tmp_path: Path) -> None:
    """A month closed for good takes no row more."""
    lake = lake_with_providers(tmp_path)
    take(lake, tmp_path, "r.csv", csv_text([GOOD]))
    freeze(lake, month("2026-02"), "test", AT)
    assert take(lake, tmp_path, "r2.csv", csv_text([GOOD | {"service_id": "s2"}])).reasons == {
        "frozen_month": 1
    }
    assert take(
        lake, tmp_path, "r3.csv", csv_text([GOOD | {"service_id": "s3"}]), of=None
    ).reasons == {"frozen_month": 1}


def test_january_takes_december_in(tmp_path: Path) -> None:
    """The register of January takes services since 1 December that no register had (291/2020,
    clause 15), and no older ones."""
    lake = lake_with_providers(tmp_path)
    december = {
        "started_at": "2025-12-01 09:00:00",
        "ended_at": "2025-12-01 09:20:00",
        "registered_at": "2026-01-02 09:20:00",
    }
    november = {
        "started_at": "2025-11-30 09:00:00",
        "ended_at": "2025-11-30 09:20:00",
        "service_id": "s2",
    }
    receipt = take(
        lake, tmp_path, "r.csv", csv_text([GOOD | december, GOOD | november]), of="2026-01"
    )
    assert receipt.reasons == {"other_month": 1}
    assert lake.months("services") == ["2026-01"]


def test_without_a_month_rows_go_to_their_own(tmp_path: Path) -> None:
    """Each service belongs to the month of its completion (291/2020, clause 16)."""
    lake = lake_with_providers(tmp_path)
    january = {
        "service_id": "s2",
        "started_at": "2026-01-31 23:50:00",
        "ended_at": "2026-01-31 23:59:00",
    }
    take(lake, tmp_path, "r.csv", csv_text([GOOD, GOOD | january]), of=None)
    assert lake.months("services") == ["2026-01", "2026-02"]


def test_a_provider_that_was_not_known_the_first_time(tmp_path: Path) -> None:
    """The same file, handed in again after the provider was loaded, is judged again and counted
    once."""
    lake = lake_with_providers(tmp_path)
    third = provider_bins(3)[2]
    assert take(lake, tmp_path, "r.csv", csv_text([GOOD | {"provider_bin": third}])).rejected == 1
    take(lake, tmp_path, "p.csv", csv_text([{"bin": third, "region": "71"}]), "providers", None)
    assert take(lake, tmp_path, "r.csv", csv_text([GOOD | {"provider_bin": third}])).accepted == 1
    assert lake.parts("rejected") == []


def test_validity_may_not_overlap(tmp_path: Path) -> None:
    """Two tariffs of one code on one day: the second is rejected; a tariff that follows the other
    is in order."""
    lake = lake_with_providers(tmp_path)
    tariff = {
        "code": "A1",
        "kind": "service",
        "valid_from": "2026-01-01",
        "valid_to": "2026-01-31",
        "price": "10",
    }
    receipt = take(
        lake,
        tmp_path,
        "t.csv",
        csv_text([tariff, tariff | {"valid_from": "2026-01-31", "valid_to": ""}]),
        "tariffs",
        None,
    )
    assert receipt.reasons == {"overlapping_validity": 1}
    later = take(
        lake,
        tmp_path,
        "t2.csv",
        csv_text([tariff | {"valid_from": "2026-02-01", "valid_to": ""}]),
        "tariffs",
        None,
    )
    assert later.accepted == 1
    again = take(
        lake,
        tmp_path,
        "t3.csv",
        csv_text([tariff | {"valid_from": "2026-03-01", "valid_to": ""}]),
        "tariffs",
        None,
    )
    assert again.reasons == {"overlapping_validity": 1}
