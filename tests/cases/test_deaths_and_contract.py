"""Deaths, services outside the contract, rows that go back: both sides of each border."""

from tests.tiny import check, lines, people


def test_death_in_stay() -> None:
    """321/2020:40, 321/2020:40:1): every death in a stay is looked at, maternal deaths excepted
    (clause 40)."""
    check(
        "death-in-stay",
        """
        all: start 2026-02-02 09:00
        id | iin | form       | setting   | end              | icd   | outcome  | expect
        s1 | A   | stay_group | inpatient | 2026-02-06 09:00 | I21.9 | died     | found
        s2 | B   | stay_group | inpatient | 2026-02-06 09:00 | I21.9 | improved |
        s3 | C   | stay_group | inpatient | 2026-02-06 09:00 | O72.1 | died     |
        """,
    )


def test_infant_death() -> None:
    """321/2020:40:2): a child who died a day before the first birthday is found in the last
    service; on the birthday, or by accident, not, but for complications of care to their last
    code."""
    check(
        "infant-death",
        """
        id | iin | start            | icd   | identity_kind | setting   | outcome | expect
        a1 | A   | 2026-02-05 09:00 | J18.0 | iin           | visit     |         |
        a2 | A   | 2026-02-10 09:00 | J18.0 | iin           | visit     |         | found
        b1 | B   | 2026-02-10 09:00 | J18.0 | iin           | visit     |         |
        c1 | C   | 2026-02-10 09:00 | J18.0 | iin           | visit     |         |
        d1 | D   | 2026-02-10 09:00 | T81.4 | iin           | visit     |         | found
        f1 | F   | 2026-02-10 09:00 | T88.91 | iin          | visit     |         | found
        g1 | G   | 2026-02-10 09:00 | T90.0 | iin           | visit     |         |
        e1 |     | 2026-02-10 09:00 | P22.0 | newborn       | inpatient | died    | found
        """,
        people=people(
            """
            person | born       | died       | cause
            A      | 2025-02-11 | 2026-02-10 | J18.0
            B      | 2025-02-10 | 2026-02-10 | J18.0
            C      | 2025-08-01 | 2026-02-10 | W80.0
            D      | 2025-08-01 | 2026-02-10 | W80.0
            F      | 2025-08-01 | 2026-02-10 | W80.0
            G      | 2025-08-01 | 2026-02-10 | W80.0
            """
        ),
    )


def test_not_in_contract() -> None:
    """321/2020:50 ¶1: covered by the form's own line or by the code's; the line's last day counts;
    a line that names no code covers the form."""
    check(
        "not-in-contract",
        """
        id | iin | form       | code | funding | start            | expect
        s1 | A   | outpatient | V1   | tmkkk   | 2026-02-10 09:00 |
        s2 | A   | outpatient | V1   | tmkkk   | 2026-02-11 09:00 | found
        s3 | A   | outpatient | V1   | osms    | 2026-02-10 09:00 | found
        s4 | A   | pathology  | V1   | tmkkk   | 2026-02-10 09:00 | found
        s5 | A   | pathology  | V2   | tmkkk   | 2026-02-10 09:00 |
        s6 | A   | blood      | V1   | tmkkk   | 2026-02-10 09:00 |
        s7 | A   | blood      | V1   | tmkkk   | 2026-02-11 09:00 | found
        """,
        contracts=lines(
            """
            contract_no | line | bin | care_form  | funding | service_code | valid_to
            K1          | 1    | P1  | outpatient | tmkkk   | *            | 2026-02-10
            K1          | 2    | P1  | pathology  | tmkkk   | V2           |
            K1          | 3    | P1  | blood      | tmkkk   |              | 2026-02-10
            """
        ),
    )


def test_overpriced() -> None:
    """An outpatient row above the expected amount goes back; one tiyn is within the tolerance."""
    check(
        "overpriced",
        """
        id | iin | start            | amount  | expect
        s1 | A   | 2026-02-10 09:00 | 1000.01 |
        s2 | A   | 2026-02-10 09:00 | 1000.02 | found
        """,
        tariffs=lines("code | kind | price\nV1 | service | 1000.00"),
    )


def test_not_insured() -> None:
    """МӘМС care after the last insured day goes back; emergencies and the guaranteed package do
    not."""
    check(
        "not-insured",
        """
        id | iin | start            | funding | admission | expect
        s1 | A   | 2026-02-10 09:00 | osms    | planned   |
        s2 | A   | 2026-02-11 09:00 | osms    | planned   | found
        s3 | A   | 2026-02-11 09:00 | osms    | emergency |
        s4 | A   | 2026-02-11 09:00 | tmkkk   | planned   |
        """,
        insured=lines("iin | valid_to\nA | 2026-02-10"),
    )
