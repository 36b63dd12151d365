"""Dates, entry, codes, required fields, staff, amounts, waiting: both sides of each border."""

from tests.tiny import check, lines

TARIFFS = lines("code | kind | price\nV1 | service | 1000.00\nG1 | group | 90000.00")


def test_dates_inverted() -> None:
    """Ended before it started, or after it was entered: a minute is enough, the same moment is in
    order."""
    check(
        "dates-inverted",
        """
        id | iin | start            | end              | entered          | expect
        ok | A   | 2026-02-10 09:00 | 2026-02-10 09:00 | 2026-02-10 09:00 |
        s1 | A   | 2026-02-10 09:00 | 2026-02-10 08:59 | 2026-02-10 10:00 | found
        s2 | A   | 2026-02-10 09:00 | 2026-02-10 09:20 | 2026-02-10 08:59 | found
        s3 | A   | 2026-02-05 09:00 | 2026-02-20 10:00 | 2026-02-06 10:00 | found
        s4 | A   | 2026-02-05 09:00 | 2026-02-20 10:00 | 2026-02-20 09:59 | found
        s5 | A   | 2026-02-05 09:00 | 2026-02-20 10:00 | 2026-02-20 10:00 |
        n1 | A   | 2026-01-28 09:00 | 2026-02-02 09:00 | 2026-02-02 10:00 |
        d1 | A   | 2026-02-10 09:00 | 2026-02-10 09:20 | 2026-02-10       |
        d2 | A   | 2026-02-10 09:00 | 2026-02-10       | 2026-02-10       |
        d3 | A   | 2026-02-10 09:00 | 2026-02-10 09:20 | 2026-02-09       | found
        d4 | A   | 2026-02-10 09:00 | 2026-02-09       | 2026-02-10       | found
        """,
    )


def test_late_entry() -> None:
    """291/2020:40, 291/2020:69: outpatient data are due on the third working day (weekend between);
    ambulance data on the next day (291/2020, 69 and 40)."""
    check(
        "late-entry",
        """
        id | iin | form       | start            | entered          | expect
        s1 | A   | outpatient | 2026-02-05 09:00 | 2026-02-10 23:59 |
        s2 | A   | outpatient | 2026-02-05 09:00 | 2026-02-11 00:01 | found
        s3 | A   | ambulance  | 2026-02-05 09:00 | 2026-02-06 23:59 |
        s4 | A   | ambulance  | 2026-02-05 09:00 | 2026-02-07 00:01 | found
        """,
    )


def test_late_entry_over_nauryz() -> None:
    """Services of 20 March 2026 may be entered until 30 March: 21-25 March are days off."""
    check(
        "late-entry",
        """
        id | iin | start            | entered          | expect
        s1 | A   | 2026-03-20 09:00 | 2026-03-30 23:59 |
        s2 | A   | 2026-03-20 09:00 | 2026-03-31 00:01 | found
        """,
        of="2026-03",
    )


def test_code_unknown() -> None:
    """A code must be in the catalogue on the day: its last day counts, the next does not."""
    check(
        "code-unknown",
        """
        id | iin | code | start            | expect
        s1 | A   | V1   | 2026-02-10 09:00 |
        s2 | A   | V9   | 2026-02-10 09:00 | found
        s3 | A   | OLD  | 2026-02-10 09:00 |
        s4 | A   | OLD  | 2026-02-11 09:00 | found
        """,
        tariffs=lines(
            "code | kind | price | valid_to\nV1 | service | 1 |\nOLD | service | 1 | 2026-02-10"
        ),
    )


def test_icd_unknown() -> None:
    """The main diagnosis must be an ICD-10 code, with or without its dot; blood has none."""
    check(
        "icd-unknown",
        """
        id | iin | form       | icd    | start            | expect
        s1 | A   | outpatient | I20.0  | 2026-02-10 09:00 |
        s2 | A   | outpatient | I200   | 2026-02-10 09:00 |
        s3 | A   | outpatient | S52.50 | 2026-02-10 09:00 |
        s4 | A   | outpatient | -      | 2026-02-10 09:00 | found
        s5 | A   | outpatient | Q99.99 | 2026-02-10 09:00 | found
        s6 | A   | blood      | -      | 2026-02-10 09:00 |
        """,
    )


def test_required_missing() -> None:
    """Bed-days are required of a stay, not of a visit."""
    check(
        "required-missing",
        """
        all: start 2026-02-10 09:00
        id | iin | form       | setting   | group | bed_days | performer_id | expect
        s1 | A   | outpatient | visit     |       |          | D1           |
        s2 | A   | outpatient | visit     |       |          | -            | found
        s3 | A   | stay_group | inpatient | G1    | 3        | D1           |
        s4 | A   | stay_group | inpatient | G1    | -        | D1           | found
        s5 | A   | stay_group | inpatient |       | 3        | D1           | found
        """,
    )


def test_value_unreadable() -> None:
    """A value lost in reading is said; nothing is lost silently."""
    check(
        "value-unreadable",
        """
        id | iin | start            | unreadable | expect
        s1 | A   | 2026-02-10 09:00 |            |
        s2 | A   | 2026-02-10 09:00 | weight     | found
        """,
    )


def test_doctor_unknown() -> None:
    """On the staff list on the day, of the provider or of its co-executor; the last day of work
    counts."""
    check(
        "doctor-unknown",
        """
        id | iin | doctor | start            | subcontract_bin | expect
        s1 | A   | D1     | 2026-02-10 09:00 |                 |
        s2 | A   | D1     | 2026-02-11 09:00 |                 | found
        s3 | A   | D2     | 2026-02-10 09:00 |                 | found
        s4 | A   | D2     | 2026-02-10 09:00 | P2              |
        """,
        staff=lines(
            "performer_id | bin | works_from | works_to\nD1 | P1 | 2024-01-01 | "
            "2026-02-10\nD2 | P2 | 2024-01-01 |"
        ),
    )


def test_amount_mismatch() -> None:
    """One tiyn below the expected amount is in order, two are found; an entitled coefficient
    counts."""
    check(
        "amount-mismatch",
        """
        id | iin | at | start            | amount  | expect
        s1 | A   | P1 | 2026-02-10 09:00 | 999.99  |
        s2 | A   | P1 | 2026-02-10 09:00 | 999.98  | found
        s3 | A   | P2 | 2026-02-10 09:00 | 1210.00 |
        s4 | A   | P2 | 2026-02-10 09:00 | 1100.00 | found
        """,
        tariffs=TARIFFS,
        coefficients=lines(
            "bin | care_form | kind | value\nP2 | outpatient | regional | 1.10\nP2 | "
            "outpatient | rural | 1.10"
        ),
    )


def test_waiting_time() -> None:
    """Fifteen working days of waiting are in order, sixteen are found; emergencies do not wait."""
    check(
        "waiting-time",
        """
        id | iin | start            | referral_date | admission | expect
        s1 | A   | 2026-02-13 09:00 | 2026-01-23    | planned   |
        s2 | A   | 2026-02-13 09:00 | 2026-01-22    | planned   | found
        s3 | A   | 2026-02-13 09:00 | 2025-12-01    | emergency |
        s4 | A   | 2026-02-13 09:00 | 2015-12-01    | planned   | found
        """,
    )
