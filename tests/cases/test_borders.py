"""Cases that slipped once: kept so that they do not again."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.engine.registers import AT, BIN, GOOD, csv_text, lake_with_providers, rows_of, take
from tests.tiny import check, lines, people, run_one, services

from qor.engine.intake import refusals
from qor.engine.monitoring.month import RunRequest, run_month
from qor.engine.storage.duck import connect, parquet
from qor.law.nouns.months import month
from qor.law.reading.figures import figure
from qor.law.rules.expected_amounts import expected_amount

FEBRUARY = RunRequest(month("2026-02"), date(2026, 3, 2), "test", AT)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2026-02-10T09:00:00+05:00", "2026-02-10 09:00:00"),
        ("2026-02-10T09:00:00+06:00", "2026-02-10 08:00:00"),
        ("2026-02-10T04:00:00Z", "2026-02-10 09:00:00"),
        ("2024-02-10T04:00:00Z", "2024-02-10 10:00:00"),
    ],
)
def test_offsets(tmp_path: Path, written: str, stored: str) -> None:
    """A time with its offset becomes the civil time of Kazakhstan: UTC+5 now, UTC+6 until 29
    February 2024."""
    lake = lake_with_providers(tmp_path)
    take(lake, tmp_path, "r.csv", csv_text([GOOD | {"started_at": written}]))
    assert str(rows_of(lake, "services", "started_at")[0][0]) == stored


def test_newborn_who_has_an_iin() -> None:
    """A newborn known to the register is one case, not two."""
    findings = run_one(
        "infant-death",
        {
            "services": services(
                """
                id | iin | start            | identity_kind | setting   | outcome
                s1 | A   | 2026-02-10 09:00 | newborn       | inpatient | died
                """
            ),
            "people": people("person | born | died\nA | 2026-02-01 | 2026-02-10"),
            "providers": lines("bin | region\nP1 | 71"),
        },
    )
    assert [row["service_id"] for row in findings] == ["s1"]


def test_absurd_quantities_do_not_stop_the_month(tmp_path: Path) -> None:
    """An identifier typed as a quantity, and the largest sums that intake lets in: findings, not a
    crash."""
    largest = str(figure("largest_service_amount", FEBRUARY.month.last).value)
    lake = lake_with_providers(tmp_path)
    tariff = {
        "code": "A02.001.000",
        "kind": "service",
        "valid_from": "2020-01-01",
        "price": "9999999999999.99",
    }
    take(lake, tmp_path, "t.csv", csv_text([tariff]), "tariffs", None)
    rows = [
        GOOD | {"service_id": f"s{n}", "quantity": "950314400123", "amount": largest}
        for n in range(1200)
    ]
    take(lake, tmp_path, "r.csv", csv_text(rows))
    assert run_month(lake, FEBRUARY).rows["acts"] == 1


def test_a_rejection_counts_once_and_not_beside_its_corrected_row(tmp_path: Path) -> None:
    """Two bad versions of one row and then a good one: one service in the act."""
    lake = lake_with_providers(tmp_path)
    bad = GOOD | {"service_id": "s2", "started_at": "?"}
    take(lake, tmp_path, "a.csv", csv_text([GOOD, bad]))
    take(lake, tmp_path, "b.csv", csv_text([bad | {"card_no": "C2"}]))
    run_month(lake, FEBRUARY)
    assert _received(lake) == Decimal("3000.00")
    take(lake, tmp_path, "c.csv", csv_text([GOOD | {"service_id": "s2"}]))
    run_month(lake, FEBRUARY)
    assert _received(lake) == Decimal("3000.00")


def test_a_row_without_a_readable_month_stands_in_the_act_of_its_file(tmp_path: Path) -> None:
    """No month said, end of service unreadable: the month of the file's other rows."""
    lake = lake_with_providers(tmp_path)
    take(
        lake,
        tmp_path,
        "a.csv",
        csv_text([GOOD, GOOD | {"service_id": "s2", "ended_at": "?"}]),
        of=None,
    )
    run_month(lake, FEBRUARY)
    assert _received(lake) == Decimal("3000.00")


def _received(lake: object) -> Decimal:
    with connect() as connection:
        return Decimal(
            connection.execute(
                f"SELECT sum(received) FROM {parquet(lake.paths('acts'))}"
            ).fetchall()[0][0]
        )  # type: ignore[attr-defined]


def test_quantity_without_a_performer() -> None:
    """Two rows without a performer are two records, and count together."""
    check(
        "quantity-excess",
        """
        id | iin | code | doctor | start            | quantity | entered          | expect
        a1 | A   | L1   | -      | 2026-02-10 09:00 | 2        | 2026-02-10 10:00 |
        a2 | A   | L1   | -      | 2026-02-10 09:00 | 2        | 2026-02-10 11:00 | found
        """,
        service_rules=lines("code | max_daily\nL1 | 2"),
    )


def test_two_stays_on_one_day() -> None:
    """Only the later of two stays is the readmission."""
    check(
        "readmission",
        """
        id | iin | at | form       | setting   | start            | end              | expect
        a1 | A   | P1 | stay_group | inpatient | 2026-02-10 08:00 | 2026-02-10 10:00 |
        a2 | A   | P2 | stay_group | inpatient | 2026-02-10 12:00 | 2026-02-20 10:00 | found
        """,
    )


def test_codes_without_dots(tmp_path: Path) -> None:
    """Put right at intake, so that every rule reads one spelling."""
    lake = lake_with_providers(tmp_path)
    receipt = take(
        lake,
        tmp_path,
        "r.csv",
        csv_text([GOOD | {"icd10_main": "o991", "icd10_other": "T886; J45"}]),
    )
    assert receipt.normalised == {"icd10_main": 1}
    assert rows_of(lake, "services", "icd10_main, icd10_other") == [("O99.1", ["T88.6", "J45"])]


def test_duplicate_across_the_turn_of_the_month() -> None:
    """Same start, one row ended on 31 January, the other on 1 February: the later entered is found
    in February."""
    check(
        "duplicate-service",
        """
        id | iin | start            | end              | entered          | expect
        a1 | A   | 2026-01-31 23:50 | 2026-01-31 23:59 | 2026-02-01 01:00 |
        a2 | A   | 2026-01-31 23:50 | 2026-02-01 00:10 | 2026-02-01 02:00 | found
        """,
    )


def test_control_after_a_day_hospital_operation() -> None:
    """An operation in a day hospital excuses the control examination too."""
    check(
        "repeat-diagnostics",
        """
        all: iin A
        id | code | setting      | start            | end              | operation_codes | expect
        a1 | X1   | visit        | 2026-02-03 09:00 | 2026-02-03 09:20 |                 |
        a2 | V1   | day_hospital | 2026-02-05 09:00 | 2026-02-05 15:00 | 51.22           |
        a3 | X1   | visit        | 2026-02-10 09:00 | 2026-02-10 09:20 |                 |
        """,
        service_rules=lines("code | diagnostic | repeat_days\nX1 | true | 30"),
    )


def test_repeat_without_diagnosis_and_on_the_same_day() -> None:
    """No diagnosis is no "same disease"; the same day elsewhere is a repeat where the code has no
    daily limit."""
    check(
        "repeat-diagnostics",
        """
        id | iin | at | code | icd   | start            | expect
        a1 | A   | P1 | X1   | -     | 2026-02-03 09:00 |
        a2 | A   | P1 | X1   | -     | 2026-02-10 09:00 |
        b1 | B   | P1 | X1   | J18.0 | 2026-02-10 09:00 |
        b2 | B   | P2 | X1   | J18.0 | 2026-02-10 15:00 | found
        """,
        service_rules=lines("code | diagnostic | repeat_days\nX1 | true | 30"),
    )


def test_co_executors_own_register_during_a_stay() -> None:
    """What the hospital ordered from a co-executor stands in the co-executor's register too: no
    5.1."""
    check(
        "during-stay",
        """
        all: iin A
        id | at | form       | setting   | code
        st | P2 | stay_group | inpatient | -
        s1 | P2 | outpatient | visit     | V1
        s2 | P1 | outpatient | visit     | V1
        s3 | P1 | outpatient | -         | V1

        id | start       | end         | subcontract_bin | expect
        st | 02-09 10:00 | 02-13 11:00 |                 |
        s1 | 02-11 09:00 | 02-11 09:20 | P1              |
        s2 | 02-11 09:00 | 02-11 09:20 |                 |
        s3 | 02-11 15:00 | 02-11 15:20 |                 | found
        """,
    )


def test_two_places_over_midnight_and_for_strangers() -> None:
    """An overlap past midnight counts; two foreigners are not one record."""
    check(
        "doctor-two-places",
        """
        id | iin | identity_kind | at | doctor | start            | end              | expect
        a1 | A   | iin           | P1 | D1     | 2026-02-10 23:50 | 2026-02-11 00:20 |
        a2 | B   | iin           | P2 | D1     | 2026-02-11 00:10 | 2026-02-11 00:40 | found
        b1 |     | foreigner     | P1 | D2     | 2026-02-10 09:00 | 2026-02-10 09:20 |
        b2 |     | foreigner     | P2 | D2     | 2026-02-10 09:00 | 2026-02-10 09:20 | found
        """,
        staff=lines("performer_id | bin\nD1 | P1\nD2 | P1"),
    )


def test_a_referral_from_the_future() -> None:
    """A date beyond the calendar is no wait."""
    check(
        "waiting-time",
        """
        id | iin | start            | referral_date | expect
        s1 | A   | 2026-02-13 09:00 | 2029-01-22    |
        """,
    )


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        ('{"provider_bin": "\\ud800"}\n', refusals.FileRefused),
        ('{"provider_bin": "\\u0000"}\n', refusals.NulByte),
    ],
)
def test_json_that_is_no_text(tmp_path: Path, content: str, refusal: type[Exception]) -> None:
    """Half a character and a hidden NUL are refused by name."""
    lake = lake_with_providers(tmp_path)
    filled = content.replace(
        "{",
        '{"service_id":"s","care_form":"outpatient","started_at":"","ended_at":"","registered_at":"","amount":"1",',
    )
    with pytest.raises(refusal):
        take(lake, tmp_path, "r.jsonl", filled)


def test_line_of_a_file_without_a_last_line_end(tmp_path: Path) -> None:
    """A cell with a line end in it, and no line end at the end of the file."""
    lake = lake_with_providers(tmp_path)
    head, *_ = csv_text([GOOD]).splitlines()
    multi = csv_text([GOOD | {"card_no": "two\nlines"}]).split("\n", 1)[1]
    wrong = csv_text([GOOD | {"service_id": "s3", "amount": "x"}]).splitlines()[1]
    take(lake, tmp_path, "r.csv", f"{head}\n{multi}{wrong}")
    assert rows_of(lake, "rejected", "line, provider_bin") == [(4, BIN)]


def test_the_expected_amount_in_sql_is_the_law_function() -> None:
    """Units, price and coefficient of every form that has a price: what the check expects is what
    the law function says."""
    drawn = """
        all: start 2026-02-10 09:00
        id | iin | at | form         | setting   | code | group | quantity | bed_days | amount
        s1 | A   | P1 | outpatient   | visit     | V1   |       | 3        |          | 0.01
        s2 | A   | P1 | stay_bed_day | inpatient | BD   |       | 1        | 7        | 0.01
        s3 | A   | P1 | stay_group   | inpatient | -    | G1    | 1        | 7        | 0.01
        s4 | A   | P1 | rural        | inpatient | -    | G1    | 1        | 7        | 0.01
        s5 | A   | P1 | rural        | visit     | V1   |       | 1        |          | 0.01
        s6 | A   | P1 | pathology    | visit     | V1   |       | 1.5      |          | 0.01
        """
    prices = {"V1": Decimal("333.33"), "BD": Decimal("24500.07"), "G1": Decimal("90000.35")}
    tariffs = lines(
        "code | kind | price\nV1 | service | 333.33\nBD | bed_day | 24500.07\nG1 | group | 90000.35"
    )
    coefficients = lines(
        "bin | care_form | kind | value\nP1 | outpatient | a | 1.1\nP1 | stay_group | a | "
        "1.05\nP1 | stay_group | b | 1.1"
    )
    tables = {
        "services": services(drawn),
        "providers": lines("bin | region\nP1 | 71"),
        "tariffs": tariffs,
        "coefficients": coefficients,
    }
    expected_amounts = {
        row["service_id"]: Decimal(row["expected"]) for row in run_one("amount-mismatch", tables)
    }
    assert expected_amounts == {
        "s1": expected_amount(Decimal(3), prices["V1"], Decimal("1.1")),
        "s2": expected_amount(Decimal(7), prices["BD"]),
        "s3": expected_amount(Decimal(1), prices["G1"], Decimal("1.155")),
        "s4": expected_amount(Decimal(1), prices["G1"]),
        "s6": expected_amount(Decimal("1.5"), prices["V1"]),
    }
